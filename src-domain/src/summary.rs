//! The shift summary: equal for equal inputs on the device and at central. A total never stands without what is missing.

mod breakdown;
mod lacks;
mod missing;
mod planned;
#[cfg(test)]
mod planned_tests;
mod tally;
#[cfg(test)]
mod tests;
mod tonight;
mod visits;

use serde::{Deserialize, Serialize};

use crate::code_list::CodeRef;
use crate::entry::{Access, Body, CrewStanding, Entry, Gone, Origin};
use crate::id::{Code, EntryId, OfficerId, UnitId};
use crate::place::areas::Rhythms;
use crate::shift::{self, Hours, Shift, Span};
use crate::time::{Interval, MINUTE_MS, Millis, union_length};

use tally::{Tally, counts};

pub(crate) use breakdown::merge_calls;
pub use breakdown::{
    Abstraction, FollowUp, FollowUpState, Named, PatrolTime, PlaceCounts, PlaceKey, ReferralLine, StayLine,
};
pub use planned::{Excuse, PlannedLine, PlannedTotals, Setting, planned_totals};
pub use tonight::{TONIGHT_MS, Tonight, is_silent, tonight};
pub use visits::{AreaLine, Fit, VisitFigures, VisitLine, figures as visit_figures};

/// Written more than this after it happened: listed as late (domain rule: "as soon as practicable"), milliseconds.
pub const LATE_MS: i64 = 60 * 60 * 1000;
/// A device not heard for longer than this while its shift ran is said to be missing, milliseconds, where no area the
/// shift was in has a silence of its own.
pub const SILENT_MS: i64 = 60 * 60 * 1000;

/// What central knows of an officer's device, beside the entries themselves.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ContactFact {
    /// The officer.
    pub officer: OfficerId,
    /// When the device was last heard.
    pub last_heard: Millis,
    /// Entries it said were pending.
    pub pending: u32,
    /// Entries it said were set aside.
    pub set_aside: u32,
    /// Drafts it said were open.
    pub drafts: u32,
    /// Sequence numbers missing below its end.
    pub gaps: u32,
    /// Its clock's distance from central's.
    pub clock_drift_ms: Option<i64>,
}

/// A code with how often it stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CodeCount {
    /// The code.
    pub code: Code,
    /// Its label, as the newest record shows it.
    pub label: String,
    /// How often (or how many, for materials).
    pub count: u32,
}

/// A stretch of the timeline.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Stretch {
    /// From when.
    pub from: Millis,
    /// Until when.
    pub until: Millis,
    /// What.
    pub what: StretchKind,
    /// Area or reason, as shown.
    pub label: Option<String>,
    /// The end was stated; otherwise it is capped at the last evidence: "end not recorded".
    pub end_recorded: bool,
}

/// What a stretch of the timeline is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StretchKind {
    /// A leg.
    Leg,
    /// A break.
    Break,
    /// Called away.
    Away,
    /// A visit.
    Visit,
}

/// One of the crew.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CrewLine {
    /// The officer.
    pub officer: OfficerId,
    /// From when.
    pub from: Millis,
    /// Until when.
    pub until: Option<Millis>,
    /// Confirmed by the officer.
    pub confirmed: bool,
    /// Disputed by the officer.
    pub disputed: bool,
    /// Time on patrol, milliseconds; 0 until confirmed.
    pub person_ms: i64,
}

/// Something that is missing or not in the totals.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "missing")]
pub enum Missing {
    /// The shift's end is not recorded; hours stop at the last evidence.
    EndNotRecorded {
        /// Where they stop.
        capped_at: Millis,
    },
    /// The shift is not signed.
    NotSigned,
    /// An officer named as crew has not confirmed, or disputes: no hours counted.
    CrewNotConfirmed {
        /// The officer.
        officer: OfficerId,
        /// Disputed rather than open.
        disputed: bool,
    },
    /// Records the officer signed for that are not here.
    SignedNotHere {
        /// How many.
        count: u32,
    },
    /// A device holds entries that have not arrived.
    Pending {
        /// The officer.
        officer: OfficerId,
        /// How many it said.
        count: u32,
        /// When it was last heard.
        last_heard: Millis,
    },
    /// A device has set entries aside.
    SetAside {
        /// The officer.
        officer: OfficerId,
        /// How many.
        count: u32,
    },
    /// A chain has gaps.
    Gaps {
        /// The officer.
        officer: OfficerId,
        /// Sequence numbers missing.
        count: u32,
    },
    /// A device of the crew was never heard, or not since before the end.
    NotHeard {
        /// The officer.
        officer: OfficerId,
        /// When it was last heard.
        last_heard: Option<Millis>,
    },
    /// Drafts were left open at signing; they carry over.
    OpenDrafts {
        /// How many.
        count: u32,
    },
    /// Entries kept out of totals: a question is open.
    NotInTotals {
        /// The entry.
        entry_id: EntryId,
        /// Codes of the questions.
        problems: Vec<String>,
    },
    /// Entries of which only the stub is here, so that no total holds them.
    NotHere {
        /// Why.
        why: Gone,
        /// How many.
        count: u32,
    },
    /// Entries with two newest versions.
    Forked {
        /// The entry.
        entry_id: EntryId,
    },
    /// A crime reference is due.
    CrimeReference {
        /// The concern note.
        entry_id: EntryId,
        /// By when.
        due: Millis,
    },
}

/// A shift in figures.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ShiftSummary {
    /// The shift.
    pub shift_id: EntryId,
    /// Who opened it.
    pub officer: OfficerId,
    /// Its unit.
    pub unit: Option<UnitId>,
    /// Call sign.
    pub call_sign: String,
    /// Who supervised the night, as the officer was told.
    pub supervisor: Option<OfficerId>,
    /// Initiative.
    pub initiative: Option<CodeRef>,
    /// Transport.
    pub transport: Option<CodeRef>,
    /// When it began.
    pub from: Millis,
    /// When it ended, as stated.
    pub until: Option<Millis>,
    /// Where its time stops: the end as stated, else the last evidence. Nothing counts beyond it.
    pub ends: Millis,
    /// How long a phone of it may be silent before it is said, milliseconds: the shortest that the owner of an area it was
    /// in set.
    pub silence_ms: i64,
    /// Signed.
    pub submitted: bool,
    /// The units its officer was in, in order.
    pub stays: Vec<StayLine>,
    /// Time on patrol by unit, officer, place and mode.
    pub time: Vec<PatrolTime>,
    /// The unit's time on patrol, milliseconds.
    pub patrol_ms: i64,
    /// Confirmed officers' time on patrol, milliseconds.
    pub person_ms: i64,
    /// Time away, milliseconds.
    pub away_ms: i64,
    /// Calls away.
    pub away_count: u32,
    /// The calls away, one by one.
    pub abstractions: Vec<Abstraction>,
    /// Time on breaks, milliseconds.
    pub break_ms: i64,
    /// The crew.
    pub crew: Vec<CrewLine>,
    /// The timeline, in order.
    pub timeline: Vec<Stretch>,
    /// The visits, in order; what two phones of the unit recorded of one visit is one.
    pub visits: Vec<VisitLine>,
    /// The visits in figures.
    pub visit_figures: VisitFigures,
    /// The visits by area, those planned where nobody came included.
    pub areas: Vec<AreaLine>,
    /// What was asked of the unit, window by window.
    pub planned: Vec<PlannedLine>,
    /// The same added up.
    pub planned_totals: PlannedTotals,
    /// Engagements.
    pub engagements: u32,
    /// People spoken to.
    pub people: u32,
    /// Materials given, by type.
    pub cards: Vec<CodeCount>,
    /// Materials given, in all.
    pub cards_total: u32,
    /// Concern notes.
    pub concerns: u32,
    /// Behaviours noted.
    pub behaviours: Vec<CodeCount>,
    /// Actions taken.
    pub actions: Vec<CodeCount>,
    /// Powers used.
    pub powers: Vec<CodeCount>,
    /// Topics discussed.
    pub topics: Vec<CodeCount>,
    /// StreetSafe concerns heard.
    pub streetsafe: Vec<CodeCount>,
    /// What was recorded, by place.
    pub places: Vec<PlaceCounts>,
    /// Referrals about the environment and where they stand.
    pub referrals: Vec<ReferralLine>,
    /// What must be done after it, and how far that has come.
    pub follow_ups: Vec<FollowUp>,
    /// Entries in all, withdrawn ones left out.
    pub entries: u32,
    /// Of these, repeated from an entry before ("Same again").
    pub repeated: u32,
    /// Of these, written later than they happened by their author's own word, or copied from paper.
    pub retrospective: u32,
    /// Of these, kept out of totals: a question is open.
    pub not_in_totals: u32,
    /// Entries corrected or withdrawn with a reason.
    pub edited: u32,
    /// Entries written long after they happened.
    pub late: u32,
    /// Entries received only after signing.
    pub received_after_signing: u32,
    /// What is missing. Empty means nothing is known to be.
    pub missing: Vec<Missing>,
}

/// The summary of one shift from everything known. `entries` may hold other shifts too, and must hold the taskings of its
/// time; `None` when the shift's own entry is not among them.
pub fn shift_summary(
    entries: &[Entry],
    shift_id: EntryId,
    contacts: &[ContactFact],
    setting: &Setting,
) -> Option<ShiftSummary> {
    let shift = shift::read(entries, shift_id)?;
    let hours = shift.hours();
    // A disclosure about somebody in policing is in no total and no list: its readers have their own.
    let records: Vec<&Entry> =
        shift.records.iter().copied().filter(|entry| entry.current().head.access == Access::Team).collect();
    let counted: Vec<&Entry> = records.iter().copied().filter(|entry| entry.counts()).collect();
    let mut tally = Tally::default();
    counted.iter().for_each(|entry| tally.add(entry, &records));
    let crew = crew(&shift, &hours);
    let visits = visits::visits(&shift, &setting.rhythms);
    let planned = planned::planned(&shift, entries, &visits, &hours.away, setting);
    let whole = Interval::new(shift.opened.from, shift.end());
    let kept: Vec<&Entry> = records.iter().copied().filter(|entry| !entry.is_withdrawn()).collect();
    let many = |wanted: &dyn Fn(&Entry) -> bool| count(kept.iter().filter(|entry| wanted(entry)).count());
    let late = |entry: &Entry| {
        let head = &entry.first().head;
        head.written_at.0 - head.occurred_until.unwrap_or(head.occurred_at).0 > LATE_MS
    };
    let abstractions = breakdown::abstractions(&shift);
    let origin = |entry: &Entry| entry.first().head.origin;
    let mut summary = ShiftSummary {
        shift_id,
        officer: shift.officer,
        unit: shift.unit,
        call_sign: shift.call_sign().to_owned(),
        supervisor: shift.supervisor(),
        initiative: shift.initiative().cloned(),
        transport: shift.transport().cloned(),
        from: shift.opened.from,
        until: shift.opened.until,
        ends: shift.end(),
        silence_ms: silence_ms(&shift, &setting.rhythms),
        submitted: !shift.submitted.is_empty(),
        stays: breakdown::stays(&shift),
        time: breakdown::time(&shift, &hours),
        patrol_ms: union_length(&hours.patrol),
        person_ms: crew.iter().map(|line| line.person_ms).sum(),
        away_ms: union_length(&hours.away),
        away_count: count(abstractions.len()),
        abstractions,
        break_ms: union_length(&hours.breaks),
        timeline: timeline(&shift),
        visit_figures: visits::figures(&visits),
        areas: visits::by_area(&visits, planned.iter().map(|line| &line.area), whole, &setting.rhythms),
        planned_totals: planned_totals(&planned),
        visits,
        planned,
        engagements: tally.engagements,
        people: tally.people,
        cards_total: tally.cards.values().map(|(_, n)| n).sum(),
        cards: counts(tally.cards),
        concerns: tally.concerns,
        behaviours: counts(tally.behaviours),
        actions: counts(tally.actions),
        powers: counts(tally.powers),
        topics: counts(tally.topics),
        streetsafe: counts(tally.streetsafe),
        places: breakdown::places(&counted),
        referrals: breakdown::referrals(&counted),
        follow_ups: breakdown::follow_ups(&records, entries),
        entries: count(kept.len()),
        repeated: many(&|entry| origin(entry) == Origin::Repeated),
        retrospective: many(&|entry| matches!(origin(entry), Origin::Retrospective | Origin::Transcribed)),
        not_in_totals: many(&|entry| !entry.current().problems.is_empty()),
        edited: count(records.iter().filter(|entry| entry.is_edited()).count()),
        late: many(&late),
        received_after_signing: received_after_signing(&shift, &records),
        missing: missing::told(&shift, &records, entries),
        crew,
    };
    summary.hear(contacts);
    Some(summary)
}

/// What was asked of a shift, as in its summary; nothing where the shift's own entry is not among the entries.
#[must_use]
pub fn planned_lines(entries: &[Entry], shift_id: EntryId, setting: &Setting) -> Vec<PlannedLine> {
    let Some(shift) = shift::read(entries, shift_id) else { return Vec::new() };
    let visits = visits::visits(&shift, &setting.rhythms);
    planned::planned(&shift, entries, &visits, &shift.hours().away, setting)
}

/// One line for each officer: from when until when they were along, as far as it is confirmed, else as claimed.
fn crew(shift: &Shift<'_>, hours: &Hours) -> Vec<CrewLine> {
    let mut lines: Vec<CrewLine> = Vec::new();
    // Confirmed stretches first, so that a claim beside them makes no line of its own.
    let (counted, claimed): (Vec<_>, Vec<_>) = shift.crew.iter().partition(|member| member.counts());
    for member in counted.into_iter().chain(claimed) {
        let disputed = member.standing == CrewStanding::Disputed;
        let known = lines.iter_mut().find(|line| line.officer == member.officer);
        match known {
            Some(line) if line.confirmed && !member.counts() => {}
            Some(line) => {
                line.from = line.from.min(member.from);
                line.until = line.until.zip(member.until).map(|(one, other)| one.max(other));
                line.disputed |= disputed;
            }
            None => lines.push(CrewLine {
                officer: member.officer,
                from: member.from,
                until: member.until,
                confirmed: member.counts(),
                disputed,
                person_ms: hours.person.get(&member.officer).map_or(0, |time| union_length(time)),
            }),
        }
    }
    lines
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn timeline(shift: &Shift<'_>) -> Vec<Stretch> {
    let stretch = |what: StretchKind| {
        let end = shift.end();
        move |span: &Span<'_>| {
            let Interval { from, until } = Interval::new(span.from, span.until.unwrap_or(end).max(span.from));
            let head = &span.entry.current().head;
            let first_code = || head.codes.first().map(|code| code.label.clone());
            let label = match &span.entry.current().body {
                Some(Body::Leg(leg)) => {
                    let place = leg.place.as_ref().and_then(|place| place.label().map(str::to_owned));
                    place.or_else(first_code)
                }
                // How a visit was told is no label of it.
                Some(Body::Visit(_)) => head.area.as_ref().map(Code::to_string),
                _ => first_code(),
            };
            Stretch { from, until, what, label, end_recorded: span.until.is_some() }
        }
    };
    let mut all: Vec<Stretch> = shift.legs.iter().map(stretch(StretchKind::Leg)).collect();
    all.extend(shift.breaks.iter().map(stretch(StretchKind::Break)));
    all.extend(shift.away.iter().map(stretch(StretchKind::Away)));
    all.extend(shift.visits.iter().map(stretch(StretchKind::Visit)));
    all.sort_by_key(|s| (s.from, s.until));
    all
}

fn received_after_signing(shift: &Shift<'_>, records: &[&Entry]) -> u32 {
    let Some(signed) = shift.submitted.last() else { return 0 };
    let at = signed.current().head.written_corrected();
    let later =
        |entry: &&&Entry| entry.revisions.iter().any(|r| r.received.is_some_and(|(when, _)| when > at));
    count(records.iter().filter(later).count())
}

/// How long a phone of this shift may be silent before it is said: the shortest that the owner of an area it was in set.
fn silence_ms(shift: &Shift<'_>, rhythms: &Rhythms) -> i64 {
    let been = shift.legs.iter().chain(&shift.visits);
    let areas = been.filter_map(|span| span.entry.current().head.area.as_ref());
    let own = areas.filter_map(|area| rhythms.of(area)).map(|rhythm| rhythm.silence_min).min();
    own.map_or(SILENT_MS, |minutes| i64::from(minutes) * MINUTE_MS)
}
