//! Files that a device makes, sealed to the force: whoever holds the device, the stick or the mail cannot read them.
//!
//! Format `beatbook/export/1`: one line of JSON (who may open it, what it is marked, nothing of what it says), then the
//! ciphertext. The key is drawn for this one file and sealed (HPKE) to each key of the force: central's, and the offline
//! recovery key. The line is bound to the ciphertext: a changed marking does not open.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use beatbook_domain::id::{Digest, ForceId, SealKey};
use beatbook_domain::seal::digest;
use beatbook_domain::time::Millis;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hpke::{Deserializable as _, OpModeR, OpModeS, Serializable as _};
use serde::{Deserialize, Serialize};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

/// Name and version of the format.
pub const FORMAT: &str = "beatbook/export/1";
const INFO: &[u8] = b"beatbook/export/1 key";
/// The ending of a sealed file.
pub const ENDING: &str = "sealed";

type Kem = hpke::kem::X25519HkdfSha256;
type Kdf = hpke::kdf::HkdfSha256;
type Aead = hpke::aead::ChaCha20Poly1305;

/// Why a file was not sealed, or not opened.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SealedError {
    /// No randomness.
    #[error("this device gave no random number: nothing was exported. Try again.")]
    Random,
    /// A key of the force that cannot be sealed to.
    #[error("the force's key cannot be used: nothing was exported. Send once, then try again.")]
    Key,
    /// Not such a file, or damaged.
    #[error("this is no sealed export of Beatbook, or it is damaged: ask for the file again")]
    Damaged,
    /// A later format.
    #[error("the file is of format {0}: update beatbook-central")]
    Newer(String),
    /// Sealed to other keys.
    #[error("the file is sealed to other keys ({0}): open it at the force it was made for")]
    OtherKey(String),
}

/// What stands before the ciphertext, readable by anybody.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Cover {
    /// [`FORMAT`].
    pub format: String,
    /// The force that can open it.
    pub force: ForceId,
    /// Marking of what is inside.
    pub marking: String,
    /// When it was made.
    pub made_at: Millis,
    /// Who may open it.
    pub to: Vec<Recipient>,
}

/// A key of the force, and the file's key sealed to it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Recipient {
    /// The public key.
    pub key: SealKey,
    /// Hex.
    pub encapsulated: String,
    /// Hex.
    pub sealed: String,
}

/// A file inside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inside {
    /// Its name, marking included.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Packed {
    name: String,
    sha256: Digest,
    bytes: String,
}

/// Seals files to keys of the force.
///
/// # Errors
/// [`SealedError::Random`], [`SealedError::Key`].
pub fn seal(
    files: &[Inside],
    marking: &str,
    force: ForceId,
    keys: &[SealKey],
    made_at: Millis,
) -> Result<Vec<u8>, SealedError> {
    let mut key = Zeroizing::new([0_u8; 32]);
    getrandom::fill(key.as_mut_slice()).map_err(|_| SealedError::Random)?;
    let to = keys.iter().map(|public| recipient(public, &key, force)).collect::<Result<Vec<_>, _>>()?;
    if to.is_empty() {
        return Err(SealedError::Key);
    }
    let cover = Cover { format: FORMAT.to_owned(), force, marking: marking.to_owned(), made_at, to };
    let packed: Vec<Packed> = files
        .iter()
        .map(|file| Packed {
            name: file.name.clone(),
            sha256: digest(&file.bytes),
            bytes: BASE64.encode(&file.bytes),
        })
        .collect();
    let plain = Zeroizing::new(serde_json::to_vec(&packed).map_err(|_| SealedError::Damaged)?);
    let mut line = serde_json::to_vec(&cover).map_err(|_| SealedError::Damaged)?;
    // The key serves this file alone, so its nonce may be fixed.
    let sealed = ChaCha20Poly1305::new(&Key::from(*key))
        .encrypt(&Nonce::default(), Payload { msg: &plain, aad: &line })
        .map_err(|_| SealedError::Key)?;
    line.push(b'\n');
    line.extend(sealed);
    Ok(line)
}

fn recipient(public: &SealKey, key: &[u8; 32], force: ForceId) -> Result<Recipient, SealedError> {
    let failed = |_| SealedError::Key;
    let to = <Kem as hpke::Kem>::PublicKey::from_bytes(public.as_bytes()).map_err(failed)?;
    let (encapsulated, sealed) =
        hpke::single_shot_seal::<Aead, Kdf, Kem>(&OpModeS::Base, &to, INFO, key, force.0.as_bytes())
            .map_err(failed)?;
    Ok(Recipient {
        key: *public,
        encapsulated: hex::encode(encapsulated.to_bytes()),
        sealed: hex::encode(sealed),
    })
}

/// Reads the line before the ciphertext.
///
/// # Errors
/// [`SealedError::Damaged`], [`SealedError::Newer`].
pub fn cover(bytes: &[u8]) -> Result<Cover, SealedError> {
    let (cover, ..) = parts(bytes)?;
    Ok(cover)
}

/// The line, read and as it stands, and the ciphertext.
fn parts(bytes: &[u8]) -> Result<(Cover, &[u8], &[u8]), SealedError> {
    let end = bytes.iter().position(|byte| *byte == b'\n').ok_or(SealedError::Damaged)?;
    let (line, rest) = bytes.split_at(end);
    let cover: Cover = serde_json::from_slice(line).map_err(|_| SealedError::Damaged)?;
    if cover.format != FORMAT {
        return Err(SealedError::Newer(cover.format));
    }
    Ok((cover, line, rest.get(1..).unwrap_or_default()))
}

/// Opens a sealed file with one of the force's secrets.
///
/// # Errors
/// [`SealedError`], which says nothing of what is inside.
pub fn open(bytes: &[u8], secret: &[u8; 32]) -> Result<Vec<Inside>, SealedError> {
    let (cover, line, sealed) = parts(bytes)?;
    let own = SealKey(PublicKey::from(&StaticSecret::from(*secret)).to_bytes());
    let Some(to) = cover.to.iter().find(|to| to.key == own) else {
        let keys: Vec<String> = cover.to.iter().map(|to| to.key.to_string()).collect();
        return Err(SealedError::OtherKey(keys.join(", ")));
    };
    let damaged = |_| SealedError::Damaged;
    let hex = |text: &str| hex::decode(text).map_err(|_| SealedError::Damaged);
    let private = <Kem as hpke::Kem>::PrivateKey::from_bytes(secret).map_err(damaged)?;
    let encapsulated =
        <Kem as hpke::Kem>::EncappedKey::from_bytes(&hex(&to.encapsulated)?).map_err(damaged)?;
    let key = hpke::single_shot_open::<Aead, Kdf, Kem>(
        &OpModeR::Base,
        &private,
        &encapsulated,
        INFO,
        &hex(&to.sealed)?,
        cover.force.0.as_bytes(),
    )
    .map(Zeroizing::new)
    .map_err(damaged)?;
    let key: [u8; 32] = key.as_slice().try_into().map_err(|_| SealedError::Damaged)?;
    let key = Zeroizing::new(key);
    let plain = ChaCha20Poly1305::new(&Key::from(*key))
        .decrypt(&Nonce::default(), Payload { msg: sealed, aad: line })
        .map(Zeroizing::new)
        .map_err(|_| SealedError::Damaged)?;
    let packed: Vec<Packed> = serde_json::from_slice(&plain).map_err(|_| SealedError::Damaged)?;
    packed
        .into_iter()
        .map(|file| {
            let bytes = BASE64.decode(&file.bytes).map_err(|_| SealedError::Damaged)?;
            // A name is a name: never a way out of the folder it is written to.
            let plain_name = !file.name.is_empty() && !file.name.contains(['/', '\\']) && file.name != "..";
            (plain_name && digest(&bytes) == file.sha256)
                .then_some(Inside { name: file.name, bytes })
                .ok_or(SealedError::Damaged)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn pair(seed: u8) -> ([u8; 32], SealKey) {
        let secret = [seed; 32];
        (secret, SealKey(PublicKey::from(&StaticSecret::from(secret)).to_bytes()))
    }

    #[test]
    fn each_key_of_the_force_opens_it_and_nobody_else() {
        let ((central, sealing), (offline, recovery), (stranger, _)) = (pair(1), pair(2), pair(3));
        let files = vec![
            Inside { name: "OFFICIAL shift.csv".into(), bytes: b"engagements,28".to_vec() },
            Inside { name: "OFFICIAL shift.pdf".into(), bytes: vec![0, 1, 2, 255] },
        ];
        let force = ForceId(uuid::Uuid::from_u128(7));
        let sealed = seal(&files, "OFFICIAL", force, &[sealing, recovery], Millis(5)).unwrap();
        assert!(!sealed.windows(11).any(|part| part == b"engagements"), "nothing is readable");
        assert_eq!(open(&sealed, &central), Ok(files.clone()));
        assert_eq!(open(&sealed, &offline), Ok(files.clone()));
        assert!(matches!(open(&sealed, &stranger), Err(SealedError::OtherKey(_))));
        assert_eq!(cover(&sealed).unwrap().marking, "OFFICIAL");
        for at in [10, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(open(&changed, &central).is_err(), "byte {at}");
        }
        let marked = String::from_utf8_lossy(&sealed).replacen("OFFICIAL", "officiAL", 1).into_bytes();
        assert!(open(&marked, &central).is_err(), "the marking is bound to what is inside");
        let again = seal(&files, "OFFICIAL", force, &[sealing], Millis(5)).unwrap();
        assert_ne!(again, sealed);
        let out = vec![Inside { name: "../up.csv".into(), bytes: vec![] }];
        let sealed = seal(&out, "OFFICIAL", force, &[sealing], Millis(5)).unwrap();
        assert_eq!(open(&sealed, &central), Err(SealedError::Damaged));
    }
}
