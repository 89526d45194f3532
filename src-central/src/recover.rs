//! Opening a device's wrap file with the force's offline recovery key: the way back when a PIN is forgotten or a
//! keystore is lost. Reads only what the recovery wrap needs of format `beatbook/wrap/1`; needs no database, no server
//! and no device, and works from the format alone (a test opens what the device writes).

use std::io;
use std::path::{Path, PathBuf};

use beatbook_domain::id::{Digest, SealKey};
use beatbook_domain::seal::digest;
use hpke::{Deserializable as _, OpModeR};
use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

const FORMAT: &str = "beatbook/wrap/1";
const INFO: &[u8] = b"beatbook/wrap/1 recovery";

type Kem = hpke::kem::X25519HkdfSha256;
type Kdf = hpke::kdf::HkdfSha256;
type Aead = hpke::aead::ChaCha20Poly1305;

/// Why a wrap file was not opened.
#[derive(Debug, thiserror::Error)]
pub enum RecoverError {
    /// The file.
    #[error("the wrap file {path} cannot be read: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Not a wrap file, or damaged.
    #[error("the wrap file is damaged ({0}): look for an older copy of it")]
    Damaged(String),
    /// Of a later version.
    #[error("the wrap file is of format {0}: update beatbook-central")]
    Newer(String),
    /// Sealed to another key.
    #[error("the wrap file was sealed to recovery key {sealed_to}, this is {given}: use that force's key")]
    OtherKey {
        /// Public key it was sealed to.
        sealed_to: SealKey,
        /// Public half of the key given.
        given: SealKey,
    },
    /// The seal does not open.
    #[error("the recovery wrap does not open: it was damaged or changed")]
    Sealed,
}

#[derive(Deserialize)]
struct Envelope {
    format: String,
    sum: Digest,
    wrap: Box<RawValue>,
}

#[derive(Deserialize)]
struct Wrap {
    profile_id: Uuid,
    recovery: Recovery,
}

#[derive(Deserialize)]
struct Recovery {
    recipient: SealKey,
    encapsulated: String,
    sealed: String,
}

/// Opens a wrap file: the raw 256-bit key of the profile's database.
///
/// # Errors
/// [`RecoverError`], which never says anything about the secret.
pub fn open(path: &Path, secret: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, RecoverError> {
    let bytes = std::fs::read(path).map_err(|source| RecoverError::File { path: path.to_owned(), source })?;
    open_bytes(&bytes, secret)
}

fn open_bytes(bytes: &[u8], secret: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, RecoverError> {
    let damaged = |error: serde_json::Error| RecoverError::Damaged(error.to_string());
    let envelope: Envelope = serde_json::from_slice(bytes).map_err(damaged)?;
    if envelope.format != FORMAT {
        return Err(RecoverError::Newer(envelope.format));
    }
    if digest(envelope.wrap.get().as_bytes()) != envelope.sum {
        return Err(RecoverError::Damaged("its sum does not fit".into()));
    }
    let wrap: Wrap = serde_json::from_str(envelope.wrap.get()).map_err(damaged)?;
    let given = SealKey(PublicKey::from(&StaticSecret::from(*secret)).to_bytes());
    if given != wrap.recovery.recipient {
        return Err(RecoverError::OtherKey { sealed_to: wrap.recovery.recipient, given });
    }
    let hex = |text: &str| hex::decode(text).map_err(|error| RecoverError::Damaged(error.to_string()));
    let sealed = |_| RecoverError::Sealed;
    let private = <Kem as hpke::Kem>::PrivateKey::from_bytes(secret).map_err(sealed)?;
    let encapsulated =
        <Kem as hpke::Kem>::EncappedKey::from_bytes(&hex(&wrap.recovery.encapsulated)?).map_err(sealed)?;
    let opened = hpke::single_shot_open::<Aead, Kdf, Kem>(
        &OpModeR::Base,
        &private,
        &encapsulated,
        INFO,
        &hex(&wrap.recovery.sealed)?,
        wrap.profile_id.as_bytes(),
    )
    .map(Zeroizing::new)
    .map_err(sealed)?;
    let key: [u8; 32] = opened.as_slice().try_into().map_err(|_| RecoverError::Sealed)?;
    Ok(Zeroizing::new(key))
}
