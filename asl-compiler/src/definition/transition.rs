//! `Next` and `End`, and what is done with a result before them.

use super::fields::Fields;
use super::part::{Part, parts};
use super::{Found, Member, Names, Output, Reader, Reported, ResultPath, Stage, Template, Written, assign};
use crate::checked;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::Text;
use crate::source::Span;
use crate::vocabulary::StateId;
use std::ops::Deref;

/// Where a state leads.
#[derive(Clone, Debug, PartialEq)]
pub enum Transition {
    /// `Next`
    Next(StateName),
    /// `"End": true`
    End,
    /// Neither; it was reported.
    Missing,
}

/// The name of a state that another leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct StateName(Text);

impl From<&Text> for StateName {
    fn from(text: &Text) -> Self {
        Self(text.clone())
    }
}

impl Deref for StateName {
    type Target = Text;

    fn deref(&self) -> &Text {
        &self.0
    }
}

impl Part for StateName {
    type Checked = StateId;

    fn find<'d>(&'d self, _: &mut Found<'d>) {}

    fn checked(&self, names: &mut Names<'_>) -> Result<StateId, Reported> {
        (names.target)(self).ok_or(Reported)
    }
}

impl Part for Transition {
    type Checked = checked::Transition;

    fn find<'d>(&'d self, _: &mut Found<'d>) {}

    fn checked(&self, names: &mut Names<'_>) -> Result<checked::Transition, Reported> {
        match self {
            Self::Next(name) => name.checked(names).map(checked::Transition::Next),
            Self::End => Ok(checked::Transition::End),
            Self::Missing => Err(Reported),
        }
    }
}

/// What is done with the result of a Task, Parallel or Map state.
#[derive(Clone, Debug, PartialEq)]
pub struct After<S: Stage = Written> {
    /// `Assign`
    pub assign: Vec<S::Of<Member>>,
    /// `ResultSelector`
    pub result_selector: Option<S::Of<Template>>,
    /// `ResultPath`
    pub result_path: S::Of<ResultPath>,
    /// `OutputPath` or `Output`
    pub output: S::Of<Output>,
    /// `Next` or `End`
    pub transition: S::Of<Transition>,
}

parts!(After { result_selector, assign, result_path, output, transition });

pub(super) fn parse_transition(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Transition {
    let wrong = fields.has("Next") || fields.has("End");
    let next_key = fields.member("Next").map(|member| member.key.span);
    let next = fields.text("Next", reader).map(StateName::from);
    let end_key = fields.member("End").map(|member| member.key.span);
    let end = fields.boolean("End", reader);
    match (next, end) {
        (Some(next), Some(end)) if end.value => {
            let message = format!("{} has both `Next` and `End`", fields.owner());
            let (first, second) = (next_key.unwrap_or(next.span), end_key.unwrap_or(end.span));
            let (first, second) = if first < second { (first, second) } else { (second, first) };
            let diagnostic = Diagnostic::new(Code::NextAndEnd, second, message);
            reader.report(
                diagnostic.label("only one of the two is allowed").related(first, "the other is here"),
            );
            Transition::Next(next)
        }
        (Some(next), _) => Transition::Next(next),
        (None, Some(end)) if end.value => Transition::End,
        (None, Some(end)) => {
            report_neither(fields, end.span, "`false` does not end the machine", reader);
            Transition::Missing
        }
        // A value of the wrong type was reported where it is.
        (None, None) if wrong => Transition::Missing,
        (None, None) => {
            if let Some(next) = fields.misspelt("Next", reader) {
                return next.as_text().map_or(Transition::Missing, |next| Transition::Next(next.into()));
            }
            if fields.has_misspelt(std::iter::once("End")) {
                return Transition::Missing;
            }
            report_neither(fields, fields.span(), "expected `Next` or `\"End\": true`", reader);
            Transition::Missing
        }
    }
}

fn report_neither(fields: &Fields<'_>, span: Span, label: &str, reader: &mut Reader<'_>) {
    let message = format!("{} has neither `Next` nor `End`", fields.owner());
    reader.report(Diagnostic::new(Code::NextAndEnd, span, message).label(label));
}

pub(super) fn parse_after(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> After {
    reader.within(
        |place| place.result = true,
        |reader| After {
            assign: assign::parse(fields, reader),
            result_selector: fields.template("ResultSelector", reader),
            result_path: fields.result_path(reader),
            output: fields.output(reader),
            transition: parse_transition(fields, reader),
        },
    )
}
