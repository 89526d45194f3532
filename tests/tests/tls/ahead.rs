//! The next request is on its way while the answer to the one before is written down.

use std::time::Duration;

use beatbook_device::store::{Chain, NewRevision};
use beatbook_device::sync::exchange::exchange;
use beatbook_device::sync::pace::Pace;
use beatbook_domain::entry::{Kind, LogRecord};

use crate::parts::{Central, Phone};

/// More than fit into one request.
const LINES: usize = 1_500;

impl Phone {
    async fn write_many(&self) {
        let at = self.line.clock.now();
        let records: Vec<NewRevision> =
            (0..LINES).map(|_| NewRevision::log(Kind::Unlocked, at, LogRecord::default())).collect();
        self.owner.save(move |store| store.append(Chain::Log, &records).map(|_| ())).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_request_leaves_by_itself_and_one_that_is_called_off_is_sent_again() {
    let central = Central::new().await;
    let running = central.serve("a").await;
    let phone = Phone::enrolled(&format!("https://{}", running.address), central.code("1482")).await;
    phone.sync().await.unwrap();
    let began = central.storage.position().await.unwrap();
    phone.write_many().await;

    let mut pace = Pace::default();
    let step = exchange(&phone.owner, &phone.line, &mut pace).await.unwrap();
    assert!(step.more && step.received > 0 && step.received < LINES, "{step:?}");
    let written_down = began + step.received as u64;
    // Nobody asks for the second exchange.
    let mut taken = written_down;
    for _ in 0..500 {
        taken = central.storage.position().await.unwrap();
        if taken > written_down {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(taken > written_down, "the next request did not leave by itself");
    assert_eq!(phone.waiting().await, LINES - step.received, "central has more than this phone was told");

    // Whoever sent it is gone, as when a notebook is locked: its answer is heard by nobody.
    drop(pace);
    phone.sync().await.unwrap();
    assert_eq!(phone.waiting().await, 0);
    assert_eq!(central.storage.position().await.unwrap(), began + LINES as u64, "each of them once");
    central.assert_whole().await;
    running.stop().await.unwrap();
}
