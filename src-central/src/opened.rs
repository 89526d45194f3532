//! Opening what a device sealed to the force. Who opened what, and why, is logged.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use beatbook_domain::seal::digest;
use beatbook_domain::time::Millis;
use beatbook_report::sealed::{self, SealedError};

use crate::force::{self, ForceError};
use crate::random::{Unpredictable, uuid_v7};
use crate::storage::{ExportRow, Storage, StorageError};

/// Why a sealed file was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A file.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What is in it.
    #[error(transparent)]
    Sealed(#[from] SealedError),
    /// The force or its keys.
    #[error(transparent)]
    Force(#[from] ForceError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The log.
    #[error("the log could not be written: {0}")]
    Json(#[from] serde_json::Error),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] Unpredictable),
}

/// Opens a sealed file with central's key, or with the offline recovery key, and writes what is inside.
///
/// # Errors
/// [`OpenError`]; a file that is there already is not replaced.
pub async fn open(
    storage: &dyn Storage,
    file: &Path,
    recovery_key: Option<&Path>,
    folder: &Path,
    (by, why): (&str, &str),
    now: Millis,
) -> Result<Vec<PathBuf>, OpenError> {
    let broken = |path: &Path| {
        let path = path.to_owned();
        move |source| OpenError::File { path, source }
    };
    let bytes = std::fs::read(file).map_err(broken(file))?;
    let inside = match recovery_key {
        Some(path) => sealed::open(&bytes, &*force::read_key(path, force::RECOVERY)?)?,
        None => sealed::open(&bytes, &force::load(storage).await?.row.sealing_secret)?,
    };
    let mut files = Vec::new();
    let mut hashes = BTreeMap::new();
    for part in inside {
        let path = folder.join(&part.name);
        force::write_secret(&path, &part.bytes).map_err(broken(&path))?;
        hashes.insert(part.name, digest(&part.bytes).to_string());
        files.push(path);
    }
    let what = format!("opened a sealed export, sha-256 {}", digest(&bytes));
    let row = ExportRow {
        export: uuid_v7(now)?,
        at: now,
        by: by.to_owned(),
        why: why.to_owned(),
        what,
        files: serde_json::to_string(&hashes)?,
    };
    storage.put_export(row).await?;
    Ok(files)
}
