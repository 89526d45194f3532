//! The wrap file of a profile (format `beatbook/wrap/1`): what is needed to get at the database key, and nothing readable.
//!
//! ```text
//! { "format": "beatbook/wrap/1", "sum": SHA-256 of `wrap` as written, "wrap": { …, unlock, recovery, tries } }
//! unlock.sealed   = ChaCha20-Poly1305(KEK, nonce, database key, aad = what `Bound` names)
//! KEK             = HKDF-SHA256(salt, Argon2id(PIN, salt) ‖ keystore secret)      or without the second half for a passphrase
//! recovery.sealed = HPKE base (X25519, HKDF-SHA256, ChaCha20-Poly1305) to the force's recovery key,
//!                   info "beatbook/wrap/1 recovery", aad = the 16 bytes of `profile_id`
//! ```
//! The sum tells damage from a wrong PIN. This module only knows the file; waiting after wrong tries is `tries`, the
//! sequence of unlocking is `vault`.

use std::io;
use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use beatbook_domain::id::{DeviceId, Digest, OfficerId, SealKey};
use beatbook_domain::seal::digest;
use beatbook_domain::time::Millis;
use beatbook_words::text;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hkdf::Hkdf;
use hpke::{Deserializable as _, Kem as _, OpModeR, OpModeS, Serializable as _};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::Sha256;
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::tries::Tries;
use crate::files;
use crate::words;

/// Name and version of the file format.
pub const FORMAT: &str = "beatbook/wrap/1";
const RECOVERY_INFO: &[u8] = b"beatbook/wrap/1 recovery";
const KEK_INFO: &[u8] = b"beatbook/wrap/1 kek";

type RecoveryKem = hpke::kem::X25519HkdfSha256;
type RecoveryKdf = hpke::kdf::HkdfSha256;
type RecoveryAead = hpke::aead::ChaCha20Poly1305;

/// The raw 256-bit key of a profile's database; wiped when dropped, never printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct DatabaseKey([u8; 32]);

impl DatabaseKey {
    /// A new random key.
    ///
    /// # Errors
    /// [`WrapError::Randomness`] when the system gives none.
    pub fn random() -> Result<Self, WrapError> {
        Ok(Self(random()?))
    }

    /// The key as SQLCipher's raw key literal, `x'…'`.
    #[must_use]
    pub fn literal(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("x'{}'", Zeroizing::new(hex::encode(self.0)).as_str()))
    }
}

impl std::fmt::Debug for DatabaseKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DatabaseKey(…)")
    }
}

/// What opens a profile besides what the device itself holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// A six-digit PIN together with a secret in the platform's keystore.
    PinAndKeystore,
    /// A passphrase alone, where no keystore answers.
    Passphrase,
}

/// How the database is encrypted: a later version may change its defaults without losing older profiles.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CipherSettings {
    /// The cipher and its major version.
    pub cipher: String,
    /// Page size in bytes.
    pub page_size: u32,
    /// The page authentication code, as SQLCipher names it.
    pub hmac_algorithm: String,
}

impl Default for CipherSettings {
    fn default() -> Self {
        Self { cipher: "sqlcipher-4".into(), page_size: 4096, hmac_algorithm: "HMAC_SHA256".into() }
    }
}

/// Argon2id cost. Written into every wrap file, so raising it later needs no migration.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KdfCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl KdfCost {
    /// What every real profile uses: 64 MiB, three passes (about 0.2 s on the machines this was measured on).
    pub const STANDARD: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 };
}

impl Default for KdfCost {
    fn default() -> Self {
        Self::STANDARD
    }
}

/// Argon2id as used for one wrap.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Kdf {
    /// Always `argon2id`.
    pub algorithm: String,
    /// Argon2 version, 19 (0x13).
    pub version: u32,
    /// Its cost.
    pub cost: KdfCost,
    /// Salt of this wrap, for Argon2id and HKDF alike (hex).
    #[serde(with = "hex::serde")]
    pub salt: [u8; 16],
}

/// The database key under the officer's own secret.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct UnlockWrap {
    /// What opens it.
    pub factor: Factor,
    /// Label of the keystore's half, where there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub keystore_label: Option<String>,
    /// How the secret is stretched.
    pub kdf: Kdf,
    /// Nonce (hex).
    #[serde(with = "hex::serde")]
    pub nonce: [u8; 12],
    /// The sealed key (hex).
    #[serde(with = "hex::serde")]
    pub sealed: Vec<u8>,
}

/// The database key sealed to the force's recovery key: the way back when a PIN is forgotten or a keystore is lost.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RecoveryWrap {
    /// The recovery key it is sealed to (X25519, public).
    pub recipient: SealKey,
    /// HPKE encapsulated key (hex).
    #[serde(with = "hex::serde")]
    pub encapsulated: Vec<u8>,
    /// The sealed key (hex).
    #[serde(with = "hex::serde")]
    pub sealed: Vec<u8>,
}

/// Who a profile belongs to, as the lock screen must know it. No name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ProfileOwner {
    /// The officer.
    pub officer_id: OfficerId,
    /// As shown: `PC 1482`.
    pub title: String,
    /// The collar number as typed at the lock screen.
    pub collar: String,
    /// The device the profile was enrolled on.
    pub device_id: DeviceId,
    /// Name of the force.
    pub force: String,
}

/// The content of a wrap file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Wrap {
    /// The profile.
    pub profile_id: Uuid,
    /// Whose it is.
    pub owner: ProfileOwner,
    /// When the profile was made.
    pub created_at: Millis,
    /// How its database is encrypted.
    pub cipher: CipherSettings,
    /// The wrap the officer opens.
    pub unlock: UnlockWrap,
    /// The wrap the force can open.
    pub recovery: RecoveryWrap,
    /// Public half of the profile's sealing key: what is noted while locked is sealed to it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sealing_key: Option<SealKey>,
    /// Wrong tries since the last unlock that reached the log.
    pub tries: Tries,
}

/// What the officer's wrap is bound to: none of it can be swapped without the seal failing.
#[derive(Serialize)]
struct Bound<'a> {
    format: &'a str,
    profile_id: Uuid,
    officer_id: OfficerId,
    cipher: &'a CipherSettings,
    factor: Factor,
    keystore_label: &'a Option<String>,
    kdf: &'a Kdf,
}

#[derive(Serialize, Deserialize)]
struct Envelope {
    format: String,
    sum: Digest,
    wrap: Box<RawValue>,
}

/// Why a wrap could not be read, made or opened. Never says anything about the secret.
#[derive(Debug, thiserror::Error)]
pub enum WrapError {
    /// The file could not be read or written.
    #[error("{}", text!(key_file_unreadable, problem = .0.to_string()))]
    Io(#[from] io::Error),
    /// The file is damaged.
    #[error("{}", text!(key_file_damaged, problem = .0.to_string()))]
    Damaged(String),
    /// The file is of a later version of Beatbook.
    #[error("{}", text!(key_file_newer, problem = .0.to_string()))]
    Newer(String),
    /// The secret does not open it.
    #[error("{}", words::SECRET_WRONG)]
    WrongSecret,
    /// The recovery key is not the one it was sealed to, or the recovery wrap is damaged.
    #[error("{}", words::RECOVERY_KEY_WRONG)]
    WrongRecoveryKey,
    /// The parameters make no sense.
    #[error("{}", text!(key_parameters, problem = .0.to_string()))]
    Parameters(String),
    /// No randomness.
    #[error("{}", text!(no_randomness, problem = .0.to_string()))]
    Randomness(String),
}

/// Random bytes from the system.
///
/// # Errors
/// [`WrapError::Randomness`].
pub fn random<const N: usize>() -> Result<[u8; N], WrapError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| WrapError::Randomness(error.to_string()))?;
    Ok(bytes)
}

impl UnlockWrap {
    fn key(&self, secret: &str, keystore_secret: Option<&[u8]>) -> Result<Zeroizing<[u8; 32]>, WrapError> {
        let cost = self.kdf.cost;
        let parameters = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32))
            .map_err(|error| WrapError::Parameters(error.to_string()))?;
        let mut material = Zeroizing::new(vec![0u8; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
            .hash_password_into(secret.as_bytes(), &self.kdf.salt, material.as_mut_slice())
            .map_err(|error| WrapError::Parameters(error.to_string()))?;
        if let Some(half) = keystore_secret {
            material.extend_from_slice(half);
        }
        let mut key = Zeroizing::new([0u8; 32]);
        Hkdf::<Sha256>::new(Some(&self.kdf.salt), &material)
            .expand(KEK_INFO, key.as_mut_slice())
            .map_err(|error| WrapError::Parameters(error.to_string()))?;
        Ok(key)
    }
}

/// What a new unlock wrap is made of.
pub struct NewUnlock<'a> {
    /// What opens it.
    pub factor: Factor,
    /// The PIN or passphrase.
    pub secret: &'a str,
    /// Label and value of the keystore's half; required for [`Factor::PinAndKeystore`].
    pub keystore: Option<(&'a str, &'a [u8])>,
    /// Argon2id cost.
    pub cost: KdfCost,
}

impl Wrap {
    fn bound(&self) -> Result<Vec<u8>, WrapError> {
        serde_json::to_vec(&Bound {
            format: FORMAT,
            profile_id: self.profile_id,
            officer_id: self.owner.officer_id,
            cipher: &self.cipher,
            factor: self.unlock.factor,
            keystore_label: &self.unlock.keystore_label,
            kdf: &self.unlock.kdf,
        })
        .map_err(|error| WrapError::Parameters(error.to_string()))
    }

    /// Wraps `key` for the officer and for the force. Both wraps are mandatory.
    ///
    /// # Errors
    /// [`WrapError::Parameters`] for a PIN without a keystore half (a PIN alone falls to brute force in minutes) or an
    /// impossible cost; [`WrapError::Randomness`].
    pub fn create(
        owner: ProfileOwner,
        profile_id: Uuid,
        created_at: Millis,
        key: &DatabaseKey,
        unlock: &NewUnlock<'_>,
        recovery_key: &SealKey,
    ) -> Result<Self, WrapError> {
        let mut wrap = Self {
            profile_id,
            owner,
            created_at,
            cipher: CipherSettings::default(),
            unlock: UnlockWrap {
                factor: unlock.factor,
                keystore_label: None,
                kdf: Kdf { algorithm: "argon2id".into(), version: 19, cost: unlock.cost, salt: [0; 16] },
                nonce: [0; 12],
                sealed: Vec::new(),
            },
            recovery: seal_to_recovery(profile_id, key, recovery_key)?,
            sealing_key: None,
            tries: Tries::default(),
        };
        wrap.rewrap(key, unlock)?;
        Ok(wrap)
    }

    /// Replaces the officer's wrap (a changed PIN); the recovery wrap stays.
    ///
    /// # Errors
    /// As [`Wrap::create`].
    pub fn rewrap(&mut self, key: &DatabaseKey, unlock: &NewUnlock<'_>) -> Result<(), WrapError> {
        if unlock.factor == Factor::PinAndKeystore && unlock.keystore.is_none() {
            return Err(WrapError::Parameters(words::PIN_NEEDS_KEYSTORE.into()));
        }
        self.unlock = UnlockWrap {
            factor: unlock.factor,
            keystore_label: unlock.keystore.map(|(label, _)| label.to_owned()),
            kdf: Kdf { algorithm: "argon2id".into(), version: 19, cost: unlock.cost, salt: random()? },
            nonce: random()?,
            sealed: Vec::new(),
        };
        let kek = self.unlock.key(unlock.secret, unlock.keystore.map(|(_, half)| half))?;
        let aad = self.bound()?;
        self.unlock.sealed = ChaCha20Poly1305::new(&Key::from(*kek))
            .encrypt(&Nonce::from(self.unlock.nonce), Payload { msg: &key.0, aad: &aad })
            .map_err(|_| WrapError::Parameters(words::KEY_UNSEALED.into()))?;
        Ok(())
    }

    /// Opens the officer's wrap.
    ///
    /// # Errors
    /// [`WrapError::WrongSecret`] where PIN, passphrase or keystore half is not the right one.
    pub fn open(&self, secret: &str, keystore_secret: Option<&[u8]>) -> Result<DatabaseKey, WrapError> {
        let kek = self.unlock.key(secret, keystore_secret)?;
        let aad = self.bound()?;
        let opened = ChaCha20Poly1305::new(&Key::from(*kek))
            .decrypt(&Nonce::from(self.unlock.nonce), Payload { msg: &self.unlock.sealed, aad: &aad })
            .map(Zeroizing::new)
            .map_err(|_| WrapError::WrongSecret)?;
        let key = opened.as_slice().try_into().map_err(|_| WrapError::Damaged(words::KEY_LENGTH.into()))?;
        Ok(DatabaseKey(key))
    }

    /// Opens the recovery wrap with the force's offline recovery key (X25519 secret).
    ///
    /// # Errors
    /// [`WrapError::WrongRecoveryKey`].
    pub fn open_recovery(&self, recovery_secret: &[u8; 32]) -> Result<DatabaseKey, WrapError> {
        let wrong = |_| WrapError::WrongRecoveryKey;
        let secret = <RecoveryKem as hpke::Kem>::PrivateKey::from_bytes(recovery_secret).map_err(wrong)?;
        let encapsulated = <RecoveryKem as hpke::Kem>::EncappedKey::from_bytes(&self.recovery.encapsulated)
            .map_err(wrong)?;
        let opened = hpke::single_shot_open::<RecoveryAead, RecoveryKdf, RecoveryKem>(
            &OpModeR::Base,
            &secret,
            &encapsulated,
            RECOVERY_INFO,
            &self.recovery.sealed,
            self.profile_id.as_bytes(),
        )
        .map(Zeroizing::new)
        .map_err(wrong)?;
        let key = opened.as_slice().try_into().map_err(|_| WrapError::Damaged(words::KEY_LENGTH.into()))?;
        Ok(DatabaseKey(key))
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// [`WrapError::Parameters`] only where the content cannot be written as JSON, which no value of this type does.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WrapError> {
        let impossible = |error: serde_json::Error| WrapError::Parameters(error.to_string());
        let wrap = serde_json::value::to_raw_value(self).map_err(impossible)?;
        let sum = digest(wrap.get().as_bytes());
        serde_json::to_vec(&Envelope { format: FORMAT.into(), sum, wrap }).map_err(impossible)
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// [`WrapError::Damaged`] when the sum does not fit, [`WrapError::Newer`] for another format.
    pub fn parse(bytes: &[u8]) -> Result<Self, WrapError> {
        let damaged = |error: serde_json::Error| WrapError::Damaged(error.to_string());
        let envelope: Envelope = serde_json::from_slice(bytes).map_err(damaged)?;
        if envelope.format != FORMAT {
            return Err(WrapError::Newer(envelope.format));
        }
        if digest(envelope.wrap.get().as_bytes()) != envelope.sum {
            return Err(WrapError::Damaged(words::SUM_WRONG.into()));
        }
        serde_json::from_str(envelope.wrap.get()).map_err(damaged)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// As [`Wrap::parse`], and [`WrapError::Io`].
    pub fn read(path: &Path) -> Result<Self, WrapError> {
        Self::parse(&std::fs::read(path)?)
    }

    /// Replaces the file, atomically.
    ///
    /// # Errors
    /// [`WrapError::Io`]; the old file is then untouched.
    pub fn write(&self, path: &Path) -> Result<(), WrapError> {
        Ok(files::replace(path, &self.to_bytes()?)?)
    }
}

fn seal_to_recovery(
    profile_id: Uuid,
    key: &DatabaseKey,
    recipient: &SealKey,
) -> Result<RecoveryWrap, WrapError> {
    let failed = |error: hpke::HpkeError| {
        WrapError::Parameters(text!(recovery_key_unfit, problem = error.to_string()))
    };
    let public = <RecoveryKem as hpke::Kem>::PublicKey::from_bytes(recipient.as_bytes()).map_err(failed)?;
    let (encapsulated, sealed) = hpke::single_shot_seal::<RecoveryAead, RecoveryKdf, RecoveryKem>(
        &OpModeS::Base,
        &public,
        RECOVERY_INFO,
        &key.0,
        profile_id.as_bytes(),
    )
    .map_err(failed)?;
    Ok(RecoveryWrap { recipient: *recipient, encapsulated: encapsulated.to_bytes().to_vec(), sealed })
}

/// A new recovery key pair (secret, public), as a force makes it offline. Here for tests and the demonstration force.
///
/// # Errors
/// [`WrapError::Randomness`].
pub fn new_recovery_pair() -> Result<(Zeroizing<[u8; 32]>, SealKey), WrapError> {
    let (secret, public) = RecoveryKem::derive_keypair(&Zeroizing::new(random::<32>()?)[..]);
    let secret = secret.to_bytes().into();
    Ok((Zeroizing::new(secret), SealKey(public.to_bytes().into())))
}
