//! The only place in the workspace that opens a database connection.

use std::fs::{self, File, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use beatbook_domain::time::Millis;
use rusqlite::{Connection, OpenFlags};

use super::error::StoreError;
use super::{migrate, pragmas};
use crate::files;
use crate::profile::wrap::{CipherSettings, DatabaseKey};

/// Whether a database is expected to be there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expect {
    /// A profile is being made: there must be none.
    New,
    /// There must be one; a missing or empty file is never taken for a new notebook.
    Existing,
}

/// What is needed to open a profile's database, kept for as long as it is unlocked: after a failed commit the
/// connection is closed and opened again.
#[derive(Clone, Debug)]
pub struct Location {
    /// The database file.
    pub path: PathBuf,
    /// Its raw key.
    pub key: DatabaseKey,
    /// How it is encrypted.
    pub cipher: CipherSettings,
}

/// Opens the database: key, settings read back, migrations. `now` names a damaged file that is kept aside.
///
/// # Errors
/// [`StoreError::Missing`], [`StoreError::Damaged`] (the file was renamed, with its write-ahead log, never deleted),
/// [`StoreError::TooNew`], [`StoreError::DiskFull`], or SQLite's own.
pub fn open(location: &Location, expect: Expect, now: Millis) -> Result<Connection, StoreError> {
    let length = fs::metadata(&location.path).ok().map(|file| file.len());
    match (expect, length) {
        (Expect::Existing, None) => return Err(StoreError::Missing),
        (Expect::Existing, Some(0)) => {
            return Err(StoreError::Damaged { kept_at: keep_aside(&location.path, now) });
        }
        (Expect::New, Some(_)) => {
            return Err(StoreError::Io(std::io::Error::from(std::io::ErrorKind::AlreadyExists)));
        }
        (Expect::Existing, Some(_)) | (Expect::New, None) => {}
    }
    match connect(location, expect) {
        Err(error) if expect == Expect::Existing && error.is_damage() => {
            tracing::error!(%error, "the notebook database cannot be read; keeping it aside");
            Err(StoreError::Damaged { kept_at: keep_aside(&location.path, now) })
        }
        other => other,
    }
}

fn connect(location: &Location, expect: Expect) -> Result<Connection, StoreError> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if expect == Expect::New {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let mut connection = Connection::open_with_flags(&location.path, flags)?;
    pragmas::key(&connection, &location.key, &location.cipher)?;
    // The first read is what tells a wrong key or a damaged first page.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
    pragmas::set_and_check(&connection, &location.cipher)?;
    migrate::migrate(&mut connection)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Renames the database and what belongs to it; returns the new name of the database where that worked.
fn keep_aside(path: &Path, now: Millis) -> Option<PathBuf> {
    for part in ["-wal", "-shm"] {
        let mut name = path.as_os_str().to_os_string();
        name.push(part);
        let part_path = PathBuf::from(name);
        if part_path.exists()
            && let Err(error) = files::keep_aside(&part_path, now.0)
        {
            tracing::error!(%error, "a part of the damaged notebook could not be kept aside");
        }
    }
    files::keep_aside(path, now.0)
        .inspect_err(|error| tracing::error!(%error, "could not keep the notebook aside"))
        .ok()
}

/// How long a new Beatbook waits for one that is ending.
const LAST_ONE_GOES: Duration = Duration::from_secs(4);
/// How often it looks.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Holds the data folder for one running Beatbook; freed when dropped or when the process ends, however it ends.
#[derive(Debug)]
pub struct InstanceGuard {
    _file: File,
}

impl InstanceGuard {
    /// Takes the folder. Waits up to [`LAST_ONE_GOES`] for it: a Beatbook that was killed a moment ago may still be on
    /// its way out, and whoever opens the app again must not be told that it is open.
    ///
    /// # Errors
    /// [`StoreError::AlreadyRunning`] where another process holds it.
    pub fn take(folder: &Path) -> Result<Self, StoreError> {
        files::private_folder(folder)?;
        let mut file =
            File::options().create(true).truncate(false).write(true).open(folder.join("running.lock"))?;
        let mut left = LAST_ONE_GOES;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if left.is_zero() => return Err(StoreError::AlreadyRunning),
                Err(TryLockError::WouldBlock) => {
                    std::thread::sleep(LOOK_AGAIN);
                    left = left.saturating_sub(LOOK_AGAIN);
                }
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
        }
        // For whoever looks into the folder; nothing reads it.
        let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(Self { _file: file })
    }
}
