//! What a value is: `$exists`, `$type`.

use super::super::{Arguments, Data, Evaluation, Kind, Result};

super::builtins! {
    EXISTS = exists, "exists", "<x:b>", 1;
    TYPE = type_of, "type", "<x:s>", 1;
}

fn exists(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    Ok(Data::boolean(!arguments.get(0).is_nothing()))
}

fn type_of(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let name = match arguments.get(0).kind() {
        Kind::Nothing => return Ok(Data::Nothing),
        Kind::Null => "null",
        Kind::Boolean => "boolean",
        Kind::Number => "number",
        Kind::String => "string",
        Kind::Array => "array",
        Kind::Object => "object",
        Kind::Function => "function",
    };
    Ok(Data::text(name))
}
