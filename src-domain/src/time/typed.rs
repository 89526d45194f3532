//! A time of day typed by hand, such as `22:05`, as the instant it most likely means: the last one not in the future, the
//! first after a moment, or the nearest to one.

use chrono::{Days, NaiveDate, NaiveTime};

use super::{LocalTime, Millis, at_local, local};

/// How far ahead of now a typed time may lie before it is taken as yesterday's, in milliseconds. Clocks differ a little.
const AHEAD_MS: i64 = 5 * 60_000;

/// The instant a typed time of day means, seen from `now`; `None` when it is no time of day. In the autumn hour that
/// runs twice, the later of the two that has been, unless `BST` is typed after it.
#[must_use]
pub fn instant_of(typed: &str, now: Millis) -> Option<Millis> {
    around(typed, now)?.into_iter().rev().find(|at| at.since(now) <= AHEAD_MS)
}

/// The first instant of a typed time of day after `from`, within a day.
#[must_use]
pub fn first_after(typed: &str, from: Millis) -> Option<Millis> {
    around(typed, from)?.into_iter().find(|at| *at > from)
}

/// The instant of a typed time of day nearest to `at`.
#[must_use]
pub fn nearest(typed: &str, at: Millis) -> Option<Millis> {
    around(typed, at)?.into_iter().min_by_key(|found| found.since(at).abs())
}

/// The instant of a typed time of day on a day. In the hour that runs twice the first of the two, unless `GMT` is typed.
#[must_use]
pub fn on_day(typed: &str, day: NaiveDate) -> Option<Millis> {
    instants(typed, &[day])?.into_iter().next()
}

/// The instants of a typed time of day on the day of a moment and on those beside it, in order.
fn around(typed: &str, moment: Millis) -> Option<Vec<Millis>> {
    let day = local(moment).date_naive();
    let days = [day.checked_sub_days(Days::new(1)), Some(day), day.checked_add_days(Days::new(1))];
    instants(typed, &days.into_iter().flatten().collect::<Vec<_>>())
}

fn instants(typed: &str, days: &[NaiveDate]) -> Option<Vec<Millis>> {
    let mut parts = typed.split_whitespace();
    let (time, zone) = (time_of_day(parts.next()?)?, parts.next());
    let instants = days.iter().flat_map(|date| match at_local(date.and_time(time)) {
        LocalTime::Once(at) | LocalTime::Skipped { moved_on: at } => vec![at],
        LocalTime::Twice { first, .. } if zone == Some("BST") => vec![first],
        LocalTime::Twice { second, .. } if zone == Some("GMT") => vec![second],
        LocalTime::Twice { first, second } => vec![first, second],
    });
    Some(instants.collect())
}

/// `22:05`, `22.05`, `2205`, `9:05`.
fn time_of_day(typed: &str) -> Option<NaiveTime> {
    let (hours, minutes) = match typed.split_once([':', '.']) {
        Some(parts) => parts,
        None if typed.len() == 4 && typed.is_ascii() => typed.split_at(2),
        None => return None,
    };
    NaiveTime::from_hms_opt(hours.parse().ok()?, minutes.parse().ok()?, 0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::time::clock;

    /// 28 Nov 2026, 00:20 GMT.
    const NOW: Millis = Millis(1_795_825_200_000);

    #[test]
    fn a_time_before_midnight_is_yesterdays() {
        assert_eq!(clock(NOW), "00:20");
        let told = instant_of("22:05", NOW).unwrap();
        assert_eq!(NOW.since(told), (2 * 60 + 15) * 60_000);
        assert_eq!(instant_of("2205", NOW), Some(told));
        assert_eq!(instant_of(" 22.05 ", NOW), Some(told));
        assert_eq!(instant_of("22:05 GMT", NOW), Some(told));
        assert_eq!(clock(instant_of("00:10", NOW).unwrap()), "00:10");
    }

    #[test]
    fn the_hour_that_runs_twice_can_be_told_apart() {
        // 25 Oct 2026, 03:00 GMT; 01:30 came at 00:30 UTC (BST) and at 01:30 UTC (GMT).
        let now = Millis(1_792_897_200_000);
        let (bst, gmt) = (instant_of("01:30 BST", now).unwrap(), instant_of("01:30", now).unwrap());
        assert_eq!(gmt.since(bst), 60 * 60_000);
        assert_eq!(clock(bst), "01:30 BST");
    }

    #[test]
    fn an_end_lies_after_its_beginning_and_a_correction_near_what_stood() {
        let (ten, four) = (instant_of("22:00", NOW).unwrap(), first_after("04:00", NOW).unwrap());
        assert_eq!(four.since(NOW), (3 * 60 + 40) * 60_000, "04:00 comes after 00:20");
        assert_eq!(
            first_after("22:00", ten).unwrap().since(ten),
            24 * 60 * 60_000,
            "the same time is a day later"
        );
        let days_ago = Millis(ten.0 - 3 * 24 * 60 * 60_000);
        assert_eq!(days_ago.since(nearest("21:45", days_ago).unwrap()), 15 * 60_000);
        assert_eq!(nearest("00:10", days_ago).unwrap().since(days_ago), (2 * 60 + 10) * 60_000);
    }

    #[test]
    fn a_time_on_a_day_is_of_that_day_on_both_nights_the_clocks_change() {
        let shown = |typed: &str, y, m, d| {
            let at = on_day(typed, NaiveDate::from_ymd_opt(y, m, d).unwrap()).unwrap();
            format!("{} {}", crate::time::day(at), clock(at))
        };
        assert_eq!(shown("21:00", 2026, 11, 27), "Fri 27 Nov 21:00");
        assert_eq!(shown("00:30", 2026, 11, 28), "Sat 28 Nov 00:30");
        assert_eq!(shown("01:30", 2026, 10, 25), "Sun 25 Oct 01:30 BST");
        assert_eq!(shown("01:30 GMT", 2026, 10, 25), "Sun 25 Oct 01:30 GMT");
        assert_eq!(shown("01:30", 2027, 3, 28), "Sun 28 Mar 02:00 BST");
    }

    #[test]
    fn words_are_no_time() {
        for typed in ["", "soon", "25:00", "22:61", "22:", "12345"] {
            assert_eq!(instant_of(typed, NOW), None, "{typed}");
        }
    }
}
