//! Times of day: `NaiveTime` in Rust, `time` in PostgreSQL, `"13:05:00"` in JSON.
//!
//! PostgreSQL keeps microseconds. A text with more digits is refused; of a time made in Rust,
//! whose clock has nanoseconds, the rest is cut where it becomes a value.

use std::borrow::Cow;

use chrono::{NaiveTime, SubsecRound, Timelike};

use crate::{
    Comparable, Error, FieldDef, FieldType, Kind, KindRules, Leaf, LeafFault, Ordered, PgType,
    Plain, Result, Value, Writable,
    field::integer::ORDER_OPERATORS,
    json::{read_digits, six_digits, two_digits},
};

pub(crate) static RULES: KindRules = KindRules {
    name: "time",
    pg_type: PgType::Time,
    column_type: |_| Cow::Borrowed("time"),
    operators: ORDER_OPERATORS,
    parse,
    parse_text,
    check,
    read,
    write,
};

/// Decimal places of a second.
const PLACES: usize = 6;

const MICROS_OF_SECOND: u64 = 1_000_000;

impl FieldType for NaiveTime {
    type Base = Self;
    type Nullable = Option<Self>;
    const KIND: Kind = Kind::Time;

    fn take(value: Value) -> Result<Self> {
        match value {
            Value::Time(it) => Ok(it),
            _ => Err(Error::broken("a time field has a value that is no time")),
        }
    }

    fn give(&self) -> Value {
        Value::Time(self.trunc_subsecs(PLACES as u16))
    }
}

impl Writable for NaiveTime {}
impl Plain for NaiveTime {}
impl Comparable for NaiveTime {}
impl Ordered for NaiveTime {}

fn parse(def: &FieldDef, leaf: &Leaf<'_>) -> Result<Value, LeafFault> {
    parse_text(def, leaf.as_string()?)
}

fn parse_text(_: &FieldDef, text: &str) -> Result<Value, LeafFault> {
    parse_clock(text).map(Value::Time)
}

fn check(_: &FieldDef, value: &Value) -> Result<(), LeafFault> {
    match value {
        Value::Time(it) => check_subsecond(it),
        other => Err(LeafFault::unlike(other, "string")),
    }
}

/// Whether PostgreSQL keeps all of a subsecond; chrono writes a leap second as a second of two.
pub(crate) fn check_subsecond(it: &impl Timelike) -> Result<(), LeafFault> {
    match it.nanosecond() {
        1_000_000_000.. => Err(LeafFault::new("invalid")),
        nanos if nanos % 1000 != 0 => Err(too_precise()),
        _ => Ok(()),
    }
}

/// The time that `13:05:00`, with or without a fraction, writes.
pub(crate) fn parse_clock(text: &str) -> Result<NaiveTime, LeafFault> {
    let invalid = || LeafFault::new("invalid");
    let (clock, fraction) = match text.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (text, None),
    };
    let micros = fraction.map_or(Ok(0), parse_fraction)?;
    let mut parts = clock.split(':').map(|it| read_digits(it).filter(|_| it.len() == 2));
    let (Some(Some(hour)), Some(Some(minute)), Some(Some(second)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(invalid());
    };
    NaiveTime::from_hms_micro_opt(hour, minute, second, micros).ok_or_else(invalid)
}

/// The microseconds of a fraction; zeros behind the sixth place change nothing.
fn parse_fraction(text: &str) -> Result<u32, LeafFault> {
    if text.is_empty() || !text.bytes().all(|it| it.is_ascii_digit()) {
        return Err(LeafFault::new("invalid"));
    }
    let digits = text.trim_end_matches('0');
    if digits.len() > PLACES {
        return Err(too_precise());
    }
    let append = |sum: u32, at: usize| {
        sum * 10 + digits.as_bytes().get(at).map_or(0, |it| u32::from(it - b'0'))
    };
    Ok((0..PLACES).fold(0, append))
}

fn too_precise() -> LeafFault {
    LeafFault::new("too_precise").with("scale", PLACES)
}

fn read(binary: &[u8]) -> Result<Value> {
    let micros = binary
        .try_into()
        .map(u64::from_be_bytes)
        .map_err(|_| Error::broken("PostgreSQL sent a time of another width"))?;
    let (seconds, rest) = (micros / MICROS_OF_SECOND, micros % MICROS_OF_SECOND);
    u32::try_from(seconds)
        .ok()
        .and_then(|it| NaiveTime::from_num_seconds_from_midnight_opt(it, rest as u32 * 1000))
        .map(Value::Time)
        .ok_or_else(|| Error::broken("a time field has no place for 24:00:00"))
}

fn write(binary: &[u8], out: &mut Vec<u8>) {
    let binary = binary.try_into().expect("PostgreSQL sends a time in eight bytes");
    out.push(b'"');
    push_clock(out, u64::from_be_bytes(binary));
    out.push(b'"');
}

/// A time as JSON.
pub(crate) fn write_time(out: &mut Vec<u8>, time: NaiveTime) {
    let seconds = u64::from(time.num_seconds_from_midnight());
    out.push(b'"');
    push_clock(out, seconds * MICROS_OF_SECOND + u64::from(time.nanosecond() / 1000));
    out.push(b'"');
}

/// The time so many microseconds after midnight, without quotes; a fraction only if there is one.
pub(crate) fn push_clock(out: &mut Vec<u8>, micros: u64) {
    let (seconds, fraction) = ((micros / MICROS_OF_SECOND) as u32, micros % MICROS_OF_SECOND);
    let [h1, h2] = two_digits(seconds / 3600);
    let [m1, m2] = two_digits(seconds / 60 % 60);
    let [s1, s2] = two_digits(seconds % 60);
    out.extend_from_slice(&[h1, h2, b':', m1, m2, b':', s1, s2]);
    if fraction != 0 {
        out.push(b'.');
        out.extend_from_slice(&six_digits(fraction as u32));
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;

    use crate::{
        FieldType, Value,
        json::{any_field, checked, parsed, written},
    };

    #[test]
    fn times_are_read_to_the_microsecond() {
        check("13:05:00", r#""13:05:00""#);
        check("23:59:59.999999", r#""23:59:59.999999""#);
        check("00:00:00.5", r#""00:00:00.500000""#);
        check("00:00:00.120000000", r#""00:00:00.120000""#);
        check("00:00:00.000", r#""00:00:00""#);
        check("00:00:00.0000001", "too_precise scale=6");
    }

    #[test]
    fn times_that_no_clock_shows_are_invalid() {
        let texts = "24:00:00 12:60:00 12:00:60 12:00 12 1:00:00 12:00:00Z noon 12:00:00. \
                     12:00:00.x 12:00:00.1.2 -1:00:00 12:00:00:00 ١٢:00:00";
        for text in texts.split(' ').chain(["", " 12:00:00"]) {
            check(text, "invalid");
        }
        assert_eq!(parsed(&any_field::<NaiveTime>(), "12"), "wrong_type expected=string");
    }

    #[test]
    fn what_rust_has_beyond_microseconds_is_cut_once() {
        let time = NaiveTime::from_hms_nano_opt(1, 2, 3, 4_567).unwrap();
        let def = any_field::<NaiveTime>();
        assert_eq!(checked(&def, &Value::Time(time)), "too_precise scale=6");
        assert_eq!(checked(&def, &time.give()), r#""01:02:03.000004""#);
        let leap = Value::Time(NaiveTime::from_hms_milli_opt(23, 59, 59, 1_000).unwrap());
        assert_eq!(checked(&def, &leap), "invalid");
    }

    #[test]
    fn a_column_becomes_json() {
        let written = |micros: i64| written(&any_field::<NaiveTime>(), &micros.to_be_bytes());
        assert_eq!(written(0), r#""00:00:00""#);
        assert_eq!(written(47_100_000_120), r#""13:05:00.000120""#);
        let beyond = r#""24:00:00" but a time field has no place for 24:00:00"#;
        assert_eq!(written(86_400_000_000), beyond);
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(parsed(&any_field::<NaiveTime>(), &format!("\"{text}\"")), expected);
    }
}
