//! A durable, encrypted save beside a raw 4 KiB write and fdatasync to the same disk, in turn.

use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::Instant;

use beatbook_device::store::identity::Keys;
use beatbook_domain::id::VerifyKey;

use crate::{Outcome, fsyncs_of, notebook, print, quantile};

const SAVES: usize = 2_000;
const WARM_UP: usize = 200;

/// Measures.
pub fn measure() -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut store = new_notebook(folder.path())?;
    let mut raw = std::fs::File::create(folder.path().join("raw"))?;
    raw.set_len(4096 * 64)?;
    raw.sync_all()?;
    let page = vec![0x5a_u8; 4096];
    let (mut saves, mut writes, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..SAVES + WARM_UP {
        let began = Instant::now();
        raw.seek(SeekFrom::Start((n as u64 % 64) * 4096))?;
        raw.write_all(&page)?;
        raw.sync_data()?;
        let write = began.elapsed().as_secs_f64() * 1e6;
        let began = Instant::now();
        notebook::save(&mut store, n)?;
        let save = began.elapsed().as_secs_f64() * 1e6;
        if n >= WARM_UP {
            saves.push(save);
            writes.push(write);
            ratios.push(save / write);
        }
    }
    for values in [&mut saves, &mut writes, &mut ratios] {
        values.sort_by(f64::total_cmp);
    }
    let (p50, p99) = (quantile(&saves, 0.5), quantile(&saves, 0.99));
    let (raw50, raw99) = (quantile(&writes, 0.5), quantile(&writes, 0.99));
    print("durable encrypted save of one entry, p50", p50, "µs", None);
    print("durable encrypted save of one entry, p99", p99, "µs", None);
    print("raw 4 KiB write and fdatasync, interleaved, p50", raw50, "µs", None);
    print("raw 4 KiB write and fdatasync, interleaved, p99", raw99, "µs", None);
    print("save to raw, ratio of p50 (goal 1.8)", p50 / raw50, "x", Some(2.5));
    print("save to raw, ratio of p99", p99 / raw99, "x", None);
    print("save to raw, p50 of pairwise ratios", quantile(&ratios, 0.5), "x", None);
    fsyncs()
}

/// Times of so many durable saves in a new notebook, milliseconds: the middle and the slow end.
pub fn durable(saves: usize) -> Outcome<(f64, f64)> {
    let folder = tempfile::tempdir()?;
    let mut store = new_notebook(folder.path())?;
    let mut took = Vec::with_capacity(saves);
    for n in 0..saves {
        let began = Instant::now();
        notebook::save(&mut store, n)?;
        took.push(began.elapsed().as_secs_f64() * 1e3);
    }
    took.sort_by(f64::total_cmp);
    Ok((quantile(&took, 0.5), quantile(&took, 0.99)))
}

/// fsyncs of one save: two runs under strace, one with more saves than the other, so that opening cancels out.
pub fn fsyncs() -> Outcome {
    let traced = |saves: u32| {
        let program = std::env::current_exe()?.into_os_string();
        fsyncs_of(&[program, "saves".into(), saves.to_string().into()])
    };
    let (Some(few), Some(many)) = (traced(50)?, traced(150)?) else {
        eprintln!("strace is not here: fsyncs of a save were not counted");
        return Ok(());
    };
    print("fsyncs of one save", (f64::from(many) - f64::from(few)) / 100.0, "", Some(1.0));
    Ok(())
}

/// Saves this many entries and nothing else.
pub fn only_saves(saves: usize) -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut store = new_notebook(folder.path())?;
    for n in 0..saves {
        notebook::save(&mut store, n)?;
    }
    // The thread that owns a store moves its log into the database when idle; a save must not.
    std::mem::forget(store);
    Ok(())
}

fn new_notebook(folder: &Path) -> Outcome<beatbook_device::store::Store> {
    let keys = Keys::new(ed25519_dalek::SigningKey::from_bytes(&[7; 32]))?;
    notebook::create(folder, notebook::identity(VerifyKey([1; 32])), keys)
}
