//! Text: `String` in Rust, `text` in PostgreSQL, a string in JSON.
//!
//! A limit of characters is checked here and by a constraint of the table; `varchar(n)` would
//! only make it dearer to raise.

use std::borrow::Cow;

use crate::{
    Assign, Comparable, Error, FieldDef, FieldType, Kind, KindRules, Leaf, LeafFault, Op, Ordered,
    PgType, Plain, Result, Textual, Value, Writable, json,
};

pub(crate) static RULES: KindRules = KindRules {
    name: "text",
    pg_type: PgType::Text,
    column_type: |_| Cow::Borrowed("text"),
    operators: &Op::ALL,
    parse,
    parse_text,
    check,
    read,
    write,
};

impl FieldType for String {
    type Base = Self;
    type Nullable = Option<Self>;
    const KIND: Kind = Kind::Text;

    fn take(value: Value) -> Result<Self> {
        match value {
            Value::Text(text) => Ok(text),
            _ => Err(Error::broken("a text field has a value that is no text")),
        }
    }

    fn give(&self) -> Value {
        Value::Text(self.clone())
    }
}

impl Writable for String {}
impl Plain for String {}
impl Comparable for String {}
impl Ordered for String {}
impl Textual for String {}

impl Assign<String> for &str {
    fn value(self) -> Value {
        Value::Text(self.to_owned())
    }
}

impl Assign<Option<String>> for &str {
    fn value(self) -> Value {
        Value::Text(self.to_owned())
    }
}

pub(crate) fn parse(def: &FieldDef, leaf: &Leaf<'_>) -> Result<Value, LeafFault> {
    parse_text(def, leaf.as_string()?)
}

pub(crate) fn parse_text(def: &FieldDef, text: &str) -> Result<Value, LeafFault> {
    check_text(def, text)?;
    Ok(Value::Text(text.to_owned()))
}

fn check(def: &FieldDef, value: &Value) -> Result<(), LeafFault> {
    match value {
        Value::Text(text) => check_text(def, text),
        other => Err(LeafFault::unlike(other, "string")),
    }
}

pub(crate) fn check_text(def: &FieldDef, text: &str) -> Result<(), LeafFault> {
    if text.contains('\0') {
        return Err(LeafFault::new("invalid"));
    }
    match def.max.and_then(|max| usize::try_from(max).ok()) {
        // A text has at least as many bytes as characters: most are not counted.
        Some(max) if text.len() > max && text.chars().count() > max => {
            Err(LeafFault::new("too_long").with("max", max))
        }
        _ => Ok(()),
    }
}

pub(crate) fn read(binary: &[u8]) -> Result<Value> {
    str::from_utf8(binary)
        .map(|it| Value::Text(it.to_owned()))
        .map_err(|fault| Error::broken("PostgreSQL sent a text that is not UTF-8").because(fault))
}

pub(crate) fn write(binary: &[u8], out: &mut Vec<u8>) {
    json::string_bytes(out, binary);
}

#[cfg(test)]
mod tests {
    use crate::{
        Value,
        json::{any_field, checked, parsed, written},
    };

    #[test]
    fn the_limit_counts_characters() {
        check(r#""""#, r#""""#);
        check(r#""лампа""#, r#""лампа""#);
        check(r#""lamps!""#, "too_long max=5");
        check(&format!("\"{}\"", "x".repeat(1 << 20)), "too_long max=5");
    }

    #[test]
    fn only_strings_are_texts() {
        for json in ["1", "true", "[]", r#"{"a":1}"#] {
            check(json, "wrong_type expected=string");
        }
        check("null", "required");
    }

    #[test]
    fn odd_characters_are_kept_and_nul_is_refused() {
        check("\"\u{202e}a\u{200b}\"", "\"\u{202e}a\u{200b}\"");
        let def = any_field::<String>();
        assert_eq!(checked(&def, &Value::Text("a\0".into())), "invalid");
    }

    #[test]
    fn a_column_becomes_json() {
        assert_eq!(written(&any_field::<String>(), b"a \"b\""), r#""a \"b\"""#);
    }

    #[track_caller]
    fn check(json: &str, expected: &str) {
        let mut def = any_field::<String>();
        def.max = Some(5);
        assert_eq!(parsed(&def, json), expected);
    }
}
