//! Objects that are packed are unpacked on the way. What tells them is how they start, not how they are called.

use super::reader::text;
use super::store::ObjectBody;
use flate2::write::MultiGzDecoder;
use std::collections::VecDeque;
use std::io::Write;

/// How many packed bytes are unpacked at once.
const PIECE: usize = 4096;
/// What a gzip file starts with.
const GZIP: &[u8] = &[0x1f, 0x8b];
/// What a Zstandard file starts with.
const ZSTANDARD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// An object's content.
pub(super) struct Unpacked {
    body: Box<dyn ObjectBody>,
    packing: Packing,
}

enum Packing {
    /// The first bytes have not been seen, or too few of them.
    Unknown(Vec<u8>),
    None,
    Gzip(Box<Gzip>),
}

impl Unpacked {
    pub(super) const fn new(body: Box<dyn ObjectBody>) -> Self {
        Self { body, packing: Packing::Unknown(Vec::new()) }
    }

    /// The next piece; `None` at the end.
    pub(super) async fn chunk(&mut self) -> Result<Option<Vec<u8>>, String> {
        loop {
            if let Packing::Gzip(gzip) = &mut self.packing
                && let Some(unpacked) = gzip.next()?
            {
                return Ok(Some(unpacked));
            }
            let Some(chunk) = self.body.chunk().await.map_err(text)? else { return self.end() };
            match &mut self.packing {
                Packing::None => return Ok(Some(chunk)),
                Packing::Gzip(gzip) => gzip.packed.extend(chunk),
                Packing::Unknown(start) => {
                    start.extend(chunk);
                    if start.len() >= ZSTANDARD.len() {
                        let start = std::mem::take(start);
                        self.packing = packing(&start)?;
                        match &mut self.packing {
                            Packing::Gzip(gzip) => gzip.packed.extend(start),
                            Packing::None | Packing::Unknown(_) => return Ok(Some(start)),
                        }
                    }
                }
            }
        }
    }

    fn end(&mut self) -> Result<Option<Vec<u8>>, String> {
        let rest = match std::mem::replace(&mut self.packing, Packing::None) {
            Packing::None => Vec::new(),
            Packing::Unknown(start) => start,
            Packing::Gzip(gzip) => gzip.decoder.finish().map_err(|error| broken(&error))?,
        };
        Ok((!rest.is_empty()).then_some(rest))
    }
}

fn packing(start: &[u8]) -> Result<Packing, String> {
    match start {
        start if start.starts_with(ZSTANDARD) => {
            Err(String::from("Objects that are packed with Zstandard are not supported here."))
        }
        start if start.starts_with(GZIP) => Ok(Packing::Gzip(Box::new(Gzip {
            packed: VecDeque::new(),
            decoder: MultiGzDecoder::new(Vec::new()),
        }))),
        _ => Ok(Packing::None),
    }
}

/// Unpacks a little at a time, because a thousand bytes may come out of one.
struct Gzip {
    packed: VecDeque<u8>,
    decoder: MultiGzDecoder<Vec<u8>>,
}

impl Gzip {
    /// What comes out of the next bytes; `None` where nothing is left to unpack.
    fn next(&mut self) -> Result<Option<Vec<u8>>, String> {
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
}

fn broken(error: &std::io::Error) -> String {
    format!("The gzip file cannot be unpacked: {error}")
}
