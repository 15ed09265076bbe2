//! Templates of CloudFormation and SAM, also those that the CDK writes.

use super::{Content, Embedded, Template, first_member, machine_type};
use crate::cloud_formation::{is_function, text};
use crate::json::{Member, Value};
use crate::placeholder;
use crate::substitute::Substitution;

/// The types of state machines.
pub(super) const TYPES: [&str; 2] = ["AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine"];

/// The properties that a definition can be in.
const DEFINITIONS: [&str; 4] = ["Definition", "DefinitionString", "DefinitionUri", "DefinitionS3Location"];

pub(super) fn find(root: &Value) -> Option<Template<'_>> {
    let resources = root.member("Resources").filter(|member| member.value.as_object().is_some());
    let mark = first_member(root, &["AWSTemplateFormatVersion", "Transform"]).or(resources)?;
    let resources = resources.and_then(|member| member.value.as_object()).unwrap_or_default();
    Some(Template {
        what: "a template of CloudFormation",
        mark: mark.key.span,
        machines: resources.iter().filter(|resource| is_machine(resource)).map(machine).collect(),
    })
}

fn is_machine(resource: &Member) -> bool {
    resource.value.get("Type").and_then(Value::as_str).is_some_and(|name| TYPES.contains(&name))
}

fn machine(resource: &Member) -> Embedded<'_> {
    let properties = resource.value.get("Properties").unwrap_or(&resource.value);
    let definition = first_member(properties, &DEFINITIONS);
    let kind = first_member(properties, &["StateMachineType", "Type"]).map(|member| &member.value);
    let content = definition.map_or_else(|| Content::Elsewhere(String::from("is missing")), content);
    let place = match (definition, &content) {
        (Some(definition), Content::File(_)) => definition.value.span,
        (Some(definition), _) => definition.key.span,
        (None, _) => resource.key.span,
    };
    Embedded {
        name: resource.name().to_owned(),
        machine_type: machine_type(kind),
        content,
        substitutions: properties.get("DefinitionSubstitutions").map(substitutions).unwrap_or_default(),
        place,
    }
}

/// What one of the properties holds.
fn content(property: &Member) -> Content<'_> {
    let value = &property.value;
    match property.name() {
        "Definition" if is_function(value) => made_by_function(value),
        "Definition" => Content::Value(value),
        "DefinitionString" => match value.get("Fn::ToJsonString") {
            Some(definition) => Content::Value(definition),
            None => text_of(value),
        },
        _ => match value.as_text() {
            Some(path) if !path.value.contains("://") => Content::File(path.value.clone()),
            Some(_) => Content::Elsewhere(String::from("is in S3")),
            None if is_function(value) => made_by_function(value),
            None => value
                .get("Key")
                .and_then(Value::as_str)
                .and_then(asset)
                .map_or_else(|| Content::Elsewhere(String::from("is in S3")), Content::File),
        },
    }
}

/// The file that the CDK puts beside its template, and names by the hash of what is in it, before it goes to S3.
fn asset(key: &str) -> Option<String> {
    let (hash, _) = key.split_once('.')?;
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| format!("asset.{key}"))
}

/// The text that functions make of a string, unless they make all of it.
fn text_of(value: &Value) -> Content<'_> {
    let whole = |text: &str| placeholder::leading(text).is_some_and(|found| found.len() == text.trim().len());
    match text(value) {
        Some(text) if !whole(text.value.trim()) => Content::Text(text),
        Some(_) => made_by_function(value),
        None => Content::Elsewhere(String::from("is not a string")),
    }
}

fn made_by_function<'v>(value: &Value) -> Content<'v> {
    let function = value.as_object().and_then(|members| members.first()).map_or("a function", Member::name);
    Content::Elsewhere(format!("is made by `{function}` when the template is deployed"))
}

/// The values that are written out; what only a deployment knows stays a placeholder.
fn substitutions(value: &Value) -> Vec<Substitution> {
    let members = value.as_object().unwrap_or_default().iter();
    members.filter_map(|member| Substitution::of_member(member).or_else(|| of_account(member))).collect()
}

/// A text that functions make of nothing but what is written, and what the account and the Region decide:
/// `!Sub arn:${AWS::Partition}:states:::lambda:invoke`. What it says of the rest counts.
fn of_account(member: &Member) -> Option<Substitution> {
    let made = text(&member.value)?.value;
    made.split("${")
        .skip(1)
        .all(|name| name.starts_with("AWS::"))
        .then(|| Substitution::string(member.name(), made))
}
