//! Small numbers: what may be said of few people outside the force, so that no count of one to four is said or can be
//! worked out, from one table or from many.
//!
//! The unit of publication is a calendar month of the whole force. For each measure its total stands beside its parts by
//! one thing (area, district, team or initiative; one of them ever, see [`crate::publication`]): [`split`]. Every table,
//! return and map that leaves the force is chosen from these and added up from what they say ([`sum`]), never from the
//! figures behind them; so two of them put side by side say no more than one. Months are independent, and whether a total
//! is said depends on the total alone. What was published of a month stays as it was.

use serde::{Deserialize, Serialize};

/// Counts from one to below this are hidden.
pub const SMALLEST_SAID: u64 = 5;

/// How a hidden count is written: the statistical service's sign for confidential.
pub const HIDDEN: &str = "[c]";

/// A count as it may be said.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Said {
    /// The count.
    Count(u64),
    /// Hidden: few, or kept back so that another cannot be worked out. Which of the two is not said.
    Hidden(Hidden),
}

/// The sign of a hidden count.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Hidden {
    /// Confidential.
    #[serde(rename = "[c]")]
    Confidential,
}

/// A hidden count.
pub const CONFIDENTIAL: Said = Said::Hidden(Hidden::Confidential);

impl Said {
    /// The count, where it is said.
    #[must_use]
    pub fn count(self) -> Option<u64> {
        match self {
            Self::Count(n) => Some(n),
            Self::Hidden(_) => None,
        }
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Said::Count(n) => n.fmt(f),
            Said::Hidden(Hidden::Confidential) => f.write_str(HIDDEN),
        }
    }
}

/// A total as it may be said. It depends on nothing but itself.
#[must_use]
pub fn total(count: u64) -> Said {
    if is_few(count) { CONFIDENTIAL } else { Said::Count(count) }
}

fn is_few(n: u64) -> bool {
    (1..SMALLEST_SAID).contains(&n)
}

/// The parts of a total as they may be said beside it. They must be all its parts.
///
/// Where a part is few, every few part is hidden and the smallest of five or more with it (with its equals). The rule
/// looks at sizes alone, so each hidden part could be any of the hidden ones, one of which is few and one is not. Where
/// no part is five or more, all are hidden, noughts too, and the total stands alone.
#[must_use]
pub fn split(parts: &[u64]) -> Vec<Said> {
    if !parts.iter().any(|n| is_few(*n)) {
        return parts.iter().map(|n| Said::Count(*n)).collect();
    }
    let with_them = parts.iter().copied().filter(|n| *n >= SMALLEST_SAID).min();
    let said = |n: &u64| match with_them {
        Some(smallest) if !is_few(*n) && *n != smallest => Said::Count(*n),
        _ => CONFIDENTIAL,
    };
    parts.iter().map(said).collect()
}

/// The sum of what is said; hidden as soon as one of them is.
#[must_use]
pub fn sum(said: impl IntoIterator<Item = Said>) -> Said {
    let counts: Option<Vec<u64>> = said.into_iter().map(Said::count).collect();
    counts.map_or(CONFIDENTIAL, |counts| Said::Count(counts.iter().sum()))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    fn shown(parts: &[u64]) -> String {
        let parts_said: Vec<String> = split(parts).iter().map(ToString::to_string).collect();
        format!("{} | {}", parts_said.join(" "), total(parts.iter().sum()))
    }

    #[test]
    fn few_are_not_said_nor_worked_out() {
        assert_eq!(shown(&[12, 0, 40]), "12 0 40 | 52");
        assert_eq!(shown(&[12, 3, 40]), "[c] [c] 40 | 55", "3 would be 55 less 52");
        assert_eq!(shown(&[12, 3, 2, 30]), "[c] [c] [c] 30 | 47");
        assert_eq!(shown(&[5, 4, 4]), "[c] [c] [c] | 13", "4 and 4 beside a 5 would be all that fits");
        assert_eq!(shown(&[0, 7, 1]), "0 [c] [c] | 8");
        assert_eq!(shown(&[0, 3, 0]), "[c] [c] [c] | [c]");
        assert_eq!(shown(&[1, 1, 1, 1, 1]), "[c] [c] [c] [c] [c] | 5");
        assert_eq!(shown(&[9, 9, 3, 10]), "[c] [c] [c] 10 | 31", "equal counts are hidden together");
        assert_eq!(shown(&[]), " | 0");
    }

    /// Everything that one who knows this very rule can take from what is said: which parts each table could come from.
    #[test]
    fn whoever_knows_the_rule_learns_no_hidden_count() {
        for width in 1..=4_u32 {
            let mut from: BTreeMap<(Vec<Said>, Said), Vec<Vec<u64>>> = BTreeMap::new();
            for number in 0..14_u64.pow(width) {
                let parts: Vec<u64> = (0..width).map(|place| number / 14_u64.pow(place) % 14).collect();
                from.entry((split(&parts), total(parts.iter().sum()))).or_default().push(parts);
            }
            for ((said, total), tables) in from {
                let few = |said: &Said| said.count().is_some_and(is_few);
                assert!(!said.iter().any(few) && !few(&total));
                for (place, said_here) in said.iter().enumerate().filter(|(_, said)| said.count().is_none()) {
                    let counts: BTreeSet<u64> = tables.iter().map(|table| table[place]).collect();
                    assert!(counts.len() > 1, "{said:?} {total:?}, part {place} ({said_here}): {tables:?}");
                }
            }
        }
    }

    /// A few records of one month, each of a team, an area and an initiative.
    fn records() -> impl Strategy<Value = Vec<(usize, usize, usize)>> {
        prop::collection::vec((0..3_usize, 0..4_usize, 0..2_usize), 0..30)
    }

    fn by(
        records: &[(usize, usize, usize)],
        groups: usize,
        of: fn(&(usize, usize, usize)) -> usize,
    ) -> Vec<u64> {
        let mut counts = vec![0; groups];
        records.iter().for_each(|record| counts[of(record)] += 1);
        counts
    }

    proptest! {
        /// Exports of one month by team, by area and by initiative, whole or in part, put side by side: what was hidden
        /// in one is not completed by another, because records can be dealt anew so that all of them say the same and
        /// the hidden count is another.
        #[test]
        fn two_exports_side_by_side_say_no_more_than_one(records in records()) {
            let splits = [by(&records, 3, |r| r.0), by(&records, 4, |r| r.1), by(&records, 2, |r| r.2)];
            let all = total(records.len() as u64);
            for parts in &splits {
                let said = split(parts);
                // A total is said in every split or in none: one split never gives the total that another keeps.
                let added = sum(said.iter().copied());
                prop_assert!(added == CONFIDENTIAL || added == all);
                // Nor do the parts add up to a total that is kept.
                prop_assert!(all != CONFIDENTIAL || said.iter().all(|part| *part == CONFIDENTIAL));
                // What is missing to the total is nothing, or at least two parts that could be five or more.
                let told: u64 = said.iter().filter_map(|part| part.count()).sum();
                let hidden = said.iter().filter(|part| part.count().is_none()).count();
                prop_assert!(hidden != 1);
                if hidden > 0 && all != CONFIDENTIAL {
                    prop_assert!(records.len() as u64 - told >= SMALLEST_SAID);
                }
            }
        }

        /// Any choice of parts, and the total of any choice, says at most what the whole split says.
        #[test]
        fn a_choice_says_no_more_than_the_whole(
            parts in prop::collection::vec(0_u64..12, 1..6),
            chosen in prop::collection::vec(any::<bool>(), 6),
        ) {
            let said = split(&parts);
            let choice: Vec<Said> =
                said.iter().zip(&chosen).filter(|(_, chosen)| **chosen).map(|(said, _)| *said).collect();
            match sum(choice.iter().copied()) {
                Said::Count(n) => {
                    prop_assert!(!is_few(n), "a sum of what is said is never few");
                    prop_assert!(choice.iter().all(|part| part.count().is_some()));
                }
                Said::Hidden(_) => prop_assert!(choice.contains(&CONFIDENTIAL)),
            }
        }
    }
}
