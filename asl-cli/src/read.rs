//! Files and the standard input to source files.
//!
//! In: a path as the user wrote it. Out: a [`SourceFile`], or why there is none; and what it says as JSON. Never reads more than a definition may
//! have.

use asl_compiler::json::{Kind, Number, Value};
use asl_compiler::source::{SIZE_LIMIT, SourceFile};
use serde_json::json;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

/// Reads `path`, or the standard input if it is `-`. What the user names is read, whatever it is: a pipe as well.
pub(crate) fn read(path: impl AsRef<Path>) -> Result<SourceFile, String> {
    let path = path.as_ref();
    if path.as_os_str() == "-" {
        return Ok(read_up_to_limit("<stdin>", std::io::stdin().lock())?.of_either_language());
    }
    let name = path.to_string_lossy();
    let file = File::open(path).map_err(|error| reason(&name, &error))?;
    let metadata = file.metadata().map_err(|error| reason(&name, &error))?;
    if metadata.is_dir() {
        return Err(format!("`{name}` is a directory, not a file"));
    }
    if metadata.len() > SIZE_LIMIT as u64 {
        return Ok(SourceFile::too_large(name, metadata.len()).read_from(path));
    }
    Ok(read_up_to_limit(&name, file)?.read_from(path))
}

/// Reads one byte more than is allowed at most: enough to see that it is too much, wherever the bytes come from.
fn read_up_to_limit(name: &str, input: impl Read) -> Result<SourceFile, String> {
    let mut bytes = Vec::new();
    input.take(SIZE_LIMIT as u64 + 1).read_to_end(&mut bytes).map_err(|error| reason(name, &error))?;
    Ok(SourceFile::new(name, bytes))
}

fn reason(path: &str, error: &std::io::Error) -> String {
    if error.kind() == ErrorKind::NotFound {
        format!("no such file: `{path}`")
    } else {
        format!("`{path}` cannot be read: {error}")
    }
}

/// A value without its places.
pub(crate) fn as_json(value: &Value) -> serde_json::Value {
    match &value.kind {
        Kind::Null => serde_json::Value::Null,
        Kind::Bool(value) => json!(value),
        Kind::Number(Number::Int(number)) => json!(number),
        Kind::Number(Number::Uint(number)) => json!(number),
        Kind::Number(Number::Float(number)) => json!(number),
        Kind::String(text) => json!(text.value),
        Kind::Array(elements) => elements.iter().map(as_json).collect(),
        Kind::Object(members) => {
            members.iter().map(|member| (member.name().to_owned(), as_json(&member.value))).collect()
        }
    }
}
