//! The services that a machine calls: those whose Cargo features are on, set up as the environment says.

use super::arguments::Options;
use crate::host::InMemory;

/// A host that serves them. Folders take the place of S3 if any are named.
#[cfg_attr(
    not(any(
        feature = "api-gateway",
        feature = "aws",
        feature = "dynamodb",
        feature = "lambda",
        feature = "s3"
    )),
    expect(clippy::unused_async, reason = "some services are set up asynchronously")
)]
pub(super) async fn host(options: &Options) -> InMemory {
    let mut host = InMemory::new();
    #[cfg(feature = "http")]
    {
        host = host.integration(crate::integrations::http::HttpInvoke::new());
    }
    #[cfg(feature = "dynamodb")]
    {
        host = host.integration(crate::integrations::dynamodb::DynamoDb::from_env().await);
    }
    #[cfg(feature = "lambda")]
    {
        host = host.integration(crate::integrations::lambda::Lambda::from_env().await);
    }
    #[cfg(feature = "api-gateway")]
    {
        host = host.integration(crate::integrations::api_gateway::ApiGateway::from_env().await);
    }
    #[cfg(feature = "aws")]
    {
        host = host.integration(crate::integrations::aws::Aws::from_env().await);
    }
    #[cfg(feature = "s3")]
    if options.buckets.is_empty() {
        host = host.object_store(crate::integrations::s3::S3::from_env().await);
    }
    for (name, folder) in &options.buckets {
        host = host.bucket(name, folder);
    }
    host
}
