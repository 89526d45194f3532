//! `referral`: something in the environment that its owner should mend ("you said, we did"). The one kind with a photo:
//! of a thing, never of people.

use serde::{Deserialize, Serialize};

use super::reference::{Attachment, PaperRef};
use crate::code_list::CodeRef;
use crate::id::{Code, EntryId};
use crate::place::PlaceStamp;

/// `referral`, schema 1. A later state is a revision with change = continues.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Referral {
    /// What is wrong (list `streetsafe_environment`).
    pub issue: CodeRef,
    /// Whose it is (list `referral_owner`).
    pub owner: CodeRef,
    /// Where it stands (list `referral_state`).
    pub state: CodeRef,
    /// What is to be seen; no personal data.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub details: Option<String>,
    /// The owner's own reference (the number on the lamp post, the council's case).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub owner_ref: Option<String>,
    /// Photo of the thing.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub photo: Option<Attachment>,
    /// Place, with the exact fix.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub place: Option<PlaceStamp>,
    /// The paper page it was transcribed from.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub paper: Option<PaperRef>,
    /// Reason, when this revision corrects.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

/// The form of a referral.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ReferralDraft {
    /// What is wrong, once chosen.
    pub issue: Option<Code>,
    /// Whose it is, once chosen.
    pub owner: Option<Code>,
    /// Where it stands; raised unless said otherwise.
    pub state: Option<Code>,
    /// What is to be seen.
    pub details: String,
    /// The owner's own reference.
    pub owner_ref: String,
    /// Photo of the thing.
    pub photo: Option<Attachment>,
    /// Place.
    pub place: Option<PlaceStamp>,
    /// The engagement it arose from, where it did.
    pub arose_from: Option<EntryId>,
}
