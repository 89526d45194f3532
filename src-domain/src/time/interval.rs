//! Half-open intervals and their union, from which all hours are counted: time covered twice counts once.

use serde::{Deserialize, Serialize};

use super::Millis;

/// From `from` (included) until `until` (excluded). One that does not run forward is empty and counts nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Interval {
    /// The first instant inside.
    pub from: Millis,
    /// The first instant after.
    pub until: Millis,
}

impl Interval {
    /// From `from` until `until`.
    #[must_use]
    pub const fn new(from: Millis, until: Millis) -> Self {
        Self { from, until }
    }

    /// Nothing lies inside.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.until <= self.from
    }

    /// Length in milliseconds, never negative.
    #[must_use]
    pub fn length(&self) -> i64 {
        self.until.since(self.from).max(0)
    }

    /// Does the instant lie inside?
    #[must_use]
    pub fn contains(&self, at: Millis) -> bool {
        self.from <= at && at < self.until
    }

    /// What both share; `None` if nothing.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        let both = Self { from: self.from.max(other.from), until: self.until.min(other.until) };
        (!both.is_empty()).then_some(both)
    }

    /// Do the two share any time? Touching ends do not.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.intersect(other).is_some()
    }
}

/// The same time as `intervals`, as intervals that are sorted, not empty, and neither overlap nor touch.
#[must_use]
pub fn union(intervals: &[Interval]) -> Vec<Interval> {
    let mut sorted: Vec<Interval> = intervals.iter().copied().filter(|i| !i.is_empty()).collect();
    sorted.sort_unstable();
    let mut merged: Vec<Interval> = Vec::with_capacity(sorted.len());
    for next in sorted {
        match merged.last_mut() {
            Some(last) if next.from <= last.until => last.until = last.until.max(next.until),
            _ => merged.push(next),
        }
    }
    merged
}

/// Milliseconds covered by at least one of `intervals`.
#[must_use]
pub fn union_length(intervals: &[Interval]) -> i64 {
    union(intervals).iter().fold(0, |sum, i| sum.saturating_add(i.length()))
}

/// The time covered by both sets, as a union.
#[must_use]
pub fn intersection(left: &[Interval], right: &[Interval]) -> Vec<Interval> {
    let (left, right) = (union(left), union(right));
    let (mut l, mut r) = (0, 0);
    let mut shared = Vec::new();
    while let (Some(a), Some(b)) = (left.get(l), right.get(r)) {
        shared.extend(a.intersect(b));
        if a.until < b.until {
            l += 1;
        } else {
            r += 1;
        }
    }
    shared
}

/// The part of `intervals` inside `window`, as a union.
#[must_use]
pub fn clip(intervals: &[Interval], window: Interval) -> Vec<Interval> {
    intersection(intervals, &[window])
}

/// The time in `from` that `taken` does not cover (a leg less its breaks), as a union.
#[must_use]
pub fn subtract(from: &[Interval], taken: &[Interval]) -> Vec<Interval> {
    let taken = union(taken);
    let mut left = Vec::new();
    for piece in union(from) {
        let mut start = piece.from;
        for hole in taken.iter().filter(|hole| hole.overlaps(&piece)) {
            if start < hole.from {
                left.push(Interval::new(start, hole.from));
            }
            start = start.max(hole.until);
        }
        if start < piece.until {
            left.push(Interval::new(start, piece.until));
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn i(from: i64, until: i64) -> Interval {
        Interval::new(Millis(from), Millis(until))
    }

    #[test]
    fn a_pair_for_an_hour_is_one_patrol_hour() {
        assert_eq!(union_length(&[i(0, 60), i(0, 60)]), 60);
        assert_eq!(union_length(&[i(0, 60), i(60, 90), i(100, 110)]), 100);
        assert_eq!(union(&[i(60, 90), i(0, 60)]), vec![i(0, 90)]);
    }

    #[test]
    fn an_interval_that_runs_backwards_counts_nothing() {
        assert_eq!(union_length(&[i(90, 10), i(5, 5)]), 0);
        assert_eq!(i(90, 10).length(), 0);
        assert!(!i(90, 10).contains(Millis(50)));
    }

    #[test]
    fn breaks_come_off_a_leg() {
        assert_eq!(subtract(&[i(0, 100)], &[i(20, 30), i(90, 200)]), vec![i(0, 20), i(30, 90)]);
        assert_eq!(clip(&[i(0, 100)], i(50, 300)), vec![i(50, 100)]);
        assert_eq!(subtract(&[i(0, 10)], &[i(-5, 20)]), vec![]);
    }

    /// The plainest possible model: the set of milliseconds covered.
    fn covered(set: &[Interval]) -> std::collections::BTreeSet<i64> {
        set.iter().flat_map(|i| i.from.0..i.until.0).collect()
    }

    fn intervals() -> impl Strategy<Value = Vec<Interval>> {
        prop::collection::vec(
            (-40i64..40, -5i64..25).prop_map(|(from, length)| i(from, from + length)),
            0..12,
        )
    }

    proptest! {
        #[test]
        fn union_covers_the_same_time_once(set in intervals()) {
            let merged = union(&set);
            prop_assert_eq!(covered(&merged), covered(&set));
            prop_assert_eq!(union_length(&set), covered(&set).len() as i64);
            prop_assert!(merged.windows(2).all(|w| w[0].until < w[1].from));
            prop_assert_eq!(union(&merged), merged);
        }

        #[test]
        fn union_does_not_depend_on_order(set in intervals(), turn in 0usize..12) {
            let mut turned = set.clone();
            if !turned.is_empty() { let by = turn % turned.len(); turned.rotate_left(by); }
            prop_assert_eq!(union(&turned), union(&set));
        }

        #[test]
        fn shared_and_left_over_make_the_whole(a in intervals(), b in intervals()) {
            let shared: std::collections::BTreeSet<i64> = covered(&a).intersection(&covered(&b)).copied().collect();
            prop_assert_eq!(covered(&intersection(&a, &b)), shared);
            prop_assert_eq!(
                union_length(&intersection(&a, &b)) + union_length(&subtract(&a, &b)),
                union_length(&a)
            );
        }
    }
}
