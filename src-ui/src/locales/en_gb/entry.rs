//! One entry and its revisions.

use beatbook_domain::entry::{Change, EndKind, Kind, Origin, PaperRef};
use beatbook_domain::time::{self, Millis};

use super::{
    CHANGE_CONTINUES, CHANGE_CORRECTS, CHANGE_FIRST, CHANGE_GOES_ON, CHANGE_WITHDRAWS, NOT_RECEIVED,
    ORIGIN_DICTATED, ORIGIN_LIVE, ORIGIN_REPEATED, ORIGIN_RETROSPECTIVE, ORIGIN_TRANSCRIBED, text,
};

/// `Entry 10 · Fri 27 Nov, 22:14`.
#[must_use]
pub fn entry_meta(number: u32, at: Millis) -> String {
    text!(entry_meta, number = number, when = time::day_clock(at))
}

/// `2. Corrected`. What goes on without an end (the state of a referral) does not end.
#[must_use]
pub fn revision(number: usize, change: Change, kind: Kind) -> String {
    let what = match change {
        Change::First => CHANGE_FIRST,
        Change::Continues if kind.is_movement() || kind == Kind::DutyDischarged => CHANGE_CONTINUES,
        Change::Continues => CHANGE_GOES_ON,
        Change::Corrects => CHANGE_CORRECTS,
        Change::Withdraws => CHANGE_WITHDRAWS,
    };
    text!(revision, number = number, what = what)
}

/// `Erased under records manager 17/2026`.
#[must_use]
pub fn erased_under(authority: &str) -> String {
    text!(erased_under, authority = authority)
}

/// By whom and when, and that the seal stands.
#[must_use]
pub fn erased_under_text(by: &str, at: Millis) -> String {
    text!(erased_under_text, by = by, when = time::day_clock(at))
}

/// How a revision came to be written, where that is worth a label.
#[must_use]
pub const fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Live => ORIGIN_LIVE,
        Origin::Retrospective => ORIGIN_RETROSPECTIVE,
        Origin::Repeated => ORIGIN_REPEATED,
        Origin::Transcribed => ORIGIN_TRANSCRIBED,
        Origin::Dictated => ORIGIN_DICTATED,
    }
}

/// `±12 m`.
#[must_use]
pub fn metres(metres: u32) -> String {
    text!(metres, metres = metres.to_string())
}

/// `Book 12, page 3`.
#[must_use]
pub fn paper(book: &str, page: &str) -> String {
    text!(paper_page_of, book = book, page = page)
}

/// `Person 1, Hair`.
#[must_use]
pub fn of_person(n: usize, point: &str) -> String {
    text!(of_person, n = n.to_string(), point = point.to_lowercase())
}

/// `version 3`, of a card.
#[must_use]
pub fn material_version(version: &str) -> String {
    text!(material_version, version = version)
}

/// `1, Reliable`.
#[must_use]
pub fn graded(code: &str, label: &str) -> String {
    text!(graded, code = code, label = label)
}

/// A clip of body-worn video, when it began and when it goes.
#[must_use]
pub fn clip_began(value: &str, at: Millis, day: &str) -> String {
    text!(clip_began, value = value, at = time::day_clock(at), day = day)
}

/// `Copied from a paper book, book 12, page 3`; as [`origin`] where no page is known.
#[must_use]
pub fn origin_of(by: Origin, page: Option<&PaperRef>) -> String {
    match page.filter(|_| by == Origin::Transcribed) {
        Some(page) => text!(origin_paper, page = paper(&page.book, &page.page).to_lowercase()),
        None => origin(by).to_owned(),
    }
}

/// The accessible name of the key that corrects the times of one stretch.
#[must_use]
pub fn correct_times_of(what: &str) -> String {
    text!(correct_times_of, what = what)
}

/// `22:05–22:40`, `22:05, still running`, `22:05–22:40, corrected`.
#[must_use]
pub fn stretch_times(from: Millis, until: Option<Millis>, end: Option<EndKind>) -> String {
    let Some(until) = until else { return text!(still_running, from = time::clock(from)) };
    let range = time::range(from, until);
    match end {
        Some(EndKind::Corrected) => text!(corrected_end, range = range),
        Some(EndKind::Estimated) => text!(estimated_end, range = range),
        Some(EndKind::Stated) | None => range,
    }
}

/// The three clocks of a revision in one line.
#[must_use]
pub fn clocks(happened: &str, written: Millis, received: Option<Millis>) -> String {
    let received = received.map_or_else(|| NOT_RECEIVED.to_owned(), time::day_clock);
    text!(clocks, happened = happened, written = time::day_clock(written), received = received)
}
