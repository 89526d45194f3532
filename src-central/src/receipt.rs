//! Receipts: the word that central has custody, signed once for a whole list.

use beatbook_domain::id::{DeviceId, EpochId, VerifyKey};
use beatbook_domain::seal::{self, Purpose};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{Receipt, ReceiptList, SignedReceipts};
use ed25519_dalek::SigningKey;

/// Central's receipt key and the epoch it speaks for.
pub struct ReceiptSigner {
    key: SigningKey,
    public: VerifyKey,
    epoch: EpochId,
}

impl ReceiptSigner {
    /// From the secret half of the receipt key.
    #[must_use]
    pub fn new(secret: &[u8; 32], epoch: EpochId) -> Self {
        let key = SigningKey::from_bytes(secret);
        let public = VerifyKey(key.verifying_key().to_bytes());
        Self { key, public, epoch }
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> VerifyKey {
        self.public
    }

    /// Signs a list for a device. Its text is final: it is stored, sent and verified as it stands.
    ///
    /// # Errors
    /// Only if serialisation itself fails, which no list does.
    pub fn sign(
        &self,
        device: DeviceId,
        at: Millis,
        receipts: Vec<Receipt>,
    ) -> Result<SignedReceipts, serde_json::Error> {
        let list = serde_json::to_string(&ReceiptList { epoch: self.epoch, device, at, receipts })?;
        let signature = seal::sign(&self.key, Purpose::Receipts, &[list.as_bytes()]);
        Ok(SignedReceipts { list, signature, key: self.public })
    }
}

impl std::fmt::Debug for ReceiptSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReceiptSigner")
            .field("public", &self.public)
            .field("epoch", &self.epoch)
            .finish_non_exhaustive()
    }
}
