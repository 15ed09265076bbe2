//! Regular expressions of JSONata, which are those of ECMAScript without its `u` flag.
//!
//! In: the text between the slashes. Out: a tree, or what is wrong with it. The compiler refuses a wrong expression by it, and the
//! runtime makes a program of it. It never matches anything.

mod parser;

/// What a regular expression matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegexNode {
    /// Nothing: always matches.
    Empty,
    /// One character.
    Character(char),
    /// `.`: a character that ends no line.
    Any,
    /// `[..]`, `\d` and the like.
    Class(Class),
    /// `^`
    Start,
    /// `$`
    End,
    /// `\b`, or `\B`
    WordBoundary {
        /// Whether it is `\B`.
        negated: bool,
    },
    /// `\1`, `\k<name>`: what a group has matched.
    BackReference(u32),
    /// One after the other.
    Sequence(Vec<RegexNode>),
    /// `a|b`: the first that matches.
    Alternatives(Vec<RegexNode>),
    /// `(..)`, by its number, which starts at 1.
    Group(u32, Box<RegexNode>),
    /// `(?=..)`, `(?!..)`, `(?<=..)`, `(?<!..)`
    Look(Look),
    /// `a*`, `a{2,3}?`
    Repeat(Repeat),
}

/// A set of characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Class {
    /// Whether it is all the others that are meant.
    pub negated: bool,
    /// What it is made of.
    pub items: Vec<ClassItem>,
}

/// A part of a set of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassItem {
    /// From a character to another, both included.
    Range(char, char),
    /// `\d`, or `\D`
    Digit {
        /// Whether it is `\D`.
        negated: bool,
    },
    /// `\s`, or `\S`
    Space {
        /// Whether it is `\S`.
        negated: bool,
    },
    /// `\w`, or `\W`
    Word {
        /// Whether it is `\W`.
        negated: bool,
    },
}

impl ClassItem {
    /// Whether a character is in this part.
    #[must_use]
    pub fn contains(self, character: char) -> bool {
        match self {
            Self::Range(first, last) => (first..=last).contains(&character),
            Self::Digit { negated } => character.is_ascii_digit() != negated,
            Self::Space { negated } => is_space(character) != negated,
            Self::Word { negated } => is_word(character) != negated,
        }
    }
}

/// What is looked for before or behind a place, without moving on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whether it is what comes before the place.
    pub behind: bool,
    /// Whether it must not be there.
    pub negated: bool,
    /// What is looked for.
    pub body: Box<RegexNode>,
}

/// A repetition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// How often at least.
    pub min: u32,
    /// How often at most.
    pub max: Option<u32>,
    /// Whether more is better.
    pub greedy: bool,
    /// What is repeated.
    pub body: Box<RegexNode>,
    /// The number of the first group in the body.
    pub first_group: u32,
    /// The number after that of the last group in the body.
    pub end_group: u32,
}

/// A regular expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regex {
    /// What it matches.
    pub node: RegexNode,
    /// How many groups it has.
    pub groups: u32,
}

/// What is wrong with a regular expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegexFault {
    /// What it is, in ECMAScript's words: `Unterminated group`.
    pub message: &'static str,
    /// The byte of the expression where it was noticed.
    pub offset: usize,
}

/// Reads a regular expression.
///
/// ```
/// use asl_language::regex;
/// assert_eq!(regex::parse("(a|b)+c").unwrap().groups, 1);
/// assert_eq!(regex::parse("(a").unwrap_err().message, "Unterminated group");
/// ```
///
/// # Errors
/// What ECMAScript would not accept, and what is nested too deeply.
pub fn parse(pattern: &str) -> Result<Regex, RegexFault> {
    parser::parse(pattern)
}

/// Whether a character ends a line.
#[must_use]
pub const fn is_line_end(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// Whether `\s` matches a character.
#[must_use]
pub const fn is_space(character: char) -> bool {
    matches!(
        character,
        '\t'..='\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}'
            | '\u{3000}' | '\u{feff}'
    )
}

/// Whether `\w` matches a character.
#[must_use]
pub const fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}
