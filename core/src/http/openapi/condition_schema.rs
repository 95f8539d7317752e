//! Conditions on fields: as parameters of a list, and as the filters of a search.
//!
//! A parameter's schema is shared by all fields of its kind, and so is a condition of a body;
//! a selection has its own, because its values are.

use orm::{FieldDef, Kind, Op, schema::SchemaField};
use serde_json::{Map, Value, json};

use crate::http::openapi::{
    Described, comma_list,
    components::{Components, SCHEMAS},
    schema_ref,
    value_schema::{self, Place},
};

const FILTER: &str = "Several keys are *and*; a plain value is short for `eq`. Every `and`, \
    `or`, `not` and relation is one level, 8 at the most; 200 comparisons at the most.";

/// Moments by name, with an offset or without.
const MOMENT: &str = "@(now|today|start_of_month|start_of_year)([+-][0-9]{1,3}[hdwmy])?";
/// What whoever asks has one of, and what they have several of.
const MACRO: &str = "@(me|my_company)";
const LIST_MACRO: &str = "@(my_companies|my_roles)";

/// Adds `ProductFilter`, and what it and the parameters of the list share with others.
pub(super) fn describe(to: &mut Components, of: &Described<'_>) {
    let own = schema_ref(&of.schema_name("Filter"));
    let list = json!({ "type": "array", "items": own });
    let mut properties = Map::new();
    properties.insert("and".to_owned(), list.clone());
    properties.insert("or".to_owned(), list);
    properties.insert("not".to_owned(), own);
    for field in of.model.columns().filter(|it| !it.def.is_secret()) {
        share(to, field.def);
        properties.insert(field.def.key.to_owned(), in_body(field.def));
    }
    for field in of.model.fields().iter().filter(|it| it.target.is_some()) {
        properties.insert(field.def.name.to_owned(), through(of, field));
    }
    for name in ["FilterPresence", "ConditionPresence"] {
        to.share(name, || operators(&[], |_| Value::Null));
    }
    let filter = json!({
        "type": "object",
        "description": FILTER,
        "properties": properties,
        "additionalProperties": false,
    });
    to.add(SCHEMAS, of.schema_name("Filter"), &of.origin(), filter);
}

/// The schema of the parameter that filters by a column.
pub(super) fn in_query(def: &FieldDef) -> Value {
    match shared_name(def) {
        Some(name) => schema_ref(&format!("Filter{name}")),
        None => parameter(def),
    }
}

fn in_body(def: &FieldDef) -> Value {
    match shared_name(def) {
        Some(name) => schema_ref(&format!("Condition{name}")),
        None => condition(def),
    }
}

fn share(to: &mut Components, def: &FieldDef) {
    let Some(name) = shared_name(def) else { return };
    to.share(&format!("Filter{name}"), || parameter(def));
    to.share(&format!("Condition{name}"), || condition(def));
    if let Some(pattern) = stand_in(def) {
        to.share(&format!("Value{name}"), || json!({ "anyOf": [literal(def), matching(pattern)] }));
    }
}

/// A condition on what is behind a relation.
fn through(of: &Described<'_>, field: &SchemaField) -> Value {
    let target = schema_ref(&format!("{}Filter", of.schema.target(field).def.name));
    if !field.def.kind.is_to_many() {
        return json!({ "anyOf": [target, schema_ref("ConditionPresence")] });
    }
    json!({
        "type": "object",
        "properties": {
            "some": target, "every": target, "none": target, "null": { "type": "boolean" },
        },
        "minProperties": 1,
        "additionalProperties": false,
    })
}

/// Operators as a query string has them, where a list is one text.
fn parameter(def: &FieldDef) -> Value {
    operators(def.kind.rules().operators, |op| match op {
        Op::In | Op::Nin | Op::Between => {
            comma_list::of(op, def, (stand_in(def), list_stand_in(def)))
        }
        _ => single(op, def),
    })
}

/// A plain value or operators; what has no operators has no plain value either.
fn condition(def: &FieldDef) -> Value {
    let of_kind = def.kind.rules().operators;
    let operators = operators(of_kind, |op| match op {
        Op::Between => {
            json!({ "type": "array", "items": operand(def), "minItems": 2, "maxItems": 2 })
        }
        Op::In | Op::Nin => list(def),
        _ => single(op, def),
    });
    if of_kind.is_empty() { operators } else { json!({ "anyOf": [operand(def), operators] }) }
}

/// What an operator on one value takes: a part of a text need not be a value of its field.
fn single(op: Op, def: &FieldDef) -> Value {
    match op {
        Op::Like | Op::Ilike | Op::Starts | Op::Contains => {
            json!({ "type": "string", "pattern": value_schema::WITHOUT_NUL })
        }
        _ => operand(def),
    }
}

/// Values, or what stands for several.
fn list(def: &FieldDef) -> Value {
    let values = json!({ "type": "array", "items": operand(def) });
    match list_stand_in(def) {
        Some(pattern) => json!({ "anyOf": [values, matching(pattern)] }),
        None => values,
    }
}

/// The operators of a kind, and `null`, which every column has.
fn operators(of_kind: &[Op], operand: impl Fn(Op) -> Value) -> Value {
    let mut properties: Map<String, Value> =
        of_kind.iter().map(|op| (op.name().to_owned(), operand(*op))).collect();
    properties.insert("null".to_owned(), json!({ "type": "boolean" }));
    json!({
        "type": "object",
        "properties": properties,
        "minProperties": 1,
        "additionalProperties": false,
    })
}

/// What a field is compared with: a value of its kind, or what stands for one.
fn operand(def: &FieldDef) -> Value {
    match (shared_name(def), stand_in(def)) {
        (Some(name), Some(_)) => schema_ref(&format!("Value{name}")),
        _ => literal(def),
    }
}

/// A value of the field's kind, whatever its author's limits.
fn literal(def: &FieldDef) -> Value {
    match def.kind {
        // 28 digits in all, however many of them are places.
        Kind::Decimal => json!({
            "type": ["string", "number"],
            "pattern": r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,10})?$",
        }),
        Kind::Int8 if is_id(def) => json!({
            "type": "integer", "format": "int64", "minimum": i64::MIN, "maximum": i64::MAX,
        }),
        _ => {
            let loose = FieldDef { min: None, max: None, targets: &[], ..*def };
            value_schema::required(&loose, Place::Body)
        }
    }
}

/// A text that stands for a value which is known when the request runs.
fn stand_in(def: &FieldDef) -> Option<&'static str> {
    match def.kind {
        Kind::Date | Kind::DateTime => Some(MOMENT),
        _ => holds_ids(def).then_some(MACRO),
    }
}

/// A text that stands for several.
fn list_stand_in(def: &FieldDef) -> Option<&'static str> {
    holds_ids(def).then_some(LIST_MACRO)
}

fn matching(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": format!("^{pattern}$") })
}

fn is_id(def: &FieldDef) -> bool {
    def.name == "id"
}

fn holds_ids(def: &FieldDef) -> bool {
    is_id(def) || def.kind.is_to_one()
}

/// The name that the conditions on fields of this kind share.
fn shared_name(def: &FieldDef) -> Option<&'static str> {
    Some(match def.kind {
        Kind::Text => "Text",
        Kind::Int2 => "Integer16",
        Kind::Int4 => "Integer32",
        Kind::Int8 if is_id(def) => "Id",
        Kind::Int8 => "Integer64",
        Kind::Float => "Float",
        Kind::Decimal => "Decimal",
        Kind::Bool => "Boolean",
        Kind::Date => "Date",
        Kind::Time => "Time",
        Kind::DateTime => "DateTime",
        Kind::Uuid => "Uuid",
        Kind::Translated => "Text",
        Kind::Many2One(_) | Kind::One2One(_) | Kind::Asker => "Reference",
        Kind::AnyRecord => "AnyRecord",
        Kind::Json | Kind::Bytes | Kind::Secret | Kind::One2Many(_) | Kind::Many2Many(_) => {
            "Presence"
        }
        Kind::Selection(_) => return None,
    })
}
