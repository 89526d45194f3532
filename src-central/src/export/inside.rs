//! For the force itself: each shift, each group, maps of areas and squares, prints of a period and of a shift.

use std::path::Path;

use beatbook_domain::id::{Code, EntryId, OfficerId};
use beatbook_domain::period::{self, period};
use beatbook_domain::place::areas::{AreaLevel, AreaSet};
use beatbook_domain::shift as shifts;
use beatbook_domain::summary::ShiftSummary;
use beatbook_domain::time::{DAY_MS, Millis};
use beatbook_protocol::sync::OfficerRow;
use beatbook_report::files::{self, File};
use beatbook_report::geo;
use beatbook_report::mark::Mark;
use beatbook_report::period::PeriodReport;
use beatbook_report::shift::{self as print_shift, Names, ShiftReport};

use super::{Asked, ExportError, Exported, Form, areas, places, write};
use crate::figures;
use crate::force;
use crate::period::facts;
use crate::storage::{Storage, StorageError};

fn title(officers: &[OfficerRow], officer: OfficerId) -> String {
    let row = officers.iter().find(|row| row.officer == officer);
    row.map_or_else(|| officer.to_string(), OfficerRow::title)
}

/// Writes the figures of a period.
///
/// # Errors
/// [`ExportError`].
pub(super) async fn export(
    storage: &dyn Storage,
    asked: &Asked,
    folder: &Path,
    now: Millis,
) -> Result<Exported, ExportError> {
    let force = force::load(storage).await?;
    let officers = storage.officers(now).await?;
    let facts = facts(storage, (asked.from, asked.until), asked.team, now).await?;
    let incomplete = facts.iter().filter(|fact| !fact.summary.missing.is_empty()).count();
    let question = period::Asked { from: asked.from, until: asked.until, by: asked.grouping };
    let set = areas(storage).await?;
    let mut figures = period(question, &facts);
    files::name_places(&mut figures, set.as_ref());
    let teams = storage.teams().await?;
    let team = asked.team.and_then(|team| teams.iter().find(|row| row.team == team));
    let report = PeriodReport {
        figures: &figures,
        team: team.map(|team| team.name.as_str()),
        force: &force.bundle.name,
        by: &asked.by,
        why: &asked.why,
        at: now,
        as_known: Some(now),
        handling: asked.handling.as_deref(),
    };
    let title_of = |officer| title(&officers, officer);
    let mut outs = files::of_period(&report, &facts, &forms(asked), &title_of, set.as_ref())?;
    if asked.forms.contains(&Form::Geojson) {
        let (features, marking) = places::features(storage, &facts, asked.exact, set.as_ref()).await?;
        let mark = Mark::of(marking).with_handling(asked.handling.as_deref());
        let bytes = geo::layer("places", &features, set.as_ref(), &mark);
        let last = asked.until.pred_opt().unwrap_or(asked.until);
        let title = format!("places {} to {last}", asked.from);
        outs.push(File { title, ending: "geojson", bytes, mark });
    }
    let about = report.file_title();
    let of_team = report.team.map_or_else(|| "every team".to_owned(), |team| format!("team {team}"));
    let what = format!("{about}, {of_team}, for force{}", if asked.exact { ", exact positions" } else { "" });
    let files = write(storage, outs, folder, what, (&asked.by, &asked.why), now).await?;
    Ok(Exported { files, shifts: facts.len(), incomplete, notes: Vec::new() })
}

fn forms(asked: &Asked) -> Vec<beatbook_domain::export::Form> {
    asked.forms.iter().copied().map(Into::into).collect()
}

/// Names as central knows them.
struct Known {
    officers: Vec<OfficerRow>,
    areas: Option<AreaSet>,
}

impl Names for Known {
    fn officer(&self, officer: OfficerId) -> String {
        title(&self.officers, officer)
    }

    fn area(&self, area: &Code) -> String {
        let known = self.areas.as_ref().and_then(|set| set.get(AreaLevel::Patrol, area));
        known.map_or_else(|| area.to_string(), |area| area.name.clone())
    }
}

/// Writes the summary of one shift.
///
/// # Errors
/// [`ExportError::NoShift`] where it is not here.
pub async fn export_shift(
    storage: &dyn Storage,
    shift: EntryId,
    asked: &Asked,
    folder: &Path,
    now: Millis,
) -> Result<Exported, ExportError> {
    let force = force::load(storage).await?;
    let contacts = figures::contacts(storage, now).await?;
    let gone = || ExportError::NoShift(shift.to_string());
    let entries = figures::entries_of(storage, shift).await?;
    let is_one = entries.iter().any(|entry| entry.entry_id == shift && entry.kind().is_shift());
    let at = shifts::read(&entries, shift).map_or(now, |shift| shift.opened.from);
    let background = figures::Background::of(storage, at, at.plus(DAY_MS)).await?;
    let summary = figures::summary(storage, shift, &contacts, &background)
        .await?
        .filter(|_| is_one)
        .ok_or_else(gone)?;
    let names = Known { officers: storage.officers(now).await?, areas: areas(storage).await? };
    let lines = print_shift::lines(&entries, &summary, &names);
    let team = team_of(storage, &summary).await?;
    let report = ShiftReport {
        summary: &summary,
        entries: &lines,
        names: &names,
        team: team.as_deref(),
        force: &force.bundle.name,
        by: &asked.by,
        why: &asked.why,
        at: now,
        as_known: Some(now),
        handling: asked.handling.as_deref(),
    };
    let outs = files::of_shift(&report, &forms(asked), names.areas.as_ref())?;
    let what = format!("shift summary {shift}, for force");
    let files = write(storage, outs, folder, what, (&asked.by, &asked.why), now).await?;
    let incomplete = usize::from(!summary.missing.is_empty());
    Ok(Exported { files, shifts: 1, incomplete, notes: Vec::new() })
}

async fn team_of(storage: &dyn Storage, summary: &ShiftSummary) -> Result<Option<String>, StorageError> {
    let roster = storage.roster(summary.officer).await?;
    let team = roster.iter().find(|row| row.covers(summary.from)).and_then(|row| row.team);
    let teams = storage.teams().await?;
    Ok(team.and_then(|team| teams.into_iter().find(|row| row.team == team)).map(|row| row.name))
}
