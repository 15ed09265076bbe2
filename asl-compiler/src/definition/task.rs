//! The Task state.

use super::fields::Fields;
use super::part::{Part, parts};
use super::retry::{parse_catchers, parse_retriers};
use super::transition::parse_after;
use super::{
    After, At, Catcher, Checked, Expression, Found, Names, Reader, Reported, Retrier, Selection, Stage,
    Template, Written, template,
};
use crate::checked;
use crate::json::Text;
use crate::path::Path;
use crate::source::Span;
use asl_language::limits::MAX_SECONDS;
use asl_language::resource::{Suffix, integration, split_suffix};
use std::ops::RangeInclusive;

/// A Task state.
#[derive(Clone, Debug, PartialEq)]
pub struct Task<S: Stage = Written> {
    /// `Resource`; absent if that was reported.
    pub resource: S::Sure<Text>,
    /// `InputPath`
    pub input: S::Of<Selection>,
    /// `Parameters` or `Arguments`
    pub parameters: Option<S::Of<Template>>,
    /// `Credentials`
    pub credentials: Option<S::Of<Credentials>>,
    /// `TimeoutSeconds` or `TimeoutSecondsPath`
    pub timeout: Option<S::Of<Seconds>>,
    /// `HeartbeatSeconds` or `HeartbeatSecondsPath`
    pub heartbeat: Option<S::Of<Seconds>>,
    /// What is done with the result.
    pub after: S::Of<After>,
    /// `Retry`
    pub retriers: Vec<S::Of<Retrier>>,
    /// `Catch`
    pub catchers: Vec<S::Of<Catcher>>,
}

parts!(Task [resource] {
    input,
    parameters,
    credentials,
    timeout,
    heartbeat,
    after,
    retriers,
    catchers,
});

/// The role that a task runs with on AWS.
#[derive(Clone, Debug, PartialEq)]
pub struct Credentials {
    /// The place of the field's name.
    pub span: Span,
    /// The object with `RoleArn`.
    pub value: Template,
}

/// A whole number in a field that also has a `...Path` form, or in JSONata takes an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Seconds {
    /// Given in the definition.
    Constant(At<u64>),
    /// Given by an expression.
    Expression(Expression),
    /// Found in the input.
    Path(Path),
}

impl Seconds {
    /// Where it is.
    #[must_use]
    pub const fn span(&self) -> Span {
        match self {
            Self::Constant(at) => at.span,
            Self::Expression(expression) => expression.span,
            Self::Path(path) => path.span,
        }
    }
}

impl Task<Checked> {
    /// Whether its parameters can hold a task token.
    pub(crate) fn gives_token(&self) -> bool {
        gives_token(&self.resource)
    }
}

impl Part for Credentials {
    type Checked = checked::Template;

    fn find<'d>(&'d self, found: &mut Found<'d>) {
        self.value.find(found);
    }

    fn checked(&self, names: &mut Names<'_>) -> Result<checked::Template, Reported> {
        self.value.checked(names)
    }
}

impl Part for Seconds {
    type Checked = checked::Seconds;

    fn find<'d>(&'d self, found: &mut Found<'d>) {
        match self {
            Self::Constant(_) => {}
            Self::Expression(expression) => expression.find(found),
            Self::Path(path) => path.find(found),
        }
    }

    fn checked(&self, names: &mut Names<'_>) -> Result<checked::Seconds, Reported> {
        Ok(match self {
            Self::Constant(at) => checked::Seconds::Constant(at.value),
            Self::Expression(expression) => checked::Seconds::Expression(expression.checked(names)?),
            Self::Path(path) => checked::Seconds::Path(path.lower()),
        })
    }
}

pub(super) fn parse(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Task {
    let resource = fields.required_text("Resource", reader).cloned();
    let callback = resource.as_ref().is_some_and(|resource| gives_token(&resource.value));
    let change = |place: &mut crate::path::PathPlace| {
        place.retries = true;
        place.callback = callback;
    };
    reader.within(change, |reader| Task {
        resource,
        input: fields.selection("InputPath", reader),
        parameters: fields.parameters(reader),
        credentials: parse_credentials(fields, reader),
        timeout: parse_limit(fields, ("TimeoutSeconds", "TimeoutSecondsPath"), reader),
        heartbeat: parse_limit(fields, ("HeartbeatSeconds", "HeartbeatSecondsPath"), reader),
        after: parse_after(fields, reader),
        retriers: parse_retriers(fields, reader),
        catchers: parse_catchers(fields, reader),
    })
}

/// `Credentials`: an object with `RoleArn`, or in JSONPath with `RoleArn.$`.
fn parse_credentials(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Option<Credentials> {
    let member = fields.member("Credentials")?;
    if member.value.as_object().is_none() {
        return fields.wrong_type("Credentials", &member.value, "an object", reader);
    }
    let owner = format!("`Credentials` of {}", fields.owner());
    let mut inner = Fields::new(&member.value, owner, member.key.span, reader)?;
    if !inner.has("RoleArn") && !inner.has("RoleArn.$") {
        inner.report_missing("RoleArn", reader);
    }
    inner.text("RoleArn", reader);
    if reader.jsonata {
        inner.of_other_language(&["RoleArn.$"], reader);
    } else {
        inner.member("RoleArn.$");
    }
    inner.finish(&["RoleArn", "RoleArn.$"], reader);
    Some(Credentials { span: member.key.span, value: template::parse("Credentials", &member.value, reader) })
}

/// Whether the parameters can hold a task token: those of callbacks, activities and, on AWS, of jobs. It is not known where a
/// placeholder will lead, or what a pattern was meant to be that there is not.
pub(crate) fn gives_token(resource: &str) -> bool {
    let pattern = integration(resource).map_or("", |(_, action)| split_suffix(action).1);
    Suffix::ALL.iter().all(|known| known.as_str() != pattern)
        || [".waitForTaskToken", ".sync", ":activity:", "${"].iter().any(|part| resource.contains(part))
}

/// How long the task may take, or be silent.
fn parse_limit(fields: &mut Fields<'_>, names: (&str, &str), reader: &mut Reader<'_>) -> Option<Seconds> {
    reader.aside(|reader| parse_seconds(fields, names, 1..=MAX_SECONDS, reader))
}

pub(super) fn parse_seconds(
    fields: &mut Fields<'_>,
    (name, path_name): (&str, &str),
    range: RangeInclusive<u64>,
    reader: &mut Reader<'_>,
) -> Option<Seconds> {
    fields.exclusive(&[name, path_name], reader);
    if let Some(expression) = fields.expression(name, reader) {
        return Some(Seconds::Expression(expression));
    }
    let constant = fields.whole(name, range, reader).map(Seconds::Constant);
    let path = fields.reference_path(path_name, reader).map(Seconds::Path);
    constant.or(path)
}
