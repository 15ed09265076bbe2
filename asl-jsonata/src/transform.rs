//! `|pattern|update,delete|`: a copy with changes.

use crate::data::Data;
use crate::evaluation::Evaluation;
use crate::failure::{Failure, Result};
use crate::function::{Function, Outcome};
use crate::lambda::argument;
use crate::signature::{Parameter, parameters};
use crate::view::{ValueKind, View};
use asl_value::{Array, Object, Text, Value};
use std::collections::HashMap;

/// A copy of a document, and what is to change in it. Objects are known by where they are in memory, so nothing is shared within
/// the copy or with the original.
#[derive(Debug)]
pub struct Transformation {
    copy: Value,
    changes: HashMap<usize, Object>,
    /// What is pointed to must not go away.
    matched: Vec<Object>,
}

impl Transformation {
    /// Copies a document. Functions in it become empty strings.
    #[must_use]
    pub fn of(document: View<'_>) -> Self {
        Self { copy: copied(&document.to_json()), changes: HashMap::new(), matched: Vec::new() }
    }

    /// The copy, in which the pattern is looked for.
    #[must_use]
    pub fn document(&self) -> Value {
        self.copy.clone()
    }

    /// A match as it is after the changes so far.
    #[must_use]
    pub fn current(&self, matched: View<'_>) -> Data {
        if let View::Value(Value::Object(object)) = matched
            && let Some(changed) = self.changes.get(&object.address())
        {
            return Data::Value(Value::Object(changed.clone()));
        }
        matched.to_data()
    }

    /// Adds fields to a match.
    ///
    /// # Errors
    /// The update is not an object, or the match is none.
    pub fn update(&mut self, matched: View<'_>, update: View<'_>) -> Result<()> {
        let update = match update {
            View::Nothing => return Ok(()),
            View::Value(Value::Object(object)) => object.clone(),
            View::Data(Data::Members(_)) => update.to_json().as_object().cloned().unwrap_or_default(),
            View::Value(_) | View::Data(_) => return Err(no_update(update)),
        };
        if let (
            Some((key, _)),
            ValueKind::Null | ValueKind::Boolean | ValueKind::Number | ValueKind::String,
        ) = (update.iter().next(), matched.kind())
        {
            return Err(Failure::bound(format!(
                "Cannot create property '{key}' on {}",
                Failure::shown(matched)
            )));
        }
        self.change(matched, |changed| {
            for (key, value) in update.iter() {
                changed.insert(key, value.clone());
            }
        });
        Ok(())
    }

    /// Removes fields from a match.
    ///
    /// # Errors
    /// Their names are not strings.
    pub fn delete(&mut self, matched: View<'_>, names: View<'_>) -> Result<()> {
        let names = deletions(names)?;
        self.change(matched, |changed| {
            for name in names {
                changed.remove(&name);
            }
        });
        Ok(())
    }

    fn change(&mut self, matched: View<'_>, change: impl FnOnce(&mut Object)) {
        if let View::Value(Value::Object(object)) = matched {
            self.matched.push(object.clone());
            change(self.changes.entry(object.address()).or_insert_with(|| object.clone()));
        }
    }

    /// The copy with the changes.
    ///
    /// # Errors
    /// A match has been put into itself, or matches into each other so often that the result is too large.
    pub fn result(self, evaluation: &Evaluation<'_>) -> Result<Data> {
        let mut changed = Changed { changes: &self.changes, made: HashMap::new(), evaluation, depth: 0 };
        changed.of(&self.copy).map(Data::Value)
    }
}

/// Puts the changes into the copy.
struct Changed<'t> {
    changes: &'t HashMap<usize, Object>,
    /// What has become of the matches; nothing yet of those that are being made.
    made: HashMap<usize, Option<Value>>,
    evaluation: &'t Evaluation<'t>,
    depth: u32,
}

impl Changed<'_> {
    fn of(&mut self, value: &Value) -> Result<Value> {
        match value {
            Value::Array(array) => self.deeper(|changed| {
                let elements = array.iter().map(|element| changed.of(element));
                elements.collect::<Result<Array>>().map(Value::Array)
            }),
            Value::Object(object) => match self.changes.get(&object.address()) {
                Some(change) => self.of_match(object.address(), change),
                None => self.members(object),
            },
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(value.clone()),
        }
    }

    /// A match is made once, wherever it has been put.
    fn of_match(&mut self, address: usize, change: &Object) -> Result<Value> {
        match self.made.get(&address) {
            Some(Some(made)) => return Ok(made.clone()),
            Some(None) => return Err(Failure::bound("Converting circular structure to JSON")),
            None => self.made.insert(address, None),
        };
        let made = self.members(change)?;
        self.made.insert(address, Some(made.clone()));
        Ok(made)
    }

    fn members(&mut self, object: &Object) -> Result<Value> {
        self.deeper(|changed| {
            let members = object.iter().map(|(key, value)| Ok((key, changed.of(value)?)));
            members.collect::<Result<Object>>().map(Value::Object)
        })
    }

    fn deeper(&mut self, make: impl FnOnce(&mut Self) -> Result<Value>) -> Result<Value> {
        self.evaluation.step()?;
        if self.depth > self.evaluation.limits().nesting {
            return Err(Failure::out_of_memory());
        }
        self.depth += 1;
        let made = make(self);
        self.depth -= 1;
        let made = Data::Value(made?);
        self.evaluation.check_size(&made)?;
        Ok(made.into_json().unwrap_or_default())
    }
}

/// The function that a transformation is.
#[must_use]
pub fn transformer(transform: impl Fn(&Evaluation<'_>, View<'_>) -> Result<Data> + 'static) -> Function {
    const PARAMETERS: [Parameter<'_>; 1] = parameters("<(oa):o>");
    let function = Function::lambda(1, move |evaluation, arguments| {
        let document = argument(arguments, 0);
        let result = if document.is_nothing() { Data::Nothing } else { transform(evaluation, document)? };
        Ok(Outcome::Data(result))
    });
    function.signed(&PARAMETERS)
}

fn copied(value: &Value) -> Value {
    match value {
        Value::Array(array) => Value::Array(array.iter().map(copied).collect::<Array>()),
        Value::Object(object) => {
            Value::Object(object.iter().map(|(key, value)| (key, copied(value))).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

fn deletions(delete: View<'_>) -> Result<Vec<Text>> {
    let name = |view: View<'_>| match view {
        View::Value(Value::String(name)) => Ok(name.clone()),
        View::Nothing | View::Value(_) | View::Data(_) => Err(Failure::new(
            "T2012",
            format!(
                "The delete clause of the transform expression must evaluate to a string or array of strings: {}",
                Failure::shown(delete)
            ),
        )),
    };
    delete.elements().map(name).collect()
}

#[cold]
fn no_update(update: View<'_>) -> Failure {
    Failure::new(
        "T2011",
        format!(
            "The insert/update clause of the transform expression must evaluate to an object: {}",
            Failure::shown(update)
        ),
    )
}

/// `$clone` has been made something else than a function.
///
/// # Errors
/// It has.
pub fn check_clone(clone: View<'_>) -> Result<()> {
    match clone.as_function() {
        Some(_) => Ok(()),
        None => Err(Failure::new(
            "T2013",
            "The transform expression clones the input object using the $clone() function.  This has been overridden in the current scope by a non-function.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_world::evaluating;

    #[test]
    fn matches_are_changed_and_the_original_is_not() {
        let original = Value::from_json(r#"{"kept":1,"part":{"a":1,"b":2}}"#).unwrap();
        let before = original.to_string();
        let mut transformation = Transformation::of(View::Value(&original));
        let document = transformation.document();
        let part = View::Value(document.get("part").unwrap());
        let [update, gone] = [r#"{"a":9,"c":3}"#, r#"["b"]"#].map(|json| Value::from_json(json).unwrap());
        transformation.update(part, View::Value(&update)).unwrap();
        transformation.delete(part, View::Value(&gone)).unwrap();
        let current = transformation.current(part).into_json().unwrap();
        assert_eq!(current.to_string(), r#"{"a":9,"c":3}"#);
        let result = evaluating(|evaluation| transformation.result(evaluation)).unwrap();
        assert_eq!(result.into_json().unwrap().to_string(), r#"{"kept":1,"part":{"a":9,"c":3}}"#);
        assert_eq!((original.to_string(), document.to_string()), (before.clone(), before));
    }
}
