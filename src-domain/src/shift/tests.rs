//! The shift as its entries tell it: crews, hours, both clock changes.
#![allow(clippy::unwrap_used)]
use std::collections::BTreeMap;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::entry::testing::{code, officer, revision, revision_of};
use crate::entry::{About, AwayScope, CalledAway, CrewMembership, HeadLink, Relation, Revision, fold};
use crate::time::{LocalTime, at_local, union_length};

const HOUR: i64 = 3_600_000;
const HALF: i64 = HOUR / 2;
/// The officers of the tests.
const ANN: u128 = 1482;
const BEN: u128 = 1377;
/// Two units.
const HERE: u128 = 12;
const THERE: u128 = 99;
/// Ann's shift, Ben's own, and the one Ann's replacement phone opened.
const NIGHT: u128 = 1;
const BENS: u128 = 40;
const AGAIN: u128 = 60;

/// What officers record, in the order in which it is told.
#[derive(Clone, Default)]
struct Told(Vec<Revision>);

impl Told {
    /// A first revision of entry `n`, with its end where it has one.
    fn span(
        &mut self,
        n: u8,
        kind: Kind,
        by: u128,
        unit: u128,
        at: i64,
        until: Option<i64>,
    ) -> &mut Revision {
        let mut first = revision(n, kind, at);
        first.head.author = officer(by);
        first.head.unit_id = Some(UnitId(Uuid::from_u128(unit)));
        first.head.shift_id = Some(shift_id(if by == BEN { BENS } else { NIGHT }));
        first.head.occurred_until = until.map(Millis);
        if until.is_some() && kind.end().is_some() {
            first.head.kind = kind.end().unwrap();
        }
        self.0.push(first);
        self.0.last_mut().unwrap()
    }

    fn crew(
        &mut self,
        n: u8,
        by: u128,
        member: u128,
        standing: CrewStanding,
        at: i64,
        until: Option<i64>,
    ) -> &mut Revision {
        let word = self.span(n, Kind::CrewJoined, by, HERE, at, until);
        word.body = Some(Body::Crew(CrewMembership { member: officer(member), standing, reason: None }));
        word
    }

    /// Ben's answer to the claim of entry `about`.
    fn answer(&mut self, n: u8, about: u8, standing: CrewStanding, at: i64) -> &mut Revision {
        let claim = self.0.iter().find(|told| told.head.entry_id == shift_id(about.into())).unwrap();
        let (link, entry_id) = (claim.link, claim.head.entry_id);
        let answer = self.crew(n, BEN, BEN, standing, at, None);
        answer.head.about = Some(About { entry_id, link });
        answer.head.shift_id = Some(shift_id(NIGHT));
        answer
    }

    fn read<T>(&self, shift: u128, ask: impl FnOnce(&Shift<'_>) -> T) -> T {
        let entries = fold(self.0.clone());
        ask(&read(&entries, shift_id(shift)).unwrap())
    }

    fn hours(&self, shift: u128) -> Hours {
        self.read(shift, |shift| shift.hours())
    }

    /// Patrol-hours, and person-hours of all, milliseconds.
    fn sums(&self, shift: u128) -> (i64, i64) {
        let hours = self.hours(shift);
        (union_length(&hours.patrol), hours.person.values().map(|time| union_length(time)).sum())
    }

    fn person(&self, shift: u128, of: u128) -> i64 {
        self.hours(shift).person.get(&officer(of)).map_or(0, |time| union_length(time))
    }
}

fn shift_id(n: u128) -> EntryId {
    EntryId(Uuid::from_u128(n))
}

/// Ann's shift of 8 h with one leg, a break of an hour and half an hour away.
fn night() -> Told {
    let mut told = Told::default();
    told.span(1, Kind::ShiftOpened, ANN, HERE, 0, Some(8 * HOUR));
    told.span(2, Kind::LegStarted, ANN, HERE, 0, Some(8 * HOUR));
    told.span(3, Kind::BreakStarted, ANN, HERE, 2 * HOUR, Some(3 * HOUR));
    told.span(4, Kind::CalledAway, ANN, HERE, 5 * HOUR, Some(5 * HOUR + HALF));
    told
}

/// A night with nothing but a leg.
fn plain_night() -> Told {
    let mut told = Told::default();
    told.span(1, Kind::ShiftOpened, ANN, HERE, 0, Some(8 * HOUR));
    told.span(2, Kind::LegStarted, ANN, HERE, 0, Some(8 * HOUR));
    told
}

#[test]
fn breaks_and_calls_away_are_not_patrol() {
    assert_eq!(night().sums(NIGHT), (6 * HOUR + HALF, 6 * HOUR + HALF));
}

#[test]
fn a_partner_counts_only_once_confirmed_and_by_their_own_word() {
    let mut claimed = night();
    claimed.crew(20, ANN, BEN, CrewStanding::Confirmed, 0, None);
    let alone = (6 * HOUR + HALF, 6 * HOUR + HALF);
    assert_eq!(claimed.sums(NIGHT), alone, "a claim is not the member's word");
    let mut confirmed = claimed.clone();
    confirmed.answer(21, 20, CrewStanding::Confirmed, 0);
    assert_eq!(confirmed.sums(NIGHT), (6 * HOUR + HALF, 13 * HOUR));
    let mut disputed = claimed.clone();
    disputed.answer(21, 20, CrewStanding::Disputed, 0);
    assert_eq!(disputed.sums(NIGHT), alone);
    assert_eq!(disputed.read(NIGHT, |shift| shift.crew[1].standing), CrewStanding::Disputed);
    let mut unasked = claimed;
    unasked.crew(21, BEN, BEN, CrewStanding::Disputed, 0, None);
    assert_eq!(unasked.sums(NIGHT), alone);
}

/// Of the others' shifts those of confirmed colleagues about this time, a day before and after: what is entered late.
#[test]
fn the_shifts_of_colleagues_about_a_shift_are_those_that_may_hold_something_of_it() {
    let mut told = plain_night();
    told.crew(20, ANN, BEN, CrewStanding::Claimed, 0, None);
    told.answer(21, 20, CrewStanding::Confirmed, 0);
    for (n, from, until) in [(31, -100, -90), (32, -30, -22), (33, 1, 7), (34, 30, 38), (35, 33, 40)] {
        told.span(n, Kind::ShiftOpened, BEN, THERE, from * HOUR, Some(until * HOUR));
    }
    // Her own shift of the day before, and a stranger's of the same night.
    told.span(36, Kind::ShiftOpened, ANN, HERE, -20 * HOUR, Some(-12 * HOUR));
    told.span(37, Kind::ShiftOpened, 2206, THERE, 0, Some(8 * HOUR));
    let entries = fold(told.0.clone());
    let theirs = told.read(NIGHT, |shift| shift.of_colleagues(&entries));
    assert_eq!(theirs, [32, 33, 34].map(shift_id).into());
}

#[test]
fn the_last_answer_to_a_claim_counts() {
    let mut told = night();
    told.crew(20, ANN, BEN, CrewStanding::Claimed, 0, None);
    told.answer(21, 20, CrewStanding::Confirmed, 0);
    told.answer(22, 20, CrewStanding::Disputed, 0).head.written_at = Millis(HOUR);
    assert_eq!(told.person(NIGHT, BEN), 0);
    told.answer(23, 20, CrewStanding::Confirmed, 0).head.written_at = Millis(2 * HOUR);
    assert_eq!(told.person(NIGHT, BEN), 6 * HOUR + HALF);
}

#[test]
fn a_membership_counts_from_when_until_when_it_lasted() {
    let mut told = plain_night();
    told.crew(20, ANN, BEN, CrewStanding::Claimed, HOUR, Some(3 * HOUR));
    told.answer(21, 20, CrewStanding::Confirmed, HOUR);
    assert_eq!(told.person(NIGHT, BEN), 2 * HOUR, "the end of a claim ends what answers it");
    // Named again later: that is asked, and counted, anew.
    told.crew(22, ANN, BEN, CrewStanding::Claimed, 5 * HOUR, None);
    assert_eq!(told.person(NIGHT, BEN), 2 * HOUR);
    let standings = told.read(NIGHT, |shift| shift.crew.iter().map(Member::counts).collect::<Vec<_>>());
    assert_eq!(standings, [true, true, false]);
    told.answer(23, 22, CrewStanding::Confirmed, 5 * HOUR);
    assert_eq!(told.person(NIGHT, BEN), 5 * HOUR);
}

#[test]
fn who_joined_by_the_code_is_in_the_crew_and_asked_no_more() {
    let mut told = plain_night();
    told.span(40, Kind::ShiftOpened, BEN, HERE, HOUR, Some(8 * HOUR));
    told.crew(41, BEN, BEN, CrewStanding::Confirmed, HOUR, Some(8 * HOUR));
    told.crew(20, ANN, BEN, CrewStanding::Claimed, 0, Some(8 * HOUR));
    assert_eq!(told.sums(NIGHT), (8 * HOUR, 15 * HOUR));
    let members = told.read(NIGHT, |shift| shift.crew.len());
    assert_eq!(members, 2, "the claim is taken up");
    // Ben's own shift counts the same unit: Ann opened hers in it, which is her word.
    assert_eq!(told.sums(BENS), (7 * HOUR, 14 * HOUR));
    let totals = totals([&told.hours(NIGHT), &told.hours(BENS)]);
    let units: Vec<i64> = totals.units.values().map(|time| union_length(time)).collect();
    assert_eq!(units, [8 * HOUR], "one unit, whoever tells of it");
    let person: i64 = totals.person.values().map(|time| union_length(time)).sum();
    assert_eq!(person, 15 * HOUR);
}

#[test]
fn what_nobody_closed_of_a_colleague_ends_where_the_crew_says_so() {
    let mut told = plain_night();
    told.span(40, Kind::ShiftOpened, BEN, HERE, 0, None);
    told.crew(41, BEN, BEN, CrewStanding::Confirmed, 0, None);
    told.crew(20, ANN, BEN, CrewStanding::Claimed, 0, Some(2 * HOUR));
    assert_eq!(told.person(NIGHT, BEN), 2 * HOUR);
    let mut later = told.clone();
    later.span(42, Kind::Engagement, BEN, HERE, 3 * HOUR, None);
    assert_eq!(later.person(NIGHT, BEN), 3 * HOUR, "what the colleague recorded after it was recorded there");
    // What the colleague says goes before it.
    told.0[3].head.occurred_until = Some(Millis(6 * HOUR));
    assert_eq!(told.person(NIGHT, BEN), 6 * HOUR);
}

#[test]
fn two_phones_of_one_crew_never_double() {
    let mut both = night();
    both.crew(20, BEN, BEN, CrewStanding::Confirmed, 0, None);
    both.span(30, Kind::LegStarted, BEN, HERE, HOUR, Some(7 * HOUR));
    assert_eq!(both.sums(NIGHT), (6 * HOUR + HALF, 13 * HOUR));
}

#[test]
fn joining_another_unit_in_mid_shift_is_right_for_both() {
    // Ann opens her own unit; Ben patrols another, with a leg that ends at 6 h. At 4 h Ann joins Ben's.
    let mut told = Told::default();
    told.span(1, Kind::ShiftOpened, ANN, HERE, 0, Some(8 * HOUR));
    told.span(2, Kind::LegStarted, ANN, HERE, 0, Some(4 * HOUR));
    told.span(40, Kind::ShiftOpened, BEN, THERE, 0, Some(6 * HOUR));
    told.span(42, Kind::LegStarted, BEN, THERE, 0, Some(6 * HOUR));
    told.crew(5, ANN, ANN, CrewStanding::Confirmed, 0, Some(4 * HOUR)).head.written_at = Millis(4 * HOUR);
    let joined = told.crew(6, ANN, ANN, CrewStanding::Confirmed, 4 * HOUR, Some(8 * HOUR));
    joined.head.unit_id = Some(UnitId(Uuid::from_u128(THERE)));
    told.span(7, Kind::LegStarted, ANN, THERE, 4 * HOUR, Some(8 * HOUR));

    let (anns, bens) = (told.hours(NIGHT), told.hours(BENS));
    let unit = |hours: &Hours, unit: u128| {
        hours.units.get(&UnitId(Uuid::from_u128(unit))).map_or(0, |time| union_length(time))
    };
    assert_eq!((unit(&anns, HERE), unit(&anns, THERE)), (4 * HOUR, 4 * HOUR));
    assert_eq!((unit(&bens, HERE), unit(&bens, THERE)), (0, 6 * HOUR), "up to the end of Ben's shift");
    assert_eq!(told.person(NIGHT, ANN), 8 * HOUR);
    assert_eq!(told.person(NIGHT, BEN), 2 * HOUR, "together from 4 h, to the end of Ben's shift");
    assert_eq!((told.person(BENS, BEN), told.person(BENS, ANN)), (6 * HOUR, 2 * HOUR));
    let totals = totals([&anns, &bens]);
    let of = |unit: u128| union_length(&totals.units[&UnitId(Uuid::from_u128(unit))]);
    assert_eq!((of(HERE), of(THERE)), (4 * HOUR, 8 * HOUR));
    let person: BTreeMap<_, i64> =
        totals.person.iter().map(|(who, time)| (*who, union_length(time))).collect();
    assert_eq!(person, BTreeMap::from([(officer(ANN), 8 * HOUR), (officer(BEN), 6 * HOUR)]));
    assert_eq!(told.read(NIGHT, |shift| shift.unit), Some(UnitId(Uuid::from_u128(THERE))));
    let with = told.read(NIGHT, |shift| (shift.crew[1].from, shift.crew[1].until));
    assert_eq!(with, (Millis(4 * HOUR), Some(Millis(6 * HOUR))), "a colleague counts from when they met");
}

#[test]
fn who_says_yes_to_a_claim_leaves_the_own_unit_for_as_long() {
    // Ben opened a unit of his own, and then says that he has been with Ann, who lets him go after three hours.
    let mut told = plain_night();
    told.span(40, Kind::ShiftOpened, BEN, THERE, 0, Some(8 * HOUR));
    told.span(42, Kind::LegStarted, BEN, THERE, 0, Some(8 * HOUR));
    told.crew(20, ANN, BEN, CrewStanding::Claimed, 0, Some(3 * HOUR));
    told.answer(21, 20, CrewStanding::Confirmed, 0).head.written_at = Millis(HALF);
    let bens = told.hours(BENS);
    let theirs = union_length(&bens.units[&UnitId(Uuid::from_u128(THERE))]);
    assert_eq!(theirs, 5 * HOUR, "what two phones of one crew record is one patrol");
    assert_eq!((told.person(BENS, BEN), told.person(NIGHT, BEN)), (8 * HOUR, 3 * HOUR));
    let totals = totals([&told.hours(NIGHT), &bens]);
    assert_eq!(union_length(&totals.person[&officer(BEN)]), 8 * HOUR);
    assert_eq!(told.read(BENS, |shift| shift.unit), Some(UnitId(Uuid::from_u128(THERE))));
}

/// Ann's phone breaks at 3 h; at 4 h another one goes on.
fn replaced() -> Told {
    let mut told = Told::default();
    told.span(1, Kind::ShiftOpened, ANN, HERE, 0, None);
    told.span(2, Kind::LegStarted, ANN, HERE, HOUR, None);
    told.span(3, Kind::Engagement, ANN, HERE, 3 * HOUR, None);
    let again = told.span(60, Kind::ShiftOpened, ANN, HERE, 4 * HOUR, None);
    again.head.shift_id = Some(shift_id(AGAIN));
    again.head.links = vec![HeadLink { relation: Relation::SameAs, entry_id: shift_id(NIGHT), link: None }];
    let later = told.span(62, Kind::Engagement, ANN, HERE, 5 * HOUR, None);
    later.head.shift_id = Some(shift_id(AGAIN));
    told
}

#[test]
fn a_replaced_phone_goes_on_with_one_shift_and_never_doubles() {
    let mut told = replaced();
    for shift in [NIGHT, AGAIN] {
        assert_eq!(told.sums(shift), (4 * HOUR, 4 * HOUR), "both ids read as one shift");
        let (from, records) = told.read(shift, |shift| (shift.opened.from, shift.records.len()));
        assert_eq!((from, records), (Millis(0), 2));
    }
    let entries = fold(told.0.clone());
    let open: Vec<EntryId> = open_shifts(&entries, officer(ANN)).iter().map(|e| e.entry_id).collect();
    assert_eq!(open, [shift_id(AGAIN)], "the earlier one is gone on with");
    // The new phone ends it. The first one, found again, still shows its shift as running, and a leg.
    told.0[3].head.occurred_until = Some(Millis(6 * HOUR));
    told.0[3].head.kind = Kind::ShiftEnded;
    let leg = told.span(63, Kind::LegStarted, ANN, HERE, 4 * HOUR, Some(6 * HOUR));
    leg.head.shift_id = Some(shift_id(AGAIN));
    for shift in [NIGHT, AGAIN] {
        assert_eq!(told.sums(shift), (5 * HOUR, 5 * HOUR));
        assert_eq!(told.read(shift, |shift| shift.opened.until), Some(Millis(6 * HOUR)));
    }
    let totals = totals([&told.hours(NIGHT), &told.hours(AGAIN)]);
    assert_eq!(union_length(&totals.units[&UnitId(Uuid::from_u128(HERE))]), 5 * HOUR);
    assert_eq!(union_length(&totals.person[&officer(ANN)]), 5 * HOUR);
}

#[test]
fn a_ring_of_same_shifts_is_read_to_its_end() {
    let mut told = replaced();
    told.0[0].head.links =
        vec![HeadLink { relation: Relation::SameAs, entry_id: shift_id(AGAIN), link: None }];
    assert_eq!(told.sums(NIGHT).0, 4 * HOUR);
}

#[test]
fn time_nobody_closed_stops_at_the_last_evidence() {
    let mut told = Told::default();
    told.span(1, Kind::ShiftOpened, ANN, HERE, 0, None);
    told.span(2, Kind::LegStarted, ANN, HERE, HOUR, None);
    told.span(3, Kind::Engagement, ANN, HERE, 4 * HOUR, None);
    assert_eq!(told.sums(NIGHT), (3 * HOUR, 3 * HOUR));
    // Written while it happened, it shows that the patrol went on; written the next day, it does not.
    told.0[2].head.written_at = Millis(4 * HOUR + HALF - 1);
    assert_eq!(told.sums(NIGHT).0, 3 * HOUR + HALF - 1);
    told.0[2].head.written_at = Millis(20 * HOUR);
    assert_eq!(told.sums(NIGHT).0, 3 * HOUR);
    let corrected = revision_of(&told.0[2].clone(), 33, Change::Corrects, 30 * HOUR);
    told.0.push(corrected);
    assert_eq!(told.sums(NIGHT).0, 3 * HOUR, "nor does a correction");
    told.crew(20, ANN, BEN, CrewStanding::Claimed, HOUR, None);
    told.answer(21, 20, CrewStanding::Confirmed, HOUR).head.written_at = Millis(21 * HOUR);
    told.span(22, Kind::DutyOpened, ANN, HERE, 9 * HOUR, None);
    assert_eq!(told.sums(NIGHT).0, 3 * HOUR, "nor an answer or a duty of the next day");
}

#[test]
fn an_end_corrected_to_earlier_takes_the_later_one_back() {
    let mut told = Told::default();
    told.span(1, Kind::ShiftOpened, ANN, HERE, 0, None);
    let leg = told.span(2, Kind::LegStarted, ANN, HERE, 0, Some(9 * HOUR)).clone();
    let mut corrected = revision_of(&leg, 22, Change::Corrects, 20 * HOUR);
    corrected.head.occurred_until = Some(Millis(6 * HOUR));
    told.0.push(corrected);
    assert_eq!(told.sums(NIGHT).0, 6 * HOUR);
}

/// Called away on one's own account from 2 h to 3 h, for a reason of abstraction.
fn author_away(told: &mut Told, n: u8, by: u128) {
    let away = told.span(n, Kind::CalledAway, by, HERE, 2 * HOUR, Some(3 * HOUR));
    away.body = Some(Body::Away(CalledAway { scope: AwayScope::Author, reason: None }));
    away.head.codes = vec![code(list::ABSTRACTION_REASON, "AB_CUSTODY")];
}

#[test]
fn called_away_alone_takes_only_that_officer_out() {
    let mut told = plain_night();
    told.crew(20, BEN, BEN, CrewStanding::Confirmed, 0, None);
    author_away(&mut told, 21, BEN);
    assert_eq!(told.sums(NIGHT), (8 * HOUR, 15 * HOUR));
    assert_eq!(told.person(NIGHT, BEN), 7 * HOUR);
    let reason = told.read(NIGHT, |shift| shift.away[0].away_reason().map(|reason| reason.code.to_string()));
    assert_eq!(reason.as_deref(), Some("AB_CUSTODY"));
    // And with both gone, each on their own account, nobody is on patrol.
    author_away(&mut told, 22, ANN);
    assert_eq!(told.sums(NIGHT), (7 * HOUR, 14 * HOUR));
}

/// The instant at which London's clocks show a time that comes once.
fn wall(text: &str) -> i64 {
    let wall = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    match at_local(wall) {
        LocalTime::Once(at) => at.0,
        other => panic!("not an hour that comes once: {other:?}"),
    }
}

#[test]
fn a_night_in_which_the_clocks_change_is_as_long_as_it_was() {
    let nights = [
        ("2026-10-24 22:00", "2026-10-25 07:00", 10),
        ("2027-03-27 22:00", "2027-03-28 07:00", 8),
        ("2026-11-27 22:00", "2026-11-28 07:00", 9),
    ];
    for (from, until, long) in nights {
        let (from, until) = (wall(from), wall(until));
        let mut told = Told::default();
        told.span(1, Kind::ShiftOpened, ANN, HERE, from, Some(until));
        told.span(2, Kind::LegStarted, ANN, HERE, from, Some(until));
        told.crew(20, ANN, BEN, CrewStanding::Claimed, from, Some(until));
        told.answer(21, 20, CrewStanding::Confirmed, from);
        assert_eq!(told.sums(NIGHT), (long * HOUR, 2 * long * HOUR));
    }
}

#[test]
fn the_hour_that_runs_twice_is_two_hours() {
    let (LocalTime::Twice { first, .. }, until) = (
        at_local(chrono::NaiveDate::from_ymd_opt(2026, 10, 25).unwrap().and_hms_opt(1, 0, 0).unwrap()),
        wall("2026-10-25 02:00"),
    ) else {
        panic!("the clocks go back in this night")
    };
    let mut told = Told::default();
    told.span(1, Kind::ShiftOpened, ANN, HERE, first.0, Some(until));
    told.span(2, Kind::LegStarted, ANN, HERE, first.0, Some(until));
    assert_eq!(told.sums(NIGHT).0, 2 * HOUR);
}

#[test]
fn a_claim_waits_until_it_is_answered() {
    let mut told = Told::default();
    told.crew(20, ANN, BEN, CrewStanding::Claimed, 0, None);
    let entries = fold(told.0.clone());
    assert_eq!(unanswered_claims(&entries, officer(BEN)).len(), 1);
    assert!(unanswered_claims(&entries, officer(2206)).is_empty());
    told.answer(21, 20, CrewStanding::Confirmed, 0);
    assert!(unanswered_claims(&fold(told.0), officer(BEN)).is_empty());
}

/// Begin and length in minutes.
type Minutes = Vec<(i64, i64)>;

fn minutes(most: usize) -> impl Strategy<Value = Minutes> {
    prop::collection::vec((0i64..240, 0i64..90), 0..most)
}

fn covers(spans: &Minutes, at: i64) -> bool {
    spans.iter().any(|(from, long)| (*from..from + long).contains(&at))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    /// Whatever two officers with two phones record, the hours are those of a clerk with a list of minutes; both shifts
    /// agree; and nothing counts twice.
    #[test]
    fn hours_are_those_of_every_single_minute(
        legs in (minutes(3), minutes(3)),
        breaks in (minutes(2), minutes(2)),
        away in (minutes(2), minutes(2)),
        alone in (minutes(2), minutes(2)),
        with in (0i64..200, 1i64..200),
        confirmed: bool,
    ) {
        let (minute, end) = (60_000, 300);
        let mut told = Told::default();
        told.span(1, Kind::ShiftOpened, ANN, HERE, 0, Some(end * minute));
        told.span(40, Kind::ShiftOpened, BEN, THERE, 0, Some(end * minute));
        let (from, until) = (with.0, (with.0 + with.1).min(end));
        told.crew(20, ANN, BEN, CrewStanding::Claimed, from * minute, Some(until * minute));
        if confirmed {
            told.answer(21, 20, CrewStanding::Confirmed, from * minute).head.written_at = Millis(end * minute);
        }
        let mut n = 100;
        for (kind, own, (anns, bens)) in [
            (Kind::LegStarted, false, &legs), (Kind::BreakStarted, false, &breaks),
            (Kind::CalledAway, false, &away), (Kind::CalledAway, true, &alone),
        ] {
            for (by, unit, spans) in [(ANN, HERE, anns), (BEN, THERE, bens)] {
                for (at, long) in spans {
                    let span = told.span(n, kind, by, unit, at * minute, Some((at + long) * minute));
                    if own {
                        span.body = Some(Body::Away(CalledAway { scope: AwayScope::Author, reason: None }));
                    }
                    n += 1;
                }
            }
        }
        // The clerk: who is in Ann's unit at each minute, and what the unit does.
        let present = |who: usize, at: i64| who == 0 || (confirmed && (from..until).contains(&at));
        let (mut patrol, mut person) = (0, [0, 0]);
        for at in 0..end {
            let any = |both: &(Minutes, Minutes)| {
                (covers(&both.0, at) && present(0, at)) || (covers(&both.1, at) && present(1, at))
            };
            let out = any(&legs) && !any(&breaks) && !any(&away);
            let on = |who: usize, alone: &Minutes| out && present(who, at) && !covers(alone, at);
            let (ann, ben) = (on(0, &alone.0), on(1, &alone.1));
            patrol += i64::from(ann || ben);
            person[0] += i64::from(ann);
            person[1] += i64::from(ben);
        }
        let hours = told.hours(NIGHT);
        prop_assert_eq!(union_length(&hours.patrol), patrol * minute);
        prop_assert_eq!(told.person(NIGHT, ANN), person[0] * minute);
        prop_assert_eq!(told.person(NIGHT, BEN), person[1] * minute);
        // Ben's own shift tells the same of the time they were together, and the rest is a unit of its own.
        let bens = told.hours(BENS);
        let unit = UnitId(Uuid::from_u128(HERE));
        let together = Interval::new(Millis(from * minute), Millis(until * minute));
        let shared = |hours: &Hours| {
            hours.units.get(&unit).map_or(0, |time| union_length(&crate::time::clip(time, together)))
        };
        prop_assert_eq!(shared(&bens), if confirmed { shared(&hours) } else { 0 });
        let totals = totals([&hours, &bens, &hours]);
        prop_assert_eq!(union_length(&totals.units[&unit]), patrol * minute);
        for time in totals.person.values().chain(totals.units.values()) {
            prop_assert!(union_length(time) <= end * minute);
            prop_assert_eq!(&crate::time::union(time), time, "apart and in order");
        }
    }
}
