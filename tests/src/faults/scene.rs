//! A force with enrolled phones, made once and copied for every schedule.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use beatbook_central::{clock, demo, enrolment, force, officers, server, storage};
use beatbook_device::clock::SystemClock;
use beatbook_device::profile::{KdfCost, NoKeystore, Secret, Vault};
use beatbook_device::store::{Identity, Location, Store, settings};
use beatbook_device::{Device, DeviceConfig, Handle};
use beatbook_protocol::ipc::Enrol;
use tempfile::TempDir;

use super::PASSPHRASE;
use super::database::{Backend, block_on};
use crate::error::{Doing, Error, Result};

/// Stretching a secret is not what is tested here.
const CHEAP: KdfCost = KdfCost { memory_kib: 64, passes: 1, lanes: 1 };

/// Says whose words an error is.
pub(super) fn of<E: std::fmt::Display>(what: &'static str) -> impl Fn(E) -> Error {
    move |error| Error::Program { program: what.to_owned(), output: error.to_string() }
}

/// A central's database and the data folders of phones enrolled there, as they are before anything happened.
#[derive(Debug)]
pub struct Template {
    backend: Backend,
    database: String,
    phones: BTreeMap<String, PathBuf>,
    _folder: TempDir,
}

/// A copy of a template: one schedule's own.
#[derive(Debug)]
pub struct Scene {
    /// The database's address, as central takes it.
    pub database: String,
    /// The data folder of each phone, by collar number.
    pub phones: BTreeMap<String, PathBuf>,
    backend: Backend,
    folder: TempDir,
}

impl Template {
    /// Makes the demonstration force on a new database and enrols a phone for each of these collar numbers; a second phone
    /// of an officer has a suffix, as `1482-2`.
    ///
    /// # Errors
    /// When the database or a phone cannot be made.
    pub fn make(backend: Backend, collars: &[&str]) -> Result<Self> {
        let folder =
            tempfile::Builder::new().prefix("beatbook-faults-").tempdir().doing("making a folder")?;
        let database = backend.create(folder.path())?;
        let phones: BTreeMap<String, PathBuf> =
            collars.iter().map(|collar| ((*collar).to_owned(), folder.path().join(collar))).collect();
        block_on(enrol_all(&database, folder.path(), &phones))?;
        Ok(Self { backend, database, phones, _folder: folder })
    }

    /// A scene of one's own, in which the phones know central by this address.
    ///
    /// # Errors
    /// When something cannot be copied.
    pub fn copy(&self, server: &str) -> Result<Scene> {
        let folder = tempfile::Builder::new().prefix("beatbook-fault-").tempdir().doing("making a folder")?;
        let database = self.backend.copy(&self.database, folder.path())?;
        let mut phones = BTreeMap::new();
        for (collar, data) in &self.phones {
            let own = folder.path().join(collar);
            copy_folder(data, &own)?;
            readdress(&own, server)?;
            phones.insert(collar.clone(), own);
        }
        Ok(Scene { database, phones, backend: self.backend.clone(), folder })
    }
}

impl Drop for Template {
    fn drop(&mut self) {
        self.backend.remove(&self.database);
    }
}

impl Scene {
    /// A folder for whatever a test writes.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The data folder of a phone.
    ///
    /// # Errors
    /// Where there is none of this officer.
    pub fn phone(&self, collar: &str) -> Result<&Path> {
        self.phones.get(collar).map(PathBuf::as_path).ok_or_else(|| of("the scene")("no such phone"))
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        self.backend.remove(&self.database);
    }
}

async fn enrol_all(database: &str, folder: &Path, phones: &BTreeMap<String, PathBuf>) -> Result {
    let storage = storage::open(database).await.map_err(of("central"))?;
    let (root, recovery) = (folder.join("root.key"), folder.join("recovery.key"));
    demo::seed(storage.as_ref(), &root, &recovery, clock::now()).await.map_err(of("the demonstration"))?;
    let force = force::load(storage.as_ref()).await.map_err(of("central"))?;
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let running = server::start(Arc::clone(&storage), listen).await.map_err(of("central"))?;
    for (collar, data) in phones {
        // An officer may have several phones: `1482`, `1482-2`.
        let collar = collar.split('-').next().unwrap_or_default();
        let officer = officers::find(storage.as_ref(), collar, clock::now()).await.map_err(of("central"))?;
        let officer = officer.ok_or_else(|| of("central")("no such officer"))?.officer;
        let code = enrolment::issue(storage.as_ref(), &force, officer, clock::now())
            .await
            .map_err(of("central"))?
            .to_string();
        let device = Device::open(DeviceConfig {
            keystore: Arc::new(NoKeystore),
            kdf_cost: CHEAP,
            ..DeviceConfig::new(data)
        })
        .map_err(of("the device"))?;
        let enrol = Enrol { server: running.url(), code, secret: PASSPHRASE.to_owned() };
        device.handle(enrol).await.map_err(of("enrolling"))?;
        device.seal().await;
    }
    running.stop().await.map_err(of("central"))
}

/// The phone's notebook, opened without the device around it.
pub(super) fn open(data: &Path) -> Result<Store> {
    let profile = std::fs::read_dir(data.join("profiles"))
        .doing("looking for a notebook")?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.is_dir())
        .ok_or_else(|| of("the phone")("no notebook"))?;
    let clock = Arc::new(SystemClock::new());
    let vault = Vault::at(profile, Arc::new(NoKeystore), Arc::clone(&clock) as _);
    let (key, _) = vault.unlock(&Secret::passphrase(PASSPHRASE)).map_err(of("the vault"))?;
    let cipher = vault.read().map_err(of("the vault"))?.cipher;
    Store::open(Location { path: vault.database(), key, cipher }, clock).map_err(of("the notebook"))
}

fn readdress(data: &Path, server: &str) -> Result {
    let mut store = open(data)?;
    let identity = Identity { server: server.to_owned(), ..(**store.identity()).clone() };
    store.set_setting(settings::IDENTITY, &identity).map_err(of("the notebook"))
}

/// Copies a folder with everything in it.
fn copy_folder(from: &Path, to: &Path) -> Result {
    std::fs::create_dir_all(to).doing("copying a phone")?;
    for entry in std::fs::read_dir(from).doing("copying a phone")?.flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target).doing("copying a phone")?;
        }
    }
    Ok(())
}
