//! What shifts, or their parts in one place, add up to.

use std::collections::{BTreeMap, BTreeSet};

use beatbook_words::text;
use serde::{Deserialize, Serialize};

use super::Part;
use crate::id::{Code, OfficerId, UnitId};
use crate::summary::{
    Abstraction, CodeCount, Fit, FollowUpState, Missing, Named, PlannedLine, PlannedTotals, ShiftSummary,
    VisitLine, merge_calls, planned_totals,
};
use crate::time::{Interval, Millis, duty_date, union, union_length};
use crate::visit::COMMON_BAND;

/// The visits of a period.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct VisitFigures {
    /// How many.
    pub count: u32,
    /// Of these, with an end that was recorded: only they have a length.
    pub measured: u32,
    /// The middle length of those, milliseconds.
    pub median_ms: Option<i64>,
    /// Of those, inside their own area's band.
    pub in_band: u32,
    /// The longest time between two visits to one area on one night, milliseconds.
    pub longest_gap_ms: Option<i64>,
}

/// Calls away for one reason.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReasonTime {
    /// Why; none where nobody said.
    pub reason: Option<Named>,
    /// Calls.
    pub count: u32,
    /// How long together, milliseconds.
    pub ms: i64,
}

/// What is missing, added up.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct MissingFigures {
    /// Shifts with anything missing.
    pub shifts: u32,
    /// Shifts that are not signed.
    pub not_signed: u32,
    /// Shifts whose end nobody recorded.
    pub end_not_recorded: u32,
    /// Officers named as crew who have not confirmed, or dispute; each once for a shift.
    pub crew_not_confirmed: u32,
    /// Records signed for that are not here.
    pub signed_not_here: u32,
    /// Drafts left open at signing.
    pub open_drafts: u32,
    /// Entries kept out of totals.
    pub not_in_totals: u32,
    /// Entries of which only the stub is here: erased, kept at the server, or no longer to be read.
    pub not_here: u32,
    /// Entries with two newest versions.
    pub forked: u32,
    /// Crime references still due.
    pub crime_references: u32,
    /// Phones that hold entries which have not arrived.
    pub phones_pending: u32,
    /// How many entries those are.
    pub pending: u32,
    /// Phones that have set entries aside.
    pub phones_set_aside: u32,
    /// Phones with gaps in what arrived.
    pub phones_with_gaps: u32,
    /// Phones not heard since before the end of their shift.
    pub phones_not_heard: u32,
}

impl MissingFigures {
    /// Whether nothing is known to be missing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is missing in words, a line for each kind: as screens, prints and commands say it.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let lines = [
            (self.not_signed, text!(shifts_not_signed, count = self.not_signed)),
            (self.end_not_recorded, text!(ends_not_recorded, count = self.end_not_recorded)),
            (self.crew_not_confirmed, text!(crews_not_confirmed, count = self.crew_not_confirmed)),
            (self.signed_not_here, text!(records_not_here, count = self.signed_not_here)),
            (self.pending, text!(entries_pending, count = self.pending)),
            (self.not_in_totals, text!(entries_not_in_totals, count = self.not_in_totals)),
            (self.not_here, text!(entries_not_here, count = self.not_here)),
            (self.forked, text!(entries_forked, count = self.forked)),
            (self.crime_references, text!(crime_references_due, count = self.crime_references)),
            (self.phones_with_gaps, text!(phones_with_gaps, count = self.phones_with_gaps)),
            (self.phones_set_aside, text!(phones_set_aside, count = self.phones_set_aside)),
            (self.phones_not_heard, text!(phones_not_heard, count = self.phones_not_heard)),
            (self.open_drafts, text!(drafts_left_open, count = self.open_drafts)),
        ];
        lines.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect()
    }
}

/// What shifts add up to.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Figures {
    /// Shifts.
    pub shifts: u32,
    /// Units' time on patrol, milliseconds.
    pub patrol_ms: i64,
    /// Confirmed officers' time on patrol, milliseconds.
    pub person_ms: i64,
    /// Calls away.
    pub away_count: u32,
    /// Time away of whole crews, milliseconds.
    pub away_ms: i64,
    /// Calls away by reason.
    pub abstractions: Vec<ReasonTime>,
    /// Visits to areas.
    pub visits: VisitFigures,
    /// What was asked by taskings, and what became of it.
    pub planned: PlannedTotals,
    /// Engagements.
    pub engagements: u32,
    /// People spoken to.
    pub people: u32,
    /// Materials given.
    pub cards: u32,
    /// Materials given, by type; whole shifts only.
    pub cards_by_type: Vec<CodeCount>,
    /// Concern notes.
    pub concerns: u32,
    /// Powers used.
    pub powers: u32,
    /// Powers used, by power.
    pub powers_by_type: Vec<CodeCount>,
    /// Behaviours noted; whole shifts only.
    pub behaviours: Vec<CodeCount>,
    /// Actions taken; whole shifts only.
    pub actions: Vec<CodeCount>,
    /// Topics discussed; whole shifts only.
    pub topics: Vec<CodeCount>,
    /// StreetSafe concerns heard.
    pub streetsafe: Vec<CodeCount>,
    /// Referrals raised.
    pub referrals: u32,
    /// Referrals by where they stand; whole shifts only.
    pub referrals_by_state: Vec<CodeCount>,
    /// Still to be done; whole shifts only.
    pub follow_ups_open: u32,
    /// Done; whole shifts only.
    pub follow_ups_done: u32,
    /// Entries; whole shifts only, as everything below.
    pub entries: u32,
    /// Corrected or withdrawn with a reason.
    pub edited: u32,
    /// Written long after they happened.
    pub late: u32,
    /// Repeated from an entry before.
    pub repeated: u32,
    /// Written later by their author's own word.
    pub retrospective: u32,
    /// What is missing.
    pub missing: MissingFigures,
}

impl Figures {
    /// StreetSafe concerns heard, of all kinds.
    #[must_use]
    pub fn streetsafe_total(&self) -> u32 {
        self.streetsafe.iter().map(|count| count.count).sum()
    }
}

type Codes = BTreeMap<Code, (String, u32)>;

fn take(codes: &mut Codes, counts: &[CodeCount]) {
    for CodeCount { code, label, count } in counts {
        let slot = codes.entry(code.clone()).or_default();
        // Of two labels of one code the same one is shown, whichever shift comes first.
        if *label > slot.0 {
            slot.0.clone_from(label);
        }
        slot.1 += count;
    }
}

fn give(codes: Codes) -> Vec<CodeCount> {
    let mut list: Vec<CodeCount> =
        codes.into_iter().map(|(code, (label, count))| CodeCount { code, label, count }).collect();
    list.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.code.cmp(&b.code)));
    list
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Adds up shifts, or their parts in one place. The order does not matter.
#[must_use]
pub fn figures(parts: &[Part<'_>]) -> Figures {
    let mut told = Figures { shifts: count(parts.len()), ..Figures::default() };
    let mut units: BTreeMap<UnitId, Vec<Interval>> = BTreeMap::new();
    let mut officers: BTreeMap<OfficerId, Vec<Interval>> = BTreeMap::new();
    let mut streetsafe = Codes::new();
    let mut lists: [Codes; 6] = Default::default();
    let (mut calls, mut visits, mut planned) = (Vec::new(), Vec::new(), Vec::new());
    let mut missing = Gathered::default();
    for (shift, place) in parts {
        let summary = &shift.summary;
        for time in summary.time.iter().filter(|it| place.as_ref().is_none_or(|place| place.holds(&it.place)))
        {
            units.entry(time.unit).or_default().extend(&time.time);
            officers.entry(time.officer).or_default().extend(&time.time);
        }
        for it in summary.places.iter().filter(|it| place.as_ref().is_none_or(|at| at.holds(&it.place))) {
            told.engagements += it.engagements;
            told.people += it.people;
            told.cards += it.cards;
            told.concerns += it.concerns;
            told.powers += it.powers;
            told.referrals += it.referrals;
            take(&mut streetsafe, &it.streetsafe);
            take(&mut lists[1], &it.powers_by_type);
        }
        let here = |visit: &&VisitLine| place.as_ref().is_none_or(|at| at.holds_area(Some(&visit.area)));
        visits.extend(summary.visits.iter().filter(here).map(|visit| (unit_at(summary, visit.from), visit)));
        let asked = |line: &&PlannedLine| place.as_ref().is_none_or(|at| at.holds_area(Some(&line.area)));
        planned.extend(summary.planned.iter().filter(asked));
        if place.is_some() {
            continue;
        }
        calls.extend(summary.abstractions.iter().cloned());
        let states = counted(summary.referrals.iter().map(|referral| &referral.state));
        let [cards, _, behaviours, actions, topics, referrals] = &mut lists;
        take(cards, &summary.cards);
        take(behaviours, &summary.behaviours);
        take(actions, &summary.actions);
        take(topics, &summary.topics);
        take(referrals, &states);
        let done = summary.follow_ups.iter().filter(|it| it.state == FollowUpState::Done).count();
        told.follow_ups_done += count(done);
        told.follow_ups_open += count(summary.follow_ups.len() - done);
        told.entries += summary.entries;
        told.edited += summary.edited;
        told.late += summary.late;
        told.repeated += summary.repeated;
        told.retrospective += summary.retrospective;
        missing.take(&summary.missing);
    }
    told.patrol_ms = units.values().map(|time| union_length(time)).sum();
    told.person_ms = officers.values().map(|time| union_length(time)).sum();
    told.streetsafe = give(streetsafe);
    let [cards, powers, behaviours, actions, topics, referrals] = lists.map(give);
    told.cards_by_type = cards;
    told.powers_by_type = powers;
    told.behaviours = behaviours;
    told.actions = actions;
    told.topics = topics;
    told.referrals_by_state = referrals;
    let calls = merge_calls(calls);
    told.away_count = count(calls.len());
    told.away_ms = away_ms(&calls);
    told.abstractions = by_reason(&calls);
    told.visits = of_visits(visits);
    told.planned = planned_totals(planned);
    told.missing = missing.told;
    told
}

fn counted<'a>(named: impl Iterator<Item = &'a Named>) -> Vec<CodeCount> {
    named.map(|it| CodeCount { code: it.code.clone(), label: it.label.clone(), count: 1 }).collect()
}

fn unit_at(summary: &ShiftSummary, at: Millis) -> Option<UnitId> {
    let stay = summary.stays.iter().rev().find(|stay| stay.from <= at).or_else(|| summary.stays.first());
    stay.map(|stay| stay.unit)
}

/// Time away of whole crews: each unit's once.
fn away_ms(calls: &[Abstraction]) -> i64 {
    let mut units: BTreeMap<UnitId, Vec<Interval>> = BTreeMap::new();
    for call in calls.iter().filter(|call| call.whole_crew) {
        units.entry(call.unit).or_default().push(Interval::new(call.from, call.until));
    }
    units.values().map(|time| union_length(time)).sum()
}

fn by_reason(calls: &[Abstraction]) -> Vec<ReasonTime> {
    let mut reasons: BTreeMap<Option<Named>, (u32, i64)> = BTreeMap::new();
    for call in calls {
        let slot = reasons.entry(call.reason.clone()).or_default();
        slot.0 += 1;
        slot.1 += Interval::new(call.from, call.until).length();
    }
    reasons.into_iter().map(|(reason, (count, ms))| ReasonTime { reason, count, ms }).collect()
}

/// Visits of all shifts: what one unit did in one area at one time is one, however many shifts tell of it.
fn of_visits(told: Vec<(Option<UnitId>, &VisitLine)>) -> VisitFigures {
    let mut bands: BTreeMap<&Code, (u32, u32)> = BTreeMap::new();
    let mut visits: Vec<(Option<UnitId>, &Code, Millis, Millis, bool)> = Vec::new();
    for (unit, it) in told {
        bands.insert(&it.area, it.band);
        visits.push((unit, &it.area, it.from, it.until, it.end_recorded));
    }
    visits.sort_unstable();
    let mut merged: Vec<(Option<UnitId>, &Code, Millis, Millis, bool)> = Vec::new();
    for next in visits {
        match merged.last_mut() {
            Some(last) if (last.0, last.1) == (next.0, next.1) && next.2 <= last.3 => {
                if next.3 > last.3 {
                    (last.3, last.4) = (next.3, next.4);
                } else if next.3 == last.3 {
                    last.4 |= next.4;
                }
            }
            _ => merged.push(next),
        }
    }
    let closed = || merged.iter().filter(|visit| visit.4).map(|visit| (visit.1, visit.3.since(visit.2)));
    let mut lengths: Vec<i64> = closed().map(|(_, length)| length).collect();
    lengths.sort_unstable();
    // Each by the band of its own area.
    let fits = |(area, length): &(&Code, i64)| {
        Fit::of(*length, bands.get(area).copied().unwrap_or(COMMON_BAND)) == Fit::InBand
    };
    VisitFigures {
        count: count(merged.len()),
        measured: count(lengths.len()),
        median_ms: median(&lengths),
        in_band: count(closed().filter(fits).count()),
        longest_gap_ms: longest_gap(&merged),
    }
}

/// The middle of sorted lengths; of an even number the mean of the two in the middle.
fn median(sorted: &[i64]) -> Option<i64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = *sorted.get((sorted.len() - 1) / 2)?;
    Some(lower + (upper - lower) / 2)
}

/// Milliseconds by which a night is later than a day: what happens before noon is of the evening before.
const HALF_A_DAY_MS: i64 = 12 * crate::time::HOUR_MS;

fn longest_gap(visits: &[(Option<UnitId>, &Code, Millis, Millis, bool)]) -> Option<i64> {
    let mut nights: BTreeMap<(&Code, chrono::NaiveDate), Vec<Interval>> = BTreeMap::new();
    for (_, area, from, until, _) in visits {
        let night = duty_date(from.plus(-HALF_A_DAY_MS));
        // One that began and ended in one moment was one all the same.
        let until = (*until).max(from.plus(1));
        nights.entry((area, night)).or_default().push(Interval::new(*from, until));
    }
    let gaps = nights.values().flat_map(|night| {
        let there = union(night);
        let gaps: Vec<i64> = there.windows(2).map(|two| two[1].from.since(two[0].until)).collect();
        gaps
    });
    gaps.max()
}

/// What is missing, with phones told apart: one phone that several shifts miss is one phone.
#[derive(Default)]
struct Gathered {
    told: MissingFigures,
    pending: BTreeMap<OfficerId, u32>,
    set_aside: BTreeSet<OfficerId>,
    gaps: BTreeSet<OfficerId>,
    not_heard: BTreeSet<OfficerId>,
}

impl Gathered {
    fn take(&mut self, missing: &[Missing]) {
        let told = &mut self.told;
        told.shifts += u32::from(!missing.is_empty());
        for one in missing {
            match one {
                Missing::EndNotRecorded { .. } => told.end_not_recorded += 1,
                Missing::NotSigned => told.not_signed += 1,
                Missing::CrewNotConfirmed { .. } => told.crew_not_confirmed += 1,
                Missing::SignedNotHere { count } => told.signed_not_here += count,
                Missing::OpenDrafts { count } => told.open_drafts += count,
                Missing::NotInTotals { .. } => told.not_in_totals += 1,
                Missing::NotHere { count, .. } => told.not_here += count,
                Missing::Forked { .. } => told.forked += 1,
                Missing::CrimeReference { .. } => told.crime_references += 1,
                Missing::Pending { officer, count, .. } => {
                    let held = self.pending.entry(*officer).or_default();
                    *held = (*held).max(*count);
                }
                Missing::SetAside { officer, .. } => drop(self.set_aside.insert(*officer)),
                Missing::Gaps { officer, .. } => drop(self.gaps.insert(*officer)),
                Missing::NotHeard { officer, .. } => drop(self.not_heard.insert(*officer)),
            }
        }
        told.phones_pending = count(self.pending.len());
        told.pending = self.pending.values().sum();
        told.phones_set_aside = count(self.set_aside.len());
        told.phones_with_gaps = count(self.gaps.len());
        told.phones_not_heard = count(self.not_heard.len());
    }
}
