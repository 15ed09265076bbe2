//! What the sources do not say: two lists kept by hand, each row with where it is from.

const PREFIXES: &str = include_str!("prefixes.tsv");
const NAMES: &str = include_str!("names.tsv");

/// Service, prefix, source.
pub(super) fn prefixes() -> impl Iterator<Item = Result<[&'static str; 3], String>> {
    rows(PREFIXES)
}

/// Service, action, the actions of IAM with spaces between them, source.
pub(super) fn names() -> impl Iterator<Item = Result<[&'static str; 4], String>> {
    rows(NAMES)
}

fn rows<const N: usize>(text: &'static str) -> impl Iterator<Item = Result<[&'static str; N], String>> {
    text.lines().skip(1).map(|line| {
        let cells: Vec<_> = line.split('\t').collect();
        cells.try_into().map_err(|_| format!("not a row of {N} cells: {line}"))
    })
}
