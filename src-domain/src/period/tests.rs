//! Figures over a period: nothing twice, whatever the order, and the period before beside it.
#![allow(clippy::unwrap_used)]
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::code_list::list;
use crate::entry::testing::{code, officer, revision};
use crate::entry::{Body, CrewMembership, CrewStanding, Entry, Kind, Origin, Referral, Revision, fold};
use crate::id::{Link, UnitId};
use crate::place::{AreaRef, PlaceStamp};
use crate::summary::{ContactFact, Setting, shift_summary};
use crate::time::{DAY_MS, HOUR_MS, Interval, LocalTime, MINUTE_MS, Millis, at_local, union_length};

const HOTSPOTS: [&str; 3] = ["POW", "TOMBLAND", "RIVERSIDE"];

/// One patrol of a unit: two officers, each with a phone and a shift of their own, or one alone.
#[derive(Clone, Debug)]
struct Patrol {
    day: i64,
    /// Whether the second officer is along, and whether by their own word.
    second: Option<bool>,
    /// Legs of each phone: area, start and length in minutes.
    legs: Vec<(bool, usize, i64, i64)>,
    away: Vec<(bool, i64, i64)>,
    visits: Vec<(bool, usize, i64, i64)>,
    /// Engagements: by whom, where, people, origin.
    talks: Vec<(bool, usize, u32, u8)>,
    closed: bool,
}

fn patrol() -> impl Strategy<Value = Patrol> {
    let minutes = || (0_i64..420, 1_i64..90);
    (
        0_i64..20,
        prop::option::of(any::<bool>()),
        prop::collection::vec((any::<bool>(), 0..3_usize, minutes()), 1..4),
        prop::collection::vec((any::<bool>(), minutes()), 0..3),
        prop::collection::vec((any::<bool>(), 0..3_usize, minutes()), 0..5),
        prop::collection::vec((any::<bool>(), 0..3_usize, 1_u32..9, 0_u8..4), 0..6),
        any::<bool>(),
    )
        .prop_map(|(day, second, legs, away, visits, talks, closed)| Patrol {
            day,
            second,
            legs: legs.into_iter().map(|(by, area, (at, long))| (by, area, at, long)).collect(),
            away: away.into_iter().map(|(by, (at, long))| (by, at, long)).collect(),
            visits: visits.into_iter().map(|(by, area, (at, long))| (by, area, at, long)).collect(),
            talks,
            closed,
        })
}

fn place(area: usize) -> PlaceStamp {
    let named = |code: &str, name: &str| Some(AreaRef { code: code.into(), name: name.into() });
    PlaceStamp {
        area: named(HOTSPOTS[area], HOTSPOTS[area]),
        district: named("NOR", "Norwich"),
        ward: named(
            if area == 0 { "E1" } else { "E2" },
            if area == 0 { "Thorpe Hamlet" } else { "Mancroft" },
        ),
        ..PlaceStamp::default()
    }
}

/// The revisions of patrols: every unit, shift and entry with an id of its own.
fn told(patrols: &[Patrol]) -> Vec<Revision> {
    let mut all = Vec::new();
    let mut n = 0_u128;
    for (which, patrol) in patrols.iter().enumerate() {
        let which = which as u128;
        let (ann, ben) = (1_000 + which % 3, 2_000 + which % 3);
        let start = patrol.day * DAY_MS + 18 * HOUR_MS;
        let unit = UnitId(Uuid::from_u128(500_000 + which));
        let shift = |second: bool| EntryId(Uuid::from_u128(700_000 + which * 2 + u128::from(second)));
        let mut add = |kind: Kind, second: bool, at: i64, until: Option<i64>| {
            n += 1;
            let mut it = revision(1, kind, start + at * MINUTE_MS);
            let mut link = [0; 32];
            link[..16].copy_from_slice(&n.to_be_bytes());
            it.link = Link(link);
            it.head.seq = u64::try_from(n).unwrap();
            it.head.entry_id = EntryId(Uuid::from_u128(n));
            it.head.author = officer(if second { ben } else { ann });
            it.head.unit_id = Some(unit);
            it.head.shift_id = Some(shift(second));
            it.head.occurred_until = until.map(|until| Millis(start + until * MINUTE_MS));
            it
        };
        let both = patrol.second.is_some();
        let by = |second: &bool| *second && both;
        for second in [false, true] {
            if second && !both {
                continue;
            }
            let mut opened = add(Kind::ShiftOpened, second, 0, patrol.closed.then_some(480));
            opened.head.entry_id = shift(second);
            opened.head.shift_id = None;
            opened.head.codes =
                vec![code(list::INITIATIVE, if patrol.day % 2 == 0 { "INI_16DAYS" } else { "INI_BAU" })];
            all.push(opened);
        }
        if let Some(own_word) = patrol.second {
            let mut word = add(Kind::CrewJoined, own_word, 0, patrol.closed.then_some(480));
            let standing = if own_word { CrewStanding::Confirmed } else { CrewStanding::Claimed };
            word.body = Some(Body::Crew(CrewMembership { member: officer(ben), standing, reason: None }));
            all.push(word);
        }
        for (second, area, at, long) in &patrol.legs {
            let mut leg = add(Kind::LegStarted, by(second), *at, Some(at + long));
            leg.head.area = Some(HOTSPOTS[*area].into());
            leg.head.codes = vec![code(list::PATROL_MODE, "P_FOOT")];
            leg.body = Some(Body::Leg(crate::entry::Leg { place: Some(place(*area)), reason: None }));
            all.push(leg);
        }
        for (second, at, long) in &patrol.away {
            let mut away = add(Kind::CalledAway, by(second), *at, Some(at + long));
            away.head.codes = vec![code(list::AWAY_REASON, "AW_RESPONSE")];
            all.push(away);
        }
        for (second, area, at, long) in &patrol.visits {
            let mut visit = add(Kind::VisitStarted, by(second), *at, Some(at + long));
            visit.head.area = Some(HOTSPOTS[*area].into());
            visit.body = Some(Body::Visit(crate::entry::Visit::default()));
            all.push(visit);
        }
        for (second, area, people, origin) in &patrol.talks {
            let mut talk = add(Kind::Engagement, by(second), 30, None);
            talk.head.origin =
                [Origin::Live, Origin::Repeated, Origin::Retrospective, Origin::Live][usize::from(*origin)];
            let Some(Body::Engagement(it)) = &mut talk.body else { unreachable!() };
            it.people = *people;
            it.place = Some(place(*area));
            it.concerns = vec![code("streetsafe", if *people > 4 { "SS_LIGHT" } else { "SS_FOLLOW" })];
            all.push(talk);
        }
    }
    all
}

fn facts(entries: &[Entry]) -> Vec<ShiftFacts> {
    let shifts = entries.iter().filter(|entry| entry.kind().is_shift());
    let summary = shifts.filter_map(|entry| shift_summary(entries, entry.entry_id, &[], &Setting::default()));
    summary.map(|summary| ShiftFacts { summary, team: None }).collect()
}

fn asked(by: GroupBy) -> Asked {
    let day = |n: i64| duty_date(Millis(n * DAY_MS + 18 * HOUR_MS));
    Asked { from: day(10), until: day(20), by }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The order of arrival, repetition, and how shifts are put together change no figure of any shift or period.
    #[test]
    fn order_and_repetition_change_nothing(
        patrols in prop::collection::vec(patrol(), 1..5),
        seed in any::<u64>(),
    ) {
        let straight = told(&patrols);
        let mut shuffled = straight.clone();
        let mut state = seed | 1;
        for place in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            shuffled.swap(place, usize::try_from(state >> 33).unwrap() % (place + 1));
        }
        let again = shuffled.iter().take(shuffled.len() / 2).cloned().collect::<Vec<_>>();
        shuffled.extend(again);
        let (one, other) = (facts(&fold(straight)), facts(&fold(shuffled)));
        prop_assert_eq!(&one, &other);
        let mut turned: Vec<&ShiftFacts> = other.iter().rev().collect();
        turned.extend(one.iter());
        for by in GroupBy::ALL {
            prop_assert_eq!(period(asked(by), &one), period(asked(by), turned.iter().copied()));
        }
    }

    /// Person-hours are the sum over officers of the time each was out, patrol-hours the sum over units; a crew of two
    /// with two phones counts no minute twice, and whoever has not said so themselves counts in none.
    #[test]
    fn a_crew_never_counts_twice(patrols in prop::collection::vec(patrol(), 1..5)) {
        let facts = facts(&fold(told(&patrols)));
        for shift in &facts {
            let summary = &shift.summary;
            let lines: i64 = summary.crew.iter().map(|line| line.person_ms).sum();
            prop_assert_eq!(summary.person_ms, lines);
            let whole = figures(&[(shift, None)]);
            prop_assert_eq!((whole.patrol_ms, whole.person_ms), (summary.patrol_ms, summary.person_ms));
            prop_assert!(summary.patrol_ms <= summary.person_ms);
            prop_assert_eq!(whole.visits.count as usize, summary.visits.len());
            prop_assert_eq!((whole.engagements, whole.people), (summary.engagements, summary.people));
            prop_assert_eq!((whole.cards, whole.concerns), (summary.cards_total, summary.concerns));
            prop_assert_eq!(&whole.streetsafe, &summary.streetsafe);
            prop_assert_eq!((whole.away_ms, whole.away_count), (summary.away_ms, summary.away_count));
        }
        let all: Vec<_> = facts.iter().map(|shift| (shift, None)).collect();
        let whole = figures(&all);
        // Told again by hand: what the two shifts of a unit share is one.
        let mut units: BTreeMap<UnitId, Vec<Interval>> = BTreeMap::new();
        let mut officers: BTreeMap<crate::id::OfficerId, Vec<Interval>> = BTreeMap::new();
        for time in facts.iter().flat_map(|shift| &shift.summary.time) {
            units.entry(time.unit).or_default().extend(&time.time);
            officers.entry(time.officer).or_default().extend(&time.time);
        }
        prop_assert_eq!(whole.patrol_ms, units.values().map(|time| union_length(time)).sum::<i64>());
        prop_assert_eq!(whole.person_ms, officers.values().map(|time| union_length(time)).sum::<i64>());
        prop_assert!(whole.patrol_ms <= facts.iter().map(|shift| shift.summary.patrol_ms).sum::<i64>());
    }

    /// What is told by day, initiative or place adds up to the whole, for everything that is counted.
    #[test]
    fn groups_add_up(patrols in prop::collection::vec(patrol(), 1..5)) {
        let facts = facts(&fold(told(&patrols)));
        for by in GroupBy::ALL {
            let told = period(asked(by), &facts);
            for measure in [Measure::Engagements, Measure::People, Measure::Cards, Measure::Concerns, Measure::StreetSafe] {
                let sum: i64 = told.groups.iter().filter_map(|group| measure.number(&group.figures)).sum();
                prop_assert_eq!(Some(sum), measure.number(&told.total), "{} by {}", measure.name(), by);
            }
            let patrol: i64 = told.groups.iter().map(|group| group.figures.patrol_ms).sum();
            // A unit that two phones put into two areas at once is in both; it is still one unit.
            prop_assert!(patrol >= told.total.patrol_ms);
            let names: BTreeSet<&str> = told.groups.iter().map(|group| group.label.as_str()).collect();
            prop_assert!(by == GroupBy::Shift || names.len() == told.groups.len());
        }
        let wards = period(asked(GroupBy::Ward), &facts);
        let visits: u32 = wards.groups.iter().map(|group| group.figures.visits.count).sum();
        prop_assert_eq!(visits, wards.total.visits.count, "a visit names its area alone, and is placed by it");
    }
}

fn quiet(day: i64) -> Patrol {
    Patrol {
        day,
        second: None,
        legs: vec![(false, 0, 0, 60)],
        away: vec![],
        visits: vec![],
        talks: vec![],
        closed: true,
    }
}

#[test]
fn two_shifts_of_one_crew_are_one_patrol_of_two_people() {
    let mut pair = quiet(12);
    pair.second = Some(true);
    pair.legs = vec![(false, 0, 0, 120), (true, 0, 60, 120)];
    pair.visits = vec![(false, 0, 10, 12), (true, 0, 12, 14), (false, 0, 100, 30)];
    pair.away = vec![(false, 130, 20), (true, 130, 20)];
    let facts = facts(&fold(told(&[pair])));
    assert_eq!(facts.len(), 2, "each has a shift of their own");
    let whole = period(asked(GroupBy::Area), &facts);
    let hours = |minutes: i64| minutes * MINUTE_MS;
    assert_eq!((whole.total.patrol_ms, whole.total.person_ms), (hours(160), hours(320)));
    assert_eq!((whole.total.visits.count, whole.total.visits.in_band), (2, 1));
    assert_eq!(whole.total.visits.median_ms, Some(hours(23)), "16 and 30 minutes");
    assert_eq!(whole.total.visits.longest_gap_ms, Some(hours(74)));
    assert_eq!((whole.total.away_count, whole.total.away_ms), (1, hours(20)));
    assert_eq!(whole.groups.len(), 1);
    assert_eq!((whole.groups[0].label.as_str(), whole.groups[0].figures.patrol_ms), ("POW", hours(160)));
    assert_eq!(whole.total.abstractions[0].count, 1);
}

#[test]
fn the_period_before_stands_beside_it() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let compared = |from: &str, until: &str| {
        let (from, until) = before(day(from), day(until));
        (from.to_string(), until.to_string())
    };
    let same = |from: &str, until: &str| (from.to_owned(), until.to_owned());
    assert_eq!(compared("2026-11-01", "2026-12-01"), same("2026-10-01", "2026-11-01"), "a month");
    assert_eq!(compared("2027-03-01", "2027-04-01"), same("2027-02-01", "2027-03-01"));
    assert_eq!(compared("2027-03-01", "2027-03-31"), same("2027-02-01", "2027-02-28"), "most of one");
    assert_eq!(compared("2026-11-01", "2026-11-28"), same("2026-10-01", "2026-10-28"));
    assert_eq!(compared("2026-10-01", "2027-01-01"), same("2026-07-01", "2026-10-01"), "a quarter");
    assert_eq!(compared("2026-11-23", "2026-11-30"), same("2026-11-16", "2026-11-23"), "a week");
    assert_eq!(compared("2026-11-27", "2026-11-28"), same("2026-11-26", "2026-11-27"), "a day");
    assert_eq!(compared("2026-11-01", "2026-11-02"), same("2026-10-31", "2026-11-01"));
    let facts = facts(&fold(told(&[quiet(3), quiet(12), quiet(12)])));
    let days = period(asked(GroupBy::Day), &facts);
    assert_eq!((days.total.shifts, days.total_before.shifts, days.groups.len()), (2, 1, 10));
    let third = &days.groups[2];
    assert_eq!((third.figures.shifts, third.before.as_ref().unwrap().shifts), (2, 0));
    assert_eq!(days.groups[3].before.as_ref().unwrap().shifts, 1, "the fourth day of each");
    assert_eq!(days.groups[0].figures.shifts, 0, "a day without a shift is a day, too");
}

#[test]
fn what_is_missing_adds_up_and_a_phone_is_one_phone() {
    let mut open = quiet(12);
    open.closed = false;
    let revisions = told(&[open.clone(), quiet(13), quiet(14), quiet(15)]);
    let entries = fold(revisions);
    let contact = |n: u128, pending: u32| ContactFact {
        officer: officer(n),
        last_heard: Millis(12 * DAY_MS),
        pending,
        set_aside: 0,
        drafts: 0,
        gaps: 0,
        clock_drift_ms: None,
    };
    let mut facts = facts(&entries);
    // Officer 1000 opened the first and the fourth shift.
    facts.iter_mut().for_each(|shift| shift.summary.hear(&[contact(1_000, 3), contact(1_001, 0)]));
    let missing = period(asked(GroupBy::Week), &facts).total.missing;
    assert_eq!((missing.shifts, missing.not_signed, missing.end_not_recorded), (4, 4, 1));
    assert_eq!((missing.phones_pending, missing.pending, missing.phones_not_heard), (1, 3, 2));
    let first = &facts[0].summary;
    assert_eq!(first.ends.since(first.from), 60 * MINUTE_MS, "nobody closed it: it stops with its leg");
    assert_eq!(figures(&[(&facts[0], None)]).patrol_ms, 60 * MINUTE_MS);
}

#[test]
fn nights_on_which_the_clocks_change_have_their_true_length() {
    let once = |text: &str| {
        let wall = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        match at_local(wall) {
            LocalTime::Once(at) => at,
            other => unreachable!("{other:?}"),
        }
    };
    for (from, until, hours, day) in [
        ("2026-10-24 22:00", "2026-10-25 07:00", 10, "2026-10-24"),
        ("2027-03-27 22:00", "2027-03-28 07:00", 8, "2027-03-27"),
        ("2026-10-25 22:00", "2026-10-26 07:00", 9, "2026-10-25"),
    ] {
        let (from, until) = (once(from), once(until));
        let mut revisions = told(&[quiet(0)]);
        for it in &mut revisions {
            it.head.occurred_at = from;
            it.head.occurred_until = Some(until);
            it.head.written_at = until;
        }
        let facts = facts(&fold(revisions));
        let day: NaiveDate = day.parse().unwrap();
        let asked =
            Asked { from: monday_of(day), until: monday_of(day) + chrono::Days::new(7), by: GroupBy::Day };
        let told = period(asked, &facts);
        assert_eq!(told.total.patrol_ms, hours * HOUR_MS);
        let of_day = told.groups.iter().find(|group| group.key == GroupKey::Date(day)).unwrap();
        assert_eq!(of_day.figures.person_ms, hours * HOUR_MS, "filed under the evening on which it began");
    }
    // A month with 25 or 23 hours in one of its days is a whole month all the same.
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let month = Asked { from: day("2026-10-01"), until: day("2026-11-01"), by: GroupBy::Day };
    assert_eq!(period(month, []).groups.len(), 31);
}

#[test]
fn repeated_and_later_entries_are_told_as_a_share() {
    let mut night = quiet(12);
    night.talks = vec![(false, 0, 2, 0), (false, 0, 2, 1), (false, 1, 2, 1), (false, 1, 5, 2)];
    let mut revisions = told(&[night]);
    let mut lamp = revisions.last().unwrap().clone();
    lamp.link = Link([9; 32]);
    lamp.head.entry_id = EntryId(Uuid::from_u128(99_999));
    lamp.head.kind = Kind::Referral;
    lamp.head.origin = Origin::Live;
    lamp.body = Some(Body::Referral(Referral {
        issue: code("streetsafe_environment", "SS_LIGHT"),
        owner: code("referral_owner", "OWN_NCC"),
        state: code("referral_state", "REF_RAISED"),
        details: None,
        owner_ref: None,
        photo: None,
        place: Some(place(1)),
        paper: None,
        reason: None,
    }));
    revisions.push(lamp);
    let told = period(asked(GroupBy::Area), &facts(&fold(revisions)));
    assert_eq!((told.total.entries, told.total.repeated, told.total.retrospective), (5, 2, 1));
    assert_eq!(Measure::Repeated.show(&told.total), "40 %");
    assert_eq!(Measure::Repeated.show(&Figures::default()), "–");
    assert_eq!(told.total.referrals_by_state[0].code.as_str(), "REF_RAISED");
    let tombland = told.groups.iter().find(|group| group.label == "TOMBLAND").unwrap();
    assert_eq!((tombland.figures.referrals, tombland.figures.engagements), (1, 2));
    assert_eq!(tombland.figures.streetsafe.len(), 2);
}
