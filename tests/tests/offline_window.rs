//! The offline limit on the screens: a phone that was four days in a drawer says on each of them that reading has stopped,
//! even where its clock was turned back, and saving goes on.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use beatbook_device::clock::{Clock, SetClock, SystemClock};
use beatbook_device::profile::KdfCost;
use beatbook_device::profile::keystore::NoKeystore;
use beatbook_device::{Device, DeviceConfig, Handle as _};
use beatbook_domain::time::HOUR_MS;
use beatbook_protocol::ipc::{Enrol, Unlock};
use beatbook_tests::engine::engagement;
use beatbook_tests::{Central, Desk, Hand, Phone, codes};
use serde_json::json;

const OFFICER: &str = "1482";
const PASSPHRASE: &str = "a long passphrase of 1482";

#[test]
fn reading_that_has_stopped_says_so_on_every_screen_and_saving_goes_on() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mut central = Central::new().unwrap();
    let code = codes(&central.tell(["seed-demo", "--json"]).unwrap());
    central.start().unwrap();
    let phone = Phone::new().unwrap();
    let early = runtime.block_on(async {
        let clock = Arc::new(SetClock::at(SystemClock::new().now()));
        let device = Device::open(DeviceConfig {
            keystore: Arc::new(NoKeystore),
            kdf_cost: KdfCost { memory_kib: 64, passes: 1, lanes: 1 },
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            ..DeviceConfig::new(phone.data())
        })
        .unwrap();
        let enrol = Enrol { server: central.address(), code: code(OFFICER), secret: PASSPHRASE.into() };
        device.handle(enrol).await.unwrap();
        let unlock = Unlock { collar: OFFICER.into(), secret: PASSPHRASE.into() };
        device.handle(unlock.clone()).await.unwrap();
        let early = engagement(&device, 3).await;
        device.handle(beatbook_protocol::ipc::SendNow {}).await.unwrap();
        device.seal().await;
        central.stop();
        // Four days in a drawer.
        clock.pass(100 * HOUR_MS as u64);
        device.handle(unlock).await.unwrap();
        device.seal().await;
        early
    });
    let desk = Desk::without_keystore().unwrap();
    let mut hand = Hand::on(phone.open(&desk).unwrap());
    hand.sees("unlock");
    hand.reads("Reading stopped");
    hand.inspect("lock-reading-stopped");
    hand.writes("passphrase", PASSPHRASE);
    hand.press("unlock");
    hand.sees("start-shift");
    hand.reads("Reading stopped");
    hand.inspect("today-reading-stopped");
    hand.go(&format!("#/entry/{early}"));
    hand.sees("reading-stopped");
    hand.inspect("entry-reading-stopped");
    hand.go("#/find");
    hand.sees("reading-stopped");
    hand.inspect("find-reading-stopped");
    hand.go("#/outbox");
    hand.sees("send-now");
    hand.inspect("outbox-reading-stopped");
    // Saving goes on; signal brings reading back.
    hand.go("#/today");
    hand.press("new-engagement");
    hand.sees("save-engagement");
    hand.press("type-E_CHAT");
    hand.press("save-engagement");
    hand.sees("new-engagement");
    central.start().unwrap();
    hand.all_received("what was saved");
    hand.ask("get_entry", json!({ "entry_id": early.to_string() }));
    hand.done();
}
