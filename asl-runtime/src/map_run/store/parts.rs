//! Parts of objects, for stores that can only read an object from its start.

use super::{ObjectBody, ObjectEnd, StoreError};
use crate::integration::BoxFuture;
use std::ops::Range;

/// The part of an object that is in a range.
pub(crate) struct RangeBody {
    body: Box<dyn ObjectBody>,
    skipped: u64,
    left: u64,
}

impl RangeBody {
    pub(crate) fn new(body: Box<dyn ObjectBody>, range: &Range<u64>) -> Self {
        Self { body, skipped: range.start, left: range.end.saturating_sub(range.start) }
    }
}

impl ObjectBody for RangeBody {
    fn chunk(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>, StoreError>> {
        Box::pin(async move {
            while self.left > 0 {
                let Some(mut chunk) = self.body.chunk().await? else { break };
                let skipped =
                    usize::try_from(self.skipped).map_or(chunk.len(), |skipped| skipped.min(chunk.len()));
                self.skipped -= skipped as u64;
                chunk.drain(..skipped);
                chunk.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
                self.left -= chunk.len() as u64;
                if !chunk.is_empty() {
                    return Ok(Some(chunk));
                }
            }
            Ok(None)
        })
    }
}

/// The end of an object, for which all of it is read.
pub(crate) async fn end(mut body: Box<dyn ObjectBody>, length: usize) -> Result<ObjectEnd, StoreError> {
    let (mut bytes, mut size) = (Vec::new(), 0);
    while let Some(chunk) = body.chunk().await? {
        size += chunk.len() as u64;
        bytes.extend(chunk);
        // Not each time, because what is left moves.
        if bytes.len() >= length.saturating_mul(2) {
            bytes.drain(..bytes.len() - length);
        }
    }
    bytes.drain(..bytes.len().saturating_sub(length));
    Ok(ObjectEnd { bytes, size, etag: None })
}
