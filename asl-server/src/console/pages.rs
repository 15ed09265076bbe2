//! The pages, one file each.

pub(crate) mod activities;
pub(crate) mod compare;
pub(crate) mod download;
pub(crate) mod editor;
pub(crate) mod execution;
pub(crate) mod executions;
pub(crate) mod find;
pub(crate) mod iterations;
pub(crate) mod machine;
pub(crate) mod machines;
pub(crate) mod map_run;
pub(crate) mod open;

use axum::response::{IntoResponse, Response};
use maud::Markup;

/// A page as an answer.
pub(crate) struct Page(pub(crate) Markup);

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        axum::response::Html(self.0.into_string()).into_response()
    }
}
