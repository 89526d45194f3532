//! When to try: after a save, on a nudge, by a timer; and what to tell the person meanwhile.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::LastTry;
use beatbook_words::text;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use super::error::SyncError;
use super::exchange::{Exchanged, Line, exchange};
use super::http::Http;
use super::pace::Pace;
use super::photos::{self, Step};
use crate::store::copies::Safe;
use crate::store::settings::SAFE;
use crate::store::{StoreError, StoreOwner};
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
    /// The photo that leaves now: bytes the server has, of how many. Words go first.
    pub photo: Option<(u64, u64)>,
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
    http: Http,
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
        let http = line.http.clone();
        let task = tokio::spawn(run(owner, line, Arc::clone(&shared)));
        Self { shared, http, task }
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

    /// What is leaving now, in words; nothing while the server is only asked.
    #[must_use]
    pub fn under_way(&self) -> Option<String> {
        match self.progress() {
            Progress { running: true, photo: Some((has, bytes)), .. } => {
                Some(text!(sending_photo, percent = percent(has, bytes)))
            }
            Progress { running: true, done, total, .. } if total > 0 => {
                Some(text!(sending_number, number = (done + 1).min(total), total = total))
            }
            _ => None,
        }
    }

    /// Tries now, and answers within two seconds with what is happening; the try itself goes on.
    pub async fn send_now(&self) -> String {
        let mut progress = self.shared.progress.subscribe();
        let before = progress.borrow_and_update().finished;
        self.shared.hurry.notify_one();
        self.http.hurry();
        let finished = progress.wait_for(|now| now.finished > before && !now.running);
        match tokio::time::timeout(ANSWER_NOW, finished).await {
            Ok(_) => self.last_try().map_or_else(|| words::SEND_TRYING.to_owned(), |last| last.words),
            Err(_) => match self.progress() {
                Progress { running: true, photo: Some((has, bytes)), .. } => {
                    text!(send_photo, percent = percent(has, bytes))
                }
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

/// How much of a photo the server has, in whole percent.
#[must_use]
pub fn percent(has: u64, bytes: u64) -> u32 {
    u32::try_from(has.saturating_mul(100) / bytes.max(1)).unwrap_or(100).min(100)
}

/// How each kind of traffic goes: a photo that fails keeps no words waiting.
#[derive(Default)]
struct Paces {
    words: Pace,
    photos: Pace,
}

/// What a round came to.
struct Round {
    outcome: Result<String, SyncError>,
    /// Photos were left, because sending one failed.
    photo_failed: bool,
}

async fn run(owner: Arc<StoreOwner>, line: Line, shared: Arc<Shared>) {
    let mut paces = Paces::default();
    let mut walked = None;
    loop {
        let Round { outcome, photo_failed } = round(&owner, &line, &mut paces, &shared).await;
        match &outcome {
            Ok(_) => drop_copies(&owner, &mut walked).await,
            Err(SyncError::Store(error)) => {
                tracing::warn!(%error, "the notebook could not be read for sending");
                paces.words.failed(None);
            }
            Err(error) => {
                tracing::info!(reached = error.reached(), "an exchange failed");
                paces.words.failed(error.retry_after());
            }
        }
        let pace = if photo_failed { &paces.photos } else { &paces.words };
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

/// Drops copies that central holds safely, by policy: walks over them where central has stated something new, and so once a
/// day.
async fn drop_copies(owner: &StoreOwner, walked: &mut Option<Safe>) {
    let done = async {
        let (safe, run) = owner.read(|store| Ok((store.setting::<Safe>(SAFE)?, store.drop_run()?))).await?;
        let Some(mut run) = run.filter(|_| safe != *walked) else { return Ok(0) };
        let dropped = owner.steps(move |store| store.drop_step(&mut run)).await?;
        *walked = safe;
        Ok::<usize, StoreError>(dropped)
    };
    match done.await {
        Ok(0) => {}
        Ok(dropped) => tracing::info!(dropped, "copies that central holds were dropped by policy"),
        Err(error) => tracing::warn!(%error, "copies could not be looked through"),
    }
}

/// Words until none is left to send or to fetch, then photos, a chunk at a time; words saved meanwhile go first again.
async fn round(owner: &StoreOwner, line: &Line, paces: &mut Paces, shared: &Shared) -> Round {
    let mut sums = Exchanged::default();
    let mut photos = 0;
    let mut photo_problem = None;
    let outcome = loop {
        if let Err(error) = send_words(owner, line, &mut paces.words, shared, &mut sums).await {
            break Err(error);
        }
        match send_photos(owner, line, &mut paces.photos, shared, &mut sums).await {
            Ok(sent) => {
                photos += sent.received;
                photo_problem = None;
                if !sent.words_wait {
                    break Ok(());
                }
            }
            Err(error) => {
                paces.photos.failed(error.retry_after());
                // Central may have been restored a moment ago: the next exchange of words shows it.
                let ask_again = paces.photos.photo_unknown.is_some() && photo_problem.is_none();
                photo_problem = Some(error);
                if !ask_again {
                    break Ok(());
                }
            }
        }
    };
    let photo_failed = photo_problem.is_some() && outcome.is_ok();
    let outcome = outcome.map(|()| match (sums.refused, sums.received + photos, &photo_problem) {
        (_, _, Some(error)) => text!(send_photo_waits, problem = sentence(error)),
        (n, ..) if n > 0 => text!(send_refused, count = n),
        (0, 0, None) => words::SEND_NOTHING_WAITING.to_owned(),
        _ => words::SEND_ALL_RECEIVED.to_owned(),
    });
    Round { outcome, photo_failed }
}

/// Exchanges until no words are left to send or to fetch.
async fn send_words(
    owner: &StoreOwner,
    line: &Line,
    pace: &mut Pace,
    shared: &Shared,
    sums: &mut Exchanged,
) -> Result<(), SyncError> {
    let total = owner
        .read(|store| {
            // The log travels with this exchange, however busy the notebook is; a full disk keeps no words waiting.
            if let Err(error) = store.flush_log() {
                tracing::warn!(%error, "the log could not be written before sending");
            }
            Ok(store.outbox().sendable().count())
        })
        .await?;
    let already = sums.received + sums.refused;
    shared.progress.send_modify(|now| {
        *now = Progress { running: true, done: already, total: already + total, ..*now };
    });
    (shared.changed)();
    loop {
        let step = exchange(owner, line, pace).await?;
        sums.received += step.received;
        sums.refused += step.refused;
        shared.progress.send_modify(|now| now.done = sums.received + sums.refused);
        if step.received + step.refused + step.pulled > 0 {
            (shared.changed)();
        }
        if !step.more {
            return Ok(());
        }
    }
}

/// What became of the photos of a round.
struct Photos {
    received: usize,
    /// Something was saved meanwhile: it goes first.
    words_wait: bool,
}

async fn send_photos(
    owner: &StoreOwner,
    line: &Line,
    pace: &mut Pace,
    shared: &Shared,
    sums: &mut Exchanged,
) -> Result<Photos, SyncError> {
    let mut received = 0;
    let outcome = loop {
        if owner.read(|store| Ok(store.outbox().sendable().next().is_some())).await? {
            break Ok(Photos { received, words_wait: true });
        }
        match photos::send_next(owner, line, pace).await {
            Ok(Step::Nothing) => break Ok(Photos { received, words_wait: false }),
            Ok(Step::Going(photo)) => {
                pace.succeeded();
                shared.progress.send_modify(|now| now.photo = Some((photo.has, photo.bytes)));
            }
            Ok(Step::Received) => {
                pace.succeeded();
                received += 1;
            }
            Ok(Step::Refused) => sums.refused += 1,
            Err(error) => break Err(error),
        }
        (shared.changed)();
    };
    shared.progress.send_modify(|now| now.photo = None);
    outcome
}

/// 0 to 1. Without randomness the middle will do: jitter spreads load, nothing more.
pub(crate) fn random() -> f64 {
    let mut bytes = [0; 4];
    match getrandom::fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX),
        Err(_) => 0.5,
    }
}
