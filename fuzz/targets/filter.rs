//! Filters of searches and of rules: whatever is sent is understood or refused, and what was
//! understood is written and read again as the same.

#![no_main]

use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use libfuzzer_sys::fuzz_target;
use orm::{
    Access, Decimal, Judge, Many2Many, Many2One, Model, Outlook, Schema, Scope, Value, Verb, json,
    parse_filter,
    schema::{FieldSet, ModelId},
    write_filter,
};

#[expect(dead_code, reason = "only the description of the model is read")]
#[derive(Debug, Model)]
#[model(table = "users")]
struct User {
    name: String,
}

#[expect(dead_code, reason = "only the description of the model is read")]
#[derive(Debug, Model)]
#[model(table = "notes")]
struct Note {
    title: String,
    #[field(scale = 2)]
    amount: Option<Decimal>,
    level: i32,
    active: bool,
    due: Option<DateTime<Utc>>,
    owner: Option<Many2One<User>>,
    parent: Option<Many2One<Self>>,
    readers: Many2Many<User>,
}

/// Sees everything, and knows the macros of every installation.
struct Everything;

impl Access for Everything {
    fn scope(&self, _: ModelId, _: Verb) -> Scope {
        Scope::All
    }

    fn readable(&self, _: ModelId) -> Option<Arc<FieldSet>> {
        None
    }

    fn writable(&self, _: ModelId) -> Option<Arc<FieldSet>> {
        None
    }

    fn parameter(&self, name: &str) -> Option<Value> {
        match name {
            "me" => Some(Value::Int(1)),
            "my_companies" => Some(Value::List(Vec::new())),
            _ => None,
        }
    }

    fn fingerprint(&self) -> u64 {
        0
    }
}

fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        Schema::of(&[User::def(), Note::def()], Some("users")).expect("the models are sound")
    })
}

fuzz_target!(|text: &str| {
    let schema = schema();
    let model = schema.by_table("notes").expect("it is in the schema");
    let outlook = Outlook { schema, access: &Everything, now: DateTime::UNIX_EPOCH };
    let read = |text: &str| {
        let node = json::parse_node(text).ok()?;
        parse_filter(&mut Judge::of(outlook), model, &node, "/filter").ok()
    };
    let Some(filter) = read(text) else { return };
    let written = write_filter(schema, model, &filter).expect("what was read can be written");
    // Written out in full, a filter at the limits of depth may be beyond them.
    if let Some(again) = read(&written) {
        assert_eq!(again, filter, "{written}");
    }
});
