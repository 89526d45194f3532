//! What sending costs on a link that is weak: a shift over a narrow and far one, cold, and a thousand entries over one
//! that is cut every few kilobytes.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::proxy::{Link, Weather};
use crate::station::Station;
use crate::{Outcome, Scale, print, quantile};

/// Entries of a long shift.
const SHIFT: usize = 300;
/// Exchanges that may fail one after another before a link counts as one that lets nothing through.
const MOST_FAILURES: u32 = 60;

/// Measures.
pub fn measure(scale: Scale) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        narrow(scale).await?;
        cut(scale).await
    })
}

/// Links by name: bits a second, milliseconds of a round trip, most seconds for a shift.
const LINKS: [(&str, u64, u64, f64); 2] =
    [("EDGE (200 kbit/s, 840 ms)", 200_000, 840, 5.0), ("2G (32 kbit/s, 1,300 ms)", 32_000, 1_300, 14.0)];

async fn narrow(scale: Scale) -> Outcome {
    let station = Station::new(true).await?;
    let running = station.serve().await?;
    let link = Link::to(running.address).await?;
    let (rounds, shift) = (scale.of(3, 1), scale.of(SHIFT, 30));
    for (name, rate, round_trip, most) in LINKS {
        if scale == Scale::Quick && rate < 100_000 {
            continue;
        }
        let (mut times, mut bytes, mut requests) = (Vec::new(), 0, 0);
        for _ in 0..rounds {
            link.becomes(Weather::default());
            let mut phone = station.phone(&link).await?;
            phone.save(shift).await?;
            let one_way = Duration::from_millis(round_trip / 2);
            link.becomes(Weather { rate: Some(rate), one_way, cut_after: None });
            // A connection and a session of before would not be cold.
            phone.line.http = station.http();
            let before = link.counts.read();
            let began = Instant::now();
            let sent = phone.send(false).await?;
            times.push(began.elapsed().as_secs_f64());
            if sent.received < shift {
                return Err(format!("only {} of {shift} were received", sent.received).into());
            }
            let [up, down, _] = link.counts.since(before);
            bytes += up + down;
            requests += sent.requests;
        }
        times.sort_by(f64::total_cmp);
        let middle = quantile(&times, 0.5);
        print(&format!("{shift} entries over {name}, cold with TLS"), middle, "s", Some(most));
        #[allow(clippy::cast_precision_loss)]
        let each = |count: u64| count as f64 / rounds as f64;
        print(&format!("{shift} entries over {name}: bytes both ways"), each(bytes), "B", None);
        print(&format!("{shift} entries over {name}: requests"), each(requests.into()), "", None);
    }
    running.stop().await?;
    Ok(())
}

async fn cut(scale: Scale) -> Outcome {
    let records = scale.of(1_000, 100);
    for (tls, what) in [(false, "HTTP/2"), (true, "HTTP/2 in TLS")] {
        let station = Station::new(tls).await?;
        let running = station.serve().await?;
        let link = Link::to(running.address).await?;
        let kilobytes: &[u64] = match (scale, tls) {
            (Scale::Full, _) => &[2, 4, 8, 16, 32, 64, 128, 256],
            (Scale::Quick, false) => &[2, 16],
            (Scale::Quick, true) => &[4],
        };
        let mut uncut = 0.0;
        for every in std::iter::once(None).chain(kilobytes.iter().copied().map(Some)) {
            link.becomes(Weather::default());
            let mut phone = station.phone(&link).await?;
            phone.save(records).await?;
            link.becomes(Weather {
                cut_after: every.map(|kilobytes| kilobytes * 1_000),
                ..Weather::default()
            });
            // The connection of before is not one that is cut.
            phone.line.http = station.http();
            let (before, cuts) = (link.counts.read(), link.counts.cuts.load(Ordering::SeqCst));
            let sent = phone.send_whatever_breaks(MOST_FAILURES).await?;
            if sent.received < records {
                return Err(format!("only {} of {records} were received", sent.received).into());
            }
            let [up, down, _] = link.counts.since(before);
            let cuts = link.counts.cuts.load(Ordering::SeqCst) - cuts;
            #[allow(clippy::cast_precision_loss)]
            let total = (up + down) as f64;
            match every {
                None => {
                    uncut = total;
                    print(&format!("{records} entries, {what}, uncut: bytes both ways"), total, "B", None);
                }
                Some(kilobytes) => {
                    let budget = (kilobytes >= 16 && !tls && scale == Scale::Full).then_some(1.15);
                    let name = format!("{records} entries, {what}, cut every {kilobytes} kB ({cuts} cuts)");
                    print(&name, total / uncut, "x of uncut", budget);
                }
            }
        }
        running.stop().await?;
        if !beatbook_central::verify::verify(station.storage.as_ref()).await?.is_whole() {
            return Err("central's books are not whole".into());
        }
    }
    Ok(())
}
