//! Models with what extensions add to them, as descriptions of the same form: whoever reads a
//! [`ModelDef`] of a schema reads extensions, too.
//!
//! **Invariant:** of two schemas with the same extensions, a model has the same fields in the same
//! order, whatever the order in which extensions were registered.

use std::ops::Range;

use crate::{
    ExtendDef, FieldDef, Kind, ModelDef, SelectionChoice, SelectionDef,
    extension::{AddedChoices, AddedDefault},
    schema::verify::SchemaFault,
};

/// How many fields the framework puts before an author's.
const BEFORE_OWN: usize = 2;

/// A model with its extensions.
pub(crate) struct Extended {
    /// The whole description.
    pub(crate) def: &'static ModelDef,
    /// The extensions, and which of the model's fields are theirs.
    pub(crate) extensions: Vec<(&'static ExtendDef, Range<usize>)>,
}

/// Puts each extension into its model; what does not fit is left out and said.
pub(crate) fn extended(
    defs: &[&'static ModelDef],
    extensions: &[&'static ExtendDef],
) -> (Vec<Extended>, Vec<SchemaFault>) {
    let mut extensions = extensions.to_vec();
    extensions.sort_by_key(|it| (it.krate, it.name));
    let mut faults: Vec<SchemaFault> = Vec::new();
    for it in &extensions {
        let model = (it.model)();
        if !defs.iter().any(|def| is_of(it, def)) {
            let (path, name) = (it.path(), model.name);
            let what = format!(
                "{path} extends {name}, whose module is not listed: list it, or take the extension away"
            );
            faults.push(SchemaFault { model: model.table, field: None, what });
        }
    }
    let models = defs.iter().map(|def| {
        let own: Vec<_> = extensions.iter().copied().filter(|it| is_of(it, def)).collect();
        match own.is_empty() {
            true => Extended { def, extensions: Vec::new() },
            false => Merge::of(def, &mut faults).with(&own),
        }
    });
    (models.collect(), faults)
}

/// By name: a model's description need not have one address.
fn is_of(extension: &ExtendDef, def: &ModelDef) -> bool {
    let model = (extension.model)();
    (model.krate, model.name, model.table) == (def.krate, def.name, def.table)
}

/// One model while extensions are put into it.
struct Merge<'a> {
    base: &'static ModelDef,
    fields: Vec<FieldDef>,
    /// Who declares the field at the same place.
    declared_by: Vec<String>,
    /// Which choices and defaults were added, and by whom: `(field, choice, who)`.
    added_choices: Vec<(&'static str, &'static str, String)>,
    added_defaults: Vec<(&'static str, String)>,
    unique: Vec<&'static [&'static str]>,
    unique_unless_archived: Vec<&'static [&'static str]>,
    faults: &'a mut Vec<SchemaFault>,
}

impl<'a> Merge<'a> {
    fn of(base: &'static ModelDef, faults: &'a mut Vec<SchemaFault>) -> Self {
        Self {
            base,
            fields: base.fields.to_vec(),
            declared_by: vec![format!("{}::{}", base.krate, base.name); base.fields.len()],
            added_choices: Vec::new(),
            added_defaults: Vec::new(),
            unique: base.unique.to_vec(),
            unique_unless_archived: base.unique_unless_archived.to_vec(),
            faults,
        }
    }

    /// The description lives as long as the program, as those that derives emit do: it is made
    /// once for each environment.
    fn with(mut self, extensions: &[&'static ExtendDef]) -> Extended {
        let mut placed = Vec::new();
        for it in extensions {
            let first = BEFORE_OWN + self.fields.len();
            it.fields.iter().for_each(|field| self.field(it, field));
            placed.push((*it, first..BEFORE_OWN + self.fields.len()));
            self.unique.extend(it.unique);
            self.unique_unless_archived.extend(it.unique_unless_archived);
        }
        for it in extensions {
            it.choices.iter().for_each(|added| self.choices(it, added));
            it.defaults.iter().for_each(|added| self.default(it, added));
        }
        let def = ModelDef {
            fields: Vec::leak(self.fields),
            unique: Vec::leak(self.unique),
            unique_unless_archived: Vec::leak(self.unique_unless_archived),
            ..self.base.clone()
        };
        Extended { def: Box::leak(Box::new(def)), extensions: placed }
    }

    fn fault(&mut self, field: &'static str, what: String) {
        self.faults.push(SchemaFault { model: self.base.table, field: Some(field), what });
    }

    /// A field whose names are free.
    fn field(&mut self, by: &ExtendDef, field: &FieldDef) {
        let is_taken = |it: &FieldDef| {
            [it.name, it.key].contains(&field.name) || [it.name, it.key].contains(&field.key)
        };
        if let Some(at) = self.fields.iter().position(is_taken) {
            let (other, path) = (&self.declared_by[at], by.path());
            let what = match self.fields[at].name == field.name {
                true => format!("both {other} and {path} declare it: rename one"),
                false => format!(
                    "{path} declares it, and {other} has `{}` with the key `{}`: rename one",
                    self.fields[at].name, self.fields[at].key,
                ),
            };
            return self.fault(field.name, what);
        }
        let has_value = field.nullable || field.default.is_some() || field.compute.is_some();
        if !has_value && field.has_column() {
            let what = format!(
                "{} adds it as required, and rows that stand have no value for it: make it \
                 optional, or give it a default",
                by.path(),
            );
            self.fault(field.name, what);
        }
        self.fields.push(field.clone());
        self.declared_by.push(by.path());
    }

    /// Choices of an open selection that are not there yet.
    fn choices(&mut self, by: &ExtendDef, added: &AddedChoices) {
        let (name, path) = (added.field, by.path());
        let Some(at) = self.fields.iter().position(|it| it.name == name) else {
            return self.fault(name, format!("{path} adds choices to it, and it is no field"));
        };
        let Kind::Selection(selection) = self.fields[at].kind else {
            return self.fault(name, format!("{path} adds choices to it, and it is no selection"));
        };
        if !selection.is_open {
            let what = format!(
                "{path} adds choices to {}, which is closed: write `#[selection(open)]` above it",
                selection.name,
            );
            return self.fault(name, what);
        }
        let mut choices: Vec<SelectionChoice> = selection.choices.to_vec();
        for it in added.choices {
            if choices.iter().any(|other| other.value == it.value) {
                let is_it = |(field, value, _): &&(&str, &str, String)| {
                    (*field, *value) == (name, it.value)
                };
                let other = self.added_choices.iter().find(is_it);
                let other = other.map_or(&self.declared_by[at], |(_, _, by)| by);
                let what = format!(
                    "the choice `{}` is of both {other} and {path}: give one another `value`",
                    it.value,
                );
                self.fault(name, what);
            } else {
                choices.push(*it);
                self.added_choices.push((name, it.value, path.clone()));
            }
        }
        let choices = Vec::leak(choices);
        let whole = SelectionDef { name: selection.name, choices, is_open: true };
        self.fields[at].kind = Kind::Selection(Box::leak(Box::new(whole)));
    }

    /// A default where there is none.
    fn default(&mut self, by: &ExtendDef, added: &AddedDefault) {
        let (name, path) = (added.field, by.path());
        let Some(at) = self.fields.iter().position(|it| it.name == name) else {
            return self.fault(name, format!("{path} gives it a default, and it is no field"));
        };
        if self.fields[at].default.is_some() {
            let other = self.added_defaults.iter().find(|(field, _)| *field == name);
            let other = other.map_or(&self.declared_by[at], |(_, by)| by);
            let what = format!("both {other} and {path} give it a default: take one away");
            return self.fault(name, what);
        }
        self.fields[at].default = Some(added.value);
        self.added_defaults.push((name, path));
    }
}

#[cfg(test)]
mod tests;
