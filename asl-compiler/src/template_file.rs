//! A template of CloudFormation or SAM that was given in place of a definition.
//!
//! In: the value of a file. Out: a problem, if the value is a template, which says where its definitions are. Never looks into them.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::{Member, Value};
use crate::source::Span;

/// The types of state machines in templates.
const TYPES: &[&str] = &["AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine"];

/// What is wrong with a template.
pub(crate) fn refuse(value: &Value) -> Option<Diagnostic> {
    let resources = value.member("Resources").filter(|member| member.value.as_object().is_some());
    let marks = ["AWSTemplateFormatVersion", "Transform"];
    let mark = marks.iter().find_map(|name| value.member(name)).or(resources)?;
    if value.member("StartAt").is_some() || value.member("States").is_some() {
        return None;
    }
    let diagnostic = Diagnostic::new(
        Code::NotADefinition,
        mark.key.span,
        "this is a template of CloudFormation, not a definition",
    )
    .label("expected a state machine, an object with `StartAt` and `States`");
    let machines = resources.and_then(|member| member.value.as_object()).unwrap_or_default();
    let machines = machines.iter().filter(|resource| is_machine(resource)).take(5);
    let diagnostic = machines.fold(diagnostic, |diagnostic, resource| {
        let (span, label) = definition_of(resource);
        diagnostic.related(span, label)
    });
    Some(diagnostic.help(
        "compile the definition itself: a file of its own, which the template names in `DefinitionUri`",
    ))
}

fn is_machine(resource: &Member) -> bool {
    resource.value.get("Type").and_then(Value::as_str).is_some_and(|name| TYPES.contains(&name))
}

/// Where the definition of a state machine is.
fn definition_of(resource: &Member) -> (Span, String) {
    let name = resource.name();
    let property =
        |name: &str| resource.value.get("Properties").and_then(|properties| properties.member(name));
    if let Some(member) = property("DefinitionUri")
        && let Some(path) = member.value.as_str()
    {
        return (member.value.span, format!("the definition of `{name}` is the file `{path}`"));
    }
    let inline = ["Definition", "DefinitionString"].iter().find_map(|name| property(name));
    let span = inline.map_or(resource.key.span, |member| member.key.span);
    (span, format!("the definition of `{name}` is in here"))
}
