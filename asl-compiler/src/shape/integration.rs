//! The results of the integrations.
//!
//! In: the table of the services. Out: the shape of the result of each task. A result has no other fields than those that the service
//! is known to give, but each of them can be absent.

use super::{Array, Field, Kinds, Object, Origin, Settings, Shape, Source, Values};
use crate::definition::{Task, Template, Work};
use crate::resolve::Machine;
use crate::services::{self, ActionCall, ShapeKind};
use crate::vocabulary::StateId;
use asl_language::http::RESULT_FIELDS;
use asl_language::resource::{integration, is_http_invoke};
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
            let object = result(&resource.value, settings)
                .map(|object| without_an_answer(without_unasked(object, task), task));
            object.map_or(Shape::UNKNOWN, |object| Shape::object(object.from(source)))
        })
        .collect()
}

/// A result without the fields that the parameters of its task do not ask for.
fn without_unasked(mut object: Object, task: &Task) -> Object {
    // Of other parameters it is not known what they are.
    let Some(parameters @ Template::Object(..)) = &task.parameters else { return object };
    let resource = task.resource.as_ref().map_or("", |resource| resource.value.as_str());
    let Some((service, action)) = integration(resource) else { return object };
    for asked in services::asked(&format!("{service}:{action}")) {
        let is_asked = parameters.member(asked.parameter).is_some_and(|member| {
            let Template::Constant(value) = &member.value else { return true };
            value.as_str() != Some(asked.nothing)
        });
        if !is_asked {
            object.fields.remove(asked.field);
        }
    }
    object
}

/// A function that is called by an event answers later, and not to the task: there is no object in its `Payload`.
fn without_an_answer(mut object: Object, task: &Task) -> Object {
    let resource = task.resource.as_ref().map_or("", |resource| resource.value.as_str());
    if integration(resource) != Some(("lambda", "invoke")) {
        return object;
    }
    let kind = task.parameters.as_ref().and_then(|given| given.member("InvocationType"));
    let Some(Template::Constant(kind)) = kind.map(|member| &member.value) else { return object };
    if matches!(kind.as_str(), Some("Event" | "DryRun"))
        && let Some(payload) = object.fields.get_mut("Payload")
    {
        payload.shape = Shape::string();
    }
    object
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
