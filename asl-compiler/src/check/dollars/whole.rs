//! Whole templates that are a path in a text: `"Parameters": "$.order"`, where an object says what to look up.

use super::{as_text, looks_like_a_path, variables, with_expression};
use crate::check::Checker;
use crate::check::parameters::constant_text;
use crate::definition::{Output, PlainText, QueryLanguage, State, Template, Work};
use crate::diagnostic::Diagnostic;
use asl_language::resource::integration;

pub(super) fn check(state: &State, checker: &mut Checker<'_>) {
    for (key, template) in templates(state) {
        let Some(text) = constant_text(template) else { continue };
        let found = PlainText::of_field(key, text);
        if let Some(fault) = variables::fault(found, &checker.variables, state.query_language) {
            checker.report_accepted(fault);
        } else if looks_like_a_path(text) {
            let found = as_text(found);
            checker.report_accepted(match state.query_language {
                QueryLanguage::JsonPath => with_field(found, key, &text.value),
                QueryLanguage::Jsonata => with_expression(found, text),
            });
        }
    }
}

/// The templates of a state, each with its field. Parameters of services are objects, and told so.
fn templates(state: &State) -> Vec<(&'static str, &Template)> {
    let parameters = state.query_language.parameters();
    let (given, after) = match &state.work {
        Work::Pass(pass) => (pass.parameters.as_ref().map(|given| (parameters, given)), None),
        Work::Parallel(parallel) => {
            (parallel.parameters.as_ref().map(|given| (parameters, given)), Some(&parallel.after))
        }
        Work::Map(map) => (map.item_selector.as_ref().map(|given| ("ItemSelector", given)), Some(&map.after)),
        Work::Task(task) => {
            let resource = task.resource.as_ref().map(|resource| resource.value.as_str());
            let is_event = resource.is_some_and(|resource| integration(resource).is_none());
            let given = task.parameters.as_ref().filter(|_| is_event).map(|given| (parameters, given));
            (given, Some(&task.after))
        }
        Work::Choice(_) | Work::Wait(_) | Work::Succeed(_) | Work::Fail(_) | Work::Unknown(_) => (None, None),
    };
    let output = match (&state.work, after) {
        (Work::Pass(pass), _) => Some(&pass.output),
        (Work::Succeed(succeed), _) => Some(&succeed.output),
        (_, after) => after.map(|after| &after.output),
    };
    let output = output.and_then(|output| match output {
        Output::Template(template) => Some(("Output", template)),
        Output::Selection(_) => None,
    });
    let selector =
        after.and_then(|after| after.result_selector.as_ref()).map(|given| ("ResultSelector", given));
    given.into_iter().chain(output).chain(selector).collect()
}

/// Says where the path is followed.
fn with_field(found: Diagnostic, key: &str, path: &str) -> Diagnostic {
    let found = found.label("a path is followed only in a field whose name ends in `.$`");
    match key {
        "Parameters" => {
            found.help(format!("to hand on a part of the input, write `\"InputPath\": \"{path}\"`"))
        }
        _ => found.help(format!("write an object, such as `{{ \"name.$\": \"{path}\" }}`")),
    }
}
