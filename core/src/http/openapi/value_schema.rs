//! The values of fields as JSON Schema, one shape a kind.

use std::ops::RangeInclusive;

use orm::{FieldDef, Kind};
use serde_json::{Value, json};

use crate::http::openapi::link_schema;

/// The digits of a decimal.
const DIGITS_MAX: u32 = 28;

/// PostgreSQL has no place for NUL.
pub(super) const WITHOUT_NUL: &str = r"^[^\u0000]*$";

/// What a time of day looks like. Its format is that of the OpenAPI registry: JSON Schema's
/// `time` demands a zone.
const TIME: &str = r"^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?$";

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In an answer.
    Answer,
    /// In a body: decimals are taken as numbers too.
    Body,
    /// In the body of a new record.
    New,
    /// Among the defaults of a new record: as its author wrote it.
    Defaults,
}

/// The schema of the field's values.
pub(super) fn of(def: &FieldDef, place: Place) -> Value {
    let schema = required(def, place);
    if def.nullable { or_null(schema) } else { schema }
}

/// The same for a field that must be there.
pub(super) fn required(def: &FieldDef, place: Place) -> Value {
    match def.kind {
        Kind::Text | Kind::Translated => limited(text(place), [("maxLength", def.max)]),
        Kind::Int2 => integer(def, "int16", i16::MIN.into()..=i16::MAX.into()),
        Kind::Int4 => integer(def, "int32", i32::MIN.into()..=i32::MAX.into()),
        Kind::Int8 if def.name == "id" => id(),
        Kind::Int8 => integer(def, "int64", i64::MIN..=i64::MAX),
        Kind::Float => with_range(json!({ "type": "number", "format": "double" }), def),
        Kind::Decimal => decimal(def, place),
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::Time => json!({ "type": "string", "format": "time-local", "pattern": TIME }),
        Kind::DateTime => json!({ "type": "string", "format": "date-time" }),
        Kind::Uuid => json!({ "type": "string", "format": "uuid" }),
        Kind::Bytes => json!({ "type": "string", "contentEncoding": "base64" }),
        Kind::Selection(it) => {
            let values: Vec<_> = it.choices.iter().map(|it| it.value).collect();
            json!({ "type": "string", "enum": values })
        }
        Kind::Secret => {
            let text = json!({ "type": "string", "writeOnly": true, "pattern": WITHOUT_NUL });
            limited(text, [("maxLength", Some(1024))])
        }
        Kind::Many2One(_) | Kind::One2One(_) | Kind::Asker => id(),
        Kind::AnyRecord => any_record(def, place),
        // Any but null, which stands for an absent one.
        Kind::Json => json!({ "type": ["array", "boolean", "number", "object", "string"] }),
        Kind::One2Many(_) | Kind::Many2Many(_) => match place {
            Place::Answer | Place::Defaults => link_schema::answered(),
            Place::Body => link_schema::changed(),
            Place::New => link_schema::new(),
        },
    }
}

/// What begins a value that leads to a record of any model, and the number behind it.
pub(super) const ANY_COLLECTION: &str = "[a-z][a-z0-9_]{0,62}";
pub(super) const ANY_ID: &str = "/[1-9][0-9]{0,17}";

/// What stands may be older than the models that its author allows.
fn any_record(def: &FieldDef, place: Place) -> Value {
    let models = match place {
        Place::Body | Place::New if !def.targets.is_empty() => {
            format!("({})", def.targets.join("|"))
        }
        _ => ANY_COLLECTION.to_owned(),
    };
    json!({ "type": "string", "pattern": format!("^{models}{ANY_ID}$") })
}

fn text(place: Place) -> Value {
    match place {
        Place::Answer | Place::Defaults => json!({ "type": "string" }),
        Place::Body | Place::New => json!({ "type": "string", "pattern": WITHOUT_NUL }),
    }
}

/// The key of a record.
pub(super) fn id() -> Value {
    json!({ "type": "integer", "format": "int64", "minimum": 1, "maximum": i64::MAX })
}

/// The same or `null`.
pub(super) fn or_null(mut schema: Value) -> Value {
    let types = match schema["type"].take() {
        Value::Array(mut types) => {
            types.push(json!("null"));
            types
        }
        single => vec![single, json!("null")],
    };
    schema["type"] = Value::Array(types);
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.push(Value::Null);
    }
    schema
}

fn integer(def: &FieldDef, format: &str, width: RangeInclusive<i64>) -> Value {
    json!({
        "type": "integer",
        "format": format,
        "minimum": def.min.unwrap_or(*width.start()),
        "maximum": def.max.unwrap_or(*width.end()),
    })
}

/// Given out with all its places; taken with fewer, and as a number too. Limits speak of the
/// number, which is all that JSON Schema has for them.
fn decimal(def: &FieldDef, place: Place) -> Value {
    let places = def.scale.unwrap_or(0);
    let whole = match DIGITS_MAX.saturating_sub(places) {
        0 | 1 => "(0|[1-9])".to_owned(),
        digits => format!("(0|[1-9][0-9]{{0,{}}})", digits - 1),
    };
    let fraction = match (places, place) {
        (0, _) => String::new(),
        (_, Place::Answer) => format!(r"\.[0-9]{{{places}}}"),
        (_, Place::Body | Place::New | Place::Defaults) => format!(r"(\.[0-9]{{1,{places}}})?"),
    };
    let pattern = format!("^-?{whole}{fraction}$");
    match place {
        Place::Answer | Place::Defaults => json!({ "type": "string", "pattern": pattern }),
        Place::Body | Place::New => {
            with_range(json!({ "type": ["string", "number"], "pattern": pattern }), def)
        }
    }
}

fn with_range(schema: Value, def: &FieldDef) -> Value {
    limited(schema, [("minimum", def.min), ("maximum", def.max)])
}

fn limited<const N: usize>(mut schema: Value, limits: [(&str, Option<i64>); N]) -> Value {
    for (name, limit) in limits {
        if let Some(limit) = limit {
            schema[name] = json!(limit);
        }
    }
    schema
}
