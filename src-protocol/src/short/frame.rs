//! zstd with the dictionary of protocol version 1. It belongs to the coding: another dictionary is another coding.

use std::io::Read as _;
use std::sync::LazyLock;

use zstd::bulk::Compressor;
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::stream::raw::CParameter;

use super::ShortError;
use super::pieces::{self, From};

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

/// Length of the pieces (four bytes big-endian would be three too many: seven bits a byte, the lowest first), the pieces,
/// and what is left of the text as a zstd frame.
pub(super) fn pack(plain: &[u8], from: From, effort: Effort) -> Result<Vec<u8>, ShortError> {
    let (plain, pieces) = pieces::split(plain, from);
    let dictionary = if effort == Effort::Small || plain.len() <= ALWAYS_SMALL { &SMALL } else { &QUICK };
    let mut compressor = Compressor::with_prepared_dictionary(dictionary)?;
    // The coding's name says which dictionary, and the reader has a limit of its own.
    compressor.set_parameter(CParameter::DictIdFlag(false))?;
    compressor.set_parameter(CParameter::ContentSizeFlag(false))?;
    compressor.set_parameter(CParameter::ChecksumFlag(false))?;
    let mut packed = Vec::new();
    let mut length = pieces.len();
    while length >= 0x80 {
        packed.push(length.to_le_bytes()[0] | 0x80);
        length >>= 7;
    }
    packed.push(length.to_le_bytes()[0]);
    packed.extend(pieces);
    packed.extend(magicless(compressor.compress(&plain)?)?);
    Ok(packed)
}

/// The four bytes every zstd frame begins with say nothing here.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

fn magicless(frame: Vec<u8>) -> Result<Vec<u8>, ShortError> {
    frame.strip_prefix(&MAGIC).map(<[u8]>::to_vec).ok_or(ShortError::NoShortForm)
}

/// Pieces and frame.
fn parts(packed: &[u8]) -> Result<(&[u8], &[u8]), ShortError> {
    let (mut length, mut rest) = (0_usize, packed);
    for place in 0..4 {
        let (byte, after) = rest.split_first().ok_or(ShortError::NotShort)?;
        length |= usize::from(byte & 0x7f) << (7 * place);
        rest = after;
        if byte & 0x80 == 0 {
            return rest.split_at_checked(length).ok_or(ShortError::NotShort);
        }
    }
    Err(ShortError::NotShort)
}

/// The text a frame holds, ids and pieces still taken out: what a dictionary is trained from.
///
/// # Errors
/// [`ShortError::NotShort`] and [`ShortError::TooLarge`].
pub fn sample(packed: &[u8], limit: usize) -> Result<Vec<u8>, ShortError> {
    inflate(parts(packed)?.1, limit)
}

pub(super) fn unpack(packed: &[u8], from: From, limit: usize) -> Result<Vec<u8>, ShortError> {
    let (pieces, frame) = parts(packed)?;
    pieces::join(&inflate(frame, limit)?, pieces, from, limit)
}

fn inflate(frame: &[u8], limit: usize) -> Result<Vec<u8>, ShortError> {
    let packed = std::io::Read::chain(&MAGIC[..], frame);
    let packed = std::io::BufReader::new(packed);
    let mut plain = Vec::new();
    let decoder = zstd::stream::read::Decoder::with_prepared_dictionary(packed, &READ)?;
    decoder.take(limit as u64 + 1).read_to_end(&mut plain).map_err(|_| ShortError::NotShort)?;
    if plain.len() > limit { Err(ShortError::TooLarge) } else { Ok(plain) }
}
