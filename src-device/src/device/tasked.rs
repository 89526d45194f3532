//! The taskings this device knows, beside the entries of a shift: what figures, Places and the briefing rest on.

use std::collections::BTreeMap;

use beatbook_domain::entry::Entry;
use beatbook_domain::id::{Code, EntryId};
use beatbook_domain::shift;
use beatbook_domain::summary::{PlannedLine, planned_lines};
use beatbook_domain::tasking::{PLANNED_AHEAD_MS, Read, Stands, standing};
use beatbook_domain::time::{DAY_MS, Millis};
use beatbook_protocol::ipc::{BriefingCard, BriefingRead, PlannedHere};

use super::context::Context;
use super::shift_load::{load_shift, open_shift};
use super::views::Folded;
use crate::store::{Store, StoreError};

/// How long before a night its tasking is looked for: two days more than it may be written ahead.
pub(super) const BEFORE_MS: i64 = PLANNED_AHEAD_MS + 2 * DAY_MS;
/// How long after a night something is still said of it, milliseconds.
const SAID_AFTER_MS: i64 = 7 * DAY_MS;

/// Adds the taskings that may be of a shift's time to what is loaded of it.
pub(super) fn with_tasked(
    store: &mut Store,
    folded: Folded,
    shift_id: EntryId,
) -> Result<Folded, StoreError> {
    let Some(opened) = folded.entry(shift_id).map(Entry::occurred_at) else { return Ok(folded) };
    let rows = store.tasked(opened.plus(-BEFORE_MS), opened.plus(SAID_AFTER_MS))?;
    if rows.is_empty() {
        return Ok(folded);
    }
    Ok(Folded::new(folded.rows().cloned().chain(rows)))
}

/// A shift with the taskings that may be of its time.
pub(super) fn load_tasked(store: &mut Store, shift_id: EntryId) -> Result<Folded, StoreError> {
    let folded = load_shift(store, shift_id)?;
    with_tasked(store, folded, shift_id)
}

/// What is asked of the officer of this notebook about now.
pub(super) struct Tonight {
    /// Everything loaded: taskings, what was said of them, and the open shift.
    pub folded: Folded,
    call_sign: Option<String>,
    lines: Vec<PlannedLine>,
}

impl Tonight {
    /// Loads it.
    pub(super) fn load(store: &mut Store, context: &Context, now: Millis) -> Result<Self, StoreError> {
        let shift = open_shift(store, now)?;
        let mut rows = store.tasked(now.plus(-BEFORE_MS), now.plus(DAY_MS))?;
        if !rows.is_empty()
            && let Some(shift_id) = shift
        {
            rows.extend(load_shift(store, shift_id)?.rows().cloned());
        }
        let folded = Folded::new(rows);
        let read = shift.and_then(|shift_id| shift::read(&folded.entries, shift_id));
        let call_sign = read.map(|shift| shift.call_sign().to_owned());
        let lines = shift.map(|id| planned_lines(&folded.entries, id, &context.setting)).unwrap_or_default();
        Ok(Self { folded, call_sign, lines })
    }

    /// The taskings for this officer that are shown now, those of their own making left out.
    pub(super) fn briefings(&self, context: &Context, now: Millis) -> Vec<Stands<'_>> {
        let mut stands = standing(&self.folded.entries);
        stands.retain(|stands| {
            stands.is_shown(now)
                && stands.is_for(context.me.team, self.call_sign.as_deref())
                && stands.entry.first().head.author != context.me.officer
        });
        stands
    }

    /// Visits made in a window.
    pub(super) fn made(&self, tasking: EntryId, area: &Code, window: Millis) -> u32 {
        let of = |line: &&PlannedLine| line.tasking == tasking && line.area == *area && line.from == window;
        self.lines.iter().find(of).map_or(0, |line| line.made)
    }

    /// Visits made of those a tasking asks: more in one window makes up for none in another.
    pub(super) fn made_of(&self, tasking: EntryId) -> u32 {
        let lines = self.lines.iter().filter(|line| line.tasking == tasking);
        lines.map(|line| line.made.min(line.planned)).sum()
    }

    /// The cards of Today.
    pub(super) fn cards(&self, context: &Context, now: Millis) -> Vec<BriefingCard> {
        let card = |stands: Stands<'_>| BriefingCard {
            entry_id: stands.id(),
            from: stands.tasking.from,
            until: stands.tasking.until,
            areas: u32::try_from(stands.tasking.areas.len()).unwrap_or(u32::MAX),
            visits: stands.tasking.visits(),
            made: self.made_of(stands.id()),
            read: read_of(&stands, &self.folded.entries, context),
            initiative: stands.tasking.initiative.clone(),
            units: stands.tasking.units.clone(),
            supervisor: stands.tasking.supervisor.map(|officer| context.title(officer)),
            next_area: next_area(&stands, now),
        };
        self.briefings(context, now).into_iter().map(card).collect()
    }

    /// What is asked of each area next: the window that runs, else the first to come.
    pub(super) fn planned_here(&self, context: &Context, now: Millis) -> BTreeMap<Code, PlannedHere> {
        let mut planned: BTreeMap<Code, PlannedHere> = BTreeMap::new();
        for stands in self.briefings(context, now) {
            for area in &stands.tasking.areas {
                for window in area.windows.iter().filter(|window| window.until > now) {
                    let here = PlannedHere {
                        from: window.from,
                        until: window.until,
                        visits: window.visits,
                        made: self.made(stands.id(), &area.area.code, window.from),
                    };
                    let held = planned.entry(area.area.code.clone()).or_insert(here);
                    if here.from < held.from {
                        *held = here;
                    }
                }
            }
        }
        planned
    }
}

/// The area whose window runs or comes next.
fn next_area(stands: &Stands<'_>, now: Millis) -> Option<Code> {
    let windows = stands.tasking.areas.iter().flat_map(|area| {
        let open = area.windows.iter().filter(|window| window.until > now);
        open.map(|window| (window.from.max(now), window.until, &area.area.code))
    });
    windows.min().map(|(_, _, code)| code.clone())
}

/// What the officer of this notebook has read of a tasking.
pub(super) fn read_of(stands: &Stands<'_>, entries: &[Entry], context: &Context) -> BriefingRead {
    match stands.read_by(context.me.officer, entries) {
        Read::Not => BriefingRead::New,
        Read::Older(_) => BriefingRead::Changed,
        Read::Current => BriefingRead::Current,
    }
}
