//! Files that are packed with gzip.

use super::Unpack;
use crate::map_run::error::MapRunError;
use flate2::write::MultiGzDecoder;
use std::collections::VecDeque;
use std::io::Write;

/// How many packed bytes are unpacked at once.
const PIECE: usize = 4096;

pub(super) struct Gzip {
    packed: VecDeque<u8>,
    decoder: MultiGzDecoder<Vec<u8>>,
}

impl Default for Gzip {
    fn default() -> Self {
        Self { packed: VecDeque::new(), decoder: MultiGzDecoder::new(Vec::new()) }
    }
}

impl Unpack for Gzip {
    fn take(&mut self, packed: Vec<u8>) {
        self.packed.extend(packed);
    }

    fn next(&mut self) -> Result<Option<Vec<u8>>, MapRunError> {
        while !self.packed.is_empty() {
            let piece: Vec<u8> = self.packed.drain(..self.packed.len().min(PIECE)).collect();
            self.decoder.write_all(&piece).map_err(|error| broken(&error))?;
            let unpacked = std::mem::take(self.decoder.get_mut());
            if !unpacked.is_empty() {
                return Ok(Some(unpacked));
            }
        }
        Ok(None)
    }

    fn end(self: Box<Self>) -> Result<Vec<u8>, MapRunError> {
        self.decoder.finish().map_err(|error| broken(&error))
    }
}

fn broken(error: &std::io::Error) -> MapRunError {
    MapRunError::Packed { format: "gzip", why: error.to_string() }
}
