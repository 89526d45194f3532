//! Authority: who may do what, judged at the corrected time of writing, never by device time alone. The rule of who
//! decides about whom is the domain's ([`beatbook_domain::review`]); here it is given roster, grants and times.

use std::collections::HashMap;

use beatbook_domain::duty::{Post, Rank};
use beatbook_domain::entry::{About, Body, DutyBody, Head, Kind};
use beatbook_domain::id::{Code, Link, OfficerId, TeamId};
use beatbook_domain::review::{
    COMMAND, Held, REVIEW, Step, Subject, capabilities_of, decided_as, may_decide, works_the_beat,
};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::Grant;

use super::{Facts, Standing};
use crate::storage::{Parent, RosterRow};
use crate::words;

/// The capability of reading disclosures about people in policing, and nothing else.
pub const STANDARDS: &str = "professional_standards";
/// The capability of holding and erasing records. No role brings it: it is granted by name.
pub const RECORDS: &str = "records";
/// The role that brings reading disclosures about people in policing.
const STANDARDS_ROLE: &str = "PSD";

impl Standing {
    /// Everything this officer was, is and will be allowed: grants, and what roles bring. Who acts as an inspector acts
    /// as a sergeant too.
    pub fn all_grants(&self, officer: OfficerId) -> Vec<Grant> {
        let by_role = self.roster.iter().filter(|row| row.team.is_some()).flat_map(|row| {
            capabilities_of(&row.role).iter().map(|capability| Grant {
                officer,
                capability: Code::new(*capability),
                team: row.team,
                from: row.from,
                until: row.until,
            })
        });
        let commands = self.grants.iter().filter(|grant| grant.capability == *COMMAND);
        let with_it = commands.map(|grant| Grant { capability: Code::new(REVIEW), ..grant.clone() });
        let standards = self.roster.iter().filter(|row| row.role.as_str() == STANDARDS_ROLE).map(|row| {
            Grant { officer, capability: Code::new(STANDARDS), team: None, from: row.from, until: row.until }
        });
        self.grants.iter().cloned().chain(with_it).chain(by_role).chain(standards).collect()
    }

    /// What the officer decides by.
    pub fn held(&self, officer: OfficerId) -> Vec<Held> {
        let grants = self.all_grants(officer);
        let held = grants.iter().filter_map(|grant| {
            let step = Step::of_capability(&grant.capability)?;
            Some(Held { step, team: grant.team, from: grant.from, until: grant.until })
        });
        held.collect()
    }

    fn row_at(&self, at: Millis) -> Option<&RosterRow> {
        self.roster.iter().find(|row| row.covers(at))
    }

    /// The team whose briefings and offered duties the officer reads at `at`: their own, where their role works its beat.
    pub fn beat_at(&self, at: Millis) -> Option<TeamId> {
        self.row_at(at).filter(|row| works_the_beat(&row.role)).and_then(|row| row.team)
    }

    /// The officer as somebody who is decided about, by the roster at `at`. A phone whose clock is years off must not hide
    /// an entry from every sergeant: where the roster knows nothing of then, that of `now` counts.
    pub fn subject(&self, officer: OfficerId, at: Millis, now: Millis) -> Subject {
        let row = self.row_at(at).filter(|row| row.team.is_some()).or_else(|| self.row_at(now));
        Subject {
            officer,
            team: row.and_then(|row| row.team),
            step: row.map_or(Step::Patrol, |row| Step::of_role(&row.role)),
        }
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

/// The revisions a decision is about: the one its head names, and those it covers.
pub fn decided<'a>(head: &'a Head, body: Option<&'a Body>) -> impl Iterator<Item = &'a About> {
    let covers = match body {
        Some(Body::Review(review)) => review.covers.as_slice(),
        _ => &[],
    };
    head.about.iter().chain(covers)
}

/// The officer a decision says it is about.
pub fn named(body: Option<&Body>) -> Option<OfficerId> {
    match body {
        Some(Body::Review(review)) => Some(review.officer),
        Some(Body::Return(asked)) => Some(asked.officer),
        _ => None,
    }
}

/// Everybody a decision or an answer is about. Whose an entry is says the chain it stands in; where it has not arrived,
/// the decision's own word counts.
pub fn subjects(
    facts: &Facts,
    parents: &HashMap<Link, Parent>,
    head: &Head,
    body: Option<&Body>,
) -> Vec<Subject> {
    let of = |officer: OfficerId, at: Millis| {
        let nobody = Standing::default();
        facts.officers.get(&officer).unwrap_or(&nobody).subject(officer, at, facts.at)
    };
    let named = named(body).map(|officer| of(officer, head.written_corrected()));
    let mut subjects: Vec<Subject> = Vec::new();
    for about in decided(head, body) {
        let held = parents.get(&about.link).map(|parent| of(parent.officer, parent.written));
        subjects.extend(held.or(named).filter(|subject| !subjects.contains(subject)));
    }
    if subjects.is_empty() {
        subjects.extend(named);
    }
    subjects
}

/// Whether an officer may say something about another's duty at `at`: it is taken by who fills the post it is taken as, in
/// the team it is taken for. A later word goes on from what was taken; the post it names may be the next one's.
fn may_take(standing: &Standing, officer: OfficerId, duty: &DutyBody, at: Millis) -> bool {
    let Some(post) = duty.post.as_ref().and_then(Post::from_code).filter(|_| duty.accepted_by.is_some())
    else {
        return true;
    };
    let for_team = |step: Step| {
        standing.held(officer).iter().any(|held| {
            let in_force = held.from <= at && held.until.is_none_or(|until| at < until);
            in_force && held.step >= step && (held.team.is_none() || held.team == duty.team)
        })
    };
    match post.rank {
        Rank::Crew => duty.team.is_some() && standing.beat_at(at) == duty.team,
        Rank::Sergeant => for_team(Step::Sergeant),
        Rank::Inspector => for_team(Step::Inspector),
    }
}

/// What is missing: the authority itself, or the proof that it was written while the authority stood.
pub fn missing(
    facts: &Facts,
    parents: &HashMap<Link, Parent>,
    officer: OfficerId,
    head: &Head,
    body: Option<&Body>,
) -> Option<(&'static str, &'static str)> {
    let nobody = Standing::default();
    let standing = facts.officers.get(&officer).unwrap_or(&nobody);
    // Without a measured offset the truth lies anywhere between the device's word and now.
    let (from, until) = match head.offset {
        Some(offset) => offset.bounds(head.written_at),
        None => (head.written_at.min(facts.at), head.written_at.max(facts.at)),
    };
    let (at_first, at_last) = match head.kind {
        Kind::Review | Kind::Return => {
            let (mut held, about) = (standing.held(officer), subjects(facts, parents, head, body));
            // What is decided as an inspector is decided by one.
            if matches!(body, Some(Body::Review(review)) if decided_as(review) > Rank::Sergeant) {
                held.retain(|one| one.step >= Step::Inspector);
            }
            let all = |at| !about.is_empty() && about.iter().all(|of| may_decide(officer, &held, of, at));
            (all(from), all(until))
        }
        Kind::Tasking => {
            let tasks = |at| match body {
                // Something is asked of a team by those who review it, of nobody else.
                Some(Body::Tasking(tasking)) => {
                    tasking.team.is_some_and(|team| review_teams(standing, officer, at).contains(&team))
                }
                _ => may(standing, officer, REVIEW, at),
            };
            (tasks(from), tasks(until))
        }
        Kind::Hold | Kind::Erasure => {
            (may(standing, officer, RECORDS, from), may(standing, officer, RECORDS, until))
        }
        kind if kind.is_duty() && head.about.is_some() => match body {
            Some(Body::Duty(duty)) => {
                (may_take(standing, officer, duty, from), may_take(standing, officer, duty, until))
            }
            _ => return None,
        },
        _ => return None,
    };
    match (at_first, at_last) {
        (true, true) => None,
        (false, false) => Some(("no_authority", words::NO_AUTHORITY)),
        _ => Some(("time_unproven", words::TIME_UNPROVEN)),
    }
}
