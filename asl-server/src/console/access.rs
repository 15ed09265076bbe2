//! Who may see the pages, and who may change anything by them.
//!
//! In: a request of a browser. Out: the same request, or why it is refused. Four things are looked at, in this order: the name by which the server was
//! called, so that a page elsewhere cannot reach it by its own name (DNS rebinding); the key, where the server has keys; for what changes
//! something, from which page it comes; and the token that only pages of this server have in their forms.

use super::Console;
use super::failure::Failure;
use super::fields::Fields;
use crate::protocol::origin;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// A definition may have 1 MiB, which takes more in a form.
const BODY_LIMIT: usize = 4 * 1024 * 1024;

const POLICY: &str = "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; script-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What goes with each page. An `Origin` is only sent with forms where the referrer policy lets it.
const HEADERS: [(&str, &str); 5] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Lets a request pass that may.
pub(crate) async fn guard(State(console): State<Console>, request: Request, next: Next) -> Response {
    let mut response = match console.admit(request).await {
        Ok(request) => match console.server.inner.catch_up().await {
            Ok(()) => next.run(request).await,
            Err(error) => Failure::from(error).into_response(),
        },
        Err(failure) => failure.into_response(),
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    // What a page shows is of now; files with a hash in their names say otherwise.
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

impl Console {
    async fn admit(&self, request: Request) -> Result<Request, Failure> {
        let host = text(request.headers(), "host").unwrap_or_default().to_owned();
        if !origin::is_own(origin::without_port(&host), self.server.names()) {
            let message = "The pages are only shown by the address of the server. To show them by another name, name it: `--console-host`.";
            return Err(Failure::new(StatusCode::FORBIDDEN, "Not by this name", message));
        }
        if self.server.keys().is_some_and(|keys| !keys.lets_see(request.headers())) {
            return Err(Failure::asks_for_key());
        }
        if *request.method() != Method::POST {
            return Ok(request);
        }
        let (mut head, body) = request.into_parts();
        if !comes_from(&head.headers, &host) {
            let message = "What changes something has to come from a page of this server.";
            return Err(Failure::new(StatusCode::FORBIDDEN, "Not from this page", message));
        }
        let body = to_bytes(body, BODY_LIMIT).await.map_err(|_| Failure::too_large())?;
        let fields = Fields::read(&body);
        if fields.get("token") != Some(&*self.token) {
            let message = "The page is from before the server was started. Load it again, and try once more.";
            return Err(Failure::new(StatusCode::FORBIDDEN, "The page is too old", message));
        }
        head.extensions.insert(fields);
        Ok(Request::from_parts(head, Body::empty()))
    }
}

/// Whether a browser sends it from a page of this server. Without either header it is not a browser that others can lead.
fn comes_from(headers: &HeaderMap, host: &str) -> bool {
    let is_same =
        |origin: &str| origin.split_once("://").is_some_and(|(_, of)| of.eq_ignore_ascii_case(host));
    let site = text(headers, "sec-fetch-site").is_none_or(|site| site == "same-origin");
    site && text(headers, "origin").is_none_or(is_same)
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}
