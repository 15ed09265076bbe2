//! What the environment says about AWS: Region, credentials, endpoints.
//!
//! In: the variables and files that every AWS SDK reads. Out: its configuration. The machine itself is asked for its Region only where
//! that matters, and once, because outside of AWS nobody answers, which takes seconds to find out.

use aws_config::default_provider::region::DefaultRegionChain;
use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::meta::region::{ProvideRegion, RegionProviderChain};
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use std::ffi::OsString;
use tokio::sync::OnceCell;

/// What the Region is called of a server that does not mind.
const ANY_REGION: &str = "us-east-1";

/// Region, credentials and endpoint as every AWS SDK finds them.
pub(super) async fn load() -> SdkConfig {
    static REGION: OnceCell<Option<Region>> = OnceCell::const_new();
    let region = REGION.get_or_init(region).await.clone();
    // TLS by ring, as everywhere in this crate.
    let client =
        aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let defaults = aws_config::defaults(BehaviorVersion::latest());
    defaults.region(Known(region)).http_client(client).load().await
}

/// The Region of the environment or of the profile; else that of the machine, or any for a server other than AWS.
async fn region() -> Option<Region> {
    let named = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
        .or_else(ProfileFileRegionProvider::new());
    match named.region().await {
        Some(region) => Some(region),
        None if endpoint_variables().next().is_some() => Some(Region::from_static(ANY_REGION)),
        None => DefaultRegionChain::builder().build().region().await,
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
