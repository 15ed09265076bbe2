//! JSON as options take it.
//!
//! In: JSON itself, `@FILE`, or `-` for the standard input. Out: the text, or the value.

use crate::read::read;
use asl_compiler::code::Code;
use asl_compiler::source::SIZE_LIMIT;
use serde_json::Value;
use std::path::Path;

/// The text of what an option takes.
pub(crate) fn text(argument: &str) -> Result<String, String> {
    match argument.strip_prefix('@') {
        Some(file) => of_file(file),
        None if argument == "-" => of_file("-"),
        None => Ok(argument.to_owned()),
    }
}

fn of_file(file: &str) -> Result<String, String> {
    let source = read(file)?;
    match source.fault() {
        None => Ok(source.text().to_owned()),
        Some(fault) if fault.code == Code::FileTooLarge => {
            Err(format!("`{}` has more than {SIZE_LIMIT} bytes", source.name()))
        }
        Some(fault) => Err(format!("`{}` cannot be read: {}", source.name(), fault.message)),
    }
}

/// The value that an option takes.
pub(crate) fn json(argument: &str) -> Result<Value, String> {
    serde_json::from_str(&text(argument)?).map_err(|error| {
        let meant =
            if Path::new(argument).is_file() { "; a file is named with an `@` before it" } else { "" };
        format!("`{argument}` is not JSON: {error}{meant}")
    })
}

/// The file that an option names, if it names one.
pub(crate) fn file(argument: &str) -> Option<&str> {
    if argument == "-" { Some(argument) } else { argument.strip_prefix('@') }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_a_text_is_said_to_be_none() {
        let folder = std::env::temp_dir().join(format!("asl-input-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let read = |name: &str, bytes: &[u8]| {
            let path = folder.join(name);
            std::fs::write(&path, bytes).unwrap();
            text(&format!("@{}", path.display()))
                .map_err(|reason| reason.replace(&*folder.to_string_lossy(), ""))
        };
        assert_eq!(read("fine", b"[1]"), Ok(String::from("[1]")));
        assert_eq!(
            read("large", &vec![b' '; SIZE_LIMIT + 1]),
            Err(String::from("`/large` has more than 8388608 bytes"))
        );
        let reason = read("bytes", b"\"\xff\"").unwrap_err();
        assert!(reason.starts_with("`/bytes` cannot be read: "), "{reason}");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
