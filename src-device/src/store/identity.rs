//! Who a profile is: officer, device, force, chains, and the keys that live only inside its encrypted database.

use beatbook_domain::id::{ChainId, DeviceId, SealKey, Signature, TeamId, VerifyKey};
use beatbook_protocol::sync::{EnrolProof, ForceBundle, OfficerRow};
use ed25519_dalek::SigningKey;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use super::{StoreError, settings};
use crate::profile::WrapError;
use crate::profile::wrap::random;

/// Everything about a profile that is no secret.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Identity {
    /// The officer.
    pub officer: OfficerRow,
    /// The team at enrolment.
    pub team: Option<(TeamId, String)>,
    /// The device.
    pub device_id: DeviceId,
    /// The force and its keys, as pinned.
    pub force: ForceBundle,
    /// The force bundle as signed, verbatim.
    pub bundle: String,
    /// The root key's signature over it.
    pub bundle_signature: Signature,
    /// Address of central.
    pub server: String,
    /// Chain of records.
    pub record_chain: ChainId,
    /// Chain of the log.
    pub log_chain: ChainId,
    /// Central's own word for the enrolment; none from a central of before it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<EnrolProof>,
}

/// The secret keys of a profile; wiped when dropped.
pub struct Keys {
    /// Signs manifests.
    pub profile: SigningKey,
    /// Opens what was sealed to the profile.
    pub sealing: StaticSecret,
    /// Signs requests; the same for every profile of this device that shares its identity.
    pub transport: SigningKey,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    /// New profile keys beside the device's transport key.
    ///
    /// # Errors
    /// [`WrapError::Randomness`].
    pub fn new(transport: SigningKey) -> Result<Self, WrapError> {
        let profile = Zeroizing::new(random::<32>()?);
        let sealing = Zeroizing::new(random::<32>()?);
        Ok(Self {
            profile: SigningKey::from_bytes(&profile),
            sealing: StaticSecret::from(*sealing),
            transport,
        })
    }

    /// Public half of the signing key.
    #[must_use]
    pub fn profile_public(&self) -> VerifyKey {
        VerifyKey(self.profile.verifying_key().to_bytes())
    }

    /// Public half of the sealing key.
    #[must_use]
    pub fn sealing_public(&self) -> SealKey {
        SealKey(PublicKey::from(&self.sealing).to_bytes())
    }

    /// Secret half of the sealing key: opens notes that were written while the notebook was locked.
    pub(crate) fn sealing_secret(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.sealing.to_bytes())
    }

    /// Public half of the transport key.
    #[must_use]
    pub fn transport_public(&self) -> VerifyKey {
        VerifyKey(self.transport.verifying_key().to_bytes())
    }
}

/// Writes identity and keys into a new database, in one commit.
pub(super) fn write(connection: &Connection, identity: &Identity, keys: &Keys) -> Result<(), StoreError> {
    let transaction = connection.unchecked_transaction()?;
    settings::put_json(&transaction, settings::IDENTITY, identity)?;
    settings::put(
        &transaction,
        settings::PROFILE_SECRET,
        Zeroizing::new(keys.profile.to_bytes()).as_slice(),
    )?;
    settings::put(&transaction, settings::SEAL_SECRET, Zeroizing::new(keys.sealing.to_bytes()).as_slice())?;
    settings::put(
        &transaction,
        settings::TRANSPORT_SECRET,
        Zeroizing::new(keys.transport.to_bytes()).as_slice(),
    )?;
    transaction.commit()?;
    Ok(())
}

/// Reads identity and keys.
pub(super) fn read(connection: &Connection) -> Result<(Identity, Keys), StoreError> {
    let missing = |name: &str| StoreError::Content(format!("{name} is missing"));
    let identity = settings::get_json(connection, settings::IDENTITY)?.ok_or_else(|| missing("identity"))?;
    let secret = |name: &str| -> Result<Zeroizing<[u8; 32]>, StoreError> {
        let bytes = Zeroizing::new(settings::get(connection, name)?.ok_or_else(|| missing(name))?);
        let array: [u8; 32] = bytes.as_slice().try_into().map_err(|_| missing(name))?;
        Ok(Zeroizing::new(array))
    };
    let keys = Keys {
        profile: SigningKey::from_bytes(&*secret(settings::PROFILE_SECRET)?),
        sealing: StaticSecret::from(*secret(settings::SEAL_SECRET)?),
        transport: SigningKey::from_bytes(&*secret(settings::TRANSPORT_SECRET)?),
    };
    Ok((identity, keys))
}
