//! When to try: after a save, on a nudge, by a timer; and what to tell the person meanwhile.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::LastTry;
use beatbook_words::text;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use super::error::SyncError;
use super::exchange::{Line, exchange};
use super::pace::Pace;
use crate::store::StoreOwner;
use crate::words;

/// Saves close together travel together.
const DEBOUNCE: Duration = Duration::from_millis(250);
/// "Send now" answers within this.
const ANSWER_NOW: Duration = Duration::from_millis(1_800);

/// How a run of exchanges goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// An exchange is under way.
    pub running: bool,
    /// Revisions received since the run began.
    pub done: usize,
    /// Revisions there were to send when it began.
    pub total: usize,
    /// Number of exchanges finished since start, whatever came of them.
    pub finished: u64,
}

struct Shared {
    hurry: Notify,
    soon: Notify,
    progress: watch::Sender<Progress>,
    last_try: Mutex<Option<LastTry>>,
    changed: Arc<dyn Fn() + Send + Sync>,
}

/// The sync engine of one open profile. Stops when dropped.
pub struct Engine {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Engine {
    /// Starts trying. `changed` is called whenever something a screen shows has changed. Needs a tokio runtime.
    #[must_use]
    pub fn start(owner: Arc<StoreOwner>, line: Line, changed: Arc<dyn Fn() + Send + Sync>) -> Self {
        let shared = Arc::new(Shared {
            hurry: Notify::new(),
            soon: Notify::new(),
            progress: watch::Sender::new(Progress::default()),
            last_try: Mutex::new(None),
            changed,
        });
        let task = tokio::spawn(run(owner, line, Arc::clone(&shared)));
        Self { shared, task }
    }

    /// Something was saved, or the platform hints at a connection: try soon.
    pub fn nudge(&self) {
        self.shared.soon.notify_one();
    }

    /// What was last tried.
    #[must_use]
    pub fn last_try(&self) -> Option<LastTry> {
        self.shared.last_try.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How the run under way goes.
    #[must_use]
    pub fn progress(&self) -> Progress {
        *self.shared.progress.borrow()
    }

    /// Tries now, and answers within two seconds with what is happening; the try itself goes on.
    pub async fn send_now(&self) -> String {
        let mut progress = self.shared.progress.subscribe();
        let before = progress.borrow_and_update().finished;
        self.shared.hurry.notify_one();
        let finished = progress.wait_for(|now| now.finished > before && !now.running);
        match tokio::time::timeout(ANSWER_NOW, finished).await {
            Ok(_) => self.last_try().map_or_else(|| words::SEND_TRYING.to_owned(), |last| last.words),
            Err(_) => match self.progress() {
                Progress { running: true, total: 0, .. } => words::SEND_ASKING.to_owned(),
                Progress { running: true, done, total, .. } => {
                    text!(send_progress, number = (done + 1).min(total), total = total)
                }
                _ => words::SEND_TRYING_ON.to_owned(),
            },
        }
    }
}

impl Shared {
    fn note(&self, at: Millis, outcome: &Result<String, SyncError>, next: Duration) {
        let next_at = Some(at.plus(i64::try_from(next.as_millis()).unwrap_or(i64::MAX)));
        let last = match outcome {
            Ok(words) => LastTry { at, reached: true, words: words.clone(), next_at },
            Err(error) => LastTry { at, reached: error.reached(), words: sentence(error), next_at },
        };
        *self.last_try.lock().unwrap_or_else(PoisonError::into_inner) = Some(last);
    }
}

/// What happened, that the entries are safe, and what happens next.
fn sentence(error: &SyncError) -> String {
    match error {
        SyncError::Unreachable(_) | SyncError::TimedOut => words::SEND_NO_ANSWER.to_owned(),
        other => {
            let words = other.to_string();
            let mut letters = words.chars();
            let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
            format!("{first}{}.", letters.as_str().trim_end_matches('.'))
        }
    }
}

async fn run(owner: Arc<StoreOwner>, line: Line, shared: Arc<Shared>) {
    let mut pace = Pace::default();
    loop {
        let outcome = exchange_all(&owner, &line, &mut pace, &shared).await;
        match &outcome {
            Ok(_) => {}
            Err(SyncError::Store(error)) => {
                tracing::warn!(%error, "the notebook could not be read for sending")
            }
            Err(error) => {
                tracing::info!(reached = error.reached(), "an exchange failed");
                pace.failed();
            }
        }
        let wait = pace.wait(random());
        shared.note(line.clock.now(), &outcome, wait);
        shared
            .progress
            .send_modify(|now| *now = Progress { finished: now.finished + 1, ..Progress::default() });
        (shared.changed)();
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = shared.hurry.notified() => {}
            () = shared.soon.notified() => tokio::time::sleep(DEBOUNCE).await,
        }
    }
}

/// Exchanges until nothing is left to send or to fetch.
async fn exchange_all(
    owner: &StoreOwner,
    line: &Line,
    pace: &mut Pace,
    shared: &Shared,
) -> Result<String, SyncError> {
    let total = owner.read(|store| Ok(store.outbox().sendable().count())).await?;
    shared
        .progress
        .send_modify(|now| *now = Progress { running: true, done: 0, total, finished: now.finished });
    (shared.changed)();
    let (mut received, mut refused) = (0, 0);
    loop {
        let step = exchange(owner, line, pace).await?;
        pace.succeeded();
        received += step.received;
        refused += step.refused;
        shared.progress.send_modify(|now| now.done = received + refused);
        if step.received + step.refused + step.pulled > 0 {
            (shared.changed)();
        }
        if !step.more {
            break;
        }
    }
    Ok(match (received, refused) {
        (_, n) if n > 0 => text!(send_refused, count = n),
        (0, _) => words::SEND_NOTHING_WAITING.to_owned(),
        _ => words::SEND_ALL_RECEIVED.to_owned(),
    })
}

/// 0 to 1. Without randomness the middle will do: jitter spreads load, nothing more.
fn random() -> f64 {
    let mut bytes = [0; 4];
    match getrandom::fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX),
        Err(_) => 0.5,
    }
}
