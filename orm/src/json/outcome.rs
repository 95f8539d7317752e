//! For tests: what the rules of a kind make of something, as one line.

use std::fmt::Write;

use crate::{
    FieldDef, FieldType, KindRules, LeafFault, Value,
    field::FieldNames,
    json::{field, parse_node, value},
};

/// A field of type `T` without limits.
pub(crate) fn any_field<T: FieldType>() -> FieldDef {
    let names = FieldNames { name: "it", one: "it_id", many: "it_ids", any: "it_ref" };
    FieldDef::of::<T>(names)
}

/// What a field makes of a JSON text: a value's own JSON, or the fault with its parameters.
#[track_caller]
pub(crate) fn parsed(def: &FieldDef, json: &str) -> String {
    let node = parse_node(json).expect("a test gives readable JSON");
    outcome((rules(def).parse)(def, &node.as_leaf()))
}

/// What a field makes of a text of a query string.
pub(crate) fn parsed_text(def: &FieldDef, text: &str) -> String {
    outcome((rules(def).parse_text)(def, text))
}

/// What a field says to a value from Rust: its JSON when it may pass.
pub(crate) fn checked(def: &FieldDef, it: &Value) -> String {
    outcome((rules(def).check)(def, it).map(|()| it.clone()))
}

/// The JSON of a value in PostgreSQL's binary format; asserts that reading it gives the same.
#[track_caller]
pub(crate) fn written(def: &FieldDef, binary: &[u8]) -> String {
    let mut out = Vec::new();
    (rules(def).write)(binary, &mut out);
    let written = String::from_utf8(out).expect("JSON is UTF-8");
    let mut out = Vec::new();
    match (rules(def).read)(binary) {
        Ok(it) => field(&mut out, def, &it),
        Err(fault) => return format!("{written} but {fault}"),
    }
    assert_eq!(String::from_utf8(out).expect("JSON is UTF-8"), written, "read, then written");
    written
}

fn rules(def: &FieldDef) -> &'static KindRules {
    def.kind.rules()
}

fn outcome(result: Result<Value, LeafFault>) -> String {
    match result {
        Ok(it) => {
            let mut out = Vec::new();
            value(&mut out, &it);
            String::from_utf8(out).expect("JSON is UTF-8")
        }
        Err(fault) => fault.params.iter().fold(fault.code.to_owned(), |mut line, (name, it)| {
            write!(line, " {name}={it}").expect("a String takes every text");
            line
        }),
    }
}
