//! Sending for notebooks that are locked: one task for the device, over the spools of every profile that is not open.
//!
//! It runs for as long as the app does. Where the platform ends or freezes the app, nothing is sent, and the lock screen
//! must not say so: it asks [`Device::spool_of`], which knows only of a task that runs and has a key to sign with.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, Weak};

use beatbook_domain::id::DeviceId;
use beatbook_protocol::ipc::SpoolCard;
use beatbook_protocol::sync::Challenge;
use ed25519_dalek::SigningKey;

use super::{Device, Inner, profiles};
use crate::sync::engine::random;
use crate::sync::pace::Pace;
use crate::sync::spool::{self, SpoolLine};
use crate::sync::{Http, SyncError};

/// What sending for locked notebooks needs to remember, while the app runs.
#[derive(Default)]
pub(super) struct Spooling {
    /// A task sends.
    runs: bool,
    task: Option<tokio::task::AbortHandle>,
    /// Transport keys, of notebooks that were open or from the keystore. They sign requests and open nothing.
    keys: BTreeMap<DeviceId, SigningKey>,
    /// Profiles for which central does not take what is sealed: they wait for their notebook.
    given_up: Vec<PathBuf>,
}

impl Device {
    /// Keeps a transport key for as long as the app runs: where no keystore answers, nobody else could give it.
    pub(super) fn keep_transport(&self, device: DeviceId, key: SigningKey) {
        let mut spooling = self.inner.spooling.lock().unwrap_or_else(PoisonError::into_inner);
        spooling.keys.insert(device, key);
    }

    /// A spool was laid out anew.
    pub(super) fn spool_is_new(&self, folder: &Path) {
        let mut spooling = self.inner.spooling.lock().unwrap_or_else(PoisonError::into_inner);
        spooling.given_up.retain(|given_up| given_up != folder);
    }

    /// Sends what lies sealed for locked notebooks, if nobody does yet. Needs a tokio runtime.
    pub(super) fn send_spools(&self) {
        if self.spools().is_empty() {
            return;
        }
        {
            let mut spooling = self.inner.spooling.lock().unwrap_or_else(PoisonError::into_inner);
            if std::mem::replace(&mut spooling.runs, true) {
                self.inner.spool_hint.notify_one();
                return;
            }
        }
        let task = tokio::spawn(run(Arc::downgrade(&self.inner))).abort_handle();
        self.inner.spooling.lock().unwrap_or_else(PoisonError::into_inner).task = Some(task);
    }

    /// Stops sending for locked notebooks: the app closes. What is left waits for its next start.
    pub(super) fn stop_spools(&self) {
        let mut spooling = self.inner.spooling.lock().unwrap_or_else(PoisonError::into_inner);
        spooling.runs = false;
        if let Some(task) = spooling.task.take() {
            task.abort();
        }
    }

    /// How the spool of a profile's folder stands, for the lock screen.
    pub(super) fn spool_of(&self, folder: &Path) -> Option<SpoolCard> {
        let line = spool::line(folder)?;
        let standing = spool::standing(folder, &line);
        let runs = {
            let spooling = self.inner.spooling.lock().unwrap_or_else(PoisonError::into_inner);
            spooling.runs && !spooling.given_up.iter().any(|given_up| given_up == folder)
        };
        let sends = runs && standing.left > 0 && self.transport(line.device).is_some();
        Some(SpoolCard { left: standing.left, taken: standing.taken, sends })
    }

    /// The transport key of a device identity: from the keystore, or from a notebook that was open.
    fn transport(&self, device: DeviceId) -> Option<SigningKey> {
        let known = {
            let spooling = self.inner.spooling.lock().unwrap_or_else(PoisonError::into_inner);
            spooling.keys.get(&device).cloned()
        };
        if known.is_some() {
            return known;
        }
        let key = profiles::transport_key(&self.inner.config, device)?;
        self.keep_transport(device, key.clone());
        Some(key)
    }

    /// The spools of notebooks that are not open and have something left.
    fn spools(&self) -> Vec<(PathBuf, SpoolLine)> {
        let open = self.open_session().map(|session| session.vault.folder().to_owned());
        let given_up = {
            let spooling = self.inner.spooling.lock().unwrap_or_else(PoisonError::into_inner);
            spooling.given_up.clone()
        };
        profiles::folders(&self.inner.config)
            .into_iter()
            .filter(|folder| Some(folder) != open.as_ref() && !given_up.contains(folder))
            .filter_map(|folder| spool::line(&folder).map(|line| (folder, line)))
            .filter(|(folder, line)| !spool::waiting(folder, line).is_empty())
            .collect()
    }

    fn give_up(&self, folder: PathBuf) {
        self.inner.spooling.lock().unwrap_or_else(PoisonError::into_inner).given_up.push(folder);
    }

    /// One envelope of each spool; whether any went, and the last error of the link.
    async fn send_some(&self, challenges: &mut BTreeMap<PathBuf, Challenge>) -> Result<usize, SyncError> {
        let (mut went, mut failed) = (0, None);
        for (folder, line) in self.spools() {
            let device = self.clone();
            let id = line.device;
            // The keystore may block.
            let key = tokio::task::spawn_blocking(move || device.transport(id)).await.unwrap_or_default();
            let Some(key) = key else {
                self.give_up(folder);
                continue;
            };
            let Some(envelope) = spool::waiting(&folder, &line).into_iter().next() else { continue };
            let challenge = challenges.get(&folder).copied().unwrap_or(line.challenge);
            let http = Http::new()?;
            match spool::send(&http, &folder, &line, &key, challenge, envelope).await {
                Ok(good) => {
                    challenges.insert(folder, good);
                    went += 1;
                }
                // Nothing that waiting would cure: the notebook finds out more once it is open.
                Err(error @ (SyncError::Unauthorised | SyncError::NotTrusted)) => {
                    tracing::info!(%error, "what lies sealed waits for its notebook");
                    self.give_up(folder);
                }
                Err(error) if error.blames_batch() => self.give_up(folder),
                Err(error) => failed = Some(error),
            }
        }
        if went > 0 {
            self.changed();
        }
        failed.map_or(Ok(went), Err)
    }
}

async fn run(inner: Weak<Inner>) {
    let (mut pace, mut challenges) = (Pace::default(), BTreeMap::new());
    loop {
        let Some(device) = inner.upgrade().map(|inner| Device { inner }) else { return };
        match device.send_some(&mut challenges).await {
            Ok(_) => pace.succeeded(),
            Err(error) => {
                tracing::info!(reached = error.reached(), "sending for a locked notebook failed");
                pace.failed(error.retry_after());
            }
        }
        if device.spools().is_empty() {
            let mut spooling = device.inner.spooling.lock().unwrap_or_else(PoisonError::into_inner);
            spooling.runs = false;
            drop(spooling);
            device.changed();
            return;
        }
        if !pace.is_failing() {
            continue;
        }
        let (wait, hint) = (pace.wait(random()), Arc::clone(&device.inner.spool_hint));
        drop(device);
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = hint.notified() => {}
        }
    }
}
