//! The one HTTP client: kept alive, no delay, signed over the bytes on the wire.

use std::error::Error as _;
use std::io::Read as _;
use std::net::IpAddr;
use std::time::Duration;

use beatbook_domain::id::{DeviceId, Link, VerifyKey};
use beatbook_protocol::short::{self, CODING, Known};
use beatbook_protocol::sync::{Challenge, Credentials, ErrorReply, MAX_PLAIN_BYTES, SyncReply};
use bytes::Bytes;
use ed25519_dalek::SigningKey;
use reqwest::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use reqwest::{Client, StatusCode, Url};
use serde::de::DeserializeOwned;

use super::error::{StatusReply, SyncError};

const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// Deadline of a whole exchange: a batch starts at 8 kB, so even 2G answers in time.
const ANSWER_WITHIN: Duration = Duration::from_secs(45);
const KEEP_ALIVE: Duration = Duration::from_secs(90);
/// zstd level: 3 costs microseconds a record on a phone.
const LEVEL: i32 = 3;

/// A request body as it goes on the wire.
#[derive(Clone, Debug)]
pub struct Packed {
    bytes: Vec<u8>,
    coding: &'static str,
}

/// The coding of a body that is spelled out.
const ZSTD: &str = "zstd";

impl Packed {
    /// Compresses a body that is spelled out.
    ///
    /// # Errors
    /// zstd's own, which means no memory.
    pub fn new(plain: &[u8]) -> std::io::Result<Self> {
        Ok(Self { bytes: zstd::bulk::compress(plain, LEVEL)?, coding: ZSTD })
    }

    /// A body in the short form.
    #[must_use]
    pub fn short(bytes: Vec<u8>) -> Self {
        Self { bytes, coding: CODING }
    }

    /// Bytes on the wire.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
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

/// The client of one device.
#[derive(Clone, Debug)]
pub struct Http {
    client: Client,
}

impl Http {
    /// Builds the client. Certificates are checked by the platform's verifier.
    ///
    /// # Errors
    /// [`SyncError::Unreachable`] where TLS cannot be set up.
    pub fn new() -> Result<Self, SyncError> {
        // A second call finds the provider installed, which is what is wanted.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .tcp_nodelay(true)
            .connect_timeout(CONNECT_WITHIN)
            .timeout(ANSWER_WITHIN)
            .pool_idle_timeout(KEEP_ALIVE)
            .pool_max_idle_per_host(1)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| SyncError::Unreachable(Some(error.without_url())))?;
        Ok(Self { client })
    }

    /// Posts JSON and reads JSON, unsigned: enrolment only.
    ///
    /// # Errors
    /// [`SyncError`].
    pub async fn post_plain<T: DeserializeOwned>(&self, url: Url, body: Vec<u8>) -> Result<T, SyncError> {
        let request = self.client.post(url).header(CONTENT_TYPE, "application/json").body(body);
        self.answer(request).await?.json()
    }

    /// Posts a packed body, signed by the device's transport key over method, path, challenge and the bytes on the wire.
    /// Where the challenge is too old it signs the new one and sends once more. Returns the challenge that was good too.
    ///
    /// # Errors
    /// [`SyncError`].
    pub async fn post_signed(
        &self,
        url: Url,
        body: Packed,
        signer: &Signer,
    ) -> Result<(Answer, Challenge), SyncError> {
        let mut challenge = signer.challenge;
        let (body, coding) = (Bytes::from(body.bytes), body.coding);
        for is_last in [false, true] {
            let target = ("POST", url.path());
            let credentials = Credentials::sign(signer.device, &signer.transport, challenge, target, &body);
            let request = self
                .client
                .post(url.clone())
                .header(CONTENT_ENCODING, coding)
                .header(AUTHORIZATION, credentials.to_string())
                .body(body.clone());
            // The short form is answered in the short form.
            let request = if coding == ZSTD { request.header(ACCEPT_ENCODING, ZSTD) } else { request };
            match self.answer(request).await {
                Err(SyncError::Challenged(given)) if !is_last => challenge = given,
                Err(SyncError::Challenged(_)) => break,
                answer => return answer.map(|reply| (reply, challenge)),
            }
        }
        Err(SyncError::Unauthorised)
    }

    async fn answer(&self, request: reqwest::RequestBuilder) -> Result<Answer, SyncError> {
        let response = request.send().await.map_err(no_answer)?;
        let status = response.status();
        let coding = response.headers().get(CONTENT_ENCODING).cloned();
        let (packed, is_short) = match coding {
            Some(coding) => (coding == ZSTD, coding == CODING),
            None => (false, false),
        };
        let bytes = response.bytes().await.map_err(no_answer)?;
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
                Err(SyncError::Refused(StatusReply { status: status.as_u16(), reply }))
            }
        }
    }
}

/// What central answered, as it came.
#[derive(Clone, Debug)]
pub struct Answer {
    bytes: Vec<u8>,
    is_short: bool,
}

impl Answer {
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
