//! The wire: `POST /` with `X-Amz-Target: AWSStepFunctions.Name` and a JSON object, and JSON back.
//!
//! In: HTTP requests to any host, with or without the prefix `sync-` that SDKs put before it, and signed, if the server has keys. Out: answers of
//! actions, and pages for those who look after the server. Nothing here knows what an action does.

pub(crate) mod connections;
pub(crate) mod date;
pub(crate) mod error;
pub(crate) mod keys;
pub(crate) mod origin;

use crate::console;
use crate::server::Server;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::routing::{get, post};
use date::Date;
use error::ApiError;
use keys::Signed;
use metrics::{counter, histogram};
use serde_json::Value;
use std::time::Instant;

/// A definition may have 1 MiB, which takes more where it is written as a string in JSON.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.0");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
const TARGET: &str = "x-amz-target";
const PREFIX: &str = "AWSStepFunctions.";

/// What answers requests.
pub(crate) fn router(server: Server) -> Router {
    let pages = console::router(&server).unwrap_or_default();
    Router::new()
        .route("/", post(act))
        .route("/health", get(async || "ok\n"))
        .route("/metrics", get(metrics_page))
        .with_state(server)
        .merge(pages)
}

async fn act(State(server): State<Server>, request: Request) -> Response<Body> {
    let start = Instant::now();
    let (head, body) = request.into_parts();
    let target = head.headers.get(TARGET).and_then(|target| target.to_str().ok()).unwrap_or_default();
    let action = target.strip_prefix(PREFIX);
    let answer = match read(&server, &head, body).await {
        Ok(parameters) => match action {
            Some(action) => server.call(action, parameters).await,
            None => Err(ApiError::new("UnknownOperationException", "")),
        },
        Err(error) => Err(error),
    };
    let action = action.unwrap_or_default();
    count(action, answer.as_ref().err(), start);
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

/// The parameters of an action, if the caller may ask.
async fn read(server: &Server, head: &Parts, body: Body) -> Result<Value, ApiError> {
    if !origin::is_good(&head.headers, server.names()) {
        let message = "Requests of pages of other hosts are not answered";
        return Err(ApiError::forbidden("AccessDeniedException", message));
    }
    let length =
        head.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    // What is said to be too large is not waited for.
    if length.is_some_and(|length: usize| length > BODY_LIMIT) {
        return Err(ApiError::too_large());
    }
    let body = to_bytes(body, BODY_LIMIT).await.map_err(|_| ApiError::too_large())?;
    if let Some(keys) = server.keys() {
        let signed = Signed { method: &head.method, uri: &head.uri, headers: &head.headers, body: &body };
        keys.check(&signed, Date::now().timestamp())?;
    }
    let body = if body.is_empty() { b"{}" } else { &*body };
    serde_json::from_slice(body).map_err(|_| ApiError::new("SerializationException", ""))
}

/// Counts a request. What was asked is one of the actions, so that there are no more series than actions.
fn count(action: &str, error: Option<&ApiError>, start: Instant) {
    let action = crate::model::action(action).unwrap_or("Unknown");
    let error = error.map(|error| error.kind.clone()).unwrap_or_default();
    counter!("Requests", "Action" => action, "Error" => error).increment(1);
    histogram!("RequestTime", "Action" => action).record(start.elapsed().as_secs_f64() * 1000.0);
}

/// What a Prometheus server reads.
async fn metrics_page(State(server): State<Server>, headers: HeaderMap) -> Response<Body> {
    let may_see = server.keys().is_none_or(|keys| keys.lets_see(&headers));
    let page = server.metrics().filter(|_| may_see);
    let mut response = Response::new(Body::from(page.unwrap_or_default()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, TEXT);
    if !may_see {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"metrics\""));
        *response.status_mut() = StatusCode::UNAUTHORIZED;
    } else if server.metrics().is_none() {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}
