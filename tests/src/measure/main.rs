//! Measures the real programs and prints one figure as JSON on each line; `cargo xtask bench` collects them.
//!
//! Times stand beside what bounds them in the same run (a raw write to the same disk), because machines differ and disks
//! change their mind; only ratios are worth comparing between days.
#![allow(clippy::print_stdout, reason = "figures go to whoever asked")]

mod areas;
mod central;
mod dictionary;
mod faults;
mod find;
mod first_entry;
mod month;
mod notebook;
mod peers;
mod proxy;
mod save;
mod start;
mod station;
mod sync;
mod weak;

use clap::Parser as _;
use serde_json::json;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let scale = if std::env::args().any(|one| one == "--quick") { Scale::Quick } else { Scale::Full };
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        // Called by itself under strace.
        Some("saves") => save::only_saves(arguments.next().unwrap_or_default().parse()?),
        // Each alone, while working on it.
        Some("sync") => sync::measure(scale),
        // Under strace, for a test that looks at its sockets.
        Some("probe") => sync::probe(),
        Some("save") => save::measure(),
        Some("central") => central::measure(scale),
        Some("peers") => peers::measure(scale),
        // Ours alone, for a profiler.
        Some("carry") => peers::carry(scale),
        Some("weak") => weak::measure(scale),
        // Makes the dictionary of the short form; not a measurement, but it needs the same parts.
        Some("dictionary") => dictionary::train(arguments.next().unwrap_or_default().as_ref()),
        Some("find") => find::measure(),
        Some("areas") => areas::measure(),
        Some("first-entry") => first_entry::measure(),
        Some("fault-calls") => faults::measure_calls(),
        Some("faults") => faults::measure(&faults::Arguments::parse_from(std::env::args().skip(1))),
        Some(other) => Err(format!("no such measurement: {other}").into()),
        None => {
            save::measure()?;
            find::measure()?;
            areas::measure()?;
            sync::measure(Scale::Full)?;
            weak::measure(Scale::Full)?;
            start::measure()?;
            first_entry::measure()?;
            faults::measure(&faults::Arguments::parse_from(["faults"]))?;
            faults::measure_calls()
        }
    }
}

/// How much is measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Scale {
    /// What the tables hold.
    Full,
    /// Everything once and small: says only that it can be measured.
    Quick,
}

impl Scale {
    fn of(self, full: usize, quick: usize) -> usize {
        match self {
            Self::Full => full,
            Self::Quick => quick,
        }
    }
}

/// Prints one figure.
fn print(name: &str, value: f64, unit: &str, budget: Option<f64>) {
    println!("{}", json!({ "name": name, "value": value, "unit": unit, "budget": budget }));
}

/// Prints the middle and the slow end of some times in milliseconds.
fn print_times(name: &str, mut times: Vec<f64>, budget_p99: Option<f64>) {
    times.sort_by(f64::total_cmp);
    print(&format!("{name}, p50"), quantile(&times, 0.5), "ms", None);
    print(&format!("{name}, p99"), quantile(&times, 0.99), "ms", budget_p99);
}

/// The value below which `part` (0 to 1) of the sorted values lie.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    // An index into a slice: small, positive and whole.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    let at = (last as f64 * part).round() as usize;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}

/// How often a program and its threads make the disk write, as strace counts it; none where strace is not here.
fn fsyncs_of(command: &[std::ffi::OsString]) -> Outcome<Option<u32>> {
    let folder = tempfile::tempdir()?;
    let counts = folder.path().join("counts");
    let started = std::process::Command::new("strace")
        .args(["-f", "-c", "-e", "trace=fsync,fdatasync,sync_file_range,msync", "-o"])
        .arg(&counts)
        .args(command)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status();
    match started {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
        Ok(status) if !status.success() => Err("a program under strace failed".into()),
        Ok(_) => {
            let table = std::fs::read_to_string(&counts)?;
            let calls = |line: &str| {
                let columns: Vec<&str> = line.split_whitespace().collect();
                matches!(columns.last(), Some(&("fsync" | "fdatasync" | "sync_file_range" | "msync")))
                    .then(|| columns.get(3)?.parse::<u32>().ok())?
            };
            Ok(Some(table.lines().filter_map(calls).sum()))
        }
    }
}
