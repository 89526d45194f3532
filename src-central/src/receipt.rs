//! Receipts: the word that central has custody, signed once for a whole list.

use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use beatbook_domain::id::{DeviceId, EpochId, VerifyKey};
use beatbook_domain::seal::{self, Purpose};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{
    AttachmentWord, EnrolProof, EnrolmentFacts, FeedRevision, Order, OrderList, Receipt, ReceiptList,
    SignedOrders, SignedReceipts, SignedWord,
};
use ed25519_dalek::SigningKey;

/// Central's receipt key and the epoch it speaks for. The key may be followed by another while the server runs.
pub struct ReceiptSigner {
    speaking: RwLock<Speaking>,
    epoch: EpochId,
}

/// The key in force and the number of the statement that names it: read and changed together.
struct Speaking {
    key: SigningKey,
    public: VerifyKey,
    number: u64,
}

impl Speaking {
    fn new(secret: &[u8; 32], number: u64) -> Self {
        let key = SigningKey::from_bytes(secret);
        let public = VerifyKey(key.verifying_key().to_bytes());
        Self { key, public, number }
    }
}

impl ReceiptSigner {
    /// From the secret half of the receipt key and the number of the statement that names it.
    #[must_use]
    pub fn new(secret: &[u8; 32], epoch: EpochId, number: u64) -> Self {
        Self { speaking: RwLock::new(Speaking::new(secret, number)), epoch }
    }

    /// Speaks by a newer statement from now on.
    pub fn follow(&self, secret: &[u8; 32], number: u64) {
        let mut speaking = self.speaking.write().unwrap_or_else(PoisonError::into_inner);
        if speaking.number < number {
            *speaking = Speaking::new(secret, number);
        }
    }

    fn speaking(&self) -> RwLockReadGuard<'_, Speaking> {
        self.speaking.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> VerifyKey {
        self.speaking().public
    }

    /// Central's word for an enrolment.
    ///
    /// # Errors
    /// Only if serialisation itself fails.
    pub fn prove(&self, facts: &EnrolmentFacts) -> Result<EnrolProof, serde_json::Error> {
        let facts = serde_json::to_string(facts)?;
        let speaking = self.speaking();
        let signature = seal::sign(&speaking.key, Purpose::Enrolment, &[facts.as_bytes()]);
        Ok(EnrolProof { facts, signature, keys: speaking.number })
    }

    /// Central's word about an attachment; `say` is given the epoch and the number of the statement it is said under.
    ///
    /// # Errors
    /// Only if serialisation itself fails.
    pub fn attachment(
        &self,
        say: impl FnOnce(EpochId, u64) -> AttachmentWord,
    ) -> Result<SignedWord, serde_json::Error> {
        let speaking = self.speaking();
        let word = serde_json::to_string(&say(self.epoch, speaking.number))?;
        let signature = seal::sign(&speaking.key, Purpose::Attachment, &[word.as_bytes()]);
        Ok(SignedWord { word, signature })
    }

    /// Signs orders to erase for a device.
    ///
    /// # Errors
    /// Only if serialisation itself fails.
    pub fn order(
        &self,
        device: DeviceId,
        at: Millis,
        erasures: Vec<FeedRevision>,
    ) -> Result<SignedOrders, serde_json::Error> {
        let speaking = self.speaking();
        let orders = erasures.iter().map(|one| Order { pos: one.pos, erasure: one.link }).collect();
        let list = serde_json::to_string(&OrderList { keys: speaking.number, device, at, orders })?;
        let signature = seal::sign(&speaking.key, Purpose::Orders, &[list.as_bytes()]);
        Ok(SignedOrders { list, signature, erasures })
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
        let speaking = self.speaking();
        let list = ReceiptList { epoch: self.epoch, keys: speaking.number, device, at, receipts };
        let list = serde_json::to_string(&list)?;
        let signature = seal::sign(&speaking.key, Purpose::Receipts, &[list.as_bytes()]);
        Ok(SignedReceipts { list, signature, key: speaking.public })
    }
}

impl std::fmt::Debug for ReceiptSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let speaking = self.speaking();
        f.debug_struct("ReceiptSigner")
            .field("public", &speaking.public)
            .field("number", &speaking.number)
            .field("epoch", &self.epoch)
            .finish_non_exhaustive()
    }
}
