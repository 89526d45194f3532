//! The one thing the shell holds: the device engine, or why it could not be opened.

use std::path::PathBuf;

use beatbook_device::device::{Device, DeviceConfig};
use beatbook_protocol::ipc::AppError;
use tauri::path::PathResolver;
use tauri::{Runtime, async_runtime};

/// Names another folder for everything that is stored: tests and several demonstration phones on one machine use it.
const DATA_DIR: &str = "BEATBOOK_DATA_DIR";

/// The device engine. Where it could not be opened, the window still comes up and every command answers with the
/// reason, so that the person reads it in plain words instead of seeing nothing.
pub struct Engine(Result<Device, AppError>);

impl Engine {
    /// Opens the engine in the app's data folder.
    ///
    /// # Errors
    /// Only where the system names no folder for an app's data.
    pub fn open<R: Runtime>(paths: &PathResolver<R>) -> tauri::Result<Self> {
        let folder = match std::env::var_os(DATA_DIR) {
            Some(folder) => PathBuf::from(folder),
            None => paths.app_data_dir()?,
        };
        let engine = Device::open(DeviceConfig::new(folder));
        if let Err(error) = &engine {
            tracing::error!(code = ?error.code, "the device engine could not be opened: {error}");
        }
        Ok(Self(engine))
    }

    /// The engine, or the reason why there is none.
    pub fn device(&self) -> Result<&Device, AppError> {
        self.0.as_ref().map_err(Clone::clone)
    }

    /// Seals what is open, for the way out. Whatever was said to be saved is on the disk long before.
    pub fn close(&self) {
        if let Ok(device) = &self.0 {
            async_runtime::block_on(device.seal());
        }
    }
}
