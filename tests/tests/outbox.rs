//! The outbox's promises, through the real engine and the real central: a locked notebook still sends, one bad record never
//! blocks the rest, Send now always answers, and the offline limit stops reading and nothing else.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use beatbook_central::storage::{self, Storage};
use beatbook_central::{clock, demo, policy, server, verify};
use beatbook_device::clock::{Clock, SetClock, SystemClock};
use beatbook_device::profile::KdfCost;
use beatbook_device::profile::keystore::NoKeystore;
use beatbook_device::{Device, DeviceConfig, Handle};
use beatbook_domain::entry::DraftForm;
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::offline::Policy;
use beatbook_domain::time::HOUR_MS;
use beatbook_protocol::ipc::*;
use beatbook_tests::cutting::{CuttingLink, Who, answer};
use beatbook_tests::engine::{engagement, phone};

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
        let codes =
            made.accounts.iter().map(|account| (account.collar.clone(), account.code.clone())).collect();
        let running = server::start(Arc::clone(&storage), "127.0.0.1:0".parse().unwrap()).await.unwrap();
        let link = CuttingLink::to(running.address).await.unwrap();
        Self { storage, running, link, codes }
    }

    async fn enrol(&self, device: &Device, collar: &str) {
        let code = self.codes.iter().find(|(known, _)| known == collar).unwrap().1.clone();
        let server = format!("http://{}", self.link.address);
        device.handle(Enrol { server, code, secret: PASSPHRASE.into() }).await.unwrap();
        unlock(device, collar).await;
    }

    /// How many revisions central has of an entry.
    async fn has(&self, entry: EntryId) -> usize {
        let mut count = 0;
        for chain in self.storage.chains().await.unwrap() {
            let rows = self.storage.revisions(chain.chain, None, 1_000).await.unwrap();
            count += rows.iter().filter(|row| row.columns.entry == entry).count();
        }
        count
    }

    async fn assert_whole(&self) {
        assert_eq!(verify::verify(self.storage.as_ref()).await.unwrap().findings, vec![]);
    }
}

async fn unlock(device: &Device, collar: &str) {
    device.handle(Unlock { collar: collar.into(), secret: PASSPHRASE.into() }).await.unwrap();
}

async fn outbox(device: &Device) -> OutboxView {
    device.handle(GetOutbox { received_limit: 50 }).await.unwrap()
}

async fn card(device: &Device, collar: &str) -> ProfileCard {
    let status = device.handle(GetStatus {}).await.unwrap();
    status.profiles.into_iter().find(|card| card.collar == collar).unwrap()
}

/// Waits until something is so.
async fn until<T, F: Future<Output = T>>(what: &str, ask: impl Fn() -> F, is_so: impl Fn(&T) -> bool) -> T {
    for _ in 0..1_000 {
        let now = ask().await;
        if is_so(&now) {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never {what}")
}

async fn received(device: &Device) {
    let mut last = None;
    for _ in 0..500 {
        device.handle(SendNow {}).await.unwrap();
        let now = outbox(device).await;
        if now.pill.waiting == 0 {
            return;
        }
        last = now.last_try;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never all received: {last:?}")
}

/// Every file under a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}

fn spool_files(folder: &Path) -> Vec<PathBuf> {
    let is_spool = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("spool");
    files(folder).into_iter().filter(is_spool).collect()
}

async fn words(device: &Device, note: &str) -> EntryId {
    let draft = device.handle(OpenDraft::NewEngagement).await.unwrap();
    let DraftForm::Engagement(mut form) = draft.form else { panic!("an engagement opens as one") };
    form.engagement_type = Some(Code::new("E_CHAT"));
    form.people = 1;
    form.note = note.into();
    let form = DraftForm::Engagement(form);
    device.handle(SaveDraft { entry_id: draft.entry_id, form, told: draft.told }).await.unwrap();
    draft.entry_id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_notebook_still_sends_and_finds_its_receipts_when_it_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let force = Force::new(folder.path()).await;
    let data = folder.path().join("phone");
    let device = phone(&data);
    force.enrol(&device, "1482").await;
    received(&device).await;
    force.link.answered_by(Who::BlackHole);
    let mut entries = Vec::new();
    for n in 0..12 {
        entries.push(words(&device, &format!("marker-{n} by the river")).await);
    }
    // Another officer takes the phone: it is sealed, and its spool with it.
    device.handle(Lock { seal: true }).await.unwrap();
    let sealed = spool_files(&data);
    assert!(sealed.len() >= 2, "{sealed:?}");
    for file in &sealed {
        let bytes = std::fs::read(file).unwrap();
        assert!(!bytes.windows(7).any(|seen| seen == b"marker-"), "{file:?}");
        assert!(!bytes.windows(6).any(|seen| seen == b"\"seed\""), "{file:?}");
    }
    let before = card(&device, "1482").await;
    let spool = before.spool.unwrap();
    assert_eq!((spool.left, spool.taken, spool.sends, before.unsent), (12, 0, true, 12));
    force.link.answered_by(Who::Central);
    device.hint();
    let after = until("taken", || card(&device, "1482"), |card| card.spool.unwrap().left == 0).await;
    assert_eq!((after.spool.unwrap().taken, after.spool.unwrap().sends), (12, false));
    for entry in &entries {
        assert_eq!(force.has(*entry).await, 1);
    }
    // The receipts wait for the profile: it knows them before it has said a word to central.
    force.link.answered_by(Who::BlackHole);
    unlock(&device, "1482").await;
    let view = outbox(&device).await;
    assert_eq!(view.pill.waiting, 0, "{:?}", view.last_try);
    assert!(entries.iter().all(|entry| view.received.iter().any(|row| row.entry_id == *entry)));
    assert!(spool_files(&data).is_empty(), "nothing of it lies about while the notebook is open");
    // And once more by the notebook itself: one entry each.
    force.link.answered_by(Who::Central);
    received(&device).await;
    force.assert_whole().await;
    device.seal().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_officers_share_a_phone_and_each_spool_is_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let force = Force::new(folder.path()).await;
    let data = folder.path().join("phone");
    let device = phone(&data);
    for collar in ["1482", "1377"] {
        force.enrol(&device, collar).await;
        received(&device).await;
    }
    force.link.answered_by(Who::BlackHole);
    let mut entries = Vec::new();
    for collar in ["1482", "1377", "1482"] {
        unlock(&device, collar).await;
        entries.push(engagement(&device, 2).await);
    }
    device.handle(Lock { seal: true }).await.unwrap();
    assert_eq!(card(&device, "1482").await.spool.unwrap().left, 2);
    assert_eq!(card(&device, "1377").await.spool.unwrap().left, 1);
    // The app ends and begins again. No keystore answers here, so nobody can sign while both are locked: it says so.
    device.seal().await;
    drop(device);
    let device = phone(&data);
    force.link.answered_by(Who::Central);
    let locked = card(&device, "1377").await.spool.unwrap();
    assert_eq!((locked.left, locked.sends), (1, false), "never a word that is not true");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(force.has(entries[1]).await, 0);
    // Each opens and sends by itself, and the other's spool stays.
    unlock(&device, "1482").await;
    received(&device).await;
    assert_eq!(card(&device, "1377").await.spool.unwrap().left, 1);
    unlock(&device, "1377").await;
    received(&device).await;
    for entry in entries {
        assert_eq!(force.has(entry).await, 1);
    }
    force.assert_whole().await;
    device.seal().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_record_is_found_by_halving_set_aside_and_can_be_queued_again() {
    let folder = tempfile::tempdir().unwrap();
    let force = Force::new(folder.path()).await;
    let device = phone(&folder.path().join("phone"));
    force.enrol(&device, "1482").await;
    received(&device).await;
    force.link.answered_by(Who::BlackHole);
    let mut good = Vec::new();
    for n in 0..10 {
        good.push(engagement(&device, n + 1).await);
    }
    // Words that are like no others: they do not pack well.
    let mut dice = fastrand::Rng::with_seed(3);
    let long: String = (0..1_900).map(|_| dice.alphanumeric()).collect();
    let bad = words(&device, &long).await;
    for n in 0..10 {
        good.push(engagement(&device, n + 1).await);
    }
    let refusal =
        answer("413 Payload Too Large", "", r#"{"code":"too_large","words":"too large for this test"}"#);
    force.link.answered_by(Who::LargeAreRefused(1_200, refusal));
    let began = Instant::now();
    let view = until(
        "set aside",
        || async {
            device.handle(SendNow {}).await.unwrap();
            outbox(&device).await
        },
        |view| view.pill.waiting == 0,
    )
    .await;
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert_eq!(view.needs_you.iter().map(|row| row.entry_id).collect::<Vec<_>>(), vec![bad]);
    let EntryState::NeedsYou { cause } = &view.needs_you[0].state else { panic!() };
    assert!(cause.contains("safe on this phone"), "{cause}");
    for entry in &good {
        assert_eq!(force.has(*entry).await, 1);
    }
    assert_eq!(force.has(bad).await, 0);
    // The cause was cured elsewhere.
    force.link.answered_by(Who::Central);
    device.handle(QueueAgain { entry_id: bad }).await.unwrap();
    received(&device).await;
    assert_eq!((force.has(bad).await, outbox(&device).await.needs_you.len()), (1, 0));
    force.assert_whole().await;
    device.seal().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn send_now_answers_within_two_seconds_whoever_answers_there() {
    let folder = tempfile::tempdir().unwrap();
    let force = Force::new(folder.path()).await;
    let device = phone(&folder.path().join("phone"));
    force.enrol(&device, "1482").await;
    received(&device).await;
    let html = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 25\r\nconnection: close\r\n\r\n<html>Wi-Fi login</html>\n";
    let moved = "HTTP/1.1 302 Found\r\nlocation: http://login.example/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let busy = answer(
        "503 Service Unavailable",
        "",
        r#"{"code":"busy","words":"the server is busy: entries stay safe on the phone and are sent again"}"#,
    );
    let many = answer(
        "429 Too Many Requests",
        "retry-after: 120\r\n",
        r#"{"code":"too_many","words":"the server asks this phone to wait"}"#,
    );
    let cases = [
        (Who::BlackHole, vec!["Sending", "Asking", "Trying"]),
        (Who::Somebody(html.into()), vec!["sign in to the Wi-Fi"]),
        (Who::Somebody(moved.into()), vec!["sign in to the Wi-Fi"]),
        (Who::Somebody(busy), vec!["busy"]),
        (Who::Somebody(many), vec!["to wait"]),
    ];
    for (who, expected) in cases {
        force.link.answered_by(who.clone());
        let entry = engagement(&device, 1).await;
        let began = Instant::now();
        let said = device.handle(SendNow {}).await.unwrap();
        let took = began.elapsed();
        assert!(took < Duration::from_secs(2), "{who:?}: {took:?}");
        assert!(said.pill.waiting > 0, "{who:?}");
        // An exchange that was under way answers first; the one after it is with whoever answers now.
        let heard = until(
            "said so",
            || async { device.handle(SendNow {}).await.unwrap().words },
            |said| expected.iter().any(|words| said.contains(words)),
        )
        .await;
        assert!(!heard.is_empty());
        // One look: between two it may go from one list to the other.
        let seen = outbox(&device).await;
        let row = seen.waiting.into_iter().chain(seen.sending);
        assert!(row.map(|row| row.entry_id).any(|id| id == entry), "{who:?}");
    }
    // Asked to wait two minutes, it does not come back by itself before.
    let last = outbox(&device).await.last_try.unwrap();
    assert!(last.next_at.unwrap().since(last.at) >= 120_000, "{last:?}");
    force.link.answered_by(Who::Central);
    received(&device).await;
    // No route at all.
    let address = force.running.address;
    force.running.stop().await.unwrap();
    engagement(&device, 1).await;
    let began = Instant::now();
    device.handle(SendNow {}).await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(2));
    let running = server::start(Arc::clone(&force.storage), address).await.unwrap();
    received(&device).await;
    running.stop().await.unwrap();
    device.seal().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_offline_limit_stops_reading_never_saving_or_sending() {
    let folder = tempfile::tempdir().unwrap();
    let force = Force::new(folder.path()).await;
    let set = Policy { offline_limit_hours: Some(48), ..Policy::default() };
    policy::set(force.storage.as_ref(), set, clock::now()).await.unwrap();
    let hand = Arc::new(SetClock::at(SystemClock::new().now()));
    let device = Device::open(DeviceConfig {
        keystore: Arc::new(NoKeystore),
        kdf_cost: KdfCost { memory_kib: 64, passes: 1, lanes: 1 },
        clock: Arc::clone(&hand) as Arc<dyn Clock>,
        ..DeviceConfig::new(folder.path().join("phone"))
    })
    .unwrap();
    force.enrol(&device, "1482").await;
    let early = engagement(&device, 3).await;
    received(&device).await;
    let heard = hand.now();
    force.link.answered_by(Who::BlackHole);
    hand.pass(47 * HOUR_MS as u64);
    assert!(device.handle(GetEntry { entry_id: early }).await.is_ok(), "an hour is left");
    let today = device.handle(GetToday {}).await.unwrap();
    assert!(today.notices.iter().any(|said| said.contains("can be read until")), "{:?}", today.notices);
    // Turned back by the hand that holds it: the time since boot counts on.
    hand.turn_to(heard);
    hand.pass(2 * HOUR_MS as u64);
    let closed = device.handle(GetEntry { entry_id: early }).await.unwrap_err();
    assert_eq!(closed.code, ErrorCode::ReadingStopped, "{closed}");
    assert!(closed.message.contains("Saving and sending go on"), "{closed}");
    for refused in [
        device.handle(ListOwnShifts { limit: 10 }).await.err(),
        device.handle(OpenDraft::Amend(early)).await.err(),
    ] {
        assert_eq!(refused.unwrap().code, ErrorCode::ReadingStopped);
    }
    // A restart with the clock turned back gains nothing.
    device.handle(Lock { seal: true }).await.unwrap();
    hand.reboot(5_000);
    unlock(&device, "1482").await;
    assert_eq!(
        device.handle(GetEntry { entry_id: early }).await.unwrap_err().code,
        ErrorCode::ReadingStopped
    );
    // Saving goes on, what was just saved can be read, and sending goes on.
    let late = engagement(&device, 4).await;
    assert!(device.handle(GetEntry { entry_id: late }).await.is_ok());
    let view = outbox(&device).await;
    assert!(
        view.received.is_empty() && view.waiting.iter().chain(&view.sending).any(|row| row.entry_id == late)
    );
    let today = device.handle(GetToday {}).await.unwrap();
    assert!(today.notices[0].starts_with("Reading stopped"), "{:?}", today.notices);
    force.link.answered_by(Who::Central);
    received(&device).await;
    assert_eq!(force.has(late).await, 1);
    // The contact lifts it.
    assert!(device.handle(GetEntry { entry_id: early }).await.is_ok());
    assert!(card(&device, "1482").await.reads_until.is_some());
    device.seal().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clocks_that_jump_during_a_sync_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let force = Force::new(folder.path()).await;
    let hand = Arc::new(SetClock::at(SystemClock::new().now()));
    let device = Device::open(DeviceConfig {
        keystore: Arc::new(NoKeystore),
        kdf_cost: KdfCost { memory_kib: 64, passes: 1, lanes: 1 },
        clock: Arc::clone(&hand) as Arc<dyn Clock>,
        ..DeviceConfig::new(folder.path().join("phone"))
    })
    .unwrap();
    force.enrol(&device, "1482").await;
    let now = hand.now();
    let year = 365 * 24 * HOUR_MS;
    let mut entries = Vec::new();
    for jump in [0, year, -20 * year, -now.0, 5 * year, 0] {
        entries.push(engagement(&device, 1).await);
        let sending = device.handle(SendNow {});
        hand.turn_to(now.plus(jump));
        sending.await.unwrap();
        entries.push(engagement(&device, 2).await);
    }
    received(&device).await;
    for entry in entries {
        assert_eq!(force.has(entry).await, 1);
    }
    let today = device.handle(GetToday {}).await.unwrap();
    assert!(!today.notices.iter().any(|said| said.contains("Reading stopped")), "{:?}", today.notices);
    force.assert_whole().await;
    device.seal().await;
}
