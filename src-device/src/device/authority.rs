//! Whether the officer may decide about an entry now, by what central last told: the same rule as at central, with the
//! team that gave the entry to this phone.

use beatbook_domain::entry::Entry;
use beatbook_domain::id::TeamId;
use beatbook_domain::review::{Held, Step, Subject, may_decide};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::Scope;

use super::context::Context;
use super::views::Folded;
use crate::store::pull::LastAnswer;
use crate::store::{Store, StoreError};

/// What the officer decides by: the grants central last told of, those that roles bring among them.
pub(super) fn held(answer: &LastAnswer) -> Vec<Held> {
    let held = answer.grants.iter().filter_map(|grant| {
        let step = Step::of_capability(&grant.capability)?;
        Some(Held { step, team: grant.team, from: grant.from, until: grant.until })
    });
    held.collect()
}

/// Whether the officer may decide about an entry. `folded` holds its revisions.
pub(super) fn may_decide_about(
    store: &mut Store,
    context: &Context,
    folded: &Folded,
    entry: &Entry,
    now: Millis,
) -> Result<bool, StoreError> {
    let held = held(&store.last_answer()?);
    let author = entry.first().head.author;
    let row = context.officers.iter().find(|row| row.officer == author);
    let step = row.map_or(Step::Patrol, |row| Step::of_role(&row.role));
    let rids: Vec<i64> =
        entry.revisions.iter().filter_map(|one| folded.row(&one.link)).map(|row| row.rid).collect();
    // An entry belongs to the team its author was in when it was written: that of the scope it came by.
    let mut teams: Vec<Option<TeamId>> = Vec::new();
    for team in held.iter().filter_map(|one| one.team) {
        if store.came_by(Scope::Team(team), &rids)? {
            teams.push(Some(team));
        }
    }
    if teams.is_empty() {
        teams.push(row.and_then(|row| row.team));
    }
    let me = context.me.officer;
    Ok(teams.into_iter().any(|team| may_decide(me, &held, &Subject { officer: author, team, step }, now)))
}
