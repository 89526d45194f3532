//! The concern note, its crime check and its powers.

use beatbook_domain::time::{self, Millis};

use super::text;

/// `Entry 11 · happened 22:29`, with the day where that was not today.
#[must_use]
pub fn concern_meta(number: u32, at: Millis, now: Millis) -> String {
    let today = time::day(at) == time::day(now);
    text!(concern_meta, number = number, time = if today { time::clock(at) } else { time::day_clock(at) })
}

/// `Unwanted touching may be a crime. …`
#[must_use]
pub fn gate_text(label: &str) -> String {
    text!(gate_text, label = label)
}

/// `Crime reference due by 22:38, Sat 28 Nov. Add it when you have it.`
#[must_use]
pub fn crime_due(due: Millis) -> String {
    text!(crime_due, time = time::clock(due), day = time::day(due))
}

/// `due 22:38, Sat 28 Nov`.
#[must_use]
pub fn due_by(due: Millis) -> String {
    text!(due_by, time = time::clock(due), day = time::day(due))
}

/// `Insp 0042, told at 22:05, reference to follow`.
#[must_use]
pub fn told_authority(inspector: &str, at: Millis) -> String {
    text!(told_authority, inspector = inspector, time = time::clock(at))
}

/// `Written 22:41, 3 minutes after` for the foot of a concern note.
#[must_use]
pub fn written_now(now: Millis, happened: Millis) -> String {
    let time = time::clock(now);
    match time::late_by(happened, now) {
        Some(late) => text!(written_now_late, time = time, late = late.trim_start_matches("written ")),
        None => text!(written_now, time = time),
    }
}

/// `Looks like a phone number: “07700 900142”`.
#[must_use]
pub fn coach_found(looks: &str, excerpt: &str) -> String {
    text!(coach_found, looks = looks, excerpt = excerpt)
}
