//! The arguments that decide how a definition is compiled.
//!
//! In: arguments as text. Out: the compiler's [`Options`].

use asl_compiler::code::Code;
use asl_compiler::suggest::closest;
use asl_compiler::{HttpResult, MachineType, Options, Profile, Substitution};
use clap::{Args, ValueEnum};

/// Arguments that all commands share that compile.
#[derive(Debug, Args)]
#[command(next_help_heading = "How definitions are compiled")]
pub(crate) struct CompileArguments {
    /// Where the machine has to be accepted: what only AWS refuses is a warning, or with `aws` an error
    #[arg(long, value_enum, default_value_t = ProfileArgument::Local)]
    profile: ProfileArgument,

    /// What an `http:invoke` task results in: the whole answer with its status, or only its body
    #[arg(long, value_enum, default_value_t = HttpResultArgument::Envelope)]
    http_result: HttpResultArgument,

    /// What kind of workflow the machine is on AWS: an Express one has no `.sync`, no callbacks and no activities
    #[arg(long, value_enum, default_value_t = MachineTypeArgument::Standard)]
    machine_type: MachineTypeArgument,

    /// Switch off the warning with this code; may be repeated
    #[arg(long, value_name = "CODE", value_parser = parse_allowed)]
    allow: Vec<Code>,

    /// Put a value in place of `${NAME}`: JSON if it can be read as JSON, else a string; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_substitution)]
    substitute: Vec<Substitution>,
}

impl CompileArguments {
    /// The same for the compiler.
    pub(crate) fn options(&self) -> Options {
        Options {
            profile: match self.profile {
                ProfileArgument::Local => Profile::Local,
                ProfileArgument::Aws => Profile::Aws,
            },
            http_result: match self.http_result {
                HttpResultArgument::Envelope => HttpResult::Envelope,
                HttpResultArgument::Body => HttpResult::Body,
            },
            machine_type: match self.machine_type {
                MachineTypeArgument::Standard => MachineType::Standard,
                MachineTypeArgument::Express => MachineType::Express,
            },
            allow: self.allow.clone(),
            substitutions: self.substitute.clone(),
            ..Options::default()
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ProfileArgument {
    /// In a program of its own
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

fn parse_substitution(argument: &str) -> Result<Substitution, String> {
    match argument.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok(Substitution::parse(name, value)),
        _ => Err("expected a name and a value, such as `Table=orders`".to_owned()),
    }
}
