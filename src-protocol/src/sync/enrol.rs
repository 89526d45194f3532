//! Enrolment: a one-time code ties a profile's keys to an officer, and pins the force's root key.
//!
//! The code is 16 Crockford characters, `XXXX-XXXX-RRRR-RRRR`: 8 random ones, central's single-use secret, and 8 that
//! are the first 40 bits of SHA-256 over the root public key. A device takes only a bundle whose root key fits.

use beatbook_domain::id::{
    ChainId, DeviceId, EpochId, ForceId, OfficerId, SealKey, Signature, TeamId, VerifyKey, crockford,
    crockford_clean,
};
use beatbook_domain::seal::digest;
use beatbook_domain::time::Millis;
use serde::{Deserialize, Serialize};

use super::reference::OfficerRow;
use crate::words;

/// `POST /v1/enrol`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolRequest {
    /// Protocol version.
    pub protocol: u16,
    /// The secret half of the code (8 characters, cleaned).
    pub code: String,
    /// The device, the same for every profile on it.
    pub device_id: DeviceId,
    /// The device's transport key, the same for every profile on it.
    pub transport_key: VerifyKey,
    /// The profile's signing key.
    pub profile_key: VerifyKey,
    /// The profile's sealing key.
    pub seal_key: SealKey,
    /// Chain of records.
    pub record_chain: ChainId,
    /// Chain of the log.
    pub log_chain: ChainId,
    /// Version of the app.
    pub app_version: String,
}

impl std::fmt::Debug for EnrolRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnrolRequest").field("device_id", &self.device_id).finish_non_exhaustive()
    }
}

/// The answer to an enrolment.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolReply {
    /// The force bundle, verbatim JSON of [`ForceBundle`].
    pub bundle: String,
    /// The root key's signature over the bundle's bytes.
    pub signature: Signature,
    /// The officer enrolled.
    pub officer: OfficerRow,
    /// The officer's team.
    pub team: Option<(TeamId, String)>,
    /// Central's time.
    pub server_time: Millis,
    /// Central's own word for the enrolment, by which it knows the phone again after an older backup was restored.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub proof: Option<EnrolProof>,
}

/// What a device pins about its force.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ForceBundle {
    /// The force.
    pub force: ForceId,
    /// Its name.
    pub name: String,
    /// Root public key: signs bundles and key statements, offline.
    pub root_key: VerifyKey,
    /// Key statement in force.
    pub keys: KeyStatement,
}

/// A numbered statement of keys; only rising numbers are accepted.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeyStatement {
    /// Rises with every change.
    pub number: u64,
    /// Central's receipt key.
    pub receipt_key: VerifyKey,
    /// Sealing key for what only central may read (spool, exports).
    pub sealing_key: SealKey,
    /// The force's recovery key: every wrap file is sealed to it as well.
    pub recovery_key: SealKey,
    /// SHA-256 fingerprints of TLS keys, current and next; empty while plain HTTP on loopback.
    #[serde(default)]
    pub tls_keys: Vec<String>,
    /// Central's epoch when this was made.
    pub epoch: EpochId,
}

/// The two halves of a typed enrolment code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EnrolCode {
    /// The single-use secret, 8 characters.
    pub secret: String,
    /// Fingerprint of the root key, 8 characters.
    pub root: String,
}

impl EnrolCode {
    /// The fingerprint of a root key as it stands in codes.
    pub fn fingerprint(root_key: &VerifyKey) -> String {
        crockford(&digest(&root_key.0).0[..5])
    }

    /// Makes a code from five random bytes and the root key.
    pub fn new(random: [u8; 5], root_key: &VerifyKey) -> Self {
        Self { secret: crockford(&random), root: Self::fingerprint(root_key) }
    }

    /// Reads a code as typed: case, spaces and dashes do not matter; O reads as 0, I and L as 1.
    pub fn parse(typed: &str) -> Option<Self> {
        let clean = crockford_clean(typed);
        (clean.len() == 16).then(|| Self { secret: clean[..8].to_owned(), root: clean[8..].to_owned() })
    }

    /// Whether a root key is the one this code names.
    pub fn names(&self, root_key: &VerifyKey) -> bool {
        self.root == Self::fingerprint(root_key)
    }
}

impl std::fmt::Display for EnrolCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}-{}-{}", &self.secret[..4], &self.secret[4..], &self.root[..4], &self.root[4..])
    }
}

/// Path on which a phone that central does not know any more shows its proof.
pub const AGAIN_PATH: &str = "/v1/enrol/again";

/// Central's word that a profile was enrolled: verbatim JSON of [`EnrolmentFacts`] and the receipt key's signature over it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolProof {
    /// The facts, verbatim.
    pub facts: String,
    /// By the receipt key, purpose enrolment, over the facts' bytes.
    pub signature: Signature,
    /// Number of the statement that names that key.
    pub keys: u64,
}

/// What central enrolled.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolmentFacts {
    /// The force.
    pub force: ForceId,
    /// The officer.
    pub officer: OfficerId,
    /// The device.
    pub device: DeviceId,
    /// Its transport key.
    pub transport_key: VerifyKey,
    /// The profile's signing key.
    pub profile_key: VerifyKey,
    /// The profile's sealing key.
    pub seal_key: SealKey,
    /// Chain of records.
    pub record_chain: ChainId,
    /// Chain of the log.
    pub log_chain: ChainId,
    /// When.
    pub at: Millis,
}

/// The answer to a proof.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolledAgain {
    /// Whether the phone was unknown, and is known now.
    pub added: bool,
}

/// Why an enrolment was refused; stable codes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum EnrolRefusal {
    /// Unknown, used or expired code: all the same to a stranger.
    #[error("{}", words::ENROL_CODE_UNKNOWN)]
    Code,
    /// The device id is known with another transport key.
    #[error("{}", words::ENROL_OTHER_KEYS)]
    Device,
    /// The device was taken out of service.
    #[error("{}", words::ENROL_REVOKED)]
    Revoked,
    /// Too many tries.
    #[error("{}", words::ENROL_TOO_MANY)]
    TooMany,
}

/// The officer of an enrolment, for logs: ids only.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Enrolled {
    /// The officer.
    pub officer: OfficerId,
    /// The device.
    pub device: DeviceId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_survives_being_typed() {
        let root = VerifyKey([5; 32]);
        let code = EnrolCode::new([1, 2, 3, 4, 5], &root);
        let typed = code.to_string().to_lowercase().replace('-', " ").replace('0', "o");
        assert_eq!(EnrolCode::parse(&typed).unwrap(), code);
        assert!(code.names(&root));
        assert!(!code.names(&VerifyKey([6; 32])));
        assert!(EnrolCode::parse("1234").is_none());
    }
}
