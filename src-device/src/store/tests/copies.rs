//! Copies dropped by policy: only what central safely holds, and it comes back.

use std::collections::{BTreeMap, BTreeSet};

use beatbook_domain::entry::{About, Decision, Gone, Review};
use beatbook_domain::id::{EpochId, Link};
use beatbook_domain::seal::{Broken, seal};
use beatbook_domain::time::DAY_MS;
use beatbook_protocol::sync::{ChainEnd, FeedItem, FeedRevision, Scope, Stands};
use serde_json::value::RawValue;

use super::super::copies::Wanted;
use super::super::pull::LastAnswer;
use super::erasing::EPOCH;
use super::exchange::{photo_of, pull, referral, word_of};
use super::*;

/// A sergeant's approval of a revision, as the feed brings it.
fn approval(of: &Written, officer: OfficerId, pos: u64) -> FeedRevision {
    let chain_id = ChainId(Uuid::from_u128(800));
    let body = Body::Review(Review {
        officer,
        decision: Decision::Approved,
        post: None,
        covers: vec![About { entry_id: of.entry_id, link: of.link }],
        disposition: None,
        reference: None,
        note: None,
        reason: None,
    });
    let head = serde_json::json!({
        "format": "beatbook/rev/1", "chain_id": chain_id, "seq": pos, "entry_id": new_entry_id(NIGHT), "kind": "review",
        "schema": 1, "change": "first", "revises": [], "about": {"entry_id": of.entry_id, "link": of.link},
        "author": Uuid::from_u128(311), "origin": "live", "duty_at_writing": "on", "occurred_at": NIGHT,
        "written_at": NIGHT, "written_utc_offset": 0, "mono": {"boot_id": Uuid::nil(), "ms": 1}, "regime": "part3",
        "class": "RC_CONCERN", "marking": "OFFICIAL", "access": "team", "seed": Uuid::nil(),
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
        received_at: NIGHT.plus(2_000),
        problems: Vec::new(),
    }
}

/// What central last said, so many days later.
fn answer(store: &mut Store, epoch: EpochId, days: i64) {
    let scopes = store.cursors().unwrap().into_keys().collect();
    let server_time = NIGHT.plus(days * DAY_MS);
    let answer = LastAnswer { epoch: Some(epoch), server_time, scopes, ..Default::default() };
    store.keep_answer(&answer, ClockOffset { ms: 0, err_ms: 1 }).unwrap();
}

fn dropped(store: &mut Store) -> usize {
    let Some(mut run) = store.drop_run().unwrap() else { return 0 };
    loop {
        if let Some(dropped) = store.drop_step(&mut run).unwrap() {
            return dropped;
        }
    }
}

/// A store with one engagement, received at position 5 and approved.
fn approved(bench: &Bench) -> (Store, Written) {
    let mut store = bench.create();
    let chat = save(&mut store, "zebra crossing by the river");
    store.note_epoch(EPOCH, &[]).unwrap();
    apply(&mut store, bench, vec![receipt(&chat, 5)], Vec::new());
    let officer = bench.identity().officer.officer;
    pull(&mut store, Scope::Officer(officer), vec![FeedItem::Revision(approval(&chat, officer, 6))]);
    answer(&mut store, EPOCH, 8);
    (store, chat)
}

#[test]
fn what_is_approved_old_and_safe_is_dropped_to_a_stub_and_comes_back() {
    let bench = Bench::new();
    let (mut store, chat) = approved(&bench);
    assert_eq!(dropped(&mut store), 0, "central has stated nothing");
    store.keep_safe(EPOCH, Some(5)).unwrap();
    assert_eq!(dropped(&mut store), 0, "position 5 is not below 5");
    store.keep_safe(EPOCH, Some(6)).unwrap();
    answer(&mut store, EPOCH, 6);
    assert_eq!(dropped(&mut store), 0, "six days of seven");
    answer(&mut store, EPOCH, 8);
    let whole = store.revision(&chat.link).unwrap().unwrap();
    assert_eq!(dropped(&mut store), 1);
    let stub = store.revision(&chat.link).unwrap().unwrap();
    assert_eq!((&stub.body, stub.salt, stub.gone), (&None, None, Some(Gone::AtServer)));
    assert_eq!(
        (&stub.head, stub.received_at),
        (&whole.head, whole.received_at),
        "kind, time and receipt stay"
    );
    assert_eq!(found(&mut store, "zebra"), [], "its words are not searched");
    assert_eq!(found(&mut store, ""), [chat.entry_id], "and it is listed");
    let verified = store.verify_all().unwrap();
    assert_eq!((verified.at_server, verified.erased), (1, 0));

    store.want(chat.entry_id).unwrap();
    assert_eq!(store.copies_said(Some(EPOCH)).unwrap().wants, [chat.link]);
    assert_eq!(store.wanted(&chat.link).unwrap(), Some(Wanted::Asked));
    let raw = |bytes: &[u8]| RawValue::from_string(String::from_utf8(bytes.to_vec()).unwrap()).unwrap();
    let opened = store.whole_chain(bench.identity().record_chain).unwrap().remove(0);
    let given = FeedRevision {
        pos: 5,
        chain_id: whole.chain_id,
        seq: whole.seq,
        link: whole.link,
        before: opened.link,
        head: raw(&whole.head),
        body: whole.body.as_deref().map(raw),
        salt: whole.salt,
        commit: whole.commit,
        received_at: NIGHT,
        problems: Vec::new(),
    };
    let mut altered = given.clone();
    altered.body = Some(RawValue::from_string("{\"people\":99}".into()).unwrap());
    assert_eq!(store.take_back(&[chat.link], &[altered], NIGHT.plus(8 * DAY_MS)).unwrap(), 0);
    assert_eq!(store.wanted(&chat.link).unwrap(), Some(Wanted::Missing), "said plainly");
    store.want(chat.entry_id).unwrap();
    assert_eq!(store.take_back(&[chat.link], &[given], NIGHT.plus(8 * DAY_MS)).unwrap(), 1);
    assert_eq!(store.revision(&chat.link).unwrap().unwrap(), whole);
    assert_eq!(found(&mut store, "zebra"), [chat.entry_id]);
    assert_eq!(store.verify_all().unwrap().at_server, 0);
    assert_eq!(dropped(&mut store), 0, "kept for a while again");
    answer(&mut store, EPOCH, 16);
    assert_eq!(dropped(&mut store), 1);
}

#[test]
fn drafts_slips_and_what_is_not_approved_keep_their_copies() {
    let bench = Bench::new();
    let (mut store, chat) = approved(&bench);
    store.keep_safe(EPOCH, Some(100)).unwrap();
    let other = save(&mut store, "nobody has looked at it");
    apply(&mut store, &bench, vec![receipt(&other, 7)], Vec::new());
    save(&mut store, "not sent");
    store.keep_slip(chat.entry_id, "a name").unwrap();
    answer(&mut store, EPOCH, 90);
    assert_eq!(dropped(&mut store), 0);
    store.drop_slip(chat.entry_id).unwrap();
    assert_eq!(dropped(&mut store), 1, "the approved one alone");
}

#[test]
fn a_stub_without_central_s_receipt_is_a_hole() {
    let bench = Bench::new();
    let (mut store, chat) = approved(&bench);
    store.keep_safe(EPOCH, Some(100)).unwrap();
    assert_eq!(dropped(&mut store), 1);
    store.verify_all().unwrap();
    drop(store);
    let beside = bench.beside();
    beside.execute("UPDATE receipt_list SET list = replace(list, '\"pos\":5', '\"pos\":6')", []).unwrap();
    let broken = bench.open().unwrap().verify_all();
    assert!(
        matches!(broken, Err(StoreError::Seal(Broken::Missing { seq })) if seq == chat.seq),
        "{broken:?}"
    );
}

#[test]
fn a_receipt_of_an_older_epoch_counts_as_far_as_central_says() {
    let bench = Bench::new();
    let (mut store, _) = approved(&bench);
    let newer = EpochId(Uuid::from_u128(10));
    for (stands, drops) in [(vec![], 0), (vec![Stands { epoch: EPOCH, to: 4 }], 0)] {
        answer(&mut store, EPOCH, 20);
        store.note_epoch(newer, &stands).unwrap();
        answer(&mut store, newer, 20);
        store.keep_safe(EPOCH, Some(100)).unwrap();
        assert_eq!(dropped(&mut store), 0, "safe in an epoch that ended");
        store.keep_safe(newer, Some(100)).unwrap();
        assert_eq!(dropped(&mut store), drops, "position 5 of the old one: {stands:?}");
    }
    answer(&mut store, EPOCH, 20);
    store.note_epoch(newer, &[Stands { epoch: EPOCH, to: 5 }]).unwrap();
    answer(&mut store, newer, 20);
    assert_eq!(dropped(&mut store), 1);
}

/// Central as far as copies are concerned: what it holds, and its backups.
#[derive(Clone, Default)]
struct Books {
    held: BTreeMap<Link, u64>,
    pos: u64,
}

/// Whatever is saved, received, approved, proved and restored in whatever order: what was dropped is in the newest proved
/// backup of central's line, and so is never lost when that one is put back.
#[test]
fn nothing_is_dropped_that_the_newest_proved_backup_does_not_hold() {
    let seeds: u64 = std::env::var("BEATBOOK_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(12);
    let mut total = 0;
    for seed in 0..seeds {
        total += schedule(seed);
    }
    assert!(total > 0, "some copies were dropped at all");
}

/// A number from a seed: the tests of the store have no need of more than this.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

fn schedule(seed: u64) -> usize {
    let mut state = seed.wrapping_mul(977).wrapping_add(5);
    let bench = Bench::new();
    let mut store = bench.create();
    let officer = bench.identity().officer.officer;
    let chain = bench.identity().record_chain;
    let mut epoch = EPOCH;
    let (mut here, mut backups): (Books, Vec<Books>) = (Books::default(), Vec::new());
    let mut ended: Vec<(EpochId, u64)> = Vec::new();
    let mut written: Vec<Written> = Vec::new();
    let (mut reviewed, mut days, mut gone) = (1_000_u64, 0, 0);
    store.note_epoch(epoch, &[]).unwrap();
    answer(&mut store, epoch, days);
    for _ in 0..60 {
        match next(&mut state) % 8 {
            0 | 1 => written.push(save(&mut store, "an entry")),
            2 | 3 => {
                // Central receives everything that waits, the opening of the chain too.
                let waiting: Vec<(Link, i64)> = {
                    let rids: Vec<i64> = store
                        .outbox()
                        .sendable()
                        .filter(|one| one.chain_id == chain)
                        .map(|one| one.rid)
                        .collect();
                    store.revisions_by_rid(&rids).unwrap().iter().map(|row| (row.link, row.rid)).collect()
                };
                let mut receipts = Vec::new();
                for (link, _) in waiting {
                    let pos = *here.held.entry(link).or_insert_with(|| {
                        here.pos += 1;
                        here.pos
                    });
                    receipts.push(Receipt {
                        link,
                        pos,
                        received_at: NIGHT.plus(days * DAY_MS),
                        problems: vec![],
                    });
                }
                apply_in(&mut store, &bench, epoch, receipts);
            }
            4 => {
                for one in &written {
                    if here.held.contains_key(&one.link) {
                        reviewed += 1;
                        let feed = approval(one, officer, reviewed);
                        pull(&mut store, Scope::Officer(officer), vec![FeedItem::Revision(feed)]);
                    }
                }
            }
            5 => {
                // A backup is taken and proved.
                backups.push(here.clone());
                store.keep_safe(epoch, Some(here.pos + 1)).unwrap();
            }
            6 => {
                days += 9;
                answer(&mut store, epoch, days);
                let before: BTreeSet<Link> = stubs(&mut store, &written);
                gone += dropped(&mut store);
                let newest = backups.last();
                for link in stubs(&mut store, &written).difference(&before) {
                    assert!(
                        newest.is_some_and(|books| books.held.contains_key(link)),
                        "seed {seed}: {link} is in no proved backup"
                    );
                    assert!(here.held.contains_key(link), "seed {seed}");
                }
            }
            _ => {
                // The newest proved backup is put back.
                let Some(books) = backups.last().cloned() else { continue };
                ended.push((epoch, books.pos));
                here = books;
                epoch = EpochId(Uuid::from_u128(100 + u128::from(next(&mut state))));
                let mut least = u64::MAX;
                let stands: Vec<Stands> = ended
                    .iter()
                    .rev()
                    .map(|(epoch, last)| {
                        least = least.min(*last);
                        Stands { epoch: *epoch, to: least }
                    })
                    .collect();
                let rows = store.whole_chain(chain).unwrap();
                let verified_to =
                    rows.iter().take_while(|row| here.held.contains_key(&row.link)).last().map(|row| row.seq);
                let ends = [ChainEnd { chain_id: chain, seq: verified_to, link: None, verified_to }];
                store.note_epoch(epoch, &stands).unwrap();
                store.send_again_what_central_lost(epoch, &ends).unwrap();
                answer(&mut store, epoch, days);
            }
        }
        // Whatever is a stub here has its words at central.
        for link in stubs(&mut store, &written) {
            assert!(here.held.contains_key(&link), "seed {seed}: {link} is lost");
        }
    }
    store.verify_all().unwrap();
    gone
}

fn stubs(store: &mut Store, written: &[Written]) -> BTreeSet<Link> {
    let mut stubs = BTreeSet::new();
    for one in written {
        if store.revision(&one.link).unwrap().unwrap().gone == Some(Gone::AtServer) {
            stubs.insert(one.link);
        }
    }
    stubs
}

/// Receipts of an epoch.
fn apply_in(store: &mut Store, bench: &Bench, epoch: EpochId, receipts: Vec<Receipt>) {
    if receipts.is_empty() {
        return;
    }
    let identity = bench.identity();
    let list = ReceiptList {
        epoch,
        keys: identity.force.keys.number,
        device: identity.device_id,
        at: NIGHT,
        receipts,
    };
    let list = serde_json::to_string(&list).unwrap();
    let signature = sign(&bench.receipt_key, Purpose::Receipts, &[list.as_bytes()]);
    let signed = SignedReceipts { list, signature, key: identity.force.keys.receipt_key };
    let mut job = ApplyReceipts::new(Some(signed), Vec::new(), Vec::new(), &identity).unwrap();
    while job.step(store).unwrap().is_none() {}
}

#[test]
fn words_that_name_a_photo_stay_with_it_however_safe_both_are() {
    let bench = Bench::new();
    let mut store = bench.create();
    let photo = photo_of(b"a lamp post");
    store.keep_attachment(&photo, b"a lamp post").unwrap();
    let written = store.append(Chain::Record, &[referral(&photo)]).unwrap().remove(0);
    store.note_epoch(EPOCH, &[]).unwrap();
    apply(&mut store, &bench, vec![receipt(&written, 5)], Vec::new());
    let officer = bench.identity().officer.officer;
    pull(&mut store, Scope::Officer(officer), vec![FeedItem::Revision(approval(&written, officer, 6))]);
    answer(&mut store, EPOCH, 30);
    store.keep_safe(EPOCH, Some(100)).unwrap();
    let sha256 = store.next_photo().unwrap().unwrap().sha256;
    assert_eq!(dropped(&mut store), 0, "the photo is here alone");
    store.photo_received(&sha256, &word_of(&bench, sha256, |_| {})).unwrap().unwrap();
    store.keep_safe(EPOCH, Some(9)).unwrap();
    assert_eq!(dropped(&mut store), 0, "no backup has the photo");
    store.keep_safe(EPOCH, Some(10)).unwrap();
    assert_eq!(dropped(&mut store), 0, "a stub would leave nothing to look at without signal");
    assert!(store.attachment(&sha256.0).unwrap().is_some());
    assert_eq!(store.revision(&written.link).unwrap().unwrap().gone, None);
}
