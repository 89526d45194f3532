//! Backups: taken while central serves, put back into either database, all of it or nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use beatbook_central::backup::{self, BackupError, KeySource};
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
    the_servers_keys_are_sealed_in_a_backup,
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
        let contents = world.restore(restored.as_ref(), &file).await.unwrap();
        assert_eq!(contents, written);
        let report = beatbook_central::verify::verify(restored.as_ref()).await.unwrap();
        assert_eq!(report.findings, vec![], "{kind}");
        assert!(report.revisions >= 4);
        // Once more out of there: the same rows, but for what a restore changes.
        let second = target.path("second.backup");
        backup::write(restored.as_ref(), &second, clock::now()).await.unwrap();
        let copy = Database::sqlite();
        let copied = storage::open(&copy.address).await.unwrap();
        world.restore(copied.as_ref(), &second).await.unwrap();
        let (mut one, mut other) = (rows(&restored).await, rows(&copied).await);
        for changed in ["force", "past_epoch"] {
            assert_ne!(one.remove(changed), other.remove(changed), "{changed}");
        }
        assert_eq!(one, other, "{kind}");
        assert_ne!(
            restored.force().await.unwrap().unwrap().epoch,
            world.storage.force().await.unwrap().unwrap().epoch
        );
        let twice = world.restore(restored.as_ref(), &file).await;
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
    world.restore(restored.as_ref(), &file).await.unwrap();
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
        repacked(&file, "newer", |plain| plain.replacen("beatbook-backup/2", "beatbook-backup/3", 1)),
        repacked(&file, "table", |plain| plain.replace("\"receipt_list\"", "\"list_of_receipts\"")),
        repacked(&file, "more", |plain| plain + "[]\n"),
        world.database.path("is-not-there"),
    ];
    let Some(target) = emptied(kind, "broken backups").await else { return };
    let storage = storage::open(&target.address).await.unwrap();
    for file in files {
        let told = world.restore(storage.as_ref(), &file).await;
        let Err(BackupError::NotWhole { .. } | BackupError::File { .. }) = told else {
            panic!("{file:?}: {told:?}")
        };
        assert!(storage.force().await.unwrap().is_none(), "{file:?}");
        assert!(storage.chains().await.unwrap().is_empty(), "{file:?}");
    }
    world.restore(storage.as_ref(), &file).await.unwrap();
}

/// A needle in the ways in which a file may hold it.
fn ways(secret: &[u8]) -> Vec<Vec<u8>> {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
    let hex = hex::encode(secret);
    let base64 = STANDARD_NO_PAD.encode(secret);
    // The last letter depends on what follows the secret.
    let inner = base64.as_bytes()[..base64.len() - 1].to_vec();
    vec![
        secret.to_vec(),
        hex.as_bytes().to_vec(),
        hex.to_uppercase().into_bytes(),
        STANDARD.encode(secret).into_bytes(),
        inner,
    ]
}

async fn the_servers_keys_are_sealed_in_a_backup(database: Database) {
    let kind = if database.is_postgres() { "postgres" } else { "sqlite" };
    let world = World::new(database).await;
    let mut phone = world.phone("1482").await;
    phone.engagement("one");
    let told = phone.sync(vec![phone.batch(0)]).await;
    let file = world.database.path("central.backup");
    backup::write(world.storage.as_ref(), &file, clock::now()).await.unwrap();
    let row = world.storage.force().await.unwrap().unwrap();
    let plain = zstd::decode_all(std::fs::read(&file).unwrap().as_slice()).unwrap();
    for secret in [row.receipt_secret, row.sealing_secret] {
        for way in ways(&secret) {
            assert!(!plain.windows(way.len()).any(|part| part == way), "a key of the server in the clear");
        }
    }

    let Some(target) = emptied(kind, "sealed keys").await else { return };
    let storage = storage::open(&target.address).await.unwrap();
    let restore = |keys| backup::restore(storage.as_ref(), &file, keys, clock::now());
    let none = restore(KeySource::None).await.unwrap_err();
    assert!(matches!(none, BackupError::KeyMissing { .. }), "{none}");
    let recovery = phone.bundle.as_ref().unwrap().keys.recovery_key.to_string();
    let words = none.to_string();
    assert!(words.contains("--recovery-key FILE") && words.contains(&recovery), "{words}");
    let other = World::new(Database::sqlite()).await;
    let (theirs, root) = (other.database.path("recovery.key"), world.database.path("root.key"));
    let source = world.database.path("recovery.key");
    let wrong = restore(KeySource::Recovery(&theirs)).await.unwrap_err();
    assert!(matches!(wrong, BackupError::OtherKey { .. }), "{wrong}");
    assert!(wrong.to_string().contains(&recovery), "it says which one is wanted: {wrong}");
    let root = restore(KeySource::Recovery(&root)).await.unwrap_err();
    assert!(root.to_string().contains("is not a recovery key file"), "{root}");
    // Keys of another force, sealed to this one's recovery key or not, are not taken for this force's.
    let foreign = repacked(&file, "foreign", |plain| {
        let (header, rest) = plain.split_once('\n').unwrap();
        let mut header: serde_json::Value = serde_json::from_str(header).unwrap();
        header["keys"]["sealed"] = header["keys"]["encapsulated"].clone();
        format!("{header}\n{rest}")
    });
    let told_of =
        backup::restore(storage.as_ref(), &foreign, KeySource::Recovery(&source), clock::now()).await;
    assert!(matches!(told_of, Err(BackupError::NotWhole { .. })), "{told_of:?}");
    assert!(storage.force().await.unwrap().is_none(), "nothing was restored");

    // With the key: the same keys, and a phone goes on where it was.
    restore(KeySource::Recovery(&source)).await.unwrap();
    let again = storage.force().await.unwrap().unwrap();
    assert_eq!((again.receipt_secret, again.sealing_secret), (row.receipt_secret, row.sealing_secret));
    let running = server::start(Arc::clone(&storage), "127.0.0.1:0".parse().unwrap()).await.unwrap();
    let mut phone = Phone { url: running.url(), ..phone };
    let late = phone.engagement("after the restore");
    let receipts = phone.sync(vec![phone.batch(0)]).await;
    assert_ne!(receipts.epoch, told.epoch);
    assert!(
        phone.receipts(&receipts).iter().any(|receipt| receipt.link == late.link),
        "signed by the same key"
    );

    // A backup of before the keys were sealed asks for none.
    let clear = repacked(&file, "clear", |plain| {
        let (header, rest) = plain.split_once('\n').unwrap();
        let mut header: serde_json::Value = serde_json::from_str(header).unwrap();
        header["format"] = "beatbook-backup/1".into();
        header.as_object_mut().unwrap().remove("keys");
        let places = TABLES[0].columns.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let lines = rest.lines().map(|line| match serde_json::from_str::<Vec<serde_json::Value>>(line) {
            Ok(mut cells)
                if cells.len() == places.len()
                    && cells[3].as_str().is_some_and(|b| b.contains("receipt_key")) =>
            {
                cells[5] = hex::encode(row.receipt_secret).into();
                cells[6] = hex::encode(row.sealing_secret).into();
                serde_json::to_string(&cells).unwrap()
            }
            _ => line.to_owned(),
        });
        format!("{header}\n{}\n", lines.collect::<Vec<_>>().join("\n"))
    });
    let Some(target) = emptied(kind, "keys in the clear").await else { return };
    let storage = storage::open(&target.address).await.unwrap();
    backup::restore(storage.as_ref(), &clear, KeySource::None, clock::now()).await.unwrap();
    assert_eq!(storage.force().await.unwrap().unwrap().receipt_secret, row.receipt_secret);
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
