//! What a form begins with, and what discarding leaves.

use beatbook_domain::entry::{DraftForm, Kind};
use beatbook_protocol::ipc::{DiscardDraft, ErrorCode, MoveToSlip, OpenDraft, StartLeg};

use super::desk::*;

#[tokio::test]
async fn every_form_opens_with_the_last_place_and_nothing_guessed() {
    let desk = Desk::new().await;
    desk.start_shift().await;
    desk.stand_at(52_628_700, 1_302_000);
    desk.engagement(|it| it.engagement_type = Some(code("E_GROUP"))).await;
    desk.stand_nowhere();
    for what in [
        OpenDraft::NewEngagement,
        OpenDraft::NewConcern,
        OpenDraft::NewHandout,
        OpenDraft::NewEvent,
        OpenDraft::NewPowerUse(None),
        OpenDraft::NewReferral(None),
    ] {
        let draft = desk.open(what.clone()).await;
        let place = draft.form.place().unwrap_or_else(|| panic!("{what:?} begins without a place"));
        assert_eq!(place.square_100m.as_deref(), Some("TG 235 085"), "{what:?}");
        if let DraftForm::Engagement(it) = &draft.form {
            assert_eq!(
                (it.engagement_type.clone(), it.people, it.light.clone()),
                (Some(code("E_GROUP")), 1, None)
            );
        }
        desk.ask(DiscardDraft { entry_id: draft.entry_id }).await.unwrap();
    }
    let (_desk, marks) = desk.sealed(Kind::DraftDiscarded).await;
    assert_eq!(marks.len(), 6);
}

#[tokio::test]
async fn plain_clothes_come_from_the_leg_that_runs() {
    let desk = Desk::new().await;
    desk.start_shift().await;
    let plain = async |what| match desk.open(what).await.form {
        DraftForm::Concern(it) => it.plain_clothes,
        DraftForm::PowerUse(it) => it.plain_clothes,
        other => panic!("{other:?}"),
    };
    assert!(!plain(OpenDraft::NewConcern).await);
    desk.ask(StartLeg { mode: Some(code("P_PLAIN")), ..StartLeg::default() }).await.unwrap();
    assert!(plain(OpenDraft::NewConcern).await && plain(OpenDraft::NewPowerUse(None)).await);
    desk.ask(StartLeg { mode: Some(code("P_FOOT")), ..StartLeg::default() }).await.unwrap();
    assert!(!plain(OpenDraft::NewPowerUse(None)).await);
}

#[tokio::test]
async fn a_discarded_note_takes_its_slip_along() {
    let desk = Desk::new().await;
    let draft = desk.open(OpenDraft::NewConcern).await;
    desk.ask(MoveToSlip { entry_id: draft.entry_id, text: "Moved here".into() }).await.unwrap();
    desk.ask(DiscardDraft { entry_id: draft.entry_id }).await.unwrap();
    let (_desk, slip) = desk.behind(move |store| store.slip(draft.entry_id).unwrap()).await;
    assert_eq!(slip, None);
}

#[tokio::test]
async fn an_entry_that_is_not_here_or_has_no_form_says_so() {
    let desk = Desk::new().await;
    let shift = desk.start_shift().await;
    assert_eq!(desk.ask(OpenDraft::Amend(shift)).await.unwrap_err().code, ErrorCode::NotNow);
    let nowhere = beatbook_domain::id::EntryId(uuid::Uuid::from_u128(77));
    assert_eq!(desk.ask(OpenDraft::Amend(nowhere)).await.unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(desk.ask(OpenDraft::Kept(nowhere)).await.unwrap_err().code, ErrorCode::NotFound);
}
