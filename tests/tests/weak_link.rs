//! A link that is cut every few kilobytes: everything arrives all the same, each entry once, and no cut loses a save.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use beatbook_central::{demo, officers, server, storage};
use beatbook_device::clock::{Clock, SystemClock};
use beatbook_device::profile::KdfCost;
use beatbook_device::profile::keystore::NoKeystore;
use beatbook_device::{Device, DeviceConfig, Handle};
use beatbook_domain::entry::DraftForm;
use beatbook_domain::id::Code;
use beatbook_protocol::ipc::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

const ENTRIES: u32 = 60;
const PASSPHRASE: &str = "a long passphrase of 1482";

/// Passes bytes on to central and kills the connection once `cut` bytes went up, or `cut_down` came down (0: never).
struct Link {
    address: SocketAddr,
    cut: Arc<AtomicUsize>,
    cut_down: Arc<AtomicUsize>,
    cuts: Arc<AtomicU64>,
}

impl Link {
    async fn to(central: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (cut, cut_down) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let cuts = Arc::new(AtomicU64::new(0));
        let (of_task, down, count) = (Arc::clone(&cut), Arc::clone(&cut_down), Arc::clone(&cuts));
        tokio::spawn(async move {
            while let Ok((phone, _)) = listener.accept().await {
                let cut = (Arc::clone(&of_task), Arc::clone(&down));
                tokio::spawn(carry(phone, central, cut, Arc::clone(&count)));
            }
        });
        Self { address, cut, cut_down, cuts }
    }
}

async fn carry(
    phone: TcpStream,
    central: SocketAddr,
    (cut, cut_down): (Arc<AtomicUsize>, Arc<AtomicUsize>),
    cuts: Arc<AtomicU64>,
) {
    let Ok(central) = TcpStream::connect(central).await else { return };
    let (from_phone, to_phone) = phone.into_split();
    let (from_central, to_central) = central.into_split();
    // Both halves go with either: the answer to what did arrive is lost too.
    let was_cut = tokio::select! {
        was_cut = pass(from_phone, to_central, cut) => was_cut,
        was_cut = pass(from_central, to_phone, cut_down) => was_cut,
    };
    cuts.fetch_add(u64::from(was_cut), Ordering::SeqCst);
}

/// Passes bytes on one way until that many went; whether it was cut.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, cut: Arc<AtomicUsize>) -> bool {
    let (mut passed, mut buffer) = (0, [0; 512]);
    while let Ok(n @ 1..) = from.read(&mut buffer).await {
        passed += n;
        let limit = cut.load(Ordering::SeqCst);
        if limit > 0 && passed > limit {
            return true;
        }
        if to.write_all(&buffer[..n]).await.is_err() {
            break;
        }
    }
    false
}

async fn save_one(device: &Device, n: u32) {
    let draft = device.handle(OpenDraft::NewEngagement).await.unwrap();
    let DraftForm::Engagement(mut form) = draft.form else { panic!("an engagement opens as one") };
    form.engagement_type = Some(Code::new("E_CHAT"));
    form.people = 1 + n % 4;
    // Text that compresses badly, so that the batches are as large as they would be in real prose.
    form.note = (0..40)
        .map(|k| format!("{:x} ", (u64::from(n) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15 + k)))
        .collect();
    let form = DraftForm::Engagement(form);
    device.handle(SaveDraft { entry_id: draft.entry_id, form, told: draft.told }).await.unwrap();
}

/// A central, a phone of PC 1482 that has unlocked, and the link between them.
struct Pair {
    folder: tempfile::TempDir,
    storage: Arc<dyn storage::Storage>,
    running: server::Running,
    link: Link,
    device: Device,
}

async fn pair() -> Pair {
    let folder = tempfile::tempdir().unwrap();
    let storage = storage::open(folder.path().join("central.sqlite").to_str().unwrap()).await.unwrap();
    let (root, recovery) = (folder.path().join("root.key"), folder.path().join("recovery.key"));
    let made = demo::seed(storage.as_ref(), &root, &recovery, SystemClock::new().now()).await.unwrap();
    let code = made.accounts.iter().find(|account| account.collar == "1482").unwrap().code.clone();
    let running = server::start(Arc::clone(&storage), "127.0.0.1:0".parse().unwrap()).await.unwrap();
    let link = Link::to(running.address).await;

    let device = Device::open(DeviceConfig {
        keystore: Arc::new(NoKeystore),
        kdf_cost: KdfCost { memory_kib: 64, passes: 1, lanes: 1 },
        ..DeviceConfig::new(folder.path().join("phone"))
    })
    .unwrap();
    let server = format!("http://{}", link.address);
    device.handle(Enrol { server, code, secret: PASSPHRASE.into() }).await.unwrap();
    device.handle(Unlock { collar: "1482".into(), secret: PASSPHRASE.into() }).await.unwrap();
    Pair { folder, storage, running, link, device }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_cut_every_few_kilobytes_delivers_everything_once() {
    let Pair { folder: _folder, storage, running, link, device } = pair().await;

    // No connection survives one kilobyte: nothing gets through, and saving goes on.
    link.cut.store(900, Ordering::SeqCst);
    for n in 0..ENTRIES {
        save_one(&device, n).await;
    }
    let pill = device.handle(SendNow {}).await.unwrap().pill;
    assert_eq!(pill.waiting, ENTRIES, "saved on this phone, none received");

    // Six kilobytes survive: less than the first batch the device would like to send.
    link.cut.store(6_000, Ordering::SeqCst);
    let mut last = pill;
    for _ in 0..120 {
        last = device.handle(SendNow {}).await.unwrap().pill;
        if last.waiting == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(last.waiting, 0, "after {} cuts", link.cuts.load(Ordering::SeqCst));
    assert!(link.cuts.load(Ordering::SeqCst) > 0, "the link was never cut: the test says nothing");
    device.seal().await;
    running.stop().await.unwrap();

    let report = beatbook_central::verify::verify(storage.as_ref()).await.unwrap();
    assert!(report.is_whole(), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_breaks_off_goes_on_where_it_broke() {
    let Pair { folder: _folder, storage, running, link, device } = pair().await;
    let heard = async || device.handle(GetOutbox { received_limit: 1 }).await.unwrap().last_try;
    while !heard().await.is_some_and(|last| last.reached) {
        device.handle(SendNow {}).await.unwrap();
    }
    // A force becomes large: what every phone is told of it is far more than a connection carries here.
    link.cut_down.store(4_000, Ordering::SeqCst);
    for n in 0..400 {
        let at = SystemClock::new().now();
        officers::put(storage.as_ref(), &format!("{}", 20_000 + n), "PC", None, at).await.unwrap();
    }
    let (began, mut reached) = (SystemClock::new().now(), false);
    for _ in 0..50 {
        device.handle(SendNow {}).await.unwrap();
        let cuts = link.cuts.load(Ordering::SeqCst);
        reached = cuts > 1 && heard().await.is_some_and(|last| last.reached && last.at > began);
        if reached {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let cuts = link.cuts.load(Ordering::SeqCst);
    assert!(reached, "after {cuts} cuts: {:?}", heard().await);
    device.seal().await;
    running.stop().await.unwrap();
}
