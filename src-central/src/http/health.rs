//! Health and figures.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use super::App;
use super::failure::Failure;
use crate::openapi::{self, OpenFailures};

/// This description.
#[utoipa::path(
    get, path = "/v1/openapi.json", operation_id = "openapi", tag = "open",
    responses((status = 200, content_type = "application/json", description = "OpenAPI 3.1"), OpenFailures)
)]
pub async fn described() -> Result<impl IntoResponse, Failure> {
    let text = openapi::text().map_err(|_| Failure::Internal("the description could not be written"))?;
    Ok(([(CONTENT_TYPE, "application/json")], text))
}

/// `GET /healthz`: the process runs.
#[utoipa::path(
    get, path = "/healthz", operation_id = "alive", tag = "open", responses((status = 200, body = String), OpenFailures)
)]
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers.
#[utoipa::path(
    get, path = "/readyz", operation_id = "ready", tag = "open", responses((status = 200, body = String), OpenFailures)
)]
pub async fn ready(State(app): State<Arc<App>>) -> (StatusCode, &'static str) {
    match app.storage.ping().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}

/// `GET /metrics`: figures for Prometheus.
#[utoipa::path(
    get, path = "/metrics", operation_id = "metrics", tag = "open", responses((status = 200, body = String), OpenFailures)
)]
pub async fn metrics(State(app): State<Arc<App>>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics.render())
}
