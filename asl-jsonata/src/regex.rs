//! Regular expressions at run time, with ECMAScript's meaning.
//!
//! In: an expression, made into a program once, and texts. Out: matches. Matching never takes the stack of its caller, nor more than
//! a number of steps, however the expression is made; what takes longer is an error.

mod matcher;
mod matches;
mod program;
mod set;

pub use matches::Pattern;
pub(crate) use matches::{Matches, Units, match_object};

use asl_language::regex::RegexFault;
use program::Program;

/// A regular expression, ready to match.
#[derive(Debug)]
pub(crate) struct Regex {
    program: Program,
}

/// The place of a match, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Match {
    /// Where it starts.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
    /// Where the groups were that took part.
    pub(crate) groups: Vec<Option<(usize, usize)>>,
}

/// Matching takes too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

impl Regex {
    /// A regular expression from the text between the slashes.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn new(source: &str, ignore_case: bool, multiline: bool) -> Result<Self, RegexFault> {
        let regex = asl_language::regex::parse(source)?;
        Ok(Self { program: Program::new(&regex, ignore_case, multiline) })
    }

    /// The first match that starts at a byte of the text or after it.
    ///
    /// # Errors
    /// `steps` were not enough; what is left of them is for the next match.
    pub(crate) fn find(&self, text: &str, from: usize, steps: &mut u64) -> Result<Option<Match>, TooLong> {
        matcher::find(&self.program, text, from, steps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(pattern: &str, flags: &str, text: &str) -> Option<Vec<Option<String>>> {
        let regex = Regex::new(pattern, flags.contains('i'), flags.contains('m')).unwrap();
        let found = regex.find(text, 0, &mut 1_000_000).unwrap()?;
        let all = [Some((found.start, found.end))].into_iter().chain(found.groups);
        Some(all.map(|place| place.map(|(start, end)| text.get(start..end).unwrap().to_owned())).collect())
    }

    fn found(pattern: &str, flags: &str, text: &str) -> Option<String> {
        groups(pattern, flags, text)?.swap_remove(0)
    }

    #[track_caller]
    fn assert_finds(pattern: &str, text: &str, expected: impl Into<Option<&'static str>>) {
        assert_eq!(found(pattern, "", text).as_deref(), expected.into(), "/{pattern}/ on {text:?}");
    }

    #[test]
    fn repetitions_are_greedy_lazy_and_counted() {
        assert_finds("a+", "baaa", "aaa");
        assert_finds("a+?", "baaa", "a");
        assert_finds("a{2}", "aaa", "aa");
        assert_finds("a{2,}b", "ab aaab", "aaab");
        assert_finds("(ab){2,3}", "abababab", "ababab");
        assert_finds("(ab){2,3}?", "abababab", "abab");
        assert_finds("<.*>", "<a><b>", "<a><b>");
        assert_finds("<.*?>", "<a><b>", "<a>");
        assert_finds("(a*)*b", "aaac", None);
        assert_finds("(a|ab)(c|bcd)(d*)", "abcd", "abcd");
        assert_finds("(?:a?){3}b", "aab", "aab");
        assert_finds("(?:a?){2,}b", "b", "b");
        assert_finds("(?:)+b", "b", "b");
        assert_finds("x{0}y", "xy", "y");
    }

    #[test]
    fn places_are_asserted() {
        assert_finds("^b", "ab", None);
        assert_finds("b$", "ab", "b");
        assert_finds("a$", "a\nb", None);
        assert_eq!(found("^b$", "m", "a\nb\nc").as_deref(), Some("b"));
        assert_finds("\\bcat\\b", "concat cat", "cat");
        assert_finds("\\Bcat", "cat concat", "cat");
        assert_finds("\\d+(?=%)", "10 20%", "20");
        assert_finds("\\d+(?!\\d|%)", "10% 20", "20");
        assert_finds("(?<=\\$)\\d+", "1 $23", "23");
        assert_finds("(?<!\\$)\\b\\d+", "$1 23", "23");
    }

    #[test]
    fn groups_say_what_they_matched() {
        let of = |text: &str| Some(text.to_owned());
        assert_eq!(groups("(h)(at)?", "i", "H"), Some(vec![of("H"), of("H"), None]));
        assert_eq!(groups("(?:(a)|b)*", "", "ab"), Some(vec![of("ab"), None]));
        assert_eq!(groups("(?=(a+))a*b\\1", "", "baaabac"), Some(vec![of("aba"), of("a")]));
        assert_eq!(groups("(z)((a+)?(b+)?(c))*", "", "zaacbbbcac").unwrap()[3..], [of("a"), None, of("c")]);
        assert_eq!(groups("(?<year>\\d{4})-\\k<year>", "", "2024-2024").unwrap()[1], of("2024"));
        assert_eq!(groups("(?<=([ab]+)([bc]+))$", "", "abc"), Some(vec![of(""), of("a"), of("bc")]));
    }

    #[test]
    fn lazy_repetitions_take_as_little_as_they_can_and_as_much_as_they_must() {
        assert_finds("a*?b", "aaab", "aaab");
        assert_finds("a{2,5}?", "aaaaaaa", "aa");
        assert_finds("^a{2,5}?b", "aaaaab", "aaaaab");
        assert_finds("^a{2,5}?b", "aaaaaab", None);
        assert_finds("^a{2,5}?b", "ab", None);
        assert_finds("(?<=b[ac]{1,3}?)d", "baccd", "d");
    }

    #[test]
    fn classes_and_case() {
        assert_finds("[^\\d\\s]+", "12 ab", "ab");
        assert_finds("[\\w-]+", "@a-b@", "a-b");
        assert_finds("[^]", "\n", "\n");
        assert_finds("[]", "a", None);
        assert_finds("\\u0061\\x62\\cJ", "ab\n", "ab\n");
        assert_finds("é+", "caféé", "éé");
        assert_finds(".", "😀", "😀");
        assert_eq!(found("[a-z]+", "i", "123ABCabc").as_deref(), Some("ABCabc"));
        assert_eq!(found("ÉCOLE", "i", "école").as_deref(), Some("école"));
        assert_eq!(found("k", "i", "\u{212a}"), None);
        assert_eq!(found("[^a]", "i", "A"), None);
    }

    #[test]
    fn what_takes_too_long_ends() {
        let regex = Regex::new("(a+)+$", false, false).unwrap();
        assert_eq!(regex.find(&format!("{}b", "a".repeat(60)), 0, &mut 1_000_000), Err(TooLong));
        let regex = Regex::new("(?:.|\\n)*x", false, false).unwrap();
        assert!(regex.find(&"a".repeat(100_000), 0, &mut 100_000_000).is_err());
    }
}
