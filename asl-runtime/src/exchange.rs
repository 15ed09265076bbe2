//! What an HTTP task sends and gets, for those that ask to see it: tests of single states.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Sees the last request of an HTTP task, and its response. A clone sees the same.
#[derive(Clone)]
pub struct Exchange {
    reveals_secrets: bool,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    request: Option<HttpRequest>,
    response: Option<HttpResponse>,
}

/// A request as it was sent.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct HttpRequest {
    /// `GET`, `POST`, ...
    pub method: String,
    /// The address with its query.
    pub url: String,
    /// Names and values, those of the task first.
    pub headers: Vec<(String, String)>,
    /// The body, if it has one.
    pub body: String,
}

/// A response as it came.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct HttpResponse {
    /// `200`
    pub status: u16,
    /// `OK`, where the status has such a text.
    pub reason: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body, as far as it is text.
    pub body: String,
}

impl Exchange {
    /// One who sees what the connection of the task adds only if secrets may be revealed.
    #[must_use]
    pub fn new(reveals_secrets: bool) -> Self {
        Self { reveals_secrets, seen: Arc::default() }
    }

    /// The request, if one was sent.
    #[must_use]
    pub fn request(&self) -> Option<HttpRequest> {
        self.seen().request.clone()
    }

    /// The response, if one came.
    #[must_use]
    pub fn response(&self) -> Option<HttpResponse> {
        self.seen().response.clone()
    }

    #[cfg(feature = "http")]
    pub(crate) const fn reveals_secrets(&self) -> bool {
        self.reveals_secrets
    }

    #[cfg(feature = "http")]
    pub(crate) fn sent(&self, request: HttpRequest) {
        *self.seen() = Seen { request: Some(request), response: None };
    }

    #[cfg(feature = "http")]
    pub(crate) fn came(&self, response: HttpResponse) {
        self.seen().response = Some(response);
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows nothing of what was seen: there may be secrets in it.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("reveals_secrets", &self.reveals_secrets).finish_non_exhaustive()
    }
}

/// Shows nothing that may be a secret.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest").field("method", &self.method).finish_non_exhaustive()
    }
}

/// Shows nothing that may be a secret.
impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse").field("status", &self.status).finish_non_exhaustive()
    }
}
