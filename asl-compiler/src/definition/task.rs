//! The Task state.

use super::fields::Fields;
use super::retry::{parse_catchers, parse_retriers};
use super::transition::parse_after;
use super::{After, At, Catcher, Reader, Retrier, Selection, Template, template};
use crate::json::Text;
use crate::path::Definite;
use asl_language::limits::MAX_SECONDS;
use std::ops::RangeInclusive;

/// A Task state.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// `Resource`; absent if that was reported.
    pub resource: Option<Text>,
    /// `InputPath`
    pub input: Selection,
    /// `Parameters`
    pub parameters: Option<Template>,
    /// `TimeoutSeconds` or `TimeoutSecondsPath`
    pub timeout: Option<Seconds>,
    /// `HeartbeatSeconds` or `HeartbeatSecondsPath`
    pub heartbeat: Option<Seconds>,
    /// What is done with the result.
    pub after: After,
    /// `Retry`
    pub retriers: Vec<Retrier>,
    /// `Catch`
    pub catchers: Vec<Catcher>,
}

/// A whole number in a field that also has a `...Path` form.
#[derive(Clone, Debug, PartialEq)]
pub enum Seconds {
    /// Given in the definition.
    Constant(At<u64>),
    /// Found in the input.
    Path(Definite),
}

pub(super) fn parse(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Task {
    let resource = fields.required_text("Resource", reader).cloned();
    let callback = resource.as_ref().is_some_and(gives_token);
    let change = |place: &mut crate::path::Place| {
        place.retries = true;
        place.callback = callback;
    };
    reader.within(change, |reader| Task {
        resource,
        input: fields.selection("InputPath", reader),
        parameters: fields.value("Parameters").map(|value| template::parse(value, reader)),
        timeout: parse_seconds(fields, ("TimeoutSeconds", "TimeoutSecondsPath"), 1..=MAX_SECONDS, reader),
        heartbeat: parse_seconds(
            fields,
            ("HeartbeatSeconds", "HeartbeatSecondsPath"),
            1..=MAX_SECONDS,
            reader,
        ),
        after: parse_after(fields, reader),
        retriers: parse_retriers(fields, reader),
        catchers: parse_catchers(fields, reader),
    })
}

/// Whether the parameters can hold a task token: those of callbacks, activities and, on AWS, of jobs. Nobody knows where a
/// placeholder will lead.
fn gives_token(resource: &Text) -> bool {
    [".waitForTaskToken", ".sync", ":activity:", "${"].iter().any(|part| resource.value.contains(part))
}

pub(super) fn parse_seconds(
    fields: &mut Fields<'_>,
    (name, path_name): (&str, &str),
    range: RangeInclusive<u64>,
    reader: &mut Reader<'_>,
) -> Option<Seconds> {
    fields.exclusive(&[name, path_name], reader);
    let constant = fields.whole(name, range, reader).map(Seconds::Constant);
    let path = fields.reference_path(path_name, reader).map(Seconds::Path);
    constant.or(path)
}
