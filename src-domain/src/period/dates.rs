//! Days, weeks and months of a period, and the period before it.

use beatbook_words::text;
use chrono::{Datelike, Days, Months, NaiveDate};

use super::{GroupBy, first_of_month};
use crate::time::{date_words, month_words};

/// The Monday of a day's week.
#[must_use]
pub fn monday_of(day: NaiveDate) -> NaiveDate {
    let since = u64::from(day.weekday().num_days_from_monday());
    day.checked_sub_days(Days::new(since)).unwrap_or(day)
}

/// The month of a day: its first day, and the first of the next.
#[must_use]
pub fn month_of(day: NaiveDate) -> (NaiveDate, NaiveDate) {
    let first = first_of_month(day);
    (first, first.checked_add_months(Months::new(1)).unwrap_or(first))
}

/// The period before: as many months where it begins with a month and lasts longer than three weeks (part of a month is
/// compared with the same part of the month before), else as many days.
#[must_use]
pub fn before(from: NaiveDate, until: NaiveDate) -> (NaiveDate, NaiveDate) {
    let days = until.signed_duration_since(from).num_days().max(1);
    let by_days = (from.checked_sub_days(Days::new(days.unsigned_abs())).unwrap_or(from), from);
    if from.day() != 1 || days <= 21 {
        return by_days;
    }
    let last = until.pred_opt().unwrap_or(until);
    let Ok(months) = u32::try_from(months_between(from, last) + 1) else { return by_days };
    let months = Months::new(months);
    match (from.checked_sub_months(months), until.checked_sub_months(months)) {
        (Some(from_before), Some(until_before)) => (from_before, until_before.min(from)),
        _ => by_days,
    }
}

fn months_between(from: NaiveDate, until: NaiveDate) -> i64 {
    let months = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
    months(until) - months(from)
}

/// Which day, week or month of a period that begins with `from` a day is in, from 0.
pub(super) fn ordinal(by: GroupBy, from: NaiveDate, day: NaiveDate) -> i64 {
    match by {
        GroupBy::Week => monday_of(day).signed_duration_since(monday_of(from)).num_days() / 7,
        GroupBy::Month => months_between(from, day),
        _ => day.signed_duration_since(from).num_days(),
    }
}

/// How many there are.
pub(super) fn count(by: GroupBy, from: NaiveDate, until: NaiveDate) -> i64 {
    if until <= from {
        return 0;
    }
    ordinal(by, from, until.pred_opt().unwrap_or(until)) + 1
}

/// The first day of the n-th. A week keeps its Monday, also where the period begins later.
pub(super) fn nth(by: GroupBy, from: NaiveDate, place: i64) -> NaiveDate {
    let days = |start: NaiveDate, n: i64| {
        let n_days = Days::new(n.unsigned_abs());
        let moved = if n < 0 { start.checked_sub_days(n_days) } else { start.checked_add_days(n_days) };
        moved.unwrap_or(start)
    };
    match by {
        GroupBy::Week => days(monday_of(from), place * 7),
        GroupBy::Month => {
            let first = first_of_month(from);
            let months = Months::new(u32::try_from(place.unsigned_abs()).unwrap_or(0));
            let moved =
                if place < 0 { first.checked_sub_months(months) } else { first.checked_add_months(months) };
            moved.unwrap_or(first)
        }
        _ => days(from, place),
    }
}

/// As shown: `Fri 27 Nov`, `week from Mon 23 Nov`, `Nov 2026`.
pub(super) fn label(by: GroupBy, first: NaiveDate) -> String {
    match by {
        GroupBy::Week => text!(week_from, day = date_words(first)),
        GroupBy::Month => month_words(first),
        _ => date_words(first),
    }
}

/// A period as shown: `Nov 2026` for a whole month, `Fri 27 Nov 2026` for a day, else first and last day.
#[must_use]
pub fn period_words(from: NaiveDate, until: NaiveDate) -> String {
    if (from, until) == month_of(from) {
        return month_words(from);
    }
    let last = until.pred_opt().unwrap_or(until);
    let with_year = |day: NaiveDate| format!("{} {}", date_words(day), day.year());
    if last <= from { with_year(from) } else { format!("{} – {}", date_words(from), with_year(last)) }
}
