//! A sealed body back into its form, for a correction: every answer stands where it was given.

use super::DraftForm;
use crate::code_list::CodeRef;
use crate::entry::concern::{Authority, Concern, ConcernDraft, DraftWords};
use crate::entry::engagement::{Engagement, EngagementDraft};
use crate::entry::event::{Event, EventDraft};
use crate::entry::handout::{DraftItem, Handout, HandoutDraft, HandoutItem};
use crate::entry::person::{DraftPerson, PersonDescribed};
use crate::entry::power_use::{PowerUse, PowerUseDraft};
use crate::entry::reference::{DraftReference, Reference};
use crate::entry::referral::{Referral, ReferralDraft};
use crate::entry::{Body, codes};
use crate::id::Code;
use crate::time::Millis;

fn code(of: &Option<CodeRef>) -> Option<Code> {
    of.as_ref().map(|of| of.code.clone())
}

fn typed(of: &Option<String>) -> String {
    of.clone().unwrap_or_default()
}

impl DraftForm {
    /// The form of a sealed body and of the handout that arose from it; `None` for kinds that have no form.
    pub fn reopened(body: &Body, handout: Option<&Handout>) -> Option<DraftForm> {
        Some(match body {
            Body::Engagement(it) => DraftForm::Engagement(engagement(it, handout)),
            Body::Concern(it) => DraftForm::Concern(concern(it)),
            Body::Handout(it) => DraftForm::Handout(HandoutDraft {
                items: it.items.iter().map(item).collect(),
                bulk: it.bulk,
                place: it.place.clone(),
                note: typed(&it.note),
            }),
            Body::PowerUse(it) => DraftForm::PowerUse(power_use(it)),
            Body::Event(it) => DraftForm::Event(event(it, handout)),
            Body::Referral(it) => DraftForm::Referral(referral(it)),
            Body::Tasking(it) => DraftForm::Tasking(super::tasking::reopened(it)),
            _ => return None,
        })
    }
}

fn item(it: &HandoutItem) -> DraftItem {
    DraftItem {
        material: it.material.code.clone(),
        quantity: it.quantity,
        language: it.language.clone(),
        batch: it.batch.clone(),
        version: it.version.clone(),
    }
}

fn cards(handout: Option<&Handout>) -> std::collections::BTreeMap<Code, u32> {
    let mut cards = std::collections::BTreeMap::new();
    for item in handout.iter().flat_map(|handout| &handout.items) {
        *cards.entry(item.material.code.clone()).or_insert(0) += item.quantity;
    }
    cards
}

fn engagement(it: &Engagement, handout: Option<&Handout>) -> EngagementDraft {
    EngagementDraft {
        engagement_type: Some(it.engagement_type.code.clone()),
        people: it.people,
        cards: cards(handout),
        topics: codes(&it.topics),
        concerns: codes(&it.concerns),
        place: it.place.clone(),
        light: code(&it.light),
        safe_by_day: it.safe_by_day,
        safe_after_dark: it.safe_after_dark,
        verification: code(&it.verification),
        under_18: it.under_18,
        safeguarding_ref: typed(&it.safeguarding_ref),
        bands: it.bands.clone().unwrap_or_default(),
        reporting: it.crime.as_ref().map(|crime| crime.reporting),
        crime_now: it.crime.as_ref().map(|crime| crime.now.clone()).unwrap_or_default(),
        disclosed_at: it.crime.as_ref().map(|crime| crime.disclosed_at),
        crime_ref: it.crime.as_ref().map(|crime| typed(&crime.reference)).unwrap_or_default(),
        follow_up: it.follow_up,
        note: typed(&it.note),
    }
}

fn reference(it: &Reference) -> DraftReference {
    DraftReference { kind: Some(it.kind.code.clone()), value: it.value.clone(), at: it.at }
}

fn authority(it: Option<&Authority>) -> (String, String, Option<Millis>) {
    match it {
        Some(Authority::Reference(reference)) => (reference.clone(), String::new(), None),
        Some(Authority::ToFollow(told)) => (String::new(), told.inspector.clone(), Some(told.told_at)),
        None => (String::new(), String::new(), None),
    }
}

fn person(it: &PersonDescribed) -> DraftPerson {
    DraftPerson {
        subject: codes(&it.subject),
        description: it.description.clone(),
        officer_defined: code(&it.officer_defined),
        self_defined: code(&it.self_defined),
        not_stated: code(&it.not_stated),
    }
}

fn concern(it: &Concern) -> ConcernDraft {
    let (authority_ref, authority_inspector, authority_told_at) =
        authority(it.powers.iter().find_map(|power| power.authority.as_ref()));
    let words = it
        .words
        .iter()
        .map(|said| DraftWords { words: said.words.clone(), speaker: typed(&said.speaker), at: said.at })
        .collect();
    ConcernDraft {
        behaviours: codes(&it.behaviours),
        sources: codes(&it.sources),
        told_by: typed(&it.told_by),
        seen: it.seen.clone(),
        assessment: typed(&it.assessment),
        words,
        relationship: code(&it.relationship),
        contact: it.contact,
        harm: code(&it.harm),
        actions: codes(&it.actions),
        powers: it.powers.iter().map(|power| power.power.code.clone()).collect(),
        authority_ref,
        authority_inspector,
        authority_told_at,
        requests: codes(&it.requests),
        safeguarding: codes(&it.safeguarding),
        people: it.people.iter().map(person).collect(),
        references: it.references.iter().map(reference).collect(),
        grade_source: it.grading.as_ref().map(|grading| grading.source.code.clone()),
        grade_information: it.grading.as_ref().map(|grading| grading.information.code.clone()),
        grade_handling: it.grading.as_ref().map(|grading| grading.handling.code.clone()),
        grade_conditions: it.grading.as_ref().map(|grading| typed(&grading.conditions)).unwrap_or_default(),
        subject: code(&it.subject),
        place: it.place.clone(),
        reporting: it.crime.as_ref().map(|crime| crime.reporting),
        crime_now: it.crime.as_ref().map(|crime| crime.now.clone()).unwrap_or_default(),
        disclosed_at: it.crime.as_ref().map(|crime| crime.disclosed_at),
        crime_ref: it.crime.as_ref().map(|crime| typed(&crime.reference)).unwrap_or_default(),
        made_with: typed(&it.made_with),
        plain_clothes: false,
    }
}

fn power_use(it: &PowerUse) -> PowerUseDraft {
    let (authority_ref, authority_inspector, authority_told_at) = authority(it.authority.as_ref());
    PowerUseDraft {
        power: Some(it.power.code.clone()),
        authority_ref,
        authority_inspector,
        authority_told_at,
        area: typed(&it.area),
        until: it.until,
        reason_class: code(&it.reason_class),
        people: it.people,
        references: it.references.iter().map(reference).collect(),
        plain_clothes: it.plain_clothes,
        place: it.place.clone(),
        note: typed(&it.note),
        arose_from: None,
    }
}

fn event(it: &Event, handout: Option<&Handout>) -> EventDraft {
    EventDraft {
        event_type: Some(it.event_type.code.clone()),
        name: typed(&it.name),
        attendance: code(&it.attendance),
        partners: codes(&it.partners),
        topics: codes(&it.topics),
        cards: cards(handout),
        place: it.place.clone(),
        note: typed(&it.note),
    }
}

fn referral(it: &Referral) -> ReferralDraft {
    ReferralDraft {
        issue: Some(it.issue.code.clone()),
        owner: Some(it.owner.code.clone()),
        state: Some(it.state.code.clone()),
        details: typed(&it.details),
        owner_ref: typed(&it.owner_ref),
        photo: it.photo.clone(),
        place: it.place.clone(),
        arose_from: None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use chrono::NaiveDate;

    use super::*;
    use crate::code_list::built_in;

    /// A form sealed and opened again seals to the same bytes: a correction changes only what the officer changed.
    #[test]
    fn what_is_opened_again_seals_to_the_same() {
        let on = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
        let code = |text: &str| Some(Code::new(text));
        let forms = [
            DraftForm::Engagement(EngagementDraft {
                engagement_type: code("E_GROUP"),
                people: 6,
                cards: [(Code::new("MAT_ALARM"), 2)].into(),
                topics: vec![Code::new("T_STREETSAFE")],
                concerns: vec![Code::new("SS_E_LIGHT")],
                safe_after_dark: Some(2),
                note: "Asked about the lamps.".to_owned(),
                ..EngagementDraft::default()
            }),
            DraftForm::Concern(ConcernDraft {
                behaviours: vec![Code::new("B_FOLLOW")],
                seen: "Followed two people for 200 m.".to_owned(),
                powers: vec![Code::new("PW_S34_35_DISPERSAL")],
                authority_inspector: "0102".to_owned(),
                authority_told_at: Some(Millis(5)),
                people: vec![DraftPerson {
                    officer_defined: code("1"),
                    self_defined: code("NS"),
                    not_stated: code("N4"),
                    ..DraftPerson::default()
                }],
                references: vec![DraftReference {
                    kind: code("REF_BWV"),
                    value: "clip 4".to_owned(),
                    at: Some(Millis(9)),
                }],
                grade_source: code("1"),
                grade_information: code("A"),
                grade_handling: code("P"),
                ..ConcernDraft::default()
            }),
            DraftForm::PowerUse(PowerUseDraft {
                power: code("PW_S50_PRA"),
                area: "The Haymarket".to_owned(),
                ..PowerUseDraft::default()
            }),
            DraftForm::Event(EventDraft {
                event_type: code("EV_STALL"),
                cards: [(Code::new("MAT_ALARM"), 30)].into(),
                ..EventDraft::default()
            }),
            DraftForm::Referral(ReferralDraft {
                issue: code("SS_E_LIGHT"),
                owner: code("OWN_NCC"),
                ..ReferralDraft::default()
            }),
        ];
        for form in forms {
            let sealed = form.bodies(built_in(), on, Millis(10)).unwrap();
            let again = DraftForm::reopened(&sealed.main, sealed.handout.as_ref()).unwrap();
            let twice = again.bodies(built_in(), on, Millis(99)).unwrap();
            assert_eq!(sealed, twice, "{:?}", form.kind());
        }
    }
}
