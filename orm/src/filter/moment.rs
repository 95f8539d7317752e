//! Moments by name: `now`, `today`, `start_of_month`, each with an offset like `-7d`.

use chrono::{DateTime, Datelike, Duration, Months, NaiveDate, NaiveTime, Utc};

use crate::field::date;

/// The moment that a macro stands for; `None` when it is no macro of time.
///
/// Offsets are a sign, a number and `d` (days), `w` (weeks), `m` (months), `y` (years) or `h`.
pub(crate) fn macro_moment(name: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let at = name.find(['+', '-']).unwrap_or(name.len());
    let (base, offset) = name.split_at(at);
    let today = now.date_naive();
    let start = match base {
        "now" => now,
        "today" => midnight(today),
        "start_of_month" => midnight(today.with_day(1)?),
        "start_of_year" => midnight(today.with_ordinal(1)?),
        _ => return None,
    };
    let moment = if offset.is_empty() { start } else { shift(start, offset)? };
    // As one that is written out: PostgreSQL begins later than the calendar here does.
    date::is_year(moment.year()).then_some(moment)
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

fn shift(from: DateTime<Utc>, offset: &str) -> Option<DateTime<Utc>> {
    let is_back = offset.starts_with('-');
    let unit = offset.chars().last()?;
    let digits = offset.get(1..offset.len() - unit.len_utf8())?;
    if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let count: u32 = digits.parse().ok()?;
    let months = |count: u32| {
        let months = Months::new(count);
        if is_back { from.checked_sub_months(months) } else { from.checked_add_months(months) }
    };
    let step = match unit {
        'h' => Duration::try_hours(i64::from(count))?,
        'd' => Duration::try_days(i64::from(count))?,
        'w' => Duration::try_weeks(i64::from(count))?,
        'm' => return months(count),
        'y' => return months(count.checked_mul(12)?),
        _ => return None,
    };
    if is_back { from.checked_sub_signed(step) } else { from.checked_add_signed(step) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_alone_is_a_moment() {
        check("now", "2026-03-31 13:14:15 UTC");
        check("today", "2026-03-31 00:00:00 UTC");
        check("start_of_month", "2026-03-01 00:00:00 UTC");
    }

    #[test]
    fn an_offset_moves_it() {
        check("today-7d", "2026-03-24 00:00:00 UTC");
        check("now+2h", "2026-03-31 15:14:15 UTC");
        check("today-1m", "2026-02-28 00:00:00 UTC");
        check("start_of_month+1y", "2027-03-01 00:00:00 UTC");
    }

    #[test]
    fn a_moment_lies_in_the_years_that_a_field_can_hold() {
        check("today-2025y", "0001-03-31 00:00:00 UTC");
        check("start_of_year+7973y", "9999-01-01 00:00:00 UTC");
        for name in ["today-2026y", "now+7974y", "now-9999999d", "start_of_month-100000m"] {
            check(name, "none");
        }
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for name in
            ["me", "today-", "today-d", "today-7", "today-7x", "today-99999999999y", "today- 7d"]
        {
            check(name, "none");
        }
    }

    #[track_caller]
    fn check(name: &str, expected: &str) {
        let now = "2026-03-31T13:14:15Z".parse().unwrap();
        let actual = macro_moment(name, now).map_or("none".to_owned(), |it| it.to_string());
        assert_eq!(actual, expected, "{name}");
    }
}
