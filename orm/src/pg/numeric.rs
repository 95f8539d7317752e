//! A decimal in the binary form of `numeric`, each digit and the scale as they are.
//!
//! The form that the decimal's own crate writes loses the decimal places of a zero.

use bytes::{BufMut, BytesMut};
use rust_decimal::Decimal;

/// Decimal digits in a group, and how many values a group has.
const GROUP_DIGITS: u32 = 4;
const GROUP: u128 = 10_000;
/// A decimal has 29 digits at most, and aligning adds three.
const GROUPS_MAX: usize = 8;
const NEGATIVE: u16 = 0x4000;

/// Appends how many groups there are, the weight of the first, the sign, the scale, the groups.
pub(super) fn write_numeric(value: Decimal, out: &mut BytesMut) {
    // Groups are aligned to the decimal point, not to the last digit.
    let groups_behind_point = value.scale().div_ceil(GROUP_DIGITS);
    let shift = groups_behind_point * GROUP_DIGITS - value.scale();
    let mut rest = value.mantissa().unsigned_abs() * 10_u128.pow(shift);

    let mut groups = [0_u16; GROUPS_MAX];
    let mut length = 0;
    while rest > 0 {
        groups[length] = u16::try_from(rest % GROUP).expect("less than a group");
        rest /= GROUP;
        length += 1;
    }
    let zeros = groups[..length].iter().take_while(|it| **it == 0).count();
    let sent = &groups[zeros..length];
    let is_negative = value.is_sign_negative() && length > 0;

    // Nothing here is above 29, so that the casts change no number.
    out.put_i16(sent.len() as i16);
    out.put_i16(if length > 0 { length as i16 - groups_behind_point as i16 - 1 } else { 0 });
    out.put_u16(if is_negative { NEGATIVE } else { 0 });
    out.put_u16(value.scale() as u16);
    sent.iter().rev().for_each(|it| out.put_u16(*it));
}
