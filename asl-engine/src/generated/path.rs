//! What generated code does with paths.
//!
//! `$.order.items[0]` becomes `Path("$.order.items[0]", &[Name("order"), Name("items"), Index(0)])`. No path text is parsed at run time; the text is
//! only there for the error of a path that leads nowhere. What follows a path is compiled once, and not again in every state.

use crate::context::{Context, ContextField};
use crate::error::Error;
use crate::generated::miss::{Miss, why};
use asl_value::{Object, Text, Value};

/// A place in a value, or no place.
#[derive(Clone, Copy, Debug)]
pub struct At<'v>(Option<&'v Value>);

impl<'v> From<&'v Value> for At<'v> {
    #[inline]
    fn from(value: &'v Value) -> Self {
        Self(Some(value))
    }
}

impl<'v> From<&'v mut Value> for At<'v> {
    #[inline]
    fn from(value: &'v mut Value) -> Self {
        Self(Some(value))
    }
}

/// A variable, which may be undefined.
impl<'v> From<Option<&'v Value>> for At<'v> {
    #[inline]
    fn from(value: Option<&'v Value>) -> Self {
        Self(value)
    }
}

/// A field of the context object, which may be absent.
impl<'v> From<&'v Option<Value>> for At<'v> {
    #[inline]
    fn from(value: &'v Option<Value>) -> Self {
        Self(value.as_ref())
    }
}

impl<'v> At<'v> {
    /// `.name` or `['name']`
    #[must_use]
    #[inline]
    pub fn name(self, name: &str) -> Self {
        Self(self.0.and_then(|value| value.as_object()?.find(name)))
    }

    /// `[index]`; there is no negative one.
    #[must_use]
    #[inline]
    pub fn index(self, index: i64) -> Self {
        Self(self.0.and_then(Value::as_array).and_then(|array| array.get(usize::try_from(index).ok()?)))
    }

    /// `[(@.length-1)]`: the index is the length of the array and this number.
    #[must_use]
    #[inline]
    pub fn from_end(self, offset: i64) -> Self {
        Self(self.0.and_then(Value::as_array).and_then(|array| {
            let length = i64::try_from(array.len()).ok()?;
            array.get(usize::try_from(length.checked_add(offset)?).ok()?)
        }))
    }

    #[inline]
    pub(super) fn step(self, step: &PathStep) -> Self {
        match step {
            PathStep::Name(name) => self.name(name),
            PathStep::Index(index) => self.index(*index),
            PathStep::FromEnd(offset) => self.from_end(*offset),
        }
    }

    /// The value, if there is one.
    #[must_use]
    #[inline]
    pub const fn get(self) -> Option<&'v Value> {
        self.0
    }
}

/// A step of a reference path that is written to, or that led nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathStep {
    /// `.name` or `['name']`
    Name(&'static str),
    /// `[index]`
    Index(i64),
    /// `[(@.length-1)]`, by what is added to the length. A reference path has none.
    FromEnd(i64),
}

/// A path of the definition: its text, and the steps that it leads along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path(pub &'static str, pub &'static [PathStep]);

impl Path {
    #[inline]
    pub(super) fn find<'v>(&self, start: At<'v>) -> Option<&'v Value> {
        along(start, self.1)
    }

    /// Why it leads nowhere. An error does not show what is in the context object.
    #[cold]
    pub(super) fn why(&self, start: At<'_>) -> Miss {
        why(if self.0.starts_with("$$") { At(None) } else { start }, self.1, "")
    }
}

/// Where steps lead to.
#[inline]
pub(super) fn along<'v>(start: At<'v>, steps: &[PathStep]) -> Option<&'v Value> {
    let mut at = start;
    for step in steps {
        at = At(Some(at.step(step).0?));
    }
    at.0
}

/// The value of a template field `"name.$": "path"`.
///
/// # Errors
/// `States.Runtime` with the path, the field and the whole input, as AWS words it.
#[inline]
pub fn field<'v>(
    start: impl Into<At<'v>>,
    path: &'static Path,
    name: &'static str,
    input: &Value,
) -> Result<Value, Error> {
    field_at(start.into(), path, name, input)
}

fn field_at(start: At<'_>, path: &'static Path, name: &str, input: &Value) -> Result<Value, Error> {
    match path.find(start) {
        Some(value) => Ok(value.clone()),
        None => Err(no_field(&path.why(start), path.0, name, input)),
    }
}

/// The value of a template field whose path starts in the context object.
///
/// # Errors
/// As [`field`], with the context object as the input.
pub fn context_field(
    context: &Context<'_>,
    start: ContextField,
    path: &'static Path,
    name: &'static str,
) -> Result<Value, Error> {
    let value = context.get(start);
    match path.find(At::from(&value)) {
        Some(value) => Ok(value.clone()),
        None => Err(field_not_found(path.0, name, &context.get(ContextField::Whole).unwrap_or_default())),
    }
}

#[cold]
pub(super) fn no_field(miss: &Miss, path: &str, name: &str, input: &Value) -> Error {
    match miss {
        Miss::NotFound(_) => field_not_found(path, name, input),
        Miss::Invalid(text) => invalid_path(path, text),
    }
}

#[cold]
fn field_not_found(path: &str, name: &str, input: &Value) -> Error {
    Error::runtime(format!(
        "The JSONPath '{path}' specified for the field '{name}' could not be found in the input '{input}'"
    ))
}

/// The value of `InputPath`, `OutputPath`, `TimeoutSecondsPath` or `HeartbeatSecondsPath`.
///
/// # Errors
/// `States.Runtime` with the path and the step that leads nowhere, as AWS words it.
#[inline]
pub fn select<'v>(start: impl Into<At<'v>>, path: &'static Path) -> Result<Value, Error> {
    selected_at(start.into(), path)
}

fn selected_at(start: At<'_>, path: &'static Path) -> Result<Value, Error> {
    match path.find(start) {
        Some(value) => Ok(value.clone()),
        None => Err(not_selected(path, start)),
    }
}

#[cold]
fn not_selected(path: &Path, start: At<'_>) -> Error {
    if start.get().is_some_and(Value::is_null) {
        return Error::runtime("Unable to apply Path transformation to null or empty input.");
    }
    invalid_path(path.0, &path.why(start).into_text())
}

/// A value as it is, which stays where it is, too.
#[must_use]
pub fn copy(value: &Value) -> Value {
    value.clone()
}

/// The value that a state was given, which nothing looks at any more.
#[must_use]
pub fn take(value: &mut Value) -> Value {
    std::mem::take(value)
}

/// The data of a state becomes another.
pub fn set(data: &mut Value, value: Value) {
    *data = value;
}

/// A path that leads nowhere in `InputPath` and its like.
#[cold]
pub(super) fn invalid_path(path: &str, reason: &str) -> Error {
    Error::runtime(format!("Invalid path '{path}' : {reason}"))
}

/// Writes `value` at a `ResultPath`: objects on the way are made where they are missing, what is there is replaced.
/// Only the objects and arrays on the way are copied, and only if they are shared.
///
/// # Errors
/// `States.ReferencePathConflict`: something on the way is neither missing nor an object, or an index is out of range. `data` is left as it was.
pub fn put(data: &mut Value, path: &'static Path, value: Value) -> Result<(), Error> {
    // Most result paths are one name in an object, which one search can do.
    if let ([PathStep::Name(name)], Value::Object(object)) = (path.1, &mut *data) {
        object.insert(Text::new_static(name), value);
        return Ok(());
    }
    put_anywhere(data, path.0, path.1, value)
}

fn put_anywhere(data: &mut Value, path: &str, steps: &[PathStep], value: Value) -> Result<(), Error> {
    // All of the way is looked at before anything changes: the input of a catcher is the data as it was.
    if !can_put(data, steps) {
        return Err(Error::reference_path_conflict(format!(
            "Unable to apply ReferencePath {path} to input {data}"
        )));
    }
    put_steps(data, steps, value);
    Ok(())
}

fn can_put(data: &Value, steps: &[PathStep]) -> bool {
    let Some((step, rest)) = steps.split_first() else { return true };
    match (step, data) {
        // What is missing is made as objects; how long an array would have to be, nothing says.
        (PathStep::Name(_), Value::Null) => rest.iter().all(|step| matches!(step, PathStep::Name(_))),
        (PathStep::Name(name), Value::Object(object)) => {
            object.get(name).map_or_else(|| can_put(&Value::Null, rest), |next| can_put(next, rest))
        }
        (PathStep::Index(_) | PathStep::FromEnd(_), Value::Array(_)) => {
            At::from(data).step(step).get().is_some_and(|next| can_put(next, rest))
        }
        (PathStep::Name(_) | PathStep::Index(_) | PathStep::FromEnd(_), _) => false,
    }
}

fn put_steps(data: &mut Value, steps: &[PathStep], value: Value) {
    match (steps.split_first(), &mut *data) {
        (None, _) => *data = value,
        (Some((PathStep::Name(name), rest)), Value::Object(object)) => put_field(object, name, rest, value),
        (Some((PathStep::Index(index), rest)), Value::Array(array)) => {
            if let Ok(index) = usize::try_from(*index) {
                array.update(index, |next| put_steps(next, rest, value));
            }
        }
        (Some((PathStep::Name(name), rest)), _) => {
            let mut object = Object::new();
            put_field(&mut object, name, rest, value);
            *data = object.into();
        }
        (Some((PathStep::Index(_) | PathStep::FromEnd(_), _)), _) => {}
    }
}

fn put_field(object: &mut Object, name: &'static str, rest: &[PathStep], value: Value) {
    if rest.is_empty() || object.get(name).is_none() {
        let mut field = Value::Null;
        put_steps(&mut field, rest, value);
        object.insert(Text::new_static(name), field);
    } else {
        object.update(name, |next| put_steps(next, rest, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Value {
        Value::from_json(text).unwrap()
    }

    fn path(text: &'static str, steps: &[PathStep]) -> &'static Path {
        Box::leak(Box::new(Path(text, Vec::leak(steps.to_vec()))))
    }

    #[test]
    fn steps_lead_to_a_place_or_fall_off() {
        let value = json(r#"{"a": [{"b c": 1}, 2]}"#);
        assert_eq!(At::from(&value).name("a").index(0).name("b c").get(), Some(&Value::from(1)));
        assert_eq!(At::from(&value).name("a").from_end(-1).get(), Some(&Value::from(2)));
        for place in [
            At::from(&value).name("a").index(2),
            At::from(&value).name("a").index(-1),
            At::from(&value).name("a").from_end(-3),
            At::from(&value).name("a").from_end(0),
            At::from(&value).name("a").from_end(i64::MAX),
            At::from(&value).index(0),
            At::from(&value).name("b").name("c"),
        ] {
            assert_eq!(place.get(), None);
        }
    }

    #[test]
    fn a_result_path_makes_what_is_missing_and_replaces_what_is_there() {
        for (before, steps, after) in [
            (r#"{"a":1}"#, &[PathStep::Name("b")][..], r#"{"a":1,"b":"new"}"#),
            (r#"{"a":1}"#, &[PathStep::Name("b"), PathStep::Name("c")], r#"{"a":1,"b":{"c":"new"}}"#),
            (
                r#"{"a":{"b":1,"c":2}}"#,
                &[PathStep::Name("a"), PathStep::Name("b")],
                r#"{"a":{"b":"new","c":2}}"#,
            ),
            (
                r#"{"a":[1,[2]]}"#,
                &[PathStep::Name("a"), PathStep::Index(1), PathStep::Index(0)],
                r#"{"a":[1,["new"]]}"#,
            ),
            (r#"{"a":null}"#, &[PathStep::Name("a"), PathStep::Name("b")], r#"{"a":{"b":"new"}}"#),
        ] {
            let mut data = json(before);
            put(&mut data, path("$.x", steps), "new".into()).unwrap();
            assert_eq!(data.to_string(), after);
        }
    }

    #[test]
    fn a_result_path_into_a_scalar_is_a_conflict_and_changes_nothing() {
        for (text, steps) in [
            ("4", &[PathStep::Name("child")][..]),
            (r#"{"a":{"b":1}}"#, &[PathStep::Name("a"), PathStep::Name("b"), PathStep::Name("c")]),
            (r#"{"a":[]}"#, &[PathStep::Name("a"), PathStep::Index(0)]),
            (r#"{"a":1}"#, &[PathStep::Name("b"), PathStep::Index(0)]),
        ] {
            let mut data = json(text);
            let error = put(&mut data, path("$.child", steps), Value::Null).unwrap_err();
            assert_eq!(error.error(), "States.ReferencePathConflict");
            assert_eq!(
                error.cause().unwrap(),
                format!("Unable to apply ReferencePath $.child to input {}", json(text))
            );
            assert_eq!(data, json(text));
        }
    }

    #[test]
    fn a_path_that_leads_nowhere_says_where_it_ended() {
        let data = json(r#"{"a": {"b": 1}}"#);
        let cause = |text, steps: &[PathStep]| {
            select(&data, path(text, steps)).unwrap_err().cause().unwrap().to_owned()
        };
        let x = path("$.x", &[PathStep::Name("x")]);
        assert_eq!(cause(x.0, x.1), "Invalid path '$.x' : No results for path: $['x']");
        assert_eq!(
            cause("$.no.such", &[PathStep::Name("no"), PathStep::Name("such")]),
            "Invalid path '$.no.such' : Missing property in path $['no']"
        );
        assert_eq!(
            field(&data, x, "f.$", &data).unwrap_err().cause().unwrap(),
            r#"The JSONPath '$.x' specified for the field 'f.$' could not be found in the input '{"a":{"b":1}}'"#
        );
    }
}
