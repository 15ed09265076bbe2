//! What is known of values beside their types: lengths and ranges, patterns, and in results enumerations.

use super::bytes::{Bytes, Pool};
use super::table::Table;
use std::cmp::Ordering;

/// What a value must satisfy: a number in itself, a text or an array in its length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bounds {
    /// It is not less.
    pub min: Option<f64>,
    /// It is not more.
    pub max: Option<f64>,
    /// It is one of these, if there are any.
    pub values: Vec<String>,
    /// The regular expression that the whole text matches.
    pub pattern: Option<String>,
}

/// The bounds of a part of a shape, by its number: members, the required ones first, or elements or values.
pub(super) fn of_part(table: &'static Table, block: usize, shape: usize, part: usize) -> Option<Bounds> {
    let mut parts = entry(table.bounds(block)?, shape)?;
    while !parts.0.is_empty() {
        let (number, has) = (parts.number()?, parts.fixed(1)?);
        let mut limit = |flag: usize| {
            if has & flag == 0 { Some(None) } else { Some(table.name(parts.number()?)?.parse().ok()) }
        };
        let (min, max) = (limit(1)?, limit(2)?);
        let values = if has & 4 == 0 { Vec::new() } else { table.values(block, parts.number()?)? };
        let pattern = if has & 8 == 0 { None } else { table.name(parts.number()?) };
        if number == part {
            return Some(Bounds { min, max, values, pattern });
        }
    }
    None
}

/// The bytes of the parts of a shape.
fn entry(bounds: Pool, shape: usize) -> Option<Bytes> {
    let (mut low, mut high) = (0, bounds.len());
    while low < high {
        let middle = low.midpoint(high);
        let mut entry = bounds.get(middle)?;
        match entry.number()?.cmp(&shape) {
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
            Ordering::Equal => return Some(entry),
        }
    }
    None
}
