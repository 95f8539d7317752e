//! What a request names, and how it is refused when that is closed.

use crate::oracle::{Condition, Eyes, Field, Table, Verb, table};

/// The answer to a request that may not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No right to a model.
    Model,
    /// No right to a field.
    Field,
}

/// What was named so far and is closed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Named {
    has_closed_model: bool,
    has_closed_field: bool,
}

impl Named {
    /// The model is asked of.
    pub(crate) fn model(mut self, eyes: &Eyes<'_>, of: &Table, verb: Verb) -> Self {
        self.has_closed_model |= !eyes.rights.allows(eyes.who, of, verb);
        self
    }

    /// A field is read.
    pub(crate) fn field(mut self, eyes: &Eyes<'_>, of: &Table, field: &Field) -> Self {
        self.has_closed_field |= !eyes.rights.reads(eyes.who, of, field);
        self
    }

    /// A field is written.
    pub(crate) fn written(mut self, eyes: &Eyes<'_>, of: &Table, field: &Field) -> Self {
        self.has_closed_field |= !eyes.rights.writes(eyes.who, of, field);
        self
    }

    /// A relation is read, and the records behind it.
    pub(crate) fn relation(self, eyes: &Eyes<'_>, of: &Table, field: &Field) -> Self {
        let is_open = eyes.rights.reads(eyes.who, of, field);
        let named = self.field(eyes, of, field);
        match field.kind.target() {
            // What lies behind a closed field is not looked at.
            Some(target) if is_open => named.model(eyes, table(target), Verb::Read),
            _ => named,
        }
    }

    /// A field is given out; with to-many ones, so are the ids of records behind it.
    pub(crate) fn given(self, eyes: &Eyes<'_>, of: &Table, field: &Field) -> Self {
        match field.kind.is_to_many() {
            true => self.relation(eyes, of, field),
            false => self.field(eyes, of, field),
        }
    }

    /// A path with dots: references, and a field at its end.
    pub(crate) fn path(self, eyes: &Eyes<'_>, of: &Table, path: &str) -> Self {
        let Some((first, rest)) = path.split_once('.') else {
            return self.field(eyes, of, of.field(path));
        };
        let field = of.field(first);
        let named = self.relation(eyes, of, field);
        match field.kind.target() {
            Some(target) if eyes.rights.reads(eyes.who, of, field) => {
                named.path(eyes, table(target), rest)
            }
            _ => named,
        }
    }

    /// Everything that a filter names.
    pub(crate) fn filter(self, eyes: &Eyes<'_>, of: &Table, filter: &Condition) -> Self {
        match filter {
            Condition::All(list) | Condition::Any(list) => {
                list.iter().fold(self, |named, it| named.filter(eyes, of, it))
            }
            Condition::Not(it) => self.filter(eyes, of, it),
            Condition::Compare { key, .. } | Condition::Absent { key, .. } => {
                self.field(eyes, of, of.field(key))
            }
            Condition::NoRecord { field, .. } => self.relation(eyes, of, of.field(field)),
            Condition::Behind { field, inner } | Condition::Among { field, inner, .. } => {
                let field = of.field(field);
                let named = self.relation(eyes, of, field);
                match field.kind.target() {
                    Some(target) if eyes.rights.reads(eyes.who, of, field) => {
                        named.filter(eyes, table(target), inner)
                    }
                    _ => named,
                }
            }
        }
    }

    /// Models first, then fields.
    pub(crate) fn refusal(self) -> Option<Refusal> {
        match (self.has_closed_model, self.has_closed_field) {
            (true, _) => Some(Refusal::Model),
            (false, true) => Some(Refusal::Field),
            (false, false) => None,
        }
    }
}
