//! Bytes sealed to a public key: HPKE base mode (X25519, HKDF-SHA256, ChaCha20-Poly1305), the encapsulated key first.

use beatbook_domain::id::SealKey;
use hpke::{Deserializable as _, OpModeR, OpModeS, Serializable as _};
use zeroize::Zeroizing;

type Kem = hpke::kem::X25519HkdfSha256;
type Kdf = hpke::kdf::HkdfSha256;
type Aead = hpke::aead::ChaCha20Poly1305;

/// Length of an encapsulated X25519 key, bytes.
const ENCAPSULATED: usize = 32;

/// Key and ciphertext do not fit, or what it was bound to differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this was not sealed to this key")]
pub struct NotSealed;

/// Seals bytes to a key: `info` says what for, `bound` to what else they belong.
///
/// # Errors
/// [`NotSealed`] where the key is none.
pub fn seal(to: &SealKey, info: &[u8], bound: &[u8], plain: &[u8]) -> Result<Vec<u8>, NotSealed> {
    let public = <Kem as hpke::Kem>::PublicKey::from_bytes(to.as_bytes()).map_err(|_| NotSealed)?;
    let (encapsulated, sealed) =
        hpke::single_shot_seal::<Aead, Kdf, Kem>(&OpModeS::Base, &public, info, plain, bound)
            .map_err(|_| NotSealed)?;
    let mut bytes = encapsulated.to_bytes().to_vec();
    bytes.extend(sealed);
    Ok(bytes)
}

/// Opens what was sealed; wiped when dropped.
///
/// # Errors
/// [`NotSealed`].
pub fn open(
    secret: &[u8; 32],
    info: &[u8],
    bound: &[u8],
    bytes: &[u8],
) -> Result<Zeroizing<Vec<u8>>, NotSealed> {
    let (encapsulated, sealed) = bytes.split_at_checked(ENCAPSULATED).ok_or(NotSealed)?;
    let secret = <Kem as hpke::Kem>::PrivateKey::from_bytes(secret).map_err(|_| NotSealed)?;
    let encapsulated = <Kem as hpke::Kem>::EncappedKey::from_bytes(encapsulated).map_err(|_| NotSealed)?;
    hpke::single_shot_open::<Aead, Kdf, Kem>(&OpModeR::Base, &secret, &encapsulated, info, sealed, bound)
        .map(Zeroizing::new)
        .map_err(|_| NotSealed)
}
