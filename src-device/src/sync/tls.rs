//! Whom a phone talks to: TLS keys named by the force's statement of keys, or the platform's own roots.
//!
//! The phone's wall clock decides nothing here. A named key is trusted whatever the dates of its certificate say. Where
//! none is named, certificates are judged at the highest time that is proven: the build of this program, or the newest
//! time that central's receipt key has signed. That is a lower bound of the real time, so it proves a certificate
//! expired, and never that one is not valid yet.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use beatbook_domain::time::Millis;
use beatbook_protocol::sync::tls_fingerprint;
use reqwest::Client;
use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::time_provider::TimeProvider;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use rustls_platform_verifier::Verifier;

use serde::{Deserialize, Serialize};

use super::error::SyncError;

const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// Deadline of a whole exchange: a batch starts at 32 kB, eight seconds of 2G.
const ANSWER_WITHIN: Duration = Duration::from_secs(45);
const KEEP_ALIVE: Duration = Duration::from_secs(90);
/// While an answer is waited for and nothing came for so long, the other side is asked whether it is there (HTTP/2).
const ASK_AFTER: Duration = Duration::from_secs(8);
/// So long it has to say so: the question may wait behind a batch that is still on its way.
const THERE_WITHIN: Duration = Duration::from_secs(12);
/// A chain has at most this many certificates that may be younger than the proven time.
const LONGEST_CHAIN: usize = 4;

/// What a profile knows about the server it may talk to.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Trust {
    /// Fingerprints of TLS keys, as the newest statement names them; none leaves it to the platform.
    pub tls_keys: Vec<String>,
    /// Newest time that central has signed.
    pub signed_time: Option<Millis>,
}

/// When this program was built.
#[must_use]
pub fn built_at() -> Millis {
    Millis(env!("BEATBOOK_BUILT_AT").parse::<i64>().unwrap_or_default().saturating_mul(1000))
}

/// The highest proven time: it only rises.
#[derive(Clone, Debug)]
struct ProvenTime(Arc<AtomicI64>);

impl ProvenTime {
    fn new() -> Self {
        Self(Arc::new(AtomicI64::new(built_at().0)))
    }

    fn raise(&self, to: Millis) {
        self.0.fetch_max(to.0, Ordering::Relaxed);
    }

    fn now(&self) -> UnixTime {
        let millis = u64::try_from(self.0.load(Ordering::Relaxed)).unwrap_or_default();
        UnixTime::since_unix_epoch(Duration::from_millis(millis))
    }
}

impl TimeProvider for ProvenTime {
    fn current_time(&self) -> Option<UnixTime> {
        Some(self.now())
    }
}

/// By what a certificate is judged.
#[derive(Debug)]
enum Rule {
    /// Its key is one of these.
    Named(Vec<String>),
    /// The platform's roots.
    Platform(Arc<dyn ServerCertVerifier>),
    /// Anybody's, for one question whose answer proves itself.
    Anybody,
}

#[derive(Debug)]
struct Judge {
    rule: Rule,
    time: ProvenTime,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Judge {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        _wall_clock: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match &self.rule {
            Rule::Anybody => Ok(ServerCertVerified::assertion()),
            Rule::Named(keys) => {
                let ours = fingerprint(end_entity)?;
                match keys.contains(&ours) {
                    true => Ok(ServerCertVerified::assertion()),
                    false => Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure)),
                }
            }
            Rule::Platform(roots) => {
                let mut now = self.time.now();
                let verify = |now| {
                    roots.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
                };
                let mut verdict = verify(now);
                for _ in 0..LONGEST_CHAIN {
                    // Younger than what is proven: an authority signed it, so it must be later than we know.
                    match &verdict {
                        Err(Error::InvalidCertificate(CertificateError::NotValidYetContext {
                            not_before,
                            ..
                        })) if *not_before > now => now = *not_before,
                        _ => break,
                    }
                    verdict = verify(now);
                }
                verdict
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// The fingerprint of a certificate's key, as statements name it.
pub(super) fn fingerprint(certificate: &CertificateDer<'_>) -> Result<String, Error> {
    Ok(tls_fingerprint(&ParsedCertificate::try_from(certificate)?.subject_public_key_info()))
}

fn config(rule: Rule, time: ProvenTime) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let judge = Judge { rule, time: time.clone(), provider: Arc::clone(&provider) };
    let mut config = ClientConfig::builder_with_details(provider, Arc::new(time))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(judge))
        .with_no_client_auth();
    // HTTP/2 says a header once on a connection; whoever stands in between may know only the older one.
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn client(config: ClientConfig, idle: usize, http2_only: bool) -> Result<Client, SyncError> {
    let builder = if http2_only { Client::builder().http2_prior_knowledge() } else { Client::builder() };
    builder
        .tls_backend_preconfigured(config)
        .tls_info(true)
        .tcp_nodelay(true)
        .connect_timeout(CONNECT_WITHIN)
        .timeout(ANSWER_WITHIN)
        .http2_keep_alive_interval(ASK_AFTER)
        .http2_keep_alive_timeout(THERE_WITHIN)
        .pool_idle_timeout(KEEP_ALIVE)
        .pool_max_idle_per_host(idle)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .map_err(|error| SyncError::Unreachable(Some(error.without_url())))
}

/// The client of the keys a profile trusts; made anew when they change, so that neither a connection nor a session of
/// a key that is no longer named lives on.
#[derive(Debug)]
pub(super) struct Clients {
    time: ProvenTime,
    http2_only: bool,
    current: Mutex<Current>,
}

#[derive(Debug, Default)]
struct Current {
    tls_keys: Vec<String>,
    /// Outlives the client: it holds the tickets by which a session is resumed.
    config: Option<ClientConfig>,
    client: Option<Client>,
    /// Whether this client has been answered: then its connection is one of before.
    answered: bool,
}

impl Clients {
    pub(super) fn new() -> Self {
        Self { time: ProvenTime::new(), http2_only: false, current: Mutex::default() }
    }

    pub(super) fn with_http2() -> Self {
        Self { http2_only: true, ..Self::new() }
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Trusts this from now on.
    pub(super) fn know(&self, trust: &Trust) {
        if let Some(time) = trust.signed_time {
            self.time.raise(time);
        }
        let mut current = self.current();
        if current.tls_keys != trust.tls_keys {
            *current = Current { tls_keys: trust.tls_keys.clone(), ..Current::default() };
        }
    }

    /// The client for what is trusted now.
    pub(super) fn trusted(&self) -> Result<Client, SyncError> {
        let mut current = self.current();
        if let Some(client) = &current.client {
            return Ok(client.clone());
        }
        let config = match &current.config {
            Some(config) => config.clone(),
            None => self.config(&current.tls_keys)?,
        };
        let made = client(config.clone(), 1, self.http2_only)?;
        current.config = Some(config);
        current.client = Some(made.clone());
        Ok(made)
    }

    /// Lets the connection go: the next request makes another, and resumes its session.
    pub(super) fn hang_up(&self) {
        let mut current = self.current();
        (current.client, current.answered) = (None, false);
    }

    /// The connection that stands has answered.
    pub(super) fn answered(&self) {
        self.current().answered = true;
    }

    /// Whether the connection that stands has answered before.
    pub(super) fn has_answered(&self) -> bool {
        self.current().answered
    }

    fn config(&self, keys: &[String]) -> Result<ClientConfig, SyncError> {
        let rule = if keys.is_empty() {
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            Rule::Platform(Arc::new(Verifier::new(provider).map_err(SyncError::Tls)?))
        } else {
            Rule::Named(keys.to_vec())
        };
        config(rule, self.time.clone()).map_err(SyncError::Tls)
    }

    /// A client that talks to anybody, for one question: nothing secret may go out on it.
    pub(super) fn stranger(&self) -> Result<Client, SyncError> {
        let mut config = config(Rule::Anybody, self.time.clone()).map_err(SyncError::Tls)?;
        config.resumption = Resumption::disabled();
        client(config, 0, self.http2_only)
    }
}

/// Whether a request failed because the other side's certificate was not trusted.
pub(super) fn is_untrusted(error: &(dyn std::error::Error + 'static)) -> bool {
    if let Some(error) = error.downcast_ref::<Error>() {
        return matches!(error, Error::InvalidCertificate(_) | Error::NoCertificatesPresented);
    }
    // What an io::Error wraps is not its source.
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    let wrapped = wrapped.is_some_and(|inner| is_untrusted(inner));
    wrapped || error.source().is_some_and(is_untrusted)
}

#[cfg(test)]
#[path = "tls_tests.rs"]
mod tests;
