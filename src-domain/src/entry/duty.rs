//! `duty_opened`, `duty_accepted`, `duty_discharged`: something that must still be done, its due time, and the reference
//! that proves it was. What opens a duty is decided in [`crate::duty`].

use serde::{Deserialize, Serialize};

use super::reference::Reference;
use crate::code_list::CodeRef;
use crate::id::{Code, OfficerId, TeamId};
use crate::place::AreaRef;
use crate::time::Millis;

/// `duty_*`, schema 1. The entry it arose from stands in the head's links.
///
/// What its author says stands in the duty's own entry. Whoever takes it says so in a `duty_accepted` entry of their own,
/// `about` the duty, and goes on in that: offers it to the next post, or discharges it. [`crate::duty`] reads them as one.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DutyBody {
    /// What must be done (list `duty`).
    pub what: CodeRef,
    /// When it is due.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub due: Option<Millis>,
    /// The team of the post; the author's own team where none is named.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub team: Option<TeamId>,
    /// The post ([`crate::duty::Post`]): with `accepted_by` as which it was taken, without to which it is offered; none
    /// where its author has it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub post: Option<Code>,
    /// Who accepted it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub accepted_by: Option<OfficerId>,
    /// What discharges it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reference: Option<Reference>,
    /// Discharged without a reference: why none is needed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
    /// Reason, when this revision corrects.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// Where: the force's own area, never a typed place.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub area: Option<AreaRef>,
    /// Whose duty it is, in another's word about it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub officer: Option<OfficerId>,
    /// Who had it before, in another's word about it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from: Option<OfficerId>,
}
