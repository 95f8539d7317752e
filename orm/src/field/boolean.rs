//! Yes or no: `bool` in Rust, `boolean` in PostgreSQL, `true` or `false` in JSON.

use std::borrow::Cow;

use crate::{
    Comparable, Error, FieldDef, FieldType, Kind, KindRules, Leaf, LeafFault, Op, PgType, Plain,
    Result, Value, Writable,
};

pub(crate) static RULES: KindRules = KindRules {
    name: "boolean",
    pg_type: PgType::Bool,
    column_type: |_| Cow::Borrowed("boolean"),
    operators: &[Op::Eq, Op::Ne, Op::In, Op::Nin],
    parse,
    parse_text,
    check,
    read,
    write,
};

impl FieldType for bool {
    type Base = Self;
    type Nullable = Option<Self>;
    const KIND: Kind = Kind::Bool;

    fn take(value: Value) -> Result<Self> {
        match value {
            Value::Bool(it) => Ok(it),
            _ => Err(Error::broken("a boolean field has a value that is no boolean")),
        }
    }

    fn give(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Writable for bool {}
impl Plain for bool {}
impl Comparable for bool {}

fn parse(_: &FieldDef, leaf: &Leaf<'_>) -> Result<Value, LeafFault> {
    match leaf {
        Leaf::Bool(it) => Ok(Value::Bool(*it)),
        other => Err(other.unlike("boolean")),
    }
}

fn parse_text(_: &FieldDef, text: &str) -> Result<Value, LeafFault> {
    text.parse().map(Value::Bool).map_err(|_| LeafFault::new("invalid"))
}

fn check(_: &FieldDef, value: &Value) -> Result<(), LeafFault> {
    match value {
        Value::Bool(_) => Ok(()),
        other => Err(LeafFault::unlike(other, "boolean")),
    }
}

fn read(binary: &[u8]) -> Result<Value> {
    match binary {
        [it] => Ok(Value::Bool(*it != 0)),
        _ => Err(Error::broken("PostgreSQL sent a boolean of another width")),
    }
}

fn write(binary: &[u8], out: &mut Vec<u8>) {
    let is_true = binary.first().expect("PostgreSQL sends a boolean in one byte") != &0;
    out.extend_from_slice(if is_true { b"true" } else { b"false" });
}

#[cfg(test)]
mod tests {
    use crate::json::{any_field, parsed, parsed_text, written};

    #[test]
    fn only_true_and_false_are_booleans() {
        check("true", "true");
        check("false", "false");
        check("1", "wrong_type expected=boolean");
        check(r#""true""#, "wrong_type expected=boolean");
        check("null", "required");
    }

    #[test]
    fn queries_write_them_out() {
        let def = any_field::<bool>();
        assert_eq!(parsed_text(&def, "true"), "true");
        for text in ["", "1", "yes", "True", " true"] {
            assert_eq!(parsed_text(&def, text), "invalid", "{text}");
        }
    }

    #[test]
    fn a_column_becomes_json() {
        assert_eq!(written(&any_field::<bool>(), &[1]), "true");
        assert_eq!(written(&any_field::<bool>(), &[0]), "false");
    }

    #[track_caller]
    fn check(json: &str, expected: &str) {
        assert_eq!(parsed(&any_field::<bool>(), json), expected);
    }
}
