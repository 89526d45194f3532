//! Connections: accepted within limits, served with a time by which each head must be there, ended in order.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::sync::watch;
use tower::ServiceExt as _;

use crate::limits::{Limits, Places};
use crate::metrics::Metrics;

/// How long requests under way may take once the server is stopping, beyond their own time.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Serves until `stopped` says so, then lets requests under way finish.
pub async fn serve<L>(
    mut listener: L,
    router: Router,
    limits: Limits,
    metrics: std::sync::Arc<Metrics>,
    mut stopped: watch::Receiver<bool>,
) -> std::io::Result<()>
where
    L: Listener<Addr = SocketAddr>,
{
    let (places, under_way) = (Places::new(&limits), GracefulShutdown::new());
    let mut protocol = http1::Builder::new();
    protocol.timer(TokioTimer::new());
    if limits.head_seconds > 0 {
        protocol.header_read_timeout(Duration::from_secs(u64::from(limits.head_seconds)));
    }
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => accepted,
            // An error means the handle is gone: then it is to stop too.
            _ = stopped.wait_for(|stop| *stop) => break,
        };
        let Some(place) = places.take(peer.ip()) else {
            metrics.connection_refused();
            continue;
        };
        let router = router.clone();
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let (router, mut request) = (router.clone(), request.map(Body::new));
            request.extensions_mut().insert(ConnectInfo(peer));
            async move {
                Ok::<_, Infallible>(router.oneshot(request).await.unwrap_or_else(|never| match never {}))
            }
        });
        let connection = under_way.watch(protocol.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            let _place = place;
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
        });
    }
    drop(listener);
    let most = Duration::from_secs(u64::from(limits.request_seconds)) + LAST_WORDS;
    if tokio::time::timeout(most, under_way.shutdown()).await.is_err() {
        tracing::warn!("requests were still under way when the server ended");
    }
    Ok(())
}
