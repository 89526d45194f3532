//! The journal: what was decided at central, in a file beside the database, so that a restored backup is told of it.
//!
//! Each decision is noted in the transaction that makes it, in a table; the file follows the table. So a decision is never
//! in the file that was not made, and one that the file misses (the process died in between) is added by whoever writes
//! next. Lines are JSON, chained by hashes and fsynced; a last line that broke off is not one.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use beatbook_domain::id::{ChainId, DeviceId, Digest, ForceId, Link};
use beatbook_domain::seal::digest;
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{Grant, OfficerRow, TeamRow};
use serde::{Deserialize, Serialize};

use crate::force::{self, ForceError};
use crate::own::Run;
use crate::storage::{Decision, ExportRow, JournalRow, PublishedRow, Revocation, Storage, StorageError};

/// Rows read of the table at a time.
const PAGE: u32 = 500;

/// A decision.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decided {
    /// A team was added or renamed.
    Team(TeamRow),
    /// An officer was added, or changed role or team.
    Officer {
        /// The officer as from then on.
        officer: OfficerRow,
        /// From when.
        at: Millis,
    },
    /// A grant was given.
    Grant(Grant),
    /// A device was taken out of service.
    Revoked(Revocation),
    /// A device was put back into service.
    Reinstated {
        /// The device.
        device: DeviceId,
        /// When.
        at: Millis,
        /// Who.
        by: String,
    },
    /// What arrived from a device out of service was decided about.
    Withheld {
        /// The device.
        device: DeviceId,
        /// What was decided.
        decision: Decision,
        /// About which revisions.
        links: Vec<Link>,
    },
    /// Central sealed something itself: a hold, a release, an erasure.
    Sealed {
        /// The records, with what proves them.
        run: Run,
        /// Profiles that were ordered to erase their copies.
        profiles: Vec<ChainId>,
    },
    /// Figures or records were given out, or a sealed file was opened: who, when, why, and the hash of every file.
    Exported(ExportRow),
    /// A month was published, or the one split of it was chosen. What was said once is never said otherwise.
    Published(PublishedRow),
}

/// One line of the file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Line {
    /// Number of the decision.
    n: u64,
    /// When.
    at: Millis,
    /// The force.
    force: ForceId,
    /// SHA-256 of the line before it, without its end; of nothing before the first.
    prev: Digest,
    /// JSON of the decision, as the table has it.
    what: String,
}

/// Why the journal could not be followed or read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file.
    #[error("the journal {}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line is not what followed the line before it.
    #[error("the journal {} was changed or damaged at decision {at}: nothing was done with it", path.display())]
    Broken {
        /// Which.
        path: PathBuf,
        /// Number of the decision.
        at: u64,
    },
    /// It is of another database.
    #[error(
        "the journal {} does not belong to this database: they differ at decision {at}. Name another file with --journal",
        path.display()
    )]
    Another {
        /// Which.
        path: PathBuf,
        /// Number of the decision at which they differ.
        at: u64,
    },
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The force.
    #[error(transparent)]
    Force(#[from] ForceError),
    /// A line that cannot be written.
    #[error("a decision cannot be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// Where the journal lies when nobody says: beside an SQLite file. A PostgreSQL database has no place of its own.
#[must_use]
pub fn beside(database: &str) -> Option<PathBuf> {
    if database.contains("://") && !database.starts_with("sqlite") {
        return None;
    }
    let path =
        database.strip_prefix("sqlite://").or_else(|| database.strip_prefix("sqlite:")).unwrap_or(database);
    Some(PathBuf::from(format!("{path}.journal")))
}

/// What a file holds: its decisions, the hash its next line names, and where that line goes.
struct Read {
    rows: Vec<JournalRow>,
    force: Option<ForceId>,
    last: Digest,
    end: u64,
}

fn read_open(path: &Path, file: &File) -> Result<Read, JournalError> {
    let failed = |source| JournalError::File { path: path.to_owned(), source };
    let mut read = Read { rows: Vec::new(), force: None, last: digest(b""), end: 0 };
    let mut lines = BufReader::new(file);
    let mut text = Vec::new();
    loop {
        text.clear();
        lines.read_until(b'\n', &mut text).map_err(failed)?;
        // The last line may have broken off; then it was not written.
        let Some(whole) = text.strip_suffix(b"\n") else { return Ok(read) };
        let expected = read.rows.last().map_or(1, |row| row.n + 1);
        let broken = || JournalError::Broken { path: path.to_owned(), at: expected };
        let line: Line = serde_json::from_slice(whole).map_err(|_| broken())?;
        let follows = line.n == expected && line.prev == read.last;
        if !follows || read.force.is_some_and(|force| force != line.force) {
            return Err(broken());
        }
        (read.force, read.last) = (Some(line.force), digest(whole));
        read.end += text.len() as u64;
        read.rows.push(JournalRow { n: line.n, at: line.at, what: line.what });
    }
}

/// Every decision the file holds.
///
/// # Errors
/// [`JournalError::File`] where it is not there, [`JournalError::Broken`] where it was changed.
pub fn read(path: &Path) -> Result<Vec<JournalRow>, JournalError> {
    let file = File::open(path).map_err(|source| JournalError::File { path: path.to_owned(), source })?;
    Ok(read_open(path, &file)?.rows)
}

/// Adds to the file what was decided and is not in it yet; how many that are. On disk when this returns.
///
/// # Errors
/// [`JournalError`]; the decisions stand, and are added with the next one.
pub async fn follow(storage: &dyn Storage, path: &Path) -> Result<usize, JournalError> {
    let failed = |source| JournalError::File { path: path.to_owned(), source };
    let Some(force) = storage.force().await? else { return Ok(0) };
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(failed)?;
    // Another process may be following it at this moment.
    file.lock().map_err(failed)?;
    let Read { rows, force: written, mut last, end } = read_open(path, &file)?;
    if written.is_some_and(|written| written != force.force) {
        return Err(JournalError::Another { path: path.to_owned(), at: 1 });
    }
    let known = rows.len() as u64;
    if let Some(row) = rows.last() {
        let same = storage.journal(known - 1, 1).await?;
        if same.first() != Some(row) {
            return Err(JournalError::Another { path: path.to_owned(), at: known });
        }
    }
    let (mut after, mut text) = (known, Vec::new());
    loop {
        let page = storage.journal(after, PAGE).await?;
        let Some(newest) = page.last() else { break };
        after = newest.n;
        for JournalRow { n, at, what } in page {
            let line = serde_json::to_vec(&Line { n, at, force: force.force, prev: last, what })?;
            last = digest(&line);
            text.extend(line);
            text.push(b'\n');
        }
    }
    if !text.is_empty() {
        file.set_len(end).map_err(failed)?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        file.write_all(&text).map_err(failed)?;
        file.sync_all().map_err(failed)?;
    }
    Ok(usize::try_from(after - known).unwrap_or(usize::MAX))
}

/// Does again, in a database that was just restored, what the file says was decided since its backup; how many decisions
/// those are.
///
/// # Errors
/// [`JournalError`]; nothing was done again then.
pub async fn replay(storage: &dyn Storage, path: &Path, at: Millis) -> Result<usize, JournalError> {
    let rows = read(path)?;
    let (mut known, mut after) = (0, 0);
    loop {
        let page = storage.journal(after, PAGE).await?;
        let Some(newest) = page.last() else { break };
        after = newest.n;
        for row in page {
            let place = usize::try_from(row.n).unwrap_or(usize::MAX).saturating_sub(1);
            if rows.get(place) != Some(&row) {
                return Err(JournalError::Another { path: path.to_owned(), at: row.n });
            }
            known += 1;
        }
    }
    let new: Vec<JournalRow> = rows.into_iter().skip(known).collect();
    let count = new.len();
    if count > 0 {
        let force = force::load(storage).await?;
        storage.replay(new, at, Arc::clone(&force.signer)).await?;
    }
    Ok(count)
}
