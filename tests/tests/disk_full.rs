//! Full disks on both sides, on real small file systems: plain words, nothing lost, and it goes on when there is space.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use beatbook_central::storage::{self, Storage};
use beatbook_central::{demo, server, verify};
use beatbook_device::clock::{Clock, SystemClock};
use beatbook_device::{Device, Handle};
use beatbook_domain::entry::DraftForm;
use beatbook_domain::id::{Code, EntryId};
use beatbook_protocol::ipc::*;
use beatbook_tests::engine::phone;

const PASSPHRASE: &str = "a long passphrase of 1482";

/// A file system of its own, some megabytes large.
struct Small {
    folder: PathBuf,
}

impl Small {
    /// None where this user may not mount one; then it says so aloud.
    fn mount(folder: PathBuf, kilobytes: u32) -> Option<Self> {
        std::fs::create_dir_all(&folder).unwrap();
        let size = format!("size={kilobytes}k");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&folder).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self { folder });
        }
        std::io::stderr().write_all(b"\nNOT RUN: disk_full (a tmpfs cannot be mounted here)\n").unwrap();
        None
    }

    /// Fills it to the last byte.
    fn fill(&self) {
        let mut ballast = std::fs::File::create(self.folder.join("ballast")).unwrap();
        while ballast.write_all(&[0; 4096]).is_ok() {}
        while ballast.write_all(&[0]).is_ok() {}
    }

    fn empty(&self) {
        std::fs::remove_file(self.folder.join("ballast")).unwrap();
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.folder).output();
    }
}

async fn central(folder: &Path, database: &Path) -> (Arc<dyn Storage>, server::Running, String) {
    let storage = storage::open(database.to_str().unwrap()).await.unwrap();
    let (root, recovery) = (folder.join("root.key"), folder.join("recovery.key"));
    let made = demo::seed(storage.as_ref(), &root, &recovery, SystemClock::new().now()).await.unwrap();
    let code = made.accounts.iter().find(|account| account.collar == "1482").unwrap().code.clone();
    let running = server::start(Arc::clone(&storage), "127.0.0.1:0".parse().unwrap()).await.unwrap();
    (storage, running, code)
}

async fn enrolled(data: &Path, running: &server::Running, code: String) -> Device {
    let device = phone(data);
    let server = format!("http://{}", running.address);
    device.handle(Enrol { server, code, secret: PASSPHRASE.into() }).await.unwrap();
    device.handle(Unlock { collar: "1482".into(), secret: PASSPHRASE.into() }).await.unwrap();
    device
}

async fn save(device: &Device, letters: usize) -> Result<EntryId, AppError> {
    let draft = device.handle(OpenDraft::NewEngagement).await?;
    let DraftForm::Engagement(mut form) = draft.form else { panic!("an engagement opens as one") };
    form.engagement_type = Some(Code::new("E_CHAT"));
    form.people = 1;
    form.note = "word ".repeat(letters / 5);
    let form = DraftForm::Engagement(form);
    device.handle(SaveDraft { entry_id: draft.entry_id, form, told: draft.told }).await?;
    Ok(draft.entry_id)
}

async fn received(device: &Device) {
    let mut last = None;
    for _ in 0..600 {
        device.handle(SendNow {}).await.unwrap();
        let now = device.handle(GetOutbox { received_limit: 500 }).await.unwrap();
        if now.pill.waiting == 0 {
            return;
        }
        last = now.last_try;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never all received: {last:?}")
}

async fn has(storage: &dyn Storage, entry: EntryId) -> usize {
    let mut count = 0;
    for chain in storage.chains().await.unwrap() {
        let rows = storage.revisions(chain.chain, None, 2_000).await.unwrap();
        count += rows.iter().filter(|row| row.columns.entry == entry).count();
    }
    count
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_phone_says_so_keeps_what_it_has_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let Some(small) = Small::mount(folder.path().join("phone"), 24 * 1024) else { return };
    let (storage, running, code) = central(folder.path(), &folder.path().join("central.sqlite")).await;
    let device = enrolled(&small.folder, &running, code).await;
    let mut saved = vec![save(&device, 100).await.unwrap()];
    small.fill();
    let mut refused = None;
    for _ in 0..200 {
        match save(&device, 1_900).await {
            Ok(entry) => saved.push(entry),
            Err(error) => {
                refused = Some(error);
                break;
            }
        }
    }
    let error = refused.expect("the disk is full");
    assert_eq!(error.code, ErrorCode::StorageFull, "{error}");
    assert!(error.message.contains("What you saved before is safe"), "{error}");
    // What was saved is there and can be read, the newest too: the index has no room to grow.
    for entry in &saved {
        device.handle(GetEntry { entry_id: *entry }).await.expect("an entry that is there can be read");
    }
    device.handle(GetToday {}).await.expect("so can the day");
    // Locking with a full disk lays out no spool and loses nothing.
    device.handle(Lock { seal: true }).await.unwrap();
    small.empty();
    device.handle(Unlock { collar: "1482".into(), secret: PASSPHRASE.into() }).await.unwrap();
    saved.push(save(&device, 1_900).await.unwrap());
    received(&device).await;
    for entry in saved {
        assert_eq!(has(storage.as_ref(), entry).await, 1);
    }
    assert_eq!(verify::verify(storage.as_ref()).await.unwrap().findings, vec![]);
    device.seal().await;
    drop(device);
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_server_takes_nothing_loses_nothing_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let Some(small) = Small::mount(folder.path().join("central"), 24 * 1024) else { return };
    let (storage, running, code) = central(folder.path(), &small.folder.join("central.sqlite")).await;
    let device = enrolled(&folder.path().join("phone"), &running, code).await;
    let mut saved = vec![save(&device, 100).await.unwrap()];
    received(&device).await;
    small.fill();
    for _ in 0..40 {
        saved.push(save(&device, 1_900).await.unwrap());
    }
    let mut words = String::new();
    for _ in 0..100 {
        let said = device.handle(SendNow {}).await.unwrap();
        words = said.words;
        if words.contains("busy") && said.pill.waiting > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(words.contains("busy") && words.contains("safe on the phone"), "{words}");
    let view = device.handle(GetOutbox { received_limit: 500 }).await.unwrap();
    for row in &view.received {
        assert_eq!(has(storage.as_ref(), row.entry_id).await, 1, "received is never a lie");
    }
    small.empty();
    received(&device).await;
    for entry in saved {
        assert_eq!(has(storage.as_ref(), entry).await, 1);
    }
    assert_eq!(verify::verify(storage.as_ref()).await.unwrap().findings, vec![]);
    device.seal().await;
    running.stop().await.unwrap();
    drop(storage);
}
