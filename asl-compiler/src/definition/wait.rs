//! The Wait state.

use super::fields::Fields;
use super::fields::paths::in_its_field;
use super::part::{Part, parts};
use super::transition::parse_transition;
use super::{
    Expression, Found, Member, Names, Output, Reader, Reported, Selection, Stage, Transition, Written, assign,
};
use crate::checked;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::Text;
use crate::path::Path;
use crate::vocabulary::Timestamp;
use asl_language::limits::MAX_SECONDS;

/// A Wait state.
#[derive(Clone, Debug, PartialEq)]
pub struct Wait<S: Stage = Written> {
    /// `InputPath`
    pub input: S::Of<Selection>,
    /// Until when it waits; absent if that was reported.
    pub until: S::Sure<Until>,
    /// `Assign`
    pub assign: Vec<S::Of<Member>>,
    /// `OutputPath` or `Output`
    pub output: S::Of<Output>,
    /// `Next` or `End`
    pub transition: S::Of<Transition>,
}

parts!(Wait [until] { input, assign, output, transition });

/// Until when a Wait state waits.
#[derive(Clone, Debug, PartialEq)]
pub enum Until {
    /// `Seconds`
    Seconds(u64),
    /// `Seconds`, an expression.
    SecondsExpression(Expression),
    /// `SecondsPath`
    SecondsPath(Path),
    /// `Timestamp`
    Timestamp(Timestamp),
    /// `Timestamp`, an expression.
    TimestampExpression(Expression),
    /// `TimestampPath`
    TimestampPath(Path),
}

impl Part for Until {
    type Checked = checked::Until;

    fn find<'d>(&'d self, found: &mut Found<'d>) {
        match self {
            Self::SecondsPath(path) | Self::TimestampPath(path) => path.find(found),
            Self::SecondsExpression(expression) | Self::TimestampExpression(expression) => {
                expression.find(found)
            }
            Self::Seconds(_) | Self::Timestamp(_) => {}
        }
    }

    fn checked(&self, names: &mut Names<'_>) -> Result<checked::Until, Reported> {
        Ok(match self {
            Self::Seconds(seconds) => checked::Until::Seconds(*seconds),
            Self::SecondsExpression(expression) => {
                checked::Until::SecondsExpression(expression.checked(names)?)
            }
            Self::SecondsPath(path) => checked::Until::SecondsPath(path.lower()),
            Self::Timestamp(timestamp) => checked::Until::Timestamp(*timestamp),
            Self::TimestampExpression(expression) => {
                checked::Until::TimestampExpression(expression.checked(names)?)
            }
            Self::TimestampPath(path) => checked::Until::TimestampPath(path.lower()),
        })
    }
}

const FIELDS: &[&str] = &["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];
const FIELDS_OF_JSONATA: &[&str] = &["Seconds", "Timestamp"];

pub(super) fn parse(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Wait {
    let input = fields.selection("InputPath", reader);
    let names = if reader.jsonata { FIELDS_OF_JSONATA } else { FIELDS };
    // A field of the other query language is reported as such.
    if !FIELDS.iter().any(|name| fields.has(name)) && !fields.has_misspelt(names.iter().copied()) {
        let message = format!("{} does not say how long it waits", fields.owner());
        let diagnostic = Diagnostic::new(Code::MissingField, fields.span(), message);
        let label = if reader.jsonata {
            "a Wait state needs `Seconds` or `Timestamp`"
        } else {
            "a Wait state needs `Seconds`, `SecondsPath`, `Timestamp` or `TimestampPath`"
        };
        reader.report(diagnostic.label(label));
    }
    fields.exclusive(names, reader);
    Wait {
        input,
        until: reader.aside(|reader| parse_until(fields, reader)),
        assign: assign::parse(fields, reader),
        output: fields.output(reader),
        transition: parse_transition(fields, reader),
    }
}

/// All of the fields are read before the first counts, so that each fault is reported.
fn parse_until(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Option<Until> {
    let seconds_expression = fields.expression("Seconds", reader).map(Until::SecondsExpression);
    let seconds = match seconds_expression {
        Some(until) => Some(until),
        None => fields.whole("Seconds", 0..=MAX_SECONDS, reader).map(|seconds| Until::Seconds(seconds.value)),
    };
    let seconds_path = fields.reference_path("SecondsPath", reader).map(Until::SecondsPath);
    let timestamp_expression = fields.expression("Timestamp", reader).map(Until::TimestampExpression);
    let timestamp = match timestamp_expression {
        Some(until) => Some(until),
        None => {
            let text = fields.text("Timestamp", reader);
            text.and_then(|text| parse_timestamp("Timestamp", text, reader)).map(Until::Timestamp)
        }
    };
    let timestamp_path = fields.reference_path("TimestampPath", reader).map(Until::TimestampPath);
    seconds.or(seconds_path).or(timestamp).or(timestamp_path)
}

/// A timestamp as the value of the field `name`.
pub(super) fn parse_timestamp(name: &str, text: &Text, reader: &mut Reader<'_>) -> Option<Timestamp> {
    let timestamp = Timestamp::parse(&text.value);
    if timestamp.is_none() {
        let message = format!("`{}` is not a timestamp", text.value);
        let diagnostic = Diagnostic::new(Code::InvalidTimestamp, text.span, message)
            .label(format!("`{name}` needs a timestamp such as `2024-08-18T17:33:00Z`"));
        let path = Some(&text.value).filter(|_| !reader.jsonata);
        reader.report(match path.and_then(|path| in_its_field(name, path)) {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }
    timestamp
}
