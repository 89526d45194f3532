//! A body that may be cut off on the way goes on where it broke: how it is named, and how much of it central has.
//!
//! An answer says its own tag in the header [`PART_HEADER`], where it is long enough to be worth going on with.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use beatbook_domain::seal::digest;
use serde::{Deserialize, Serialize};

/// `<tag>.<from>`: the body's tag, and how many bytes of it were sent before.
pub const PART_HEADER: &str = "beatbook-part";
/// `GET` this and the tag: [`PartHeld`].
pub const PART_PATH: &str = "/v1/sync/part/";

/// `GET` this and the tag, signed: the rest of an answer that broke off, a range as HTTP has it.
pub const ANSWER_PATH: &str = "/v1/sync/answer/";

/// The first twelve bytes of the SHA-256 of a body in short form, its signature left out; in base64url 16 letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct PartTag([u8; 12]);

impl PartTag {
    /// Of a body without its signature.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        let whole = digest(body).0;
        Self(std::array::from_fn(|place| whole[place]))
    }
}

impl fmt::Display for PartTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

/// A text that names no part.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not the name of a part")]
pub struct NotAPart;

impl FromStr for PartTag {
    type Err = NotAPart;
    fn from_str(text: &str) -> Result<Self, NotAPart> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotAPart)?;
        bytes.try_into().map(Self).map_err(|_| NotAPart)
    }
}

/// What the header [`PART_HEADER`] says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PartName {
    /// The whole body's tag.
    pub tag: PartTag,
    /// Bytes of it that central has; what follows the signature in this request comes after them.
    pub from: usize,
}

impl fmt::Display for PartName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.tag, self.from)
    }
}

impl FromStr for PartName {
    type Err = NotAPart;
    fn from_str(text: &str) -> Result<Self, NotAPart> {
        let (tag, from) = text.split_once('.').ok_or(NotAPart)?;
        Ok(Self { tag: tag.parse()?, from: from.parse().map_err(|_| NotAPart)? })
    }
}

/// How much of a body central has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartHeld {
    /// Bytes from its beginning; 0 where it has none.
    pub have: usize,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_name_comes_back() {
        let name = PartName { tag: PartTag::of(b"a body"), from: 4_096 };
        assert_eq!(name.to_string().parse::<PartName>().unwrap(), name);
        for bad in ["", "AAAA.1", "AAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAA.-1"] {
            assert!(bad.parse::<PartName>().is_err(), "{bad}");
        }
    }
}
