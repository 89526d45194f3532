//! The keystore of a Linux desktop: any program that serves the freedesktop Secret Service (GNOME Keyring, KWallet).
//!
//! The D-Bus client drives an async runtime of its own, which must not start inside ours: each call therefore runs on a
//! short-lived thread, and is given up after a while, because a keyring may be waiting for a prompt nobody sees.

use std::collections::HashMap;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use secret_service::EncryptionType;
use secret_service::blocking::{Collection, SecretService};
use zeroize::Zeroizing;

use super::keystore::{Keystore, KeystoreError, KeystoreSecret};

/// How long a keyring may take to answer, prompts included.
const PATIENCE: Duration = Duration::from_secs(20);

/// Secrets in the default collection of the Secret Service, marked with our application name.
#[derive(Debug, Clone)]
pub struct SecretServiceKeystore {
    application: &'static str,
}

impl SecretServiceKeystore {
    /// Uses the session bus named by the environment, asked anew at every call (a keyring may start later than we do).
    #[must_use]
    pub const fn new() -> Self {
        Self { application: "beatbook" }
    }

    fn attributes<'a>(&self, label: &'a str) -> HashMap<&'a str, &'a str> {
        HashMap::from([("application", self.application), ("label", label)])
    }
}

impl Default for SecretServiceKeystore {
    fn default() -> Self {
        Self::new()
    }
}

impl Keystore for SecretServiceKeystore {
    fn available(&self) -> bool {
        on_own_thread(|| {
            let service = connect()?;
            unlocked(&service).map(|_| ())
        })
        .is_ok()
    }

    fn get(&self, label: &str) -> Result<Option<KeystoreSecret>, KeystoreError> {
        let (this, label) = (self.clone(), label.to_owned());
        on_own_thread(move || {
            let service = connect()?;
            let collection = unlocked(&service)?;
            let items = collection.search_items(this.attributes(&label)).map_err(plain)?;
            match items.first() {
                Some(item) => Ok(Some(Zeroizing::new(item.get_secret().map_err(plain)?))),
                None => Ok(None),
            }
        })
    }

    fn put(&self, label: &str, secret: &[u8]) -> Result<(), KeystoreError> {
        let (this, label, secret) = (self.clone(), label.to_owned(), Zeroizing::new(secret.to_vec()));
        on_own_thread(move || {
            let service = connect()?;
            let collection = unlocked(&service)?;
            let shown = format!("Beatbook: {label}");
            collection
                .create_item(&shown, this.attributes(&label), &secret, true, "application/octet-stream")
                .map_err(plain)?;
            Ok(())
        })
    }

    fn delete(&self, label: &str) -> Result<(), KeystoreError> {
        let (this, label) = (self.clone(), label.to_owned());
        on_own_thread(move || {
            let service = connect()?;
            let collection = unlocked(&service)?;
            for item in collection.search_items(this.attributes(&label)).map_err(plain)? {
                item.delete().map_err(plain)?;
            }
            Ok(())
        })
    }
}

fn connect() -> Result<SecretService<'static>, KeystoreError> {
    // The secret travels encrypted even on the session bus.
    SecretService::connect(EncryptionType::Dh).map_err(plain)
}

fn unlocked<'a>(service: &'a SecretService<'static>) -> Result<Collection<'a>, KeystoreError> {
    // Never the "session" collection: it is forgotten at logout, and the key half with it.
    let collection = match service.get_default_collection() {
        Ok(collection) => collection,
        Err(secret_service::Error::NoResult) => service
            .get_all_collections()
            .map_err(plain)?
            .into_iter()
            .find(|collection| !collection.collection_path.as_str().ends_with("/session"))
            .ok_or(KeystoreError::Absent)?,
        Err(other) => return Err(plain(other)),
    };
    if collection.is_locked().map_err(plain)? {
        collection.unlock().map_err(plain)?;
        if collection.is_locked().map_err(plain)? {
            return Err(KeystoreError::Locked);
        }
    }
    Ok(collection)
}

fn plain(error: secret_service::Error) -> KeystoreError {
    match error {
        secret_service::Error::Locked
        | secret_service::Error::Prompt
        | secret_service::Error::PromptDisconnected => KeystoreError::Locked,
        secret_service::Error::Unavailable | secret_service::Error::NoResult => KeystoreError::Absent,
        other => KeystoreError::Failed(other.to_string()),
    }
}

/// Runs a D-Bus conversation on a thread of its own and waits for it no longer than [`PATIENCE`].
fn on_own_thread<T: Send + 'static>(
    conversation: impl FnOnce() -> Result<T, KeystoreError> + Send + 'static,
) -> Result<T, KeystoreError> {
    let (send, receive) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("beatbook-keystore".to_owned())
        .spawn(move || {
            // The asker may have given up by now; then nobody wants the answer.
            let _ = send.send(conversation());
        })
        .map_err(|error| KeystoreError::Failed(error.to_string()))?;
    receive.recv_timeout(PATIENCE).map_err(|_| KeystoreError::TimedOut)?
}
