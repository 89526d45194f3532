//! `event`: a stall, a street event, a drop-in: many people at once, counted in bands.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::reference::PaperRef;
use crate::code_list::CodeRef;
use crate::id::Code;
use crate::place::PlaceStamp;

/// `event`, schema 1. Materials given are a [`super::Handout`] of their own that arose from it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Event {
    /// Type (list `event_type`).
    pub event_type: CodeRef,
    /// What it was called; never a person's name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// How many came (list `attendance`).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub attendance: Option<CodeRef>,
    /// Partner organisations present (list `partner`).
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub partners: Vec<CodeRef>,
    /// Topics (list `topic`).
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub topics: Vec<CodeRef>,
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

/// The form of an event.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct EventDraft {
    /// Type, once chosen.
    pub event_type: Option<Code>,
    /// What it was called.
    pub name: String,
    /// How many came.
    pub attendance: Option<Code>,
    /// Partner organisations present.
    pub partners: Vec<Code>,
    /// Topics.
    pub topics: Vec<Code>,
    /// Materials given by material code.
    pub cards: BTreeMap<Code, u32>,
    /// Place.
    pub place: Option<PlaceStamp>,
    /// A note.
    pub note: String,
}
