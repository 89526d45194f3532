//! Figures over a period: what shifts add up to by day, team, place or initiative, beside the period before.
//!
//! Everything is worked out from the summaries of the shifts themselves, in whatever order they come: time that two shifts
//! of one unit share counts once, a visit that two phones told is one, a median is that of the visits and never of
//! medians. Time nobody closed counts up to the last evidence and no further. There is no grouping by officer: figures of
//! a period are about places and work, never a table of who did most.

mod dates;
mod figures;
mod measure;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::entry::Marking;
use crate::id::{Code, EntryId};
use crate::summary::{Named, PlaceKey, ShiftSummary};
use crate::time::{duty_date, range};
use crate::words;

pub use dates::{before, monday_of, month_of, period_words};
pub use figures::{Figures, MissingFigures, ReasonTime, VisitFigures, figures};
pub use measure::{Measure, Share};

/// The marking of figures over a period: they hold nobody.
pub const MARKING: Marking = Marking::Official;

/// What figures are told by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// Each shift.
    Shift,
    /// London's date on which the shift began.
    Day,
    /// Weeks from Monday.
    Week,
    /// Calendar months.
    Month,
    /// Team of the officer who opened the shift.
    Team,
    /// District.
    District,
    /// Ward.
    Ward,
    /// Patrol area.
    Area,
    /// Initiative of the shift.
    Initiative,
    /// Transport of the shift.
    Transport,
}

impl GroupBy {
    /// All, as a person chooses among them.
    pub const ALL: [GroupBy; 10] = [
        GroupBy::Day,
        GroupBy::Week,
        GroupBy::Month,
        GroupBy::Shift,
        GroupBy::Team,
        GroupBy::Area,
        GroupBy::Ward,
        GroupBy::District,
        GroupBy::Initiative,
        GroupBy::Transport,
    ];

    /// Its name in commands and addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            GroupBy::Shift => "shift",
            GroupBy::Day => "day",
            GroupBy::Week => "week",
            GroupBy::Month => "month",
            GroupBy::Team => "team",
            GroupBy::District => "district",
            GroupBy::Ward => "ward",
            GroupBy::Area => "area",
            GroupBy::Initiative => "initiative",
            GroupBy::Transport => "transport",
        }
    }

    /// As shown.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            GroupBy::Shift => words::BY_SHIFT,
            GroupBy::Day => words::BY_DAY,
            GroupBy::Week => words::BY_WEEK,
            GroupBy::Month => words::BY_MONTH,
            GroupBy::Team => words::BY_TEAM,
            GroupBy::District => words::BY_DISTRICT,
            GroupBy::Ward => words::BY_WARD,
            GroupBy::Area => words::BY_AREA,
            GroupBy::Initiative => words::BY_INITIATIVE,
            GroupBy::Transport => words::BY_TRANSPORT,
        }
    }

    /// Whether it tells by place: then only what has a place is told.
    #[must_use]
    pub fn is_place(self) -> bool {
        matches!(self, GroupBy::District | GroupBy::Ward | GroupBy::Area)
    }

    /// Whether its groups follow one another in time.
    #[must_use]
    pub fn is_time(self) -> bool {
        matches!(self, GroupBy::Day | GroupBy::Week | GroupBy::Month)
    }
}

/// A grouping nobody knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("give shift, day, week, month, team, district, ward, area, initiative or transport")]
pub struct NoSuchGrouping;

impl FromStr for GroupBy {
    type Err = NoSuchGrouping;
    fn from_str(text: &str) -> Result<Self, NoSuchGrouping> {
        GroupBy::ALL.into_iter().find(|by| by.name() == text).ok_or(NoSuchGrouping)
    }
}

impl fmt::Display for GroupBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A shift with what figures want to know of it beside its summary.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ShiftFacts {
    /// Its summary.
    pub summary: ShiftSummary,
    /// The team its officer was in when it began: id as code, name as label.
    pub team: Option<Named>,
}

impl ShiftFacts {
    /// The date it is filed under: London's, when it began.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        duty_date(self.summary.from)
    }
}

/// What is asked: from the first day up to before the last, by what.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Asked {
    /// First day.
    pub from: NaiveDate,
    /// The day after the last.
    pub until: NaiveDate,
    /// By what.
    pub by: GroupBy,
}

/// What a group is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKey {
    /// A day, the Monday of a week or the first of a month.
    Date(NaiveDate),
    /// A shift.
    Shift(EntryId),
    /// A team, a place, an initiative: its code.
    Code(Code),
    /// The record does not say.
    Unknown,
}

/// The figures of a group, with those of the period before.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Group {
    /// What it is.
    pub key: GroupKey,
    /// As shown.
    pub label: String,
    /// Its figures.
    pub figures: Figures,
    /// The same of the period before; none where there is nothing to compare with.
    pub before: Option<Figures>,
}

/// The figures of a period.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PeriodFigures {
    /// What was asked.
    pub asked: Asked,
    /// The period before: first day, and the day after the last.
    pub before: (NaiveDate, NaiveDate),
    /// All shifts together.
    pub total: Figures,
    /// All shifts of the period before together.
    pub total_before: Figures,
    /// The groups: in order of time, else by name. Never by how much.
    pub groups: Vec<Group>,
}

impl PeriodFigures {
    /// Gives places the names that an area set has for them: a visit knows its area by code alone. The order by name is
    /// kept.
    pub fn name_places(&mut self, name: impl Fn(&Code) -> Option<String>) {
        if !self.asked.by.is_place() {
            return;
        }
        for group in &mut self.groups {
            if let GroupKey::Code(code) = &group.key
                && let Some(name) = name(code)
            {
                group.label = name;
            }
        }
        sort_by_name(&mut self.groups);
    }
}

/// In the order of their names, what is not known last.
fn sort_by_name(groups: &mut [Group]) {
    groups.sort_by(|a, b| {
        let order = |group: &Group| (group.key == GroupKey::Unknown, group.label.clone(), group.key.clone());
        order(a).cmp(&order(b))
    });
}

/// What a shift adds to a group: all of it, or what it did in one place.
type Part<'a> = (&'a ShiftFacts, Option<Where>);

/// A place that is asked about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Where {
    level: GroupBy,
    code: Option<Code>,
    /// Areas that lie in it, where an area is all that is known.
    areas: BTreeSet<Code>,
}

impl Where {
    fn level(place: &PlaceKey, level: GroupBy) -> Option<&Named> {
        match level {
            GroupBy::Area => place.area.as_ref(),
            GroupBy::Ward => place.ward.as_ref(),
            _ => place.district.as_ref(),
        }
    }

    /// Whether a place is this one. Where the level is not told, the area decides.
    pub(crate) fn holds(&self, place: &PlaceKey) -> bool {
        match Self::level(place, self.level) {
            Some(named) => Some(&named.code) == self.code.as_ref(),
            None => self.holds_area(place.area.as_ref().map(|area| &area.code)),
        }
    }

    /// Whether an area lies in it.
    pub(crate) fn holds_area(&self, area: Option<&Code>) -> bool {
        match (self.level, area) {
            (GroupBy::Area, area) => area == self.code.as_ref(),
            (_, Some(area)) => self.areas.contains(area),
            (_, None) => self.code.is_none(),
        }
    }
}

/// The figures of a period. `shifts` may come in any order and hold any others too; a shift that comes twice counts once.
#[must_use]
pub fn period<'a>(asked: Asked, shifts: impl IntoIterator<Item = &'a ShiftFacts>) -> PeriodFigures {
    let earlier = before(asked.from, asked.until);
    let all: BTreeMap<EntryId, &ShiftFacts> =
        shifts.into_iter().map(|shift| (shift.summary.shift_id, shift)).collect();
    let within = |(from, until): (NaiveDate, NaiveDate)| -> Vec<&ShiftFacts> {
        all.values().copied().filter(|shift| (from..until).contains(&shift.day())).collect()
    };
    let (now, then) = (within((asked.from, asked.until)), within(earlier));
    let mut groups = grouped(asked.by, &now, asked.from);
    if asked.by.is_time() {
        // A day without a shift is a day, too.
        for place in 0..dates::count(asked.by, asked.from, asked.until) {
            groups.entry(Slot::Nth(place)).or_default();
        }
    }
    let mut groups_before = grouped(asked.by, &then, earlier.0);
    let compares = asked.by != GroupBy::Shift;
    let mut told: Vec<Group> = groups
        .into_iter()
        .map(|(slot, (name, parts))| {
            let earlier = groups_before.remove(&slot).map(|(_, parts)| parts);
            let (key, label) = slot.told(asked, name);
            Group {
                key,
                label,
                figures: figures(&parts),
                before: (compares && !then.is_empty()).then(|| figures(&earlier.unwrap_or_default())),
            }
        })
        .collect();
    if !asked.by.is_time() && asked.by != GroupBy::Shift {
        sort_by_name(&mut told);
    }
    let whole = |shifts: &[&'a ShiftFacts]| -> Figures {
        figures(&shifts.iter().map(|shift| (*shift, None)).collect::<Vec<_>>())
    };
    PeriodFigures { asked, before: earlier, total: whole(&now), total_before: whole(&then), groups: told }
}

/// Where a shift, or a part of it, belongs; in the order in which groups stand.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Slot {
    /// The n-th day, week or month.
    Nth(i64),
    /// A shift, by when it began.
    Shift(crate::time::Millis, EntryId),
    /// A code.
    Code(Option<Code>),
}

impl Slot {
    fn told(&self, asked: Asked, name: Option<String>) -> (GroupKey, String) {
        let unknown = || (GroupKey::Unknown, words::NOT_KNOWN.to_owned());
        match self {
            Slot::Nth(place) => {
                let first = dates::nth(asked.by, asked.from, *place);
                (GroupKey::Date(first), dates::label(asked.by, first))
            }
            Slot::Shift(_, id) => (GroupKey::Shift(*id), name.unwrap_or_default()),
            Slot::Code(Some(code)) => {
                (GroupKey::Code(code.clone()), name.unwrap_or_else(|| code.to_string()))
            }
            Slot::Code(None) => unknown(),
        }
    }
}

type Groups<'a> = BTreeMap<Slot, (Option<String>, Vec<Part<'a>>)>;

/// The parts of every group. `from` is the first day of the period.
fn grouped<'a>(by: GroupBy, shifts: &[&'a ShiftFacts], from: NaiveDate) -> Groups<'a> {
    if by.is_place() {
        return by_place(by, shifts);
    }
    let mut groups = Groups::new();
    for shift in shifts {
        let summary = &shift.summary;
        let named = |named: Option<Named>| match named {
            Some(Named { code, label }) => (Slot::Code(Some(code)), Some(label)),
            None => (Slot::Code(None), None),
        };
        let (slot, name) = match by {
            GroupBy::Shift => {
                let day = crate::time::day(summary.from);
                let name = format!("{}, {day}, {}", summary.call_sign, range(summary.from, summary.ends));
                (Slot::Shift(summary.from, summary.shift_id), Some(name))
            }
            GroupBy::Team => named(shift.team.clone()),
            GroupBy::Initiative => named(summary.initiative.as_ref().map(Named::from)),
            GroupBy::Transport => named(summary.transport.as_ref().map(Named::from)),
            _ => (Slot::Nth(dates::ordinal(by, from, shift.day())), None),
        };
        let group = groups.entry(slot).or_default();
        group.0 = group.0.take().max(name);
        group.1.push((*shift, None));
    }
    groups
}

fn by_place<'a>(level: GroupBy, shifts: &[&'a ShiftFacts]) -> Groups<'a> {
    let within = areas_within(level, shifts);
    let mut groups = Groups::new();
    for shift in shifts {
        let summary = &shift.summary;
        let told =
            summary.time.iter().map(|time| &time.place).chain(summary.places.iter().map(|it| &it.place));
        let mut here: BTreeMap<Option<Code>, Option<String>> = BTreeMap::new();
        let mut add = |named: Option<&Named>, area: Option<&Code>| {
            let known = area.and_then(|area| within.get(area));
            let code = named.map(|named| &named.code).or(known).cloned();
            // A label that is only the code says less than any other.
            let label =
                named.filter(|named| named.label != named.code.as_str()).map(|named| named.label.clone());
            let slot = here.entry(code).or_default();
            *slot = slot.take().max(label);
        };
        for place in told {
            add(Where::level(place, level), place.area.as_ref().map(|area| &area.code));
        }
        for visit in &summary.visits {
            let own = (level == GroupBy::Area)
                .then(|| Named { code: visit.area.clone(), label: visit.area.to_string() });
            add(own.as_ref(), Some(&visit.area));
        }
        for (code, label) in here {
            let areas = within
                .iter()
                .filter(|(_, of)| Some(*of) == code.as_ref())
                .map(|(area, _)| area.clone())
                .collect();
            // Of an area nobody places, only this can be said: it is in no known one.
            let areas = if code.is_none() { unplaced(shift, &within) } else { areas };
            let group = groups.entry(Slot::Code(code.clone())).or_default();
            group.0 = group.0.take().max(label);
            group.1.push((*shift, Some(Where { level, code, areas })));
        }
    }
    groups
}

fn unplaced(shift: &ShiftFacts, within: &BTreeMap<Code, Code>) -> BTreeSet<Code> {
    let visited = shift.summary.visits.iter().map(|visit| &visit.area);
    let patrolled =
        shift.summary.time.iter().filter_map(|time| time.place.area.as_ref()).map(|area| &area.code);
    let recorded = shift.summary.places.iter().filter_map(|it| it.place.area.as_ref()).map(|area| &area.code);
    let areas = visited.chain(patrolled).chain(recorded);
    areas.filter(|area| !within.contains_key(*area)).cloned().collect()
}

/// The one ward or district each area lies in, where the records name one and the same. A visit names its area alone.
fn areas_within(level: GroupBy, shifts: &[&ShiftFacts]) -> BTreeMap<Code, Code> {
    if level == GroupBy::Area {
        return BTreeMap::new();
    }
    let mut seen: BTreeMap<Code, BTreeSet<Code>> = BTreeMap::new();
    for shift in shifts {
        let times = shift.summary.time.iter().map(|time| &time.place);
        for place in times.chain(shift.summary.places.iter().map(|it| &it.place)) {
            if let (Some(area), Some(of)) = (&place.area, Where::level(place, level)) {
                seen.entry(area.code.clone()).or_default().insert(of.code.clone());
            }
        }
    }
    let alone = seen.into_iter().filter(|(_, of)| of.len() == 1);
    alone.filter_map(|(area, of)| Some((area, of.into_iter().next()?))).collect()
}

/// The first day of the month of a day.
fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}
