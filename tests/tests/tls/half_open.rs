//! A connection whose other end is gone without a word: a phone that changed networks, a balancer that forgot it.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use beatbook_device::{Device, Handle as _};
use beatbook_protocol::ipc::{Enrol, GetOutbox, OutboxView, SendNow, Unlock};
use beatbook_tests::engine::{engagement, phone};
use tempfile::TempDir;

use crate::parts::*;

const PASSPHRASE: &str = "a long passphrase of everybody";

/// "Send now" answers within this.
const AT_ONCE: Duration = Duration::from_secs(2);

/// A phone that has sent everything it had, over a connection that is kept.
async fn at_rest(link: &Link, code: &str) -> (TempDir, Device) {
    let folder = tempfile::tempdir().unwrap();
    let device = phone(folder.path());
    let (server, secret) = (link.url(), PASSPHRASE.to_owned());
    device.handle(Enrol { server, code: code.to_owned(), secret: secret.clone() }).await.unwrap();
    device.handle(Unlock { collar: "1482".into(), secret }).await.unwrap();
    engagement(&device, 1).await;
    let began = Instant::now();
    while send_now(&device).await.pill.waiting > 0 {
        assert!(began.elapsed() < Duration::from_secs(30), "never received over a link that is well");
    }
    (folder, device)
}

async fn outbox(device: &Device) -> OutboxView {
    device.handle(GetOutbox { received_limit: 1 }).await.unwrap()
}

/// Presses "Send now", which answers soon whatever happens.
async fn send_now(device: &Device) -> OutboxView {
    let asked = Instant::now();
    device.handle(SendNow {}).await.unwrap();
    assert!(asked.elapsed() < AT_ONCE + Duration::from_millis(500), "{:?}", asked.elapsed());
    outbox(device).await
}

#[tokio::test(flavor = "multi_thread")]
async fn send_now_does_not_wait_for_a_connection_that_died_without_a_word() {
    let central = Central::new().await;
    let running = central.serve("a").await;
    let link = Link::to(running.address).await;
    let (_folder, device) = at_rest(&link, central.code("1482")).await;
    let made = link.made.load(Ordering::SeqCst);

    link.die();
    let died = Instant::now();
    engagement(&device, 2).await;
    assert_eq!(send_now(&device).await.pill.waiting, 1, "saved on this phone, sent to nobody yet");
    let mut presses = 1;
    while send_now(&device).await.pill.waiting > 0 {
        presses += 1;
        assert!(died.elapsed() < Duration::from_secs(15), "pressed {presses} times");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert!(link.made.load(Ordering::SeqCst) > made, "it came over a new connection");
    device.seal().await;
    // Central does not wait for whoever is gone either.
    let stopping = Instant::now();
    running.stop().await.unwrap();
    assert!(stopping.elapsed() < Duration::from_secs(15), "{:?}", stopping.elapsed());
    central.assert_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_died_without_a_word_is_found_out_by_the_phone_itself() {
    let central = Central::new().await;
    let running = central.serve("a").await;
    let link = Link::to(running.address).await;
    let (_folder, device) = at_rest(&link, central.code("1482")).await;

    link.die();
    let died = Instant::now();
    engagement(&device, 2).await;
    // Nobody presses anything.
    while outbox(&device).await.pill.waiting > 0 {
        assert!(died.elapsed() < Duration::from_secs(35), "a whole exchange was waited for");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    device.seal().await;
    running.stop().await.unwrap();
    central.assert_whole().await;
}
