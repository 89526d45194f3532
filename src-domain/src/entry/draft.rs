//! Drafts: what a form holds while it is typed, and how it becomes bodies at Save.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::concern::{Authority, Concern, ConcernDraft, CrimeGate, PowerUsed, SpokenWords, ToldAuthority};
use super::engagement::{Answer, Engagement, EngagementDraft};
use super::handout::{Handout, HandoutItem};
use super::kind::Kind;
use crate::check::{self, Problem, ProblemCode};
use crate::code_list::{CodeRef, Edition, list};
use crate::id::Code;
use crate::place::PlaceStamp;
use crate::time::Millis;

/// A form as it is kept. Everything may be missing; nothing is refused.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "form", content = "holds")]
pub enum DraftForm {
    /// An engagement with the cards given.
    Engagement(EngagementDraft),
    /// A concerning-behaviour note.
    Concern(ConcernDraft),
}

/// The bodies a draft becomes, sealed in one commit.
#[derive(Clone, PartialEq, Debug)]
pub struct BodiesOfDraft {
    /// The entry itself.
    pub main: super::Body,
    /// Cards given in an engagement: a handout of its own that arose from it.
    pub handout: Option<Handout>,
}

impl DraftForm {
    /// The kind of entry it will be.
    pub fn kind(&self) -> Kind {
        match self {
            DraftForm::Engagement(_) => Kind::Engagement,
            DraftForm::Concern(_) => Kind::Concern,
        }
    }

    /// The place in the form.
    pub fn place(&self) -> Option<&PlaceStamp> {
        match self {
            DraftForm::Engagement(draft) => draft.place.as_ref(),
            DraftForm::Concern(draft) => draft.place.as_ref(),
        }
    }

    /// Puts a place into the form.
    pub fn set_place(&mut self, place: Option<PlaceStamp>) {
        match self {
            DraftForm::Engagement(draft) => draft.place = place,
            DraftForm::Concern(draft) => draft.place = place,
        }
    }

    /// The bodies to seal: labels looked up as they stand `on` the day, precision cut to what the kind keeps, answers
    /// that may not be kept left out (bands under five people; bands and note with anyone under 18).
    ///
    /// # Errors
    /// The missing essentials, all with severity block. Ask [`check::body`] for the rest.
    pub fn bodies(
        &self,
        edition: &Edition,
        on: NaiveDate,
        now: Millis,
    ) -> Result<BodiesOfDraft, Vec<Problem>> {
        match self {
            DraftForm::Engagement(draft) => engagement(draft, edition, on),
            DraftForm::Concern(draft) => concern(draft, edition, on, now),
        }
    }
}

fn known(edition: &Edition, list: &str, code: &Code, on: NaiveDate) -> CodeRef {
    edition.code_ref_or_unknown(list, code, on)
}

fn all(edition: &Edition, list: &str, codes: &[Code], on: NaiveDate) -> Vec<CodeRef> {
    codes.iter().map(|code| known(edition, list, code, on)).collect()
}

fn text(typed: &str) -> Option<String> {
    let typed = typed.trim();
    (!typed.is_empty()).then(|| typed.to_owned())
}

fn engagement(
    draft: &EngagementDraft,
    edition: &Edition,
    on: NaiveDate,
) -> Result<BodiesOfDraft, Vec<Problem>> {
    let Some(engagement_type) = &draft.engagement_type else {
        return Err(vec![Problem::block("engagement_type", ProblemCode::ChooseType)]);
    };
    let child = draft.under_18 == Some(Answer::Yes);
    let place = draft.place.clone().map(|place| place.cut_to(Kind::Engagement.precision()));
    let one = |list, code: &Option<Code>| code.as_ref().map(|code| known(edition, list, code, on));
    let items: Vec<HandoutItem> = draft
        .cards
        .iter()
        .filter(|(_, quantity)| **quantity > 0)
        .map(|(material, quantity)| HandoutItem {
            material: known(edition, list::MATERIAL, material, on),
            quantity: *quantity,
            language: None,
            batch: None,
        })
        .collect();
    let mut concerns = Vec::new();
    for code in &draft.concerns {
        let list = if edition.item(list::STREETSAFE_ENVIRONMENT, code, on).is_some() {
            list::STREETSAFE_ENVIRONMENT
        } else {
            list::STREETSAFE_BEHAVIOUR
        };
        concerns.push(known(edition, list, code, on));
    }
    let main = Engagement {
        engagement_type: known(edition, list::ENGAGEMENT_TYPE, engagement_type, on),
        people: draft.people,
        topics: all(edition, list::TOPIC, &draft.topics, on),
        concerns,
        place: place.clone(),
        light: one(list::LIGHT, &draft.light),
        safe_by_day: draft.safe_by_day,
        safe_after_dark: draft.safe_after_dark,
        verification: one(list::VERIFICATION, &draft.verification),
        under_18: draft.under_18,
        safeguarding_ref: if child { text(&draft.safeguarding_ref) } else { None },
        bands: (draft.people >= check::BANDS_FROM_PEOPLE && !child && !draft.bands.is_empty())
            .then(|| draft.bands.clone()),
        follow_up: draft.follow_up,
        note: if child { None } else { text(&draft.note) },
        reason: None,
    };
    let handout = (!items.is_empty()).then_some(Handout { items, place, reason: None });
    Ok(BodiesOfDraft { main: super::Body::Engagement(main), handout })
}

fn concern(
    draft: &ConcernDraft,
    edition: &Edition,
    on: NaiveDate,
    now: Millis,
) -> Result<BodiesOfDraft, Vec<Problem>> {
    let mut missing = Vec::new();
    if draft.behaviours.is_empty() {
        missing.push(Problem::block("behaviours", ProblemCode::ChooseBehaviour));
    }
    let seen = text(&draft.seen);
    if seen.is_none() {
        missing.push(Problem::block("seen", ProblemCode::SaySeen));
    }
    let authority =
        match (text(&draft.authority_ref), text(&draft.authority_inspector), draft.authority_told_at) {
            (Some(reference), _, _) => Some(Authority::Reference(reference)),
            (None, Some(inspector), Some(told_at)) => {
                Some(Authority::ToFollow(ToldAuthority { inspector, told_at }))
            }
            _ => None,
        };
    if authority.is_none() && check::needs_authority(edition, &draft.powers, on) {
        missing.push(Problem::block("authority", ProblemCode::NameAuthority));
    }
    let (true, Some(seen)) = (missing.is_empty(), seen) else { return Err(missing) };
    let one = |list, code: &Option<Code>| code.as_ref().map(|code| known(edition, list, code, on));
    let powers = draft
        .powers
        .iter()
        .map(|power| PowerUsed {
            power: known(edition, list::POWER, power, on),
            authority: check::needs_authority(edition, std::slice::from_ref(power), on)
                .then(|| authority.clone())
                .flatten(),
        })
        .collect();
    let main = Concern {
        behaviours: all(edition, list::BEHAVIOUR, &draft.behaviours, on),
        sources: all(edition, list::OBSERVED_BY, &draft.sources, on),
        seen,
        assessment: text(&draft.assessment),
        words: draft
            .words
            .iter()
            .filter_map(|said| {
                Some(SpokenWords { words: text(&said.words)?, speaker: text(&said.speaker), at: said.at })
            })
            .collect(),
        relationship: one(list::RELATIONSHIP, &draft.relationship),
        contact: draft.contact,
        harm: one(list::HARM, &draft.harm),
        actions: all(edition, list::ACTION, &draft.actions, on),
        powers,
        requests: all(edition, list::FOLLOW_UP, &draft.requests, on),
        safeguarding: all(edition, list::SAFEGUARDING, &draft.safeguarding, on),
        subject: one(list::SUBJECT, &draft.subject),
        place: draft.place.clone().map(|place| place.cut_to(Kind::Concern.precision())),
        crime: draft.reporting.map(|reporting| CrimeGate {
            reporting,
            now: draft.crime_now.clone(),
            disclosed_at: draft.disclosed_at.unwrap_or(now),
            reference: text(&draft.crime_ref),
        }),
        made_with: text(&draft.made_with),
        reason: None,
    };
    Ok(BodiesOfDraft { main: super::Body::Concern(main), handout: None })
}
