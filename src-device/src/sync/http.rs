//! The one HTTP client: kept alive, no delay, signed over the bytes on the wire.

use std::error::Error as _;
use std::io::Read as _;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use beatbook_domain::id::{DeviceId, Link, VerifyKey};
use beatbook_protocol::short::{self, CODING, Known};
use beatbook_protocol::sync::{
    Challenge, Credentials, DEVICE_HEADER, ErrorReply, KEYS_PATH, MAX_PLAIN_BYTES, PART_HEADER, PART_PATH,
    PartHeld, PartName, PartTag, SignedStatement, SyncReply,
};
use bytes::Bytes;
use ed25519_dalek::SigningKey;
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, HeaderMap, HeaderValue,
    RANGE, RETRY_AFTER,
};
use reqwest::tls::TlsInfo;
use reqwest::{StatusCode, Url};
use rustls::pki_types::CertificateDer;
use serde::de::DeserializeOwned;

use super::error::{StatusReply, SyncError};
use super::tls::{self, Clients, Trust};

/// Largest statement of keys, bytes: it holds a name and a few keys.
const MAX_STATEMENT: usize = 64 * 1024;
/// zstd level: 3 costs microseconds a record on a phone.
const LEVEL: i32 = 3;
/// From this many bytes on a body is named, so that it can go on where the link broke: the name costs thirty bytes.
const NAMED_FROM: usize = 2 * 1024;

/// A request body as it goes on the wire.
#[derive(Clone, Debug)]
pub struct Packed {
    bytes: Bytes,
    coding: &'static str,
}

/// The coding of a body that is spelled out.
const ZSTD: &str = "zstd";
/// The coding of a body that is not coded.
const IDENTITY: &str = "identity";
/// Once as it is, once with a newer challenge, once with all of its bytes.
const MOST_TRIES: usize = 3;

impl Packed {
    /// Compresses a body that is spelled out.
    ///
    /// # Errors
    /// zstd's own, which means no memory.
    pub fn new(plain: &[u8]) -> std::io::Result<Self> {
        Ok(Self { bytes: zstd::bulk::compress(plain, LEVEL)?.into(), coding: ZSTD })
    }

    /// A body as it is.
    #[must_use]
    pub fn plain(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.into(), coding: IDENTITY }
    }

    /// A body in the short form.
    #[must_use]
    pub fn short(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.into(), coding: CODING }
    }

    /// Bytes as they are: a part of a photo.
    #[must_use]
    pub fn as_it_is(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.into(), coding: "" }
    }

    /// Bytes on the wire.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Its name, where it is worth one: then it goes on where the link broke.
    #[must_use]
    pub fn tag(&self) -> Option<PartTag> {
        (self.coding == CODING && self.len() >= NAMED_FROM).then(|| PartTag::of(&self.bytes))
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// What a request is signed with.
#[derive(Clone)]
pub struct Signer {
    /// The device.
    pub device: DeviceId,
    /// Its transport key.
    pub transport: SigningKey,
    /// Central's last challenge.
    pub challenge: Challenge,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("device", &self.device).finish_non_exhaustive()
    }
}

/// The client of one device. Copies share what is trusted, and the connection.
#[derive(Clone, Debug)]
pub struct Http {
    clients: Arc<Clients>,
}

impl Http {
    /// A client that leaves it to the platform whom to trust, until it [knows](Self::know) better.
    ///
    /// # Errors
    /// None today; [`SyncError::Tls`] where TLS cannot be set up comes with the first request.
    pub fn new() -> Result<Self, SyncError> {
        Ok(Self::with(Clients::new()))
    }

    /// One that speaks HTTP/2 on loopback too, where no TLS agrees on it first: what is measured there is what travels
    /// inside TLS.
    #[must_use]
    pub fn with_http2() -> Self {
        Self::with(Clients::with_http2())
    }

    fn with(clients: Clients) -> Self {
        // A second call finds the provider installed, which is what is wanted.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self { clients: Arc::new(clients) }
    }

    /// Trusts these keys and this time from now on. Connections of keys that are no longer named are closed.
    pub fn know(&self, trust: &Trust) {
        self.clients.know(trust);
    }

    /// Asks whoever answers for the newest statement of keys; the fingerprint of the connection's own TLS key comes
    /// with it, where there is TLS. Nothing of this phone is sent, and nothing is believed yet.
    ///
    /// # Errors
    /// [`SyncError`].
    pub async fn ask_keys(&self, server: &str) -> Result<(SignedStatement, Option<String>), SyncError> {
        let client = self.clients.stranger()?;
        let mut response = client.get(url(server, KEYS_PATH)?).send().await.map_err(no_answer)?;
        let info = response.extensions().get::<TlsInfo>().and_then(TlsInfo::peer_certificate);
        let key = info.map(|certificate| tls::fingerprint(&CertificateDer::from_slice(certificate)));
        let key = key.transpose().map_err(|_| SyncError::NotTrusted)?;
        if response.url().scheme() == "https" && key.is_none() {
            return Err(SyncError::NotTrusted);
        }
        let status = response.status();
        if status.is_server_error() {
            return Err(SyncError::Refused(StatusReply {
                status: status.as_u16(),
                reply: None,
                retry_after: None,
            }));
        }
        // A stranger may send without end.
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > MAX_STATEMENT {
                return Err(SyncError::NotOurs);
            }
        }
        match serde_json::from_slice(&bytes) {
            Ok(statement) if status == StatusCode::OK => Ok((statement, key)),
            _ => Err(SyncError::NotOurs),
        }
    }

    /// Posts JSON and reads JSON, unsigned: enrolment only.
    ///
    /// # Errors
    /// [`SyncError`].
    pub async fn post_plain<T: DeserializeOwned>(&self, url: Url, body: Vec<u8>) -> Result<T, SyncError> {
        let request = self.clients.trusted()?.post(url).header(CONTENT_TYPE, "application/json").body(body);
        self.answer(request).await?.json()
    }

    /// How much of a body central has from a try that was cut off.
    ///
    /// # Errors
    /// [`SyncError`].
    pub async fn part_held(&self, server: &str, tag: PartTag) -> Result<usize, SyncError> {
        let request = self.clients.trusted()?.get(url(server, &format!("{PART_PATH}{tag}"))?);
        Ok(self.answer(request).await?.json::<PartHeld>()?.have)
    }

    /// Posts a packed body, signed by the device's transport key over method, path, challenge and the bytes on the wire.
    /// The first `from` bytes of it central has already; where it has lost them, all of it is sent. Where the challenge
    /// is too old it signs the new one and sends once more. Returns the challenge that was good too.
    ///
    /// # Errors
    /// [`SyncError`].
    pub async fn post_signed(
        &self,
        url: Url,
        body: &Packed,
        from: usize,
        signer: &Signer,
    ) -> Result<(Answer, Challenge), SyncError> {
        let (mut challenge, mut from) = (signer.challenge, from.min(body.len()));
        let client = self.clients.trusted()?;
        let tag = body.tag();
        for _ in 0..MOST_TRIES {
            let target = ("POST", url.path());
            let credentials =
                Credentials::sign(signer.device, &signer.transport, challenge, target, &body.bytes);
            let request = client.post(url.clone());
            let request =
                if body.coding.is_empty() { request } else { request.header(CONTENT_ENCODING, body.coding) };
            let request = match body.coding {
                // The short form is answered in the short form.
                CODING => {
                    let signed = [&credentials.signature.0[..], &body.bytes[from..]].concat();
                    request.header(DEVICE_HEADER, credentials.short_header()).body(signed)
                }
                coding => {
                    let request = request.header(AUTHORIZATION, credentials.to_string());
                    let request =
                        if coding == ZSTD { request.header(ACCEPT_ENCODING, ZSTD) } else { request };
                    request.body(body.bytes.clone())
                }
            };
            let request = match tag {
                Some(tag) => request.header(PART_HEADER, PartName { tag, from }.to_string()),
                None => request,
            };
            match self.answer(request).await {
                // Central has read all of it: the signature alone is new.
                Err(SyncError::Challenged(given)) if given != challenge => {
                    challenge = given;
                    from = tag.map_or(0, |_| body.len());
                }
                Err(SyncError::Challenged(_)) => break,
                Err(error) if error.misses_a_part() && from > 0 => from = 0,
                answer => return answer.map(|reply| (reply, challenge)),
            }
        }
        Err(SyncError::Unauthorised)
    }

    /// Asks for a part of something kept at central, signed like every request; `range` as HTTP has it, from and to
    /// inclusive. Returns the challenge that was good too.
    ///
    /// # Errors
    /// [`SyncError`].
    pub async fn get_signed(
        &self,
        url: Url,
        (from, to): (u64, u64),
        signer: &Signer,
    ) -> Result<(Part, Challenge), SyncError> {
        let mut challenge = signer.challenge;
        let client = self.clients.trusted()?;
        for is_last in [false, true] {
            let target = ("GET", url.path());
            let credentials = Credentials::sign(signer.device, &signer.transport, challenge, target, &[]);
            let request = client
                .get(url.clone())
                .header(AUTHORIZATION, credentials.to_string())
                .header(RANGE, format!("bytes={from}-{to}"));
            let answer = part_of(request).await;
            if answer.as_ref().is_err_and(SyncError::is_cut) {
                self.clients.hang_up();
            }
            match answer {
                Err(SyncError::Challenged(given)) if !is_last => challenge = given,
                Err(SyncError::Challenged(_)) => break,
                answer => return answer.map(|part| (part, challenge)),
            }
        }
        Err(SyncError::Unauthorised)
    }

    /// Gives the connection up with the request: one that is half open would keep every later one waiting too.
    fn broken(&self, error: reqwest::Error) -> SyncError {
        self.clients.hang_up();
        no_answer(error)
    }

    async fn answer(&self, request: reqwest::RequestBuilder) -> Result<Answer, SyncError> {
        let response = request.send().await.map_err(|error| self.broken(error))?;
        let status = response.status();
        let coding = response.headers().get(CONTENT_ENCODING).cloned();
        let retry_after = wait_asked(response.headers());
        let (packed, is_short) = match coding {
            Some(coding) => (coding == ZSTD, coding == CODING),
            None => (false, false),
        };
        let bytes = response.bytes().await.map_err(|error| self.broken(error))?;
        let bytes = if packed { unpack(&bytes)? } else { bytes.to_vec() };
        match status {
            StatusCode::OK => Ok(Answer { bytes, is_short }),
            StatusCode::UNAUTHORIZED => {
                let reply: Option<ErrorReply> = serde_json::from_slice(&bytes).ok();
                let challenge = reply.and_then(|reply| reply.challenge);
                Err(challenge.map_or(SyncError::Unauthorised, SyncError::Challenged))
            }
            status if status.is_redirection() => Err(SyncError::NotOurs),
            status => {
                let reply: Option<ErrorReply> = serde_json::from_slice(&bytes).ok();
                Err(SyncError::Refused(StatusReply { status: status.as_u16(), reply, retry_after }))
            }
        }
    }
}

/// Seconds of `retry-after`; its other form, a date, says nothing to a phone whose clock may be wrong.
fn wait_asked(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

/// A part of what is kept at central, or how far it has come.
#[derive(Clone, Debug)]
pub struct Part {
    /// The bytes asked for.
    pub bytes: Vec<u8>,
    /// Whether all of it is at central.
    pub is_whole: bool,
    /// Bytes central has.
    pub has: u64,
    /// Its length.
    pub length: u64,
    /// Its media type.
    pub media_type: String,
}

async fn part_of(request: reqwest::RequestBuilder) -> Result<Part, SyncError> {
    let response = request.send().await.map_err(no_answer)?;
    let (status, headers) = (response.status(), response.headers().clone());
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let bytes = response.bytes().await.map_err(no_answer)?.to_vec();
    let range = text(CONTENT_RANGE).and_then(range_stated);
    let media_type = text(CONTENT_TYPE).unwrap_or_default().to_owned();
    match (status, range) {
        (StatusCode::OK, _) => {
            let length = bytes.len() as u64;
            Ok(Part { bytes, is_whole: true, has: length, length, media_type })
        }
        (StatusCode::PARTIAL_CONTENT, Some((_, length))) => {
            Ok(Part { bytes, is_whole: true, has: length, length, media_type })
        }
        (StatusCode::ACCEPTED, Some((has, length))) => {
            Ok(Part { bytes: Vec::new(), is_whole: false, has, length, media_type })
        }
        (StatusCode::UNAUTHORIZED, _) => {
            let reply: Option<ErrorReply> = serde_json::from_slice(&bytes).ok();
            Err(reply
                .and_then(|reply| reply.challenge)
                .map_or(SyncError::Unauthorised, SyncError::Challenged))
        }
        (status, _) if status.is_redirection() || status.is_success() => Err(SyncError::NotOurs),
        (status, _) => Err(SyncError::Refused(StatusReply {
            status: status.as_u16(),
            reply: serde_json::from_slice(&bytes).ok(),
            retry_after: wait_asked(&headers),
        })),
    }
}

/// End (as stated) and length of `bytes a-b/length`.
fn range_stated(text: &str) -> Option<(u64, u64)> {
    let (range, length) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (_, end) = range.split_once('-')?;
    Some((end.parse().ok()?, length.parse().ok()?))
}

/// What central answered, as it came.
#[derive(Clone, Debug)]
pub struct Answer {
    bytes: Vec<u8>,
    is_short: bool,
}

impl Answer {
    /// Whether nothing came.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Reads JSON that is spelled out.
    ///
    /// # Errors
    /// [`SyncError::NotOurs`].
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, SyncError> {
        serde_json::from_slice(&self.bytes).map_err(|_| SyncError::NotOurs)
    }

    /// Reads the answer of an exchange in whichever form it came. `sent` are the links in the order of sending.
    ///
    /// # Errors
    /// [`SyncError::NotOurs`].
    pub fn reply(
        &self,
        known: &Known,
        sent: &[Link],
        receipt_key: VerifyKey,
    ) -> Result<SyncReply, SyncError> {
        if !self.is_short {
            return self.json();
        }
        short::unpack_reply(&self.bytes, known, sent, receipt_key, MAX_PLAIN_BYTES)
            .map_err(|_| SyncError::NotOurs)
    }
}

fn no_answer(error: reqwest::Error) -> SyncError {
    let error = error.without_url();
    tracing::debug!(cause = error.source().map(tracing::field::display), "no answer from central");
    if tls::is_untrusted(&error) {
        return SyncError::NotTrusted;
    }
    if error.is_timeout() { SyncError::TimedOut } else { SyncError::Unreachable(Some(error)) }
}

/// Decompresses an answer, at most [`MAX_PLAIN_BYTES`].
fn unpack(packed: &[u8]) -> Result<Vec<u8>, SyncError> {
    let mut plain = Vec::new();
    let decoder = zstd::stream::read::Decoder::with_buffer(packed).map_err(|_| SyncError::NotOurs)?;
    let limit = MAX_PLAIN_BYTES as u64 + 1;
    decoder.take(limit).read_to_end(&mut plain).map_err(|_| SyncError::NotOurs)?;
    if plain.len() > MAX_PLAIN_BYTES { Err(SyncError::NotOurs) } else { Ok(plain) }
}

/// The URL of a path at central. Plain HTTP only on this machine itself.
///
/// # Errors
/// [`SyncError::Address`].
pub fn url(server: &str, path: &str) -> Result<Url, SyncError> {
    let base: Url = server.trim().parse().map_err(|_| SyncError::Address)?;
    let loopback = match base.host_str() {
        Some("localhost") => true,
        Some(host) => {
            host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        None => return Err(SyncError::Address),
    };
    match base.scheme() {
        "https" => {}
        "http" if loopback => {}
        _ => return Err(SyncError::Address),
    }
    let mut url = base;
    url.set_path(path);
    url.set_query(None);
    Ok(url)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        assert_eq!(
            url("http://127.0.0.1:8080", "/v1/sync").unwrap().as_str(),
            "http://127.0.0.1:8080/v1/sync"
        );
        assert!(url("http://[::1]:8080/", "/v1/sync").is_ok());
        assert!(url("https://central.example", "/v1/sync").is_ok());
        for bad in ["http://central.example", "central.example", "ftp://127.0.0.1", "", "http://10.0.0.1"] {
            assert!(url(bad, "/v1/sync").is_err(), "{bad}");
        }
    }

    #[test]
    fn an_answer_that_grows_without_end_is_cut_off() {
        let bomb = zstd::bulk::compress(&vec![0; MAX_PLAIN_BYTES + 1], 1).unwrap();
        assert!(bomb.len() < 100_000);
        assert!(matches!(unpack(&bomb), Err(SyncError::NotOurs)));
    }
}
