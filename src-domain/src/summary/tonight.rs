//! The night so far, for whoever answers for it: what the shifts come to, and what is known to be missing from that.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{ContactFact, ShiftSummary};
use crate::id::OfficerId;
use crate::time::{HOUR_MS, MINUTE_MS, Millis};

/// A shift that began longer ago is not one of tonight, milliseconds.
pub const TONIGHT_MS: i64 = 16 * HOUR_MS;

/// The shifts of tonight in figures. No figure stands without what is missing from it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Tonight {
    /// Engagements.
    pub engagements: u32,
    /// People spoken to.
    pub people: u32,
    /// Visits; those that two phones of a unit recorded are one.
    pub visits: u32,
    /// Entries that phones said they hold still.
    pub pending: u32,
    /// Entries set aside on phones.
    pub set_aside: u32,
    /// Drafts open on phones.
    pub drafts: u32,
    /// Records missing from chains.
    pub gaps: u32,
    /// Phones that any of these are on.
    pub phones: u32,
    /// Officers on shift whose phone has not been heard for longer than their area's threshold.
    pub silent: u32,
}

impl Tonight {
    /// Whether nothing is known to be missing.
    pub fn is_whole(&self) -> bool {
        (self.pending, self.set_aside, self.gaps, self.silent) == (0, 0, 0, 0)
    }
}

/// Whether a phone has been silent for longer than its area allows, as known at a time. It says nothing of anybody's welfare.
pub fn is_silent(last_heard: Millis, as_known: Millis, silence_min: u32) -> bool {
    as_known.0.saturating_sub(last_heard.0) > i64::from(silence_min) * MINUTE_MS
}

/// The night so far, of shifts and of what is known of their officers' phones. `silent` are the officers on shift who have
/// not been heard.
pub fn tonight(shifts: &[&ShiftSummary], contacts: &[ContactFact], silent: &BTreeSet<OfficerId>) -> Tonight {
    let sum = |of: fn(&ShiftSummary) -> u32| shifts.iter().map(|shift| of(shift)).sum();
    let visits: BTreeSet<_> = shifts
        .iter()
        .flat_map(|shift| shift.visits.iter().map(|visit| (shift.unit, visit.area.clone(), visit.from)))
        .collect();
    let of_contacts = |of: fn(&ContactFact) -> u32| contacts.iter().map(of).sum();
    let holds = |contact: &&ContactFact| contact.pending + contact.set_aside + contact.gaps > 0;
    Tonight {
        engagements: sum(|shift| shift.engagements),
        people: sum(|shift| shift.people),
        visits: u32::try_from(visits.len()).unwrap_or(u32::MAX),
        pending: of_contacts(|contact| contact.pending),
        set_aside: of_contacts(|contact| contact.set_aside),
        drafts: of_contacts(|contact| contact.drafts),
        gaps: of_contacts(|contact| contact.gaps),
        phones: u32::try_from(contacts.iter().filter(holds).count()).unwrap_or(u32::MAX),
        silent: u32::try_from(silent.len()).unwrap_or(u32::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::testing::officer;

    #[test]
    fn silence_is_measured_by_the_area_and_says_what_is_missing() {
        let at = |minutes: i64| Millis(minutes * MINUTE_MS);
        assert!(!is_silent(at(0), at(20), 20) && is_silent(at(0), at(21), 20));
        assert!(!is_silent(at(0), at(59), 60), "a village has its own threshold");
        let contact = ContactFact {
            officer: officer(1482),
            last_heard: at(0),
            pending: 2,
            set_aside: 0,
            drafts: 1,
            gaps: 0,
            clock_drift_ms: None,
        };
        let whole = ContactFact { officer: officer(1377), pending: 0, drafts: 0, ..contact.clone() };
        let found = tonight(&[], &[contact, whole.clone()], &BTreeSet::new());
        assert_eq!((found.pending, found.phones, found.is_whole()), (2, 1, false));
        assert!(tonight(&[], std::slice::from_ref(&whole), &BTreeSet::new()).is_whole());
        assert!(
            !tonight(&[], &[whole], &BTreeSet::from([officer(1377)])).is_whole(),
            "unheard is not nothing"
        );
    }
}
