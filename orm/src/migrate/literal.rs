//! A value as a constant of SQL, for statements that cannot take parameters.

use std::fmt::Write;

use crate::{Value, migrate::statement::text};

/// The constant. No column holds a list, so a list is `null`.
pub(crate) fn literal(value: &Value) -> String {
    match value {
        Value::Null | Value::List(_) => "null".to_owned(),
        Value::Bool(it) => it.to_string(),
        Value::Int(it) => format!("'{it}'"),
        Value::Float(it) => format!("'{it}'"),
        Value::Decimal(it) => format!("'{it}'"),
        Value::Text(it) | Value::Json(it) => text(it),
        Value::Date(it) => format!("'{it}'"),
        Value::Time(it) => format!("'{it}'"),
        Value::DateTime(it) => text(&it.to_rfc3339()),
        Value::Uuid(it) => format!("'{it}'"),
        Value::Bytes(it) => format!("'\\x{}'", hex(it)),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a string takes all that is written");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_doubled_and_a_backslash_is_itself() {
        check(&Value::Text(r"it's a \ 'path'".to_owned()), r"'it''s a \ ''path'''");
    }

    #[test]
    fn bytes_are_hexadecimal() {
        check(&Value::Bytes(vec![0, 10, 255]), r"'\x000aff'");
    }

    #[test]
    fn a_negative_number_stays_one_word() {
        check(&Value::Int(-7), "'-7'");
        check(&Value::Float(-0.5), "'-0.5'");
        check(&Value::Bool(true), "true");
    }

    #[track_caller]
    fn check(value: &Value, expected: &str) {
        assert_eq!(literal(value), expected);
    }
}
