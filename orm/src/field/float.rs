//! Floats: `f64` in Rust, `double precision` in PostgreSQL, a number in JSON. Finite only.

use std::borrow::Cow;

use crate::{
    Comparable, Error, FieldDef, FieldType, Kind, KindRules, Leaf, LeafFault, Ordered, PgType,
    Plain, Result, Value, Writable,
    field::integer::ORDER_OPERATORS,
    json::{self, is_number},
};

pub(crate) static RULES: KindRules = KindRules {
    name: "float",
    pg_type: PgType::Float8,
    column_type: |_| Cow::Borrowed("double precision"),
    operators: ORDER_OPERATORS,
    parse,
    parse_text,
    check,
    read,
    write,
};

impl FieldType for f64 {
    type Base = Self;
    type Nullable = Option<Self>;
    const KIND: Kind = Kind::Float;

    fn take(value: Value) -> Result<Self> {
        match value {
            Value::Float(it) => Ok(it),
            _ => Err(Error::broken("a float field has a value that is no float")),
        }
    }

    fn give(&self) -> Value {
        Value::Float(*self)
    }
}

impl Writable for f64 {}
impl Plain for f64 {}
impl Comparable for f64 {}
impl Ordered for f64 {}

fn parse(def: &FieldDef, leaf: &Leaf<'_>) -> Result<Value, LeafFault> {
    parse_text(def, leaf.as_number()?)
}

fn parse_text(def: &FieldDef, text: &str) -> Result<Value, LeafFault> {
    // Rust also reads `inf`, `+1` and `.5`, which JSON does not.
    let number = is_number(text).then(|| text.parse().ok()).flatten();
    let value = number.map(Value::Float).ok_or_else(|| LeafFault::new("invalid"))?;
    check(def, &value)?;
    Ok(value)
}

fn check(def: &FieldDef, value: &Value) -> Result<(), LeafFault> {
    let Value::Float(it) = *value else { return Err(LeafFault::unlike(value, "number")) };
    if it.is_nan() {
        return Err(LeafFault::new("invalid"));
    }
    if it.is_infinite() {
        return Err(LeafFault::outside(format!("{:e}", f64::MIN), format!("{:e}", f64::MAX)));
    }
    match (def.min, def.max) {
        (Some(min), _) if it < min as f64 => Err(LeafFault::below(min)),
        (_, Some(max)) if it > max as f64 => Err(LeafFault::above(max)),
        _ => Ok(()),
    }
}

fn read(binary: &[u8]) -> Result<Value> {
    match binary.try_into().map(f64::from_be_bytes) {
        Ok(it) if it.is_finite() => Ok(Value::Float(it)),
        Ok(it) => Err(Error::broken(format!("PostgreSQL sent {it}, which no float field holds"))),
        Err(_) => Err(Error::broken("PostgreSQL sent a float of another width")),
    }
}

fn write(binary: &[u8], out: &mut Vec<u8>) {
    let binary = binary.try_into().expect("PostgreSQL sends a float8 in eight bytes");
    json::float(out, f64::from_be_bytes(binary));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use crate::{
        Value,
        json::{any_field, checked, parsed, parsed_text, written},
    };

    #[test]
    fn finite_numbers_are_read() {
        check("0.1", "0.1");
        check("-1e3", "-1000.0");
        check("1e-400", "0.0");
        check(&format!("0.{}", "3".repeat(200_000)), "0.3333333333333333");
    }

    #[test]
    fn what_is_no_finite_number_is_refused() {
        let beyond = "out_of_range min=-1.7976931348623157e308 max=1.7976931348623157e308";
        check("1e400", beyond);
        check(r#""1""#, "wrong_type expected=number");
        check(r#""NaN""#, "wrong_type expected=number");
        check("null", "required");
        let def = any_field::<f64>();
        assert_eq!(checked(&def, &Value::Float(f64::NAN)), "invalid");
        assert_eq!(checked(&def, &Value::Float(f64::INFINITY)), beyond);
        for text in ["", "NaN", "inf", "Infinity", "+1", ".5", " 1"] {
            assert_eq!(parsed_text(&def, text), "invalid", "{text}");
        }
    }

    #[test]
    fn the_author_s_limits_hold() {
        let mut def = any_field::<f64>();
        def.min = Some(0);
        def.max = Some(1);
        assert_eq!(parsed(&def, "-0.1"), "greater_than_or_equal min=0");
        assert_eq!(parsed(&def, "1.1"), "less_than_or_equal max=1");
        assert_eq!(parsed(&def, "1"), "1.0");
    }

    #[test]
    fn what_json_has_no_number_for_is_written_as_text_and_not_read() {
        let written = written(&any_field::<f64>(), &f64::NAN.to_be_bytes());
        assert_eq!(written, r#""NaN" but PostgreSQL sent NaN, which no float field holds"#);
    }

    proptest! {
        #[test]
        fn a_column_reads_back_as_the_same(number in any::<f64>()) {
            let text = written(&any_field::<f64>(), &number.to_be_bytes());
            if number.is_finite() {
                prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), number.to_bits());
            }
        }
    }

    #[track_caller]
    fn check(json: &str, expected: &str) {
        assert_eq!(parsed(&any_field::<f64>(), json), expected);
    }
}
