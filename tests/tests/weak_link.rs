//! A link that is cut every few kilobytes: everything arrives all the same, each entry once, and no cut loses a save.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use beatbook_central::{demo, server, storage};
use beatbook_device::clock::{Clock, SystemClock};
use beatbook_device::profile::KdfCost;
use beatbook_device::profile::keystore::NoKeystore;
use beatbook_device::{Device, DeviceConfig, Handle};
use beatbook_domain::entry::DraftForm;
use beatbook_domain::id::Code;
use beatbook_protocol::ipc::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const ENTRIES: u32 = 60;
const PASSPHRASE: &str = "a long passphrase of 1482";

/// Passes bytes on to central and kills the connection once `cut` bytes went up (0: never).
struct Link {
    address: SocketAddr,
    cut: Arc<AtomicUsize>,
    cuts: Arc<AtomicU64>,
}

impl Link {
    async fn to(central: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (cut, cuts) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicU64::new(0)));
        let (of_task, count) = (Arc::clone(&cut), Arc::clone(&cuts));
        tokio::spawn(async move {
            while let Ok((phone, _)) = listener.accept().await {
                tokio::spawn(carry(phone, central, Arc::clone(&of_task), Arc::clone(&count)));
            }
        });
        Self { address, cut, cuts }
    }
}

async fn carry(phone: TcpStream, central: SocketAddr, cut: Arc<AtomicUsize>, cuts: Arc<AtomicU64>) {
    let Ok(central) = TcpStream::connect(central).await else { return };
    let (mut from_phone, mut to_phone) = phone.into_split();
    let (mut from_central, mut to_central) = central.into_split();
    let down = tokio::spawn(async move { tokio::io::copy(&mut from_central, &mut to_phone).await });
    let (mut passed, mut buffer) = (0, [0; 512]);
    while let Ok(n @ 1..) = from_phone.read(&mut buffer).await {
        passed += n;
        let limit = cut.load(Ordering::SeqCst);
        if limit > 0 && passed > limit {
            cuts.fetch_add(1, Ordering::SeqCst);
            break;
        }
        if to_central.write_all(&buffer[..n]).await.is_err() {
            break;
        }
    }
    // Both halves go: the answer to what did arrive is lost too.
    down.abort();
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

#[tokio::test(flavor = "multi_thread")]
async fn a_link_cut_every_few_kilobytes_delivers_everything_once() {
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
