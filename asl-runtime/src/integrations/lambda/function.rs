//! Functions that are not on AWS: a command of this machine, or a URL.
//!
//! In: how a function was given (`./charge.py`, `http://127.0.0.1:9000`). Out: what is started or called for it.

use super::name::Name;
use std::fmt::{Display, Formatter};
use std::path::{Path, PathBuf};
use std::{error, fmt, io};

/// A Lambda function on this machine, or behind a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    pub(super) place: FunctionPlace,
}

/// Why a text is not a function.
#[derive(Debug)]
#[non_exhaustive]
pub enum FunctionError {
    /// There is neither a command nor a URL.
    Empty,
    /// There is no such file.
    Missing(PathBuf),
    /// The system does not say where a file is.
    Unreachable {
        /// The file.
        file: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The name of the file is not Unicode.
    NotText(PathBuf),
}

impl Display for FunctionError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("a command or a URL is expected"),
            Self::Missing(file) => write!(formatter, "no such file: `{}`", file.display()),
            Self::Unreachable { file, error } => write!(formatter, "`{}`: {error}", file.display()),
            Self::NotText(file) => write!(formatter, "`{}` is not text", file.display()),
        }
    }
}

impl error::Error for FunctionError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Unreachable { error, .. } => Some(error),
            Self::Empty | Self::Missing(_) | Self::NotText(_) => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FunctionPlace {
    /// Is started for each call: the payload on its standard input, the result on its standard output.
    Command { program: PathBuf, arguments: Vec<String>, folder: PathBuf },
    /// Is called by `POST`.
    Url(String),
}

impl Function {
    /// A URL with `http://` or `https://`, or a command: a program or a script and its arguments, with spaces between them. A script that is
    /// not executable is started with the interpreter of its file extension: `.py`, `.js`, `.mjs`, `.cjs`, `.rb` or `.sh`. Paths are relative to `folder`,
    /// and commands run in it.
    ///
    /// # Errors
    /// There is no such file.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, FunctionError> {
        let text = text.trim();
        if text.starts_with("http://") || text.starts_with("https://") {
            return Ok(Self { place: FunctionPlace::Url(text.trim_end_matches('/').to_owned()) });
        }
        let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let mut words =
            if here.join(text).is_file() { vec![text] } else { text.split_whitespace().collect() };
        if words.is_empty() {
            return Err(FunctionError::Empty);
        }
        let program = words.remove(0);
        let file = here.join(program);
        // A name without a folder is looked for where commands are, unless it is a file here.
        if !file.is_file() {
            return if program.contains(['/', '\\']) {
                Err(FunctionError::Missing(folder.join(program)))
            } else {
                Ok(Self::command(program.into(), words, here))
            };
        }
        let file = std::path::absolute(&file)
            .map_err(|error| FunctionError::Unreachable { file: file.clone(), error })?;
        match interpreter(&file).filter(|_| !is_executable(&file)) {
            None => Ok(Self::command(file, words, here)),
            Some(interpreter) => {
                let script = file.to_str().ok_or_else(|| FunctionError::NotText(file.clone()))?;
                words.insert(0, script);
                Ok(Self::command(interpreter.into(), words, here))
            }
        }
    }

    fn command(program: PathBuf, arguments: Vec<&str>, folder: &Path) -> Self {
        let arguments = arguments.into_iter().map(str::to_owned).collect();
        Self { place: FunctionPlace::Command { program, arguments, folder: folder.to_owned() } }
    }
}

impl FunctionPlace {
    /// Where a function behind a URL is called: the URL as it is, or if that is a server alone, where Lambda's API has the function.
    pub(super) fn address(url: &str, name: &Name<'_>) -> String {
        let has_path = url.split_once("://").is_some_and(|(_, rest)| rest.contains(['/', '?']));
        if has_path {
            url.to_owned()
        } else {
            format!("{url}/2015-03-31/functions/{}/invocations", name.function())
        }
    }
}

/// What scripts with this ending are started with.
fn interpreter(file: &Path) -> Option<&'static str> {
    match file.extension()?.to_str()? {
        "py" => Some("python3"),
        "js" | "mjs" | "cjs" => Some("node"),
        "rb" => Some("ruby"),
        "sh" => Some("sh"),
        _ => None,
    }
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|metadata| metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    interpreter(file).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_called_as_it_is_and_a_server_as_the_api_of_lambda() {
        for (text, address) in [
            ("http://127.0.0.1:3001/", "http://127.0.0.1:3001/2015-03-31/functions/Charge/invocations"),
            ("http://127.0.0.1:9000/charge", "http://127.0.0.1:9000/charge"),
        ] {
            let FunctionPlace::Url(url) = Function::parse(text, Path::new("")).unwrap().place else {
                panic!("{text}")
            };
            assert_eq!(FunctionPlace::address(&url, &Name::parse("Charge:live")), address);
        }
    }

    #[test]
    fn a_command_has_to_be_there() {
        let missing = Function::parse("./no-such-file.py", Path::new("")).unwrap_err();
        assert_eq!(missing.to_string(), "no such file: `./no-such-file.py`");
        assert!(Function::parse("  ", Path::new("")).is_err());
        let found = Function::parse("python3 -m charge", Path::new("/work")).unwrap();
        let arguments = vec!["-m".to_owned(), "charge".to_owned()];
        assert_eq!(
            found.place,
            FunctionPlace::Command { program: "python3".into(), arguments, folder: "/work".into() }
        );
    }
}
