//! The platform's keystore behind one thin trait: the half of a PIN wrap that never lies in a file of ours.
//!
//! It holds small secrets by label. It is not where records or keys of chains live: those are inside the encrypted store.

use std::sync::Arc;

use beatbook_words::text;
use zeroize::Zeroizing;

use crate::words;

/// A secret as it comes out of a keystore; wiped when dropped.
pub type KeystoreSecret = Zeroizing<Vec<u8>>;

/// What a platform keystore must do. All calls may block (they may ask another process): never call them on an async worker.
pub trait Keystore: Send + Sync + 'static {
    /// Whether a keystore answers now. A PIN wrap is only ever made where this is true.
    fn available(&self) -> bool;

    /// The secret stored under `label`, or `None` where there is none.
    ///
    /// # Errors
    /// [`KeystoreError`] when the keystore cannot be asked; never because the label is unknown.
    fn get(&self, label: &str) -> Result<Option<KeystoreSecret>, KeystoreError>;

    /// Stores `secret` under `label`, replacing what was there.
    ///
    /// # Errors
    /// [`KeystoreError`] when nothing was stored.
    fn put(&self, label: &str, secret: &[u8]) -> Result<(), KeystoreError>;

    /// Removes what is stored under `label`; nothing there is no error.
    ///
    /// # Errors
    /// [`KeystoreError`] when the keystore cannot be asked.
    fn delete(&self, label: &str) -> Result<(), KeystoreError>;
}

/// Why a keystore did not do what was asked. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeystoreError {
    /// There is no keystore on this platform, or none answers.
    #[error("{}", words::KEYSTORE_ABSENT)]
    Absent,
    /// It answers but stays locked.
    #[error("{}", words::KEYSTORE_LOCKED)]
    Locked,
    /// It did not answer in time.
    #[error("{}", words::KEYSTORE_TIMED_OUT)]
    TimedOut,
    /// Anything else, in the keystore's own words.
    #[error("{}", text!(keystore_failed, problem = .0.to_string()))]
    Failed(String),
}

/// For platforms without a keystore: it answers nothing, so that only a passphrase can wrap a key.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoKeystore;

impl Keystore for NoKeystore {
    fn available(&self) -> bool {
        false
    }
    fn get(&self, _label: &str) -> Result<Option<KeystoreSecret>, KeystoreError> {
        Err(KeystoreError::Absent)
    }
    fn put(&self, _label: &str, _secret: &[u8]) -> Result<(), KeystoreError> {
        Err(KeystoreError::Absent)
    }
    fn delete(&self, _label: &str) -> Result<(), KeystoreError> {
        Err(KeystoreError::Absent)
    }
}

/// The keystore this platform offers; [`NoKeystore`] where we know of none.
///
/// A phone's shell brings its own implementation (Android Keystore, Keychain) and does not call this.
#[must_use]
pub fn platform() -> Arc<dyn Keystore> {
    #[cfg(target_os = "linux")]
    {
        Arc::new(super::secret_service::SecretServiceKeystore::new())
    }
    #[cfg(not(target_os = "linux"))]
    {
        Arc::new(NoKeystore)
    }
}
