//! Records about records: chains, keys, drafts discarded, withdrawals, holds, erasures, and the log of who looked.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::head::Marking;
use crate::id::{
    ChainId, Code, DeviceId, Digest, EntryId, ForceId, Link, OfficerId, SealKey, Signature, VerifyKey,
};
use crate::time::Millis;

/// The fixed reason of an undo within ten seconds: no question, not counted as edited.
pub const UNDO: &str = "UNDO";

/// Any kind, `change` = withdraws: the reason alone. What was said stands in the revision it revises.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Withdrawal {
    /// The reason; [`UNDO`] for an undo.
    pub reason: String,
}

/// Algorithms of a chain, by name, so that a later one can be told apart.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sealing {
    /// Hash.
    pub hash: String,
    /// Signature.
    pub signature: String,
    /// Public-key encryption.
    pub seal: String,
}

impl Default for Sealing {
    fn default() -> Self {
        Self {
            hash: "sha-256".into(),
            signature: "ed25519".into(),
            seal: "hpke-x25519-sha256-chacha20poly1305".into(),
        }
    }
}

/// `chain_opened`: revision 0 of every chain.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChainOpened {
    /// The officer whose profile it is.
    pub officer: OfficerId,
    /// The device.
    pub device: DeviceId,
    /// The profile's signing key.
    pub profile_key: VerifyKey,
    /// The profile's sealing key.
    pub seal_key: SealKey,
    /// Algorithms.
    pub sealing: Sealing,
    /// The force.
    pub force: ForceId,
    /// The chain this one goes on from, and its last known link (a restored or copied device).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub predecessor: Option<(ChainId, Link)>,
}

/// `key_changed`: the old key signs the new one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeyChanged {
    /// The new signing key.
    pub new_key: VerifyKey,
    /// The old key's signature over the new one, purpose key change.
    pub by_old_key: Signature,
}

/// `draft_discarded`: that a draft of this kind was opened and discarded, nothing of what it held.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DraftDiscarded {
    /// Kind of the draft.
    pub kind: Code,
    /// When it was opened.
    pub opened_at: Millis,
}

/// `hold`: a legal hold on an entry, or its release.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hold {
    /// The entry held.
    pub entry_id: EntryId,
    /// True to hold, false to release.
    pub holds: bool,
    /// On whose authority.
    pub authority: String,
}

/// `erasure`: names the revision whose body is erased and why it may be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Erasure {
    /// The revisions erased.
    pub links: Vec<Link>,
    /// On whose authority (reference of the decision).
    pub authority: String,
    /// Retention class or right under which it is erased.
    pub class: Code,
    /// That no hold stood, as checked at this time.
    pub hold_checked_at: Millis,
}

/// A record of the log chain: who looked, unlocked, exported. Ids and codes, never content.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogRecord {
    /// The entry looked at.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub entry_id: Option<EntryId>,
    /// The revision looked at.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub link: Option<Link>,
    /// The shift whose summary was looked at or exported.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub shift_id: Option<EntryId>,
    /// What was done, by code (`summary`, `entry`, `csv`, `wrong_secret`, `idle`, …).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub what: Option<Code>,
    /// How often, where several are told at once (failed tries wait in the wrap file until the vault opens).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub count: Option<u32>,
    /// What a file was made of, with `exported`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub file: Option<FileMade>,
}

/// A file that was made of records: enough to know it again and to ask why, nothing of what it says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileMade {
    /// Forms inside (`csv`, `json`, `geojson`, `pdf`).
    pub forms: Vec<Code>,
    /// Its marking.
    pub marking: Marking,
    /// How many records it was made of.
    pub records: u32,
    /// Why, by code (see [`crate::export::Reason`]).
    pub reason: Code,
    /// SHA-256 of the sealed file, by which its opening is known.
    pub sha256: Digest,
    /// First and last day, where it is about a period.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub days: Option<(NaiveDate, NaiveDate)>,
}
