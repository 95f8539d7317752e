//! Integers of 16, 32 and 64 bits: a number in JSON.
//!
//! In JSON `3`, `3.0` and `3e0` are one number, and the documents say `integer`, which all three
//! are; `3.5` is none.

use std::borrow::Cow;

use crate::{
    Comparable, Error, FieldDef, FieldType, Kind, KindRules, LeafFault, Op, Ordered, PgType, Plain,
    Result, Value, Writable,
    json::{self, Number},
};

pub(crate) static RULES_2: KindRules = rules::<i16>();
pub(crate) static RULES_4: KindRules = rules::<i32>();
pub(crate) static RULES_8: KindRules = rules::<i64>();

/// The operators of everything that has an order and is no text.
pub(crate) const ORDER_OPERATORS: &[Op] =
    &[Op::Eq, Op::Ne, Op::Lt, Op::Lte, Op::Gt, Op::Gte, Op::In, Op::Nin, Op::Between];

/// An integer of Rust that is an integer of PostgreSQL.
trait Width: FieldType + Into<i64> {
    const PG_TYPE: PgType;
    const COLUMN_TYPE: &'static str;
    const MIN: i64;
    const MAX: i64;

    fn of_binary(binary: &[u8]) -> Option<Self>;
}

const fn rules<T: Width>() -> KindRules {
    KindRules {
        name: "integer",
        pg_type: T::PG_TYPE,
        column_type: |_| Cow::Borrowed(T::COLUMN_TYPE),
        operators: ORDER_OPERATORS,
        parse: |def, leaf| parse_integer(leaf.as_number()?).and_then(|it| fit::<T>(def, it)),
        parse_text: |def, text| parse_integer(text).and_then(|it| fit::<T>(def, it)),
        check: |def, value| match value {
            Value::Int(it) => fit::<T>(def, (*it).into()).map(drop),
            other => Err(LeafFault::unlike(other, "number")),
        },
        read: |binary| {
            let it = T::of_binary(binary)
                .ok_or_else(|| Error::broken("PostgreSQL sent an integer of another width"))?;
            Ok(Value::Int(it.into()))
        },
        write: |binary, out| {
            let it = T::of_binary(binary).expect("PostgreSQL sends a column's own width");
            json::integer(out, it.into());
        },
    }
}

/// An integer from its text; beyond an `i128`, the nearest that is.
pub(crate) fn parse_integer(text: &str) -> Result<i128, LeafFault> {
    match Number::of(text) {
        Some(it) if it.places() == 0 => Ok(it.scaled(0).unwrap_or(i128::MAX)),
        _ => Err(LeafFault::new("invalid")),
    }
}

fn fit<T: Width>(def: &FieldDef, number: i128) -> Result<Value, LeafFault> {
    let fitting = i64::try_from(number).ok().filter(|it| (T::MIN..=T::MAX).contains(it));
    let Some(number) = fitting else { return Err(LeafFault::outside(T::MIN, T::MAX)) };
    match (def.min, def.max) {
        (Some(min), _) if number < min => Err(LeafFault::below(min)),
        (_, Some(max)) if number > max => Err(LeafFault::above(max)),
        _ => Ok(Value::Int(number)),
    }
}

macro_rules! widths {
    ($($t:ident, $kind:ident, $column:literal;)*) => {$(
        impl Width for $t {
            const PG_TYPE: PgType = PgType::$kind;
            const COLUMN_TYPE: &'static str = $column;
            const MIN: i64 = $t::MIN as i64;
            const MAX: i64 = $t::MAX as i64;

            fn of_binary(binary: &[u8]) -> Option<Self> {
                binary.try_into().ok().map(Self::from_be_bytes)
            }
        }

        impl FieldType for $t {
            type Base = Self;
            type Nullable = Option<Self>;
            const KIND: Kind = Kind::$kind;

            fn take(value: Value) -> Result<Self> {
                value.as_int().and_then(|it| Self::try_from(it).ok()).ok_or_else(|| {
                    Error::broken(concat!("a field has a value that is no ", stringify!($t)))
                })
            }

            fn give(&self) -> Value {
                Value::Int(i64::from(*self))
            }
        }

        impl Writable for $t {}
        impl Plain for $t {}
        impl Comparable for $t {}
        impl Ordered for $t {}
    )*};
}
widths! {
    i16, Int2, "smallint";
    i32, Int4, "integer";
    i64, Int8, "bigint";
}

#[cfg(test)]
mod tests {
    use crate::{
        FieldDef, Value,
        json::{any_field, checked, parsed, parsed_text, written},
    };

    #[test]
    fn every_notation_of_an_integer_is_read() {
        let def = any_field::<i32>();
        check(&def, "0", "0");
        check(&def, "-0", "0");
        check(&def, "42.0", "42");
        check(&def, "1e3", "1000");
        check(&def, "-120e-1", "-12");
    }

    #[test]
    fn what_is_no_integer_is_refused() {
        let def = any_field::<i32>();
        check(&def, "1.5", "invalid");
        check(&def, "1e-400", "invalid");
        check(&def, r#""1""#, "wrong_type expected=number");
        check(&def, "true", "wrong_type expected=number");
        check(&def, "[1]", "wrong_type expected=number");
        check(&def, "null", "required");
    }

    #[test]
    fn each_width_has_its_bounds() {
        check(&any_field::<i16>(), "32767", "32767");
        check(&any_field::<i16>(), "32768", "out_of_range min=-32768 max=32767");
        check(&any_field::<i32>(), "2147483648", "out_of_range min=-2147483648 max=2147483647");
        let beyond = "out_of_range min=-9223372036854775808 max=9223372036854775807";
        check(&any_field::<i64>(), "9223372036854775807", "9223372036854775807");
        check(&any_field::<i64>(), "-9223372036854775808", "-9223372036854775808");
        check(&any_field::<i64>(), "9223372036854775808", beyond);
        check(&any_field::<i64>(), "-9223372036854775809", beyond);
        check(&any_field::<i64>(), "1e400", beyond);
        check(&any_field::<i64>(), &"9".repeat(200_000), beyond);
    }

    #[test]
    fn the_author_s_limits_hold_for_every_source() {
        let mut def = any_field::<i16>();
        def.min = Some(1);
        def.max = Some(5);
        check(&def, "0", "greater_than_or_equal min=1");
        check(&def, "6", "less_than_or_equal max=5");
        check(&def, "5", "5");
        assert_eq!(checked(&def, &Value::Int(6)), "less_than_or_equal max=5");
        assert_eq!(checked(&def, &Value::Int(40_000)), "out_of_range min=-32768 max=32767");
        assert_eq!(checked(&def, &Value::Text("1".into())), "wrong_type expected=number");
    }

    #[test]
    fn texts_of_queries_are_as_strict() {
        let def = any_field::<i64>();
        assert_eq!(parsed_text(&def, "-7"), "-7");
        for text in ["", "+1", " 1", "1 ", "01", "0x1", "1_000", "١", "one"] {
            assert_eq!(parsed_text(&def, text), "invalid", "{text}");
        }
    }

    #[test]
    fn columns_become_numbers() {
        assert_eq!(written(&any_field::<i16>(), &(-3_i16).to_be_bytes()), "-3");
        assert_eq!(written(&any_field::<i32>(), &i32::MIN.to_be_bytes()), "-2147483648");
        assert_eq!(written(&any_field::<i64>(), &i64::MAX.to_be_bytes()), "9223372036854775807");
    }

    #[track_caller]
    fn check(def: &FieldDef, json: &str, expected: &str) {
        assert_eq!(parsed(def, json), expected);
    }
}
