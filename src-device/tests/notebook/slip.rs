//! Hand-over slips: on this phone alone, and gone in time.

use beatbook_domain::entry::{DraftReference, Reporting};
use beatbook_domain::id::EntryId;
use beatbook_protocol::ipc::{
    DiscardDraft, DropSlip, ErrorCode, GetSlip, GiveReference, KeepDraft, KeepSlip, MoveToSlip, OpenDraft,
    SlipSystem, SlipView,
};

use super::desk::*;

const CALLER: &str = "J. Example, 07700 900123";

async fn slip(desk: &Desk, entry_id: EntryId) -> SlipView {
    desk.ask(GetSlip { entry_id }).await.unwrap()
}

async fn kept(desk: &Desk, entry_id: EntryId) -> SlipView {
    desk.ask(KeepSlip { entry_id, details: CALLER.into() }).await.unwrap()
}

async fn give(desk: &Desk, entry_id: EntryId, kind: &str) {
    let reference = DraftReference { kind: Some(code(kind)), value: "36/286/20".into(), at: None };
    desk.ask(GiveReference { entry_id, reference }).await.unwrap();
}

async fn reported(desk: &Desk) -> EntryId {
    desk.concern(|it| it.reporting = Some(Reporting::Yes)).await
}

fn text(view: &SlipView, system: SlipSystem) -> &str {
    &view.blocks.iter().find(|block| block.system == system).unwrap().text
}

#[tokio::test]
async fn the_slip_of_a_draft_goes_with_the_note_and_reads_out_what_each_system_needs() {
    let desk = Desk::new().await;
    desk.start_shift().await;
    let mut draft = desk.open(OpenDraft::NewConcern).await;
    let id = draft.entry_id;
    let empty = slip(&desk, id).await;
    assert!(empty.details.is_empty() && empty.blocks.is_empty() && empty.expires_at.is_none());
    let it = concern(&mut draft.form);
    it.behaviours = vec![code("B_FOLLOW")];
    it.seen = "Followed two people.".into();
    it.told_by = "the door steward".into();
    it.reporting = Some(Reporting::Yes);
    let keep = KeepDraft { entry_id: id, form: draft.form.clone(), told: draft.told.clone() };
    desk.ask(keep).await.unwrap();
    kept(&desk, id).await;
    desk.save(draft).await;
    let moved = desk.ask(MoveToSlip { entry_id: id, text: " AB12 CDE ".into() }).await.unwrap();
    assert_eq!(moved.details, format!("{CALLER}\nAB12 CDE"));
    assert!(text(&moved, SlipSystem::Crime).contains(CALLER));
    let intelligence = text(&moved, SlipSystem::Intelligence);
    assert!(intelligence.contains("Followed two people."));
    assert!(!intelligence.contains("steward") && !intelligence.contains("07700"), "no source is named");
    assert!(desk.entry(id).await.slip);
    let shown = format!("{moved:?}");
    assert!(!shown.contains("07700"), "what is logged by mistake says nothing: {shown}");
}

#[tokio::test]
async fn a_reference_takes_its_block_and_the_last_one_takes_the_slip() {
    let desk = Desk::new().await;
    desk.start_shift().await;
    let id = reported(&desk).await;
    kept(&desk, id).await;
    give(&desk, id, "REF_CRIME").await;
    let view = slip(&desk, id).await;
    let crime = &view.blocks[0];
    assert_eq!(
        (crime.system, crime.text.as_str(), crime.reference.as_deref()),
        (SlipSystem::Crime, "", Some("36/286/20"))
    );
    assert!(view.details == CALLER && !text(&view, SlipSystem::Intelligence).is_empty());
    give(&desk, id, "REF_INTEL").await;
    let view = slip(&desk, id).await;
    assert!(view.details.is_empty() && view.expires_at.is_none() && !desk.entry(id).await.slip);
    // Nothing is kept any more, and what is typed is not swallowed.
    let refused = desk.ask(KeepSlip { entry_id: id, details: CALLER.into() }).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotNow);
    let (_desk, slips) = desk.behind(|store| store.slips().unwrap()).await;
    assert!(slips.is_empty());
}

#[tokio::test]
async fn a_slip_is_gone_three_days_after_its_first_word_however_often_it_is_added_to() {
    let desk = Desk::new().await;
    desk.start_shift().await;
    let (read, unread) = (reported(&desk).await, reported(&desk).await);
    let first = kept(&desk, read).await.expires_at.unwrap();
    assert_eq!(first.since(desk.now()), 72 * 3_600_000);
    kept(&desk, unread).await;
    desk.pass(70 * HOUR);
    let again = desk.ask(MoveToSlip { entry_id: read, text: "AB12 CDE".into() }).await.unwrap();
    assert_eq!(again.expires_at, Some(first));
    desk.pass(2 * HOUR - 1);
    assert!(!slip(&desk, read).await.details.is_empty());
    desk.pass(1);
    assert!(slip(&desk, read).await.details.is_empty() && !desk.entry(read).await.slip);
    // The row is gone, not only hidden; and one nobody looked at goes too.
    let (desk, slips) = desk.behind(|store| store.slips().unwrap()).await;
    assert!(slips.is_empty());
    let anew = kept(&desk, read).await;
    assert_eq!(anew.expires_at.unwrap().since(desk.now()), 72 * 3_600_000);
}

#[tokio::test]
async fn unlocking_deletes_what_a_cut_off_left_behind() {
    let desk = Desk::new().await;
    desk.start_shift().await;
    let id = reported(&desk).await;
    for kind in ["REF_CRIME", "REF_INTEL"] {
        give(&desk, id, kind).await;
    }
    // As if the phone died between the reference and the end of the slip; and a slip whose draft is no more.
    let nobody = EntryId(uuid::Uuid::from_u128(77));
    let (desk, ()) = desk
        .behind(|store| {
            store.keep_slip(id, CALLER).unwrap();
            store.keep_slip(nobody, CALLER).unwrap();
        })
        .await;
    let (_desk, slips) = desk.behind(|store| store.slips().unwrap()).await;
    assert!(slips.is_empty());
}

#[tokio::test]
async fn a_slip_is_in_no_record_and_goes_when_thrown_away_or_with_its_draft() {
    let desk = Desk::new().await;
    desk.start_shift().await;
    let id = reported(&desk).await;
    kept(&desk, id).await;
    let draft = desk.open(OpenDraft::NewConcern).await.entry_id;
    kept(&desk, draft).await;
    let (desk, bodies) = desk
        .behind(|store| {
            let chain = store.chain_id(beatbook_device::store::Chain::Record);
            let log = store.chain_id(beatbook_device::store::Chain::Log);
            let mut rows = store.whole_chain(chain).unwrap();
            rows.extend(store.whole_chain(log).unwrap());
            rows.into_iter().flat_map(|row| [row.head, row.body.unwrap_or_default()]).collect::<Vec<_>>()
        })
        .await;
    assert!(bodies.len() > 6);
    for bytes in &bodies {
        assert!(!String::from_utf8_lossy(bytes).contains("07700"), "a slip stands in a record");
    }
    assert_eq!(slip(&desk, draft).await.details, CALLER, "it is kept where it belongs");
    desk.ask(DiscardDraft { entry_id: draft }).await.unwrap();
    let gone = desk.ask(DropSlip { entry_id: id }).await.unwrap();
    assert!(gone.details.is_empty() && !gone.blocks.is_empty());
    let refused = desk.ask(GetSlip { entry_id: draft }).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotFound);
    let other = desk.engagement(|_| {}).await;
    assert_eq!(desk.ask(GetSlip { entry_id: other }).await.unwrap_err().code, ErrorCode::NotFound);
    let (_desk, slips) = desk.behind(|store| store.slips().unwrap()).await;
    assert!(slips.is_empty());
}

#[tokio::test]
async fn a_full_slip_says_so_and_keeps_what_it_has() {
    let desk = Desk::new().await;
    let id = reported(&desk).await;
    kept(&desk, id).await;
    let refused = desk.ask(MoveToSlip { entry_id: id, text: "é".repeat(5_000) }).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Invalid);
    assert_eq!(slip(&desk, id).await.details, CALLER);
    let emptied = desk.ask(KeepSlip { entry_id: id, details: "  ".into() }).await.unwrap();
    assert!(emptied.details.is_empty() && emptied.expires_at.is_none());
}
