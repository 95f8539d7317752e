//! A number in JSON's notation, taken apart without ever being a float.

/// The exact value of a number: `coefficient × 10^exponent`, its sign apart.
///
/// **Invariant:** the coefficient does not end in a zero unless it is zero, so a number with a
/// negative exponent is no integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number {
    is_negative: bool,
    /// `None` when it has more than [`DIGITS_MAX`] digits, which fits no column.
    coefficient: Option<u128>,
    /// How many digits the coefficient has; of zero, none.
    length: i64,
    exponent: i64,
}

/// As many digits as a `u128` holds, whatever they are.
const DIGITS_MAX: i64 = 38;

/// Far beyond every column, and far from an overflow when lengths are added.
const EXPONENT_MAX: i64 = 1 << 40;

/// Whether a text is a number as JSON writes it: no `+`, no spaces, no leading zeros, no `NaN`.
pub(crate) fn is_number(text: &str) -> bool {
    Parts::of(text).is_some()
}

impl Number {
    /// The number that a text writes; `None` when it writes none.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let Parts { is_negative, whole, fraction, exponent } = Parts::of(text)?;
        let digits = || whole.bytes().chain(fraction.bytes());
        let leading = digits().take_while(|it| *it == b'0').count();
        let trailing = digits().rev().take_while(|it| *it == b'0').count();
        let total = whole.len() + fraction.len();
        if leading == total {
            return Some(Self { is_negative: false, coefficient: Some(0), length: 0, exponent: 0 });
        }
        let length = to_i64(total - leading - trailing);
        let append = |sum: u128, digit: u8| sum * 10 + u128::from(digit - b'0');
        let kept = total - leading - trailing;
        Some(Self {
            is_negative,
            coefficient: (length <= DIGITS_MAX)
                .then(|| digits().skip(leading).take(kept).fold(0, append)),
            length,
            exponent: exponent - to_i64(fraction.len()) + to_i64(trailing),
        })
    }

    /// The number `mantissa × 10^-scale`.
    pub(crate) fn of_scaled(mantissa: i128, scale: u32) -> Self {
        let mut coefficient = mantissa.unsigned_abs();
        let mut exponent = -i64::from(scale);
        if coefficient == 0 {
            exponent = 0;
        }
        while coefficient != 0 && coefficient.is_multiple_of(10) {
            coefficient /= 10;
            exponent += 1;
        }
        Self {
            is_negative: mantissa < 0,
            coefficient: Some(coefficient),
            length: coefficient.checked_ilog10().map_or(0, |it| i64::from(it) + 1),
            exponent,
        }
    }

    /// Decimal places that it needs.
    pub(crate) fn places(&self) -> i64 {
        (-self.exponent).max(0)
    }

    /// Digits before the point; of a number below 0.1, less than none.
    pub(crate) fn whole_digits(&self) -> i64 {
        self.length + self.exponent
    }

    /// Digits from the first that is not zero to the last, and to the point.
    pub(crate) fn digits(&self) -> i64 {
        self.length.max(self.whole_digits()).max(0)
    }

    /// The integer `number × 10^scale`; `None` when that is no integer or beyond `i128`.
    pub(crate) fn scaled(&self, scale: u32) -> Option<i128> {
        let zeros = u32::try_from(self.exponent + i64::from(scale)).ok()?;
        let value = self.coefficient?.checked_mul(10_u128.checked_pow(zeros)?)?;
        let value = i128::try_from(value).ok()?;
        Some(if self.is_negative { -value } else { value })
    }
}

/// A length as a number to count with; a text of 2^63 bytes does not exist.
fn to_i64(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(EXPONENT_MAX)
}

struct Parts<'a> {
    is_negative: bool,
    whole: &'a str,
    fraction: &'a str,
    exponent: i64,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let (is_negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, rest) = split_digits(rest)?;
        if whole.len() > 1 && whole.starts_with('0') {
            return None;
        }
        let (fraction, rest) = match rest.strip_prefix('.') {
            Some(rest) => split_digits(rest)?,
            None => ("", rest),
        };
        let exponent = match rest.strip_prefix(['e', 'E']) {
            Some(rest) => parse_exponent(rest)?,
            None if rest.is_empty() => 0,
            None => return None,
        };
        Some(Self { is_negative, whole, fraction, exponent })
    }
}

/// The digits at the start, of which there must be some, and what follows.
fn split_digits(text: &str) -> Option<(&str, &str)> {
    let length = text.bytes().position(|it| !it.is_ascii_digit()).unwrap_or(text.len());
    (length > 0).then(|| text.split_at(length))
}

fn parse_exponent(text: &str) -> Option<i64> {
    let (is_negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (digits, rest) = split_digits(rest)?;
    let append = |sum: i64, digit: u8| (sum * 10 + i64::from(digit - b'0')).min(EXPONENT_MAX);
    let exponent = digits.bytes().fold(0, append);
    rest.is_empty().then_some(if is_negative { -exponent } else { exponent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_json_calls_a_number_is_one() {
        for text in ["0", "-0", "10", "0.5", "1e3", "1E+3", "-1.25e-3"] {
            assert!(is_number(text), "{text}");
        }
        for text in ["", "-", "+1", "01", "1.", ".5", "1e", "1e+", " 1", "1 ", "NaN", "0x1", "١"] {
            assert!(!is_number(text), "{text}");
        }
    }

    #[test]
    fn different_notations_of_one_number_are_equal() {
        check("1000", "1 digits, 0 places: 1000");
        check("1e3", "1 digits, 0 places: 1000");
        check("1000.000", "1 digits, 0 places: 1000");
        check("0.1e4", "1 digits, 0 places: 1000");
        check("-12.50", "3 digits, 1 places: -1250e-2");
        check("-0.00", "0 digits, 0 places: 0");
        check("0e999999999999999999999", "0 digits, 0 places: 0");
        check("0.001", "1 digits, 3 places: no integer of hundredths");
    }

    #[test]
    fn a_huge_exponent_costs_nothing() {
        check("1e999999999999999999999", "1 digits, 0 places: no integer of hundredths");
        check(
            "1e-999999999999999999999",
            "1 digits, 1099511627776 places: no integer of hundredths",
        );
    }

    #[test]
    fn a_decimal_and_its_text_are_one_number() {
        for (mantissa, scale, text) in [(1250, 2, "12.5"), (0, 5, "0"), (-7, 3, "-0.007")] {
            assert_eq!(Some(Number::of_scaled(mantissa, scale)), Number::of(text));
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let number = Number::of(text).unwrap();
        let value = match (number.scaled(0), number.scaled(2)) {
            (Some(whole), _) => whole.to_string(),
            (None, Some(hundredths)) => format!("{hundredths}e-2"),
            (None, None) => "no integer of hundredths".to_owned(),
        };
        let actual = format!("{} digits, {} places: {value}", number.length, number.places());
        assert_eq!(actual, expected);
    }
}
