//! The wire: `POST /` with `X-Amz-Target: AWSStepFunctions.Name` and a JSON object, and JSON back.
//!
//! In: HTTP requests to any host, with or without the prefix `sync-` that SDKs put before it, and with or without a signature. Out: answers of
//! actions. Nothing here knows what an action does.

pub(crate) mod date;
pub(crate) mod error;

use crate::server::Server;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::routing::{get, post};
use error::ApiError;
use serde_json::Value;

/// A definition may have 1 MiB, which takes more where it is written as a string in JSON.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.0");
const TARGET: &str = "x-amz-target";
const PREFIX: &str = "AWSStepFunctions.";

/// What answers requests.
pub(crate) fn router(server: Server) -> Router {
    Router::new()
        .route("/", post(act))
        .route("/health", get(async || "ok\n"))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(server)
}

async fn act(State(server): State<Server>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let answer = match request(&headers, &body) {
        Ok((action, request)) => server.call(action, request).await,
        Err(error) => Err(error),
    };
    let (status, body) = match answer {
        Ok(answer) => (StatusCode::OK, answer),
        Err(error) => (StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST), error.body()),
    };
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, CONTENT_TYPE);
    if let Ok(id) = HeaderValue::from_str(&server.new_id()) {
        response.headers_mut().insert("x-amzn-requestid", id);
    }
    response
}

/// The action that is asked for, and its parameters.
fn request<'h>(headers: &'h HeaderMap, body: &[u8]) -> Result<(&'h str, Value), ApiError> {
    let target = headers.get(TARGET).and_then(|target| target.to_str().ok()).unwrap_or_default();
    let Some(action) = target.strip_prefix(PREFIX) else {
        return Err(ApiError::new("UnknownOperationException", ""));
    };
    let body = if body.is_empty() { b"{}" } else { body };
    let request = serde_json::from_slice(body).map_err(|_| ApiError::new("SerializationException", ""))?;
    Ok((action, request))
}
