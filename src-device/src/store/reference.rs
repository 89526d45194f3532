//! Reference data central sent: officers, teams, code lists, and the parts of area sets.

use beatbook_domain::code_list::Edition;
use beatbook_domain::id::{Code, OfficerId, TeamId};
use beatbook_domain::place::areas::{AreaPart, AreaSet, AssembleError, assemble};
use beatbook_protocol::sync::{OfficerRow, TeamRow};
use rusqlite::{Connection, OptionalExtension as _, Row};

use super::{Store, StoreError, settings};

pub(super) fn put_officer(connection: &Connection, officer: &OfficerRow) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO officer (officer, collar, role, team) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (officer) DO UPDATE SET collar = excluded.collar, role = excluded.role, team = excluded.team",
        )?
        .execute((
            officer.officer.as_bytes().as_slice(),
            &officer.collar,
            officer.role.as_str(),
            officer.team.as_ref().map(|team| team.as_bytes().as_slice()),
        ))?;
    Ok(())
}

pub(super) fn put_team(connection: &Connection, team: &TeamRow) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO team (team, name) VALUES (?1, ?2) ON CONFLICT (team) DO UPDATE SET name = excluded.name",
        )?
        .execute((team.team.as_bytes().as_slice(), &team.name))?;
    Ok(())
}

/// Keeps an edition unless a later one is here.
pub(super) fn put_lists(connection: &Connection, edition: &Edition) -> Result<(), StoreError> {
    let held: Option<Edition> = settings::get_json(connection, settings::LISTS)?;
    if held.is_none_or(|held| held.version <= edition.version) {
        settings::put_json(connection, settings::LISTS, edition)?;
    }
    Ok(())
}

/// Keeps a part; parts of older sets than the newest whole one are dropped when a set is assembled.
pub(super) fn put_area_part(connection: &Connection, part: &AreaPart) -> Result<(), StoreError> {
    let item = serde_json::to_string(part).map_err(|error| StoreError::Content(error.to_string()))?;
    connection
        .prepare_cached("INSERT OR REPLACE INTO area_part (version, part, item) VALUES (?1, ?2, ?3)")?
        .execute((part.version, part.part, item))?;
    Ok(())
}

fn officer_from(row: &Row<'_>) -> rusqlite::Result<OfficerRow> {
    Ok(OfficerRow {
        officer: OfficerId::from_bytes(row.get(0)?),
        collar: row.get(1)?,
        role: Code::new(row.get::<_, String>(2)?),
        team: row.get::<_, Option<[u8; 16]>>(3)?.map(TeamId::from_bytes),
    })
}

impl Store {
    /// All officers known, by collar number.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn officers(&mut self) -> Result<Vec<OfficerRow>, StoreError> {
        let mut statement =
            self.connection()?.prepare_cached("SELECT officer, collar, role, team FROM officer ORDER BY collar")?;
        let rows = statement.query_map([], officer_from)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The name of a team.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn team_name(&mut self, team: TeamId) -> Result<Option<String>, StoreError> {
        let mut statement = self.connection()?.prepare_cached("SELECT name FROM team WHERE team = ?1")?;
        Ok(statement.query_row([team.as_bytes().as_slice()], |row| row.get(0)).optional()?)
    }

    /// The code lists central sent, if any did.
    ///
    /// # Errors
    /// SQLite's own, or stored content that cannot be read.
    pub fn lists(&mut self) -> Result<Option<Edition>, StoreError> {
        self.setting(settings::LISTS)
    }

    /// The newest area set that is whole and whose hash fits; incomplete ones are left to fill, damaged ones dropped.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn area_set(&mut self) -> Result<Option<AreaSet>, StoreError> {
        let versions: Vec<u32> = {
            let mut statement =
                self.connection()?.prepare_cached("SELECT DISTINCT version FROM area_part ORDER BY version DESC")?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        for version in versions {
            let items: Vec<String> = {
                let mut statement = self
                    .connection()?
                    .prepare_cached("SELECT item FROM area_part WHERE version = ?1 ORDER BY part")?;
                let rows = statement.query_map([version], |row| row.get(0))?;
                rows.collect::<rusqlite::Result<_>>()?
            };
            let parts: Vec<AreaPart> = items.iter().filter_map(|item| serde_json::from_str(item).ok()).collect();
            match assemble(&parts) {
                Ok(set) => {
                    self.relaxed(|transaction| {
                        transaction.execute("DELETE FROM area_part WHERE version < ?1", [version])?;
                        Ok(())
                    })?;
                    return Ok(Some(set));
                }
                Err(AssembleError::Incomplete { .. }) => {}
                Err(error @ (AssembleError::Mixed | AssembleError::Damaged)) => {
                    tracing::warn!(version, %error, "an area set was dropped and is fetched again");
                    self.relaxed(|transaction| {
                        transaction.execute("DELETE FROM area_part WHERE version = ?1", [version])?;
                        // Its parts come again only from the beginning of the scope.
                        transaction.execute("DELETE FROM cursor WHERE scope = 'reference'", [])?;
                        Ok(())
                    })?;
                }
            }
        }
        Ok(None)
    }
}
