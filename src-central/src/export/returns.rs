//! A funder's return: a template filled in. What it may say outside comes from published months alone.

use std::path::Path;

use beatbook_domain::disclosure::Said;
use beatbook_domain::funder::{Held, Reader, Template};
use beatbook_domain::period::{self, Group, GroupBy, GroupKey, month_of, period, period_words};
use beatbook_domain::time::Millis;
use beatbook_report::files::File;
use beatbook_report::geo::Shape;
use beatbook_report::given_out::{self, Named, Return, Row, Value};
use beatbook_report::mark::Mark;
use beatbook_report::pdf;
use beatbook_report::period::{code_of, level};
use chrono::NaiveDate;

use super::{ExportError, Exported, areas, name_places, outside, write};
use crate::force;
use crate::period::facts;
use crate::storage::Storage;

/// A return that is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// First day.
    pub from: NaiveDate,
    /// The day after the last.
    pub until: NaiveDate,
    /// Who makes it.
    pub by: String,
    /// Why.
    pub why: String,
    /// The force's own handling instruction.
    pub handling: Option<String>,
}

/// Reads a template: TOML, or JSON where the name ends so.
///
/// # Errors
/// [`ExportError::Unread`] with line and field, [`ExportError::Template`] with every field and its cure.
pub fn read(path: &Path) -> Result<Template, ExportError> {
    let broken = |source| ExportError::File { path: path.to_owned(), source };
    let text = std::fs::read_to_string(path).map_err(broken)?;
    let is_json = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    let template: Template = if is_json {
        serde_json::from_str(&text).map_err(|error| ExportError::Unread(error.to_string()))?
    } else {
        toml::from_str(&text).map_err(|error| ExportError::Unread(error.to_string()))?
    };
    let problems = template.problems();
    if problems.is_empty() { Ok(template) } else { Err(ExportError::Template(problems)) }
}

/// Fills a template in and writes it as CSV, JSON and PDF.
///
/// # Errors
/// [`ExportError`].
pub async fn export(
    storage: &dyn Storage,
    template: &Template,
    asked: &Asked,
    folder: &Path,
    now: Millis,
) -> Result<Exported, ExportError> {
    let by = template.by().ok_or_else(|| ExportError::Template(template.problems()))?;
    let force = force::load(storage).await?;
    let measures: Vec<Option<Held>> =
        template.measures.iter().map(|asked| Held::named(&asked.name)).collect();
    let mut filled = match template.reader {
        Reader::Force => inside(storage, template, by, &measures, asked, now).await?,
        Reader::Outside => for_outside(storage, template, by, &measures, asked, now).await?,
    };
    name_places(&mut filled.rows, areas(storage).await?.as_ref());
    let named = |(asked, held): (&beatbook_domain::funder::Asked, &Option<Held>)| Named {
        name: asked.name.clone(),
        label: asked.label.clone(),
        is_time: held.is_some_and(Held::is_time),
    };
    let mark = match template.reader {
        Reader::Force => Mark::of(beatbook_domain::entry::Marking::Official),
        Reader::Outside => Mark::given_out(),
    };
    let given = Return {
        title: template.title.clone(),
        funder: template.funder.clone(),
        period: period_words(asked.from, asked.until),
        grouping: by.words().to_owned(),
        measures: template.measures.iter().zip(&measures).map(named).collect(),
        rows: filled.rows,
        total: filled.total,
        note: template.note.clone(),
        said: filled.said,
        mark: mark.with_handling(asked.handling.as_deref()),
        force: force.bundle.name.clone(),
        by: asked.by.clone(),
        at: now,
    };
    let last = asked.until.pred_opt().unwrap_or(asked.until);
    let title = format!("{} {} to {last}", template.title, asked.from);
    let out = |ending, bytes| File { title: title.clone(), ending, bytes, mark: given.mark.clone() };
    let outs = vec![
        out("csv", given_out::to_csv(&given)?),
        out("json", given_out::to_json(&given)),
        out("pdf", pdf::write(&given_out::sheet(&given))?),
    ];
    let what = format!("return {title}, by {by}, for {:?}", template.reader).to_lowercase();
    let files = write(storage, outs, folder, what, (&asked.by, &asked.why), now).await?;
    Ok(Exported { files, shifts: filled.shifts, incomplete: filled.incomplete, notes: filled.notes })
}

struct Filled {
    rows: Vec<Row>,
    total: Vec<Value>,
    said: Vec<String>,
    notes: Vec<String>,
    shifts: usize,
    incomplete: usize,
}

fn amount(measure: Option<Held>, figures: &period::Figures) -> Value {
    let Some(measure) = measure else { return Value::NotRecorded };
    let said = Said::Count(measure.amount(figures));
    if measure.is_time() { Value::Minutes(said) } else { Value::Count(said) }
}

fn totals(rows: &[Row], width: usize) -> Vec<Value> {
    let column = |place: usize| -> Vec<Value> {
        rows.iter().filter_map(|row| row.values.get(place).copied()).collect()
    };
    (0..width).map(|place| Value::add(&column(place))).collect()
}

/// The force's own figures: any grouping, with the areas and initiatives the template names.
async fn inside(
    storage: &dyn Storage,
    template: &Template,
    by: GroupBy,
    measures: &[Option<Held>],
    asked: &Asked,
    now: Millis,
) -> Result<Filled, ExportError> {
    let mut facts = facts(storage, (asked.from, asked.until), None, now).await?;
    let wanted = &template.initiatives;
    facts.retain(|fact| {
        let of = fact.summary.initiative.as_ref().map(|initiative| &initiative.code);
        wanted.is_empty() || of.is_some_and(|code| wanted.contains(code))
    });
    let incomplete = facts.iter().filter(|fact| !fact.summary.missing.is_empty()).count();
    let chosen = |group: &Group| match &group.key {
        _ if template.areas.is_empty() => true,
        GroupKey::Code(code) => template.areas.contains(code),
        _ => false,
    };
    let question = period::Asked { from: asked.from, until: asked.until, by };
    let values = |figures: &period::Figures| -> Vec<Value> {
        measures.iter().map(|measure| amount(*measure, figures)).collect()
    };
    let mut rows = Vec::new();
    if by == GroupBy::Area || template.areas.is_empty() {
        for group in period(question, &facts).groups.iter().filter(|group| chosen(group)) {
            let shape = match (&group.key, level(by)) {
                (GroupKey::Code(code), Some(level)) => Shape::Area(level, code.clone()),
                _ => Shape::Nowhere,
            };
            let values = values(&group.figures);
            rows.push(Row { code: code_of(&group.key), label: group.label.clone(), values, shape });
        }
    } else {
        // Each group's share of the areas named: their parts, added up.
        for group in period(question, &facts).groups {
            let of_group: Vec<_> =
                facts.iter().filter(|fact| belongs(fact, by, &group.key)).cloned().collect();
            let by_area = period(period::Asked { by: GroupBy::Area, ..question }, &of_group);
            let parts: Vec<Row> = by_area
                .groups
                .iter()
                .filter(|group| chosen(group))
                .map(|part| Row {
                    code: String::new(),
                    label: String::new(),
                    values: values(&part.figures),
                    shape: Shape::Nowhere,
                })
                .collect();
            let nothing = values(&period::Figures::default());
            let values = if parts.is_empty() { nothing } else { totals(&parts, measures.len()) };
            rows.push(Row { code: code_of(&group.key), label: group.label, values, shape: Shape::Nowhere });
        }
    }
    let total = if template.areas.is_empty() {
        values(&period(question, &facts).total)
    } else {
        totals(&rows, measures.len())
    };
    let (shifts, said, notes) = (facts.len(), Vec::new(), Vec::new());
    Ok(Filled { rows, total, said, notes, shifts, incomplete })
}

/// Whether a shift is of a group that tells by whole shifts.
fn belongs(fact: &period::ShiftFacts, by: GroupBy, key: &GroupKey) -> bool {
    let code = match by {
        GroupBy::Month => return *key == GroupKey::Date(month_of(fact.day()).0),
        GroupBy::Team => fact.team.as_ref().map(|team| team.code.clone()),
        GroupBy::Initiative => fact.summary.initiative.as_ref().map(|initiative| initiative.code.clone()),
        _ => return true,
    };
    match key {
        GroupKey::Code(wanted) => code.as_ref() == Some(wanted),
        _ => code.is_none(),
    }
}

/// Published months, one split, the rows the template names.
async fn for_outside(
    storage: &dyn Storage,
    template: &Template,
    by: GroupBy,
    measures: &[Option<Held>],
    asked: &Asked,
    now: Millis,
) -> Result<Filled, ExportError> {
    let split = (by != GroupBy::Month).then_some(by);
    let months = outside::standing(storage, (asked.from, asked.until), split, now).await?;
    let (mut rows, mut total) = outside::rows(&months, by, measures);
    let named = match by {
        GroupBy::Area => &template.areas,
        GroupBy::Initiative => &template.initiatives,
        _ => &Vec::new(),
    };
    if !named.is_empty() {
        rows.retain(|row| named.iter().any(|code| code.as_str() == row.code));
        total = totals(&rows, measures.len());
    }
    let (said, notes) = (outside::said(&months), outside::outdated(&months));
    Ok(Filled { rows, total, said, notes, shifts: 0, incomplete: 0 })
}
