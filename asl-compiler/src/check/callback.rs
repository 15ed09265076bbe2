//! `.waitForTaskToken`: whether the token leaves the task.

use super::services::is_address;
use super::{Checker, dollars, resource};
use crate::code::Code;
use crate::definition::{Expression, PlainText, QueryLanguage, State, Task, Template};
use crate::diagnostic::Diagnostic;
use crate::jsonata;
use crate::path::Path;
use crate::source::Span;
use crate::vocabulary::{ContextField, Root, Step};

/// What holds the token where it is evaluated.
const TOKEN: [&str; 2] = ["$$.Task.Token", "$states.context.Task.Token"];

pub(super) fn check(state: &State, task: &Task, checker: &mut Checker<'_>) {
    let Some(resource) = task.resource.as_ref().filter(|text| resource::waits_for_token(&text.value)) else {
        return;
    };
    // Without `Parameters` the whole input is sent, of which nothing is known.
    let Some(parameters @ Template::Object(span, _)) = &task.parameters else { return };
    if parameters.has_invalid()
        || parameters.paths().iter().any(|path| gives_token(&path.root))
        || parameters.expressions().into_iter().any(evaluates_token)
    {
        return;
    }
    let texts = parameters.texts();
    let mut written =
        texts.iter().filter(|found| TOKEN.iter().any(|token| found.text.value.contains(token))).peekable();
    let in_text = written.peek().map(|found| found.text.span);
    if let Some(whole) = written.find(|found| dollars::is_reported(**found, state.query_language)) {
        // That it is taken as it is written is said of every such text; here it cannot be meant.
        checker.refused.insert(whole.text.span);
        return;
    }
    // What takes the place of a placeholder may be an expression, or a path.
    let may_be_read = |found: &PlainText<'_>| {
        found.text.value.starts_with("${")
            && !is_address(found.key)
            && (state.query_language == QueryLanguage::Jsonata || found.key.ends_with(".$"))
    };
    if texts.iter().any(may_be_read) {
        return;
    }
    let message =
        format!("state `{}` waits for its task token, but never passes it to the task", state.name.value);
    let opening = Span::new(span.start, span.start.saturating_add(1));
    let in_data = parameters.paths().into_iter().find(|path| looks_in_data(path)).map(|path| path.span);
    let label = match (in_text, in_data) {
        (Some(_), _) => "nothing is looked up inside of a text",
        (None, Some(_)) => "this looks in the data; the token is in the context object, `$$`",
        (None, None) => "the token is not passed here",
    };
    let place = in_text.or(in_data).unwrap_or(opening);
    checker.report_accepted(
        Diagnostic::new(Code::MissingTaskToken, place, message)
            .label(label)
            .related(resource.span, "the task ends when a result is sent with its token")
            .help(match state.query_language {
                QueryLanguage::JsonPath => "pass it as a parameter: `\"TaskToken.$\": \"$$.Task.Token\"`",
                QueryLanguage::Jsonata => {
                    "pass it as an argument: `\"TaskToken\": \"{% $states.context.Task.Token %}\"`"
                }
            }),
    );
}

/// `$.Task.Token`
fn looks_in_data(path: &Path) -> bool {
    let names = path.steps.iter().map(|step| match &step.step {
        Step::Name(name) => name.as_str(),
        Step::Index(_) | Step::FromEnd(_) => "",
    });
    matches!(path.root, Root::Data) && names.eq(["Task", "Token"])
}

const fn gives_token(root: &Root) -> bool {
    matches!(root, Root::Context(ContextField::Whole | ContextField::Task | ContextField::TaskToken))
}

/// Whether the token may be in what an expression yields: `$states.context`, and all that it is a part of.
fn evaluates_token(expression: &Expression) -> bool {
    let Some(tree) = &expression.tree else { return true };
    jsonata::references(tree).iter().any(|reference| {
        let mut names = reference.fields.iter().map(|field| field.name.as_str());
        match reference.name.as_str() {
            "states" => {
                matches!(names.next(), None | Some("context")) && matches!(names.next(), None | Some("Task"))
            }
            "" | "$" => true,
            _ => false,
        }
    })
}
