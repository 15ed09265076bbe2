//! Values that must not be seen: where they come from, and that they are read only when a request needs them.
//!
//! In: the name of a variable, the path of a file, or the text itself. Out: the text, to the module that sends it. It never
//! appears in `Debug`, in an error or in a history.

use crate::integrations::request_error::RequestError;
use asl_language::files;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// A password, key or token, or where it is kept.
///
/// ```
/// use asl_runtime::integrations::http::Secret;
///
/// let key = Secret::new("hunter2");
/// assert_eq!(format!("{key:?}"), "Secret(..)");
/// ```
#[derive(Clone)]
pub struct Secret(Source);

#[derive(Clone)]
enum Source {
    Text(Arc<str>),
    Variable(Arc<str>),
    File(Arc<PathBuf>),
}

impl Secret {
    /// The text itself.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(Source::Text(text.into()))
    }

    /// The value of an environment variable, read whenever it is needed.
    pub fn from_env(name: impl Into<Arc<str>>) -> Self {
        Self(Source::Variable(name.into()))
    }

    /// The text of a file without its last line break, read whenever it is needed, so that it can be replaced.
    pub fn from_file(path: impl Into<PathBuf>) -> Self {
        Self(Source::File(Arc::new(path.into())))
    }

    /// The text, or why it cannot be had: that text names the place and never the value.
    pub(super) async fn reveal(&self) -> Result<String, RequestError> {
        match &self.0 {
            Source::Text(text) => Ok(text.to_string()),
            Source::Variable(name) => std::env::var(&**name)
                .map_err(|_| RequestError::Secret(format!("the environment variable {name} is not set"))),
            Source::File(path) => read(path.clone()).await,
        }
    }
}

async fn read(path: Arc<PathBuf>) -> Result<String, RequestError> {
    let unreadable = RequestError::Secret(format!("the file {} cannot be read", path.display()));
    let text = tokio::task::spawn_blocking(move || files::text(&path, files::FileKind::Written)).await;
    let text = text.ok().and_then(Result::ok).ok_or(unreadable)?;
    let line = text.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
    Ok(line.unwrap_or(&text).to_owned())
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}
