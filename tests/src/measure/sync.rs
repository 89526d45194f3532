//! Sending 1,000 entries over loopback to the real server: records a second, and bytes on the wire each way.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use beatbook_device::clock::SystemClock;
use beatbook_device::store::StoreOwner;
use beatbook_device::store::identity::Keys;
use beatbook_device::sync::enrol::{Asking, enrol};
use beatbook_device::sync::exchange::{Line, exchange};
use beatbook_device::sync::http::Http;
use beatbook_device::sync::pace::Pace;
use beatbook_domain::id::{ChainId, DeviceId};
use beatbook_tests::Central;
use ed25519_dalek::SigningKey;
use serde_json::Value;
use uuid::Uuid;

use crate::{Outcome, notebook, print, proxy};

const ENTRIES: u32 = 1_000;
/// Entries sent one by one.
const SINGLE: u32 = 20;

/// Measures.
pub fn measure() -> Outcome {
    let mut central = Central::new()?;
    let seeded: Value = serde_json::from_str(&central.tell(["seed-demo", "--json"])?)?;
    let code = seeded["accounts"]
        .as_array()
        .and_then(|accounts| accounts.iter().find(|account| account["collar"] == "1482"))
        .and_then(|account| account["code"].as_str())
        .ok_or("the demonstration has no PC 1482")?
        .to_owned();
    central.start()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(run(&central.address(), &code))
}

async fn run(address: &str, code: &str) -> Outcome {
    let target = address.trim_start_matches("http://").parse()?;
    let (through, counts) = proxy::start(target).await?;
    let server = format!("http://{through}");
    let http = Http::new()?;
    let transport =
        SigningKey::from_bytes(&Uuid::new_v4().as_bytes().repeat(2).try_into().map_err(|_| "32 bytes")?);
    let keys = Keys::new(transport)?;
    let asking = Asking {
        server: &server,
        code,
        device_id: DeviceId(Uuid::new_v4()),
        keys: &keys,
        record_chain: ChainId(Uuid::new_v4()),
        log_chain: ChainId(Uuid::new_v4()),
        app_version: "bench",
    };
    let identity = enrol(&http, &asking).await?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().to_owned();
    let owner = StoreOwner::start(move || {
        notebook::create(&path, identity, keys)
            .map_err(|error| beatbook_device::store::StoreError::Content(error.to_string()))
    })?;
    let line = Line { http, clock: Arc::new(SystemClock::new()), app_version: "bench".into() };
    let mut pace = Pace::default();
    // The first exchange fetches the reference data; the figures are about entries.
    while exchange(&owner, &line, &mut pace).await?.more {}
    for n in 0..ENTRIES as usize {
        owner
            .save(move |store| {
                notebook::save(store, n)
                    .map_err(|error| beatbook_device::store::StoreError::Content(error.to_string()))
            })
            .await?;
    }
    let before = (counts.up.load(Ordering::Relaxed), counts.down.load(Ordering::Relaxed));
    let connections = counts.connections.load(Ordering::Relaxed);
    let mut pace = Pace::default();
    let (mut received, mut requests) = (0, 0);
    let began = Instant::now();
    loop {
        let step = exchange(&owner, &line, &mut pace).await?;
        received += step.received;
        requests += 1;
        if !step.more {
            break;
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    if received < ENTRIES as usize {
        return Err(format!("only {received} of {ENTRIES} were received").into());
    }
    let records = f64::from(ENTRIES);
    // Byte counts of one run: far below 2^52.
    #[allow(clippy::cast_precision_loss)]
    let per_record = |now: u64, before: u64| (now - before) as f64 / records;
    print("sync of 1,000 entries over loopback", records / seconds, "records/s", None);
    print(
        "bytes up for each record, HTTP included",
        per_record(counts.up.load(Ordering::Relaxed), before.0),
        "B",
        None,
    );
    print(
        "bytes down for each record, HTTP included",
        per_record(counts.down.load(Ordering::Relaxed), before.1),
        "B",
        None,
    );
    print("requests for 1,000 entries", f64::from(requests), "", None);
    #[allow(clippy::cast_precision_loss)]
    let opened = (counts.connections.load(Ordering::Relaxed) - connections) as f64;
    print("connections opened for them", opened, "", None);
    one_after_idle(&owner, &line, &mut pace, &counts).await
}

/// One entry saved and sent at a time over the kept connection: bytes both ways, HTTP included.
async fn one_after_idle(owner: &StoreOwner, line: &Line, pace: &mut Pace, counts: &proxy::Counts) -> Outcome {
    let before = (counts.up.load(Ordering::Relaxed), counts.down.load(Ordering::Relaxed));
    let mut requests = 0;
    for n in 0..SINGLE {
        owner
            .save(move |store| {
                notebook::save(store, ENTRIES as usize + n as usize)
                    .map_err(|error| beatbook_device::store::StoreError::Content(error.to_string()))
            })
            .await?;
        loop {
            let step = exchange(owner, line, pace).await?;
            requests += 1;
            if !step.more {
                break;
            }
        }
    }
    // Byte counts of one run: far below 2^52.
    #[allow(clippy::cast_precision_loss)]
    let each = |now: u64, before: u64| (now - before) as f64 / f64::from(SINGLE);
    let up = each(counts.up.load(Ordering::Relaxed), before.0);
    let down = each(counts.down.load(Ordering::Relaxed), before.1);
    print("one entry after idle: bytes up", up, "B", None);
    print("one entry after idle: bytes down", down, "B", None);
    print("one entry after idle: bytes both ways", up + down, "B", Some(600.0));
    print("one entry after idle: requests", f64::from(requests) / f64::from(SINGLE), "", Some(1.0));
    Ok(())
}
