//! Review: what supervisors decided about an entry and what its author answered, read as one standing.
//!
//! A decision counts only for the revision it names: a newer one reopens the entry. Where one returns and another approves
//! the same revision, the return counts until it is answered, and both are shown. Nobody decides about their own. What was
//! handed up is decided above whoever handed it up. A question asked beside holds nothing up.

mod authority;

use crate::duty::{Post, Rank};
use crate::entry::{Body, Decision, Entry, Kind, Return, ReturnAnswer, Review};
use crate::id::{Code, Link, OfficerId};

pub use authority::{
    COMMAND, Held, REVIEW, Step, Subject, capabilities_of, may_decide, supervises, works_the_beat,
};

/// Where an entry stands in its review.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Standing<'a> {
    /// Nobody has decided about it as it is now.
    Open,
    /// Questions wait for its author: the return's entry and what it asks.
    Returned(&'a Entry, &'a Return),
    /// The author has answered, by a newer revision or by keeping it; the return that was answered, and the words.
    Answered(&'a Entry, &'a Return, Option<&'a ReturnAnswer>),
    /// Approved.
    Approved(&'a Entry, &'a Review),
    /// Handed to somebody above.
    Escalated(&'a Entry, &'a Review),
}

/// Why an entry needs a decision of its own before its shift can be approved as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A concern note: it must go somewhere.
    Concern,
    /// A power was used.
    Power,
    /// Its author answered a question.
    Answered,
    /// Corrected or withdrawn after it was first saved.
    Edited,
    /// Central asks about it.
    Question,
    /// Handed to somebody above.
    Escalated,
}

fn author(entry: &Entry) -> OfficerId {
    entry.first().head.author
}

/// Whether a decision or answer counts at all: it stands, central found its author entitled to it, and can be read.
fn stands(entry: &Entry) -> bool {
    !entry.is_withdrawn() && entry.current().problems.is_empty()
}

fn is_about(entry: &Entry, of: &Entry, links: &[Link]) -> bool {
    let current = entry.current();
    let named = current.head.about.iter();
    let covered = match &current.body {
        Some(Body::Review(review)) => review.covers.as_slice(),
        _ => &[],
    };
    named.chain(covered).any(|about| about.entry_id == of.entry_id && links.contains(&about.link))
}

/// Everything said about an entry, oldest first: reviews and returns of others, answers of its author.
pub fn said_about<'a>(entry: &Entry, among: &'a [Entry]) -> Vec<&'a Entry> {
    let all: Vec<Link> = entry.revisions.iter().map(|revision| revision.link).collect();
    let mut said: Vec<&Entry> = among
        .iter()
        .filter(|one| match one.kind() {
            Kind::Review | Kind::Return => author(one) != author(entry),
            Kind::Answer => author(one) == author(entry),
            _ => false,
        })
        .filter(|one| stands(one) && is_about(one, entry, &all))
        .collect();
    said.sort_by_key(|one| (one.first().head.written_corrected(), one.entry_id));
    said
}

/// The answer to a return.
fn answer_to<'a>(asked: &Entry, said: &[&'a Entry]) -> Option<&'a ReturnAnswer> {
    said.iter().rev().find_map(|one| match &one.current().body {
        Some(Body::Answer(answer))
            if one.current().head.links.iter().any(|l| l.entry_id == asked.entry_id) =>
        {
            Some(answer)
        }
        _ => None,
    })
}

/// Where an entry stands. `among` may hold anything else too.
pub fn standing<'a>(entry: &Entry, among: &'a [Entry]) -> Standing<'a> {
    let said = said_about(entry, among);
    let newest: Vec<Link> = entry.newest().map(|revision| revision.link).collect();
    let mut answered = None;
    for one in &said {
        let Some(Body::Return(asked)) = &one.current().body else { continue };
        if asked.aside {
            continue;
        }
        let answer = answer_to(one, &said);
        // A correction answers too, also where its author wrote no word to it.
        if answer.is_none() && is_about(one, entry, &newest) {
            return Standing::Returned(one, asked);
        }
        answered = Some((*one, asked, answer));
    }
    let about_now = |one: &&&'a Entry| is_about(one, entry, &newest);
    let escalated = said.iter().filter(about_now).filter_map(|one| match &one.current().body {
        Some(Body::Review(review)) if review.decision == Decision::Escalated => Some(decided_as(review)),
        _ => None,
    });
    let above = escalated.max();
    let decided = said.iter().filter(about_now).rev().find_map(|one| match &one.current().body {
        // What was handed up is not settled by whoever stands no higher, before or after.
        Some(Body::Review(review))
            if review.decision == Decision::Escalated
                || above.is_none_or(|rank| decided_as(review) >= rank.above().unwrap_or(rank)) =>
        {
            Some((*one, review))
        }
        _ => None,
    });
    match (decided, answered) {
        (Some((one, review)), _) if review.decision == Decision::Approved => Standing::Approved(one, review),
        (Some((one, review)), _) => Standing::Escalated(one, review),
        (None, Some((one, asked, answer))) => Standing::Answered(one, asked, answer),
        (None, None) => Standing::Open,
    }
}

/// The rank as which something was decided.
pub fn decided_as(review: &Review) -> Rank {
    let post = review.post.as_ref().and_then(Post::from_code);
    post.map_or(Rank::Sergeant, |post| post.rank.max(Rank::Sergeant))
}

/// The rank that decides about an entry as it stands: the one above whoever handed it up, a sergeant otherwise.
pub fn decided_by(entry: &Entry, among: &[Entry]) -> Rank {
    match standing(entry, among) {
        Standing::Escalated(_, review) => decided_as(review).above().unwrap_or(Rank::Inspector),
        _ => Rank::Sergeant,
    }
}

/// The returns and questions that wait for an entry's author, oldest first. A correction answers them too.
pub fn unanswered<'a>(entry: &Entry, among: &'a [Entry]) -> Vec<(&'a Entry, &'a Return)> {
    let said = said_about(entry, among);
    let newest: Vec<Link> = entry.newest().map(|revision| revision.link).collect();
    said.iter()
        .filter(|one| is_about(one, entry, &newest) && answer_to(one, &said).is_none())
        .filter_map(|one| match &one.current().body {
            Some(Body::Return(asked)) => Some((*one, asked)),
            _ => None,
        })
        .collect()
}

/// Why an entry needs a decision of its own; none where it may be approved with its shift, or is decided or returned.
pub fn needs_decision(entry: &Entry, among: &[Entry]) -> Option<Reason> {
    match standing(entry, among) {
        Standing::Returned(..) | Standing::Approved(..) => return None,
        Standing::Answered(..) => return Some(Reason::Answered),
        Standing::Escalated(..) => return Some(Reason::Escalated),
        Standing::Open => {}
    }
    let asked = entry.revisions.iter().any(|revision| !revision.problems.is_empty());
    Some(match entry.kind() {
        Kind::Concern if !entry.is_withdrawn() => Reason::Concern,
        Kind::PowerUse if !entry.is_withdrawn() => Reason::Power,
        _ if entry.is_edited() => Reason::Edited,
        _ if asked => Reason::Question,
        _ => return None,
    })
}

/// The kind of reference that a disposition gives (list `reference`); none where it goes nowhere.
pub fn reference_kind(disposition: &Code) -> Option<&'static str> {
    Some(match disposition.as_str() {
        "DISP_CRIME" => "REF_CRIME",
        "DISP_INTEL" => "REF_INTEL",
        "DISP_SAFEGUARDING" => "REF_SAFEGUARD",
        _ => return None,
    })
}

/// The fields of an entry that a question can be about, as its form names them.
pub fn fields(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Engagement => &["engagement_type", "people", "topics", "concerns", "place", "cards", "note"],
        Kind::Concern => {
            &["behaviours", "seen", "assessment", "people", "place", "actions", "powers", "crime"]
        }
        Kind::PowerUse => &["power", "authority", "place", "period"],
        Kind::Handout => &["cards", "place"],
        Kind::Event => &["event_type", "place", "note"],
        Kind::Referral => &["issue", "owner", "place"],
        kind if kind.is_movement() => &["times", "area", "crew"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code_list::{built_in, list};
    use crate::entry::testing::{officer, revision, revision_of};
    use crate::entry::{About, Change, HeadLink, Question, Relation, Revision, fold};
    use crate::id::EntryId;

    fn about(of: &Revision, n: u8, kind: Kind, by: u128, at: i64, body: Body) -> Revision {
        let mut one = revision(n, kind, at);
        one.head.author = officer(by);
        one.head.about = Some(About { entry_id: of.head.entry_id, link: of.link });
        one.body = Some(body);
        one
    }

    fn returned(of: &Revision, n: u8, at: i64) -> Revision {
        let questions = vec![Question { field: Some("people".into()), words: "Forty?".into() }];
        let body = Return {
            officer: of.head.author,
            questions,
            due: None,
            urgent: false,
            aside: false,
            reason: None,
        };
        about(of, n, Kind::Return, 311, at, Body::Return(body))
    }

    fn approved(of: &Revision, n: u8, by: u128, at: i64) -> Revision {
        let body = Review {
            officer: of.head.author,
            decision: Decision::Approved,
            covers: vec![],
            disposition: None,
            reference: None,
            note: None,
            reason: None,
            post: None,
        };
        about(of, n, Kind::Review, by, at, Body::Review(body))
    }

    fn answered(of: &Revision, asked: &Revision, n: u8, at: i64) -> Revision {
        let body = ReturnAnswer { kept: true, words: Some("It was forty.".into()), reason: None };
        let mut one = about(of, n, Kind::Answer, 1482, at, Body::Answer(body));
        one.head.links = vec![HeadLink {
            relation: Relation::Answers,
            entry_id: asked.head.entry_id,
            link: Some(asked.link),
        }];
        one
    }

    /// The name of where the engagement stands.
    fn stands(revisions: &[&Revision]) -> &'static str {
        let entries = fold(revisions.iter().map(|revision| (*revision).clone()));
        let entry = entries.iter().find(|entry| entry.kind() == Kind::Engagement).unwrap();
        match standing(entry, &entries) {
            Standing::Open => "open",
            Standing::Returned(..) => "returned",
            Standing::Answered(..) => "answered",
            Standing::Approved(..) => "approved",
            Standing::Escalated(..) => "escalated",
        }
    }

    #[test]
    fn a_return_waits_until_it_is_answered_and_an_approval_counts_for_its_revision_alone() {
        let first = revision(1, Kind::Engagement, 10);
        let asked = returned(&first, 2, 20);
        let kept = answered(&first, &asked, 3, 30);
        let second = revision_of(&first, 4, Change::Corrects, 40);
        let good = approved(&first, 5, 311, 50);
        let good_now = approved(&second, 6, 311, 60);
        assert_eq!(stands(&[&first]), "open");
        assert_eq!(stands(&[&first, &asked]), "returned");
        assert_eq!(stands(&[&first, &asked, &kept]), "answered");
        assert_eq!(stands(&[&first, &asked, &second]), "answered", "a correction is an answer");
        assert_eq!(stands(&[&first, &good]), "approved");
        assert_eq!(stands(&[&first, &good, &second]), "open", "a newer revision reopens it");
        assert_eq!(stands(&[&first, &asked, &kept, &good]), "approved");
        assert_eq!(stands(&[&first, &asked, &second, &good_now]), "approved");
    }

    #[test]
    fn every_disposition_that_needs_a_reference_has_a_kind_of_reference() {
        let edition = built_in();
        let on = chrono::NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
        for item in &edition.list(list::DISPOSITION).unwrap().items {
            let kind = reference_kind(&item.code);
            assert_eq!(kind.is_some(), item.flags.needs_reference, "{}", item.code);
            let known = |kind| edition.item(list::REFERENCE, &Code::new(kind), on).is_some();
            assert!(kind.is_none_or(known), "{}", item.code);
        }
    }

    #[test]
    fn what_is_handed_up_is_decided_above_whoever_stands_no_higher_said_what() {
        let first = revision(1, Kind::Engagement, 10);
        let decided = |n: u8, by: u128, at: i64, change: fn(&mut Review)| {
            let mut one = approved(&first, n, by, at);
            let Some(Body::Review(review)) = &mut one.body else { panic!("a review") };
            change(review);
            one
        };
        let up = decided(2, 311, 20, |review| review.decision = Decision::Escalated);
        let before = decided(3, 412, 19, |_| ());
        let after = decided(4, 412, 30, |_| ());
        let inspector = decided(5, 102, 40, |review| review.post = Some(Code::new("INSP")));
        assert_eq!(stands(&[&first, &before, &up, &after]), "escalated");
        let entries = fold([first.clone(), up.clone()]);
        assert_eq!(decided_by(&entries[0], &entries), Rank::Inspector);
        assert_eq!(stands(&[&first, &up, &after, &inspector]), "approved");
        assert_eq!(stands(&[&first, &inspector]), "approved", "an inspector decides for a sergeant too");
        let second = revision_of(&first, 6, Change::Corrects, 50);
        assert_eq!(stands(&[&first, &up, &second]), "open", "it was about the version before");
    }

    #[test]
    fn a_question_beside_holds_nothing_up_and_waits_for_its_answer() {
        let first = revision(1, Kind::Engagement, 10);
        let mut beside = returned(&first, 2, 20);
        let Some(Body::Return(asked)) = &mut beside.body else { panic!("a return") };
        asked.aside = true;
        let waits = |revisions: &[&Revision]| {
            let entries = fold(revisions.iter().map(|revision| (*revision).clone()));
            let entry = entries.iter().find(|entry| entry.kind() == Kind::Engagement).unwrap();
            unanswered(entry, &entries).len()
        };
        assert_eq!((stands(&[&first, &beside]), waits(&[&first, &beside])), ("open", 1));
        let good = approved(&first, 3, 311, 30);
        assert_eq!((stands(&[&first, &beside, &good]), waits(&[&first, &beside, &good])), ("approved", 1));
        let told = answered(&first, &beside, 4, 40);
        assert_eq!(
            (stands(&[&first, &beside, &good, &told]), waits(&[&first, &beside, &told])),
            ("approved", 0)
        );
        let second = revision_of(&first, 5, Change::Corrects, 50);
        assert_eq!(waits(&[&first, &beside, &second]), 0, "a correction is an answer");
    }

    #[test]
    fn two_sergeants_at_once_are_both_kept_and_the_return_counts() {
        let first = revision(1, Kind::Engagement, 10);
        let asked = returned(&first, 2, 20);
        for at in [19, 21] {
            let good = approved(&first, 3, 412, at);
            assert_eq!(stands(&[&first, &asked, &good]), "returned");
            let entries = fold([first.clone(), asked.clone(), good]);
            assert_eq!(said_about(&entries[0], &entries).len(), 2, "both are shown");
        }
    }

    #[test]
    fn nobody_decides_about_their_own_and_without_authority_nothing_is_decided() {
        let first = revision(1, Kind::Engagement, 10);
        assert_eq!(stands(&[&first, &approved(&first, 2, 1482, 20)]), "open");
        let mut foreign = approved(&first, 2, 2206, 20);
        foreign.problems = vec!["no_authority".into()];
        assert_eq!(stands(&[&first, &foreign]), "open");
        let mut stranger = answered(&first, &returned(&first, 3, 20), 4, 30);
        stranger.head.author = officer(2206);
        assert_eq!(stands(&[&first, &returned(&first, 3, 20), &stranger]), "returned");
    }

    #[test]
    fn a_shift_is_approved_with_what_it_covers() {
        let first = revision(1, Kind::Engagement, 10);
        let shift = revision(9, Kind::ShiftOpened, 5);
        let mut whole = approved(&shift, 2, 311, 20);
        if let Some(Body::Review(review)) = &mut whole.body {
            review.covers = vec![About { entry_id: first.head.entry_id, link: first.link }];
        }
        assert_eq!(stands(&[&first, &shift, &whole]), "approved");
        let second = revision_of(&first, 4, Change::Corrects, 40);
        assert_eq!(stands(&[&first, &second, &shift, &whole]), "open");
        if let Some(Body::Review(review)) = &mut whole.body {
            review.covers = vec![About { entry_id: EntryId(uuid::Uuid::nil()), link: first.link }];
        }
        assert_eq!(stands(&[&first, &shift, &whole]), "open", "the entry must be named too");
    }

    #[test]
    fn concerns_powers_edits_and_answers_need_a_decision_of_their_own() {
        let why = |revisions: &[Revision]| {
            let entries = fold(revisions.to_vec());
            let entry = entries.iter().find(|entry| !entry.kind().is_of_review()).unwrap();
            needs_decision(entry, &entries)
        };
        let concern = revision(1, Kind::Concern, 10);
        let plain = revision(1, Kind::Engagement, 10);
        assert_eq!(why(std::slice::from_ref(&concern)), Some(Reason::Concern));
        assert_eq!(why(&[revision(1, Kind::PowerUse, 10)]), Some(Reason::Power));
        assert_eq!(why(std::slice::from_ref(&plain)), None);
        assert_eq!(why(&[plain.clone(), revision_of(&plain, 2, Change::Corrects, 20)]), Some(Reason::Edited));
        let asked = returned(&plain, 2, 20);
        assert_eq!(why(&[plain.clone(), asked.clone()]), None, "it is the officer's turn");
        assert_eq!(
            why(&[plain.clone(), asked.clone(), answered(&plain, &asked, 3, 30)]),
            Some(Reason::Answered)
        );
        assert_eq!(why(&[concern.clone(), approved(&concern, 2, 311, 20)]), None);
    }
}
