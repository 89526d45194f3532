#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
//! The store on real SQLCipher files: secrecy, settings, damage, migrations, tampering, full disk, receipts and pulls.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use beatbook_domain::code_list::CodeRef;
use beatbook_domain::entry::{Body, DraftForm, Engagement, EngagementDraft, Erasure, Kind};
use beatbook_domain::id::{
    ChainId, Code, DeviceId, EpochId, ForceId, Link, OfficerId, SealKey, Signature, TeamId, VerifyKey,
};
use beatbook_domain::seal::{Broken, Purpose, seal, sign};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{
    FeedItem, FeedRevision, ForceBundle, KeyStatement, OfficerRow, Receipt, ReceiptList, ReceiptProblem, Refusal,
    RefusalReason, Scope, ScopeChanges, SignedReceipts,
};
use ed25519_dalek::SigningKey;
use rusqlite::Connection;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::append::new_entry_id;
use super::drafts::Draft;
use super::open::{Expect, InstanceGuard, Location, open};
use super::pull::{ApplyChanges, LastAnswer};
use super::receipts::{ApplyReceipts, ReceiptError, SentManifest};
use super::rows::State;
use super::*;
use crate::clock::SetClock;
use crate::profile::wrap::{CipherSettings, DatabaseKey};

pub(crate) const NIGHT: Millis = Millis(1_764_281_640_000);

pub(crate) struct Bench {
    pub folder: tempfile::TempDir,
    pub clock: Arc<SetClock>,
    pub location: Location,
    pub receipt_key: SigningKey,
}

impl Bench {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = Location {
            path: folder.path().join("records.db"),
            key: DatabaseKey::random().unwrap(),
            cipher: CipherSettings::default(),
        };
        Self { folder, clock: Arc::new(SetClock::at(NIGHT)), location, receipt_key: SigningKey::from_bytes(&[7; 32]) }
    }

    pub fn identity(&self) -> Identity {
        let public = VerifyKey(self.receipt_key.verifying_key().to_bytes());
        Identity {
            officer: OfficerRow {
                officer: OfficerId(Uuid::from_u128(1482)),
                collar: "1482".into(),
                role: Code::new("PC"),
                team: Some(TeamId(Uuid::from_u128(3))),
            },
            team: Some((TeamId(Uuid::from_u128(3)), "Night team".into())),
            device_id: DeviceId(Uuid::from_u128(5)),
            force: ForceBundle {
                force: ForceId(Uuid::from_u128(1)),
                name: "Demonstration".into(),
                root_key: public,
                keys: KeyStatement {
                    number: 1,
                    receipt_key: public,
                    sealing_key: SealKey([1; 32]),
                    recovery_key: SealKey([2; 32]),
                    tls_keys: Vec::new(),
                    epoch: EpochId(Uuid::from_u128(9)),
                },
            },
            bundle: String::new(),
            bundle_signature: Signature([0; 64]),
            server: "http://127.0.0.1:1".into(),
            record_chain: ChainId(Uuid::from_u128(100)),
            log_chain: ChainId(Uuid::from_u128(101)),
        }
    }

    pub fn create(&self) -> Store {
        let keys = Keys::new(SigningKey::from_bytes(&[4; 32])).unwrap();
        Store::create(self.location.clone(), self.identity(), keys, self.clock.clone()).unwrap()
    }

    pub fn open(&self) -> Result<Store, StoreError> {
        Store::open(self.location.clone(), self.clock.clone())
    }

    /// A connection beside the store's, with the right key: for looking and for tampering.
    fn beside(&self) -> Connection {
        open(&self.location, Expect::Existing, NIGHT).unwrap()
    }

    fn signed(&self, receipts: Vec<Receipt>) -> SignedReceipts {
        let identity = self.identity();
        let list = ReceiptList { epoch: identity.force.keys.epoch, device: identity.device_id, at: NIGHT, receipts };
        let list = serde_json::to_string(&list).unwrap();
        let signature = sign(&self.receipt_key, Purpose::Receipts, &[list.as_bytes()]);
        SignedReceipts { list, signature, key: identity.force.keys.receipt_key }
    }
}

fn code(list: &str, code: &str) -> CodeRef {
    CodeRef { list: Code::new(list), version: 1, code: Code::new(code), label: code.to_owned() }
}

pub(crate) fn engagement(note: &str) -> NewRevision {
    let body = Body::Engagement(Engagement {
        engagement_type: code("engagement_type", "PUBLIC"),
        people: 3,
        topics: vec![code("topic", "LIGHTING")],
        concerns: Vec::new(),
        place: None,
        light: None,
        safe_by_day: None,
        safe_after_dark: None,
        verification: None,
        under_18: None,
        safeguarding_ref: None,
        bands: None,
        follow_up: false,
        note: Some(note.to_owned()),
        reason: None,
    });
    NewRevision::first(new_entry_id(NIGHT), Kind::Engagement, NIGHT, body)
}

fn save(store: &mut Store, note: &str) -> Written {
    store.append(Chain::Record, &[engagement(note)]).unwrap()[0]
}

fn receipt(written: &Written, pos: u64) -> Receipt {
    Receipt { link: written.link, pos, received_at: NIGHT.plus(1_000), problems: Vec::new() }
}

fn apply(store: &mut Store, bench: &Bench, receipts: Vec<Receipt>, refusals: Vec<Refusal>) -> receipts::Applied {
    let mut job = ApplyReceipts::new(Some(bench.signed(receipts)), refusals, Vec::new(), &bench.identity()).unwrap();
    loop {
        if let Some(applied) = job.step(store).unwrap() {
            return applied;
        }
    }
}

/// Every file below `folder` in which `needle` stands as it is.
fn files_holding(folder: &Path, needle: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        if bytes.windows(needle.len()).any(|window| window == needle) {
            found.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    found
}

#[test]
fn no_file_holds_anything_in_plain_text_and_the_scan_can_find_it() {
    const CANARY: &str = "canary-by-the-erpingham-gate";
    let bench = Bench::new();
    let mut store = bench.create();
    for _ in 0..50 {
        save(&mut store, CANARY);
    }
    let form = DraftForm::Engagement(EngagementDraft { note: CANARY.into(), ..Default::default() });
    let base_rid = store.newest_rid().unwrap();
    let draft =
        Draft { entry_id: new_entry_id(NIGHT), form, opened_at: NIGHT, kept_at: NIGHT, occurred_at: NIGHT, base_rid };
    store.keep_draft(&draft).unwrap();
    while owner::Owned::idle(&mut store) {}
    // While open, with the write-ahead log in place, and after closing.
    for open in [true, false] {
        assert!(!open || bench.folder.path().join("records.db-wal").exists());
        for needle in [CANARY, "engagement", "SQLite format 3", "chain_opened", "records"] {
            let holding = files_holding(bench.folder.path(), needle.as_bytes());
            assert!(holding.is_empty(), "{needle} stands in {holding:?} (open: {open})");
        }
        if open {
            owner::Owned::close(&mut store);
        }
    }
    // Positive control: the same scan finds the same words in a database without a key.
    let plain = Connection::open(bench.folder.path().join("plain.db")).unwrap();
    plain.execute_batch(&format!("CREATE TABLE t (x TEXT); INSERT INTO t VALUES ('{CANARY}')")).unwrap();
    drop(plain);
    assert_eq!(files_holding(bench.folder.path(), CANARY.as_bytes()), ["plain.db"]);
    assert_eq!(files_holding(bench.folder.path(), b"SQLite format 3"), ["plain.db"]);
}

#[test]
fn the_settings_are_as_decided_on_a_fresh_look() {
    let bench = Bench::new();
    drop(bench.create());
    let connection = bench.beside();
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
    let text = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, String>(0)).unwrap();
    assert_eq!(text("journal_mode"), "wal");
    assert_eq!(number("synchronous"), 2, "FULL");
    assert_eq!(number("foreign_keys"), 1);
    assert_eq!(number("temp_store"), 2, "memory");
    assert_eq!(number("secure_delete"), 1);
    assert_eq!(number("trusted_schema"), 0);
    assert_eq!(text("cipher_hmac_algorithm"), "HMAC_SHA256");
    assert!(text("cipher_version").starts_with('4'));
    assert_eq!(number("user_version"), migrate::VERSION);
}

#[test]
fn a_relaxed_commit_always_goes_back_to_full() {
    let bench = Bench::new();
    let mut store = bench.create();
    let refused: Result<(), _> = store.relaxed(|_| Err(StoreError::Randomness));
    assert!(refused.is_err());
    store.set_setting("x", &1).unwrap();
    let level: i64 = store.connection().unwrap().pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();
    assert_eq!(level, 2);
}

#[test]
fn another_key_opens_nothing_and_the_file_is_kept() {
    let bench = Bench::new();
    drop(bench.create());
    let other = Location { key: DatabaseKey::random().unwrap(), ..bench.location.clone() };
    let before = fs::read(&bench.location.path).unwrap();
    let StoreError::Damaged { kept_at: Some(kept) } = Store::open(other, bench.clock.clone()).unwrap_err() else {
        panic!("a wrong key must be told as damage")
    };
    assert_eq!(fs::read(kept).unwrap(), before);
}

#[test]
fn a_damaged_file_is_kept_aside_with_plain_words_and_never_opened_as_empty() {
    let bench = Bench::new();
    drop(bench.create());
    let good = fs::read(&bench.location.path).unwrap();
    let mut bad = good.clone();
    bad[100] ^= 0xff;
    let cases: [(&str, Vec<u8>); 4] =
        [("one byte of page 1", bad), ("cut", good[..700].to_vec()), ("other", vec![b'x'; 9000]), ("empty", Vec::new())];
    for (n, (case, bytes)) in cases.into_iter().enumerate() {
        fs::write(&bench.location.path, &bytes).unwrap();
        bench.clock.turn_to(NIGHT.plus(i64::try_from(n).unwrap()));
        let error = bench.open().unwrap_err();
        let StoreError::Damaged { kept_at: Some(kept) } = &error else { panic!("{case}: {error:?}") };
        assert_eq!(fs::read(kept).unwrap(), bytes, "{case}: kept byte for byte");
        let words = error.to_string();
        assert!(words.contains("kept aside") && words.contains("nothing was deleted"), "{words}");
        assert!(matches!(bench.open(), Err(StoreError::Missing)), "{case}: not made anew");
    }
    fs::write(&bench.location.path, &good).unwrap();
    assert_eq!(bench.open().unwrap().end(Chain::Record).next_seq, 1);
}

#[test]
fn a_second_instance_is_told_in_plain_words() {
    let folder = tempfile::tempdir().unwrap();
    let first = InstanceGuard::take(folder.path()).unwrap();
    let second = InstanceGuard::take(folder.path()).unwrap_err();
    assert!(matches!(second, StoreError::AlreadyRunning));
    assert!(second.to_string().contains("already open"));
    drop(first);
    InstanceGuard::take(folder.path()).unwrap();
}

#[test]
fn the_migrations_are_the_files_of_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/device");
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let listed: Vec<&str> = migrate::MIGRATIONS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, listed);
    for (n, name) in names.iter().enumerate() {
        assert!(name.starts_with(&format!("{:03}_", n + 1)), "{name}");
    }
}

#[test]
fn a_newer_database_is_read_unless_it_says_no() {
    let bench = Bench::new();
    drop(bench.create());
    let connection = bench.beside();
    connection.execute_batch("CREATE TABLE of_the_future (x); PRAGMA user_version = 7;").unwrap();
    drop(connection);
    assert_eq!(bench.open().unwrap().end(Chain::Record).next_seq, 1, "additive: still readable");
    let connection = bench.beside();
    connection.execute_batch("UPDATE database SET min_reader = 7").unwrap();
    drop(connection);
    let error = bench.open().unwrap_err();
    assert!(matches!(error, StoreError::TooNew { min_reader: 7, .. }), "{error:?}");
    assert!(bench.location.path.exists(), "and it is left where it was");
}

#[test]
fn a_failing_migration_changes_nothing() {
    let bench = Bench::new();
    drop(bench.create());
    let mut connection = bench.beside();
    let mut more: Vec<(&str, &str)> = migrate::MIGRATIONS.to_vec();
    more.push(("002", "CREATE TABLE half (x); INSERT INTO nowhere VALUES (1);"));
    assert!(migrate::migrate_with(&mut connection, &more).is_err());
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'half'", [], |row| row.get(0))
        .unwrap();
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!((tables, version), (0, migrate::VERSION));
    more.pop();
    more.push(("002", "CREATE TABLE whole (x);"));
    migrate::migrate_with(&mut connection, &more).unwrap();
    migrate::migrate_with(&mut connection, &more).unwrap();
}

#[test]
fn what_was_saved_is_there_after_opening_again_with_chain_states_and_counts() {
    let bench = Bench::new();
    let mut store = bench.create();
    let first = save(&mut store, "one");
    let second = save(&mut store, "two");
    assert_eq!((first.seq, second.seq), (1, 2), "chain_opened is 0");
    assert_eq!(store.outbox().pill().waiting, 2);
    let end = store.end(Chain::Record);
    drop(store);
    let mut store = bench.open().unwrap();
    assert_eq!(store.end(Chain::Record), end);
    assert_eq!(store.outbox().pill().waiting, 2);
    assert_eq!(store.own_entry_count().unwrap(), 2);
    let rows = store.revisions_of_entry(first.entry_id).unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].state, State::Saved);
    let revision = rows[0].parse().unwrap();
    assert!(matches!(&revision.body, Some(Body::Engagement(it)) if it.note.as_deref() == Some("one")));
    assert_eq!(revision.head.kind, Kind::Engagement);
    let third = save(&mut store, "three");
    assert_eq!(third.seq, 3);
    assert_eq!(store.verify_all().unwrap().revisions, 5, "two chain_opened and three entries");
}

#[test]
fn entries_are_found_before_and_after_they_are_indexed() {
    let bench = Bench::new();
    let mut store = bench.create();
    let written = save(&mut store, "Broken lamp by the river");
    for indexed in [false, true] {
        if indexed {
            store.catch_up_index().unwrap();
        }
        assert_eq!(store.revisions_of_entry(written.entry_id).unwrap().len(), 1);
        assert_eq!(store.search("lamp", 10).unwrap(), [written.rid], "indexed: {indexed}");
        assert_eq!(store.search("RIVER brok", 10).unwrap(), [written.rid]);
        assert_eq!(store.search("harbour", 10).unwrap(), [] as [i64; 0]);
        assert_eq!(store.search("\" OR 1 --", 10).unwrap(), [] as [i64; 0]);
        assert_eq!(store.revisions_of_kinds(&[Kind::Engagement], Millis(0), 5).unwrap().len(), 1);
    }
}

#[test]
fn a_full_disk_is_a_plain_error_that_loses_nothing_and_goes_on_when_there_is_room() {
    let bench = Bench::new();
    let mut store = bench.create();
    let kept = save(&mut store, "before");
    let pages: i64 = store.connection().unwrap().pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    store.connection().unwrap().pragma_update(None, "max_page_count", pages).unwrap();
    let end = store.end(Chain::Record);
    let error = store.append(Chain::Record, &[engagement(&"x".repeat(60_000))]).unwrap_err();
    assert!(matches!(error, StoreError::DiskFull), "{error:?}");
    assert!(error.to_string().contains("Free some space"));
    assert_eq!(store.end(Chain::Record), end, "no sequence number is used up");
    assert_eq!(store.outbox().pill().waiting, 1);
    store.connection().unwrap().pragma_update(None, "max_page_count", 1_000_000).unwrap();
    let after = store.append(Chain::Record, &[engagement(&"x".repeat(60_000))]).unwrap();
    assert_eq!(after[0].seq, kept.seq + 1);
    store.verify_all().unwrap();
}

#[test]
fn several_revisions_are_one_commit_or_none() {
    let bench = Bench::new();
    let mut store = bench.create();
    let too_large = engagement(&"x".repeat(200_000));
    assert!(matches!(
        store.append(Chain::Record, &[engagement("first of two"), too_large]),
        Err(StoreError::Content(_))
    ));
    assert_eq!(store.end(Chain::Record).next_seq, 1);
    let both = store.append(Chain::Record, &[engagement("a"), engagement("b")]).unwrap();
    assert_eq!((both[0].seq, both[1].seq), (1, 2));
}

#[test]
fn after_a_failed_commit_the_end_is_read_again() {
    let bench = Bench::new();
    let mut store = bench.create();
    save(&mut store, "one");
    // As after an error at COMMIT: the connection is gone and memory is not to be believed.
    store.ends = [End { next_seq: 99, link: Link([9; 32]) }; 2];
    store.connection = None;
    let written = save(&mut store, "two");
    assert_eq!(written.seq, 2);
    store.verify_all().unwrap();
}

#[test]
fn tampering_with_one_byte_one_column_or_one_order_is_found() {
    let tamper = |sql: &str| -> StoreError {
        let bench = Bench::new();
        let mut store = bench.create();
        save(&mut store, "one");
        save(&mut store, "two");
        save(&mut store, "three");
        store.verify_all().unwrap();
        drop(store);
        bench.beside().execute_batch(sql).unwrap();
        bench.open().and_then(|mut store| store.verify_all()).expect_err(sql)
    };
    let broken = |sql: &str| match tamper(sql) {
        StoreError::Seal(broken) => broken,
        other => panic!("{sql}: {other}"),
    };
    let body = "UPDATE revision SET body = CAST(replace(CAST(body AS TEXT), 'two', 'owt') AS BLOB) WHERE seq = 2";
    assert_eq!(broken(body), Broken::Body { seq: 2 });
    let head = "UPDATE revision SET head = CAST(replace(CAST(head AS TEXT), '\"live\"', '\"dictated\"') AS BLOB) WHERE seq = 2";
    assert_eq!(broken(head), Broken::Link { seq: 2 });
    assert_eq!(broken("UPDATE revision SET salt = zeroblob(32) WHERE seq = 1 AND kind = 'engagement'"), Broken::Body { seq: 1 });
    assert_eq!(broken("UPDATE revision SET body = NULL, salt = NULL WHERE seq = 2"), Broken::Missing { seq: 2 });
    assert_eq!(broken("UPDATE revision SET body = NULL WHERE seq = 2"), Broken::HalfErased { seq: 2 });
    let order = "UPDATE revision SET seq = 90 WHERE seq = 2; UPDATE revision SET seq = 2 WHERE seq = 3;
                 UPDATE revision SET seq = 3 WHERE seq = 90;";
    assert!(matches!(broken(order), Broken::Link { .. } | Broken::Column { .. }));
    assert!(matches!(broken("PRAGMA foreign_keys = 0; DELETE FROM revision WHERE seq = 2"), Broken::Gap { .. }));
    assert!(matches!(
        broken("UPDATE revision_index SET kind = 'handout' WHERE seq = 2"),
        Broken::Column { column: "revision_index", .. }
    ));
}

#[test]
fn an_erased_body_still_verifies_under_its_erasure() {
    let bench = Bench::new();
    let mut store = bench.create();
    let gone = save(&mut store, "to be erased");
    save(&mut store, "stays");
    let erasure = Body::Erasure(Erasure {
        links: vec![gone.link],
        authority: "records manager".into(),
        class: Code::new("RC_ENGAGEMENT"),
        hold_checked_at: NIGHT,
    });
    store.append(Chain::Record, &[NewRevision::first(new_entry_id(NIGHT), Kind::Erasure, NIGHT, erasure)]).unwrap();
    drop(store);
    bench.beside().execute("UPDATE revision SET body = NULL, salt = NULL WHERE rid = ?1", [gone.rid]).unwrap();
    let verified = bench.open().unwrap().verify_all().unwrap();
    assert_eq!(verified.erased, 1);
}

#[test]
fn only_a_signed_receipt_for_this_device_makes_received() {
    let bench = Bench::new();
    let mut store = bench.create();
    let written = save(&mut store, "one");
    let good = bench.signed(vec![receipt(&written, 1)]);
    let new = |signed: SignedReceipts| ApplyReceipts::new(Some(signed), Vec::new(), Vec::new(), &bench.identity());
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
    assert_eq!((row.state, row.central_pos, row.received_at), (State::Received, Some(41), Some(NIGHT.plus(1_000))));
    let kept: String =
        store.connection().unwrap().query_row("SELECT list FROM receipt_list", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, bench.signed(vec![receipt(&written, 41)]).list, "kept verbatim");
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
    apply(&mut store, &bench, vec![Receipt { problems: vec![problem.clone()], ..receipt(&written, 1) }], Vec::new());
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
    let opened = store.chain_from(bench.identity().record_chain, 0, 1).unwrap().remove(0);
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
    store.outbox_mut().set_state(&[written.rid], State::Sending);
    assert_eq!(store.outbox().pill().sending, 1);
    drop(store);
    let store = bench.open().unwrap();
    assert_eq!(store.outbox().items().find(|item| item.rid == written.rid).unwrap().state, State::Waiting);
}

#[test]
fn a_draft_is_kept_as_typed_and_gone_once_its_entry_is_saved_even_if_dropping_it_was_cut_off() {
    let bench = Bench::new();
    let mut store = bench.create();
    let revision = engagement("typed");
    let draft = Draft {
        entry_id: revision.entry_id,
        form: DraftForm::Engagement(EngagementDraft { note: "half a sen".into(), people: 7, ..Default::default() }),
        opened_at: NIGHT,
        kept_at: NIGHT,
        occurred_at: NIGHT,
        base_rid: store.newest_rid().unwrap(),
    };
    store.keep_draft(&draft).unwrap();
    drop(store);
    let mut store = bench.open().unwrap();
    assert_eq!(store.drafts().unwrap(), [draft.clone()]);
    store.append(Chain::Record, &[revision]).unwrap();
    assert_eq!(store.drafts().unwrap(), [], "overtaken by its entry");
    assert_eq!(store.draft(draft.entry_id).unwrap(), None);
}

fn feed(n: u64, note: &str, author: u128) -> FeedRevision {
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
    let sealed = seal(
        chain_id,
        n,
        &before,
        &Seed([3; 32]),
        head.to_string().into_bytes(),
        body,
    );
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

fn pull(store: &mut Store, scope: Scope, items: Vec<FeedItem>) -> pull::Pulled {
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
    assert_eq!(store.search("third", 10).unwrap().len(), 1);
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
    assert_eq!(store.search("team", 10).unwrap(), [] as [i64; 0]);
    assert!(store.cursors().unwrap().is_empty());
}

#[test]
fn the_log_is_written_together_and_before_closing() {
    let bench = Bench::new();
    let mut store = bench.create();
    for kind in [Kind::Unlocked, Kind::Viewed, Kind::Viewed] {
        store.log_soon(NewRevision::log(kind, NIGHT, Default::default()));
    }
    assert_eq!(store.end(Chain::Log).next_seq, 1);
    owner::Owned::close(&mut store);
    drop(store);
    let store = bench.open().unwrap();
    assert_eq!(store.end(Chain::Log).next_seq, 4);
    assert_eq!(store.outbox().pill().waiting, 0, "the log is not counted");
}

#[test]
fn a_manifest_is_kept_verbatim_and_checked() {
    let bench = Bench::new();
    let mut store = bench.create();
    let written = save(&mut store, "one");
    let opened = store.chain_from(bench.identity().record_chain, 0, 1).unwrap().remove(0);
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
    bench.beside().execute("UPDATE manifest SET manifest = replace(manifest, '\"last\":1', '\"last\":2')", []).unwrap();
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
