//! Stage 1b, before the values of placeholders: functions of CloudFormation, which a definition inside of a template can have.
//!
//! In: the values of a definition. Out: the same values, with a placeholder in place of each function: `${Table}` for
//! `{ "Ref": "Table" }`, `${Call.Arn}` for `{ "Fn::GetAtt": ["Call", "Arn"] }`. Objects like these in data stay what they are. Never
//! reports anything.

use crate::json::{Kind, Member, Text, Value};
use crate::source::Span;

/// Puts placeholders in.
pub(crate) fn replace_functions(value: &mut Value) {
    replace(value, Place::Field);
}

/// What an object with the one key `Ref` would be.
#[derive(Clone, Copy, PartialEq)]
enum Place {
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

fn replace(value: &mut Value, place: Place) {
    if let Some(text) = function(value, place) {
        value.kind = Kind::String(text);
        return;
    }
    match &mut value.kind {
        Kind::Array(elements) => elements.iter_mut().for_each(|element| replace(element, place)),
        Kind::Object(members) => {
            let is_action = members.iter().any(is_action);
            for member in members {
                let inner = inside(place, member.name(), is_action);
                replace(&mut member.value, inner);
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
    }
}

fn inside(place: Place, name: &str, is_action: bool) -> Place {
    match (place, name) {
        (Place::Field, "Arguments" | "Parameters") if is_action => Place::Parameters,
        (Place::Field, "Arguments" | "Parameters") => Place::Data,
        (Place::Field, name) if DATA.contains(&name) => Place::Data,
        (Place::Parameters, name) if JSON.contains(&name) => Place::Data,
        (place, _) => place,
    }
}

/// Whether it is the `Resource` of a state that asks for an action of a service.
fn is_action(member: &Member) -> bool {
    member.name() == "Resource" && member.value.as_str().is_some_and(|text| text.contains(":states:::"))
}

/// What stands for the value of a function.
fn function(value: &Value, place: Place) -> Option<Text> {
    let [member] = value.as_object()? else { return None };
    if place == Place::Data {
        return None;
    }
    let argument = &member.value;
    match member.name() {
        "Ref" => Some(placeholder(argument.as_str()?, value.span)),
        "Fn::Sub" => argument.as_text().or_else(|| argument.as_array()?.first()?.as_text()).cloned(),
        "Fn::GetAtt" => {
            let parts = argument.as_array().unwrap_or_default().iter();
            let parts: Option<Vec<_>> = parts.map(Value::as_str).collect();
            let name = argument
                .as_str()
                .map_or_else(|| parts.map(|parts| parts.join(".")), |name| Some(name.into()));
            Some(placeholder(name.as_deref().unwrap_or("Fn::GetAtt"), value.span))
        }
        name if name.starts_with("Fn::") => Some(placeholder(name, value.span)),
        _ => None,
    }
}

fn placeholder(name: &str, span: Span) -> Text {
    Text::at_once(format!("${{{name}}}"), span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::source::SourceFile;

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
        let mut value =
            crate::json::parse(&SourceFile::new("t", text), &mut Diagnostics::default()).expect("a value");
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
}
