//! A phone is lost at night: the sergeant makes a code from their own, the officer goes on with a fresh one. And a server
//! that asks phones to wait is waited for.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use beatbook_central::limits::Limits;
use beatbook_central::storage::{self, Storage};
use beatbook_central::{demo, server};
use beatbook_device::clock::{Clock, SystemClock};
use beatbook_device::{Device, Handle};
use beatbook_protocol::ipc::*;
use beatbook_protocol::sync::{Loss, LostPhone};
use beatbook_tests::engine::{engagement, phone};

const PASSPHRASE: &str = "a long passphrase of theirs";

struct Night {
    storage: Arc<dyn Storage>,
    running: server::Running,
    codes: Vec<(String, String)>,
    folder: tempfile::TempDir,
}

impl Night {
    async fn within(limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let storage = storage::open(folder.path().join("central.sqlite").to_str().unwrap()).await.unwrap();
        let (root, recovery) = (folder.path().join("root.key"), folder.path().join("recovery.key"));
        let made = demo::seed(storage.as_ref(), &root, &recovery, SystemClock::new().now()).await.unwrap();
        let codes = made.accounts.into_iter().map(|account| (account.collar, account.code)).collect();
        let listen = "127.0.0.1:0".parse().unwrap();
        let running = server::start_within(Arc::clone(&storage), listen, None, limits).await.unwrap();
        Self { storage, running, codes, folder }
    }

    async fn phone(&self, collar: &str) -> Device {
        let code = self.codes.iter().find(|(known, _)| known == collar).unwrap().1.clone();
        let server = format!("http://{}", self.running.address);
        enrolled(&self.folder.path().join(collar), server, code, collar).await.unwrap()
    }
}

async fn enrolled(
    folder: &std::path::Path,
    server: String,
    code: String,
    collar: &str,
) -> Result<Device, AppError> {
    let device = phone(folder);
    device.handle(Enrol { server, code, secret: PASSPHRASE.into() }).await?;
    device.handle(Unlock { collar: collar.into(), secret: PASSPHRASE.into() }).await?;
    synced(&device).await;
    Ok(device)
}

async fn synced(device: &Device) {
    for _ in 0..200 {
        device.handle(SendNow {}).await.unwrap();
        tokio::time::sleep(Duration::from_millis(40)).await;
        if device.handle(GetToday {}).await.unwrap().pill.waiting == 0 {
            break;
        }
    }
    device.handle(SendNow {}).await.unwrap();
    tokio::time::sleep(Duration::from_millis(250)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sergeant_replaces_a_lost_phone_and_the_officer_goes_on() {
    let night = Night::within(Limits::default()).await;
    let (officer, sergeant) = (night.phone("1482").await, night.phone("0311").await);
    engagement(&officer, 3).await;
    synced(&officer).await;
    synced(&sergeant).await;
    let listed = sergeant.handle(ListTeamPhones {}).await.unwrap();
    let titles: Vec<&str> = listed.officers.iter().map(|one| one.title.as_str()).collect();
    assert_eq!(
        titles,
        ["PC 1377", "PC 1482", "PC 2206", "SC 7014"],
        "the team, not oneself nor the inspector"
    );
    let theirs = listed.officers.iter().find(|one| one.title == "PC 1482").unwrap();
    assert_eq!(theirs.phones.len(), 1);
    let lost = LostPhone { device: theirs.phones[0].device, loss: Loss::Stolen };
    let asked = ReplacePhone { officer: theirs.officer, lost: Some(lost) };
    // A constable may not, and is told so plainly.
    let refused = officer.handle(asked.clone()).await.unwrap_err();
    assert!(refused.code == ErrorCode::NotNow && refused.message.contains("no authority"), "{refused}");
    assert!(officer.handle(ListTeamPhones {}).await.unwrap().officers.is_empty());
    let given = sergeant.handle(asked.clone()).await.unwrap();
    let held = given.lost.as_ref().unwrap();
    assert!(held.received >= 2 && held.others.is_empty(), "{held:?}");

    // The fresh phone scans the code; what the old one sent comes back to it.
    let fresh = enrolled(&night.folder.path().join("fresh"), String::new(), given.ticket.clone(), "1482")
        .await
        .unwrap();
    synced(&fresh).await;
    let found = fresh.handle(FindEntries::default()).await.unwrap();
    assert_eq!(found.rows.len(), 1, "what was received from the lost phone");
    engagement(&fresh, 2).await;
    synced(&fresh).await;
    let again = enrolled(&night.folder.path().join("thief"), String::new(), given.ticket, "1482")
        .await
        .err()
        .unwrap();
    assert_eq!(again.code, ErrorCode::BadCode, "it is good once");

    // Without signal it says so, and nothing was changed.
    let Night { storage, running, folder, .. } = night;
    running.stop().await.unwrap();
    let before = storage.replacements(None, beatbook_domain::time::Millis(0), 10).await.unwrap().len();
    let silent = sergeant.handle(asked).await.unwrap_err();
    assert_eq!(silent.code, ErrorCode::Unreachable);
    assert!(silent.message.contains("Nothing was changed") && silent.message.contains("signal"), "{silent}");
    let after = storage.replacements(None, beatbook_domain::time::Millis(0), 10).await.unwrap().len();
    assert_eq!((before, after), (1, 1));
    drop(folder);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_to_wait_is_waited_for_and_nothing_is_lost() {
    // One request a second, six at once: more than enough to be told to wait.
    let limits = Limits { device_per_minute: 60, device_burst: 6, ..Limits::default() };
    let night = Night::within(limits).await;
    let officer = night.phone("1482").await;
    let mut told = false;
    for people in 1..=12 {
        engagement(&officer, people).await;
        let now = officer.handle(SendNow {}).await.unwrap();
        told |= now.words.contains("asks this phone to wait");
    }
    assert!(told, "it says that the server asks to wait, and that entries are safe");
    for _ in 0..60 {
        if officer.handle(GetToday {}).await.unwrap().pill.waiting == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert_eq!(officer.handle(GetToday {}).await.unwrap().pill.waiting, 0, "everything arrived by itself");
}
