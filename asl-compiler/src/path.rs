//! The small language of paths: `$.orders[0].id`, `$$.Execution.Name`, `$variable.field`.
//!
//! In: a decoded JSON string. Out: a [`Path`] with the place of each part, over the full grammar of AWS's dialect; and
//! from it a [`Definite`] path, which leads to one value and is what can be compiled today. Never evaluates.

mod context;
mod definite;
mod parser;

pub use definite::{Definite, Place, StepAt, definite};

use crate::diagnostic::Diagnostics;
use crate::json::Text;
use crate::source::Span;

/// A path as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The whole string, with its quotes.
    pub span: Span,
    /// The path as written.
    pub text: String,
    /// Where it starts.
    pub root: Root,
    /// The way from there.
    pub segments: Vec<Segment>,
}

/// Where a path starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
    /// `$`
    Data,
    /// `$$`
    Context,
    /// `$name`
    Variable {
        /// The place of `$name`.
        span: Span,
        /// The name without the `$`.
        name: String,
    },
}

/// One part of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its place, with its dot or brackets.
    pub span: Span,
    /// What it selects.
    pub selector: Selector,
    /// It stands in brackets, so that a name in it may have any characters.
    pub quoted: bool,
}

/// What a part of a path selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// `.name` or `['name']`
    Name(String),
    /// `[0]` or `[-1]`
    Index(i64),
    /// `['a','b']`
    Names(Vec<String>),
    /// `[0,2]`
    Indexes(Vec<i64>),
    /// `[1:3]`
    Slice {
        /// The first index.
        start: Option<i64>,
        /// The index after the last.
        end: Option<i64>,
        /// The distance from one to the next.
        step: Option<i64>,
    },
    /// `.*` or `[*]`
    Wildcard,
    /// The second dot of `..`: the next segment is looked for at every depth.
    Descendants,
    /// `[?(...)]`: the text between the parentheses.
    Filter(String),
}

impl Selector {
    /// What the specification calls it, if it can lead to more or fewer than one value.
    #[must_use]
    pub const fn indefinite(&self) -> Option<&'static str> {
        match self {
            Self::Name(_) | Self::Index(_) => None,
            Self::Names(_) => Some("a list of names"),
            Self::Indexes(_) => Some("a list of indexes"),
            Self::Slice { .. } => Some("a slice"),
            Self::Wildcard => Some("a wildcard"),
            Self::Descendants => Some("`..`"),
            Self::Filter(_) => Some("a filter"),
        }
    }
}

impl Path {
    /// Reads a path; reports at the character that is at fault.
    pub fn parse(text: &Text, diagnostics: &mut Diagnostics) -> Option<Self> {
        match parser::parse(text) {
            Ok(path) => Some(path),
            Err(error) => {
                diagnostics.push(error.into_diagnostic(text));
                None
            }
        }
    }

    /// The first plain name with a character that a reference path may not have there.
    #[must_use]
    pub fn operator_in_name(&self) -> Option<Span> {
        self.segments.iter().find_map(|segment| {
            let Selector::Name(name) = &segment.selector else { return None };
            (!segment.quoted && name.contains(['@', ',', ':', '?'])).then_some(segment.span)
        })
    }

    /// The first part that can lead to more or fewer than one value, with its name.
    #[must_use]
    pub fn indefinite_part(&self) -> Option<(Span, &'static str)> {
        self.segments.iter().find_map(|segment| Some((segment.span, segment.selector.indefinite()?)))
    }
}
