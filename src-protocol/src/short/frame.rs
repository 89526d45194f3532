//! zstd with the dictionary of protocol version 1. It belongs to the coding: another dictionary is another coding.

use std::io::Read as _;
use std::sync::LazyLock;

use zstd::bulk::Compressor;
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::stream::raw::CParameter;

use super::ShortError;

/// Trained by `beatbook-measure dictionary` from requests and replies about invented records.
pub const DICTIONARY: &[u8] = include_bytes!("../../dictionary/beatbook-1.zdict");

/// What a byte on this link is worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Effort {
    /// Microseconds a record: Wi-Fi, loopback.
    #[default]
    Quick,
    /// Half a millisecond a record, a tenth fewer bytes: a weak link, or a few records.
    Small,
}

const QUICK_LEVEL: i32 = 3;
const SMALL_LEVEL: i32 = 19;
/// Below this many bytes the smallest form costs next to nothing.
const ALWAYS_SMALL: usize = 8 * 1024;

static QUICK: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, QUICK_LEVEL));
static SMALL: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, SMALL_LEVEL));
static READ: LazyLock<DecoderDictionary<'static>> = LazyLock::new(|| DecoderDictionary::copy(DICTIONARY));

pub(super) fn pack(plain: &[u8], effort: Effort) -> Result<Vec<u8>, ShortError> {
    let dictionary = if effort == Effort::Small || plain.len() <= ALWAYS_SMALL { &SMALL } else { &QUICK };
    let mut compressor = Compressor::with_prepared_dictionary(dictionary)?;
    // The coding's name says which dictionary, and the reader has a limit of its own.
    compressor.set_parameter(CParameter::DictIdFlag(false))?;
    compressor.set_parameter(CParameter::ContentSizeFlag(false))?;
    compressor.set_parameter(CParameter::ChecksumFlag(false))?;
    Ok(compressor.compress(plain)?)
}

/// The text a frame holds, ids still shortened: what a dictionary is trained from.
///
/// # Errors
/// [`ShortError::NotShort`] and [`ShortError::TooLarge`].
pub fn sample(packed: &[u8], limit: usize) -> Result<Vec<u8>, ShortError> {
    unpack(packed, limit)
}

pub(super) fn unpack(packed: &[u8], limit: usize) -> Result<Vec<u8>, ShortError> {
    let mut plain = Vec::new();
    let decoder = zstd::stream::read::Decoder::with_prepared_dictionary(packed, &READ)?;
    decoder.take(limit as u64 + 1).read_to_end(&mut plain).map_err(|_| ShortError::NotShort)?;
    if plain.len() > limit { Err(ShortError::TooLarge) } else { Ok(plain) }
}
