//! Bodies on the wire: read within limits, decompressed within limits, answered compressed where the other side can.

use std::io::{Read as _, Write as _};

use axum::body::{Body, Bytes};
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use beatbook_protocol::short::CODING;
use beatbook_protocol::sync::{InParts, MAX_PLAIN_BYTES};

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
        Some(b"zstd") => unpack(zstd::stream::read::Decoder::new(&*wire), wire.len()).map(Bytes::from),
        // Every language's own library speaks it.
        Some(b"gzip") => unpack(Ok(flate2::read::MultiGzDecoder::new(&*wire)), wire.len()).map(Bytes::from),
        Some(_) => Err(Failure::Encoding),
    }
}

/// What a body of so many bytes on the wire may become.
pub fn cap(wire: usize) -> usize {
    MAX_PLAIN_BYTES.min(RATIO_FROM.max(wire.saturating_mul(MAX_RATIO)))
}

/// Decompresses zstd within the limits.
pub fn unzstd(wire: &[u8]) -> Result<Vec<u8>, Failure> {
    unpack(zstd::stream::read::Decoder::new(wire), wire.len())
}

fn unpack(decoder: std::io::Result<impl std::io::Read>, wire: usize) -> Result<Vec<u8>, Failure> {
    let cap = cap(wire);
    let unreadable = |_| Failure::BadRequest(words::REQUEST_NOT_COMPRESSED);
    let decoder = decoder.map_err(unreadable)?;
    let mut plain = Vec::new();
    decoder.take(cap as u64 + 1).read_to_end(&mut plain).map_err(unreadable)?;
    match plain.len() > cap {
        true => Err(Failure::TooLarge(words::REQUEST_TOO_LARGE_PLAIN)),
        false => Ok(plain),
    }
}

/// The first coding a request names that replies are compressed with; none where it names neither.
fn accepted(headers: &HeaderMap) -> Option<&'static str> {
    let named = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    named.flat_map(|value| value.split(',')).find_map(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32));
        [ZSTD, GZIP].into_iter().find(|coding| !refused && name.trim() == *coding)
    })
}

const ZSTD: &str = "zstd";
const GZIP: &str = "gzip";

fn gzip(json: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(json)?;
    encoder.finish()
}

/// A JSON reply, compressed with zstd or gzip where the request accepts it. Gives its size on the wire too.
pub fn reply<T: serde::Serialize>(headers: &HeaderMap, value: &T) -> Result<(Response, usize), Failure> {
    let json = serde_json::to_vec(value).map_err(|_| Failure::Internal("a reply could not be written"))?;
    let coding = accepted(headers).filter(|_| json.len() >= COMPRESS_FROM);
    let packed = match coding {
        Some(ZSTD) => zstd::bulk::compress(&json, LEVEL).ok(),
        Some(_) => gzip(&json).ok(),
        None => None,
    };
    let coding = coding.filter(|_| packed.is_some());
    let body = packed.unwrap_or(json);
    let size = body.len();
    let mut response = (StatusCode::OK, body).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(coding) = coding {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    Ok((response, size))
}

/// Whether a request is in the short form.
pub fn is_short(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_ENCODING).is_some_and(|coding| coding == CODING)
}

/// A body in the short form.
pub fn short_reply(packed: Bytes) -> Response {
    let mut response = in_parts(packed).into_response();
    response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(CODING));
    response
}

/// A body that loses little where the link breaks.
pub fn in_parts(bytes: impl Into<Bytes>) -> Body {
    Body::new(InParts::new(bytes))
}

/// The one range of `bytes=from-` or `bytes=from-to`, `to` inclusive, within `whole`; none where there is none.
pub fn range_of(header: &HeaderValue, whole: u64) -> Option<(u64, u64)> {
    let (from, to) = header.to_str().ok()?.strip_prefix("bytes=")?.split_once('-')?;
    let from: u64 = from.parse().ok()?;
    let end = match to {
        "" => whole,
        to => to.parse::<u64>().ok()?.checked_add(1)?.min(whole),
    };
    (from < end).then_some((from, end))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_bomb_is_cut_off_and_text_is_not() {
        let zstd = |wire: &[u8]| unpack(zstd::stream::read::Decoder::new(wire), wire.len());
        let gunzip = |wire: &[u8]| unpack(Ok(flate2::read::MultiGzDecoder::new(wire)), wire.len());
        let bomb = vec![0u8; MAX_PLAIN_BYTES];
        let (zstd_bomb, gzip_bomb) = (zstd::bulk::compress(&bomb, 19).unwrap(), gzip(&bomb).unwrap());
        assert!(zstd_bomb.len() < 8 * 1024 && gzip_bomb.len() < 64 * 1024);
        assert!(matches!(zstd(&zstd_bomb), Err(Failure::TooLarge(_))));
        assert!(matches!(gunzip(&gzip_bomb), Err(Failure::TooLarge(_))));
        let text = "a short body that says little ".repeat(40);
        assert_eq!(zstd(&zstd::bulk::compress(text.as_bytes(), 3).unwrap()).unwrap(), text.as_bytes());
        assert_eq!(gunzip(&gzip(text.as_bytes()).unwrap()).unwrap(), text.as_bytes());
        assert!(matches!(zstd(b"not zstd at all"), Err(Failure::BadRequest(_))));
        assert!(matches!(gunzip(b"not gzip at all"), Err(Failure::BadRequest(_))));
    }

    #[test]
    fn the_first_coding_named_that_is_spoken_here_is_taken() {
        let of = |value: &'static str| {
            accepted(&HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))]))
        };
        assert_eq!(of("gzip, deflate, br, zstd"), Some(GZIP));
        assert_eq!(of("br, zstd;q=0.9, gzip"), Some(ZSTD));
        assert_eq!(of("gzip;q=0, zstd"), Some(ZSTD));
        assert_eq!(of("identity"), None);
    }

    #[test]
    fn one_range_is_read_and_nothing_else() {
        let range = |text: &'static str| range_of(&HeaderValue::from_static(text), 100);
        assert_eq!(range("bytes=0-"), Some((0, 100)));
        assert_eq!(range("bytes=40-59"), Some((40, 60)));
        assert_eq!(range("bytes=40-400"), Some((40, 100)));
        for bad in ["bytes=100-", "bytes=9-3", "bytes=-5", "items=0-", "bytes=0-1,3-4", "bytes=x-"] {
            assert_eq!(range(bad), None, "{bad}");
        }
        assert_eq!(range_of(&HeaderValue::from_static("bytes=0-18446744073709551615"), 100), None);
    }
}
