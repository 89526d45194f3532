//! Orders to erase: what goes, what stays, and that nothing unsent does.

use beatbook_domain::entry::{DraftForm, EngagementDraft, Erasure, Gone};
use beatbook_domain::id::{EpochId, Link};
use beatbook_domain::seal::seal;
use beatbook_protocol::sync::{FeedItem, FeedRevision, Scope};
use serde_json::value::RawValue;

use super::super::drafts::Draft;
use super::exchange::{feed, pull};
use super::*;
use crate::sync::batch;

pub(super) const EPOCH: EpochId = EpochId(Uuid::from_u128(9));

/// An erasure of these, as central orders it.
pub(super) fn order(links: &[Link], pos: u64) -> FeedRevision {
    let chain_id = ChainId(Uuid::from_u128(700));
    let body = Body::Erasure(Erasure {
        links: links.to_vec(),
        authority: "records manager 17/2026".into(),
        class: Code::new("RC_ENGAGEMENT"),
        hold_checked_at: NIGHT,
    });
    let head = serde_json::json!({
        "format": "beatbook/rev/1", "chain_id": chain_id, "seq": pos, "entry_id": Uuid::from_u128(u128::from(pos)),
        "kind": "erasure", "schema": 1, "change": "first", "revises": [], "author": Uuid::from_u128(1),
        "performed_by": {"officer": Uuid::from_u128(311)}, "origin": "live",
        "duty_at_writing": "off", "occurred_at": NIGHT, "written_at": NIGHT, "written_utc_offset": 0,
        "mono": {"boot_id": Uuid::nil(), "ms": 1}, "regime": "part3", "class": "RC_PROOF", "marking": "OFFICIAL",
        "access": "team", "seed": Uuid::nil(),
    });
    let before = Link([1; 32]);
    let sealed = seal(chain_id, pos, &before, &Seed([3; 32]), head.to_string().into_bytes(), body.to_bytes());
    let raw = |bytes: &[u8]| RawValue::from_string(String::from_utf8(bytes.to_vec()).unwrap()).unwrap();
    FeedRevision {
        pos,
        chain_id,
        seq: pos,
        link: sealed.link,
        before,
        head: raw(&sealed.head),
        body: sealed.body.as_deref().map(raw),
        salt: sealed.salt,
        commit: sealed.commit,
        received_at: NIGHT,
        problems: Vec::new(),
    }
}

fn seeds(store: &mut Store) -> i64 {
    store.connection().unwrap().query_row("SELECT count(*) FROM seed", [], |row| row.get(0)).unwrap()
}

#[test]
fn an_order_takes_words_salt_seed_draft_and_slip_and_leaves_the_proof() {
    let bench = Bench::new();
    let mut store = bench.create();
    let gone = save(&mut store, "zebra crossing by the river");
    let unsent = save(&mut store, "written the same day, not sent yet");
    apply(&mut store, &bench, vec![receipt(&gone, 2)], Vec::new());
    while owner::Owned::idle(&mut store) {}
    assert_eq!(found(&mut store, "zebra").len(), 1);
    let draft = Draft {
        entry_id: gone.entry_id,
        form: DraftForm::Engagement(EngagementDraft {
            note: "zebra, corrected".into(),
            ..Default::default()
        }),
        opened_at: NIGHT,
        kept_at: NIGHT,
        told: beatbook_domain::entry::Circumstances::now(NIGHT),
        from_note: false,
        base_rid: store.newest_rid().unwrap(),
    };
    store.keep_draft(&draft).unwrap();
    store.keep_slip(gone.entry_id, "a name").unwrap();
    let before = store.revision(&gone.link).unwrap().unwrap();
    assert_eq!(seeds(&mut store), 2);

    assert_eq!(store.carry_out(EPOCH, &[order(&[gone.link], 40)]).unwrap(), 1);
    let after = store.revision(&gone.link).unwrap().unwrap();
    assert_eq!((&after.body, after.salt, after.gone), (&None, None, Some(Gone::Erased)));
    assert_eq!((after.head, after.commit, after.link), (before.head, before.commit, before.link));
    assert_eq!(seeds(&mut store), 1, "the seed of the day is gone: its salts can not be derived again");
    assert_eq!(found(&mut store, "zebra"), []);
    assert!(store.draft(gone.entry_id).unwrap().is_none() && store.slip(gone.entry_id).unwrap().is_none());
    assert_eq!((store.erased_to(Some(EPOCH)).unwrap(), store.erased_to(None).unwrap()), (40, 0));
    let under = store.erased_under(&gone.link).unwrap().unwrap();
    assert_eq!(under.erasure.authority, "records manager 17/2026");
    let verified = store.verify_all().unwrap();
    assert_eq!((verified.erased, verified.pulled), (1, 1));

    // What was not sent yet goes on by its own salt; what is written now gets another seed.
    let outgoing =
        batch::build_after(&mut store, i64::MIN, (1 << 20, usize::MAX), batch::Secrets::Seeds).unwrap();
    assert!(outgoing.rids.contains(&unsent.rid));
    let of_record =
        outgoing.batches.iter().find(|batch| batch.revisions.len() > 1).unwrap_or(&outgoing.batches[0]);
    assert!(of_record.seeds.is_empty() && of_record.revisions.iter().all(|one| one.salt.is_some()));
    save(&mut store, "afterwards");
    assert_eq!(seeds(&mut store), 2);
    store.verify_all().unwrap();
    // The same order again changes nothing, and nothing brings the words back.
    assert_eq!(store.carry_out(EPOCH, &[order(&[gone.link], 40)]).unwrap(), 1);
    drop(store);
    assert_eq!(bench.open().unwrap().verify_all().unwrap().erased, 1);
}

#[test]
fn an_order_about_something_unsent_waits_until_it_is_received() {
    let bench = Bench::new();
    let mut store = bench.create();
    let unsent = save(&mut store, "central has it, its receipt was lost");
    let other = save(&mut store, "received");
    apply(&mut store, &bench, vec![receipt(&other, 3)], Vec::new());
    let orders = [order(&[unsent.link], 40), order(&[other.link], 41)];
    assert_eq!(store.carry_out(EPOCH, &orders).unwrap(), 1, "the other one is carried out");
    assert!(store.revision(&unsent.link).unwrap().unwrap().body.is_some());
    assert_eq!(store.erased_to(Some(EPOCH)).unwrap(), 0, "nothing is confirmed past the one that waits");
    apply(&mut store, &bench, vec![receipt(&unsent, 2)], Vec::new());
    assert_eq!(store.carry_out(EPOCH, &orders).unwrap(), 2);
    assert_eq!(store.erased_to(Some(EPOCH)).unwrap(), 41);
    assert_eq!(store.verify_all().unwrap().erased, 2);
}

#[test]
fn what_was_pulled_is_erased_and_does_not_come_back() {
    let bench = Bench::new();
    let mut store = bench.create();
    let team = Scope::Team(TeamId(Uuid::from_u128(3)));
    let other = feed(1, "giraffe of the team", 1377);
    pull(&mut store, team, vec![FeedItem::Revision(other.clone())]);
    while owner::Owned::idle(&mut store) {}
    assert_eq!(found(&mut store, "giraffe").len(), 1);
    assert_eq!(store.carry_out(EPOCH, &[order(&[other.link], 7)]).unwrap(), 1);
    // A central that was put back by hand feeds it once more.
    pull(&mut store, team, vec![FeedItem::Revision(other.clone())]);
    while owner::Owned::idle(&mut store) {}
    let row = store.revision(&other.link).unwrap().unwrap();
    assert_eq!((&row.body, row.gone), (&None, Some(Gone::Erased)));
    assert_eq!(found(&mut store, "giraffe"), []);
    store.verify_all().unwrap();
    // An order that is none is left, and nothing after it is confirmed.
    let mut broken = order(&[other.link], 8);
    broken.body = Some(RawValue::from_string("{}".into()).unwrap());
    assert_eq!(store.carry_out(EPOCH, &[broken, order(&[other.link], 9)]).unwrap(), 1);
    assert_eq!(store.erased_to(Some(EPOCH)).unwrap(), 7);
}
