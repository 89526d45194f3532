//! Who was in which unit, and when. Only an officer's own word puts them in a unit; what others say of them is a claim.
//!
//! An officer is in one unit at a time. Where two of their own words overlap, the one written later holds for as long as
//! it lasts, and then the earlier one again.

use std::collections::{BTreeMap, BTreeSet};

use super::same::{self, is_shift};
use super::unit_of;
use crate::entry::{Body, CrewMembership, CrewStanding, Entry};
use crate::id::{EntryId, OfficerId, UnitId};
use crate::time::{Interval, Millis};

/// Where something that nobody ended ends, while it is compared.
pub(super) const OPEN: Millis = Millis(i64::MAX);

/// How one officer stands in a unit over one stretch of a shift.
#[derive(Clone, PartialEq, Debug)]
pub struct Member {
    /// The officer.
    pub officer: OfficerId,
    /// The entry that says so: the membership's own, for whoever opened a shift in the unit the shift's.
    pub entry_id: EntryId,
    /// The unit.
    pub unit: UnitId,
    /// From when.
    pub from: Millis,
    /// Until when; `None` while it runs.
    pub until: Option<Millis>,
    /// How it stands: the member's own word outweighs a claim.
    pub standing: CrewStanding,
}

impl Member {
    /// Whether the member's time counts.
    pub fn counts(&self) -> bool {
        self.standing == CrewStanding::Confirmed
    }

    /// Its time; while it runs, up to `capped`.
    pub(super) fn interval(&self, capped: Millis) -> Interval {
        Interval::new(self.from, self.until.unwrap_or(capped.max(self.from)))
    }
}

/// A stretch of time in one unit, by an officer's own word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stay {
    /// The unit.
    pub unit: UnitId,
    /// The entry that says so.
    pub entry_id: EntryId,
    /// From when.
    pub from: Millis,
    /// Until when; `None` while it runs.
    pub until: Option<Millis>,
}

impl Stay {
    /// Its time; while it runs, without end.
    pub(super) fn interval(&self) -> Interval {
        Interval::new(self.from, self.until.unwrap_or(OPEN))
    }

    /// The part of it inside `window`.
    fn within(&self, window: Interval) -> Option<Self> {
        let both = self.interval().intersect(&window)?;
        Some(Self { from: both.from, until: (both.until != OPEN).then_some(both.until), ..*self })
    }
}

/// What one officer says of another's membership.
struct Claim {
    member: OfficerId,
    unit: UnitId,
    entry_id: EntryId,
    span: Interval,
    disputed: bool,
}

/// An officer's own word, before it is weighed against later ones.
struct Word {
    stay: Stay,
    written: Millis,
}

/// Everybody's stays and the claims nobody has taken up, as far as the entries tell.
pub(super) struct Crews {
    stays: BTreeMap<OfficerId, Vec<Stay>>,
    claims: Vec<Claim>,
}

/// A crew entry that stands.
fn membership(entry: &Entry) -> Option<&CrewMembership> {
    match &entry.current().body {
        Some(Body::Crew(crew)) if !entry.is_withdrawn() => Some(crew),
        _ => None,
    }
}

fn written(entry: &Entry) -> (Millis, EntryId) {
    (entry.first().head.written_corrected(), entry.entry_id)
}

fn time(entry: &Entry) -> Interval {
    let head = &entry.current().head;
    Interval::new(head.occurred_at, head.occurred_until.unwrap_or(OPEN))
}

impl Crews {
    /// Reads everything the entries tell of units.
    pub(super) fn read(entries: &[Entry]) -> Self {
        let claims = claims(entries);
        let mut words: BTreeMap<OfficerId, Vec<Word>> = BTreeMap::new();
        for entry in answers(entries).into_iter().chain(joined(entries)) {
            words.entry(entry.first().head.author).or_default().push(own_word(entry, entries, &claims));
        }
        for shift in entries.iter().filter(|entry| is_shift(entry)) {
            words.entry(shift.first().head.author).or_default().extend(opened(shift, entries, &claims));
        }
        let stays = words.into_iter().map(|(officer, words)| (officer, weighed(words))).collect();
        Self { stays, claims }
    }

    /// Where an officer was within a window.
    pub(super) fn stays(&self, officer: OfficerId, window: Interval) -> Vec<Stay> {
        self.of(officer).iter().filter_map(|stay| stay.within(window)).collect()
    }

    fn of(&self, officer: OfficerId) -> &[Stay] {
        self.stays.get(&officer).map_or(&[], Vec::as_slice)
    }

    /// Everybody else who was in a unit during a stay there, by officer and time; and whoever is claimed to have been.
    pub(super) fn beside(&self, officer: OfficerId, stay: &Stay) -> Vec<Member> {
        let there = stay.interval();
        let mut members: Vec<Member> = Vec::new();
        for (other, stays) in self.stays.iter().filter(|(other, _)| **other != officer) {
            let together = stays.iter().filter(|own| own.unit == stay.unit);
            members.extend(together.filter_map(|own| own.within(there)).map(|own| Member {
                officer: *other,
                entry_id: own.entry_id,
                unit: own.unit,
                from: own.from,
                until: own.until,
                standing: CrewStanding::Confirmed,
            }));
        }
        for claim in self.claims.iter().filter(|claim| claim.member != officer && claim.unit == stay.unit) {
            if self.taken_up(claim) {
                continue;
            }
            let Some(both) = claim.span.intersect(&there) else { continue };
            add_claim(&mut members, claim, both);
        }
        members.sort_by_key(|member| (member.officer, member.from));
        members
    }

    /// Whether the member's own word covers any of what is claimed.
    fn taken_up(&self, claim: &Claim) -> bool {
        let own = self.of(claim.member).iter().filter(|stay| stay.unit == claim.unit);
        own.map(Stay::interval).any(|stay| stay.overlaps(&claim.span))
    }
}

/// Two claims about the same time are one: the member is asked once.
fn add_claim(members: &mut Vec<Member>, claim: &Claim, both: Interval) {
    let standing = if claim.disputed { CrewStanding::Disputed } else { CrewStanding::Claimed };
    let known = members.iter_mut().find(|member| {
        member.officer == claim.member && !member.counts() && member.interval(OPEN).overlaps(&both)
    });
    if let Some(known) = known {
        let until = known.interval(OPEN).until.max(both.until);
        known.from = known.from.min(both.from);
        known.until = (until != OPEN).then_some(until);
        if claim.disputed {
            known.standing = standing;
        }
        return;
    }
    members.push(Member {
        officer: claim.member,
        entry_id: claim.entry_id,
        unit: claim.unit,
        from: both.from,
        until: (both.until != OPEN).then_some(both.until),
        standing,
    });
}

/// What officers say of others, with whether the other disputes it.
fn claims(entries: &[Entry]) -> Vec<Claim> {
    let last = last_answers(entries);
    let own_disputes: Vec<&Entry> = entries
        .iter()
        .filter(|entry| entry.first().head.about.is_none())
        .filter(|entry| says(entry, CrewStanding::Disputed))
        .collect();
    let of_others = entries.iter().filter_map(|entry| {
        let crew = membership(entry)?;
        (crew.member != entry.first().head.author).then_some((entry, crew))
    });
    of_others
        .map(|(entry, crew)| {
            let (unit, span) = (unit_of(entry), time(entry));
            let by_answer = last.get(&(entry.entry_id, crew.member));
            let in_general = own_disputes.iter().any(|word| {
                word.first().head.author == crew.member && unit_of(word) == unit && time(word).overlaps(&span)
            });
            Claim {
                member: crew.member,
                unit,
                entry_id: entry.entry_id,
                span,
                disputed: by_answer.map_or(in_general, |answer| says(answer, CrewStanding::Disputed)),
            }
        })
        .collect()
}

/// Whether an entry is its author's own word of themselves with this standing.
fn says(entry: &Entry, standing: CrewStanding) -> bool {
    membership(entry)
        .is_some_and(|crew| crew.member == entry.first().head.author && crew.standing == standing)
}

/// The last answer of each member to each claim.
fn last_answers(entries: &[Entry]) -> BTreeMap<(EntryId, OfficerId), &Entry> {
    let mut last: BTreeMap<(EntryId, OfficerId), &Entry> = BTreeMap::new();
    for entry in entries {
        let head = &entry.first().head;
        let (Some(about), Some(crew)) = (head.about, membership(entry)) else { continue };
        if crew.member != head.author {
            continue;
        }
        let held = last.entry((about.entry_id, head.author)).or_insert(entry);
        if written(held) < written(entry) {
            *held = entry;
        }
    }
    last
}

/// The answers that confirm.
fn answers(entries: &[Entry]) -> Vec<&Entry> {
    last_answers(entries).into_values().filter(|entry| says(entry, CrewStanding::Confirmed)).collect()
}

/// The memberships officers recorded of themselves without being asked.
fn joined(entries: &[Entry]) -> impl Iterator<Item = &Entry> {
    entries.iter().filter(|entry| entry.first().head.about.is_none() && says(entry, CrewStanding::Confirmed))
}

fn own_word(entry: &Entry, entries: &[Entry], claims: &[Claim]) -> Word {
    let head = &entry.first().head;
    let until = entry.current().head.occurred_until.or_else(|| match head.about {
        // An answer without an end lasts as long as what it answers.
        Some(about) => {
            let claim = entries.iter().find(|claim| claim.entry_id == about.entry_id)?;
            claim.current().head.occurred_until
        }
        None => said_to_end(entry, entries, claims),
    });
    let stay = Stay { unit: unit_of(entry), entry_id: entry.entry_id, from: entry.occurred_at(), until };
    Word { stay, written: written(entry).0 }
}

/// Where a membership nobody closed ends by what the others of the unit say: only where none of them has it still running,
/// and not before the last thing its officer recorded in the unit.
fn said_to_end(entry: &Entry, entries: &[Entry], claims: &[Claim]) -> Option<Millis> {
    let (officer, unit, span) = (entry.first().head.author, unit_of(entry), time(entry));
    let about = claims
        .iter()
        .filter(|claim| claim.member == officer && claim.unit == unit && claim.span.overlaps(&span));
    let said = about.map(|claim| claim.span.until).max().filter(|until| *until != OPEN)?;
    let own = entries.iter().filter(|own| own.first().head.author == officer && unit_of(own) == unit);
    Some(own.filter_map(super::evidence).fold(said, Millis::max))
}

/// The membership that opening a shift is, unless its officer recorded one: for all phones the shift went on with.
fn opened(shift: &Entry, entries: &[Entry], claims: &[Claim]) -> Option<Word> {
    let group = same::shifts(entries, shift.entry_id);
    // The one that goes on speaks for all.
    if group.last() != Some(&shift.entry_id) {
        return None;
    }
    let officer = shift.first().head.author;
    let unit = unit_of(shift);
    let recorded = joined(entries).any(|entry| {
        let head = &entry.first().head;
        head.author == officer
            && head.shift_id.is_some_and(|of| group.contains(&of))
            && unit_of(entry) == unit
    });
    if recorded {
        return None;
    }
    let (from, until) = same::time(entries, shift, &group);
    let stay = Stay {
        unit,
        entry_id: shift.entry_id,
        from,
        until: until.or_else(|| said_to_end(shift, entries, claims)),
    };
    Some(Word { stay, written: written(shift).0 })
}

/// One officer's words, later ones over earlier ones; neighbouring stretches in one unit are one.
fn weighed(mut words: Vec<Word>) -> Vec<Stay> {
    words.sort_by_key(|word| (word.written, word.stay.entry_id));
    let edges: BTreeSet<Millis> =
        words.iter().flat_map(|word| [word.stay.from, word.stay.interval().until]).collect();
    let edges: Vec<Millis> = edges.into_iter().collect();
    let mut stays: Vec<Stay> = Vec::new();
    for piece in edges.windows(2) {
        let [from, until] = *piece else { continue };
        let Some(top) = words.iter().rev().find(|word| word.stay.interval().contains(from)) else { continue };
        let until = (until != OPEN).then_some(until);
        match stays.last_mut() {
            Some(last) if last.unit == top.stay.unit && last.until == Some(from) => last.until = until,
            _ => stays.push(Stay { from, until, ..top.stay }),
        }
    }
    stays
}
