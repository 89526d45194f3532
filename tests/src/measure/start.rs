//! Cold start: from the start of the process to the first screen a person can use, on a phone with nothing on it. The
//! programs are in the disk cache; nothing of the app is in memory.

use std::time::{Duration, Instant};

use beatbook_tests::{Desk, Phone, css};

use crate::{Outcome, print, quantile};

/// Starts measured for one figure; the first is thrown away, it fills the disk cache.
const STARTS: usize = 7;

/// Measures.
pub fn measure() -> Outcome {
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
        times.push(started.elapsed().as_secs_f64() * 1000.0);
        window.close()?;
    }
    times.remove(0);
    times.sort_by(f64::total_cmp);
    print("cold start to first usable screen, p50", quantile(&times, 0.5), "ms", Some(2000.0));
    print("cold start to first usable screen, slowest of 6", quantile(&times, 1.0), "ms", None);
    Ok(())
}
