//! What every task needs: one error type, and running other programs while saying which.
//! Knows nothing of what the programs do.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// Why a task stopped.
#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    /// A program ran and said no.
    #[error("`{program}` failed ({status})")]
    Failed {
        /// The command line, for repeating it by hand.
        program: String,
        /// What it ended with.
        status: ExitStatus,
    },
    /// A program could not be started, or a file could not be touched.
    #[error("{what}: {source}")]
    Io {
        /// What was being done, with the path or program.
        what: String,
        /// The system's answer.
        source: std::io::Error,
    },
    /// Anything a person must know in words, with the next step.
    #[error("{0}")]
    Told(String),
}

/// The result of a task.
pub type Result<T = ()> = std::result::Result<T, TaskError>;

/// Turns a system error into a [`TaskError`] that says what was being done.
pub trait Context<T> {
    /// `what` is a phrase such as "reading deny.toml".
    fn doing(self, what: impl FnOnce() -> String) -> Result<T>;
}

impl<T> Context<T> for std::io::Result<T> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|source| TaskError::Io { what: what(), source })
    }
}

/// A refusal in words.
pub fn told<T>(words: impl Into<String>) -> Result<T> {
    Err(TaskError::Told(words.into()))
}

/// Announces the next step on standard error, so that piped output stays clean.
pub fn step(words: &str) {
    eprintln!("\x1b[1m==> {words}\x1b[0m");
}

/// The command line as a person would type it.
fn line(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Runs to the end with the terminal's own output; an unhappy end is an error.
pub fn run(command: &mut Command) -> Result {
    let status = command.status().doing(|| format!("starting `{}`", line(command)))?;
    if status.success() { Ok(()) } else { Err(TaskError::Failed { program: line(command), status }) }
}

/// Runs to the end in silence and gives standard output; errors of the program go to the terminal.
pub fn capture(command: &mut Command) -> Result<String> {
    let output =
        command.stderr(Stdio::inherit()).output().doing(|| format!("starting `{}`", line(command)))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(TaskError::Failed { program: line(command), status: output.status })
    }
}

/// Whether a program runs and is content, with nothing shown.
pub fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// A program that ends with this one, however this one ends (where `setpriv` is there: on Linux).
pub fn tied(program: impl AsRef<OsStr>) -> Command {
    match find("setpriv") {
        Some(setpriv) => {
            let mut command = Command::new(setpriv);
            command.args(["--pdeathsig", "TERM", "--"]).arg(program);
            command
        }
        None => Command::new(program),
    }
}

/// Asks a child to end, and makes it where it has not after ten seconds.
pub fn end(child: &mut Child) {
    if let Some(pid) = Pid::from_raw(child.id().cast_signed()) {
        let _ = kill_process(pid, Signal::TERM);
    }
    let asked = Instant::now();
    while matches!(child.try_wait(), Ok(None)) {
        if asked.elapsed() > Duration::from_secs(10) {
            let _ = child.kill();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Where `program` stands on the search path, if it does.
pub fn find(program: impl AsRef<OsStr>) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program.as_ref())).find(|file| file.is_file())
}

/// Copies a folder with everything in it, over what is there.
pub fn copy_folder(from: &Path, to: &Path) -> Result {
    std::fs::create_dir_all(to).doing(|| format!("making {}", to.display()))?;
    for entry in std::fs::read_dir(from).doing(|| format!("reading {}", from.display()))? {
        let entry = entry.doing(|| format!("reading {}", from.display()))?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), &target).doing(|| format!("copying to {}", target.display()))?;
        }
    }
    Ok(())
}
