//! When a device may drop its copy of an entry: central holds it safely, its review is settled, nothing about it is still to
//! be done, and its class says it has been here long enough. Whatever is not certain is kept.

use crate::entry::{Body, Entry, Kind};
use crate::review::{self, Standing};
use crate::time::{DAY_MS, Millis};

use super::retention::RetentionTable;

/// Kinds whose words a device may drop. Movement is what hours are read from, handouts and stock are the ledger of cards:
/// they hold no words about people, and stay.
pub const DROPPED: [Kind; 6] =
    [Kind::Engagement, Kind::Event, Kind::Concern, Kind::PowerUse, Kind::Referral, Kind::Addendum];

/// What is known of an entry on a device.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// What was said about it; other entries may be among it.
    pub among: &'a [Entry],
    /// Every revision of it is received, and below what central states as safe in its present epoch.
    pub safe: bool,
    /// A draft of it is open, or a slip of it kept.
    pub in_hand: bool,
    /// A duty that arose from it is not discharged.
    pub duty: bool,
    /// Its shift is still open.
    pub on_shift: bool,
    /// When it was fetched back, where it was; central's clock.
    pub fetched_at: Option<Millis>,
    /// Central's time.
    pub now: Millis,
}

/// Why a copy stays.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stays {
    /// Its kind stays on the device.
    Kind,
    /// Central does not hold all of it safely.
    NotSafe,
    /// Something of it is in hand.
    InHand,
    /// A duty is open.
    Duty,
    /// Its shift is running.
    OnShift,
    /// Its author is asked something, or its review is not settled.
    NotReviewed,
    /// It names a photo, which may be on this device alone.
    Photo,
    /// It has not been here long enough, or its class is not known.
    Young,
}

/// Whether the words of an entry may go from a device. Its stub stays.
///
/// # Errors
/// [`Stays`] says why they stay.
pub fn may_drop(held: &Held<'_>, table: &RetentionTable) -> Result<(), Stays> {
    let entry = held.entry;
    if !entry.revisions.iter().all(|revision| DROPPED.contains(&revision.head.kind)) {
        return Err(Stays::Kind);
    }
    let times = entry.revisions.iter().map(|revision| revision.received.map(|(at, _)| at));
    let Some(received) = times.collect::<Option<Vec<Millis>>>().and_then(|all| all.into_iter().max()) else {
        return Err(Stays::NotSafe);
    };
    if !held.safe || entry.is_forked() || entry.revisions.iter().any(|r| !r.problems.is_empty()) {
        return Err(Stays::NotSafe);
    }
    if held.in_hand {
        return Err(Stays::InHand);
    }
    if held.duty {
        return Err(Stays::Duty);
    }
    if held.on_shift {
        return Err(Stays::OnShift);
    }
    if entry.revisions.iter().any(|r| matches!(&r.body, Some(Body::Referral(one)) if one.photo.is_some())) {
        return Err(Stays::Photo);
    }
    let settled = match review::standing(entry, held.among) {
        Standing::Approved(one, _) => one.current().received.map(|(at, _)| at),
        // A withdrawn one that nobody returned has nothing to be decided about.
        Standing::Open if entry.is_withdrawn() => Some(received),
        _ => None,
    };
    let Some(settled) = settled else { return Err(Stays::NotReviewed) };
    let by_class = entry.revisions.iter().map(|r| table.class(&r.head.class).map(|class| class.device_days));
    let by_class = by_class.collect::<Option<Vec<u32>>>().and_then(|days| days.into_iter().max());
    let Some(days) = by_class else { return Err(Stays::Young) };
    let since = received.max(settled).max(held.fetched_at.unwrap_or(received));
    match since.plus(i64::from(days) * DAY_MS) <= held.now {
        true => Ok(()),
        false => Err(Stays::Young),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::entry::testing::{officer, revision, revision_of};
    use crate::entry::{About, Change, Decision, Return, Review, Revision, fold};
    use crate::privacy::retention::{self, ClassRule};

    const RECEIVED: Millis = Millis(1_000);

    fn received(mut revision: Revision, at: Millis) -> Revision {
        revision.received = Some((at, 5));
        revision
    }

    fn said(of: &Revision, n: u8, kind: Kind, body: Body) -> Revision {
        let mut one = received(revision(n, kind, 20), RECEIVED);
        one.head.author = officer(311);
        one.head.about = Some(About { entry_id: of.head.entry_id, link: of.link });
        one.body = Some(body);
        one
    }

    fn approved(of: &Revision) -> Revision {
        let review = Review {
            officer: of.head.author,
            decision: Decision::Approved,
            covers: vec![],
            disposition: None,
            reference: None,
            post: None,
            note: None,
            reason: None,
        };
        said(of, 8, Kind::Review, Body::Review(review))
    }

    fn drops(revisions: &[Revision], days: i64, change: impl FnOnce(&mut Held<'_>)) -> Result<(), Stays> {
        drops_by(retention::built_in(), revisions, days, change)
    }

    fn drops_by(
        table: &RetentionTable,
        revisions: &[Revision],
        days: i64,
        change: impl FnOnce(&mut Held<'_>),
    ) -> Result<(), Stays> {
        let entries = fold(revisions.to_vec());
        let entry = entries.iter().find(|entry| !entry.kind().is_of_review()).unwrap();
        let mut held = Held {
            entry,
            among: &entries,
            safe: true,
            in_hand: false,
            duty: false,
            on_shift: false,
            fetched_at: None,
            now: RECEIVED.plus(days * DAY_MS),
        };
        change(&mut held);
        may_drop(&held, table)
    }

    #[test]
    fn only_what_is_safe_settled_done_with_and_old_enough_goes() {
        let chat = received(revision(1, Kind::Engagement, 10), RECEIVED);
        let good = [chat.clone(), approved(&chat)];
        assert_eq!(drops(&good, 7, |_| {}), Ok(()));
        assert_eq!(drops(&good, 6, |_| {}), Err(Stays::Young));
        assert_eq!(drops(&good, 9, |held| held.safe = false), Err(Stays::NotSafe));
        assert_eq!(drops(&good, 9, |held| held.in_hand = true), Err(Stays::InHand));
        assert_eq!(drops(&good, 9, |held| held.duty = true), Err(Stays::Duty));
        assert_eq!(drops(&good, 9, |held| held.on_shift = true), Err(Stays::OnShift));
        let fetched = Some(RECEIVED.plus(8 * DAY_MS));
        assert_eq!(drops(&good, 9, |held| held.fetched_at = fetched), Err(Stays::Young));
        assert_eq!(drops(&good, 15, |held| held.fetched_at = fetched), Ok(()));
        let by_force = |days| {
            let rule = ClassRule {
                code: "RC_ENGAGEMENT".into(),
                months: None,
                device_days: Some(days),
                source: "Schedule 4.2".into(),
            };
            retention::built_in().with(&[rule])
        };
        assert_eq!(drops_by(&by_force(0), &good, 0, |_| {}), Ok(()), "a force may say so");
        assert_eq!(drops_by(&by_force(30), &good, 9, |_| {}), Err(Stays::Young));
        assert_eq!(drops(std::slice::from_ref(&chat), 99, |_| {}), Err(Stays::NotReviewed));
    }

    #[test]
    fn what_is_not_received_asked_about_corrected_since_or_returned_stays() {
        let chat = received(revision(1, Kind::Engagement, 10), RECEIVED);
        let mut unsent = revision_of(&chat, 2, Change::Corrects, 30);
        unsent.received = None;
        assert_eq!(drops(&[chat.clone(), unsent.clone(), approved(&chat)], 99, |_| {}), Err(Stays::NotSafe));
        let newer = received(unsent, RECEIVED);
        assert_eq!(drops(&[chat.clone(), newer, approved(&chat)], 99, |_| {}), Err(Stays::NotReviewed));
        let mut asked = chat.clone();
        asked.problems = vec!["unknown_code".into()];
        assert_eq!(drops(&[asked, approved(&chat)], 99, |_| {}), Err(Stays::NotSafe));
        let body = Return {
            officer: chat.head.author,
            questions: vec![],
            due: None,
            urgent: false,
            aside: false,
            reason: None,
        };
        let returned = said(&chat, 9, Kind::Return, Body::Return(body));
        assert_eq!(drops(&[chat, returned], 99, |_| {}), Err(Stays::NotReviewed));
    }

    #[test]
    fn movement_and_the_ledger_of_cards_stay() {
        for kind in [Kind::LegStarted, Kind::Handout, Kind::ShiftOpened, Kind::DutyOpened] {
            let one = received(revision(1, kind, 10), RECEIVED);
            assert_eq!(drops(&[one.clone(), approved(&one)], 99, |_| {}), Err(Stays::Kind));
        }
    }
}
