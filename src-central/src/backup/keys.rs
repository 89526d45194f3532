//! The server's keys in a backup: sealed (HPKE) to the force's offline recovery key, and nowhere else in it. Whoever takes
//! the file alone can sign no receipt and open nothing that phones sealed to the server.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use beatbook_domain::id::{ForceId, SealKey};
use beatbook_protocol::sync::ForceBundle;
use ed25519_dalek::SigningKey;
use hpke::{Deserializable as _, OpModeR, OpModeS, Serializable as _};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use super::BackupError;
use crate::force::{self, RECOVERY};
use crate::storage::ForceRow;

/// What the keys are sealed for: nothing else that is sealed to the recovery key opens as them.
const INFO: &[u8] = b"beatbook/backup/2 server keys";
/// Bytes of the two secrets, one after the other.
const LENGTH: usize = 64;
/// The columns of the force's row that never stand in a backup, in the order in which they are sealed.
const SECRETS: [&str; 2] = ["receipt_secret", "sealing_secret"];

type Kem = hpke::kem::X25519HkdfSha256;
type Kdf = hpke::kdf::HkdfSha256;
type Aead = hpke::aead::ChaCha20Poly1305;

/// The keys as they stand in a backup.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SealedKeys {
    /// The recovery key that opens them.
    pub recovery_key: SealKey,
    /// Base64.
    pub encapsulated: String,
    /// Base64.
    pub sealed: String,
}

/// What gives a restore the server's keys.
#[derive(Clone, Copy, Debug)]
pub enum KeySource<'a> {
    /// The file of the force's offline recovery key.
    Recovery(&'a Path),
    /// The database that the backup was taken from, to prove it.
    Origin(&'a ForceRow),
    /// Nothing: enough for a backup of before they were sealed.
    None,
}

/// The two secrets.
pub(super) struct ServerKeys(Zeroizing<[u8; LENGTH]>);

impl std::fmt::Debug for ServerKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerKeys(…)")
    }
}

impl ServerKeys {
    pub(super) fn of(row: &ForceRow) -> Self {
        let mut both = Zeroizing::new([0; LENGTH]);
        let (receipt, sealing) = both.split_at_mut(32);
        receipt.copy_from_slice(&row.receipt_secret);
        sealing.copy_from_slice(&row.sealing_secret);
        Self(both)
    }

    /// The secret of a column; none where the column holds none.
    pub(super) fn of_column(&self, column: &str) -> Option<&[u8]> {
        let place = SECRETS.iter().position(|name| *name == column)?;
        self.0.chunks(32).nth(place)
    }

    /// Whether they are the keys that the force's bundle names.
    fn fit(&self, bundle: &ForceBundle) -> bool {
        let (receipt, sealing) = self.0.split_at(32);
        let (Ok(receipt), Ok(sealing)) = (<[u8; 32]>::try_from(receipt), <[u8; 32]>::try_from(sealing))
        else {
            return false;
        };
        let receipt = SigningKey::from_bytes(&receipt).verifying_key().to_bytes();
        let sealing = PublicKey::from(&StaticSecret::from(sealing)).to_bytes();
        receipt == bundle.keys.receipt_key.0 && sealing == bundle.keys.sealing_key.0
    }
}

/// Whether a column holds a secret of the server.
pub(super) fn is_secret(table: &str, column: &str) -> bool {
    table == "force" && SECRETS.contains(&column)
}

/// Seals the keys to the force's recovery key.
pub(super) fn seal(row: &ForceRow, bundle: &ForceBundle) -> Result<SealedKeys, BackupError> {
    let recovery_key = bundle.keys.recovery_key;
    let failed = |_| BackupError::NotSealed;
    let to = <Kem as hpke::Kem>::PublicKey::from_bytes(recovery_key.as_bytes()).map_err(failed)?;
    let keys = ServerKeys::of(row);
    let (encapsulated, sealed) = hpke::single_shot_seal::<Aead, Kdf, Kem>(
        &OpModeS::Base,
        &to,
        INFO,
        keys.0.as_slice(),
        row.force.0.as_bytes(),
    )
    .map_err(failed)?;
    let (encapsulated, sealed) = (BASE64.encode(encapsulated.to_bytes()), BASE64.encode(sealed));
    Ok(SealedKeys { recovery_key, encapsulated, sealed })
}

/// The keys, from what is given, and checked against what the backup says of the force later on ([`check`]).
pub(super) fn open(
    sealed: &SealedKeys,
    force: ForceId,
    from: KeySource<'_>,
    backup: &Path,
) -> Result<ServerKeys, BackupError> {
    let path = match from {
        KeySource::Origin(row) => return Ok(ServerKeys::of(row)),
        KeySource::None => {
            return Err(BackupError::KeyMissing { path: backup.to_owned(), key: sealed.recovery_key });
        }
        KeySource::Recovery(path) => path,
    };
    let secret = force::read_key(path, RECOVERY)?;
    let wrong = || BackupError::OtherKey { path: path.to_owned(), key: sealed.recovery_key };
    if PublicKey::from(&StaticSecret::from(*secret)).to_bytes() != sealed.recovery_key.0 {
        return Err(wrong());
    }
    let damaged =
        || BackupError::NotWhole { path: backup.to_owned(), what: "the server's keys in it are damaged" };
    let bytes = |text: &str| BASE64.decode(text).map_err(|_| damaged());
    let private = <Kem as hpke::Kem>::PrivateKey::from_bytes(secret.as_slice()).map_err(|_| damaged())?;
    let encapsulated =
        <Kem as hpke::Kem>::EncappedKey::from_bytes(&bytes(&sealed.encapsulated)?).map_err(|_| damaged())?;
    let opened = hpke::single_shot_open::<Aead, Kdf, Kem>(
        &OpModeR::Base,
        &private,
        &encapsulated,
        INFO,
        &bytes(&sealed.sealed)?,
        force.0.as_bytes(),
    )
    .map(Zeroizing::new)
    .map_err(|_| damaged())?;
    let keys: [u8; LENGTH] = opened.as_slice().try_into().map_err(|_| damaged())?;
    Ok(ServerKeys(Zeroizing::new(keys)))
}

/// Whether the keys are those that a row of the force names; `columns` are the row's own.
pub(super) fn check(keys: &ServerKeys, row: &[Json], columns: &[String]) -> bool {
    let place = columns.iter().position(|column| column == "bundle");
    let text = place.and_then(|place| row.get(place)).and_then(Json::as_str);
    let bundle = text.and_then(|text| serde_json::from_str::<ForceBundle>(text).ok());
    bundle.is_some_and(|bundle| keys.fit(&bundle))
}
