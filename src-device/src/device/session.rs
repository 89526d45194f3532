//! One open profile: its store, its engine, and whether its screen is locked.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use beatbook_domain::entry::{Kind, LogRecord};
use beatbook_domain::id::{Code, DeviceId, Digest, EntryId, Link, TeamId};
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{AppError, LastTry, PillView};
use ed25519_dalek::SigningKey;
use uuid::Uuid;

use super::context::{Context, ContextCache};
use super::profiles::Card;
use crate::clock::Clock;
use crate::profile::Vault;
use crate::store::drafts::Draft;
use crate::store::{Identity, NewRevision, Store, StoreError, StoreOwner};
use crate::sync::{Engine, spool};
use crate::words;

/// Why a notebook is locked, as the log names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// The officer locked the screen; the engine goes on.
    Screen,
    /// The officer sealed it.
    Asked,
    /// Another officer unlocked.
    Switch,
    /// The screen was locked for longer than the engine may go on.
    Policy,
    /// The app is closing.
    Closing,
}

impl Why {
    fn code(self) -> Code {
        Code::new(match self {
            Self::Screen => "screen",
            Self::Asked => "asked",
            Self::Switch => "switch",
            Self::Policy => "policy",
            Self::Closing => "closing",
        })
    }
}

/// What an undo within ten seconds needs.
#[derive(Clone, Debug)]
pub(super) struct Undo {
    /// The draft as it was saved.
    pub draft: Draft,
    /// The revisions it became: entry, link and kind.
    pub saved: Vec<(EntryId, Link, Kind)>,
    /// Until when.
    pub until: Millis,
}

/// An open profile.
pub(super) struct Session {
    /// The profile.
    pub profile_id: Uuid,
    /// Its vault.
    pub vault: Vault,
    /// Whose it is.
    pub identity: Arc<Identity>,
    owner: Arc<StoreOwner>,
    engine: Mutex<Option<Arc<Engine>>>,
    screen_locked: AtomicBool,
    /// Counts screen locks, so that the seal timer of an earlier one does nothing.
    locks: std::sync::atomic::AtomicU64,
    context: ContextCache,
    undo: Mutex<BTreeMap<EntryId, Undo>>,
    /// Photos that are being fetched, and how much of them has come, percent.
    fetching: Mutex<BTreeMap<Digest, u32>>,
    clock: Arc<dyn Clock>,
}

impl Session {
    pub(super) fn new(
        profile_id: Uuid,
        vault: Vault,
        identity: Arc<Identity>,
        owner: Arc<StoreOwner>,
        engine: Option<Engine>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            profile_id,
            vault,
            identity,
            owner,
            engine: Mutex::new(engine.map(Arc::new)),
            screen_locked: AtomicBool::new(false),
            locks: std::sync::atomic::AtomicU64::new(0),
            context: ContextCache::default(),
            undo: Mutex::new(BTreeMap::new()),
            fetching: Mutex::new(BTreeMap::new()),
            clock,
        }
    }

    /// Device UTC now.
    pub(super) fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Runs a save on the owner thread, and lets the engine know.
    pub(super) async fn save<T: Send + 'static, E: From<StoreError> + Send + 'static>(
        &self,
        job: impl FnOnce(&mut Store) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        // The job's own refusals travel through the owner thread as a value: only the store's errors are its business.
        let outcome = self.owner.save(move |store| Ok(job(store))).await.map_err(E::from)?;
        self.nudge();
        outcome
    }

    /// Runs a read on the owner thread, when no save waits.
    pub(super) async fn read<T: Send + 'static, E: From<StoreError> + Send + 'static>(
        &self,
        job: impl FnOnce(&mut Store) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        self.owner.read(move |store| Ok(job(store))).await.map_err(E::from)?
    }

    /// The thread that owns the store, for what talks to central in several steps.
    pub(super) fn owner(&self) -> &StoreOwner {
        &self.owner
    }

    /// How much of a photo that is being fetched has come, percent.
    pub(super) fn photo_came(&self, sha256: Digest) -> Option<u32> {
        self.fetching.lock().unwrap_or_else(PoisonError::into_inner).get(&sha256).copied()
    }

    /// A photo comes, or does no longer.
    pub(super) fn photo_comes(&self, sha256: Digest, percent: Option<u32>) {
        let mut fetching = self.fetching.lock().unwrap_or_else(PoisonError::into_inner);
        match percent {
            Some(percent) => fetching.insert(sha256, percent),
            None => fetching.remove(&sha256),
        };
    }

    /// What is leaving now, in words.
    pub(super) fn under_way(&self) -> Option<String> {
        self.engine()?.under_way()
    }

    /// Who is who, the lists in force, the areas.
    pub(super) async fn context(&self) -> Result<Arc<Context>, AppError> {
        Ok(self.context.get(&self.owner).await?)
    }

    /// The team of the officer now, by the roster held here; that of the enrolment where it names none.
    pub(super) async fn team(&self, context: &Context) -> Result<Option<(TeamId, String)>, AppError> {
        let (now, at_enrolment) = (context.me.team, self.identity.team.clone());
        let Some(team) = now else { return Ok(at_enrolment) };
        let name = self.read(move |store| Ok::<_, AppError>(store.team_name(team)?)).await?;
        Ok(name.map(|name| (team, name)).or(at_enrolment))
    }

    /// As a heading names it.
    pub(super) async fn team_name(&self, context: &Context) -> Result<Option<String>, AppError> {
        Ok(self.team(context).await?.map(|(_, name)| name))
    }

    fn engine(&self) -> Option<Arc<Engine>> {
        self.engine.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Something was saved: the engine tries soon.
    pub(super) fn nudge(&self) {
        if let Some(engine) = self.engine() {
            engine.nudge();
        }
    }

    /// What was last tried.
    pub(super) fn last_try(&self) -> Option<LastTry> {
        self.engine().and_then(|engine| engine.last_try())
    }

    /// Tries now; answers within two seconds with what is happening.
    pub(super) async fn send_now(&self) -> String {
        match self.engine() {
            Some(engine) => engine.send_now().await,
            None => words::NOTEBOOK_CLOSING.to_owned(),
        }
    }

    pub(super) fn is_screen_locked(&self) -> bool {
        self.screen_locked.load(Ordering::SeqCst)
    }

    /// Locks the screen; returns the number of this lock.
    pub(super) fn lock_screen(&self) -> u64 {
        self.screen_locked.store(true, Ordering::SeqCst);
        self.locks.fetch_add(1, Ordering::SeqCst) + 1
    }

    pub(super) fn unlock_screen(&self) {
        self.screen_locked.store(false, Ordering::SeqCst);
    }

    /// Whether the screen is still locked by this very lock.
    pub(super) fn still_locked_by(&self, lock: u64) -> bool {
        self.is_screen_locked() && self.locks.load(Ordering::SeqCst) == lock
    }

    /// Puts a record of the log aside, to be written in a moment.
    pub(super) async fn log(&self, kind: Kind, record: LogRecord) -> Result<(), StoreError> {
        let at = self.now();
        self.owner
            .read(move |store| {
                store.log_soon(NewRevision::log(kind, at, record));
                Ok(())
            })
            .await
    }

    /// That the notebook was locked, and why.
    pub(super) async fn log_locked(&self, why: Why) {
        let record = LogRecord { what: Some(why.code()), ..LogRecord::default() };
        if let Err(error) = self.log(Kind::Locked, record).await {
            tracing::warn!(%error, "a lock could not be logged");
        }
    }

    /// The pill without its total, and the card beside the vault brought up to date.
    pub(super) async fn pill_for_card(&self) -> Option<PillView> {
        let pill = self.owner.read(|store| Ok(store.outbox().pill())).await.ok()?;
        let reads = self.reads().await.ok();
        let card = Card {
            unsent: pill.waiting,
            last_open: self.now(),
            reads_until: reads.as_ref().map(|reads| reads.until),
            reading_stopped: reads.is_some_and(|reads| reads.stopped),
        };
        card.write(self.vault.folder());
        Some(pill)
    }

    pub(super) fn keep_undo(&self, undo: Undo) {
        let now = self.now();
        let mut held = self.undo.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|_, undo| undo.until > now);
        held.insert(undo.draft.entry_id, undo);
    }

    pub(super) fn take_undo(&self, entry: EntryId) -> Option<Undo> {
        let now = self.now();
        let undo = self.undo.lock().unwrap_or_else(PoisonError::into_inner).remove(&entry)?;
        (undo.until >= now).then_some(undo)
    }

    /// Locks the notebook for good: the log says why, what is not received is sealed to central, then it is closed. Gives
    /// what signs for it while it is locked, where there is something to send.
    pub(super) async fn seal(&self, why: Why, app_version: &str) -> Option<(DeviceId, SigningKey)> {
        self.log_locked(why).await;
        self.stop();
        let laid_out = spool::lay_out(&self.owner, self.vault.folder(), app_version.to_owned()).await;
        let signs = match laid_out {
            Ok(_) => self
                .owner
                .read(|store| Ok((store.identity().device_id, store.keys().transport.clone())))
                .await
                .ok(),
            Err(error) => {
                // The notebook holds it all, and sends by itself once it is opened.
                tracing::warn!(%error, "nothing could be sealed for sending while this notebook is locked");
                None
            }
        };
        self.close().await;
        signs
    }

    fn stop(&self) {
        drop(self.engine.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// Stops the engine, writes what waits, closes the store. The key leaves the memory with it.
    pub(super) async fn close(&self) {
        self.pill_for_card().await;
        self.stop();
        let owner = Arc::clone(&self.owner);
        // Closing checkpoints: it may take a moment, and must not hold up the runtime.
        if tokio::task::spawn_blocking(move || owner.close()).await.is_err() {
            tracing::error!("the notebook did not close in order");
        }
    }
}
