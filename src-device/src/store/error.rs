//! What can go wrong with the store, in words a person can act on. No record content and no path but a file's own name.

use std::io;
use std::path::{Path, PathBuf};

use beatbook_words::text;

use crate::words;

/// Why the store did not do what was asked. In every case what was acknowledged as saved is still there.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room left. Nothing that was saved is lost, and what is being typed stays on screen.
    #[error("{}", words::STORAGE_FULL)]
    DiskFull,
    /// The database cannot be read. It was kept aside under another name (never deleted) where that was possible.
    #[error("{}", damaged(.kept_at.as_deref()))]
    Damaged {
        /// Where it was kept.
        kept_at: Option<PathBuf>,
    },
    /// There is no database where the profile's should be. It is never silently made anew.
    #[error("{}", words::NOTEBOOK_MISSING)]
    Missing,
    /// Written by a Beatbook so new that this one must not read it.
    #[error("{}", words::NOTEBOOK_TOO_NEW)]
    TooNew {
        /// The lowest schema version that may read it.
        min_reader: i64,
        /// Ours.
        ours: i64,
    },
    /// Another Beatbook holds this data folder.
    #[error("{}", words::ALREADY_RUNNING)]
    AlreadyRunning,
    /// A setting that durability or secrecy rests on could not be made.
    #[error("the database setting {name} is {found} and must be {wanted}")]
    Pragma {
        /// Name of the setting.
        name: &'static str,
        /// What it must be.
        wanted: String,
        /// What it is.
        found: String,
    },
    /// What was read does not fit what was sealed.
    #[error("a stored record does not fit its seal: {0}")]
    Seal(#[from] beatbook_domain::seal::Broken),
    /// Stored content that cannot be understood.
    #[error("stored content cannot be read: {0}")]
    Content(String),
    /// No randomness for a seed or id.
    #[error("the system gave no random numbers")]
    Randomness,
    /// The thread that owns the store has ended.
    #[error("the notebook is closed")]
    Closed,
    /// A step failed in a way that is a mistake of ours; the store was reopened.
    #[error("an operation on the notebook stopped unexpectedly; nothing saved was lost")]
    Panicked,
    /// The file system.
    #[error("the notebook file cannot be read or written: {0}")]
    Io(io::Error),
    /// SQLite, for everything not told apart above.
    #[error("the notebook database failed: {0}")]
    Sqlite(rusqlite::Error),
}

fn damaged(kept_at: Option<&Path>) -> String {
    match kept_at.and_then(Path::file_name) {
        Some(name) => text!(notebook_damaged_kept, name = name.to_string_lossy().into_owned()),
        None => words::NOTEBOOK_DAMAGED.to_owned(),
    }
}

impl StoreError {
    /// Whether SQLite says the file itself is not (any more) a readable database.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        match self {
            Self::Damaged { .. } => true,
            Self::Sqlite(rusqlite::Error::SqliteFailure(error, _)) => {
                matches!(error.code, DatabaseCorrupt | NotADatabase)
            }
            _ => false,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match &error {
            rusqlite::Error::SqliteFailure(failure, _) if failure.code == rusqlite::ErrorCode::DiskFull => {
                Self::DiskFull
            }
            _ => Self::Sqlite(error),
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::StorageFull { Self::DiskFull } else { Self::Io(error) }
    }
}
