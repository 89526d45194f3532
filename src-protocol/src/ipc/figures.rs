//! Figures over a period, from what this device holds.

use beatbook_domain::entry::Marking;
use beatbook_domain::id::Code;
use beatbook_domain::period::{GroupBy, PeriodFigures};
use beatbook_domain::time::Millis;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The figures of a period, beside those of the period before; the log keeps that they were opened.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GetFigures {
    /// First day.
    pub from: NaiveDate,
    /// The day after the last.
    pub until: NaiveDate,
    /// By what.
    pub by: GroupBy,
    /// The first group of the page.
    pub skip: u32,
    /// How many groups at most.
    pub limit: u32,
}

/// The figures.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FiguresView {
    /// The figures; of the groups one page.
    pub figures: PeriodFigures,
    /// The marking of the whole.
    pub marking: Marking,
    /// How many groups there are.
    pub groups: u32,
    /// As known at this time: the last answer of central.
    pub as_known: Option<Millis>,
    /// The teams whose shifts come to this device; others are not in the figures.
    pub teams: Vec<String>,
    /// The day of the oldest shift held here; nothing before it is in the figures.
    pub held_since: Option<NaiveDate>,
    /// The patrol areas with what was done there in the period, by name.
    pub areas: Vec<AreaFigures>,
}

/// What was done in an area.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AreaFigures {
    /// Its code.
    pub code: Code,
    /// Its name.
    pub name: String,
    /// Visits.
    pub visits: u32,
    /// Concern notes and StreetSafe concerns.
    pub concerns: u32,
    /// Outer ring, simplified for drawing: longitude, latitude in microdegrees.
    pub shape: Vec<(i32, i32)>,
}
