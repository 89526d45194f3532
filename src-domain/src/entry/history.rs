//! How revisions read as one entry: newest first among honest equals, forks kept, withdrawals known, nothing lost.

use std::collections::{BTreeMap, BTreeSet};

use super::body::Body;
use super::head::{Access, Change, Head, Marking};
use super::kind::Kind;
use super::record::UNDO;
use crate::id::{EntryId, Link};
use crate::privacy::marking::highest;
use crate::time::Millis;

/// Why the words of a revision are not here.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gone {
    /// Erased by order, here and everywhere.
    Erased,
    /// This device dropped its copy by policy; central keeps it.
    AtServer,
    /// Its scope ended: this officer reads it no more.
    Forgotten,
}

/// A revision as it is read: parsed head and body, and what central said of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Revision {
    /// Its identity.
    pub link: Link,
    /// Its head.
    pub head: Head,
    /// Its body; `None` once erased, or where the reader sees a heading only.
    pub body: Option<Body>,
    /// Why there is no body; none where there is one, and where the reader sees a heading only.
    pub gone: Option<Gone>,
    /// When central received it, and where it stands there.
    pub received: Option<(Millis, u64)>,
    /// Codes of central's problems: non-empty keeps it out of totals.
    pub problems: Vec<String>,
}

/// One entry: all its revisions, oldest first.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// Its id.
    pub entry_id: EntryId,
    /// All revisions, by corrected time of writing, then place in the chain, then link.
    pub revisions: Vec<Revision>,
    newest: Vec<usize>,
}

/// Groups revisions into entries, in order of when they first happened. The order of the input does not matter, and a
/// revision given twice counts once.
pub fn fold(revisions: impl IntoIterator<Item = Revision>) -> Vec<Entry> {
    let mut groups: BTreeMap<EntryId, BTreeMap<Link, Revision>> = BTreeMap::new();
    for revision in revisions {
        groups.entry(revision.head.entry_id).or_default().insert(revision.link, revision);
    }
    let mut entries: Vec<Entry> = groups
        .into_iter()
        .map(|(entry_id, group)| Entry::new(entry_id, group.into_values().collect()))
        .collect();
    entries.sort_by_key(|entry| (entry.occurred_at(), entry.entry_id));
    entries
}

impl Entry {
    fn new(entry_id: EntryId, mut revisions: Vec<Revision>) -> Entry {
        revisions.sort_by_key(|r| (r.head.written_corrected(), r.head.chain_id, r.head.seq, r.link));
        let parents: BTreeSet<Link> = revisions.iter().flat_map(|r| r.head.revises.iter().copied()).collect();
        let newest = revisions
            .iter()
            .enumerate()
            .filter(|(_, r)| !parents.contains(&r.link))
            .map(|(i, _)| i)
            .collect();
        Entry { entry_id, revisions, newest }
    }

    /// The newest revisions: one, or several where there is a fork.
    pub fn newest(&self) -> impl Iterator<Item = &Revision> {
        self.newest.iter().filter_map(|i| self.revisions.get(*i))
    }

    /// Two or more newest revisions: both are kept and shown until the author settles it.
    pub fn is_forked(&self) -> bool {
        self.newest.len() > 1
    }

    /// The revision that counts: the newest; of two ends the earlier end; of other forks the one written last.
    pub fn current(&self) -> &Revision {
        let ends = self.newest().all(|r| r.head.occurred_until.is_some());
        let best = if self.is_forked() && ends {
            self.newest().min_by_key(|r| (r.head.occurred_until, r.link))
        } else {
            self.newest().last()
        };
        // A group is made of at least one revision, and a graph of links has no cycle, so one is always newest.
        best.unwrap_or(&self.revisions[self.revisions.len() - 1])
    }

    /// The first revision.
    pub fn first(&self) -> &Revision {
        &self.revisions[0]
    }

    /// The kind, as the current revision has it.
    pub fn kind(&self) -> Kind {
        self.current().head.kind
    }

    /// When it happened, or began.
    pub fn occurred_at(&self) -> Millis {
        self.current().head.occurred_at
    }

    /// Withdrawn, by undo or with a reason.
    pub fn is_withdrawn(&self) -> bool {
        self.current().head.change == Change::Withdraws
    }

    /// Corrected or withdrawn with a reason; an undo does not count as edited.
    pub fn is_edited(&self) -> bool {
        self.revisions.iter().any(|r| match (r.head.change, &r.body) {
            (Change::Withdraws, Some(Body::Withdrawal(w))) => w.reason != UNDO,
            (Change::Withdraws, _) => true,
            (Change::Corrects, body) => body.as_ref().and_then(Body::reason) != Some(UNDO),
            _ => false,
        })
    }

    /// Whether it may stand in totals: not withdrawn, nothing asked about it, its words not erased, and the team's to read.
    pub fn counts(&self) -> bool {
        !self.is_withdrawn()
            && !self.is_narrow()
            && self.current().problems.is_empty()
            && self.current().body.is_some()
    }

    /// For narrower eyes than the team's: it stands in no figure, list or export of others.
    pub fn is_narrow(&self) -> bool {
        self.revisions.iter().any(|r| r.head.access != Access::Team)
    }

    /// Its marking: the highest that any version of it had.
    pub fn marking(&self) -> Marking {
        highest(self.revisions.iter().map(|r| r.head.marking))
    }

    /// Every revision of it has central's receipt.
    pub fn is_received(&self) -> bool {
        self.revisions.iter().all(|r| r.received.is_some())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::entry::testing::{revision, revision_of};

    #[test]
    fn a_correction_counts_and_the_first_version_stays() {
        let first = revision(1, Kind::Engagement, 10);
        let second = revision_of(&first, 2, Change::Corrects, 20);
        let entries = fold([second.clone(), first.clone()]);
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].current().link, second.link);
        assert_eq!(entries[0].first().link, first.link);
        assert!(entries[0].is_edited() && !entries[0].is_forked());
    }

    #[test]
    fn two_children_of_one_parent_are_a_fork_until_one_names_both() {
        let first = revision(1, Kind::Concern, 10);
        let left = revision_of(&first, 2, Change::Corrects, 20);
        let right = revision_of(&first, 3, Change::Corrects, 30);
        let entries = fold([first.clone(), left.clone(), right.clone()]);
        assert!(entries[0].is_forked());
        assert_eq!(entries[0].newest().count(), 2);
        let mut settled = revision_of(&left, 4, Change::Corrects, 40);
        settled.head.revises.push(right.link);
        let entries = fold([first, left, right, settled.clone()]);
        assert!(!entries[0].is_forked());
        assert_eq!(entries[0].current().link, settled.link);
    }

    #[test]
    fn of_two_ends_the_earlier_counts() {
        let start = revision(1, Kind::LegStarted, 10);
        let mut early = revision_of(&start, 2, Change::Continues, 50);
        early.head.kind = Kind::LegEnded;
        early.head.occurred_until = Some(Millis(50));
        let mut late = revision_of(&start, 3, Change::Continues, 45);
        late.head.kind = Kind::LegEnded;
        late.head.occurred_until = Some(Millis(90));
        let entries = fold([start, late, early.clone()]);
        assert_eq!(entries[0].current().link, early.link);
        assert!(!entries[0].is_edited());
    }

    proptest! {
        /// Whatever the order of arrival, and however often a revision comes, the entries are the same.
        #[test]
        fn order_and_repetition_do_not_matter(order in Just((0usize..6).collect::<Vec<_>>()).prop_shuffle(), twice in 0usize..6) {
            let a = revision(1, Kind::Engagement, 10);
            let b = revision_of(&a, 2, Change::Corrects, 20);
            let c = revision(3, Kind::Concern, 15);
            let d = revision_of(&c, 4, Change::Corrects, 16);
            let e = revision_of(&c, 5, Change::Withdraws, 17);
            let f = revision(6, Kind::Handout, 5);
            let all = [a, b, c, d, e, f];
            let straight = fold(all.clone());
            let mut shuffled: Vec<_> = order.iter().map(|i| all[*i].clone()).collect();
            shuffled.push(all[twice].clone());
            prop_assert_eq!(fold(shuffled), straight);
        }
    }
}
