//! Paths with parts that can lead to any number of values, and how the library that AWS uses searches for them.
//!
//! `$.lines[*].sku` becomes `search(input, &[PathStep::Name("lines")], "[*]['sku']", .., |at, found| at.wildcard(found, &|at, found|
//! at.name("sku", .., found, &|at, found| at.found(found))))`: each part hands the places that it leads to on to the next. A part that cannot be
//! applied ends the search, unless a wildcard over an array is around it: that goes on with its next element.

use crate::context::{Context, ContextField};
use crate::error::Error;
use crate::generated::intrinsic::{argument_failed, argument_not_found};
use crate::generated::miss::{Miss, out_of_bounds, push_index, push_place, why};
use crate::generated::path::{At, PathStep, invalid_path, no_field};
use asl_value::{Array, Object, Text, Value};

/// How a search goes on, or why it ends.
pub(super) type Walk = Result<(), Miss>;

/// The next part of a path.
pub(super) type Next<'n, 'v> = &'n dyn Fn(&SearchPlace<'_, 'v>, &mut Found) -> Walk;

/// The condition of a filter.
pub(super) type Condition<'n, 'v> = &'n dyn Fn(&'v Value) -> Result<bool, Miss>;

/// What a search has found.
#[derive(Debug, Default)]
pub struct Found {
    values: Vec<Value>,
    /// How many wildcards around pass over what is not found, so that the reason is not read.
    passed_over: usize,
}

/// A place that a search has come to, and how.
#[derive(Clone, Copy, Debug)]
pub struct SearchPlace<'p, 'v> {
    value: &'v Value,
    way: Way<'p, 'v>,
}

#[derive(Clone, Copy, Debug)]
enum Way<'p, 'v> {
    /// The part of the path before the search.
    Start(At<'v>, &'static [PathStep]),
    Name(&'p SearchPlace<'p, 'v>, &'p str),
    Index(&'p SearchPlace<'p, 'v>, usize),
}

/// Elements of an array, by their indexes.
#[derive(Clone, Copy, Debug)]
pub enum Pick {
    /// `[0]`
    Index(i64),
    /// `[(@.length-1)]`
    FromEnd(i64),
    /// `[0,2]`: all have to be there.
    Indexes(&'static [i64]),
    /// `[1:3]`, whose numbers only count from the end where there is one alone.
    Slice(Option<i64>, Option<i64>),
}

/// Searches from where the steps lead to. `rest` are the parts after the steps as error texts show them; `definite` says that these lead to one
/// value as well, so that a field that is missing before them is an error.
///
/// # Errors
/// A part of the path cannot be applied.
pub fn search<'v>(
    start: impl Into<At<'v>>,
    steps: &'static [PathStep],
    rest: &'static str,
    definite: bool,
    next: Next<'_, 'v>,
) -> Result<Found, Miss> {
    let (start, mut found) = (start.into(), Found::default());
    let mut at = start;
    for step in steps {
        let before = at;
        at = at.step(step);
        if at.get().is_none() {
            // The library passes over a missing field of an object before an indefinite part, and raises an error for anything else.
            let is_passed_over = matches!((step, before.get()), (PathStep::Name(_), Some(Value::Object(_))));
            return if is_passed_over && !definite { Ok(found) } else { Err(why(start, steps, rest)) };
        }
    }
    if let Some(value) = at.get() {
        next(&SearchPlace { value, way: Way::Start(start, steps) }, &mut found)?;
    }
    Ok(found)
}

impl Found {
    /// The value of an indefinite path.
    #[must_use]
    pub fn array(self) -> Value {
        self.values.into()
    }

    /// The value of a definite path.
    ///
    /// # Errors
    /// There is none.
    pub fn only(mut self) -> Result<Value, Miss> {
        self.values.pop().ok_or_else(|| Miss::NotFound(String::from("No results for path")))
    }

    fn not_found(&self, text: impl FnOnce() -> String) -> Walk {
        Err(Miss::NotFound(if self.passed_over == 0 { text() } else { String::new() }))
    }
}

impl<'p, 'v> SearchPlace<'p, 'v> {
    /// The end of the path.
    ///
    /// # Errors
    /// None; the parts of a path all look alike.
    pub fn found(&self, found: &mut Found) -> Walk {
        found.values.push(self.value.clone());
        Ok(())
    }

    /// `.name`. An object without that field is passed over, where it is not `required`.
    ///
    /// # Errors
    /// The value is not an object, or does not have the field.
    pub fn name(&self, name: &str, required: Required, found: &mut Found, next: Next<'_, 'v>) -> Walk {
        let Value::Object(object) = self.value else {
            return found.not_found(|| format!("Property ['{name}'] not found in path {}", self.way_to()));
        };
        match (object.get(name), required) {
            (Some(value), _) => next(&SearchPlace { value, way: Way::Name(self, name) }, found),
            (None, Required::No) => Ok(()),
            (None, Required::Inside) => {
                found.not_found(|| format!("Missing property in path {}['{name}']", self.way_to()))
            }
            (None, Required::Last) => {
                found.not_found(|| format!("No results for path: {}['{name}']", self.way_to()))
            }
        }
    }

    /// `['a','b']` at the end of a path: an object of those fields that are there. Where someone asks whether they are, all are `required`.
    ///
    /// # Errors
    /// The value is not an object, or a required field is missing.
    pub fn names(&self, names: &'static [&'static str], required: bool, found: &mut Found) -> Walk {
        let Value::Object(object) = self.value else {
            return found
                .not_found(|| format!("Property {} not found in path {}", list(names), self.way_to()));
        };
        let mut chosen = Object::new();
        for name in names {
            match object.get(name) {
                Some(value) => chosen.insert(Text::new_static(name), value.clone()),
                None if required => {
                    return found
                        .not_found(|| format!("Missing property in path {}{}", self.way_to(), list(names)));
                }
                None => continue,
            };
        }
        found.values.push(chosen.into());
        Ok(())
    }

    /// `['a','b']` before the end of a path, where it never works.
    ///
    /// # Errors
    /// Always.
    pub fn names_inside(&self, names: &'static [&'static str], found: &mut Found) -> Walk {
        let way = self.way_to();
        if self.value.as_object().is_none() {
            return found.not_found(|| format!("Property {} not found in path {way}", list(names)));
        }
        // The library reads such a path and refuses it only when it is evaluated.
        let text = format!("Multi properties can only be used as path leafs: {way}{}", list(names));
        Err(Miss::Invalid(text))
    }

    /// `[0]`, `[(@.length-1)]`, `[0,2]`, `[1:3]`. `fragments` is the path from here on as error texts show it.
    ///
    /// # Errors
    /// The value is not an array, or has no such element.
    pub fn pick(&self, pick: Pick, fragments: &str, found: &mut Found, next: Next<'_, 'v>) -> Walk {
        let array = match self.value {
            Value::Array(array) => array,
            // The library has a text for null alone; anything else that is not an array has another.
            Value::Null => return found.not_found(|| format!("The path {} is null", self.way_to())),
            value @ (Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                return Err(Miss::no_array(fragments, value));
            }
        };
        let length = i64::try_from(array.len()).unwrap_or(i64::MAX);
        match pick {
            Pick::Index(index) => self.element(array, index, found, next),
            Pick::FromEnd(offset) => self.element(array, length.saturating_add(offset), found, next),
            Pick::Indexes(indexes) => {
                indexes.iter().try_for_each(|index| self.element(array, *index, found, next))
            }
            Pick::Slice(first, end) => {
                let (first, end) = bounds(first, end, length);
                (first..end).try_for_each(|index| self.element(array, index, found, next))
            }
        }
    }

    /// `[*]` or `.*`. An element that the rest of the path is not found in is passed over, the value of a field is not.
    ///
    /// # Errors
    /// Those of the rest of the path.
    pub fn wildcard(&self, found: &mut Found, next: Next<'_, 'v>) -> Walk {
        match self.value {
            Value::Object(object) => object.iter().try_for_each(|(name, value)| {
                next(&SearchPlace { value, way: Way::Name(self, name) }, found)
            }),
            Value::Array(array) => {
                // Within a wildcard over an array, errors that a path was not found are swallowed element by element, and their texts are
                // never read: making them would be most of the work.
                found.passed_over += 1;
                let walk = self.elements(array, found, &|place, found| match next(place, found) {
                    Err(Miss::NotFound(_)) => Ok(()),
                    walk => walk,
                });
                found.passed_over -= 1;
                walk
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
        }
    }

    /// `[?(...)]`: of an array the elements for which the condition holds; an object is tested itself.
    ///
    /// # Errors
    /// The value is neither, or the condition cannot be decided.
    pub fn filter(
        &self,
        fragments: &str,
        found: &mut Found,
        holds: Condition<'_, 'v>,
        next: Next<'_, 'v>,
    ) -> Walk {
        match self.value {
            value @ Value::Object(_) => {
                if holds(value)? {
                    next(self, found)
                } else {
                    Ok(())
                }
            }
            Value::Array(array) => self.elements(array, found, &|place, found| {
                if holds(place.value)? { next(place, found) } else { Ok(()) }
            }),
            value @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
                Err(Miss::primitive(fragments, value))
            }
        }
    }

    /// `..name`: objects at every depth that have the field.
    ///
    /// # Errors
    /// Those of the rest of the path.
    pub fn all_with_name(&self, name: &str, found: &mut Found, next: Next<'_, 'v>) -> Walk {
        self.descend(found, &|place, found| match place.value.get(name) {
            Some(value) => next(&SearchPlace { value, way: Way::Name(place, name) }, found),
            None => Ok(()),
        })
    }

    /// `..['a','b']`: objects at every depth that have all the fields.
    ///
    /// # Errors
    /// Those of the rest of the path.
    pub fn all_with_names(&self, names: &[&str], found: &mut Found, next: Next<'_, 'v>) -> Walk {
        self.descend(found, &|place, found| {
            let fields = place.value.as_object();
            let has_all = |object: &Object| names.iter().all(|name| object.get(name).is_some());
            if fields.is_some_and(has_all) { next(place, found) } else { Ok(()) }
        })
    }

    /// `..[0]`: arrays at every depth. Where more of the path follows, it follows for each of their elements, whatever is in the brackets.
    ///
    /// # Errors
    /// An array has no such element, and those of the rest of the path.
    pub fn all_arrays(&self, last: Option<(Pick, &str)>, found: &mut Found, next: Next<'_, 'v>) -> Walk {
        self.descend(found, &|place, found| match (place.value, last) {
            (Value::Array(_), Some((pick, fragments))) => place.pick(pick, fragments, found, next),
            (Value::Array(array), None) => place.elements(array, found, next),
            _ => Ok(()),
        })
    }

    /// `..*`: all fields and elements at every depth. At the end of a path a wildcard passes over nothing that is not found, because nothing is
    /// looked for.
    ///
    /// # Errors
    /// Those of the rest of the path.
    pub fn all(&self, found: &mut Found, next: Next<'_, 'v>) -> Walk {
        self.descend(found, &|place, found| match place.value {
            Value::Array(array) => place.elements(array, found, next),
            Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                place.wildcard(found, next)
            }
        })
    }

    /// `..[?(...)]`: objects at every depth for which the condition holds, and arrays: those for which it holds themselves. Of these it is the
    /// elements for which it holds at the `last` part of the path, and otherwise all of them.
    ///
    /// # Errors
    /// The condition cannot be decided, and those of the rest of the path.
    pub fn all_that(
        &self,
        last: bool,
        found: &mut Found,
        holds: Condition<'_, 'v>,
        next: Next<'_, 'v>,
    ) -> Walk {
        self.descend(found, &|place, found| {
            if !holds(place.value)? {
                return Ok(());
            }
            match place.value {
                Value::Array(array) if last => place.elements(array, found, &|place, found| {
                    if holds(place.value)? { next(place, found) } else { Ok(()) }
                }),
                Value::Array(array) => place.elements(array, found, next),
                Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                    next(place, found)
                }
            }
        })
    }

    /// `....`: two descents in a row lead nowhere.
    ///
    /// # Errors
    /// None; the parts of a path all look alike.
    pub const fn nowhere(&self, _: &mut Found) -> Walk {
        Ok(())
    }

    /// This place and all below it that are objects or arrays, each before what is in it.
    fn descend(&self, found: &mut Found, visit: Next<'_, 'v>) -> Walk {
        match self.value {
            Value::Object(object) => {
                visit(self, found)?;
                object.iter().try_for_each(|(name, value)| {
                    SearchPlace { value, way: Way::Name(self, name) }.descend(found, visit)
                })
            }
            Value::Array(array) => {
                visit(self, found)?;
                self.elements(array, found, &|place, found| place.descend(found, visit))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
        }
    }

    fn elements(&self, array: &'v Array, found: &mut Found, next: Next<'_, 'v>) -> Walk {
        array
            .iter()
            .enumerate()
            .try_for_each(|(index, value)| next(&SearchPlace { value, way: Way::Index(self, index) }, found))
    }

    fn element(&self, array: &'v Array, index: i64, found: &mut Found, next: Next<'_, 'v>) -> Walk {
        let position = usize::try_from(index).ok();
        match position.and_then(|position| Some((position, array.get(position)?))) {
            Some((position, value)) => next(&SearchPlace { value, way: Way::Index(self, position) }, found),
            None => found.not_found(|| {
                let mut way = self.way_to();
                push_index(&mut way, index);
                out_of_bounds(&way)
            }),
        }
    }

    /// How the search came here: `$['a'][0]`.
    fn way_to(&self) -> String {
        match self.way {
            Way::Start(mut at, steps) => {
                let mut way = String::from("$");
                for step in steps {
                    push_place(&mut way, step, at.get().unwrap_or(&Value::Null));
                    at = at.step(step);
                }
                way
            }
            Way::Name(place, name) => format!("{}['{name}']", place.way_to()),
            Way::Index(place, index) => format!("{}[{index}]", place.way_to()),
        }
    }
}

/// Whether a field has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Required {
    /// What does not have it is passed over.
    No,
    /// It is a part of a path that leads to one place from here on.
    Inside,
    /// It is the end of the path.
    Last,
}

/// A slice with one number alone counts from the end where the number is negative. With two numbers a negative one is an index that no
/// array has.
fn bounds(first: Option<i64>, end: Option<i64>, length: i64) -> (i64, i64) {
    let from_end = |number: i64| if number < 0 { number.saturating_add(length) } else { number };
    match (first, end) {
        (Some(_), Some(_)) if length == 0 => (0, 0),
        (Some(first), Some(end)) => (first, end.min(length)),
        (Some(first), None) => (from_end(first).max(0), length),
        (None, Some(end)) => (0, from_end(end).min(length)),
        (None, None) => (0, length),
    }
}

fn list(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("'{name}'")).collect();
    format!("[{}]", quoted.join(", "))
}

/// What a search yields for `InputPath` and its like.
///
/// # Errors
/// `States.Runtime`: the path leads nowhere.
pub fn selected(found: Result<Value, Miss>, path: &'static str) -> Result<Value, Error> {
    found.map_err(|miss| invalid_path(path, &miss.into_text()))
}

/// What a search yields for a template field.
///
/// # Errors
/// As [`field`](crate::generated::field).
pub fn field_found(
    found: Result<Value, Miss>,
    path: &'static str,
    name: &'static str,
    input: &Value,
) -> Result<Value, Error> {
    found.map_err(|miss| no_field(&miss, path, name, input))
}

/// What a search in the context object yields for a template field.
///
/// # Errors
/// As [`field`](crate::generated::field).
pub fn context_field_found(
    found: Result<Value, Miss>,
    path: &'static str,
    name: &'static str,
    context: &Context<'_>,
) -> Result<Value, Error> {
    field_found(found, path, name, &context.get(ContextField::Whole).unwrap_or_default())
}

/// What a search yields for an intrinsic function.
///
/// # Errors
/// `States.Runtime`: the path leads nowhere.
pub fn argument_found(
    found: Result<Value, Miss>,
    path: &'static str,
    text: &'static str,
    input: &Value,
) -> Result<Value, Error> {
    found.map_err(|miss| match miss {
        Miss::NotFound(_) => argument_not_found(path, text, input),
        Miss::Invalid(why) => argument_failed(text, &why),
    })
}

/// What a search yields for a choice rule.
///
/// # Errors
/// As [`variable`](crate::generated::variable).
pub fn variable_found(found: Result<Value, Miss>, path: &'static str) -> Result<Value, Error> {
    found.map_err(|_| crate::generated::choice::no_variable(path))
}

/// Whether a search finds anything, for `IsPresent`.
#[must_use]
pub fn found_anything(found: &Result<Value, Miss>) -> bool {
    found.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a path of several names leads from some data, as JSON, or why nowhere.
    fn at(json: &str, names: &'static [&'static str], required: bool) -> Result<String, Miss> {
        let value = Value::from_json(json).unwrap();
        search(&value, &[PathStep::Name("part")], "", true, &|place, found| {
            place.names(names, required, found)
        })
        .and_then(Found::only)
        .map(|value| value.to_string())
    }

    #[test]
    fn several_names_are_named_where_they_lead_nowhere() {
        let not_found = |text: &str| Err(Miss::NotFound(text.to_owned()));
        let data = r#"{"part":{"b":2,"a":1}}"#;
        assert_eq!(at(data, &["a", "b"], true), Ok(r#"{"a":1,"b":2}"#.to_owned()));
        assert_eq!(at(data, &["a", "c"], false), Ok(r#"{"a":1}"#.to_owned()));
        assert_eq!(at(data, &["a", "c"], true), not_found("Missing property in path $['part']['a', 'c']"));
        assert_eq!(
            at(r#"{"part":1}"#, &["a", "c"], false),
            not_found("Property ['a', 'c'] not found in path $['part']")
        );
    }
}
