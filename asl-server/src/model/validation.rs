//! Requests, checked against the model in AWS's words.

use super::{Model, Shape, Type, pattern};
use crate::protocol::error::ApiError;
use serde_json::{Map, Value};

/// Checks the request of an action: all that its shape says.
///
/// # Errors
/// There is no such action, a value is of another type, or constraints are not satisfied, all of which are named.
pub(crate) fn validate(action: &str, request: Value) -> Result<Map<String, Value>, ApiError> {
    let model = Model::get();
    let Some(shape) = model.request(action) else {
        return Err(ApiError::new("UnknownOperationException", ""));
    };
    let Value::Object(mut request) = request else { return Err(not_a("Structure")) };
    request.retain(|_, value| !value.is_null());
    let mut found = Found { model, faults: Vec::new() };
    found.structure(shape, &request, "")?;
    match found.faults.len() {
        0 => Ok(request),
        1 => Err(ApiError::validation(format!("1 validation error detected: {}", found.faults.concat()))),
        count => Err(ApiError::validation(format!(
            "{count} validation errors detected: {}",
            found.faults.join("; ")
        ))),
    }
}

fn not_a(type_: &str) -> ApiError {
    ApiError::new("SerializationException", format!("Unexpected value: a {type_} is expected"))
}

/// The constraints that are not satisfied.
struct Found<'m> {
    model: &'m Model,
    faults: Vec<String>,
}

impl Found<'_> {
    fn structure(&mut self, shape: &Shape, fields: &Map<String, Value>, path: &str) -> Result<(), ApiError> {
        for name in shape.members.keys() {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            let Some(member) = self.model.part(shape, name) else { continue };
            match fields.get(name).filter(|value| !value.is_null()) {
                Some(value) => self.value(member, value, &path)?,
                None if shape.required.contains(name) => self.fault(member, None, &path, "not be null"),
                None => {}
            }
        }
        Ok(())
    }

    fn value(&mut self, shape: &Shape, value: &Value, path: &str) -> Result<(), ApiError> {
        match (shape.r#type, value) {
            (Type::Structure, Value::Object(fields)) => self.structure(shape, fields, path),
            (Type::List, Value::Array(items)) => self.list(shape, items, path),
            (Type::String, Value::String(text)) => {
                self.text(shape, text, path);
                Ok(())
            }
            (Type::Integer | Type::Long | Type::Float | Type::Double, Value::Number(number)) => {
                self.range(shape, number.as_f64().unwrap_or_default(), &number.to_string(), path, "value");
                Ok(())
            }
            (Type::Boolean, Value::Bool(_))
            | (Type::Timestamp, Value::Number(_))
            | (Type::Map, Value::Object(_)) => Ok(()),
            (type_, _) => Err(not_a(&format!("{type_:?}"))),
        }
    }

    fn list(&mut self, shape: &Shape, items: &[Value], path: &str) -> Result<(), ApiError> {
        self.range(shape, count(items.len()), &format!("[{}]", texts(items)), path, "length");
        let Some(element) = self.model.part(shape, "") else { return Ok(()) };
        for (number, item) in items.iter().enumerate() {
            self.value(element, item, &format!("{path}.{}.member", number + 1))?;
        }
        Ok(())
    }

    fn text(&mut self, shape: &Shape, text: &str, path: &str) {
        self.range(shape, count(text.chars().count()), text, path, "length");
        if let Some(pattern) = shape.pattern.as_deref().filter(|pattern| !pattern::satisfies(pattern, text)) {
            self.fault(shape, Some(text), path, &format!("satisfy regular expression pattern: {pattern}"));
        }
        if !shape.r#enum.is_empty() && !shape.r#enum.iter().any(|value| value == text) {
            let values = shape.r#enum.join(", ");
            self.fault(shape, Some(text), path, &format!("satisfy enum value set: [{values}]"));
        }
    }

    fn range(&mut self, shape: &Shape, number: f64, shown: &str, path: &str, what: &str) {
        if let Some(min) = shape.min.filter(|min| number < *min) {
            self.fault(shape, Some(shown), path, &format!("have {what} greater than or equal to {min}"));
        }
        if let Some(max) = shape.max.filter(|max| number > *max) {
            self.fault(shape, Some(shown), path, &format!("have {what} less than or equal to {max}"));
        }
    }

    fn fault(&mut self, shape: &Shape, value: Option<&str>, path: &str, constraint: &str) {
        let value = match value {
            None => " null".to_owned(),
            Some(_) if shape.sensitive => String::new(),
            Some(value) => format!(" '{value}'"),
        };
        self.faults
            .push(format!("Value{value} at '{path}' failed to satisfy constraint: Member must {constraint}"));
    }
}

#[expect(clippy::cast_precision_loss, reason = "no request has so many letters")]
const fn count(number: usize) -> f64 {
    number as f64
}

fn texts(items: &[Value]) -> String {
    items.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(action: &str, request: Value) -> String {
        validate(action, request).map_err(|error| error.message).expect_err("it is refused")
    }

    #[test]
    fn all_constraints_are_named_in_the_words_of_aws() {
        assert_eq!(
            refused("ListExecutions", json!({ "maxResults": 1001, "statusFilter": "x" })),
            "2 validation errors detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal \
             to 1000; Value 'x' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, \
             PENDING_REDRIVE, ABORTED, FAILED, RUNNING]"
        );
        assert_eq!(
            refused("CreateActivity", json!({})),
            "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null"
        );
        assert_eq!(
            refused(
                "CreateStateMachineAlias",
                json!({ "name": "a", "routingConfiguration": [{ "stateMachineVersionArn": "v", "weight": 101 }] })
            ),
            "1 validation error detected: Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must have \
             value less than or equal to 100"
        );
    }

    #[test]
    fn secrets_are_not_shown() {
        let request = json!({ "name": "a", "definition": "", "roleArn": "arn:aws:iam::0:role/r" });
        let expected = "1 validation error detected: Value at 'definition' failed to satisfy constraint: Member must have length greater than or equal to 1";
        assert_eq!(refused("CreateStateMachine", request), expected);
    }

    #[test]
    fn other_types_are_refused() {
        let error = validate("ListActivities", json!({ "maxResults": "1" })).expect_err("it is refused");
        assert_eq!(error.kind, "SerializationException");
        assert!(validate("NoSuchAction", json!({})).is_err());
    }
}
