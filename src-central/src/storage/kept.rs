//! Kept figures: what is stored of them, and what a revision that arrives makes stale.

use std::collections::BTreeSet;

use beatbook_domain::entry::{Body, Change, Head, Kind};
use beatbook_domain::id::{EntryId, OfficerId, TeamId};
use beatbook_domain::time::{HOUR_MS, Interval, Millis};
use uuid::Uuid;

use super::rows::CustodyColumns;

/// The figures of a shift as they are put away.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptFigure {
    /// The shift.
    pub shift: EntryId,
    /// Who opened it.
    pub officer: OfficerId,
    /// When it began.
    pub started_at: Millis,
    /// The mark that stood before its entries were read.
    pub mark: i64,
    /// Edition of the rules.
    pub rules: u32,
    /// JSON of the summary; none where it is no shift of its own.
    pub figures: Option<String>,
}

/// A shift whose figures must be worked out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StaleFigure {
    /// The shift.
    pub shift: EntryId,
    /// Who opened it, as far as is known.
    pub officer: OfficerId,
    /// When it began, as far as is known.
    pub started_at: Millis,
    /// Its mark now.
    pub mark: i64,
}

/// Where the figures of a shift stand once it was said what they rest on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Marked {
    /// The mark now.
    pub mark: i64,
    /// How many of the sources were not known before.
    pub added: u64,
}

/// Kept figures with the team their officer was in when the shift began.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TeamFigure {
    /// The shift.
    pub shift: EntryId,
    /// JSON of the summary.
    pub figures: String,
    /// The team.
    pub team: Option<(TeamId, String)>,
}

/// What arriving revisions make stale.
#[derive(Debug, Default)]
pub struct Touched {
    /// Shifts, officers and units whose figures rest on them.
    pub sources: BTreeSet<Uuid>,
    /// Units named in shifts.
    pub units: BTreeSet<(Uuid, EntryId)>,
    /// Shifts that were opened.
    pub opened: BTreeSet<(EntryId, OfficerId, Millis)>,
    /// Taskings: whichever shift they are for rests on them.
    pub taskings: BTreeSet<EntryId>,
}

impl Touched {
    /// Adds a revision.
    pub fn add(&mut self, columns: &CustodyColumns, head: &[u8]) {
        let kind = Kind::from_name(&columns.kind);
        self.sources.extend(columns.shift.map(|shift| shift.0));
        match kind {
            Kind::Tasking => drop(self.taskings.insert(columns.entry)),
            // What an officer says of a tasking is for the shifts they are in.
            Kind::TaskingAck => drop(self.sources.insert(columns.author.0)),
            _ => {}
        }
        if !kind.is_movement() {
            return;
        }
        if matches!(kind, Kind::ShiftOpened | Kind::ShiftEnded | Kind::CrewJoined | Kind::CrewLeft) {
            self.sources.insert(columns.author.0);
        }
        let shift = if kind.is_shift() { Some(columns.entry) } else { columns.shift };
        self.sources.extend(shift.map(|shift| shift.0));
        let Ok(head) = Head::parse(head) else { return };
        if let Some(unit) = head.unit_id {
            self.sources.insert(unit.0);
            self.units.extend(shift.map(|shift| (unit.0, shift)));
        }
        if kind == Kind::ShiftOpened {
            self.opened.insert((columns.entry, columns.author, head.occurred_at));
        }
    }
}

/// A shift may have begun this long before a tasking that is of its time.
const SHIFT_LASTS_MS: i64 = 36 * HOUR_MS;

/// When the shifts began that a tasking may be for: from its bodies, all revisions of it.
pub fn shifts_of_tasking<'a>(bodies: impl Iterator<Item = &'a [u8]>) -> Option<(Millis, Millis)> {
    let times = bodies.filter_map(|body| match Body::parse(Kind::Tasking, 1, Change::First, body) {
        Ok(Body::Tasking(tasking)) => Some(tasking.interval()),
        _ => None,
    });
    let whole = times.reduce(|a, b| Interval::new(a.from.min(b.from), a.until.max(b.until)))?;
    Some((whole.from.plus(-SHIFT_LASTS_MS), whole.until))
}
