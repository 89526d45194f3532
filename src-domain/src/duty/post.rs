//! The posts that can own a duty. A post has a rank, which the rules need, so the posts stand here and not in a code list;
//! a turn of duty may be named with it ("late sergeant").

use chrono::{Duration, NaiveTime};

use crate::id::Code;
use crate::review::Step;
use crate::time::{DAY_MS, LocalTime, Millis, at_local, local};
use crate::words;

/// How far up a post stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// Whoever patrols.
    Crew,
    /// Sergeants, and who acts for one.
    Sergeant,
    /// Inspectors, and who acts for one.
    Inspector,
}

impl Rank {
    /// The rank above; the highest has none.
    pub fn above(self) -> Option<Self> {
        match self {
            Self::Crew => Some(Self::Sergeant),
            Self::Sergeant => Some(Self::Inspector),
            Self::Inspector => None,
        }
    }
}

/// The rank that a role brings by itself.
pub fn rank_of(role: &Code) -> Rank {
    match Step::of_role(role) {
        Step::Patrol => Rank::Crew,
        Step::Sergeant => Rank::Sergeant,
        Step::Inspector => Rank::Inspector,
    }
}

/// A turn of duty.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Turn {
    /// From 07:00.
    Early,
    /// From 15:00.
    Late,
    /// From 22:00.
    Night,
}

impl Turn {
    /// The hour it begins, London time. Nobody of it is there to take anything before.
    fn begins(self) -> u32 {
        match self {
            Self::Early => 7,
            Self::Late => 15,
            Self::Night => 22,
        }
    }

    /// When it next begins, from `at` on.
    pub fn next_after(self, at: Millis) -> Millis {
        let day = local(at).date_naive();
        let time = NaiveTime::from_hms_opt(self.begins(), 0, 0).unwrap_or_default();
        [day, day + Duration::days(1)]
            .into_iter()
            .map(|day| match at_local(day.and_time(time)) {
                LocalTime::Once(at)
                | LocalTime::Twice { first: at, .. }
                | LocalTime::Skipped { moved_on: at } => at,
            })
            .find(|begins| *begins >= at)
            .unwrap_or(at.plus(DAY_MS))
    }
}

/// A post: a rank of a team, and of a turn of duty where one is named.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Post {
    /// How far up.
    pub rank: Rank,
    /// The turn; none means whoever is on duty.
    pub turn: Option<Turn>,
}

const fn post(rank: Rank, turn: Option<Turn>) -> Post {
    Post { rank, turn }
}

impl Post {
    /// The sergeant on duty.
    pub const SERGEANT: Self = post(Rank::Sergeant, None);

    /// Every post, as a choice offers them.
    pub const ALL: [Self; 9] = [
        Self::SERGEANT,
        post(Rank::Sergeant, Some(Turn::Early)),
        post(Rank::Sergeant, Some(Turn::Late)),
        post(Rank::Sergeant, Some(Turn::Night)),
        post(Rank::Crew, None),
        post(Rank::Crew, Some(Turn::Early)),
        post(Rank::Crew, Some(Turn::Late)),
        post(Rank::Crew, Some(Turn::Night)),
        post(Rank::Inspector, None),
    ];

    /// The post of a rank, whichever turn.
    pub fn of(rank: Rank) -> Self {
        post(rank, None)
    }

    /// Its sealed code.
    pub fn code(self) -> Code {
        let rank = match self.rank {
            Rank::Crew => "CREW",
            Rank::Sergeant => "PS",
            Rank::Inspector => "INSP",
        };
        let turn = match self.turn {
            None => "",
            Some(Turn::Early) => "_EARLY",
            Some(Turn::Late) => "_LATE",
            Some(Turn::Night) => "_NIGHT",
        };
        Code::new(format!("{rank}{turn}"))
    }

    /// The post of a code; none for one this version does not know.
    pub fn from_code(code: &Code) -> Option<Self> {
        Self::ALL.into_iter().find(|post| post.code() == *code)
    }

    /// As shown: `late sergeant`.
    pub fn words(self) -> &'static str {
        match (self.rank, self.turn) {
            (Rank::Sergeant, None) => words::POST_SERGEANT,
            (Rank::Sergeant, Some(Turn::Early)) => words::POST_EARLY_SERGEANT,
            (Rank::Sergeant, Some(Turn::Late)) => words::POST_LATE_SERGEANT,
            (Rank::Sergeant, Some(Turn::Night)) => words::POST_NIGHT_SERGEANT,
            (Rank::Crew, None) => words::POST_CREW,
            (Rank::Crew, Some(Turn::Early)) => words::POST_EARLY_CREW,
            (Rank::Crew, Some(Turn::Late)) => words::POST_LATE_CREW,
            (Rank::Crew, Some(Turn::Night)) => words::POST_NIGHT_CREW,
            (Rank::Inspector, _) => words::POST_INSPECTOR,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_post_has_a_code_of_its_own_and_leads_back() {
        for post in Post::ALL {
            assert_eq!(Post::from_code(&post.code()), Some(post));
            assert!(!post.words().is_empty());
        }
        assert_eq!(Post::from_code(&Code::new("SUPERINTENDENT")), None);
    }

    #[test]
    fn a_turn_begins_at_its_hour_in_london_on_the_night_the_clocks_change_too() {
        // 03:10 on Sat 28 Nov 2026 GMT; and 00:30 on Sun 25 Oct 2026, still BST, the night the clocks go back.
        let at = Millis(1_795_835_400_000);
        assert_eq!(crate::time::day_clock(Turn::Early.next_after(at)), "Sat 28 Nov, 07:00");
        assert_eq!(crate::time::day_clock(Turn::Night.next_after(at)), "Sat 28 Nov, 22:00");
        let october = Millis(1_792_884_600_000);
        assert!(crate::time::day_clock(Turn::Early.next_after(october)).starts_with("Sun 25 Oct, 07:00"));
    }
}
