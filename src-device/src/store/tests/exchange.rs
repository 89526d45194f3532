//! Receipts, refusals, seeds, pulls, ended scopes, manifests.

use beatbook_domain::id::Link;
use beatbook_domain::seal::{Broken, seal};
use beatbook_protocol::sync::{
    AttachmentWord, FeedItem, FeedRevision, ReceiptProblem, RefusalReason, Scope, ScopeChanges, SignedWord,
};
use serde_json::value::RawValue;

use super::super::pull::{ApplyChanges, LastAnswer};
use super::super::receipts::{ReceiptError, SentManifest};
use super::super::rows::State;
use super::*;

#[test]
fn only_a_signed_receipt_for_this_device_makes_received() {
    let bench = Bench::new();
    let mut store = bench.create();
    let written = save(&mut store, "one");
    let good = bench.signed(vec![receipt(&written, 1)]);
    let new =
        |signed: SignedReceipts| ApplyReceipts::new(Some(signed), Vec::new(), Vec::new(), &bench.identity());
    let mut altered = good.clone();
    altered.list = altered.list.replace("\"pos\":1", "\"pos\":2");
    assert_eq!(new(altered).unwrap_err(), ReceiptError::NotSigned);
    let stranger = SigningKey::from_bytes(&[8; 32]);
    let other_key = SignedReceipts {
        signature: sign(&stranger, Purpose::Receipts, &[good.list.as_bytes()]),
        key: VerifyKey(stranger.verifying_key().to_bytes()),
        list: good.list.clone(),
    };
    assert_eq!(new(other_key).unwrap_err(), ReceiptError::NotSigned);
    let list = good.list.replace(&bench.identity().device_id.to_string(), &Uuid::from_u128(6).to_string());
    let other_device = SignedReceipts {
        signature: sign(&bench.receipt_key, Purpose::Receipts, &[list.as_bytes()]),
        list,
        key: good.key,
    };
    assert_eq!(new(other_device).unwrap_err(), ReceiptError::OtherDevice);
    assert_eq!(store.outbox().pill().waiting, 1);

    let applied = apply(&mut store, &bench, vec![receipt(&written, 41)], Vec::new());
    assert_eq!(applied.received, 1);
    assert_eq!(store.outbox().pill().waiting, 0);
    drop(store);
    let mut store = bench.open().unwrap();
    let row = store.revision(&written.link).unwrap().unwrap();
    assert_eq!(
        (row.state, row.central_pos, row.received_at),
        (State::Received, Some(41), Some(NIGHT.plus(1_000)))
    );
    let kept: String =
        store.connection().unwrap().query_row("SELECT list FROM receipt_list", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, bench.signed(vec![receipt(&written, 41)]).list, "kept verbatim");
}

/// Receipts in the order of sending are written many at a time: each row says what one receipt alone would have said.
#[test]
fn receipts_of_what_was_sent_are_written_by_runs_and_say_the_same() {
    const QUESTIONED: usize = 70;
    const MISSING: usize = 100;
    const JUMP: usize = 120;
    const LATER: usize = 150;
    for knows_what_was_sent in [false, true] {
        let bench = Bench::new();
        let mut store = bench.create();
        let written: Vec<Written> = (0..200).map(|n| save(&mut store, &format!("n{n}"))).collect();
        let of = |n: usize| {
            let mut receipt = receipt(&written[n], 10 + n as u64 + if n >= JUMP { 5 } else { 0 });
            if n >= LATER {
                receipt.received_at = NIGHT.plus(9_000);
            }
            if n == QUESTIONED {
                receipt.problems = vec![ReceiptProblem {
                    code: "code_not_in_force".into(),
                    field: None,
                    words: "The code is not in force.".into(),
                    author_can_cure: true,
                }];
            }
            receipt
        };
        let all: Vec<usize> = (0..written.len()).filter(|n| *n != MISSING).collect();
        let signed = bench.signed(all.iter().map(|n| of(*n)).collect());
        let mut job = ApplyReceipts::new(Some(signed), Vec::new(), Vec::new(), &bench.identity()).unwrap();
        if knows_what_was_sent {
            let links: Vec<Link> = written.iter().map(|one| one.link).collect();
            let rids: Vec<i64> = written.iter().map(|one| one.rid).collect();
            job = job.of_sent(&links, &rids);
        }
        let applied = loop {
            if let Some(applied) = job.step(&mut store).unwrap() {
                break applied;
            }
        };
        assert_eq!(applied.received, all.len());
        assert_eq!(store.outbox().get(written[MISSING].rid).map(|item| item.state), Some(State::Saved));
        drop(store);
        let mut store = bench.open().unwrap();
        for (n, one) in written.iter().enumerate() {
            let row = store.revision(&one.link).unwrap().unwrap();
            let says = (row.state, row.central_pos, row.received_at, row.problems);
            let receipt = of(n);
            match n {
                MISSING => assert_eq!(says.0, State::Saved),
                _ => assert_eq!(
                    says,
                    (State::Received, Some(receipt.pos), Some(receipt.received_at), receipt.problems)
                ),
            }
        }
        store.verify_all().unwrap();
    }
}

#[test]
fn a_receipt_for_other_content_changes_nothing() {
    let bench = Bench::new();
    let mut store = bench.create();
    save(&mut store, "one");
    let other = Receipt { link: Link([3; 32]), pos: 1, received_at: NIGHT, problems: Vec::new() };
    assert_eq!(apply(&mut store, &bench, vec![other], Vec::new()).received, 0);
    assert_eq!(store.outbox().pill().waiting, 1);
}

#[test]
fn one_refused_revision_is_set_aside_and_the_rest_goes_on() {
    let bench = Bench::new();
    let mut store = bench.create();
    let bad = save(&mut store, "bad");
    let good = save(&mut store, "good");
    let refusal = Refusal {
        chain_id: bench.identity().record_chain,
        first: bad.seq,
        last: bad.seq,
        reason: RefusalReason::Oversized,
    };
    let applied = apply(&mut store, &bench, vec![receipt(&good, 1)], vec![refusal]);
    assert_eq!((applied.received, applied.refused), (1, 1));
    drop(store);
    let mut store = bench.open().unwrap();
    let pill = store.outbox().pill();
    assert_eq!((pill.needs_you, store.outbox().sendable().filter(|i| i.rid == bad.rid).count()), (1, 0));
    assert_eq!(store.revision(&bad.link).unwrap().unwrap().refusal.as_deref(), Some("oversized"));
    // A later receipt (the cause was cured at central) brings it home.
    apply(&mut store, &bench, vec![receipt(&bad, 2)], Vec::new());
    assert_eq!(store.outbox().pill().needs_you, 0);
}

#[test]
fn a_problem_stays_beside_the_receipt() {
    let bench = Bench::new();
    let mut store = bench.create();
    let written = save(&mut store, "one");
    let problem = ReceiptProblem {
        code: "unknown_code".into(),
        field: Some("cards".into()),
        words: "The server does not know this batch".into(),
        author_can_cure: false,
    };
    apply(
        &mut store,
        &bench,
        vec![Receipt { problems: vec![problem.clone()], ..receipt(&written, 1) }],
        Vec::new(),
    );
    let row = store.revision(&written.link).unwrap().unwrap();
    assert_eq!((row.state, row.problems), (State::Received, vec![problem]));
}

#[test]
fn a_days_seed_goes_when_its_last_revision_is_receipted() {
    let bench = Bench::new();
    let mut store = bench.create();
    let written = save(&mut store, "yesterday");
    let seeds = |store: &mut Store| -> i64 {
        store.connection().unwrap().query_row("SELECT count(*) FROM seed", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(seeds(&mut store), 2, "one for each chain");
    let opened = store.whole_chain(bench.identity().record_chain).unwrap().remove(0);
    let opened = Receipt { link: opened.link, pos: 1, received_at: NIGHT, problems: Vec::new() };
    apply(&mut store, &bench, vec![opened.clone()], Vec::new());
    bench.clock.pass(24 * 3_600_000);
    apply(&mut store, &bench, vec![opened], Vec::new());
    assert_eq!(seeds(&mut store), 2, "something of that day is not receipted");
    apply(&mut store, &bench, vec![receipt(&written, 2)], Vec::new());
    assert_eq!(seeds(&mut store), 1, "the log chain's stays: its chain_opened is not receipted");
    save(&mut store, "today");
    assert_eq!(seeds(&mut store), 2);
    store.verify_all().unwrap();
}

#[test]
fn tried_is_waiting_and_survives_while_sending_does_not() {
    let bench = Bench::new();
    let mut store = bench.create();
    let written = save(&mut store, "one");
    store.mark_tried(&[written.rid]).unwrap();
    let later = save(&mut store, "two");
    store.outbox_mut().set_state(&[written.rid], State::Sending);
    assert_eq!(store.outbox().pill().sending, 1);
    drop(store);
    let store = bench.open().unwrap();
    let state = |rid| store.outbox().get(rid).unwrap().state;
    assert_eq!((state(written.rid), state(later.rid)), (State::Waiting, State::Saved));
}

pub(super) fn feed(n: u64, note: &str, author: u128) -> FeedRevision {
    let chain_id = ChainId(Uuid::from_u128(500));
    let new = engagement(note);
    let head = serde_json::json!({
        "format": "beatbook/rev/1", "chain_id": chain_id, "seq": n, "entry_id": new.entry_id, "kind": "engagement",
        "schema": 1, "change": "first", "revises": [], "author": Uuid::from_u128(author), "origin": "live",
        "duty_at_writing": "on", "occurred_at": NIGHT, "written_at": NIGHT, "written_utc_offset": 0,
        "mono": {"boot_id": Uuid::nil(), "ms": 1}, "regime": "none", "class": "RC_ENGAGEMENT", "marking": "OFFICIAL",
        "access": "team", "seed": Uuid::nil(),
    });
    let before = Link([1; 32]);
    let body = new.body.to_bytes();
    let sealed = seal(chain_id, n, &before, &Seed([3; 32]), head.to_string().into_bytes(), body);
    let raw = |bytes: &[u8]| RawValue::from_string(String::from_utf8(bytes.to_vec()).unwrap()).unwrap();
    FeedRevision {
        pos: n,
        chain_id,
        seq: n,
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

pub(super) fn pull(store: &mut Store, scope: Scope, items: Vec<FeedItem>) -> pull::Pulled {
    let mut job = ApplyChanges::new(vec![ScopeChanges { scope, cursor: 50, items }]);
    loop {
        if let Some(pulled) = job.step(store).unwrap() {
            return pulled;
        }
    }
}

#[test]
fn pulled_revisions_are_verified_and_a_bad_one_never_blocks_the_rest() {
    let bench = Bench::new();
    let mut store = bench.create();
    let team = Scope::Team(TeamId(Uuid::from_u128(3)));
    let mut bad = feed(2, "altered", 1377);
    bad.body = Some(RawValue::from_string("{\"people\":99}".into()).unwrap());
    let items = vec![
        FeedItem::Revision(feed(1, "first of the team", 1377)),
        FeedItem::Revision(bad),
        FeedItem::Revision(feed(3, "third of the team", 1377)),
    ];
    let again = items.clone();
    let pulled = pull(&mut store, team, items);
    assert_eq!((pulled.revisions, pulled.bad), (2, 1));
    assert_eq!(store.cursors().unwrap().get(&team), Some(&50));
    assert_eq!(store.outbox().pill().waiting, 0, "what others wrote is not in this outbox");
    assert_eq!(pull(&mut store, team, again).revisions, 0, "a repeat adds nothing");
    assert_eq!(store.verify_all().unwrap().pulled, 2);
    assert_eq!(found(&mut store, "third").len(), 1);
}

#[test]
fn an_ended_scope_is_forgotten_but_for_its_stub() {
    let bench = Bench::new();
    let mut store = bench.create();
    let team = Scope::Team(TeamId(Uuid::from_u128(3)));
    let other = feed(1, "of the team", 1377);
    let own_elsewhere = feed(2, "written on another device", 1482);
    let links = [other.link, own_elsewhere.link];
    pull(&mut store, team, vec![FeedItem::Revision(other), FeedItem::Revision(own_elsewhere)]);
    while owner::Owned::idle(&mut store) {}
    let answer = LastAnswer { scopes: vec![Scope::Reference], ..Default::default() };
    store.keep_answer(&answer, ClockOffset { ms: 0, err_ms: 1 }).unwrap();
    let rows = links.map(|link| store.revision(&link).unwrap().unwrap());
    assert!(rows[0].body.is_none() && rows[0].salt.is_none() && !rows[0].head.is_empty());
    assert!(rows[1].body.is_some(), "what the officer wrote stays");
    assert_eq!(found(&mut store, "team"), []);
    assert!(store.cursors().unwrap().is_empty());
    // Central is told, until it has heard.
    assert_eq!(store.copies_said(None).unwrap().forgot, [team]);
    store.forgetting_told(&[team]).unwrap();
    assert!(store.copies_said(None).unwrap().forgot.is_empty());
    assert_eq!(rows[0].gone, Some(beatbook_domain::entry::Gone::Forgotten));
    // The scope comes back, and the words with it.
    pull(&mut store, team, vec![FeedItem::Revision(feed(1, "of the team", 1377))]);
}

#[test]
fn what_the_officer_wrote_elsewhere_stays_even_before_it_is_indexed() {
    let bench = Bench::new();
    let mut store = bench.create();
    let team = Scope::Team(TeamId(Uuid::from_u128(3)));
    let own_elsewhere = feed(2, "written on another device", 1482);
    let link = own_elsewhere.link;
    pull(&mut store, team, vec![FeedItem::Revision(own_elsewhere)]);
    let answer = LastAnswer { scopes: vec![Scope::Reference], ..Default::default() };
    store.keep_answer(&answer, ClockOffset { ms: 0, err_ms: 1 }).unwrap();
    assert!(store.revision(&link).unwrap().unwrap().body.is_some());
}

#[test]
fn a_manifest_is_kept_verbatim_and_checked() {
    let bench = Bench::new();
    let mut store = bench.create();
    let written = save(&mut store, "one");
    let opened = store.whole_chain(bench.identity().record_chain).unwrap().remove(0);
    let manifest = beatbook_domain::seal::Manifest {
        format: beatbook_domain::seal::MANIFEST_FORMAT.into(),
        force: bench.identity().force.force,
        chain_id: bench.identity().record_chain,
        first: 0,
        before_first: Link::GENESIS,
        absent: Vec::new(),
        last: 1,
        after_last: written.link,
    };
    let text = String::from_utf8(manifest.to_bytes()).unwrap();
    let signature = sign(&store.keys().profile, Purpose::Manifest, &[text.as_bytes()]);
    let sent = SentManifest { chain_id: manifest.chain_id, first: 0, last: 1, manifest: text, signature };
    let signed = bench.signed(vec![
        Receipt { link: opened.link, pos: 1, received_at: NIGHT, problems: Vec::new() },
        receipt(&written, 2),
    ]);
    let mut job = ApplyReceipts::new(Some(signed), Vec::new(), vec![sent], &bench.identity()).unwrap();
    while job.step(&mut store).unwrap().is_none() {}
    assert_eq!(store.verify_all().unwrap().manifests, 1);
    drop(store);
    bench
        .beside()
        .execute("UPDATE manifest SET manifest = replace(manifest, '\"last\":1', '\"last\":2')", [])
        .unwrap();
    assert!(matches!(
        bench.open().unwrap().verify_all(),
        Err(StoreError::Seal(Broken::Signature { first: 0, last: 2 }))
    ));
}

/// Unused parts of the vocabulary that a later schema may bring must not stop reading.
#[test]
fn a_kind_of_a_newer_version_is_kept_and_shown_as_unknown() {
    let bench = Bench::new();
    let mut store = bench.create();
    let mut new = feed(1, "x", 1377);
    let head = new.head.get().replace("\"engagement\"", "\"telepathy\"");
    let sealed = seal(
        new.chain_id,
        1,
        &new.before,
        &Seed([3; 32]),
        head.clone().into_bytes(),
        new.body.as_ref().unwrap().get().as_bytes().to_vec(),
    );
    new.head = RawValue::from_string(head).unwrap();
    (new.link, new.commit, new.salt) = (sealed.link, sealed.commit, sealed.salt);
    let team = Scope::Team(TeamId(Uuid::from_u128(3)));
    assert_eq!(pull(&mut store, team, vec![FeedItem::Revision(new)]).revisions, 1);
    let row = store.revision(&sealed.link).unwrap().unwrap();
    assert_eq!(row.parse().unwrap().head.kind, Kind::Unknown);
    store.verify_all().unwrap();
}

pub(super) fn referral(photo: &beatbook_domain::entry::Attachment) -> NewRevision {
    let body = Body::Referral(beatbook_domain::entry::Referral {
        issue: code("streetsafe_environment", "SS_E_LIGHT"),
        owner: code("referral_owner", "OWN_NCC"),
        state: code("referral_state", "RAISED"),
        details: None,
        owner_ref: None,
        photo: Some(photo.clone()),
        place: None,
        paper: None,
        reason: None,
    });
    NewRevision::first(new_entry_id(NIGHT), Kind::Referral, NIGHT, body)
}

pub(super) fn photo_of(bytes: &[u8]) -> beatbook_domain::entry::Attachment {
    beatbook_domain::entry::Attachment {
        sha256: beatbook_domain::seal::digest(bytes).to_string(),
        bytes: bytes.len() as u64,
        media_type: "image/jpeg".into(),
    }
}

/// Central's word that it has a photo of eleven bytes, safe in a backup of everything below position 10.
pub(super) fn word_of(
    bench: &Bench,
    sha256: beatbook_domain::id::Digest,
    change: fn(&mut AttachmentWord),
) -> SignedWord {
    let identity = bench.identity();
    let mut word = AttachmentWord {
        epoch: identity.force.keys.epoch,
        keys: 1,
        device: identity.device_id,
        officer: identity.officer.officer,
        sha256,
        bytes: 11,
        whole_at: NIGHT,
        safe_at: 9,
    };
    change(&mut word);
    let word = serde_json::to_string(&word).unwrap();
    SignedWord { signature: sign(&bench.receipt_key, Purpose::Attachment, &[word.as_bytes()]), word }
}

/// Takes a database back to what migration 001 made of it, as the Beatbook before photos left it.
fn before_photos(bench: &Bench) {
    let connection = bench.beside();
    connection
        .execute_batch(
            "DROP TRIGGER revision_names_photo; DROP TRIGGER revision_readable_photo; DROP TRIGGER revision_erased_photo;
             DROP TABLE attachment_name; DROP TABLE attachment_part; DROP INDEX attachment_unsent;
             ALTER TABLE attachment DROP COLUMN own; ALTER TABLE attachment DROP COLUMN central_has;
             ALTER TABLE attachment DROP COLUMN word; ALTER TABLE attachment DROP COLUMN word_signature;
             ALTER TABLE attachment DROP COLUMN safe_at; ALTER TABLE attachment DROP COLUMN refusal;
             DROP TRIGGER revision_erased; DROP INDEX revision_copy; ALTER TABLE revision DROP COLUMN gone;
             DROP TABLE known_epoch; DROP TABLE forgotten; DROP TABLE wanted; DROP TABLE fetched;
             ALTER TABLE receipt_list DROP COLUMN epoch;
             DROP INDEX revision_questions; DELETE FROM mark WHERE name = 'tried_up_to';
             CREATE TRIGGER revision_erased AFTER UPDATE OF body ON revision WHEN new.body IS NULL BEGIN SELECT 1; END;
             PRAGMA user_version = 1;",
        )
        .unwrap();
}

#[test]
fn a_notebook_of_an_older_version_keeps_everything_unsent_and_its_photos_follow() {
    let bench = Bench::new();
    let mut store = bench.create();
    let photo = photo_of(b"a lamp post");
    store.keep_attachment(&photo, b"a lamp post").unwrap();
    let words = save(&mut store, "unsent");
    let with_photo = store.append(Chain::Record, &[referral(&photo)]).unwrap()[0];
    let before: Vec<_> = store.outbox().items().map(|item| (item.rid, item.seq, item.bytes)).collect();
    store.set_setting("kept", &7).unwrap();
    drop(store);
    before_photos(&bench);

    let mut store = bench.open().unwrap();
    let after: Vec<_> = store.outbox().items().map(|item| (item.rid, item.seq, item.bytes)).collect();
    assert_eq!(after, before, "an update never touches what is not sent");
    assert_eq!(store.outbox().photos.len(), 1, "what was taken before photos were sent is sent now");
    assert_eq!(store.next_photo().unwrap(), None, "after its words");
    apply(&mut store, &bench, vec![receipt(&words, 1), receipt(&with_photo, 2)], Vec::new());
    let next = store.next_photo().unwrap().unwrap();
    assert_eq!((next.sha256.to_string(), next.bytes, next.has), (photo.sha256.clone(), 11, 0));
    store.verify_all().unwrap();
}

#[test]
fn a_photo_is_received_by_centrals_signed_word_alone_and_goes_with_its_words() {
    let bench = Bench::new();
    let mut store = bench.create();
    let photo = photo_of(b"a lamp post");
    store.keep_attachment(&photo, b"a lamp post").unwrap();
    let written = store.append(Chain::Record, &[referral(&photo)]).unwrap()[0];
    apply(&mut store, &bench, vec![receipt(&written, 1)], Vec::new());
    assert_eq!(store.outbox().pill().waiting, 1, "the entry waits for its photo");
    let sha256 = store.next_photo().unwrap().unwrap().sha256;
    assert!(store.photo_holds(written.rid, u64::MAX).unwrap(), "its words must not be purged");
    let word = |change: fn(&mut AttachmentWord)| word_of(&bench, sha256, change);
    let good = word(|_| {});
    let mut forged = good.clone();
    forged.word = forged.word.replace("\"bytes\":11", "\"bytes\":12");
    for (name, bad) in [
        ("changed", forged),
        ("another device", word(|word| word.device = DeviceId(Uuid::from_u128(6)))),
        ("another photo", word(|word| word.sha256 = beatbook_domain::id::Digest([1; 32]))),
        ("another number", word(|word| word.keys = 2)),
    ] {
        assert!(store.photo_received(&sha256, &bad).unwrap().is_err(), "{name}");
        assert_eq!(store.outbox().pill().waiting, 1, "{name}");
    }
    store.photo_received(&sha256, &good).unwrap().unwrap();
    assert_eq!(store.outbox().pill().waiting, 0);
    assert!(store.photo_holds(written.rid, 9).unwrap() && !store.photo_holds(written.rid, 10).unwrap());
    // Whoever takes the body away takes the photo along.
    let hash = sha256.0;
    assert!(store.attachment(&hash).unwrap().is_some());
    bench
        .beside()
        .execute("UPDATE revision SET body = NULL, salt = NULL WHERE rid = ?1", [written.rid])
        .unwrap();
    assert!(store.attachment(&hash).unwrap().is_none());
}
