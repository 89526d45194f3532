//! Reference data central sent: officers, teams, code lists, and the parts of area sets.

use beatbook_domain::code_list::Edition;
use beatbook_domain::id::{Code, OfficerId, TeamId};
use beatbook_domain::place::areas::{AreaPart, AreaSet, assemble};
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
        .prepare_cached(
            "INSERT OR REPLACE INTO area_part (version, part, parts, item) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute((part.version, part.part, part.parts, item))?;
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
        let mut statement = self
            .connection()?
            .prepare_cached("SELECT officer, collar, role, team FROM officer ORDER BY collar")?;
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

    /// The teams of the force.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn teams(&mut self) -> Result<Vec<(TeamId, String)>, StoreError> {
        let mut statement = self.connection()?.prepare_cached("SELECT team, name FROM team ORDER BY name")?;
        let rows = statement.query_map([], |row| Ok((TeamId::from_bytes(row.get(0)?), row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The code lists central sent, if any did.
    ///
    /// # Errors
    /// SQLite's own, or stored content that cannot be read.
    pub fn lists(&mut self) -> Result<Option<Edition>, StoreError> {
        self.setting(settings::LISTS)
    }

    /// Versions of area sets of which all parts are here, newest first.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn whole_area_sets(&mut self) -> Result<Vec<u32>, StoreError> {
        let mut statement = self.connection()?.prepare_cached(
            "SELECT version FROM area_part GROUP BY version HAVING count(*) = max(parts) ORDER BY version DESC",
        )?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The parts of one area set as they arrived. Putting them together and checking the hash takes longer than a step
    /// may, and is done elsewhere ([`assemble_parts`]).
    ///
    /// # Errors
    /// SQLite's own.
    pub fn area_parts(&mut self, version: u32) -> Result<Vec<String>, StoreError> {
        let mut statement = self
            .connection()?
            .prepare_cached("SELECT item FROM area_part WHERE version = ?1 ORDER BY part")?;
        let rows = statement.query_map([version], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Drops the sets older than one that is in use.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn drop_area_sets_before(&mut self, version: u32) -> Result<(), StoreError> {
        self.relaxed(|transaction| {
            transaction.execute("DELETE FROM area_part WHERE version < ?1", [version])?;
            Ok(())
        })
    }

    /// Drops a set that arrived damaged, and asks for the reference scope from its beginning.
    ///
    /// # Errors
    /// SQLite's own.
    pub fn drop_damaged_area_set(&mut self, version: u32) -> Result<(), StoreError> {
        tracing::warn!(version, "an area set arrived damaged; it was dropped and is fetched again");
        self.relaxed(|transaction| {
            transaction.execute("DELETE FROM area_part WHERE version = ?1", [version])?;
            transaction.execute("DELETE FROM cursor WHERE scope = 'reference'", [])?;
            Ok(())
        })
    }
}

/// The set that stored parts make; `None` where they do not fit together or not their hash.
#[must_use]
pub fn assemble_parts(items: &[String]) -> Option<AreaSet> {
    let parts: Vec<AreaPart> = items.iter().filter_map(|item| serde_json::from_str(item).ok()).collect();
    assemble(&parts).ok()
}
