//! Finding among 50,000 records of one's own, and from Save to the receipt, through the device's one face over a real
//! encrypted notebook.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use beatbook_device::profile::NoKeystore;
use beatbook_device::store::append::{NewRevision, Written, new_entry_id};
use beatbook_device::store::identity::Keys;
use beatbook_device::store::owner::Owned as _;
use beatbook_device::store::receipts::ApplyReceipts;
use beatbook_device::store::{Chain, Store};
use beatbook_device::{Device, DeviceConfig, Handle as _};
use beatbook_domain::entry::{Body, DraftForm, Kind, ShiftOpened};
use beatbook_domain::id::{Code, EntryId, VerifyKey};
use beatbook_domain::place::AreaRef;
use beatbook_domain::seal::{Purpose, sign};
use beatbook_domain::time::{MINUTE_MS, Millis};
use beatbook_protocol::ipc::{
    EndShift, FindEntries, FindState, FoundView, GetToday, OpenDraft, SaveDraft, StartShift, Unlock,
};
use beatbook_protocol::sync::{Receipt, ReceiptList, SignedReceipts};
use ed25519_dalek::SigningKey;

use crate::{Outcome, notebook, print, print_times};

const RECORDS: usize = 50_000;
/// Records of one shift, its patrol record among them.
const A_SHIFT: usize = 16;
/// Revisions in one commit while the notebook is filled.
const BATCH: usize = 400;
/// Records at the end that wait for their receipt, as after a night without signal.
const WAITING: usize = 40;
const TIMES: usize = 200;
const PAGE: u32 = 30;
const AREAS: [&str; 6] = [
    "DEMO-P-POW",
    "DEMO-P-RIVERSIDE",
    "DEMO-P-TOMBLAND",
    "DEMO-P-LONDON-STREET",
    "DEMO-P-GTYA-MARKET",
    "DEMO-P-CROM",
];

/// Measures.
pub fn measure() -> Outcome {
    let folder = tempfile::tempdir()?;
    let receipt_key = SigningKey::from_bytes(&[9; 32]);
    let identity = notebook::identity(VerifyKey(receipt_key.verifying_key().to_bytes()));
    let keys = Keys::new(SigningKey::from_bytes(&[7; 32]))?;
    let mut store = notebook::profile(folder.path(), identity, keys)?;
    fill(&mut store, &receipt_key)?;
    let began = Instant::now();
    while store.idle() {}
    let indexed = began.elapsed().as_secs_f64() * 1e6;
    #[allow(clippy::cast_precision_loss)]
    print("indexing one record for the search, behind the save", indexed / RECORDS as f64, "µs", None);
    store.close();
    drop(store);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(ask(folder.path()))
}

/// Fills the notebook: shifts of a patrol record and what was recorded in it, half an hour apart.
fn fill(store: &mut Store, receipt_key: &SigningKey) -> Outcome {
    let now = store.reading().at;
    let (mut batch, mut shift) = (Vec::with_capacity(BATCH), None);
    for n in 0..RECORDS {
        let back = i64::try_from(RECORDS - n)? * 30 * MINUTE_MS;
        let at = now.plus(-back);
        let new = if n % A_SHIFT == 0 {
            let new = patrol(n, at);
            shift = Some(new.entry_id);
            new
        } else {
            record(n, at, shift)?
        };
        batch.push(new);
        if batch.len() == BATCH || n + 1 == RECORDS {
            let written = store.append(Chain::Record, &std::mem::take(&mut batch))?;
            if n + WAITING < RECORDS {
                receive(store, &written, receipt_key)?;
            }
        }
    }
    Ok(())
}

fn patrol(n: usize, at: Millis) -> NewRevision {
    let body = ShiftOpened {
        call_sign: format!("NC{}", 10 + n / A_SHIFT % 40),
        planned_end: None,
        supervisor: None,
        partners: Vec::new(),
        reason: None,
    };
    NewRevision::first(new_entry_id(at), Kind::ShiftOpened, at, Body::Shift(body))
}

fn record(n: usize, at: Millis, shift: Option<EntryId>) -> Outcome<NewRevision> {
    let mut new = notebook::engagement(n, at)?;
    new.shift_id = shift;
    if let Body::Engagement(body) = &mut new.body
        && let Some(place) = &mut body.place
    {
        let code = AREAS[n % AREAS.len()];
        place.area = Some(AreaRef { code: Code::new(code), name: place.name.clone().unwrap_or_default() });
        if n % 5_000 == 1 {
            body.note = Some("A tabby cat on the pharmacy roof".to_owned());
        }
    }
    Ok(new)
}

/// Receipts as central would sign them.
fn receive(store: &mut Store, written: &[Written], key: &SigningKey) -> Outcome {
    let identity = Arc::clone(store.identity());
    let at = store.reading().at;
    let receipts = written
        .iter()
        .map(|written| {
            let pos = u64::try_from(written.rid).unwrap_or(0);
            Receipt { link: written.link, pos, received_at: at, problems: Vec::new() }
        })
        .collect();
    let list = ReceiptList {
        epoch: identity.force.keys.epoch,
        keys: identity.force.keys.number,
        device: identity.device_id,
        at,
        receipts,
    };
    let list = serde_json::to_string(&list)?;
    let signature = sign(key, Purpose::Receipts, &[list.as_bytes()]);
    let signed = SignedReceipts { list, signature, key: identity.force.keys.receipt_key };
    let mut job = ApplyReceipts::new(Some(signed), Vec::new(), Vec::new(), &identity)?;
    while job.step(store)?.is_none() {}
    Ok(())
}

async fn ask(data: &Path) -> Outcome {
    let config = DeviceConfig {
        keystore: Arc::new(NoKeystore),
        positions: Arc::new(beatbook_device::place::source::NoPositions),
        kdf_cost: notebook::CHEAP,
        ..DeviceConfig::new(data)
    };
    let device = Device::open(config).map_err(|error| error.message)?;
    let unlock = Unlock { collar: "1482".into(), secret: notebook::PASSPHRASE.into() };
    let began = Instant::now();
    device.handle(unlock).await.map_err(|error| error.message)?;
    print("opening a notebook of 50,000 records", began.elapsed().as_secs_f64() * 1e3, "ms", None);

    let page = FindEntries { limit: PAGE, ..FindEntries::default() };
    let words = |words: &str| FindEntries { words: words.to_owned(), ..page.clone() };
    let first = find(&device, &page).await?.0;
    let questions = [
        ("first page", page.clone(), PAGE as usize),
        ("next page", FindEntries { after: first.next, ..page.clone() }, PAGE as usize),
        ("a rare word", words("pharmacy"), 10),
        ("a common word", words("lamp"), PAGE as usize),
        ("two common words", words("street lamp"), PAGE as usize),
        ("the beginning of a word", words("li"), PAGE as usize),
        ("one letter", words("s"), PAGE as usize),
        ("two words that never meet", words("pharmacy nc12"), 0),
        ("a call sign", words("nc12"), PAGE as usize),
        ("a place", FindEntries { area: Some(Code::new("DEMO-P-CROM")), ..page.clone() }, PAGE as usize),
        ("a kind", FindEntries { kinds: vec![Kind::ShiftOpened], ..page.clone() }, PAGE as usize),
        (
            "a kind that is not there",
            FindEntries { kinds: vec![Kind::Concern, Kind::Event], ..page.clone() },
            0,
        ),
        ("what waits", FindEntries { state: FindState::Waiting, ..page.clone() }, PAGE as usize),
        (
            "a word at a place of a kind",
            FindEntries {
                area: Some(Code::new("DEMO-P-CROM")),
                kinds: vec![Kind::Engagement],
                ..words("lamp")
            },
            PAGE as usize,
        ),
    ];
    let mut all_words = Vec::new();
    for (name, question, rows) in questions {
        let mut times = Vec::new();
        for _ in 0..TIMES {
            let (found, ms) = find(&device, &question).await?;
            if found.rows.len() != rows {
                return Err(format!("{name}: {} rows, not {rows}", found.rows.len()).into());
            }
            times.push(ms);
        }
        if !question.words.is_empty() {
            all_words.extend_from_slice(&times);
        }
        print_times(&format!("find among 50,000: {name}"), times, None);
    }
    print_times("find among 50,000: every search for words", all_words, Some(100.0));
    save_to_today(&device).await
}

async fn find(device: &Device, question: &FindEntries) -> Outcome<(FoundView, f64)> {
    let began = Instant::now();
    let found = device.handle(question.clone()).await.map_err(|error| error.message)?;
    Ok((found, began.elapsed().as_secs_f64() * 1e3))
}

/// From Save to Today with the row of what was saved, in shifts of an ordinary night.
async fn save_to_today(device: &Device) -> Outcome {
    const SHIFTS: usize = 10;
    const SAVES: usize = 20;
    let (mut saves, mut todays, mut both) = (Vec::new(), Vec::new(), Vec::new());
    // The shifts the notebook was filled with are still open; once none is, there is nothing to end.
    while device.handle(EndShift { ended_at: None, estimated: false }).await.is_ok() {}
    for shift in 0..SHIFTS {
        let start = StartShift { call_sign: format!("NC{shift}"), ..StartShift::default() };
        device.handle(start).await.map_err(|error| error.message)?;
        for _ in 0..SAVES {
            let opened = device.handle(OpenDraft::NewEngagement).await.map_err(|error| error.message)?;
            let mut form = opened.form;
            if let DraftForm::Engagement(draft) = &mut form {
                draft.engagement_type = Some(Code::new("E_CHAT"));
            }
            let entry_id = opened.entry_id;
            let began = Instant::now();
            device
                .handle(SaveDraft { entry_id, form, told: opened.told })
                .await
                .map_err(|error| error.message)?;
            let saved = began.elapsed().as_secs_f64() * 1e3;
            let today = device.handle(GetToday {}).await.map_err(|error| error.message)?;
            let shown = began.elapsed().as_secs_f64() * 1e3;
            if !today.entries.iter().any(|row| row.entry_id == entry_id) {
                return Err("Today does not show what was saved".into());
            }
            saves.push(saved);
            todays.push(shown - saved);
            both.push(shown);
        }
        device.handle(EndShift { ended_at: None, estimated: false }).await.map_err(|error| error.message)?;
    }
    print_times("Save answered, in a notebook of 50,000 records", saves, None);
    print_times("Today with the row after it", todays, None);
    print_times("from Save to Today with the row, on the device", both, Some(100.0));
    Ok(())
}
