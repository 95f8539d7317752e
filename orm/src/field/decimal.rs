//! Decimals of at most 28 digits: `Decimal` in Rust, `numeric(28, scale)` in PostgreSQL, a string
//! in JSON, accepted as a number too.
//!
//! A field that declares no scale has a plain `numeric`, with as many places as it is given.
//!
//! **Invariant:** from text to column and back, no digit is rounded and none passes a float.

use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::{
    Assign, Comparable, Error, FieldDef, FieldType, Kind, KindRules, Leaf, LeafFault, Ordered,
    PgType, Plain, Result, Value, Writable, field::integer::ORDER_OPERATORS, json::Number,
};

mod numeric;

pub(crate) static RULES: KindRules = KindRules {
    name: "decimal",
    pg_type: PgType::Numeric,
    column_type,
    operators: ORDER_OPERATORS,
    parse,
    parse_text,
    check,
    read: numeric::read,
    write: numeric::write,
};

/// The digits of a column, and the most that a [`Decimal`] holds whatever they are.
const DIGITS_MAX: u32 = 28;

impl FieldType for Decimal {
    type Base = Self;
    type Nullable = Option<Self>;
    const KIND: Kind = Kind::Decimal;

    fn take(value: Value) -> Result<Self> {
        match value {
            Value::Decimal(it) => Ok(it),
            _ => Err(Error::broken("a decimal field has a value that is no decimal")),
        }
    }

    fn give(&self) -> Value {
        Value::Decimal(*self)
    }
}

impl Writable for Decimal {}
impl Plain for Decimal {}
impl Comparable for Decimal {}
impl Ordered for Decimal {}

macro_rules! assign_integers {
    ($($t:ty),*) => {$(
        impl Assign<Decimal> for $t {
            fn value(self) -> Value {
                Value::Decimal(self.into())
            }
        }

        impl Assign<Option<Decimal>> for $t {
            fn value(self) -> Value {
                Value::Decimal(self.into())
            }
        }
    )*};
}
assign_integers!(i32, i64);

fn column_type(def: &FieldDef) -> Cow<'static, str> {
    match def.scale {
        Some(scale) => Cow::Owned(format!("numeric({DIGITS_MAX},{scale})")),
        None => Cow::Borrowed("numeric"),
    }
}

fn parse(def: &FieldDef, leaf: &Leaf<'_>) -> Result<Value, LeafFault> {
    match leaf {
        Leaf::Text(text) => parse_text(def, text),
        Leaf::Number(text) => parse_text(def, text),
        other => Err(other.unlike("string")),
    }
}

fn parse_text(def: &FieldDef, text: &str) -> Result<Value, LeafFault> {
    let number = Number::of(text).ok_or_else(|| LeafFault::new("invalid"))?;
    fit(def, &number).map(Value::Decimal)
}

fn check(def: &FieldDef, value: &Value) -> Result<(), LeafFault> {
    match value {
        Value::Decimal(it) => fit(def, &Number::of_scaled(it.mantissa(), it.scale())).map(drop),
        other => Err(LeafFault::unlike(other, "string")),
    }
}

/// The number as its column will give it back: with all places of the field's scale.
fn fit(def: &FieldDef, number: &Number) -> Result<Decimal, LeafFault> {
    let places = def.scale.unwrap_or(DIGITS_MAX);
    let whole = DIGITS_MAX.saturating_sub(def.scale.unwrap_or(0));
    if number.whole_digits() > i64::from(whole) {
        return Err(outside(def));
    }
    if number.places() > i64::from(places) {
        return Err(LeafFault::new("too_precise").with("scale", places));
    }
    let places = match def.scale {
        Some(scale) => i64::from(scale),
        None => number.places(),
    };
    let it = u32::try_from(places)
        .ok()
        .filter(|_| number.digits() <= i64::from(DIGITS_MAX))
        .and_then(|scale| Decimal::try_from_i128_with_scale(number.scaled(scale)?, scale).ok())
        .ok_or_else(|| outside(def))?;
    match (def.min, def.max) {
        (Some(min), _) if it < Decimal::from(min) => Err(LeafFault::below(min)),
        (_, Some(max)) if it > Decimal::from(max) => Err(LeafFault::above(max)),
        _ => Ok(it),
    }
}

/// The fault of a number with too many digits; names the largest that fits.
fn outside(def: &FieldDef) -> LeafFault {
    let places = def.scale.unwrap_or(0) as usize;
    let nines = "9".repeat(DIGITS_MAX as usize);
    let (whole, fraction) = nines.split_at(nines.len().saturating_sub(places));
    let max = match (whole, fraction) {
        (whole, "") => whole.to_owned(),
        ("", fraction) => format!("0.{fraction}"),
        (whole, fraction) => format!("{whole}.{fraction}"),
    };
    LeafFault::outside(format!("-{max}"), max)
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use crate::{
        FieldDef, Value,
        json::{any_field, checked, parsed, parsed_text},
    };

    const BEYOND: &str =
        "out_of_range min=-99999999999999999999999999.99 max=99999999999999999999999999.99";

    #[test]
    fn strings_and_numbers_of_every_notation_are_read_exactly() {
        check(r#""199.90""#, r#""199.90""#);
        check("199.9", r#""199.90""#);
        check("1e3", r#""1000.00""#);
        check("12.5E-1", r#""1.25""#);
        check("-0.00", r#""0.00""#);
        check("0.10000000000000000000000000000000000000", r#""0.10""#);
        check("99999999999999999999999999.99", r#""99999999999999999999999999.99""#);
    }

    #[test]
    fn nothing_is_rounded() {
        check("0.001", "too_precise scale=2");
        check(r#""1.005""#, "too_precise scale=2");
        check("1e-400", "too_precise scale=2");
        check(&format!("0.{}", "3".repeat(200_000)), "too_precise scale=2");
    }

    #[test]
    fn what_has_too_many_digits_is_out_of_range() {
        check("100000000000000000000000000", BEYOND);
        check(r#""-1e26""#, BEYOND);
        check("1e400", BEYOND);
        check("1e999999999999999999", BEYOND);
        check(&"9".repeat(200_000), BEYOND);
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "NaN", "Infinity", "+1", " 1", "1,5", ".5", "5.", "0x1", "1e"] {
            check(&format!("\"{text}\""), "invalid");
            assert_eq!(parsed_text(&price(), text), "invalid", "{text}");
        }
        check("true", "wrong_type expected=string");
        check("[1]", "wrong_type expected=string");
        check("null", "required");
    }

    #[test]
    fn without_a_scale_only_the_digits_are_limited() {
        let def = any_field::<Decimal>();
        assert_eq!((def.kind.rules().column_type)(&def), "numeric");
        let beyond = format!("out_of_range min=-{0} max={0}", "9".repeat(28));
        for (json, expected) in [
            ("1.50", "\"1.5\""),
            ("0.0000000000000000000000000001", "\"0.0000000000000000000000000001\""),
            ("1e27", "\"1000000000000000000000000000\""),
            ("1e28", beyond.as_str()),
            ("1.0000000000000000000000000001", beyond.as_str()),
            ("0.00000000000000000000000000001", "too_precise scale=28"),
        ] {
            assert_eq!(parsed(&def, json), expected, "{json}");
        }
    }

    #[test]
    fn the_author_s_limits_hold_for_every_source() {
        let mut def = price();
        def.min = Some(0);
        def.max = Some(10);
        assert_eq!(parsed(&def, "-0.01"), "greater_than_or_equal min=0");
        assert_eq!(parsed(&def, "10.01"), "less_than_or_equal max=10");
        let given = |text: &str| checked(&def, &Value::Decimal(text.parse().unwrap()));
        assert_eq!(given("9.9900"), r#""9.9900""#);
        assert_eq!(given("9.999"), "too_precise scale=2");
        assert_eq!(given("11"), "less_than_or_equal max=10");
        assert_eq!(checked(&def, &Value::Decimal(Decimal::MAX)), BEYOND);
        assert_eq!(checked(&def, &Value::Int(1)), "wrong_type expected=string");
    }

    fn price() -> FieldDef {
        let mut def = any_field::<Decimal>();
        def.scale = Some(2);
        def
    }

    #[track_caller]
    fn check(json: &str, expected: &str) {
        assert_eq!(parsed(&price(), json), expected);
    }
}
