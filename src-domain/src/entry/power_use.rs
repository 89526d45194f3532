//! `power_use`: a statutory power used, alone or linked from a concern note. Not the statutory record itself: that is
//! made where the law wants it (the written s.35 direction, the search record); Beatbook keeps its reference.

use serde::{Deserialize, Serialize};

use super::concern::Authority;
use super::reference::{DraftReference, PaperRef, Reference};
use crate::code_list::CodeRef;
use crate::id::Code;
use crate::place::PlaceStamp;
use crate::time::Millis;

/// `power_use`, schema 1.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PowerUse {
    /// Which (list `power`).
    pub power: CodeRef,
    /// The authority it rests on, where it needs one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub authority: Option<Authority>,
    /// The area of the direction or requirement, in words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub area: Option<String>,
    /// Until when it applies (an exclusion period: at most 48 hours under ASBCPA 2014 s.35).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<Millis>,
    /// Why, as a class (list `power_reason`).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason_class: Option<CodeRef>,
    /// How many people it was used on.
    pub people: u32,
    /// References to the statutory record.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub references: Vec<Reference>,
    /// The officer was in plain clothes (s.35 is a uniformed constable's power: asked about).
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub plain_clothes: bool,
    /// Place, to the 100 m square.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub place: Option<PlaceStamp>,
    /// A note.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
    /// The paper page it was transcribed from.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub paper: Option<PaperRef>,
    /// Reason, when this revision corrects.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

/// The form of a power used.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct PowerUseDraft {
    /// Which, once chosen.
    pub power: Option<Code>,
    /// Reference of the authority, picked or typed.
    pub authority_ref: String,
    /// Collar number of the inspector who told it, where the reference is to follow.
    pub authority_inspector: String,
    /// When it was told.
    pub authority_told_at: Option<Millis>,
    /// The area of the direction, in words.
    pub area: String,
    /// Until when it applies.
    pub until: Option<Millis>,
    /// Why, as a class.
    pub reason_class: Option<Code>,
    /// On how many people, from 1.
    pub people: u32,
    /// References to the statutory record.
    pub references: Vec<DraftReference>,
    /// In plain clothes; set from the leg, may be changed.
    pub plain_clothes: bool,
    /// Place.
    pub place: Option<PlaceStamp>,
    /// A note.
    pub note: String,
    /// The concern note it arose from, where it did.
    pub arose_from: Option<crate::id::EntryId>,
}

impl Default for PowerUseDraft {
    fn default() -> Self {
        Self {
            power: None,
            authority_ref: String::new(),
            authority_inspector: String::new(),
            authority_told_at: None,
            area: String::new(),
            until: None,
            reason_class: None,
            people: 1,
            references: Vec::new(),
            plain_clothes: false,
            place: None,
            note: String::new(),
            arose_from: None,
        }
    }
}
