//! Figures over a period as they leave: one row for each group, the same as JSON, a map, and a print.

use beatbook_domain::period::{
    Figures, Group, GroupBy, GroupKey, MARKING, Measure, MissingFigures, PeriodFigures, period_words,
};
use beatbook_domain::place::areas::AreaLevel;
use beatbook_domain::summary::CodeCount;
use beatbook_domain::time::{Millis, day_clock, duration, iso};
use beatbook_words::text;
use serde::Serialize;

use crate::geo::{Feature, Properties, Shape};
use crate::mark::Mark;
use crate::sheet::{Block, Cell, Column, Fact, Sheet, Table};
use crate::shift::{bars, minutes};
use crate::table::{TableError, csv, plain};
use crate::words;

/// Version of the JSON form.
const FORMAT: &str = "beatbook/period-figures/1";

/// A period that leaves, with where it comes from.
pub struct PeriodReport<'a> {
    /// The figures.
    pub figures: &'a PeriodFigures,
    /// Team, where it is one.
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

impl PeriodReport<'_> {
    /// The marking: figures hold nobody.
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark::of(MARKING).with_handling(self.handling)
    }

    /// The title that files carry: `figures by area 2026-11-01 to 2026-11-30`.
    #[must_use]
    pub fn file_title(&self) -> String {
        let asked = self.figures.asked;
        let last = asked.until.pred_opt().unwrap_or(asked.until);
        format!("figures by {} {} to {last}", asked.by, asked.from)
    }
}

/// A group's figures: a row. Time is in whole minutes, rounded once; what is not told by place is empty there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PeriodRow {
    /// What rows are: `area`, `month`; `total` for the last.
    pub grouping: String,
    /// The group's code, date or id; empty where the record does not say.
    pub group_code: String,
    /// As shown.
    pub group: String,
    /// Shifts (by place: with anything there).
    pub shifts: u32,
    /// Units' time on patrol.
    pub patrol_minutes: i64,
    /// Confirmed officers' time on patrol.
    pub person_minutes: i64,
    /// Visits to areas.
    pub visits: u32,
    /// Of these, with a recorded end.
    pub visits_measured: u32,
    /// Of these, of ten to sixteen minutes.
    pub visits_in_band: u32,
    /// The middle length of those measured.
    pub visit_median_minutes: Option<i64>,
    /// Engagements.
    pub engagements: u32,
    /// People spoken to.
    pub people: u32,
    /// Cards and other materials given.
    pub cards: u32,
    /// Concern notes.
    pub concerns: u32,
    /// StreetSafe concerns heard.
    pub streetsafe: u32,
    /// Powers used.
    pub powers: u32,
    /// Referrals raised.
    pub referrals: u32,
    /// Calls away.
    pub away_calls: Option<u32>,
    /// Time away of whole crews.
    pub away_minutes: Option<i64>,
    /// Entries.
    pub entries: Option<u32>,
    /// Written long after they happened.
    pub late: Option<u32>,
    /// Corrected or withdrawn with a reason.
    pub edited: Option<u32>,
    /// Repeated from an entry before.
    pub repeated: Option<u32>,
    /// Written later by their author's own word.
    pub retrospective: Option<u32>,
    /// Shifts with anything known to be missing: the figures leave it out.
    pub shifts_with_something_missing: Option<u32>,
    /// The marking.
    pub marking: &'static str,
}

fn row(grouping: &str, code: String, label: &str, figures: &Figures, whole: bool) -> PeriodRow {
    let only = |number: u32| whole.then_some(number);
    PeriodRow {
        grouping: grouping.to_owned(),
        group_code: code,
        group: plain(label),
        shifts: figures.shifts,
        patrol_minutes: minutes(figures.patrol_ms),
        person_minutes: minutes(figures.person_ms),
        visits: figures.visits.count,
        visits_measured: figures.visits.measured,
        visits_in_band: figures.visits.in_band,
        visit_median_minutes: figures.visits.median_ms.map(minutes),
        engagements: figures.engagements,
        people: figures.people,
        cards: figures.cards,
        concerns: figures.concerns,
        streetsafe: figures.streetsafe_total(),
        powers: figures.powers,
        referrals: figures.referrals,
        away_calls: only(figures.away_count),
        away_minutes: whole.then(|| minutes(figures.away_ms)),
        entries: only(figures.entries),
        late: only(figures.late),
        edited: only(figures.edited),
        repeated: only(figures.repeated),
        retrospective: only(figures.retrospective),
        shifts_with_something_missing: only(figures.missing.shifts),
        marking: MARKING.words(),
    }
}

/// A group's code as files hold it.
#[must_use]
pub fn code_of(key: &GroupKey) -> String {
    match key {
        GroupKey::Date(date) => date.to_string(),
        GroupKey::Shift(shift) => shift.to_string(),
        GroupKey::Code(code) => code.to_string(),
        GroupKey::Unknown => String::new(),
    }
}

/// One row for each group, the total last.
#[must_use]
pub fn rows(figures: &PeriodFigures) -> Vec<PeriodRow> {
    let by = figures.asked.by;
    let group =
        |group: &Group| row(by.name(), code_of(&group.key), &group.label, &group.figures, !by.is_place());
    let total = row("total", String::new(), words::TOTAL, &figures.total, true);
    figures.groups.iter().map(group).chain([total]).collect()
}

/// The rows as CSV.
///
/// # Errors
/// When a row cannot be written.
pub fn to_csv(figures: &PeriodFigures) -> Result<Vec<u8>, TableError> {
    csv(&rows(figures))
}

#[derive(Serialize)]
struct Told<'a> {
    format: &'static str,
    marking: &'static str,
    handling: String,
    force: &'a str,
    team: Option<&'a str>,
    first_day: String,
    last_day: String,
    grouping: &'static str,
    made_at: String,
    made_by: &'a str,
    why: &'a str,
    as_known: Option<String>,
    missing: &'a MissingFigures,
    rows: Vec<PeriodRow>,
    by_code: Coded<'a>,
}

#[derive(Serialize)]
struct Coded<'a> {
    cards: &'a [CodeCount],
    topics: &'a [CodeCount],
    streetsafe: &'a [CodeCount],
    behaviours: &'a [CodeCount],
    actions: &'a [CodeCount],
    powers: &'a [CodeCount],
    referrals: &'a [CodeCount],
}

/// The rows as JSON, with what is missing and the counts by code beside them.
#[must_use]
pub fn to_json(report: &PeriodReport<'_>) -> Vec<u8> {
    let (figures, mark) = (report.figures, report.mark());
    let (asked, total) = (figures.asked, &figures.total);
    let told = Told {
        format: FORMAT,
        marking: mark.words(),
        handling: mark.handling,
        force: report.force,
        team: report.team,
        first_day: asked.from.to_string(),
        last_day: asked.until.pred_opt().unwrap_or(asked.until).to_string(),
        grouping: asked.by.name(),
        made_at: iso(report.at),
        made_by: report.by,
        why: report.why,
        as_known: report.as_known.map(iso),
        missing: &total.missing,
        rows: rows(figures),
        by_code: Coded {
            cards: &total.cards_by_type,
            topics: &total.topics,
            streetsafe: &total.streetsafe,
            behaviours: &total.behaviours,
            actions: &total.actions,
            powers: &total.powers_by_type,
            referrals: &total.referrals_by_state,
        },
    };
    serde_json::to_vec_pretty(&told).unwrap_or_default()
}

/// The level of areas that a grouping by place tells by.
#[must_use]
pub fn level(by: GroupBy) -> Option<AreaLevel> {
    match by {
        GroupBy::Area => Some(AreaLevel::Patrol),
        GroupBy::Ward => Some(AreaLevel::Ward),
        GroupBy::District => Some(AreaLevel::District),
        _ => None,
    }
}

/// The groups of a grouping by place as features; none for any other grouping.
#[must_use]
pub fn features(figures: &PeriodFigures) -> Option<Vec<Feature>> {
    let level = level(figures.asked.by)?;
    let feature = |group: &Group| {
        let row = row(figures.asked.by.name(), code_of(&group.key), &group.label, &group.figures, false);
        let mut properties = match serde_json::to_value(row) {
            Ok(serde_json::Value::Object(properties)) => properties,
            _ => Properties::new(),
        };
        properties.retain(|_, value| !value.is_null());
        let shape = match &group.key {
            GroupKey::Code(code) => Shape::Area(level, code.clone()),
            _ => Shape::Nowhere,
        };
        Feature { shape, properties }
    };
    Some(figures.groups.iter().map(feature).collect())
}

/// The print.
#[must_use]
pub fn sheet(report: &PeriodReport<'_>) -> Sheet {
    let figures = report.figures;
    let (asked, total) = (figures.asked, &figures.total);
    let mut blocks = vec![Block::Facts(facts(total))];
    let missing: Vec<_> = total.missing.lines().into_iter().map(|line| (line, String::new())).collect();
    if missing.is_empty() {
        blocks.push(Block::Text(words::NOTHING_MISSING.to_owned()));
    } else {
        blocks.push(Block::Missing(words::MISSING.to_owned(), missing));
    }
    // As many side by side as their headings have room.
    let groups: [&[Measure]; 3] = [
        &[Measure::Shifts, Measure::PatrolHours, Measure::PersonHours, Measure::Visits],
        &[Measure::Engagements, Measure::People, Measure::Cards, Measure::Concerns],
        &[
            Measure::VisitMedian,
            Measure::VisitsInBand,
            Measure::StreetSafe,
            Measure::Powers,
            Measure::Referrals,
        ],
    ];
    for measures in groups {
        blocks.push(Block::Heading(text!(by_grouping, what = asked.by.words().to_lowercase())));
        blocks.push(Block::Table(table(figures, measures)));
    }
    let listed = [
        (words::TOPICS, &total.topics),
        (words::STREETSAFE, &total.streetsafe),
        (words::CARDS_BY_TYPE, &total.cards_by_type),
        (words::BEHAVIOURS, &total.behaviours),
        (words::ACTIONS, &total.actions),
        (words::POWERS, &total.powers_by_type),
        (words::REFERRALS_BY_STATE, &total.referrals_by_state),
    ];
    for (heading, counts) in listed {
        if !counts.is_empty() {
            blocks.push(Block::Heading(heading.to_owned()));
            blocks.push(Block::Table(bars(counts)));
        }
    }
    let (entries, late, edited) = (total.entries, total.late, total.edited);
    blocks.push(Block::Meta(text!(
        period_note,
        entries = entries,
        late = late,
        edited = edited,
        repeated = total.repeated
    )));
    let source = report
        .as_known
        .map_or_else(|| words::MADE_HERE.to_owned(), |known| text!(made_from, when = day_clock(known)));
    let mut subtitle = vec![words::PERIOD_FIGURES.to_owned(), asked.by.words().to_owned()];
    subtitle.push(report.team.unwrap_or(words::EVERY_TEAM).to_owned());
    Sheet {
        title: period_words(asked.from, asked.until),
        subtitle: subtitle.join(" · "),
        mark: report.mark(),
        made: text!(
            made_by,
            when = day_clock(report.at),
            who = report.by,
            force = report.force,
            source = source
        ),
        at: report.at,
        blocks,
    }
}

fn facts(total: &Figures) -> Vec<Fact> {
    let fact = |label: &str, figure: String, beside: String| Fact { label: label.to_owned(), figure, beside };
    let visits = &total.visits;
    vec![
        fact(words::PATROL_HOURS, duration(total.patrol_ms), String::new()),
        fact(words::PERSON_HOURS, duration(total.person_ms), String::new()),
        fact(words::ENGAGEMENTS, total.engagements.to_string(), text!(n_people, count = total.people)),
        fact(words::CARDS_GIVEN, total.cards.to_string(), String::new()),
        fact(words::VISITS, visits.count.to_string(), text!(n_in_band, count = visits.in_band)),
        fact(words::CONCERN_NOTES, total.concerns.to_string(), text!(n_powers, count = total.powers)),
        fact(words::AWAY, duration(total.away_ms), text!(n_calls, count = total.away_count)),
        fact(words::SHIFTS, total.shifts.to_string(), String::new()),
    ]
}

fn table(figures: &PeriodFigures, measures: &[Measure]) -> Table {
    let by = figures.asked.by;
    let mut columns = vec![Column::left(by.words(), 2.6)];
    columns.extend(measures.iter().map(|measure| Column::right(measure.words(), 1.35)));
    let cells = |label: &str, figures: &Figures| -> Vec<Cell> {
        let shown = measures.iter().map(|measure| Cell::from(measure.show(figures)));
        [Cell::from(label)].into_iter().chain(shown).collect()
    };
    let groups = figures.groups.iter().map(|group| cells(&group.label, &group.figures));
    let rows = groups.chain([cells(words::TOTAL, &figures.total)]).collect();
    Table { columns, rows, totals: true }
}
