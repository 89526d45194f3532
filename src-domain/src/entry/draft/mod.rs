//! Drafts: what a form holds while it is typed, how it becomes bodies at Save, and how a sealed body becomes a form again.

mod concern;
mod engagement;
mod others;
mod prefill;
mod reopen;
mod tasking;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::concern::{Authority, ConcernDraft, CrimeGate, Reporting, ToldAuthority};
use super::engagement::EngagementDraft;
use super::event::EventDraft;
use super::handout::{DraftItem, Handout, HandoutDraft, HandoutItem};
use super::kind::Kind;
use super::power_use::PowerUseDraft;
use super::reference::{Attachment, DraftReference, Reference};
use super::referral::ReferralDraft;
use super::tasking::TaskingDraft;
use crate::check::Problem;
use crate::code_list::{CodeRef, Edition, list};
use crate::id::{Code, EntryId};
use crate::place::PlaceStamp;
use crate::time::Millis;

pub use tasking::windows_field;

/// A form as it is kept. Everything may be missing; nothing is refused.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "form", content = "holds")]
pub enum DraftForm {
    /// An engagement with the cards given.
    Engagement(EngagementDraft),
    /// A concerning-behaviour note.
    Concern(ConcernDraft),
    /// Materials given out alone, or left in bulk at a venue.
    Handout(HandoutDraft),
    /// A power used.
    PowerUse(PowerUseDraft),
    /// An event.
    Event(EventDraft),
    /// An environment referral.
    Referral(ReferralDraft),
    /// What is asked for a night.
    Tasking(TaskingDraft),
}

/// The bodies a draft becomes, sealed in one commit.
#[derive(Clone, PartialEq, Debug)]
pub struct BodiesOfDraft {
    /// The entry itself.
    pub main: super::Body,
    /// Cards given in an engagement or at an event: a handout of its own that arose from it.
    pub handout: Option<Handout>,
}

macro_rules! each_placed {
    ($form:expr, $draft:ident => $then:expr, else $otherwise:expr) => {
        match $form {
            DraftForm::Engagement($draft) => $then,
            DraftForm::Concern($draft) => $then,
            DraftForm::Handout($draft) => $then,
            DraftForm::PowerUse($draft) => $then,
            DraftForm::Event($draft) => $then,
            DraftForm::Referral($draft) => $then,
            // A tasking names areas, it happens at none of them.
            DraftForm::Tasking(_) => $otherwise,
        }
    };
}

impl DraftForm {
    /// The kind of entry it will be.
    pub fn kind(&self) -> Kind {
        match self {
            DraftForm::Engagement(_) => Kind::Engagement,
            DraftForm::Concern(_) => Kind::Concern,
            DraftForm::Handout(_) => Kind::Handout,
            DraftForm::PowerUse(_) => Kind::PowerUse,
            DraftForm::Event(_) => Kind::Event,
            DraftForm::Referral(_) => Kind::Referral,
            DraftForm::Tasking(_) => Kind::Tasking,
        }
    }

    /// An empty form of a kind; `None` for kinds that have no form.
    pub fn empty(kind: Kind) -> Option<DraftForm> {
        Some(match kind {
            Kind::Engagement => DraftForm::Engagement(EngagementDraft::default()),
            Kind::Concern => DraftForm::Concern(ConcernDraft::default()),
            Kind::Handout => DraftForm::Handout(HandoutDraft::default()),
            Kind::PowerUse => DraftForm::PowerUse(PowerUseDraft::default()),
            Kind::Event => DraftForm::Event(EventDraft::default()),
            Kind::Referral => DraftForm::Referral(ReferralDraft::default()),
            Kind::Tasking => DraftForm::Tasking(TaskingDraft::default()),
            _ => return None,
        })
    }

    /// The place in the form.
    pub fn place(&self) -> Option<&PlaceStamp> {
        each_placed!(self, draft => draft.place.as_ref(), else None)
    }

    /// Puts a place into the form.
    pub fn set_place(&mut self, place: Option<PlaceStamp>) {
        each_placed!(self, draft => draft.place = place, else ());
    }

    /// The photo the form names.
    pub fn photo(&self) -> Option<&Attachment> {
        match self {
            DraftForm::Referral(draft) => draft.photo.as_ref(),
            _ => None,
        }
    }

    /// The entry it arose from, where the form names one.
    pub fn arose_from(&self) -> Option<EntryId> {
        match self {
            DraftForm::PowerUse(draft) => draft.arose_from,
            DraftForm::Referral(draft) => draft.arose_from,
            _ => None,
        }
    }

    /// The bodies to seal: labels looked up as they stand `on` the day, precision cut to what the kind keeps, answers
    /// that may not be kept left out (bands under five people; bands and note with anyone under 18).
    ///
    /// # Errors
    /// The missing essentials, all with severity block. Ask [`crate::check::body`] for the rest.
    pub fn bodies(
        &self,
        edition: &Edition,
        on: NaiveDate,
        now: Millis,
    ) -> Result<BodiesOfDraft, Vec<Problem>> {
        match self {
            DraftForm::Engagement(draft) => engagement::bodies(draft, edition, on, now),
            DraftForm::Concern(draft) => concern::bodies(draft, edition, on, now),
            DraftForm::Handout(draft) => others::handout(draft, edition, on),
            DraftForm::PowerUse(draft) => others::power_use(draft, edition, on),
            DraftForm::Event(draft) => others::event(draft, edition, on),
            DraftForm::Referral(draft) => others::referral(draft, edition, on),
            DraftForm::Tasking(draft) => tasking::bodies(draft, edition, on),
        }
    }
}

fn known(edition: &Edition, list: &str, code: &Code, on: NaiveDate) -> CodeRef {
    edition.code_ref_or_unknown(list, code, on)
}

fn all(edition: &Edition, list: &str, codes: &[Code], on: NaiveDate) -> Vec<CodeRef> {
    codes.iter().map(|code| known(edition, list, code, on)).collect()
}

fn one(edition: &Edition, list: &str, code: &Option<Code>, on: NaiveDate) -> Option<CodeRef> {
    code.as_ref().map(|code| known(edition, list, code, on))
}

fn text(typed: &str) -> Option<String> {
    let typed = typed.trim();
    (!typed.is_empty()).then(|| typed.to_owned())
}

/// The items of a form that counts by material alone: of a material the force has one line of stock of, the line is known.
fn items_by_material<'a>(
    edition: &Edition,
    cards: impl IntoIterator<Item = (&'a Code, &'a u32)>,
    on: NaiveDate,
) -> Vec<HandoutItem> {
    cards
        .into_iter()
        .filter(|(_, quantity)| **quantity > 0)
        .map(|(material, quantity)| {
            let line = edition.only_stock_line(material, on);
            HandoutItem {
                material: known(edition, list::MATERIAL, material, on),
                quantity: *quantity,
                language: line.and_then(|line| line.language.clone()),
                batch: line.and_then(|line| line.batch.clone()),
                version: line.and_then(|line| line.version.clone()),
            }
        })
        .collect()
}

impl DraftItem {
    /// The line as a record keeps it.
    pub fn item(&self, edition: &Edition, on: NaiveDate) -> HandoutItem {
        HandoutItem {
            material: known(edition, list::MATERIAL, &self.material, on),
            quantity: self.quantity,
            language: self.language.clone(),
            batch: self.batch.clone(),
            version: self.version.clone(),
        }
    }
}

impl DraftReference {
    /// The reference as a record keeps it; `None` while nothing is typed or no system chosen.
    pub fn reference(&self, edition: &Edition, on: NaiveDate) -> Option<Reference> {
        let kind = known(edition, list::REFERENCE, self.kind.as_ref()?, on);
        Some(Reference { kind, value: text(&self.value)?, at: self.at })
    }
}

fn references(edition: &Edition, drafts: &[DraftReference], on: NaiveDate) -> Vec<Reference> {
    drafts.iter().filter_map(|draft| draft.reference(edition, on)).collect()
}

/// The crime check as answered; `None` while nobody was asked.
fn gate(
    reporting: Option<Reporting>,
    now: &[Code],
    disclosed_at: Millis,
    reference: &str,
) -> Option<CrimeGate> {
    reporting.map(|reporting| CrimeGate {
        reporting,
        now: now.to_vec(),
        disclosed_at,
        reference: text(reference),
    })
}

/// The authority as typed or told; `None` while neither is whole.
fn authority(reference: &str, inspector: &str, told_at: Option<Millis>) -> Option<Authority> {
    match (text(reference), text(inspector), told_at) {
        (Some(reference), _, _) => Some(Authority::Reference(reference)),
        (None, Some(inspector), Some(told_at)) => {
            Some(Authority::ToFollow(ToldAuthority { inspector, told_at }))
        }
        _ => None,
    }
}
