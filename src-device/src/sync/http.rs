//! The one HTTP client: kept alive, no delay, signed over the bytes on the wire.

use std::error::Error as _;
use std::io::Read as _;
use std::net::IpAddr;
use std::sync::Arc;

use beatbook_domain::id::DeviceId;
use beatbook_domain::seal::{Purpose, sign};
use beatbook_protocol::sync::{
    ErrorReply, HEADER_DEVICE, HEADER_SIGNATURE, KEYS_PATH, MAX_PLAIN_BYTES, SignedStatement,
};
use ed25519_dalek::SigningKey;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE};
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

/// A request body, compressed.
#[derive(Clone, Debug)]
pub struct Packed(Vec<u8>);

impl Packed {
    /// Compresses a body.
    ///
    /// # Errors
    /// zstd's own, which means no memory.
    pub fn new(plain: &[u8]) -> std::io::Result<Self> {
        zstd::bulk::compress(plain, LEVEL).map(Self)
    }

    /// Bytes on the wire.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
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
        // A second call finds the provider installed, which is what is wanted.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self { clients: Arc::new(Clients::new()) })
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
            return Err(SyncError::Refused(StatusReply { status: status.as_u16(), reply: None }));
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
        self.answer(request).await
    }

    /// Posts a packed body, signed by the device's transport key over method, path and the bytes on the wire.
    ///
    /// # Errors
    /// [`SyncError`].
    pub async fn post_signed<T: DeserializeOwned>(
        &self,
        url: Url,
        body: Packed,
        device: DeviceId,
        transport: &SigningKey,
    ) -> Result<T, SyncError> {
        let signature = sign(transport, Purpose::Request, &[b"POST", url.path().as_bytes(), &body.0]);
        let request = self
            .clients
            .trusted()?
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header(CONTENT_ENCODING, "zstd")
            .header(ACCEPT_ENCODING, "zstd")
            .header(HEADER_DEVICE, device.to_string())
            .header(HEADER_SIGNATURE, signature.to_string())
            .body(body.0);
        self.answer(request).await
    }

    async fn answer<T: DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Result<T, SyncError> {
        let response = request.send().await.map_err(no_answer)?;
        let status = response.status();
        let packed = response.headers().get(CONTENT_ENCODING).is_some_and(|encoding| encoding == "zstd");
        let bytes = response.bytes().await.map_err(no_answer)?;
        let bytes = if packed { unpack(&bytes)? } else { bytes.to_vec() };
        match status {
            StatusCode::OK => serde_json::from_slice(&bytes).map_err(|_| SyncError::NotOurs),
            StatusCode::UNAUTHORIZED => Err(SyncError::Unauthorised),
            status if status.is_redirection() => Err(SyncError::NotOurs),
            status => {
                let reply: Option<ErrorReply> = serde_json::from_slice(&bytes).ok();
                Err(SyncError::Refused(StatusReply { status: status.as_u16(), reply }))
            }
        }
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
