//! Teams and officers as an administrator adds them.

use beatbook_domain::id::{Code, OfficerId, TeamId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{OfficerRow, TeamRow};

use crate::force::ForceError;
use crate::random::uuid_v7;
use crate::storage::{Storage, Stored};

/// The team of this name, made where there is none.
///
/// # Errors
/// When the database fails or the system gives no randomness.
pub async fn team(storage: &dyn Storage, name: &str, at: Millis) -> Result<TeamRow, ForceError> {
    if let Some(team) = storage.teams().await?.into_iter().find(|team| team.name == name) {
        return Ok(team);
    }
    let team = TeamRow { team: TeamId(uuid_v7(at)?), name: name.to_owned() };
    storage.put_team(team.clone()).await?;
    Ok(team)
}

/// Adds an officer, or changes role and team of the one with this collar number from `at`.
///
/// # Errors
/// When the database fails or the system gives no randomness.
pub async fn put(
    storage: &dyn Storage,
    collar: &str,
    role: &str,
    team: Option<TeamId>,
    at: Millis,
) -> Result<OfficerRow, ForceError> {
    let known = find(storage, collar, at).await?.map(|row| row.officer);
    let officer = match known {
        Some(officer) => officer,
        None => OfficerId(uuid_v7(at)?),
    };
    let row = OfficerRow { officer, collar: collar.to_owned(), role: Code::new(role), team };
    storage.put_officer(row.clone(), at).await?;
    Ok(row)
}

/// The officer of a collar number, by the roster in force.
///
/// # Errors
/// When the database fails.
pub async fn find(storage: &dyn Storage, collar: &str, at: Millis) -> Stored<Option<OfficerRow>> {
    Ok(storage.officers(at).await?.into_iter().find(|officer| officer.collar == collar))
}
