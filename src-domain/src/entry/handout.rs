//! Handouts: materials given to the public, alone or arising from an engagement.

use serde::{Deserialize, Serialize};

use crate::code_list::CodeRef;
use crate::id::Code;
use crate::place::PlaceStamp;

/// One line of a handout.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct HandoutItem {
    /// Material (list `material`).
    pub material: CodeRef,
    /// How many were given.
    pub quantity: u32,
    /// Language of the card, BCP 47.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub language: Option<String>,
    /// Batch, where the card states one. An unknown batch never refuses the entry.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub batch: Option<Code>,
}

/// `handout`, schema 1.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Handout {
    /// What was given.
    pub items: Vec<HandoutItem>,
    /// Place, to the 100 m square.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub place: Option<PlaceStamp>,
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
