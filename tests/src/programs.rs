//! Where the programs under test are: beside the test itself in cargo's target folder, or named by the environment.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result};

/// The programs under test.
#[derive(Debug, Clone)]
pub struct Programs {
    /// The app with its window (`BEATBOOK_APP`).
    pub app: PathBuf,
    /// The central endpoint (`BEATBOOK_CENTRAL`).
    pub central: PathBuf,
}

impl Programs {
    /// Finds both.
    ///
    /// # Errors
    /// When one is not built; the words say how.
    pub fn find() -> Result<Self> {
        Ok(Self {
            app: find("BEATBOOK_APP", "beatbook-app")?,
            central: find("BEATBOOK_CENTRAL", "beatbook-central")?,
        })
    }
}

/// One of our own programs: the file the environment variable names, or the one beside the test.
pub(crate) fn find(variable: &str, name: &str) -> Result<PathBuf> {
    let file = match std::env::var_os(variable) {
        Some(file) => PathBuf::from(file),
        // A test lies in target/<profile>/deps, a program of ours beside the others.
        None => std::env::current_exe()
            .ok()
            .and_then(|own| {
                own.ancestors().skip(1).take(2).map(|folder| folder.join(name)).find(|file| file.is_file())
            })
            .unwrap_or_else(|| PathBuf::from(name)),
    };
    if file.is_file() {
        return Ok(file);
    }
    Err(Error::Missing {
        program: file.display().to_string(),
        cure: "run `cargo xtask build`, which builds the screens, the app and central".to_owned(),
    })
}

/// A command for a program; `wrapped` is the one that starts it with its own arguments, such as strace, where there is one.
pub(crate) fn command(program: &Path, wrapped: &[String]) -> Command {
    match wrapped.split_first() {
        Some((outer, arguments)) => {
            let mut command = Command::new(outer);
            command.args(arguments).arg(program);
            command
        }
        None => Command::new(program),
    }
}

/// A program of the system, with the Debian package that brings it.
pub(crate) fn system(name: &str, package: &str) -> Result<PathBuf> {
    std::env::var_os("PATH")
        .and_then(|path| {
            std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| Path::is_file(file))
        })
        .ok_or_else(|| Error::Missing {
            program: name.to_owned(),
            cure: format!("apt-get install {package}"),
        })
}
