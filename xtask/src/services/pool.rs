//! The two building blocks of the table: numbers that take few bytes, and lists whose entries are found without reading all of them.

/// Appends a number in groups of seven bits, the lowest first.
pub(super) fn put_number(out: &mut Vec<u8>, mut number: usize) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

/// A pool: how many entries there are, how many of them share an offset, how long the data is, where the first of each such group begins
/// (three bytes each), and the entries, each behind its length.
pub(super) fn pool(entries: &[Vec<u8>], group: usize) -> Result<Vec<u8>, String> {
    let mut offsets = Vec::new();
    let mut data = Vec::new();
    for (number, entry) in entries.iter().enumerate() {
        if number.is_multiple_of(group) {
            put_fixed(&mut offsets, data.len(), 3)?;
        }
        put_number(&mut data, entry.len());
        data.extend_from_slice(entry);
    }
    let mut pool = Vec::new();
    put_fixed(&mut pool, entries.len(), 3)?;
    put_fixed(&mut pool, group, 1)?;
    put_fixed(&mut pool, data.len(), 3)?;
    pool.extend(offsets);
    pool.extend(data);
    Ok(pool)
}

/// Appends a number of so many bytes, the lowest first.
pub(super) fn put_fixed(out: &mut Vec<u8>, number: usize, width: usize) -> Result<(), String> {
    let bytes = number.to_le_bytes();
    let (low, high) = bytes.split_at_checked(width).ok_or("a number is too wide")?;
    if high.iter().any(|byte| *byte != 0) {
        return Err(format!("{number} does not fit into {width} bytes"));
    }
    out.extend_from_slice(low);
    Ok(())
}
