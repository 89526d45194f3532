//! The commands: arguments, one library call each, words for people.

mod backup;
mod devices;
mod disclose;
pub mod examples;
mod export;
mod figures;
mod keep;
mod keys;
mod published;
mod records;
mod roster;
mod serve;
mod setup;

pub use backup::{Backup, Restore};
pub use devices::Devices;
pub use disclose::Disclose;
pub use export::{Export, FunderReturn, OpenExport};
pub use figures::Figures;
pub use keep::{Areas, Lists, Openapi, Recover, Verify};
pub use keys::Keys;
pub use published::{Authorities, Policy, Stock};
pub use records::Records;
pub use roster::{EnrolCodeFor, Officers};
pub use serve::Serve;
pub use setup::{Init, SeedDemo};

use std::path::Path;

use beatbook_central::areas::AreasError;
use beatbook_central::backup::BackupError;
use beatbook_central::config::ConfigError;
use beatbook_central::demo::DemoError;
use beatbook_central::devices::DeviceError;
use beatbook_central::disclose::DiscloseError;
use beatbook_central::disclose::check::CheckError;
use beatbook_central::export::ExportError;
use beatbook_central::force::ForceError;
use beatbook_central::journal::JournalError;
use beatbook_central::lists::ListsError;
use beatbook_central::opened::OpenError;
use beatbook_central::recover::RecoverError;
use beatbook_central::server::ServeError;
use beatbook_central::storage::{Storage, StorageError};
use beatbook_central::tls::TlsError;
use beatbook_central::verify::VerifyError;
use beatbook_central::{journal, storage};
use beatbook_domain::id::TeamId;

/// The team a command names; none where it names none.
async fn team_named(storage: &dyn Storage, name: Option<&str>) -> Result<Option<TeamId>, Failed> {
    let Some(name) = name else { return Ok(None) };
    let teams = storage.teams().await?;
    let team = teams.iter().find(|team| team.name == name).map(|team| team.team);
    let names: Vec<_> = teams.iter().map(|team| team.name.as_str()).collect();
    let unknown = || Failed::Asked(format!("no team is called {name}: there are {}", names.join(", ")));
    Ok(Some(team.ok_or_else(unknown)?))
}

/// Why a command failed; its words are what the user sees.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// Settings.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The force or its keys.
    #[error(transparent)]
    Force(#[from] ForceError),
    /// A certificate.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// Areas.
    #[error(transparent)]
    Areas(#[from] AreasError),
    /// An export.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// A disclosure pack.
    #[error(transparent)]
    Disclose(#[from] DiscloseError),
    /// Checking one.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// A sealed export.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A backup or a restore.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A device that is not there.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// Code lists, stock or authorities.
    #[error(transparent)]
    Lists(#[from] ListsError),
    /// Serving.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// Verifying.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// Recovering.
    #[error(transparent)]
    Recover(#[from] RecoverError),
    /// The demonstration.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// A file or the system.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Output that cannot be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// Something named does not exist, or a choice does not fit.
    #[error("{0}")]
    Asked(String),
}

/// Brings the journal up to what is decided; says where there is none.
///
/// # Errors
/// When it cannot be written. What was decided stands, and is added with the next decision.
pub async fn follow(database: &str, journal: Option<&Path>) -> Result<(), Failed> {
    let storage = storage::open(database).await?;
    match journal {
        Some(path) => drop(journal::follow(storage.as_ref(), path).await?),
        None if storage.journal(0, 1).await?.is_empty() => {}
        None => eprintln!(
            "note: no journal is named (--journal FILE): a restored backup will not know what was decided here"
        ),
    }
    Ok(())
}
