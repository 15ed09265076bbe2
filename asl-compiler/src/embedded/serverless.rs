//! Configurations of the Serverless Framework with the plugin `serverless-step-functions`.

use super::{Content, Embedded, Template, machine_type};
use crate::json::{Member, Value};

/// The key of all that the plugin reads.
pub(super) const MARK: &str = "stepFunctions";

pub(super) fn find(root: &Value) -> Option<Template<'_>> {
    let mark = root.member(MARK).filter(|member| member.value.as_object().is_some())?;
    let machines = mark.value.get("stateMachines").and_then(Value::as_object).unwrap_or_default();
    Some(Template {
        what: "a configuration of the Serverless Framework",
        mark: mark.key.span,
        machines: machines.iter().map(machine).collect(),
    })
}

fn machine(member: &Member) -> Embedded<'_> {
    let definition = member.value.member("definition");
    let content = match (definition, member.value.as_str()) {
        (Some(definition), _) => content(&definition.value),
        // The machine as a whole may be in another file.
        (None, Some(variable)) => made_by_variable(variable),
        (None, None) => Content::Elsewhere(String::from("is missing")),
    };
    Embedded {
        name: member.name().to_owned(),
        machine_type: machine_type(member.value.get("type")),
        content,
        substitutions: Vec::new(),
        place: definition.map_or(member.key.span, |definition| definition.key.span),
    }
}

fn content(value: &Value) -> Content<'_> {
    let Some(text) = value.as_text() else { return Content::Value(value) };
    match (file(&text.value), text.value.trim_start().starts_with("${")) {
        (Some(path), _) => Content::File(path.to_owned()),
        (None, true) => made_by_variable(&text.value),
        (None, false) => Content::Text(text.clone()),
    }
}

fn made_by_variable<'v>(variable: &str) -> Content<'v> {
    Content::Elsewhere(format!("is the value of `{}`", variable.trim()))
}

/// The path in `${file(path)}`, if all of it is written out.
fn file(variable: &str) -> Option<&str> {
    let path = variable.trim().strip_prefix("${file(")?.strip_suffix(")}")?;
    (!path.is_empty() && !path.contains(['$', '(', ')'])).then(|| path.trim())
}
