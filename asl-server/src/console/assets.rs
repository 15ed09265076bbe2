//! The files that do not change: a style sheet, a script and an icon, by names with a hash of what is in them.

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::sync::LazyLock;

/// A file.
pub(crate) struct Asset {
    text: &'static str,
    kind: &'static str,
    path: LazyLock<String>,
}

pub(crate) static STYLE: Asset = Asset {
    text: include_str!("static/style.css"),
    kind: "text/css; charset=utf-8",
    path: LazyLock::new(|| named("style", "css", include_str!("static/style.css"))),
};

pub(crate) static SCRIPT: Asset = Asset {
    text: include_str!("static/console.js"),
    kind: "text/javascript; charset=utf-8",
    path: LazyLock::new(|| named("console", "js", include_str!("static/console.js"))),
};

pub(crate) static ICON: Asset = Asset {
    text: include_str!("static/icon.svg"),
    kind: "image/svg+xml",
    path: LazyLock::new(|| named("icon", "svg", include_str!("static/icon.svg"))),
};

impl Asset {
    /// Where it is.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// What is in it.
    pub(crate) const fn text(&self) -> &'static str {
        self.text
    }

    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

fn named(name: &str, extension: &str, text: &str) -> String {
    let mut path = format!("/static/{name}-");
    for byte in Sha256::digest(text.as_bytes()).iter().take(6) {
        let _ = write!(path, "{byte:02x}");
    }
    path + "." + extension
}

/// A file by its name.
pub(crate) async fn file(Path(name): Path<String>) -> Response {
    let Some(asset) = [&STYLE, &SCRIPT, &ICON].into_iter().find(|asset| asset.name() == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    (headers, asset.text).into_response()
}
