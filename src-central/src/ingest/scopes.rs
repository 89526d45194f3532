//! Where a revision is fed, and who belongs to a shift.

use std::collections::{BTreeSet, HashMap};

use beatbook_domain::duty::{Post, Rank};
use beatbook_domain::entry::{Access, Body, Change, CrewStanding, DutyBody, Head, Kind};
use beatbook_domain::id::{EntryId, Link, OfficerId, TeamId};
use beatbook_protocol::sync::Scope;

use super::{Facts, authority};
use crate::storage::{ChainRole, ChainRow, CrewClaim, Parent};

/// The scopes of a revision. The owner of the chain counts as its author: that key signed it, whatever the head says.
/// Log chains are custody only; what is for professional standards alone goes to its author and to them, and no
/// further.
pub fn of(
    facts: &Facts,
    parents: &HashMap<Link, Parent>,
    chain: &ChainRow,
    head: &Head,
    body: Option<&Body>,
) -> Vec<Scope> {
    if chain.role == ChainRole::Log {
        return Vec::new();
    }
    let mut scopes = BTreeSet::from([Scope::Officer(chain.officer)]);
    if head.access == Access::ProfessionalStandards {
        scopes.insert(Scope::Standards);
        return scopes.into_iter().collect();
    }
    if let Some(Body::Duty(duty)) = body {
        return of_duty(facts, parents, chain, head, (body, duty), scopes);
    }
    if head.kind.is_of_review() {
        return of_review(facts, parents, chain, head, body, scopes);
    }
    if head.kind == Kind::Tasking {
        return of_tasking(facts, parents, chain, head, body, scopes);
    }
    if let Some(Body::Crew(crew)) = body {
        scopes.insert(Scope::Officer(crew.member));
    }
    let own = team(facts, chain, head);
    scopes.extend(own.map(Scope::Team));
    if head.kind.is_duty() {
        // Taken back: it may have been offered to the crews.
        scopes.extend(own.map(Scope::Duties));
    } else {
        scopes.extend(shift_of(head).map(Scope::Shift));
    }
    scopes.into_iter().collect()
}

/// A duty is for whoever has it, the post it is offered to, and those above who must see that nobody takes it: the
/// supervisors of its author's team and of the post's, and the crews of a team where it is offered to them. Who took it
/// without authority reaches nobody.
fn of_duty(
    facts: &Facts,
    parents: &HashMap<Link, Parent>,
    chain: &ChainRow,
    head: &Head,
    (body, duty): (Option<&Body>, &DutyBody),
    mut scopes: BTreeSet<Scope>,
) -> Vec<Scope> {
    if authority::missing(facts, parents, chain.officer, head, body).is_some() {
        return scopes.into_iter().collect();
    }
    scopes.extend(duty.officer.map(Scope::Officer));
    scopes.extend(duty.from.map(Scope::Officer));
    scopes.extend(team(facts, chain, head).map(Scope::Team));
    scopes.extend(duty.team.map(Scope::Team));
    let post = duty.post.as_ref().and_then(Post::from_code);
    if post.is_some_and(|post| post.rank == Rank::Crew) {
        scopes.extend(duty.team.map(Scope::Duties));
    }
    scopes.into_iter().collect()
}

/// The team of whoever wrote a revision, at the time.
fn team(facts: &Facts, chain: &ChainRow, head: &Head) -> Option<TeamId> {
    let standing = facts.officers.get(&chain.officer)?;
    standing.subject(chain.officer, head.written_corrected(), facts.at).team
}

/// What is said in a review is between its author, the officer whose entry it is about, and those who review the team that
/// entry belongs to: never for the rest of the crew, nor for another team its author reviews. Who has no authority reaches
/// nobody.
fn of_review(
    facts: &Facts,
    parents: &HashMap<Link, Parent>,
    chain: &ChainRow,
    head: &Head,
    body: Option<&Body>,
    mut scopes: BTreeSet<Scope>,
) -> Vec<Scope> {
    let named = authority::named(body);
    let entitled = authority::missing(facts, parents, chain.officer, head, body).is_none();
    if entitled && named != Some(chain.officer) {
        scopes.extend(named.map(Scope::Officer));
        let mut about = authority::subjects(facts, parents, head, body);
        // An answer is its author's word about an entry of their own.
        about.retain(|subject| named.is_some() || subject.officer == chain.officer);
        scopes.extend(about.iter().filter_map(|subject| subject.team).map(Scope::Team));
        if about.is_empty() {
            scopes.extend(team(facts, chain, head).map(Scope::Team));
        }
    }
    scopes.into_iter().collect()
}

/// What is asked of a team is for everybody in it, before the shift, and for those who review it. A later revision that
/// withdraws it names no team: it goes to the team of its author. Who has no authority for the team reaches nobody.
fn of_tasking(
    facts: &Facts,
    parents: &HashMap<Link, Parent>,
    chain: &ChainRow,
    head: &Head,
    body: Option<&Body>,
    mut scopes: BTreeSet<Scope>,
) -> Vec<Scope> {
    if authority::missing(facts, parents, chain.officer, head, body).is_none()
        && let Some(standing) = facts.officers.get(&chain.officer)
    {
        let teams = match body {
            Some(Body::Tasking(tasking)) => tasking.team.into_iter().collect(),
            _ => authority::review_teams(standing, chain.officer, head.written_corrected()),
        };
        for team in teams {
            scopes.extend([Scope::Team(team), Scope::Briefing(team)]);
        }
    }
    scopes.into_iter().collect()
}

/// The shift a revision belongs to: the one it names, or itself where it opens or ends one.
fn shift_of(head: &Head) -> Option<EntryId> {
    head.shift_id
        .or_else(|| matches!(head.kind, Kind::ShiftOpened | Kind::ShiftEnded).then_some(head.entry_id))
}

/// Whom a revision names in a shift: (shift, who says so, who is named, whether it opens the shift).
pub fn claim(
    chain: &ChainRow,
    head: &Head,
    body: Option<&Body>,
) -> Option<(EntryId, OfficerId, OfficerId, bool)> {
    let shift = shift_of(head)?;
    match (head.kind, body) {
        (Kind::ShiftOpened, _) if head.change == Change::First => {
            Some((shift, chain.officer, chain.officer, true))
        }
        (Kind::CrewJoined, Some(Body::Crew(crew))) if crew.standing != CrewStanding::Disputed => {
            Some((shift, chain.officer, crew.member, false))
        }
        _ => None,
    }
}

/// The crew of a shift: who opened it first, whom they named, whom those named. Naming oneself opens nothing.
#[must_use]
pub fn crew_of(shift: EntryId, claims: &[CrewClaim]) -> BTreeSet<OfficerId> {
    let claims = || claims.iter().filter(|claim| claim.shift == shift);
    let opener = claims().filter(|claim| claim.opens).min_by_key(|claim| claim.pos).map(|claim| claim.by);
    let mut crew: BTreeSet<OfficerId> = opener.into_iter().collect();
    loop {
        let named: Vec<OfficerId> = claims()
            .filter(|claim| !claim.opens && crew.contains(&claim.by) && !crew.contains(&claim.member))
            .map(|claim| claim.member)
            .collect();
        if named.is_empty() {
            return crew;
        }
        crew.extend(named);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_crew_grows_only_by_its_own_word() {
        let officer = |n: u128| OfficerId(Uuid::from_u128(n));
        let shift = EntryId(Uuid::from_u128(9));
        let claim = |by, member, opens, pos| CrewClaim {
            shift,
            by: officer(by),
            member: officer(member),
            opens,
            pos,
        };
        let claims = [
            claim(3, 4, false, 1),
            claim(1, 1, true, 2),
            claim(1, 3, false, 3),
            claim(5, 5, false, 4),
            claim(6, 6, true, 5),
        ];
        assert_eq!(crew_of(shift, &claims), BTreeSet::from([officer(1), officer(3), officer(4)]));
        assert!(crew_of(EntryId(Uuid::from_u128(8)), &claims).is_empty());
    }
}
