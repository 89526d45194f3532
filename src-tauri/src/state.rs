//! The one thing the shell holds: the device engine, or why it could not be opened.

use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use beatbook_device::device::{Device, DeviceConfig};
use beatbook_protocol::ipc::AppError;
use tauri::{AppHandle, Manager as _, Wry, async_runtime};

#[cfg(mobile)]
use crate::phone::Watch;

/// Names another folder for everything that is stored: tests and several demonstration phones on one machine use it.
const DATA_DIR: &str = "BEATBOOK_DATA_DIR";

/// Folder under the user's documents for files that leave.
#[cfg(not(mobile))]
const EXPORTS: &str = "Beatbook";

/// The user's documents, where the system has such a folder; else one of that name in their home.
#[cfg(not(mobile))]
fn exports(app: &AppHandle<Wry>) -> Option<PathBuf> {
    let paths = app.path();
    let documents = paths.document_dir().or_else(|_| paths.home_dir().map(|home| home.join("Documents")));
    documents.ok().map(|documents| documents.join(EXPORTS))
}

/// The device engine. Where it could not be opened, the window still comes up and every command answers with the
/// reason in plain words; each asks again first, so that "Try again" works once the cause is gone.
pub struct Engine {
    folder: PathBuf,
    /// Where files go that somebody makes here; a phone keeps them in the app's own folder.
    #[cfg(not(mobile))]
    exports: Option<PathBuf>,
    device: OnceLock<Device>,
    opening: Mutex<()>,
    #[cfg(mobile)]
    watch: Watch,
}

impl Engine {
    /// Opens the engine in the app's data folder.
    ///
    /// # Errors
    /// Only where the system names no folder for an app's data, or starts no thread.
    pub fn open(app: &AppHandle<Wry>) -> tauri::Result<Self> {
        let folder = match std::env::var_os(DATA_DIR) {
            Some(folder) => PathBuf::from(folder),
            None => app.path().app_data_dir()?,
        };
        let engine = Self {
            folder,
            #[cfg(not(mobile))]
            exports: exports(app),
            device: OnceLock::new(),
            opening: Mutex::new(()),
            #[cfg(mobile)]
            watch: Watch::start(app.clone())?,
        };
        if let Err(error) = engine.device() {
            tracing::error!(code = ?error.code, "the device engine could not be opened: {error}");
        }
        Ok(engine)
    }

    /// The engine, or the reason why there is none.
    pub fn device(&self) -> Result<&Device, AppError> {
        if let Some(device) = self.device.get() {
            return Ok(device);
        }
        let _one_at_a_time = self.opening.lock().unwrap_or_else(PoisonError::into_inner);
        match self.device.get() {
            Some(device) => Ok(device),
            None => {
                let device = Device::open(self.config())?;
                Ok(self.device.get_or_init(|| device))
            }
        }
    }

    fn config(&self) -> DeviceConfig {
        let config = DeviceConfig::new(self.folder.clone());
        #[cfg(not(mobile))]
        let config = match &self.exports {
            Some(folder) => DeviceConfig { exports_dir: folder.clone(), ..config },
            None => config,
        };
        #[cfg(mobile)]
        let config = DeviceConfig { positions: self.watch.positions(), ..config };
        config
    }

    /// Tells the engine that sending may work now, where it is open.
    pub fn hint(&self) {
        if let Some(device) = self.device.get() {
            device.hint();
        }
    }

    /// An answer goes back to the screens: the receiver listens while a shift is open.
    #[cfg(mobile)]
    pub fn noticed(&self, answer: &dyn std::any::Any) {
        self.watch.noticed(answer);
    }

    /// Seals what is open, for the way out. Whatever was said to be saved is on the disk long before.
    pub fn close(&self) {
        if let Some(device) = self.device.get() {
            async_runtime::block_on(device.seal());
        }
    }
}
