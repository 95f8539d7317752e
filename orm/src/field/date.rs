//! Days: `NaiveDate` in Rust, `date` in PostgreSQL, `"2026-11-21"` in JSON; years 1 to 9999.

use std::{borrow::Cow, io::Write};

use chrono::{Datelike, NaiveDate};

use crate::{
    Comparable, Error, FieldDef, FieldType, Kind, KindRules, Leaf, LeafFault, Ordered, PgType,
    Plain, Result, Value, Writable,
    field::integer::ORDER_OPERATORS,
    json::{four_digits, read_digits, two_digits},
};

mod calendar;

pub(crate) static RULES: KindRules = KindRules {
    name: "date",
    pg_type: PgType::Date,
    column_type: |_| Cow::Borrowed("date"),
    operators: ORDER_OPERATORS,
    parse,
    parse_text,
    check,
    read,
    write,
};

/// 2000-01-01, from which PostgreSQL counts, as the days of chrono count.
const EPOCH: i32 = 730_120;

impl FieldType for NaiveDate {
    type Base = Self;
    type Nullable = Option<Self>;
    const KIND: Kind = Kind::Date;

    fn take(value: Value) -> Result<Self> {
        match value {
            Value::Date(it) => Ok(it),
            _ => Err(Error::broken("a date field has a value that is no date")),
        }
    }

    fn give(&self) -> Value {
        Value::Date(*self)
    }
}

impl Writable for NaiveDate {}
impl Plain for NaiveDate {}
impl Comparable for NaiveDate {}
impl Ordered for NaiveDate {}

fn parse(def: &FieldDef, leaf: &Leaf<'_>) -> Result<Value, LeafFault> {
    parse_text(def, leaf.as_string()?)
}

fn parse_text(_: &FieldDef, text: &str) -> Result<Value, LeafFault> {
    parse_day(text).map(Value::Date).ok_or_else(|| LeafFault::new("invalid"))
}

fn check(_: &FieldDef, value: &Value) -> Result<(), LeafFault> {
    match value {
        Value::Date(it) if is_year(it.year()) => Ok(()),
        Value::Date(_) => Err(LeafFault::outside("0001-01-01", "9999-12-31")),
        other => Err(LeafFault::unlike(other, "string")),
    }
}

/// Whether four digits write it, and it is after Christ.
pub(crate) fn is_year(year: i32) -> bool {
    (1..=9999).contains(&year)
}

/// The day that a text of ten characters writes.
pub(crate) fn parse_day(text: &str) -> Option<NaiveDate> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    let year = i32::try_from(read_digits(year)?).ok().filter(|it| is_year(*it))?;
    NaiveDate::from_ymd_opt(year, read_digits(month)?, read_digits(day)?)
}

fn read(binary: &[u8]) -> Result<Value> {
    let days = binary
        .try_into()
        .map(i32::from_be_bytes)
        .map_err(|_| Error::broken("PostgreSQL sent a date of another width"))?;
    // Infinity is the last of all days, which chrono has no place for either.
    days.checked_add(EPOCH)
        .and_then(NaiveDate::from_num_days_from_ce_opt)
        .map(Value::Date)
        .ok_or_else(|| Error::broken("a date field has no place for infinity"))
}

/// Infinity, which no field takes in, by its name in PostgreSQL.
fn write(binary: &[u8], out: &mut Vec<u8>) {
    let binary = binary.try_into().expect("PostgreSQL sends a date in four bytes");
    match i32::from_be_bytes(binary) {
        i32::MAX => out.extend_from_slice(b"\"infinity\""),
        i32::MIN => out.extend_from_slice(b"\"-infinity\""),
        days => {
            out.push(b'"');
            push_day(out, days.into());
            out.push(b'"');
        }
    }
}

/// A day as JSON.
pub(crate) fn write_day(out: &mut Vec<u8>, day: NaiveDate) {
    out.push(b'"');
    push_day(out, i64::from(day.num_days_from_ce()) - i64::from(EPOCH));
    out.push(b'"');
}

/// The day so many days after 2000-01-01, without quotes.
pub(crate) fn push_day(out: &mut Vec<u8>, days: i64) {
    let (year, month, day) = calendar::civil_from_days(days);
    match u32::try_from(year) {
        Ok(year @ 0..=9999) => out.extend_from_slice(&four_digits(year)),
        // ISO 8601 wants a sign before years of more digits.
        _ => write!(out, "{year:+07}").expect("a Vec takes every byte"),
    }
    let ([m1, m2], [d1, d2]) = (two_digits(month), two_digits(day));
    out.extend_from_slice(&[b'-', m1, m2, b'-', d1, d2]);
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, NaiveDate};
    use proptest::prelude::{prop_assert_eq, proptest};

    use crate::{
        Value,
        json::{any_field, checked, parsed, written},
    };

    #[test]
    fn real_days_are_read() {
        for json in [r#""2026-11-21""#, r#""2024-02-29""#, r#""0001-01-01""#, r#""9999-12-31""#] {
            check(json, json);
        }
    }

    #[test]
    fn days_that_never_were_are_invalid() {
        let texts = "0000-00-00 0000-01-01 2026-02-29 2100-02-29 2026-13-01 2026-04-31 2026-00-10 \
                     2026-1-1 26-01-01 294277-01-01 +2026-01-01 -001-01-01 2026/01/01 20260101 \
                     2026-01-01T00:00:00Z infinity today ٢٠٢٦-01-01";
        for text in texts.split(' ').chain(["", " 2026-01-01"]) {
            check(&format!("\"{text}\""), "invalid");
        }
    }

    #[test]
    fn only_strings_are_days() {
        check("20261121", "wrong_type expected=string");
        check("null", "required");
    }

    #[test]
    fn days_of_rust_have_the_same_bounds() {
        let late = Value::Date(NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap());
        let def = any_field::<NaiveDate>();
        assert_eq!(checked(&def, &late), "out_of_range min=0001-01-01 max=9999-12-31");
    }

    #[test]
    fn what_no_field_takes_in_is_written_by_its_name() {
        let written = |days: i32| written(&any_field::<NaiveDate>(), &days.to_be_bytes());
        let no_place = "but a date field has no place for infinity";
        assert_eq!(written(i32::MAX), format!("\"infinity\" {no_place}"));
        assert_eq!(written(i32::MIN), format!("\"-infinity\" {no_place}"));
        assert_eq!(written(2_921_940), r#""+010000-01-01""#);
        assert_eq!(written(-730_486), r#""-000001-12-31""#);
    }

    proptest! {
        #[test]
        fn every_day_is_written_and_read_as_the_same(days in -730_119_i32..2_921_940) {
            let day = NaiveDate::from_num_days_from_ce_opt(days + super::EPOCH).unwrap();
            let json = format!("\"{:04}-{:02}-{:02}\"", day.year(), day.month(), day.day());
            let def = any_field::<NaiveDate>();
            prop_assert_eq!(&written(&def, &days.to_be_bytes()), &json);
            prop_assert_eq!(parsed(&def, &json), json);
        }
    }

    #[track_caller]
    fn check(json: &str, expected: &str) {
        assert_eq!(parsed(&any_field::<NaiveDate>(), json), expected);
    }
}
