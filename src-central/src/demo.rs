//! The demonstration force: invented officers of one team, hand-made areas, the built-in code lists, stock and
//! authorities. Made through the same doors as a real one, so that nothing in it is a special case. Idempotent.

mod reference;

use std::path::{Path, PathBuf};

use beatbook_domain::place::areas::DEMONSTRATION;
use beatbook_domain::time::Millis;
use serde::Serialize;

use crate::areas::{self, AreasError};
use crate::enrolment;
use crate::force::{self, ForceError};
use crate::lists::ListsError;
use crate::officers;
use crate::storage::{Storage, StorageError};

/// The team of the demonstration.
pub const TEAM: &str = "Norwich East";
/// Its officers: role and collar number.
pub const OFFICERS: [(&str, &str); 6] =
    [("PC", "1482"), ("PC", "1377"), ("PC", "2206"), ("SC", "7014"), ("PS", "0311"), ("INSP", "0102")];
/// Officers of no team: professional standards, who read disclosures about someone in policing and nothing else.
pub const OF_NO_TEAM: [(&str, &str); 1] = [("PSD", "0900")];
/// Name of the demonstration force.
pub const FORCE: &str = "Norfolk demonstration";

/// Why the demonstration could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The force or its keys.
    #[error(transparent)]
    Force(#[from] ForceError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The areas.
    #[error(transparent)]
    Areas(#[from] AreasError),
    /// The code lists.
    #[error(transparent)]
    Lists(#[from] ListsError),
}

/// An account of the demonstration.
#[derive(Clone, Debug, Serialize)]
pub struct Account {
    /// Rank or role.
    pub role: String,
    /// Collar number.
    pub collar: String,
    /// Officer id.
    pub officer: String,
    /// A fresh one-time enrolment code.
    pub code: String,
}

/// What `seed-demo` made or found.
#[derive(Clone, Debug, Serialize)]
pub struct Demonstration {
    /// Name of the force.
    pub force: String,
    /// The team.
    pub team: String,
    /// Number of the area set in force.
    pub area_set: u32,
    /// Version of the code lists in force.
    pub lists: u32,
    /// Where the offline root key was written, when the force was made now.
    pub root_key: Option<PathBuf>,
    /// Where the offline recovery key was written, when the force was made now.
    pub recovery_key: Option<PathBuf>,
    /// The accounts, each with a new code (older unused ones die).
    pub accounts: Vec<Account>,
}

/// Makes the demonstration force, or adds what is missing of it. Areas and lists in force are left as they are;
/// stock and authorities are added where there are none.
///
/// # Errors
/// When the database, the key files or the built-in data fail.
pub async fn seed(
    storage: &dyn Storage,
    root_out: &Path,
    recovery_out: &Path,
    at: Millis,
) -> Result<Demonstration, DemoError> {
    let made = storage.force().await?.is_none();
    if made {
        force::create(storage, FORCE, root_out, recovery_out, at).await?;
    }
    let force = force::load(storage).await?;
    let area_set = match storage.area_set().await? {
        Some(row) => row.version,
        None => areas::import_texts(storage, &DEMONSTRATION, at).await?.version,
    };
    let lists = reference::publish(storage, at).await?;
    let team = officers::team(storage, TEAM, at).await?;
    let of_team = OFFICERS.into_iter().map(|officer| (officer, Some(team.team)));
    let of_none = OF_NO_TEAM.into_iter().map(|officer| (officer, None));
    let mut accounts = Vec::with_capacity(OFFICERS.len() + OF_NO_TEAM.len());
    for ((role, collar), of) in of_team.chain(of_none) {
        let officer = match officers::find(storage, collar, at).await? {
            Some(officer) => officer,
            None => officers::put(storage, collar, role, of, at).await?,
        };
        let code = enrolment::issue(storage, &force, officer.officer, at).await?;
        accounts.push(Account {
            role: officer.role.to_string(),
            collar: officer.collar,
            officer: officer.officer.to_string(),
            code: code.to_string(),
        });
    }
    Ok(Demonstration {
        force: force.bundle.name.clone(),
        team: team.name,
        area_set,
        lists,
        root_key: made.then(|| root_out.to_owned()),
        recovery_key: made.then(|| recovery_out.to_owned()),
        accounts,
    })
}
