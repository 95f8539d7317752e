//! Bytes: `Vec<u8>` in Rust, `bytea` in PostgreSQL, standard base64 with its padding in JSON.

use std::borrow::Cow;

use base64::{Engine, encoded_len, engine::general_purpose::STANDARD};

use crate::{
    Error, FieldDef, FieldType, Kind, KindRules, Leaf, LeafFault, PgType, Plain, Result, Value,
    Writable,
};

pub(crate) static RULES: KindRules = KindRules {
    name: "bytes",
    pg_type: PgType::Bytea,
    column_type: |_| Cow::Borrowed("bytea"),
    operators: &[],
    parse,
    parse_text,
    check,
    read: |binary| Ok(Value::Bytes(binary.to_vec())),
    write,
};

impl FieldType for Vec<u8> {
    type Base = Self;
    type Nullable = Option<Self>;
    const KIND: Kind = Kind::Bytes;

    fn take(value: Value) -> Result<Self> {
        match value {
            Value::Bytes(it) => Ok(it),
            _ => Err(Error::broken("a bytes field has a value that is no bytes")),
        }
    }

    fn give(&self) -> Value {
        Value::Bytes(self.clone())
    }
}

impl Writable for Vec<u8> {}
impl Plain for Vec<u8> {}

fn parse(def: &FieldDef, leaf: &Leaf<'_>) -> Result<Value, LeafFault> {
    parse_text(def, leaf.as_string()?)
}

fn parse_text(def: &FieldDef, text: &str) -> Result<Value, LeafFault> {
    let bytes = STANDARD.decode(text).map_err(|_| LeafFault::new("invalid"))?;
    check_length(def, &bytes)?;
    Ok(Value::Bytes(bytes))
}

fn check(def: &FieldDef, value: &Value) -> Result<(), LeafFault> {
    match value {
        Value::Bytes(bytes) => check_length(def, bytes),
        other => Err(LeafFault::unlike(other, "string")),
    }
}

fn check_length(def: &FieldDef, bytes: &[u8]) -> Result<(), LeafFault> {
    match def.max.and_then(|max| usize::try_from(max).ok()) {
        Some(max) if bytes.len() > max => Err(LeafFault::new("too_long").with("max", max)),
        _ => Ok(()),
    }
}

/// Bytes as JSON.
pub(crate) fn write(binary: &[u8], out: &mut Vec<u8>) {
    let length = encoded_len(binary.len(), true).expect("a row is far smaller than the memory");
    out.push(b'"');
    let start = out.len();
    out.resize(start + length, 0);
    STANDARD.encode_slice(binary, &mut out[start..]).expect("the room was measured");
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use crate::json::{any_field, parsed, written};

    #[test]
    fn base64_is_read_strictly() {
        check(r#""""#, r#""""#);
        check(r#""AP8=""#, r#""AP8=""#);
        check(r#""+/+/""#, r#""+/+/""#);
        for text in ["AP8", "AP9=", "-_-_", "AP8=\\n", "AP 8=", "===="] {
            check(&format!("\"{text}\""), "invalid");
        }
        check("[0,255]", "wrong_type expected=string");
        check("null", "required");
    }

    #[test]
    fn the_limit_counts_bytes() {
        let mut def = any_field::<Vec<u8>>();
        def.max = Some(2);
        assert_eq!(parsed(&def, r#""AP8=""#), r#""AP8=""#);
        assert_eq!(parsed(&def, r#""AAAA""#), "too_long max=2");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_the_same(bytes in any::<Vec<u8>>()) {
            let def = any_field::<Vec<u8>>();
            let json = written(&def, &bytes);
            prop_assert_eq!(parsed(&def, &json), json);
        }
    }

    #[track_caller]
    fn check(json: &str, expected: &str) {
        assert_eq!(parsed(&any_field::<Vec<u8>>(), json), expected);
    }
}
