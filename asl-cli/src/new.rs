//! `asl new`: a Cargo project around a definition, with a test.
//!
//! In: a name and a template. Out: a folder. Nothing that is there is overwritten.

use crate::answer::{Answers, Format, Outcome};
use crate::program::RuntimeArgument;
use clap::{Args, ValueEnum};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// Make a new Cargo project around a definition, with a program that runs it and a test
///
/// Exit code: 0 if it is made, 2 if not.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n\
\x20 asl new hello && cd hello && cargo test\n\
\x20 asl new orders --template http-dynamodb")]
pub(crate) struct Arguments {
    /// The folder of the project; its last part is the name of the package
    path: PathBuf,

    /// What the definition shows
    #[arg(long, value_enum, default_value_t = Template::Minimal)]
    template: Template,

    /// How the result is shown
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,

    #[command(flatten)]
    runtime: RuntimeArgument,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Template {
    /// A choice, and no service
    Minimal,
    /// Expressions in JSONata
    Jsonata,
    /// A call of an HTTP API whose answer is stored in a table of DynamoDB
    HttpDynamodb,
}

impl Template {
    /// Its definition, its input, and its tests.
    const fn files(self) -> [(&'static str, &'static str); 4] {
        match self {
            Self::Minimal => [
                ("machine.asl.json", include_str!("new/minimal/machine.asl.json")),
                ("input.json", include_str!("new/minimal/input.json")),
                ("machine.test.json", include_str!("new/minimal/machine.test.json")),
                ("src/tests.rs", include_str!("new/minimal/tests.rs.txt")),
            ],
            Self::Jsonata => [
                ("machine.asl.json", include_str!("new/jsonata/machine.asl.json")),
                ("input.json", include_str!("new/jsonata/input.json")),
                ("machine.test.json", include_str!("new/jsonata/machine.test.json")),
                ("src/tests.rs", include_str!("new/jsonata/tests.rs.txt")),
            ],
            Self::HttpDynamodb => [
                ("machine.asl.json", include_str!("new/http-dynamodb/machine.asl.json")),
                ("input.json", include_str!("new/http-dynamodb/input.json")),
                ("machine.test.json", include_str!("new/http-dynamodb/machine.test.json")),
                ("src/tests.rs", include_str!("new/http-dynamodb/tests.rs.txt")),
            ],
        }
    }

    /// The Cargo features of `asl-runtime`.
    const fn features(self) -> &'static [&'static str] {
        match self {
            Self::Minimal | Self::Jsonata => &["command"],
            Self::HttpDynamodb => &["command", "dynamodb", "http"],
        }
    }
}

impl Answers for Arguments {
    fn format(&self) -> Format {
        self.format
    }

    /// Makes the project.
    fn answer(&self) -> Result<Outcome, String> {
        let path = &self.path;
        let name = package_name(path)?;
        if fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some()) || path.is_file() {
            return Err(format!("`{}` is there already", path.display()));
        }
        let manifest = self.manifest(&name)?;
        let readme = include_str!("new/README.md.txt").replace("{name}", &name);
        let common = [
            ("Cargo.toml", manifest.as_str()),
            ("src/main.rs", include_str!("new/main.rs.txt")),
            ("README.md", readme.as_str()),
            (".gitignore", "/target\n"),
        ];
        let files: Vec<_> = common.into_iter().chain(self.template.files()).collect();
        for (file, text) in &files {
            write(&path.join(file), text)?;
        }
        let names: Vec<_> = files.iter().map(|(file, _)| file).collect();
        self.format.print(
            || format!("made `{name}`: go on with `cd {} && cargo test`\n", path.display()),
            || json!({ "name": name, "folder": path, "files": names }),
        );
        Ok(Outcome::Fine)
    }
}

impl Arguments {
    fn manifest(&self, name: &str) -> Result<String, String> {
        let runtime = self.runtime.locate()?.to_toml();
        Ok(format!(
            r#"[package]
name = "{name}"
version = "0.1.0"
edition = "2024"

[dependencies]
asl-runtime = {{ {runtime}, features = {:?} }}

[dev-dependencies]
serde_json = "1"
tokio = {{ version = "1", features = ["macros", "rt"] }}
"#,
            self.template.features()
        ))
    }
}

/// The last part of the path, if a package may be named so.
fn package_name(path: &Path) -> Result<String, String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let may_begin = name.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let may_stand = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    // The crates that the package depends on have names too.
    if !may_begin
        || !name.chars().all(may_stand)
        || ["asl-runtime", "serde_json", "test", "tokio"].contains(&name.as_str())
    {
        return Err(format!(
            "`{name}` cannot be the name of a package: it begins with a letter, and has letters, digits, `-` and `_`"
        ));
    }
    Ok(name)
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    written.map_err(|error| format!("`{}` cannot be written: {error}", path.display()))
}
