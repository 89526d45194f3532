//! What a tasking and its acknowledgement may say: areas and times, never people.

use chrono::{NaiveDate, TimeDelta};

use super::{NOTE_LIMIT, Problem, ProblemCode, SHORT_LIMIT, known, limit};
use crate::code_list::{CodeRef, Edition, list};
use crate::entry::{Deviation, TaskedArea, Tasking, TaskingAck, windows_field};
use crate::privacy::minimise::{self, Looks};
use crate::tasking::PLANNED_AHEAD_MS;
use crate::time::{HOUR_MS, local};

/// The longest time one tasking is in force: a night and the shift after it.
const LONGEST_MS: i64 = 36 * HOUR_MS;
/// How far ahead a night may be planned.
const AHEAD: TimeDelta = TimeDelta::milliseconds(PLANNED_AHEAD_MS);
/// The longest call sign, characters.
const CALL_SIGN_LIMIT: usize = 16;

/// Text that must not point at a person: what the coach asks about elsewhere is refused here.
fn no_person(found: &mut Vec<Problem>, field: &str, text: Option<&str>, on: NaiveDate) {
    let Some(text) = text else { return };
    let pointed = minimise::find(text, on).iter().any(|finding| finding.looks != Looks::Health);
    let problem = Problem::block(field, ProblemCode::PlacesOnly);
    if pointed && !found.contains(&problem) {
        found.push(problem);
    }
}

fn is_call_sign(text: &str) -> bool {
    text.chars().count() <= CALL_SIGN_LIMIT
        && text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '/'))
}

/// Whether the code is one that says nothing without words.
fn wants_words(edition: &Edition, code: &CodeRef, on: NaiveDate) -> bool {
    edition.item(code.list.as_str(), &code.code, on).is_some_and(|item| item.flags.narrative)
}

pub(super) fn tasking(found: &mut Vec<Problem>, it: &Tasking, edition: &Edition, on: NaiveDate) {
    if it.until <= it.from {
        found.push(Problem::block("until", ProblemCode::EndsBeforeStart));
    }
    if it.until.since(it.from) > LONGEST_MS {
        found.push(Problem::block("until", ProblemCode::TaskingTooLong));
    }
    if local(it.from).date_naive().signed_duration_since(on) > AHEAD {
        found.push(Problem::block("night", ProblemCode::TaskingTooFar));
    }
    if it.areas.is_empty() {
        found.push(Problem::block("areas", ProblemCode::ChooseAreas));
    }
    if !it.units.iter().all(|unit| is_call_sign(unit)) {
        found.push(Problem::block("units", ProblemCode::CallSignsOnly));
    }
    if let Some(code) = &it.initiative {
        known(found, "initiative", code, edition, on);
    }
    for (number, area) in it.areas.iter().enumerate() {
        if it.areas.iter().take(number).any(|before| before.area.code == area.area.code) {
            found.push(Problem::block("areas", ProblemCode::AreaTwice));
        }
        windows(found, &windows_field(number), area, it);
        for code in &area.why {
            known(found, "areas", code, edition, on);
            if area.note.is_none() && wants_words(edition, code, on) {
                found.push(Problem::block(&format!("note-{number}"), ProblemCode::SayWhy));
            }
        }
        limit(found, &format!("note-{number}"), area.note.as_deref(), SHORT_LIMIT);
        no_person(found, &format!("note-{number}"), area.note.as_deref(), on);
    }
    limit(found, "reason", it.reason.as_deref(), NOTE_LIMIT);
    no_person(found, "reason", it.reason.as_deref(), on);
}

fn windows(found: &mut Vec<Problem>, field: &str, area: &TaskedArea, of: &Tasking) {
    let mut block = |code| {
        let problem = Problem::block(field, code);
        if !found.contains(&problem) {
            found.push(problem);
        }
    };
    if area.windows.is_empty() || area.windows.iter().any(|window| window.visits == 0) {
        block(ProblemCode::VisitsFromOne);
    }
    for window in &area.windows {
        if window.until <= window.from {
            block(ProblemCode::EndsBeforeStart);
        } else if window.from < of.from || window.until > of.until {
            block(ProblemCode::WindowOutside);
        }
    }
    let mut sorted = area.windows.clone();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| matches!(pair, [one, next] if next.from < one.until)) {
        block(ProblemCode::WindowsOverlap);
    }
}

pub(super) fn ack(found: &mut Vec<Problem>, it: &TaskingAck, edition: &Edition, on: NaiveDate) {
    if let Some(it) = &it.deviation {
        found.extend(deviation(it, edition, on));
    }
}

/// What a deviation must say: a reason of the list, words where the reason says nothing without, nobody pointed at.
#[must_use]
pub fn deviation(it: &Deviation, edition: &Edition, on: NaiveDate) -> Vec<Problem> {
    let mut found = Vec::new();
    known(&mut found, "reason", &it.reason, edition, on);
    if it.words.is_none() && it.reason.list == *list::DEVIATION_REASON && wants_words(edition, &it.reason, on)
    {
        found.push(Problem::block("words", ProblemCode::SayWhy));
    }
    limit(&mut found, "words", it.words.as_deref(), NOTE_LIMIT);
    no_person(&mut found, "words", it.words.as_deref(), on);
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::check;
    use crate::code_list::built_in;
    use crate::entry::{Body, Kind, TaskWindow};
    use crate::place::AreaRef;
    use crate::time::Millis;

    fn on() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 27).unwrap()
    }

    fn hours(from: i64, until: i64, visits: u32) -> TaskWindow {
        TaskWindow { from: Millis((DAY + from) * HOUR_MS), until: Millis((DAY + until) * HOUR_MS), visits }
    }

    fn area(code: &str, windows: Vec<TaskWindow>) -> TaskedArea {
        TaskedArea {
            area: AreaRef { code: code.into(), name: code.into() },
            band: (10, 16),
            max_gap_min: None,
            windows,
            why: vec![],
            note: None,
        }
    }

    /// 27 Nov 2026, 00:00 GMT, in hours.
    const DAY: i64 = 1_795_737_600_000 / HOUR_MS;

    fn plain() -> Tasking {
        Tasking {
            from: Millis(DAY * HOUR_MS),
            until: Millis((DAY + 6) * HOUR_MS),
            team: None,
            units: vec!["NR21".into()],
            initiative: None,
            supervisor: None,
            areas: vec![area("POW", vec![hours(0, 2, 2), hours(2, 3, 1)])],
            reason: None,
        }
    }

    fn problems(change: impl FnOnce(&mut Tasking)) -> Vec<(String, ProblemCode)> {
        let mut it = plain();
        change(&mut it);
        let found = check::body(Kind::Tasking, &Body::Tasking(it), built_in(), on());
        found.into_iter().map(|problem| (problem.field, problem.code)).collect()
    }

    #[test]
    fn a_plain_tasking_raises_no_question() {
        assert_eq!(problems(|_| {}), []);
        assert_eq!(problems(|it| it.areas[0].note = Some("Taxi rank by the Rose Lane car park".into())), []);
    }

    #[test]
    fn windows_lie_in_their_night_and_apart() {
        let of_windows = |windows: Vec<TaskWindow>| problems(|it| it.areas[0].windows = windows);
        let field = |code| vec![("windows-0".to_owned(), code)];
        assert_eq!(of_windows(vec![hours(5, 7, 1)]), field(ProblemCode::WindowOutside));
        assert_eq!(of_windows(vec![hours(3, 3, 1)]), field(ProblemCode::EndsBeforeStart));
        assert_eq!(of_windows(vec![hours(0, 2, 1), hours(1, 3, 1)]), field(ProblemCode::WindowsOverlap));
        assert_eq!(of_windows(vec![hours(0, 2, 0)]), field(ProblemCode::VisitsFromOne));
        assert_eq!(of_windows(vec![]), field(ProblemCode::VisitsFromOne));
        assert_eq!(
            problems(|it| it.areas.push(it.areas[0].clone())),
            [("areas".into(), ProblemCode::AreaTwice)]
        );
        assert_eq!(problems(|it| it.areas.clear()), [("areas".into(), ProblemCode::ChooseAreas)]);
        assert_eq!(
            problems(|it| it.until = Millis((DAY + 40) * HOUR_MS)),
            [("until".into(), ProblemCode::TaskingTooLong)]
        );
    }

    #[test]
    fn a_night_is_planned_four_weeks_ahead_at_most() {
        let in_days = |days: i64| {
            problems(|it| {
                for at in [&mut it.from, &mut it.until] {
                    *at = at.plus(days * 24 * HOUR_MS);
                }
                for window in &mut it.areas[0].windows {
                    window.from = window.from.plus(days * 24 * HOUR_MS);
                    window.until = window.until.plus(days * 24 * HOUR_MS);
                }
            })
        };
        assert_eq!(in_days(28), []);
        assert_eq!(in_days(29), [("night".to_owned(), ProblemCode::TaskingTooFar)]);
    }

    #[test]
    fn nothing_that_points_at_a_person_stands_in_a_tasking() {
        for text in ["Look for John Smith at the rank", "Ring 07700 900142", "Silver car AB12 CDE"] {
            let blocked = problems(|it| it.areas[0].note = Some(text.into()));
            assert_eq!(blocked, [("note-0".to_owned(), ProblemCode::PlacesOnly)], "{text}");
            let blocked = problems(|it| it.reason = Some(text.into()));
            assert_eq!(blocked, [("reason".to_owned(), ProblemCode::PlacesOnly)], "{text}");
        }
        for units in ["John Smith", "Smith, John", "NR21 with everybody else"] {
            let blocked = problems(|it| it.units = vec![units.into()]);
            assert_eq!(blocked, [("units".to_owned(), ProblemCode::CallSignsOnly)], "{units}");
        }
    }

    #[test]
    fn a_deviation_has_a_reason_and_words_where_it_says_nothing_without() {
        let asked = |code: &str, words: Option<&str>| {
            let reason = built_in().code_ref_or_unknown(list::DEVIATION_REASON, &code.into(), on());
            let it = Deviation { area: None, window: None, reason, words: words.map(Into::into) };
            deviation(&it, built_in(), on()).into_iter().map(|problem| problem.code).collect::<Vec<_>>()
        };
        assert_eq!(asked("DV_WEATHER", None), []);
        assert_eq!(asked("DV_OTHER", None), [ProblemCode::SayWhy]);
        assert_eq!(asked("DV_OTHER", Some("The bridge was shut")), []);
        assert_eq!(asked("DV_OTHER", Some("With Jane Smith")), [ProblemCode::PlacesOnly]);
        assert_eq!(asked("DV_NONE", None), [ProblemCode::UnknownCode]);
    }
}
