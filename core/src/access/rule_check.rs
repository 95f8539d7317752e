//! Checks the filter of a rule against the models it walks over, before anyone asks.

use std::collections::BTreeSet;

use orm::{
    FieldDef, Filter, Kind, Op, Operand, Schema, Value,
    schema::{ModelId, SchemaField, SchemaModel},
};

use crate::access::macros::{MacroOf, Macros};

/// The moments that a filter may name; each may carry an offset: `@today-7d`.
const MOMENTS: [&str; 3] = ["today", "now", "start_of_month"];

/// Walks a filter and gathers what is wrong with it.
pub(crate) struct RuleCheck<'a> {
    schema: &'a Schema,
    macros: &'a Macros,
    pub(crate) faults: Vec<String>,
    /// The macros of one value that it names and that may have none, each once.
    scalars: BTreeSet<String>,
    /// The model whose fields are being compared.
    at: Option<ModelId>,
}

/// Where an operand stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// Alone, beside an operator that takes one value.
    Single,
    /// Alone, beside an operator that takes several.
    WholeList,
    /// One of several.
    InList,
}

impl<'a> RuleCheck<'a> {
    pub(crate) fn new(schema: &'a Schema, macros: &'a Macros) -> Self {
        Self { schema, macros, faults: Vec::new(), scalars: BTreeSet::new(), at: None }
    }

    /// A filter that was checked, made false as a whole where a macro in it has no value: also
    /// where it says `not`.
    pub(crate) fn guarded(self, filter: Filter) -> Filter {
        let given = self.scalars.into_iter().map(|name| Filter::Given { name });
        given.fold(filter, Filter::and)
    }

    /// Checks a condition on the rows of a model.
    pub(crate) fn filter(&mut self, filter: &Filter, model: &SchemaModel) {
        match filter {
            Filter::And(list) | Filter::Or(list) => {
                list.iter().for_each(|it| self.filter(it, model));
            }
            Filter::Not(inner) => self.filter(inner, model),
            Filter::Given { name } => {
                if Macros::scalar(name).is_none() {
                    self.faults.push(format!("nothing is called `@{name}`"));
                }
            }
            Filter::Compare { field, op, operand } => {
                self.at = Some(model.id);
                if let Some(field) = self.column(field, model) {
                    self.compare(field, *op, operand);
                }
            }
            Filter::Absent { field } => _ = self.column(field, model),
            Filter::NoRecord { field } => _ = self.relation(field, model, is_relation),
            Filter::Hop { field, inner } => {
                if let Some(target) = self.relation(field, model, Kind::is_to_one) {
                    self.filter(inner, target);
                }
            }
            Filter::Related { field, inner, .. } => {
                if let Some(target) = self.relation(field, model, Kind::is_to_many) {
                    self.filter(inner, target);
                }
            }
        }
    }

    fn field<'m>(&mut self, name: &str, model: &'m SchemaModel) -> Option<&'m SchemaField> {
        let field = model.field(name);
        if field.is_none() {
            self.faults.push(format!("`{}` has no field `{name}`", model.def.table));
        }
        field
    }

    fn column<'m>(&mut self, name: &str, model: &'m SchemaModel) -> Option<&'m SchemaField> {
        let field = self.field(name, model)?;
        if field.has_column() && !field.def.is_secret() {
            return Some(field);
        }
        self.faults.push(format!("`{}.{name}` cannot be compared", model.def.table));
        None
    }

    fn relation(
        &mut self,
        name: &str,
        model: &SchemaModel,
        is_right: fn(&Kind) -> bool,
    ) -> Option<&'a SchemaModel> {
        let field = self.field(name, model)?;
        match field.target {
            Some(target) if is_right(&field.def.kind) => Some(self.schema.model(target)),
            _ => {
                let table = model.def.table;
                self.faults.push(format!("`{table}.{name}` does not lead to records in this way"));
                None
            }
        }
    }

    fn compare(&mut self, field: &SchemaField, op: Op, operand: &Operand) {
        if !field.def.kind.rules().operators.contains(&op) {
            let (name, kind) = (field.def.name, field.def.kind.rules().name);
            self.faults.push(format!("`{name}` is {kind}, which knows no `{}`", op.name()));
            return;
        }
        match operand {
            Operand::List(list) if op.takes_list() => {
                if op == Op::Between && list.len() != 2 {
                    let found = list.len();
                    self.faults.push(format!("`between` takes two values and found {found}"));
                }
                list.iter().for_each(|it| self.operand(field, op, it, Place::InList));
            }
            it => {
                let place = if op.takes_list() { Place::WholeList } else { Place::Single };
                self.operand(field, op, it, place);
            }
        }
    }

    fn operand(&mut self, field: &SchemaField, op: Op, operand: &Operand, place: Place) {
        match operand {
            Operand::Macro(name) => self.macro_named(field, name, place),
            Operand::Value(value) if place != Place::WholeList => self.value(field, op, value),
            Operand::Value(_) | Operand::List(_) => {
                let takes = if op.takes_list() { "a list" } else { "one value" };
                self.faults.push(format!("`{}` takes {takes}", op.name()));
            }
        }
    }

    /// Limits of the field do not bind a rule: only kind and choices do.
    fn value(&mut self, field: &SchemaField, op: Op, value: &Value) {
        let is_pattern = matches!(op, Op::Like | Op::Ilike | Op::Starts | Op::Contains);
        let open = FieldDef { min: None, max: None, scale: None, ..*field.def };
        let is_right = match value {
            Value::Null => false,
            value if is_pattern => value.as_text().is_some(),
            value => (open.kind.rules().check)(&open, value).is_ok(),
        };
        if !is_right {
            let (name, kind) = (field.def.name, field.def.kind.rules().name);
            self.faults.push(format!("`{name}` is {kind} and cannot be compared with {value:?}"));
        }
    }

    fn macro_named(&mut self, field: &SchemaField, name: &str, place: Place) {
        let is_moment = MOMENTS.iter().any(|it| {
            name.strip_prefix(it)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['+', '-']))
        });
        if is_moment {
            if place == Place::WholeList || !matches!(field.def.kind, Kind::Date | Kind::DateTime) {
                self.faults
                    .push(format!("`@{name}` is a moment, and `{}` is none", field.def.name));
            }
            return;
        }
        let (scalar, list) = (Macros::scalar(name), self.macros.list(name));
        match (scalar, list, place) {
            (Some(of), _, Place::Single | Place::InList) => {
                // Whoever asks is always known; a company may be missing.
                if of != MacroOf::Asker {
                    self.scalars.insert(name.to_owned());
                }
                self.ids(field, name, of);
            }
            (_, Some(of), Place::WholeList) => self.ids(field, name, of),
            (Some(_), _, Place::WholeList) => {
                self.faults.push(format!("`@{name}` is one value where a list is wanted"));
            }
            (_, Some(_), _) => {
                self.faults
                    .push(format!("`@{name}` is a list; it stands alone beside `in` or `nin`"));
            }
            (None, None, _) => {
                let known = self.macros.names().join("`, `@");
                self.faults.push(format!("nothing is called `@{name}`; there are `@{known}`"));
            }
        }
    }

    /// Ids are compared with references to the records they are of, or with those records' `id`.
    fn ids(&mut self, field: &SchemaField, name: &str, of: MacroOf) {
        let wanted = match of {
            MacroOf::Asker => self.schema.asker(),
            MacroOf::Collection(table) => self.schema.by_table(table),
        };
        let wanted_id = wanted.map(|it| it.id);
        let is_key = field.def.name == "id" && self.at == wanted_id;
        let is_reference = field.def.kind.is_to_one() && field.target == wanted_id;
        if !is_key && !is_reference {
            let (field, of) = (field.def.name, wanted.map_or("nothing", |it| it.def.table));
            self.faults.push(format!("`@{name}` is of {of}, and `{field}` does not lead there"));
        }
    }
}

fn is_relation(kind: &Kind) -> bool {
    kind.is_to_one() || kind.is_to_many()
}
