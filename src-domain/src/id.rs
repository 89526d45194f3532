//! Identifiers: one newtype per thing, so that a shift can never be passed where an entry is meant.
//!
//! UUIDs are minted outside (this crate has no randomness); links and hashes are 32 bytes shown as hex.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::described;

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The 16 bytes, as stored in a BLOB column.
            pub fn as_bytes(&self) -> &[u8; 16] { self.0.as_bytes() }
            /// From the 16 bytes of a BLOB column.
            pub fn from_bytes(bytes: [u8; 16]) -> Self { Self(Uuid::from_bytes(bytes)) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{}({})", stringify!($name), self.0) }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> { Uuid::parse_str(s).map(Self) }
        }
        described!($name => crate::openapi::text(Some(utoipa::openapi::KnownFormat::Uuid), None));
    )+};
}

uuid_id! {
    /// An entry: every revision of one record shares it. UUIDv7, minted when the draft opens.
    EntryId,
    /// A chain of revisions: minted with each profile database (records and log have one each).
    ChainId,
    /// An officer. The collar number shown on screen comes from the roster.
    OfficerId,
    /// A device (phone or station computer), one per installation.
    DeviceId,
    /// A unit: a call sign on one night; crews join it.
    UnitId,
    /// A seed: the secret from which one chain's salts of one UTC day are derived.
    SeedId,
    /// A team, the scope in which a sergeant reads.
    TeamId,
    /// A police force (tenant of one central endpoint).
    ForceId,
    /// An epoch of central: new at initialisation and at every restore.
    EpochId,
}

macro_rules! bytes_id {
    ($($(#[$doc:meta])* $name:ident = $len:literal),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// The raw bytes.
            pub fn as_bytes(&self) -> &[u8; $len] { &self.0 }
            /// From a slice of exactly the right length.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> { bytes.try_into().ok().map(Self) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{}({})", stringify!($name), hex::encode(self.0)) }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&hex::encode(self.0)) }
        }
        impl FromStr for $name {
            type Err = hex::FromHexError;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                let mut out = [0u8; $len];
                hex::decode_to_slice(s, &mut out)?;
                Ok(Self(out))
            }
        }
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_str(&hex::encode(self.0)) }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
        described!($name => crate::openapi::hex($len));
    )+};
}

bytes_id! {
    /// The identity of a revision: the hash that ties it to everything before it in its chain.
    Link = 32,
    /// A SHA-256 digest.
    Digest = 32,
    /// A commitment to a body: SHA-256(salt ‖ body).
    Commit = 32,
    /// The salt of one revision, deleted with its body when that is erased.
    Salt = 32,
    /// An Ed25519 public key.
    VerifyKey = 32,
    /// An X25519 public key (sealing).
    SealKey = 32,
    /// An Ed25519 signature.
    Signature = 64,
}

impl Link {
    /// The link before the first revision of every chain.
    pub const GENESIS: Link = Link([0; 32]);

    /// The short code a person can read out: the first 40 bits in Crockford's alphabet, `7K2F-93QX`.
    pub fn short_code(&self) -> String {
        let code = crockford(&self.0[..5]);
        format!("{}-{}", &code[..4], &code[4..])
    }
}

/// Crockford base-32 of `bytes` (5 bits a character, no padding): letters that are hard to confuse.
pub fn crockford(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut out = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut buffer, mut bits) = (0u32, 0u32);
    for byte in bytes {
        buffer = (buffer << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(char::from(ALPHABET[((buffer >> bits) & 31) as usize]));
        }
        buffer &= (1 << bits) - 1;
    }
    if bits > 0 {
        out.push(char::from(ALPHABET[((buffer << (5 - bits)) & 31) as usize]));
    }
    out
}

/// Typed code as a person may enter it (case, spaces, dashes, O for 0, I and L for 1) in its plain form.
pub fn crockford_clean(typed: &str) -> String {
    typed
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        })
        .collect()
}

/// A code from a code list, an area code or another short label that is data, not prose.
#[derive(Default, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Code(String);

described!(Code => crate::openapi::text(None, None));

impl Code {
    /// Any text is accepted: whether a list knows it is asked of the list.
    pub fn new(code: impl Into<String>) -> Self {
        Self(code.into())
    }
    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Code {
    fn from(code: String) -> Self {
        Self(code)
    }
}
impl From<&str> for Code {
    fn from(code: &str) -> Self {
        Self(code.to_owned())
    }
}
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl PartialEq<str> for Code {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}
impl PartialEq<&str> for Code {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crockford_round_numbers() {
        assert_eq!(crockford(&[0, 0, 0, 0, 0]), "00000000");
        assert_eq!(crockford(&[0xff; 5]), "ZZZZZZZZ");
        assert_eq!(crockford_clean("7k2f-93qx o il"), "7K2F93QX011");
    }

    #[test]
    fn links_travel_as_hex() {
        let link = Link([7; 32]);
        let text = serde_json::to_string(&link).unwrap();
        assert_eq!(text, format!("\"{}\"", "07".repeat(32)));
        assert_eq!(serde_json::from_str::<Link>(&text).unwrap(), link);
        assert!(serde_json::from_str::<Link>("\"07\"").is_err());
    }
}
