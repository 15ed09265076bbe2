//! Stage 1b, before the values of placeholders: functions of CloudFormation.
//!
//! In: the values of a definition. Out: the same values, with a placeholder in place of what only a deployment knows: `${Table}` for
//! `{ "Ref": "Table" }`, `${Call.Arn}` for `{ "Fn::GetAtt": ["Call", "Arn"] }`. In a template every function is one; in a separate
//! definition, an object `{ "Ref": .. }` in data stays what it is. Never reports anything.

use crate::diagnostic::Diagnostics;
use crate::json::{Kind, Member, Text, Value};
use crate::source::Span;
use crate::substitute::{Substitution, substitute_text};

/// Puts placeholders into a separate definition, or one that a tool has copied out of a template.
pub(crate) fn replace_functions(value: &mut Value) {
    replace(value, FunctionPlace::Field);
}

/// Puts placeholders into a definition that is a part of a template.
pub(crate) fn resolve_functions(value: &mut Value) {
    replace(value, FunctionPlace::Template);
}

/// What an object with the one key `Ref`, or that of another function, would be.
#[derive(Clone, Copy, PartialEq)]
enum FunctionPlace {
    /// A function, wherever it is.
    Template,
    /// There are no objects of such keys.
    Field,
    /// The parameters of an action, of which few are objects.
    Parameters,
    /// Data, of whatever keys.
    Data,
}

/// Fields that hold data, or what makes it.
const DATA: [&str; 8] =
    ["Assign", "BatchInput", "ItemSelector", "Items", "Output", "Result", "ResultSelector", "ReaderConfig"];

/// Parameters of actions that can be any JSON.
const JSON: [&str; 6] = ["Detail", "Input", "Message", "MessageBody", "Payload", "RequestBody"];

fn replace(value: &mut Value, place: FunctionPlace) {
    if place != FunctionPlace::Data
        && let Some(text) = function(value)
    {
        value.kind = Kind::String(text);
        return;
    }
    match &mut value.kind {
        Kind::Array(elements) => elements.iter_mut().for_each(|element| replace(element, place)),
        Kind::Object(members) => {
            if place == FunctionPlace::Template {
                members.retain(|member| !is_no_value(&member.value));
            }
            let is_action = members.iter().any(is_action);
            for member in members {
                let inner = inside(place, member.name(), is_action);
                replace(&mut member.value, inner);
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
    }
}

fn inside(place: FunctionPlace, name: &str, is_action: bool) -> FunctionPlace {
    match (place, name) {
        (FunctionPlace::Field, "Arguments" | "Parameters") if is_action => FunctionPlace::Parameters,
        (FunctionPlace::Field, "Arguments" | "Parameters") => FunctionPlace::Data,
        (FunctionPlace::Field, name) if DATA.contains(&name) => FunctionPlace::Data,
        (FunctionPlace::Parameters, name) if JSON.contains(&name) => FunctionPlace::Data,
        (place, _) => place,
    }
}

/// Whether it is the `Resource` of a state that asks for an action of a service.
fn is_action(member: &Member) -> bool {
    member.name() == "Resource" && member.value.as_str().is_some_and(|text| text.contains(":states:::"))
}

/// `{ "Ref": "AWS::NoValue" }`: the field is not there.
fn is_no_value(value: &Value) -> bool {
    parts(value).is_some_and(|(name, argument)| name == "Ref" && argument.as_str() == Some("AWS::NoValue"))
}

/// Whether a value is a function.
pub(crate) fn is_function(value: &Value) -> bool {
    parts(value).is_some()
}

/// The name of a function and what it is applied to.
fn parts(value: &Value) -> Option<(&str, &Value)> {
    let [member] = value.as_object()? else { return None };
    let is_one = member.name() == "Ref" || member.name().starts_with("Fn::");
    is_one.then(|| (member.name(), &member.value))
}

/// The text that a value of a template is or becomes, with placeholders for what only a deployment knows.
pub(crate) fn text(value: &Value) -> Option<Text> {
    match &value.kind {
        Kind::String(text) => Some(text.clone()),
        Kind::Bool(_) | Kind::Number(_) => Some(Text::at_once(value.to_string(), value.span)),
        Kind::Object(_) => function(value),
        Kind::Null | Kind::Array(_) => None,
    }
}

/// What represents the value of a function.
fn function(value: &Value) -> Option<Text> {
    let (name, argument) = parts(value)?;
    let written = match name {
        "Ref" => return Some(placeholder(argument.as_str()?, value.span)),
        "Fn::Sub" => return sub(argument),
        "Fn::Join" => join(argument, value.span),
        "Fn::GetAtt" | "Fn::FindInMap" | "Fn::ImportValue" => {
            names(argument).map(|name| placeholder(&name, value.span))
        }
        _ => None,
    };
    Some(written.unwrap_or_else(|| placeholder(name, value.span)))
}

/// `Call.Arn` for `["Call", "Arn"]` and for `"Call.Arn"`.
fn names(argument: &Value) -> Option<String> {
    if let Some(name) = argument.as_str() {
        return Some(name.to_owned());
    }
    let parts: Option<Vec<_>> = argument.as_array()?.iter().map(Value::as_str).collect();
    parts.map(|parts| parts.join("."))
}

/// The text of `Fn::Sub`, with the values of its map that are written out.
fn sub(argument: &Value) -> Option<Text> {
    let (text, map) = match argument.as_array() {
        Some(parts) => (parts.first()?.as_text()?, parts.get(1)),
        None => (argument.as_text()?, None),
    };
    let mut text = text.clone();
    let given = map.and_then(Value::as_object).unwrap_or_default();
    let given: Vec<_> = given.iter().filter_map(Substitution::of_member).collect();
    // The values are as long as the template has them.
    substitute_text(&mut text, &given, &mut Diagnostics::default());
    Some(without_marks(text))
}

/// `${!Name}` is how `Fn::Sub` writes `${Name}`.
fn without_marks(text: Text) -> Text {
    const MARK: &str = "${!";
    if !text.value.contains(MARK) {
        return text;
    }
    let mut plain = Text::empty_at(text.span);
    let mut at = 0;
    for (mark, _) in text.value.match_indices(MARK) {
        plain.append(&text, at..mark + MARK.len() - 1);
        at = mark + MARK.len();
    }
    plain.append(&text, at..text.value.len());
    plain
}

/// The pieces of `Fn::Join` as one text.
fn join(argument: &Value, place: Span) -> Option<Text> {
    let [delimiter, pieces] = argument.as_array()? else { return None };
    let delimiter = delimiter.as_str()?;
    let mut joined = Text::empty_at(place);
    for (number, piece) in pieces.as_array()?.iter().enumerate() {
        if number > 0 {
            joined.append_at(delimiter, piece.span.start);
        }
        let piece = text(piece)?;
        joined.append(&piece, 0..piece.value.len());
    }
    Some(joined)
}

fn placeholder(name: &str, span: Span) -> Text {
    Text::at_once(format!("${{{name}}}"), span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;

    fn parsed(text: &str) -> Value {
        crate::json::parse(&SourceFile::new("t", text), &mut Diagnostics::default()).expect("a value")
    }

    #[test]
    fn functions_are_placeholders_outside_of_data() {
        let text = r#"{
            "Resource": { "Fn::GetAtt": ["Call", "Arn"] }, "Cause": { "Ref": "Cause" }, "Error": { "Fn::Sub": "a-${B}" },
            "Comment": { "Fn::If": ["A", "b", "c"] }, "Result": { "a": { "Ref": "b" }, "c": { "Fn::GetAtt": "d.e" } },
            "Task": {
                "Resource": "arn:aws:states:::lambda:invoke",
                "Parameters": { "FunctionName": { "Ref": "F" }, "Payload": { "Ref": "G" } }
            }
        }"#;
        let mut value = parsed(text);
        replace_functions(&mut value);
        let at = |path: &[&str]| {
            path.iter().try_fold(&value, |value, name| value.get(name)).and_then(Value::as_str)
        };
        assert_eq!(at(&["Resource"]), Some("${Call.Arn}"));
        assert_eq!(at(&["Cause"]), Some("${Cause}"));
        assert_eq!(at(&["Error"]), Some("a-${B}"));
        assert_eq!(at(&["Comment"]), Some("${Fn::If}"));
        assert_eq!((at(&["Result", "a"]), at(&["Result", "c"])), (None, None));
        assert_eq!(at(&["Task", "Parameters", "FunctionName"]), Some("${F}"));
        assert_eq!(at(&["Task", "Parameters", "Payload"]), None);
    }

    #[test]
    fn every_function_of_a_template_is_one() {
        let mut value = parsed(
            r#"{ "Result": { "a": { "Ref": "b" }, "c": { "Ref": "AWS::NoValue" } }, "d": [{ "Fn::If": [] }] }"#,
        );
        resolve_functions(&mut value);
        assert_eq!(value.to_string(), r#"{"Result":{"a":"${b}"},"d":["${Fn::If}"]}"#);
    }

    #[test]
    fn texts_are_put_together() {
        for (template, expected) in [
            (r#""a""#, Some("a")),
            ("5", Some("5")),
            ("[]", None),
            (
                r#"{ "Fn::Join": [":", ["a", { "Ref": "B" }, 5, { "Fn::Join": ["", ["c", "d"]] }]] }"#,
                Some("a:${B}:5:cd"),
            ),
            (r#"{ "Fn::Join": [":", { "Ref": "List" }] }"#, Some("${Fn::Join}")),
            (r#"{ "Fn::Sub": ["${A}-${B}-${!C}", { "A": "x", "B": { "Ref": "D" } }] }"#, Some("x-${B}-${C}")),
            (r#"{ "Fn::FindInMap": ["M", "k", "v"] }"#, Some("${M.k.v}")),
            (r#"{ "Fn::ImportValue": { "Ref": "A" } }"#, Some("${Fn::ImportValue}")),
            (r#"{ "Fn::Sub": 5 }"#, None),
        ] {
            assert_eq!(text(&parsed(template)).map(|text| text.value).as_deref(), expected, "{template}");
        }
    }

    #[test]
    fn each_piece_of_a_joined_text_knows_its_place() {
        let template = r#"{ "Fn::Join": ["", ["a\"b", { "Ref": "C" }, "d"]] }"#;
        let joined = text(&parsed(template)).expect("a text");
        assert_eq!(joined.value, "a\"b${C}d");
        let slice = |part: &str| {
            let at = joined.value.find(part).expect("a part");
            template.get(joined.span_of(at..at + part.len()).range()).expect("a place")
        };
        assert_eq!([slice("\""), slice("b"), slice("d")], ["\\\"", "b", "d"]);
    }
}
