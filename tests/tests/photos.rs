//! Photos follow their words: through a link that is cut, a central that restarts or is put back, a phone that is locked;
//! and whoever reads the words fetches the photo, whole or not at all.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use beatbook_central::storage::{self, Storage};
use beatbook_central::{backup, demo, server, verify};
use beatbook_device::clock::{Clock, SystemClock};
use beatbook_device::{Device, Handle};
use beatbook_domain::id::Digest;
use beatbook_protocol::ipc::*;
use beatbook_tests::cutting::CuttingLink;
use beatbook_tests::engine::{engagement, phone, referral_with_photo};

const PASSPHRASE: &str = "a long passphrase of everybody";

struct Force {
    storage: Arc<dyn Storage>,
    running: server::Running,
    link: CuttingLink,
    codes: Vec<(String, String)>,
}

impl Force {
    async fn new(folder: &Path) -> Self {
        let storage = storage::open(folder.join("central.sqlite").to_str().unwrap()).await.unwrap();
        let (root, recovery) = (folder.join("root.key"), folder.join("recovery.key"));
        let made = demo::seed(storage.as_ref(), &root, &recovery, SystemClock::new().now()).await.unwrap();
        let codes = made.accounts.iter().map(|account| (account.collar.clone(), account.code.clone()));
        let codes = codes.collect();
        let running = server::start(Arc::clone(&storage), "127.0.0.1:0".parse().unwrap()).await.unwrap();
        let link = CuttingLink::to(running.address).await.unwrap();
        Self { storage, running, link, codes }
    }

    async fn phone(&self, folder: &Path, collar: &str) -> Device {
        let device = phone(folder);
        let code = self.codes.iter().find(|(known, _)| known == collar).unwrap().1.clone();
        let server = format!("http://{}", self.link.address);
        device.handle(Enrol { server, code, secret: PASSPHRASE.into() }).await.unwrap();
        unlock(&device, collar).await;
        device
    }

    async fn at_central(&self, photo: &PhotoView) -> Option<Vec<u8>> {
        let sha256: Digest = photo.attachment.sha256.parse().unwrap();
        let kept = self.storage.attachments(None, 100).await.unwrap();
        let kept = kept.into_iter().find(|kept| kept.sha256 == sha256)?;
        kept.standing.whole_at?;
        Some(self.storage.attachment_bytes(kept.officer, sha256, 0, u64::MAX).await.unwrap())
    }
}

async fn unlock(device: &Device, collar: &str) {
    device.handle(Unlock { collar: collar.into(), secret: PASSPHRASE.into() }).await.unwrap();
}

async fn outbox(device: &Device) -> OutboxView {
    device.handle(GetOutbox { received_limit: 50 }).await.unwrap()
}

fn bytes(photo: &PhotoView) -> Vec<u8> {
    STANDARD.decode(photo.base64.as_ref().unwrap()).unwrap()
}

/// Waits until the outbox is as wanted.
async fn until(device: &Device, what: &str, is_so: impl Fn(&OutboxView) -> bool) -> OutboxView {
    let mut last = None;
    for _ in 0..600 {
        let now = outbox(device).await;
        if is_so(&now) {
            return now;
        }
        last = Some((now.pill, now.last_try));
        device.handle(SendNow {}).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never {what}: {last:?}")
}

#[tokio::test(flavor = "multi_thread")]
async fn words_go_first_and_a_photo_arrives_whole_over_a_link_that_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let force = Force::new(folder.path()).await;
    let device = force.phone(&folder.path().join("phone"), "1482").await;
    until(&device, "quiet", |view| view.last_try.is_some()).await;
    // Each connection survives some 24 kB: a photo of ten times that must go in parts.
    force.link.cut.store(24_000, Ordering::SeqCst);
    let (entry, photo) = referral_with_photo(&device, 480, 1).await;
    let photo_bytes = bytes(&photo);
    assert!(photo_bytes.len() > 150_000, "{}", photo_bytes.len());
    let halfway = until(&device, "on its way", |view| {
        view.photos.iter().any(|photo| photo.words_received && photo.percent > 10)
    })
    .await;
    let row = halfway.waiting.iter().chain(&halfway.sending).find(|row| row.entry_id == entry).unwrap();
    assert!(matches!(row.state, EntryState::Waiting | EntryState::Sending), "{:?}", row.state);
    assert_eq!(halfway.pill.waiting, 1, "an entry whose photo is on its way is not received");
    assert_eq!(force.at_central(&photo).await, None);
    // An entry saved meanwhile does not wait for the photo.
    let quick = engagement(&device, 2).await;
    let view =
        until(&device, "words first", |view| view.received.iter().any(|row| row.entry_id == quick)).await;
    assert!(view.pill.waiting <= 1);
    let done = until(&device, "received", |view| view.pill.waiting == 0).await;
    assert!(done.photos.is_empty() && done.received.iter().any(|row| row.entry_id == entry));
    assert_eq!(force.at_central(&photo).await.unwrap(), photo_bytes);
    assert!(force.link.cuts.load(Ordering::SeqCst) > 3, "the link was cut, or this tests nothing");
    assert_eq!(verify::verify(force.storage.as_ref()).await.unwrap().findings, vec![]);
    device.seal().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_goes_on_where_it_was_after_days_and_after_central_was_put_back() {
    let folder = tempfile::tempdir().unwrap();
    let force = Force::new(folder.path()).await;
    let data = folder.path().join("phone");
    let device = force.phone(&data, "1482").await;
    let (_, early) = referral_with_photo(&device, 64, 2).await;
    until(&device, "received", |view| view.pill.waiting == 0 && view.pill.total > 0).await;
    let file = folder.path().join("central.backup");
    backup::write(force.storage.as_ref(), &file, SystemClock::new().now()).await.unwrap();
    force.link.cut.store(24_000, Ordering::SeqCst);
    let (_, late) = referral_with_photo(&device, 480, 3).await;
    until(&device, "half of it", |view| view.photos.iter().any(|photo| photo.percent > 10)).await;
    device.seal().await;
    drop(device);
    let sent = force.link.up.load(Ordering::SeqCst);
    force.link.cut.store(0, Ordering::SeqCst);
    let device = phone(&data);
    unlock(&device, "1482").await;
    until(&device, "received", |view| view.pill.waiting == 0).await;
    assert_eq!(force.at_central(&late).await.unwrap(), bytes(&late));
    let again = force.link.up.load(Ordering::SeqCst) - sent;
    assert!(again < bytes(&late).len() as u64, "{again}: what had arrived did not travel again");

    // Central is put back to before the second photo: the phone still has it, and brings it again.
    let address = force.running.address;
    force.running.stop().await.unwrap();
    let restored = storage::open(folder.path().join("restored.sqlite").to_str().unwrap()).await.unwrap();
    backup::restore(
        restored.as_ref(),
        &file,
        backup::KeySource::Recovery(&folder.path().join("recovery.key")),
        SystemClock::new().now(),
    )
    .await
    .unwrap();
    let running = server::start(Arc::clone(&restored), address).await.unwrap();
    let force = Force { storage: restored, running, ..force };
    assert_eq!((force.at_central(&early).await.is_some(), force.at_central(&late).await), (true, None));
    for _ in 0..200 {
        device.handle(SendNow {}).await.unwrap();
        if force.at_central(&late).await.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    assert_eq!(force.at_central(&late).await.unwrap(), bytes(&late));
    until(&device, "received again", |view| view.pill.waiting == 0).await;
    assert_eq!(verify::verify(force.storage.as_ref()).await.unwrap().findings, vec![]);
    device.seal().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_the_words_fetches_the_photo_on_demand() {
    let folder = tempfile::tempdir().unwrap();
    let force = Force::new(folder.path()).await;
    let officer = force.phone(&folder.path().join("phone"), "1482").await;
    let sergeant = force.phone(&folder.path().join("desk"), "0311").await;
    let (entry, photo) = referral_with_photo(&officer, 300, 4).await;
    let sha256 = photo.attachment.sha256.clone();
    until(&officer, "received", |view| view.pill.waiting == 0 && view.pill.total > 0).await;
    for _ in 0..600 {
        sergeant.handle(SendNow {}).await.unwrap();
        if sergeant.handle(GetEntry { entry_id: entry }).await.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    let before = sergeant.handle(GetPhoto { sha256: sha256.clone() }).await.unwrap();
    assert_eq!((before.base64, before.come), (None, None), "words only, until somebody asks");
    let asked = sergeant.handle(AskPhoto { sha256: sha256.clone() }).await.unwrap();
    assert!(asked.at_server && asked.words.starts_with("Photo at the server, "), "{}", asked.words);
    let fetched = sergeant.handle(FetchPhoto { sha256: sha256.clone() }).await.unwrap();
    assert_eq!(fetched.base64, photo.base64);
    // From now on it is here without a signal.
    let address = force.running.address;
    force.running.stop().await.unwrap();
    let here = sergeant.handle(GetPhoto { sha256: sha256.clone() }).await.unwrap();
    assert_eq!(here.base64, photo.base64);
    let (_, second) = referral_with_photo(&officer, 64, 5).await;
    let unknown = sergeant.handle(AskPhoto { sha256: second.attachment.sha256.clone() }).await.unwrap();
    assert!(!unknown.at_server && unknown.words.contains("does not answer"), "{}", unknown.words);
    let error = sergeant.handle(FetchPhoto { sha256: second.attachment.sha256 }).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound, "no entry here names it");
    let running = server::start(Arc::clone(&force.storage), address).await.unwrap();
    // The log says who opened it, on the phone and at central.
    until(&sergeant, "log sent", |view| view.last_try.as_ref().is_some_and(|last| last.reached)).await;
    let row = force.storage.attachments(None, 10).await.unwrap();
    assert_eq!(row.len(), 1);
    let mut viewed = 0;
    for _ in 0..100 {
        sergeant.handle(SendNow {}).await.unwrap();
        for chain in force.storage.chains().await.unwrap() {
            for row in force.storage.revisions(chain.chain, None, 1_000).await.unwrap() {
                let body = row.row.body.unwrap_or_default();
                viewed += usize::from(String::from_utf8_lossy(&body).contains("\"what\":\"photo\""));
            }
        }
        if viewed > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    let last = outbox(&sergeant).await.last_try;
    assert!(viewed >= 1, "the device's own log: {last:?}");
    running.stop().await.unwrap();
    officer.seal().await;
    sergeant.seal().await;
}
