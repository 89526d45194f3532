//! For anybody else: months as they are published ([`beatbook_domain::publication`]). A month is taken once, when it is
//! over and anything of it first leaves; from then on it is read back, whoever asks for whatever part of it.

use std::path::Path;

use beatbook_domain::disclosure::Said;
use beatbook_domain::funder::Held;
use beatbook_domain::period::{GroupBy, month_of, period_words};
use beatbook_domain::publication::{Part, PublishedMonth, SPLITS, is_over, publish};
use beatbook_domain::time::{Millis, day, local};
use beatbook_report::files::File;
use beatbook_report::given_out::{self, Named, Return, Row, Value, hidden_note, published_note};
use beatbook_report::mark::Mark;
use beatbook_report::period::level;
use beatbook_report::{geo, geo::Shape, pdf};
use chrono::{Datelike as _, NaiveDate};

use super::{Asked, ExportError, Exported, Form, areas, name_places, write};
use crate::force;
use crate::period::facts;
use crate::storage::{PublishedRow, Storage};

/// A month as it stands published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Its figures.
    pub month: PublishedMonth,
    /// When it was taken.
    pub at: Millis,
    /// Whether the force's own figures have changed since.
    pub outdated: bool,
}

/// The months of a period: whole ones, over.
fn months(from: NaiveDate, until: NaiveDate, now: Millis) -> Result<Vec<NaiveDate>, ExportError> {
    if from.day() != 1 || until.day() != 1 || until <= from {
        return Err(ExportError::WholeMonths);
    }
    let today = local(now).date_naive();
    let mut months = Vec::new();
    let mut month = from;
    while month < until {
        if !is_over(month, today) {
            return Err(ExportError::NotOver(period_words(month, month_of(month).1)));
        }
        months.push(month);
        month = month_of(month).1;
    }
    Ok(months)
}

/// Publishes the months of a period where they are not yet, and takes them as they stand. `split` is the one way in which
/// parts of them are given out, now and from now on.
///
/// # Errors
/// [`ExportError::WholeMonths`], [`ExportError::NotOver`]; [`ExportError::OtherSplit`] where a month was split otherwise.
pub async fn standing(
    storage: &dyn Storage,
    (from, until): (NaiveDate, NaiveDate),
    split: Option<GroupBy>,
    now: Millis,
) -> Result<Vec<Standing>, ExportError> {
    if let Some(by) = split.filter(|by| !SPLITS.contains(by)) {
        return Err(ExportError::NoSplit(by));
    }
    let months = months(from, until, now)?;
    let mut all = Vec::new();
    for month in months {
        let (first, next) = month_of(month);
        let facts = facts(storage, (first, next), None, now).await?;
        let taken = publish(first, &facts);
        let row = PublishedRow {
            month: first.format("%Y-%m").to_string(),
            figures: serde_json::to_string(&taken)?,
            split: split.map(|by| by.name().to_owned()),
            at: now,
        };
        let stands = storage.publish(row).await?;
        if let (Some(asked), Some(published)) = (split, &stands.split)
            && asked.name() != published
        {
            return Err(ExportError::OtherSplit {
                month: period_words(first, next),
                published: published.clone(),
                asked: asked.name().to_owned(),
            });
        }
        let month: PublishedMonth = serde_json::from_str(&stands.figures)?;
        let outdated = month != taken;
        all.push(Standing { month, at: stands.at, outdated });
    }
    Ok(all)
}

/// A measure, as it stands in a month or a part of one.
fn value(measure: Held, said: Option<&Said>) -> Value {
    // What is not there was not recorded there at all.
    let said = said.copied().unwrap_or(Said::Count(0));
    if measure.is_time() { Value::Minutes(said) } else { Value::Count(said) }
}

/// Rows of published months: each month, or the parts of one split added up over them.
#[must_use]
pub fn rows(months: &[Standing], by: GroupBy, measures: &[Option<Held>]) -> (Vec<Row>, Vec<Value>) {
    let of = |values: &beatbook_domain::publication::Values| -> Vec<Value> {
        let told = measures.iter().map(|measure| match measure {
            Some(measure) => value(*measure, values.get(measure.name())),
            None => Value::NotRecorded,
        });
        told.collect()
    };
    let add = |rows: &[Vec<Value>]| -> Vec<Value> {
        let columns = 0..measures.len();
        let column = |place| rows.iter().filter_map(|row: &Vec<Value>| row.get(place).copied()).collect();
        columns.map(|place| Value::add(&Vec::from_iter::<Vec<Value>>(column(place)))).collect()
    };
    let by_month: Vec<Vec<Value>> = months.iter().map(|it| of(&it.month.totals)).collect();
    let total = add(&by_month);
    if by == GroupBy::Month {
        let rows = months.iter().zip(by_month).map(|(it, values)| Row {
            code: it.month.month.format("%Y-%m").to_string(),
            label: period_words(it.month.month, month_of(it.month.month).1),
            values,
            shape: Shape::Nowhere,
        });
        return (rows.collect(), total);
    }
    let parts = |it: &Standing| it.month.splits.get(by.name()).cloned().unwrap_or_default();
    let mut named: Vec<(Option<String>, String)> = Vec::new();
    for Part { code, label, .. } in months.iter().flat_map(parts) {
        if !named.iter().any(|(known, _)| *known == code) {
            named.push((code, label));
        }
    }
    named.sort_by_key(|(code, label)| (code.is_none(), label.clone()));
    let rows = named.into_iter().map(|(code, label)| {
        let found = months.iter().filter_map(|it| {
            let part = parts(it).into_iter().find(|part| part.code == code)?;
            Some(of(&part.values))
        });
        let values = add(&found.collect::<Vec<_>>());
        let shape = match (&code, level(by)) {
            (Some(code), Some(level)) => Shape::Area(level, code.as_str().into()),
            _ => Shape::Nowhere,
        };
        Row { code: code.unwrap_or_default(), label, values, shape }
    });
    (rows.collect(), total)
}

/// What must be said with published months.
#[must_use]
pub fn said(months: &[Standing]) -> Vec<String> {
    let published = months.iter().map(|it| {
        let month = period_words(it.month.month, month_of(it.month.month).1);
        published_note(&month, &format!("{} {}", day(it.at), local(it.at).year()))
    });
    [hidden_note()].into_iter().chain(published).collect()
}

/// What whoever exports should know of months that have changed since.
#[must_use]
pub fn outdated(months: &[Standing]) -> Vec<String> {
    let told = months.iter().filter(|it| it.outdated).map(|it| {
        let month = period_words(it.month.month, month_of(it.month.month).1);
        format!(
            "{month} was published on {} and is given out as it was; the force's own figures have changed since",
            day(it.at)
        )
    });
    told.collect()
}

/// Writes published months.
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
    let split = (asked.grouping != GroupBy::Month).then_some(asked.grouping);
    let months = standing(storage, (asked.from, asked.until), split, now).await?;
    let held: Vec<Held> = Held::OUTSIDE
        .into_iter()
        .filter(|held| !asked.grouping.is_place() || held.splits_by_place())
        .collect();
    let measures: Vec<Option<Held>> = held.iter().copied().map(Some).collect();
    let set = areas(storage).await?;
    let (mut rows, mut total) = rows(&months, asked.grouping, &measures);
    name_places(&mut rows, set.as_ref());
    if let (GroupBy::Team, Some(team)) = (asked.grouping, asked.team) {
        // A choice of the whole split: it says no more than that.
        rows.retain(|row| row.code == team.to_string());
        total = rows.first().map(|row| row.values.clone()).unwrap_or_default();
    }
    let named = |held: &Held| Named {
        name: held.name().to_owned(),
        label: given_out::label(*held).to_owned(),
        is_time: held.is_time(),
    };
    let given = Return {
        title: given_out::title().to_owned(),
        funder: String::new(),
        period: period_words(asked.from, asked.until),
        grouping: asked.grouping.words().to_owned(),
        measures: held.iter().map(named).collect(),
        rows,
        total,
        note: String::new(),
        said: said(&months),
        mark: Mark::given_out().with_handling(asked.handling.as_deref()),
        force: force.bundle.name.clone(),
        by: asked.by.clone(),
        at: now,
    };
    let last = asked.until.pred_opt().unwrap_or(asked.until);
    let title = format!("published by {} {} to {last}", asked.grouping, asked.from);
    let mut outs = Vec::new();
    for form in &asked.forms {
        let (ending, bytes) = match form {
            Form::Csv => ("csv", given_out::to_csv(&given)?),
            Form::Json => ("json", given_out::to_json(&given)),
            Form::Pdf => ("pdf", pdf::write(&given_out::sheet(&given))?),
            Form::Geojson if asked.grouping.is_place() => {
                ("geojson", geo::layer("areas", &given_out::features(&given), set.as_ref(), &given.mark))
            }
            Form::Geojson => continue,
        };
        outs.push(File { title: title.clone(), ending, bytes, mark: given.mark.clone() });
    }
    let what = format!("{title}, for public");
    let files = write(storage, outs, folder, what, (&asked.by, &asked.why), now).await?;
    Ok(Exported { files, shifts: 0, incomplete: 0, notes: outdated(&months) })
}
