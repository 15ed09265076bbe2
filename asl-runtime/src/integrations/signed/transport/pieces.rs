//! The body of a request, which a server takes piece by piece.
//!
//! In: bytes. Out: pieces of them, and when the last of these was taken: as long as pieces are taken, a server is not silent.

use hyper::body::{Body, Bytes, Frame, SizeHint};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use tokio::time::Instant;

const PIECE: usize = 64 * 1024;

/// The bytes that have not been taken.
pub(in crate::integrations::signed) struct Pieces {
    rest: Bytes,
    taken: Taken,
}

/// When something was taken last. A clone is about the same body.
#[derive(Clone)]
pub(super) struct Taken(Arc<Mutex<Instant>>);

impl Pieces {
    pub(super) fn taken(&self) -> Taken {
        self.taken.clone()
    }
}

impl Taken {
    pub(super) fn when(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something was taken, or may be from now on.
    pub(super) fn now(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }
}

impl<T: Into<Bytes>> From<T> for Pieces {
    fn from(bytes: T) -> Self {
        Self { rest: bytes.into(), taken: Taken(Arc::new(Mutex::new(Instant::now()))) }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let length = self.rest.len().min(PIECE);
        let piece = self.rest.split_to(length);
        self.taken.now();
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
