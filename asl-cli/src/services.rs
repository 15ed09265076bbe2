//! The host of executions that this command runs: it does their tasks itself.
//!
//! In: the Cargo features that an executable of the definition would have. Out: a host that serves these, and nothing else: nobody looks for
//! credentials, or for the certificates that the system trusts, because of a definition that calls nothing.

use asl_runtime::InMemory;
use asl_runtime::integrations::api_gateway::ApiGateway;
use asl_runtime::integrations::aws::Aws;
use asl_runtime::integrations::dynamodb::DynamoDb;
use asl_runtime::integrations::http::HttpInvoke;
use asl_runtime::integrations::lambda::Lambda;
use asl_runtime::integrations::s3::S3;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// A host that serves what is called, as the environment says. Folders take the place of S3 if any are named.
pub(crate) async fn host(called: &BTreeSet<&str>, buckets: &[(String, PathBuf)]) -> InMemory {
    let mut host = InMemory::new();
    for service in called {
        host = match *service {
            "http" => host.integration(HttpInvoke::new()),
            "dynamodb" => host.integration(DynamoDb::from_env().await),
            "lambda" => host.integration(Lambda::from_env().await),
            "api-gateway" => host.integration(ApiGateway::from_env().await),
            "aws" => host.integration(Aws::from_env().await),
            "s3" if buckets.is_empty() => host.object_store(S3::from_env().await),
            _ => host,
        };
    }
    buckets.iter().fold(host, |host, (name, folder)| host.bucket(name, folder))
}
