//! What a server answers, whichever client asked it.
//!
//! In: an answer as it begins. Out: its head, and its body piece by piece or up to a limit. Never unpacks a body, and never waits for a
//! server that is silent for longer than it may be.

use crate::integrations::request_error::RequestError;
use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};
use std::error::Error;
use std::time::Duration;

/// An answer whose body has not been read.
pub(in crate::integrations) struct Answer {
    response: Response,
    /// How long the server may be silent before the next piece of the body.
    read_timeout: Option<Duration>,
}

/// Why there is no body.
pub(in crate::integrations) enum BodyError {
    TooLarge,
    Broken(RequestError),
}

impl Answer {
    pub(in crate::integrations) fn new(
        response: impl Into<Response>,
        read_timeout: Option<Duration>,
    ) -> Self {
        Self { response: response.into(), read_timeout }
    }

    pub(in crate::integrations) fn status(&self) -> StatusCode {
        self.response.status()
    }

    pub(in crate::integrations) fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The next piece of the body, not empty; nothing at its end.
    #[cfg(feature = "s3")]
    pub(in crate::integrations) async fn chunk(&mut self) -> Result<Option<Vec<u8>>, RequestError> {
        Ok(self.piece().await?.map(Into::into))
    }

    /// The same as it was received, without a copy.
    async fn piece(&mut self) -> Result<Option<impl AsRef<[u8]> + Into<Vec<u8>> + use<>>, RequestError> {
        loop {
            let chunk = within("Read", self.read_timeout, self.response.chunk()).await?;
            match chunk.map_err(|error| innermost(&error))? {
                Some(chunk) if chunk.is_empty() => {}
                chunk => return Ok(chunk),
            }
        }
    }

    /// Reads the body, and stops where it gets larger than the limit.
    pub(in crate::integrations) async fn read_body(&mut self, limit: usize) -> Result<Vec<u8>, BodyError> {
        let mut read = Vec::new();
        if self.response.content_length().is_some_and(|length| length > limit as u64) {
            return Err(BodyError::TooLarge);
        }
        while let Some(piece) = self.piece().await.map_err(BodyError::Broken)? {
            let piece = piece.as_ref();
            if read.len() + piece.len() > limit {
                return Err(BodyError::TooLarge);
            }
            read.extend_from_slice(piece);
        }
        Ok(read)
    }
}

/// What is waited for, or that it took too long.
pub(in crate::integrations) async fn within<T>(
    what: &'static str,
    limit: Option<Duration>,
    awaited: impl Future<Output = T>,
) -> Result<T, RequestError> {
    let Some(limit) = limit else { return Ok(awaited.await) };
    let waited = tokio::time::timeout(limit, awaited).await;
    waited.map_err(|_| RequestError::TimedOut(what, limit))
}

/// The innermost reason, without the address.
pub(in crate::integrations) fn innermost(error: &dyn Error) -> RequestError {
    let mut reason = error;
    while let Some(source) = reason.source() {
        reason = source;
    }
    RequestError::Broken(reason.to_string())
}
