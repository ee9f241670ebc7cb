//! Days as calendar dates: what typed columns and workbooks hold where a text table has a text.

/// The day so many days after 1970-01-01, as `2020-01-31` (proleptic Gregorian calendar).
///
/// Years are counted from March of year 0, in cycles of 400 years of 146,097 days, so that the leap day is the last of its year.
pub(crate) fn of_days(days: i64) -> String {
    // Day 0 of the count, 0000-03-01, is 719,468 days before 1970-01-01. Beyond some million years nobody asks for the day.
    let shifted = days.clamp(-1_000_000_000, 1_000_000_000) + 719_468;
    let (cycle, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, carried) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    let year = year + 400 * cycle + carried;
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::of_days;

    #[test]
    fn days_are_the_dates_of_the_calendar() {
        for (days, date) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (18_262, "2020-01-01"),
            (18_321, "2020-02-29"),
            (18_322, "2020-03-01"),
            (-25_567, "1900-01-01"),
            (47_540, "2100-02-28"),
            (47_541, "2100-03-01"),
            (-719_468, "0000-03-01"),
        ] {
            assert_eq!(of_days(days), date, "{days}");
        }
    }

    /// Every day follows the one before it: the next day, the first of the next month, or New Year.
    #[test]
    fn no_day_is_left_out() {
        let parts = |date: String| -> Vec<u32> { date.split('-').map(|p| p.parse().unwrap()).collect() };
        for days in 0..160_000 {
            let (a, b) = (parts(of_days(days)), parts(of_days(days + 1)));
            let next_day = a[0] == b[0] && a[1] == b[1] && a[2] + 1 == b[2];
            let next_month = a[0] == b[0] && a[1] + 1 == b[1] && a[2] >= 28 && b[2] == 1;
            let next_year = a[0] + 1 == b[0] && a[1..] == [12, 31] && b[1..] == [1, 1];
            assert!(next_day || next_month || next_year, "{a:?} {b:?}");
        }
    }
}
