//! What must still be done after an entry: which entries open a duty, when it is due, who has it, and which are open.

mod held;
mod post;
mod settle;

pub use held::{Held, Holder, OFFERED_AT_END_MS, Passed, Rise, held, offered_at_end};
pub use post::{Post, Rank, Turn, rank_of};
pub use settle::{Step, settle};

use crate::code_list::{Edition, list};
use crate::entry::{Authority, Body, CrimeGate, DutyBody, Entry, Reference, Relation};
use crate::id::{Code, EntryId, Link};
use crate::time::{DAY_MS, Millis, local};

/// Crime reference, within 24 hours of disclosure (National Crime Recording Standard).
pub const CRIME_REF: &str = "DU_CRIME_REF";
/// Body-worn video to be marked as kept.
pub const BWV_HOLD: &str = "DU_BWV_HOLD";
/// Authorisation reference to follow.
pub const AUTHORITY_REF: &str = "DU_AUTHORITY_REF";
/// Referral: to hear from its owner.
pub const REFERRAL: &str = "DU_REFERRAL";
/// Safeguarding referral.
pub const SAFEGUARD_REF: &str = "DU_SAFEGUARD_REF";

/// Non-evidential body-worn video is deleted after this many days (Norfolk Constabulary, body-worn cameras).
pub const BWV_KEPT_DAYS: i64 = 31;
/// An authorisation told by word of mouth is to be named within this many days.
const AUTHORITY_DAYS: i64 = 1;
/// A referral is asked after once this many days have gone by.
const REFERRAL_DAYS: i64 = 14;
/// A safeguarding referral is made within a day.
const SAFEGUARD_DAYS: i64 = 1;

/// When body-worn video that began at a moment is deleted, unless it is marked as kept.
pub fn bwv_deleted_at(began: Millis) -> Millis {
    began.plus(BWV_KEPT_DAYS * DAY_MS)
}

/// The duty a reference to another system discharges.
pub fn discharged_by(reference: &Code) -> Option<&'static str> {
    Some(match reference.as_str() {
        "REF_CRIME" => CRIME_REF,
        "REF_BWV" => BWV_HOLD,
        "REF_S34" => AUTHORITY_REF,
        "REF_SAFEGUARD" => SAFEGUARD_REF,
        _ => return None,
    })
}

/// The system whose reference discharges a duty.
pub fn wants_reference(what: &Code) -> Option<&'static str> {
    Some(match what.as_str() {
        CRIME_REF => "REF_CRIME",
        BWV_HOLD => "REF_BWV",
        AUTHORITY_REF => "REF_S34",
        SAFEGUARD_REF => "REF_SAFEGUARD",
        _ => return None,
    })
}

/// The duties a body asks for, by what and when due. `occurred_at` is when it happened.
pub fn asked_by(body: &Body, occurred_at: Millis) -> Vec<(&'static str, Option<Millis>)> {
    let mut asked = Vec::new();
    let after = |days: i64| Some(occurred_at.plus(days * DAY_MS));
    match body {
        Body::Engagement(it) => {
            crime(&mut asked, it.crime.as_ref());
            if it.under_18 == Some(crate::entry::Answer::Yes) && it.follow_up && it.safeguarding_ref.is_none()
            {
                asked.push((SAFEGUARD_REF, after(SAFEGUARD_DAYS)));
            }
        }
        Body::Concern(it) => {
            let has = |kind: &str| it.references.iter().any(|reference| reference.kind.code.as_str() == kind);
            if !has("REF_CRIME") {
                crime(&mut asked, it.crime.as_ref());
            }
            if it.requests.iter().any(|request| request.code.as_str() == "F_BWV_RETAIN") {
                let began = it
                    .references
                    .iter()
                    .filter(|reference| reference.kind.code.as_str() == "REF_BWV")
                    .filter_map(|reference| reference.at)
                    .min();
                asked.push((BWV_HOLD, Some(bwv_deleted_at(began.unwrap_or(occurred_at)))));
            }
            let to_follow = it.powers.iter().find_map(|power| told_at(power.authority.as_ref()));
            asked.extend(to_follow.map(|at| (AUTHORITY_REF, Some(at.plus(AUTHORITY_DAYS * DAY_MS)))));
            let referred = it.actions.iter().any(|action| action.code.as_str() == "A_SAFEGUARD_REF");
            if referred && !has("REF_SAFEGUARD") {
                asked.push((SAFEGUARD_REF, after(SAFEGUARD_DAYS)));
            }
        }
        Body::PowerUse(it) => {
            let to_follow = told_at(it.authority.as_ref());
            asked.extend(to_follow.map(|at| (AUTHORITY_REF, Some(at.plus(AUTHORITY_DAYS * DAY_MS)))));
        }
        Body::Referral(it) if matches!(it.state.code.as_str(), "REF_RAISED" | "REF_ACK") => {
            asked.push((REFERRAL, after(REFERRAL_DAYS)));
        }
        _ => {}
    }
    asked
}

fn crime(asked: &mut Vec<(&'static str, Option<Millis>)>, gate: Option<&CrimeGate>) {
    if let Some(due) = gate.and_then(CrimeGate::due) {
        asked.push((CRIME_REF, Some(due)));
    }
}

fn told_at(authority: Option<&Authority>) -> Option<Millis> {
    match authority {
        Some(Authority::ToFollow(told)) => Some(told.told_at),
        _ => None,
    }
}

/// The body of a duty to open.
pub fn opened(what: &str, due: Option<Millis>, edition: &Edition, now: Millis) -> DutyBody {
    DutyBody {
        what: edition.code_ref_or_unknown(list::DUTY, &Code::new(what), local(now).date_naive()),
        due,
        team: None,
        post: None,
        accepted_by: None,
        reference: None,
        note: None,
        reason: None,
        area: None,
        officer: None,
        from: None,
    }
}

/// A duty as it stands.
#[derive(Clone, PartialEq, Debug)]
pub struct DutyStands<'a> {
    /// Its entry.
    pub entry: &'a Entry,
    /// What must be done.
    pub body: &'a DutyBody,
    /// The entry it arose from.
    pub about: Option<EntryId>,
    /// Still to be done.
    pub open: bool,
    /// Who has it.
    pub held: Held<'a>,
}

impl DutyStands<'_> {
    /// Past its time and still open.
    pub fn is_overdue(&self, now: Millis) -> bool {
        self.open && self.body.due.is_some_and(|due| now > due)
    }

    /// The revision that stands.
    pub fn link(&self) -> Link {
        self.entry.current().link
    }

    /// The reference that discharged it.
    pub fn reference(&self) -> Option<&Reference> {
        self.held.done.and_then(|done| done.reference.as_ref())
    }

    /// Who must see that it waits.
    pub fn rise(&self, now: Millis) -> Rise {
        if self.open { self.held.rise(self.body.due, now) } else { Rise::Calm }
    }
}

/// The duties among these entries, those due first first; withdrawn ones and those of withdrawn entries are left out.
pub fn duties(entries: &[Entry]) -> Vec<DutyStands<'_>> {
    let mut found: Vec<DutyStands<'_>> = entries
        .iter()
        // What is about a duty is a word of whoever took it.
        .filter(|entry| !entry.is_withdrawn() && entry.first().head.about.is_none())
        .filter_map(|entry| {
            let current = entry.current();
            let Some(Body::Duty(body)) = &current.body else { return None };
            let about = entry
                .revisions
                .iter()
                .flat_map(|revision| &revision.head.links)
                .find(|link| link.relation == Relation::AroseFrom)
                .map(|link| link.entry_id);
            let held = held(entry, entries);
            Some(DutyStands { entry, body, about, open: held.done.is_none(), held })
        })
        .filter(|duty| {
            !entries.iter().any(|entry| Some(entry.entry_id) == duty.about && entry.is_withdrawn())
        })
        .collect();
    found.sort_by_key(|duty| (!duty.open, duty.body.due.unwrap_or(Millis(i64::MAX)), duty.entry.entry_id));
    found
}

/// Whether a duty of this kind that arose from an entry has been discharged, by whoever had it.
pub fn is_discharged(entries: &[Entry], about: EntryId, what: &str) -> bool {
    duties(entries)
        .iter()
        .any(|duty| !duty.open && duty.about == Some(about) && duty.body.what.code.as_str() == what)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::code_list::built_in;
    use crate::entry::{ConcernDraft, DraftForm, DraftReference, Reporting};

    fn concern(change: impl FnOnce(&mut ConcernDraft)) -> Body {
        let mut draft = ConcernDraft {
            behaviours: vec![Code::new("B_TOUCH")],
            seen: "Seen.".to_owned(),
            ..ConcernDraft::default()
        };
        change(&mut draft);
        let on = chrono::NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
        DraftForm::Concern(draft).bodies(built_in(), on, Millis(0)).unwrap().main
    }

    #[test]
    fn a_crime_reported_is_due_in_a_day_until_its_reference_is_known() {
        let asked = |change: fn(&mut ConcernDraft)| asked_by(&concern(change), Millis(1_000));
        let reported = asked(|draft| {
            draft.reporting = Some(Reporting::Yes);
            draft.disclosed_at = Some(Millis(500));
        });
        assert_eq!(reported, [(CRIME_REF, Some(Millis(500 + DAY_MS)))]);
        assert!(asked(|draft| draft.reporting = Some(Reporting::No)).is_empty());
        assert!(
            asked(|draft| {
                draft.reporting = Some(Reporting::Yes);
                draft.crime_ref = "36/286/26".to_owned();
            })
            .is_empty()
        );
    }

    #[test]
    fn video_counts_from_the_start_of_the_clip() {
        let asked = asked_by(
            &concern(|draft| {
                draft.requests = vec![Code::new("F_BWV_RETAIN")];
                draft.references = vec![DraftReference {
                    kind: Some(Code::new("REF_BWV")),
                    value: "clip 7".to_owned(),
                    at: Some(Millis(200)),
                }];
            }),
            Millis(1_000),
        );
        assert_eq!(asked, [(BWV_HOLD, Some(Millis(200 + 31 * DAY_MS)))]);
    }

    #[test]
    fn an_authority_told_by_word_of_mouth_opens_a_duty() {
        let asked = asked_by(
            &concern(|draft| {
                draft.powers = vec![Code::new("PW_S34_35_DISPERSAL")];
                draft.authority_inspector = "0102".to_owned();
                draft.authority_told_at = Some(Millis(300));
            }),
            Millis(1_000),
        );
        assert_eq!(asked, [(AUTHORITY_REF, Some(Millis(300 + DAY_MS)))]);
    }
}
