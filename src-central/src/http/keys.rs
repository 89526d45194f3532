//! `GET /v1/keys`: the newest statement of keys, to anybody. It holds public keys and the root key's signature.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use beatbook_protocol::sync::SignedStatement;

use super::App;
use super::failure::Failure;
use crate::openapi::OpenFailures;

/// The newest statement of keys.
#[utoipa::path(
    get, path = "/v1/keys", operation_id = "keys", tag = "open",
    responses((status = 200, body = SignedStatement), OpenFailures)
)]
pub async fn keys(State(app): State<Arc<App>>) -> Result<Json<SignedStatement>, Failure> {
    let known = app.keys.newest(app.storage.as_ref(), 0).await?;
    Ok(Json(known.signed.clone()))
}
