//! The force: its keys and the bundle every device pins. Root and recovery secrets are made here once, written to
//! files for keeping offline, and never stored in the database.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use beatbook_domain::id::{EpochId, ForceId, SealKey, VerifyKey};
use beatbook_domain::seal::{self, Purpose};
use beatbook_domain::time::Millis;
use beatbook_protocol::sync::{ForceBundle, KeyStatement};
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::random::{Unpredictable, random, uuid_v7};
use crate::receipt::ReceiptSigner;
use crate::storage::{ForceRow, Storage, StorageError};

/// Why a force could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum ForceError {
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// No randomness.
    #[error(transparent)]
    Unpredictable(#[from] Unpredictable),
    /// A key file could not be written or read.
    #[error("the key file {path} cannot be written or read: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A key file of another force.
    #[error("{path} is the root key of another force: nothing was changed")]
    OtherForce {
        /// The file.
        path: PathBuf,
    },
    /// A certificate or its key.
    #[error(transparent)]
    Certificate(#[from] crate::tls::TlsError),
    /// A key file is not what it should be.
    #[error("{path} is not a {wanted} key file of Beatbook")]
    NotAKey {
        /// The file.
        path: PathBuf,
        /// What was wanted.
        wanted: &'static str,
    },
    /// The bundle could not be written or read.
    #[error("the force bundle cannot be read: {0}")]
    Bundle(#[from] serde_json::Error),
    /// Nothing was initialised.
    #[error("this database holds no force yet: run `beatbook-central init` first")]
    Missing,
}

/// Name and version of the format of a key file.
const KEY_FORMAT: &str = "beatbook/key/1";
/// Use of the root key, as it stands in its file.
pub const ROOT: &str = "root";
/// Use of the recovery key, as it stands in its file.
pub const RECOVERY: &str = "recovery";

/// An offline key as a file: readable by its owner alone.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct KeyFile {
    format: String,
    #[serde(rename = "use")]
    purpose: String,
    #[zeroize(skip)]
    force: ForceId,
    public: String,
    secret: String,
}

/// Writes a key file that did not exist before, mode 0600, on disk when this returns.
fn write_key(
    path: &Path,
    purpose: &str,
    force: ForceId,
    public: &[u8; 32],
    secret: &[u8; 32],
) -> Result<(), ForceError> {
    let file = KeyFile {
        format: KEY_FORMAT.to_owned(),
        purpose: purpose.to_owned(),
        force,
        public: hex::encode(public),
        secret: hex::encode(secret),
    };
    let text = Zeroizing::new(serde_json::to_string_pretty(&file)? + "\n");
    write_secret(path, text.as_bytes()).map_err(|source| ForceError::File { path: path.to_owned(), source })
}

/// Writes a file that did not exist before, readable by its owner alone, on disk when this returns.
///
/// # Errors
/// When the file exists or cannot be written.
pub fn write_secret(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Reads the secret of a key file.
///
/// # Errors
/// [`ForceError::File`], or [`ForceError::NotAKey`] where it is another key or no key at all.
pub fn read_key(path: &Path, purpose: &'static str) -> Result<Zeroizing<[u8; 32]>, ForceError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| ForceError::File { path: path.to_owned(), source })?;
    let text = Zeroizing::new(text);
    let wrong = || ForceError::NotAKey { path: path.to_owned(), wanted: purpose };
    let file: KeyFile = serde_json::from_str(&text).map_err(|_| wrong())?;
    if file.format != KEY_FORMAT || file.purpose != purpose {
        return Err(wrong());
    }
    let mut secret = Zeroizing::new([0; 32]);
    hex::decode_to_slice(&file.secret, secret.as_mut_slice()).map_err(|_| wrong())?;
    Ok(secret)
}

/// Makes a force: ids and four key pairs. Root and recovery secrets go to the two files, nowhere else.
///
/// # Errors
/// When there is a force already, a key file exists or cannot be written. The database is changed last, so a failure
/// leaves at most key files that open nothing.
pub async fn create(
    storage: &dyn Storage,
    name: &str,
    root_out: &Path,
    recovery_out: &Path,
    at: Millis,
) -> Result<ForceBundle, ForceError> {
    create_with(storage, name, root_out, recovery_out, Vec::new(), at).await
}

/// As [`create`]; the first statement names these TLS keys.
///
/// # Errors
/// As [`create`].
pub async fn create_with(
    storage: &dyn Storage,
    name: &str,
    root_out: &Path,
    recovery_out: &Path,
    tls_keys: Vec<String>,
    at: Millis,
) -> Result<ForceBundle, ForceError> {
    if storage.force().await?.is_some() {
        return Err(StorageError::ForceExists.into());
    }
    let force = ForceId(uuid_v7(at)?);
    let epoch = EpochId(Uuid::from_bytes(random()?));
    let root_secret = Zeroizing::new(random::<32>()?);
    let root = SigningKey::from_bytes(&root_secret);
    let receipt_secret = Zeroizing::new(random::<32>()?);
    let receipt = SigningKey::from_bytes(&receipt_secret);
    let sealing = StaticSecret::from(*Zeroizing::new(random::<32>()?));
    let recovery = StaticSecret::from(*Zeroizing::new(random::<32>()?));
    let bundle = ForceBundle {
        force,
        name: name.to_owned(),
        root_key: VerifyKey(root.verifying_key().to_bytes()),
        keys: KeyStatement {
            number: 1,
            receipt_key: VerifyKey(receipt.verifying_key().to_bytes()),
            sealing_key: SealKey(PublicKey::from(&sealing).to_bytes()),
            recovery_key: SealKey(PublicKey::from(&recovery).to_bytes()),
            tls_keys,
            epoch,
        },
    };
    let text = serde_json::to_string(&bundle)?;
    let bundle_signature = seal::sign(&root, Purpose::Bundle, &[text.as_bytes()]);
    write_key(root_out, ROOT, force, &bundle.root_key.0, &root_secret)?;
    write_key(
        recovery_out,
        RECOVERY,
        force,
        &bundle.keys.recovery_key.0,
        &Zeroizing::new(recovery.to_bytes()),
    )?;
    let row = ForceRow {
        force,
        epoch,
        bundle: text,
        bundle_signature,
        receipt_secret: *receipt_secret,
        sealing_secret: sealing.to_bytes(),
        created_at: at,
    };
    storage.create_force(row).await?;
    Ok(bundle)
}

/// The force as the running server needs it.
#[derive(Clone, Debug)]
pub struct Force {
    /// The row.
    pub row: ForceRow,
    /// The bundle, read.
    pub bundle: ForceBundle,
    /// What signs receipts.
    pub signer: Arc<ReceiptSigner>,
}

/// Loads the force.
///
/// # Errors
/// [`ForceError::Missing`] before `init`.
pub async fn load(storage: &dyn Storage) -> Result<Force, ForceError> {
    let row = storage.force().await?.ok_or(ForceError::Missing)?;
    let bundle: ForceBundle = serde_json::from_str(&row.bundle)?;
    let signer = Arc::new(ReceiptSigner::new(&row.receipt_secret, row.epoch, bundle.keys.number));
    Ok(Force { row, bundle, signer })
}
