//! TLS 1.3 on central's own socket: certificate and key from files, resumption without state, no delay.
//!
//! Devices trust the key, not the name or the dates: see [`beatbook_protocol::sync::ForceBundle`]. A self-made
//! certificate is therefore as good as a bought one, and its dates say nothing.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use beatbook_protocol::sync::tls_fingerprint;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::ParsedCertificate;
use rustls::{HandshakeKind, ServerConfig};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use zeroize::Zeroizing;

use crate::force::write_secret;
use crate::metrics::Metrics;

/// How long a handshake may take: three round trips on a bad link, and some.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(15);
/// Handshakes under way at once; more wait in the system's queue.
const HANDSHAKES: usize = 512;
/// Certificates sent without a word about it: every further one costs a phone on 2G a tenth of a second.
const SHORT: usize = 2;

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read or written.
    #[error("{path} cannot be read or written: {why}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// No certificate stands in it.
    #[error("{0} holds no certificate in PEM")]
    NoCertificate(PathBuf),
    /// Key and certificate do not fit, or cannot be used.
    #[error("the certificate cannot be used: {0}")]
    Unusable(#[from] rustls::Error),
    /// A certificate could not be made.
    #[error("a certificate could not be made: {0}")]
    Making(#[from] rcgen::Error),
}

/// A certificate with its key, ready to serve.
#[derive(Clone, Debug)]
pub struct Certificate {
    config: Arc<ServerConfig>,
    fingerprint: String,
}

impl Certificate {
    /// Reads a chain and its key from PEM files.
    ///
    /// # Errors
    /// [`TlsError`] naming the file.
    pub fn read(chain: &Path, key: &Path) -> Result<Self, TlsError> {
        let certificates = chain_of(chain)?;
        let named = || key.to_owned();
        let secret = PrivateKeyDer::from_pem_file(key)
            .map_err(|error| TlsError::File { path: named(), why: error.to_string() })?;
        if certificates.len() > SHORT {
            tracing::warn!(
                length = certificates.len(),
                "the chain of certificates is long: phones fetch it often"
            );
        }
        let fingerprint = fingerprint_of(&certificates[0])?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_no_client_auth()
            .with_single_cert(certificates, secret)?;
        // Tickets hold the session themselves: a phone that comes back needs no memory of it here.
        config.ticketer = rustls::crypto::ring::Ticketer::new()?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { config: Arc::new(config), fingerprint })
    }

    /// The same certificate for somebody who answers by hand: HTTP/1.1 alone is agreed on.
    #[must_use]
    pub fn http1_only(&self) -> Self {
        let mut config = ServerConfig::clone(&self.config);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Self { config: Arc::new(config), fingerprint: self.fingerprint.clone() }
    }

    /// The fingerprint by which statements name its key.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

fn chain_of(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let unread = |error: rustls::pki_types::pem::Error| TlsError::File {
        path: path.to_owned(),
        why: error.to_string(),
    };
    let certificates: Vec<_> =
        CertificateDer::pem_file_iter(path).map_err(unread)?.collect::<Result<_, _>>().map_err(unread)?;
    if certificates.is_empty() { Err(TlsError::NoCertificate(path.to_owned())) } else { Ok(certificates) }
}

fn fingerprint_of(certificate: &CertificateDer<'_>) -> Result<String, TlsError> {
    Ok(tls_fingerprint(&ParsedCertificate::try_from(certificate)?.subject_public_key_info()))
}

/// The fingerprint of the key of a certificate in a PEM file; of a chain, the first.
///
/// # Errors
/// [`TlsError`] naming the file.
pub fn fingerprint(path: &Path) -> Result<String, TlsError> {
    fingerprint_of(&chain_of(path)?[0])
}

/// Makes a P-256 key and a certificate for these names, and writes both where nothing stood; gives the fingerprint.
///
/// # Errors
/// [`TlsError`]; an existing file is never replaced.
pub fn make(names: &[String], certificate_out: &Path, key_out: &Path) -> Result<String, TlsError> {
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
    let certificate = rcgen::CertificateParams::new(names)?.self_signed(&key)?;
    let fingerprint = fingerprint_of(certificate.der())?;
    let write = |path: &Path, bytes: &[u8]| {
        write_secret(path, bytes)
            .map_err(|error| TlsError::File { path: path.to_owned(), why: error.to_string() })
    };
    write(key_out, Zeroizing::new(key.serialize_pem()).as_bytes())?;
    write(certificate_out, certificate.pem().as_bytes())?;
    Ok(fingerprint)
}

/// Accepts connections and shakes hands beside one another: one that dawdles keeps nobody waiting.
pub struct TlsListener {
    address: SocketAddr,
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    accepting: JoinHandle<()>,
}

impl TlsListener {
    /// Starts accepting.
    ///
    /// # Errors
    /// When the socket has no address.
    pub fn start(listener: TcpListener, with: &Certificate, metrics: Arc<Metrics>) -> std::io::Result<Self> {
        let address = listener.local_addr()?;
        let (done, ready) = mpsc::channel(HANDSHAKES);
        let acceptor = TlsAcceptor::from(Arc::clone(&with.config));
        let accepting = tokio::spawn(accept(listener, acceptor, done, metrics));
        Ok(Self { address, ready, accepting })
    }
}

impl Drop for TlsListener {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(ready) => ready,
            // The accepting task ends only with this listener.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        Ok(self.address)
    }
}

async fn accept(
    mut listener: TcpListener,
    acceptor: TlsAcceptor,
    done: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
    metrics: Arc<Metrics>,
) {
    let places = Arc::new(Semaphore::new(HANDSHAKES));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        // axum's own accepting: errors of one connection are passed over, a lack of files is waited out.
        let (stream, peer) = Listener::accept(&mut listener).await;
        // Without it every request waits 40 ms for a delayed acknowledgement.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::warn!(%error, "TCP_NODELAY could not be set");
        }
        let (acceptor, done, metrics) = (acceptor.clone(), done.clone(), Arc::clone(&metrics));
        tokio::spawn(async move {
            let _place = place;
            match tokio::time::timeout(HANDSHAKE_WITHIN, acceptor.accept(stream)).await {
                Ok(Ok(stream)) => {
                    let resumed = stream.get_ref().1.handshake_kind() == Some(HandshakeKind::Resumed);
                    metrics.handshake(Some(resumed));
                    // Refused only when the server is stopping.
                    let _ = done.send((stream, peer)).await;
                }
                Ok(Err(error)) => {
                    metrics.handshake(None);
                    tracing::debug!(%error, "a handshake failed");
                }
                Err(_) => metrics.handshake(None),
            }
        });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_certificate_that_was_made_can_be_served_and_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = (folder.path().join("tls.crt"), folder.path().join("tls.key"));
        let names = ["central.example".to_owned(), "127.0.0.1".to_owned()];
        let made = make(&names, &certificate, &key).unwrap();
        assert_eq!(Certificate::read(&certificate, &key).unwrap().fingerprint(), made);
        assert_eq!(fingerprint(&certificate).unwrap(), made);
        assert_eq!(made.len(), 64);
        let before = std::fs::read(&key).unwrap();
        assert!(make(&names, &certificate, &key).is_err());
        assert_eq!(std::fs::read(&key).unwrap(), before);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn another_ones_key_and_an_empty_file_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        make(&["a.example".to_owned()], &at("a.crt"), &at("a.key")).unwrap();
        make(&["b.example".to_owned()], &at("b.crt"), &at("b.key")).unwrap();
        assert!(Certificate::read(&at("a.crt"), &at("b.key")).is_err());
        std::fs::write(at("empty"), "").unwrap();
        assert!(matches!(Certificate::read(&at("empty"), &at("a.key")), Err(TlsError::NoCertificate(_))));
    }
}
