//! What a tasking asked of a shift's unit, window by window: planned, made, missed, excused, and still to come.
//!
//! A tasking asks its visits of each unit it is for, so figures of several units add up. A visit counts for the window it
//! begins in, whoever of the confirmed crew made it. What is missing of a window is excused where one of the crew said
//! that, and why, they do otherwise, or where the whole crew was called away for at least half of the time they had in
//! it; else it is missed, and while the shift runs and the window is open it is still to come.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::VisitLine;
use super::visits::Fit;
use crate::code_list::CodeRef;
use crate::entry::{Entry, TaskWindow, TaskedArea};
use crate::id::{Code, EntryId, OfficerId, TeamId, UnitId};
use crate::place::areas::Rhythms;
use crate::shift::Shift;
use crate::tasking::{self, Ack, Stands};
use crate::time::{Interval, Millis, clip, union_length};

/// What the force has set: what is expected of visits to its areas, and who is of which team.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Setting {
    /// Bands, gaps and silences by area.
    pub rhythms: Rhythms,
    /// Each officer's team.
    pub teams: BTreeMap<OfficerId, TeamId>,
}

/// Why visits that were not made are no fault of the unit's.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Excuse {
    /// One of the crew said so, for this reason.
    Deviation(CodeRef),
    /// The whole crew was called away.
    CalledAway,
}

/// One window of one planned area.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PlannedLine {
    /// The tasking.
    pub tasking: EntryId,
    /// The unit it is counted for; none for a shift without one.
    pub unit: Option<UnitId>,
    /// Code of the area.
    pub area: Code,
    /// Its name, as it was asked.
    pub name: String,
    /// From when.
    pub from: Millis,
    /// Until when.
    pub until: Millis,
    /// Visits planned.
    pub planned: u32,
    /// Visits that began in the window; may be more than planned.
    pub made: u32,
    /// Of those made: as long as the area's band.
    pub in_band: u32,
    /// Of those made: shorter.
    pub short: u32,
    /// Of those made: longer. Staying longer is never wrong.
    pub long: u32,
    /// Not made, without an excuse.
    pub missed: u32,
    /// Not made, excused.
    pub excused: u32,
    /// Not made yet: the window is open and the shift runs.
    pub left: u32,
    /// The excuse.
    pub excuse: Option<Excuse>,
}

/// Planned lines added up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PlannedTotals {
    /// Visits planned.
    pub planned: u32,
    /// Of those planned: made. More than planned in one window makes up for none in another.
    pub made: u32,
    /// Missed.
    pub missed: u32,
    /// Excused.
    pub excused: u32,
    /// Still to come.
    pub left: u32,
}

/// Adds planned lines up. Two shifts of one unit were asked the same once: of lines that agree in tasking, unit, area and
/// window the one with the most visits made counts.
pub fn planned_totals<'a>(lines: impl IntoIterator<Item = &'a PlannedLine>) -> PlannedTotals {
    let mut once: BTreeMap<(EntryId, Option<UnitId>, &Code, Millis), &PlannedLine> = BTreeMap::new();
    for line in lines {
        let held = once.entry((line.tasking, line.unit, &line.area, line.from)).or_insert(line);
        let better = |line: &PlannedLine| (line.made, line.excused, std::cmp::Reverse(line.missed));
        if better(line) > better(held) {
            *held = line;
        }
    }
    once.into_values().fold(PlannedTotals::default(), |sum, line| PlannedTotals {
        planned: sum.planned.saturating_add(line.planned),
        made: sum.made.saturating_add(line.made.min(line.planned)),
        missed: sum.missed.saturating_add(line.missed),
        excused: sum.excused.saturating_add(line.excused),
        left: sum.left.saturating_add(line.left),
    })
}

/// Whether a tasking was for this shift.
fn is_for(stands: &Stands<'_>, acks: &[Ack<'_>], shift: &Shift<'_>, setting: &Setting) -> bool {
    if !stands.tasking.units.is_empty() {
        return stands.names(shift.call_sign());
    }
    let team = setting.teams.get(&shift.officer);
    // Who read it was asked by it, whichever team they are of now.
    team.is_some_and(|team| stands.tasking.team == Some(*team))
        || acks.iter().any(|ack| of_crew(shift, ack.officer))
}

fn of_crew(shift: &Shift<'_>, officer: OfficerId) -> bool {
    shift.crew.iter().any(|member| member.counts() && member.officer == officer)
}

/// Everything asked of a shift, in order of the windows.
pub(super) fn planned(
    shift: &Shift<'_>,
    entries: &[Entry],
    visits: &[VisitLine],
    away: &[Interval],
    setting: &Setting,
) -> Vec<PlannedLine> {
    let mut lines = Vec::new();
    for stands in tasking::standing(entries) {
        let acks = stands.acks(entries);
        if !is_for(&stands, &acks, shift, setting) {
            continue;
        }
        let said: Vec<&Ack<'_>> = acks.iter().filter(|ack| of_crew(shift, ack.officer)).collect();
        for area in &stands.tasking.areas {
            let windows = area.windows.iter();
            lines.extend(
                windows.filter_map(|window| line(&stands, area, *window, &said, shift, visits, away)),
            );
        }
    }
    lines.sort_by(|a, b| (a.from, &a.area, a.tasking).cmp(&(b.from, &b.area, b.tasking)));
    lines
}

/// One window; none where the shift has no time in it.
fn line(
    stands: &Stands<'_>,
    area: &TaskedArea,
    window: TaskWindow,
    said: &[&Ack<'_>],
    shift: &Shift<'_>,
    visits: &[VisitLine],
    away: &[Interval],
) -> Option<PlannedLine> {
    let runs = shift.opened.until.is_none();
    let until = if runs { window.until.max(shift.opened.from) } else { shift.end() };
    let had = window.interval().intersect(&Interval::new(shift.opened.from, until))?;
    let made: Vec<&VisitLine> = visits
        .iter()
        .filter(|visit| visit.area == area.area.code && window.interval().contains(visit.from))
        .collect();
    let fits = |fit: Fit| {
        let of_length = made.iter().filter(|visit| visit.end_recorded);
        super::count(of_length.filter(|visit| Fit::of(visit.length_ms(), area.band) == fit).count())
    };
    let (planned, count) = (window.visits, super::count(made.len()));
    let open = planned.saturating_sub(count);
    let deviation = said.iter().rev().find_map(|ack| {
        let deviation = ack.deviation?;
        deviation.covers(&area.area.code, window.from).then(|| deviation.reason.clone())
    });
    let called_away = || union_length(&clip(away, had)).saturating_mul(2) >= had.length();
    let excuse = match (open, deviation) {
        (0, _) => None,
        (_, Some(reason)) => Some(Excuse::Deviation(reason)),
        (_, None) => called_away().then_some(Excuse::CalledAway),
    };
    // A call away that still lasts excuses nothing yet: there may be time left.
    let to_come = runs && window.until > shift.last_evidence && !matches!(excuse, Some(Excuse::Deviation(_)));
    let excuse = excuse.filter(|_| !to_come);
    Some(PlannedLine {
        tasking: stands.id(),
        unit: shift.unit,
        area: area.area.code.clone(),
        name: area.area.name.clone(),
        from: window.from,
        until: window.until,
        planned,
        made: count,
        in_band: fits(Fit::InBand),
        short: fits(Fit::Short),
        long: fits(Fit::Long),
        missed: if to_come || excuse.is_some() { 0 } else { open },
        excused: if excuse.is_some() { open } else { 0 },
        left: if to_come { open } else { 0 },
        excuse,
    })
}
