//! Bodies on the wire: read within limits, decompressed within limits, answered compressed where the other side can.

use std::io::Read as _;

use axum::body::{Body, Bytes};
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use beatbook_protocol::short::CODING;
use beatbook_protocol::sync::MAX_PLAIN_BYTES;

use super::failure::Failure;
use crate::words;

/// How many times larger than on the wire a body may become. Text compresses tenfold, rarely fiftyfold.
const MAX_RATIO: usize = 100;
/// Below this many plain bytes the ratio is not asked: a few words compress by any factor.
const RATIO_FROM: usize = 256 * 1024;
/// Replies shorter than this go as they are.
const COMPRESS_FROM: usize = 512;
/// zstd level of replies: quick, and nearly as small as any for a few records.
const LEVEL: i32 = 3;

/// Reads a body as it is on the wire, at most `limit` bytes.
pub async fn read(body: Body, limit: usize) -> Result<Bytes, Failure> {
    axum::body::to_bytes(body, limit).await.map_err(|error| {
        // The only two ends of an unread body: over the limit, or the connection was cut.
        let over = std::error::Error::source(&error)
            .is_some_and(|source| source.to_string().contains("length limit"));
        match over {
            true => Failure::TooLarge(words::REQUEST_TOO_LARGE),
            false => Failure::CutOff,
        }
    })
}

/// The plain bytes of a body, by its content encoding. Call only after its signature was verified.
pub fn plain(headers: &HeaderMap, wire: Bytes) -> Result<Bytes, Failure> {
    match headers.get(CONTENT_ENCODING).map(HeaderValue::as_bytes) {
        None | Some(b"identity") => Ok(wire),
        Some(b"zstd") => unpack(&wire).map(Bytes::from),
        Some(_) => Err(Failure::Encoding),
    }
}

/// What a body of so many bytes on the wire may become.
pub fn cap(wire: usize) -> usize {
    MAX_PLAIN_BYTES.min(RATIO_FROM.max(wire.saturating_mul(MAX_RATIO)))
}

/// Decompresses within the limits.
pub fn unpack(wire: &[u8]) -> Result<Vec<u8>, Failure> {
    let cap = cap(wire.len());
    let unreadable = |_| Failure::BadRequest(words::REQUEST_NOT_COMPRESSED);
    let decoder = zstd::stream::read::Decoder::new(wire).map_err(unreadable)?;
    let mut plain = Vec::new();
    decoder.take(cap as u64 + 1).read_to_end(&mut plain).map_err(unreadable)?;
    match plain.len() > cap {
        true => Err(Failure::TooLarge(words::REQUEST_TOO_LARGE_PLAIN)),
        false => Ok(plain),
    }
}

/// A JSON reply, compressed with zstd where the request accepts it. Gives its size on the wire too.
pub fn reply<T: serde::Serialize>(headers: &HeaderMap, value: &T) -> Result<(Response, usize), Failure> {
    let json = serde_json::to_vec(value).map_err(|_| Failure::Internal("a reply could not be written"))?;
    let accepts = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let accepts = accepts.flat_map(|value| value.split(',')).any(|one| one.trim().starts_with("zstd"));
    let packed = match accepts && json.len() >= COMPRESS_FROM {
        true => zstd::bulk::compress(&json, LEVEL).ok(),
        false => None,
    };
    let is_packed = packed.is_some();
    let body = packed.unwrap_or(json);
    let size = body.len();
    let mut response = (StatusCode::OK, body).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if is_packed {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("zstd"));
    }
    Ok((response, size))
}

/// Whether a request is in the short form.
pub fn is_short(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_ENCODING).is_some_and(|coding| coding == CODING)
}

/// A reply in the short form, and its size.
pub fn short_reply(packed: Vec<u8>) -> (Response, usize) {
    let size = packed.len();
    let mut response = (StatusCode::OK, Body::from(packed)).into_response();
    response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(CODING));
    (response, size)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_bomb_is_cut_off_and_text_is_not() {
        let bomb = zstd::bulk::compress(&vec![0u8; MAX_PLAIN_BYTES], 19).unwrap();
        assert!(bomb.len() < 8 * 1024, "{}", bomb.len());
        assert!(matches!(unpack(&bomb), Err(Failure::TooLarge(_))));
        let text = "a short body that says little ".repeat(40);
        assert_eq!(unpack(&zstd::bulk::compress(text.as_bytes(), 3).unwrap()).unwrap(), text.as_bytes());
        assert!(matches!(unpack(b"not zstd at all"), Err(Failure::BadRequest(_))));
    }
}
