//! First start, unlock and lock, and the long poll that tells screens to refresh.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use beatbook_domain::entry::{Kind, LogRecord};
use beatbook_domain::id::{ChainId, Code};
use beatbook_domain::review::{supervises, works_the_beat};
use beatbook_protocol::ipc::{
    AppError, ChangeView, Colleague, Enrol, ErrorCode, GetLists, GetStatus, ListsView, Lock, SessionView,
    StatusView, Unlock, WaitForChange,
};
use beatbook_protocol::sync::OfficerRow;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::posts::capabilities;
use super::profiles;
use super::session::{Session, Why};
use super::{Device, Handle, note_now, slip, views};
use crate::profile::{DatabaseKey, Factor, NewProfile, ProfileOwner, Secret, UnlockError, Vault};
use crate::store::{Chain, Keys, Location, NewRevision, Store, StoreError, StoreOwner};
use crate::sync::enrol::{Asking, enrol};
use crate::sync::exchange::Line;
use crate::sync::{Engine, Http, spool};
use crate::words;

/// How long [`WaitForChange`] waits at most.
const LONG_POLL: Duration = Duration::from_secs(25);
/// For how long it is believed that a keystore answers, or not, milliseconds.
const KEYSTORE_SEEN_MS: i64 = 30_000;
/// How long enrolling waits for the first lists and areas; without them the built-in ones serve.
const FIRST_FETCH: Duration = Duration::from_secs(8);

/// Runs what blocks (stretching a PIN, asking a keyring, opening a database) off the runtime's workers.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(StoreError::Panicked.into()))
}

impl Device {
    async fn status(&self) -> Result<StatusView, AppError> {
        self.send_spools();
        let device = self.clone();
        let (found, mut notices) = blocking(move || {
            let (found, notices) = profiles::list(&device.inner.config);
            let found: Vec<_> = found
                .into_iter()
                .map(|found| (found.view(device.spool_of(found.vault.folder())), found.status.owner.force))
                .collect();
            Ok((found, notices))
        })
        .await?;
        let keystore = self.keystore_answers().await?;
        let session = self.open_session();
        let still_sending = match &session {
            Some(session) if session.is_screen_locked() => {
                session.pill_for_card().await.map(|pill| pill.waiting)
            }
            _ => None,
        };
        notices.extend(self.notices());
        Ok(StatusView {
            force: found.first().map(|(_, force)| force.clone()),
            keystore,
            profiles: found.into_iter().map(|(card, _)| card).collect(),
            behind: session.as_ref().map(|session| session.identity.officer.officer),
            open: session.filter(|session| !session.is_screen_locked()).map(|s| s.identity.officer.officer),
            still_sending,
            notices,
            app_version: self.inner.config.app_version.clone(),
        })
    }

    /// Whether a keystore answers; asked again only after a while.
    pub(super) async fn keystore_answers(&self) -> Result<bool, AppError> {
        let now = self.inner.config.clock.mono();
        let seen = *self.inner.keystore_seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, answers)) = seen
            && now.since(&at).is_some_and(|ms| ms < KEYSTORE_SEEN_MS)
        {
            return Ok(answers);
        }
        let keystore = Arc::clone(&self.inner.config.keystore);
        let answers = blocking(move || Ok(keystore.available())).await?;
        *self.inner.keystore_seen.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, answers));
        Ok(answers)
    }

    /// What talks to central.
    pub(super) fn line(&self) -> Result<Line, AppError> {
        Ok(Line {
            http: Http::new()?,
            clock: Arc::clone(&self.inner.config.clock),
            app_version: self.inner.config.app_version.clone(),
        })
    }

    /// Opens the store of a profile and starts its engine.
    async fn start_session(
        &self,
        profile_id: Uuid,
        vault: Vault,
        key: DatabaseKey,
    ) -> Result<Session, AppError> {
        let clock = Arc::clone(&self.inner.config.clock);
        let location = Location { path: vault.database(), key, cipher: blocking_cipher(&vault)? };
        let of_store = Arc::clone(&clock);
        let opened = blocking(move || Ok(StoreOwner::start(move || Store::open(location, of_store)))).await?;
        let owner = Arc::new(opened.inspect_err(|error| {
            if error.is_damage() {
                self.note(error.to_string());
            }
        })?);
        // What came while it was locked is taken up before anything else is said to central.
        match spool::take_up(&owner, vault.folder()).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "receipts came while this notebook was locked"),
            Err(error) => {
                tracing::warn!(%error, "what came while this notebook was locked could not be taken up")
            }
        }
        let identity = owner.read(|store| Ok(Arc::clone(store.identity()))).await?;
        let engine = Engine::start(Arc::clone(&owner), self.line()?, self.changed_call());
        Ok(Session::new(profile_id, vault, identity, owner, Some(engine), clock))
    }

    /// After a profile has been opened by its secret: the log, then the wrong tries may be forgotten.
    async fn log_unlocked(&self, session: &Session, wrong: u32) -> Result<(), AppError> {
        let at = self.inner.config.clock.now();
        session
            .save(move |store| -> Result<(), StoreError> {
                let mut records = Vec::new();
                if wrong > 0 {
                    let record = LogRecord {
                        what: Some(Code::new("wrong_secret")),
                        count: Some(wrong),
                        ..LogRecord::default()
                    };
                    records.push(NewRevision::log(Kind::UnlockFailed, at, record));
                }
                records.push(NewRevision::log(Kind::Unlocked, at, LogRecord::default()));
                store.append(Chain::Log, &records).map(|_| ())
            })
            .await?;
        let vault = session.vault.clone();
        blocking(move || Ok(vault.settle_tries().map_err(UnlockError::from)?)).await
    }

    async fn session_view(&self, session: &Session) -> Result<SessionView, AppError> {
        let context = session.context().await?;
        let now = session.now();
        let team = session.team(&context).await?;
        session
            .read(move |store| -> Result<SessionView, AppError> {
                let answer = store.last_answer()?;
                // A note from the lock screen was never open in a form: it is a draft like others.
                let recover = store.drafts()?.iter().find(|draft| !draft.from_note).map(views::draft_row);
                Ok(SessionView {
                    officer: context.me.officer,
                    title: context.me.title(),
                    team,
                    capabilities: capabilities(&answer, &context, now),
                    recover,
                })
            })
            .await
    }
}

/// Reading the wrap once more costs little; it is the one place that says how the database is encrypted.
fn blocking_cipher(vault: &Vault) -> Result<crate::profile::wrap::CipherSettings, AppError> {
    Ok(vault.read().map_err(UnlockError::from)?.cipher)
}

impl Handle<GetStatus> for Device {
    async fn handle(&self, _command: GetStatus) -> Result<StatusView, AppError> {
        self.status().await
    }
}

impl Handle<Enrol> for Device {
    async fn handle(&self, command: Enrol) -> Result<StatusView, AppError> {
        let _turn = self.inner.turn.lock().await;
        let config = self.inner.config.clone();
        // The secret is looked at before the code is spent.
        let typed = Zeroizing::new(command.secret);
        let (secret, device_id, transport) = blocking(move || {
            let secret =
                if config.keystore.available() { Secret::pin(&typed) } else { Secret::passphrase(&typed) };
            secret.acceptable()?;
            let (device_id, transport) = profiles::device_identity(&config)?;
            Ok((secret, device_id, transport))
        })
        .await?;
        let keys = Keys::new(transport).map_err(UnlockError::from)?;
        let line = self.line()?;
        let identity = enrol(
            &line.http,
            &Asking {
                server: &command.server,
                code: &command.code,
                device_id,
                keys: &keys,
                record_chain: ChainId(Uuid::new_v4()),
                log_chain: ChainId(Uuid::new_v4()),
                app_version: &self.inner.config.app_version,
            },
        )
        .await?;
        let profile_id = Uuid::new_v4();
        let config = self.inner.config.clone();
        let folder = blocking(move || {
            let vault = profiles::vault(&config, profiles::making_folder(&config, profile_id));
            let owner = ProfileOwner {
                officer_id: identity.officer.officer,
                title: identity.officer.title(),
                collar: identity.officer.collar.clone(),
                device_id,
                force: identity.force.name.clone(),
            };
            let recovery_key = identity.force.keys.recovery_key;
            let new =
                NewProfile { owner, secret: &secret, recovery_key: &recovery_key, cost: config.kdf_cost };
            let key = vault.create(profile_id, new)?;
            vault.set_sealing_key(keys.sealing_public()).map_err(UnlockError::from)?;
            let location =
                Location { path: vault.database(), key: key.clone(), cipher: blocking_cipher(&vault)? };
            let store = Store::create(location, identity, keys, Arc::clone(&config.clock))?;
            drop(store);
            let folder = profiles::finish_making(&config, profile_id).map_err(StoreError::from)?;
            Ok((folder, key))
        })
        .await?;
        let (folder, key) = folder;
        self.fetch_first(profile_id, profiles::vault(&self.inner.config, folder), key).await;
        self.changed();
        self.status().await
    }
}

impl Device {
    /// Lets a new profile's engine fetch lists, officers and areas once, then seals it until its officer unlocks it.
    /// A profile without them works; so nothing here is an error of the enrolment.
    async fn fetch_first(&self, profile_id: Uuid, vault: Vault, key: DatabaseKey) {
        match self.start_session(profile_id, vault, key).await {
            Ok(session) => {
                let deadline = tokio::time::sleep(FIRST_FETCH);
                let answered = async {
                    while session.last_try().is_none() {
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                };
                tokio::select! {
                    () = deadline => {}
                    () = answered => {}
                }
                session.close().await;
            }
            Err(error) => tracing::warn!(%error, "a new profile could not be opened for its first fetch"),
        }
    }
}

impl Handle<Unlock> for Device {
    async fn handle(&self, command: Unlock) -> Result<SessionView, AppError> {
        let _turn = self.inner.turn.lock().await;
        let config = self.inner.config.clone();
        let wanted = command.collar.trim().to_owned();
        let typed = Zeroizing::new(command.secret);
        let (profile_id, vault, key, wrong) = blocking(move || {
            let (found, _) = profiles::list(&config);
            let found = found
                .into_iter()
                .find(|found| found.status.owner.collar.eq_ignore_ascii_case(&wanted))
                .ok_or_else(|| AppError::new(ErrorCode::NotFound, words::NO_NOTEBOOK))?;
            let secret = match found.status.factor {
                Factor::PinAndKeystore => Secret::pin(&typed),
                Factor::Passphrase => Secret::passphrase(&typed),
            };
            let (key, tries) = found.vault.unlock(&secret)?;
            let wrong = u32::try_from(tries.len()).unwrap_or(u32::MAX).max(found.status.failed);
            Ok((found.status.profile_id, found.vault, key, wrong))
        })
        .await?;
        let open = self.open_session();
        let session = match open {
            // The same officer at a locked screen: everything is still open behind it.
            Some(session) if session.profile_id == profile_id => session,
            other => {
                if other.is_some() {
                    self.seal_open(Why::Switch).await;
                }
                Arc::new(self.start_session(profile_id, vault, key).await?)
            }
        };
        self.log_unlocked(&session, wrong).await?;
        for notice in note_now::work_in(&session).await {
            self.note(notice);
        }
        if let Err(error) = session.read(slip::settle_all).await {
            // Every read of a slip looks at its expiry again: no reason to keep a notebook closed.
            tracing::error!(%error, "the hand-over slips could not be looked through");
        }
        session.unlock_screen();
        session.pill_for_card().await;
        *self.session_slot() = Some(Arc::clone(&session));
        self.changed();
        self.session_view(&session).await
    }
}

impl Handle<Lock> for Device {
    async fn handle(&self, command: Lock) -> Result<StatusView, AppError> {
        let _turn = self.inner.turn.lock().await;
        if command.seal {
            self.seal_open(Why::Asked).await;
        } else if let Some(session) = self.open_session()
            && !session.is_screen_locked()
        {
            session.log_locked(Why::Screen).await;
            let lock = session.lock_screen();
            self.seal_later(lock);
            self.changed();
        }
        self.status().await
    }
}

impl Device {
    /// Seals the notebook once its screen has been locked for the policy time.
    fn seal_later(&self, lock: u64) {
        let (inner, policy) = (Arc::downgrade(&self.inner), self.inner.config.lock_policy);
        tokio::spawn(async move {
            tokio::time::sleep(policy).await;
            let Some(inner) = inner.upgrade() else { return };
            let device = Device { inner };
            let _turn = device.inner.turn.lock().await;
            if device.open_session().is_some_and(|session| session.still_locked_by(lock)) {
                device.seal_open(Why::Policy).await;
            }
        });
    }
}

impl Handle<WaitForChange> for Device {
    async fn handle(&self, command: WaitForChange) -> Result<ChangeView, AppError> {
        let mut change = self.inner.change.subscribe();
        // Time over is an answer too: nothing has changed.
        let _ = tokio::time::timeout(LONG_POLL, change.wait_for(|number| *number > command.since)).await;
        let number = *self.inner.change.borrow();
        let Ok(session) = self.session() else {
            return Ok(ChangeView { now: number, locked: true, capabilities: Vec::new() });
        };
        let (context, now) = (session.context().await?, session.now());
        let answer = session.read(|store| store.last_answer()).await?;
        let capabilities = capabilities(&answer, &context, now);
        Ok(ChangeView { now: number, locked: false, capabilities })
    }
}

impl Handle<GetLists> for Device {
    async fn handle(&self, _command: GetLists) -> Result<ListsView, AppError> {
        let session = self.session()?;
        let context = session.context().await?;
        let others: Vec<_> = context
            .officers
            .iter()
            .filter(|row| row.officer != context.me.officer && works_the_beat(&row.role))
            .collect();
        let mut above: Vec<_> = others.iter().copied().filter(|row| supervises(&row.role)).collect();
        above.sort_by_key(|row| row.team != context.me.team);
        Ok(ListsView {
            edition: (*context.edition).clone(),
            colleagues: others.into_iter().map(colleague).collect(),
            supervisors: above.into_iter().map(colleague).collect(),
            now: session.now(),
        })
    }
}

fn colleague(row: &OfficerRow) -> Colleague {
    Colleague { officer: row.officer, title: row.title(), collar: row.collar.clone() }
}
