//! What tasks need of the world around them: connections, endpoints, functions and buckets.
//!
//! In: `asl.toml`, and options that come before it. Out: a host that serves tasks so, by the services whose Cargo features are on. This is the
//! one place that knows these settings, for programs around one machine and for the command `asl`.

mod error;
mod file;
mod services;

pub use asl_project::{Definitions, FILE, FileError, Given, TestFolders};
pub use error::SettingsError;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Setting {
    /// The file of an EventBridge connection, by its ARN or its name.
    Connection,
    /// A server other than AWS, by the name of a service; or one for the requests of HTTP tasks, by scheme, host and port.
    Endpoint,
    /// A command or a URL that does the work of a Lambda function, by the name of the function.
    Lambda,
    /// A folder in the place of a bucket of S3.
    Bucket,
}

impl Setting {
    /// All of them.
    #[doc(hidden)]
    pub const ALL: [Self; 4] = [Self::Connection, Self::Endpoint, Self::Lambda, Self::Bucket];

    /// The name of the option: `--connection`.
    #[doc(hidden)]
    #[must_use]
    pub const fn option(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Endpoint => "endpoint",
            Self::Lambda => "lambda",
            Self::Bucket => "bucket",
        }
    }

    /// The name of the table in the file: `[connections]`.
    const fn table(self) -> &'static str {
        match self {
            Self::Connection => "connections",
            Self::Endpoint => "endpoints",
            Self::Lambda => "functions",
            Self::Bucket => "buckets",
        }
    }

    /// What is expected after the option.
    #[doc(hidden)]
    #[must_use]
    pub const fn form(self) -> &'static str {
        match self {
            Self::Connection => "ARN=FILE",
            Self::Endpoint => "SERVICE=URL",
            Self::Lambda => "FUNCTION=COMMAND|URL",
            Self::Bucket => "NAME=FOLDER",
        }
    }

    /// The setting that an option is for.
    #[doc(hidden)]
    #[must_use]
    pub fn of_option(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|setting| setting.option() == name)
    }
}

/// The settings. What is set last of the same name counts.
///
/// ```
/// use asl_runtime::settings::{Setting, Settings};
///
/// let mut settings = Settings::default();
/// settings.set(Setting::Bucket, "shop=./data")?;
/// settings.set(Setting::Endpoint, "s3=http://127.0.0.1:9000")?;
/// assert!(settings.set(Setting::Bucket, "shop").is_err());
/// # Ok::<(), asl_runtime::settings::SettingsError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    entries: BTreeMap<(Setting, String), Entry>,
    /// How definitions are compiled.
    definitions: Definitions,
}

/// A value, and what its paths are relative to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    value: String,
    folder: PathBuf,
}

impl Settings {
    /// Reads a file; without a name `asl.toml` in this folder, which need not be there.
    ///
    /// # Errors
    /// The file cannot be read, or makes no sense.
    pub fn read(file: Option<&Path>) -> Result<Self, SettingsError> {
        let path = file.unwrap_or(Path::new(FILE));
        if file.is_none() && !path.is_file() {
            return Ok(Self::default());
        }
        Ok(file::parse(&asl_project::text(path)?, path)?)
    }

    /// How the definitions of a folder are compiled: what the nearest `asl.toml` says, in it or in a folder around it.
    ///
    /// # Errors
    /// The file cannot be read, or makes no sense.
    pub fn of_definitions(folder: &Path) -> Result<Definitions, SettingsError> {
        let file = asl_project::find(folder);
        file.map_or_else(|| Ok(Definitions::default()), |(file, _)| Ok(Self::read(Some(&file))?.definitions))
    }

    /// Sets something as an option does.
    ///
    /// # Errors
    /// The text does not have the form of that option.
    pub fn set(&mut self, setting: Setting, text: &str) -> Result<(), SettingsError> {
        // A URL may have a `=` in it, the name of what it replaces not.
        let parts = text.split_once('=').filter(|(name, value)| !name.is_empty() && !value.is_empty());
        let (name, value) = parts.ok_or_else(|| SettingsError::Form { setting, text: text.to_owned() })?;
        self.insert(setting, name, value, Path::new(""));
        Ok(())
    }

    fn insert(&mut self, setting: Setting, name: &str, value: &str, folder: &Path) {
        let entry = Entry { value: value.to_owned(), folder: folder.to_owned() };
        self.entries.insert((setting, name.to_owned()), entry);
    }

    /// All that is set of a kind, by name.
    fn of(&self, setting: Setting) -> impl Iterator<Item = (&str, &Entry)> {
        let of_kind = move |(key, entry)| {
            let (kind, name): &(Setting, String) = key;
            (*kind == setting).then_some((name.as_str(), entry))
        };
        self.entries.iter().filter_map(of_kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_come_before_the_file() {
        let mut settings =
            file::parse("[buckets]\ndata = \"a\"\nlogs = \"b\"\n", Path::new("flows/asl.toml")).unwrap();
        settings.set(Setting::Bucket, "data=c=d").unwrap();
        let buckets: Vec<_> = settings
            .of(Setting::Bucket)
            .map(|(name, entry)| (name, entry.folder.join(&entry.value)))
            .collect();
        assert_eq!(buckets, [("data", PathBuf::from("c=d")), ("logs", PathBuf::from("flows/b"))]);
    }

    #[test]
    fn what_has_another_form_is_refused() {
        for text in ["data", "=a", "data=", ""] {
            let refused = Settings::default().set(Setting::Lambda, text).unwrap_err().to_string();
            assert!(
                refused.ends_with("is not a value of `--lambda`, which is `FUNCTION=COMMAND|URL`"),
                "{refused}"
            );
        }
    }
}
