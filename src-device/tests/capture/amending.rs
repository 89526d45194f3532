//! Corrections, forks and withdrawals.

use beatbook_device::store::{Chain, NewRevision};
use beatbook_domain::entry::{Body, Change, DraftForm, Engagement, Kind, Origin, Reporting, UNDO};
use beatbook_protocol::ipc::{DiscardDraft, ErrorCode, KeepDraft, OpenDraft, WithdrawEntry};

use super::desk::*;

fn handout_total(view: &beatbook_protocol::ipc::EntryView) -> u32 {
    match newest(view) {
        Body::Handout(handout) => handout.total(),
        other => panic!("not a handout: {other:?}"),
    }
}

#[tokio::test]
async fn a_correction_opens_as_sealed_wants_a_reason_and_keeps_both_versions() {
    let desk = Desk::new().await;
    let shift = desk.start_shift().await;
    let id = desk.engagement(|it| it.people = 3).await;
    desk.pass(2 * HOUR);
    let mut draft = desk.open(OpenDraft::Amend(id)).await;
    assert_eq!((draft.entry_id, draft.told.occurred_at), (id, NIGHT));
    assert_eq!(draft.told.home, beatbook_domain::entry::Home::Shift(shift));
    assert_eq!(desk.open(OpenDraft::Amend(id)).await, draft, "the form that is open already");
    engagement(&mut draft.form).people = 4;
    desk.ask(KeepDraft { entry_id: id, form: draft.form.clone(), told: draft.told.clone() }).await.unwrap();
    let rows = desk.today().await.drafts;
    assert!(rows.len() == 1 && rows[0].corrects);
    let refused = desk.try_save(draft.clone()).await.unwrap_err();
    assert_eq!(fields(&refused), ["reason"]);
    draft.told.reason = " Miscounted ".into();
    desk.save(draft).await;
    let view = desk.entry(id).await;
    assert_eq!(view.revisions.len(), 2);
    assert_eq!(view.revisions[1].change, Change::Corrects);
    assert_eq!(view.revisions[1].origin, Origin::Retrospective);
    let people =
        |n: usize| match view.revisions[n].body.as_ref().unwrap().read(Kind::Engagement, Change::First) {
            Some(Body::Engagement(it)) => (it.people, it.reason),
            other => panic!("{other:?}"),
        };
    assert_eq!((people(0), people(1)), ((3, None), (4, Some("Miscounted".into()))));
    let (desk, entries) = desk.sealed(Kind::Engagement).await;
    let (first, second) = (&entries[0].revisions[0].head, &entries[0].revisions[1].head);
    assert_eq!((second.shift_id, second.unit_id), (first.shift_id, first.unit_id));
    assert!(entries[0].is_edited() && desk.today().await.drafts.is_empty());
}

#[tokio::test]
async fn the_cards_follow_a_correction_corrected_withdrawn_or_created() {
    let desk = Desk::new().await;
    desk.start_shift().await;
    let id = desk.engagement(|it| it.cards = [(code(CARD), 2)].into()).await;
    let cards = desk.entry(id).await.linked[0].entry_id;
    let saved = desk.amend(id, |form| engagement(form).note = "Asked about lamps.".into()).await;
    assert_eq!(saved.entries, [id], "the same cards are not sealed again");
    let saved = desk.amend(id, |form| engagement(form).cards = [(code(CARD), 5)].into()).await;
    assert_eq!(saved.entries, [id, cards]);
    let view = desk.entry(cards).await;
    assert_eq!((handout_total(&view), view.revisions.len()), (5, 2));
    assert!(matches!(newest(&view), Body::Handout(it) if it.reason.as_deref() == Some("Counted again")));
    desk.amend(id, |form| engagement(form).cards.clear()).await;
    assert!(desk.entry(cards).await.withdrawn);
    let undone = desk.undo(id).await;
    assert!(matches!(&undone.form, DraftForm::Engagement(it) if it.cards.is_empty()));
    let view = desk.entry(cards).await;
    assert!(!view.withdrawn, "an undone correction gives the cards back");
    assert_eq!(handout_total(&view), 5);
    let view = desk.entry(id).await;
    assert!(!view.withdrawn);
    assert!(matches!(newest(&view), Body::Engagement(it) if it.reason.as_deref() == Some(UNDO)));
    desk.save(undone).await;
    assert!(desk.entry(cards).await.withdrawn);
    desk.amend(id, |form| engagement(form).cards = [(code(CARD), 1)].into()).await;
    let view = desk.entry(cards).await;
    assert_eq!((view.withdrawn, handout_total(&view)), (false, 1));

    let plain = desk.engagement(|_| {}).await;
    let saved = desk.amend(plain, |form| engagement(form).cards = [(code(CARD), 3)].into()).await;
    assert_eq!(saved.entries.len(), 2);
    assert_eq!(handout_total(&desk.entry(saved.entries[1]).await), 3);
}

#[tokio::test]
async fn a_fork_is_shown_and_settled_by_the_author() {
    let desk = Desk::new().await;
    let id = desk.engagement(|it| it.people = 2).await;
    desk.amend(id, |form| engagement(form).people = 3).await;
    let (desk, ()) = desk
        .behind(|store| {
            // As another phone would have corrected it: from the first version, not knowing the second.
            let first = store.revisions_of_entry(id).unwrap()[0].parse().unwrap();
            let Some(Body::Engagement(body)) = first.body.clone() else { panic!() };
            let body = Body::Engagement(Engagement { people: 9, reason: Some("Other phone".into()), ..body });
            let mut other = NewRevision::first(id, Kind::Engagement, first.head.occurred_at, body);
            (other.change, other.revises) = (Change::Corrects, vec![first.link]);
            store.append(Chain::Record, &[other]).unwrap();
        })
        .await;
    assert!(desk.entry(id).await.forked);
    let draft = desk.open(OpenDraft::Amend(id)).await;
    assert_eq!(draft.told.amends.len(), 2);
    desk.ask(DiscardDraft { entry_id: id }).await.unwrap();
    desk.amend(id, |form| engagement(form).people = 3).await;
    let view = desk.entry(id).await;
    assert!(!view.forked && view.revisions.len() == 4);
    assert!(matches!(newest(&view), Body::Engagement(it) if it.people == 3));
}

#[tokio::test]
async fn a_form_cannot_say_what_it_corrects() {
    let desk = Desk::new().await;
    let (one, other) = (desk.engagement(|_| {}).await, desk.engagement(|_| {}).await);
    let mut draft = desk.open(OpenDraft::Amend(one)).await;
    draft.told.amends = vec![desk.entry(other).await.revisions[0].link];
    draft.told.reason = "Wrong one".into();
    desk.save(draft).await;
    let (_desk, entries) = desk.sealed(Kind::Engagement).await;
    let entry = entries.iter().find(|entry| entry.entry_id == one).unwrap();
    assert_eq!(entry.revisions[1].head.revises, [entry.revisions[0].link]);
}

#[tokio::test]
async fn a_withdrawal_wants_a_reason_and_takes_cards_and_open_duties_along() {
    let desk = Desk::new().await;
    desk.start_shift().await;
    let id = desk
        .engagement(|it| {
            it.cards = [(code(CARD), 2)].into();
            it.reporting = Some(Reporting::Yes);
        })
        .await;
    let refused = desk.ask(WithdrawEntry { entry_id: id, reason: "  ".into() }).await.unwrap_err();
    assert_eq!((refused.code, fields(&refused)), (ErrorCode::Invalid, vec!["reason"]));
    let cards = desk.entry(id).await.linked[0].entry_id;
    desk.open(OpenDraft::Amend(id)).await;
    let withdraw = WithdrawEntry { entry_id: id, reason: "UNDO".into() };
    let refused = desk.ask(withdraw.clone()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotNow, "what is typed in the open form would be lost");
    desk.ask(DiscardDraft { entry_id: id }).await.unwrap();
    let view = desk.ask(withdraw.clone()).await.unwrap();
    assert!(view.withdrawn && view.revisions.len() == 2 && view.row.detail == "Withdrawn");
    assert!(matches!(newest(&view), Body::Withdrawal(it) if it.reason == "Undone"), "only an undo is UNDO");
    assert!(desk.entry(cards).await.withdrawn);
    let today = desk.today().await;
    assert!(today.duties.is_empty() && !today.can_repeat);
    assert_eq!(desk.ask(withdraw).await.unwrap_err().code, ErrorCode::NotNow);
    assert_eq!(desk.ask(OpenDraft::Amend(id)).await.unwrap_err().code, ErrorCode::NotNow);
    assert!(matches!(
        view.revisions[0].body.as_ref().unwrap().read(Kind::Engagement, Change::First),
        Some(Body::Engagement(it)) if it.people == 1
    ));
    let shift = desk.today().await.shift.unwrap().shift_id;
    let refused = desk.ask(WithdrawEntry { entry_id: shift, reason: "Wrong".into() }).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotNow);
}

#[tokio::test]
async fn a_draft_outlives_a_version_that_came_from_elsewhere() {
    let desk = Desk::new().await;
    let id = desk.engagement(|_| {}).await;
    let mut draft = desk.open(OpenDraft::Amend(id)).await;
    engagement(&mut draft.form).note = "Typed.".into();
    desk.ask(KeepDraft { entry_id: id, form: draft.form.clone(), told: draft.told.clone() }).await.unwrap();
    let (desk, ()) = desk.behind(|store| store.flush_log().unwrap()).await;
    assert_eq!(desk.open(OpenDraft::Kept(id)).await.form, draft.form);
}
