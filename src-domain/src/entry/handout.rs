//! Handouts: materials given to the public, alone, in bulk at a venue, or arising from an engagement or event.

use serde::{Deserialize, Serialize};

use super::reference::PaperRef;
use crate::code_list::CodeRef;
use crate::id::Code;
use crate::place::PlaceStamp;

/// One line of a handout or of stock.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HandoutItem {
    /// Material (list `material`).
    pub material: CodeRef,
    /// How many.
    pub quantity: u32,
    /// Language of the card (list `language`).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub language: Option<Code>,
    /// Batch, where the card states one. An unknown batch never refuses the entry.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub batch: Option<Code>,
    /// Version of the material, where it states one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<Code>,
}

/// `handout`, schema 1.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Handout {
    /// What was given.
    pub items: Vec<HandoutItem>,
    /// Left in bulk at a venue, not given to a person.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub bulk: bool,
    /// Place, to the 100 m square.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub place: Option<PlaceStamp>,
    /// A note; no personal data.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
    /// The paper page it was transcribed from.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub paper: Option<PaperRef>,
    /// Reason, when this revision corrects.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

impl Handout {
    /// How many items were given in all.
    pub fn total(&self) -> u32 {
        self.items.iter().map(|item| item.quantity).sum()
    }
}

/// One line as chosen: a line of stock, and how many.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct DraftItem {
    /// Material code.
    pub material: Code,
    /// How many.
    pub quantity: u32,
    /// Language code.
    pub language: Option<Code>,
    /// Batch.
    pub batch: Option<Code>,
    /// Version.
    pub version: Option<Code>,
}

/// What the form of a handout alone holds (a bulk drop at a venue, or cards given without an engagement).
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct HandoutDraft {
    /// What.
    pub items: Vec<DraftItem>,
    /// Left in bulk at a venue.
    pub bulk: bool,
    /// Place.
    pub place: Option<PlaceStamp>,
    /// A note; no personal data.
    pub note: String,
}
