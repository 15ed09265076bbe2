//! The Wait state.

use super::fields::{Fields, is_expression};
use super::transition::parse_transition;
use super::{Member, Reader, Selection, Transition, assign};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::ir::Timestamp;
use crate::json::Text;
use crate::path::Path;
use asl_language::limits::MAX_SECONDS;

/// A Wait state.
#[derive(Clone, Debug, PartialEq)]
pub struct Wait {
    /// `InputPath`
    pub input: Selection,
    /// Until when it waits; absent if that was reported.
    pub until: Option<Until>,
    /// `Assign`
    pub assign: Vec<Member>,
    /// `OutputPath`
    pub output: Selection,
    /// `Next` or `End`
    pub transition: Transition,
}

/// Until when a Wait state waits.
#[derive(Clone, Debug, PartialEq)]
pub enum Until {
    /// `Seconds`
    Seconds(u64),
    /// `SecondsPath`
    SecondsPath(Path),
    /// `Timestamp`
    Timestamp(Timestamp),
    /// `TimestampPath`
    TimestampPath(Path),
}

const FIELDS: &[&str] = &["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];

pub(super) fn parse(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Wait {
    let input = fields.selection("InputPath", reader);
    if !FIELDS.iter().any(|name| fields.has(name)) {
        let message = format!("{} does not say how long it waits", fields.owner());
        let diagnostic = Diagnostic::new(Code::MissingField, fields.span(), message);
        let label = "a Wait state needs `Seconds`, `SecondsPath`, `Timestamp` or `TimestampPath`";
        reader.report(diagnostic.label(label));
    }
    fields.exclusive(FIELDS, reader);
    let seconds =
        fields.whole("Seconds", 0..=MAX_SECONDS, reader).map(|seconds| Until::Seconds(seconds.value));
    let seconds_path = fields.reference_path("SecondsPath", reader).map(Until::SecondsPath);
    let timestamp = fields.text("Timestamp", reader).cloned();
    let timestamp =
        timestamp.and_then(|text| parse_timestamp("Timestamp", &text, reader)).map(Until::Timestamp);
    let timestamp_path = fields.reference_path("TimestampPath", reader).map(Until::TimestampPath);
    Wait {
        input,
        until: seconds.or(seconds_path).or(timestamp).or(timestamp_path),
        assign: assign::parse(fields, reader),
        output: fields.selection("OutputPath", reader),
        transition: parse_transition(fields, reader),
    }
}

/// A timestamp as the value of the field `name`.
pub(super) fn parse_timestamp(name: &str, text: &Text, reader: &mut Reader<'_>) -> Option<Timestamp> {
    let timestamp = Timestamp::parse(&text.value);
    if timestamp.is_none() && !(reader.jsonata && is_expression(text)) {
        reader.report(
            Diagnostic::new(
                Code::InvalidTimestamp,
                text.span,
                format!("`{}` is not a timestamp", text.value),
            )
            .label(format!("`{name}` needs a timestamp such as `2024-08-18T17:33:00Z`")),
        );
    }
    timestamp
}
