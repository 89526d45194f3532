//! The bodies of a handout alone, a power used, an event and a referral.

use chrono::NaiveDate;

use super::engagement::given;
use super::{BodiesOfDraft, all, authority, items_by_material, known, one, references, text};
use crate::check::{self, Problem, ProblemCode};
use crate::code_list::{Edition, list};
use crate::entry::event::{Event, EventDraft};
use crate::entry::handout::{Handout, HandoutDraft};
use crate::entry::power_use::{PowerUse, PowerUseDraft};
use crate::entry::referral::{Referral, ReferralDraft};
use crate::entry::{Body, Kind};
use crate::id::Code;
use crate::place::PlaceStamp;

fn cut(place: &Option<PlaceStamp>, kind: Kind) -> Option<PlaceStamp> {
    place.clone().map(|place| place.cut_to(kind.precision()))
}

fn alone(main: Body) -> Result<BodiesOfDraft, Vec<Problem>> {
    Ok(BodiesOfDraft { main, handout: None })
}

/// Materials given out alone, or left at a venue.
pub(super) fn handout(
    draft: &HandoutDraft,
    edition: &Edition,
    on: NaiveDate,
) -> Result<BodiesOfDraft, Vec<Problem>> {
    let items: Vec<_> =
        draft.items.iter().filter(|item| item.quantity > 0).map(|item| item.item(edition, on)).collect();
    if items.is_empty() {
        return Err(vec![Problem::block("cards", ProblemCode::NothingGiven)]);
    }
    let place = cut(&draft.place, Kind::Handout);
    alone(Body::Handout(Handout {
        items,
        bulk: draft.bulk,
        place,
        note: text(&draft.note),
        paper: None,
        reason: None,
    }))
}

/// A power used.
pub(super) fn power_use(
    draft: &PowerUseDraft,
    edition: &Edition,
    on: NaiveDate,
) -> Result<BodiesOfDraft, Vec<Problem>> {
    let Some(power) = &draft.power else {
        return Err(vec![Problem::block("power", ProblemCode::ChoosePower)]);
    };
    let needed = check::needs_authority(edition, std::slice::from_ref(power), on);
    let authority = authority(&draft.authority_ref, &draft.authority_inspector, draft.authority_told_at);
    if needed && authority.is_none() {
        return Err(vec![Problem::block("authority", ProblemCode::NameAuthority)]);
    }
    alone(Body::PowerUse(PowerUse {
        power: known(edition, list::POWER, power, on),
        authority,
        area: text(&draft.area),
        until: draft.until,
        reason_class: one(edition, list::POWER_REASON, &draft.reason_class, on),
        people: draft.people,
        references: references(edition, &draft.references, on),
        plain_clothes: draft.plain_clothes,
        place: cut(&draft.place, Kind::PowerUse),
        note: text(&draft.note),
        paper: None,
        reason: None,
    }))
}

/// An event, and the handout of the materials given at it.
pub(super) fn event(
    draft: &EventDraft,
    edition: &Edition,
    on: NaiveDate,
) -> Result<BodiesOfDraft, Vec<Problem>> {
    let Some(event_type) = &draft.event_type else {
        return Err(vec![Problem::block("event_type", ProblemCode::ChooseEventType)]);
    };
    let place = cut(&draft.place, Kind::Event);
    let main = Event {
        event_type: known(edition, list::EVENT_TYPE, event_type, on),
        name: text(&draft.name),
        attendance: one(edition, list::ATTENDANCE, &draft.attendance, on),
        partners: all(edition, list::PARTNER, &draft.partners, on),
        topics: all(edition, list::TOPIC, &draft.topics, on),
        place: place.clone(),
        note: text(&draft.note),
        paper: None,
        reason: None,
    };
    let handout = given(items_by_material(edition, &draft.cards, on), place);
    Ok(BodiesOfDraft { main: Body::Event(main), handout })
}

/// An environment referral.
pub(super) fn referral(
    draft: &ReferralDraft,
    edition: &Edition,
    on: NaiveDate,
) -> Result<BodiesOfDraft, Vec<Problem>> {
    let mut missing = Vec::new();
    if draft.issue.is_none() {
        missing.push(Problem::block("issue", ProblemCode::ChooseIssue));
    }
    if draft.owner.is_none() {
        missing.push(Problem::block("owner", ProblemCode::ChooseOwner));
    }
    let (Some(issue), Some(owner)) = (&draft.issue, &draft.owner) else { return Err(missing) };
    let state = draft.state.clone().unwrap_or_else(|| Code::new("REF_RAISED"));
    alone(Body::Referral(Referral {
        issue: known(edition, list::STREETSAFE_ENVIRONMENT, issue, on),
        owner: known(edition, list::REFERRAL_OWNER, owner, on),
        state: known(edition, list::REFERRAL_STATE, &state, on),
        details: text(&draft.details),
        owner_ref: text(&draft.owner_ref),
        photo: draft.photo.clone(),
        place: cut(&draft.place, Kind::Referral),
        paper: None,
        reason: None,
    }))
}
