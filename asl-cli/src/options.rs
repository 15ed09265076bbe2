//! The arguments that decide how a definition is compiled.
//!
//! In: arguments as text, and what `asl.toml` says. Out: the compiler's [`Options`].

use crate::read::read;
use asl_compiler::code::Code;
use asl_compiler::shape::{Shape, schema};
use asl_compiler::suggest::closest;
use asl_compiler::{HttpResult, MachineType, Options, Profile, Substitution};
use asl_runtime::settings::{FILE, Given, Settings, TestFolders};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// Arguments that all commands share that compile.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "How definitions are compiled")]
pub(crate) struct CompileArguments {
    /// Where the machine has to be accepted: what only AWS refuses is a warning, or with `aws` an error [default: local]
    #[arg(long, value_enum)]
    profile: Option<ProfileArgument>,

    /// What an `http:invoke` task results in: the whole answer with its status, or only its body [default: envelope]
    #[arg(long, value_enum)]
    http_result: Option<HttpResultArgument>,

    /// What kind of workflow the machine is on AWS: an Express one has no `.sync`, no callbacks and no activities [default: standard]
    #[arg(long, value_enum)]
    machine_type: Option<MachineTypeArgument>,

    /// Switch off the warning with this code; may be repeated
    #[arg(long, value_name = "CODE", value_parser = parse_allowed)]
    allow: Vec<Code>,

    /// Switch on the warning with this code, one of those that are given only on request; may be repeated
    #[arg(long, value_name = "CODE", value_parser = parse_requested)]
    warn: Vec<Code>,

    /// Put a value in place of `${NAME}`: JSON if it can be read as JSON, else a string; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_substitution)]
    substitute: Vec<Substitution>,

    /// A JSON Schema (2020-12) of the input of executions: paths into it are checked as well
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
}

impl CompileArguments {
    /// The same for the compiler, where the definitions are in this folder or nowhere.
    pub(crate) fn options(&self) -> Result<Options, String> {
        self.options_in(Path::new(""), None)
    }

    /// The file that describes the input, if an option says so.
    pub(crate) fn schema(&self) -> Option<&Path> {
        self.schema.as_deref()
    }

    /// The same for the compiler and for this definition, or a folder of some.
    pub(crate) fn options_of(&self, path: &Path) -> Result<Options, String> {
        self.options_in(folder_of(path), None)
    }

    /// The file that describes the input of a definition: the one of an option, or of `asl.toml`.
    pub(crate) fn schema_of(&self, path: &Path) -> Option<PathBuf> {
        self.schema.clone().or_else(|| Settings::of_definitions(folder_of(path)).ok()?.input)
    }

    /// Where the tests of the definitions of a folder are, if they are not beside them.
    pub(crate) fn test_folders(path: &Path) -> Option<TestFolders> {
        Settings::of_definitions(folder_of(path)).ok()?.tests
    }

    /// The same, where the input is described already.
    pub(crate) fn options_with(&self, path: &Path, input: Option<&Shape>) -> Result<Options, String> {
        self.options_in(folder_of(path), input)
    }

    /// What is not an option is what the `asl.toml` of the folder says, or one around it.
    fn options_in(&self, folder: &Path, described: Option<&Shape>) -> Result<Options, String> {
        let said = Settings::of_definitions(folder).map_err(|error| error.to_string())?;
        let profile = self.profile.map(Ok).or_else(|| word(said.profile.as_deref())).transpose()?;
        let http_result =
            self.http_result.map(Ok).or_else(|| word(said.http_result.as_deref())).transpose()?;
        let machine_type =
            self.machine_type.map(Ok).or_else(|| word(said.machine_type.as_deref())).transpose()?;
        let allowed = said.allow.iter().map(|code| {
            parse_allowed(code).map_err(|reason| format!("`allow` of `{FILE}`: `{code}`: {reason}"))
        });
        let requested = said.warn.iter().map(|code| {
            parse_requested(code).map_err(|reason| format!("`warn` of `{FILE}`: `{code}`: {reason}"))
        });
        let given = said.substitutions.iter().map(|(name, given)| match given {
            Given::Text(text) => Substitution::string(name, text),
            Given::Value(value) => Substitution::parse(name, value),
        });
        Ok(Options {
            profile: match profile {
                Some(ProfileArgument::Local) | None => Profile::Local,
                Some(ProfileArgument::Aws) => Profile::Aws,
            },
            http_result: match http_result {
                Some(HttpResultArgument::Envelope) | None => HttpResult::Envelope,
                Some(HttpResultArgument::Body) => HttpResult::Body,
            },
            machine_type: match machine_type {
                Some(MachineTypeArgument::Standard) | None => MachineType::Standard,
                Some(MachineTypeArgument::Express) => MachineType::Express,
            },
            allow: self.allow.iter().copied().map(Ok).chain(allowed).collect::<Result<_, _>>()?,
            warn: self.warn.iter().copied().map(Ok).chain(requested).collect::<Result<_, _>>()?,
            // The last of a name counts.
            substitutions: given.chain(self.substitute.iter().cloned()).collect(),
            input: match (described, self.schema.as_ref().or(said.input.as_ref())) {
                (Some(shape), _) => shape.clone(),
                (None, Some(schema)) => input(schema)?,
                (None, None) => Shape::UNKNOWN,
            },
            ..Options::default()
        })
    }
}

/// The folder that a path is, or is in.
fn folder_of(path: &Path) -> &Path {
    if path.is_dir() { path } else { path.parent().unwrap_or(Path::new("")) }
}

/// A word of `asl.toml`, which was read as one that there is.
fn word<T: ValueEnum>(word: Option<&str>) -> Option<Result<T, String>> {
    word.map(|word| T::from_str(word, false))
}

/// The shape of the input that a schema describes.
fn input(schema: &Path) -> Result<Shape, String> {
    let source = read(schema)?;
    let found = schema::read(&source);
    match found.diagnostics.first() {
        Some(fault) => Err(format!("`{}` is not a JSON Schema: {}", schema.display(), fault.message)),
        None => Ok(found.shape),
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ProfileArgument {
    /// In a separate program
    Local,
    /// On AWS as well
    Aws,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum HttpResultArgument {
    /// `Headers`, `ResponseBody`, `StatusCode` and `StatusText`, as on AWS
    Envelope,
    /// `ResponseBody` only
    Body,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum MachineTypeArgument {
    /// Up to a year, with a history
    Standard,
    /// Up to five minutes
    Express,
}

/// The code named `name`, with or without the `asl::` that messages put before it.
pub(crate) fn parse_code(name: &str) -> Result<Code, String> {
    let name = name.strip_prefix("asl::").unwrap_or(name);
    if let Some(code) = Code::ALL.iter().find(|code| code.as_str() == name) {
        return Ok(*code);
    }
    let codes = Code::ALL.iter().map(|code| code.as_str());
    Err(match closest(name, codes) {
        Some(code) => format!("there is no such code; did you mean `{code}`?"),
        None => "there is no such code; `asl explain` lists all of them".to_owned(),
    })
}

/// The code that is to be switched off.
fn parse_allowed(name: &str) -> Result<Code, String> {
    let code = parse_code(name)?;
    if code.can_be_allowed() {
        Ok(code)
    } else {
        Err("it is an error, and errors cannot be switched off".to_owned())
    }
}

/// The code that is to be switched on.
fn parse_requested(name: &str) -> Result<Code, String> {
    let code = parse_code(name)?;
    if code.is_on_request() { Ok(code) } else { Err("it is reported anyway".to_owned()) }
}

fn parse_substitution(argument: &str) -> Result<Substitution, String> {
    match argument.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok(Substitution::parse(name, value)),
        _ => Err("expected a name and a value, such as `Table=orders`".to_owned()),
    }
}
