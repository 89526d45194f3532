//! Notes on the lock screen: sealed while locked, drafts once unlocked, and never lost in between.

use std::path::PathBuf;

use beatbook_device::profile::sealed_note;
use beatbook_domain::entry::{DraftForm, Kind};
use beatbook_domain::id::{EntryId, OfficerId};
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{
    AppError, DraftView, ErrorCode, GetStatus, Lock, NoteNow, NoteSealed, OpenDraft, Unlock,
};
use uuid::Uuid;

use super::desk::*;

async fn note(desk: &Desk, text: &str) -> Result<NoteSealed, AppError> {
    desk.ask(NoteNow { officer: OfficerId(Uuid::from_u128(ME)), text: text.into() }).await
}

async fn lock(desk: &Desk, seal: bool) {
    desk.ask(Lock { seal }).await.unwrap();
}

async fn unlock(desk: &Desk) -> Vec<DraftView> {
    desk.ask(Unlock { collar: "1482".into(), secret: PASSPHRASE.into() }).await.unwrap();
    let mut drafts = Vec::new();
    for row in desk.today().await.drafts {
        drafts.push(desk.open(OpenDraft::Kept(row.entry_id)).await);
    }
    drafts
}

async fn waiting(desk: &Desk) -> u32 {
    desk.ask(GetStatus {}).await.unwrap().profiles[0].notes
}

fn files(desk: &Desk) -> Vec<PathBuf> {
    sealed_note::waiting(&desk.profile())
}

fn seen(draft: &DraftView) -> &str {
    match &draft.form {
        DraftForm::Concern(it) => &it.seen,
        other => panic!("not a concern: {other:?}"),
    }
}

#[tokio::test]
async fn a_note_written_while_locked_is_sealed_at_once_and_a_draft_after_unlocking() {
    let desk = Desk::new().await;
    for seal in [true, false] {
        lock(&desk, seal).await;
        let sealed = note(&desk, " Grey coat by the taxi rank ").await.unwrap();
        assert_eq!((sealed.at, sealed.waiting), (desk.now(), 1));
        assert_eq!(waiting(&desk).await, 1);
        let bytes = std::fs::read(&files(&desk)[0]).unwrap();
        assert!(!bytes.windows(4).any(|part| part == b"coat"), "nothing of it can be read on the disk");
        let written = desk.now();
        desk.pass(5 * MINUTE);
        let drafts = unlock(&desk).await;
        assert_eq!(drafts.len(), 1);
        let draft = &drafts[0];
        assert_eq!(seen(draft), "Grey coat by the taxi rank");
        assert!(draft.from_note);
        assert_eq!((draft.told.occurred_at, draft.opened_at), (written, written));
        assert_eq!((waiting(&desk).await, files(&desk).len()), (0, 0));
        desk.ask(beatbook_protocol::ipc::DiscardDraft { entry_id: draft.entry_id }).await.unwrap();
    }
}

#[tokio::test]
async fn a_turned_clock_does_not_move_a_note() {
    let desk = Desk::new().await;
    lock(&desk, true).await;
    note(&desk, "By the steps").await.unwrap();
    desk.pass(10 * MINUTE);
    let turned = desk.now().plus(-3 * 3_600_000);
    desk.clock.turn_to(turned);
    let drafts = unlock(&desk).await;
    assert_eq!(
        drafts[0].told.occurred_at,
        turned.plus(-600_000),
        "ten minutes ago, as the phone tells the time now"
    );
}

#[tokio::test]
async fn what_does_not_fit_is_refused_in_clear_words_and_what_waits_stays() {
    let desk = Desk::new().await;
    lock(&desk, true).await;
    let refused = note(&desk, " \n ").await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Invalid);
    let refused = note(&desk, &"é".repeat(2_001)).await.unwrap_err();
    assert!(refused.code == ErrorCode::Invalid && refused.message.contains("2,000"), "{}", refused.message);
    for n in 0..50 {
        assert_eq!(note(&desk, &format!("{n} {}", "é".repeat(1_990))).await.unwrap().waiting, n + 1);
    }
    let refused = note(&desk, "one more").await.unwrap_err();
    assert!(refused.code == ErrorCode::NotNow && refused.message.contains("Unlock"), "{}", refused.message);
    let nobody = NoteNow { officer: OfficerId(Uuid::from_u128(1)), text: "x".into() };
    assert_eq!(desk.ask(nobody).await.unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(waiting(&desk).await, 50);
    assert_eq!(unlock(&desk).await.len(), 50);
}

#[tokio::test]
async fn a_note_that_cannot_be_opened_is_kept_aside_said_and_stops_no_other() {
    let desk = Desk::new().await;
    lock(&desk, true).await;
    note(&desk, "First").await.unwrap();
    note(&desk, "Second").await.unwrap();
    let damaged = files(&desk)[0].clone();
    let mut bytes = std::fs::read(&damaged).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&damaged, &bytes).unwrap();
    let drafts = unlock(&desk).await;
    assert_eq!(drafts.iter().map(seen).collect::<Vec<_>>(), ["Second"]);
    let notices = desk.ask(GetStatus {}).await.unwrap().notices;
    assert!(notices.iter().any(|notice| notice.contains("kept aside")), "{notices:?}");
    let aside: Vec<_> = std::fs::read_dir(desk.profile())
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.to_string_lossy().contains("kept-aside"))
        .collect();
    assert_eq!(aside.len(), 1);
    assert_eq!(std::fs::read(&aside[0]).unwrap(), bytes, "as it was");
    assert_eq!(waiting(&desk).await, 0);
}

#[tokio::test]
async fn a_phone_that_died_before_the_file_was_removed_makes_no_second_draft() {
    let desk = Desk::new().await;
    lock(&desk, true).await;
    note(&desk, "By the steps").await.unwrap();
    let file = files(&desk)[0].clone();
    let bytes = std::fs::read(&file).unwrap();
    let id = EntryId(sealed_note::id_of(&file).unwrap());
    assert_eq!(unlock(&desk).await[0].entry_id, id);
    lock(&desk, true).await;
    std::fs::write(&file, &bytes).unwrap();
    let mut drafts = unlock(&desk).await;
    assert_eq!(drafts.len(), 1);
    assert!(files(&desk).is_empty());
    // What the officer made of it stays what it is.
    let mut draft = drafts.remove(0);
    concern(&mut draft.form).behaviours = vec![code("B_FOLLOW")];
    desk.save(draft).await;
    lock(&desk, true).await;
    std::fs::write(&file, &bytes).unwrap();
    assert!(unlock(&desk).await.is_empty() && files(&desk).is_empty());
    let (_desk, entries) = desk.sealed(Kind::Concern).await;
    assert_eq!(entries.len(), 1);
}

#[tokio::test]
async fn a_profile_whose_key_was_taken_or_changed_gets_its_own_again() {
    let desk = Desk::new().await;
    let own = desk.vault().read().unwrap().sealing_key;
    assert!(own.is_some(), "laid out at the first unlock");
    lock(&desk, true).await;
    desk.vault().set_sealing_key(beatbook_domain::id::SealKey([9; 32])).unwrap();
    unlock(&desk).await;
    assert_eq!(desk.vault().read().unwrap().sealing_key, own);
    assert_ne!(desk.now(), Millis(0));
}
