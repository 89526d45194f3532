//! Authority: who may do what, judged at the corrected time of writing, never by device time alone.

use beatbook_domain::entry::{Head, Kind};
use beatbook_domain::id::{Code, OfficerId, TeamId};
use beatbook_domain::review::supervises;
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::Grant;

use super::{Facts, Standing};
use crate::words;

/// The capability of reading and reviewing a team's entries.
pub const REVIEW: &str = "review";

impl Standing {
    /// Everything this officer was, is and will be allowed: grants, and what roles bring.
    pub fn all_grants(&self, officer: OfficerId) -> Vec<Grant> {
        let by_role = self.roster.iter().filter(|row| supervises(&row.role)).map(|row| Grant {
            officer,
            capability: Code::new(REVIEW),
            team: row.team,
            from: row.from,
            until: row.until,
        });
        self.grants.iter().cloned().chain(by_role.filter(|grant| grant.team.is_some())).collect()
    }

    /// The team by the roster at `at`.
    pub fn team_at(&self, at: Millis) -> Option<TeamId> {
        self.roster.iter().find(|row| row.covers(at)).and_then(|row| row.team)
    }
}

fn covers(grant: &Grant, at: Millis) -> bool {
    grant.from <= at && grant.until.is_none_or(|until| at < until)
}

/// Whether an officer has a capability at `at`, in any team.
#[must_use]
pub fn may(standing: &Standing, officer: OfficerId, capability: &str, at: Millis) -> bool {
    standing.all_grants(officer).iter().any(|grant| grant.capability == *capability && covers(grant, at))
}

/// The teams an officer reviews at `at`; none for a grant over the whole force, which reads by export, not by feed.
#[must_use]
pub fn review_teams(standing: &Standing, officer: OfficerId, at: Millis) -> Vec<TeamId> {
    let grants = standing.all_grants(officer);
    let reviews = grants.iter().filter(|grant| grant.capability == *REVIEW && covers(grant, at));
    let mut teams: Vec<TeamId> = reviews.filter_map(|grant| grant.team).collect();
    teams.sort_unstable();
    teams.dedup();
    teams
}

/// The capability a kind needs.
fn needed(kind: Kind) -> Option<&'static str> {
    matches!(kind, Kind::Review | Kind::Return | Kind::Tasking | Kind::Hold | Kind::Erasure).then_some(REVIEW)
}

/// What is missing: the authority itself, or the proof that it was written while the authority stood.
pub fn missing(facts: &Facts, officer: OfficerId, head: &Head) -> Option<(&'static str, &'static str)> {
    let capability = needed(head.kind)?;
    let nobody = Standing::default();
    let standing = facts.officers.get(&officer).unwrap_or(&nobody);
    // Without a measured offset the truth lies anywhere between the device's word and now.
    let (from, until) = match head.offset {
        Some(offset) => offset.bounds(head.written_at),
        None => (head.written_at.min(facts.at), head.written_at.max(facts.at)),
    };
    match (may(standing, officer, capability, from), may(standing, officer, capability, until)) {
        (true, true) => None,
        (false, false) => Some(("no_authority", words::NO_AUTHORITY)),
        _ => Some(("time_unproven", words::TIME_UNPROVEN)),
    }
}
