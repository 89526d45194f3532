//! The end of a shift, calls away, one's own shifts, and whether a phone is ready for the next.

use beatbook_domain::entry::{Body, EndKind, Kind};
use beatbook_protocol::ipc::*;

use crate::phones::*;

const HOUR_MS: i64 = 3_600_000;

#[tokio::test(flavor = "multi_thread")]
async fn an_end_forgotten_is_estimated_and_everything_ends_with_it() {
    let mut ann = Phone::of(ANN).await;
    let start = StartShift {
        call_sign: "NC12".into(),
        planned_end: Some(NIGHT.plus(4 * HOUR_MS)),
        crew: vec![officer(BEN), officer(BEN), officer(ANN)],
        ..StartShift::default()
    };
    ann.ask(start).await;
    ann.leg("P_FOOT").await;
    assert_eq!(ann.today().await.past_end, None);
    ann.pass(9 * HOUR);
    let today = ann.today().await;
    assert_eq!(today.past_end, Some(NIGHT.plus(4 * HOUR_MS)), "a nudge; nothing ends by itself");
    assert!(today.shift.is_some());

    let end = |at: i64| EndShift { ended_at: Some(NIGHT.plus(at)), estimated: true };
    for wrong in [-1, 10 * HOUR_MS] {
        let error = ann.try_ask(end(wrong)).await.unwrap_err();
        assert_eq!((error.code, error.problems[0].field.as_str()), (ErrorCode::Invalid, "ended_at"));
    }
    let closing = ann.ask(end(4 * HOUR_MS)).await;
    assert!(closing.signed);
    assert_eq!((closing.ended_at, closing.summary.person_ms), (Some(NIGHT.plus(4 * HOUR_MS)), 4 * HOUR_MS));
    let ended = ann.sealed(&[Kind::ShiftEnded, Kind::LegEnded, Kind::CrewLeft]).await;
    assert_eq!(ended.len(), 3, "the shift, its leg, and one colleague named");
    for entry in &ended {
        let head = &entry.current().head;
        assert_eq!(
            (head.end_kind, head.occurred_until),
            (Some(EndKind::Estimated), Some(NIGHT.plus(4 * HOUR_MS)))
        );
    }
    let again = ann.start("NC12").await.shift_id;
    let own = ann.ask(ListOwnShifts { limit: 1 }).await.shifts;
    assert_eq!(own.iter().map(|shift| shift.shift_id).collect::<Vec<_>>(), [again], "newest first");
}

#[tokio::test(flavor = "multi_thread")]
async fn called_away_in_one_press_and_the_reason_follows_from_either_list() {
    let mut ann = Phone::of(ANN).await;
    ann.start("NC12").await;
    ann.leg("P_FOOT").await;
    ann.pass(HOUR);
    ann.ask(GoAway { reason: None, author_only: false }).await;
    let custody = ann.ask(GoAway { reason: Some(code("AB_CUSTODY")), author_only: true }).await;
    let Doing::Away { since, reason, author_only } = custody.shift.unwrap().doing else { panic!("away") };
    let reason = reason.unwrap();
    assert_eq!((since, author_only), (ann.now(), true));
    assert_eq!(
        (reason.list.as_str(), reason.label.as_str()),
        ("abstraction_reason", "Custody or constant watch")
    );
    // The same words for the whole crew: said again, it is the scope that changes.
    ann.ask(GoAway { reason: Some(code("AB_CUSTODY")), author_only: false }).await;
    ann.pass(HOUR);
    ann.ask(ComeBack {}).await;
    ann.pass(HOUR);
    let summary = ann.end().await.summary;
    assert_eq!((summary.patrol_ms, summary.away_ms, summary.away_count), (2 * HOUR_MS, HOUR_MS, 1));
    let away = ann.sealed(&[Kind::BackOnPatrol]).await;
    assert_eq!(away.len(), 1);
    assert!(!away[0].is_edited(), "a reason that follows corrects nothing");
    assert!(matches!(away[0].current().body, Some(Body::Away(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_the_next_day_for_a_shift_nobody_closed_makes_it_no_longer() {
    let mut ann = Phone::of(ANN).await;
    ann.start("NC12").await;
    ann.leg("P_FOOT").await;
    ann.pass(2 * HOUR);
    ann.ask(EnterArea { area: code(ROAD) }).await;
    ann.pass(20 * HOUR);
    assert_eq!(ann.ask(GetClosing {}).await.summary.person_ms, 2 * HOUR_MS);
    ann.ask(LeaveArea {}).await;
    assert_eq!(
        ann.ask(GetClosing {}).await.summary.person_ms,
        22 * HOUR_MS,
        "but a press now shows that it goes on"
    );
    assert_eq!(ann.sealed(&[Kind::VisitEnded]).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_says_what_was_found_and_guesses_nothing() {
    let ann = Phone::of(ANN).await;
    ann.start("NC12").await;
    let view = ann.ask(GetReadiness {}).await;
    assert_eq!(view.at, ann.now());
    let checks: Vec<ReadyCheck> = view.checks.iter().map(|row| row.check).collect();
    use ReadyCheck::*;
    assert_eq!(checks, [Key, Queue, Storage, Battery, Clock, Position, Areas, Lists, Contact]);
    let row =
        |view: &ReadinessView, check| view.checks.iter().find(|row| row.check == check).unwrap().clone();
    let of = |view: &ReadinessView, check| row(view, check).readiness;
    assert_eq!(row(&view, Key).words, "Your passphrase opens the notebook.");
    assert_eq!(
        row(&view, Queue).words,
        "1 entry is on this phone alone. It sends by itself when there is signal."
    );
    assert_eq!(row(&view, Areas).words, "Area set 1 is on this phone.");
    assert_eq!((of(&view, Clock), of(&view, Position)), (Readiness::NotKnown, Readiness::Look));
    assert_eq!((of(&view, Lists), of(&view, Contact)), (Readiness::Look, Readiness::Look));
    assert!(view.checks.iter().all(|row| !row.words.is_empty()));
    ann.stand_at(52_628_700, 1_302_000);
    let outside = ann.ask(GetReadiness {}).await;
    assert_eq!(row(&outside, Position).words, "Last just now: good fix, ±8 m.");
}
