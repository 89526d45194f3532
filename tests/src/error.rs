//! Why a journey stopped, in words that can be acted on without running it again.

use std::path::PathBuf;
use std::time::Duration;

/// The harness's result.
pub type Result<T = ()> = std::result::Result<T, Error>;

/// What went wrong in the harness or on the screen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A program is not installed or not built.
    #[error("{program} is missing: {cure}")]
    Missing {
        /// The program.
        program: String,
        /// How to get it.
        cure: String,
    },
    /// A program could not be started or ended early.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: String,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A program said no; its output follows.
    #[error("{program} failed:\n{output}")]
    Program {
        /// The command line.
        program: String,
        /// What it printed.
        output: String,
    },
    /// Something that was waited for did not come.
    #[error("waited {waited:?} for {what}\n--- on the screen ---\n{screen}")]
    Waited {
        /// What.
        what: String,
        /// How long.
        waited: Duration,
        /// The visible text at the end.
        screen: String,
    },
    /// The web view's driver refused a request.
    #[error("webdriver: {request}: {kind}: {message}")]
    WebDriver {
        /// The request.
        request: String,
        /// The driver's error code, such as `stale element reference`.
        kind: String,
        /// The driver's words.
        message: String,
    },
    /// The driver could not be talked to.
    #[error("webdriver: {0}")]
    Http(#[from] reqwest::Error),
    /// A picture could not be read from the driver's answer.
    #[error("the picture for {0} could not be read")]
    Picture(PathBuf),
}

/// Says what was being done when the system refused.
pub(crate) trait Doing<T> {
    fn doing(self, what: impl Into<String>) -> Result<T>;
}

impl<T> Doing<T> for std::io::Result<T> {
    fn doing(self, what: impl Into<String>) -> Result<T> {
        self.map_err(|source| Error::Io { what: what.into(), source })
    }
}
