//! A return: rows of measures as a reader named them, for a funder, the public, or the force itself. What is hidden is
//! `[c]`; what other systems hold is said to be not recorded, never nought.

use beatbook_domain::disclosure::{HIDDEN, Said, sum};
use beatbook_domain::funder::Held;
use beatbook_domain::time::{MINUTE_MS, Millis, day_clock, duration, iso};
use beatbook_words::text;
use serde_json::{Map, Value as Json, json};

use crate::geo::{Feature, Properties, Shape};
use crate::mark::Mark;
use crate::sheet::{Block, Cell, Column, Sheet, Table};
use crate::table::{TableError, csv_of, plain};
use crate::words;

/// Version of the JSON form.
const FORMAT: &str = "beatbook/return/1";
/// Columns that fit side by side on a page.
const ACROSS: usize = 5;

/// A value of a return.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Value {
    /// A count.
    Count(Said),
    /// Time, in minutes.
    Minutes(Said),
    /// Other systems hold it.
    NotRecorded,
}

impl Value {
    /// As a print says it.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Count(said) => said.to_string(),
            Self::Minutes(Said::Count(minutes)) => {
                duration(i64::try_from(minutes).unwrap_or(i64::MAX).saturating_mul(MINUTE_MS))
            }
            Self::Minutes(_) => HIDDEN.to_owned(),
            Self::NotRecorded => words::NOT_RECORDED.to_owned(),
        }
    }

    /// As a file holds it: a count, hours with two places, or the words.
    #[must_use]
    pub fn cell(self) -> String {
        match self {
            Self::Minutes(Said::Count(minutes)) => {
                // Hundredths of an hour, rounded once.
                let hundredths = (minutes * 100 + 30) / 60;
                format!("{}.{:02}", hundredths / 100, hundredths % 100)
            }
            other => other.words(),
        }
    }

    fn json(self) -> Json {
        match self {
            Self::Count(Said::Count(count)) => json!(count),
            Self::Minutes(Said::Count(minutes)) => json!({ "minutes": minutes }),
            other => json!(other.words()),
        }
    }

    /// Together with others of its kind.
    #[must_use]
    pub fn add(values: &[Self]) -> Self {
        let said = values.iter().filter_map(|value| match value {
            Self::Count(said) | Self::Minutes(said) => Some(*said),
            Self::NotRecorded => None,
        });
        let all = sum(said);
        match values.first() {
            Some(Self::NotRecorded) => Self::NotRecorded,
            Some(Self::Minutes(_)) => Self::Minutes(all),
            _ => Self::Count(all),
        }
    }
}

/// A measure as the reader calls it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// Its name in templates.
    pub name: String,
    /// As the reader calls it.
    pub label: String,
    /// Time.
    pub is_time: bool,
}

/// A row.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// Its code, where it has one.
    pub code: String,
    /// As shown.
    pub label: String,
    /// A value for each measure.
    pub values: Vec<Value>,
    /// Where it lies.
    pub shape: Shape,
}

/// A return, ready to be written.
#[derive(Clone, PartialEq, Debug)]
pub struct Return {
    /// Title.
    pub title: String,
    /// Whom it goes to.
    pub funder: String,
    /// The period, in words.
    pub period: String,
    /// What rows are.
    pub grouping: String,
    /// Measures, in order.
    pub measures: Vec<Named>,
    /// Rows.
    pub rows: Vec<Row>,
    /// All together; none where the rows are no parts of it.
    pub total: Vec<Value>,
    /// A paragraph for the reader.
    pub note: String,
    /// What must be said with the figures.
    pub said: Vec<String>,
    /// Marking.
    pub mark: Mark,
    /// Force.
    pub force: String,
    /// Who makes it.
    pub by: String,
    /// When.
    pub at: Millis,
}

/// As CSV: a row for each group, the total last; time in hours.
///
/// # Errors
/// When a row cannot be written.
pub fn to_csv(given: &Return) -> Result<Vec<u8>, TableError> {
    let mut headings = vec!["code".to_owned(), given.grouping.clone()];
    headings.extend(given.measures.iter().map(|measure| match measure.is_time {
        true => text!(in_hours, measure = &measure.label),
        false => measure.label.clone(),
    }));
    headings.push("marking".to_owned());
    let row = |code: &str, label: &str, values: &[Value]| {
        let mut cells = vec![code.to_owned(), plain(label)];
        cells.extend(values.iter().map(|value| value.cell()));
        cells.push(given.mark.words().to_owned());
        cells
    };
    let rows = given.rows.iter().map(|it| row(&it.code, &it.label, &it.values));
    let rows: Vec<Vec<String>> = rows.chain([row("", words::TOTAL, &given.total)]).collect();
    csv_of(&headings, &rows)
}

/// As JSON.
#[must_use]
pub fn to_json(given: &Return) -> Vec<u8> {
    let values = |values: &[Value]| -> Map<String, Json> {
        let pairs = given.measures.iter().zip(values);
        pairs.map(|(measure, value)| (measure.name.clone(), value.json())).collect()
    };
    let rows: Vec<Json> = given
        .rows
        .iter()
        .map(|row| json!({ "code": row.code, "group": row.label, "values": values(&row.values) }))
        .collect();
    let labels: Map<String, Json> =
        given.measures.iter().map(|measure| (measure.name.clone(), json!(measure.label))).collect();
    let told = json!({
        "format": FORMAT,
        "marking": given.mark.words(),
        "handling": given.mark.handling,
        "title": given.title,
        "funder": given.funder,
        "force": given.force,
        "period": given.period,
        "grouping": given.grouping,
        "made_at": iso(given.at),
        "made_by": given.by,
        "labels": labels,
        "said": given.said,
        "rows": rows,
        "total": values(&given.total),
    });
    serde_json::to_vec_pretty(&told).unwrap_or_default()
}

/// The rows as features.
#[must_use]
pub fn features(given: &Return) -> Vec<Feature> {
    let feature = |row: &Row| {
        let mut properties = Properties::new();
        properties.insert("code".to_owned(), json!(row.code));
        properties.insert("group".to_owned(), json!(row.label));
        for (measure, value) in given.measures.iter().zip(&row.values) {
            // One kind of value for each property, or a map cannot be drawn by it.
            properties.insert(measure.name.clone(), json!(value.cell()));
        }
        Feature { shape: row.shape.clone(), properties }
    };
    given.rows.iter().map(feature).collect()
}

/// The print.
#[must_use]
pub fn sheet(given: &Return) -> Sheet {
    let mut blocks = Vec::new();
    if !given.note.trim().is_empty() {
        blocks.push(Block::Text(given.note.clone()));
    }
    let measures: Vec<usize> = (0..given.measures.len()).collect();
    for (place, across) in measures.chunks(ACROSS).enumerate() {
        if place > 0 {
            blocks.push(Block::Meta(String::new()));
        }
        blocks.push(Block::Table(table(given, across)));
    }
    blocks.extend(given.said.iter().map(|said| Block::Meta(said.clone())));
    let mut subtitle = vec![given.force.clone(), given.period.clone()];
    if !given.funder.trim().is_empty() {
        subtitle.push(given.funder.clone());
    }
    Sheet {
        title: given.title.clone(),
        subtitle: subtitle.join(" · "),
        mark: given.mark.clone(),
        made: text!(made_return, when = day_clock(given.at), who = &given.by, force = &given.force),
        at: given.at,
        blocks,
    }
}

fn table(given: &Return, across: &[usize]) -> Table {
    let named = across.iter().filter_map(|place| given.measures.get(*place));
    let mut columns = vec![Column::left(given.grouping.clone(), 2.6)];
    columns.extend(named.map(|measure| Column::right(measure.label.clone(), 1.8)));
    let row = |label: &str, values: &[Value]| -> Vec<Cell> {
        let shown = across
            .iter()
            .map(|place| Cell::from(values.get(*place).map_or_else(String::new, |value| value.words())));
        [Cell::from(label)].into_iter().chain(shown).collect()
    };
    let rows = given.rows.iter().map(|it| row(&it.label, &it.values));
    let rows = rows.chain([row(words::TOTAL, &given.total)]).collect();
    Table { columns, rows, totals: true }
}

/// What must be said with hidden counts.
#[must_use]
pub fn hidden_note() -> String {
    words::HIDDEN_NOTE.to_owned()
}

/// When a month was first published.
#[must_use]
pub fn published_note(month: &str, day: &str) -> String {
    text!(published_on, month = month, day = day)
}

/// The title of figures for outside that no template names.
#[must_use]
pub fn title() -> &'static str {
    words::GIVEN_OUT
}

/// What a measure is called where no template calls it otherwise.
#[must_use]
pub fn label(held: Held) -> &'static str {
    match held {
        Held::Patrols => words::HELD_PATROLS,
        Held::PatrolMinutes => words::PATROL_HOURS,
        Held::PersonMinutes => words::PERSON_HOURS,
        Held::Visits => words::VISITS,
        Held::VisitsInBand => words::HELD_IN_BAND,
        Held::Engagements => words::ENGAGEMENTS,
        Held::People => words::HELD_PEOPLE,
        Held::Cards => words::CARDS_GIVEN,
        Held::Concerns => words::CONCERN_NOTES,
        Held::StreetSafe => words::STREETSAFE,
        Held::Referrals => words::HELD_REFERRALS,
        Held::Arrests => words::HELD_ARRESTS,
        Held::Searches => words::HELD_SEARCHES,
        Held::AsbPowers => words::HELD_ASB_POWERS,
        Held::Powers => words::POWERS,
        Held::CallsAway => words::HELD_CALLS_AWAY,
    }
}
