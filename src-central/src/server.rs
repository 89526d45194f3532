//! The running server: listens, serves, stops without cutting anybody off.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::force::{self, ForceError};
use crate::http::{self, App};
use crate::metrics::Metrics;
use crate::storage::Storage;
use crate::writer::Writer;

/// Why the server did not start or stop.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The force.
    #[error(transparent)]
    Force(#[from] ForceError),
    /// Plain HTTP beyond loopback.
    #[error(
        "{0} can be reached from other machines, and this build serves plain HTTP only: records would cross the \
         network in the clear. Listen on 127.0.0.1 or [::1]. TLS with a certificate of the force is not built yet."
    )]
    NotLoopback(SocketAddr),
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
    stop: watch::Sender<bool>,
    serving: JoinHandle<std::io::Result<()>>,
    writer: JoinHandle<()>,
}

impl Running {
    /// `http://…`
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
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
        self.writer.await.map_err(|_| ServeError::Task)
    }
}

/// Starts serving.
///
/// # Errors
/// When the database holds no force, the address is not loopback, or cannot be listened on.
pub async fn start(storage: Arc<dyn Storage>, listen: SocketAddr) -> Result<Running, ServeError> {
    if !listen.ip().is_loopback() {
        return Err(ServeError::NotLoopback(listen));
    }
    let force = force::load(storage.as_ref()).await?;
    let cannot = |source| ServeError::Listen { address: listen, source };
    let listener = TcpListener::bind(listen).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    let metrics = Arc::new(Metrics::default());
    let (writer, writing) =
        Writer::start(Arc::clone(&storage), Arc::clone(&force.signer), Arc::clone(&metrics));
    let router = http::router(Arc::new(App::new(storage, writer, force, metrics)));
    // Without it every request waits 40 ms for a delayed acknowledgement.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::warn!(%error, "TCP_NODELAY could not be set");
        }
    });
    let (stop, mut stopped) = watch::channel(false);
    let serve = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async move {
            // An error means the handle is gone: then it is to stop too.
            let _ = stopped.wait_for(|stop| *stop).await;
        });
    let serving = tokio::spawn(async move { serve.await });
    Ok(Running { address, stop, serving, writer: writing })
}
