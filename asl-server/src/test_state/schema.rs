//! A mocked result against what the action gives by the model of its API.

use asl_compiler::services::{Call, Kind, Pattern, Shape};
use asl_value::Value;

/// The first thing that is not as the model says. What the model does not know is not looked at.
pub(super) fn check(result: &Value, resource: &str, is_complete: bool) -> Result<(), String> {
    let Some(call) = Call::of(resource) else { return Ok(()) };
    let checked = Check { is_complete, is_job: call.pattern() != Pattern::RequestResponse };
    checked.value(result, &call.result(), "result")
}

/// How results are checked.
struct Check {
    /// What must be there has to be there.
    is_complete: bool,
    /// It is the end of a job, in which moments may be numbers.
    is_job: bool,
}

impl Check {
    fn value(&self, value: &Value, shape: &Shape, name: &str) -> Result<(), String> {
        let must_be = |is_one: bool, what: &str| {
            if is_one { Ok(()) } else { Err(format!("Field '{name}' must be {what}")) }
        };
        let (is_text, is_number) = (value.as_str().is_some(), value.as_number().is_some());
        match shape.kind() {
            Kind::Any => Ok(()),
            Kind::String | Kind::Blob | Kind::Enum => must_be(is_text, "a string"),
            Kind::Timestamp => must_be(is_text || self.is_job && is_number, "a string"),
            Kind::Integer | Kind::Number => must_be(is_number, "a number"),
            Kind::Boolean => must_be(value.as_bool().is_some(), "a boolean"),
            Kind::List => match value.as_array() {
                None => must_be(false, "an array"),
                Some(elements) => elements.iter().try_for_each(|element| self.part(element, shape, name)),
            },
            Kind::Map => match value.as_object() {
                None => must_be(false, "an object"),
                Some(fields) => fields.iter().try_for_each(|(key, value)| self.part(value, shape, key)),
            },
            Kind::Structure | Kind::Union => match value.as_object() {
                None => must_be(false, "an object"),
                Some(_) => self.members(value, shape),
            },
        }
    }

    fn part(&self, value: &Value, whole: &Shape, name: &str) -> Result<(), String> {
        whole.element().map_or(Ok(()), |shape| self.value(value, &shape, name))
    }

    fn members(&self, value: &Value, shape: &Shape) -> Result<(), String> {
        let members = shape.members();
        let is_missing = |name: &str| value.get(name).is_none();
        let missing =
            members.iter().find(|member| self.is_complete && member.required && is_missing(&member.name));
        if let Some(member) = missing {
            return Err(format!("Required field '{}' is missing", member.name));
        }
        for member in members {
            if let Some(value) = value.get(&member.name).filter(|value| !value.is_null()) {
                self.value(value, &member.shape, &member.name)?;
            }
        }
        Ok(())
    }
}
