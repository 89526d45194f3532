//! Backups: taken while central serves, put back into either database, all of it or nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use beatbook_central::backup::{self, BackupError};
use beatbook_central::storage::tables::TABLES;
use beatbook_central::storage::{self, Storage, StorageError};
use beatbook_central::{clock, server};
use beatbook_protocol::sync::SyncReply;

use crate::database::Database;
use crate::on_both;
use crate::phone::{Phone, revisions};
use crate::world::World;

on_both! {
    a_backup_taken_while_phones_send_is_one_moment_and_fits_either_database,
    phones_send_again_what_came_after_the_backup,
    what_is_no_whole_backup_restores_nothing,
    the_tables_are_the_schema,
}

/// Every row of every table, in an order that does not depend on the database.
async fn rows(storage: &Arc<dyn Storage>) -> BTreeMap<&'static str, Vec<String>> {
    let (sink, mut source) = tokio::sync::mpsc::channel(4);
    let from = Arc::clone(storage);
    let dumped = tokio::spawn(async move { from.dump(sink).await });
    let mut all: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    while let Some(batch) = source.recv().await {
        let rows = batch.rows.iter().map(|row| format!("{row:?}"));
        all.entry(TABLES[batch.table].name).or_default().extend(rows);
    }
    dumped.await.unwrap().unwrap();
    all.values_mut().for_each(|rows| rows.sort());
    all
}

async fn emptied(kind: &str, test: &str) -> Option<Database> {
    match kind {
        "sqlite" => Some(Database::sqlite()),
        _ => Database::postgres(test).await,
    }
}

async fn a_backup_taken_while_phones_send_is_one_moment_and_fits_either_database(database: Database) {
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    phone.engagement("before");
    phone.sync(vec![phone.batch(0)]).await;
    let mut busy = world.phone("0311").await;
    let sending = tokio::spawn(async move {
        for n in 0..40 {
            busy.engagement(&format!("while it is taken {n}"));
            busy.sync(vec![busy.batch(0)]).await;
        }
    });
    tokio::time::sleep(std::time::Duration::from_millis(40)).await;
    let file = world.database.path("central.backup");
    let written = backup::write(world.storage.as_ref(), &file, clock::now()).await.unwrap();
    sending.await.unwrap();
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions()) & 0o777,
        0o600
    );
    let again = backup::write(world.storage.as_ref(), &file, clock::now()).await;
    assert!(matches!(again, Err(BackupError::File { .. })), "one that is there stays");
    let left: Vec<_> =
        std::fs::read_dir(world.database.folder.path()).unwrap().filter_map(Result::ok).collect();
    assert!(left.iter().all(|file| !file.file_name().to_string_lossy().contains("partial")), "{left:?}");

    for kind in ["sqlite", "postgres"] {
        let Some(target) = emptied(kind, "restored on the other database").await else { continue };
        let restored = storage::open(&target.address).await.unwrap();
        let contents = backup::restore(restored.as_ref(), &file, clock::now()).await.unwrap();
        assert_eq!(contents, written);
        let report = beatbook_central::verify::verify(restored.as_ref()).await.unwrap();
        assert_eq!(report.findings, vec![], "{kind}");
        assert!(report.revisions >= 4);
        // Once more out of there: the same rows, but for what a restore changes.
        let second = target.path("second.backup");
        backup::write(restored.as_ref(), &second, clock::now()).await.unwrap();
        let copy = Database::sqlite();
        let copied = storage::open(&copy.address).await.unwrap();
        backup::restore(copied.as_ref(), &second, clock::now()).await.unwrap();
        let (mut one, mut other) = (rows(&restored).await, rows(&copied).await);
        for changed in ["force", "past_epoch"] {
            assert_ne!(one.remove(changed), other.remove(changed), "{changed}");
        }
        assert_eq!(one, other, "{kind}");
        assert_ne!(
            restored.force().await.unwrap().unwrap().epoch,
            world.storage.force().await.unwrap().unwrap().epoch
        );
        let twice = backup::restore(restored.as_ref(), &file, clock::now()).await;
        assert!(
            matches!(twice, Err(BackupError::Storage(StorageError::ForceExists))),
            "only into an empty one"
        );
    }
}

async fn phones_send_again_what_came_after_the_backup(database: Database) {
    let kind = if database.is_postgres() { "postgres" } else { "sqlite" };
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    let early = phone.engagement("before the backup");
    phone.sync(vec![phone.batch(0)]).await;
    let file = world.database.path("central.backup");
    backup::write(world.storage.as_ref(), &file, clock::now()).await.unwrap();
    let late = phone.engagement("after it");
    let before: SyncReply = phone.sync(vec![phone.batch(0)]).await;
    let Some(target) = emptied(kind, "phones after a restore").await else { return };
    let restored = storage::open(&target.address).await.unwrap();
    backup::restore(restored.as_ref(), &file, clock::now()).await.unwrap();
    let running = server::start(Arc::clone(&restored), "127.0.0.1:0".parse().unwrap()).await.unwrap();

    let mut phone = Phone { url: running.url(), ..phone };
    let told = phone.sync(vec![]).await;
    assert_ne!(told.epoch, before.epoch);
    let end = told.ends.iter().find(|end| end.chain_id == phone.record.id).unwrap();
    assert!(end.seq < Some(phone.record.revisions.len() as u64 - 1), "it says how far it goes");
    let receipts = phone.sync(vec![phone.batch(0)]).await;
    let receipts = phone.receipts(&receipts);
    assert!(receipts.iter().any(|r| r.link == late.link) && receipts.iter().any(|r| r.link == early.link));
    let world = World { storage: restored, running, database: target };
    let sergeant = world.phone("0311").await;
    let told = Phone { cursors: Default::default(), ..sergeant }.sync(vec![]).await;
    let found = revisions(&told).into_iter().filter(|(_, revision)| revision.link == late.link).count();
    assert!(found > 0, "and a sergeant reads it");
    world.assert_whole().await;
}

/// Writes a file with one thing changed.
fn changed(file: &Path, name: &str, change: impl FnOnce(&mut Vec<u8>)) -> PathBuf {
    let mut bytes = std::fs::read(file).unwrap();
    change(&mut bytes);
    let path = file.with_file_name(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// The same, in what is packed.
fn repacked(file: &Path, name: &str, change: impl FnOnce(String) -> String) -> PathBuf {
    changed(file, name, |bytes| {
        let plain = String::from_utf8(zstd::decode_all(bytes.as_slice()).unwrap()).unwrap();
        *bytes = zstd::encode_all(change(plain).as_bytes(), 1).unwrap();
    })
}

async fn what_is_no_whole_backup_restores_nothing(database: Database) {
    let kind = if database.is_postgres() { "postgres" } else { "sqlite" };
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    phone.engagement("one");
    phone.sync(vec![phone.batch(0)]).await;
    let file = world.database.path("central.backup");
    backup::write(world.storage.as_ref(), &file, clock::now()).await.unwrap();
    let without_end = |plain: String| plain[..plain.trim_end().rfind('\n').unwrap() + 1].to_owned();
    let without_row = |plain: String| {
        let row = plain.lines().find(|line| line.starts_with('[')).unwrap().to_owned() + "\n";
        plain.replacen(&row, "", 1)
    };
    let files = [
        changed(&file, "cut", |bytes| bytes.truncate(bytes.len() / 2)),
        changed(&file, "flipped", |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        }),
        changed(&file, "text", |bytes| *bytes = b"not a backup".to_vec()),
        repacked(&file, "no-end", without_end),
        repacked(&file, "no-row", without_row),
        repacked(&file, "newer", |plain| plain.replacen("beatbook-backup/1", "beatbook-backup/2", 1)),
        repacked(&file, "table", |plain| plain.replace("\"receipt_list\"", "\"list_of_receipts\"")),
        repacked(&file, "more", |plain| plain + "[]\n"),
        world.database.path("is-not-there"),
    ];
    let Some(target) = emptied(kind, "broken backups").await else { return };
    let storage = storage::open(&target.address).await.unwrap();
    for file in files {
        let told = backup::restore(storage.as_ref(), &file, clock::now()).await;
        let Err(BackupError::NotWhole { .. } | BackupError::File { .. }) = told else {
            panic!("{file:?}: {told:?}")
        };
        assert!(storage.force().await.unwrap().is_none(), "{file:?}");
        assert!(storage.chains().await.unwrap().is_empty(), "{file:?}");
    }
    backup::restore(storage.as_ref(), &file, clock::now()).await.unwrap();
}

async fn the_tables_are_the_schema(database: Database) {
    storage::open(&database.address).await.unwrap();
    let mut here: Vec<(String, String)> = Vec::new();
    for table in TABLES {
        here.extend(table.columns.iter().map(|(column, _)| (table.name.to_owned(), (*column).to_owned())));
    }
    here.sort();
    assert_eq!(database.columns().await, here, "a table or column that no backup would hold");
}
