//! From a black screen to Saved: the app starts cold on a phone with a notebook and an open shift, is unlocked, and the
//! common engagement is saved. Offline; the taps are the driver's, so this is what the machine takes, not a thumb.

use std::time::{Duration, Instant};

use beatbook_tests::{Central, Desk, Hand, Phone, at, codes};

use crate::{Outcome, print, quantile};

/// Starts measured for one figure; the first is thrown away, it fills the disk cache.
const STARTS: usize = 6;
const OFFICER: &str = "1482";
const PIN: &str = "270148";

/// Measures.
pub fn measure() -> Outcome {
    let mut central = Central::new()?;
    let code = codes(&central.tell(["seed-demo", "--json"])?);
    central.start()?;
    let desk = Desk::with_keystore()?;
    let phone = Phone::new()?;
    let hand = Hand::on(phone.open(&desk)?);
    hand.sees("enrol-go");
    hand.enrol(&central.address(), &code(OFFICER), PIN);
    hand.unlock(OFFICER, PIN);
    hand.press("start-shift");
    hand.writes("call-sign", "NC12");
    hand.press("start-shift-go");
    hand.sees("new-leg");
    hand.press("new-engagement");
    hand.press("type-E_CHAT");
    hand.press("save-engagement");
    hand.sees("new-engagement");
    hand.window.close()?;
    central.stop();

    let (mut whole, mut entry, mut taps) = (Vec::new(), Vec::new(), 0);
    for _ in 0..STARTS {
        let started = Instant::now();
        let hand = Hand::on(phone.open(&desk)?);
        hand.unlock(OFFICER, PIN);
        hand.sees("new-engagement");
        let opened = Instant::now();
        hand.taps();
        hand.press("new-engagement");
        hand.press("topic-T_STREETSAFE");
        hand.press("save-engagement");
        taps = hand.taps();
        hand.window.wait_long("Saved", Duration::from_secs(30), |window| {
            Ok(window.shows(&at("toast-undo"))?.then_some(()))
        })?;
        whole.push(started.elapsed().as_secs_f64() * 1000.0);
        entry.push(opened.elapsed().as_secs_f64() * 1000.0);
        hand.window.close()?;
    }
    whole.remove(0);
    entry.remove(0);
    whole.sort_by(f64::total_cmp);
    entry.sort_by(f64::total_cmp);
    print("black screen to Saved, PIN typed by the driver, p50", quantile(&whole, 0.5), "ms", None);
    print("Today to Saved, the common engagement, p50", quantile(&entry, 0.5), "ms", Some(10_000.0));
    print("taps of the common engagement from Today", f64::from(taps), "taps", Some(3.0));
    Ok(())
}
