//! The briefing, the plans, and visits planned and made.

use beatbook_domain::summary::{Excuse, PlannedLine, VisitFigures};
use beatbook_domain::time::{self, MINUTE_MS, Millis};
use beatbook_protocol::ipc::{BriefingCard, BriefingRead, PlannedHere, ReadRow};
use chrono::NaiveDate;

use super::text;

/// `tonight`, or the day.
fn when(from: Millis, now: Millis) -> String {
    if time::duty_date(from) == time::duty_date(now) || from <= now {
        super::FOR_TONIGHT.to_owned()
    } else {
        time::day(from)
    }
}

/// `Briefing for tonight: 4 areas, 6 visits, until 02:00`.
#[must_use]
pub fn briefing_heading(card: &BriefingCard, now: Millis) -> String {
    text!(
        briefing_heading,
        when = when(card.from, now),
        areas = card.areas,
        visits = card.visits,
        until = time::clock(card.until)
    )
}

/// Where it stands with this officer.
#[must_use]
pub fn briefing_line(card: &BriefingCard, now: Millis) -> String {
    match card.read {
        BriefingRead::New => super::BRIEFING_NEW.to_owned(),
        BriefingRead::Changed => super::BRIEFING_CHANGED.to_owned(),
        BriefingRead::Current if now < card.from => text!(briefing_read_now, from = time::clock(card.from)),
        BriefingRead::Current => text!(briefing_read_made, made = card.made, visits = card.visits),
    }
}

/// `You acknowledged version 2 at 20:41`.
#[must_use]
pub fn acknowledged(version: u32, read: &BriefingRead, at: Option<Millis>) -> String {
    match (read, at) {
        (BriefingRead::Current, Some(at)) => {
            text!(acknowledged_at, version = version, time = time::clock(at))
        }
        _ => text!(not_acknowledged, version = version),
    }
}

/// `2 of 6`.
#[must_use]
pub fn n_of_m(made: u32, visits: u32) -> String {
    text!(n_of_m, made = made, visits = visits)
}

/// `Stay 10 to 16 min · a visit at least every 2 h`.
#[must_use]
pub fn area_rhythm((from, to): (u32, u32), gap: Option<u32>) -> String {
    match gap {
        Some(gap) => {
            let gap = time::duration(i64::from(gap) * MINUTE_MS);
            text!(area_rhythm_gap, from = from, to = to, gap = gap)
        }
        None => text!(area_rhythm, from = from, to = to),
    }
}

/// `2 visits · 1 made`.
#[must_use]
pub fn window_visits(visits: u32, made: u32) -> String {
    text!(window_visits, visits = visits, made = made)
}

/// `Do otherwise: Tombland, 21:00–23:00`.
#[must_use]
pub fn otherwise_name(area: &str, from: Millis, until: Millis) -> String {
    text!(otherwise_name, area = area, time = time::range(from, until))
}

/// What a shift starts with from the briefing.
#[must_use]
pub fn start_from_briefing(card: &BriefingCard) -> String {
    let until = time::clock(card.until);
    match &card.supervisor {
        Some(supervisor) => text!(start_from_briefing_led, until = until, supervisor = supervisor),
        None => text!(start_from_briefing, until = until),
    }
}

/// `Planned 21:00–23:00 · 1 of 2 made`.
#[must_use]
pub fn planned_here(here: &PlannedHere) -> String {
    text!(planned_here, time = time::range(here.from, here.until), made = here.made, visits = here.visits)
}

/// `Copy Fri 20 Nov`.
#[must_use]
pub fn copy_last(day: &str) -> String {
    text!(copy_last, day = day)
}

/// A night as a choice: `Tonight, Fri 27 Nov`, `Sat 28 Nov`.
#[must_use]
pub fn night(night: NaiveDate, tonight: NaiveDate) -> String {
    let day = time::typed::on_day("12:00", night).map(time::day).unwrap_or_default();
    if night == tonight { text!(tonight_is, day = day) } else { day }
}

/// `Tombland, window 2`.
#[must_use]
pub fn window_n(area: &str, number: usize) -> String {
    text!(window_n, area = area, number = u32::try_from(number).unwrap_or(u32::MAX))
}

/// `Leave Tombland out`.
#[must_use]
pub fn remove_area(area: &str) -> String {
    text!(remove_area, area = area)
}

/// `version 2`.
#[must_use]
pub fn plan_version(version: u32) -> String {
    text!(plan_version, version = version)
}

/// `6 visits by each unit`.
#[must_use]
pub fn plan_visits(visits: u32) -> String {
    text!(plan_visits, visits = visits)
}

/// Which version somebody has read.
#[must_use]
pub fn read_version(row: &ReadRow) -> String {
    match (row.version, row.current) {
        (Some(version), true) => text!(read_current, version = version),
        (Some(version), false) => text!(read_older, version = version),
        (None, _) => super::READ_UNKNOWN.to_owned(),
    }
}

/// `Not read yet: PC 1377, PC 2206`.
#[must_use]
pub fn not_read_yet(who: &[String]) -> String {
    text!(not_read_yet, who = who.join(", "))
}

/// `5 with an end, 60% in their band`.
#[must_use]
pub fn visits_note(figures: &VisitFigures) -> String {
    match share(figures) {
        Some(share) => text!(visits_note, closed = figures.closed, share = share),
        None => super::VISITS_NOTE_NONE.to_owned(),
    }
}

/// The share in the band, `60%`; none where no visit has an end.
#[must_use]
pub fn share(figures: &VisitFigures) -> Option<String> {
    let closed = u64::from(figures.closed);
    let percent = (u64::from(figures.in_band) * 100 + closed / 2).checked_div(closed)?;
    Some(format!("{percent}%"))
}

/// How long the visits made were: `1 in band, 1 short`; empty where none has an end.
#[must_use]
pub fn fits(line: &PlannedLine) -> String {
    let parts = [
        (line.in_band, text!(fit_in_band, count = line.in_band)),
        (line.short, text!(fit_short, count = line.short)),
        (line.long, text!(fit_long, count = line.long)),
    ];
    parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, said)| said).collect::<Vec<_>>().join(", ")
}

/// Why visits were excused.
#[must_use]
pub fn excuse(excuse: &Excuse) -> String {
    match excuse {
        Excuse::Deviation(reason) => reason.label.clone(),
        Excuse::CalledAway => super::EXCUSE_AWAY.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_and_of_nothing_there_is_none() {
        let figures = |in_band, closed| VisitFigures { in_band, closed, ..VisitFigures::default() };
        assert_eq!(share(&figures(2, 3)).as_deref(), Some("67%"));
        assert_eq!(share(&figures(0, 3)).as_deref(), Some("0%"));
        assert_eq!(share(&figures(0, 0)), None);
    }
}
