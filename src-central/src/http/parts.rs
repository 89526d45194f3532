//! Requests that were cut off on the way: what came is kept for a few minutes, so that the device sends only the rest.
//!
//! Answers are kept the same way: a device whose link broke while one came asks for the rest of it.
//!
//! A part is named by a hash of the whole body, so nothing can be put in its place: what is put together and does not
//! hash to its name is thrown away. It is in memory only, bounded, and worth nothing without the device's signature.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::header::{CONTENT_RANGE, RANGE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use beatbook_domain::id::DeviceId;
use beatbook_protocol::sync::{PART_HEADER, PartHeld, PartName, PartTag, SIGNATURE_BYTES};
use http_body_util::BodyExt as _;

use super::failure::Failure;
use super::{App, auth, wire};
use crate::openapi::{DeviceFailures, OpenFailures};
use crate::words;

/// How long a part waits for the rest.
const KEPT_FOR: Duration = Duration::from_secs(5 * 60);
/// Most bytes of one body that are kept.
const LARGEST: usize = 512 * 1024;
/// Most bytes of all of them; the oldest goes first.
const MOST_BYTES: usize = 32 * 1024 * 1024;

#[derive(Debug, Default)]
struct Kept {
    by_tag: HashMap<PartTag, (Instant, Vec<u8>)>,
    bytes: usize,
}

impl Kept {
    fn forget(&mut self, tag: PartTag) {
        if let Some((_, bytes)) = self.by_tag.remove(&tag) {
            self.bytes -= bytes.len();
        }
    }

    fn keep(&mut self, tag: PartTag, bytes: Vec<u8>, now: Instant) {
        self.forget(tag);
        if bytes.is_empty() || bytes.len() > LARGEST {
            return;
        }
        let old: Vec<PartTag> = self
            .by_tag
            .iter()
            .filter(|(_, (since, _))| now.duration_since(*since) > KEPT_FOR)
            .map(|(tag, _)| *tag)
            .collect();
        for tag in old {
            self.forget(tag);
        }
        while self.bytes + bytes.len() > MOST_BYTES {
            let Some(oldest) = self.by_tag.iter().min_by_key(|(_, (since, _))| *since) else { break };
            let oldest = *oldest.0;
            self.forget(oldest);
        }
        self.bytes += bytes.len();
        self.by_tag.insert(tag, (now, bytes));
    }

    /// Keeps what has come of a body so far, where that is more than was known of it.
    fn grow(&mut self, tag: PartTag, body: &[u8], now: Instant) {
        if body.len() <= self.held(tag, now).map_or(0, <[u8]>::len) {
            return;
        }
        match self.by_tag.get_mut(&tag) {
            Some((since, bytes)) if body.len() <= LARGEST && self.bytes + body.len() <= MOST_BYTES => {
                let before = bytes.len();
                bytes.extend_from_slice(&body[before.min(body.len())..]);
                (*since, self.bytes) = (now, self.bytes + bytes.len() - before);
            }
            _ => self.keep(tag, body.to_vec(), now),
        }
    }

    fn held(&self, tag: PartTag, now: Instant) -> Option<&[u8]> {
        let (since, bytes) = self.by_tag.get(&tag)?;
        (now.duration_since(*since) <= KEPT_FOR).then_some(bytes)
    }
}

/// The parts kept by one process.
#[derive(Clone, Debug, Default)]
pub struct Parts(Arc<Mutex<Kept>>);

/// A body while it comes in. What has come is kept at once: whoever was cut off asks again before this side has noticed.
struct Gathering {
    tag: PartTag,
    signature: Vec<u8>,
    /// Bytes of an earlier try, and what came after them.
    body: Vec<u8>,
}

impl Gathering {
    fn takes(&mut self, data: &[u8]) {
        let missing = SIGNATURE_BYTES - self.signature.len();
        let (signature, body) = data.split_at(missing.min(data.len()));
        self.signature.extend_from_slice(signature);
        self.body.extend_from_slice(body);
    }
}

impl Parts {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The name of a body that may be cut off, where the request gives one.
    pub fn named(headers: &HeaderMap) -> Result<Option<PartName>, Failure> {
        let Some(value) = headers.get(PART_HEADER) else { return Ok(None) };
        let name = value.to_str().ok().and_then(|text| text.parse().ok());
        name.map(Some).ok_or(Failure::BadRequest(words::REQUEST_UNREADABLE))
    }

    /// Reads a body that goes on from a part: the signature and the whole of it, as if it had come at once.
    pub async fn read(&self, name: PartName, mut body: Body, limit: usize) -> Result<Bytes, Failure> {
        let before = match name.from {
            0 => Vec::new(),
            from => {
                let held = self
                    .kept()
                    .held(name.tag, Instant::now())
                    .and_then(|bytes| bytes.get(..from))
                    .map(<[u8]>::to_vec);
                held.ok_or(Failure::NoPart)?
            }
        };
        let mut gathering = Gathering { tag: name.tag, signature: Vec::new(), body: before };
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else { return Err(Failure::CutOff) };
            let Ok(data) = frame.into_data() else { continue };
            if gathering.body.len() + data.len() > limit {
                return Err(Failure::TooLarge(words::REQUEST_TOO_LARGE));
            }
            gathering.takes(&data);
            self.kept().grow(gathering.tag, &gathering.body, Instant::now());
        }
        let Gathering { signature: mut whole, body, .. } = gathering;
        if whole.len() < SIGNATURE_BYTES {
            return Err(Failure::Unauthorised);
        }
        if PartTag::of(&body) != name.tag {
            self.kept().forget(name.tag);
            return Err(Failure::NoPart);
        }
        // It stays for a while: its answer may be lost, or its challenge too old. Then the signature alone is sent again.
        whole.extend_from_slice(&body);
        Ok(Bytes::from(whole))
    }
}

/// An answer from so many bytes on says its tag and is kept: a shorter one is as soon sent again.
const ANSWER_FROM: usize = 2 * 1024;

/// The name under which an answer is kept: another device that knows its tag has another.
fn answer_of(device: DeviceId, tag: PartTag) -> PartTag {
    PartTag::of(format!("{device} {tag}").as_bytes())
}

/// An answer in short form; a long one is kept for a while, and says how it is called.
pub fn answer(app: &App, device: DeviceId, packed: Vec<u8>) -> Response {
    let packed = Bytes::from(packed);
    let mut response = wire::short_reply(packed.clone());
    if packed.len() >= ANSWER_FROM {
        let tag = PartTag::of(&packed);
        app.answers.kept().keep(answer_of(device, tag), packed.to_vec(), Instant::now());
        if let Ok(tag) = HeaderValue::from_str(&tag.to_string()) {
            response.headers_mut().insert(PART_HEADER, tag);
        }
    }
    response
}

/// The rest of an answer that broke off on its way to this device.
#[utoipa::path(
    get, path = "/v1/sync/answer/{tag}", operation_id = "answer", tag = "devices", security(("device" = [])),
    params(
        ("tag" = String, Path, description = "Of the answer: see “An answer that breaks off goes on”"),
        ("range" = String, Header, description = "`bytes=a-b`: one range")
    ),
    responses(
        (status = 206, content_type = "application/octet-stream", description = "The range"),
        DeviceFailures
    )
)]
pub async fn rest(
    State(app): State<Arc<App>>,
    Path(tag): Path<String>,
    request: Request,
) -> Result<Response, Failure> {
    let (parts, _) = request.into_parts();
    let asker = auth::device(&app, &parts, &[]).await?;
    // One out of service is told nothing, not even what was on its way.
    let tag = tag.parse().ok().filter(|_| asker.revoked.is_none());
    let tag = answer_of(asker.device, tag.ok_or(Failure::NoPart)?);
    let kept = app.answers.kept().held(tag, Instant::now()).map(Bytes::copy_from_slice);
    let whole = kept.ok_or(Failure::NoPart)?;
    let range = parts.headers.get(RANGE).and_then(|range| wire::range_of(range, whole.len() as u64));
    let (start, end) = range.ok_or(Failure::NoPart)?;
    let within = |place: u64| usize::try_from(place).unwrap_or(usize::MAX).min(whole.len());
    let content = whole.slice(within(start)..within(end));
    app.metrics.bytes(0, content.len());
    let mut response = wire::short_reply(content);
    *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    if let Ok(range) = HeaderValue::from_str(&format!("bytes {start}-{}/{}", end - 1, whole.len())) {
        response.headers_mut().insert(CONTENT_RANGE, range);
    }
    Ok(response)
}

/// How much of a body that was cut off is here.
#[utoipa::path(
    get, path = "/v1/sync/part/{tag}", operation_id = "part", tag = "open",
    params(("tag" = String, Path, description = "Of the body: see “A request that was cut off goes on”")),
    responses((status = 200, body = PartHeld), OpenFailures)
)]
pub async fn held(State(app): State<Arc<App>>, Path(tag): Path<String>) -> Json<PartHeld> {
    let held = tag.parse().ok().and_then(|tag| app.parts.kept().held(tag, Instant::now()).map(<[u8]>::len));
    Json(PartHeld { have: held.unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SIGNATURE: [u8; SIGNATURE_BYTES] = [7; SIGNATURE_BYTES];

    fn body(parts: &[&[u8]]) -> Body {
        Body::from(parts.concat())
    }

    fn cut_after(bytes: Vec<u8>) -> Body {
        let frames = [Ok(Bytes::from(bytes)), Err(std::io::Error::other("cut"))];
        Body::from_stream(futures_util::stream::iter(frames))
    }

    #[tokio::test]
    async fn a_body_that_was_cut_off_goes_on_where_it_broke() {
        let (parts, whole) = (Parts::default(), (0..=250).collect::<Vec<u8>>());
        let tag = PartTag::of(&whole);
        let name = |from| PartName { tag, from };
        let broken = cut_after([&SIGNATURE[..], &whole[..100]].concat());
        assert!(matches!(parts.read(name(0), broken, 999).await, Err(Failure::CutOff)));
        assert_eq!(parts.kept().held(tag, Instant::now()).unwrap().len(), 100);
        // Cut again, before even the signature was through: what was there stays there.
        let again = cut_after(vec![1; 10]);
        assert!(parts.read(name(100), again, 999).await.is_err());
        let rest = body(&[&SIGNATURE, &whole[100..]]);
        let read = parts.read(name(100), rest, 999).await.unwrap();
        assert_eq!(read, [&SIGNATURE[..], &whole].concat());
        // The answer was lost: the signature is enough.
        assert_eq!(parts.read(name(251), body(&[&SIGNATURE]), 999).await.unwrap().len(), 64 + 251);
    }

    #[tokio::test]
    async fn nothing_can_be_put_in_the_place_of_a_part() {
        let (parts, whole) = (Parts::default(), vec![5; 200]);
        let name = PartName { tag: PartTag::of(&whole), from: 0 };
        let other = cut_after([&SIGNATURE[..], &[6; 100]].concat());
        assert!(parts.read(name, other, 999).await.is_err());
        let rest = body(&[&SIGNATURE, &whole[100..]]);
        let read = parts.read(PartName { from: 100, ..name }, rest, 999).await;
        assert!(matches!(read, Err(Failure::NoPart)));
        assert!(parts.kept().held(name.tag, Instant::now()).is_none(), "and it is gone");
        let unknown = parts.read(PartName { from: 9, ..name }, body(&[&SIGNATURE]), 999).await;
        assert!(matches!(unknown, Err(Failure::NoPart)));
        let large = parts.read(name, body(&[&SIGNATURE, &[5; 1_000]]), 999).await;
        assert!(matches!(large, Err(Failure::TooLarge(_))));
    }

    #[test]
    fn parts_are_bounded_and_grow_old() {
        let (mut kept, now) = (Kept::default(), Instant::now());
        let tag = |n: usize| PartTag::of(&n.to_le_bytes());
        for n in 0..100 {
            kept.keep(tag(n), vec![1; LARGEST], now + Duration::from_millis(n as u64));
        }
        assert!(kept.bytes <= MOST_BYTES && kept.held(tag(99), now).is_some());
        assert!(kept.held(tag(0), now).is_none(), "the oldest went");
        kept.keep(tag(500), vec![1; LARGEST + 1], now);
        assert!(kept.held(tag(500), now).is_none());
        let later = now + KEPT_FOR + Duration::from_secs(1);
        assert!(kept.held(tag(99), later).is_none());
        kept.keep(tag(501), vec![1], later);
        assert_eq!(kept.bytes, 1, "what is old makes room");
    }
}
