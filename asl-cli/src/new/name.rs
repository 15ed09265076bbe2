//! What a package may be called.
//!
//! In: the path of a project. Out: the name of its package, or what is wrong with it, before cargo says it about files that are there by then.

use std::path::Path;

/// Words of Rust, which a crate cannot be named after: it could not be written in a program.
const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

/// Names that Rust and cargo have for something else.
const TAKEN: &[&str] =
    &["alloc", "build", "core", "deps", "examples", "incremental", "proc-macro", "proc_macro", "std", "test"];

/// The crates that the package depends on.
const DEPENDENCIES: &[&str] = &["asl-runtime", "asl_runtime", "serde_json", "tokio"];

/// The last part of the path, if a package may be named so.
pub(super) fn package_name(path: &Path) -> Result<String, String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let may_begin = name.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let may_follow = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    let reason = if !may_begin || !name.chars().all(may_follow) {
        "it begins with a letter, and has letters, digits, `-` and `_`"
    } else if KEYWORDS.contains(&name.as_str()) {
        "it is a keyword of Rust"
    } else if TAKEN.contains(&name.as_str()) {
        "Rust has that name for something else"
    } else if DEPENDENCIES.contains(&name.as_str()) {
        "the project depends on a crate with that name"
    } else {
        return Ok(name);
    };
    Err(format!("`{name}` cannot be the name of a package: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_cargo_refuses_are_refused() {
        for (path, name) in [("hello", "hello"), ("a/b-c_9", "b-c_9"), ("matches", "matches")] {
            assert_eq!(package_name(Path::new(path)).as_deref(), Ok(name));
        }
        for name in ["7 dwarfs", "", "..", "é", "match", "gen", "test", "std", "tokio", "asl-runtime", "a.b"]
        {
            let refused = package_name(Path::new(name)).expect_err(name);
            assert!(refused.contains("cannot be the name of a package: "), "{refused}");
        }
    }
}
