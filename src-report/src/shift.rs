//! The summary of one shift as it leaves: a print, a table of figures, the same figures as JSON.

mod print;

use beatbook_domain::entry::{Body, Entry, Marking};
use beatbook_domain::id::{Code, OfficerId};
use beatbook_domain::privacy::marking::highest;
use beatbook_domain::shift as shifts;
use beatbook_domain::summary::{CodeCount, ShiftSummary};
use beatbook_domain::time::{Millis, iso, local};
use serde::Serialize;

use crate::mark::Mark;
use crate::table::{TableError, csv, plain};

pub use print::{bars, sheet};

/// Version of the JSON form.
const FORMAT: &str = "beatbook/shift-figures/1";

/// Who and what the names in a summary are.
pub trait Names {
    /// An officer as shown: `PC 1482`.
    fn officer(&self, officer: OfficerId) -> String;
    /// A patrol area as shown.
    fn area(&self, area: &Code) -> String;
}

/// An entry as a print lists it: nothing that was typed as an account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntryLine {
    /// When it happened.
    pub at: Millis,
    /// `Engagement`.
    pub title: String,
    /// Place and count.
    pub detail: String,
    /// Who wrote it.
    pub author: String,
    /// Its marking.
    pub marking: Marking,
    /// Received by the server.
    pub received: bool,
}

/// The records of a shift as a print lists them. A disclosure about somebody in policing is in no list.
#[must_use]
pub fn lines(entries: &[Entry], summary: &ShiftSummary, names: &dyn Names) -> Vec<EntryLine> {
    let Some(shift) = shifts::read(entries, summary.shift_id) else { return Vec::new() };
    let mut lines: Vec<EntryLine> = shift
        .records
        .iter()
        .filter(|entry| !entry.is_narrow())
        .map(|entry| EntryLine {
            at: entry.occurred_at(),
            title: entry.kind().title().to_owned(),
            detail: entry.current().body.as_ref().map(Body::detail).unwrap_or_default(),
            author: names.officer(entry.first().head.author),
            marking: entry.marking(),
            received: entry.is_received(),
        })
        .collect();
    lines.sort_by_key(|line| line.at);
    lines
}

/// A shift that leaves, with where it comes from.
pub struct ShiftReport<'a> {
    /// The figures.
    pub summary: &'a ShiftSummary,
    /// The entries listed.
    pub entries: &'a [EntryLine],
    /// Names.
    pub names: &'a dyn Names,
    /// Team.
    pub team: Option<&'a str>,
    /// Force.
    pub force: &'a str,
    /// Who makes it.
    pub by: &'a str,
    /// Why, where that was asked.
    pub why: &'a str,
    /// When.
    pub at: Millis,
    /// As known at this time, where it is made away from the server.
    pub as_known: Option<Millis>,
    /// The force's own handling instruction.
    pub handling: Option<&'a str>,
}

impl ShiftReport<'_> {
    /// The marking of the whole: that of its most sensitive entry.
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark::of(highest(self.entries.iter().map(|entry| entry.marking))).with_handling(self.handling)
    }

    /// The title that files carry: `shift summary 2026-11-27 N41`.
    #[must_use]
    pub fn file_title(&self) -> String {
        format!("shift summary {} {}", local(self.summary.from).date_naive(), self.summary.call_sign)
    }
}

/// One figure of a shift.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FigureRow {
    /// What is counted: `engagements`, `topic`.
    pub measure: &'static str,
    /// The code, where the measure is counted by code.
    pub code: String,
    /// Its label.
    pub label: String,
    /// The figure.
    pub value: i64,
    /// `count` or `minutes`.
    pub unit: &'static str,
    /// The marking of the file.
    pub marking: &'static str,
}

/// A length rounded to the minute, once, after everything is summed.
#[must_use]
pub fn minutes(ms: i64) -> i64 {
    ms.saturating_add(30_000).div_euclid(60_000)
}

/// Every figure of a shift, in the order of the print.
#[must_use]
pub fn figures(report: &ShiftReport<'_>) -> Vec<FigureRow> {
    let summary = report.summary;
    let marking = report.mark().words();
    let one = |measure, value, unit| FigureRow {
        measure,
        code: String::new(),
        label: String::new(),
        value,
        unit,
        marking,
    };
    let count = |measure, value: u32| one(measure, i64::from(value), "count");
    let mut rows = vec![
        one("patrol time", minutes(summary.patrol_ms), "minutes"),
        one("person time", minutes(summary.person_ms), "minutes"),
        one("time away", minutes(summary.away_ms), "minutes"),
        one("time on breaks", minutes(summary.break_ms), "minutes"),
        count("calls away", summary.away_count),
        one("visits", i64::try_from(summary.visits.len()).unwrap_or(i64::MAX), "count"),
        count("engagements", summary.engagements),
        count("people spoken to", summary.people),
        count("cards given", summary.cards_total),
        count("concern notes", summary.concerns),
        count("powers used", summary.powers.iter().map(|power| power.count).sum()),
        count("entries", summary.entries),
        count("entries corrected or withdrawn", summary.edited),
        count("entries written late", summary.late),
        count("entries received after signing", summary.received_after_signing),
    ];
    let listed: [(&'static str, &[CodeCount]); 6] = [
        ("cards by type", &summary.cards),
        ("topic", &summary.topics),
        ("streetsafe concern", &summary.streetsafe),
        ("behaviour", &summary.behaviours),
        ("action", &summary.actions),
        ("power", &summary.powers),
    ];
    for (measure, counts) in listed {
        rows.extend(counts.iter().map(|counted| FigureRow {
            code: counted.code.to_string(),
            label: plain(&counted.label),
            ..count(measure, counted.count)
        }));
    }
    rows
}

/// The figures as CSV.
///
/// # Errors
/// When a row cannot be written.
pub fn to_csv(report: &ShiftReport<'_>) -> Result<Vec<u8>, TableError> {
    csv(&figures(report))
}

#[derive(Serialize)]
struct Told<'a> {
    format: &'static str,
    marking: &'static str,
    handling: String,
    force: &'a str,
    shift: String,
    call_sign: &'a str,
    officer: String,
    from: String,
    until: Option<String>,
    signed: bool,
    made_at: String,
    made_by: &'a str,
    why: &'a str,
    as_known: Option<String>,
    missing: Vec<String>,
    figures: Vec<FigureRow>,
}

/// The figures as JSON, with what is missing beside them.
#[must_use]
pub fn to_json(report: &ShiftReport<'_>) -> Vec<u8> {
    let (summary, mark) = (report.summary, report.mark());
    let missing = summary.missing.iter().map(|missing| {
        let (fact, then) = missing.words(|officer| report.names.officer(officer));
        format!("{fact} {then}").trim().to_owned()
    });
    let told = Told {
        format: FORMAT,
        marking: mark.words(),
        handling: mark.handling,
        force: report.force,
        shift: summary.shift_id.to_string(),
        call_sign: &summary.call_sign,
        officer: report.names.officer(summary.officer),
        from: iso(summary.from),
        until: summary.until.map(iso),
        signed: summary.submitted,
        made_at: iso(report.at),
        made_by: report.by,
        why: report.why,
        as_known: report.as_known.map(iso),
        missing: missing.collect(),
        figures: figures(report),
    };
    serde_json::to_vec_pretty(&told).unwrap_or_default()
}
