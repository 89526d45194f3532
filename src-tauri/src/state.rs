//! The one thing the shell holds: the device engine, or why it could not be opened.

use std::path::PathBuf;

use beatbook_device::{Device, DeviceConfig};
use beatbook_protocol::ipc::AppError;
use tauri::path::PathResolver;
use tauri::{Runtime, Wry};

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
    pub fn open(paths: &PathResolver<Wry>) -> tauri::Result<Self> {
        let folder = data_dir(paths)?;
        Ok(Self(Device::open(DeviceConfig::new(folder))))
    }

    /// The engine, or the reason why there is none.
    pub fn device(&self) -> Result<&Device, AppError> {
        self.0.as_ref().map_err(Clone::clone)
    }
}

fn data_dir<R: Runtime>(paths: &PathResolver<R>) -> tauri::Result<PathBuf> {
    match std::env::var_os(DATA_DIR) {
        Some(folder) => Ok(folder.into()),
        None => paths.app_data_dir(),
    }
}
