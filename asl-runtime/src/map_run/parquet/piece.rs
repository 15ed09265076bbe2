//! Bytes that several readers share, each of a part of them.

use std::sync::Arc;

/// A part of shared bytes, from which bytes are taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    all: Arc<Vec<u8>>,
    at: usize,
    end: usize,
}

impl Piece {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self { at: 0, end: bytes.len(), all: Arc::new(bytes) }
    }

    pub(super) const fn len(&self) -> usize {
        self.end - self.at
    }

    pub(super) fn rest(&self) -> &[u8] {
        self.all.get(self.at..self.end).unwrap_or_default()
    }

    /// Takes so many bytes, if there are as many.
    pub(super) fn take(&mut self, length: usize) -> Option<&[u8]> {
        let at = self.at;
        let end = at.checked_add(length).filter(|end| *end <= self.end)?;
        self.at = end;
        self.all.get(at..end)
    }

    /// Takes so many bytes as a part of its own, if there are as many.
    pub(super) fn split(&mut self, length: usize) -> Option<Self> {
        let at = self.at;
        self.take(length)?;
        Some(Self { all: Arc::clone(&self.all), at, end: self.at })
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    /// A length of four bytes.
    pub(super) fn length(&mut self) -> Option<usize> {
        let length = u32::from_le_bytes(*self.take(4)?.first_chunk()?);
        usize::try_from(length).ok()
    }

    /// A number in groups of seven bits, the lowest first.
    pub(super) fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// A number with a sign, which is its lowest bit.
    pub(super) fn zigzag(&mut self) -> Option<i64> {
        self.varint().map(unzigzag)
    }
}

#[expect(clippy::cast_possible_wrap, reason = "half of it is negative")]
pub(super) const fn unzigzag(number: u64) -> i64 {
    ((number >> 1) as i64) ^ -((number & 1) as i64)
}
