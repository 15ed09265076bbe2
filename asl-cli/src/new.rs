//! `asl new`: a Cargo project around a definition, with a test.
//!
//! In: a name and a template. Out: a folder, which can be taken anywhere: the runtime is a version that is published, or lies in the project.
//! Nothing that is there is overwritten; only a workspace around the project gets one more member.

mod name;
mod workspace;

use crate::answer::{Answers, Format, Outcome};
use crate::program::{Runtime, RuntimeArgument, to_path, write_carried};
use clap::{Args, ValueEnum};
use name::package_name;
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use workspace::{Workspace, relative};

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
        let place = std::path::absolute(path)
            .map_err(|error| format!("`{}` cannot be made: {error}", path.display()))?;
        let mut workspace = Workspace::around(&place);
        let root = workspace.as_ref().map_or(&place, |workspace| &workspace.folder).clone();
        let runtime = Dependency::of(&self.runtime.locate()?, &place, &root);
        let manifest = self.manifest(&name, &runtime.toml);
        let readme = include_str!("new/README.md.txt").replace("{name}", &name) + &runtime.readme;
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
        if let Some(vendored) = runtime.vendored.as_ref().filter(|folder| !folder.exists()) {
            write_carried(vendored)?;
        }
        if let Some(workspace) = &mut workspace {
            let vendored = runtime.vendored.as_ref().map(|folder| relative(folder, &root));
            workspace.join(&relative(&place, &root), vendored.as_deref())?;
        }
        let names: Vec<_> = files.iter().map(|(file, _)| file).collect();
        let joined = workspace.map(|workspace| workspace.folder);
        self.format.print(
            || {
                let member = joined.as_ref().map_or_else(String::new, |folder| {
                    format!("it is a member of the workspace in `{}`\n", folder.display())
                });
                format!(
                    "made `{name}`: go on with `cd {} && cargo test`\n{member}{}\n",
                    path.display(),
                    runtime.said
                )
            },
            || json!({ "name": name, "folder": path, "files": names, "workspace": joined, "runtime": runtime.toml }),
        );
        Ok(Outcome::Fine)
    }
}

/// How the project depends on `asl-runtime`.
#[derive(Debug)]
struct Dependency {
    /// What its manifest says.
    toml: String,
    /// The folder that the sources which this command carries are written to.
    vendored: Option<PathBuf>,
    /// The same for people.
    said: String,
    /// What readers of the project have to know of it.
    readme: String,
}

impl Dependency {
    /// Of a project in a folder, whose workspace has its root in another, or in the same.
    fn of(runtime: &Runtime, project: &Path, root: &Path) -> Self {
        match runtime {
            Runtime::Folder(folder) => Self {
                toml: runtime.to_toml(),
                vendored: None,
                said: format!(
                    "it depends on `asl-runtime` in `{}`, as long as that is there",
                    folder.display()
                ),
                readme: String::new(),
            },
            Runtime::Carried(_) => {
                let vendored = root.join("vendor/asl");
                Self {
                    toml: to_path(&relative(&vendored.join("asl-runtime"), project)),
                    said: format!("it depends on the sources of `asl-runtime` in `{}`", vendored.display()),
                    readme: format!(
                        "\nThe sources of `asl-runtime` are in `{}` and belong to the project.\n",
                        relative(&vendored, project).display()
                    ),
                    vendored: Some(vendored),
                }
            }
            Runtime::Registry => Self {
                toml: runtime.to_toml(),
                vendored: None,
                said: String::from(concat!("it depends on `asl-runtime` ", env!("CARGO_PKG_VERSION"))),
                readme: String::new(),
            },
        }
    }
}

impl Arguments {
    fn manifest(&self, name: &str, runtime: &str) -> String {
        format!(
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
        )
    }
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    written.map_err(|error| format!("`{}` cannot be written: {error}", path.display()))
}
