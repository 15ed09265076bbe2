//! Values of any type: what they are, whether they count as true, copies of them, and giving up because of them.

use crate::{Arguments, Data, Evaluation, Failure, Result, ValueKind};

super::builtins! {
    EXISTS = exists;
    TYPE = type_of;
    BOOLEAN = boolean;
    NOT = not;
    CLONE = clone;
    ERROR = error;
    ASSERT = assert;
}

fn exists(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    Ok(Data::boolean(!arguments.get(0).is_nothing()))
}

fn type_of(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let value = arguments.get(0);
    let name = match value.kind() {
        ValueKind::Nothing => return Ok(Data::Nothing),
        // So the reference has it, in which these are not numbers.
        ValueKind::Number if value.as_f64().is_some_and(f64::is_nan) => "object",
        ValueKind::Number if value.as_f64().is_some_and(f64::is_infinite) => {
            return Err(Failure::out_of_range());
        }
        ValueKind::Null => "null",
        ValueKind::Boolean => "boolean",
        ValueKind::Number => "number",
        ValueKind::String => "string",
        ValueKind::Array => "array",
        ValueKind::Object => "object",
        ValueKind::Function => "function",
    };
    Ok(Data::text(name))
}

fn boolean(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    Ok(arguments.get(0).truth().map_or(Data::Nothing, Data::boolean))
}

fn not(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    Ok(arguments.get(0).truth().map_or(Data::Nothing, |truth| Data::boolean(!truth)))
}

/// Values are never changed in place, so a copy is the value itself; only functions do not come through.
fn clone(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    Ok(arguments.get(0).to_data().into_json().map_or(Data::Nothing, Data::Value))
}

fn error(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    Err(Failure::new("D3137", message(arguments.text(0), "$error() function evaluated")))
}

fn assert(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    if arguments.boolean(0) == Some(true) {
        return Ok(Data::Nothing);
    }
    Err(Failure::new("D3141", message(arguments.text(1), "$assert() statement failed")))
}

/// An empty message is none.
fn message<'a>(given: Option<&'a str>, default: &'a str) -> &'a str {
    given.filter(|message| !message.is_empty()).unwrap_or(default)
}
