//! How long this notebook has not heard central, kept over restarts.

use beatbook_domain::offline::OfflineWatch;
use beatbook_domain::time::{MINUTE_MS, Millis};
use rusqlite::Transaction;

use super::{Store, StoreError, settings};

/// Kept again once so much more was counted: what a restart may forget.
const KEEP_EVERY_MS: i64 = MINUTE_MS;

/// Where reading stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reads {
    /// When it stops, or stopped, by the device's clock.
    pub until: Millis,
    /// Whether it has stopped.
    pub stopped: bool,
}

impl Store {
    /// Whether this notebook may be read, under a limit in milliseconds. Looks at the clocks.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn reads(&mut self, limit_ms: i64) -> Result<Reads, StoreError> {
        let now = self.reading();
        let kept: Option<OfflineWatch> = match self.offline {
            Some(watch) => Some(watch),
            None => self.setting(settings::OFFLINE)?,
        };
        // A notebook of before there was a limit begins now.
        let first = kept.is_none();
        let mut watch = kept.unwrap_or_else(|| OfflineWatch::contact(now.corrected(), &now));
        watch.look(&now);
        if first || self.offline_kept.is_none_or(|before| watch.moved_on_from(&before, KEEP_EVERY_MS)) {
            // A full disk must not close a notebook: what is counted is kept in memory, and the next time on the disk.
            match self.set_setting(settings::OFFLINE, &watch) {
                Ok(()) => self.offline_kept = Some(watch),
                Err(error) => tracing::warn!(%error, "the time since the server was heard could not be kept"),
            }
        }
        self.offline = Some(watch);
        Ok(Reads { until: watch.ends(limit_ms, now.at), stopped: watch.left(limit_ms).is_none() })
    }

    /// Central was heard.
    pub(super) fn heard(&mut self, central: Millis) -> OfflineWatch {
        let watch = OfflineWatch::contact(central, &self.reading());
        (self.offline, self.offline_kept) = (Some(watch), Some(watch));
        watch
    }
}

/// Keeps a contact in the transaction that keeps the answer.
pub(super) fn keep(transaction: &Transaction<'_>, watch: &OfflineWatch) -> Result<(), StoreError> {
    settings::put_json(transaction, settings::OFFLINE, watch)
}
