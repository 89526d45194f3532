//! References to other systems, pages of paper notebooks and attachments: names of things kept elsewhere.

use serde::{Deserialize, Serialize};

use crate::code_list::CodeRef;
use crate::id::Code;
use crate::time::Millis;

/// A reference to a record of another system: type, value as typed. Never the record itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reference {
    /// Which system (list `reference`).
    pub kind: CodeRef,
    /// As typed.
    pub value: String,
    /// When the thing referred to began: the start of a body-worn video clip counts towards its deletion.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at: Option<Millis>,
}

/// A reference as typed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct DraftReference {
    /// Which system, once chosen.
    pub kind: Option<Code>,
    /// As typed.
    pub value: String,
    /// When the clip began.
    pub at: Option<Millis>,
}

/// Book and page of the paper notebook an entry was transcribed from.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct PaperRef {
    /// Number of the book.
    pub book: String,
    /// Page.
    pub page: String,
}

/// A photo of a thing, named by its hash; the bytes lie beside the entry and may be erased without it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attachment {
    /// SHA-256 of the bytes, lower-case hex.
    pub sha256: String,
    /// Length, bytes.
    pub bytes: u64,
    /// Media type, `image/jpeg`.
    pub media_type: String,
}
