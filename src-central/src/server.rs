//! The running server: listens, serves, stops without cutting anybody off.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::connections;
use crate::force::{self, ForceError};
use crate::http::{self, App};
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::period;
use crate::storage::Storage;
use crate::tls::{Certificate, TlsListener};
use crate::writer::Writer;

/// Why the server did not start or stop.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The force.
    #[error(transparent)]
    Force(#[from] ForceError),
    /// Plain HTTP beyond loopback.
    #[error(
        "{0} can be reached from other machines, and without a certificate records would cross the network in the \
         clear. Say --tls-cert and --tls-key (`keys new-tls` makes them), or listen on 127.0.0.1 or [::1]."
    )]
    NotLoopback(SocketAddr),
    /// A certificate that every phone would refuse.
    #[error(
        "the key of this certificate ({0}) is not in the statement of keys in force: phones would refuse it. Publish \
         one that names it first: `beatbook-central keys rotate-tls --cert …`"
    )]
    NotNamed(String),
    /// The address is taken or not ours.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// Serving ended with an error.
    #[error("serving stopped: {0}")]
    Serve(#[from] std::io::Error),
    /// A task ended unexpectedly.
    #[error("a task of the server ended unexpectedly")]
    Task,
}

/// A server that runs in the background.
pub struct Running {
    /// Where it listens; the port is the real one.
    pub address: SocketAddr,
    secure: bool,
    stop: watch::Sender<bool>,
    serving: JoinHandle<std::io::Result<()>>,
    writer: JoinHandle<()>,
    figures: JoinHandle<()>,
}

impl Running {
    /// `http://…` or `https://…`
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Lets requests under way finish, writes what waits, then ends.
    ///
    /// # Errors
    /// When serving had failed.
    pub async fn stop(self) -> Result<(), ServeError> {
        // Nobody listening means it has ended already.
        let _ = self.stop.send(true);
        self.wait().await
    }

    /// Waits until it ends by itself.
    ///
    /// # Errors
    /// When serving failed.
    pub async fn wait(self) -> Result<(), ServeError> {
        self.serving.await.map_err(|_| ServeError::Task)??;
        self.figures.abort();
        self.writer.await.map_err(|_| ServeError::Task)
    }
}

/// Starts serving plain HTTP, on loopback.
///
/// # Errors
/// As [`start_with`].
pub async fn start(storage: Arc<dyn Storage>, listen: SocketAddr) -> Result<Running, ServeError> {
    start_with(storage, listen, None).await
}

/// Starts serving: TLS where there is a certificate, else plain HTTP on loopback.
///
/// # Errors
/// When the database holds no force, the address cannot be listened on or is not loopback without a certificate, or
/// the statement of keys in force names other TLS keys.
pub async fn start_with(
    storage: Arc<dyn Storage>,
    listen: SocketAddr,
    certificate: Option<Certificate>,
) -> Result<Running, ServeError> {
    start_within(storage, listen, certificate, Limits::default()).await
}

/// As [`start_with`], within limits of one's own.
///
/// # Errors
/// As [`start_with`].
pub async fn start_within(
    storage: Arc<dyn Storage>,
    listen: SocketAddr,
    certificate: Option<Certificate>,
    limits: Limits,
) -> Result<Running, ServeError> {
    if certificate.is_none() && !listen.ip().is_loopback() {
        return Err(ServeError::NotLoopback(listen));
    }
    let force = force::load(storage.as_ref()).await?;
    if let Some(certificate) = &certificate {
        let (named, ours) = (&force.bundle.keys.tls_keys, certificate.fingerprint());
        if !named.is_empty() && !named.iter().any(|key| key == ours) {
            return Err(ServeError::NotNamed(ours.to_owned()));
        }
    }
    let cannot = |source| ServeError::Listen { address: listen, source };
    let listener = TcpListener::bind(listen).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    let metrics = Arc::new(Metrics::default());
    let (writer, writing) =
        Writer::start(Arc::clone(&storage), Arc::clone(&force.signer), Arc::clone(&metrics));
    let kept = Arc::clone(&storage);
    let app = App::new(storage, writer, force, Arc::clone(&metrics), limits);
    let router = http::router(Arc::new(app));
    let (stop, stopped) = watch::channel(false);
    let figures = tokio::spawn(period::keep_fresh(kept, stopped.clone()));
    let secure = certificate.is_some();
    let serving = match certificate {
        Some(certificate) => {
            let listener =
                TlsListener::start(listener, &certificate, Arc::clone(&metrics)).map_err(cannot)?;
            tokio::spawn(connections::serve(listener, router, limits, metrics, stopped))
        }
        None => {
            // Without it every request waits 40 ms for a delayed acknowledgement.
            let listener = listener.tap_io(|stream| {
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::warn!(%error, "TCP_NODELAY could not be set");
                }
            });
            tokio::spawn(connections::serve(listener, router, limits, metrics, stopped))
        }
    };
    Ok(Running { address, secure, stop, serving, writer: writing, figures })
}
