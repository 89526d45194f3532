//! What is wrong with a revision that is in custody: the domain's own checks, and what only central can see.

use std::collections::HashMap;

use beatbook_domain::check::{self, ProblemCode};
use beatbook_domain::entry::{Body, Change, Head, Kind};
use beatbook_domain::id::Link;
use beatbook_protocol::sync::ReceiptProblem;

use super::{Facts, authority};
use crate::storage::{ChainRole, ChainRow, Parent};
use crate::words;

/// Code of what arrived from a device that was out of service.
pub const AFTER_REVOCATION: &str = "after_revocation";

/// Code of what came without its words: erased or dropped on its device, and lost here by a restore.
pub const BODY_MISSING: &str = "body_missing";

/// Checks a revision; gives its body where it reads by its schema.
pub fn of(
    facts: &Facts,
    parents: &HashMap<Link, Parent>,
    chain: &ChainRow,
    head: &Head,
    bytes: Option<&[u8]>,
) -> (Option<Body>, Vec<ReceiptProblem>) {
    let mut found = Vec::new();
    let body = match bytes.map(|bytes| Body::parse(head.kind, head.schema, head.change, bytes)) {
        None => {
            found.push(problem(BODY_MISSING, words::BODY_MISSING, false));
            None
        }
        Some(Ok(body)) => {
            found.extend(check::revision(head, &body, &facts.lists).into_iter().map(of_check));
            Some(body)
        }
        Some(Err(_)) => {
            found.push(problem("body_unreadable", words::BODY_UNREADABLE, false));
            None
        }
    };
    if head.revises.iter().filter_map(|link| parents.get(link)).any(|parent| !follows(head, parent)) {
        let problem = of_check(check::Problem::flag("revises", ProblemCode::RevisesWrong));
        if !found.contains(&problem) {
            found.push(problem);
        }
    }
    if head.author != chain.officer {
        found.push(problem("author_differs", words::AUTHOR_DIFFERS, false));
    }
    if let Some(named) = authority::named(body.as_ref()) {
        let about: Vec<&Parent> =
            authority::decided(head, body.as_ref()).filter_map(|about| parents.get(&about.link)).collect();
        if named == chain.officer || about.iter().any(|parent| parent.officer == chain.officer) {
            found.push(problem("reviews_own", words::REVIEWS_OWN, false));
        }
        let entries = authority::decided(head, body.as_ref());
        let elsewhere = entries
            .filter(|about| parents.get(&about.link).is_some_and(|parent| parent.entry != about.entry_id));
        if elsewhere.count() > 0 || about.iter().any(|parent| parent.officer != named) {
            found.push(problem("about_differs", words::ABOUT_DIFFERS, false));
        }
    }
    if in_wrong_chain(chain.role, head.kind) {
        found.push(problem("wrong_chain", words::WRONG_CHAIN, false));
    }
    if head.seq == 0 && !opens(facts, chain, head, body.as_ref()) {
        found.push(problem("chain_opened_differs", words::CHAIN_OPENED_DIFFERS, false));
    }
    if let Some((code, words)) = authority::missing(facts, parents, chain.officer, head, body.as_ref()) {
        found.push(problem(code, words, false));
    }
    if facts.revoked {
        found.push(problem(AFTER_REVOCATION, words::AFTER_REVOCATION, false));
    }
    (body, found)
}

/// The place of a revision is taken by another: two phones wrote one notebook, or a backup was restored.
pub fn split_chain() -> ReceiptProblem {
    problem("split_chain", words::SPLIT_CHAIN, false)
}

fn problem(code: &str, words: &str, author_can_cure: bool) -> ReceiptProblem {
    ReceiptProblem { code: code.to_owned(), field: None, words: words.to_owned(), author_can_cure }
}

/// A finding of the domain's check as it stands beside a receipt.
fn of_check(found: check::Problem) -> ReceiptProblem {
    // Lists and kinds are cured by their owner and by an update of central, not by the author.
    let author_can_cure = !matches!(found.code, ProblemCode::UnknownCode | ProblemCode::UnknownKind);
    let code = serde_json::to_value(found.code).ok().and_then(|value| value.as_str().map(str::to_owned));
    ReceiptProblem {
        code: code.unwrap_or_default(),
        field: Some(found.field),
        words: found.code.words().to_owned(),
        author_can_cure,
    }
}

/// Whether a revision may follow one in custody: in the same entry, and of another kind only within its pair, as what
/// was started goes on. A kind this version does not know is not judged.
fn follows(head: &Head, parent: &Parent) -> bool {
    let unknown = head.kind == Kind::Unknown || parent.kind == Kind::Unknown;
    let goes_on = head.change == Change::Continues && parent.kind.may_become(head.kind);
    head.entry_id == parent.entry && (unknown || head.kind == parent.kind || goes_on)
}

fn in_wrong_chain(role: ChainRole, kind: Kind) -> bool {
    match kind {
        Kind::ChainOpened | Kind::KeyChanged | Kind::Unknown => false,
        kind => kind.is_log() != (role == ChainRole::Log),
    }
}

/// Whether revision 0 is the `chain_opened` of this very profile.
fn opens(facts: &Facts, chain: &ChainRow, head: &Head, body: Option<&Body>) -> bool {
    let Some(Body::ChainOpened(opened)) = body else { return false };
    head.kind == Kind::ChainOpened
        && (opened.officer, opened.device, opened.force) == (chain.officer, chain.device, facts.force)
        && opened.profile_key == chain.profile_key
}
