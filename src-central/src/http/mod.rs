//! The HTTP face: routes, limits and what every request passes through. No SQL, no rules.

mod attachments;
mod auth;
mod challenge;
mod changes;
mod copies;
mod enrol;
mod exchange;
mod failure;
mod health;
mod keys;
mod parts;
mod replace;
mod short;
mod spool;
mod tries;
mod wire;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_ENCODING;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use beatbook_domain::code_list::{self, Edition};
use beatbook_protocol::short::CODING;
use beatbook_protocol::sync::{ATTACHMENTS_PATH, REPLACE_PATH, SPOOL_PATH, SYNC_PATH};
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use challenge::{Challenges, GOOD_FOR_MS};
pub use tries::Tries;

use failure::Failure;

use crate::force::Force;
use crate::keys::Keyring;
use crate::limits::{Limits, Rates, counted};
use crate::metrics::{Limited, Metrics};
use crate::openapi::Described;
use crate::storage::{Storage, Stored};
use crate::writer::Writer;

/// How long the server goes on with code lists it has read before it looks for a newer edition.
const LISTS_FRESH_FOR: Duration = Duration::from_secs(5);

/// Where a request's id is passed back.
const X_REQUEST_ID: &str = "x-request-id";

/// What every handler works with.
pub struct App {
    /// The database.
    pub storage: Arc<dyn Storage>,
    /// The task that writes.
    pub writer: Writer,
    /// The force.
    pub force: Force,
    /// The statement of keys in force.
    pub keys: Keyring,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// Wrong enrolment codes.
    pub tries: Tries,
    /// Makes and judges what requests must repeat.
    pub challenges: Challenges,
    /// What requests are counted by.
    pub rates: Rates,
    /// The limits in force.
    pub limits: Limits,
    /// Requests that were cut off on the way.
    pub(crate) parts: parts::Parts,
    /// Answers whose rest may be asked for.
    pub(crate) answers: parts::Parts,
    lists: Mutex<Option<(Instant, Arc<Edition>)>>,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(
        storage: Arc<dyn Storage>,
        writer: Writer,
        force: Force,
        metrics: Arc<Metrics>,
        limits: Limits,
    ) -> Self {
        let challenges = Challenges::new(&force.row.receipt_secret);
        let keys = Keyring::new(&force);
        Self {
            storage,
            writer,
            force,
            keys,
            metrics,
            tries: Tries::new(limits.wrong_codes),
            challenges,
            rates: Rates::new(&limits),
            limits,
            parts: parts::Parts::default(),
            answers: parts::Parts::default(),
            lists: Mutex::new(None),
        }
    }

    /// The newest edition of the code lists; the built-in one before any import.
    async fn lists(&self) -> Stored<Arc<Edition>> {
        let known = self.lists.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        if let Some((read, edition)) = &known
            && read.elapsed() < LISTS_FRESH_FOR
        {
            return Ok(Arc::clone(edition));
        }
        let edition = match self.storage.lists().await? {
            Some((version, _)) if known.as_ref().is_some_and(|(_, held)| held.version == version) => {
                known.map(|(_, held)| held)
            }
            Some((_, text)) => serde_json::from_str(&text).ok().map(Arc::new),
            None => None,
        };
        let edition = edition.unwrap_or_else(|| Arc::new(code_list::built_in().clone()));
        let read = Some((Instant::now(), Arc::clone(&edition)));
        *self.lists.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = read;
        Ok(edition)
    }
}

/// Paths on which devices ask; every other one is open to anybody.
const OF_DEVICES: [&str; 4] = [SYNC_PATH, REPLACE_PATH, SPOOL_PATH, ATTACHMENTS_PATH];

/// Every route, described by itself.
fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(Described::openapi())
        .routes(routes!(exchange::sync))
        .routes(routes!(parts::held))
        .routes(routes!(parts::rest))
        .routes(routes!(spool::spool))
        .routes(routes!(attachments::fetch))
        .routes(routes!(attachments::bring))
        .routes(routes!(replace::replace))
        .routes(routes!(enrol::enrol))
        .routes(routes!(enrol::again))
        .routes(routes!(keys::keys))
        .routes(routes!(health::described))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(health::metrics))
}

/// The description of all routes.
#[must_use]
pub fn described() -> utoipa::openapi::OpenApi {
    routes().into_openapi()
}

/// All routes with their limits.
pub fn router(app: Arc<App>) -> Router {
    let within = Duration::from_secs(u64::from(app.limits.request_seconds));
    let (router, _) = routes().split_for_parts();
    let router = router
        .fallback(async || Failure::NotFound)
        .method_not_allowed_fallback(async || Failure::Method)
        .layer(middleware::from_fn_with_state(Arc::clone(&app), limited))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), log));
    let router = match within.is_zero() {
        true => router,
        false => router.layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, within)),
    };
    router
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(middleware::map_response(lean))
        .with_state(app)
}

/// Counts a request by its address before anything of it is read.
async fn limited(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>().copied() {
        let (rate, by) = match OF_DEVICES.iter().any(|path| request.uri().path().starts_with(path)) {
            true => (&app.rates.address, Limited::Address),
            false => (&app.rates.open, Limited::Open),
        };
        if let Err(wait) = rate.count(&counted(peer.ip())) {
            app.metrics.limited(by);
            return Failure::TooMany(wait).into_response();
        }
    }
    next.run(request).await
}

/// The answer a phone waits for says nothing that nobody reads.
async fn lean(mut response: Response) -> Response {
    if response.headers().get(CONTENT_ENCODING).is_some_and(|coding| coding == CODING) {
        response.headers_mut().remove(X_REQUEST_ID);
    }
    response
}

/// One line for each request: route, status, time. Never a header, a query or a body.
async fn log(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("(none)".to_owned(), |path| path.as_str().to_owned());
    // A caller's own id is passed back, but only one in plain form is written down.
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok());
    let id = id.filter(|id| id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    let id = id.unwrap_or("-").to_owned();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    app.metrics.answered(status);
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%method, route, status, ms, request_id = id, "request");
    response
}
