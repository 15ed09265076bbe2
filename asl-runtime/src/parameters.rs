//! Reading the parameters of a task, and saying in AWS's words what is wrong with them.
//!
//! In: the parameters as JSON. Out: typed values, and reasons that become one `States.Runtime`. A field that is `null` counts
//! as absent. Nothing here knows a service.

pub(crate) mod asks;
mod models;
pub(crate) mod typed;

use asl_engine::error::TaskError;
use asl_value::{Object, Value};

/// Names with one or more values each.
#[cfg(feature = "http")]
pub(super) type Multi = Vec<(String, Vec<String>)>;

/// Why parameters cannot be used: collected, so that one run shows all of them.
#[derive(Debug, Default)]
pub(super) struct Reasons(Vec<String>);

impl Reasons {
    /// The parameters as an object.
    pub(super) fn parameters<'a>(&mut self, parameters: &'a Value) -> Option<&'a Object> {
        let fields = parameters.as_object();
        if fields.is_none() {
            self.add("The parameters must be a JSON object");
        }
        fields
    }

    /// Any reason.
    pub(super) fn add(&mut self, reason: impl Into<String>) {
        self.0.push(reason.into());
    }

    /// A field that must be there is not.
    #[cfg(any(feature = "dynamodb", feature = "http"))]
    pub(super) fn missing(&mut self, field: &str) {
        self.add(format!("The field '{field}' is required but was missing"));
    }

    /// A value is of another kind than the field wants: `a STRING`, `a MAP`.
    pub(super) fn must_be(&mut self, field: &str, kind: &str) {
        self.add(format!("The value for the field '{field}' must be {kind}"));
    }

    /// A value is of the right kind, but cannot be read.
    #[cfg(any(feature = "dynamodb", feature = "http"))]
    pub(super) fn invalid(&mut self, field: &str) {
        self.add(format!("The value of the field '{field}' has an invalid format"));
    }

    /// A value is of the right kind, but cannot be sent: the text says why, after the name of the field.
    #[cfg(feature = "signed-requests")]
    #[cfg_attr(not(feature = "clients"), allow(dead_code, reason = "each client uses a part of it"))]
    pub(super) fn unsendable(&mut self, field: &str, fault: &str) {
        self.add(format!("The value of the field '{field}' {fault}"));
    }

    /// The fields that the service does not have.
    pub(super) fn unknown(&mut self, fields: &Object, known: &[&str]) {
        self.unknown_of(fields, &[known]);
    }

    /// The same where several lists say what it has.
    pub(super) fn unknown_of(&mut self, fields: &Object, known: &[&[&str]]) {
        let is_known = |field: &str| known.iter().any(|known| known.contains(&field));
        for field in fields.keys().filter(|field| !is_known(field)) {
            self.add(format!("The field \"{field}\" is not supported by Step Functions"));
        }
    }

    /// A field that holds a string.
    #[cfg(any(feature = "dynamodb", feature = "http"))]
    pub(super) fn text<'a>(&mut self, fields: &'a Object, field: &str) -> Option<&'a str> {
        let value = present(fields, field)?;
        let text = value.as_str();
        if text.is_none() {
            self.must_be(field, "a STRING");
        }
        text
    }

    /// A field that must be there and hold a string.
    #[cfg(any(feature = "dynamodb", feature = "http"))]
    pub(super) fn required_text<'a>(&mut self, fields: &'a Object, field: &str) -> Option<&'a str> {
        if present(fields, field).is_none() {
            self.missing(field);
        }
        self.text(fields, field)
    }

    /// A field that holds an object.
    #[cfg(any(feature = "dynamodb", feature = "http"))]
    pub(super) fn object<'a>(&mut self, fields: &'a Object, field: &str) -> Option<&'a Object> {
        let value = present(fields, field)?;
        let object = value.as_object();
        if object.is_none() {
            self.must_be(field, "a MAP");
        }
        object
    }

    /// A field that holds an object in which each name has one or more values.
    #[cfg(feature = "http")]
    pub(super) fn multi(
        &mut self,
        fields: &Object,
        field: &str,
        values: &dyn Fn(&Value) -> Option<Vec<String>>,
    ) -> Multi {
        let Some(value) = present(fields, field) else { return Multi::new() };
        let multi = value.as_object().and_then(|object| {
            object
                .iter()
                .map(|(name, value)| Some((name.to_owned(), values(value)?)))
                .collect::<Option<Multi>>()
        });
        multi.unwrap_or_else(|| {
            self.invalid(field);
            Multi::new()
        })
    }

    /// A field that holds a Boolean, or the name of one.
    #[cfg(any(feature = "dynamodb", feature = "signed-requests"))]
    #[cfg_attr(not(feature = "clients"), allow(dead_code, reason = "each client uses a part of it"))]
    pub(super) fn boolean(&mut self, fields: &Object, field: &str) -> Option<bool> {
        let value = present(fields, field)?;
        let boolean = value.as_bool().or_else(|| value.as_str()?.parse().ok());
        if boolean.is_none() {
            self.must_be(field, "a BOOLEAN");
        }
        boolean
    }

    /// A field that holds an array.
    #[cfg(feature = "dynamodb")]
    pub(super) fn array<'a>(&mut self, fields: &'a Object, field: &str) -> Option<&'a [Value]> {
        let value = present(fields, field)?;
        let array = value.as_array();
        if array.is_none() {
            self.must_be(field, "a LIST");
        }
        array.map(|array| &**array)
    }

    /// Whether nothing was wrong; else the error of the task.
    pub(super) fn none(self, parameters: &Value) -> Result<(), TaskError> {
        if self.0.is_empty() {
            return Ok(());
        }
        let reasons = self.0.join(", ");
        Err(TaskError::runtime(format!(
            "The Parameters '{parameters}' could not be used to start the Task: [{reasons}]"
        )))
    }
}

/// A field that is there and not `null`.
#[cfg(any(feature = "dynamodb", feature = "http"))]
pub(super) fn present<'a>(fields: &'a Object, field: &str) -> Option<&'a Value> {
    fields.get(field).filter(|value| !value.is_null())
}
