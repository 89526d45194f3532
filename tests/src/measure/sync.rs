//! What sending costs on a link that is good: bytes on the wire each way, HTTP included, and records a second.

use std::time::Instant;

use crate::proxy::Link;
use crate::station::{Phone, Station};
use crate::{Outcome, Scale, print};

/// Entries in one batch, and batches that the figure is an average of.
const BATCH: usize = 100;

/// Measures.
pub fn measure(scale: Scale) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(run(scale))
}

async fn run(scale: Scale) -> Outcome {
    for (tls, what) in [(false, "HTTP/2"), (true, "HTTP/2 in TLS")] {
        let station = Station::new(tls).await?;
        let running = station.serve().await?;
        let link = Link::to(running.address).await?;
        let mut phone = station.phone(&link).await?;
        one_after_idle(&mut phone, &link, what, scale).await?;
        batches(&mut phone, &link, what, scale, false).await?;
        if !tls {
            batches(&mut phone, &link, what, scale, true).await?;
            backlog(&mut phone, &link, scale).await?;
        }
        running.stop().await?;
    }
    Ok(())
}

/// A phone and central in this process, nothing between them: three syncs.
pub fn probe() -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let station = Station::new(true).await?;
        let running = station.serve().await?;
        let mut phone = station.phone_at(running.address).await?;
        for _ in 0..3 {
            phone.save(1).await?;
            phone.send(false).await?;
        }
        Ok(running.stop().await?)
    })
}

// Byte counts of one run: far below 2^52.
#[allow(clippy::cast_precision_loss)]
fn each(bytes: u64, count: usize) -> f64 {
    bytes as f64 / count as f64
}

/// One entry saved and sent at a time over the kept connection.
async fn one_after_idle(phone: &mut Phone, link: &Link, what: &str, scale: Scale) -> Outcome {
    let single = scale.of(40, 5);
    let (before, mut requests) = (link.counts.read(), 0);
    for _ in 0..single {
        phone.save(1).await?;
        requests += phone.send(false).await?.requests;
    }
    let [up, down, opened] = link.counts.since(before);
    let budget = |bytes: f64| (what == "HTTP/2").then_some(bytes);
    print(&format!("one entry after idle, {what}: bytes up"), each(up, single), "B", None);
    print(&format!("one entry after idle, {what}: bytes down"), each(down, single), "B", None);
    let both = each(up + down, single);
    print(&format!("one entry after idle, {what}: bytes both ways"), both, "B", budget(600.0));
    print(&format!("one entry after idle, {what}: requests"), each(requests.into(), single), "", Some(1.0));
    print(&format!("one entry after idle, {what}: connections opened"), each(opened, 1), "", Some(0.0));
    Ok(())
}

/// A hundred entries in a request.
async fn batches(phone: &mut Phone, link: &Link, what: &str, scale: Scale, spelled_out: bool) -> Outcome {
    let rounds = scale.of(10, 1);
    let (before, mut requests) = (link.counts.read(), 0);
    for _ in 0..rounds {
        phone.save(BATCH).await?;
        requests += phone.send(spelled_out).await?.requests;
    }
    let [up, down, _] = link.counts.since(before);
    let what = if spelled_out { format!("{what}, spelled out in zstd") } else { what.to_owned() };
    let records = BATCH * rounds;
    print(&format!("100 entries a request, {what}: bytes up for each"), each(up, records), "B", None);
    print(&format!("100 entries a request, {what}: bytes down for each"), each(down, records), "B", None);
    let both = each(up + down, records);
    print(&format!("100 entries a request, {what}: bytes both ways for each"), both, "B", Some(128.0));
    print(&format!("100 entries a request, {what}: requests"), each(requests.into(), rounds), "", None);
    Ok(())
}

/// A day without a link: all of it at once.
async fn backlog(phone: &mut Phone, link: &Link, scale: Scale) -> Outcome {
    let records = scale.of(1_000, 100);
    phone.save(records).await?;
    let before = link.counts.read();
    let began = Instant::now();
    let sent = phone.send(false).await?;
    let seconds = began.elapsed().as_secs_f64();
    if sent.received < records {
        return Err(format!("only {} of {records} were received", sent.received).into());
    }
    let [up, down, opened] = link.counts.since(before);
    #[allow(clippy::cast_precision_loss)]
    let rate = records as f64 / seconds;
    print("1,000 entries that waited, loopback", rate, "records/s", None);
    print("1,000 entries that waited: bytes both ways for each", each(up + down, records), "B", Some(95.0));
    print("1,000 entries that waited: requests", sent.requests.into(), "", None);
    print("1,000 entries that waited: connections opened", each(opened, 1), "", Some(0.0));
    Ok(())
}
