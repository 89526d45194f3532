//! Importing areas: all or nothing, one numbered set, sent in the reference scope in parts.
//!
//! Districts, wards and LSOAs come as a folder of GeoJSON. Patrol areas are the force's own: a folder without
//! `patrol.geojson` leaves those in force as they are, each put into the district it now lies in.

use std::io;
use std::path::{Path, PathBuf};

use beatbook_domain::id::Code;
use beatbook_domain::place::areas::{Area, AreaIndex, AreaLevel, AreaSet, ImportError, import};
use beatbook_domain::place::{Position, PositionSource};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{AreaPart, ReferenceItem};

use crate::storage::{AreaSetRow, ReferenceRow, Storage, StorageError};

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum AreasError {
    /// The folder or a file in it.
    #[error("{path} cannot be read: {source}. Nothing was imported.")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// What stands in the files.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The set in force or the parts.
    #[error("an area set cannot be written or read: {0}. Nothing was imported.")]
    Json(#[from] serde_json::Error),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What an import came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Imported {
    /// Number of the set in force now.
    pub version: u32,
    /// Areas in it.
    pub areas: usize,
    /// Parts it is sent in; 0 where nothing changed.
    pub parts: usize,
    /// Patrol areas kept from the set before.
    pub kept_patrol: usize,
}

/// Imports the GeoJSON files of a folder.
///
/// # Errors
/// [`AreasError`] naming file, line and reason; then nothing at all is changed.
pub async fn import_folder(storage: &dyn Storage, folder: &Path, at: Millis) -> Result<Imported, AreasError> {
    import_texts(storage, &read_folder(folder)?, at).await
}

fn read_folder(folder: &Path) -> Result<Vec<(String, String)>, AreasError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| AreasError::File { path, source }
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if path.extension().is_some_and(|extension| extension == "geojson") {
            files.push((name.to_owned(), std::fs::read_to_string(&path).map_err(failed(&path))?));
        }
    }
    files.sort();
    Ok(files)
}

/// The patrol areas in force, by code.
///
/// # Errors
/// When the database fails or the set in it cannot be read.
pub async fn patrol(storage: &dyn Storage) -> Result<Vec<Area>, AreasError> {
    let Some(row) = storage.area_set().await? else { return Ok(Vec::new()) };
    let set: AreaSet = serde_json::from_slice(&row.canonical)?;
    Ok(set.level(AreaLevel::Patrol).cloned().collect())
}

/// Imports files given as (name, GeoJSON text).
///
/// # Errors
/// As [`import_folder`].
pub async fn import_texts<N: AsRef<str>, T: AsRef<str>>(
    storage: &dyn Storage,
    files: &[(N, T)],
    at: Millis,
) -> Result<Imported, AreasError> {
    let in_force: Option<AreaSet> = match storage.area_set().await? {
        Some(row) => Some(serde_json::from_slice(&row.canonical)?),
        None => None,
    };
    let version = in_force.as_ref().map_or(1, |set| set.version + 1);
    let mut set = import(version, files)?;
    let mut kept_patrol = 0;
    if set.level(AreaLevel::Patrol).next().is_none()
        && let Some(before) = &in_force
    {
        let kept = keep_patrol(&set, before);
        kept_patrol = kept.len();
        set = AreaSet::new(version, set.areas.into_iter().chain(kept).collect());
    }
    if let Some(before) = in_force.filter(|before| before.areas == set.areas) {
        return Ok(Imported { version: before.version, areas: set.areas.len(), parts: 0, kept_patrol });
    }
    let parts = parts(&set)?;
    let imported = Imported { version, areas: set.areas.len(), parts: parts.len(), kept_patrol };
    let row =
        AreaSetRow { version, hash: set.hash()?, canonical: set.canonical()?.into_bytes(), imported_at: at };
    storage.put_area_set(row, parts).await?;
    Ok(imported)
}

/// The patrol areas of the set before, each with a parent the new set has.
fn keep_patrol(set: &AreaSet, before: &AreaSet) -> Vec<Area> {
    let index = AreaIndex::new(set.clone());
    let patrol: Vec<&Area> = before.level(AreaLevel::Patrol).collect();
    let has = |code: &Code| {
        set.get(AreaLevel::District, code).is_some() || patrol.iter().any(|area| area.code == *code)
    };
    patrol
        .iter()
        .map(|area| {
            let parent = area.parent.clone().filter(|parent| has(parent)).or_else(|| district(&index, area));
            Area { parent, ..(*area).clone() }
        })
        .collect()
}

/// The district in which the middle of an area's first outline lies.
fn district(index: &AreaIndex, area: &Area) -> Option<Code> {
    let points = area.polygons.first()?.first()?.points();
    let count = i64::try_from(points.len()).ok().filter(|count| *count > 0)?;
    let mean = |sum: i64| i32::try_from(sum / count).ok();
    let lat = mean(points.iter().map(|point| i64::from(point.lat_e6)).sum())?;
    let lon = mean(points.iter().map(|point| i64::from(point.lon_e6)).sum())?;
    let middle = Position::new(lat, lon, None, None, PositionSource::Area).ok()?;
    index.find(&middle).district.map(|found| found.area.code)
}

/// The set as items of the reference scope.
fn parts(set: &AreaSet) -> Result<Vec<ReferenceRow>, AreasError> {
    let row = |part: AreaPart| {
        let key = format!("area:{}:{:05}", part.version, part.part);
        Ok(ReferenceRow { key, item: serde_json::to_string(&ReferenceItem::AreaPart(part))? })
    };
    set.split()?.into_iter().map(row).collect()
}
