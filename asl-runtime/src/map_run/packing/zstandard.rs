//! Files that are packed with Zstandard: frames one after the other, each of blocks of up to 128 KiB (RFC 8878).
//!
//! A block is unpacked as soon as all of it is there. Beside it, the decoder holds the window of the frame, of which the frame itself
//! says how large it is: one that wants more than [`WINDOW`] is refused.

use super::Unpack;
use crate::map_run::error::MapRunError;
use ruzstd::decoding::errors::FrameDecoderError;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::fmt;

/// How large the window of a frame may be, in bytes: that of level 20. Without `--ultra` and `--long` none is larger than 8 MiB.
pub(in crate::map_run) const WINDOW: u64 = 32 * 1024 * 1024;

const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
const BLOCK_HEADER: usize = 3;
const CHECKSUM: usize = 4;
/// How large what a block becomes may be, and so the block.
const BLOCK: usize = 128 * 1024;

pub(super) struct Zstandard {
    packed: Vec<u8>,
    /// How far the packed bytes have been unpacked.
    at: usize,
    decoder: FrameDecoder,
    place: NextBytes,
}

/// What the next packed bytes are.
#[derive(Clone, Copy)]
enum NextBytes {
    /// The start of a frame.
    Frame,
    /// So many bytes that are passed over.
    Skipped(usize),
    /// A block of a frame, which has a checksum at its end or none.
    Block { has_checksum: bool },
}

impl Default for Zstandard {
    fn default() -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(WINDOW);
        Self { packed: Vec::new(), at: 0, decoder, place: NextBytes::Frame }
    }
}

impl Unpack for Zstandard {
    fn take(&mut self, packed: Vec<u8>) {
        self.packed.drain(..self.at);
        self.at = 0;
        self.packed.extend(packed);
    }

    fn next(&mut self) -> Result<Option<Vec<u8>>, MapRunError> {
        self.piece().map_err(broken)
    }

    fn end(self: Box<Self>) -> Result<Vec<u8>, MapRunError> {
        self.ended().map(|()| Vec::new()).map_err(broken)
    }
}

impl Zstandard {
    /// What comes out of the next block; `None` where more packed bytes are needed.
    fn piece(&mut self) -> Result<Option<Vec<u8>>, FrameError> {
        loop {
            let unpacked = match self.place {
                NextBytes::Frame => self.frame()?.then(Vec::new),
                NextBytes::Skipped(left) => self.skip(left).then(Vec::new),
                NextBytes::Block { has_checksum } => self.block(has_checksum)?,
            };
            match unpacked {
                Some(unpacked) if unpacked.is_empty() => {}
                unpacked => return Ok(unpacked),
            }
        }
    }

    /// Whether it may end here.
    fn ended(&self) -> Result<(), FrameError> {
        let is_whole = matches!(self.place, NextBytes::Frame) && self.at == self.packed.len();
        if is_whole { Ok(()) } else { Err(FrameError::CutOff) }
    }

    /// Begins a frame, if its header is there.
    fn frame(&mut self) -> Result<bool, FrameError> {
        let rest = self.packed.get(self.at..).unwrap_or_default();
        if let Some([0x50..=0x5f, 0x2a, 0x4d, 0x18]) = rest.first_chunk() {
            let Some([_, _, _, _, length @ ..]) = rest.first_chunk::<8>() else { return Ok(false) };
            let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
            self.at += 8;
            self.place = NextBytes::Skipped(length);
            return Ok(true);
        }
        if rest.first_chunk().is_some_and(|magic| *magic != MAGIC) {
            return Err(FrameError::NotAFrame);
        }
        let Some(descriptor) = rest.get(MAGIC.len()) else { return Ok(false) };
        let length = header_length(*descriptor);
        let Some(mut header) = rest.get(..length) else { return Ok(false) };
        self.decoder.reset(&mut header)?;
        self.at += length;
        self.place = NextBytes::Block { has_checksum: descriptor & 0b100 != 0 };
        Ok(true)
    }

    fn skip(&mut self, left: usize) -> bool {
        let now = left.min(self.packed.len() - self.at);
        self.at += now;
        self.place = if now == left { NextBytes::Frame } else { NextBytes::Skipped(left - now) };
        now == left || now > 0
    }

    /// Unpacks a block, if all of it is there.
    fn block(&mut self, has_checksum: bool) -> Result<Option<Vec<u8>>, FrameError> {
        let rest = self.packed.get(self.at..).unwrap_or_default();
        let Some([low, middle, high]) = rest.first_chunk() else { return Ok(None) };
        let header = u32::from_le_bytes([*low, *middle, *high, 0]);
        let (is_last, kind) = (header & 1 == 1, (header >> 1) & 0b11);
        let size = usize::try_from(header >> 3).unwrap_or(usize::MAX);
        if size > BLOCK {
            return Err(FrameError::LargeBlock);
        }
        // A block of kind 1 is one byte that is repeated.
        let length = BLOCK_HEADER
            + if kind == 1 { 1 } else { size }
            + if is_last && has_checksum { CHECKSUM } else { 0 };
        let Some(mut block) = rest.get(..length) else { return Ok(None) };
        self.decoder.decode_blocks(&mut block, BlockDecodingStrategy::UptoBlocks(1))?;
        self.at += length;
        let unpacked = self.decoder.collect().unwrap_or_default();
        if is_last {
            let (said, is) = (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum());
            if said.is_some() && said != is {
                return Err(FrameError::OtherChecksum);
            }
            self.place = NextBytes::Frame;
        }
        Ok(Some(unpacked))
    }
}

/// How long the header of a frame is, its magic number included.
const fn header_length(descriptor: u8) -> usize {
    let is_single_segment = descriptor & 0b10_0000 != 0;
    let window = if is_single_segment { 0 } else { 1 };
    let dictionary = match descriptor & 0b11 {
        0 => 0,
        1 => 1,
        2 => 2,
        _ => 4,
    };
    let content_size = match descriptor >> 6 {
        0 if is_single_segment => 1,
        0 => 0,
        1 => 2,
        2 => 4,
        _ => 8,
    };
    MAGIC.len() + 1 + window + dictionary + content_size
}

/// A byte becomes no more than so many: a block of 4 bytes can be one byte that is repeated 131,072 times.
const RATIO: usize = 32_768;

/// What becomes of packed bytes, at most so many.
#[cfg(feature = "parquet")]
pub(in crate::map_run) fn unpacked(packed: Vec<u8>, most: usize) -> Result<Vec<u8>, FrameError> {
    // Room that grew by itself could be twice as much as is needed.
    let mut unpacked = Vec::with_capacity(most.min(packed.len().saturating_mul(RATIO)));
    let mut unpacking = Zstandard::default();
    unpacking.take(packed);
    while let Some(mut piece) = unpacking.piece()? {
        if unpacked.len() + piece.len() > most {
            return Err(FrameError::MoreThanSaid);
        }
        unpacked.append(&mut piece);
    }
    unpacking.ended()?;
    Ok(unpacked)
}

/// Why packed bytes cannot be unpacked.
#[derive(Debug)]
pub(in crate::map_run) enum FrameError {
    CutOff,
    NotAFrame,
    LargeBlock,
    OtherChecksum,
    #[cfg(feature = "parquet")]
    MoreThanSaid,
    Decoder(FrameDecoderError),
}

impl From<FrameDecoderError> for FrameError {
    fn from(error: FrameDecoderError) -> Self {
        Self::Decoder(error)
    }
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CutOff => f.write_str("it ends within a frame"),
            Self::NotAFrame => f.write_str("it has something that is not a frame"),
            Self::LargeBlock => f.write_str("a block is too large"),
            Self::OtherChecksum => f.write_str("the checksum of a frame is that of something else"),
            #[cfg(feature = "parquet")]
            Self::MoreThanSaid => f.write_str("there is more in it than is said"),
            Self::Decoder(FrameDecoderError::WindowSizeTooBig { requested, max }) => {
                write!(f, "it needs a window of {requested} bytes, which is more than {max} bytes")
            }
            Self::Decoder(error) => error.fmt(f),
        }
    }
}

fn broken(why: FrameError) -> MapRunError {
    MapRunError::Packed { format: "Zstandard", why: why.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    fn packed(text: &str) -> Vec<u8> {
        compress_to_vec(text.as_bytes(), CompressionLevel::Fastest)
    }

    fn in_pieces(packed: &[u8], piece: usize) -> Result<String, String> {
        let (mut unpacking, mut text) = (Zstandard::default(), Vec::new());
        for piece in packed.chunks(piece) {
            unpacking.take(piece.to_vec());
            while let Some(mut unpacked) = unpacking.next()? {
                text.append(&mut unpacked);
            }
        }
        text.append(&mut Box::new(unpacking).end()?);
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    #[test]
    fn frames_follow_each_other_and_some_are_passed_over() {
        let skipped = [0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
        let empty = [0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0];
        let (first, second) = ("a line\n".repeat(40_000), "another\n");
        let file = [&skipped[..], &packed(&first), &empty, &packed(second), &skipped].concat();
        for piece in [1, 7, 4096, file.len()] {
            assert_eq!(
                in_pieces(&file, piece).unwrap(),
                first.clone() + second,
                "in pieces of {piece} bytes"
            );
        }
    }

    #[test]
    fn a_frame_that_is_cut_off_is_an_error_wherever_it_is_cut() {
        let file = packed("some text, some text, some text");
        for end in 1..file.len() {
            assert!(in_pieces(&file[..end], 5).is_err(), "after {end} bytes");
        }
    }

    #[test]
    fn a_checksum_is_compared() {
        let mut file = packed("some text");
        assert!(file[4] & 0b100 != 0, "there is none to compare");
        *file.last_mut().unwrap() ^= 1;
        assert_eq!(
            in_pieces(&file, 64).unwrap_err(),
            "The Zstandard file cannot be unpacked: the checksum of a frame is that of something else"
        );
    }

    #[test]
    fn a_large_window_is_refused() {
        // An exponent of 17 over 1 KiB.
        let file = [&MAGIC[..], &[0, 17 << 3]].concat();
        assert_eq!(
            in_pieces(&file, 64).unwrap_err(),
            "The Zstandard file cannot be unpacked: it needs a window of 134217728 bytes, which is more than 33554432 bytes"
        );
    }
}
