//! The figures of a shift at central: the same rule over the same entries as on a phone.

use std::collections::{BTreeMap, BTreeSet};

use beatbook_domain::entry::{Body, Entry, Kind, Revision, fold};
use beatbook_domain::id::{EntryId, Link, OfficerId, UnitId};
use beatbook_domain::place::areas::{AreaSet, Rhythms};
use beatbook_domain::shift;
use beatbook_domain::summary::{ContactFact, Setting, ShiftSummary, shift_summary};
use beatbook_domain::tasking::PLANNED_AHEAD_MS;
use beatbook_domain::time::{DAY_MS, Interval, Millis};
use uuid::Uuid;

use crate::records::parsed;
use crate::storage::{Storage, StorageError, Stored};

/// How far from a shift's beginning words about its crew are looked for.
const AROUND_MS: i64 = 7 * DAY_MS;

/// How long before a night its tasking is looked for: two days more than it may be written ahead.
const TASKED_BEFORE_MS: i64 = PLANNED_AHEAD_MS + 2 * DAY_MS;
/// How long after a night something is still said of it.
const TASKED_AFTER_MS: i64 = 7 * DAY_MS;

/// The entries of a shift, and what they were found by.
pub struct Read {
    /// The entries.
    pub entries: Vec<Entry>,
    /// The shifts, officers and units that were read: whatever arrives of them may change the figures.
    pub sources: BTreeSet<Uuid>,
}

/// Everything that a shift's figures rest on: its own entries, what its crew said of themselves, and what they recorded
/// under shifts of their own meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn entries_of(storage: &dyn Storage, shift_id: EntryId) -> Stored<Vec<Entry>> {
    Ok(read(storage, shift_id).await?.entries)
}

/// As [`entries_of`], with what they were found by.
///
/// # Errors
/// When the database fails.
pub async fn read(storage: &dyn Storage, shift_id: EntryId) -> Stored<Read> {
    let mut units = BTreeSet::new();
    let mut known: BTreeMap<Link, Revision> = BTreeMap::new();
    let (mut shifts, mut officers) = (BTreeSet::from([shift_id]), BTreeSet::<OfficerId>::new());
    let (mut read_shifts, mut read_officers) = (BTreeSet::new(), BTreeSet::new());
    let mut around = None;
    // What one officer says names others; it ends because a crew is small.
    while let Some(next) = shifts.difference(&read_shifts).next().copied() {
        read_shifts.insert(next);
        let rows = storage.revisions_of_shift(next).await?;
        known.extend(
            rows.into_iter().filter_map(|row| parsed(&row)).map(|revision| (revision.link, revision)),
        );
        let entries = movement(&known);
        let Some(own) = shift::read(&entries, shift_id) else { break };
        // Who joined by code is named by nobody but themselves.
        let joined: Vec<UnitId> =
            own.stays.iter().map(|stay| stay.unit).filter(|unit| units.insert(*unit)).collect();
        if !joined.is_empty() {
            shifts.extend(storage.shifts_of_units(joined).await?);
        }
        let at = around.unwrap_or(own.opened.from);
        around = Some(at);
        shifts.extend(&own.same);
        officers.insert(own.officer);
        officers.extend(own.crew.iter().map(|member| member.officer));
        for officer in officers.difference(&read_officers).copied().collect::<Vec<_>>() {
            read_officers.insert(officer);
            let said = storage.words_of(officer, at.plus(-AROUND_MS), at.plus(AROUND_MS)).await?;
            known.extend(
                said.into_iter().filter_map(|row| parsed(&row)).map(|revision| (revision.link, revision)),
            );
        }
        let entries = movement(&known);
        let Some(own) = shift::read(&entries, shift_id) else { break };
        officers.extend(own.crew.iter().map(|member| member.officer));
        shifts.extend(own.of_colleagues(&entries));
    }
    let sources = read_shifts.iter().map(|shift| shift.0);
    let sources = sources.chain(read_officers.iter().map(|officer| officer.0));
    let sources = sources.chain(units.iter().map(|unit| unit.0)).collect();
    Ok(Read { entries: fold(known.into_values()), sources })
}

/// The movement alone: who was of a crew, and when, rests on nothing else.
fn movement(known: &BTreeMap<Link, Revision>) -> Vec<Entry> {
    fold(known.values().filter(|revision| revision.head.kind.is_movement()).cloned())
}

/// What the figures of a period rest on beside each shift's own entries: what was asked of the units, and what the areas'
/// owners expect of visits. Read once for a period, not for each shift.
#[derive(Clone, Debug, Default)]
pub struct Background {
    rhythms: Rhythms,
    tasked: Vec<Entry>,
}

impl Background {
    /// The taskings in force at any time from `from` until `until`, with what was acknowledged of them.
    ///
    /// # Errors
    /// When the database fails, or the area set in it cannot be read.
    pub async fn of(storage: &dyn Storage, from: Millis, until: Millis) -> Stored<Self> {
        let rows =
            storage.taskings_written(from.plus(-TASKED_BEFORE_MS), until.plus(TASKED_AFTER_MS)).await?;
        let tasked = fold(rows.iter().filter_map(parsed));
        let rhythms = match storage.area_set().await? {
            Some(row) => serde_json::from_slice::<AreaSet>(&row.canonical)
                .map_err(|_| StorageError::Content("the area set"))?
                .rhythms(),
            None => Rhythms::default(),
        };
        Ok(Self { rhythms, tasked })
    }

    /// The taskings in force at any time of a shift, and everything said about them.
    fn during(&self, time: Interval) -> impl Iterator<Item = &Entry> {
        let asked: BTreeSet<EntryId> = self
            .tasked
            .iter()
            .filter(|entry| {
                let asked = |revision: &Revision| match &revision.body {
                    Some(Body::Tasking(tasking)) => tasking.interval().overlaps(&time),
                    _ => false,
                };
                entry.kind() == Kind::Tasking && entry.revisions.iter().any(asked)
            })
            .map(|entry| entry.entry_id)
            .collect();
        self.tasked.iter().filter(move |entry| {
            let about = entry.first().head.about.map(|about| about.entry_id);
            asked.contains(&entry.entry_id) || about.is_some_and(|about| asked.contains(&about))
        })
    }
}

/// The summary of a shift; none where its own entry is not here. Who was of which team is told by the roster of the day.
///
/// # Errors
/// When the database fails.
pub async fn summary(
    storage: &dyn Storage,
    shift_id: EntryId,
    contacts: &[ContactFact],
    background: &Background,
) -> Stored<Option<ShiftSummary>> {
    let entries = entries_of(storage, shift_id).await?;
    summary_of(storage, entries, shift_id, contacts, background).await
}

/// The summary of a shift from its entries, as [`read`] gave them.
///
/// # Errors
/// When the database fails.
pub async fn summary_of(
    storage: &dyn Storage,
    mut entries: Vec<Entry>,
    shift_id: EntryId,
    contacts: &[ContactFact],
    background: &Background,
) -> Stored<Option<ShiftSummary>> {
    let Some(own) = shift::read(&entries, shift_id) else { return Ok(None) };
    let (officer, time) = (own.officer, Interval::new(own.opened.from, own.end().plus(1)));
    let roster = storage.roster(officer).await?;
    let team = roster.iter().find(|row| row.covers(time.from)).and_then(|row| row.team);
    let setting = Setting {
        rhythms: background.rhythms.clone(),
        teams: team.into_iter().map(|team| (officer, team)).collect(),
    };
    let known: BTreeSet<EntryId> = entries.iter().map(|entry| entry.entry_id).collect();
    let during = background.during(time).filter(|entry| !known.contains(&entry.entry_id));
    entries.extend(during.cloned());
    Ok(shift_summary(&entries, shift_id, contacts, &setting))
}

/// What is known of every phone, as last heard.
///
/// # Errors
/// When the database fails.
pub async fn contacts(storage: &dyn Storage, at: Millis) -> Stored<Vec<ContactFact>> {
    let mut facts = Vec::new();
    for team in storage.teams().await? {
        facts.extend(storage.contacts(team.team, at).await?.into_iter().map(|row| ContactFact {
            officer: row.officer,
            last_heard: row.last_heard,
            pending: row.heartbeat.pending,
            set_aside: row.heartbeat.set_aside,
            drafts: row.heartbeat.drafts,
            gaps: row.gaps,
            clock_drift_ms: row.drift_ms,
        }));
    }
    Ok(facts)
}
