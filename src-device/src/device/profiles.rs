//! What lies in the data folder: one folder for each profile, a card beside each vault, and the device's own identity.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use beatbook_domain::id::DeviceId;
use beatbook_domain::time::Millis;
use beatbook_protocol::ipc::{ProfileCard, SecretKind, SpoolCard};
use beatbook_words::text;
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::DeviceConfig;
use crate::files;
use crate::profile::sealed_note;
use crate::profile::vault::DATABASE_FILE;
use crate::profile::wrap::random;
use crate::profile::{Factor, Keystore, LockStatus, UnlockError, Vault, WrapError};

const PROFILES: &str = "profiles";
const CARD_FILE: &str = "card";
const DEVICE_FILE: &str = "device";
/// Under this label the keystore holds the transport key.
const TRANSPORT_LABEL: &str = "device/transport";

/// What the lock screen may know of a profile without opening it: numbers only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Card {
    /// Entries not received, when last written.
    pub unsent: u32,
    /// When it was last open.
    pub last_open: Millis,
    /// Until when it may be read without hearing from central.
    pub reads_until: Option<Millis>,
    /// Whether reading had stopped when it was last open, whatever the clock says since.
    pub reading_stopped: bool,
}

impl Card {
    /// Writes the card. It is a convenience: a failure is only logged.
    pub(super) fn write(&self, folder: &Path) {
        let written = serde_json::to_vec(self).map_err(std::io::Error::from).and_then(|bytes| {
            let (path, temporary) = (folder.join(CARD_FILE), folder.join("card.new"));
            std::fs::write(&temporary, bytes)?;
            std::fs::rename(temporary, path)
        });
        if let Err(error) = written {
            tracing::debug!(%error, "the card of a profile could not be written");
        }
    }

    fn read(folder: &Path) -> Self {
        std::fs::read(folder.join(CARD_FILE))
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }
}

/// A profile found in the data folder.
pub(super) struct Found {
    pub vault: Vault,
    pub status: LockStatus,
    pub card: Card,
}

impl Found {
    pub(super) fn view(&self, spool: Option<SpoolCard>) -> ProfileCard {
        ProfileCard {
            spool,
            reads_until: self.card.reads_until,
            reading_stopped: self.card.reading_stopped,
            notes: u32::try_from(sealed_note::waiting(self.vault.folder()).len()).unwrap_or(u32::MAX),
            officer: self.status.owner.officer_id,
            title: self.status.owner.title.clone(),
            collar: self.status.owner.collar.clone(),
            secret: match self.status.factor {
                Factor::PinAndKeystore => SecretKind::Pin,
                Factor::Passphrase => SecretKind::Passphrase,
            },
            wait_seconds: u32::try_from((self.status.wait_ms + 999) / 1000).unwrap_or(u32::MAX),
            unsent: self.card.unsent,
        }
    }
}

/// The vault in a folder.
pub(super) fn vault(config: &DeviceConfig, folder: PathBuf) -> Vault {
    Vault::at(folder, Arc::clone(&config.keystore), Arc::clone(&config.clock))
}

/// The folders of all profiles. One whose making was cut off is not one: its folder never got its name.
pub(super) fn folders(config: &DeviceConfig) -> Vec<PathBuf> {
    let Ok(folders) = std::fs::read_dir(config.data_dir.join(PROFILES)) else { return Vec::new() };
    let is_named = |folder: &PathBuf| {
        folder.file_name().and_then(|name| name.to_str()).is_some_and(|name| Uuid::parse_str(name).is_ok())
    };
    folders.flatten().map(|entry| entry.path()).filter(is_named).collect()
}

/// The transport key of a device identity, where the keystore holds it. May block.
pub(super) fn transport_key(config: &DeviceConfig, device: DeviceId) -> Option<SigningKey> {
    let known: DeviceFile =
        serde_json::from_slice(&std::fs::read(config.data_dir.join(DEVICE_FILE)).ok()?).ok()?;
    if known.device_id != device {
        return None;
    }
    let secret = config.keystore.get(TRANSPORT_LABEL).ok()??;
    let secret = <[u8; 32]>::try_from(secret.as_slice()).ok()?;
    Some(SigningKey::from_bytes(&Zeroizing::new(secret)))
}

/// All profiles, last used first; and in plain words what is wrong with those that cannot be opened.
pub(super) fn list(config: &DeviceConfig) -> (Vec<Found>, Vec<String>) {
    let (mut found, mut notices) = (Vec::new(), Vec::new());
    for folder in folders(config) {
        let vault = vault(config, folder.clone());
        match vault.status() {
            Ok(status) if folder.join(DATABASE_FILE).exists() => {
                found.push(Found { vault, status, card: Card::read(&folder) });
            }
            Ok(status) => notices.push(text!(notebook_unread, officer = status.owner.title)),
            Err(error) => {
                tracing::error!(%error, "a profile cannot be read");
                notices.push(text!(notebook_unopened, problem = error.to_string()));
            }
        }
    }
    found.sort_by_key(|found| std::cmp::Reverse((found.card.last_open, found.status.profile_id)));
    (found, notices)
}

/// Where a new profile is made: under a name that is not a profile's until all of it is there.
pub(super) fn making_folder(config: &DeviceConfig, profile_id: Uuid) -> PathBuf {
    config.data_dir.join(PROFILES).join(format!("making-{profile_id}"))
}

/// Gives a profile that is whole its name.
pub(super) fn finish_making(config: &DeviceConfig, profile_id: Uuid) -> std::io::Result<PathBuf> {
    let folder = config.data_dir.join(PROFILES).join(profile_id.to_string());
    std::fs::rename(making_folder(config, profile_id), &folder)?;
    Ok(folder)
}

#[derive(Serialize, Deserialize)]
struct DeviceFile {
    device_id: DeviceId,
}

/// The identity of the device towards central, for a new profile.
///
/// Where a keystore answers, every profile shares one and the keystore holds its key. Where none does, a key that every
/// profile can use would have to lie in a readable file; so each profile then gets an identity of its own, kept inside
/// its encrypted database.
pub(super) fn device_identity(config: &DeviceConfig) -> Result<(DeviceId, SigningKey), UnlockError> {
    let keystore: &dyn Keystore = &*config.keystore;
    if !keystore.available() {
        return fresh();
    }
    let path = config.data_dir.join(DEVICE_FILE);
    let known: Option<DeviceFile> =
        std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    if let (Some(known), Some(secret)) = (known, keystore.get(TRANSPORT_LABEL)?)
        && let Ok(secret) = <[u8; 32]>::try_from(secret.as_slice())
    {
        return Ok((known.device_id, SigningKey::from_bytes(&Zeroizing::new(secret))));
    }
    let (device_id, key) = fresh()?;
    keystore.put(TRANSPORT_LABEL, Zeroizing::new(key.to_bytes()).as_slice())?;
    let bytes = serde_json::to_vec(&DeviceFile { device_id }).map_err(|error| WrapError::Io(error.into()))?;
    files::replace(&path, &bytes).map_err(WrapError::from)?;
    Ok((device_id, key))
}

fn fresh() -> Result<(DeviceId, SigningKey), UnlockError> {
    let secret = Zeroizing::new(random::<32>()?);
    Ok((DeviceId(Uuid::new_v4()), SigningKey::from_bytes(&secret)))
}
