//! Hours: patrol-hours are the union of intervals of a unit, person-hours the union for each officer. Crew who have not
//! confirmed, or dispute, count in none. Time that nobody closed stops at the last evidence.

use std::collections::BTreeMap;

use super::crew::Stay;
use super::{Shift, Span};
use crate::entry::{AwayScope, Body};
use crate::id::{EntryId, OfficerId, UnitId};
use crate::time::{Interval, clip, subtract, union};

/// What one leg brought: time on patrol in it, without breaks and calls away.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LegTime {
    /// The leg.
    pub leg: EntryId,
    /// The unit it counts for.
    pub unit: UnitId,
    /// Each confirmed officer's time; nobody without any.
    pub person: BTreeMap<OfficerId, Vec<Interval>>,
}

/// Hours of a shift, as intervals.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Hours {
    /// The time somebody of the crew was on patrol: legs, without breaks and calls away.
    pub patrol: Vec<Interval>,
    /// The same for each unit the shift was in.
    pub units: BTreeMap<UnitId, Vec<Interval>>,
    /// Each confirmed officer's time on patrol.
    pub person: BTreeMap<OfficerId, Vec<Interval>>,
    /// The whole crew away.
    pub away: Vec<Interval>,
    /// On a break.
    pub breaks: Vec<Interval>,
    /// The same time by leg, in their order. Two phones of one unit may both tell of a leg: then it stands in both.
    pub legs: Vec<LegTime>,
}

/// Hours of several shifts together: what two shifts of one unit or one officer share counts once.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// Each unit's time on patrol.
    pub units: BTreeMap<UnitId, Vec<Interval>>,
    /// Each confirmed officer's time on patrol.
    pub person: BTreeMap<OfficerId, Vec<Interval>>,
}

/// Adds the hours of shifts up.
pub fn totals<'a>(shifts: impl IntoIterator<Item = &'a Hours>) -> Totals {
    let mut totals = Totals::default();
    for hours in shifts {
        for (unit, time) in &hours.units {
            add(&mut totals.units, *unit, time);
        }
        for (officer, time) in &hours.person {
            add(&mut totals.person, *officer, time);
        }
    }
    totals
}

fn add<K: Ord>(sum: &mut BTreeMap<K, Vec<Interval>>, key: K, time: &[Interval]) {
    let held = sum.entry(key).or_default();
    held.extend_from_slice(time);
    *held = union(held);
}

/// Who was in the unit during one stay of the shift's officer, and when.
type Present = BTreeMap<OfficerId, Vec<Interval>>;

impl Shift<'_> {
    /// Hours, by interval.
    pub fn hours(&self) -> Hours {
        let mut hours = Hours::default();
        // Everybody confirmed is named, with no time where they have none.
        hours.person.insert(self.officer, Vec::new());
        for stay in &self.stays {
            self.add_stay(&mut hours, stay);
        }
        hours
    }

    fn add_stay(&self, hours: &mut Hours, stay: &Stay) {
        let end = self.end();
        let window = Interval::new(stay.from, stay.until.unwrap_or(end).min(end));
        let present = self.present(stay, window);
        // Movement counts for as long as its author was there and confirmed.
        let of = |spans: &mut dyn Iterator<Item = &Span<'_>>| -> Vec<Interval> {
            let counted = spans.filter_map(|span| {
                let there = present.get(&span.entry.first().head.author)?;
                Some(there.iter().filter_map(|there| span.interval(end).intersect(there)))
            });
            union(&counted.flatten().collect::<Vec<_>>())
        };
        let breaks = of(&mut self.breaks.iter());
        let away = of(&mut self.away.iter().filter(|span| takes_all(span)));
        let out = subtract(&subtract(&of(&mut self.legs.iter()), &breaks), &away);
        let alone_of = |officer: &OfficerId| -> Vec<Interval> {
            let alone = self.away.iter().filter(|span| !takes_all(span));
            let own = alone.filter(|span| span.entry.first().head.author == *officer);
            own.map(|span| span.interval(end)).collect()
        };
        for leg in &self.legs {
            let of_leg = subtract(&subtract(&of(&mut std::iter::once(leg)), &breaks), &away);
            let times = present.iter().map(|(officer, there)| {
                let with_crew: Vec<Interval> = there.iter().flat_map(|there| clip(&of_leg, *there)).collect();
                (*officer, subtract(&with_crew, &alone_of(officer)))
            });
            let person: BTreeMap<_, _> = times.filter(|(_, time)| !time.is_empty()).collect();
            if !person.is_empty() {
                hours.legs.push(LegTime { leg: leg.entry.entry_id, unit: stay.unit, person });
            }
        }
        let mut patrol = Vec::new();
        for (officer, there) in &present {
            let alone = alone_of(officer);
            let with_crew: Vec<Interval> = there.iter().flat_map(|there| clip(&out, *there)).collect();
            let time = subtract(&with_crew, &alone);
            // Where everybody is away on their own account nobody is on patrol.
            patrol.extend_from_slice(&time);
            add(&mut hours.person, *officer, &time);
        }
        add(&mut hours.units, stay.unit, &patrol);
        hours.patrol = union(&[hours.patrol.as_slice(), &patrol].concat());
        hours.away = union(&[hours.away.as_slice(), &away].concat());
        hours.breaks = union(&[hours.breaks.as_slice(), &breaks].concat());
    }

    fn present(&self, stay: &Stay, window: Interval) -> Present {
        let mut present = Present::from([(self.officer, vec![window])]);
        let end = self.end();
        for member in self.crew.iter().filter(|member| member.counts() && member.officer != self.officer) {
            if member.unit == stay.unit {
                let there = present.entry(member.officer).or_default();
                there.extend(member.interval(end).intersect(&window));
            }
        }
        present
    }
}

/// Whether a call away takes the whole crew.
pub(crate) fn takes_all(span: &Span<'_>) -> bool {
    !matches!(&span.entry.current().body, Some(Body::Away(away)) if away.scope == AwayScope::Author)
}
