//! Figures and records that are given out. For the force itself: every shift, every group, maps and prints. For anybody
//! else: published months, few people hidden ([`outside`]). Each export is logged with who, why, and the hash of every
//! file, before anybody else can read it.

pub mod inside;
pub mod outside;
mod places;
pub mod returns;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use beatbook_domain::funder::TemplateProblem;
use beatbook_domain::id::TeamId;
use beatbook_domain::period::GroupBy;
use beatbook_domain::place::areas::AreaSet;
use beatbook_domain::seal::digest;
use beatbook_domain::time::Millis;
use beatbook_report::files::{File, FileError};
use beatbook_report::geo::Shape;
use beatbook_report::given_out::Row;
use beatbook_report::pdf::PdfError;
use beatbook_report::table::TableError;
use chrono::NaiveDate;

use crate::force::{self, ForceError};
use crate::random::{Unpredictable, uuid_v7};
use crate::storage::{ExportRow, Storage, StorageError};

/// Who will read it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Audience {
    /// The force itself: one row for each shift and group.
    Force,
    /// Anybody else: whole months, counts of one to four hidden.
    Public,
}

/// A form of file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, clap::ValueEnum)]
pub enum Form {
    /// Tables.
    Csv,
    /// The same, for programs.
    Json,
    /// Maps.
    Geojson,
    /// A print.
    Pdf,
}

impl From<Form> for beatbook_domain::export::Form {
    fn from(form: Form) -> Self {
        match form {
            Form::Csv => Self::Csv,
            Form::Json => Self::Json,
            Form::Geojson => Self::Geojson,
            Form::Pdf => Self::Pdf,
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// First day.
    pub from: NaiveDate,
    /// The day after the last.
    pub until: NaiveDate,
    /// What figures are told by.
    pub grouping: GroupBy,
    /// One team, or all.
    pub team: Option<TeamId>,
    /// Who will read it.
    pub audience: Audience,
    /// Which files.
    pub forms: Vec<Form>,
    /// The force's own handling instruction.
    pub handling: Option<String>,
    /// Exact positions of concern notes on the map, inside the force.
    pub exact: bool,
    /// Who exports.
    pub by: String,
    /// Why.
    pub why: String,
}

/// Why nothing was exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The file.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Two periods that differ by a day would show the day.
    #[error(
        "for the public give whole months, from the first day of one to the last day of one: nothing was exported"
    )]
    WholeMonths,
    /// A month that is not over would be published twice, and the difference is a few days.
    #[error(
        "{0} is not over: it can be published from the first day of the next month. Nothing was exported."
    )]
    NotOver(String),
    /// Another split of a published month.
    #[error(
        "{month} was published by {published}: by {asked} beside it would show what each hides. Ask for {published}, \
         or for months alone. Nothing was exported."
    )]
    OtherSplit {
        /// The month.
        month: String,
        /// What it was split by.
        published: String,
        /// What was asked.
        asked: String,
    },
    /// A split that is not given out.
    #[error(
        "by {0} is not given out: ask for month, area, district, team or initiative. Nothing was exported."
    )]
    NoSplit(GroupBy),
    /// Exact positions never leave the force.
    #[error("exact positions never leave the force: leave --exact out, or export for the force")]
    ExactOutside,
    /// A shift that is not here.
    #[error("no shift {0} is here: nothing was exported")]
    NoShift(String),
    /// A template that cannot be filled in.
    #[error("the template cannot be filled in: {}", listed(.0))]
    Template(Vec<TemplateProblem>),
    /// A template that cannot be read.
    #[error("the template cannot be read: {0}")]
    Unread(String),
    /// A table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A print.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// A file.
    #[error(transparent)]
    Made(#[from] FileError),
    /// JSON.
    #[error("the figures could not be written: {0}")]
    Json(#[from] serde_json::Error),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// No force.
    #[error(transparent)]
    Force(#[from] ForceError),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] Unpredictable),
}

fn listed(problems: &[TemplateProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// What was exported.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The files.
    pub files: Vec<PathBuf>,
    /// Shifts in it.
    pub shifts: usize,
    /// Of these, with something known to be missing.
    pub incomplete: usize,
    /// What whoever exports should know.
    pub notes: Vec<String>,
}

/// Writes files that did not exist before, readable by their owner alone, and logs them.
///
/// # Errors
/// [`ExportError::File`]; what was not written is not logged.
pub async fn write(
    storage: &dyn Storage,
    outs: Vec<File>,
    folder: &Path,
    what: String,
    (by, why): (&str, &str),
    now: Millis,
) -> Result<Vec<PathBuf>, ExportError> {
    let mut files = Vec::new();
    let mut hashes = BTreeMap::new();
    for out in outs {
        let name = out.name();
        let path = folder.join(&name);
        let broken = |source| ExportError::File { path: path.clone(), source };
        force::write_secret(&path, &out.bytes).map_err(broken)?;
        hashes.insert(name, digest(&out.bytes).to_string());
        files.push(path);
    }
    let export = ExportRow {
        export: uuid_v7(now)?,
        at: now,
        by: by.to_owned(),
        why: why.to_owned(),
        what,
        files: serde_json::to_string(&hashes)?,
    };
    storage.put_export(export).await?;
    Ok(files)
}

/// The areas in force.
///
/// # Errors
/// When the database fails or the set cannot be read.
pub async fn areas(storage: &dyn Storage) -> Result<Option<AreaSet>, StorageError> {
    let Some(row) = storage.area_set().await? else { return Ok(None) };
    let set = serde_json::from_slice(&row.canonical).map_err(|_| StorageError::Content("an area set"))?;
    Ok(Some(set))
}

/// Names places in rows as the area set has them.
fn name_places(rows: &mut [Row], set: Option<&AreaSet>) {
    for row in rows {
        if let (Shape::Area(level, code), Some(set)) = (&row.shape, set)
            && let Some(area) = set.get(*level, code)
        {
            row.label.clone_from(&area.name);
        }
    }
}

/// Exports a period.
///
/// # Errors
/// [`ExportError`]; nothing is logged that was not written.
pub async fn export(
    storage: &dyn Storage,
    asked: &Asked,
    folder: &Path,
    now: Millis,
) -> Result<Exported, ExportError> {
    match asked.audience {
        Audience::Force => inside::export(storage, asked, folder, now).await,
        Audience::Public if asked.exact => Err(ExportError::ExactOutside),
        Audience::Public => outside::export(storage, asked, folder, now).await,
    }
}
