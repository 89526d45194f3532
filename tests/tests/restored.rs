//! Older states come back: central from a backup of an hour ago, a phone from a copy of itself, a phone that was lost and
//! found. Nothing is lost,
//! nothing is there twice, and nobody has to do anything.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use beatbook_central::storage::{self, Revocation, Storage};
use beatbook_central::{demo, server, verify};
use beatbook_device::clock::{Clock, SystemClock};
use beatbook_device::{Device, Handle};
use beatbook_domain::id::{EntryId, Link};
use beatbook_protocol::ipc::*;
use beatbook_tests::engine::{engagement, phone};

const PASSPHRASE: &str = "a long passphrase of 1482";

async fn opened(folder: &Path) -> Device {
    let device = phone(folder);
    device.handle(Unlock { collar: "1482".into(), secret: PASSPHRASE.into() }).await.unwrap();
    device
}

/// Waits until nothing is left to send, and the phone has heard so.
async fn all_received(device: &Device, total: u32) -> TodayView {
    let mut last = None;
    for _ in 0..200 {
        device.handle(SendNow {}).await.unwrap();
        let today = device.handle(GetToday {}).await.unwrap();
        if today.pill.waiting == 0 && today.pill.total == total {
            return today;
        }
        last = Some(today.pill);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("never all received: {last:?}")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(file.file_name());
        if file.file_type().unwrap().is_dir() {
            copy(&file.path(), &target);
        } else {
            std::fs::copy(file.path(), target).unwrap();
        }
    }
}

/// Every engagement at central, and how many links stand for it.
async fn entries(storage: &dyn Storage) -> (BTreeSet<EntryId>, usize) {
    let (mut entries, mut links) = (BTreeSet::new(), BTreeSet::<Link>::new());
    for chain in storage.chains().await.unwrap() {
        for row in storage.revisions(chain.chain, None, 1_000).await.unwrap() {
            if row.columns.kind == "engagement" {
                entries.insert(row.columns.entry);
                links.insert(row.row.link);
            }
        }
    }
    (entries, links.len())
}

async fn assert_whole(storage: &dyn Storage) {
    assert_eq!(verify::verify(storage).await.unwrap().findings, vec![]);
    let (counter, rows, positions) = storage.ledger_figures().await.unwrap();
    assert_eq!((counter, rows), (rows, positions), "positions without a gap");
}

/// A central over a file, and an officer's phone enrolled at it.
async fn begin(folder: &Path) -> (Arc<dyn Storage>, server::Running, Device) {
    let storage = storage::open(folder.join("central.sqlite").to_str().unwrap()).await.unwrap();
    let (root, recovery) = (folder.join("root.key"), folder.join("recovery.key"));
    let made = demo::seed(storage.as_ref(), &root, &recovery, SystemClock::new().now()).await.unwrap();
    let code = made.accounts.iter().find(|account| account.collar == "1482").unwrap().code.clone();
    let running = server::start(Arc::clone(&storage), "127.0.0.1:0".parse().unwrap()).await.unwrap();
    let device = phone(&folder.join("phone"));
    let server = format!("http://{}", running.address);
    device.handle(Enrol { server, code, secret: PASSPHRASE.into() }).await.unwrap();
    device.handle(Unlock { collar: "1482".into(), secret: PASSPHRASE.into() }).await.unwrap();
    (storage, running, device)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_central_put_back_by_hand_is_given_again_what_it_lost() {
    let folder = tempfile::tempdir().unwrap();
    let (storage, running, device) = begin(folder.path()).await;
    let address = running.address;
    let mut written = BTreeSet::new();
    for n in 1..=3 {
        written.insert(engagement(&device, n).await);
    }
    all_received(&device, 3).await;
    running.stop().await.unwrap();
    drop(storage);
    copy(folder.path(), &folder.path().with_extension("backup"));
    let backup = folder.path().with_extension("backup");

    let storage = storage::open(folder.path().join("central.sqlite").to_str().unwrap()).await.unwrap();
    let running = server::start(Arc::clone(&storage), address).await.unwrap();
    for n in 4..=7 {
        written.insert(engagement(&device, n).await);
    }
    all_received(&device, 7).await;
    running.stop().await.unwrap();
    drop(storage);

    let storage = storage::open(backup.join("central.sqlite").to_str().unwrap()).await.unwrap();
    assert_eq!(entries(storage.as_ref()).await.0.len(), 3, "an older state");
    let running = server::start(Arc::clone(&storage), address).await.unwrap();
    written.insert(engagement(&device, 8).await);
    let today = all_received(&device, 8).await;
    assert!(today.notices.iter().any(|notice| notice.contains("restored")), "{:?}", today.notices);
    let (entries, links) = entries(storage.as_ref()).await;
    assert_eq!((entries, links), (written, 8));
    assert_whole(storage.as_ref()).await;
    device.seal().await;
    running.stop().await.unwrap();
    std::fs::remove_dir_all(backup).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_put_back_to_an_older_state_writes_on_and_gets_back_what_it_had_written() {
    let folder = tempfile::tempdir().unwrap();
    let (storage, running, device) = begin(folder.path()).await;
    let mut written = BTreeSet::from([engagement(&device, 1).await]);
    all_received(&device, 1).await;
    device.seal().await;
    drop(device);
    copy(&folder.path().join("phone"), &folder.path().join("copy"));

    let device = opened(&folder.path().join("phone")).await;
    for n in 2..=4 {
        written.insert(engagement(&device, n).await);
    }
    all_received(&device, 4).await;
    device.seal().await;
    drop(device);

    // The copy knows one entry, writes two more at places that are taken, and is told so with the first answer.
    let device = opened(&folder.path().join("copy")).await;
    for n in 5..=6 {
        written.insert(engagement(&device, n).await);
    }
    let today = all_received(&device, 6).await;
    assert!(today.notices.iter().any(|notice| notice.contains("older state")), "{:?}", today.notices);
    written.insert(engagement(&device, 7).await);
    all_received(&device, 7).await;
    let found = device.handle(FindEntries { limit: 50, ..FindEntries::default() }).await.unwrap();
    let here: BTreeSet<EntryId> = found.rows.iter().map(|row| row.entry_id).collect();
    assert!(written.iter().all(|entry| here.contains(entry)), "everything is on the phone again");

    let (at_central, links) = entries(storage.as_ref()).await;
    assert_eq!((at_central, links), (written, 7));
    assert_whole(storage.as_ref()).await;
    let record_chains = storage.chains().await.unwrap();
    assert!(record_chains.len() >= 4, "chains that go on from others");
    device.seal().await;
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_central_was_told_of_after_its_backup_is_told_again() {
    let folder = tempfile::tempdir().unwrap();
    let (storage, running, device) = begin(folder.path()).await;
    let address = running.address;
    let mut written = BTreeSet::from([engagement(&device, 1).await]);
    all_received(&device, 1).await;
    device.seal().await;
    drop(device);
    copy(&folder.path().join("phone"), &folder.path().join("copy"));
    let device = opened(&folder.path().join("phone")).await;
    written.insert(engagement(&device, 2).await);
    all_received(&device, 2).await;
    device.seal().await;
    drop(device);
    running.stop().await.unwrap();
    drop(storage);
    let backup = folder.path().with_extension("backup");
    copy(folder.path(), &backup);

    let storage = storage::open(folder.path().join("central.sqlite").to_str().unwrap()).await.unwrap();
    let running = server::start(Arc::clone(&storage), address).await.unwrap();
    let device = opened(&folder.path().join("copy")).await;
    all_received(&device, 2).await;
    for n in 3..=4 {
        written.insert(engagement(&device, n).await);
    }
    all_received(&device, 4).await;
    running.stop().await.unwrap();

    // The backup knows nothing of the chain in which the last two were received.
    let storage = storage::open(backup.join("central.sqlite").to_str().unwrap()).await.unwrap();
    let running = server::start(Arc::clone(&storage), address).await.unwrap();
    written.insert(engagement(&device, 5).await);
    let today = all_received(&device, 5).await;
    assert_eq!(today.pill.needs_you, 0, "nothing is set aside for what central was not told");
    let (at_central, links) = entries(storage.as_ref()).await;
    assert_eq!((at_central, links), (written, 5));
    assert_whole(storage.as_ref()).await;
    device.seal().await;
    running.stop().await.unwrap();
    std::fs::remove_dir_all(backup).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_out_of_service_says_so_and_still_brings_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let (storage, running, device) = begin(folder.path()).await;
    engagement(&device, 1).await;
    all_received(&device, 1).await;
    let lost = storage.devices().await.unwrap()[0].device;
    let at = SystemClock::new().now();
    let revocation = Revocation { device: lost, at, by: "PS 0311".into(), why: "left in a taxi".into() };
    assert!(storage.revoke(revocation).await.unwrap());
    engagement(&device, 2).await;
    let today = all_received(&device, 2).await;
    let says = |today: &TodayView| today.notices.iter().any(|notice| notice.contains("out of service"));
    assert!(says(&today), "{:?}", today.notices);
    assert_eq!(storage.withheld(lost, None, 10).await.unwrap().len(), 1);

    assert!(storage.reinstate(lost, at, "PS 0311".into()).await.unwrap());
    engagement(&device, 3).await;
    let today = all_received(&device, 3).await;
    assert!(!says(&today), "{:?}", today.notices);
    assert_eq!(
        storage.withheld(lost, None, 10).await.unwrap().len(),
        1,
        "that one still waits for its decision"
    );
    assert_whole(storage.as_ref()).await;
    device.seal().await;
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_central_knows_a_phone_of_after_the_backup_by_its_own_word() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let storage = storage::open(file("central.sqlite").to_str().unwrap()).await.unwrap();
    let now = || SystemClock::new().now();
    let made = demo::seed(storage.as_ref(), &file("root.key"), &file("recovery.key"), now()).await.unwrap();
    beatbook_central::backup::write(storage.as_ref(), &file("early.backup"), now()).await.unwrap();
    let running = server::start(Arc::clone(&storage), "127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = running.address;
    let code = made.accounts.iter().find(|account| account.collar == "1482").unwrap().code.clone();
    let device = phone(&file("phone"));
    let server_url = format!("http://{address}");
    device.handle(Enrol { server: server_url, code, secret: PASSPHRASE.into() }).await.unwrap();
    device.handle(Unlock { collar: "1482".into(), secret: PASSPHRASE.into() }).await.unwrap();
    let mut written = BTreeSet::from([engagement(&device, 1).await]);
    all_received(&device, 1).await;
    running.stop().await.unwrap();
    drop(storage);

    let storage = storage::open(file("restored.sqlite").to_str().unwrap()).await.unwrap();
    beatbook_central::backup::restore(
        storage.as_ref(),
        &file("early.backup"),
        beatbook_central::backup::KeySource::Recovery(&file("recovery.key")),
        now(),
    )
    .await
    .unwrap();
    assert!(storage.devices().await.unwrap().is_empty(), "the backup knows no phone");
    let running = server::start(Arc::clone(&storage), address).await.unwrap();
    written.insert(engagement(&device, 2).await);
    let today = all_received(&device, 2).await;
    assert_eq!(today.pill.needs_you, 0);
    let (at_central, links) = entries(storage.as_ref()).await;
    assert_eq!((at_central, links), (written, 2), "nothing lost, nothing twice");
    assert_whole(storage.as_ref()).await;

    assert_eq!(storage.devices().await.unwrap().len(), 1, "known again, once");
    device.seal().await;
    running.stop().await.unwrap();
}
