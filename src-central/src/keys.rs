//! Numbered statements of keys: made with the offline root key, published to the database, handed to devices.
//!
//! A running server follows what is published by a command beside it, within seconds or as soon as a device knows more
//! than it does. It never holds the root key.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use beatbook_domain::id::VerifyKey;
use beatbook_domain::seal::{self, Purpose};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{ForceBundle, KeyStatement, SignedStatement};
use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

use crate::force::{self, Force, ForceError};
use crate::random::random;
use crate::receipt::ReceiptSigner;
use crate::storage::{StatementRow, Storage, StorageError, Stored};

/// How long a server goes on with the statement it has read before it looks for a newer one.
const FRESH_FOR: Duration = Duration::from_secs(5);

/// The newest statement as devices get it.
#[derive(Clone, PartialEq, Debug)]
pub struct Known {
    /// Its number.
    pub number: u64,
    /// As it travels.
    pub signed: SignedStatement,
}

impl Known {
    fn of(force: &Force) -> Self {
        let row = &force.row;
        let signed = SignedStatement { bundle: row.bundle.clone(), signature: row.bundle_signature };
        Self { number: force.bundle.keys.number, signed }
    }
}

/// The statement a running server hands out, and the receipt key it signs with.
#[derive(Debug)]
pub struct Keyring {
    known: Mutex<(Instant, Arc<Known>)>,
    signer: Arc<ReceiptSigner>,
}

impl Keyring {
    /// Begins with the force as it was loaded.
    #[must_use]
    pub fn new(force: &Force) -> Self {
        let known = Mutex::new((Instant::now(), Arc::new(Known::of(force))));
        Self { known, signer: Arc::clone(&force.signer) }
    }

    /// The newest statement, looked for again after a while, or where somebody knows a higher number.
    ///
    /// # Errors
    /// When the database fails or what stands in it cannot be read.
    pub async fn newest(&self, storage: &dyn Storage, at_least: u64) -> Stored<Arc<Known>> {
        let (read, known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if read.elapsed() < FRESH_FOR && at_least <= known.number {
            return Ok(known);
        }
        let force = force::load(storage).await.map_err(|error| match error {
            ForceError::Storage(error) => error,
            _ => StorageError::Content("the force"),
        })?;
        let newest = Arc::new(Known::of(&force));
        if newest.number > known.number {
            // The signer first: whoever is told the number may expect receipts by it.
            self.signer.follow(&force.row.receipt_secret, newest.number);
            tracing::info!(number = newest.number, "a newer statement of keys is in force");
        }
        if at_least > newest.number {
            tracing::warn!(
                devices_know = at_least,
                ours = newest.number,
                "a device knows a newer statement of keys than this database: was it restored? publish one above it"
            );
        }
        let newest = if newest.number > known.number { newest } else { known };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = (Instant::now(), Arc::clone(&newest));
        Ok(newest)
    }
}

/// Which keys change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// A new receipt key; the secret of the one before is dropped.
    Receipt,
    /// The TLS keys named from now on, current and next. None: the platform's own roots decide.
    Tls(Vec<String>),
}

/// Signs and publishes the next statement. `above`: the highest number any device may know, where the database was
/// restored from a time before it.
///
/// # Errors
/// When the root key is not this force's, or somebody published at the same moment. Nothing is changed then.
pub async fn publish(
    storage: &dyn Storage,
    root_key: &Path,
    change: Change,
    above: u64,
    at: Millis,
) -> Result<ForceBundle, ForceError> {
    let force = force::load(storage).await?;
    let root = SigningKey::from_bytes(&*force::read_key(root_key, force::ROOT)?);
    if VerifyKey(root.verifying_key().to_bytes()) != force.bundle.root_key {
        return Err(ForceError::OtherForce { path: root_key.to_owned() });
    }
    let mut receipt_secret = None;
    let mut keys =
        KeyStatement { number: force.bundle.keys.number.max(above) + 1, ..force.bundle.keys.clone() };
    match change {
        Change::Receipt => {
            let secret = Zeroizing::new(random::<32>()?);
            keys.receipt_key = VerifyKey(SigningKey::from_bytes(&secret).verifying_key().to_bytes());
            receipt_secret = Some(secret);
        }
        Change::Tls(named) => keys.tls_keys = named,
    }
    let bundle = ForceBundle { keys, ..force.bundle };
    let text = serde_json::to_string(&bundle)?;
    let signature = seal::sign(&root, Purpose::Bundle, &[text.as_bytes()]);
    let row = StatementRow { number: bundle.keys.number, bundle: text, signature, made_at: at };
    storage.put_statement(row, receipt_secret).await?;
    Ok(bundle)
}
