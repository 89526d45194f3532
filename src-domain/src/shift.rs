//! The shift as its entries tell it: what is open now, who is in the crew, and which intervals count as patrol.

mod crew;
mod hours;
mod same;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::code_list::{CodeRef, list};
use crate::entry::{Body, Change, CrewStanding, Entry, Kind, LATE_MS};
use crate::id::{EntryId, OfficerId, UnitId};
use crate::time::{DAY_MS, Interval, Millis};

use crew::Crews;
pub(crate) use hours::takes_all;

pub use crew::{Member, Stay};
pub use hours::{Hours, LegTime, Totals, totals};
pub use same::{is_continued, shifts as same_shifts};

/// The mode of a leg on which no places of movement are recorded, and on which a constable is not in uniform.
pub const PLAIN_CLOTHES: &str = "P_PLAIN";
/// How a visit was told whose times somebody changed afterwards.
pub const EDITED: &str = "EDITED";

/// How long before and after a shift a colleague may have opened a shift of their own under which they entered something
/// of it: what is written late stands under the shift of the day after.
const ENTERED_LATE_MS: i64 = DAY_MS;

/// A thing with a beginning and, maybe, an end.
#[derive(Clone, PartialEq, Debug)]
pub struct Span<'a> {
    /// Its entry.
    pub entry: &'a Entry,
    /// When it began.
    pub from: Millis,
    /// When it ended, as stated.
    pub until: Option<Millis>,
}

impl<'a> Span<'a> {
    fn new(entry: &'a Entry) -> Self {
        let head = &entry.current().head;
        Self { entry, from: head.occurred_at, until: head.occurred_until }
    }

    /// The code of one list in the head.
    pub fn code(&self, list: &str) -> Option<&CodeRef> {
        self.entry.current().head.codes.iter().find(|code| code.list.as_str() == list)
    }

    /// Why somebody was called away: a reason to be away, or to be taken from neighbourhood duty.
    pub fn away_reason(&self) -> Option<&CodeRef> {
        self.code(list::AWAY_REASON).or_else(|| self.code(list::ABSTRACTION_REASON))
    }

    /// Whether it is a leg in plain clothes.
    pub fn is_plain(&self) -> bool {
        self.code(list::PATROL_MODE).is_some_and(|mode| mode.code.as_str() == PLAIN_CLOTHES)
    }

    pub(crate) fn interval(&self, capped: Millis) -> Interval {
        Interval::new(self.from, self.until.unwrap_or(capped.max(self.from)))
    }
}

/// A shift and everything of its units, read from entries.
#[derive(Clone, PartialEq, Debug)]
pub struct Shift<'a> {
    /// The shift's own entry; for one that went on with an earlier phone's, from when that began.
    pub opened: Span<'a>,
    /// Who opened it.
    pub officer: OfficerId,
    /// Its unit now: the one its officer joined last.
    pub unit: Option<UnitId>,
    /// The units its officer was in, in order.
    pub stays: Vec<Stay>,
    /// The shifts that are one with it on several phones, itself included.
    pub same: Vec<EntryId>,
    /// The crew: the opener, then the others of each unit for as long as they were there together.
    pub crew: Vec<Member>,
    /// Legs of the unit, in order.
    pub legs: Vec<Span<'a>>,
    /// Breaks.
    pub breaks: Vec<Span<'a>>,
    /// Calls away.
    pub away: Vec<Span<'a>>,
    /// Visits.
    pub visits: Vec<Span<'a>>,
    /// Submissions (signed), newest last.
    pub submitted: Vec<&'a Entry>,
    /// Everything of the shift that is not movement or housekeeping: engagements, handouts, concerns, …
    pub records: Vec<&'a Entry>,
    /// The last moment for which there is evidence: the latest time anything of the shift happened or was written as it
    /// happened.
    pub last_evidence: Millis,
}

/// The unit an entry belongs to. A shift without one is a unit of its own.
fn unit_of(entry: &Entry) -> UnitId {
    let head = &entry.current().head;
    head.unit_id.unwrap_or_else(|| UnitId(head.shift_id.unwrap_or(entry.entry_id).0))
}

/// Reads a shift. `entries` may hold any others too. `None` when the shift's own entry is not among them.
pub fn read(entries: &[Entry], shift_id: EntryId) -> Option<Shift<'_>> {
    let own = entries.iter().find(|e| e.entry_id == shift_id)?;
    let officer = own.first().head.author;
    let same = same::shifts(entries, shift_id);
    let (from, until) = same::time(entries, own, &same);
    let opened = Span { entry: own, from, until };
    // What only narrower eyes may read is in no shift's figures, wherever they are made.
    let entries_for_all = || entries.iter().filter(|entry| !entry.is_narrow());
    let of_shift = |entry: &&Entry| {
        let shift = entry.current().head.shift_id;
        shift.is_some_and(|shift| same.contains(&shift)) || same.contains(&entry.entry_id)
    };
    let crews = Crews::read(entries);
    // A shift nobody closed ends at the latest when its officer begins another: what comes then is of that one.
    let bound = until.or_else(|| Some(same::next_begins(entries, own, from, &same)?.plus(-1)));
    let stays = crews.stays(officer, Interval::new(from, bound.unwrap_or(crew::OPEN)));
    let opener = Member {
        officer,
        entry_id: shift_id,
        unit: unit_of(own),
        from,
        until: bound,
        standing: CrewStanding::Confirmed,
    };
    let mut crew = vec![opener];
    crew.extend(stays.iter().flat_map(|stay| crews.beside(officer, stay)));
    // What a colleague records while they are along is of this patrol, whichever unit their own phone had it under.
    let along = |entry: &Entry| {
        let author = entry.first().head.author;
        crew.iter().any(|member| {
            member.counts() && member.officer == author && touches(entry, member.interval(crew::OPEN))
        })
    };
    let with_unit = |entry: &&Entry| {
        let unit = unit_of(entry);
        let of_unit = stays.iter().any(|stay| stay.unit == unit && touches(entry, stay.interval()));
        of_shift(entry) || of_unit || (entry.kind().is_movement() && along(entry))
    };
    let spans = |kinds: [Kind; 2]| -> Vec<Span<'_>> {
        let mut spans: Vec<Span<'_>> = entries_for_all()
            .filter(with_unit)
            .filter(|entry| kinds.contains(&entry.kind()) && !entry.is_withdrawn())
            .map(Span::new)
            .collect();
        spans.sort_by_key(|span| (span.from, span.entry.entry_id));
        spans
    };
    let legs = spans([Kind::LegStarted, Kind::LegEnded]);
    let breaks = spans([Kind::BreakStarted, Kind::BreakEnded]);
    let away = spans([Kind::CalledAway, Kind::BackOnPatrol]);
    let visits = spans([Kind::VisitStarted, Kind::VisitEnded]);
    let records = entries_for_all()
        .filter(of_shift)
        .filter(|e| !e.kind().is_movement() && !e.kind().is_housekeeping())
        .filter(|e| !e.kind().is_of_review() && !e.kind().is_of_tasking())
        // A word of whoever took a duty over is no record of the shift.
        .filter(|e| !(e.kind().is_duty() && e.first().head.about.is_some()))
        .collect();
    let submitted = entries_for_all().filter(of_shift).filter(|e| e.kind() == Kind::ShiftSubmitted).collect();
    let last_evidence =
        entries_for_all().filter(with_unit).filter_map(evidence).max().unwrap_or(from).max(from);
    Some(Shift {
        officer,
        unit: stays.last().map(|stay| stay.unit).or(own.first().head.unit_id),
        crew,
        legs,
        breaks,
        away,
        visits,
        submitted,
        records,
        opened,
        stays,
        same,
        last_evidence,
    })
}

/// Whether an entry falls into a time, its edges included.
fn touches(entry: &Entry, Interval { from, until }: Interval) -> bool {
    let head = &entry.current().head;
    head.occurred_at <= until && head.occurred_until.is_none_or(|ended| ended >= from)
}

/// The latest moment an entry shows the patrol to have gone on: when it happened, or was written as it happened. What is
/// written or corrected the next morning shows nothing of the night's end, nor does what others answer or decide later.
fn evidence(entry: &Entry) -> Option<Millis> {
    use Kind::*;
    let recorded =
        matches!(entry.kind(), Engagement | Event | Handout | StockMoved | Concern | PowerUse | Referral);
    let moved = entry.kind().is_movement() && entry.kind() != ShiftSubmitted;
    if !(recorded || moved) || entry.is_withdrawn() {
        return None;
    }
    let head = &entry.current().head;
    let happened = head.occurred_until.unwrap_or(head.occurred_at).max(head.occurred_at);
    let live = entry.revisions.iter().filter(|revision| {
        let head = &revision.head;
        let happened = head.occurred_until.unwrap_or(head.occurred_at);
        let late = head.written_corrected().since(happened);
        matches!(head.change, Change::First | Change::Continues) && (0..LATE_MS).contains(&late)
    });
    live.map(|revision| revision.head.written_corrected()).chain([happened]).max()
}

impl Shift<'_> {
    /// The end: as stated, else the last evidence.
    pub fn end(&self) -> Millis {
        self.opened.until.unwrap_or(self.last_evidence)
    }

    /// Whether a stretch was recorded by somebody who was along by their own word when it began.
    pub fn counts_author(&self, span: &Span<'_>) -> bool {
        let author = span.entry.first().head.author;
        let along = |member: &Member| {
            let Interval { from, until } = member.interval(crew::OPEN);
            member.counts() && member.officer == author && (from..=until).contains(&span.from)
        };
        self.crew.iter().any(along)
    }

    /// The confirmed others of the crew.
    pub fn colleagues(&self) -> BTreeSet<OfficerId> {
        let confirmed = self.crew.iter().filter(|member| member.counts()).map(|member| member.officer);
        confirmed.filter(|officer| *officer != self.officer).collect()
    }

    /// The shifts of their own that the confirmed others of the crew had about this time, as far as `entries` tell of them:
    /// what they recorded there while they were along is of this one.
    pub fn of_colleagues(&self, entries: &[Entry]) -> BTreeSet<EntryId> {
        let colleagues = self.colleagues();
        let about = Interval::new(
            self.opened.from.plus(-ENTERED_LATE_MS),
            self.opened.until.map_or(crew::OPEN, |until| until.plus(ENTERED_LATE_MS)),
        );
        let theirs = entries.iter().filter(|entry| {
            entry.kind().is_shift()
                && colleagues.contains(&entry.first().head.author)
                && touches(entry, about)
        });
        theirs.map(|entry| entry.entry_id).collect()
    }

    /// The call sign, as the shift's current revision has it.
    pub fn call_sign(&self) -> &str {
        match &self.opened.entry.current().body {
            Some(Body::Shift(shift)) => &shift.call_sign,
            _ => "",
        }
    }

    /// Who supervises the night, as the shift's current revision has it.
    pub fn supervisor(&self) -> Option<OfficerId> {
        match &self.opened.entry.current().body {
            Some(Body::Shift(shift)) => shift.supervisor,
            _ => None,
        }
    }

    /// Initiative of the shift.
    pub fn initiative(&self) -> Option<&CodeRef> {
        self.opened.code(list::INITIATIVE)
    }

    /// Transport of the shift.
    pub fn transport(&self) -> Option<&CodeRef> {
        self.opened.code(list::TRANSPORT)
    }
}

/// The shifts an officer has open, oldest first: those without an end that were not gone on with elsewhere.
pub fn open_shifts(entries: &[Entry], officer: OfficerId) -> Vec<&Entry> {
    let mut open: Vec<&Entry> = entries
        .iter()
        .filter(|e| e.kind() == Kind::ShiftOpened && e.first().head.author == officer && !e.is_withdrawn())
        .filter(|e| !is_continued(entries, e))
        .collect();
    open.sort_by_key(|e| (e.occurred_at(), e.entry_id));
    open
}

/// A claim that an officer belongs to a crew and has not answered.
pub fn unanswered_claims(entries: &[Entry], officer: OfficerId) -> Vec<&Entry> {
    let answered: Vec<EntryId> = entries
        .iter()
        .filter(|e| e.first().head.author == officer)
        .filter(|e| matches!(&e.current().body, Some(Body::Crew(crew)) if crew.member == officer))
        .filter_map(|e| e.first().head.about.map(|about| about.entry_id))
        .collect();
    entries
        .iter()
        .filter(|e| matches!(&e.current().body, Some(Body::Crew(crew)) if crew.member == officer))
        .filter(|e| e.first().head.author != officer && !e.is_withdrawn() && !answered.contains(&e.entry_id))
        .collect()
}
