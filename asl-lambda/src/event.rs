//! What an event asks for.

use asl_runtime::{Text, Value};

/// An execution that is to be run.
#[derive(Debug, PartialEq)]
pub(crate) struct Request {
    pub(crate) input: Value,
    /// `$$.Execution.Name`, if the event says it.
    pub(crate) name: Option<Text>,
}

impl Request {
    /// The event is the input, unless it is an object of exactly two fields, `input` and a text `name`: then these are what they say.
    pub(crate) fn of(event: Value) -> Self {
        named(&event).unwrap_or(Self { input: event, name: None })
    }
}

fn named(event: &Value) -> Option<Request> {
    let Value::Object(fields) = event else { return None };
    let Value::String(name) = fields.get("name").filter(|_| fields.len() == 2)? else { return None };
    Some(Request { input: fields.get("input")?.clone(), name: Some(name.clone()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_the_input_or_says_what_the_input_is() {
        for (event, input, name) in [
            ("7", "7", None),
            (r#"{"input":7}"#, r#"{"input":7}"#, None),
            (r#"{"input":7,"name":"first"}"#, "7", Some("first")),
            (r#"{"name":"first","input":{"a":1}}"#, r#"{"a":1}"#, Some("first")),
            (r#"{"input":7,"name":8}"#, r#"{"input":7,"name":8}"#, None),
            (r#"{"input":7,"name":"x","more":1}"#, r#"{"input":7,"name":"x","more":1}"#, None),
        ] {
            let json = |text| Value::from_json(text).unwrap();
            let expected = Request { input: json(input), name: name.map(Text::from) };
            assert_eq!(Request::of(json(event)), expected, "{event}");
        }
    }
}
