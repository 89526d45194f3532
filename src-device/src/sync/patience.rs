//! A connection can die without a word: then whoever presses "Send now" need not wait until that is certain.

use std::time::{Duration, Instant};

use tokio::sync::watch;

/// A request that has been waited for this long is given up for another connection when a person asks. Uploads of a full
/// batch are shorter on all but the narrowest links.
const QUIET: Duration = Duration::from_secs(6);

/// Whether somebody stands there and waits.
#[derive(Debug, Default)]
pub(super) struct Patience {
    asked: watch::Sender<u64>,
}

impl Patience {
    /// A person asks.
    pub(super) fn ask(&self) {
        self.asked.send_modify(|times| *times += 1);
    }

    /// Waits for something; none where a person asked after it had taken long already, and `may_give_up` says so too.
    pub(super) async fn wait<T>(
        &self,
        work: impl Future<Output = T>,
        may_give_up: impl Fn() -> bool,
    ) -> Option<T> {
        let (began, mut asked) = (Instant::now(), self.asked.subscribe());
        let lost = async {
            // The sender lives as long as this borrow.
            while asked.changed().await.is_ok() {
                if began.elapsed() >= QUIET && may_give_up() {
                    return;
                }
            }
            std::future::pending().await
        };
        tokio::select! {
            came = work => Some(came),
            () = lost => None,
        }
    }
}
