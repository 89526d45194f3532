//! A chain that goes on from another: what a restored or copied phone opens, so that no place of a chain is used twice.

use beatbook_domain::id::{ChainId, DeviceId, Link, Signature, VerifyKey};
use beatbook_domain::seal::{Purpose, sign, verify};
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};

/// A profile's word that a new chain goes on from one of its own. Central learns the new chain by this alone; its key is
/// the key of the chain it follows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Succession {
    /// The new chain.
    pub chain: ChainId,
    /// The chain it follows, of the same role, officer and device.
    pub follows: ChainId,
    /// The last link of that chain that this copy knows.
    pub after: Link,
    /// By the profile key.
    pub signature: Signature,
}

impl Succession {
    /// Signs the word.
    #[must_use]
    pub fn new(
        profile: &SigningKey,
        device: DeviceId,
        chain: ChainId,
        follows: ChainId,
        after: Link,
    ) -> Self {
        let parts: [&[u8]; 4] = [device.as_bytes(), chain.as_bytes(), follows.as_bytes(), after.as_bytes()];
        Self { chain, follows, after, signature: sign(profile, Purpose::Succession, &parts) }
    }

    /// Whether the profile key signed it for this device.
    #[must_use]
    pub fn fits(&self, profile_key: &VerifyKey, device: DeviceId) -> bool {
        let parts: [&[u8]; 4] =
            [device.as_bytes(), self.chain.as_bytes(), self.follows.as_bytes(), self.after.as_bytes()];
        self.chain != self.follows && verify(profile_key, Purpose::Succession, &parts, &self.signature)
    }
}
