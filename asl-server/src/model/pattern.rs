//! The patterns of the model, each as the test that it represents.

type Test = fn(&str) -> bool;

/// All patterns that AWS's model has in requests. Those without anchors are those of the whole text too.
const PATTERNS: &[(&str, Test)] = &[
    (r"^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$", |text| {
        let is_mark = |c: char| c.is_ascii_alphabetic() || "_-.".contains(c);
        !text.is_empty()
            && text.chars().all(|c| is_mark(c) || c.is_ascii_digit())
            && text.chars().any(is_mark)
    }),
    ("[!-~]+", |text| !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic())),
    (r"\p{ASCII}*", str::is_ascii),
];

/// Whether a text satisfies a pattern. What is not known is satisfied.
pub(super) fn satisfies(pattern: &str, text: &str) -> bool {
    PATTERNS.iter().find(|(known, _)| *known == pattern).is_none_or(|(_, test)| test(text))
}

/// Whether there is a test for a pattern.
#[cfg(test)]
pub(super) fn is_known(pattern: &str) -> bool {
    PATTERNS.iter().any(|(known, _)| *known == pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_aliases_have_a_letter_or_a_mark() {
        let [(pattern, _), ..] = PATTERNS else { panic!("there are patterns") };
        for (text, holds) in
            [("a", true), ("1-2", true), ("123", false), ("a b", false), ("", false), ("é", false)]
        {
            assert_eq!(satisfies(pattern, text), holds, "{text}");
        }
    }
}
