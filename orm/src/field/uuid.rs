//! UUIDs: `Uuid` in Rust, `uuid` in PostgreSQL, the 36 characters with hyphens in JSON.

use std::borrow::Cow;

use uuid::{Uuid, fmt::Hyphenated};

use crate::{
    Comparable, Error, FieldDef, FieldType, Kind, KindRules, Leaf, LeafFault, Op, PgType, Plain,
    Result, Value, Writable,
};

pub(crate) static RULES: KindRules = KindRules {
    name: "uuid",
    pg_type: PgType::Uuid,
    column_type: |_| Cow::Borrowed("uuid"),
    operators: &[Op::Eq, Op::Ne, Op::In, Op::Nin],
    parse,
    parse_text,
    check,
    read,
    write,
};

impl FieldType for Uuid {
    type Base = Self;
    type Nullable = Option<Self>;
    const KIND: Kind = Kind::Uuid;

    fn take(value: Value) -> Result<Self> {
        match value {
            Value::Uuid(it) => Ok(it),
            _ => Err(Error::broken("a UUID field has a value that is no UUID")),
        }
    }

    fn give(&self) -> Value {
        Value::Uuid(*self)
    }
}

impl Writable for Uuid {}
impl Plain for Uuid {}
impl Comparable for Uuid {}

fn parse(def: &FieldDef, leaf: &Leaf<'_>) -> Result<Value, LeafFault> {
    parse_text(def, leaf.as_string()?)
}

fn parse_text(_: &FieldDef, text: &str) -> Result<Value, LeafFault> {
    // Of the notations that the crate reads, only the one with hyphens has this length.
    let parsed = Uuid::try_parse(text).ok().filter(|_| text.len() == Hyphenated::LENGTH);
    parsed.map(Value::Uuid).ok_or_else(|| LeafFault::new("invalid"))
}

fn check(_: &FieldDef, value: &Value) -> Result<(), LeafFault> {
    match value {
        Value::Uuid(_) => Ok(()),
        other => Err(LeafFault::unlike(other, "string")),
    }
}

fn read(binary: &[u8]) -> Result<Value> {
    Uuid::from_slice(binary)
        .map(Value::Uuid)
        .map_err(|fault| Error::broken("PostgreSQL sent a UUID of another width").because(fault))
}

fn write(binary: &[u8], out: &mut Vec<u8>) {
    write_uuid(out, Uuid::from_slice(binary).expect("PostgreSQL sends a UUID in sixteen bytes"));
}

/// A UUID as JSON.
pub(crate) fn write_uuid(out: &mut Vec<u8>, it: Uuid) {
    out.push(b'"');
    out.extend_from_slice(it.hyphenated().encode_lower(&mut [0; Hyphenated::LENGTH]).as_bytes());
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use crate::json::{any_field, parsed, written};

    const SOME: &str = r#""67e55044-10b1-426f-9247-bb680e5fe0c8""#;

    #[test]
    fn only_the_notation_with_hyphens_is_read() {
        check(SOME, SOME);
        check(&SOME.to_uppercase(), SOME);
        check(&SOME.replace('-', ""), "invalid");
        check(r#""{67e55044-10b1-426f-9247-bb680e5fe0c8}""#, "invalid");
        check(r#""urn:uuid:67e55044-10b1-426f-9247-bb680e5fe0c8""#, "invalid");
        check(r#""67e55044-10b1-426f-9247-bb680e5fe0cg""#, "invalid");
        check(r#""""#, "invalid");
        check("7", "wrong_type expected=string");
        check("null", "required");
    }

    #[test]
    fn a_column_becomes_json() {
        let binary = Uuid::from_u128(0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8).into_bytes();
        assert_eq!(written(&any_field::<Uuid>(), &binary), SOME);
    }

    #[track_caller]
    fn check(json: &str, expected: &str) {
        assert_eq!(parsed(&any_field::<Uuid>(), json), expected);
    }
}
