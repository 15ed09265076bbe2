//! Why a page cannot be shown, as a page: what is, why, and the one next step.

use super::frame;
use super::json::prose;
use crate::protocol::error::ApiError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::html;

/// A page that says what is wrong.
#[derive(Debug)]
pub(crate) struct Failure {
    status: StatusCode,
    title: String,
    message: String,
    asks_for_key: bool,
}

impl Failure {
    pub(crate) fn new(status: StatusCode, title: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, title: title.into(), message: message.into(), asks_for_key: false }
    }

    /// There is no such thing.
    pub(crate) fn missing(what: impl Into<String>) -> Self {
        let message = "It may have been deleted, or its name is another one. Executions are kept for 90 days after their end.";
        Self::new(StatusCode::NOT_FOUND, what, message)
    }

    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "This cannot be done", message)
    }

    pub(crate) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "It is too large", "A form may have 4 MiB.")
    }

    pub(crate) fn asks_for_key() -> Self {
        let message =
            "The server has keys: the pages take the id of one as the name, and its secret as the password.";
        Self { asks_for_key: true, ..Self::new(StatusCode::UNAUTHORIZED, "Who are you?", message) }
    }
}

/// What is said where there is no page.
pub(crate) async fn nowhere() -> Failure {
    Failure::new(
        StatusCode::NOT_FOUND,
        "There is no such page",
        "The address may have been cut off or mistyped.",
    )
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
        Self::new(status, error.kind.into_owned(), error.message)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let body = html! {
            section.panel { div.empty {
                h1 { (prose(&self.title)) }
                p { (prose(&self.message)) }
                a.btn href="/" { "All machines" }
            } }
        };
        let mut response =
            axum::response::Html(frame::bare(&self.title, &body).into_string()).into_response();
        *response.status_mut() = self.status;
        if self.asks_for_key {
            let realm = HeaderValue::from_static("Basic realm=\"console\", charset=\"UTF-8\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, realm);
        }
        response
    }
}
