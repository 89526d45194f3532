//! Trains the dictionary of the short form: nights of an invented officer go over a real socket to the real server, and
//! what passed by, ids already shortened, is the sample. The words differ from those the figures are measured with.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use beatbook_device::profile::KdfCost;
use beatbook_device::profile::keystore::NoKeystore;
use beatbook_device::{Device, DeviceConfig, Handle};
use beatbook_domain::code_list::{Edition, built_in, list};
use beatbook_domain::entry::{DraftForm, DraftItem};
use beatbook_domain::id::Code;
use beatbook_domain::time::{Millis, local};
use beatbook_protocol::ipc::*;
use beatbook_protocol::short::{self, CODING, Envelope};
use beatbook_protocol::sync::SIGNATURE_BYTES;
use beatbook_tests::Central;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use crate::Outcome;

/// Bytes of the dictionary. Twice as many gain less than one byte a record.
const SIZE: usize = 48 * 1024;
const SECRET: &str = "a long passphrase of 1482";
/// Entries between two exchanges: mostly one, sometimes a night's worth.
const RHYTHM: [usize; 16] = [1, 1, 1, 2, 1, 1, 3, 1, 1, 5, 1, 2, 1, 1, 12, 40];
/// How many exchanges are recorded.
const EXCHANGES: usize = 420;
const NOTES: [&str; 12] = [
    "Group of four walking home, glad to see officers out. Talked about the route along the water.",
    "",
    "Venue manager asked for more cards behind the bar.",
    "",
    "Said the lamps by the multi-storey have been off since October.",
    "Two friends, one had been followed on the bus. Knows how to report now.",
    "",
    "Regular at the market, feels fine by day.",
    "Nurse coming off a late shift, avoids the cut-through after dark.",
    "",
    "Street pastors on their round, nothing to report.",
    "Asked how to check that an officer is genuine; shown how to ring 101.",
];
const SEEN: [&str; 6] = [
    "A man in a dark jacket moved along the queue and stood close to women who were alone.",
    "Car went round the block three times, slowing next to people on foot.",
    "Two men called after a group of students, then walked behind them to the crossing.",
    "A woman said a stranger had put an arm round her and would not let go.",
    "Man standing in the doorway opposite, watching the exit for about fifteen minutes.",
    "Somebody reached for a drink on the table and left when spoken to.",
];

type Seen = Arc<Mutex<Vec<Vec<u8>>>>;

/// Trains and writes the dictionary.
pub fn train(file: &Path) -> Outcome {
    if file.as_os_str().is_empty() {
        return Err("say into which file".into());
    }
    let mut central = Central::new()?;
    let seeded: Value = serde_json::from_str(&central.tell(["seed-demo", "--json"])?)?;
    let account = |collar: &str| {
        let accounts = seeded["accounts"].as_array()?;
        accounts.iter().find(|one| one["collar"] == collar)?["code"].as_str().map(str::to_owned)
    };
    let code = account("1482").ok_or("the demonstration has no PC 1482")?;
    central.start()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let samples = runtime.block_on(record(&central.address(), &code))?;
    let bytes: usize = samples.iter().map(Vec::len).sum();
    eprintln!("{} samples, {bytes} bytes", samples.len());
    for one in &samples[samples.len() - 40..] {
        eprintln!("SAMPLE {} {:?}", one.len(), String::from_utf8_lossy(one));
    }
    let dictionary = zstd::dict::from_samples(&samples, SIZE)?;
    std::fs::write(file, &dictionary)?;
    eprintln!("{}: {} bytes", file.display(), dictionary.len());
    Ok(())
}

async fn record(address: &str, code: &str) -> Outcome<Vec<Vec<u8>>> {
    let seen = Seen::default();
    let through = listen(address.trim_start_matches("http://").parse()?, Arc::clone(&seen)).await?;
    let folder = tempfile::tempdir()?;
    let device = Device::open(DeviceConfig {
        keystore: Arc::new(NoKeystore),
        kdf_cost: KdfCost { memory_kib: 64, passes: 1, lanes: 1 },
        ..DeviceConfig::new(folder.path().to_owned())
    })?;
    let server = format!("http://{through}");
    device.handle(Enrol { server, code: code.to_owned(), secret: SECRET.into() }).await?;
    device.handle(Unlock { collar: "1482".into(), secret: SECRET.into() }).await?;
    received(&device).await?;
    let started = StartShift {
        call_sign: "NC12".into(),
        initiative: Some(Code::new("INI_VAWG_REASSURE")),
        transport: Some(Code::new("TR_FOOT")),
        ..Default::default()
    };
    device.handle(started).await?;
    let mut n = 0;
    for exchange in 0..EXCHANGES {
        for _ in 0..RHYTHM[exchange % RHYTHM.len()] {
            entry(&device, n).await?;
            n += 1;
        }
        received(&device).await?;
    }
    let seen = std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(seen)
}

/// One entry of a night, each kind about as often as it comes.
async fn entry(device: &Device, n: usize) -> Outcome {
    match n % 11 {
        0 => {
            let mode = ["P_FOOT", "P_PWT", "P_VEH"][n / 11 % 3];
            device.handle(StartLeg { mode: Some(Code::new(mode)), ..Default::default() }).await?;
        }
        3 | 8 => {
            let material = ["MAT_WALLET_STREETSAFE_ENOUGH", "MAT_WALLET_SPIKING", "MAT_OTHER"][n % 3];
            let item = DraftItem {
                material: Code::new(material),
                quantity: 1 + u32::try_from(n % 4)?,
                ..Default::default()
            };
            device.handle(GiveCards { items: vec![item] }).await?;
        }
        5 => concern(device, n).await?,
        7 => {
            device.handle(GoAway { reason: Some(Code::new("CA_SCENE")), author_only: false }).await?;
            device.handle(ComeBack {}).await?;
        }
        _ => engagement(device, n).await?,
    }
    Ok(())
}

fn pick(edition: &Edition, list: &str, n: usize) -> Option<Code> {
    let today = local(Millis(1_795_500_000_000)).date_naive();
    let codes: Vec<Code> = edition.offered(list, today).map(|item| item.code.clone()).collect();
    codes.get(n % codes.len().max(1)).cloned()
}

async fn engagement(device: &Device, n: usize) -> Outcome {
    let draft = device.handle(OpenDraft::NewEngagement).await?;
    let DraftForm::Engagement(mut form) = draft.form else { return Err("not an engagement".into()) };
    let position = format!("52.62{:02}, 1.29{:02}", n * 7 % 90 + 10, n * 13 % 90 + 10);
    form.place = device.handle(LocatePlace::Typed { text: position, name: String::new() }).await?.place;
    form.engagement_type = pick(built_in(), list::ENGAGEMENT_TYPE, n / 2);
    form.people = 1 + u32::try_from(n % 5)?;
    form.topics = (0..=n % 3).filter_map(|k| pick(built_in(), list::TOPIC, n + 5 * k)).collect();
    form.note = NOTES[n * 5 % NOTES.len()].to_owned();
    if n % 4 == 1 {
        form.cards.insert(Code::new("MAT_WALLET_STREETSAFE_ENOUGH"), 1 + u32::try_from(n % 2)?);
    }
    let form = DraftForm::Engagement(form);
    device.handle(SaveDraft { entry_id: draft.entry_id, form, told: draft.told }).await?;
    Ok(())
}

async fn concern(device: &Device, n: usize) -> Outcome {
    let draft = device.handle(OpenDraft::NewConcern).await?;
    let DraftForm::Concern(mut form) = draft.form else { return Err("not a concern".into()) };
    form.behaviours =
        ["B_LOITER", "B_FOLLOW", "B_STARE"].get(n % 3).map(|code| Code::new(*code)).into_iter().collect();
    form.seen = SEEN[n % SEEN.len()].to_owned();
    let form = DraftForm::Concern(form);
    device.handle(SaveDraft { entry_id: draft.entry_id, form, told: draft.told }).await?;
    Ok(())
}

async fn received(device: &Device) -> Outcome {
    for _ in 0..600 {
        if device.handle(SendNow {}).await?.pill.waiting == 0 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err("never received".into())
}

/// Passes bytes on and keeps the bodies in short form, whole HTTP messages at a time.
async fn listen(central: SocketAddr, seen: Seen) -> Outcome<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((phone, _)) = listener.accept().await {
            let seen = Arc::clone(&seen);
            tokio::spawn(async move {
                let Ok(central) = TcpStream::connect(central).await else { return };
                let (from_phone, to_phone) = phone.into_split();
                let (from_central, to_central) = central.into_split();
                let down = tokio::spawn(carry(from_central, to_phone, Arc::clone(&seen), false));
                carry(from_phone, to_central, seen, true).await;
                down.abort();
            });
        }
    });
    Ok(address)
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, seen: Seen, is_up: bool) {
    let (mut held, mut buffer) = (VecDeque::new(), vec![0; 64 * 1024]);
    while let Ok(n @ 1..) = from.read(&mut buffer).await {
        if to.write_all(&buffer[..n]).await.is_err() {
            return;
        }
        held.extend(&buffer[..n]);
        while let Some((head, body)) = message(&mut held) {
            if !head.contains(&format!("content-encoding: {CODING}")) {
                continue;
            }
            let body = if is_up { body.get(SIGNATURE_BYTES..).unwrap_or_default() } else { &body };
            let frame = match (is_up, Envelope::read(body)) {
                (true, Ok((_, frame))) => frame,
                (false, _) => body,
                (true, Err(_)) => continue,
            };
            if let Ok(text) = short::sample(frame, 1 << 20) {
                seen.lock().unwrap_or_else(PoisonError::into_inner).push(text);
            }
        }
    }
}

/// Takes one whole HTTP message off the front.
fn message(held: &mut VecDeque<u8>) -> Option<(String, Vec<u8>)> {
    let bytes = held.make_contiguous();
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
    let length: usize = length.unwrap_or(0);
    let body = bytes.get(end..end + length)?.to_vec();
    held.drain(..end + length);
    Some((head, body))
}
