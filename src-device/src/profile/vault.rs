//! Unlocking a profile: the sequence from a typed PIN or passphrase to the database key, and back to locked.
//!
//! It knows the wrap file and the keystore. It does not open the database (that is `store`) and writes no log entry:
//! wrong tries wait in the wrap file until the caller has put them into the log chain and calls [`Vault::settle_tries`].

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use beatbook_domain::id::SealKey;
use beatbook_words::text;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::keystore::{Keystore, KeystoreError};
use super::tries::Try;
use super::wrap::{DatabaseKey, Factor, KdfCost, NewUnlock, ProfileOwner, Wrap, WrapError, random};
use crate::clock::Clock;
use crate::files;
use crate::words;

/// File name of the wrap in a profile's folder.
pub const WRAP_FILE: &str = "wrap";
/// A second copy from the last time the secret was set, read only when the first is damaged.
pub const WRAP_COPY: &str = "wrap.copy";
/// File name of the encrypted database in a profile's folder.
pub const DATABASE_FILE: &str = "records.db";

const PIN_DIGITS: usize = 6;
const PASSPHRASE_MIN: usize = 12;

/// What an officer types to unlock; wiped when dropped.
#[derive(Clone)]
pub enum Secret {
    /// Six digits, good only together with a keystore.
    Pin(Zeroizing<String>),
    /// A passphrase.
    Passphrase(Zeroizing<String>),
}

impl Secret {
    /// A PIN.
    #[must_use]
    pub fn pin(pin: &str) -> Self {
        Self::Pin(Zeroizing::new(pin.to_owned()))
    }

    /// A passphrase.
    #[must_use]
    pub fn passphrase(passphrase: &str) -> Self {
        Self::Passphrase(Zeroizing::new(passphrase.to_owned()))
    }

    fn text(&self) -> &str {
        match self {
            Self::Pin(text) | Self::Passphrase(text) => text,
        }
    }

    fn factor(&self) -> Factor {
        match self {
            Self::Pin(_) => Factor::PinAndKeystore,
            Self::Passphrase(_) => Factor::Passphrase,
        }
    }

    /// Whether it has the form its kind must have.
    ///
    /// # Errors
    /// [`UnlockError::PinForm`] or [`UnlockError::PassphraseForm`].
    pub fn acceptable(&self) -> Result<(), UnlockError> {
        match self {
            Self::Pin(pin) if pin.len() == PIN_DIGITS && pin.bytes().all(|b| b.is_ascii_digit()) => Ok(()),
            Self::Pin(_) => Err(UnlockError::PinForm),
            Self::Passphrase(text) if text.chars().count() >= PASSPHRASE_MIN => Ok(()),
            Self::Passphrase(_) => Err(UnlockError::PassphraseForm),
        }
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Pin(_) => "Pin(…)",
            Self::Passphrase(_) => "Passphrase(…)",
        })
    }
}

/// Why a profile stays locked, in words that say what to do. Entries are safe in every case.
#[derive(Debug, thiserror::Error)]
pub enum UnlockError {
    /// Wrong PIN or passphrase; the next try may be made after `wait_ms`.
    #[error("{}", match waiting(*wait_ms) {
        None => words::UNLOCK_WRONG.to_owned(),
        Some(wait) => text!(unlock_wrong_wait, wait = wait),
    })]
    Wrong {
        /// Wrong tries since the last unlock.
        failed: u32,
        /// Milliseconds until the next try.
        wait_ms: i64,
    },
    /// A try before the wait was over; it was not looked at and does not count.
    #[error("{}", match waiting(*wait_ms) {
        None => words::UNLOCK_TOO_SOON.to_owned(),
        Some(wait) => text!(unlock_too_soon_wait, wait = wait),
    })]
    Wait {
        /// Milliseconds until the next try.
        wait_ms: i64,
    },
    /// A PIN wrap was asked for where no keystore answers.
    #[error("{}", words::KEYSTORE_NONE)]
    NoKeystore,
    /// The keystore's half cannot be had; not a wrong try.
    #[error("{}", text!(keystore_refuses, problem = .0.to_string()))]
    Keystore(#[from] KeystoreError),
    /// The keystore answers but has lost its half.
    #[error("{}", words::KEYSTORE_EMPTY)]
    KeystoreEmpty,
    /// A profile opened by PIN was given a passphrase, or the reverse.
    #[error("{}", if *.0 == Factor::Passphrase { words::OPENS_WITH_PASSPHRASE } else { words::OPENS_WITH_PIN })]
    OtherFactor(Factor),
    /// Not six digits.
    #[error("{}", words::PIN_FORM)]
    PinForm,
    /// Too short a passphrase.
    #[error("{}", words::PASSPHRASE_FORM)]
    PassphraseForm,
    /// The wrap file itself.
    #[error("{}", text!(key_unusable, problem = .0.to_string()))]
    Wrap(#[from] WrapError),
}

fn waiting(ms: i64) -> Option<String> {
    let seconds = u32::try_from((ms + 999) / 1000).ok()?;
    match seconds {
        0 => None,
        1..60 => Some(text!(wait_seconds, seconds = seconds)),
        _ => Some(text!(wait_minutes, minutes = seconds.div_ceil(60))),
    }
}

/// What the lock screen may show of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockStatus {
    /// The profile.
    pub profile_id: Uuid,
    /// Whose it is.
    pub owner: ProfileOwner,
    /// What opens it.
    pub factor: Factor,
    /// Milliseconds until a try may be made.
    pub wait_ms: i64,
    /// Wrong tries since the last unlock.
    pub failed: u32,
}

/// What a new profile is made of.
pub struct NewProfile<'a> {
    /// Whose it is.
    pub owner: ProfileOwner,
    /// The officer's secret.
    pub secret: &'a Secret,
    /// The force's recovery key; there is no profile without.
    pub recovery_key: &'a SealKey,
    /// Argon2id cost; [`KdfCost::STANDARD`] in every real profile.
    pub cost: KdfCost,
}

/// One profile's folder, its wrap file, and the keystore that holds the other half.
#[derive(Clone)]
pub struct Vault {
    folder: PathBuf,
    keystore: Arc<dyn Keystore>,
    clock: Arc<dyn Clock>,
}

impl Vault {
    /// The vault of the profile in `folder`; nothing is read yet.
    #[must_use]
    pub fn at(folder: PathBuf, keystore: Arc<dyn Keystore>, clock: Arc<dyn Clock>) -> Self {
        Self { folder, keystore, clock }
    }

    /// The profile's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The path of the encrypted database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.folder.join(DATABASE_FILE)
    }

    fn wrap_path(&self) -> PathBuf {
        self.folder.join(WRAP_FILE)
    }

    /// Makes a new profile: a random database key, wrapped for officer and force. Blocks for the Argon2id time.
    ///
    /// # Errors
    /// [`UnlockError::NoKeystore`] for a PIN where no keystore answers; form, keystore and file errors as they are.
    pub fn create(&self, profile_id: Uuid, new: NewProfile<'_>) -> Result<DatabaseKey, UnlockError> {
        files::private_folder(&self.folder).map_err(WrapError::from)?;
        if self.wrap_path().exists() {
            return Err(WrapError::Io(io::Error::from(io::ErrorKind::AlreadyExists)).into());
        }
        let key = DatabaseKey::random()?;
        let half = self.new_half(profile_id, new.secret)?;
        let unlock = new_unlock(new.secret, &half, new.cost);
        let wrap = Wrap::create(new.owner, profile_id, self.clock.now(), &key, &unlock, new.recovery_key)?;
        self.write_both(&wrap)?;
        Ok(key)
    }

    /// What the lock screen shows.
    ///
    /// # Errors
    /// Where the wrap file cannot be read.
    pub fn status(&self) -> Result<LockStatus, WrapError> {
        let wrap = self.read()?;
        Ok(LockStatus {
            profile_id: wrap.profile_id,
            factor: wrap.unlock.factor,
            wait_ms: wrap.tries.wait_ms(&self.clock.mono()),
            failed: wrap.tries.failed,
            owner: wrap.owner,
        })
    }

    /// Opens the wrap. Blocks for the Argon2id time. Returns the key and the wrong tries still to be logged.
    ///
    /// # Errors
    /// [`UnlockError::Wait`] before the wait is over (not even looked at), [`UnlockError::Wrong`] otherwise counted and
    /// on disk before it is said; a keystore that does not answer is never counted as a wrong try.
    pub fn unlock(&self, secret: &Secret) -> Result<(DatabaseKey, Vec<Try>), UnlockError> {
        let mut wrap = self.read()?;
        let mono = self.clock.mono();
        let wait_ms = wrap.tries.wait_ms(&mono);
        if wait_ms > 0 {
            return Err(UnlockError::Wait { wait_ms });
        }
        if wrap.unlock.factor != secret.factor() {
            return Err(UnlockError::OtherFactor(wrap.unlock.factor));
        }
        let half = match &wrap.unlock.keystore_label {
            Some(label) => Some(self.keystore.get(label)?.ok_or(UnlockError::KeystoreEmpty)?),
            None => None,
        };
        match wrap.open(secret.text(), half.as_ref().map(|half| half.as_slice())) {
            Ok(key) => Ok((key, wrap.tries.marks)),
            Err(WrapError::WrongSecret) => {
                wrap.tries.add(self.clock.now(), mono);
                wrap.write(&self.wrap_path())?;
                Err(UnlockError::Wrong { failed: wrap.tries.failed, wait_ms: wrap.tries.wait_ms(&mono) })
            }
            Err(other) => Err(other.into()),
        }
    }

    /// Forgets the wrong tries, once they stand in the log chain.
    ///
    /// # Errors
    /// Where the wrap file cannot be read or written; they are then logged once more next time.
    pub fn settle_tries(&self) -> Result<(), WrapError> {
        let mut wrap = self.read()?;
        if wrap.tries.failed == 0 {
            return Ok(());
        }
        wrap.tries = super::tries::Tries::default();
        wrap.write(&self.wrap_path())
    }

    /// Sets a new secret for an open profile (a changed PIN, or the way back after recovery).
    ///
    /// # Errors
    /// As [`Vault::create`]; the old secret holds until the new one is on disk.
    pub fn set_secret(&self, key: &DatabaseKey, secret: &Secret, cost: KdfCost) -> Result<(), UnlockError> {
        let mut wrap = self.read()?;
        let half = self.new_half(wrap.profile_id, secret)?;
        wrap.rewrap(key, &new_unlock(secret, &half, cost))?;
        self.write_both(&wrap)?;
        Ok(())
    }

    /// Stores the public half of the profile's sealing key outside the vault, for notes written while locked.
    ///
    /// # Errors
    /// Where the wrap file cannot be read or written.
    pub fn set_sealing_key(&self, key: SealKey) -> Result<(), WrapError> {
        let mut wrap = self.read()?;
        wrap.sealing_key = Some(key);
        self.write_both(&wrap)
    }

    /// The wrap, from its file or, where that is damaged, from the copy (the damaged one is kept aside).
    ///
    /// # Errors
    /// Where neither can be read.
    pub fn read(&self) -> Result<Wrap, WrapError> {
        let path = self.wrap_path();
        let failure = match Wrap::read(&path) {
            Ok(wrap) => return Ok(wrap),
            // Lacking, unreadable disk or a newer format: the copy would not help.
            Err(error @ (WrapError::Newer(_) | WrapError::Io(_))) => return Err(error),
            Err(damaged) => damaged,
        };
        let Ok(copy) = Wrap::read(&self.folder.join(WRAP_COPY)) else { return Err(failure) };
        files::keep_aside(&path, self.clock.now().0)?;
        copy.write(&path)?;
        Ok(copy)
    }

    fn write_both(&self, wrap: &Wrap) -> Result<(), WrapError> {
        wrap.write(&self.wrap_path())?;
        wrap.write(&self.folder.join(WRAP_COPY))
    }

    /// Puts a fresh half into the keystore for a PIN, and reads it back before anything depends on it.
    fn new_half(&self, profile_id: Uuid, secret: &Secret) -> Result<Option<Half>, UnlockError> {
        secret.acceptable()?;
        if secret.factor() == Factor::Passphrase {
            return Ok(None);
        }
        if !self.keystore.available() {
            return Err(UnlockError::NoKeystore);
        }
        let bytes = Zeroizing::new(random::<32>()?);
        // A label of its own each time: the old half stays valid until the new wrap is on disk.
        let label = format!("profile/{profile_id}/{}", hex::encode(random::<4>()?));
        self.keystore.put(&label, bytes.as_slice())?;
        match self.keystore.get(&label)? {
            Some(stored) if stored.as_slice() == bytes.as_slice() => Ok(Some(Half { label, bytes })),
            _ => Err(UnlockError::KeystoreEmpty),
        }
    }
}

struct Half {
    label: String,
    bytes: Zeroizing<[u8; 32]>,
}

fn new_unlock<'a>(secret: &'a Secret, half: &'a Option<Half>, cost: KdfCost) -> NewUnlock<'a> {
    NewUnlock {
        factor: secret.factor(),
        secret: secret.text(),
        keystore: half.as_ref().map(|half| (half.label.as_str(), half.bytes.as_slice())),
        cost,
    }
}
