//! The results of the integrations.
//!
//! In: the table of the services. Out: the shape of the result of each task. A result has no other fields than those that the service
//! is known to give, but each of them can be absent.

use super::{Array, Field, Kinds, Object, Origin, Settings, Shape, Source, Values};
use crate::definition::{Template, Work};
use crate::json::{Kind, Value};
use crate::resolve::Machine;
use crate::services::{self, ActionCall, ShapeKind};
use crate::vocabulary::StateId;
use asl_language::http::RESULT_FIELDS;
use asl_language::resource::{SDK, integration, is_http_invoke};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// Results are known so many objects deep; of large ones the last that fits.
const DEPTHS: [usize; 4] = [6, 5, 3, 2];

/// Of a result no more parts are kept.
const PARTS: usize = 600;

/// For each state the result of the task that it is; unknown for functions, activities, callbacks and whatever is not known.
pub(super) fn results(machine: &Machine<'_>, settings: &Settings) -> Vec<Shape> {
    let states = machine.states.iter().zip(0..);
    states
        .map(|(state, number)| {
            let Work::Task(task) = &state.definition.work else { return Shape::UNKNOWN };
            let Some(resource) = &task.resource else { return Shape::UNKNOWN };
            let source = Source { origin: Origin::Result(StateId(number)), span: Some(resource.span) };
            let mut object = result(&resource.value, settings);
            if let Some(object) = &mut object {
                without_what_was_not_asked_for(object, &resource.value, task.parameters.as_ref());
                without_an_answer(object, &resource.value, task.parameters.as_ref());
            }
            object.map_or(Shape::UNKNOWN, |object| Shape::object(object.from(source)))
        })
        .collect()
}

/// What DynamoDB answers only where a parameter asks for it, each with the parameter.
const ASKED_FOR: [(&str, &str); 3] = [
    ("Attributes", "ReturnValues"),
    ("ConsumedCapacity", "ReturnConsumedCapacity"),
    ("ItemCollectionMetrics", "ReturnItemCollectionMetrics"),
];

/// Takes from the result of an action of DynamoDB what its parameters, as far as they are known, do not ask for.
fn without_what_was_not_asked_for(object: &mut Object, resource: &str, parameters: Option<&Template>) {
    let Some(given @ Template::Object(..)) = parameters else { return };
    if !is_of_dynamodb(resource) {
        return;
    }
    for (field, parameter) in ASKED_FOR {
        let asks = given.member(parameter).is_some() && constant(given, parameter) != Some("NONE");
        if !asks {
            object.fields.remove(field);
        }
    }
}

/// The parameter that asks for a field of the result of an action, which gives it to nobody else.
pub(super) fn asking(action: &str, field: &str) -> Option<&'static str> {
    let (service, _) = action.strip_prefix("aws-sdk:").unwrap_or(action).split_once(':')?;
    let (_, parameter) = ASKED_FOR.iter().find(|(name, _)| service == "dynamodb" && *name == field)?;
    Some(parameter)
}

/// Nobody waits for the answer of a function that is called by an event, so that there is no object in it.
fn without_an_answer(object: &mut Object, resource: &str, parameters: Option<&Template>) {
    if !matches!(integration(resource), Some(("lambda", "invoke"))) {
        return;
    }
    let kind = parameters.and_then(|given| constant(given, "InvocationType"));
    if matches!(kind, Some("Event" | "DryRun"))
        && let Some(payload) = object.fields.get_mut("Payload")
    {
        payload.shape = Shape::string();
    }
}

/// The text of a parameter that is written out.
fn constant<'t>(parameters: &'t Template, name: &str) -> Option<&'t str> {
    let value = &parameters.member(name)?.value;
    if let Template::Constant(Value { kind: Kind::String(text), .. }) = value {
        Some(&text.value)
    } else {
        None
    }
}

fn is_of_dynamodb(resource: &str) -> bool {
    integration(resource).is_some_and(|(service, action)| {
        service == "dynamodb" || (service == SDK && action.starts_with("dynamodb:"))
    })
}

fn result(resource: &str, settings: &Settings) -> Option<Object> {
    /// What the table says of actions never changes, and most definitions call the same few.
    static KNOWN: LazyLock<Mutex<HashMap<String, Option<Object>>>> = LazyLock::new(Mutex::default);
    if is_http_invoke(resource) {
        return (!settings.http_body).then(http);
    }
    let call = ActionCall::of(resource)?;
    let name = call.name() + call.suffix().as_str();
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.entry(name).or_insert_with(|| of_call(&call)).clone()
}

fn of_call(call: &ActionCall) -> Option<Object> {
    let shape = call.result();
    if shape.kind() != ShapeKind::Structure {
        return None;
    }
    let known = DEPTHS.iter().find_map(|depth| {
        let mut parts = PARTS;
        let shape = of_service(&shape, *depth, &mut parts);
        (parts > 0).then_some(shape)
    });
    let mut object = known?.kinds()?.object.clone()?;
    if call.name() == "aws-sdk:s3:getObject"
        && let Some(body) = object.fields.get_mut("Body")
    {
        // Whatever the object of a bucket holds, its bytes come as a text.
        body.shape = Shape::string();
    }
    Some(object)
}

fn http() -> Object {
    let shapes = [
        Shape::object(Object::map(Shape::array_of(Shape::string()))),
        Shape::UNKNOWN,
        Shape::number(),
        Shape::string(),
    ];
    let mut object = Object::closed(RESULT_FIELDS.iter().copied().zip(shapes));
    // An answer without a body has none.
    if let Some(body) = object.fields.get_mut("ResponseBody") {
        body.required = false;
    }
    object
}

/// What is known of a part of a result. `parts` is how many more may be looked at.
fn of_service(shape: &services::Shape, depth: usize, parts: &mut usize) -> Shape {
    *parts = parts.saturating_sub(1);
    // A list is as deep as what it is a list of.
    let is_list = shape.kind() == ShapeKind::List;
    let Some(depth) = depth.checked_sub(usize::from(!is_list)).filter(|_| *parts > 0) else {
        return Shape::UNKNOWN;
    };
    let mut element = || {
        let element = shape.element().map_or(Shape::UNKNOWN, |element| of_service(&element, depth, parts));
        one_of(element, || shape.element_bounds().values)
    };
    match shape.kind() {
        ShapeKind::Any | ShapeKind::Blob => Shape::UNKNOWN,
        ShapeKind::String => Shape::string(),
        ShapeKind::Enum => one_of(Shape::string(), || shape.values()),
        ShapeKind::Integer | ShapeKind::Number => Shape::number(),
        ShapeKind::Boolean => Shape::boolean(),
        ShapeKind::Timestamp => Shape::string().join(&Shape::number()),
        ShapeKind::List => Shape::array(Array::Each(element())),
        ShapeKind::Map => Shape::object(Object::map(element())),
        ShapeKind::Structure | ShapeKind::Union => structure(shape, depth, parts),
    }
}

/// A text that is one of certain values, if there are any.
fn one_of(shape: Shape, values: impl FnOnce() -> Vec<String>) -> Shape {
    if shape != Shape::string() {
        return shape;
    }
    let values: Vec<_> = values().into_iter().map(Arc::from).collect();
    if values.is_empty() {
        return shape;
    }
    Shape::of(Kinds { strings: Values::OneOf(values), ..Kinds::default() })
}

fn structure(shape: &services::Shape, depth: usize, parts: &mut usize) -> Shape {
    let mut fields = BTreeMap::new();
    for (number, member) in shape.members().into_iter().enumerate() {
        let held = of_service(&member.shape, depth, parts);
        let held = one_of(held, || shape.values_of_member(number, &member.name));
        fields.insert(member.name.into(), Field { shape: held, required: false });
    }
    Shape::object(Object { fields, ..Object::default() })
}
