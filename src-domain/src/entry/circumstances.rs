//! How an entry came to be written: when it happened, for which shift, by whom it was done, from which paper page.

use serde::{Deserialize, Serialize};

use super::body::Body;
use super::head::{Access, Origin, PerformedBy};
use super::history::Entry;
use super::record::UNDO;
use super::reference::PaperRef;
use crate::id::{EntryId, Link};
use crate::time::Millis;
use crate::words;

/// From this long after the event an entry labels itself written afterwards, milliseconds ("as soon as practicable").
pub const LATE_MS: i64 = 30 * 60 * 1000;

/// Which shift an entry belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Home {
    /// The shift that is open when it is saved, or none where none is.
    #[default]
    Open,
    /// A shift of the past.
    Shift(EntryId),
    /// No shift.
    None,
}

/// How the officer says the words came to be written; the rest is derived at Save.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Written {
    /// Here and now: live, or retrospective where it happened longer ago.
    #[default]
    Here,
    /// Copied from a paper notebook.
    Paper,
    /// Dictated.
    Dictated,
}

/// The circumstances of an entry, kept with its draft.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Circumstances {
    /// When it happened, as stated.
    pub occurred_at: Millis,
    /// Until when, where that is stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_until: Option<Millis>,
    /// Which shift it belongs to.
    #[serde(default)]
    pub home: Home,
    /// How it was written.
    #[serde(default)]
    pub written: Written,
    /// Book and page, where it was copied from paper.
    #[serde(default)]
    pub paper: PaperRef,
    /// Who did it, where that was not the author: another officer or a partner organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub performed_by: Option<PerformedBy>,
    /// Who may read it. What is for professional standards alone belongs to no shift.
    #[serde(default, skip_serializing_if = "is_for_team")]
    pub access: Access,
    /// The revisions it corrects; empty for a new entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amends: Vec<Link>,
    /// Why it is corrected, where it is.
    #[serde(default)]
    pub reason: String,
}

// serde asks with a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_for_team(access: &Access) -> bool {
    *access == Access::Team
}

impl Circumstances {
    /// A new entry about what happens now.
    pub fn now(at: Millis) -> Self {
        Self {
            occurred_at: at,
            occurred_until: None,
            home: Home::Open,
            written: Written::Here,
            paper: PaperRef::default(),
            performed_by: None,
            access: Access::Team,
            amends: Vec::new(),
            reason: String::new(),
        }
    }

    /// A correction of an entry: told as it was sealed, naming every newest revision, so that a fork is settled by it.
    pub fn correcting(entry: &Entry) -> Self {
        let current = entry.current();
        let head = &current.head;
        Self {
            occurred_at: head.occurred_at,
            occurred_until: head.occurred_until,
            home: head.shift_id.map_or(Home::None, Home::Shift),
            written: match head.origin {
                Origin::Transcribed => Written::Paper,
                Origin::Dictated => Written::Dictated,
                Origin::Live | Origin::Retrospective | Origin::Repeated => Written::Here,
            },
            paper: current.body.as_ref().and_then(Body::paper).cloned().unwrap_or_default(),
            performed_by: head.performed_by.clone(),
            access: head.access,
            amends: entry.newest().map(|revision| revision.link).collect(),
            reason: String::new(),
        }
    }

    /// Whether it is for narrower eyes than the team's.
    pub fn is_narrow(&self) -> bool {
        self.access != Access::Team
    }

    /// Whether this corrects an entry.
    pub fn is_amendment(&self) -> bool {
        !self.amends.is_empty()
    }

    /// The origin to seal when it is written at `at`.
    pub fn origin(&self, at: Millis) -> Origin {
        match self.written {
            Written::Paper => Origin::Transcribed,
            Written::Dictated => Origin::Dictated,
            Written::Here if at.0.saturating_sub(self.occurred_at.0) >= LATE_MS => Origin::Retrospective,
            Written::Here => Origin::Live,
        }
    }
}

/// A reason as an officer may state it: trimmed, and never the word that only an undo may use.
pub fn stated_reason(typed: &str) -> String {
    match typed.trim() {
        UNDO => words::REASON_UNDONE.to_owned(),
        stated => stated.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::testing::{revision, revision_of};
    use crate::entry::{Change, Kind, fold};

    #[test]
    fn a_correction_names_both_sides_of_a_fork() {
        let first = revision(1, Kind::Engagement, 10);
        let left = revision_of(&first, 2, Change::Corrects, 20);
        let mut right = revision_of(&first, 3, Change::Corrects, 30);
        right.head.origin = Origin::Transcribed;
        let entries = fold([first, left.clone(), right.clone()]);
        let told = Circumstances::correcting(&entries[0]);
        assert_eq!(told.amends, [left.link, right.link]);
        assert_eq!((told.occurred_at, told.written), (right.head.occurred_at, Written::Paper));
        assert!(told.is_amendment() && told.reason.is_empty());
    }

    #[test]
    fn only_an_undo_is_called_one() {
        assert_eq!(stated_reason(" UNDO "), "Undone");
        assert_eq!(stated_reason(" Wrong place "), "Wrong place");
    }

    #[test]
    fn half_an_hour_later_is_written_afterwards_unless_paper_says_more() {
        let mut it = Circumstances::now(Millis(0));
        assert_eq!(it.origin(Millis(LATE_MS - 1)), Origin::Live);
        assert_eq!(it.origin(Millis(LATE_MS)), Origin::Retrospective);
        it.written = Written::Paper;
        assert_eq!(it.origin(Millis(LATE_MS)), Origin::Transcribed);
    }
}
