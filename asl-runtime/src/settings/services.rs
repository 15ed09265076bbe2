//! The services that tasks call: those whose Cargo features are on, set up as the settings and the environment say.

use super::{Setting, Settings, SettingsError};
use crate::host::InMemory;
use crate::integrations;

impl Settings {
    /// A host that serves what is called: the names of Cargo features. Nothing looks for credentials, or for the certificates that the system
    /// trusts, because of a service that is not called. Folders take the place of S3 if there are any.
    ///
    /// # Errors
    /// A file that is named cannot be read, or makes no sense.
    pub async fn host(&self, is_called: impl Fn(&str) -> bool) -> Result<InMemory, SettingsError> {
        let mut host = integrations::add_clients(InMemory::new(), self, is_called).await?;
        for (name, entry) in self.of(Setting::Bucket) {
            host = host.bucket(name, entry.folder.join(&entry.value));
        }
        Ok(host)
    }

    /// Whether folders take the place of S3.
    #[cfg(feature = "s3")]
    pub(crate) fn has_buckets(&self) -> bool {
        self.of(Setting::Bucket).next().is_some()
    }

    #[cfg(feature = "http")]
    pub(crate) fn http(&self) -> Result<crate::integrations::http::HttpInvoke, SettingsError> {
        use crate::integrations::http::{Connection, HttpInvoke};
        use asl_language::files;
        let mut http = HttpInvoke::new();
        for (name, entry) in self.of(Setting::Connection) {
            let path = entry.folder.join(&entry.value);
            let text = files::text(&path, files::FileKind::Written)
                .map_err(|error| SettingsError::NoConnection { name: name.to_owned(), error })?;
            let connection = Connection::from_json(&text, path.parent().unwrap_or(&entry.folder))
                .map_err(|error| SettingsError::Connection { file: path.clone(), error: error.into() })?;
            http = http.connection(name, connection);
        }
        let overrides = self.of(Setting::Endpoint).filter(|(name, _)| is_of_http_tasks(name));
        Ok(overrides.fold(http, |http, (from, entry)| http.endpoint_override(from, entry.value.as_str())))
    }

    #[cfg(feature = "lambda")]
    pub(crate) fn lambda(&self) -> Result<crate::integrations::lambda::Lambda, SettingsError> {
        use crate::integrations::lambda::{Function, Lambda};
        let mut lambda = Lambda::from_env_with(&self.endpoints());
        for (name, entry) in self.of(Setting::Lambda) {
            let function = Function::parse(&entry.value, &entry.folder)
                .map_err(|error| SettingsError::Function { name: name.to_owned(), error: error.into() })?;
            lambda = lambda.function(name, function);
        }
        Ok(lambda)
    }

    /// Servers other than AWS, by their services.
    #[cfg(any(feature = "dynamodb", feature = "signed-requests"))]
    pub(crate) fn endpoints(&self) -> crate::integrations::Endpoints {
        self.of(Setting::Endpoint)
            .filter(|(name, _)| !is_of_http_tasks(name))
            .fold(crate::integrations::Endpoints::default(), |all, (name, entry)| {
                all.with(name, &entry.value)
            })
    }
}

/// Whether an endpoint is that of requests of HTTP tasks: scheme, host and port, and not the name of a service.
#[cfg(any(feature = "dynamodb", feature = "http"))]
fn is_of_http_tasks(name: &str) -> bool {
    name.starts_with("http://") || name.starts_with("https://")
}
