//! What the environment says about AWS: Region, credentials, endpoints.
//!
//! In: the variables and files that every AWS SDK reads. Out: its configuration. The machine itself is asked for its Region only where
//! that matters, and once, because outside of AWS nothing answers, which takes seconds to find out.

use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::meta::region::{ProvideRegion, RegionProviderChain};
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use std::ffi::OsString;
use tokio::sync::OnceCell;

/// What the Region is called of a server that does not mind.
const ANY_REGION: &str = "us-east-1";

/// Region, credentials and endpoint as every AWS SDK finds them; with endpoints, a Region is not looked for on the machine itself.
pub(super) async fn load(endpoints: &Endpoints) -> SdkConfig {
    static REGION: OnceCell<Option<Region>> = OnceCell::const_new();
    let is_elsewhere = !endpoints.is_empty();
    let region = REGION.get_or_init(|| region(is_elsewhere)).await.clone();
    defaults().region(Known(region)).load().await
}

/// Servers other than AWS, by the services that they are for. They come before those that the environment names.
///
/// A service is named as in `AWS_ENDPOINT_URL_SECRETS_MANAGER`, whatever the case, and with or without its underscores; `*` is all services.
///
/// ```
/// use asl_runtime::integrations::Endpoints;
///
/// let endpoints = Endpoints::default().with("s3", "http://127.0.0.1:9000").with("*", "http://127.0.0.1:4566");
/// assert!(!endpoints.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoints(Vec<(String, String)>);

impl Endpoints {
    /// Adds the server of a service. The first of a name counts.
    #[must_use]
    pub fn with(mut self, service: impl Into<String>, url: &str) -> Self {
        self.0.push((service.into(), trimmed(url)));
        self
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The server of a service with one of these names.
    pub(super) fn of(&self, names: &[&str]) -> Option<&str> {
        self.0.iter().find(|(name, _)| is_one_of(name, names)).map(|(_, url)| url.as_str())
    }

    /// The server of all services that have no dedicated server.
    pub(super) fn of_all(&self) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == "*").map(|(_, url)| url.as_str())
    }
}

/// Whether a service is meant: `SECRETS_MANAGER`, `SecretsManager` and `secretsmanager` are the same.
pub(super) fn is_one_of(name: &str, names: &[&str]) -> bool {
    letters(name).next().is_some() && names.iter().any(|known| letters(known).eq(letters(name)))
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase())
}

/// An address to which paths are added.
pub(super) fn trimmed(url: &str) -> String {
    url.trim_end_matches('/').to_owned()
}

/// TLS by ring, as everywhere in this crate.
fn defaults() -> ConfigLoader {
    let client =
        aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    aws_config::defaults(BehaviorVersion::latest()).http_client(client)
}

/// The Region of the environment or of the profile; else that of the machine, or any for a server other than AWS.
async fn region(is_elsewhere: bool) -> Option<Region> {
    let named = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
        .or_else(ProfileFileRegionProvider::new());
    match named.region().await {
        Some(region) => Some(region),
        None if is_elsewhere || endpoint_variables().next().is_some() => {
            Some(Region::from_static(ANY_REGION))
        }
        None => defaults().load().await.region().cloned(),
    }
}

/// A Region that has been looked for.
#[derive(Debug)]
struct Known(Option<Region>);

impl ProvideRegion for Known {
    fn region(&self) -> aws_config::meta::region::future::ProvideRegion<'_> {
        aws_config::meta::region::future::ProvideRegion::ready(self.0.clone())
    }
}

/// The variables that name servers other than AWS, by the service that they are for: `AWS_ENDPOINT_URL_SECRETS_MANAGER`. None is named
/// for all services.
pub(super) fn endpoint_variables() -> impl Iterator<Item = (String, String)> {
    let read = |(name, url): (OsString, OsString)| {
        let name = name.to_str()?.strip_prefix("AWS_ENDPOINT_URL")?.trim_start_matches('_').to_owned();
        Some((name, url.into_string().ok()?)).filter(|(_, url)| !url.is_empty())
    };
    std::env::vars_os().filter_map(read)
}

#[cfg(test)]
mod tests {
    use super::{Endpoints, is_one_of};
    use std::process::Command;

    /// Says in a separate process which Region it finds there: an environment is not changed while others read it.
    #[tokio::test]
    async fn says_which_region_it_finds() {
        if let Ok(expected) = std::env::var("EXPECTED_REGION") {
            let config = super::load(&super::Endpoints::default()).await;
            assert_eq!(config.region().map(AsRef::as_ref).unwrap_or_default(), expected);
        }
    }

    fn finds(region: &str, variables: &[(&str, &str)]) {
        let name = "integrations::environment::tests::says_which_region_it_finds";
        let said = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name])
            .env_clear()
            .env("HOME", "/nowhere")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("EXPECTED_REGION", region)
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&said.stdout);
        assert!(said.status.success() && text.contains("1 passed"), "{variables:?}: {text}");
    }

    #[test]
    fn services_are_named_by_their_letters() {
        let endpoints = Endpoints::default().with("secrets_manager", "http://a/").with("*", "http://b");
        assert_eq!(endpoints.of(&["SecretsManager", "secretsmanager"]), Some("http://a"));
        assert_eq!(endpoints.of(&["s3"]), None);
        assert_eq!(endpoints.of_all(), Some("http://b"));
        assert!(is_one_of("API_GATEWAY", &["api-gateway"]));
        assert!(!is_one_of("S3", &["S3_CONTROL"]));
        assert!(!is_one_of("*", &["", "-"]));
    }

    #[test]
    fn a_region_is_needed_only_on_aws() {
        finds("", &[]);
        finds("eu-west-1", &[("AWS_REGION", "eu-west-1")]);
        finds("us-east-1", &[("AWS_ENDPOINT_URL", "http://127.0.0.1:1")]);
        finds("us-east-1", &[("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:1")]);
        finds("eu-west-1", &[("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), ("AWS_REGION", "eu-west-1")]);
    }
}
