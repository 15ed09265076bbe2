//! How much of a file is held at a time. A file is untrusted: whatever is in it, reading takes no more memory than these bounds allow.
//!
//! In: the text of one item, or of a manifest. Out: its value, or why it is refused.

use super::error::MapRunError;
use asl_value::Value;

/// How long the text of one item may be, in bytes. AWS takes items of up to 8 MB.
pub(super) const ITEM_BYTES: usize = 8 * 1024 * 1024;
/// How many values there may be in one item, because the short ones take a hundred times the memory of their text: an item of this many
/// takes up to 200 MB.
pub(super) const ITEM_VALUES: usize = 1_000_000;
/// How long the names of the columns of a CSV file may be together, in bytes, with the delimiters. AWS takes 10 KiB. A row of two bytes becomes
/// an object with all of these names.
pub(super) const HEADER_BYTES: usize = 1024 * 1024;
/// How long a manifest may be, in bytes, because it is read as a whole: room for some 50,000 files.
pub(super) const MANIFEST_BYTES: usize = ITEM_BYTES;
/// How long the footer of a Parquet file may be, in bytes. AWS takes 5 MB.
#[cfg(feature = "parquet")]
pub(super) const FOOTER_BYTES: usize = 8 * 1024 * 1024;
/// How many columns, and groups of columns, a Parquet file may have.
#[cfg(feature = "parquet")]
pub(super) const COLUMNS: usize = 10_000;
/// How much of a Parquet file is read ahead, in bytes, for all columns together.
#[cfg(feature = "parquet")]
pub(super) const AHEAD_BYTES: usize = 32 * 1024 * 1024;
/// How large the pages and dictionaries of all columns of a Parquet file may be that are held at once, in bytes: those that are unpacked, and
/// the one that is being unpacked. On AWS a whole row group takes up to 256 MB.
#[cfg(feature = "parquet")]
pub(super) const PAGES_BYTES: usize = 256 * 1024 * 1024;

/// Why text that is longer than its bound is refused; `what` is `A row of the CSV file`.
#[cold]
pub(super) fn too_long(what: &str, bytes: usize) -> MapRunError {
    MapRunError::TooLong { what: what.to_owned(), bytes }
}

/// Why an item that has too many values is refused.
#[cold]
pub(super) fn too_many_values(what: &str) -> MapRunError {
    MapRunError::TooManyValues { what: what.to_owned() }
}

/// Reads the text of one value; `what` is its name in messages.
pub(super) fn value(
    text: &[u8],
    what: &str,
    broken: impl FnOnce(&serde_json::Error) -> MapRunError,
) -> Result<Value, MapRunError> {
    if has_too_many_values(text) {
        return Err(too_many_values(what));
    }
    serde_json::from_slice(text).map_err(|error| broken(&error))
}

fn has_too_many_values(text: &[u8]) -> bool {
    // Each value takes a byte at least, and so most texts need no count.
    text.len() > ITEM_VALUES && values(text) > ITEM_VALUES
}

/// The number of values in a text of JSON, or some more. Keys are not counted.
fn values(text: &[u8]) -> usize {
    let (mut values, mut in_string, mut escaped) = (1, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b',' | b'[' | b'{' if !in_string => values += 1,
            _ => {}
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_outside_of_strings() {
        for (text, count) in [("1", 1), (r#"[1,2,"a,[\",{"]"#, 4), (r#"{"a":{"b,":[3]},"c":"\\"}"#, 5)] {
            assert_eq!(values(text.as_bytes()), count, "{text}");
        }
    }

    #[test]
    fn an_item_may_have_so_many_values_and_no_more() {
        let array = |count: usize| format!("[0{}]", ",0".repeat(count - 1)).into_bytes();
        let broken = |error: &serde_json::Error| MapRunError::not_json("The item", error);
        let read = |text: &[u8]| value(text, "The item", broken).map(drop);
        assert_eq!(read(&array(ITEM_VALUES - 1)), Ok(()));
        let refused = read(&array(ITEM_VALUES)).unwrap_err();
        assert_eq!(refused.to_string(), "The item has more than 1000000 values.");
    }
}
