//! Inspection: the shape of the data at a place.
//!
//! In: a tree, right or not, and a place. Out: what is known of the data there, by following it through what there is of the machine.
//! Never reports anything.

use super::Asked;
use super::place::Role;
use crate::definition;
use crate::diagnostic::Diagnostics;
use crate::json::{Text, Value};
use crate::resolve::resolve;
use crate::shape::{Settings, Shape, solve};
use crate::vocabulary::Profile;
use crate::vocabulary::StateId;

/// What is known where a state is entered, and of its result.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) input: Shape,
    pub(super) variables: Shape,
    pub(super) result: Shape,
}

/// What is known at the state with that name.
pub(super) fn known(root: &Value, state: &Text) -> Option<Known> {
    let mut unheard = Diagnostics::default();
    let definition = definition::parse(root, &mut unheard).filter(|definition| !definition.is_too_large())?;
    let machine = resolve(&definition, Profile::default(), &mut unheard);
    let is_it = |found: &crate::resolve::State<'_>| found.definition.name.span == state.span;
    let id = StateId(machine.states.iter().position(is_it)?);
    let solution = solve(&machine, &Settings { faults: unheard.faults(), ..Settings::default() });
    Some(Known {
        input: solution.input(id)?.clone(),
        variables: solution.variables(id)?.clone(),
        result: solution.result(id)?.clone(),
    })
}

/// What is known at the state around the place.
pub(super) fn known_here(asked: &Asked<'_>) -> Option<Known> {
    let state = asked.outline.states.get(asked.outline.state_at(asked.offset)?)?;
    known(asked.root, state.name)
}

/// What a path leads to, as far as it is written with names, and numbers in brackets.
pub(super) fn at_path(asked: &Asked<'_>, known: &Known, path: &str) -> Option<Shape> {
    let (root, steps) = path.split_at(path.find(['.', '[']).unwrap_or(path.len()));
    let start = match root {
        "$" if asked.jsonata => return None,
        "$" => root_data(asked, known)?,
        "$states" => {
            let steps = steps.strip_prefix('.')?;
            let (part, rest) = steps.split_at(steps.find(['.', '[']).unwrap_or(steps.len()));
            let shape = match part {
                "input" => known.input.clone(),
                "result" if asked.has_result() => known.result.clone(),
                "errorOutput" => error_output(),
                _ => return None,
            };
            return follow(shape, rest);
        }
        variable => field(&known.variables, variable.strip_prefix('$')?)?,
    };
    follow(start, steps)
}

/// The data that `$` means at the place.
fn root_data(asked: &Asked<'_>, known: &Known) -> Option<Shape> {
    let keys = || asked.place.steps.iter().rev().filter_map(|step| step.key).map(|key| key.value.as_str());
    let is_in = |wanted: &str| keys().any(|key| key == wanted);
    if asked.in_catcher() {
        return is_in("Assign").then(error_output);
    }
    if is_in("InputPath") {
        return Some(known.input.clone());
    }
    // What comes after the result was put into the input is not followed here; some states have none.
    let has_no_result = ["Choice", "Succeed", "Wait"];
    let state_type = asked.place.state()?.value.get("Type").and_then(Value::as_str);
    if is_in("OutputPath") && !state_type.is_some_and(|name| has_no_result.contains(&name)) {
        return None;
    }
    if is_in("ResultSelector") || asked.has_result() {
        return Some(known.result.clone());
    }
    let state = asked.place.state()?.value;
    match state.get("InputPath").map(|path| path.as_str()) {
        None => Some(known.input.clone()),
        Some(Some(path)) => follow(known.input.clone(), path.strip_prefix('$')?),
        Some(None) => None,
    }
}

fn error_output() -> Shape {
    Shape::object(crate::shape::Object::closed([("Error", Shape::string()), ("Cause", Shape::string())]))
}

fn follow(mut shape: Shape, steps: &str) -> Option<Shape> {
    let mut rest = steps;
    while !rest.is_empty() {
        if let Some(names) = rest.strip_prefix('.') {
            let (name, after) = names.split_at(names.find(['.', '[']).unwrap_or(names.len()));
            shape = field(&shape, name)?;
            rest = after;
        } else {
            let (_, after) = rest.strip_prefix('[')?.split_once(']')?;
            shape = shape.kinds()?.array.as_ref()?.element();
            rest = after;
        }
    }
    Some(shape)
}

fn field(shape: &Shape, name: &str) -> Option<Shape> {
    Some(shape.kinds()?.object.as_ref()?.fields.get(name)?.shape.clone())
}

/// The fields that a shape is known to have, each with what it holds.
pub(super) fn fields(shape: &Shape) -> Vec<(String, String)> {
    let Some(object) = shape.kinds().and_then(|kinds| kinds.object.as_ref()) else { return Vec::new() };
    let found = object.fields.iter().filter(|(name, _)| is_plain(name));
    found.map(|(name, field)| (name.to_string(), shown(&field.shape))).collect()
}

/// Whether a path can have the name behind a point.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(super::variables::is_of_name)
}

/// A shape in one line; nothing of one that is not known.
pub(super) fn shown(shape: &Shape) -> String {
    if shape.is_unknown() || shape.is_never() { String::new() } else { shape.to_string() }
}

impl Asked<'_> {
    /// Whether the place is in a catcher.
    pub(super) fn in_catcher(&self) -> bool {
        self.place.steps.iter().any(|step| step.role == Role::Catcher)
    }
}
