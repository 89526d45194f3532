//! The real central over a database of a schedule: started on a free port, killed, started again.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::database::copy_files;
use super::proxy::Victim;
use crate::error::{Error, Result};
use crate::process::Group;
use crate::programs;

/// A central that can be killed.
#[derive(Debug)]
pub struct Server {
    program: PathBuf,
    database: String,
    running: Option<Group>,
    victim: Victim,
    /// A lie: when it is killed, its database is again what it was when it started.
    forgets: bool,
    wrapped: Vec<String>,
}

impl Server {
    /// A central that is not started yet.
    ///
    /// # Errors
    /// When the program is not built.
    pub fn new(database: &str, victim: Victim) -> Result<Self> {
        let program = programs::find("BEATBOOK_CENTRAL", "beatbook-central")?;
        Ok(Self {
            program,
            database: database.to_owned(),
            running: None,
            victim,
            forgets: false,
            wrapped: Vec::new(),
        })
    }

    /// Lets every kill be a power cut on a disk that keeps nothing: the answers went out before the commits were there.
    #[must_use]
    pub fn that_forgets(mut self) -> Self {
        self.forgets = true;
        self
    }

    /// From now on it is started by another program with these arguments before its own, such as strace; by none again
    /// where there are none.
    pub fn under(&mut self, wrapped: &[String]) {
        self.wrapped = wrapped.to_vec();
    }

    /// Starts it and waits until it listens.
    ///
    /// # Errors
    /// When it does not listen within twenty seconds.
    pub fn start(&mut self) -> Result<SocketAddr> {
        self.stop_9();
        if self.forgets {
            copy_files(&self.database, &self.kept())?;
        }
        let mut command = programs::command(&self.program, &self.wrapped);
        command.arg("--database-url").arg(&self.database).args(["serve", "--listen", "127.0.0.1:0"]);
        command.stdin(Stdio::null()).stderr(Stdio::null());
        let (group, address) = Group::start_until(&mut command, Duration::from_secs(20), |line| {
            line.strip_prefix("listening on http://")?.trim().parse().ok()
        })?;
        self.victim.is(group.pid());
        self.running = Some(group);
        Ok(address)
    }

    /// Whether it runs.
    pub fn runs(&mut self) -> bool {
        self.running.as_mut().is_some_and(Group::runs)
    }

    /// SIGKILL; nothing happens where it does not run.
    ///
    /// # Errors
    /// When the database cannot be put back, for one that forgets.
    pub fn kill_9(&mut self) -> Result {
        let ran = self.stop_9();
        if ran && self.forgets {
            copy_files(&self.kept(), &self.database)?;
        }
        Ok(())
    }

    /// Ends it in an orderly way.
    pub fn stop(&mut self) {
        self.victim.gone();
        if let Some(group) = self.running.take() {
            group.stop();
        }
    }

    /// The program's own `verify` on its database, which nobody may be using: its words where it finds something.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn verify(&self) -> Result<Option<String>> {
        let mut command = Command::new(&self.program);
        command.arg("--database-url").arg(&self.database).arg("verify").stdin(Stdio::null());
        let output = command.output().map_err(|source| Error::Io { what: "verifying".to_owned(), source })?;
        let words = String::from_utf8_lossy(&output.stdout).into_owned();
        let words = words + &String::from_utf8_lossy(&output.stderr);
        Ok((!output.status.success()).then(|| format!("{}: {words}", output.status)))
    }

    fn stop_9(&mut self) -> bool {
        self.victim.gone();
        self.running.take().map(Group::kill_9).is_some()
    }

    fn kept(&self) -> String {
        format!("{}.kept", self.database)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop_9();
    }
}
