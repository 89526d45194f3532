//! `review`, `return`, `answer`: what a supervisor says of an officer's entry, and what the officer says to it. Each is an
//! entry of its own, about one revision; none of them changes the officer's words. What they come to is read by
//! [`crate::review`].

use serde::{Deserialize, Serialize};

use super::head::About;
use super::reference::Reference;
use crate::code_list::CodeRef;
use crate::id::{Code, OfficerId};
use crate::time::Millis;

/// What was decided.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It stands as it is.
    Approved,
    /// Somebody above decides.
    Escalated,
}

/// `review`, schema 1. The revision it is about stands in the head.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Review {
    /// Whose entry it is about.
    pub officer: OfficerId,
    /// What was decided.
    pub decision: Decision,
    /// Further revisions it decides in the same way: a shift approved with its entries.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub covers: Vec<About>,
    /// Where a concern note goes (list `disposition`).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub disposition: Option<CodeRef>,
    /// The reference it got there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reference: Option<Reference>,
    /// Words to the officer, or to whoever decides next.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
    /// Reason, when this revision corrects.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// The post as which it was decided, where that is above a sergeant's (`INSP`).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub post: Option<Code>,
}

/// A question about one answer of an entry, or about all of it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Question {
    /// The field, as its form names it; none asks about the whole entry.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub field: Option<String>,
    /// The question.
    pub words: String,
}

/// `return`, schema 1. The revision it is about stands in the head.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Return {
    /// Whose entry it is about.
    pub officer: OfficerId,
    /// What is asked: at least one.
    pub questions: Vec<Question>,
    /// By when.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub due: Option<Millis>,
    /// Before anything else.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub urgent: bool,
    /// Asked beside: the entry is not sent back, and nothing waits for the answer.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub aside: bool,
    /// Reason, when this revision corrects.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

/// `answer`, schema 1: what the officer says to a return. The return stands in the head's links, the revision the answer
/// rests on in its `about`: the same that was returned where it is kept, a newer one where it was corrected.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReturnAnswer {
    /// Whether the entry was left as it is.
    pub kept: bool,
    /// Words to the one who asked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub words: Option<String>,
    /// Reason, when this revision corrects.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}
