//! The small language of paths: `$.orders[0].id`, `$$.Execution.Name`, `$variable.field`, `$.orders[?(@.total > 5)].id`.
//!
//! In: a decoded JSON string. Out: what is [`Written`], with the place of each part, over the full grammar of AWS's dialect;
//! and from it a [`Path`], whose context fields are known. Never evaluates.

mod brackets;
mod context;
pub(crate) mod cursor;
mod doubt;
mod filter;
mod parser;
mod piece;
mod resolved;

pub(crate) use context::misplaced_name as misplaced_context_name;
#[cfg(feature = "inspect")]
pub(crate) use context::paths as context_paths;
pub(crate) use context::unknown_name as unknown_context_name;
pub(crate) use doubt::Doubt;
pub(crate) use resolved::{Path, PathPlace, StepAt};

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json::Text;
use crate::source::Span;
use crate::vocabulary::Selector;
use cursor::{Cursor, Fault};

/// A path as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Written {
    /// The place of the whole; a string with its quotes.
    pub span: Span,
    /// The path as written.
    pub text: String,
    /// Where it starts.
    pub root: Root,
    /// The place of where it starts.
    pub root_span: Span,
    /// The way from there.
    pub segments: Vec<Segment>,
    /// What does not mean what people think.
    pub doubts: Vec<Doubt>,
}

/// Where a path starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    /// `$`
    Data,
    /// `$$`
    Context,
    /// `$name`: the name without the `$`.
    Variable(String),
}

/// One part of a path.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Segment {
    /// Its place, with its dot or brackets.
    pub span: Span,
    /// What it selects.
    pub selector: Selector,
    /// It is in brackets, so that a name in it may have any characters.
    pub quoted: bool,
    /// Neither a dot nor a bracket is before it.
    pub glued: bool,
}

/// What a part is called that a reference path cannot have.
const fn not_in_reference_path(selector: &Selector) -> Option<&'static str> {
    match selector {
        Selector::Name(_) | Selector::Index(_) => None,
        Selector::FromEnd(_) => Some("a computed index"),
        Selector::Names(_) => Some("a list of names"),
        Selector::Indexes(_) => Some("a list of indexes"),
        Selector::Slice { .. } => Some("a slice"),
        Selector::Wildcard => Some("a wildcard"),
        Selector::Descendants => Some("`..`"),
        Selector::Filter(_) => Some("a filter"),
    }
}

impl Written {
    /// Reads a path; reports at the character that is at fault.
    pub(crate) fn parse(text: &Text, diagnostics: &mut Diagnostics) -> Option<Self> {
        match parser::parse(text) {
            Ok(path) => Some(path),
            Err(fault) => {
                diagnostics.push(fault.into_diagnostic(Code::InvalidPath, text, &text.value, "a path"));
                None
            }
        }
    }

    /// Reads the path that an argument of an intrinsic function is, up to the comma or parenthesis after it.
    pub(crate) fn parse_argument(cursor: &mut Cursor<'_>) -> Result<Self, Box<Diagnostic>> {
        let start = cursor.at;
        parser::parse_argument(cursor).map_err(|fault| Box::new(in_argument(cursor, start, fault)))
    }

    /// The path with its context fields known; reports those that do not exist in this place.
    pub(crate) fn resolve(self, place: PathPlace, diagnostics: &mut Diagnostics) -> Option<Path> {
        // Only where a path leads to more than one place, the search goes on beside what fails.
        let fails = self.segments.iter().all(|segment| not_in_reference_path(&segment.selector).is_none());
        for doubt in self.doubts.iter().chain(&doubt::of_order(&self.segments)) {
            diagnostics.push_accepted(doubt.warn(fails));
        }
        let mut doubt = None;
        match resolved::resolve(self, place, &mut doubt) {
            Ok(path) => {
                doubt.into_iter().for_each(|doubt| diagnostics.push_accepted(doubt));
                Some(path)
            }
            Err(diagnostic) => {
                diagnostics.push(diagnostic);
                None
            }
        }
    }

    /// The first plain name that a reference path may not have like this.
    #[must_use]
    pub(crate) fn operator_in_name(&self) -> Option<Span> {
        let is_operator = |c: char| "@,:?()'\"*]".contains(c) || c.is_whitespace();
        self.segments.iter().find_map(|segment| {
            let Selector::Name(name) = &segment.selector else { return None };
            (segment.glued || (!segment.quoted && name.contains(is_operator))).then_some(segment.span)
        })
    }

    /// The first part that a reference path cannot have, with its name.
    #[must_use]
    pub(crate) fn part_of_no_reference(&self) -> Option<(Span, &'static str)> {
        self.segments
            .iter()
            .find_map(|segment| Some((segment.span, not_in_reference_path(&segment.selector)?)))
    }
}

/// A fault of a path among arguments; of the whole text only the path is shown.
fn in_argument(cursor: &Cursor<'_>, start: usize, fault: Fault) -> Diagnostic {
    let text = &cursor.text.value;
    let rest = text.get(fault.range.end..).unwrap_or_default();
    let end = fault.range.end + rest.find([',', ')']).unwrap_or(rest.len());
    let shown = text.get(start..end).unwrap_or_default();
    fault.into_diagnostic(Code::InvalidPath, cursor.text, shown, "a path")
}

#[cfg(test)]
mod tests;
