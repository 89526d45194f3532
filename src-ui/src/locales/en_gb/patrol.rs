//! The officer's own screens: drafts, duties, crew, places, readiness, the note on the lock screen.

use beatbook_domain::time::{self, MINUTE_MS, Millis};
use beatbook_protocol::ipc::DraftRow;

use super::{CREW_ON_YOUR_OWN, DUTY_OVERDUE, NO_DUE_TIME, READY_ALL, due_by, text};

/// Whole minutes of a length in milliseconds, 0 for a negative one.
#[must_use]
pub fn whole_minutes(ms: i64) -> u32 {
    u32::try_from(ms / MINUTE_MS).unwrap_or(0)
}

/// `, 12 in hand`, after the name of the cards in the dock.
#[must_use]
pub fn cards_in_hand(left: i64) -> String {
    // More given than drawn is said on the cards screen; nobody has fewer than none in hand.
    text!(cards_in_hand, count = u32::try_from(left.max(0)).unwrap_or(u32::MAX))
}

/// `Engagement begun 22:14`, `Concern note, correction begun 22:14`.
#[must_use]
pub fn draft_line(row: &DraftRow) -> String {
    let kind = if row.narrow { super::NARROW_ROW } else { row.kind.title() };
    let time = time::clock(row.opened_at);
    if row.corrects {
        text!(draft_correction_line, kind = kind, time = time)
    } else {
        text!(draft_line, kind = kind, time = time)
    }
}

/// `2 open`.
#[must_use]
pub fn n_open(n: usize) -> String {
    text!(n_open, count = n)
}

/// `due 22:38, Sat 28 Nov, overdue`.
#[must_use]
pub fn due_state(due: Option<Millis>, overdue: bool) -> String {
    match (due, overdue) {
        (Some(due), true) => text!(due_overdue, due = due_by(due)),
        (Some(due), false) => due_by(due),
        (None, true) => DUTY_OVERDUE.to_owned(),
        (None, false) => NO_DUE_TIME.to_owned(),
    }
}

/// `Go on with shift N12, begun Fri 27 Nov, 22:00?`
#[must_use]
pub fn resume(call_sign: &str, started: Millis) -> String {
    text!(resume, unit = call_sign, time = time::day_clock(started))
}

/// `Planned end was 04:00.`
#[must_use]
pub fn past_end(planned: Millis) -> String {
    text!(past_end, time = time::clock(planned))
}

/// How the crew stands: `1 with you, confirmed, 1 not confirmed`.
#[must_use]
pub fn crew_standing(confirmed: usize, waiting: usize, disputed: usize) -> String {
    let parts: Vec<String> = [
        (confirmed > 0).then(|| text!(crew_confirmed, count = confirmed)),
        (waiting > 0).then(|| text!(crew_waiting, count = waiting)),
        (disputed > 0).then(|| text!(crew_disputed, count = disputed)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() { CREW_ON_YOUR_OWN.to_owned() } else { parts.join(", ") }
}

/// What a colleague does with the code.
#[must_use]
pub fn unit_code_how(call_sign: &str) -> String {
    text!(unit_code_how, unit = call_sign)
}

/// A code letter by letter, for a reader: `7 K 2 M`.
#[must_use]
pub fn spelled(code: &str) -> String {
    code.chars().map(String::from).collect::<Vec<_>>().join(" ")
}

/// `End membership of PC 1377`.
#[must_use]
pub fn end_member_name(officer: &str) -> String {
    text!(end_member_name, officer = officer)
}

/// `Does PC 1377 leave this unit now?`
#[must_use]
pub fn end_member_ask(officer: &str) -> String {
    text!(end_member_ask, officer = officer)
}

/// `I’m here: Tombland`.
#[must_use]
pub fn im_here_at(place: &str) -> String {
    text!(im_here_at, place = place)
}

/// `You 21:38 · anyone 22:05`.
#[must_use]
pub fn last_visits(by_me: Option<Millis>, by_anyone: Option<Millis>) -> Option<String> {
    let mine = by_me.map(|at| text!(last_by_you, time = time::clock(at)));
    let anyone = by_anyone.map(|at| text!(last_by_anyone, time = time::clock(at)));
    match (mine, anyone) {
        (Some(mine), Some(anyone)) => Some(text!(two_parts, first = mine, second = anyone)),
        (mine, anyone) => mine.or(anyone),
    }
}

/// A gap as it fits on a label of the map: minutes up to an hour and a half, then hours.
#[must_use]
pub fn short_gap(ms: i64) -> String {
    let minutes = whole_minutes(ms);
    if minutes < 90 { minutes.to_string() } else { text!(gap_hours, hours = (minutes + 30) / 60) }
}

/// `Tombland · good fix, ±8 m, 4 s ago`.
#[must_use]
pub fn with_age(place: &str, age_ms: i64) -> String {
    let seconds = u32::try_from(age_ms.max(0) / 1_000).unwrap_or(u32::MAX);
    let age = if seconds < 60 {
        text!(age_seconds, seconds = seconds)
    } else {
        text!(age_minutes, minutes = seconds / 60)
    };
    text!(with_age, place = place, age = age)
}

/// `3 places found`.
#[must_use]
pub fn places_found(n: usize) -> String {
    text!(places_found, count = n)
}

/// `Checked 21:40`.
#[must_use]
pub fn checked_at(at: Millis) -> String {
    text!(checked_at, time = time::clock(at))
}

/// Whether the phone is ready, and what is not known counts as neither.
#[must_use]
pub fn ready_overall(look: usize, unknown: usize) -> String {
    match (look, unknown) {
        (0, 0) => READY_ALL.to_owned(),
        (0, unknown) => text!(ready_not_known, count = unknown),
        (look, _) => text!(ready_look_at, count = look),
    }
}

/// What is not sent until the notebook is opened again.
#[must_use]
pub fn seal_explain(waiting: u32) -> String {
    text!(seal_explain, count = waiting)
}

/// `Note sealed on this phone, 22:14. It becomes a draft when you unlock.`
#[must_use]
pub fn note_sealed(at: Millis) -> String {
    text!(note_sealed, time = time::clock(at))
}

/// `2 notes wait`.
#[must_use]
pub fn notes_wait(n: u32) -> String {
    text!(notes_wait, count = n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crew_is_said_in_full() {
        assert_eq!(crew_standing(0, 0, 0), "On your own");
        assert_eq!(crew_standing(1, 0, 0), "1 with you, confirmed");
        assert_eq!(crew_standing(2, 1, 1), "2 with you, confirmed, 1 not confirmed, 1 disputed");
    }

    #[test]
    fn an_age_and_a_gap_read_as_people_say_them() {
        assert_eq!(with_age("good fix, ±8 m", 4_200), "good fix, ±8 m, 4 s ago");
        assert_eq!(with_age("good fix, ±8 m", 200_000), "good fix, ±8 m, 3 min ago");
        assert_eq!(with_age("good fix, ±8 m", -5), "good fix, ±8 m, 0 s ago");
        assert_eq!(short_gap(36 * MINUTE_MS), "36");
        assert_eq!(short_gap(143 * MINUTE_MS), "2 h");
    }

    #[test]
    fn a_duty_says_when_and_whether_it_is_late() {
        assert_eq!(due_state(None, false), "no time set");
        let due = due_state(Some(Millis(1_795_825_200_000)), true);
        assert!(due.starts_with("due ") && due.ends_with(", overdue"), "{due}");
    }
}
