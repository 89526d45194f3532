//! A force with a team, a running server, and phones enrolled through the front door.

use std::path::Path;
use std::sync::Arc;

use beatbook_central::backup::{self, BackupError, Contents, KeySource};
use beatbook_central::limits::Limits;
use beatbook_central::records::{Act, What};
use beatbook_central::storage::{self, Acted, Storage, StorageError};
use beatbook_central::{clock, demo, enrolment, force, officers, server};
use beatbook_domain::entry::Head;
use beatbook_domain::id::OfficerId;
use beatbook_domain::seal::Sealed;

use crate::database::Database;
use crate::phone::Phone;

/// The demonstration force on a running server.
pub struct World {
    pub storage: Arc<dyn Storage>,
    pub running: server::Running,
    pub database: Database,
}

impl World {
    /// Puts a backup of this world into an empty database, with the force's recovery key.
    pub async fn restore(&self, into: &dyn Storage, file: &Path) -> Result<Contents, BackupError> {
        let key = self.database.path("recovery.key");
        backup::restore(into, file, KeySource::Recovery(&key), clock::now()).await
    }

    pub async fn new(database: Database) -> Self {
        Self::within(database, Limits::default()).await
    }

    /// The same, within limits of the test's own.
    pub async fn within(database: Database, limits: Limits) -> Self {
        let storage = storage::open(&database.address).await.unwrap();
        let (root, recovery) = (database.path("root.key"), database.path("recovery.key"));
        demo::seed(storage.as_ref(), &root, &recovery, clock::now()).await.unwrap();
        let listen = "127.0.0.1:0".parse().unwrap();
        let running = server::start_within(Arc::clone(&storage), listen, None, limits).await.unwrap();
        Self { storage, running, database }
    }

    /// A second server process over the same database.
    pub async fn second_server(&self) -> server::Running {
        let storage = storage::open(&self.database.address).await.unwrap();
        server::start(storage, "127.0.0.1:0".parse().unwrap()).await.unwrap()
    }

    pub async fn officer(&self, collar: &str) -> OfficerId {
        officers::find(self.storage.as_ref(), collar, clock::now()).await.unwrap().unwrap().officer
    }

    /// A fresh enrolment code.
    pub async fn code(&self, collar: &str) -> String {
        let force = force::load(self.storage.as_ref()).await.unwrap();
        let officer = self.officer(collar).await;
        enrolment::issue(self.storage.as_ref(), &force, officer, clock::now()).await.unwrap().to_string()
    }

    /// A phone enrolled for an officer.
    pub async fn phone(&self, collar: &str) -> Phone {
        let mut phone = Phone::new(&self.running.url());
        phone.enrol(&self.code(collar).await).await.unwrap();
        phone
    }

    /// Holds, releases or erases the entry of a revision.
    pub async fn act(
        &self,
        of: &Sealed,
        by: &str,
        authority: &str,
        what: What,
    ) -> Result<Acted, StorageError> {
        let entry = Head::parse(&of.head).unwrap().entry_id;
        let by = self.officer(by).await;
        let signer = force::load(self.storage.as_ref()).await.unwrap().signer;
        self.storage.act(Act { entry, what, authority: authority.into(), by }, clock::now(), signer).await
    }

    /// Erases the entry of a revision.
    pub async fn erase(&self, of: &Sealed, by: &str, authority: &str) -> Result<Acted, StorageError> {
        self.act(of, by, authority, What::Erase("RC_CONCERN".into())).await
    }

    /// Verifies the whole database and expects nothing broken.
    pub async fn assert_whole(&self) {
        let report = beatbook_central::verify::verify(self.storage.as_ref()).await.unwrap();
        assert_eq!(report.findings, vec![]);
    }

    /// What verify finds.
    pub async fn findings(&self) -> Vec<String> {
        let report = beatbook_central::verify::verify(self.storage.as_ref()).await.unwrap();
        report.findings.iter().map(ToString::to_string).collect()
    }
}
