//! Writes JSON into a buffer that is on its way out.
//!
//! Every writer of an answer ends here or in the `write` of a kind; nothing is allocated but
//! room in the buffer.

use serde::Serialize;

use crate::{
    FieldDef, Value,
    field::{bytes, date, datetime, time, uuid},
};

/// A string, in quotes.
pub fn string(out: &mut Vec<u8>, text: &str) {
    string_bytes(out, text.as_bytes());
}

/// A key of an object, with its colon.
pub fn key(out: &mut Vec<u8>, name: &str) {
    string(out, name);
    out.push(b':');
}

/// The value of a field. Of a secret, `null`: secrets have no way out.
pub fn field(out: &mut Vec<u8>, def: &FieldDef, it: &Value) {
    match (it, def.scale) {
        _ if def.is_secret() => out.extend_from_slice(b"null"),
        // As its column would give it back: a price of `0` is `0.00`.
        (Value::Decimal(it), Some(scale)) => {
            let mut it = *it;
            it.rescale(scale);
            string(out, &it.to_string());
        }
        _ => value(out, it),
    }
}

/// A value whose field is known to be no secret; [`field`] looks for itself.
pub fn value(out: &mut Vec<u8>, it: &Value) {
    match it {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(it) => out.extend_from_slice(if *it { b"true" } else { b"false" }),
        Value::Int(it) => integer(out, *it),
        Value::Float(it) => float(out, *it),
        Value::Decimal(it) => string(out, &it.to_string()),
        Value::Text(it) => string(out, it),
        Value::Date(it) => date::write_day(out, *it),
        Value::Time(it) => time::write_time(out, *it),
        Value::DateTime(it) => datetime::write_moment(out, *it),
        Value::Uuid(it) => uuid::write_uuid(out, *it),
        Value::Json(it) => out.extend_from_slice(it.as_bytes()),
        Value::Bytes(it) => bytes::write(it, out),
        Value::List(items) => list(out, items),
    }
}

fn list(out: &mut Vec<u8>, items: &[Value]) {
    out.push(b'[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        value(out, item);
    }
    out.push(b']');
}

/// An integer, as a JSON number.
pub(crate) fn integer(out: &mut Vec<u8>, it: i64) {
    serialize(out, it);
}

/// A float, as the shortest JSON number that reads back as the same; what JSON has no number
/// for, as a string.
pub(crate) fn float(out: &mut Vec<u8>, it: f64) {
    match it {
        _ if it.is_finite() => serialize(out, it),
        _ if it.is_nan() => out.extend_from_slice(b"\"NaN\""),
        _ if it > 0.0 => out.extend_from_slice(b"\"Infinity\""),
        _ => out.extend_from_slice(b"\"-Infinity\""),
    }
}

/// The fast number formatting of `serde_json`, without a buffer in between.
fn serialize(out: &mut Vec<u8>, number: impl Serialize) {
    serde_json::to_writer(out, &number).expect("a Vec takes every byte");
}

/// A string from UTF-8, in quotes; escapes what JSON demands and nothing else, as `serde_json`
/// does.
pub(crate) fn string_bytes(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    let mut rest = text;
    loop {
        let plain = plain_length(rest);
        out.extend_from_slice(&rest[..plain]);
        let Some(special) = rest.get(plain) else { break };
        escape(out, *special);
        rest = &rest[plain + 1..];
    }
    out.push(b'"');
}

/// Bytes looked at together: the compiler makes one comparison of a step.
const STEP: usize = 16;

/// How many bytes at the start need no escape.
fn plain_length(text: &[u8]) -> usize {
    let is_plain = |step: &&[u8]| !step.iter().fold(false, |found, it| found | is_special(*it));
    let start = STEP * text.chunks_exact(STEP).take_while(is_plain).count();
    let rest = &text[start..];
    start + rest.iter().position(|it| is_special(*it)).unwrap_or(rest.len())
}

fn is_special(byte: u8) -> bool {
    // One `|`, not `||`: without a branch, sixteen of these become one instruction.
    (byte < 0x20) | (byte == b'"') | (byte == b'\\')
}

fn escape(out: &mut Vec<u8>, special: u8) {
    let letter = match special {
        b'"' | b'\\' => special,
        0x08 => b'b',
        0x09 => b't',
        0x0a => b'n',
        0x0c => b'f',
        0x0d => b'r',
        _ => {
            let hex = |digit: u8| b"0123456789abcdef"[usize::from(digit)];
            let code = [b'\\', b'u', b'0', b'0', hex(special >> 4), hex(special & 15)];
            return out.extend_from_slice(&code);
        }
    };
    out.extend_from_slice(&[b'\\', letter]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn only_what_json_demands_is_escaped() {
        check(&Value::Text("".into()), r#""""#);
        check(&Value::Text("a \"b\" \\ /".into()), r#""a \"b\" \\ /""#);
        check(&Value::Text("\n\t\r\u{8}\u{c}\u{1}\u{1f}".into()), r#""\n\t\r\b\f\u0001\u001f""#);
        check(&Value::Text("\u{7f} \u{202e}лампа 💡".into()), "\"\u{7f} \u{202e}лампа 💡\"");
        check(&Value::Text("behind sixteen bytes\"\"".into()), r#""behind sixteen bytes\"\"""#);
    }

    #[test]
    fn every_value_has_one_form() {
        check(&Value::Null, "null");
        check(&Value::Bool(true), "true");
        check(&Value::Int(i64::MIN), "-9223372036854775808");
        check(&Value::Float(0.1), "0.1");
        check(&Value::Float(f64::NEG_INFINITY), r#""-Infinity""#);
        check(&Value::Decimal("199.90".parse().unwrap()), r#""199.90""#);
        check(&Value::Date("2026-11-21".parse().unwrap()), r#""2026-11-21""#);
        check(&Value::Time("13:05:00.000120".parse().unwrap()), r#""13:05:00.000120""#);
        check(
            &Value::DateTime("2026-11-21T15:05:00+02:00".parse().unwrap()),
            r#""2026-11-21T13:05:00Z""#,
        );
        check(&Value::Json("[1, 2]".into()), "[1, 2]");
        check(&Value::Bytes(vec![0, 255]), r#""AP8=""#);
        check(&Value::List(vec![Value::Int(1), Value::Null]), "[1,null]");
        check(&Value::List(vec![]), "[]");
    }

    #[test]
    fn a_key_has_its_colon() {
        let mut out = Vec::new();
        key(&mut out, "na\"me");
        assert_eq!(out, br#""na\"me":"#);
    }

    proptest! {
        #[test]
        fn a_string_is_what_serde_json_makes_of_it(text in any::<String>()) {
            let mut out = Vec::new();
            string(&mut out, &text);
            prop_assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string(&text).unwrap());
        }
    }

    #[track_caller]
    fn check(it: &Value, expected: &str) {
        let mut out = Vec::new();
        value(&mut out, it);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
