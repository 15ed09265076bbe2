//! `asl clean`: empties the cache of what was built.

use crate::answer::{Answers, Format, Outcome};
use crate::program::{Emptied, empty, root};
use clap::Args;
use serde_json::json;

/// Remove all executables that were built and kept, and what they were built from
///
/// They are kept so that a definition which has not changed starts at once; the next `asl run` builds anew, which takes longer. Those that are not
/// used for 30 days go by themselves.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// For whom the result is
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

impl Answers for Arguments {
    fn format(&self) -> Format {
        self.format
    }

    /// Empties the cache, and says how much that was.
    fn answer(&self) -> Result<Outcome, String> {
        let Emptied { bytes, executables } = empty()?;
        self.format.print(
            || match (bytes, executables) {
                (0, 0) => format!("nothing is kept in `{}`\n", root().display()),
                (_, 1) => format!("freed {}: 1 executable and what it was built from\n", in_units(bytes)),
                _ => format!(
                    "freed {}: {executables} executables and what they were built from\n",
                    in_units(bytes)
                ),
            },
            || json!({ "folder": root(), "freed": bytes, "executables": executables }),
        );
        Ok(Outcome::Fine)
    }
}

/// `1.2 GB`
fn in_units(bytes: u64) -> String {
    let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000)];
    let unit = units.into_iter().find(|(_, size)| bytes >= *size);
    unit.map_or_else(
        || format!("{bytes} bytes"),
        |(name, size)| format!("{}.{} {name}", bytes / size, bytes % size * 10 / size),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_for_people() {
        let cases = [(7, "7 bytes"), (1000, "1.0 kB"), (2_560_000, "2.5 MB"), (19_999_999_999, "19.9 GB")];
        for (bytes, shown) in cases {
            assert_eq!(in_units(bytes), shown);
        }
    }
}
