//! What a shift's figures are made of, so that they can be told by place and initiative and added up over shifts without
//! counting anything twice: time as intervals of units and officers, calls away by entry, what was recorded by place.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::CodeCount;
use super::tally::{Counts, counts, raise};
use crate::code_list::{CodeRef, list};
use crate::duty::{self, Holder};
use crate::entry::{Body, Entry, Kind};
use crate::id::{Code, EntryId, OfficerId, UnitId};
use crate::place::{AreaRef, PlaceStamp};
use crate::shift::{Hours, Shift, Span, takes_all};
use crate::time::{Interval, Millis, union};

/// A code with its label, without list and version.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Named {
    /// The code.
    pub code: Code,
    /// Its label, as the record shows it; the code itself where it shows none.
    pub label: String,
}

impl From<&CodeRef> for Named {
    fn from(code: &CodeRef) -> Self {
        Self { code: code.code.clone(), label: code.label.clone() }
    }
}

impl From<&AreaRef> for Named {
    fn from(area: &AreaRef) -> Self {
        Self { code: area.code.clone(), label: area.name.clone() }
    }
}

/// Where something was, as far as its record says: the levels figures are told by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct PlaceKey {
    /// Patrol area: hotspot, night-time zone, town.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub area: Option<Named>,
    /// Ward.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ward: Option<Named>,
    /// District.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub district: Option<Named>,
}

impl PlaceKey {
    /// The levels of a place as an entry keeps it; the area its head names goes before the one found.
    #[must_use]
    pub fn of(place: Option<&PlaceStamp>, area: Option<&Code>) -> Self {
        let found = place.and_then(|place| place.area.as_ref());
        let named = area.map(|code| match found.filter(|found| found.code == *code) {
            Some(found) => Named::from(found),
            None => Named { code: code.clone(), label: code.to_string() },
        });
        Self {
            area: named.or_else(|| found.map(Named::from)),
            ward: place.and_then(|place| place.ward.as_ref()).map(Named::from),
            district: place.and_then(|place| place.district.as_ref()).map(Named::from),
        }
    }
}

/// A stay of the shift's officer in a unit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StayLine {
    /// The unit.
    pub unit: UnitId,
    /// From when.
    pub from: Millis,
}

/// Time on patrol in one place by one officer of a unit. The unit's own time is the union of its officers'.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PatrolTime {
    /// The unit.
    pub unit: UnitId,
    /// A confirmed officer.
    pub officer: OfficerId,
    /// Where, as the leg says.
    pub place: PlaceKey,
    /// How: on foot, by car (list `patrol_mode`).
    pub mode: Option<Named>,
    /// When: sorted, nothing twice.
    pub time: Vec<Interval>,
}

/// A call away from the patrol.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Abstraction {
    /// Its entry: two shifts of one unit tell of the same call.
    pub entry_id: EntryId,
    /// The unit it took from.
    pub unit: UnitId,
    /// Why.
    pub reason: Option<Named>,
    /// Whether it took the whole crew; else one officer.
    pub whole_crew: bool,
    /// From when.
    pub from: Millis,
    /// Until when; where nobody recorded it, the last evidence of the shift.
    pub until: Millis,
    /// The end was stated.
    pub end_recorded: bool,
}

/// What was recorded in one place.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PlaceCounts {
    /// Where.
    pub place: PlaceKey,
    /// Engagements.
    pub engagements: u32,
    /// People spoken to.
    pub people: u32,
    /// Materials given.
    pub cards: u32,
    /// Concern notes.
    pub concerns: u32,
    /// Powers used, those told with a concern too.
    pub powers: u32,
    /// The same by power.
    pub powers_by_type: Vec<CodeCount>,
    /// Referrals raised.
    pub referrals: u32,
    /// StreetSafe concerns heard.
    pub streetsafe: Vec<CodeCount>,
}

/// A referral about the environment, and where it stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReferralLine {
    /// What is wrong.
    pub issue: Named,
    /// Whose it is.
    pub owner: Named,
    /// Where it stands.
    pub state: Named,
}

/// How far something that must still be done has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FollowUpState {
    /// Open, and nobody has accepted it.
    Open,
    /// Somebody accepted it.
    Accepted,
    /// Done.
    Done,
}

/// Something that must still be done, or was.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FollowUp {
    /// What.
    pub what: Named,
    /// By when; whether that is past is for the reader's clock.
    pub due: Option<Millis>,
    /// How far it has come.
    pub state: FollowUpState,
}

/// The officer's stays, in order.
pub(super) fn stays(shift: &Shift<'_>) -> Vec<StayLine> {
    shift.stays.iter().map(|stay| StayLine { unit: stay.unit, from: stay.from }).collect()
}

/// Time on patrol by unit, officer, place and mode; what two phones tell of the same is one.
pub(super) fn time(shift: &Shift<'_>, hours: &Hours) -> Vec<PatrolTime> {
    type Key = (UnitId, OfficerId, PlaceKey, Option<Named>);
    let mut by: BTreeMap<Key, Vec<Interval>> = BTreeMap::new();
    for told in &hours.legs {
        let Some(leg) = shift.legs.iter().find(|leg| leg.entry.entry_id == told.leg) else { continue };
        let current = leg.entry.current();
        let place = PlaceKey::of(current.body.as_ref().and_then(Body::place), current.head.area.as_ref());
        let mode = leg.code(list::PATROL_MODE).map(Named::from);
        for (officer, time) in &told.person {
            by.entry((told.unit, *officer, place.clone(), mode.clone())).or_default().extend(time);
        }
    }
    by.into_iter()
        .map(|((unit, officer, place, mode), time)| PatrolTime {
            unit,
            officer,
            place,
            mode,
            time: union(&time),
        })
        .collect()
}

/// The calls away of those who are along by their own word, in order.
pub(super) fn abstractions(shift: &Shift<'_>) -> Vec<Abstraction> {
    let end = shift.end();
    let unit_at = |at: Millis| {
        let stay = shift.stays.iter().rev().find(|stay| stay.from <= at).or_else(|| shift.stays.first());
        stay.map_or(UnitId(shift.opened.entry.entry_id.0), |stay| stay.unit)
    };
    let told = shift.away.iter().filter(|span| shift.counts_author(span)).map(|span: &Span<'_>| {
        let Interval { from, until } = span.interval(end);
        Abstraction {
            entry_id: span.entry.entry_id,
            unit: unit_at(from),
            reason: span.away_reason().map(Named::from),
            whole_crew: takes_all(span),
            from,
            // It ended for the patrol with the shift, whatever was said of it later.
            until: until.min(end).max(from),
            end_recorded: span.until.is_some(),
        }
    });
    merge_calls(told.collect())
}

/// Calls in order of when they began. What two phones of one unit tell of the whole crew at one time is one call, told by
/// the one that began it; the same entry told by two shifts is one.
pub(crate) fn merge_calls(mut calls: Vec<Abstraction>) -> Vec<Abstraction> {
    calls.sort_by_key(|call| (call.unit, call.from, call.entry_id, call.until));
    let mut merged: Vec<Abstraction> = Vec::new();
    for next in calls {
        let same = |call: &&mut Abstraction| {
            call.unit == next.unit
                && (call.entry_id == next.entry_id
                    || (call.whole_crew && next.whole_crew && next.from < call.until))
        };
        match merged.iter_mut().rev().find(same) {
            Some(call) => {
                call.end_recorded =
                    if next.until > call.until { next.end_recorded } else { call.end_recorded };
                call.until = call.until.max(next.until);
                call.reason = call.reason.take().or(next.reason);
            }
            None => merged.push(next),
        }
    }
    merged.sort_by_key(|call| (call.from, call.entry_id));
    merged
}

/// What the counted records say, by place.
pub(super) fn places(records: &[&Entry]) -> Vec<PlaceCounts> {
    let mut by: BTreeMap<PlaceKey, (PlaceCounts, Counts, Counts)> = BTreeMap::new();
    for entry in records {
        let current = entry.current();
        let Some(body) = &current.body else { continue };
        if !matches!(
            body,
            Body::Engagement(_) | Body::Handout(_) | Body::Concern(_) | Body::PowerUse(_) | Body::Referral(_)
        ) {
            continue;
        }
        let place = PlaceKey::of(body.place(), current.head.area.as_ref());
        let (of, streetsafe, powers) = by.entry(place).or_default();
        match body {
            Body::Engagement(it) => {
                of.engagements += 1;
                of.people += it.people;
                it.concerns.iter().for_each(|code| raise(streetsafe, code, 1));
            }
            Body::Handout(it) => of.cards += it.total(),
            Body::Concern(it) => {
                of.concerns += 1;
                let recorded = super::tally::told_apart(entry, records);
                for used in it.powers.iter().filter(|used| !recorded.contains(&&used.power.code)) {
                    of.powers += 1;
                    raise(powers, &used.power, 1);
                }
            }
            Body::PowerUse(it) => {
                of.powers += 1;
                raise(powers, &it.power, 1);
            }
            Body::Referral(_) => of.referrals += 1,
            _ => {}
        }
    }
    by.into_iter()
        .map(|(place, (counted, streetsafe, powers))| PlaceCounts {
            place,
            streetsafe: counts(streetsafe),
            powers_by_type: counts(powers),
            ..counted
        })
        .collect()
}

/// Referrals of the counted records, in order.
pub(super) fn referrals(records: &[&Entry]) -> Vec<ReferralLine> {
    let told = records.iter().filter_map(|entry| match &entry.current().body {
        Some(Body::Referral(it)) => Some(ReferralLine {
            issue: Named::from(&it.issue),
            owner: Named::from(&it.owner),
            state: Named::from(&it.state),
        }),
        _ => None,
    });
    told.collect()
}

/// What must be done after the records of the shift, those due first first; who took it is read from `entries`.
pub(super) fn follow_ups(records: &[&Entry], entries: &[Entry]) -> Vec<FollowUp> {
    let of_others =
        entries.iter().filter(|entry| entry.kind().is_duty() && entry.first().head.about.is_some());
    let own: Vec<Entry> = records.iter().copied().chain(of_others).cloned().collect();
    let told = duty::duties(&own).into_iter().map(|stands| FollowUp {
        what: Named::from(&stands.body.what),
        due: stands.body.due,
        state: match stands.held.holder {
            _ if !stands.open => FollowUpState::Done,
            Holder::Officer(officer) if officer != stands.entry.first().head.author => {
                FollowUpState::Accepted
            }
            _ if stands.entry.kind() == Kind::DutyAccepted => FollowUpState::Accepted,
            _ => FollowUpState::Open,
        },
    });
    let mut told: Vec<FollowUp> = told.collect();
    told.sort_by(|a, b| {
        let key = |it: &FollowUp| (it.state, it.due.unwrap_or(Millis(i64::MAX)), it.what.clone());
        key(a).cmp(&key(b))
    });
    told
}
