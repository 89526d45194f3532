//! The movement of a shift: opened and ended, crew, legs, visits, breaks, called away, submitted.
//!
//! A start and its end are revisions of one entry and share its body type. When they happened stands in the head
//! (`occurred_at`, `occurred_until`); lists chosen from (initiative, transport, mode, style, reason) stand in `codes` there.

use serde::{Deserialize, Serialize};

use crate::id::{Code, Link, OfficerId};
use crate::place::PlaceStamp;
use crate::time::Millis;

/// `shift_opened`, `shift_ended`. Head codes: initiative, transport.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShiftOpened {
    /// Call sign of the unit on this night.
    pub call_sign: String,
    /// Planned end, for the nudge; never counted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub planned_end: Option<Millis>,
    /// Who supervises the night, as the officer was told; what they may decide their grants say, not this.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub supervisor: Option<OfficerId>,
    /// Partner organisations along (codes or their own names).
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub partners: Vec<String>,
    /// Reason, when this revision corrects.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

/// How a crew membership stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CrewStanding {
    /// Claimed by another member.
    Claimed,
    /// Confirmed by the member.
    Confirmed,
    /// Disputed by the member.
    Disputed,
}

/// `crew_joined`, `crew_left`: one officer's membership of a unit over an interval. A claim is by another member; the
/// member confirms or disputes it with an entry of their own whose `about` names the claim.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CrewMembership {
    /// The member.
    pub member: OfficerId,
    /// How it stands, said by the author.
    pub standing: CrewStanding,
    /// Reason, when this revision corrects.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

/// `leg_started`, `leg_ended`. Head codes: mode, style; head area: the area patrolled.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Leg {
    /// Where it began, to the 100 m square.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub place: Option<PlaceStamp>,
    /// Reason, when this revision corrects.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

/// `visit_started`, `visit_ended`. Head area: the area visited; head codes: method.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Visit {
    /// Accuracy of the fix that began it, metres.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub accuracy_m: Option<u32>,
    /// Reason, when this revision corrects.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

/// `break_started`, `break_ended`. Head codes: reason of the pause.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OnBreak {
    /// Reason, when this revision corrects.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

/// Whom a call away takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AwayScope {
    /// The whole crew.
    #[default]
    Crew,
    /// The author alone (custody, meal, court).
    Author,
}

/// `called_away`, `back_on_patrol`. Head codes: the reason, which may follow later.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CalledAway {
    /// Whom it takes.
    #[serde(default)]
    pub scope: AwayScope,
    /// Reason, when this revision corrects.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

/// `shift_submitted`: what the officer signed at the end, with what was known then.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShiftSubmitted {
    /// Every revision of the shift by its link, in chain order.
    pub links: Vec<Link>,
    /// How many of them had a receipt at that moment.
    pub received: u32,
    /// Drafts left open, by kind; they carry over.
    pub open_drafts: Vec<Code>,
}
