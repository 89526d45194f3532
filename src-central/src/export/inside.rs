//! For the force itself: each shift, each group, maps of areas and squares, prints of a period and of a shift.

use std::path::Path;

use beatbook_domain::code_list::CodeRef;
use beatbook_domain::entry::{Access, Body, Entry, Marking};
use beatbook_domain::id::{Code, EntryId, OfficerId};
use beatbook_domain::period::{self, GroupBy, ShiftFacts, period};
use beatbook_domain::place::areas::{AreaLevel, AreaSet};
use beatbook_domain::privacy::marking::highest;
use beatbook_domain::shift as shifts;
use beatbook_domain::summary::ShiftSummary;
use beatbook_domain::time::{DAY_MS, Millis, local};
use beatbook_protocol::sync::OfficerRow;
use beatbook_report::mark::Mark;
use beatbook_report::period::{self as print_period, PeriodReport};
use beatbook_report::shift::{self as print_shift, EntryLine, Names, ShiftReport, minutes};
use beatbook_report::table::{csv, plain};
use beatbook_report::{geo, pdf};
use serde::Serialize;

use super::{Asked, ExportError, Exported, Form, Out, areas, facts, places, write};
use crate::figures;
use crate::force;
use crate::storage::{Storage, StorageError};

/// A shift's row.
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
    /// Team of that officer then.
    pub team: String,
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

fn shift_row(facts: &ShiftFacts, officers: &[OfficerRow]) -> ShiftRow {
    let summary = &facts.summary;
    let label = |code: &Option<CodeRef>| code.as_ref().map_or(String::new(), |code| plain(&code.label));
    ShiftRow {
        shift_id: summary.shift_id.to_string(),
        day: local(summary.from).date_naive().to_string(),
        call_sign: plain(&summary.call_sign),
        officer: plain(&title(officers, summary.officer)),
        team: plain(facts.team.as_ref().map_or("", |team| team.label.as_str())),
        initiative: label(&summary.initiative),
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
    let figures = period(question, &facts);
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
    let (mark, about) = (report.mark(), report.file_title());
    let out = |title: &str, ending, bytes, mark: &Mark| Out {
        title: title.to_owned(),
        ending,
        bytes,
        mark: mark.clone(),
    };
    let last = asked.until.pred_opt().unwrap_or(asked.until);
    let of = |what: &str| format!("{what} {} to {last}", asked.from);
    let mut outs = Vec::new();
    for form in &asked.forms {
        match form {
            Form::Csv => {
                let rows: Vec<ShiftRow> = facts.iter().map(|fact| shift_row(fact, &officers)).collect();
                outs.push(out(&of("shifts"), "csv", csv(&rows)?, &mark));
                outs.push(out(&about, "csv", print_period::to_csv(&figures)?, &mark));
            }
            Form::Json => outs.push(out(&about, "json", print_period::to_json(&report), &mark)),
            Form::Pdf => outs.push(out(&about, "pdf", pdf::write(&print_period::sheet(&report))?, &mark)),
            Form::Geojson => {
                let set = areas(storage).await?;
                let by_area = period(period::Asked { by: area_grouping(asked.grouping), ..question }, &facts);
                let features = print_period::features(&by_area).unwrap_or_default();
                let layer = geo::layer("areas", &features, set.as_ref(), &mark);
                outs.push(out(&of("areas"), "geojson", layer, &mark));
                let (features, marking) = places::features(storage, &facts, asked.exact).await?;
                let mark = Mark::of(marking).with_handling(asked.handling.as_deref());
                let layer = geo::layer("places", &features, None, &mark);
                outs.push(out(&of("places"), "geojson", layer, &mark));
            }
        }
    }
    let of_team = report.team.map_or_else(|| "every team".to_owned(), |team| format!("team {team}"));
    let what = format!("{about}, {of_team}, for force{}", if asked.exact { ", exact positions" } else { "" });
    let files = write(storage, outs, folder, what, (&asked.by, &asked.why), now).await?;
    Ok(Exported { files, shifts: facts.len(), incomplete, notes: Vec::new() })
}

/// A map tells by place, whatever the table tells by.
fn area_grouping(by: GroupBy) -> GroupBy {
    if by.is_place() { by } else { GroupBy::Area }
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

/// The records of a shift as a print lists them. A disclosure about somebody in policing is in no list.
fn lines(entries: &[Entry], summary: &ShiftSummary, names: &dyn Names) -> Vec<EntryLine> {
    let Some(shift) = shifts::read(entries, summary.shift_id) else { return Vec::new() };
    let listed = shift.records.iter().filter(|entry| entry.first().head.access == Access::Team);
    let mut lines: Vec<EntryLine> = listed
        .map(|entry| {
            let current = entry.current();
            EntryLine {
                at: entry.occurred_at(),
                title: entry.kind().title().to_owned(),
                detail: current.body.as_ref().map(Body::detail).unwrap_or_default(),
                author: names.officer(entry.first().head.author),
                marking: highest(entry.revisions.iter().map(|revision| revision.head.marking)),
                received: entry.is_received(),
            }
        })
        .collect();
    lines.sort_by_key(|line| line.at);
    lines
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
    let lines = lines(&entries, &summary, &names);
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
    let mut outs = Vec::new();
    for form in &asked.forms {
        let (ending, bytes) = match form {
            Form::Csv => ("csv", print_shift::to_csv(&report)?),
            Form::Json => ("json", print_shift::to_json(&report)),
            Form::Pdf => ("pdf", pdf::write(&print_shift::sheet(&report))?),
            Form::Geojson => continue,
        };
        outs.push(Out { title: report.file_title(), ending, bytes, mark: report.mark() });
    }
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
