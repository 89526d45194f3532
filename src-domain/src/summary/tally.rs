//! Counting what the records of a shift say.

use std::collections::{BTreeMap, BTreeSet};

use super::CodeCount;
use crate::code_list::CodeRef;
use crate::entry::{Body, Entry, HeadLink, Relation};
use crate::id::Code;

/// Codes with their label and how often they stand.
pub(super) type Counts = BTreeMap<Code, (String, u32)>;

/// What the records of a shift add up to.
#[derive(Default)]
pub(super) struct Tally {
    pub engagements: u32,
    pub people: u32,
    pub concerns: u32,
    pub cards: Counts,
    pub behaviours: Counts,
    pub actions: Counts,
    pub powers: Counts,
    pub topics: Counts,
    pub streetsafe: Counts,
}

/// Counts a code `n` times more.
pub(super) fn raise(counts: &mut Counts, code: &CodeRef, n: u32) {
    let slot = counts.entry(code.code.clone()).or_default();
    slot.0.clone_from(&code.label);
    slot.1 += n;
}

impl Tally {
    /// Adds an entry; `records` are all of the shift.
    pub(super) fn add(&mut self, entry: &Entry, records: &[&Entry]) {
        let add = raise;
        match &entry.current().body {
            Some(Body::Engagement(it)) => {
                self.engagements += 1;
                self.people += it.people;
                it.topics.iter().for_each(|code| add(&mut self.topics, code, 1));
                it.concerns.iter().for_each(|code| add(&mut self.streetsafe, code, 1));
            }
            Some(Body::Handout(it)) => {
                it.items.iter().for_each(|i| add(&mut self.cards, &i.material, i.quantity))
            }
            Some(Body::Concern(it)) => {
                self.concerns += 1;
                it.behaviours.iter().for_each(|code| add(&mut self.behaviours, code, 1));
                it.actions.iter().for_each(|code| add(&mut self.actions, code, 1));
                let recorded = told_apart(entry, records);
                let only_here = it.powers.iter().filter(|used| !recorded.contains(&&used.power.code));
                only_here.for_each(|used| add(&mut self.powers, &used.power, 1));
            }
            Some(Body::PowerUse(it)) => add(&mut self.powers, &it.power, 1),
            _ => {}
        }
    }
}

/// The powers of a concern that were recorded as uses of their own: those count, the concern's mention of them does not.
pub(super) fn told_apart<'a>(concern: &Entry, records: &[&'a Entry]) -> BTreeSet<&'a Code> {
    let arose = records.iter().filter(|entry| {
        let links = &entry.current().head.links;
        let arose =
            |link: &HeadLink| link.relation == Relation::AroseFrom && link.entry_id == concern.entry_id;
        entry.counts() && links.iter().any(arose)
    });
    let powers = arose.filter_map(|entry| match &entry.current().body {
        Some(Body::PowerUse(it)) => Some(&it.power.code),
        _ => None,
    });
    powers.collect()
}

/// Highest count first, then by code.
pub(super) fn counts(counts: Counts) -> Vec<CodeCount> {
    let mut list: Vec<CodeCount> =
        counts.into_iter().map(|(code, (label, count))| CodeCount { code, label, count }).collect();
    list.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.code.cmp(&b.code)));
    list
}
