//! What a group of deposits comes to: which revisions are new, which chains moved on or split. Pure, so that both
//! implementations decide alike; they only load the facts and write the rows.

use std::collections::{BTreeMap, HashMap, HashSet};

use beatbook_domain::entry::Head;
use beatbook_domain::id::{ChainId, Digest, Link, Salt};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{Receipt, ReceiptProblem, Scope};

use super::kept::Touched;
use super::rows::{Claim, Custody, Decision, Deposit, Deposited, ManifestRow};
use super::{StorageError, Stored};
use crate::ingest::problems as found;
use crate::receipt::ReceiptSigner;
use crate::records::told_by_body;

/// A chain as it stood before, locked for this transaction.
#[derive(Clone, Debug, Default)]
pub struct ChainState {
    /// Without a gap up to here, and the link there.
    pub verified: Option<(u64, Link)>,
    /// First sequence number found with two links.
    pub split_at: Option<u64>,
    /// Revisions held beyond `verified`: (seq, link, link before).
    pub tail: Vec<(u64, Link, Link)>,
}

/// A revision held before.
#[derive(Clone, Debug)]
pub struct Held {
    /// Its position.
    pub pos: u64,
    /// When it was received.
    pub received_at: Millis,
    /// Its problems.
    pub problems: Vec<ReceiptProblem>,
}

/// The corrected time of writing of a stored head; `at` (its column) where it does not read.
pub fn written(head: &[u8], at: Millis) -> Millis {
    Head::parse(head).map_or(at, |head| head.written_corrected())
}

/// Where a receipt of the group comes from.
enum Source {
    Fresh(usize),
    Held(Held),
}

/// What was decided about revisions before they came (again).
#[derive(Clone, Debug, Default)]
pub struct Foretold {
    /// Their words are erased.
    pub erased: HashSet<Link>,
    /// They arrived after their device was taken out of service, and somebody decided about them.
    pub decided: HashMap<Link, Decision>,
}

/// A new revision and what stands beside it.
pub struct Fresh<'a> {
    /// The revision.
    pub custody: &'a Custody,
    /// Its problems, a split chain included.
    pub problems: Vec<ReceiptProblem>,
    /// Its words are erased: only its proof is kept.
    pub erased: bool,
    /// Whether it is fed to nobody until somebody decides; then what was decided already, if anything.
    pub withheld: Option<Option<Decision>>,
}

impl Fresh<'_> {
    /// The body to keep.
    pub fn body(&self) -> Option<&[u8]> {
        self.custody.body.as_deref().filter(|_| !self.erased)
    }

    /// The salt to keep.
    pub fn salt(&self) -> Option<Salt> {
        self.custody.salt.filter(|_| !self.erased)
    }

    /// Where it is fed: of an erased one only where head and roster say so.
    pub fn scopes(&self) -> impl Iterator<Item = Scope> {
        let (author, erased) = (self.custody.columns.author, self.erased);
        self.custody.scopes.iter().copied().filter(move |scope| !erased || !told_by_body(scope, author))
    }

    /// Whom it names in a shift.
    pub fn claim(&self) -> Option<Claim> {
        self.custody.claim.filter(|_| !self.erased)
    }
}

/// What is to be written.
pub struct Plan<'a> {
    /// New revisions in the order of position.
    pub fresh: Vec<Fresh<'a>>,
    /// Manifests that prove at least one of them.
    pub manifests: Vec<&'a ManifestRow>,
    /// Chains as they stand afterwards.
    pub chains: BTreeMap<ChainId, ChainState>,
    sources: Vec<Vec<(Link, Source)>>,
}

/// The chains a group touches, in the order they must be locked.
pub fn chains_of(group: &[Deposit]) -> Vec<ChainId> {
    let mut chains: Vec<ChainId> =
        group.iter().flat_map(|deposit| deposit.revisions.iter().map(|custody| custody.chain)).collect();
    chains.sort_unstable();
    chains.dedup();
    chains
}

/// The links a group brings.
pub fn links_of(group: &[Deposit]) -> Vec<Link> {
    let mut links: Vec<Link> =
        group.iter().flat_map(|deposit| deposit.revisions.iter().map(|c| c.link)).collect();
    links.sort_unstable();
    links.dedup();
    links
}

/// Decides the group from the facts.
pub fn plan<'a>(
    group: &'a [Deposit],
    mut chains: BTreeMap<ChainId, ChainState>,
    held: &HashMap<Link, Held>,
    foretold: &Foretold,
) -> Plan<'a> {
    let mut fresh: Vec<Fresh<'a>> = Vec::new();
    let mut placed: HashMap<Link, usize> = HashMap::new();
    let mut wanted: HashSet<Digest> = HashSet::new();
    let mut sources = Vec::with_capacity(group.len());
    for deposit in group {
        let mut lines = Vec::with_capacity(deposit.revisions.len());
        for custody in &deposit.revisions {
            let source = if let Some(held) = held.get(&custody.link) {
                Source::Held(held.clone())
            } else if let Some(place) = placed.get(&custody.link) {
                Source::Fresh(*place)
            } else {
                let mut problems = custody.problems.clone();
                if chains.entry(custody.chain).or_default().add(custody) {
                    problems.push(found::split_chain());
                }
                let erased = foretold.erased.contains(&custody.link);
                if erased {
                    problems.retain(|problem| problem.code != found::BODY_MISSING);
                }
                let mut withheld = custody.withheld.then(|| foretold.decided.get(&custody.link).cloned());
                if matches!(&withheld, Some(Some(decision)) if decision.accepted) {
                    withheld = None;
                    problems.retain(|problem| problem.code != found::AFTER_REVOCATION);
                }
                placed.insert(custody.link, fresh.len());
                wanted.insert(custody.manifest);
                fresh.push(Fresh { custody, problems, erased, withheld });
                Source::Fresh(fresh.len() - 1)
            };
            lines.push((custody.link, source));
        }
        sources.push(lines);
    }
    for state in chains.values_mut() {
        state.advance();
    }
    let mut manifests: Vec<&ManifestRow> = group
        .iter()
        .flat_map(|deposit| &deposit.manifests)
        .filter(|manifest| wanted.remove(&manifest.id))
        .collect();
    manifests.sort_unstable_by_key(|manifest| manifest.id);
    Plan { fresh, manifests, chains, sources }
}

impl ChainState {
    /// Adds a new revision; true when its place is taken by another link.
    fn add(&mut self, custody: &Custody) -> bool {
        let taken = self.verified.is_some_and(|(to, _)| custody.seq <= to)
            || self.tail.iter().any(|(seq, link, _)| *seq == custody.seq && *link != custody.link);
        if taken {
            self.split_at = Some(self.split_at.map_or(custody.seq, |seq| seq.min(custody.seq)));
        }
        self.tail.push((custody.seq, custody.link, custody.before));
        taken
    }

    /// Moves `verified` on as far as the links follow one another.
    fn advance(&mut self) {
        self.tail.sort_unstable();
        for (seq, link, before) in &self.tail {
            let (expected, last) = match self.verified {
                Some((to, last)) => (to + 1, last),
                None => (0, Link::GENESIS),
            };
            if *seq == expected && *before == last {
                self.verified = Some((*seq, *link));
            } else if *seq > expected {
                break;
            }
        }
    }
}

impl Plan<'_> {
    /// How many positions the group needs.
    pub fn count(&self) -> u64 {
        self.fresh.len() as u64
    }

    /// What of the kept figures rests on the new revisions; what is withheld counts nowhere yet.
    pub fn touched(&self) -> Touched {
        let mut touched = Touched::default();
        for fresh in &self.fresh {
            touched.add(&fresh.custody.columns, &fresh.custody.head);
        }
        touched
    }

    /// The answers, once the first position is known.
    pub fn answers(
        &self,
        group: &[Deposit],
        first_pos: u64,
        at: Millis,
        signer: &ReceiptSigner,
    ) -> Stored<Vec<Deposited>> {
        let mut answers = Vec::with_capacity(group.len());
        let mut counted: HashSet<usize> = HashSet::new();
        for (deposit, lines) in group.iter().zip(&self.sources) {
            let mut fresh = 0;
            let receipts: Vec<Receipt> = lines
                .iter()
                .map(|(link, source)| match source {
                    Source::Fresh(place) => {
                        fresh += u32::from(counted.insert(*place));
                        Receipt {
                            link: *link,
                            pos: first_pos + *place as u64,
                            received_at: at,
                            problems: self.fresh.get(*place).map(|f| f.problems.clone()).unwrap_or_default(),
                        }
                    }
                    Source::Held(held) => Receipt {
                        link: *link,
                        pos: held.pos,
                        received_at: held.received_at,
                        problems: held.problems.clone(),
                    },
                })
                .collect();
            let receipts = match receipts.is_empty() {
                true => None,
                false => Some(signer.sign(deposit.device, at, receipts).map_err(StorageError::Receipts)?),
            };
            answers.push(Deposited { receipts, fresh });
        }
        Ok(answers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(verified: Option<u64>, tail: &[(u64, u8, u8)]) -> ChainState {
        ChainState {
            verified: verified.map(|seq| (seq, Link([seq as u8 + 1; 32]))),
            split_at: None,
            tail: tail
                .iter()
                .map(|(seq, link, before)| (*seq, Link([*link; 32]), Link([*before; 32])))
                .collect(),
        }
    }

    #[test]
    fn a_chain_is_verified_as_far_as_links_follow() {
        let mut gap = state(Some(1), &[(4, 5, 4), (2, 3, 2)]);
        gap.advance();
        assert_eq!(gap.verified, Some((2, Link([3; 32]))));
        let mut closed = state(Some(1), &[(4, 5, 4), (2, 3, 2), (3, 4, 3)]);
        closed.advance();
        assert_eq!(closed.verified, Some((4, Link([5; 32]))));
        let mut foreign = state(Some(1), &[(2, 3, 9)]);
        foreign.advance();
        assert_eq!(foreign.verified, Some((1, Link([2; 32]))), "a link that does not follow proves nothing");
        let mut split = state(None, &[(0, 7, 0), (0, 1, 0), (1, 2, 1)]);
        split.advance();
        assert_eq!(split.verified, Some((1, Link([2; 32]))), "one branch is followed, the other is flagged");
    }
}
