//! Where `jsonata-core` is known to differ from the reference implementation, JSONata 2.0.6; each rule was found with `reference.js`.

use super::outcome::Outcome;

/// A rule: what differs, in which expressions, and how.
struct Rule {
    says: &'static str,
    /// What the text of an expression has in it, all of it.
    parts: &'static [&'static str],
    differs: fn(&Outcome, &Outcome) -> bool,
}

const RULES: &[Rule] = &[
    Rule {
        says: "$reduce from a start that is nothing begins with the first element",
        parts: &["$reduce("],
        differs: |_, _| true,
    },
    Rule {
        says: "$keys looks into arrays within arrays",
        parts: &["$keys"],
        differs: |_, theirs| matches!(theirs, Outcome::Nothing),
    },
    Rule {
        says: "a transformation finds only what is in its own copy of the document",
        parts: &["~> |"],
        differs: |_, _| true,
    },
];

/// The rule that explains a difference, if one does.
pub(crate) fn explanation(expression: &str, ours: &Outcome, theirs: &Outcome) -> Option<&'static str> {
    let fits = |rule: &&Rule| {
        rule.parts.iter().all(|part| expression.contains(part)) && (rule.differs)(ours, theirs)
    };
    RULES.iter().find(fits).map(|rule| rule.says)
}
