//! Measures times of the real programs and prints one figure as JSON on each line; `cargo xtask bench` collects them.
#![allow(clippy::print_stdout, reason = "figures go to whoever asked")]

use std::time::{Duration, Instant};

use beatbook_tests::{Desk, Phone, Result, css};
use serde_json::json;

/// Starts measured for one figure; the first is thrown away, it fills the disk cache.
const STARTS: usize = 7;

fn main() -> Result {
    cold_start()
}

/// From the start of the process to the first screen a person can use, on a phone with nothing on it. The programs are
/// in the disk cache; nothing of the app is in memory.
fn cold_start() -> Result {
    let desk = Desk::with_keystore()?;
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let phone = Phone::new()?;
        let started = Instant::now();
        let window = phone.open(&desk)?;
        window.wait_long("the first screen", Duration::from_secs(30), |window| {
            Ok((window.count(&css("main h1"))? > 0 && window.count(&css("main ~ footer, main button"))? > 0)
                .then_some(()))
        })?;
        times.push(started.elapsed());
        window.close()?;
    }
    times.remove(0);
    times.sort();
    print("cold start to first usable screen, p50", times[times.len() / 2], Some(2000.0));
    print("cold start to first usable screen, slowest of 6", times[times.len() - 1], None);
    Ok(())
}

fn print(name: &str, time: Duration, budget: Option<f64>) {
    println!(
        "{}",
        json!({ "name": name, "value": time.as_secs_f64() * 1000.0, "unit": "ms", "budget": budget })
    );
}
