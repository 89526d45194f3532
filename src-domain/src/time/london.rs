//! London's wall clock: the local date a shift belongs to, and times as people read them (`22:14`, `Fri 27 Nov`,
//! `2 h 23 min`). GMT or BST is named only on the night the clocks change, when an hour runs twice or not at all.

use beatbook_words::text;
use chrono::{
    DateTime, Datelike, Days, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone,
    Timelike, Weekday,
};
use chrono_tz::{Europe::London, OffsetName, Tz};

use super::{HOUR_MS, MINUTE_MS, Millis};
use crate::words;

/// The evening hour from which a shift may run into a change of the clocks.
const NIGHT_FROM_HOUR: u32 = 18;
/// The morning hour by which such a shift is over.
const NIGHT_UNTIL_HOUR: u32 = 10;

/// The instant on London's wall clock.
#[must_use]
pub fn local(at: Millis) -> DateTime<Tz> {
    at.to_utc().with_timezone(&London)
}

/// London's offset from UTC at this instant, in minutes: 0 (GMT) or 60 (BST).
#[must_use]
pub fn offset_minutes(at: Millis) -> i32 {
    local(at).offset().fix().local_minus_utc() / 60
}

/// The date a shift is filed under: the local date of its start, also when it ends the next morning.
#[must_use]
pub fn duty_date(shift_start: Millis) -> NaiveDate {
    local(shift_start).date_naive()
}

/// What a time typed on London's wall clock may mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LocalTime {
    /// One instant, as on all but two nights a year.
    Once(Millis),
    /// The autumn hour that runs twice: ask which.
    Twice {
        /// By summer time (BST).
        first: Millis,
        /// By winter time (GMT).
        second: Millis,
    },
    /// The spring hour that does not exist; the instant the clocks moved on.
    Skipped {
        /// 02:00 BST of that night.
        moved_on: Millis,
    },
}

/// The instant or instants at which London's clocks show `wall`.
#[must_use]
pub fn at_local(wall: NaiveDateTime) -> LocalTime {
    match London.from_local_datetime(&wall) {
        MappedLocalTime::Single(at) => LocalTime::Once(at.to_utc().into()),
        MappedLocalTime::Ambiguous(first, second) => {
            LocalTime::Twice { first: first.to_utc().into(), second: second.to_utc().into() }
        }
        // The gap lies wholly between 01:00 and 02:00 local, which begins at 01:00 UTC.
        MappedLocalTime::None => {
            let one = NaiveTime::from_hms_opt(1, 0, 0).unwrap_or_default();
            LocalTime::Skipped { moved_on: wall.date().and_time(one).and_utc().into() }
        }
    }
}

/// Is this in the night (18:00 to 10:00) in which London's clocks change?
#[must_use]
pub fn clocks_change_near(at: Millis) -> bool {
    let here = local(at);
    let morning = match here.hour() {
        hour if hour >= NIGHT_FROM_HOUR => here.date_naive().checked_add_days(Days::new(1)),
        hour if hour < NIGHT_UNTIL_HOUR => Some(here.date_naive()),
        _ => None,
    };
    let midnight_offset =
        |date: NaiveDate| London.offset_from_utc_datetime(&date.and_time(NaiveTime::MIN)).fix();
    morning
        .and_then(|date| Some((date, date.checked_add_days(Days::new(1))?)))
        .is_some_and(|(date, next)| midnight_offset(date) != midnight_offset(next))
}

/// When a day begins in London. (The clocks never change at midnight.)
#[must_use]
pub fn day_begins(day: NaiveDate) -> Millis {
    match at_local(day.and_time(NaiveTime::MIN)) {
        LocalTime::Once(at) | LocalTime::Twice { first: at, .. } | LocalTime::Skipped { moved_on: at } => at,
    }
}

/// `22:14`; on the night the clocks change `01:30 BST` or `01:30 GMT`.
#[must_use]
pub fn clock(at: Millis) -> String {
    let here = local(at);
    let plain = format!("{:02}:{:02}", here.hour(), here.minute());
    match here.offset().abbreviation() {
        Some(zone) if clocks_change_near(at) => format!("{plain} {zone}"),
        _ => plain,
    }
}

/// `Fri 27 Nov`, by London's date.
#[must_use]
pub fn day(at: Millis) -> String {
    date_words(duty_date(at))
}

/// `Nov 2026`.
#[must_use]
pub fn month_words(day: NaiveDate) -> String {
    format!("{} {}", month(day.month0()), day.year())
}

/// `Fri 27 Nov`.
#[must_use]
pub fn date_words(date: NaiveDate) -> String {
    format!("{} {} {}", weekday(date.weekday()), date.day(), month(date.month0()))
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => words::DAY_MON,
        Weekday::Tue => words::DAY_TUE,
        Weekday::Wed => words::DAY_WED,
        Weekday::Thu => words::DAY_THU,
        Weekday::Fri => words::DAY_FRI,
        Weekday::Sat => words::DAY_SAT,
        Weekday::Sun => words::DAY_SUN,
    }
}

/// English month names whatever the machine's language, so that a sealed label reads the same everywhere.
fn month(month0: u32) -> &'static str {
    const NAMES: [&str; 12] = [
        words::MONTH_JAN,
        words::MONTH_FEB,
        words::MONTH_MAR,
        words::MONTH_APR,
        words::MONTH_MAY,
        words::MONTH_JUN,
        words::MONTH_JUL,
        words::MONTH_AUG,
        words::MONTH_SEP,
        words::MONTH_OCT,
        words::MONTH_NOV,
        words::MONTH_DEC,
    ];
    NAMES.get(month0 as usize).copied().unwrap_or("?")
}

/// `Fri 27 Nov, 22:14`.
#[must_use]
pub fn day_clock(at: Millis) -> String {
    format!("{}, {}", day(at), clock(at))
}

/// `22:29–22:38`; with the days named where they differ by more than one night.
#[must_use]
pub fn range(from: Millis, until: Millis) -> String {
    if until.since(from).abs() < 24 * HOUR_MS {
        format!("{}–{}", clock(from), clock(until))
    } else {
        format!("{} – {}", day_clock(from), day_clock(until))
    }
}

/// `2 h 23 min`, `3 h 05 min`, `2 h`, `12 min`, `0 min`. Part minutes are dropped, a negative length shows as `0 min`.
#[must_use]
pub fn duration(ms: i64) -> String {
    let minutes = ms.max(0) / MINUTE_MS;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => text!(length_minutes, minutes = minutes.to_string()),
        (hours, 0) => text!(length_hours, hours = hours.to_string()),
        (hours, minutes) => {
            text!(length_hours_minutes, hours = hours.to_string(), minutes = format!("{minutes:02}"))
        }
    }
}

/// `written 3 h 40 min after`, for an entry written at least a minute after what it tells of ended; else nothing.
#[must_use]
pub fn late_by(happened: Millis, written: Millis) -> Option<String> {
    let late = written.since(happened);
    (late >= MINUTE_MS).then(|| text!(written_after, length = duration(late)))
}

/// ISO 8601 with London's offset, for exports: `2026-10-25T01:30:00+01:00`.
#[must_use]
pub fn iso(at: Millis) -> String {
    local(at).format("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::time::{Interval, union_length};
    use proptest::prelude::*;

    fn at(text: &str) -> Millis {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc().into()
    }

    fn wall(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    fn once(text: &str) -> Millis {
        match at_local(wall(text)) {
            LocalTime::Once(at) => at,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn the_autumn_night_shift_lasts_ten_hours() {
        let (start, end) = (once("2026-10-24 22:00"), once("2026-10-25 07:00"));
        assert_eq!(union_length(&[Interval::new(start, end)]), 10 * HOUR_MS);
        assert_eq!(duration(end.since(start)), "10 h");
        assert_eq!(duty_date(start).to_string(), "2026-10-24");
        assert_eq!((offset_minutes(start), offset_minutes(end)), (60, 0));
        assert_eq!(range(start, end), "22:00 BST–07:00 GMT");
    }

    #[test]
    fn the_spring_night_shift_lasts_eight_hours() {
        let (start, end) = (once("2027-03-27 22:00"), once("2027-03-28 07:00"));
        assert_eq!(union_length(&[Interval::new(start, end)]), 8 * HOUR_MS);
        assert_eq!(duty_date(start).to_string(), "2027-03-27");
        assert_eq!(range(start, end), "22:00 GMT–07:00 BST");
    }

    #[test]
    fn the_hour_that_runs_twice_is_told_apart() {
        let (first, second) = (at("2026-10-25T00:30:00Z"), at("2026-10-25T01:30:00Z"));
        assert_eq!(at_local(wall("2026-10-25 01:30")), LocalTime::Twice { first, second });
        assert_eq!((clock(first).as_str(), clock(second).as_str()), ("01:30 BST", "01:30 GMT"));
        assert_eq!(iso(first), "2026-10-25T01:30:00+01:00");
        assert_eq!(iso(second), "2026-10-25T01:30:00+00:00");
    }

    #[test]
    fn the_hour_that_is_skipped_is_named() {
        let moved_on = at("2027-03-28T01:00:00Z");
        assert_eq!(at_local(wall("2027-03-28 01:30")), LocalTime::Skipped { moved_on });
        assert_eq!(clock(moved_on), "02:00 BST");
        assert_eq!(clock(moved_on.plus(-MINUTE_MS)), "00:59 GMT");
    }

    #[test]
    fn the_zone_is_named_on_that_night_only() {
        assert_eq!(clock(at("2026-11-27T22:14:00Z")), "22:14");
        assert_eq!(clock(at("2026-07-03T21:14:00Z")), "22:14");
        assert_eq!(clock(once("2026-10-24 17:59")), "17:59");
        assert_eq!(clock(once("2026-10-24 18:00")), "18:00 BST");
        assert_eq!(clock(once("2026-10-25 09:59")), "09:59 GMT");
        assert_eq!(clock(once("2026-10-25 10:00")), "10:00");
        assert_eq!(clock(once("2026-10-25 22:00")), "22:00");
    }

    #[test]
    fn words_as_the_screens_show_them() {
        let written = at("2026-11-27T22:14:59Z");
        assert_eq!(day(written), "Fri 27 Nov");
        assert_eq!(day_clock(written), "Fri 27 Nov, 22:14");
        assert_eq!(range(written, written.plus(9 * MINUTE_MS)), "22:14–22:23");
        assert_eq!(range(written, written.plus(24 * HOUR_MS)), "Fri 27 Nov, 22:14 – Sat 28 Nov, 22:14");
        for (ms, text) in [
            (143 * MINUTE_MS, "2 h 23 min"),
            (185 * MINUTE_MS, "3 h 05 min"),
            (120 * MINUTE_MS, "2 h"),
            (12 * MINUTE_MS + 59_999, "12 min"),
            (59_999, "0 min"),
            (-5, "0 min"),
            (1550 * MINUTE_MS, "25 h 50 min"),
        ] {
            assert_eq!(duration(ms), text);
        }
        assert_eq!(late_by(Millis(0), Millis(220 * MINUTE_MS)).as_deref(), Some("written 3 h 40 min after"));
        assert_eq!(late_by(Millis(0), Millis(59_000)), None);
        assert_eq!(late_by(Millis(60_000), Millis(0)), None);
    }

    proptest! {
        /// Any instant put on the wall comes back, as itself or as one of the two it may be.
        #[test]
        fn wall_and_back(minute in 0i64..45_000_000) {
            let instant = Millis(minute * MINUTE_MS);
            let back = match at_local(local(instant).naive_local()) {
                LocalTime::Once(at) => at == instant,
                LocalTime::Twice { first, second } => (first == instant || second == instant) && second.since(first) == HOUR_MS,
                LocalTime::Skipped { .. } => false,
            };
            prop_assert!(back);
        }
    }
}
