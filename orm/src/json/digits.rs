//! Numbers of a fixed width in ASCII: the parts of days, times and numerics.

/// A number below 100, in two digits.
pub(crate) fn two_digits(number: u32) -> [u8; 2] {
    [digit(number / 10), digit(number)]
}

/// A number below 10 000, in four digits.
pub(crate) fn four_digits(number: u32) -> [u8; 4] {
    let ([a, b], [c, d]) = (two_digits(number / 100), two_digits(number));
    [a, b, c, d]
}

/// A number below 1 000 000, in six digits.
pub(crate) fn six_digits(number: u32) -> [u8; 6] {
    let ([a, b], [c, d, e, f]) = (two_digits(number / 10_000), four_digits(number));
    [a, b, c, d, e, f]
}

/// The last digit of a number.
fn digit(number: u32) -> u8 {
    b'0' + (number % 10) as u8
}

/// The number of at most nine digits; `None` when something else stands among them.
pub(crate) fn read_digits(text: &str) -> Option<u32> {
    let is_number = text.bytes().all(|it| it.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_filled_with_zeros() {
        check(&two_digits(7), "07");
        check(&two_digits(99), "99");
        check(&four_digits(30), "0030");
        check(&four_digits(9999), "9999");
        check(&six_digits(123_456), "123456");
        check(&six_digits(40), "000040");
    }

    #[test]
    fn only_digits_are_read() {
        assert_eq!(read_digits("0042"), Some(42));
        for text in ["", "+1", "-1", " 1", "1a", "٣"] {
            assert_eq!(read_digits(text), None, "{text}");
        }
    }

    #[track_caller]
    fn check(digits: &[u8], expected: &str) {
        assert_eq!(str::from_utf8(digits).unwrap(), expected);
    }
}
