//! Coverage in the format of lcov, which editors and build servers read.
//!
//! A line of a definition is covered as often as the part of it that was used most; each transition, rule, retrier and catcher is a branch.

use super::coverage::Covered;
use super::definition::PartKind;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A record for each definition.
pub(super) fn to_text(covered: &[Covered<'_>]) -> String {
    let mut text = String::new();
    for definition in covered {
        record(&mut text, definition);
    }
    text
}

fn record(text: &mut String, covered: &Covered<'_>) {
    let mut lines: BTreeMap<usize, u64> = BTreeMap::new();
    let _ = writeln!(text, "TN:\nSF:{}", covered.definition.name());
    let (mut branches, mut taken) = (0, 0);
    for (part, count) in &covered.parts {
        let line = lines.entry(part.line).or_default();
        *line = (*line).max(*count);
        if part.kind == PartKind::State {
            continue;
        }
        let _ = writeln!(text, "BRDA:{},0,{branches},{count}", part.line);
        branches += 1;
        taken += usize::from(*count > 0);
    }
    let _ = writeln!(text, "BRF:{branches}\nBRH:{taken}");
    for (line, count) in &lines {
        let _ = writeln!(text, "DA:{line},{count}");
    }
    let hit = lines.values().filter(|count| **count > 0).count();
    let _ = writeln!(text, "LF:{}\nLH:{hit}\nend_of_record", lines.len());
}
