//! Whether the values of parameters are of the types that a service takes, which Step Functions asks before it calls anything.
//!
//! In: a task. Out: AWS's words for what is wrong. What the service itself would refuse is its own business, so nothing here is asked that
//! Step Functions does not ask: any object or array is taken where a text is wanted, because it is sent as JSON.

use super::Reasons;
use crate::invocation::Invocation;
use asl_engine::error::TaskError;
use asl_engine::generated::action::{Action, Part, Shape, Type};
use asl_value::{Object, Value};

/// The parameters of `lambda:invoke`, which is called without a description of its action.
const LAMBDA: [&str; 6] =
    ["ClientContext", "FunctionName", "InvocationType", "LogType", "Payload", "Qualifier"];

/// Refuses what AWS refuses. A task that calls no action of AWS takes anything.
pub(crate) fn check(task: &Invocation) -> Result<(), TaskError> {
    let mut reasons = Reasons::default();
    match (task.action(), is_lambda(task.resource())) {
        (Some(action), _) => of_action(action, task.parameters(), &mut reasons),
        (None, true) => of_lambda(task.parameters(), &mut reasons),
        (None, false) => {}
    }
    reasons.none(task.parameters())
}

fn is_lambda(resource: &str) -> bool {
    let action = resource.split_once(":states:::").map_or("", |(_, action)| action);
    matches!(action, "lambda:invoke" | "lambda:invoke.waitForTaskToken")
}

fn of_lambda(parameters: &Value, reasons: &mut Reasons) {
    let Some(fields) = reasons.parameters(parameters) else { return };
    reasons.unknown(fields, &LAMBDA);
    for (name, value) in fields.iter() {
        scalar(name, Type::String, value, reasons);
    }
}

fn of_action(action: &'static Action, parameters: &Value, reasons: &mut Reasons) {
    let Some(fields) = reasons.parameters(parameters) else { return };
    let known: Vec<&str> = members(action, action.input).iter().map(|member| member.name).collect();
    reasons.unknown(fields, &known);
    structure(action, members(action, action.input), fields, reasons);
}

/// The parts of a structure.
fn members(action: &'static Action, type_: Type) -> &'static [Part] {
    match shape(action, type_) {
        Some(Shape::Structure(members)) => members,
        Some(Shape::List(_) | Shape::Map(..)) | None => &[],
    }
}

fn shape(action: &'static Action, type_: Type) -> Option<&'static Shape> {
    if let Type::Shape(number) = type_ { action.shapes.get(usize::from(number)) } else { None }
}

fn structure(action: &'static Action, members: &[Part], fields: &Object, reasons: &mut Reasons) {
    for member in members {
        if let Some(value) = fields.get(member.name) {
            check_value(action, member.name, member, value, reasons);
        }
    }
}

/// A value of a field, of an element of an array, which has the name of the array, or of a key.
fn check_value(action: &'static Action, name: &str, part: &Part, value: &Value, reasons: &mut Reasons) {
    if value.is_null() || part.is_json {
        return;
    }
    match (shape(action, part.type_), value) {
        (None, value) => scalar(name, part.type_, value, reasons),
        (Some(Shape::Structure(members)), Value::Object(fields)) => {
            structure(action, members, fields, reasons);
        }
        (Some(Shape::Map(_, values)), Value::Object(fields)) => {
            fields.iter().for_each(|(key, value)| check_value(action, key, values, value, reasons));
        }
        (Some(Shape::List(element)), Value::Array(values)) => {
            values.iter().for_each(|value| check_value(action, name, element, value, reasons));
        }
        (Some(Shape::Structure(_) | Shape::Map(..)), _) => reasons.must_be(name, "a MAP"),
        (Some(Shape::List(_)), _) => reasons.must_be(name, "a LIST"),
    }
}

fn scalar(name: &str, type_: Type, value: &Value, reasons: &mut Reasons) {
    let is_number = |text: &str| text.parse::<f64>().is_ok();
    let (fits, kind) = match type_ {
        Type::String | Type::Blob => (!matches!(value, Value::Bool(_) | Value::Number(_)), "a STRING"),
        Type::Integer | Type::Number => {
            (value.as_number().is_some() || value.as_str().is_some_and(is_number), "a NUMBER")
        }
        Type::Boolean => (
            value.as_bool().is_some() || value.as_str().is_some_and(|text| text.parse::<bool>().is_ok()),
            "a BOOLEAN",
        ),
        Type::Any | Type::Timestamp | Type::Shape(_) => return,
    };
    if !(fits || value.is_null()) {
        reasons.must_be(name, kind);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use asl_engine::generated::action::Protocol;

    const TEXT: Type = Type::String;

    static SHAPES: [Shape; 3] = [
        Shape::Structure(&[
            Part::new("Name", "", TEXT),
            Part::new("Count", "", Type::Integer),
            Part::new("Tags", "", Type::Shape(1)),
            Part::new("Entries", "", Type::Shape(2)),
        ]),
        Shape::Map(Part::new("", "", TEXT), Part::new("", "", TEXT)),
        Shape::List(Part::new("", "", Type::Boolean)),
    ];

    static ACTION: Action = Action {
        protocol: Protocol::Json10,
        prefix: "Garden",
        endpoint: "garden",
        signing: "garden",
        target: "Garden_2020",
        version: "2020-01-01",
        namespace: "",
        global: "",
        operation: "Dig",
        method: "POST",
        path: "/",
        host_prefix: "",
        root: "",
        errors: &[],
        input: Type::Shape(0),
        output: Type::Any,
        shapes: &SHAPES,
    };

    fn refused(parameters: &str) -> Option<String> {
        let parameters = Value::from_json(parameters).unwrap();
        let mut reasons = Reasons::default();
        of_action(&ACTION, &parameters, &mut reasons);
        let error = reasons.none(&parameters).err()?;
        let cause = error.cause().unwrap();
        Some(cause.split_once("Task: [").unwrap().1.trim_end_matches(']').to_owned())
    }

    #[test]
    fn values_are_of_the_types_of_their_parameters() {
        assert_eq!(refused(r#"{"Name":"a","Count":1,"Tags":{"k":"v"},"Entries":[true,"false"]}"#), None);
        assert_eq!(refused(r#"{"Name":{"a":1},"Count":"12","Tags":null}"#), None);
        for (parameters, reason) in [
            (r#"{"Name":1}"#, "The value for the field 'Name' must be a STRING"),
            (r#"{"Tags":{"--n":5}}"#, "The value for the field '--n' must be a STRING"),
            (r#"{"Count":"many"}"#, "The value for the field 'Count' must be a NUMBER"),
            (r#"{"Entries":true}"#, "The value for the field 'Entries' must be a LIST"),
            (r#"{"Entries":["yes"]}"#, "The value for the field 'Entries' must be a BOOLEAN"),
            (r#"{"Tags":"a"}"#, "The value for the field 'Tags' must be a MAP"),
            (r#"{"name":"a"}"#, "The field \"name\" is not supported by Step Functions"),
        ] {
            assert_eq!(refused(parameters).as_deref(), Some(reason), "{parameters}");
        }
    }

    #[test]
    fn functions_take_no_numbers() {
        let parameters = Value::from_json(r#"{"FunctionName":"f","Payload":1}"#).unwrap();
        let mut reasons = Reasons::default();
        of_lambda(&parameters, &mut reasons);
        let error = reasons.none(&parameters).unwrap_err();
        assert_eq!(
            error.cause(),
            Some(
                "The Parameters '{\"FunctionName\":\"f\",\"Payload\":1}' could not be used to start the Task: [The value for the field 'Payload' must be a STRING]"
            )
        );
    }
}
