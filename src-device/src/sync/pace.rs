//! How much to send at once and how long to wait: batches by compressed bytes, waits by full jitter.

use std::time::Duration;

use beatbook_domain::id::Digest;
use beatbook_protocol::short::Effort;
use beatbook_protocol::sync::MAX_REVISIONS;

use super::exchange::{Flight, Unfinished};

/// First batch, compressed bytes: a shift's entries in one request. A link that breaks on the way costs only its rest.
const START: usize = 32 * 1024;
/// What the narrowest link is given all the same, compressed bytes: a rate that was measured on little says little.
const NARROW: usize = 16 * 1024;
/// Largest batch, compressed bytes.
const LARGEST: usize = 256 * 1024;
/// Smallest cap; one record always travels, however large.
const SMALLEST: usize = 512;
/// Plain bytes a compressed byte stands for, until measured: twenty where prose is short; what comes out too large is
/// made smaller before it leaves.
const FIRST_RATIO: f64 = 12.0;

/// A request that says something about the width of the link, bytes.
const RATE_FROM: usize = 4 * 1024;
/// Seconds that one request may take at the width of the link.
const CARRIED_IN: f64 = 8.0;
/// Below this many bytes a second the smallest form is quicker than the quickest: it saves five bytes a record and costs
/// half a millisecond.
const SLOW_RATE: f64 = 10.0 * 1024.0;

/// Most records in one request.
const MAX_RECORDS: usize = MAX_REVISIONS;
/// The longest wait that is believed: a portal may say anything.
const LONGEST_ASKED: Duration = Duration::from_secs(15 * 60);

/// Shortest upper bound of a wait after a failure.
const FIRST_WAIT: Duration = Duration::from_secs(2);
/// Longest upper bound of a wait after a failure.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Between exchanges while all is well and nothing waits.
const IDLE_WAIT: Duration = Duration::from_secs(20);

/// Grows with success, halves with failure.
#[derive(Debug)]
pub struct Pace {
    cap: usize,
    ratio: f64,
    failures: u32,
    /// The next request is spelled out: its short form was not understood.
    pub spell_out: bool,
    /// The request that broke off, to go on with.
    pub(super) unfinished: Option<Box<Unfinished>>,
    /// The request that is on its way already while the answer before it is written down.
    pub(super) flying: Option<Box<Flight>>,
    /// Bytes up in a second, as the last large request went.
    rate: Option<f64>,
    /// A photo central has just said it knows nothing of.
    pub photo_unknown: Option<Digest>,
    /// Most records in the next request, where a larger batch was not understood.
    most: Option<usize>,
    /// How long whoever answered asked to wait.
    asked: Option<Duration>,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            cap: START,
            ratio: FIRST_RATIO,
            failures: 0,
            spell_out: false,
            unfinished: None,
            flying: None,
            rate: None,
            photo_unknown: None,
            most: None,
            asked: None,
        }
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

    /// Most records in the next request.
    #[must_use]
    pub fn most_records(&self) -> usize {
        self.most.unwrap_or(MAX_RECORDS)
    }

    /// A batch of so many records was not understood as a whole: half of it next, until the bad one stands alone.
    pub fn split(&mut self, records: usize) {
        self.most = Some((records / 2).max(1));
    }

    /// The exchange went through.
    pub fn succeeded(&mut self) {
        self.failures = 0;
        self.asked = None;
        self.most = self.most.map(|most| most * 2).filter(|most| *most < MAX_RECORDS);
        self.cap = (self.cap * 2).min(self.widest());
    }

    /// What the link carries in a few seconds: more would keep whoever waits, and hide that the other side is gone.
    fn widest(&self) -> usize {
        // A positive product far below 2^52.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let carried = self.rate.map_or(LARGEST, |rate| (rate * CARRIED_IN) as usize);
        carried.clamp(NARROW, LARGEST)
    }

    /// It did not; `asked` is how long whoever answered asked to wait.
    pub fn failed(&mut self, asked: Option<Duration>) {
        self.asked = asked.map(|asked| asked.min(LONGEST_ASKED));
        self.failures = self.failures.saturating_add(1);
        // A request that can go on where it broke may be large; whether it got any further shows when it does.
        if self.unfinished.is_none() {
            self.narrow();
        }
    }

    /// A request got no further than the one before: smaller ones from now on.
    pub(super) fn narrow(&mut self) {
        self.cap = (self.cap / 2).max(SMALLEST);
    }

    /// A request that broke off got further than before: the link carries something, so the next try need not wait long.
    pub(super) fn got_further(&mut self) {
        self.failures = self.failures.min(1);
    }

    /// Whether all goes as it should: then the next request need not wait until the answer before is written down.
    pub(super) fn is_steady(&self) -> bool {
        self.failures == 0 && !self.spell_out && self.unfinished.is_none() && self.most.is_none()
    }

    /// Whether the last try failed.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.failures > 0
    }

    /// How long to wait now; `random` is 0 to 1. Full jitter: anything up to a bound that doubles with every failure.
    #[must_use]
    pub fn wait(&self, random: f64) -> Duration {
        if self.failures == 0 {
            return IDLE_WAIT.mul_f64(0.75 + random.clamp(0.0, 1.0) / 2.0);
        }
        let bound = FIRST_WAIT.saturating_mul(1 << (self.failures - 1).min(6)).min(LONGEST_WAIT);
        let jittered = bound.mul_f64(random.clamp(0.05, 1.0));
        // Never sooner than asked; spread, so that not everybody comes back at that very moment.
        self.asked.map_or(jittered, |asked| asked + jittered.min(asked / 4 + FIRST_WAIT))
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
        assert_eq!(pace.cap(), LARGEST);
        for _ in 0..20 {
            pace.failed(None);
        }
        assert_eq!(pace.cap(), SMALLEST);
        assert!(pace.wait(1.0) <= LONGEST_WAIT);
        pace.succeeded();
        assert_eq!(pace.cap(), 2 * SMALLEST);
    }

    #[test]
    fn a_narrow_link_gets_no_more_than_it_carries_in_a_few_seconds() {
        let mut pace = Pace::default();
        pace.went(16 * 1024, Duration::from_secs(4));
        for _ in 0..9 {
            pace.succeeded();
        }
        assert_eq!(pace.cap(), 8 * 4 * 1024);
    }

    #[test]
    fn waits_are_jittered_and_bounded() {
        let mut pace = Pace::default();
        pace.failed(None);
        assert!(pace.wait(1.0) <= FIRST_WAIT && pace.wait(0.1) < pace.wait(0.9));
    }

    #[test]
    fn whoever_is_busy_and_says_until_when_is_not_asked_before() {
        let mut pace = Pace::default();
        pace.failed(Some(Duration::from_secs(90)));
        let (least, most) = (pace.wait(0.0), pace.wait(1.0));
        assert!(
            least >= Duration::from_secs(90) && most > least && most < Duration::from_secs(120),
            "{most:?}"
        );
        pace.failed(Some(Duration::from_secs(86_400 * 365)));
        assert!(pace.wait(1.0) < Duration::from_secs(20 * 60), "a portal may say anything");
        pace.failed(None);
        assert!(pace.wait(1.0) <= LONGEST_WAIT);
    }

    #[test]
    fn a_batch_that_is_not_understood_is_halved_down_to_one_and_grows_again() {
        let mut pace = Pace::default();
        let mut records = 40;
        let mut tries = 0;
        while records > 1 {
            pace.split(records);
            records = pace.most_records();
            tries += 1;
        }
        assert_eq!((records, tries), (1, 5));
        for _ in 0..20 {
            pace.succeeded();
        }
        assert_eq!(pace.most_records(), MAX_RECORDS);
    }
}
