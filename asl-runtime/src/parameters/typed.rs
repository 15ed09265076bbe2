//! Whether the values of parameters are of the types that a service takes, which Step Functions asks before it calls anything.
//!
//! In: a task. Out: AWS's words for what is wrong. What the service itself would refuse is its own business, so nothing here is asked that
//! Step Functions does not ask: any object or array is taken where a text is wanted, because it is sent as JSON.

use super::asks::{Sources, collected};
use super::{Reasons, models};
use crate::invocation::Invocation;
use asl_engine::error::TaskError;
use asl_engine::generated::action::{Action, Form, Origin, Shape, Type, WirePart};
use asl_value::{Object, Value};

/// The shapes of an action, which [`Type::Shape`] counts.
type Shapes = &'static [Shape];

/// Refuses what AWS refuses. A task that calls no action of AWS takes anything.
pub(crate) fn check(task: &Invocation) -> Result<(), TaskError> {
    let parameters = task.parameters();
    match (task.action(), models::input(task.resource())) {
        (Some(action), _) => match &action.form {
            Some(form) if !form.taken.is_empty() => check_form(action, form, parameters),
            Some(_) | None => check_all(action.shapes, action.input, parameters),
        },
        (None, Some(input)) => check_all(&models::SHAPES, input, parameters),
        (None, None) => Ok(()),
    }
}

/// The parameters that are put together of those of the task, which has no others.
fn check_form(action: &'static Action, form: &Form, parameters: &Value) -> Result<(), TaskError> {
    let mut reasons = Reasons::default();
    if let Some(fields) = reasons.parameters(parameters) {
        let asked = form.taken.iter().filter(|ask| ask.origin == Origin::Parameters);
        let wanted = form.lookup.as_ref().map(|(_, finding)| finding.wanted);
        let known: Vec<&str> = asked.filter_map(|ask| ask.path.first().copied()).chain(wanted).collect();
        reasons.unknown(fields, &known);
        let collected = collected(form.taken, Sources::given(parameters));
        structure(action.shapes, members(action.shapes, action.input), &collected, &mut reasons);
    }
    reasons.none(parameters)
}

fn check_all(shapes: Shapes, input: Type, parameters: &Value) -> Result<(), TaskError> {
    let mut reasons = Reasons::default();
    if let Some(fields) = reasons.parameters(parameters) {
        let members = members(shapes, input);
        let known: Vec<&str> = members.iter().map(|member| member.name).collect();
        reasons.unknown(fields, &known);
        structure(shapes, members, fields, &mut reasons);
    }
    reasons.none(parameters)
}

/// The parts of a structure.
fn members(shapes: Shapes, type_: Type) -> &'static [WirePart] {
    match shape(shapes, type_) {
        Some(Shape::Structure(members)) => members,
        Some(Shape::List(_) | Shape::Map(..)) | None => &[],
    }
}

fn shape(shapes: Shapes, type_: Type) -> Option<&'static Shape> {
    if let Type::Shape(number) = type_ { shapes.get(usize::from(number)) } else { None }
}

fn structure(shapes: Shapes, members: &[WirePart], fields: &Object, reasons: &mut Reasons) {
    for member in members {
        if let Some(value) = fields.get(member.name) {
            check_value(shapes, member.name, member, value, reasons);
        }
    }
}

/// A value of a field, of an element of an array, which has the name of the array, or of a key.
fn check_value(shapes: Shapes, name: &str, part: &WirePart, value: &Value, reasons: &mut Reasons) {
    if value.is_null() || part.is_json {
        return;
    }
    match (shape(shapes, part.type_), value) {
        (None, value) => scalar(name, part.type_, value, reasons),
        (Some(Shape::Structure(members)), Value::Object(fields)) => {
            structure(shapes, members, fields, reasons);
        }
        (Some(Shape::Map(_, values)), Value::Object(fields)) => {
            fields.iter().for_each(|(key, value)| check_value(shapes, key, values, value, reasons));
        }
        (Some(Shape::List(element)), Value::Array(values)) => {
            values.iter().for_each(|value| check_value(shapes, name, element, value, reasons));
        }
        (Some(Shape::Structure(_)), _) => reasons.must_be(name, "a STRUCTURE"),
        (Some(Shape::Map(..)), _) => reasons.must_be(name, "a MAP"),
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
    const TEXT: Type = Type::String;

    static SHAPES: [Shape; 3] = [
        Shape::Structure(&[
            WirePart::new("Name", "", TEXT),
            WirePart::new("Count", "", Type::Integer),
            WirePart::new("Tags", "", Type::Shape(1)),
            WirePart::new("Entries", "", Type::Shape(2)),
        ]),
        Shape::Map(WirePart::new("", "", TEXT), WirePart::new("", "", TEXT)),
        Shape::List(WirePart::new("", "", Type::Boolean)),
    ];

    fn refused_by(shapes: Shapes, input: u16, parameters: &str) -> Option<String> {
        let parameters = Value::from_json(parameters).unwrap();
        let error = check_all(shapes, Type::Shape(input), &parameters).err()?;
        Some(error.cause().unwrap().to_owned())
    }

    fn refused(parameters: &str) -> Option<String> {
        let cause = refused_by(&SHAPES, 0, parameters)?;
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
    fn functions_and_attributes_take_no_numbers() {
        let of = |resource: &str, parameters| {
            let Some(Type::Shape(input)) = models::input(resource) else { panic!("{resource} is known") };
            refused_by(&models::SHAPES, input, parameters)
        };
        let invoke = "arn:aws:states:::lambda:invoke";
        assert_eq!(
            of(invoke, r#"{"FunctionName":"f","Payload":1}"#).as_deref(),
            Some(
                "The Parameters '{\"FunctionName\":\"f\",\"Payload\":1}' could not be used to start the Task: [The value for the field 'Payload' must be a STRING]"
            )
        );
        assert_eq!(of(invoke, r#"{"FunctionName":"f","Payload":[1]}"#), None);
        let put = "arn:aws:states:::dynamodb:putItem";
        let cause = of(put, r#"{"TableName":"t","Item":{"id":{"S":"a"},"n":{"N":5}}}"#).unwrap();
        assert!(cause.ends_with("[The value for the field 'N' must be a STRING]"), "{cause}");
        assert_eq!(of(put, r#"{"TableName":"t","Item":{"id":{"S":"a"},"n":{"N":"5"}}}"#), None);
    }
}
