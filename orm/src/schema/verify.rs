//! Every fault of a set of models, found at start and all at once.
//!
//! The derive finds what one model shows by itself; here stands what needs the others, or the
//! values that only exist at run time.

use std::fmt;

use crate::{
    FieldDef, Kind, ModelDef,
    schema::{SchemaModel, framework},
};

mod behaviours;
mod computed;
mod mentions;
mod names;
mod relations;
mod values;

#[cfg(test)]
mod tests;

/// Something wrong with a model, and its cure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaFault {
    /// The table of the model.
    pub model: &'static str,
    /// The declared name of the field, if it is a field's fault.
    pub field: Option<&'static str>,
    /// What is wrong, and what to write instead.
    pub what: String,
}

/// Finds what is wrong with `defs`; `asker` is the table of those who ask.
pub(crate) fn verify(defs: &[&'static ModelDef], asker: Option<&'static str>) -> Vec<SchemaFault> {
    let mut faults = Faults(Vec::new());
    names::verify(defs, asker, &mut faults);
    for def in defs {
        for field in def.fields {
            values::verify(def, field, &mut faults);
            computed::verify_declared(def, field, &mut faults);
            relations::verify(defs, def, field, &mut faults);
            relations::verify_targets(defs, def, field, &mut faults);
        }
        mentions::verify(def, &mut faults);
        behaviours::verify(def, &mut faults);
        relations::verify_parent(def, &mut faults);
    }
    faults.0
}

/// Finds what is wrong with models that are resolved, and by themselves sound.
pub(crate) fn verify_resolved(models: &[SchemaModel]) -> Vec<SchemaFault> {
    computed::verify(models)
}

/// What was found so far.
struct Faults(Vec<SchemaFault>);

impl Faults {
    fn of_model(&mut self, def: &ModelDef, what: impl Into<String>) {
        self.0.push(SchemaFault { model: def.table, field: None, what: what.into() });
    }

    fn of_field(&mut self, def: &ModelDef, field: &FieldDef, what: impl Into<String>) {
        let field = Some(field.name);
        self.0.push(SchemaFault { model: def.table, field, what: what.into() });
    }
}

/// All fields of a model, the framework's among them.
fn fields(def: &ModelDef) -> impl Iterator<Item = &'static FieldDef> + Clone {
    framework::around(def.fields).map(|(it, _)| it).collect::<Vec<_>>().into_iter()
}

/// Whether rows can be told apart or put in order by the field.
fn is_comparable(field: &FieldDef) -> bool {
    !field.kind.is_to_many() && !matches!(field.kind, Kind::Json)
}

/// Whether an index can hold the field: what each reader sees of a text in several languages is
/// another thing.
fn is_indexable(field: &FieldDef) -> bool {
    is_comparable(field) && !field.is_translated()
}

impl fmt::Display for SchemaFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field {
            Some(field) => write!(f, "{}.{field}: {}", self.model, self.what),
            None => write!(f, "{}: {}", self.model, self.what),
        }
    }
}
