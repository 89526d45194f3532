//! Holds, releases and erasures of records: what is asked, whether it may be, and what is sealed about it.

use beatbook_domain::entry::{About, Body, Entry, Head, Hold, Kind, Revision, fold};
use beatbook_domain::erase::{self, EraseError};
use beatbook_domain::id::{Code, EntryId, Link, OfficerId};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::Scope;

use crate::own::Writing;
use crate::storage::FeedRow;

/// What somebody wants done with an entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Act {
    /// The entry.
    pub entry: EntryId,
    /// What.
    pub what: What,
    /// On whose authority: the reference of the decision.
    pub authority: String,
    /// The officer who acts.
    pub by: OfficerId,
}

/// The three things that can be done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// A legal hold: nothing of it may be erased.
    Hold,
    /// The hold ends.
    Release,
    /// Its words are erased, under this retention class or right.
    Erase(Code),
}

/// Why it is not done. Nothing was changed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ActError {
    /// Nothing of that entry is here.
    #[error("no entry {0} is here")]
    Unknown(EntryId),
    /// As the rules say.
    #[error(transparent)]
    Rule(#[from] EraseError),
    /// A hold stands already.
    #[error("entry {0} is held already")]
    HeldAlready(EntryId),
    /// There is no hold to release.
    #[error("no hold stands on entry {0}")]
    NotHeld(EntryId),
    /// Proof of what was kept and erased.
    #[error(
        "entry {entry} is a record of kind {kind}: it proves what was kept and erased, and stays for ever"
    )]
    Proof {
        /// The entry.
        entry: EntryId,
        /// Its kind.
        kind: &'static str,
    },
}

/// A stored revision as the rules read it; none where its head cannot be read.
#[must_use]
pub fn parsed(row: &FeedRow) -> Option<Revision> {
    let head = Head::parse(&row.head).ok()?;
    let body = row.body.as_ref().map(|bytes| {
        let unread = || Body::Unread(serde_json::from_slice(bytes).unwrap_or_default());
        Body::parse(head.kind, head.schema, head.change, bytes).unwrap_or_else(|_| unread())
    });
    Some(Revision {
        link: row.link,
        gone: body.is_none().then_some(beatbook_domain::entry::Gone::Erased),
        head,
        body,
        received: Some((row.received_at, row.pos)),
        problems: row.problems.iter().map(|problem| problem.code.clone()).collect(),
    })
}

/// The holds and releases among some rows that count, with when each was written.
#[must_use]
pub fn holds(rows: &[FeedRow]) -> Vec<(Millis, Hold)> {
    let revisions = rows.iter().filter(|row| row.problems.is_empty()).filter_map(parsed);
    let holds = revisions.filter_map(|revision| match revision.body {
        Some(Body::Hold(hold)) => Some((revision.head.written_corrected(), hold)),
        _ => None,
    });
    holds.collect()
}

/// What is sealed about an act, if it may be done: from every revision of the entry and every hold.
///
/// # Errors
/// [`ActError`].
pub fn decide(act: &Act, revisions: &[FeedRow], held: &[FeedRow], now: Millis) -> Result<Writing, ActError> {
    let entries = fold(revisions.iter().filter_map(parsed));
    let entry: &Entry =
        entries.iter().find(|one| one.entry_id == act.entry).ok_or(ActError::Unknown(act.entry))?;
    let holds = holds(held);
    let is_held = erase::is_held(act.entry, &holds);
    let authority = act.authority.trim().to_owned();
    if authority.is_empty() {
        return Err(EraseError::NoAuthority.into());
    }
    let (kind, body) = match &act.what {
        What::Hold if is_held => return Err(ActError::HeldAlready(act.entry)),
        What::Release if !is_held => return Err(ActError::NotHeld(act.entry)),
        What::Hold | What::Release => {
            let hold = Hold { entry_id: act.entry, holds: act.what == What::Hold, authority };
            (Kind::Hold, Body::Hold(hold))
        }
        What::Erase(class) => {
            let proof =
                |kind| matches!(kind, Kind::Hold | Kind::Erasure | Kind::ChainOpened | Kind::KeyChanged);
            if let Some(one) = entry.revisions.iter().find(|revision| proof(revision.head.kind)) {
                return Err(ActError::Proof { entry: act.entry, kind: one.head.kind.name() });
            }
            let erasure = erase::decide(entry, &holds, &authority, class.clone(), now)?;
            (Kind::Erasure, Body::Erasure(erasure))
        }
    };
    let about = Some(About { entry_id: act.entry, link: entry.current().link });
    Ok(Writing { kind, body, about, by: act.by })
}

/// The revisions a sealed record erases.
#[must_use]
pub fn erases(body: &Body) -> Vec<Link> {
    match body {
        Body::Erasure(erasure) => erasure.links.clone(),
        _ => Vec::new(),
    }
}

/// Whether a scope of a feed follows from what a body says, so that it goes with it: an officer named in it, a
/// post a duty is offered to. The author's own, the shift and the team follow from head and roster.
#[must_use]
pub fn told_by_body(scope: &Scope, author: OfficerId) -> bool {
    match scope {
        Scope::Officer(officer) => *officer != author,
        Scope::Duties(_) => true,
        _ => false,
    }
}
