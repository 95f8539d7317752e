//! PostgreSQL's binary `numeric`: four 16-bit words, then digits to the base of 10 000.
//!
//! The words are the number of digits, the weight of the first (a power of 10 000), the sign, and
//! how many decimal places are shown.

use rust_decimal::Decimal;

use crate::{Error, Result, Value, json::four_digits};

pub(super) fn read(binary: &[u8]) -> Result<Value> {
    let number = Numeric::of(binary)
        .ok_or_else(|| Error::broken("PostgreSQL sent a numeric that is cut off"))?;
    if number.special().is_some() {
        return Err(Error::broken("a decimal field has no place for NaN and infinity"));
    }
    number
        .mantissa()
        .and_then(|it| Decimal::try_from_i128_with_scale(it, u32::from(number.places)).ok())
        .map(Value::Decimal)
        .ok_or_else(|| Error::broken("a decimal field has no place for more than 28 digits"))
}

/// As a string with all its places; NaN and infinity, which no field takes in, by their names.
pub(super) fn write(binary: &[u8], out: &mut Vec<u8>) {
    let number = Numeric::of(binary).expect("PostgreSQL sends a numeric whole");
    out.push(b'"');
    match number.special() {
        Some(name) => out.extend_from_slice(name),
        None => number.write(out),
    }
    out.push(b'"');
}

struct Numeric<'a> {
    /// Powers of 10 000 above the first digit.
    weight: i16,
    sign: u16,
    /// Decimal places that are shown.
    places: u16,
    /// Two bytes each.
    digits: &'a [u8],
}

const NEGATIVE: u16 = 0x4000;
const NAN: u16 = 0xc000;
const INFINITY: u16 = 0xd000;
const NEGATIVE_INFINITY: u16 = 0xf000;

impl<'a> Numeric<'a> {
    fn of(binary: &'a [u8]) -> Option<Self> {
        let (head, digits) = binary.split_first_chunk::<8>()?;
        let [n1, n2, w1, w2, s1, s2, p1, p2] = *head;
        (digits.len() == 2 * usize::from(u16::from_be_bytes([n1, n2]))).then_some(Self {
            weight: i16::from_be_bytes([w1, w2]),
            sign: u16::from_be_bytes([s1, s2]),
            places: u16::from_be_bytes([p1, p2]),
            digits,
        })
    }

    fn special(&self) -> Option<&'static [u8]> {
        match self.sign {
            NAN => Some(b"NaN"),
            INFINITY => Some(b"Infinity"),
            NEGATIVE_INFINITY => Some(b"-Infinity"),
            _ => None,
        }
    }

    /// The digit at a power of 10 000; those that are not sent are zero.
    fn digit(&self, power: i32) -> u16 {
        let at = usize::try_from(i32::from(self.weight) - power).unwrap_or(usize::MAX);
        let bytes = self.digits.chunks_exact(2).nth(at);
        bytes.map_or(0, |it| u16::from_be_bytes([it[0], it[1]]))
    }

    fn write(&self, out: &mut Vec<u8>) {
        if self.sign == NEGATIVE {
            out.push(b'-');
        }
        let first = four_digits(self.digit(i32::from(self.weight.max(0))).into());
        let zeros = first.iter().take(3).take_while(|it| **it == b'0').count();
        out.extend_from_slice(&first[zeros..]);
        for power in (0..i32::from(self.weight)).rev() {
            out.extend_from_slice(&four_digits(self.digit(power).into()));
        }
        if self.places == 0 {
            return;
        }
        out.push(b'.');
        let mut left = usize::from(self.places);
        for power in (i32::from(i16::MIN)..0).rev() {
            let digits = four_digits(self.digit(power).into());
            out.extend_from_slice(&digits[..left.min(4)]);
            left = left.saturating_sub(4);
            if left == 0 {
                break;
            }
        }
    }

    /// All digits up to the last place that is shown, as one integer.
    fn mantissa(&self) -> Option<i128> {
        let places = i32::from(self.places);
        let mut mantissa: i128 = 0;
        let lowest = -(places + 3) / 4;
        for power in (lowest..=i32::from(self.weight.max(0))).rev() {
            mantissa = mantissa.checked_mul(10_000)?.checked_add(self.digit(power).into())?;
        }
        // The last digit may reach behind the last place, where PostgreSQL keeps zeros.
        let surplus = u32::try_from(-4 * lowest - places).ok()?;
        let mantissa = mantissa / 10_i128.pow(surplus);
        Some(if self.sign == NEGATIVE { -mantissa } else { mantissa })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};
    use rust_decimal::Decimal;

    use super::{INFINITY, NAN, NEGATIVE, NEGATIVE_INFINITY};
    use crate::json::{any_field, written};

    #[test]
    fn places_are_written_as_declared() {
        check(&encoded("0"), r#""0""#);
        check(&encoded("0.00"), r#""0.00""#);
        check(&encoded("199.90"), r#""199.90""#);
        check(&encoded("-0.05"), r#""-0.05""#);
        check(&encoded("10000.00001"), r#""10000.00001""#);
        check(&encoded("100000000.10"), r#""100000000.10""#);
        check(&encoded("0.00000001"), r#""0.00000001""#);
    }

    #[test]
    fn what_a_decimal_cannot_hold_is_written_and_not_read() {
        let no_place = "but a decimal field has no place for";
        for (sign, name) in [(NAN, "NaN"), (INFINITY, "Infinity"), (NEGATIVE_INFINITY, "-Infinity")]
        {
            let binary = numeric(0, sign, 0, &[]);
            check(&binary, &format!("\"{name}\" {no_place} NaN and infinity"));
        }
        let long = "9".repeat(100);
        check(&encoded(&long), &format!("\"{long}\" {no_place} more than 28 digits"));
    }

    proptest! {
        #[test]
        fn every_number_is_written_as_its_own_text(
            text in "-?(0|[1-9][0-9]{0,13})(\\.[0-9]{1,14})?",
        ) {
            let is_zero = !text.bytes().any(|it| it.is_ascii_digit() && it != b'0');
            let expected = if is_zero { text.trim_start_matches('-') } else { &text };
            let actual = written(&any_field::<Decimal>(), &encoded(&text));
            prop_assert_eq!(actual, format!("\"{expected}\""));
        }
    }

    #[track_caller]
    fn check(binary: &[u8], expected: &str) {
        assert_eq!(written(&any_field::<Decimal>(), binary), expected);
    }

    /// As PostgreSQL sends it: no zero digits at either end.
    fn encoded(text: &str) -> Vec<u8> {
        let (sign, text) = text.strip_prefix('-').map_or((0, text), |it| (NEGATIVE, it));
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let whole = format!("{}{whole}", "0".repeat((4 - whole.len() % 4) % 4));
        let padded = format!("{fraction}{}", "0".repeat((4 - fraction.len() % 4) % 4));
        let all = format!("{whole}{padded}");
        let digits: Vec<i16> = all
            .as_bytes()
            .chunks(4)
            .map(|it| str::from_utf8(it).unwrap().parse().unwrap())
            .collect();
        let zeros = digits.iter().take_while(|it| **it == 0).count();
        let end = digits.iter().rposition(|it| *it != 0).map_or(zeros, |it| it + 1);
        let digits = &digits[zeros..end];
        let weight = whole.len() as i16 / 4 - 1 - zeros as i16;
        let (weight, sign) = if digits.is_empty() { (0, 0) } else { (weight, sign) };
        numeric(weight, sign, fraction.len() as u16, digits)
    }

    fn numeric(weight: i16, sign: u16, places: u16, digits: &[i16]) -> Vec<u8> {
        let count = digits.len() as u16;
        let mut binary = count.to_be_bytes().to_vec();
        binary.extend(weight.to_be_bytes());
        binary.extend(sign.to_be_bytes());
        binary.extend(places.to_be_bytes());
        digits.iter().for_each(|it| binary.extend(it.to_be_bytes()));
        binary
    }
}
