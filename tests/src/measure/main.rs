//! Measures the real programs and prints one figure as JSON on each line; `cargo xtask bench` collects them.
//!
//! Times stand beside what bounds them in the same run (a raw write to the same disk), because machines differ and disks
//! change their mind; only ratios are worth comparing between days.
#![allow(clippy::print_stdout, reason = "figures go to whoever asked")]

mod areas;
mod dictionary;
mod faults;
mod find;
mod first_entry;
mod notebook;
mod proxy;
mod save;
mod start;
mod sync;

use clap::Parser as _;
use serde_json::json;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        // Called by itself under strace.
        Some("saves") => save::only_saves(arguments.next().unwrap_or_default().parse()?),
        // Each alone, while working on it.
        Some("sync") => sync::measure(),
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
            sync::measure()?;
            start::measure()?;
            first_entry::measure()?;
            faults::measure(&faults::Arguments::parse_from(["faults"]))?;
            faults::measure_calls()
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
