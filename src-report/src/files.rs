//! The files of one export, by form. The device and central both write them here: one figure is one number, wherever the
//! file was made.

use beatbook_domain::code_list::CodeRef;
use beatbook_domain::export::Form;
use beatbook_domain::id::OfficerId;
use beatbook_domain::period::{self, GroupBy, PeriodFigures, ShiftFacts, period};
use beatbook_domain::place::areas::AreaSet;
use beatbook_domain::time::{duty_date, local};
use serde::Serialize;

use crate::geo;
use crate::mark::Mark;
use crate::pdf::{self, PdfError};
use crate::period::{PeriodReport, level};
use crate::shift::{ShiftReport, minutes};
use crate::table::{TableError, csv, plain};

/// Why a file could not be made.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A print.
    #[error(transparent)]
    Pdf(#[from] PdfError),
}

/// A file that is to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    /// Its title: without marking and ending.
    pub title: String,
    /// Its ending.
    pub ending: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its marking.
    pub mark: Mark,
}

impl File {
    /// Its name, which carries the marking.
    #[must_use]
    pub fn name(&self) -> String {
        self.mark.file_name(&self.title, self.ending)
    }
}

/// Names places as an area set has them; a code stays where the set does not know it.
pub fn name_places(figures: &mut PeriodFigures, set: Option<&AreaSet>) {
    if let (Some(level), Some(set)) = (level(figures.asked.by), set) {
        figures.name_places(|code| set.get(level, code).map(|area| area.name.clone()));
    }
}

/// The files of a shift, for the force itself: nothing is hidden.
///
/// # Errors
/// [`FileError`].
pub fn of_shift(
    report: &ShiftReport<'_>,
    forms: &[Form],
    set: Option<&AreaSet>,
) -> Result<Vec<File>, FileError> {
    let (title, mark) = (report.file_title(), report.mark());
    let mut files = Vec::new();
    for form in forms {
        let bytes = match form {
            Form::Csv => crate::shift::to_csv(report)?,
            Form::Json => crate::shift::to_json(report),
            Form::Pdf => pdf::write(&crate::shift::sheet(report))?,
            Form::Geojson => {
                let day = duty_date(report.summary.from);
                let until = day.succ_opt().unwrap_or(day);
                let facts = ShiftFacts { summary: report.summary.clone(), team: None };
                map(period::Asked { from: day, until, by: GroupBy::Area }, &[facts], &mark, set)
            }
        };
        files.push(File { title: title.clone(), ending: form.code(), bytes, mark: mark.clone() });
    }
    Ok(files)
}

/// The files of a period, for the force itself: each shift, each group, the areas.
///
/// # Errors
/// [`FileError`].
pub fn of_period(
    report: &PeriodReport<'_>,
    facts: &[ShiftFacts],
    forms: &[Form],
    officer: &dyn Fn(OfficerId) -> String,
    set: Option<&AreaSet>,
) -> Result<Vec<File>, FileError> {
    let (figures, about, mark) = (report.figures, report.file_title(), report.mark());
    let asked = figures.asked;
    let last = asked.until.pred_opt().unwrap_or(asked.until);
    let file = |title: &str, form: Form, bytes| File {
        title: title.to_owned(),
        ending: form.code(),
        bytes,
        mark: mark.clone(),
    };
    let of = |what: &str| format!("{what} {} to {last}", asked.from);
    let mut files = Vec::new();
    for form in forms {
        match form {
            Form::Csv => {
                let within = facts.iter().filter(|fact| (asked.from..asked.until).contains(&fact.day()));
                let rows: Vec<ShiftRow> = within.map(|fact| shift_row(fact, officer)).collect();
                files.push(file(&of("shifts"), *form, csv(&rows)?));
                files.push(file(&about, *form, crate::period::to_csv(figures)?));
            }
            Form::Json => files.push(file(&about, *form, crate::period::to_json(report))),
            Form::Pdf => files.push(file(&about, *form, pdf::write(&crate::period::sheet(report))?)),
            Form::Geojson => {
                // A map tells by place, whatever the table tells by.
                let by = if asked.by.is_place() { asked.by } else { GroupBy::Area };
                let layer = map(period::Asked { by, ..asked }, facts, &mark, set);
                files.push(file(&of("areas"), *form, layer));
            }
        }
    }
    Ok(files)
}

fn map(asked: period::Asked, facts: &[ShiftFacts], mark: &Mark, set: Option<&AreaSet>) -> Vec<u8> {
    let mut figures = period(asked, facts);
    name_places(&mut figures, set);
    let features = crate::period::features(&figures).unwrap_or_default();
    geo::layer("areas", &features, set, mark)
}

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

fn shift_row(facts: &ShiftFacts, officer: &dyn Fn(OfficerId) -> String) -> ShiftRow {
    let summary = &facts.summary;
    let label = |code: &Option<CodeRef>| code.as_ref().map_or(String::new(), |code| plain(&code.label));
    ShiftRow {
        shift_id: summary.shift_id.to_string(),
        day: local(summary.from).date_naive().to_string(),
        call_sign: plain(&summary.call_sign),
        officer: plain(&officer(summary.officer)),
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
        marking: period::MARKING.words(),
    }
}
