//! A phone: a data folder that outlives the app, and the app opened on it as often as a test likes.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::desk::Desk;
use crate::error::{Doing, Result};
use crate::programs::Programs;
use crate::webdriver::Driver;
use crate::window::Window;

/// A phone with Beatbook on it.
#[derive(Debug)]
pub struct Phone {
    app: PathBuf,
    data: PathBuf,
    environment: Vec<(String, String)>,
    _own: Option<TempDir>,
}

impl Phone {
    /// A new phone with nothing on it; its data goes with the guard.
    ///
    /// # Errors
    /// When the app is not built.
    pub fn new() -> Result<Self> {
        let folder =
            tempfile::Builder::new().prefix("beatbook-phone-").tempdir().doing("making a data folder")?;
        let mut phone = Self::at(folder.path())?;
        phone._own = Some(folder);
        Ok(phone)
    }

    /// A phone whose data is already in `folder`, and stays there.
    ///
    /// # Errors
    /// When the app is not built.
    pub fn at(folder: &Path) -> Result<Self> {
        Ok(Self { app: Programs::find()?.app, data: folder.to_owned(), environment: Vec::new(), _own: None })
    }

    /// Adds to the app's environment.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// Where the data lies.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Starts the app on this desk.
    ///
    /// # Errors
    /// When the driver or the app does not start.
    pub fn open(&self, desk: &Desk) -> Result<Window> {
        let mut environment = self.environment.clone();
        environment.push(("BEATBOOK_DATA_DIR".to_owned(), self.data.display().to_string()));
        let driver = Driver::start(desk, &self.app, &environment)?;
        Ok(Window::new(driver, desk.display().to_owned()))
    }
}
