//! A replacement phone goes on with the shift of the one that broke.

use beatbook_domain::entry::{Kind, Relation};
use beatbook_protocol::ipc::*;

use crate::phones::*;

const HOUR_MS: i64 = 3_600_000;

fn go_on(today: &TodayView) -> StartShift {
    let shift = today.resumable.clone().expect("offered");
    StartShift { call_sign: shift.call_sign, continues: Some(shift.shift_id), ..StartShift::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shift_begun_on_another_phone_is_offered_and_goes_on_as_one() {
    let mut first = Phone::of(ANN).await;
    let start = StartShift {
        call_sign: "NC12".into(),
        initiative: Some(code("INI_VAWG_REASSURE")),
        planned_end: Some(NIGHT.plus(8 * HOUR_MS)),
        partners: vec![code("Two wardens")],
        crew: vec![officer(BEN)],
        ..StartShift::default()
    };
    let begun = first.ask(start).await.shift.unwrap();
    assert!(first.today().await.resumable.is_none(), "what is open here is not offered");
    first.leg("P_FOOT").await;
    first.pass(HOUR);

    let mut second = first.beside(ANN, 2).await;
    assert!(second.today().await.resumable.is_none());
    second.pull(&mut first).await;
    let today = second.today().await;
    assert!(today.shift.is_none(), "it is not this phone's until the officer says so");
    let offered = today.resumable.clone().unwrap();
    assert_eq!((offered.shift_id, offered.started_at, offered.ended_at), (begun.shift_id, NIGHT, None));

    first.pass(HOUR);
    let on = second.ask(go_on(&today)).await;
    let shift = on.shift.unwrap();
    assert_eq!((shift.started_at, shift.call_sign.as_str()), (NIGHT, "NC12"));
    assert_eq!(shift.initiative.unwrap().code.as_str(), "INI_VAWG_REASSURE");
    assert_eq!((shift.planned_end, shift.partners), (begun.planned_end, vec!["Two wardens".to_owned()]));
    assert_eq!(shift.unit_code, begun.unit_code, "the code is found again for the next colleague");
    assert_eq!(shift.crew.len(), 1, "who was named is still named");
    assert!(matches!(shift.doing, Doing::OnLeg(_)), "what ran goes on");
    assert!(on.resumable.is_none());
    let records: Vec<_> = on.entries.iter().filter(|row| row.kind == Kind::ShiftOpened).collect();
    assert_eq!(records.len(), 1, "one patrol record");

    first.pass(HOUR);
    let closing = second.end().await;
    assert_eq!((closing.started_at, closing.ended_at), (NIGHT, Some(second.now())));
    assert_eq!((closing.summary.patrol_ms, closing.summary.person_ms), (3 * HOUR_MS, 3 * HOUR_MS));
    let after = second.today().await;
    assert!(after.shift.is_none() && after.resumable.is_none(), "ended is ended on both");
    let shifts = second.sealed(&[Kind::ShiftOpened, Kind::ShiftEnded]).await;
    assert_eq!(shifts.len(), 2);
    assert!(shifts.iter().all(|shift| shift.kind() == Kind::ShiftEnded));
    let link = &shifts[1].first().head.links[0];
    assert_eq!((link.relation, link.entry_id), (Relation::SameAs, begun.shift_id));
    let own = second.ask(ListOwnShifts { limit: 10 }).await.shifts;
    assert_eq!(own.len(), 1, "one shift to write a note for");

    // The first phone, found again, learns that its shift was gone on with and ended.
    first.pull(&mut second).await;
    let found = first.today().await;
    assert!(found.shift.is_none() && found.resumable.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_found_again_while_the_other_goes_on_may_take_the_shift_back() {
    let mut first = Phone::of(ANN).await;
    first.start("NC12").await;
    let mut second = first.beside(ANN, 2).await;
    second.pull(&mut first).await;
    first.pass(HOUR);
    second.ask(go_on(&second.today().await)).await;
    first.pull(&mut second).await;
    let found = first.today().await;
    assert!(found.shift.is_none(), "it is the other phone's now");
    first.pass(HOUR);
    let back = first.ask(go_on(&found)).await.shift.unwrap();
    assert_eq!(back.started_at, NIGHT);
    first.leg("P_FOOT").await;
    first.pass(HOUR);
    assert_eq!(first.end().await.summary.person_ms, HOUR_MS);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_or_long_ago_is_not_gone_on_with() {
    let mut first = Phone::of(ANN).await;
    let shift = first.start("NC12").await.shift_id;
    let mut second = first.beside(ANN, 2).await;
    second.pull(&mut first).await;
    let command = go_on(&second.today().await);
    first.end().await;
    second.pull(&mut first).await;
    assert!(second.today().await.resumable.is_none());
    assert!(second.refused(command).await.contains("not open any more"));
    first.start("NC12").await;
    second.pull(&mut first).await;
    let open = second.today().await.resumable.unwrap();
    assert_ne!(open.shift_id, shift);
    first.pass(19 * HOUR);
    assert!(second.today().await.resumable.is_none(), "nobody patrols that long");
}
