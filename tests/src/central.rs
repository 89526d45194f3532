//! The real central endpoint on loopback, which a test can stop, kill and start again on the same port and data.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::error::{Doing, Error, Result};
use crate::process::{Group, free_port};
use crate::programs;

/// Central with embedded SQLite in a folder of its own.
#[derive(Debug)]
pub struct Central {
    program: PathBuf,
    folder: TempDir,
    port: u16,
    running: Option<Group>,
}

impl Central {
    /// A central that is not started yet.
    ///
    /// # Errors
    /// When the program is not built.
    pub fn new() -> Result<Self> {
        let folder =
            tempfile::Builder::new().prefix("beatbook-central-").tempdir().doing("making a data folder")?;
        Ok(Self {
            program: programs::find("BEATBOOK_CENTRAL", "beatbook-central")?,
            folder,
            port: free_port()?,
            running: None,
        })
    }

    /// Its address, the same over stops and starts.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    /// Runs one of the program's other commands on the same data and gives what it printed.
    ///
    /// # Errors
    /// When it says no; the error holds its words.
    pub fn tell<S: AsRef<std::ffi::OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Result<String> {
        let mut command = self.command();
        command.args(arguments);
        let output = command.stdin(Stdio::null()).output().doing("starting beatbook-central")?;
        let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() {
            return Ok(words(&output.stdout));
        }
        let said = words(&output.stdout) + &words(&output.stderr);
        Err(Error::Program { program: format!("{command:?}"), output: said })
    }

    /// Starts serving and waits until it is ready.
    ///
    /// # Errors
    /// When it is not ready within twenty seconds.
    pub fn start(&mut self) -> Result {
        let mut command = self.command();
        command.arg("serve").arg("--listen").arg(format!("127.0.0.1:{}", self.port)).stdin(Stdio::null());
        if std::env::var_os("BEATBOOK_TEST_NOISE").is_none() {
            command.stdout(Stdio::null()).stderr(Stdio::null());
        }
        self.running = Some(Group::start(&mut command)?);
        self.wait_until_ready()
    }

    fn wait_until_ready(&mut self) -> Result {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::blocking::Client::builder().no_proxy().timeout(Duration::from_secs(2)).build()?;
        let patience = Duration::from_secs(20);
        let asked = Instant::now();
        while asked.elapsed() < patience {
            if http
                .get(format!("{}/readyz", self.address()))
                .send()
                .is_ok_and(|answer| answer.status().is_success())
            {
                return Ok(());
            }
            if !self.running.as_mut().is_some_and(Group::runs) {
                return Err(Error::Program {
                    program: "beatbook-central serve".to_owned(),
                    output: "ended".to_owned(),
                });
            }
            std::thread::sleep(Duration::from_millis(30));
        }
        Err(Error::Waited { what: "central".to_owned(), waited: patience, screen: String::new() })
    }

    /// Stops it in an orderly way; nothing answers at its address afterwards.
    pub fn stop(&mut self) {
        if let Some(group) = self.running.take() {
            group.stop();
        }
    }

    /// SIGKILL.
    pub fn kill_9(&mut self) {
        if let Some(group) = self.running.take() {
            group.kill_9();
        }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--database-url").arg(self.folder.path().join("central.sqlite"));
        command
    }
}
