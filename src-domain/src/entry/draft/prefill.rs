//! Forms that begin with something known: what they arose from, or the last one repeated.

use chrono::NaiveDate;

use super::DraftForm;
use crate::code_list::{CodeRef, Edition, list};
use crate::entry::engagement::{Engagement, EngagementDraft};
use crate::id::{Code, EntryId};

impl DraftForm {
    /// Takes over what the form it arose from says already, and names it. The place is taken where this form has none.
    pub fn arise_from(&mut self, entry: EntryId, from: Option<&DraftForm>, edition: &Edition, on: NaiveDate) {
        match self {
            DraftForm::PowerUse(it) => {
                it.arose_from = Some(entry);
                if let Some(DraftForm::Concern(concern)) = from {
                    // One power: that is the one meant.
                    if let [power] = &concern.powers[..] {
                        it.power = Some(power.clone());
                        it.authority_ref.clone_from(&concern.authority_ref);
                        it.authority_inspector.clone_from(&concern.authority_inspector);
                        it.authority_told_at = concern.authority_told_at;
                    }
                }
            }
            DraftForm::Referral(it) => {
                it.arose_from = Some(entry);
                if let Some(DraftForm::Engagement(engagement)) = from {
                    let mut issues = engagement
                        .concerns
                        .iter()
                        .filter(|code| edition.item(list::STREETSAFE_ENVIRONMENT, code, on).is_some());
                    it.issue = match (issues.next(), issues.next()) {
                        (Some(issue), None) => Some(issue.clone()),
                        _ => None,
                    };
                }
            }
            _ => return,
        }
        if self.place().is_none() {
            self.set_place(from.and_then(DraftForm::place).cloned());
        }
    }
}

impl Engagement {
    /// The form of "Same again": type, topics and light as they were, as far as they are still offered; everything that
    /// belongs to one conversation (people, cards, concerns, bands, note) as in a new form.
    pub fn again(&self, edition: &Edition, on: NaiveDate) -> EngagementDraft {
        let still = |it: &CodeRef| -> Option<Code> {
            edition.offered(it.list.as_str(), on).any(|item| item.code == it.code).then(|| it.code.clone())
        };
        EngagementDraft {
            engagement_type: still(&self.engagement_type),
            topics: self.topics.iter().filter_map(still).collect(),
            light: self.light.as_ref().and_then(still),
            place: self.place.clone(),
            ..EngagementDraft::default()
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use uuid::Uuid;

    use super::*;
    use crate::code_list::built_in;
    use crate::entry::{Body, ConcernDraft, PowerUseDraft, ReferralDraft};
    use crate::place::PlaceStamp;
    use crate::time::Millis;

    fn on() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 27).unwrap()
    }

    fn place(name: &str) -> Option<PlaceStamp> {
        Some(PlaceStamp { name: Some(name.to_owned()), ..PlaceStamp::default() })
    }

    #[test]
    fn a_power_begins_with_what_its_concern_says() {
        let concern = DraftForm::Concern(ConcernDraft {
            powers: vec![Code::new("PW_S34_35_DISPERSAL")],
            authority_inspector: "0102".to_owned(),
            authority_told_at: Some(Millis(5)),
            place: place("Tombland"),
            ..ConcernDraft::default()
        });
        let id = EntryId(Uuid::from_u128(4));
        let mut form = DraftForm::PowerUse(PowerUseDraft::default());
        form.arise_from(id, Some(&concern), built_in(), on());
        assert_eq!((form.arose_from(), form.place()), (Some(id), place("Tombland").as_ref()));
        let DraftForm::PowerUse(it) = form else { unreachable!() };
        assert_eq!((it.authority_inspector.as_str(), it.authority_told_at), ("0102", Some(Millis(5))));
    }

    #[test]
    fn a_referral_begins_with_the_one_issue_of_its_engagement() {
        let engagement = DraftForm::Engagement(EngagementDraft {
            concerns: vec![Code::new("SS_E_LIGHT"), Code::new("SS_B_FOLLOW")],
            place: place("Tombland"),
            ..EngagementDraft::default()
        });
        let mut form =
            DraftForm::Referral(ReferralDraft { place: place("The lamp"), ..ReferralDraft::default() });
        form.arise_from(EntryId(Uuid::from_u128(4)), Some(&engagement), built_in(), on());
        let DraftForm::Referral(it) = form else { unreachable!() };
        assert_eq!((it.issue, it.place), (Some(Code::new("SS_E_LIGHT")), place("The lamp")));
    }

    #[test]
    fn again_repeats_no_conversation() {
        let draft = EngagementDraft {
            engagement_type: Some(Code::new("E_GROUP")),
            people: 7,
            topics: vec![Code::new("T_STREETSAFE"), Code::new("T_ANI")],
            concerns: vec![Code::new("SS_E_LIGHT")],
            note: "Asked about the lamps.".to_owned(),
            follow_up: true,
            ..EngagementDraft::default()
        };
        let Body::Engagement(it) =
            DraftForm::Engagement(draft).bodies(built_in(), on(), Millis(0)).unwrap().main
        else {
            unreachable!()
        };
        let expected = EngagementDraft {
            engagement_type: Some(Code::new("E_GROUP")),
            topics: vec![Code::new("T_STREETSAFE")],
            ..EngagementDraft::default()
        };
        assert_eq!(it.again(built_in(), on()), expected, "a retired topic is not offered again");
    }
}
