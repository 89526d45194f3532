//! The one HTTP client: kept alive, no delay, signed over the bytes on the wire.

use std::error::Error as _;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use beatbook_protocol::short::CODING;
use beatbook_protocol::sync::{
    ANSWER_PATH, Challenge, Credentials, DEVICE_HEADER, ErrorReply, InParts, KEYS_PATH, MAX_PLAIN_BYTES,
    PART_HEADER, PART_PATH, PartHeld, PartName, PartTag, SignedStatement,
};
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, HeaderMap, HeaderValue,
    RANGE, RETRY_AFTER,
};
use reqwest::tls::TlsInfo;
use reqwest::{StatusCode, Url};
use rustls::pki_types::CertificateDer;
use serde::de::DeserializeOwned;

use super::error::{StatusReply, SyncError};
use super::message::{ZSTD, range_stated, unpack};
use super::patience::Patience;
use super::tls::{self, Clients, Trust};

pub use super::message::{Answer, Packed, Part, Signer};

/// Largest statement of keys, bytes: it holds a name and a few keys.
const MAX_STATEMENT: usize = 64 * 1024;
/// Once as it is, once with a newer challenge, once with all of its bytes.
const MOST_TRIES: usize = 3;
/// Tries in a row that bring nothing of the rest of an answer: then all of it is asked for again, later.
const FRUITLESS: u32 = 3;
/// Before the first of them.
const BETWEEN: Duration = Duration::from_millis(300);

/// The client of one device. Copies share what is trusted, and the connection.
#[derive(Clone, Debug)]
pub struct Http {
    clients: Arc<Clients>,
    patience: Arc<Patience>,
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
        Self { clients: Arc::new(clients), patience: Arc::default() }
    }

    /// Trusts these keys and this time from now on. Connections of keys that are no longer named are closed.
    pub fn know(&self, trust: &Trust) {
        self.clients.know(trust);
    }

    /// A person asks for an answer: a request that has been waited for long is given up, if it went out over a connection
    /// that may have died meanwhile.
    pub fn hurry(&self) {
        self.patience.ask();
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
                    request
                        .header(DEVICE_HEADER, credentials.short_header())
                        .body(reqwest::Body::wrap(InParts::new(signed)))
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
                Err(error) => return Err(error),
                Ok(answer) => {
                    let signer = Signer { challenge, ..signer.clone() };
                    return Ok((self.whole(answer, url, &signer).await?, challenge));
                }
            }
        }
        Err(SyncError::Unauthorised)
    }

    /// An answer with what was missing of it: where it broke off it goes on, over as many connections as it takes.
    async fn whole(&self, mut answer: Answer, mut url: Url, signer: &Signer) -> Result<Answer, SyncError> {
        let Some(tag) = answer.rest.take() else { return Ok(answer) };
        url.set_path(&format!("{ANSWER_PATH}{tag}"));
        let (mut length, mut fruitless) = (u64::MAX, 0);
        while (answer.bytes.len() as u64) < length {
            let range = (answer.bytes.len() as u64, MAX_PLAIN_BYTES as u64);
            match self.get_signed(url.clone(), range, signer).await {
                Ok((part, _)) if part.length <= MAX_PLAIN_BYTES as u64 => {
                    fruitless = if part.bytes.is_empty() { fruitless + 1 } else { 0 };
                    length = part.length;
                    answer.bytes.extend_from_slice(&part.bytes);
                }
                Err(error) if error.is_cut() => fruitless += 1,
                // Central has let go of it, or whoever answers does not know what it is.
                _ => return Err(SyncError::Unreachable(None)),
            }
            if fruitless >= FRUITLESS {
                return Err(SyncError::Unreachable(None));
            }
            if fruitless > 0 {
                tokio::time::sleep(BETWEEN * (1 << fruitless)).await;
            }
        }
        if PartTag::of(&answer.bytes) == tag { Ok(answer) } else { Err(SyncError::NotOurs) }
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
            let answer = self.part_of(request).await;
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

    /// What came of a body, and why no more did.
    async fn body(&self, mut response: reqwest::Response) -> (Vec<u8>, Option<SyncError>) {
        let mut bytes = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Ok(None) => return (bytes, None),
                Err(error) => return (bytes, Some(self.broken(error))),
            }
        }
    }

    async fn answer(&self, request: reqwest::RequestBuilder) -> Result<Answer, SyncError> {
        // A connection that has yet to answer anything is new: another one would be no better.
        let answer = self.patience.wait(self.read(request), || self.clients.has_answered()).await;
        answer.unwrap_or_else(|| {
            self.clients.hang_up();
            Err(SyncError::TimedOut)
        })
    }

    async fn read(&self, request: reqwest::RequestBuilder) -> Result<Answer, SyncError> {
        let response = request.send().await.map_err(|error| self.broken(error))?;
        let status = response.status();
        let coding = response.headers().get(CONTENT_ENCODING).cloned();
        let retry_after = wait_asked(response.headers());
        let (packed, is_short) = match coding {
            Some(coding) => (coding == ZSTD, coding == CODING),
            None => (false, false),
        };
        let tag = response.headers().get(PART_HEADER).and_then(|tag| tag.to_str().ok()?.parse().ok());
        let (bytes, broke) = self.body(response).await;
        let rest = match broke {
            None => None,
            // What came of it stands.
            Some(_) if tag.is_some() && is_short && status == StatusCode::OK => tag,
            Some(error) => return Err(error),
        };
        self.clients.answered();
        let bytes = if packed { unpack(&bytes)? } else { bytes };
        match status {
            StatusCode::OK => Ok(Answer { bytes, is_short, rest }),
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

    /// A part of something; where it broke off, what came of it.
    async fn part_of(&self, request: reqwest::RequestBuilder) -> Result<Part, SyncError> {
        let response = request.send().await.map_err(|error| self.broken(error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let range = text(CONTENT_RANGE).and_then(range_stated);
        let media_type = text(CONTENT_TYPE).unwrap_or_default().to_owned();
        let (bytes, broke) = self.body(response).await;
        if let Some(error) = broke
            && (status != StatusCode::PARTIAL_CONTENT || bytes.is_empty())
        {
            return Err(error);
        }
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
                let challenge = reply.and_then(|reply| reply.challenge);
                Err(challenge.map_or(SyncError::Unauthorised, SyncError::Challenged))
            }
            (status, _) if status.is_redirection() || status.is_success() => Err(SyncError::NotOurs),
            (status, _) => Err(SyncError::Refused(StatusReply {
                status: status.as_u16(),
                reply: serde_json::from_slice(&bytes).ok(),
                retry_after: wait_asked(&headers),
            })),
        }
    }
}

/// Seconds of `retry-after`; its other form, a date, says nothing to a phone whose clock may be wrong.
fn wait_asked(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

fn no_answer(error: reqwest::Error) -> SyncError {
    let error = error.without_url();
    tracing::debug!(cause = error.source().map(tracing::field::display), "no answer from central");
    if tls::is_untrusted(&error) {
        return SyncError::NotTrusted;
    }
    if error.is_timeout() { SyncError::TimedOut } else { SyncError::Unreachable(Some(error)) }
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
}
