//! Whole numbers as differences to the one before (`DELTA_BINARY_PACKED`).

use super::bits::Bits;
use super::piece::Piece;

/// Reads numbers: blocks, each with the smallest difference in it, and in them miniblocks, each with a width of its own.
#[derive(Debug)]
pub(super) struct Deltas {
    bytes: Piece,
    /// How many miniblocks are in a block, and how many numbers in each of them.
    miniblocks: usize,
    in_miniblock: u64,
    /// How many numbers are left.
    left: u64,
    /// The number that comes next.
    number: i64,
    smallest: i64,
    widths: Piece,
    bits: Bits,
    left_in_miniblock: u64,
}

impl Deltas {
    pub(super) fn new(mut bytes: Piece) -> Option<Self> {
        let block = bytes.varint()?;
        let miniblocks = bytes.varint()?;
        let left = bytes.varint()?;
        let number = bytes.zigzag()?;
        let in_miniblock = block.checked_div(miniblocks)?;
        // They end at bytes.
        if in_miniblock == 0 || in_miniblock % 8 != 0 || in_miniblock > u64::from(u32::MAX) {
            return None;
        }
        Some(Self {
            bytes,
            miniblocks: usize::try_from(miniblocks).ok()?,
            in_miniblock,
            left,
            number,
            smallest: 0,
            widths: Piece::default(),
            bits: Bits::new(Piece::default(), 0),
            left_in_miniblock: 0,
        })
    }

    pub(super) fn next(&mut self) -> Option<i64> {
        let number = self.number;
        self.left = self.left.checked_sub(1)?;
        if self.left > 0 {
            if self.left_in_miniblock == 0 {
                let (bytes, width) = self.miniblock()?;
                self.bits = Bits::new(bytes, width);
                self.left_in_miniblock = self.in_miniblock;
            }
            self.left_in_miniblock -= 1;
            let difference = self.smallest.wrapping_add(self.bits.next()?.cast_signed());
            self.number = number.wrapping_add(difference);
        }
        Some(number)
    }

    /// The next miniblock, and how wide its numbers are.
    fn miniblock(&mut self) -> Option<(Piece, u32)> {
        if self.widths.len() == 0 {
            self.smallest = self.bytes.zigzag()?;
            self.widths = self.bytes.split(self.miniblocks)?;
        }
        let width = u32::from(self.widths.byte()?);
        if width > 64 {
            return None;
        }
        let length = usize::try_from(self.in_miniblock / 8 * u64::from(width)).ok()?;
        // The last one may be cut off where nothing follows.
        let length = length.min(self.bytes.len());
        Some((self.bytes.split(length)?, width))
    }

    /// What follows the numbers. They are passed over, miniblock by miniblock.
    pub(super) fn after(mut self) -> Option<Piece> {
        let mut left = self.left.saturating_sub(1);
        while left > 0 {
            self.miniblock()?;
            left = left.saturating_sub(self.in_miniblock);
        }
        Some(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Vec<i64> {
        let mut deltas = Deltas::new(Piece::new(bytes.to_vec())).unwrap();
        std::iter::from_fn(|| deltas.next()).collect()
    }

    #[test]
    fn the_examples_of_the_format_are_read() {
        // 1 to 5: all differences are the smallest one, so that they have no bits.
        let head = [0x80, 1, 4, 5, 2];
        let file = [&head[..], &[2, 0, 0, 0, 0], b"rest"].concat();
        assert_eq!(read(&file), [1, 2, 3, 4, 5]);
        assert_eq!(Deltas::new(Piece::new(file)).unwrap().after().unwrap().rest(), b"rest");
        // 7, 5, 3, 1, 2, 3, 4, 5: differences from -2, in two bits.
        let head = [0x80, 1, 4, 8, 14];
        let file = [&head[..], &[3, 2, 0, 0, 0], &[0xc0, 0x3f, 0, 0, 0, 0, 0, 0], b"rest"].concat();
        assert_eq!(read(&file), [7, 5, 3, 1, 2, 3, 4, 5]);
        assert_eq!(Deltas::new(Piece::new(file)).unwrap().after().unwrap().rest(), b"rest");
    }

    #[test]
    fn one_number_and_none_have_no_blocks() {
        assert_eq!(read(&[0x80, 1, 4, 1, 14]), [7]);
        assert_eq!(read(&[0x80, 1, 4, 0, 0]), [0; 0]);
    }

    #[test]
    fn differences_wrap() {
        let most = i64::MAX;
        let file = [
            &[0x80, 1, 4, 2][..],
            &[0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
            &[2, 0, 0, 0, 0],
        ]
        .concat();
        assert_eq!(read(&file), [most, i64::MIN]);
    }
}
