//! As what an officer may act now, by the roster and by the grants central last told of.

use beatbook_domain::duty::{Rank, rank_of};
use beatbook_domain::id::TeamId;
use beatbook_domain::review::works_the_beat;
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::Capability;

use super::context::Context;
use crate::store::pull::LastAnswer;
use crate::store::{Store, StoreError};

/// Decides about a team's entries.
const REVIEW: &str = "review";
/// Decides what was handed up.
const COMMAND: &str = "command";
/// Reads disclosures about people in policing.
const STANDARDS: &str = "professional_standards";
/// Records patrols, for a sergeant.
const PATROL: &str = "patrol";

/// The officer's posts now.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Posts {
    own: Option<TeamId>,
    /// Teams with the rank held in them; none stands for the whole force.
    held: Vec<(Option<TeamId>, Rank)>,
}

impl Posts {
    /// The posts of the notebook's officer.
    pub(super) fn of(answer: &LastAnswer, context: &Context, now: Millis) -> Self {
        let rank = |what: &str| match what {
            REVIEW => Some(Rank::Sergeant),
            COMMAND => Some(Rank::Inspector),
            _ => None,
        };
        let held =
            in_force(answer, now).filter_map(|grant| Some((grant.team, rank(grant.capability.as_str())?)));
        Self { own: context.me.team, held: held.collect() }
    }

    /// As [`Posts::of`], with what central last said.
    pub(super) fn now(store: &mut Store, context: &Context, now: Millis) -> Result<Self, StoreError> {
        Ok(Self::of(&store.last_answer()?, context, now))
    }

    /// The rank in a team; none for somebody of another team.
    pub(super) fn rank_in(&self, team: Option<TeamId>) -> Option<Rank> {
        let held =
            self.held.iter().filter(|(of, _)| of.is_none() || *of == team).map(|(_, rank)| *rank).max();
        held.or_else(|| (team.is_some() && team == self.own).then_some(Rank::Crew))
    }

    /// The highest rank held anywhere.
    pub(super) fn rank(&self) -> Rank {
        self.held.iter().map(|(_, rank)| *rank).max().unwrap_or(Rank::Crew)
    }

    /// Whether the officer decides about others' entries.
    pub(super) fn reviews(&self) -> bool {
        self.rank() > Rank::Crew
    }

    /// The officer's own team.
    pub(super) fn own_team(&self) -> Option<TeamId> {
        self.own
    }
}

fn in_force(answer: &LastAnswer, now: Millis) -> impl Iterator<Item = &beatbook_protocol::sync::Grant> {
    answer.grants.iter().filter(move |grant| grant.from <= now && grant.until.is_none_or(|until| now < until))
}

/// Whether the profile may decide about others' entries now.
pub(super) fn may_review(answer: &LastAnswer, now: Millis) -> bool {
    in_force(answer, now).any(|grant| matches!(grant.capability.as_str(), REVIEW | COMMAND))
}

/// What role and grants in force allow. A constable who acts for a sergeant tonight still patrols; a sergeant patrols by a
/// grant, professional standards not at all. Before central has said anything, everybody may record patrols.
pub(super) fn capabilities(answer: &LastAnswer, context: &Context, now: Millis) -> Vec<Capability> {
    let has = |what: &str| in_force(answer, now).any(|grant| grant.capability == *what);
    let role = &context.me.role;
    let patrols_by_role = rank_of(role) == Rank::Crew && works_the_beat(role);
    let mut capabilities = Vec::new();
    if answer.grants.is_empty() || patrols_by_role || has(PATROL) {
        capabilities.push(Capability::Patrol);
    }
    if may_review(answer, now) {
        capabilities.push(Capability::Review);
    }
    if has(COMMAND) {
        capabilities.push(Capability::Command);
    }
    if has(STANDARDS) {
        capabilities.push(Capability::Standards);
    }
    capabilities
}
