//! What rules may name of the asker: `@me`, their companies, their roles, and what modules add.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use orm::{
    Access, Filter, Judge, ModelDef, Outlook, Schema, Scope, Value, Verb, Violation, json,
    parse_filter,
    schema::{FieldSet, ModelId, SchemaModel},
};

use crate::access::rule_check::RuleCheck;

/// What the ids of a macro are ids of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MacroOf {
    /// Whoever asks.
    Asker,
    /// Records of the model with this table.
    Collection(&'static str),
}

/// The records that lead to the asker: `@my_teams`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ListMacro {
    pub(crate) module: &'static str,
    /// Without its `@`.
    pub(crate) name: &'static str,
    /// The model of the records.
    pub(crate) model: &'static ModelDef,
    /// The field of theirs that leads to those who ask.
    pub(crate) field: &'static str,
}

/// All macros of an installation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Macros {
    pub(crate) lists: Vec<ListMacro>,
}

/// The macros of one value that every installation has.
const SCALARS: [(&str, MacroOf); 2] =
    [("me", MacroOf::Asker), ("my_company", MacroOf::Collection("companies"))];

/// The macros of several values that every installation has; each stands alone beside `in` or
/// `nin`.
const LISTS: [(&str, MacroOf); 2] = [
    ("my_companies", MacroOf::Collection("companies")),
    ("my_roles", MacroOf::Collection("roles")),
];

impl Macros {
    /// What a macro of one value is of.
    pub(crate) fn scalar(name: &str) -> Option<MacroOf> {
        SCALARS.iter().find(|it| it.0 == name).map(|it| it.1)
    }

    /// What a macro of several values is of.
    pub(crate) fn list(&self, name: &str) -> Option<MacroOf> {
        let own = LISTS.iter().find(|it| it.0 == name).map(|it| it.1);
        let added = || self.lists.iter().find(|it| it.name == name);
        own.or_else(|| added().map(|it| MacroOf::Collection(it.model.table)))
    }

    /// The names of all of them, without moments.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        let own = SCALARS.iter().chain(&LISTS).map(|it| it.0);
        own.chain(self.lists.iter().map(|it| it.name)).collect()
    }

    /// The filter of a rule on `model`; false as a whole when a macro in it has no value, also
    /// where it says `not`.
    ///
    /// # Errors
    /// That of the filter at `/filter`, or of a macro that does not belong there.
    pub(crate) fn rule(
        &self,
        schema: &Schema,
        model: &SchemaModel,
        text: &str,
    ) -> orm::Result<Filter> {
        let author = Author { macros: self };
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let mut judge = Judge::of(Outlook { schema, access: &author, now });
        let node = json::parse_node(text)?;
        let filter = parse_filter(&mut judge, model, &node, "/filter")?;
        let mut check = RuleCheck::new(schema, self);
        check.filter(&filter, model);
        match check.faults.first() {
            Some(fault) => {
                let violation = Violation::at_pointer("/filter", "bad_filter");
                let violation = violation.with("reason", "rule").with("found", fault);
                Err(orm::Error::bad_query(violation))
            }
            None => Ok(check.guarded(filter)),
        }
    }
}

/// Whoever writes a rule: sees all that a rule may name.
struct Author<'a> {
    macros: &'a Macros,
}

impl Access for Author<'_> {
    fn scope(&self, _: ModelId, _: Verb) -> Scope {
        Scope::All
    }

    fn readable(&self, _: ModelId) -> Option<Arc<FieldSet>> {
        None
    }

    fn writable(&self, _: ModelId) -> Option<Arc<FieldSet>> {
        None
    }

    /// Only whether it is one value or several counts here.
    fn parameter(&self, name: &str) -> Option<Value> {
        match (Macros::scalar(name), self.macros.list(name)) {
            (Some(_), _) => Some(Value::Int(0)),
            (None, Some(_)) => Some(Value::List(Vec::new())),
            (None, None) => None,
        }
    }

    fn fingerprint(&self) -> u64 {
        0
    }
}
