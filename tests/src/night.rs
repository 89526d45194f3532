//! A night without a window: a real central over a real socket, and engines enrolled and unlocked through the front door.

#![allow(clippy::panic, clippy::expect_used, clippy::missing_panics_doc)]

use std::sync::Arc;
use std::time::Duration;

use beatbook_central::storage::{self, Storage};
use beatbook_central::{demo, enrolment, force, officers, server};
use beatbook_device::clock::{Clock, SystemClock};
use beatbook_device::{Device, Handle as _};
use beatbook_domain::entry::{Access, ConcernDraft, DraftForm};
use beatbook_domain::id::{Code, EntryId};
use beatbook_protocol::ipc::{Enrol, EntryView, GetEntry, GetToday, OpenDraft, SaveDraft, SendNow, Unlock};

use crate::engine::phone;

/// What opens every notebook of a night.
pub const PASSPHRASE: &str = "a long passphrase of theirs";

/// A force on a running server.
pub struct Night {
    /// Its database.
    pub storage: Arc<dyn Storage>,
    /// The server, until it is stopped.
    pub running: Option<server::Running>,
    address: std::net::SocketAddr,
    folder: tempfile::TempDir,
}

impl Night {
    /// The demonstration force on a running server.
    pub async fn begin() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("central.sqlite");
        let storage = storage::open(path.to_str().expect("a path")).await.expect("a database");
        let (root, recovery) = (folder.path().join("root.key"), folder.path().join("recovery.key"));
        demo::seed(storage.as_ref(), &root, &recovery, SystemClock::new().now()).await.expect("a force");
        let running = server::start(Arc::clone(&storage), "127.0.0.1:0".parse().expect("an address"))
            .await
            .expect("a server");
        Self { storage, address: running.address, running: Some(running), folder }
    }

    /// Adds an officer to the team of the demonstration, or to none.
    pub async fn officer(&self, collar: &str, role: &str, in_team: bool) {
        let now = SystemClock::new().now();
        let team = self.storage.teams().await.expect("teams")[0].team;
        let team = in_team.then_some(team);
        officers::put(self.storage.as_ref(), collar, role, team, now).await.expect("an officer");
    }

    /// Where an officer's phone enrols, and its one-time code.
    pub async fn invite(&self, collar: &str) -> (String, String) {
        let storage = self.storage.as_ref();
        let now = SystemClock::new().now();
        let officer = officers::find(storage, collar, now).await.expect("a search").expect("an officer");
        let force = force::load(storage).await.expect("a force");
        let code = enrolment::issue(storage, &force, officer.officer, now).await.expect("a code");
        (format!("http://{}", self.address), code.to_string())
    }

    /// An engine enrolled for an officer and unlocked, with what central has for it.
    pub async fn phone(&self, collar: &str) -> Device {
        let (server, code) = self.invite(collar).await;
        let device = phone(&self.folder.path().join(collar));
        let enrol = Enrol { server, code, secret: PASSPHRASE.into() };
        device.handle(enrol).await.expect("enrolled");
        device.handle(Unlock { collar: collar.into(), secret: PASSPHRASE.into() }).await.expect("unlocked");
        synced(&device).await;
        device
    }

    /// An offline key of the force, by the name of its file.
    pub fn key(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// The signal goes.
    pub async fn cut(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await.expect("stopped");
        }
    }

    /// The signal is back.
    pub async fn mend(&mut self) {
        let running = server::start(Arc::clone(&self.storage), self.address).await.expect("a server");
        self.running = Some(running);
    }
}

/// Waits until nothing is left to send, then asks once more, so that what others sent has come.
pub async fn synced(device: &Device) {
    for _ in 0..200 {
        device.handle(SendNow {}).await.expect("an answer");
        tokio::time::sleep(Duration::from_millis(40)).await;
        if device.handle(GetToday {}).await.expect("today").pill.waiting == 0 {
            break;
        }
    }
    device.handle(SendNow {}).await.expect("an answer");
    tokio::time::sleep(Duration::from_millis(250)).await;
}

/// Writes a concern note, for the team or for narrower eyes.
pub async fn concern(device: &Device, access: Access, change: impl FnOnce(&mut ConcernDraft)) -> EntryId {
    let draft = device.handle(OpenDraft::NewConcern).await.expect("a form");
    let DraftForm::Concern(mut form) = draft.form else { panic!("a concern opens as one") };
    form.behaviours = vec![Code::new("B_LOITER")];
    form.seen = "A man walked behind two women for some time.".into();
    change(&mut form);
    let mut told = draft.told;
    told.access = access;
    let form = DraftForm::Concern(form);
    device.handle(SaveDraft { entry_id: draft.entry_id, form, told }).await.expect("saved");
    draft.entry_id
}

/// An entry as a device shows it.
pub async fn entry(device: &Device, entry_id: EntryId) -> EntryView {
    device.handle(GetEntry { entry_id }).await.expect("an entry")
}
