//! The arithmetic between day numbers and calendar days, for all years alike.

/// Year, month and day of the day that lies so many days after 2000-01-01.
///
/// `civil_from_days` of Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms": years
/// begin in March, so that the leap day is their last, and come in eras of 400.
pub(crate) fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let days = days + DAYS_BEFORE_2000;
    let era = days.div_euclid(DAYS_OF_ERA);
    let day_of_era = days.rem_euclid(DAYS_OF_ERA);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month as u32, day as u32)
}

/// From the first of March of the year 0.
const DAYS_BEFORE_2000: i64 = 730_425;

/// In 400 years.
const DAYS_OF_ERA: i64 = 146_097;

#[cfg(test)]
mod tests {
    use chrono::{Datelike, NaiveDate};
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::civil_from_days;

    #[test]
    fn the_turns_of_years_and_centuries_are_right() {
        assert_eq!(civil_from_days(0), (2000, 1, 1));
        assert_eq!(civil_from_days(-1), (1999, 12, 31));
        assert_eq!(civil_from_days(59), (2000, 2, 29));
        assert_eq!(civil_from_days(60), (2000, 3, 1));
        assert_eq!(civil_from_days(2_921_939), (9999, 12, 31));
        assert_eq!(civil_from_days(-730_119), (1, 1, 1));
    }

    proptest! {
        #[test]
        fn every_day_is_the_one_of_chrono(days in -3_000_000_i32..5_000_000) {
            let day = NaiveDate::from_num_days_from_ce_opt(days + 730_120).unwrap();
            let (year, month, day) = (i64::from(day.year()), day.month(), day.day());
            prop_assert_eq!(civil_from_days(days.into()), (year, month, day));
        }
    }
}
