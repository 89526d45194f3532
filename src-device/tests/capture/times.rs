//! Times corrected of shift, leg, visit, break and call away.

use beatbook_domain::entry::{Change, EndKind, Kind};
use beatbook_domain::id::EntryId;
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{
    CorrectTimes, Doing, EndBreak, EndLeg, ErrorCode, StartBreak, StartLeg, WithdrawEntry,
};

use super::desk::*;

fn correct(entry_id: EntryId, from: Millis, until: Option<Millis>) -> CorrectTimes {
    CorrectTimes {
        entry_id,
        occurred_at: from,
        occurred_until: until,
        reason: "Read from the radio log".into(),
    }
}

async fn leg(desk: &Desk) -> EntryId {
    match desk.ask(StartLeg::default()).await.unwrap().shift.unwrap().doing {
        Doing::OnLeg(leg) => leg.entry_id,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn both_times_are_restated_and_the_end_says_it_was_corrected() {
    let desk = Desk::new().await;
    let shift = desk.start_shift().await;
    let id = leg(&desk).await;
    desk.pass(HOUR);
    desk.ask(EndLeg {}).await.unwrap();
    let (from, until) = (NIGHT.plus(5 * 60_000), NIGHT.plus(50 * 60_000));
    let view = desk.ask(correct(id, from, Some(until))).await.unwrap();
    let last = view.revisions.last().unwrap();
    assert_eq!((last.occurred_at, last.occurred_until), (from, Some(until)));
    assert_eq!(
        (last.kind, last.change, last.end_kind),
        (Kind::LegEnded, Change::Corrects, Some(EndKind::Corrected))
    );
    let began = desk.ask(correct(shift, NIGHT.plus(-60_000), None)).await.unwrap();
    assert_eq!(began.row.at, NIGHT.plus(-60_000));
    assert_eq!(desk.today().await.shift.unwrap().started_at, NIGHT.plus(-60_000));
    let ended = desk.ask(correct(shift, NIGHT, Some(desk.now()))).await.unwrap_err();
    assert_eq!(ended.code, ErrorCode::NotNow, "an open shift is ended by signing it");
    desk.end_shift().await;
    desk.ask(correct(shift, NIGHT, Some(NIGHT.plus(40 * 60_000)))).await.unwrap();
    let (_desk, entries) = desk.sealed(Kind::ShiftOpened).await;
    assert_eq!(entries[0].current().head.occurred_until, Some(NIGHT.plus(40 * 60_000)));
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_its_field() {
    let desk = Desk::new().await;
    desk.start_shift().await;
    let id = leg(&desk).await;
    desk.pass(HOUR);
    let now = desk.now();
    let ask = async |from, until, reason: &str| {
        let asked =
            CorrectTimes { entry_id: id, occurred_at: from, occurred_until: until, reason: reason.into() };
        let error = desk.ask(asked).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Invalid);
        fields(&error).join(" ")
    };
    assert_eq!(ask(NIGHT, Some(NIGHT.plus(-1)), "x").await, "occurred_until");
    assert_eq!(ask(now.plus(600_000), None, "x").await, "occurred_at");
    assert_eq!(ask(NIGHT, None, " ").await, "reason");
    desk.ask(EndLeg {}).await.unwrap();
    assert_eq!(ask(NIGHT, None, "x").await, "occurred_until", "it has ended");
    let engagement = desk.engagement(|_| {}).await;
    let refused = desk.ask(correct(engagement, NIGHT, None)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotNow, "an engagement is corrected in its form");
}

#[tokio::test]
async fn a_running_break_gets_its_end_and_a_visit_says_edited() {
    let desk = Desk::new().await;
    desk.start_shift().await;
    leg(&desk).await;
    desk.ask(StartBreak { reason: None }).await.unwrap();
    desk.pass(HOUR);
    let (desk, breaks) = desk.sealed(Kind::BreakStarted).await;
    let until = NIGHT.plus(30 * 60_000);
    let view = desk.ask(correct(breaks[0].entry_id, NIGHT, Some(until))).await.unwrap();
    assert_eq!(view.revisions.last().unwrap().kind, Kind::BreakEnded);
    assert_eq!(desk.ask(EndBreak {}).await.unwrap_err().code, ErrorCode::NotNow, "it has ended");
    let area = StartLeg { area: Some(code("DEMO-P-POW")), ..StartLeg::default() };
    desk.ask(area).await.unwrap();
    let (desk, visits) = desk.sealed(Kind::VisitStarted).await;
    let visit = visits[0].entry_id;
    desk.ask(correct(visit, NIGHT.plus(61 * 60_000 - 60_000), None)).await.unwrap();
    let (desk, visits) = desk.sealed(Kind::VisitStarted).await;
    let codes: Vec<&str> = visits[0].current().head.codes.iter().map(|code| code.code.as_str()).collect();
    assert_eq!(codes, ["EDITED"]);
    assert_eq!(visits[0].current().head.area, Some(code("DEMO-P-POW")));
    desk.ask(WithdrawEntry { entry_id: visit, reason: "Wrong area".into() }).await.unwrap();
    assert!(desk.entry(visit).await.withdrawn);
}
