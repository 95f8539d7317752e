//! The rows that somebody may see, and those that they may do something with.

use crate::oracle::{
    Asker, Cell, Condition, Facts, Kind, Op, Operand, Quantifier, Rights, Table, Verb, table,
};

/// Somebody who looks at the rows.
#[derive(Clone, Copy)]
pub(crate) struct Eyes<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) rights: &'a Rights,
    pub(crate) who: &'a Asker,
}

/// What lies behind a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// All that there is: what rules see.
    Raw,
    /// What one may read.
    Own,
}

impl Eyes<'_> {
    /// The rows of a table that may be read.
    pub(crate) fn visible(&self, of: &Table) -> Vec<i64> {
        let mut ids = self.facts.ids(of.name);
        ids.retain(|it| self.may(of, Verb::Read, *it));
        ids
    }

    /// The visible rows that pass.
    pub(crate) fn found(&self, of: &Table, filter: &Condition) -> Vec<i64> {
        let mut ids = self.visible(of);
        ids.retain(|it| self.passes(of, Some(*it), filter, Sight::Own));
        ids
    }

    /// Whether a row is there and one may do it with that row: by grant and by rule.
    pub(crate) fn may(&self, of: &Table, verb: Verb, id: i64) -> bool {
        if !self.facts.has(of.name, id) || !self.rights.allows(self.who, of, verb) {
            return false;
        }
        if let Some((key, whole)) = of.part_of {
            let verb = if verb == Verb::Read { Verb::Read } else { Verb::Update };
            let parent = self.facts.cell(of.name, Some(id), key).int();
            return parent.is_some_and(|it| self.may(table(whole), verb, it));
        }
        if self.who.is_admin && !of.is_private {
            return true;
        }
        let (of_roles, of_everyone) = self.rights.rules(of, verb);
        let own = |roles: &[i64]| roles.iter().any(|it| self.who.roles.contains(it));
        let follows = |when: &Condition| {
            let is_given = self.who.company.is_some() || !when.names("my_company");
            is_given && self.passes(of, Some(id), when, Sight::Raw)
        };
        let by_role =
            of_roles.is_empty() || of_roles.iter().any(|it| own(&it.roles) && follows(&it.when));
        by_role && of_everyone.iter().all(|it| follows(&it.when))
    }

    /// Whether a row passes; no row is one of absent values.
    pub(crate) fn passes(
        &self,
        of: &Table,
        row: Option<i64>,
        when: &Condition,
        sight: Sight,
    ) -> bool {
        match when {
            Condition::All(list) => list.iter().all(|it| self.passes(of, row, it, sight)),
            Condition::Any(list) => list.iter().any(|it| self.passes(of, row, it, sight)),
            Condition::Not(it) => !self.passes(of, row, it, sight),
            Condition::Compare { key, op, with } => {
                self.compares(&self.facts.cell(of.name, row, key), *op, with)
            }
            Condition::Absent { key, is_absent } => {
                (self.facts.cell(of.name, row, key) == Cell::Absent) == *is_absent
            }
            Condition::NoRecord { field, is_none } => {
                self.behind(of, row, field, sight).is_empty() == *is_none
            }
            Condition::Behind { field, inner } => {
                let target = table(of.field(field).kind.target().expect("a relation leads on"));
                let record = self.behind(of, row, field, sight).first().copied();
                self.passes(target, record, inner, sight)
            }
            Condition::Among { field, how, inner } => {
                let target = table(of.field(field).kind.target().expect("a relation leads on"));
                let passes = |it: &i64| self.passes(target, Some(*it), inner, sight);
                let records = self.behind(of, row, field, sight);
                match how {
                    Quantifier::Some => records.iter().any(passes),
                    Quantifier::Every => records.iter().all(passes),
                    Quantifier::None => !records.iter().any(passes),
                }
            }
        }
    }

    /// The records behind a relation of a row, by id.
    pub(crate) fn behind(
        &self,
        of: &Table,
        row: Option<i64>,
        field: &str,
        sight: Sight,
    ) -> Vec<i64> {
        let Some(id) = row else { return Vec::new() };
        let field = of.field(field);
        let mut records: Vec<i64> = match field.kind {
            Kind::One(_) => self.facts.cell(of.name, row, field.key).int().into_iter().collect(),
            Kind::Back(from, key) => {
                let mut all = self.facts.ids(from);
                all.retain(|it| self.facts.cell(from, Some(*it), key) == Cell::Int(id));
                all
            }
            Kind::Tags => self.facts.tagged.iter().filter(|it| it.0 == id).map(|it| it.1).collect(),
            Kind::Tagged => {
                self.facts.tagged.iter().filter(|it| it.1 == id).map(|it| it.0).collect()
            }
            other => panic!("{other:?} leads nowhere"),
        };
        let target = table(field.kind.target().expect("a relation leads on"));
        records.retain(|it| sight == Sight::Raw || self.may(target, Verb::Read, *it));
        records.sort_unstable();
        records
    }

    /// Two values: with an absent one on either side only the opposites hold.
    fn compares(&self, cell: &Cell, op: Op, with: &Operand) -> bool {
        match op {
            Op::Ne => return !self.compares(cell, Op::Eq, with),
            Op::Nin => return !self.compares(cell, Op::In, with),
            _ => {}
        }
        let many = self.values(with);
        if *cell == Cell::Absent || many.contains(&Cell::Absent) && op != Op::In {
            return false;
        }
        let one = many.first();
        let text = |test: fn(&str, &str) -> bool| match (cell, one) {
            (Cell::Text(a), Some(Cell::Text(b))) => test(a, b),
            other => panic!("{op:?} of {other:?}"),
        };
        match op {
            Op::Eq => one == Some(cell),
            Op::Lt => one.is_some_and(|it| cell < it),
            Op::Lte => one.is_some_and(|it| cell <= it),
            Op::Gt => one.is_some_and(|it| cell > it),
            Op::Gte => one.is_some_and(|it| cell >= it),
            Op::In => many.contains(cell),
            Op::Between => many[0] <= *cell && *cell <= many[1],
            Op::Starts => text(|a, b| a.starts_with(b)),
            Op::Contains => text(|a, b| a.contains(b)),
            Op::Ilike => text(|a, b| a.to_lowercase() == b.to_lowercase()),
            Op::Ne | Op::Nin => unreachable!("answered by their opposites"),
        }
    }

    fn values(&self, with: &Operand) -> Vec<Cell> {
        let who = self.who;
        let ids = |it: &mut dyn Iterator<Item = i64>| it.map(Cell::Int).collect();
        match with {
            Operand::Cell(it) => vec![it.clone()],
            Operand::Cells(it) => it.clone(),
            Operand::Macro("me") => vec![Cell::Int(who.id)],
            Operand::Macro("my_company") => vec![who.company.map_or(Cell::Absent, Cell::Int)],
            Operand::Macros("my_companies") => {
                ids(&mut who.companies.iter().copied().chain(who.company))
            }
            Operand::Macros("my_roles") => ids(&mut who.roles.iter().copied()),
            other => panic!("nothing is called {other:?}"),
        }
    }
}
