//! Any JSON: [`Json`] in Rust, `json` in PostgreSQL, which keeps the text; itself in JSON.
//!
//! **Invariant:** its text obeys the rules of bodies: no key twice, no NUL, at most 64 levels.

use std::borrow::Cow;

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Error, FieldDef, FieldType, Kind, KindRules, Leaf, LeafFault, PgType, Plain, Result, Value,
    Writable,
    field::text,
    json::{parse_node, string},
};

pub(crate) static RULES: KindRules = KindRules {
    name: "json",
    pg_type: PgType::Json,
    column_type: |_| Cow::Borrowed("json"),
    operators: &[],
    parse,
    parse_text,
    check,
    read,
    write: |binary, out| out.extend_from_slice(binary),
};

/// JSON of any shape, as its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json(String);

impl Json {
    /// What a value serializes to.
    ///
    /// # Errors
    /// When it does not: a map whose keys are no texts.
    pub fn of(value: &impl Serialize) -> Result<Self> {
        serde_json::to_string(value)
            .map(Self)
            .map_err(|fault| Error::broken("a value has no JSON").because(fault))
    }

    /// What stands in a text.
    ///
    /// # Errors
    /// When it is no JSON, or breaks the rules of bodies.
    pub fn parse(text: impl Into<String>) -> Result<Self> {
        let text = text.into();
        parse_node(&text)?;
        Ok(Self(text))
    }

    /// The value that it describes.
    ///
    /// # Errors
    /// When it describes another type.
    pub fn get<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(&self.0)
            .map_err(|fault| Error::broken("JSON describes another type").because(fault))
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl FieldType for Json {
    type Base = Self;
    type Nullable = Option<Self>;
    const KIND: Kind = Kind::Json;

    fn take(value: Value) -> Result<Self> {
        match value {
            Value::Json(text) => Ok(Self(text)),
            _ => Err(Error::broken("a JSON field has a value that is no JSON")),
        }
    }

    fn give(&self) -> Value {
        Value::Json(self.0.clone())
    }
}

impl Writable for Json {}
impl Plain for Json {}

/// A leaf of a body was read under the rules of bodies already.
fn parse(_: &FieldDef, leaf: &Leaf<'_>) -> Result<Value, LeafFault> {
    Ok(Value::Json(match leaf {
        Leaf::Null => return Err(LeafFault::new("required")),
        Leaf::Bool(it) => it.to_string(),
        Leaf::Number(text) | Leaf::Nested(text) => (*text).to_owned(),
        Leaf::Text(text) => {
            let mut json = Vec::with_capacity(text.len() + 2);
            string(&mut json, text);
            String::from_utf8(json).expect("a text stays UTF-8 when it is escaped")
        }
    }))
}

fn parse_text(_: &FieldDef, text: &str) -> Result<Value, LeafFault> {
    check_text(text)?;
    Ok(Value::Json(text.to_owned()))
}

fn check(_: &FieldDef, value: &Value) -> Result<(), LeafFault> {
    match value {
        Value::Json(text) => check_text(text),
        other => Err(LeafFault::unlike(other, "json")),
    }
}

fn check_text(text: &str) -> Result<(), LeafFault> {
    parse_node(text).map(drop).map_err(|_| LeafFault::new("invalid"))
}

fn read(binary: &[u8]) -> Result<Value> {
    match text::read(binary)? {
        Value::Text(text) => Ok(Value::Json(text)),
        other => Ok(other),
    }
}

#[cfg(test)]
mod tests {
    use super::Json;
    use crate::{
        FieldType, Value,
        json::{any_field, checked, parsed, written},
    };

    #[test]
    fn the_text_is_kept() {
        for json in [r#"{"b": 1.50, "a" :[ 1e400 ]}"#, "[1,  2]", "1.50", "true", r#""a\nb""#] {
            check(json, json);
        }
        check("null", "required");
    }

    #[test]
    fn json_of_rust_obeys_the_rules_of_bodies() {
        let checked = |text: &str| checked(&any_field::<Json>(), &Value::Json(text.to_owned()));
        assert_eq!(checked("[1]"), "[1]");
        for text in ["", "{", r#"{"a":1,"a":2}"#, r#""\u0000""#, &"[".repeat(65), "1 2"] {
            assert_eq!(checked(text), "invalid", "{text}");
        }
        let deep = format!("{}{}", "[".repeat(65), "]".repeat(65));
        assert_eq!(checked(&deep), "invalid");
    }

    #[test]
    fn values_go_in_and_come_out() {
        let json = Json::of(&vec![Some("a"), None]).unwrap();
        assert_eq!(json.text(), r#"["a",null]"#);
        assert_eq!(json.get::<Vec<Option<String>>>().unwrap(), [Some("a".to_owned()), None]);
        assert_eq!(json.get::<bool>().unwrap_err().to_string(), "JSON describes another type");
        assert_eq!(Json::take(json.give()).unwrap(), json);
    }

    #[test]
    fn a_column_is_passed_on() {
        assert_eq!(written(&any_field::<Json>(), b"{ \"a\" : 1.0 }"), "{ \"a\" : 1.0 }");
    }

    #[track_caller]
    fn check(json: &str, expected: &str) {
        assert_eq!(parsed(&any_field::<Json>(), json), expected);
    }
}
