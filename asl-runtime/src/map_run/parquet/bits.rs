//! Numbers of few bits: packed one after the other, or in runs of the same one.

use super::piece::Piece;

/// Numbers that are packed, the lowest bits first.
#[derive(Debug)]
pub(super) struct Bits {
    bytes: Piece,
    width: u32,
    /// Bits that were taken from the bytes and not given out, and how many there are.
    held: u128,
    count: u32,
}

impl Bits {
    /// Numbers of at most 64 bits.
    pub(super) const fn new(bytes: Piece, width: u32) -> Self {
        Self { bytes, width, held: 0, count: 0 }
    }

    pub(super) fn next(&mut self) -> Option<u64> {
        while self.count < self.width {
            self.held |= u128::from(self.bytes.byte()?) << self.count;
            self.count += 8;
        }
        let number = self.held & ((1 << self.width) - 1);
        self.held >>= self.width;
        self.count -= self.width;
        u64::try_from(number).ok()
    }
}

/// Numbers in runs: so many of the same one, or so many that are packed.
#[derive(Debug)]
pub(super) struct Runs {
    bytes: Piece,
    width: u32,
    run: Run,
    /// How many are left of the run.
    left: u64,
}

#[derive(Debug)]
enum Run {
    Same(u64),
    Packed(Bits),
}

impl Runs {
    /// Numbers of at most 32 bits.
    pub(super) const fn new(bytes: Piece, width: u32) -> Self {
        Self { bytes, width, run: Run::Same(0), left: 0 }
    }

    pub(super) fn next(&mut self) -> Option<u64> {
        while self.left == 0 {
            self.begin()?;
        }
        self.left -= 1;
        match &mut self.run {
            Run::Same(number) => Some(*number),
            Run::Packed(bits) => bits.next(),
        }
    }

    fn begin(&mut self) -> Option<()> {
        let head = self.bytes.varint()?;
        let count = head >> 1;
        if head & 1 == 0 {
            let length = usize::try_from(self.width.div_ceil(8)).ok()?;
            let bytes = self.bytes.take(length)?;
            self.run = Run::Same(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)));
            self.left = count;
            return Some(());
        }
        // Groups of eight. The last one may be cut off where nothing follows.
        let length = count.saturating_mul(u64::from(self.width));
        let length = usize::try_from(length).map_or(self.bytes.len(), |length| length.min(self.bytes.len()));
        self.run = Run::Packed(Bits::new(self.bytes.split(length)?, self.width));
        self.left = count.saturating_mul(8);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(next: impl FnMut() -> Option<u64>) -> Vec<u64> {
        std::iter::from_fn(next).take(100).collect()
    }

    #[test]
    fn the_example_of_the_format_is_read() {
        // The numbers from 0 to 7 in three bits each.
        let bytes = Piece::new(vec![0b1000_1000, 0b1100_0110, 0b1111_1010]);
        let mut bits = Bits::new(bytes, 3);
        assert_eq!(all(|| bits.next()), [0, 1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn runs_are_of_the_same_number_or_packed() {
        let bytes = Piece::new(vec![3 << 1, 5, 1 << 1 | 1, 0b1000_1000, 0b1100_0110, 0b1111_1010, 2 << 1, 6]);
        let mut runs = Runs::new(bytes, 3);
        assert_eq!(all(|| runs.next()), [5, 5, 5, 0, 1, 2, 3, 4, 5, 6, 7, 6, 6]);
    }

    #[test]
    fn endless_runs_take_no_time_of_their_own() {
        // Runs of nothing, and one that is as long as can be.
        let bytes = [vec![0; 64], vec![0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]].concat();
        let mut runs = Runs::new(Piece::new(bytes), 0);
        assert_eq!(all(|| runs.next()), [0; 100]);
    }
}
