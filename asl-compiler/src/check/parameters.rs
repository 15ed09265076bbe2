//! What the rules about the parameters of integrations share.

use super::Checker;
use super::given::Given;
use crate::code::Code;
use crate::definition::{Member, State, Task, Template};
use crate::diagnostic::{Diagnostic, Severity};
use crate::json::{Kind, Text, Value};
use crate::shape::Seen;
use crate::source::Span;
use crate::suggest::closest;

/// The parameters of a task, with what messages say about them.
pub(super) struct Parameters<'a> {
    /// The integration: "http:invoke".
    pub(super) integration: &'static str,
    /// Where messages about what is missing point.
    pub(super) span: Span,
    /// The state.
    pub(super) state: &'a str,
    /// The field that holds them: `Parameters` or `Arguments`.
    pub(super) field: &'static str,
    members: &'a [Member],
}

impl<'a> Parameters<'a> {
    /// The parameters of a task; nothing if they cannot be known, because the whole input is sent.
    pub(super) fn of(
        integration: &'static str,
        state: &'a State,
        task: &'a Task,
        checker: &mut Checker<'_>,
    ) -> Option<Self> {
        let field = state.query_language.parameters();
        match &task.parameters {
            Some(Template::Object(span, members)) => Some(Self {
                integration,
                span: Span::new(span.start, span.start.saturating_add(1)),
                state: &state.name.value,
                field,
                members,
            }),
            // Without them the input of the state is what is sent, and it is not known what an expression yields.
            None | Some(Template::Expression(_) | Template::Invalid(_)) => None,
            Some(
                other @ (Template::Constant(_)
                | Template::Array(..)
                | Template::Path { .. }
                | Template::Intrinsic { .. }),
            ) => {
                let message = format!("`{field}` of `{integration}` must be an object");
                let diagnostic = Diagnostic::new(Code::InvalidParameter, other.span(), message);
                checker.diagnostics.push(diagnostic.label("expected an object"));
                None
            }
        }
    }

    /// The parameter of that name.
    pub(super) fn get(&self, name: &str) -> Option<&'a Member> {
        self.members.iter().find(|member| member.name() == name)
    }

    /// Reports a parameter that is not there.
    pub(super) fn require(&self, name: &str, checker: &mut Checker<'_>) {
        if self.get(name).is_none() {
            let message = format!("`{}` needs the parameter `{name}`", self.integration);
            let diagnostic = Diagnostic::new(Code::InvalidParameter, self.span, message);
            checker.diagnostics.push(
                diagnostic.label(format!("`{}` of state `{}` has no `{name}`", self.field, self.state)),
            );
        }
    }

    /// Reports parameters that do not exist.
    pub(super) fn check_names(&self, known: &[&'static str], checker: &mut Checker<'_>) {
        for member in self.members {
            check_name(self.integration, "parameter", member, known, checker);
        }
    }
}

/// The parameters of a task that calls a function by its ARN are the event that the function gets: those of `lambda:invoke` are
/// something else.
pub(super) fn check_event(state: &State, task: &Task, checker: &mut Checker<'_>) {
    let Some((parameters, resource)) = task.parameters.as_ref().zip(task.resource.as_ref()) else { return };
    let (Some(name), Some(_)) = (parameters.member("FunctionName"), parameters.member("Payload")) else {
        return;
    };
    let field = state.query_language.parameters();
    let message =
        format!("`FunctionName` and `Payload` are not parameters here: all of `{field}` is the event");
    let mut diagnostic = Diagnostic::new(Code::InvalidParameter, name.key.span, message)
        .label("the function gets an event with these two fields")
        .related(resource.span, "the ARN of a function calls it with what is given")
        .help("for `FunctionName` and `Payload`, let `Resource` be `arn:aws:states:::lambda:invoke`");
    diagnostic.severity = Severity::Warning;
    checker.diagnostics.push(diagnostic);
}

/// Reports a member of parameters that does not exist. `noun` is what it should have been.
pub(super) fn check_name(
    owner: &str,
    noun: &str,
    member: &Member,
    known: &[&'static str],
    checker: &mut Checker<'_>,
) {
    let name = member.name();
    if known.contains(&name) {
        return;
    }
    let diagnostic =
        Diagnostic::new(Code::UnknownParameter, member.key.span, format!("`{owner}` has no {noun} `{name}`"))
            .label(format!("no such {noun}"));
    checker.diagnostics.push(match closest(name, known.iter().copied()) {
        Some(known) => diagnostic.help(format!("did you mean `{known}`?")),
        None => diagnostic,
    });
}

/// The string that a template becomes, if it is one and known.
pub(super) fn constant_text(template: &Template) -> Option<&Text> {
    match template {
        Template::Constant(Value { kind: Kind::String(text), .. }) => Some(text),
        Template::Constant(_)
        | Template::Path { .. }
        | Template::Intrinsic { .. }
        | Template::Expression(_)
        | Template::Object(..)
        | Template::Array(..)
        | Template::Invalid(_) => None,
    }
}

/// Whether a text is a word, or holds a place for one, that some tool may put a value in place of before AWS sees it.
pub(super) fn may_be_replaced(text: &str) -> bool {
    let is_word = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    is_word || text.contains(['<', '{'])
}

/// Reports a parameter of the wrong type, if its type is known. `seen` says what is known about what it is made of.
pub(super) fn wrong_type(
    what: &str,
    wanted: &str,
    template: &Template,
    seen: Option<&Seen>,
    checker: &mut Checker<'_>,
) {
    let known = |template: &Template| seen.map(|seen| seen.shape(template)).unwrap_or_default();
    let given = Given::of_template(template, &known);
    let Some(found) = given.type_name().filter(|found| *found != wanted) else { return };
    let message = format!("{what} must be {wanted}, not {found}");
    checker.diagnostics.push(
        Diagnostic::new(Code::InvalidParameter, template.span(), message).label(format!("expected {wanted}")),
    );
}
