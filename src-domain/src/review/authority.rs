//! Who decides about whose entries: somebody who stands above the author, in the author's own team at the time.
//!
//! A sergeant reviews the team the roster puts them in, an inspector that team and its sergeants. A grant does the same for
//! another team, for as long as it lasts: `review` as a sergeant, `command` as an inspector. What is asked is always the
//! team of the officer the entry is about, never whether the reviewer reviews anybody at all.

use crate::id::{Code, OfficerId, TeamId};
use crate::time::Millis;

/// The capability of deciding about a team's entries, as its sergeant does.
pub const REVIEW: &str = "review";
/// The capability of deciding about its sergeants' entries too, as its inspector does. It holds [`REVIEW`].
pub const COMMAND: &str = "command";

/// How far up somebody stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Step {
    /// Constables, special constables, staff: decides about nobody.
    Patrol,
    /// Sergeants.
    Sergeant,
    /// Inspectors.
    Inspector,
}

impl Step {
    /// Where a role of the roster stands. A role this version does not know decides about nobody.
    #[must_use]
    pub fn of_role(role: &Code) -> Self {
        match role.as_str() {
            "PS" => Self::Sergeant,
            "INSP" => Self::Inspector,
            _ => Self::Patrol,
        }
    }

    /// As what a capability lets somebody decide; none where it is about something else.
    #[must_use]
    pub fn of_capability(capability: &Code) -> Option<Self> {
        match capability.as_str() {
            REVIEW => Some(Self::Sergeant),
            COMMAND => Some(Self::Inspector),
            _ => None,
        }
    }

    /// Whether this step decides about entries of that one. There is nobody above inspectors in Beatbook: another of them
    /// decides about theirs.
    #[must_use]
    pub fn is_above(self, of: Self) -> bool {
        self > of || (self, of) == (Self::Inspector, Self::Inspector)
    }
}

/// Whether a role supervises: it reviews its own team, and patrols only by a grant that says so.
#[must_use]
pub fn supervises(role: &Code) -> bool {
    Step::of_role(role) > Step::Patrol
}

/// Roles that read and check what others do, and never go out with a crew: auditors, partners, analysts, records,
/// professional standards.
const OFF_THE_BEAT: [&str; 5] = ["AUDIT", "PARTNER", "ANALYST", "IM", "PSD"];

/// Whether a role is of its team's work on the beat: it is briefed, it may be offered a duty, it may be named as crew.
/// A force has ranks this version does not know; they are.
#[must_use]
pub fn works_the_beat(role: &Code) -> bool {
    !OFF_THE_BEAT.contains(&role.as_str())
}

/// What a role brings for the team it is in, without a grant.
#[must_use]
pub fn capabilities_of(role: &Code) -> &'static [&'static str] {
    match Step::of_role(role) {
        Step::Patrol => &[],
        Step::Sergeant => &[REVIEW],
        Step::Inspector => &[REVIEW, COMMAND],
    }
}

/// What somebody decides by: a grant, or what their role brings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Held {
    /// As what.
    pub step: Step,
    /// For which team; none is the whole force.
    pub team: Option<TeamId>,
    /// From when.
    pub from: Millis,
    /// Until when (exclusive); none while it has no end.
    pub until: Option<Millis>,
}

/// Whose entry is decided about, by the roster at the corrected time at which it was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Subject {
    /// The author.
    pub officer: OfficerId,
    /// Their team then.
    pub team: Option<TeamId>,
    /// How far up they stood then.
    pub step: Step,
}

/// Whether somebody may decide at `at` about an entry of `of`. Nobody decides about their own.
#[must_use]
pub fn may_decide(by: OfficerId, held: &[Held], of: &Subject, at: Millis) -> bool {
    let in_force = |one: &&Held| one.from <= at && one.until.is_none_or(|until| at < until);
    let reaches = |one: &Held| one.team.is_none_or(|team| of.team == Some(team));
    by != of.officer && held.iter().filter(in_force).any(|one| reaches(one) && one.step.is_above(of.step))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::testing::officer;
    use uuid::Uuid;

    fn team(n: u128) -> TeamId {
        TeamId(Uuid::from_u128(n))
    }

    fn held(step: Step, team: Option<TeamId>) -> Held {
        Held { step, team, from: Millis(100), until: Some(Millis(200)) }
    }

    fn subject(step: Step, of: Option<TeamId>) -> Subject {
        Subject { officer: officer(1482), team: of, step }
    }

    #[test]
    fn the_team_of_the_officer_decides_and_the_step_above_them() {
        use Step::{Inspector, Patrol, Sergeant};
        let (ours, theirs) = (Some(team(1)), Some(team(2)));
        // (held, the author's step and team, whether it may be decided about)
        let table = [
            (held(Sergeant, ours), Patrol, ours, true),
            (held(Sergeant, ours), Patrol, theirs, false),
            (held(Sergeant, ours), Patrol, None, false),
            (held(Sergeant, ours), Sergeant, ours, false),
            (held(Sergeant, ours), Inspector, ours, false),
            (held(Inspector, ours), Patrol, ours, true),
            (held(Inspector, ours), Sergeant, ours, true),
            (held(Inspector, ours), Sergeant, theirs, false),
            (held(Inspector, ours), Inspector, ours, true),
            (held(Patrol, ours), Patrol, ours, false),
            (held(Sergeant, None), Patrol, theirs, true),
            (held(Sergeant, None), Patrol, None, true),
            (held(Sergeant, None), Sergeant, theirs, false),
        ];
        for (held, step, of, may) in table {
            let subject = subject(step, of);
            assert_eq!(may_decide(officer(311), &[held], &subject, Millis(150)), may, "{held:?} {subject:?}");
            // Never about one's own, never before it begins or after it ends.
            assert!(!may_decide(officer(1482), &[held], &subject, Millis(150)));
            for at in [99, 200] {
                assert!(!may_decide(officer(311), &[held], &subject, Millis(at)));
            }
        }
    }

    #[test]
    fn roles_and_capabilities_say_the_same() {
        for role in [
            "PC",
            "SC",
            "PCSO",
            "DEO",
            "PS",
            "INSP",
            "AUDIT",
            "PARTNER",
            "ANALYST",
            "IM",
            "PSD",
            "WHAT_COMES",
        ] {
            let role = Code::new(role);
            let steps =
                capabilities_of(&role).iter().filter_map(|name| Step::of_capability(&Code::new(*name)));
            assert_eq!(steps.max().unwrap_or(Step::Patrol), Step::of_role(&role), "{role}");
            assert_eq!(supervises(&role), Step::of_role(&role) > Step::Patrol);
            let looks_on = matches!(role.as_str(), "AUDIT" | "PARTNER" | "ANALYST" | "IM" | "PSD");
            assert_eq!(works_the_beat(&role), !looks_on, "{role}");
        }
        assert_eq!(Step::of_capability(&Code::new("patrol")), None);
    }
}
