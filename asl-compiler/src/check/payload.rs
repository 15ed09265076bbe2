//! Payloads that are too large before anything is known about the input.

use super::Checker;
use crate::code::Code;
use crate::definition::{After, Output, State, Template, Work};
use crate::diagnostic::Diagnostic;
use crate::json::{Kind, Text, Value};
use crate::source::Span;
use crate::vocabulary::Number;
use asl_language::limits::AWS_PAYLOAD_BYTES;

pub(super) fn check(state: &State, checker: &mut Checker<'_>) {
    if let Work::Pass(pass) = &state.work {
        let result = pass.result.as_ref().map(|value| (value_size(value), value.span));
        report("Result", state, result, checker);
    }
    for (field, template) in templates(state) {
        check_template(field, state, Some(template), checker);
    }
    for assigned in state.assigned() {
        check_template("Assign", state, Some(&assigned.variable.value), checker);
    }
}

/// The fields that make what is passed on.
fn templates(state: &State) -> Vec<(&'static str, &Template)> {
    let parameters = state.query_language.parameters();
    let mut found = match &state.work {
        Work::Pass(pass) => {
            vec![of(parameters, pass.parameters.as_ref()), of("Output", written(&pass.output))]
        }
        Work::Task(task) => of_after(&task.after, of(parameters, task.parameters.as_ref())),
        Work::Parallel(parallel) => of_after(&parallel.after, of(parameters, parallel.parameters.as_ref())),
        Work::Map(map) => of_after(&map.after, of("ItemSelector", map.item_selector.as_ref())),
        Work::Choice(choice) => {
            let rules = choice.rules.iter().map(|rule| of("Output", rule.output.as_ref()));
            rules.chain([of("Output", written(&choice.output))]).collect()
        }
        Work::Wait(wait) => vec![of("Output", written(&wait.output))],
        Work::Succeed(succeed) => vec![of("Output", written(&succeed.output))],
        Work::Fail(_) | Work::Unknown(_) => Vec::new(),
    };
    found.extend(state.catchers().iter().map(|catcher| of("Output", catcher.output.as_ref())));
    found.into_iter().flatten().collect()
}

fn of<'a>(field: &'static str, template: Option<&'a Template>) -> Option<(&'static str, &'a Template)> {
    template.map(|template| (field, template))
}

fn of_after<'a>(
    after: &'a After,
    first: Option<(&'static str, &'a Template)>,
) -> Vec<Option<(&'static str, &'a Template)>> {
    let selector = of("ResultSelector", after.result_selector.as_ref());
    vec![first, selector, of("Output", written(&after.output))]
}

const fn written(output: &Output) -> Option<&Template> {
    if let Output::Template(template) = output { Some(template) } else { None }
}

fn check_template(field: &str, state: &State, template: Option<&Template>, checker: &mut Checker<'_>) {
    report(field, state, template.map(|template| (template_size(template), template.span())), checker);
}

fn report(field: &str, state: &State, found: Option<(usize, Span)>, checker: &mut Checker<'_>) {
    let Some((size, span)) = found.filter(|(size, _)| *size > AWS_PAYLOAD_BYTES) else { return };
    let start = Span::new(span.start, span.start.saturating_add(1));
    let message = format!("`{field}` of state `{}` has at least {size} bytes", state.name.value);
    checker.diagnostics.push(
        Diagnostic::new(Code::PayloadTooLarge, start, message)
            .label(format!("AWS takes payloads of up to {AWS_PAYLOAD_BYTES} bytes"))
            .help("store the data in an S3 object, and pass its location"),
    );
}

/// The bytes of what a template yields at least. What is looked up may be empty.
fn template_size(template: &Template) -> usize {
    let size = |parts: usize, count: usize| parts + count.saturating_sub(1) + 2;
    match template {
        Template::Constant(value) => value_size(value),
        Template::Object(_, members) => {
            let parts = members.iter().map(|member| member.name().len() + 3 + template_size(&member.value));
            size(parts.sum(), members.len())
        }
        Template::Array(_, elements) => size(elements.iter().map(template_size).sum(), elements.len()),
        Template::Path { .. }
        | Template::Intrinsic { .. }
        | Template::Expression(_)
        | Template::Invalid(_) => 1,
    }
}

/// The bytes of a value as JSON; escapes are not counted.
fn value_size(value: &Value) -> usize {
    let list = |parts: usize, count: usize| parts + count.saturating_sub(1) + 2;
    match &value.kind {
        Kind::Null | Kind::Bool(_) => 4,
        Kind::Number(number) => number_size(*number),
        Kind::String(text) => text_size(text),
        Kind::Array(values) => list(values.iter().map(value_size).sum(), values.len()),
        Kind::Object(members) => {
            let parts = members.iter().map(|member| text_size(&member.key) + 1 + value_size(&member.value));
            list(parts.sum(), members.len())
        }
    }
}

fn text_size(text: &Text) -> usize {
    text.value.len() + 2
}

fn number_size(number: Number) -> usize {
    match number {
        Number::Int(int) => int.to_string().len(),
        Number::Uint(uint) => uint.to_string().len(),
        // A number with a fraction has many notations, of which the shortest counts.
        Number::Float(_) => 1,
    }
}
