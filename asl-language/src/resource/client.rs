//! The clients by which the runtime calls services.

use super::integrations::Integration;
use super::{Resource, SDK, split_suffix};

/// A client of the runtime: each is behind a Cargo feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Client {
    /// Requests of HTTP tasks, with connections.
    Http,
    /// The four actions of DynamoDB that Step Functions has of its own.
    DynamoDb,
    /// Functions of Lambda.
    Lambda,
    /// APIs of API Gateway.
    ApiGateway,
    /// The API of Kubernetes in clusters of EKS.
    Eks,
    /// Any action of any API of AWS.
    Aws,
    /// Objects that distributed Maps read and write.
    S3,
}

impl Client {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Http, Self::DynamoDb, Self::Lambda, Self::ApiGateway, Self::Eks, Self::Aws, Self::S3];

    /// The Cargo feature of `asl-runtime` that it is behind.
    #[must_use]
    pub const fn feature(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::DynamoDb => "dynamodb",
            Self::Lambda => "lambda",
            Self::ApiGateway => "api-gateway",
            Self::Eks => "eks",
            Self::Aws => "aws",
            Self::S3 => "s3",
        }
    }

    /// How a program makes one, and hands it to its host.
    #[must_use]
    pub const fn setup(self) -> &'static str {
        match self {
            Self::Http => ".integration(HttpInvoke::new())",
            Self::DynamoDb => ".integration(DynamoDb::from_env().await)",
            Self::Lambda => ".integration(Lambda::from_env().await)",
            Self::ApiGateway => ".integration(ApiGateway::from_env().await)",
            Self::Eks => ".integration(Eks::from_env().await)",
            Self::Aws => ".integration(Aws::from_env().await)",
            Self::S3 => ".object_store(S3::from_env().await)",
        }
    }

    /// The client that does a task with this `Resource`, if there is one, and the Cargo feature by which users know it.
    ///
    /// ```
    /// use asl_language::resource::Client;
    ///
    /// assert_eq!(Client::of("arn:aws:states:::sqs:sendMessage"), Some((Client::Aws, "sqs")));
    /// assert_eq!(Client::of("arn:aws:states:::eks:runJob.sync"), Some((Client::Eks, "eks")));
    /// assert_eq!(Client::of("arn:aws:states:us-east-1:123456789012:activity:work"), None);
    /// ```
    #[must_use]
    pub fn of(resource: &str) -> Option<(Self, &'static str)> {
        match Resource::parse(resource) {
            Resource::Lambda => Some((Self::Lambda, Self::Lambda.feature())),
            Resource::Service { service, action, .. } => {
                if service.starts_with(SDK) {
                    return Some((Self::Aws, Self::Aws.feature()));
                }
                let integration = Integration::of(service)?;
                let client = integration.client_of(split_suffix(action).0);
                Some((client, integration.feature.unwrap_or(client.feature())))
            }
            Resource::Activity | Resource::Other => None,
        }
    }
}
