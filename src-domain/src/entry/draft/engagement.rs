//! The bodies of an engagement.

use chrono::NaiveDate;

use super::{BodiesOfDraft, all, gate, items_by_material, known, one, text};
use crate::check::{self, Problem, ProblemCode};
use crate::code_list::{Edition, list};
use crate::entry::handout::{Handout, HandoutItem};
use crate::entry::{Answer, Body, Engagement, EngagementDraft, Kind};
use crate::id::Code;
use crate::place::PlaceStamp;
use crate::time::Millis;

/// The handout of what was given, if anything was.
pub(super) fn given(items: Vec<HandoutItem>, place: Option<PlaceStamp>) -> Option<Handout> {
    (!items.is_empty()).then_some(Handout {
        items,
        bulk: false,
        place,
        note: None,
        paper: None,
        reason: None,
    })
}

/// An engagement and the handout of the cards given in it.
pub(super) fn bodies(
    draft: &EngagementDraft,
    edition: &Edition,
    on: NaiveDate,
    now: Millis,
) -> Result<BodiesOfDraft, Vec<Problem>> {
    let Some(engagement_type) = &draft.engagement_type else {
        return Err(vec![Problem::block("engagement_type", ProblemCode::ChooseType)]);
    };
    let child = draft.under_18 == Some(Answer::Yes);
    let place = draft.place.clone().map(|place| place.cut_to(Kind::Engagement.precision()));
    let one = |list, code: &Option<Code>| one(edition, list, code, on);
    let items = items_by_material(edition, &draft.cards, on);
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
        crime: gate(draft.reporting, &draft.crime_now, draft.disclosed_at.unwrap_or(now), &draft.crime_ref),
        follow_up: draft.follow_up,
        note: if child { None } else { text(&draft.note) },
        paper: None,
        reason: None,
    };
    let handout = given(items, place);
    Ok(BodiesOfDraft { main: Body::Engagement(main), handout })
}
