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
        says: "$encodeUrlComponent leaves only letters and digits as they are",
        parts: &["$encodeUrlComponent("],
        differs: |_, theirs| !theirs.is_failure(),
    },
    Rule {
        says: "$reduce does not begin with the first element where its start is nothing, and is null where there are no elements",
        parts: &["$reduce("],
        differs: |ours, theirs| !ours.is_failure() || theirs.is_failure(),
    },
    Rule {
        says: "$keys looks into arrays within arrays",
        parts: &["$keys"],
        differs: |_, theirs| matches!(theirs, Outcome::Nothing),
    },
    Rule {
        says: "$exists finds nothing in the context of a step",
        parts: &[".$exists($)"],
        differs: |_, _| true,
    },
    Rule {
        says: "a range from or to something that is not a number is nothing",
        parts: &[".."],
        differs: |ours, _| ours.is_failure_of(&["T2003", "T2004"]),
    },
    Rule {
        says: "texts are encoded as UTF-8, not as Latin-1",
        parts: &["$base64decode($base64encode("],
        differs: |_, _| true,
    },
    Rule {
        says: "$formatBase rounds halves up",
        parts: &["$formatBase("],
        differs: |_, theirs| !theirs.is_failure(),
    },
    Rule {
        says: "paths with positions and parents keep arrays of one",
        parts: &["#$"],
        differs: Outcome::is_in_arrays_of_one,
    },
    Rule {
        says: "paths with parents keep arrays of one",
        parts: &["%"],
        differs: Outcome::is_in_arrays_of_one,
    },
    Rule {
        says: "filters look for nothing in nothing, so that what is wrong in them is not found",
        parts: &["["],
        differs: |ours, theirs| ours.is_failure() && matches!(theirs, Outcome::Nothing),
    },
    Rule {
        says: "what an array constructor with a filter comes to is gone through even if it is not an array",
        parts: &["]["],
        differs: |ours, _| matches!(ours, Outcome::Nothing),
    },
    Rule {
        says: "sorting nothing, or one value",
        parts: &["^("],
        differs: |ours, theirs| {
            ours.is_in_arrays_of_one(theirs)
                || matches!(ours, Outcome::Nothing)
                || matches!(theirs, Outcome::Nothing)
        },
    },
    Rule {
        says: "a transformation finds only what is in its own copy of the document",
        parts: &["~> |$$"],
        differs: |_, _| true,
    },
    Rule {
        says: "a transformation passes over what is not an object",
        parts: &["~> |"],
        differs: |ours, _| ours.is_failure_of(&[""]),
    },
];

/// The rule that explains a difference, if one does.
pub(crate) fn explanation(expression: &str, ours: &Outcome, theirs: &Outcome) -> Option<&'static str> {
    let fits = |rule: &&Rule| {
        rule.parts.iter().all(|part| expression.contains(part)) && (rule.differs)(ours, theirs)
    };
    RULES.iter().find(fits).map(|rule| rule.says)
}
