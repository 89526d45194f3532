//! Small numbers: what may be said of few people outside the force.
//!
//! A count of one to four can point at a person who was spoken to. It is not said, and neither is anything from which it
//! could be worked out: from the cells and the total that are said, every hidden count could be at least two different ones.

use serde::{Deserialize, Serialize};

/// Counts from one to below this are hidden.
pub const SMALLEST_SAID: u64 = 5;

/// A count as it may be said.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Said {
    /// The count.
    Count(u64),
    /// Hidden: one to four, or kept back so that another cannot be worked out.
    Hidden(Hidden),
}

/// How a hidden count is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Hidden {
    /// It is between one and four.
    #[serde(rename = "<5")]
    Few,
    /// Kept back so that another cannot be worked out.
    #[serde(rename = "withheld")]
    Withheld,
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Said::Count(n) => n.fmt(f),
            Said::Hidden(Hidden::Few) => f.write_str("<5"),
            Said::Hidden(Hidden::Withheld) => f.write_str("withheld"),
        }
    }
}

/// Cells that add up to a total, and that total, as they may be said together.
pub fn row(cells: &[u64]) -> (Vec<Said>, Said) {
    let is_few = |n: u64| (1..SMALLEST_SAID).contains(&n);
    let total: u64 = cells.iter().sum();
    let few: Vec<u64> = cells.iter().copied().filter(|n| is_few(*n)).collect();
    let mut said: Vec<Said> =
        cells.iter().map(|n| if is_few(*n) { Said::Hidden(Hidden::Few) } else { Said::Count(*n) }).collect();
    if is_few(total) {
        return (said, Said::Hidden(Hidden::Few));
    }
    let sum: u64 = few.iter().sum();
    let leaves_a_choice = match few.len() as u64 {
        0 => true,
        1 => {
            // One alone is the total less the others: the smallest of those goes too. It is five at least.
            let others = cells.iter().enumerate().filter(|(_, n)| **n >= SMALLEST_SAID);
            let next = others.min_by_key(|(_, n)| **n);
            if let Some(cell) = next.and_then(|(place, _)| said.get_mut(place)) {
                *cell = Said::Hidden(Hidden::Withheld);
            }
            next.is_some_and(|(_, n)| sum + n > SMALLEST_SAID + 1)
        }
        // All ones or all fours are told by their sum.
        many => sum != many && sum != many * (SMALLEST_SAID - 1),
    };
    let total = if leaves_a_choice { Said::Count(total) } else { Said::Hidden(Hidden::Withheld) };
    (said, total)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(cells: &[u64]) -> String {
        let (cells, total) = row(cells);
        let cells: Vec<String> = cells.iter().map(ToString::to_string).collect();
        format!("{} | {total}", cells.join(" "))
    }

    #[test]
    fn few_are_not_said_nor_worked_out() {
        assert_eq!(shown(&[12, 0, 40]), "12 0 40 | 52");
        assert_eq!(shown(&[12, 3, 40]), "withheld <5 40 | 55", "3 would be 55 less 52");
        assert_eq!(shown(&[12, 3, 2]), "12 <5 <5 | 17");
        assert_eq!(shown(&[12, 1, 1]), "12 <5 <5 | withheld", "two hidden that make 2 are both 1");
        assert_eq!(shown(&[4, 4]), "<5 <5 | withheld", "two that make 8 are both 4");
        assert_eq!(shown(&[5, 1]), "withheld <5 | withheld", "6 would be 5 and 1");
        assert_eq!(shown(&[0, 3, 0]), "0 <5 0 | <5");
        assert_eq!(shown(&[1, 1]), "<5 <5 | <5");
        assert_eq!(shown(&[]), " | 0");
    }

    /// Every way in which the hidden cells could have been filled so that what is said stays as it is.
    fn possible(said: &[Said], total: Option<u64>) -> Vec<Vec<u64>> {
        let mut ways = vec![Vec::new()];
        for cell in said {
            let values: Vec<u64> = match cell {
                Said::Count(n) => vec![*n],
                Said::Hidden(Hidden::Few) => (1..SMALLEST_SAID).collect(),
                Said::Hidden(Hidden::Withheld) => (SMALLEST_SAID..40).collect(),
            };
            let longer = |way: &Vec<u64>| {
                let way = way.clone();
                values.iter().map(move |value| [way.as_slice(), &[*value]].concat()).collect::<Vec<_>>()
            };
            ways = ways.iter().flat_map(longer).collect();
        }
        ways.retain(|way| total.is_none_or(|total| way.iter().sum::<u64>() == total));
        ways
    }

    proptest! {
        /// Whatever the cells: no few is said, and every hidden cell could be at least two different counts.
        #[test]
        fn nothing_hidden_can_be_worked_out(cells in prop::collection::vec(0_u64..12, 0..5)) {
            let (said, total) = row(&cells);
            let few = |said: &Said| matches!(said, Said::Count(n) if (1..SMALLEST_SAID).contains(n));
            prop_assert!(!said.iter().any(few) && !few(&total));
            let told = match total { Said::Count(n) => Some(n), Said::Hidden(_) => None };
            let ways = possible(&said, told);
            prop_assert!(ways.contains(&cells), "what is said is true");
            for (place, cell) in said.iter().enumerate() {
                if matches!(cell, Said::Hidden(_)) {
                    let counts: std::collections::BTreeSet<u64> = ways.iter().map(|way| way[place]).collect();
                    prop_assert!(counts.len() > 1, "{cells:?}: {said:?} {total:?}");
                }
            }
        }
    }
}
