//! Crews: joined by a code without signal, named, confirmed, let go.

use beatbook_domain::entry::{Body, CrewStanding, Entry, Kind};
use beatbook_domain::unit_code;
use beatbook_protocol::ipc::*;

use crate::phones::*;

const HOUR_MS: i64 = 3_600_000;

fn crew_words(entries: &[Entry]) -> Vec<&Entry> {
    entries.iter().filter(|entry| matches!(entry.kind(), Kind::CrewJoined | Kind::CrewLeft)).collect()
}

fn member(entry: &Entry) -> (u128, CrewStanding) {
    match &entry.current().body {
        Some(Body::Crew(crew)) => (crew.member.0.as_u128(), crew.standing),
        other => panic!("not a membership: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_read_out_is_the_same_unit_on_both_phones_without_signal() {
    let mut ann = Phone::of(ANN).await;
    let shift = ann.start("NC12").await;
    let shown = shift.unit_code.clone().expect("a unit that begins has a code");
    assert_eq!(shown.len(), 4);
    ann.restart().await;
    assert_eq!(ann.shift().await.unit_code, Some(shown.clone()), "it can be read out again after a restart");

    let mut ben = ann.beside(BEN, 1).await;
    // After midnight, read out as people do.
    ann.pass(2 * HOUR);
    let spoken = format!(" {} {} ", &shown[..2].to_lowercase(), &shown[2..]);
    let join = StartShift { call_sign: "nc12".into(), join: Some(spoken), ..StartShift::default() };
    let joined = ben.ask(join).await.shift.unwrap();
    assert_eq!(joined.unit_code, Some(shown.clone()));

    let (anns, bens) = (ann.entries().await, ben.entries().await);
    let opened = |entries: &[Entry]| entries.iter().find(|e| e.kind() == Kind::ShiftOpened).unwrap().clone();
    assert!(unit(&opened(&anns)).is_some());
    assert_eq!(unit(&opened(&anns)), unit(&opened(&bens)));
    let words = crew_words(&bens);
    assert_eq!(words.len(), 1);
    assert_eq!((member(words[0]), unit(words[0])), ((BEN, CrewStanding::Confirmed), unit(&opened(&anns))));
    assert!(crew_words(&anns).is_empty(), "who begins a unit says nothing more");

    // Both know of each other once they have heard: no double, no claim to answer.
    ann.pass(HOUR);
    ann.pull(&mut ben).await;
    ben.pull(&mut ann).await;
    for (phone, other) in [(&ann, BEN), (&ben, ANN)] {
        let crew = phone.shift().await.crew;
        assert_eq!(crew.len(), 1);
        assert!(crew[0].confirmed && crew[0].officer == officer(other));
        assert!(phone.today().await.claims.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanned_code_brings_its_call_sign() {
    let ann = Phone::of(ANN).await;
    let shown = ann.start("NC12").await.unit_code.unwrap();
    let ben = ann.beside(BEN, 1).await;
    let join = StartShift { join: Some(unit_code::qr_text("NC12", &shown)), ..StartShift::default() };
    let joined = ben.ask(join).await.shift.unwrap();
    assert_eq!((joined.call_sign.as_str(), joined.unit_code.as_deref()), ("NC12", Some(shown.as_str())));
    assert!(
        ben.refused(StartShift { call_sign: "X".into(), ..StartShift::default() })
            .await
            .contains("open already")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_cannot_be_right_is_told_and_starts_nothing() {
    let ann = Phone::of(ANN).await;
    let start = |code: &str| StartShift {
        call_sign: "NC12".into(),
        join: Some(code.into()),
        ..StartShift::default()
    };
    assert!(ann.refused(start("AB")).await.contains("four letters or figures"));
    let old = ann.beside(BEN, 1).await.start("NC12").await.unit_code.unwrap();
    ann.pass(49 * HOUR);
    assert!(ann.refused(start(&old)).await.contains("another day"));
    assert!(ann.refused(StartShift::default()).await.contains("call sign"));
    let later = StartShift { started_at: Some(ann.now().plus(HOUR_MS)), ..start("") };
    let error = ann.try_ask(later).await.unwrap_err();
    assert_eq!(error.problems[0].field, "started_at");
    assert!(ann.today().await.shift.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn joining_in_mid_shift_takes_everything_after_it_to_the_other_unit() {
    let ann = Phone::of(ANN).await;
    let code_there = ann.start("NW21").await.unit_code.unwrap();
    let mut ben = ann.beside(BEN, 1).await;
    let before = ben.start("NC12").await;
    ben.leg("P_FOOT").await;
    ben.ask(EnterArea { area: code(ROAD) }).await;
    ben.ask(AddCrew { officer: officer(311) }).await;
    ann.pass(HOUR);
    let joined =
        ben.ask(JoinUnit { call_sign: "NW21".into(), code: code_there.clone() }).await.shift.unwrap();
    assert_eq!((joined.call_sign.as_str(), joined.unit_code.as_ref()), ("NW21", Some(&code_there)));
    assert_eq!(joined.shift_id, before.shift_id, "the shift goes on");
    let Doing::OnLeg(leg) = &joined.doing else { panic!("the leg goes on") };
    assert_eq!((leg.since, leg.mode.as_ref().unwrap().code.as_str()), (ben.now(), "P_FOOT"));
    assert_eq!(joined.visit.as_ref().unwrap().code, code(ROAD));
    assert!(joined.crew.iter().all(|member| member.until.is_some()), "who was named stays behind");
    assert!(ben.refused(JoinUnit { call_sign: "NW21".into(), code: code_there }).await.contains("already"));
    ann.pass(HOUR);
    ben.ask(EndLeg {}).await;

    let entries = ben.entries().await;
    let opened = entries.iter().find(|e| e.kind() == Kind::ShiftOpened).unwrap();
    let own: Vec<&Entry> = crew_words(&entries).into_iter().filter(|entry| member(entry).0 == BEN).collect();
    assert_eq!(own.len(), 2, "left one, joined the other");
    let (left, there) = (own[0], own[1]);
    assert_eq!((unit(left), left.current().head.occurred_until), (unit(opened), Some(NIGHT.plus(HOUR_MS))));
    assert_ne!(unit(there), unit(opened));
    let legs: Vec<_> = entries.iter().filter(|e| e.kind() == Kind::LegEnded).map(unit).collect();
    assert_eq!(legs, [unit(opened), unit(there)]);
    let hours = ben.ask(GetClosing {}).await.summary;
    assert_eq!((hours.patrol_ms, hours.person_ms), (2 * HOUR_MS, 2 * HOUR_MS), "an hour in each");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_is_named_asked_and_let_go() {
    let mut ann = Phone::of(ANN).await;
    let mut ben = ann.beside(BEN, 1).await;
    ann.start("NC12").await;
    ann.leg("P_FOOT").await;
    ann.pass(HOUR);
    assert!(ann.refused(AddCrew { officer: officer(ANN) }).await.contains("You are in this crew already"));
    let named = ann.ask(AddCrew { officer: officer(BEN) }).await.shift.unwrap();
    assert_eq!((named.crew[0].confirmed, named.crew[0].from), (false, ann.now()));
    assert!(ann.refused(AddCrew { officer: officer(BEN) }).await.contains("in the crew already"));

    ben.pull(&mut ann).await;
    let claim = ben.today().await.claims.remove(0);
    assert_eq!((claim.from, claim.call_sign.as_deref()), (ann.now(), Some("NC12")));
    ben.ask(AnswerCrewClaim { entry_id: claim.entry_id, confirm: true }).await;
    ann.pull(&mut ben).await;
    let row = ann.shift().await.crew.remove(0);
    assert!(row.confirmed && row.until.is_none());

    ann.pass(HOUR);
    // Ann ends what she claimed, though the row now stands on Ben's word.
    let ended = ann.ask(EndCrew { entry_id: row.entry_id }).await.shift.unwrap();
    assert_eq!(ended.crew[0].until, Some(ann.now()));
    assert!(ann.refused(EndCrew { entry_id: row.entry_id }).await.contains("ended already"));
    ann.pass(HOUR);
    let summary = ann.ask(GetClosing {}).await.summary;
    let of = |who| summary.crew.iter().find(|line| line.officer == officer(who)).unwrap().person_ms;
    assert_eq!((summary.patrol_ms, of(BEN)), (2 * HOUR_MS, HOUR_MS), "up to the last press");
    let summary = ann.end().await.summary;
    let of = |who| summary.crew.iter().find(|line| line.officer == officer(who)).unwrap().person_ms;
    assert_eq!((of(ANN), of(BEN)), (3 * HOUR_MS, HOUR_MS));
    let claims = ann.sealed(&[Kind::CrewLeft]).await;
    assert_eq!(claims.len(), 1, "ended once, in its own entry");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_joined_by_the_code_is_let_go_by_a_word_of_ones_own() {
    let mut ann = Phone::of(ANN).await;
    let shown = ann.start("NC12").await.unit_code;
    let mut ben = ann.beside(BEN, 1).await;
    ben.ask(StartShift { call_sign: "NC12".into(), join: shown, ..StartShift::default() }).await;
    ann.pull(&mut ben).await;
    let row = ann.shift().await.crew.remove(0);
    ann.pass(HOUR);
    let ended = ann.ask(EndCrew { entry_id: row.entry_id }).await.shift.unwrap();
    assert_eq!((ended.crew.len(), ended.crew[0].until), (1, Some(ann.now())));
    let words = ann.sealed(&[Kind::CrewJoined]).await;
    let own = words.iter().find(|entry| entry.first().head.author == officer(ANN)).unwrap();
    assert_eq!(member(own), (BEN, CrewStanding::Claimed), "Ben's entry is not touched");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_a_crew_goes_on_in_a_unit_of_their_own() {
    let ann = Phone::of(ANN).await;
    let shown = ann.start("NC12").await.unit_code;
    let mut ben = ann.beside(BEN, 1).await;
    ben.ask(StartShift { call_sign: "NC12".into(), join: shown.clone(), ..StartShift::default() }).await;
    let own = ben.sealed(&[Kind::CrewJoined]).await[0].entry_id;
    ann.pass(HOUR);
    let alone = ben.ask(EndCrew { entry_id: own }).await.shift.unwrap();
    assert!(alone.unit_code.is_some() && alone.unit_code != shown);
    ben.leg("P_FOOT").await;
    let entries = ben.entries().await;
    let opened = entries.iter().find(|e| e.kind() == Kind::ShiftOpened).unwrap();
    let leg = entries.iter().find(|e| e.kind() == Kind::LegStarted).unwrap();
    assert_ne!(unit(leg), unit(opened));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_confirms_with_a_shift_of_their_own_open_records_for_that_crew_from_now_on() {
    let mut ann = Phone::of(ANN).await;
    let mut ben = ann.beside(BEN, 1).await;
    ben.start("NC99").await;
    ben.leg("P_FOOT").await;
    ann.start("NC12").await;
    ann.leg("P_FOOT").await;
    ann.ask(AddCrew { officer: officer(BEN) }).await;
    ann.pass(HOUR);
    ben.pull(&mut ann).await;
    let claim = ben.today().await.claims.remove(0);
    ben.ask(AnswerCrewClaim { entry_id: claim.entry_id, confirm: true }).await;
    ann.pass(HOUR);
    let bens = ben.end().await;
    ann.pull(&mut ben).await;
    let anns = ann.end().await;
    let legs: Vec<_> = ben.sealed(&[Kind::LegEnded]).await.iter().map(unit).collect();
    let theirs = ann.sealed(&[Kind::ShiftEnded]).await;
    let theirs = theirs.iter().find(|shift| shift.first().head.author == officer(ANN)).unwrap();
    assert_eq!(legs[1], unit(theirs), "the leg went over");
    for closing in [&anns, &bens] {
        let summary = &closing.summary;
        assert_eq!((summary.patrol_ms, summary.person_ms), (2 * HOUR_MS, 4 * HOUR_MS), "one patrol of two");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn partner_organisations_are_kept_by_code_and_shown_by_name() {
    let ann = Phone::of(ANN).await;
    let lists = ann.ask(GetLists {}).await.edition;
    let partner = lists.list("partner").unwrap().items[0].clone();
    let start = StartShift {
        call_sign: "NC12".into(),
        partners: vec![partner.code.clone(), partner.code, code("Two wardens")],
        ..StartShift::default()
    };
    let shift = ann.ask(start).await.shift.unwrap();
    assert_eq!(shift.partners, [partner.label.as_str(), "Two wardens"]);
}
