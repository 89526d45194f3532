//! The short form of `POST /v1/sync`, coding `beatbook-1`: the same request and reply in a fraction of the bytes.
//!
//! Nothing is said that the other side knows: ids of the profile and of the revision before become one letter
//! ([`names`]), a manifest that goes on from central's end is rebuilt and not sent ([`request`]), receipts in the order
//! of sending are positions only ([`reply`]), what does not compress travels as the bytes it is ([`pieces`]), and what is
//! left is compressed with a dictionary of invented records ([`frame`]). What is rebuilt is what was signed: a mistake cannot pass, it only costs one more request, spelled out as
//! plain JSON. Whoever does not want any of this never meets it.

mod frame;
mod known;
mod names;
mod pieces;
mod reply;
mod request;
#[cfg(test)]
mod tests;

pub use frame::{DICTIONARY, Effort, sample};
pub use known::{Base, BaseName, Envelope, Held, Known, MOST_BASES};
pub use reply::{pack as pack_reply, unpack as unpack_reply};
pub use request::{pack as pack_request, unpack as unpack_request};

/// The coding's name in `content-encoding`, of request and reply.
pub const CODING: &str = "beatbook-1";

/// Why something has no short form, or a short form cannot be read. Either way it is spelled out instead.
#[derive(Debug, thiserror::Error)]
pub enum ShortError {
    /// It says something the short form has no words for.
    #[error("this has no short form")]
    NoShortForm,
    /// The bytes are not a short form.
    #[error("this is not a short form")]
    NotShort,
    /// It becomes larger than the limit once it is unpacked.
    #[error("this becomes larger than the limit")]
    TooLarge,
    /// JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// zstd, which means no memory or not zstd.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}
