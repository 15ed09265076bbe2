//! The arguments of a program around one machine.

use super::error::{ArgumentError, InputError};
use crate::settings::{Setting, Settings, SettingsError};
use asl_value::{Text, Value};
use lexopt::{Arg, Parser, ValueExt};
use std::ffi::OsString;
use std::path::PathBuf;

/// What a process was asked for.
#[derive(Debug, PartialEq)]
pub(super) enum Asked {
    Execution(Options),
    Help,
    Version,
}

/// How an execution is run.
#[derive(Debug, Default, PartialEq)]
pub struct Options {
    /// Where its input is; without it, on the standard input if that is not a terminal.
    pub input: Option<Input>,
    /// `$$.Execution.Name`
    pub name: Option<Text>,
    /// Where its history goes.
    pub history: Option<PathBuf>,
    /// What goes to the standard error.
    pub log: Log,
    /// For whom all texts are.
    pub format: Format,
    /// The file with the settings of services, in place of `asl.toml`.
    pub config: Option<PathBuf>,
    /// Settings that come before those of the file.
    pub settings: Vec<(Setting, String)>,
}

/// Where an input is.
#[derive(Debug, PartialEq)]
pub enum Input {
    /// It is this text.
    Text(String),
    /// In this file.
    File(PathBuf),
    /// The standard input.
    Pipe,
}

/// What goes to the standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Log {
    /// Every state, every call and every error.
    #[default]
    All,
    /// Errors only.
    Error,
    /// Nothing.
    Off,
}

/// For whom the texts are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Human,
    /// For programs: a JSON object a line.
    Json,
}

/// What `--help` prints.
pub(super) fn help(name: &str, about: &str) -> String {
    let about = if about.is_empty() { "Runs an execution of a state machine." } else { about };
    format!(
        "{about}

Usage: {name} [OPTIONS]

Options:
  -i, --input <JSON>         The input: JSON, `@FILE`, or `-` for the standard input [default: the standard input, or
                             `{{}}` if that is a terminal or empty]
      --name <NAME>          The name of the execution [default: a new one]
      --history <FILE>       Write the history of the execution to a file, as `GetExecutionHistory` has it
      --config <FILE>        The settings of what tasks call [default: `asl.toml`, if there is one here]
      --connection <ARN=FILE>
                             The EventBridge connection of HTTP tasks; may be repeated, as all that follow
      --endpoint <SERVICE=URL>
                             Call a service elsewhere; with `https://host` for SERVICE, the requests of HTTP tasks
      --lambda <FUNCTION=COMMAND|URL>
                             Let a command or a URL do the work of a Lambda function
      --bucket <NAME=FOLDER> Let a folder stand for a bucket of S3
      --log <WHAT>           What goes to the standard error [default: all] [possible values: all, error, off]
  -q, --quiet                The same as `--log off`
      --format <FORMAT>      For whom the texts are [default: human] [possible values: human, json]
  -h, --help                 Print help
  -V, --version              Print version

The output goes to the standard output. Services of AWS are found as every AWS SDK finds them: `AWS_REGION`,
`AWS_ENDPOINT_URL`, `AWS_PROFILE` and so on.

Exit code: 0 if the execution succeeded, 1 if it failed, 2 if it could not be started, 3 if it timed out, 130 if it was
stopped.
"
    )
}

pub(super) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Asked, ArgumentError> {
    let mut parser = Parser::from_args(arguments);
    let mut options = Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(Asked::Help),
            Arg::Short('V') | Arg::Long("version") => return Ok(Asked::Version),
            Arg::Short('q') | Arg::Long("quiet") => options.log = Log::Off,
            Arg::Short('i') => options.set("input", &mut parser)?,
            Arg::Long(name) => {
                let name = name.to_owned();
                options.set(&name, &mut parser)?;
            }
            Arg::Short(_) | Arg::Value(_) => return Err(argument.unexpected().into()),
        }
    }
    Ok(Asked::Execution(options))
}

impl Options {
    /// Takes options as a program around one machine takes them.
    ///
    /// # Errors
    /// One of them makes no sense.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, ArgumentError> {
        match parse(arguments)? {
            Asked::Execution(options) => Ok(options),
            Asked::Help | Asked::Version => Ok(Self::default()),
        }
    }

    /// Reads the input; it is `{}` where no option says what it is.
    ///
    /// # Errors
    /// It is not JSON, or cannot be read.
    pub fn read_input(&self) -> Result<Value, InputError> {
        super::input::read(self.input.as_ref())
    }

    /// What tasks need of the world around them: the settings of the file, and those that come before them.
    ///
    /// # Errors
    /// The file cannot be read or makes no sense, or an option does not.
    pub fn settings(&self) -> Result<Settings, SettingsError> {
        let mut settings = Settings::read(self.config.as_deref())?;
        for (setting, text) in &self.settings {
            settings.set(*setting, text)?;
        }
        Ok(settings)
    }

    /// Sets the option of this name to the argument that follows.
    fn set(&mut self, name: &str, parser: &mut Parser) -> Result<(), ArgumentError> {
        let known = ["input", "name", "history", "config", "log", "format"];
        if !known.contains(&name) && Setting::of_option(name).is_none() {
            return Err(ArgumentError::Unknown(name.to_owned()));
        }
        let value = parser.value()?;
        match name {
            "history" => self.history = Some(value.into()),
            "config" => self.config = Some(value.into()),
            _ => self.set_text(name, value.string()?)?,
        }
        Ok(())
    }

    fn set_text(&mut self, name: &str, value: String) -> Result<(), ArgumentError> {
        match name {
            "input" => self.set_input(Input::of(value))?,
            "name" => self.name = Some(execution_name(&value)?),
            name if let Some(setting) = Setting::of_option(name) => {
                // Whether it makes sense is said at once.
                Settings::default().set(setting, &value)?;
                self.settings.push((setting, value));
            }
            "log" => self.log = log(&value)?,
            _ => self.format = format(&value)?,
        }
        Ok(())
    }

    fn set_input(&mut self, input: Input) -> Result<(), ArgumentError> {
        match self.input.replace(input) {
            None => Ok(()),
            Some(_) => Err(ArgumentError::Inputs),
        }
    }
}

/// The names that AWS allows.
fn execution_name(name: &str) -> Result<Text, ArgumentError> {
    let forbidden = |letter: char| {
        letter.is_whitespace() || letter.is_control() || "<>{}[]?*\"#%\\^|~`$&,;:/".contains(letter)
    };
    if name.is_empty() || name.chars().count() > 80 || name.contains(forbidden) {
        return Err(ArgumentError::Name(name.to_owned()));
    }
    Ok(name.into())
}

fn log(text: &str) -> Result<Log, ArgumentError> {
    match text {
        "all" => Ok(Log::All),
        "error" => Ok(Log::Error),
        "off" => Ok(Log::Off),
        _ => Err(ArgumentError::Value { found: text.to_owned(), known: &["all", "error", "off"] }),
    }
}

fn format(text: &str) -> Result<Format, ArgumentError> {
    match text {
        "human" | "text" => Ok(Format::Human),
        "json" => Ok(Format::Json),
        _ => Err(ArgumentError::Value { found: text.to_owned(), known: &["human", "json"] }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Asked, String> {
        parse(arguments.iter().map(OsString::from)).map_err(String::from)
    }

    #[test]
    fn options_are_taken_as_they_are_written() {
        let options = Options {
            input: Some(Input::Pipe),
            name: Some("order-7".into()),
            history: Some("h.json".into()),
            log: Log::Error,
            format: Format::Json,
            config: Some("x.toml".into()),
            settings: vec![(Setting::Bucket, "data=a=b".to_owned())],
        };
        let arguments = [
            "-i-",
            "--name=order-7",
            "--history",
            "h.json",
            "--log",
            "error",
            "--format=json",
            "--config=x.toml",
            "--bucket",
            "data=a=b",
        ];
        assert_eq!(parsed(&arguments), Ok(Asked::Execution(options)));
        assert_eq!(parsed(&[]), Ok(Asked::Execution(Options::default())));
        assert_eq!(parsed(&["--quiet", "-h"]), Ok(Asked::Help));
    }

    #[test]
    fn what_makes_no_sense_is_said() {
        for (arguments, reason) in [
            (&["--inptu", "x"][..], "there is no option `--inptu`"),
            (&["machine.json"], "unexpected argument \"machine.json\""),
            (&["--input"], "missing argument for option '--input'"),
            (&["--input", "@a", "--input", "1"], "there is more than one input"),
            (&["--log", "much"], "`much` is not one of `all`, `error`, `off`"),
            (&["--bucket", "data"], "`data` is not a value of `--bucket`, which is `NAME=FOLDER`"),
        ] {
            assert_eq!(parsed(arguments), Err(reason.to_owned()));
        }
        assert!(parsed(&["--name", "a b"]).is_err());
        assert!(parsed(&["--name", &"é".repeat(81)]).is_err());
    }
}
