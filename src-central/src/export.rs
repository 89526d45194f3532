//! Figures that are given out: one row for each shift for the force itself, months for anybody else, with few people hidden.
//! Each export is logged with who, why, and the hash of every file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use beatbook_domain::disclosure::{Said, sum, total};
use beatbook_domain::entry::Marking;
use beatbook_domain::id::TeamId;
use beatbook_domain::seal::digest;
use beatbook_domain::summary::ShiftSummary;
use beatbook_domain::time::{DAY_MS, Millis, iso, local};
use beatbook_protocol::sync::OfficerRow;
use chrono::Datelike as _;
use serde::Serialize;

use crate::figures;
use crate::force::{self, ForceError};
use crate::random::{Unpredictable, uuid_v7};
use crate::storage::{ExportRow, Storage, StorageError};
use crate::typed::day_begins;

/// A shift may be written this long after it was, and still be of the period.
const WRITTEN_LATE_MS: i64 = 30 * DAY_MS;

/// Who will read it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Audience {
    /// The force itself: one row for each shift.
    Force,
    /// Anybody else: whole months, counts of one to four hidden.
    Public,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// From the beginning of this day.
    pub from: Millis,
    /// Until before this.
    pub until: Millis,
    /// One team, or all.
    pub team: Option<TeamId>,
    /// Who will read it.
    pub audience: Audience,
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
    /// CSV.
    #[error("the table could not be written: {0}")]
    Csv(#[from] csv::Error),
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

/// A shift's row for the force itself.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ShiftRow {
    /// The shift.
    pub shift_id: String,
    /// Day it began, London.
    pub day: String,
    /// Call sign.
    pub call_sign: String,
    /// Officer who opened it.
    pub officer: String,
    /// Initiative.
    pub initiative: String,
    /// Time on patrol, minutes.
    pub patrol_minutes: i64,
    /// Confirmed officers' time on patrol, minutes.
    pub person_minutes: i64,
    /// Time away, minutes.
    pub away_minutes: i64,
    /// Visits to areas.
    pub visits: u64,
    /// Engagements.
    pub engagements: u32,
    /// People.
    pub people: u32,
    /// Materials given.
    pub cards: u32,
    /// Concern notes.
    pub concerns: u32,
    /// Powers used.
    pub powers: u32,
    /// Entries corrected or withdrawn.
    pub edited: u32,
    /// Entries written late.
    pub late: u32,
    /// Signed by the officer.
    pub signed: bool,
    /// How many things are known to be missing: the figures leave them out.
    pub missing: u64,
    /// The marking of this row.
    pub marking: &'static str,
}

/// A month's row for anybody else.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PublicRow {
    /// What is counted.
    pub measure: &'static str,
    /// `2026-11`, or `total`.
    pub month: String,
    /// How many.
    pub count: Said,
}

/// What is in a JSON export beside its rows.
#[derive(Clone, Debug, Serialize)]
struct Cover<'a, T> {
    force: &'a str,
    marking: &'static str,
    from: String,
    until: String,
    exported_at: String,
    exported_by: &'a str,
    why: &'a str,
    shifts: usize,
    shifts_with_something_missing: usize,
    rows: &'a [T],
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
}

/// Reads the figures of every shift that began in the period.
///
/// # Errors
/// When the database fails.
pub async fn summaries(
    storage: &dyn Storage,
    asked: &Asked,
    now: Millis,
) -> Result<Vec<ShiftSummary>, StorageError> {
    let contacts = figures::contacts(storage, now).await?;
    let background = figures::Background::of(storage, asked.from, asked.until).await?;
    let mut summaries = Vec::new();
    let (from, until) = (asked.from.plus(-DAY_MS), asked.until.plus(WRITTEN_LATE_MS));
    for shift in storage.shifts_written(from, until).await? {
        let Some(summary) = figures::summary(storage, shift, &contacts, &background).await? else { continue };
        if !(asked.from..asked.until).contains(&summary.from) {
            continue;
        }
        if let Some(team) = asked.team {
            let roster = storage.roster(summary.officer).await?;
            if !roster.iter().any(|row| row.covers(summary.from) && row.team == Some(team)) {
                continue;
            }
        }
        summaries.push(summary);
    }
    summaries.sort_by_key(|summary| (summary.from, summary.shift_id));
    Ok(summaries)
}

fn shift_row(summary: &ShiftSummary, officers: &[OfficerRow]) -> ShiftRow {
    let title = officers.iter().find(|row| row.officer == summary.officer).map(OfficerRow::title);
    ShiftRow {
        shift_id: summary.shift_id.to_string(),
        day: local(summary.from).date_naive().to_string(),
        call_sign: plain(&summary.call_sign),
        officer: plain(&title.unwrap_or_else(|| summary.officer.to_string())),
        initiative: plain(summary.initiative.as_ref().map_or("", |code| code.label.as_str())),
        patrol_minutes: minutes(summary.patrol_ms),
        person_minutes: minutes(summary.person_ms),
        away_minutes: minutes(summary.away_ms),
        visits: summary.visits.len() as u64,
        engagements: summary.engagements,
        people: summary.people,
        cards: summary.cards_total,
        concerns: summary.concerns,
        powers: summary.powers.iter().map(|power| power.count).sum(),
        edited: summary.edited,
        late: summary.late,
        signed: summary.submitted,
        missing: summary.missing.len() as u64,
        marking: Marking::Official.words(),
    }
}

/// Rounded to the minute.
fn minutes(ms: i64) -> i64 {
    ms.saturating_add(30_000) / 60_000
}

/// A typed word as a spreadsheet may read it: never as a formula.
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// Months side by side for each measure, few people hidden.
#[must_use]
pub fn public_rows(summaries: &[ShiftSummary]) -> Vec<PublicRow> {
    type Measure = (&'static str, fn(&ShiftSummary) -> u64);
    const MEASURES: [Measure; 6] = [
        ("shifts", |_| 1),
        ("visits", |s| s.visits.len() as u64),
        ("engagements", |s| s.engagements.into()),
        ("people spoken to", |s| s.people.into()),
        ("cards given", |s| s.cards_total.into()),
        ("concern notes", |s| s.concerns.into()),
    ];
    let month = |summary: &ShiftSummary| local(summary.from).format("%Y-%m").to_string();
    let mut rows = Vec::new();
    for (measure, of) in MEASURES {
        let mut months: BTreeMap<String, u64> = BTreeMap::new();
        for summary in summaries {
            *months.entry(month(summary)).or_default() += of(summary);
        }
        let said: Vec<(String, Said)> = months.into_iter().map(|(month, n)| (month, total(n))).collect();
        let all = sum(said.iter().map(|(_, count)| *count));
        rows.extend(said.into_iter().map(|(month, count)| PublicRow { measure, month, count }));
        rows.push(PublicRow { measure, month: "total".to_owned(), count: all });
    }
    // Time is no count of people: it is summed first and rounded once.
    let mut patrolled: BTreeMap<String, i64> = BTreeMap::new();
    for summary in summaries {
        *patrolled.entry(month(summary)).or_default() += summary.patrol_ms;
    }
    let all: i64 = patrolled.values().sum();
    rows.extend(patrolled.into_iter().chain([("total".to_owned(), all)]).map(|(month, ms)| {
        let minutes = u64::try_from(minutes(ms)).unwrap_or(0);
        PublicRow { measure: "patrol minutes", month, count: Said::Count(minutes) }
    }));
    rows
}

/// Writes the figures as CSV and JSON into a folder, and logs that they were given out.
///
/// # Errors
/// [`ExportError`]; nothing is logged that was not written.
pub async fn export(
    storage: &dyn Storage,
    asked: &Asked,
    folder: &Path,
    now: Millis,
) -> Result<Exported, ExportError> {
    let begins_a_month = |at: Millis| local(at).day() == 1 && day_begins(local(at).date_naive()) == at;
    if asked.audience == Audience::Public && !(begins_a_month(asked.from) && begins_a_month(asked.until)) {
        return Err(ExportError::WholeMonths);
    }
    let force = force::load(storage).await?;
    let summaries = summaries(storage, asked, now).await?;
    let officers = storage.officers(now).await?;
    let incomplete = summaries.iter().filter(|summary| !summary.missing.is_empty()).count();
    let day = |at: Millis| local(at).date_naive().to_string();
    let (from, last) = (day(asked.from), day(asked.until.plus(-1)));
    let (what, marking) = match asked.audience {
        Audience::Force => ("shifts", Marking::Official.words()),
        Audience::Public => ("months", ""),
    };
    let name = format!("beatbook-{what}-{from}-{last}");
    let name = if asked.audience == Audience::Force { format!("{name}-OFFICIAL") } else { name };
    let counts = (summaries.len(), incomplete);
    let (csv, json) = match asked.audience {
        Audience::Force => {
            let rows: Vec<ShiftRow> = summaries.iter().map(|one| shift_row(one, &officers)).collect();
            (table(&rows)?, cover(&rows, &force.bundle.name, marking, asked, counts, now)?)
        }
        Audience::Public => {
            let rows = public_rows(&summaries);
            (table(&rows)?, cover(&rows, &force.bundle.name, marking, asked, counts, now)?)
        }
    };
    let mut files = Vec::new();
    let mut hashes = BTreeMap::new();
    for (ending, bytes) in [("csv", csv), ("json", json)] {
        let path = folder.join(format!("{name}.{ending}"));
        let broken = |source| ExportError::File { path: path.clone(), source };
        force::write_secret(&path, &bytes).map_err(broken)?;
        hashes.insert(format!("{name}.{ending}"), digest(&bytes).to_string());
        files.push(path);
    }
    let team = asked.team.map_or_else(|| "every team".to_owned(), |team| team.to_string());
    let export = ExportRow {
        export: uuid_v7(now)?,
        at: now,
        by: asked.by.clone(),
        why: asked.why.clone(),
        what: format!("{what}, {from} to {last}, {team}, for {:?}", asked.audience).to_lowercase(),
        files: serde_json::to_string(&hashes)?,
    };
    storage.put_export(export).await?;
    Ok(Exported { files, shifts: summaries.len(), incomplete })
}

fn table<T: Serialize>(rows: &[T]) -> Result<Vec<u8>, ExportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.serialize(row)?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()).into())
}

fn cover<T: Serialize>(
    rows: &[T],
    force: &str,
    marking: &'static str,
    asked: &Asked,
    (shifts, incomplete): (usize, usize),
    now: Millis,
) -> Result<Vec<u8>, ExportError> {
    let (exported_by, why) = (asked.by.as_str(), asked.why.as_str());
    let (from, until, exported_at) = (iso(asked.from), iso(asked.until), iso(now));
    let shifts_with_something_missing = incomplete;
    let cover = Cover {
        force,
        marking,
        from,
        until,
        exported_at,
        exported_by,
        why,
        shifts,
        shifts_with_something_missing,
        rows,
    };
    Ok(serde_json::to_vec_pretty(&cover)?)
}
