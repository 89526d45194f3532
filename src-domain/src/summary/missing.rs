//! What is missing from a shift's figures: what its entries tell, and what is known of the crew's phones.

use std::collections::BTreeSet;

use super::{ContactFact, Missing, ShiftSummary, count};
use crate::duty;
use crate::entry::{Body, CrewStanding, Entry, Gone, Kind};
use crate::id::Link;
use crate::shift::Shift;

fn signed_links(shift: &Shift<'_>) -> BTreeSet<Link> {
    shift
        .submitted
        .iter()
        .filter_map(|entry| match &entry.current().body {
            Some(Body::Submitted(submitted)) => Some(submitted.links.iter().copied()),
            _ => None,
        })
        .flatten()
        .collect()
}

/// What the entries themselves tell. `records` are those that may be listed.
pub(super) fn told(shift: &Shift<'_>, records: &[&Entry], entries: &[Entry]) -> Vec<Missing> {
    let mut missing = Vec::new();
    if shift.opened.until.is_none() {
        missing.push(Missing::EndNotRecorded { capped_at: shift.last_evidence });
    }
    match shift.submitted.last().map(|entry| &entry.current().body) {
        None => missing.push(Missing::NotSigned),
        Some(Some(Body::Submitted(submitted))) if !submitted.open_drafts.is_empty() => {
            missing.push(Missing::OpenDrafts { count: count(submitted.open_drafts.len()) });
        }
        Some(_) => {}
    }
    for member in shift.crew.iter().filter(|m| !m.counts()) {
        let disputed = member.standing == CrewStanding::Disputed;
        let not_confirmed = Missing::CrewNotConfirmed { officer: member.officer, disputed };
        if !missing.contains(&not_confirmed) {
            missing.push(not_confirmed);
        }
    }
    let here: BTreeSet<Link> = entries.iter().flat_map(|e| e.revisions.iter().map(|r| r.link)).collect();
    let absent = signed_links(shift).difference(&here).count();
    if absent > 0 {
        missing.push(Missing::SignedNotHere { count: count(absent) });
    }
    for why in [Gone::Erased, Gone::AtServer, Gone::Forgotten] {
        let gone = |entry: &&&Entry| !entry.is_withdrawn() && entry.current().gone == Some(why);
        let without = records.iter().filter(gone).count();
        if without > 0 {
            missing.push(Missing::NotHere { why, count: count(without) });
        }
    }
    for entry in records.iter().filter(|entry| !entry.is_withdrawn()) {
        let current = entry.current();
        if !current.problems.is_empty() {
            missing
                .push(Missing::NotInTotals { entry_id: entry.entry_id, problems: current.problems.clone() });
        }
        if entry.is_forked() {
            missing.push(Missing::Forked { entry_id: entry.entry_id });
        }
        if let Some(Body::Concern(concern)) = &current.body
            && let Some(due) = concern.crime.as_ref().and_then(|gate| gate.due())
            && entry.kind() == Kind::Concern
            // Whoever took the duty may have got it: the note is its author's alone to go on with.
            && !duty::is_discharged(entries, entry.entry_id, duty::CRIME_REF)
        {
            missing.push(Missing::CrimeReference { entry_id: entry.entry_id, due });
        }
    }
    missing
}

/// Whether it is told by the phones rather than by the entries.
fn of_phones(missing: &Missing) -> bool {
    use Missing::{Gaps, NotHeard, Pending, SetAside};
    matches!(missing, Pending { .. } | SetAside { .. } | Gaps { .. } | NotHeard { .. })
}

impl ShiftSummary {
    /// Says what is known of the crew's phones now, in place of what was known of them before. A summary may be kept and
    /// read later: its entries decide everything else, the phones are asked about afresh.
    pub fn hear(&mut self, contacts: &[ContactFact]) {
        self.missing.retain(|missing| !of_phones(missing));
        let crew = |contact: &&ContactFact| self.crew.iter().any(|line| line.officer == contact.officer);
        let mut heard: Vec<&ContactFact> = contacts.iter().filter(crew).collect();
        heard.sort_by_key(|contact| (contact.officer, contact.last_heard));
        let mut told = Vec::new();
        for contact in heard {
            let officer = contact.officer;
            if contact.pending > 0 {
                told.push(Missing::Pending {
                    officer,
                    count: contact.pending,
                    last_heard: contact.last_heard,
                });
            }
            if contact.set_aside > 0 {
                told.push(Missing::SetAside { officer, count: contact.set_aside });
            }
            if contact.gaps > 0 {
                told.push(Missing::Gaps { officer, count: contact.gaps });
            }
            if officer == self.officer && contact.last_heard.plus(self.silence_ms) < self.ends {
                told.push(Missing::NotHeard { officer, last_heard: Some(contact.last_heard) });
            }
        }
        self.missing.splice(0..0, told);
    }
}
