//! Saving: circumstances become the head, one commit, undo of all of it.

use beatbook_domain::entry::{
    Body, Change, DraftForm, Duty, Home, Kind, Origin, PerformedBy, UNDO, Withdrawal, Written,
};
use beatbook_protocol::ipc::{ErrorCode, OpenDraft, SameAgain};

use super::desk::*;

#[tokio::test]
async fn a_note_for_a_past_shift_and_one_for_none_have_their_home() {
    let desk = Desk::new().await;
    let past = desk.start_shift().await;
    desk.pass(HOUR);
    desk.end_shift().await;
    desk.pass(9 * HOUR);
    let late = desk
        .write(OpenDraft::NewEngagement, |form, told| {
            engagement(form).engagement_type = Some(code("E_CHAT"));
            told.occurred_at = NIGHT.plus(10 * 60_000);
            told.home = Home::Shift(past);
        })
        .await;
    let none = desk
        .write(OpenDraft::NewEngagement, |form, told| {
            engagement(form).engagement_type = Some(code("E_CHAT"));
            told.home = Home::None;
        })
        .await;
    let open = desk.start_shift().await;
    let tonight = desk.engagement(|_| {}).await;
    let about_past = desk
        .write(OpenDraft::NewEngagement, |form, told| {
            engagement(form).engagement_type = Some(code("E_CHAT"));
            told.home = Home::Shift(past);
        })
        .await;
    let about_none = desk
        .write(OpenDraft::NewEngagement, |form, told| {
            engagement(form).engagement_type = Some(code("E_CHAT"));
            told.home = Home::None;
        })
        .await;
    let (desk, entries) = desk.sealed(Kind::Engagement).await;
    let head = |id| entries.iter().find(|entry| entry.entry_id == id).unwrap().first().head.clone();
    let (desk, shifts) = desk.sealed(Kind::ShiftOpened).await;
    let unit = |id| shifts.iter().find(|entry| entry.entry_id == id).unwrap().first().head.unit_id;
    assert!(unit(past).is_some());
    let expected = [
        (late, Some(past), unit(past), Duty::Off, Origin::Retrospective),
        (none, None, None, Duty::Off, Origin::Live),
        (tonight, Some(open), unit(open), Duty::On, Origin::Live),
        (about_past, Some(past), unit(past), Duty::On, Origin::Live),
        (about_none, None, None, Duty::On, Origin::Live),
    ];
    for (id, shift, unit, duty, origin) in expected {
        let head = head(id);
        assert_eq!(
            (head.shift_id, head.unit_id, head.duty_at_writing, head.origin),
            (shift, unit, duty, origin)
        );
    }
    assert!(desk.entry(late).await.revisions[0].late.as_deref().unwrap().starts_with("written 9 h"));
    let mut draft = desk.open(OpenDraft::NewEngagement).await;
    engagement(&mut draft.form).engagement_type = Some(code("E_CHAT"));
    draft.told.home = Home::Shift(tonight);
    let id = draft.entry_id;
    assert_eq!(desk.try_save(draft).await.unwrap_err().code, ErrorCode::NotFound, "that is no shift");
    desk.open(OpenDraft::Kept(id)).await;
}

#[tokio::test]
async fn copied_from_paper_names_book_and_page_and_who_did_it() {
    let desk = Desk::new().await;
    let mut draft = desk.open(OpenDraft::NewConcern).await;
    let it = concern(&mut draft.form);
    it.behaviours = vec![code("B_FOLLOW")];
    it.seen = "Seen.".into();
    draft.told.written = Written::Paper;
    draft.told.performed_by = Some(PerformedBy::Partner(code("PA_SOS")));
    draft.told.paper.book = "14".into();
    let refused = desk.try_save(draft.clone()).await.unwrap_err();
    assert_eq!((refused.code, fields(&refused)), (ErrorCode::Invalid, vec!["paper"]));
    draft.told.paper.page = "27".into();
    let id = desk.save(draft).await.entries[0];
    let view = desk.entry(id).await;
    let Body::Concern(body) = newest(&view) else { panic!() };
    assert_eq!(body.paper.map(|paper| (paper.book, paper.page)), Some(("14".into(), "27".into())));
    assert_eq!(view.revisions[0].origin, Origin::Transcribed);
    assert!(view.performed_by.is_some_and(|who| !who.is_empty()) && view.mine);
}

#[tokio::test]
async fn undo_takes_back_the_cards_and_the_duties_with_the_entry_and_saving_again_is_one_entry() {
    let desk = Desk::new().await;
    desk.start_shift().await;
    let mut draft = desk.open(OpenDraft::NewEngagement).await;
    let it = engagement(&mut draft.form);
    it.engagement_type = Some(code("E_CHAT"));
    it.cards = [(code(CARD), 2)].into();
    it.reporting = Some(beatbook_domain::entry::Reporting::Yes);
    let saved = desk.save(draft.clone()).await;
    assert_eq!(saved.entries.len(), 3, "the entry, its cards and its duty");
    assert_eq!(desk.today().await.duties.len(), 1);
    desk.pass(9_000);
    let back = desk.undo(saved.entries[0]).await;
    assert_eq!((back.entry_id, &back.form), (draft.entry_id, &draft.form));
    assert!(desk.today().await.duties.is_empty());
    for entry in &saved.entries {
        let view = desk.entry(*entry).await;
        assert!(view.withdrawn);
        let undone = Body::Withdrawal(Withdrawal { reason: UNDO.to_owned() });
        assert_eq!(newest(&view), undone);
    }
    let again = desk.save(back).await;
    assert_eq!(again.entries, saved.entries, "finishing again is the same entries, not new ones");
    let (desk, entries) = desk.sealed(Kind::Engagement).await;
    assert!(!entries[0].is_withdrawn() && !entries[0].is_edited());
    assert_eq!(desk.today().await.duties.len(), 1);
    desk.pass(11_000);
    let late = desk.ask(beatbook_protocol::ipc::UndoSave { entry_id: saved.entries[0] }).await.unwrap_err();
    assert_eq!(late.code, ErrorCode::NotNow);
}

#[tokio::test]
async fn same_again_repeats_what_may_be_repeated_here_and_now() {
    let desk = Desk::new().await;
    desk.start_shift().await;
    assert!(!desk.today().await.can_repeat);
    assert_eq!(desk.ask(SameAgain {}).await.unwrap_err().code, ErrorCode::NotNow);
    desk.stand_at(52_628_700, 1_302_000);
    desk.engagement(|it| {
        it.people = 6;
        it.topics = vec![code("T_STREETSAFE")];
        it.light = Some(code("L_LIT"));
        it.cards = [(code(CARD), 2)].into();
        it.note = "Asked about the lamps.".into();
        it.follow_up = true;
    })
    .await;
    assert!(desk.today().await.can_repeat);
    desk.pass(20 * MINUTE);
    desk.stand_at(52_631_000, 1_298_000);
    let saved = desk.ask(SameAgain {}).await.unwrap();
    assert_eq!(saved.entries.len(), 1, "no cards are given by themselves");
    let view = desk.entry(saved.entries[0]).await;
    let Body::Engagement(it) = newest(&view) else { panic!() };
    assert_eq!(view.revisions[0].origin, Origin::Repeated);
    assert_eq!(view.revisions[0].occurred_at, desk.now());
    assert_eq!((it.people, it.note, it.follow_up, it.concerns.len()), (1, None, false, 0));
    assert_eq!(it.topics[0].code, code("T_STREETSAFE"));
    let place = it.place.unwrap();
    assert!(place.exact.is_none() && place.square_100m.as_deref() != Some("TG 235 085"));
    let back = desk.undo(saved.entries[0]).await;
    assert!(matches!(back.form, DraftForm::Engagement(it) if it.topics == [code("T_STREETSAFE")]));
    let (desk, entries) = desk.sealed(Kind::Engagement).await;
    assert_eq!(entries.iter().filter(|entry| !entry.is_withdrawn()).count(), 1);
    let repeated = desk.ask(SameAgain {}).await.unwrap();
    assert_ne!(repeated.entries, saved.entries, "a withdrawn one is not repeated");
}

#[tokio::test]
async fn saving_twice_is_one_entry_and_one_commit() {
    let desk = Desk::new().await;
    let mut draft = desk.open(OpenDraft::NewEngagement).await;
    engagement(&mut draft.form).engagement_type = Some(code("E_CHAT"));
    let first = desk.save(draft.clone()).await;
    let second = desk.save(draft).await;
    assert_eq!(first.entries, second.entries);
    let view = desk.entry(first.entries[0]).await;
    assert_eq!(view.revisions.len(), 1);
    assert_eq!(view.revisions[0].change, Change::First);
}
