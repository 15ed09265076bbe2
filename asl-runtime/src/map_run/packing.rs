//! Objects that are packed are unpacked on the way. What tells them is how they start, not how they are called.

mod gzip;
#[cfg(feature = "zstandard")]
pub(super) mod zstandard;

use super::error::MapRunError;
use super::store::ObjectBody;
use gzip::Gzip;
#[cfg(feature = "zstandard")]
use zstandard::Zstandard;

/// What a gzip file starts with.
const GZIP: &[u8] = &[0x1f, 0x8b];
/// What a Zstandard file starts with.
const ZSTANDARD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// What it starts with where its first frame is one to pass over, after a byte from 0x50 to 0x5f.
const SKIPPABLE: &[u8] = &[0x2a, 0x4d, 0x18];

/// An object's content.
pub(super) struct Unpacked {
    body: Box<dyn ObjectBody>,
    packing: Packing,
}

enum Packing {
    /// The first bytes have not been seen, or too few of them.
    Unknown(Vec<u8>),
    None,
    Packed(Box<dyn Unpack>),
}

/// Unpacks a little at a time, because a thousand bytes may come out of one.
trait Unpack: Send {
    /// Takes the next packed bytes.
    fn take(&mut self, packed: Vec<u8>);

    /// What comes out of them; `None` where more of them are needed.
    fn next(&mut self) -> Result<Option<Vec<u8>>, MapRunError>;

    /// What is left at the end of the packed bytes.
    fn end(self: Box<Self>) -> Result<Vec<u8>, MapRunError>;
}

impl Unpacked {
    pub(super) const fn new(body: Box<dyn ObjectBody>) -> Self {
        Self { body, packing: Packing::Unknown(Vec::new()) }
    }

    /// The next piece; `None` at the end.
    pub(super) async fn chunk(&mut self) -> Result<Option<Vec<u8>>, MapRunError> {
        loop {
            if let Packing::Packed(packed) = &mut self.packing
                && let Some(unpacked) = packed.next()?
            {
                return Ok(Some(unpacked));
            }
            let Some(chunk) = self.body.chunk().await? else { return self.end() };
            match &mut self.packing {
                Packing::None => return Ok(Some(chunk)),
                Packing::Packed(packed) => packed.take(chunk),
                Packing::Unknown(start) => {
                    start.extend(chunk);
                    if start.len() >= ZSTANDARD.len() {
                        let start = std::mem::take(start);
                        self.packing = packing(&start)?;
                        match &mut self.packing {
                            Packing::Packed(packed) => packed.take(start),
                            Packing::None | Packing::Unknown(_) => return Ok(Some(start)),
                        }
                    }
                }
            }
        }
    }

    fn end(&mut self) -> Result<Option<Vec<u8>>, MapRunError> {
        let rest = match std::mem::replace(&mut self.packing, Packing::None) {
            Packing::None => Vec::new(),
            Packing::Unknown(start) => start,
            Packing::Packed(packed) => packed.end()?,
        };
        Ok((!rest.is_empty()).then_some(rest))
    }
}

fn packing(start: &[u8]) -> Result<Packing, MapRunError> {
    let is_skippable = matches!(start, [0x50..=0x5f, rest @ ..] if rest.starts_with(SKIPPABLE));
    if start.starts_with(ZSTANDARD) || is_skippable {
        return zstandard();
    }
    let is_gzip = start.starts_with(GZIP);
    Ok(if is_gzip { Packing::Packed(Box::new(Gzip::default())) } else { Packing::None })
}

#[cfg(feature = "zstandard")]
#[expect(clippy::unnecessary_wraps, reason = "it is an error without the feature")]
fn zstandard() -> Result<Packing, MapRunError> {
    Ok(Packing::Packed(Box::new(Zstandard::default())))
}

#[cfg(not(feature = "zstandard"))]
fn zstandard() -> Result<Packing, MapRunError> {
    Err(MapRunError::NeedsFeature {
        what: "The object is packed with Zstandard, which",
        feature: "zstandard",
    })
}
