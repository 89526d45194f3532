//! Summaries from entries.
#![allow(clippy::unwrap_used)]
use uuid::Uuid;

use super::*;
use crate::code_list::list;
use crate::entry::testing::{code, officer, revision, revision_of};
use crate::entry::{
    Change, Concern, CrewMembership, HeadLink, Kind, PowerUse, PowerUsed, Relation, Revision, Visit, fold,
};

const MINUTE: i64 = 60_000;
const ANN: u128 = 1482;
const BEN: u128 = 1377;

/// An entry of Ann's shift, by one of the two.
fn told(n: u8, kind: Kind, by: u128, at: i64, until: Option<i64>) -> Revision {
    let mut told = revision(n, kind, at * MINUTE);
    told.head.author = officer(by);
    told.head.unit_id = Some(UnitId(Uuid::from_u128(12)));
    told.head.shift_id = Some(EntryId(Uuid::from_u128(1)));
    told.head.occurred_until = until.map(|until| Millis(until * MINUTE));
    told
}

fn visit(n: u8, by: u128, area: &str, method: &str, at: i64, until: Option<i64>) -> Revision {
    let mut visit = told(n, Kind::VisitStarted, by, at, until);
    visit.head.area = Some(area.into());
    visit.head.codes = vec![code(list::VISIT_METHOD, method)];
    visit.body = Some(Body::Visit(Visit { accuracy_m: (method == "GEOFENCE").then_some(8), reason: None }));
    visit
}

fn crew_word(n: u8, standing: CrewStanding, by: u128, at: i64, until: Option<i64>) -> Revision {
    let mut word = told(n, Kind::CrewJoined, by, at, until);
    word.body = Some(Body::Crew(CrewMembership { member: officer(BEN), standing, reason: None }));
    word
}

fn summary(mut revisions: Vec<Revision>) -> ShiftSummary {
    revisions.push(told(1, Kind::ShiftOpened, ANN, 0, Some(480)));
    shift_summary(&fold(revisions), EntryId(Uuid::from_u128(1)), &[], &Setting::default()).unwrap()
}

#[test]
fn two_phones_in_one_area_at_one_time_made_one_visit() {
    let both = vec![
        crew_word(20, CrewStanding::Confirmed, BEN, 0, Some(480)),
        visit(2, ANN, "POW", "MANUAL", 10, Some(20)),
        visit(3, BEN, "POW", "GEOFENCE", 12, Some(24)),
        visit(4, BEN, "TOMBLAND", "MANUAL", 18, Some(30)),
        visit(5, ANN, "POW", "MANUAL", 60, None),
    ];
    let visits = summary(both.clone()).visits;
    let lines: Vec<_> = visits
        .iter()
        .map(|visit| (visit.area.as_str(), visit.from.0 / MINUTE, visit.until.0 / MINUTE, visit.end_recorded))
        .collect();
    assert_eq!(lines, [("POW", 10, 24, true), ("TOMBLAND", 18, 30, true), ("POW", 60, 480, false)]);
    assert_eq!(visits[0].accuracy_m, Some(8));
    // Somebody who is not confirmed makes no visit of the unit.
    let unconfirmed: Vec<_> = both.into_iter().skip(1).collect();
    let lines: Vec<_> = summary(unconfirmed).visits.iter().map(|visit| visit.until.0 / MINUTE).collect();
    assert_eq!(lines, [20, 480]);
}

#[test]
fn a_visit_whose_times_were_changed_says_so_and_keeps_how_it_was_told() {
    let told = visit(2, ANN, "POW", "MANUAL", 10, Some(20));
    assert!(!summary(vec![told.clone()]).visits[0].edited);
    let mut changed = revision_of(&told, 3, Change::Corrects, 40 * MINUTE);
    changed.head.codes = vec![code(list::VISIT_METHOD, "EDITED")];
    changed.head.occurred_until = Some(Millis(26 * MINUTE));
    let visit = summary(vec![told, changed]).visits.remove(0);
    assert!(visit.edited);
    assert_eq!((visit.until, visit.method.unwrap().as_str()), (Millis(26 * MINUTE), "MANUAL"));
}

#[test]
fn the_timeline_names_the_area_of_a_visit_and_not_how_it_was_told() {
    let timeline = summary(vec![visit(2, ANN, "POW", "MANUAL", 10, Some(20))]).timeline;
    assert_eq!(timeline[0].label.as_deref(), Some("POW"));
}

#[test]
fn an_officer_named_twice_is_one_line_of_the_crew() {
    let twice = summary(vec![
        crew_word(20, CrewStanding::Claimed, ANN, 0, Some(60)),
        crew_word(21, CrewStanding::Claimed, ANN, 120, Some(180)),
    ]);
    assert_eq!(twice.crew.len(), 2, "the opener and one other");
    assert_eq!((twice.crew[1].from, twice.crew[1].until), (Millis(0), Some(Millis(180 * MINUTE))));
    let missing = twice.missing.iter().filter(|it| matches!(it, Missing::CrewNotConfirmed { .. }));
    assert_eq!(missing.count(), 1);
    let half = summary(vec![
        crew_word(20, CrewStanding::Confirmed, BEN, 0, Some(60)),
        crew_word(21, CrewStanding::Claimed, ANN, 120, Some(180)),
    ]);
    assert_eq!((half.crew[1].confirmed, half.crew[1].until), (true, Some(Millis(60 * MINUTE))));
    assert!(half.missing.iter().any(|it| matches!(it, Missing::CrewNotConfirmed { .. })), "the rest is open");
}

#[test]
fn a_power_counts_once_whether_it_stands_alone_or_with_a_concern() {
    let power = |name: &str| code(list::POWER, name);
    let alone = |n: u8, name: &str| {
        let mut used = told(n, Kind::PowerUse, ANN, 100, None);
        used.body = Some(Body::PowerUse(PowerUse {
            power: power(name),
            authority: None,
            area: None,
            until: None,
            reason_class: None,
            people: 1,
            references: vec![],
            plain_clothes: false,
            place: None,
            note: None,
            paper: None,
            reason: None,
        }));
        used
    };
    let mut concern = told(2, Kind::Concern, ANN, 90, None);
    let body = serde_json::json!({ "behaviours": [], "seen": "A man stood facing the rank." });
    let mut said: Concern = serde_json::from_value(body).unwrap();
    said.powers = ["S35", "S50"].map(|name| PowerUsed { power: power(name), authority: None }).to_vec();
    concern.body = Some(Body::Concern(said));
    let mut of_concern = alone(3, "S35");
    of_concern.head.links =
        vec![HeadLink { relation: Relation::AroseFrom, entry_id: concern.head.entry_id, link: None }];
    let powers = summary(vec![concern, of_concern, alone(4, "S35")]).powers;
    let counted: Vec<_> = powers.iter().map(|power| (power.code.as_str(), power.count)).collect();
    assert_eq!(counted, [("S35", 2), ("S50", 1)]);
}

mod narrow {
    use proptest::prelude::*;

    use super::super::*;
    use crate::code_list::built_in;
    use crate::duty::{CRIME_REF, opened};
    use crate::entry::testing::{code, officer, revision};
    use crate::entry::{Access, ConcernDraft, DraftForm, Kind, Revision, fold};

    const SHIFT: u8 = 1;

    /// A record of the night, number `n`, of any kind that stands in figures.
    fn record(n: u8, which: u8, at: i64, author: u128) -> Revision {
        let kinds = [
            Kind::Engagement,
            Kind::Concern,
            Kind::Handout,
            Kind::DutyOpened,
            Kind::LegStarted,
            Kind::BreakEnded,
            Kind::CalledAway,
            Kind::PowerUse,
        ];
        let kind = kinds[usize::from(which) % kinds.len()];
        let mut it = revision(n, kind, at);
        it.head.author = officer(author);
        it.head.shift_id = Some(EntryId(uuid::Uuid::from_u128(u128::from(SHIFT))));
        match kind {
            Kind::Concern => {
                let draft = ConcernDraft {
                    behaviours: vec![Code::new("B_TOUCH")],
                    seen: "Seen.".to_owned(),
                    reporting: Some(crate::entry::Reporting::Yes),
                    disclosed_at: Some(Millis(at)),
                    ..ConcernDraft::default()
                };
                let on = chrono::NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
                it.body = DraftForm::Concern(draft).bodies(built_in(), on, Millis(at)).ok().map(|it| it.main);
            }
            Kind::DutyOpened => {
                it.body = Some(Body::Duty(opened(CRIME_REF, Some(Millis(at)), built_in(), Millis(at))))
            }
            Kind::BreakEnded => it.head.occurred_until = Some(Millis(at + 60_000)),
            Kind::LegStarted => it.head.codes = vec![code("patrol_mode", "P_FOOT")],
            _ => {}
        }
        it.received = Some((Millis(at + 5_000), u64::from(n)));
        it
    }

    fn night() -> impl Strategy<Value = Vec<(u8, i64)>> {
        prop::collection::vec((0_u8..8, 0_i64..20_000_000), 0..12)
    }

    proptest! {
        /// A disclosure about someone in policing moves no figure: not a total, not an hour, not what is missing.
        #[test]
        fn what_professional_standards_alone_may_read_moves_no_figure(
            open in night(), narrow in night(), signed in any::<bool>(),
        ) {
            let mut all = vec![revision(SHIFT, Kind::ShiftOpened, 0)];
            all.extend(open.iter().zip(2..).map(|((which, at), n)| record(n, *which, *at, 1482)));
            if signed {
                let mut it = revision(200, Kind::ShiftSubmitted, 20_000_000);
                it.head.shift_id = Some(all[0].head.entry_id);
                it.body = Some(Body::Submitted(crate::entry::ShiftSubmitted {
                    links: all.iter().map(|one| one.link).collect(),
                    received: 1,
                    open_drafts: vec![],
                }));
                all.push(it);
            }
            let shift_id = all[0].head.entry_id;
            let contact = ContactFact {
                officer: officer(1482), last_heard: Millis(30_000_000), pending: 0, set_aside: 0, drafts: 0, gaps: 0,
                clock_drift_ms: None,
            };
            let contacts = [contact];
            let before = shift_summary(&fold(all.clone()), shift_id, &contacts, &Setting::default());
            all.extend(narrow.iter().zip(100..).map(|((which, at), n)| {
                let mut it = record(n, *which, *at, 1482);
                it.head.access = Access::ProfessionalStandards;
                it
            }));
            prop_assert_eq!(shift_summary(&fold(all), shift_id, &contacts, &Setting::default()), before);
        }
    }
}
