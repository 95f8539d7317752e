//! Moments: `DateTime<Utc>` in Rust, `timestamptz` in PostgreSQL, RFC 3339 in JSON.
//!
//! A zone is demanded on the way in, and is UTC on the way out. To the microsecond, as `time`.

use std::borrow::Cow;

use chrono::{DateTime, Datelike, NaiveDateTime, SubsecRound, TimeDelta, Utc};

use crate::{
    Comparable, Error, FieldDef, FieldType, Kind, KindRules, Leaf, LeafFault, Ordered, PgType,
    Plain, Result, Value, Writable,
    field::{date, integer::ORDER_OPERATORS, time},
    json::read_digits,
};

pub(crate) static RULES: KindRules = KindRules {
    name: "datetime",
    pg_type: PgType::Timestamptz,
    column_type: |_| Cow::Borrowed("timestamptz"),
    operators: ORDER_OPERATORS,
    parse,
    parse_text,
    check,
    read,
    write,
};

/// 2000-01-01, from which PostgreSQL counts, as the microseconds of chrono count.
const EPOCH: i64 = 946_684_800_000_000;

const MICROS_OF_DAY: i64 = 86_400_000_000;

impl FieldType for DateTime<Utc> {
    type Base = Self;
    type Nullable = Option<Self>;
    const KIND: Kind = Kind::DateTime;

    fn take(value: Value) -> Result<Self> {
        match value {
            Value::DateTime(it) => Ok(it),
            _ => Err(Error::broken("a datetime field has a value that is no moment")),
        }
    }

    fn give(&self) -> Value {
        Value::DateTime(self.trunc_subsecs(6))
    }
}

impl Writable for DateTime<Utc> {}
impl Plain for DateTime<Utc> {}
impl Comparable for DateTime<Utc> {}
impl Ordered for DateTime<Utc> {}

fn parse(def: &FieldDef, leaf: &Leaf<'_>) -> Result<Value, LeafFault> {
    parse_text(def, leaf.as_string()?)
}

fn parse_text(def: &FieldDef, text: &str) -> Result<Value, LeafFault> {
    let invalid = || LeafFault::new("invalid");
    let (day, rest) = text.split_once(['T', 't']).ok_or_else(invalid)?;
    let day = date::parse_day(day).ok_or_else(invalid)?;
    let (clock, offset) = split_zone(rest).ok_or_else(invalid)?;
    let local = NaiveDateTime::new(day, time::parse_clock(clock)?);
    let moment = local.checked_sub_signed(offset).ok_or_else(invalid)?;
    let value = Value::DateTime(moment.and_utc());
    check(def, &value)?;
    Ok(value)
}

/// A time and the offset of the zone behind it: `Z`, or `+02:00`.
fn split_zone(text: &str) -> Option<(&str, TimeDelta)> {
    if let Some(clock) = text.strip_suffix(['Z', 'z']) {
        return Some((clock, TimeDelta::zero()));
    }
    let (clock, zone) = text.split_at_checked(text.len().checked_sub("+00:00".len())?)?;
    let is_behind = zone.starts_with('-');
    let (hours, minutes) = zone.strip_prefix(['+', '-'])?.split_once(':')?;
    let is_real = hours.len() == 2 && hours < "24" && minutes < "60";
    let minutes = i64::from(read_digits(hours)?) * 60 + i64::from(read_digits(minutes)?);
    let offset = TimeDelta::minutes(if is_behind { -minutes } else { minutes });
    is_real.then_some((clock, offset))
}

fn check(_: &FieldDef, value: &Value) -> Result<(), LeafFault> {
    match value {
        Value::DateTime(it) if !date::is_year(it.year()) => {
            Err(LeafFault::outside("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"))
        }
        Value::DateTime(it) => time::check_subsecond(it),
        other => Err(LeafFault::unlike(other, "string")),
    }
}

fn read(binary: &[u8]) -> Result<Value> {
    let micros = binary
        .try_into()
        .map(i64::from_be_bytes)
        .map_err(|_| Error::broken("PostgreSQL sent a moment of another width"))?;
    // Infinity is the last of all moments, which chrono has no place for either.
    micros
        .checked_add(EPOCH)
        .and_then(DateTime::from_timestamp_micros)
        .map(Value::DateTime)
        .ok_or_else(|| Error::broken("a datetime field has no place for infinity"))
}

/// Infinity, which no field takes in, by its name in PostgreSQL.
fn write(binary: &[u8], out: &mut Vec<u8>) {
    let binary = binary.try_into().expect("PostgreSQL sends a moment in eight bytes");
    match i64::from_be_bytes(binary) {
        i64::MAX => out.extend_from_slice(b"\"infinity\""),
        i64::MIN => out.extend_from_slice(b"\"-infinity\""),
        micros => push_moment(out, micros),
    }
}

/// A moment as JSON.
pub(crate) fn write_moment(out: &mut Vec<u8>, moment: DateTime<Utc>) {
    push_moment(out, moment.timestamp_micros() - EPOCH);
}

/// The moment so many microseconds after 2000-01-01, in quotes.
fn push_moment(out: &mut Vec<u8>, micros: i64) {
    out.push(b'"');
    date::push_day(out, micros.div_euclid(MICROS_OF_DAY));
    out.push(b'T');
    time::push_clock(out, micros.rem_euclid(MICROS_OF_DAY).unsigned_abs());
    out.extend_from_slice(b"Z\"");
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, SecondsFormat, TimeZone, Utc};
    use proptest::prelude::{prop_assert_eq, proptest};

    use crate::{
        FieldType, Value,
        json::{any_field, checked, parsed, written},
    };

    const BEYOND: &str = "out_of_range min=0001-01-01T00:00:00Z max=9999-12-31T23:59:59.999999Z";

    #[test]
    fn every_zone_becomes_utc() {
        check("2026-11-21T13:05:00Z", r#""2026-11-21T13:05:00Z""#);
        check("2026-11-21t13:05:00z", r#""2026-11-21T13:05:00Z""#);
        check("2026-01-01T01:30:00+02:00", r#""2025-12-31T23:30:00Z""#);
        check("2026-11-21T13:05:00.25-05:30", r#""2026-11-21T18:35:00.250000Z""#);
        check("2026-11-21T13:05:00-00:00", r#""2026-11-21T13:05:00Z""#);
    }

    #[test]
    fn what_rfc_3339_does_not_write_is_invalid() {
        let texts = "2026-11-21T13:05:00 2026-11-21 9999-12-31T23:59:60Z 2026-11-21T24:00:00Z \
                     2026-11-21T13:05Z 2026-11-21T13:05:00+2:00 2026-11-21T13:05:00+0200 \
                     2026-11-21T13:05:00+24:00 2026-11-21T13:05:00+02:60 Té+:00 infinity now \
                     2026-11-21T13:05:00+02:00Z 0000-00-00T00:00:00Z 294277-01-01T00:00:00Z \
                     2026-11-21T13:05:00é02:00";
        let spaced = ["", "2026-11-21 13:05:00Z", "2026-11-21T13:05:00 02:00"];
        for text in texts.split(' ').chain(spaced) {
            check(text, "invalid");
        }
        let def = any_field::<DateTime<Utc>>();
        assert_eq!(parsed(&def, "1795266300"), "wrong_type expected=string");
        assert_eq!(parsed(&def, "null"), "required");
    }

    #[test]
    fn the_year_counts_in_utc() {
        check("9999-12-31T23:59:59.999999Z", r#""9999-12-31T23:59:59.999999Z""#);
        check("9999-12-31T23:59:59-01:00", BEYOND);
        check("0001-01-01T00:00:00+01:00", BEYOND);
        check("2026-11-21T13:05:00.1234567Z", "too_precise scale=6");
    }

    #[test]
    fn the_nanoseconds_of_a_clock_are_cut_once() {
        let now = Utc.timestamp_nanos(1_795_266_300_000_001_999);
        let def = any_field::<DateTime<Utc>>();
        assert_eq!(checked(&def, &Value::DateTime(now)), "too_precise scale=6");
        assert_eq!(checked(&def, &now.give()), r#""2026-11-21T13:05:00.000001Z""#);
    }

    #[test]
    fn infinity_is_written_by_its_name_and_not_read() {
        let written = |it: i64| written(&any_field::<DateTime<Utc>>(), &it.to_be_bytes());
        let no_place = "but a datetime field has no place for infinity";
        assert_eq!(written(i64::MAX), format!("\"infinity\" {no_place}"));
        assert_eq!(written(i64::MIN), format!("\"-infinity\" {no_place}"));
    }

    proptest! {
        #[test]
        fn every_moment_is_written_and_read_as_the_same(
            micros in -63_082_281_600_000_000_i64..252_455_616_000_000_000,
        ) {
            let moment = DateTime::from_timestamp_micros(micros + super::EPOCH).unwrap();
            let places = match micros % 1_000_000 {
                0 => SecondsFormat::Secs,
                _ => SecondsFormat::Micros,
            };
            let json = format!("\"{}\"", moment.to_rfc3339_opts(places, true));
            let def = any_field::<DateTime<Utc>>();
            prop_assert_eq!(&written(&def, &micros.to_be_bytes()), &json);
            prop_assert_eq!(parsed(&def, &json), json);
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let def = any_field::<DateTime<Utc>>();
        assert_eq!(parsed(&def, &format!("\"{text}\"")), expected);
    }
}
