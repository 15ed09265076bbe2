//! Reads the building blocks of the table: numbers and pools. Whatever the bytes are, nothing worse happens than that there is no answer.

/// The bytes of an offset in a pool.
const OFFSET: usize = 3;

/// Bytes that are read from the front.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bytes(pub(super) &'static [u8]);

impl Bytes {
    /// The next so many bytes.
    pub(super) fn take(&mut self, count: usize) -> Option<&'static [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// A number in groups of seven bits, the lowest first.
    pub(super) fn number(&mut self) -> Option<usize> {
        let mut number = 0_usize;
        for shift in (0..28).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// A number of so many bytes, the lowest first.
    pub(super) fn fixed(&mut self, width: usize) -> Option<usize> {
        let bytes = self.take(width)?;
        // Compilers run without optimisation inside of other builds, where this is read most.
        if let [low, middle, high] = bytes {
            return Some(usize::from(*low) | usize::from(*middle) << 8 | usize::from(*high) << 16);
        }
        Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    }

    /// The bytes behind their length.
    pub(super) fn section(&mut self) -> Option<&'static [u8]> {
        let length = self.fixed(4)?;
        self.take(length)
    }
}

/// A list whose entries are found without reading all of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pool {
    count: usize,
    /// So many entries share an offset.
    group: usize,
    offsets: &'static [u8],
    data: &'static [u8],
}

impl Pool {
    pub(super) fn read(bytes: &'static [u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes);
        let count = bytes.fixed(OFFSET)?;
        let group = bytes.fixed(1)?.max(1);
        let length = bytes.fixed(OFFSET)?;
        let offsets = bytes.take(count.div_ceil(group) * OFFSET)?;
        Some(Self { count, group, offsets, data: bytes.take(length)? })
    }

    /// How many entries there are.
    pub(super) const fn len(&self) -> usize {
        self.count
    }

    /// The bytes of an entry.
    pub(super) fn get(&self, number: usize) -> Option<Bytes> {
        if number >= self.count {
            return None;
        }
        let start = Bytes(self.offsets.get(number / self.group * OFFSET..)?).fixed(OFFSET)?;
        let mut bytes = Bytes(self.data.get(start..)?);
        for _ in 0..number % self.group {
            let length = bytes.number()?;
            bytes.take(length)?;
        }
        let length = bytes.number()?;
        bytes.take(length).map(Bytes)
    }
}
