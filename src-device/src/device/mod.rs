//! The one face the shell sees: every command of the screens, answered by the open profile.
//!
//! A handler reads or writes through the store's owner thread and turns what the rules say into a view. It holds no rule
//! of its own that the domain could hold, and knows no window.

mod amend;
mod authority;
mod briefing;
mod capture;
mod cards;
mod closing;
mod context;
mod crew;
mod decisions;
mod duties;
mod entries;
mod error;
mod exporting;
mod figures;
mod find;
mod handover;
mod movement;
mod note_now;
mod offline;
mod outbox;
mod own_shifts;
mod patrol_record;
mod photos;
mod place_search;
mod places;
mod planner;
mod posts;
mod profiles;
mod readiness;
mod references;
mod replacing;
mod review;
mod revise;
mod same_again;
mod saving;
mod session;
mod shift_load;
mod slip;
mod spooling;
mod standards;
mod starting;
mod tasked;
mod team;
mod today;
mod units;
mod unlock;
mod views;
mod visits;

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use beatbook_domain::time::Mono;
use beatbook_protocol::ipc::{AppError, Command, ErrorCode};
use tokio::sync::watch;

use crate::clock::{Clock, SystemClock};
use crate::place::source::{NoPositions, Positions};
use crate::profile::KdfCost;
use crate::profile::keystore::{self, Keystore};
use crate::store::InstanceGuard;
use crate::words;
use session::Session;

/// How long the engine goes on sending behind a locked screen before the notebook is sealed.
const LOCK_POLICY: Duration = Duration::from_secs(30 * 60);

/// Where exports go in the app's own folder, where the platform names no other.
const EXPORTS: &str = "exports";

/// What a device is opened with. Everything a platform brings is a parameter.
#[derive(Clone)]
pub struct DeviceConfig {
    /// Where everything is kept.
    pub data_dir: PathBuf,
    /// Where files for the force go that somebody makes here.
    pub exports_dir: PathBuf,
    /// The platform's keystore.
    pub keystore: Arc<dyn Keystore>,
    /// The clocks.
    pub clock: Arc<dyn Clock>,
    /// Where the phone is.
    pub positions: Arc<dyn Positions>,
    /// Version of the app, as shown and told to central.
    pub app_version: String,
    /// What stretching a PIN costs. [`KdfCost::STANDARD`] everywhere but in tests that are about something else.
    pub kdf_cost: KdfCost,
    /// How long the engine goes on sending behind a locked screen.
    pub lock_policy: Duration,
}

impl DeviceConfig {
    /// What this platform offers, kept in `data_dir`.
    #[must_use]
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let data_dir = data_dir.into();
        Self {
            exports_dir: data_dir.join(EXPORTS),
            data_dir,
            keystore: keystore::platform(),
            positions: platform_positions(&clock),
            clock,
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
            kdf_cost: KdfCost::STANDARD,
            lock_policy: LOCK_POLICY,
        }
    }
}

/// gpsd on a Linux computer (`BEATBOOK_GPSD` names another address, or `off`); a phone's shell brings its own source.
fn platform_positions(clock: &Arc<dyn Clock>) -> Arc<dyn Positions> {
    use crate::place::gpsd::{DEFAULT_ADDRESS, Gpsd};
    if !cfg!(target_os = "linux") {
        return Arc::new(NoPositions);
    }
    let address = match std::env::var("BEATBOOK_GPSD") {
        Ok(text) => text.parse().ok(),
        Err(_) => Some(DEFAULT_ADDRESS.into()),
    };
    match address.map(|address| Gpsd::listen(address, Arc::clone(clock))) {
        Some(Ok(gpsd)) => Arc::new(gpsd),
        Some(Err(_)) | None => Arc::new(NoPositions),
    }
}

/// The device: its profiles, and the one that is open. Cheap to clone.
#[derive(Clone)]
pub struct Device {
    inner: Arc<Inner>,
}

struct Inner {
    config: DeviceConfig,
    _guard: InstanceGuard,
    session: Mutex<Option<Arc<Session>>>,
    /// Enrolling, unlocking and sealing happen one at a time.
    turn: tokio::sync::Mutex<()>,
    change: watch::Sender<u64>,
    notices: Mutex<Vec<String>>,
    /// Sending for notebooks that are locked.
    spooling: Mutex<spooling::Spooling>,
    /// A connection may be there: the one that sends for locked notebooks tries now.
    spool_hint: Arc<tokio::sync::Notify>,
    /// Whether a keystore answered, and when it was asked: asking costs a conversation with another process.
    keystore_seen: Mutex<Option<(Mono, bool)>>,
}

/// Answers one command of the screens.
pub trait Handle<C: Command> {
    /// Does it.
    ///
    /// # Errors
    /// [`AppError`]: a code the screens match on, and plain words.
    fn handle(&self, command: C) -> impl Future<Output = Result<C::Output, AppError>> + Send;
}

impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Device").finish_non_exhaustive()
    }
}

impl Device {
    /// Opens the device's folder; no profile is open yet. Needs no runtime; answering commands needs tokio's.
    ///
    /// # Errors
    /// [`ErrorCode::AlreadyRunning`] where another Beatbook holds the folder; storage errors.
    pub fn open(config: DeviceConfig) -> Result<Self, AppError> {
        let guard = InstanceGuard::take(&config.data_dir)?;
        Ok(Self {
            inner: Arc::new(Inner {
                config,
                _guard: guard,
                session: Mutex::new(None),
                turn: tokio::sync::Mutex::new(()),
                change: watch::Sender::new(1),
                notices: Mutex::new(Vec::new()),
                spooling: Mutex::default(),
                spool_hint: Arc::default(),
                keystore_seen: Mutex::new(None),
            }),
        })
    }

    /// The folder everything is kept in.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.inner.config.data_dir
    }

    /// Seals the open profile, if one is, and waits until everything is on the disk. For the shell before it exits.
    pub async fn seal(&self) {
        let _turn = self.inner.turn.lock().await;
        self.seal_open(session::Why::Closing).await;
        self.stop_spools();
    }

    /// A hint of the platform that sending may work now (a connection, the app in the foreground). Only a hint: it leads
    /// to a try and decides nothing.
    pub fn hint(&self) {
        if let Some(session) = self.open_session() {
            session.nudge();
        }
        self.inner.spool_hint.notify_one();
    }

    /// The open profile, for a screen: there must be one, and its screen not locked.
    fn session(&self) -> Result<Arc<Session>, AppError> {
        match self.open_session() {
            Some(session) if !session.is_screen_locked() => Ok(session),
            _ => Err(AppError::new(ErrorCode::Locked, words::NOTEBOOK_LOCKED)),
        }
    }

    /// The open profile, whether its screen is locked or not.
    fn open_session(&self) -> Option<Arc<Session>> {
        self.inner.session.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn session_slot(&self) -> MutexGuard<'_, Option<Arc<Session>>> {
        self.inner.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the open profile away, stops its engine and closes its store: from then on its key is nowhere in memory.
    async fn seal_open(&self, why: session::Why) {
        let session = self.session_slot().take();
        if let Some(session) = session {
            // What is not received is sealed to central first, and sent while the notebook is locked.
            if let Some((device, transport)) = session.seal(why, &self.inner.config.app_version).await {
                self.keep_transport(device, transport);
                self.spool_is_new(session.vault.folder());
                self.send_spools();
            }
            self.changed();
        }
    }

    /// Something the screens show has changed.
    fn changed(&self) {
        self.inner.change.send_modify(|number| *number += 1);
    }

    /// A call that does the same from elsewhere, without keeping the device alive.
    fn changed_call(&self) -> Arc<dyn Fn() + Send + Sync> {
        let change = self.inner.change.clone();
        Arc::new(move || change.send_modify(|number| *number += 1))
    }

    fn note(&self, words: String) {
        let mut notices = self.inner.notices.lock().unwrap_or_else(PoisonError::into_inner);
        if !notices.contains(&words) {
            notices.push(words);
        }
    }

    fn notices(&self) -> Vec<String> {
        self.inner.notices.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Every command has its handler: this does not compile otherwise.
macro_rules! answers_every_command {
    ($($command:ident => $name:ident -> $output:ident;)+) => {
        const _: () = {
            const fn answers<C: Command>() where Device: Handle<C> {}
            $(answers::<beatbook_protocol::ipc::$command>();)+
        };
    };
}
beatbook_protocol::commands!(answers_every_command);
