//! Secrecy, settings, damage, a second instance, migrations.

use std::fs;
use std::path::Path;

use beatbook_domain::entry::{DraftForm, EngagementDraft};

use super::super::drafts::Draft;
use super::super::open::InstanceGuard;
use super::*;

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
    let draft = Draft {
        entry_id: new_entry_id(NIGHT),
        form,
        opened_at: NIGHT,
        kept_at: NIGHT,
        told: beatbook_domain::entry::Circumstances::now(NIGHT),
        from_note: false,
        base_rid,
    };
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
    let level: i64 =
        store.connection().unwrap().pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();
    assert_eq!(level, 2);
}

#[test]
fn another_key_opens_nothing_and_the_file_is_kept() {
    let bench = Bench::new();
    drop(bench.create());
    let other = Location { key: DatabaseKey::random().unwrap(), ..bench.location.clone() };
    let before = fs::read(&bench.location.path).unwrap();
    let StoreError::Damaged { kept_at: Some(kept) } = Store::open(other, bench.clock.clone()).unwrap_err()
    else {
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
    let cases: [(&str, Vec<u8>); 4] = [
        ("one byte of page 1", bad),
        ("cut", good[..700].to_vec()),
        ("other", vec![b'x'; 9000]),
        ("empty", Vec::new()),
    ];
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
    let folder = std::path::PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap())
        .join("../migrations/device");
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
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
