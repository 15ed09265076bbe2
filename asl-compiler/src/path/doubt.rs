//! What AWS accepts in paths, and what does not mean there what people think.
//!
//! In: what was noticed when a path was read, and its parts. Out: warnings, each with what works on AWS. Never looks at data.

use super::Segment;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;
use crate::vocabulary::Selector;

/// A part of a path that does not mean what people think.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Doubt {
    pub(super) what: Doubted,
    /// Its place.
    pub(super) span: Span,
    /// As written.
    pub(super) text: String,
}

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubted {
    /// `[-1]`
    NegativeIndex,
    /// `[-2:-1]`
    NegativeSlice,
    /// `[0,5]`
    IndexList,
    /// `[0:9:2]`
    SliceStep,
    /// `["a1"]`
    DoubleQuotedName,
    /// `['a]b']`, `['it\'s']`
    NameCutShort,
    /// `.length()`
    Function,
    /// `['a','b'].c`
    NamesInside,
    /// `..[0].a`
    ElementsInside,
    /// `@.a == "x"`
    DoubleQuotedText,
    /// `(@.a || @.b) && @.c`
    Parentheses,
    /// `!@.a == 1`
    Negation,
    /// `!(@.a == 1)`, in which `!(@.a` is a text
    PathAsText,
    /// `[0.a`, `[a0]`
    InBrackets,
    /// `@.a != 'x'`
    NotEquals,
    /// `@.a == null`
    EqualsNull,
    /// `@.a =~ 'x'`
    NoPattern,
}

impl Doubted {
    const fn code(self) -> Code {
        match self {
            Self::NegativeIndex | Self::NegativeSlice => Code::NegativeIndex,
            Self::IndexList => Code::IndexList,
            Self::SliceStep => Code::SliceStep,
            Self::DoubleQuotedName | Self::DoubleQuotedText => Code::DoubleQuotesInPath,
            Self::NameCutShort => Code::NameCutShort,
            Self::Function => Code::PathFunction,
            Self::NamesInside => Code::NamesInsidePath,
            Self::ElementsInside => Code::IndexAfterDescent,
            Self::Parentheses | Self::Negation | Self::PathAsText => Code::IgnoredInFilter,
            Self::InBrackets => Code::IgnoredInBrackets,
            Self::NotEquals => Code::NotEqualToMissing,
            Self::EqualsNull => Code::NullInFilter,
            Self::NoPattern => Code::PatternMissing,
        }
    }

    /// What is said at the place.
    const fn label(self) -> &'static str {
        match self {
            Self::NegativeIndex => "AWS does not count from the end here",
            Self::NegativeSlice => "a negative number counts from the end only where it is alone",
            Self::IndexList => "one missing element is an error",
            Self::SliceStep => "every element of the slice is taken",
            Self::DoubleQuotedName => "AWS reads names in single quotes only",
            Self::NameCutShort => "AWS knows no quote and no `]` in a name",
            Self::Function => "this calls nothing",
            Self::NamesInside => "more of the path follows",
            Self::ElementsInside => "AWS goes on with every element",
            Self::DoubleQuotedText => "AWS reads texts in single quotes only",
            Self::Parentheses => "AWS reads this without its parentheses",
            Self::Negation => "AWS reads this without its `!`",
            Self::PathAsText => "AWS reads `!` directly before `@` only, and not before parentheses",
            Self::InBrackets => "what is around the index is ignored",
            Self::NotEquals => "it only holds where the field is there",
            Self::EqualsNull => "it only holds where the field is there, and null",
            Self::NoPattern => "expected a pattern such as `/abc/`",
        }
    }
}

impl Doubt {
    /// The warning; an error where the path fails because of it. `fails` is whether a part of the path that fails is the end of the search.
    pub(super) fn warn(&self, fails: bool) -> Diagnostic {
        let mut diagnostic =
            Diagnostic::new(self.what.code(), self.span, self.message()).label(self.what.label());
        if fails && matches!(self.what, Doubted::NegativeIndex) {
            diagnostic.severity = Severity::Error;
        }
        match self.help() {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }

    fn message(&self) -> String {
        let text = &self.text;
        match self.what {
            Doubted::NegativeIndex => format!("`{text}` always fails: no array has a negative index"),
            Doubted::NegativeSlice => {
                format!("`{text}` does not count from the end: a slice with two numbers never does")
            }
            Doubted::IndexList => {
                format!("`{text}` fails where the array does not have all of these elements")
            }
            Doubted::SliceStep => format!("the step of `{text}` is ignored"),
            Doubted::DoubleQuotedName => {
                format!("`{text}` is not a name: double quotes do not quote in a path")
            }
            Doubted::NameCutShort => {
                format!("the name in `{text}` ends at its first quote or closing bracket")
            }
            Doubted::Function => format!("`{text}` is the name of a field: paths have no functions"),
            Doubted::NamesInside => {
                "a list of names has to be the last part of a path: it always fails here".to_owned()
            }
            Doubted::ElementsInside => {
                "an index after `..` is ignored where more of the path follows".to_owned()
            }
            Doubted::DoubleQuotedText => {
                format!("`{text}` never equals anything: the double quotes are part of the text")
            }
            Doubted::Parentheses => {
                "parentheses in a filter are ignored: `&&` always binds closer than `||`".to_owned()
            }
            Doubted::Negation => format!("the `!` of `{text}` is ignored: it only negates a path alone"),
            Doubted::PathAsText => format!("`{text}` is a text, and not a path that is negated"),
            Doubted::InBrackets => format!("only the index in `{text}` counts"),
            Doubted::NotEquals => format!("`{text}` leaves out items that do not have the field"),
            Doubted::EqualsNull => format!("`{text}` leaves out items that do not have the field"),
            Doubted::NoPattern => format!("`{text}` always fails: there is no pattern"),
        }
    }

    /// What works on AWS.
    fn help(&self) -> Option<String> {
        let text = &self.text;
        Some(match self.what {
            Doubted::NegativeIndex => {
                let from_end = text.trim_matches(['[', ']', ' ']);
                format!("count from the length: `[(@.length{from_end})]`")
            }
            Doubted::NegativeSlice => "count from the end with one number: `[-2:]`, or `[:-1]`".to_owned(),
            Doubted::IndexList => "a slice such as `[0:2]` takes the elements that are there".to_owned(),
            Doubted::SliceStep => "choose elements with a filter, or with `States.ArrayPartition`".to_owned(),
            Doubted::DoubleQuotedName | Doubted::DoubleQuotedText => {
                format!("write `{}`", text.replace('"', "'"))
            }
            Doubted::InBrackets => {
                "close the brackets behind the index, and quote names: `['name']`".to_owned()
            }
            Doubted::NameCutShort => "let the field have another name".to_owned(),
            Doubted::Function => {
                "use an intrinsic function instead, such as `States.ArrayLength($.items)`".to_owned()
            }
            Doubted::NamesInside => {
                "choose one name, or select the fields one by one in the payload".to_owned()
            }
            Doubted::ElementsInside => "name the fields on the way instead of `..`".to_owned(),
            Doubted::Parentheses => {
                "write the condition without parentheses: `@.a && @.c || @.b && @.c`".to_owned()
            }
            Doubted::PathAsText | Doubted::Negation => {
                "turn the comparison around, such as `!=` for `==`".to_owned()
            }
            Doubted::NotEquals => {
                let text = text.replace('"', "'");
                format!("to keep these, write `{text} || !{}`", path_in(&text)?)
            }
            Doubted::EqualsNull => {
                format!("`!{}` holds where the field is null and where it is missing", path_in(text)?)
            }
            Doubted::NoPattern => "write the pattern between slashes: `@.name =~ /abc.*/`".to_owned(),
        })
    }
}

/// The path in a comparison.
fn path_in(comparison: &str) -> Option<&str> {
    comparison.split(['=', '!', '<', '>']).map(str::trim).find(|side| side.starts_with('@'))
}

/// What the order of the parts of a path makes doubtful.
pub(super) fn of_order(segments: &[Segment]) -> Vec<Doubt> {
    let doubt = |what, segment: &Segment| Doubt { what, span: segment.span, text: String::new() };
    let inside = segments.windows(2).filter_map(|pair| match pair {
        [several, _] if matches!(&several.selector, Selector::Names(names) if !names.is_empty()) => {
            Some(doubt(Doubted::NamesInside, several))
        }
        _ => None,
    });
    let elements = segments.windows(3).filter_map(|three| match three {
        [dots, element, _] if dots.selector == Selector::Descendants && picks(&element.selector) => {
            Some(doubt(Doubted::ElementsInside, element))
        }
        _ => None,
    });
    inside.chain(elements).collect()
}

const fn picks(selector: &Selector) -> bool {
    matches!(
        selector,
        Selector::Index(_) | Selector::FromEnd(_) | Selector::Indexes(_) | Selector::Slice { .. }
    )
}
