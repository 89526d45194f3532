//! Planned, made, missed, excused; visits in figures; both against a clerk who counts by hand.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
use chrono::NaiveDate;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::code_list::list;
use crate::entry::testing::{code, officer, revision, revision_of};
use crate::entry::{
    About, AwayScope, CalledAway, Change, CrewMembership, Deviation, Kind, Revision, TaskWindow, TaskedArea,
    Tasking, TaskingAck, Visit, fold,
};
use crate::id::TeamId;
use crate::place::AreaRef;
use crate::place::areas::Rhythm;
use crate::time::HOUR_MS;
use crate::time::typed::on_day;

const MINUTE: i64 = 60_000;
const ANN: u128 = 1482;
const BEN: u128 = 1377;
const SHIFT: EntryId = EntryId(Uuid::from_u128(1));

fn told(n: u8, kind: Kind, by: u128, at: i64, until: Option<i64>) -> Revision {
    let mut told = revision(n, kind, at * MINUTE);
    told.head.author = officer(by);
    told.head.unit_id = Some(UnitId(Uuid::from_u128(12)));
    told.head.shift_id = Some(SHIFT);
    told.head.occurred_until = until.map(|until| Millis(until * MINUTE));
    told
}

fn visit(n: u8, by: u128, area: &str, at: i64, until: Option<i64>) -> Revision {
    let mut visit = told(n, Kind::VisitStarted, by, at, until);
    visit.head.area = Some(area.into());
    visit.body = Some(Body::Visit(Visit::default()));
    visit
}

fn away(n: u8, by: u128, at: i64, until: Option<i64>, scope: AwayScope) -> Revision {
    let mut away = told(n, Kind::CalledAway, by, at, until);
    away.body = Some(Body::Away(CalledAway { scope, reason: None }));
    away
}

fn area(code: &str, windows: &[(i64, i64, u32)]) -> TaskedArea {
    TaskedArea {
        area: AreaRef { code: code.into(), name: format!("Name of {code}") },
        band: (10, 16),
        max_gap_min: Some(120),
        windows: windows
            .iter()
            .map(|(from, until, visits)| TaskWindow {
                from: Millis(from * MINUTE),
                until: Millis(until * MINUTE),
                visits: *visits,
            })
            .collect(),
        why: vec![],
        note: None,
    }
}

/// Asked of the team by its sergeant the day before.
fn asked(areas: Vec<TaskedArea>) -> Revision {
    let mut one = revision(200, Kind::Tasking, -600 * MINUTE);
    one.head.author = officer(311);
    one.body = Some(Body::Tasking(Tasking {
        from: Millis(0),
        until: Millis(480 * MINUTE),
        team: Some(team()),
        units: vec![],
        initiative: None,
        supervisor: None,
        areas,
        reason: None,
    }));
    one
}

fn team() -> TeamId {
    TeamId(Uuid::from_u128(7))
}

fn otherwise(n: u8, of: &Revision, by: u128, area: Option<&str>, window: Option<i64>) -> Revision {
    let mut ack = told(n, Kind::TaskingAck, by, 100, None);
    ack.head.about = Some(About { entry_id: of.head.entry_id, link: of.link });
    let deviation = Deviation {
        area: area.map(Into::into),
        window: window.map(|at| Millis(at * MINUTE)),
        reason: code(list::DEVIATION_REASON, "DV_WEATHER"),
        words: None,
    };
    ack.body = Some(Body::TaskingAck(TaskingAck { deviation: Some(deviation), reason: None }));
    ack
}

fn setting() -> Setting {
    let rhythm = |band_min, band_max, max_gap_min, silence_min| Rhythm {
        band_min,
        band_max,
        max_gap_min,
        silence_min,
        why: String::new(),
    };
    Setting {
        rhythms: [("POW".into(), rhythm(10, 16, 120, 20)), ("VILLAGE".into(), rhythm(20, 40, 480, 120))]
            .into_iter()
            .collect(),
        teams: [(officer(ANN), team())].into(),
    }
}

fn summary_until(mut revisions: Vec<Revision>, until: Option<i64>) -> ShiftSummary {
    revisions.push(told(1, Kind::ShiftOpened, ANN, 0, until));
    shift_summary(&fold(revisions), SHIFT, &[], &setting()).unwrap()
}

fn summary(revisions: Vec<Revision>) -> ShiftSummary {
    summary_until(revisions, Some(480))
}

/// (area, planned, made, missed, excused, left) of each line.
fn lines(summary: &ShiftSummary) -> Vec<(&str, [u32; 5])> {
    let of = |line: &PlannedLine| [line.planned, line.made, line.missed, line.excused, line.left];
    summary.planned.iter().map(|line| (line.area.as_str(), of(line))).collect()
}

#[test]
fn a_visit_counts_for_the_window_it_begins_in_and_what_is_missing_is_missed() {
    let plan = asked(vec![area("POW", &[(0, 120, 2), (240, 360, 1)]), area("TOMBLAND", &[(60, 180, 1)])]);
    let told = summary(vec![
        plan,
        visit(2, ANN, "POW", 10, Some(22)),
        visit(3, ANN, "POW", 119, Some(140)),
        visit(4, ANN, "POW", 200, Some(212)),
        visit(5, ANN, "POW", 359, Some(362)),
    ]);
    assert_eq!(
        lines(&told),
        [("POW", [2, 2, 0, 0, 0]), ("TOMBLAND", [1, 0, 1, 0, 0]), ("POW", [1, 1, 0, 0, 0])]
    );
    let first = &told.planned[0];
    assert_eq!((first.in_band, first.short, first.long), (1, 0, 1));
    assert_eq!((told.planned[2].short, told.planned[2].excuse.as_ref()), (1, None));
    let totals = PlannedTotals { planned: 4, made: 3, missed: 1, excused: 0, left: 0 };
    assert_eq!(told.planned_totals, totals);
    // Nobody asked anything of a shift of another team that did not read it either.
    let mut elsewhere = setting();
    elsewhere.teams.clear();
    let entries = fold([asked(vec![area("POW", &[(0, 120, 2)])]), told_open()]);
    assert!(shift_summary(&entries, SHIFT, &[], &elsewhere).unwrap().planned.is_empty());
}

fn told_open() -> Revision {
    told(1, Kind::ShiftOpened, ANN, 0, Some(480))
}

#[test]
fn a_tasking_that_names_units_is_for_those_alone() {
    let named = |units: &[&str]| {
        let mut plan = asked(vec![area("POW", &[(0, 120, 1)])]);
        if let Some(Body::Tasking(tasking)) = &mut plan.body {
            tasking.units = units.iter().map(|unit| (*unit).to_owned()).collect();
        }
        summary(vec![plan]).planned.len()
    };
    assert_eq!((named(&["nc 12"]), named(&["NC13"]), named(&["NC13", "NC12"])), (1, 0, 1));
}

#[test]
fn what_the_crew_said_they_do_otherwise_is_excused_with_its_reason() {
    let plan = asked(vec![area("POW", &[(0, 120, 2), (240, 360, 1)]), area("TOMBLAND", &[(60, 180, 1)])]);
    let one = otherwise(20, &plan, ANN, Some("POW"), Some(0));
    let told = summary(vec![plan.clone(), one, visit(2, ANN, "POW", 10, Some(22))]);
    assert_eq!(
        lines(&told),
        [("POW", [2, 1, 0, 1, 0]), ("TOMBLAND", [1, 0, 1, 0, 0]), ("POW", [1, 0, 1, 0, 0])]
    );
    let reason = code(list::DEVIATION_REASON, "DV_WEATHER");
    assert_eq!(told.planned[0].excuse, Some(Excuse::Deviation(reason)));
    let all = summary(vec![plan.clone(), otherwise(20, &plan, ANN, None, None)]);
    assert_eq!((all.planned_totals.excused, all.planned_totals.missed), (4, 0));
    // Somebody who is not of the crew excuses nothing.
    let stranger = summary(vec![plan.clone(), otherwise(20, &plan, BEN, None, None)]);
    assert_eq!(stranger.planned_totals.missed, 4);
    // A deviation that was taken back neither.
    let said = otherwise(20, &plan, ANN, None, None);
    let back = revision_of(&said, 21, Change::Withdraws, 130 * MINUTE);
    assert_eq!(summary(vec![plan, said, back]).planned_totals.missed, 4);
}

#[test]
fn called_away_for_half_of_the_window_excuses_it_one_alone_does_not() {
    let plan = asked(vec![area("POW", &[(0, 120, 1)])]);
    let line = |away: Revision| lines(&summary(vec![plan.clone(), away]))[0].1;
    assert_eq!(line(away(3, ANN, 30, Some(90), AwayScope::Crew)), [1, 0, 0, 1, 0]);
    assert_eq!(line(away(3, ANN, 30, Some(89), AwayScope::Crew)), [1, 0, 1, 0, 0]);
    assert_eq!(line(away(3, ANN, 0, Some(120), AwayScope::Author)), [1, 0, 1, 0, 0]);
}

#[test]
fn while_the_shift_runs_an_open_window_is_still_to_come_and_a_past_one_is_missed() {
    let plan = asked(vec![area("POW", &[(0, 60, 1), (60, 180, 2)])]);
    let told = summary_until(vec![plan.clone(), visit(2, ANN, "POW", 100, Some(112))], None);
    assert_eq!(lines(&told), [("POW", [1, 0, 1, 0, 0]), ("POW", [2, 1, 0, 0, 1])]);
    // A window outside the shift was never this shift's.
    let told = summary_until(vec![plan], Some(30));
    assert_eq!(lines(&told), [("POW", [1, 0, 1, 0, 0])]);
}

#[test]
fn a_revised_tasking_counts_as_it_stands_and_two_phones_made_one_visit() {
    let plan = asked(vec![area("POW", &[(0, 120, 3)])]);
    let mut less = revision_of(&plan, 201, Change::Corrects, 60 * MINUTE);
    if let Some(Body::Tasking(tasking)) = &mut less.body {
        tasking.areas = vec![area("POW", &[(0, 120, 1)])];
    }
    let mut joined = told(30, Kind::CrewJoined, BEN, 0, Some(480));
    joined.body = Some(Body::Crew(CrewMembership {
        member: officer(BEN),
        standing: CrewStanding::Confirmed,
        reason: None,
    }));
    let told = summary(vec![
        plan,
        less,
        joined,
        visit(2, ANN, "POW", 10, Some(20)),
        visit(3, BEN, "POW", 12, Some(24)),
    ]);
    assert_eq!(lines(&told), [("POW", [1, 1, 0, 0, 0])]);
    assert_eq!(told.planned[0].in_band, 1, "14 minutes together");
}

#[test]
fn two_shifts_of_one_unit_were_asked_once() {
    let plan = asked(vec![area("POW", &[(0, 120, 2)])]);
    let one = summary(vec![plan.clone(), visit(2, ANN, "POW", 10, Some(22))]).planned;
    let other = summary(vec![plan]).planned;
    let totals = planned_totals(one.iter().chain(&other));
    assert_eq!(totals, PlannedTotals { planned: 2, made: 1, missed: 1, excused: 0, left: 0 });
    let mut of_another_unit = other;
    of_another_unit[0].unit = Some(UnitId(Uuid::from_u128(99)));
    assert_eq!(planned_totals(one.iter().chain(&of_another_unit)).planned, 4);
}

#[test]
fn visits_are_measured_by_the_band_of_their_own_area() {
    let told = summary(vec![
        asked(vec![area("TOMBLAND", &[(0, 480, 1)])]),
        visit(2, ANN, "POW", 10, Some(24)),
        visit(3, ANN, "POW", 200, Some(209)),
        visit(4, ANN, "VILLAGE", 60, Some(84)),
        visit(5, ANN, "POW", 400, None),
    ]);
    let of = |line: &AreaLine| {
        let VisitFigures { visits, closed, in_band, short, long, .. } = line.figures;
        (line.area.as_str().to_owned(), [visits, closed, in_band, short, long])
    };
    assert_eq!(
        told.areas.iter().map(of).collect::<Vec<_>>(),
        [("POW".into(), [3, 2, 1, 1, 0]), ("TOMBLAND".into(), [0; 5]), ("VILLAGE".into(), [1, 1, 1, 0, 0])]
    );
    let gap = |at: usize| (told.areas[at].longest_gap_ms / MINUTE, told.areas[at].over_gap);
    assert_eq!(gap(0), (191, true), "from 209 to 400");
    assert_eq!(gap(1), (480, false), "nobody set a limit for it");
    assert_eq!(gap(2), (396, false), "a village is not a failed city");
    assert_eq!(told.areas[0].figures.median_ms, Some(11 * MINUTE + MINUTE / 2));
    assert_eq!((told.visit_figures.closed, told.visit_figures.median_ms), (3, Some(14 * MINUTE)));
    assert_eq!(told.visit_figures.in_band, 2);
}

#[test]
fn a_length_fits_where_the_ring_says_so() {
    let fit = |ms: i64| Fit::of(ms, (10, 16));
    assert_eq!((fit(10 * MINUTE - 1), fit(10 * MINUTE)), (Fit::Short, Fit::InBand));
    assert_eq!((fit(16 * MINUTE), fit(16 * MINUTE + 1)), (Fit::InBand, Fit::Long));
}

#[test]
fn a_phone_is_silent_by_the_area_it_was_in() {
    let missing = |area: &str, heard: i64| {
        let contact = ContactFact {
            officer: officer(ANN),
            last_heard: Millis(heard * MINUTE),
            pending: 0,
            set_aside: 0,
            drafts: 0,
            gaps: 0,
            clock_drift_ms: None,
        };
        let entries = fold([told_open(), visit(2, ANN, area, 10, Some(22))]);
        let told = shift_summary(&entries, SHIFT, &[contact], &setting()).unwrap();
        told.missing.iter().any(|missing| matches!(missing, Missing::NotHeard { .. }))
    };
    assert!(missing("POW", 459) && !missing("POW", 460));
    assert!(missing("VILLAGE", 359) && !missing("VILLAGE", 360));
    assert!(missing("NOBODYS", 419) && !missing("NOBODYS", 420));
}

#[test]
fn both_nights_the_clocks_change_count_in_real_minutes() {
    // 01:30 BST to 02:30 GMT on 25 Oct 2026 is two hours; a visit from 01:50 BST to 01:02 GMT is twelve minutes.
    let at =
        |typed: &str, month, day| on_day(typed, NaiveDate::from_ymd_opt(2026, month, day).unwrap()).unwrap();
    let window = TaskWindow { from: at("01:30 BST", 10, 25), until: at("02:30", 10, 25), visits: 2 };
    assert_eq!(window.until.since(window.from), 2 * HOUR_MS);
    let mut plan = asked(vec![]);
    if let Some(Body::Tasking(tasking)) = &mut plan.body {
        (tasking.from, tasking.until) = (at("21:00", 10, 24), at("04:00", 10, 25));
        tasking.areas = vec![TaskedArea { windows: vec![window], ..area("POW", &[]) }];
    }
    let minutes = |at: Millis| at.0 / MINUTE;
    let mut shift = told(1, Kind::ShiftOpened, ANN, minutes(at("21:00", 10, 24)), None);
    shift.head.occurred_until = Some(at("04:00", 10, 25));
    let (first, second) = (at("01:50 BST", 10, 25), at("01:50 GMT", 10, 25));
    let entries = fold([
        plan,
        shift,
        visit(2, ANN, "POW", minutes(first), Some(minutes(at("01:02 GMT", 10, 25)))),
        visit(3, ANN, "POW", minutes(second), Some(minutes(second) + 12)),
    ]);
    let told = shift_summary(&entries, SHIFT, &[], &setting()).unwrap();
    assert_eq!(lines(&told), [("POW", [2, 2, 0, 0, 0])]);
    assert_eq!(told.planned[0].in_band, 2);
    // From 21:00 to 01:50 BST.
    assert_eq!(told.areas[0].longest_gap_ms, 4 * HOUR_MS + 50 * MINUTE);
}

fn some_visits() -> impl Strategy<Value = Vec<(bool, i64, i64, bool)>> {
    prop::collection::vec((any::<bool>(), 0i64..470, 1i64..30, any::<bool>()), 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    /// Whatever is asked, made, excused and in whichever order it becomes known: every planned visit is accounted for
    /// once, and phone and central (which learn things in different orders) say the same.
    #[test]
    fn every_planned_visit_is_accounted_for_once_whatever_the_order(
        windows in prop::collection::vec((0i64..4, 1i64..120, 1u32..4), 1..4),
        made in some_visits(),
        deviates in prop::option::of(0usize..4),
        called in prop::option::of((0i64..400, 1i64..200)),
        ends: bool,
        rotate in 0usize..20,
    ) {
        let windows: Vec<(i64, i64, u32)> =
            windows.iter().map(|(slot, long, visits)| (slot * 120, slot * 120 + long, *visits)).collect();
        let mut unique = windows;
        unique.sort_unstable();
        unique.dedup_by_key(|window| window.0);
        let plan = asked(vec![area("POW", &unique), area("TOMBLAND", &unique)]);
        let mut revisions = vec![plan.clone(), told(1, Kind::ShiftOpened, ANN, 0, ends.then_some(480))];
        for (n, (here, at, long, by_ben)) in (2u8..).zip(&made) {
            let (area, by) = (if *here { "POW" } else { "TOMBLAND" }, if *by_ben { BEN } else { ANN });
            revisions.push(visit(n, by, area, *at, Some(at + long)));
        }
        let mut joined = told(30, Kind::CrewJoined, BEN, 0, Some(480));
        joined.body = Some(Body::Crew(CrewMembership {
            member: officer(BEN), standing: CrewStanding::Confirmed, reason: None,
        }));
        revisions.push(joined);
        if let Some(window) = deviates.and_then(|at| unique.get(at)) {
            revisions.push(otherwise(40, &plan, BEN, Some("POW"), Some(window.0)));
        }
        if let Some((at, long)) = called {
            revisions.push(away(41, ANN, at, Some(at + long), AwayScope::Crew));
        }
        let here = shift_summary(&fold(revisions.clone()), SHIFT, &[], &setting()).unwrap();
        let turn = rotate % revisions.len();
        revisions.rotate_left(turn);
        revisions.reverse();
        let there = shift_summary(&fold(revisions), SHIFT, &[], &setting()).unwrap();
        prop_assert_eq!(&here, &there);
        for line in &here.planned {
            prop_assert_eq!(line.planned, line.made.min(line.planned) + line.missed + line.excused + line.left);
            prop_assert!(line.in_band + line.short + line.long == line.made, "all of them were closed");
            prop_assert!(!ends || line.left == 0);
            prop_assert_eq!(line.excuse.is_some(), line.excused > 0);
            // The clerk: merged visits of the area that begin in the window.
            let begun = here.visits.iter().filter(|visit| {
                visit.area == line.area && line.from <= visit.from && visit.from < line.until
            });
            prop_assert_eq!(usize::try_from(line.made).unwrap(), begun.count());
        }
        let totals = here.planned_totals;
        prop_assert_eq!(totals.planned, totals.made + totals.missed + totals.excused + totals.left);
        let by_area: u32 = here.areas.iter().map(|line| line.figures.visits).sum();
        prop_assert_eq!(by_area, here.visit_figures.visits);
    }
}
