//! How much to send at once and how long to wait: batches by compressed bytes, waits by full jitter.

use std::time::Duration;

use beatbook_protocol::short::Effort;

/// First batch, compressed bytes.
const START: usize = 8 * 1024;
/// Largest batch, compressed bytes.
const LARGEST: usize = 256 * 1024;
/// Smallest cap; one record always travels, however large.
const SMALLEST: usize = 512;
/// Plain bytes a compressed byte stands for, until measured: records compress about fourfold.
const FIRST_RATIO: f64 = 4.0;

/// A request that says something about the width of the link, bytes.
const RATE_FROM: usize = 4 * 1024;
/// Below this many bytes a second the smallest form is quicker than the quickest.
const SLOW_RATE: f64 = 64.0 * 1024.0;

/// Shortest upper bound of a wait after a failure.
const FIRST_WAIT: Duration = Duration::from_secs(2);
/// Longest upper bound of a wait after a failure.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Between exchanges while all is well and nothing waits.
const IDLE_WAIT: Duration = Duration::from_secs(20);

/// Grows with success, halves with failure.
#[derive(Clone, Debug)]
pub struct Pace {
    cap: usize,
    ratio: f64,
    failures: u32,
    /// The next request is spelled out: its short form was not understood.
    pub spell_out: bool,
    /// Bytes up in a second, as the last large request went.
    rate: Option<f64>,
}

impl Default for Pace {
    fn default() -> Self {
        Self { cap: START, ratio: FIRST_RATIO, failures: 0, spell_out: false, rate: None }
    }
}

impl Pace {
    /// Most compressed bytes for the next request's batches.
    #[must_use]
    pub fn cap(&self) -> usize {
        self.cap
    }

    /// Plain bytes of head and body that should fit under the cap.
    #[must_use]
    pub fn plain_budget(&self) -> usize {
        // A positive product far below 2^52.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let budget = (self.cap as f64 * self.ratio) as usize;
        budget.max(1)
    }

    /// Learns how well the last request compressed.
    pub fn measured(&mut self, plain: usize, packed: usize) {
        if packed > 0 {
            #[allow(clippy::cast_precision_loss)]
            let ratio = plain as f64 / packed as f64;
            self.ratio = ratio.clamp(1.0, 20.0);
        }
    }

    /// Learns how fast the link is. Small requests say more about its delay than about its width.
    pub fn went(&mut self, bytes: usize, took: Duration) {
        if bytes >= RATE_FROM && !took.is_zero() {
            #[allow(clippy::cast_precision_loss)]
            let rate = bytes as f64 / took.as_secs_f64();
            self.rate = Some(rate);
        }
    }

    /// How hard to compress: where the link is slow, or failing, every byte counts.
    #[must_use]
    pub fn effort(&self) -> Effort {
        let is_slow = self.rate.is_some_and(|rate| rate < SLOW_RATE);
        if is_slow || self.failures > 0 { Effort::Small } else { Effort::Quick }
    }

    /// The exchange went through.
    pub fn succeeded(&mut self) {
        self.failures = 0;
        self.cap = (self.cap * 2).min(LARGEST);
    }

    /// It did not.
    pub fn failed(&mut self) {
        self.failures = self.failures.saturating_add(1);
        self.cap = (self.cap / 2).max(SMALLEST);
    }

    /// How long to wait now; `random` is 0 to 1. Full jitter: anything up to a bound that doubles with every failure.
    #[must_use]
    pub fn wait(&self, random: f64) -> Duration {
        if self.failures == 0 {
            return IDLE_WAIT.mul_f64(0.75 + random.clamp(0.0, 1.0) / 2.0);
        }
        let bound = FIRST_WAIT.saturating_mul(1 << (self.failures - 1).min(6)).min(LONGEST_WAIT);
        bound.mul_f64(random.clamp(0.05, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_is_cut_gets_ever_smaller_batches_down_to_one_record() {
        let mut pace = Pace::default();
        for _ in 0..3 {
            pace.succeeded();
        }
        assert_eq!(pace.cap(), 64 * 1024);
        for _ in 0..20 {
            pace.failed();
        }
        assert_eq!(pace.cap(), SMALLEST);
        assert!(pace.wait(1.0) <= LONGEST_WAIT);
        pace.succeeded();
        assert_eq!(pace.cap(), 2 * SMALLEST);
    }

    #[test]
    fn waits_are_jittered_and_bounded() {
        let mut pace = Pace::default();
        pace.failed();
        assert!(pace.wait(1.0) <= FIRST_WAIT && pace.wait(0.1) < pace.wait(0.9));
    }
}
