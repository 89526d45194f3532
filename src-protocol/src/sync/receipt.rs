//! Receipts: central has custody. One signature over a whole list, kept verbatim on the device.

use beatbook_domain::id::{ChainId, DeviceId, EpochId, Link, Signature, VerifyKey};
use beatbook_domain::time::Millis;
use serde::{Deserialize, Serialize};

use crate::words;

/// A list of receipts as it travels: verbatim JSON of [`ReceiptList`] and central's signature over those bytes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedReceipts {
    /// The list, verbatim.
    pub list: String,
    /// By the receipt key, purpose receipts, over the list's bytes.
    pub signature: Signature,
    /// The key that signed: the one that the statement of the list's number names.
    pub key: VerifyKey,
}

/// What central signs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReceiptList {
    /// Central's epoch.
    pub epoch: EpochId,
    /// Number of the statement of keys that names the key this is signed with.
    #[serde(default = "first_statement")]
    pub keys: u64,
    /// The device it is for.
    pub device: DeviceId,
    /// Central's time.
    pub at: Millis,
    /// One line for each revision taken into custody (again, when it was sent again).
    pub receipts: Vec<Receipt>,
}

/// Number of a force's first statement of keys.
pub const FIRST_STATEMENT: u64 = 1;

/// Lists of before there were numbers are of the first.
fn first_statement() -> u64 {
    FIRST_STATEMENT
}

/// Custody of one revision.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// The revision.
    pub link: Link,
    /// Central's position: gapless, in commit order.
    pub pos: u64,
    /// When it was first received.
    pub received_at: Millis,
    /// What keeps it out of totals until cured; codes of [`beatbook_domain::check::ProblemCode`] or of central.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub problems: Vec<ReceiptProblem>,
}

/// A problem noted beside a receipt.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReceiptProblem {
    /// Stable code.
    pub code: String,
    /// The field it is about, if one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub field: Option<String>,
    /// Plain words for whoever can cure it; no record content.
    pub words: String,
    /// Whether the author can cure it by a correction.
    pub author_can_cure: bool,
}

/// A revision central could not take. Nothing else is refused.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refusal {
    /// The chain.
    pub chain_id: ChainId,
    /// First sequence number refused.
    pub first: u64,
    /// Last sequence number refused.
    pub last: u64,
    /// Why.
    pub reason: RefusalReason,
}

/// The few reasons to refuse.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RefusalReason {
    /// It cannot be decoded.
    #[error("{}", words::REFUSED_UNDECODABLE)]
    Undecodable,
    /// Head or body is larger than the limit.
    #[error("{}", words::REFUSED_OVERSIZED)]
    Oversized,
    /// Not signed by the chain's key, or the links do not follow.
    #[error("{}", words::REFUSED_BADLY_SIGNED)]
    BadlySigned,
    /// Central does not know the chain, or it is another device's.
    #[error("{}", words::REFUSED_UNKNOWN_CHAIN)]
    UnknownChain,
}
