//! Programs around compiled code: written, built with cargo, and kept in a cache.
//!
//! In: the texts of a program and of its modules, and the Cargo features of `asl-runtime` that they need. Out: the path of an executable.
//! It is found again as long as neither the texts nor the runtime have changed, without a call of cargo. Programs that answer requests
//! are [`Served`].

mod cache;
mod cargo;
mod runtime;
mod served;
mod sum;

pub(crate) use cache::{Emptied, empty, root};
pub(crate) use cargo::BuildError;
pub(crate) use runtime::RuntimeArgument;
pub(crate) use served::{Served, WorkerArguments};

use cache::Cache;
use proc_macro2::{Literal, TokenStream};
use runtime::Runtime;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The texts of a program, and how it is built.
#[derive(Clone, Debug, Hash)]
pub(crate) struct Program {
    name: &'static str,
    main: String,
    modules: Vec<String>,
    features: BTreeSet<&'static str>,
    optimisation: Optimisation,
}

/// How much time the building of a program takes, and its running.
#[derive(Clone, Copy, Debug, Default, Hash, PartialEq, Eq)]
pub(crate) enum Optimisation {
    /// It is built to be run for a moment.
    #[default]
    None,
    /// It is built to be kept.
    Full,
}

/// The name of a module, which is that of its file too.
pub(crate) fn module_name(number: usize) -> String {
    format!("file_{number}")
}

impl Program {
    /// A program for the command of this name: `main.rs`, and the code of its modules. Each of these is a file, and their numbers are
    /// those in [`module_name`].
    pub(crate) fn new(name: &'static str, main: String, modules: Vec<String>) -> Self {
        Self { name, main, modules, features: BTreeSet::new(), optimisation: Optimisation::default() }
    }

    /// Switches on Cargo features of `asl-runtime`.
    pub(crate) fn features(mut self, features: impl IntoIterator<Item = &'static str>) -> Self {
        self.features.extend(features);
        self
    }

    /// Sets how much the compiler tries.
    pub(crate) fn optimisation(mut self, optimisation: Optimisation) -> Self {
        self.optimisation = optimisation;
        self
    }

    /// Builds the program, or finds it built.
    pub(crate) fn build(&self, runtime: &RuntimeArgument) -> Result<PathBuf, BuildError> {
        let runtime = runtime.locate().map_err(BuildError::Files)?;
        let cache = Cache::open(&runtime).map_err(BuildError::Files)?;
        let kept = cache.executable(self.name, &(self, runtime.state()));
        if cache::is_kept(&kept) {
            return Ok(kept);
        }
        let lock = cache.lock().map_err(BuildError::Files)?;
        // Another process may have built it in the meantime.
        if !cache::is_kept(&kept) {
            let folder = cache.folder.join(self.name);
            self.write(&folder, &runtime).map_err(BuildError::Files)?;
            let built = cargo::build(&folder, &cache.folder.join("target"), self.name, self.optimisation)?;
            cache.keep(&built, &kept).map_err(BuildError::Files)?;
        }
        drop(lock);
        Ok(kept)
    }

    fn write(&self, folder: &std::path::Path, runtime: &Runtime) -> Result<(), String> {
        cache::write(&folder.join("Cargo.toml"), &self.manifest(runtime))?;
        cache::write(&folder.join("src/main.rs"), &self.main)?;
        for (number, module) in self.modules.iter().enumerate() {
            cache::write(&folder.join(format!("src/{}.rs", module_name(number))), module)?;
        }
        match runtime.lock_file() {
            // The dependencies that the command itself was built with.
            Some(text) if !folder.join("Cargo.lock").exists() => {
                cache::write(&folder.join("Cargo.lock"), &text)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Debug information would only cost time. So would optimisation where a machine runs for a moment.
    fn manifest(&self, runtime: &Runtime) -> String {
        let (name, features) = (self.name, Vec::from_iter(&self.features));
        let runtime = runtime.to_toml();
        format!(
            r#"[package]
name = "{name}"
version = "0.0.0"
edition = "2024"
publish = false

[dependencies]
asl-runtime = {{ {runtime}, features = {features:?} }}
tokio = {{ version = "1", default-features = false, features = ["rt"] }}

[workspace]

[profile.dev]
debug = false
opt-level = 0
incremental = false

[profile.release]
strip = true
"#
        )
    }
}

/// A text as a literal of Rust: the one way into texts of programs that are not made of tokens.
pub(crate) fn literal(text: &str) -> String {
    Literal::string(text).to_string()
}

/// Generated code as text that a person can read.
pub(crate) fn to_text(tokens: TokenStream) -> Result<String, String> {
    match syn::parse2(tokens) {
        Ok(file) => Ok(prettyplease::unparse(&file)),
        Err(error) => {
            Err(format!("the generated code is not Rust, which is a fault of the compiler: {error}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use asl_compiler::source::SourceFile;
    use asl_compiler::{Module, Options, compile};
    use proc_macro2::TokenTree;
    use serde_json::{Map, Value, json};

    /// Every character that is a control, a mark of direction or nothing that one sees, and what ends comments and literals.
    fn pieces() -> Vec<String> {
        let ranges =
            [0..=0x1f, 0x7f..=0xa0, 0x2000..=0x200f, 0x2028..=0x202f, 0x205f..=0x206f, 0xfff9..=0xffff];
        let others = [0xad, 0x34f, 0x600, 0x61c, 0x180e, 0x301, 0xd7ff, 0xe000, 0xfeff, 0xe0001, 0x10_ffff];
        let characters = ranges.into_iter().flatten().chain(others).filter_map(char::from_u32);
        let texts = [
            "\r\n",
            "a\rb",
            "*/",
            "/*",
            "//",
            "///",
            "/**/",
            "\\",
            "\\\\",
            "\\u",
            "\\u{0}",
            "\"",
            "\"#",
            "'",
            "`",
            "```",
            "{",
            "}",
            "{}",
            "#",
            "#!",
            "r#",
            "$x",
            "!",
            "0",
            "_",
            "__",
            "crate",
            "self",
            "\u{5d0}\u{202e}*/",
        ];
        characters.map(String::from).chain(texts.map(str::to_owned)).collect()
    }

    /// A definition that has a text in names, comments, keys, constants, paths and expressions.
    fn definition(pieces: &[String]) -> Value {
        let mut states = Map::new();
        for (number, piece) in pieces.iter().enumerate() {
            let (next, name) = (format!("J{number}{piece}"), format!("P{number}{piece}"));
            let after = pieces.get(number + 1).map(|piece| format!("P{}{piece}", number + 1));
            let path = format!("$['{}']", piece.replace(['\\', '\''], ""));
            let expression = format!("{{% $states.input.`{}` %}}", piece.replace('`', ""));
            states.insert(
                name,
                json!({ "Type": "Pass", "Comment": piece, "Parameters": { piece: piece, "x.$": path }, "ResultPath": null, "Next": next }),
            );
            let output = json!({ piece: expression, "text": piece });
            let mut state =
                json!({ "Type": "Pass", "QueryLanguage": "JSONata", "Comment": piece, "Output": output });
            match after {
                Some(after) => state["Next"] = after.into(),
                None => state["End"] = true.into(),
            }
            states.insert(next, state);
        }
        let start = format!("P0{}", pieces.first().map_or("", String::as_str));
        json!({ "Comment": pieces.concat(), "StartAt": start, "States": states })
    }

    #[test]
    fn every_text_of_the_user_comes_through_generated_code() {
        let pieces = pieces();
        let sets = pieces.iter().map(std::slice::from_ref).chain([pieces.as_slice()]);
        for pieces in sets {
            let name = format!("{}.asl.json", pieces.concat());
            let source = SourceFile::new(name.as_str(), definition(pieces).to_string());
            let options = Options { ignore_data: true, ..Options::default() };
            let found = compile(&source, &options, &Module::of_file(source.name()));
            let Some(tokens) = found.tokens else { panic!("{pieces:?}: {:?}", found.diagnostics) };
            let text = to_text(tokens.clone()).expect("Rust");
            let read: TokenStream = text.parse().unwrap_or_else(|error| panic!("{pieces:?}: {error}"));
            assert_eq!(literals(read), literals(tokens), "{pieces:?}");
            // A mark on the letter before it is seen.
            let hidden = |c: &char| !"\n\"'\\".contains(*c) && format!("a{c}").escape_debug().count() > 2;
            let hidden: Vec<_> = text.chars().filter(hidden).collect();
            assert_eq!(hidden, [] as [char; 0], "{pieces:?}");
        }
    }

    /// The literals of code, but for those of comments, which lose blanks.
    fn literals(tokens: TokenStream) -> Vec<String> {
        let mut found = Vec::new();
        for token in tokens {
            match token {
                TokenTree::Group(group) if group.stream().to_string().starts_with("doc =") => {}
                TokenTree::Group(group) => found.extend(literals(group.stream())),
                TokenTree::Literal(literal) => found.push(literal.to_string()),
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
        found
    }
}
