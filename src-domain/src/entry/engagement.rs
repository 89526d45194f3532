//! Engagements: a conversation with the public, a venue or a partner. No personal data by default.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::concern::{CrimeGate, Reporting};
use super::reference::PaperRef;
use crate::code_list::CodeRef;
use crate::id::Code;
use crate::place::PlaceStamp;
use crate::time::Millis;

/// "Anyone under 18?" and other questions that may stay open.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// No.
    No,
    /// Yes.
    Yes,
    /// Not known.
    NotKnown,
}

/// How many people in each band; only where five or more people took part, never with anyone under 18.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bands {
    /// Age band code to count.
    #[serde(default)]
    pub age: BTreeMap<Code, u32>,
    /// Sex code to count.
    #[serde(default)]
    pub sex: BTreeMap<Code, u32>,
}

impl Bands {
    /// Whether nothing is counted.
    pub fn is_empty(&self) -> bool {
        self.age.values().chain(self.sex.values()).all(|n| *n == 0)
    }
}

/// `engagement`, schema 1. Cards given are a [`super::Handout`] of their own; no count stands here.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Engagement {
    /// Type of engagement (list `engagement_type`).
    pub engagement_type: CodeRef,
    /// People spoken to.
    pub people: u32,
    /// Topics discussed (list `topic`).
    #[serde(default)]
    pub topics: Vec<CodeRef>,
    /// Concerns heard, with StreetSafe's own labels.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub concerns: Vec<CodeRef>,
    /// Place, to the 100 m square.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub place: Option<PlaceStamp>,
    /// Light (list `light`).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub light: Option<CodeRef>,
    /// How safe people feel by day, 1 to 5.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub safe_by_day: Option<u8>,
    /// How safe people feel after dark, 1 to 5.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub safe_after_dark: Option<u8>,
    /// Officer verification: offered, requested, done.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub verification: Option<CodeRef>,
    /// Anyone under 18? Yes hides bands and note.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub under_18: Option<Answer>,
    /// Safeguarding reference, where someone is under 18.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub safeguarding_ref: Option<String>,
    /// Audience bands.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bands: Option<Bands>,
    /// The crime check, where a topic opened it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub crime: Option<CrimeGate>,
    /// Follow-up asked for.
    #[serde(default)]
    pub follow_up: bool,
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

/// What the engagement form holds while it is typed. Codes only; labels are looked up at Save.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct EngagementDraft {
    /// Type, once chosen.
    pub engagement_type: Option<Code>,
    /// People, from 1.
    pub people: u32,
    /// Cards given by material code; all 0 at first.
    pub cards: BTreeMap<Code, u32>,
    /// Topics.
    pub topics: Vec<Code>,
    /// StreetSafe concerns.
    pub concerns: Vec<Code>,
    /// Place as known or chosen, with the exact fix until Save.
    pub place: Option<PlaceStamp>,
    /// Light.
    pub light: Option<Code>,
    /// 1 to 5.
    pub safe_by_day: Option<u8>,
    /// 1 to 5.
    pub safe_after_dark: Option<u8>,
    /// Officer verification.
    pub verification: Option<Code>,
    /// Anyone under 18?
    pub under_18: Option<Answer>,
    /// Safeguarding reference.
    pub safeguarding_ref: String,
    /// Audience bands.
    pub bands: Bands,
    /// Whether a crime is being reported, once answered.
    pub reporting: Option<Reporting>,
    /// Ticks of the crime check.
    pub crime_now: Vec<Code>,
    /// When it was disclosed.
    pub disclosed_at: Option<Millis>,
    /// Crime reference.
    pub crime_ref: String,
    /// Follow-up asked for.
    pub follow_up: bool,
    /// Note.
    pub note: String,
}

impl Default for EngagementDraft {
    fn default() -> Self {
        Self {
            engagement_type: None,
            people: 1,
            cards: BTreeMap::new(),
            topics: Vec::new(),
            concerns: Vec::new(),
            place: None,
            light: None,
            safe_by_day: None,
            safe_after_dark: None,
            verification: None,
            under_18: None,
            safeguarding_ref: String::new(),
            bands: Bands::default(),
            reporting: None,
            crime_now: Vec::new(),
            disclosed_at: None,
            crime_ref: String::new(),
            follow_up: false,
            note: String::new(),
        }
    }
}
