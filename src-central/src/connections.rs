//! Connections: accepted within limits, served with a time by which each head must be there, ended in order.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use crate::begins::Begins;
use crate::limits::{Limits, Places};
use crate::metrics::Metrics;

/// Requests that one connection of HTTP/2 may have under way.
const MOST_STREAMS: u32 = 32;
/// A connection of HTTP/2 that was silent for so long is asked whether anybody is there. Phones close theirs before.
const ASK_IDLE_AFTER: Duration = Duration::from_secs(300);

/// How long requests under way may take once the server is stopping, beyond their own time; and how long whoever has none
/// under way has to hang up. One whose other end is gone without a word never would.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// How often it is looked whether any request is under way.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Counts requests under way; one for each that is answered or given up is taken off.
struct UnderWay(Arc<AtomicUsize>);

impl UnderWay {
    fn one_more(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(count))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Serves until `stopped` says so, then lets requests under way finish.
pub async fn serve<L>(
    mut listener: L,
    router: Router,
    limits: Limits,
    metrics: Arc<Metrics>,
    mut stopped: watch::Receiver<bool>,
) -> std::io::Result<()>
where
    L: Listener<Addr = SocketAddr>,
{
    let (places, under_way) = (Places::new(&limits), GracefulShutdown::new());
    let head_within = Duration::from_secs(u64::from(limits.head_seconds));
    let mut protocol = Builder::new(TokioExecutor::new());
    protocol.http1().timer(TokioTimer::new());
    // Devices read the time in the reply; a date in each would be a tenth of an answer to one entry.
    protocol.http2().timer(TokioTimer::new()).auto_date_header(false).max_concurrent_streams(MOST_STREAMS);
    if limits.head_seconds > 0 {
        protocol.http1().header_read_timeout(head_within);
        protocol.http2().keep_alive_interval(ASK_IDLE_AFTER).keep_alive_timeout(head_within);
    }
    let (requests, mut connections) = (Arc::<AtomicUsize>::default(), JoinSet::new());
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            // An error means the handle is gone: then it is to stop too.
            _ = stopped.wait_for(|stop| *stop) => break,
        };
        let Some(place) = places.take(peer.ip()) else {
            metrics.connection_refused();
            continue;
        };
        let (router, requests) = (router.clone(), Arc::clone(&requests));
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let (router, mut request) = (router.clone(), request.map(Body::new));
            request.extensions_mut().insert(ConnectInfo(peer));
            let under_way = UnderWay::one_more(&requests);
            async move {
                let _under_way = under_way;
                Ok::<_, Infallible>(router.oneshot(request).await.unwrap_or_else(|never| match never {}))
            }
        });
        let stream = Begins::within(stream, head_within);
        let connection = protocol.serve_connection(TokioIo::new(stream), service).into_owned();
        let connection = under_way.watch(connection);
        connections.spawn(async move {
            let _place = place;
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
        });
    }
    drop(listener);
    let most = Duration::from_secs(u64::from(limits.request_seconds)) + LAST_WORDS;
    let quiet = async {
        tokio::time::sleep(LAST_WORDS).await;
        while requests.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    tokio::select! {
        () = under_way.shutdown() => {}
        () = quiet => {}
        () = tokio::time::sleep(most) => {
            tracing::warn!("requests were still under way when the server ended");
        }
    }
    // What is left has nobody at its other end, or nothing to say.
    connections.shutdown().await;
    Ok(())
}
