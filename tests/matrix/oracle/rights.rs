//! Rights as somebody wrote them down, and what they give.

use std::collections::{BTreeMap, BTreeSet};

use crate::oracle::{Condition, Field, Kind, Table, Verb, table};

/// All rights of an installation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rights {
    /// Names of roles, and what they imply.
    pub(crate) roles: BTreeMap<i64, (String, Vec<i64>)>,
    pub(crate) grants: Vec<Grant>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) fields: Vec<FieldRight>,
    /// The role that everyone has.
    pub(crate) everyone: i64,
}

#[derive(Debug, Clone)]
pub(crate) struct Grant {
    pub(crate) role: i64,
    pub(crate) table: &'static str,
    pub(crate) verbs: [bool; 4],
}

#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) table: &'static str,
    pub(crate) verbs: [bool; 4],
    /// None: everyone's.
    pub(crate) roles: Vec<i64>,
    pub(crate) when: Condition,
    pub(crate) is_active: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct FieldRight {
    pub(crate) table: &'static str,
    pub(crate) field: &'static str,
    pub(crate) read: bool,
    pub(crate) write: bool,
    pub(crate) roles: Vec<i64>,
}

/// Somebody who asks.
#[derive(Debug, Clone)]
pub(crate) struct Asker {
    pub(crate) id: i64,
    pub(crate) login: &'static str,
    pub(crate) is_admin: bool,
    pub(crate) is_blocked: bool,
    /// Those that were given.
    pub(crate) given: Vec<i64>,
    /// Those with all that they imply.
    pub(crate) roles: BTreeSet<i64>,
    pub(crate) company: Option<i64>,
    pub(crate) companies: Vec<i64>,
}

impl Rights {
    /// These roles, all that they imply, and the one of everyone.
    pub(crate) fn closure(&self, given: &[i64]) -> BTreeSet<i64> {
        let mut found = BTreeSet::new();
        let mut waiting: Vec<i64> = given.iter().copied().chain([self.everyone]).collect();
        while let Some(role) = waiting.pop() {
            if found.insert(role) {
                waiting.extend(self.roles.get(&role).map(|it| it.1.clone()).unwrap_or_default());
            }
        }
        found
    }

    /// Whether any grant lets somebody do it with records of a table at all. A part follows the
    /// whole: reading by reading, all else by changing.
    pub(crate) fn allows(&self, who: &Asker, of: &Table, verb: Verb) -> bool {
        if who.is_admin {
            return true;
        }
        if let Some((_, whole)) = of.part_of {
            let verb = if verb == Verb::Read { Verb::Read } else { Verb::Update };
            return self.allows(who, table(whole), verb);
        }
        let has = |verb: Verb| {
            let gives = |it: &Grant| {
                it.table == of.name && it.verbs[verb as usize] && who.roles.contains(&it.role)
            };
            self.grants.iter().any(gives)
        };
        let needs_reading = matches!(verb, Verb::Update | Verb::Delete);
        has(verb) && (!needs_reading || has(Verb::Read))
    }

    /// Whether somebody was granted anything on a table, or on the whole of its parts, be it of
    /// use or not.
    pub(crate) fn grants_any(&self, who: &Asker, of: &Table) -> bool {
        if let Some((_, whole)) = of.part_of {
            return self.grants_any(who, table(whole));
        }
        let gives = |it: &Grant| {
            it.table == of.name && it.verbs.contains(&true) && who.roles.contains(&it.role)
        };
        who.is_admin || self.grants.iter().any(gives)
    }

    /// The rules that are in force for a verb: those of roles, and those of everyone.
    pub(crate) fn rules(&self, of: &Table, verb: Verb) -> (Vec<&Rule>, Vec<&Rule>) {
        let speaks = |it: &&Rule| it.is_active && it.table == of.name && it.verbs[verb as usize];
        self.rules.iter().filter(speaks).partition(|it| !it.roles.is_empty())
    }

    pub(crate) fn reads(&self, who: &Asker, of: &Table, field: &Field) -> bool {
        self.is_open(who, of, field, |it| it.read)
    }

    /// Whether somebody may write a field that can be written at all.
    pub(crate) fn writes(&self, who: &Asker, of: &Table, field: &Field) -> bool {
        !field.is_fixed && self.is_open(who, of, field, |it| it.write)
    }

    fn is_open(
        &self,
        who: &Asker,
        of: &Table,
        field: &Field,
        speaks: fn(&FieldRight) -> bool,
    ) -> bool {
        let opens = |at: &str, name: &str| {
            let about = |it: &&FieldRight| it.table == at && it.field == name && speaks(it);
            let mut rows = self.fields.iter().filter(about).peekable();
            rows.peek().is_none() || rows.any(|it| it.roles.iter().any(|it| who.roles.contains(it)))
        };
        // A relation that two fields speak of is closed with each of them.
        let other = match field.kind {
            Kind::Back(from, key) => Some((from, table(from).field(key).name)),
            Kind::Tags => Some(("tags", "notes")),
            Kind::Tagged => Some(("notes", "tags")),
            _ => None,
        };
        who.is_admin
            || (opens(of.name, field.name) && other.is_none_or(|(at, name)| opens(at, name)))
    }
}
