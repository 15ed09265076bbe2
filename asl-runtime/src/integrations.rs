//! The services that tasks call, each behind a Cargo feature.
//!
//! In: a task whose parameters are made. Out: the result that the service's integration has on AWS, or the error that it has
//! there. An integration never retries what a Retrier should see, and never prints a secret.

#[cfg(feature = "signed-requests")]
mod address;
#[cfg(feature = "api-gateway")]
pub mod api_gateway;
#[cfg(feature = "aws")]
pub mod aws;
mod clients;
#[cfg(feature = "dynamodb")]
pub mod dynamodb;
#[cfg(feature = "eks")]
pub mod eks;
#[cfg(any(feature = "dynamodb", feature = "signed-requests"))]
mod environment;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "lambda")]
pub mod lambda;
#[cfg(any(feature = "aws", feature = "dynamodb", feature = "lambda"))]
mod metadata;
#[cfg(feature = "signed-requests")]
mod places;
#[cfg(any(feature = "dynamodb", feature = "http"))]
mod request_error;
#[cfg(feature = "s3")]
pub mod s3;
#[cfg(feature = "signed-requests")]
mod signed;
#[cfg(any(feature = "dynamodb", feature = "signed-requests"))]
mod timeouts;

#[cfg(any(feature = "dynamodb", feature = "signed-requests"))]
pub use environment::Endpoints;

#[cfg(any(feature = "dynamodb", feature = "http"))]
use crate::parameters;
use asl_language::resource::{Resource, split_suffix};

clients::clients! {
    Http {
        feature: "http",
        names: [],
        serves: ["http"],
        setup: ".integration(HttpInvoke::new())",
        about: "`arn:aws:states:::http:invoke`, sent with [reqwest](https://docs.rs/reqwest)",
        made: |settings, host| host.integration(settings.http()?),
    }
    DynamoDb {
        feature: "dynamodb",
        names: [],
        serves: ["dynamodb"],
        setup: ".integration(DynamoDb::from_env().await)",
        about: "`arn:aws:states:::dynamodb:getItem`, `putItem`, `updateItem`, `deleteItem`",
        made: |settings, host| {
            host.integration(dynamodb::DynamoDb::from_env_with(&settings.endpoints()).await)
        },
    }
    Lambda {
        feature: "lambda",
        names: [],
        serves: ["lambda"],
        setup: ".integration(Lambda::from_env().await)",
        about: "`arn:aws:lambda:...:function:...` and `arn:aws:states:::lambda:invoke`, on AWS; without it, by functions that you register",
        made: |settings, host| host.integration(settings.lambda()?),
    }
    ApiGateway {
        feature: "api-gateway",
        names: [],
        serves: ["apigateway"],
        setup: ".integration(ApiGateway::from_env().await)",
        about: "`arn:aws:states:::apigateway:invoke`, signed where it has an `AuthType`",
        made: |settings, host| {
            host.integration(api_gateway::ApiGateway::from_env_with(&settings.endpoints()).await)
        },
    }
    Eks {
        feature: "eks",
        names: [],
        serves: ["eks:call", "eks:runJob"],
        setup: ".integration(Eks::from_env().await)",
        about: "`arn:aws:states:::eks:call` and `eks:runJob`: the API of Kubernetes in a cluster of EKS",
        made: |settings, host| host.integration(eks::Eks::from_env_with(&settings.endpoints()).await),
    }
    S3 {
        feature: "s3",
        names: [],
        serves: ["s3"],
        setup: ".object_store(S3::from_env().await)",
        about: "the buckets of distributed Maps; without it, folders by `InMemory::bucket(name, path)`",
        made: |settings, host| if settings.has_buckets() {
            host
        } else {
            host.object_store(s3::S3::from_env_with(&settings.endpoints()).await)
        },
    }
    Aws {
        feature: "aws",
        names: ["events", "sns", "sqs", "states"],
        // What no other client serves.
        serves: [],
        setup: ".integration(Aws::from_env().await)",
        about: "any `aws-sdk:*` action, and `sqs:sendMessage`, `sns:publish`, `events:putEvents`, `states:startExecution`, `glue:startJobRun`, `batch:submitJob`, `ecs:runTask` and the like on AWS, `.sync` and `.waitForTaskToken` too, by one signed client without further SDK crates: a program has in it only the actions that its machines call",
        made: |settings, host| host.integration(aws::Aws::from_env_with(&settings.endpoints()).await),
    }
}

impl Client {
    /// The Cargo feature of `asl-runtime` that it is behind.
    #[must_use]
    pub const fn feature(self) -> &'static str {
        self.row().feature
    }

    /// Other names of that feature, each for a service.
    #[must_use]
    pub const fn names(self) -> &'static [&'static str] {
        self.row().names
    }

    /// The services, or the actions of a service, that it serves; what no client names, [`Self::Aws`] does.
    #[must_use]
    pub const fn serves(self) -> &'static [&'static str] {
        self.row().serves
    }

    /// How a program hands it to its host.
    #[must_use]
    pub const fn setup(self) -> &'static str {
        self.row().setup
    }

    /// What it serves, as the book says it.
    #[must_use]
    pub const fn about(self) -> &'static str {
        self.row().about
    }

    /// The client that does a task with this `Resource`, and the Cargo feature by which users know it; nothing where the resource is not that of
    /// a function or a service.
    #[must_use]
    pub fn of(resource: &str) -> Option<(Self, &'static str)> {
        match Resource::parse(resource) {
            Resource::Lambda => Some((Self::Lambda, Self::Lambda.feature())),
            Resource::Service { service, action, .. } => {
                let client = Self::of_action(service, split_suffix(action).0);
                let name = client.names().iter().find(|name| **name == service);
                Some((client, name.copied().unwrap_or(client.feature())))
            }
            Resource::Activity | Resource::Other => None,
        }
    }

    fn of_action(service: &str, action: &str) -> Self {
        let serves = |client: &Self| {
            client.serves().iter().any(|served| match served.split_once(':') {
                Some(one) => one == (service, action),
                None => *served == service,
            })
        };
        Self::ALL.iter().copied().find(serves).unwrap_or(Self::Aws)
    }
}

#[cfg(test)]
mod tests {
    use super::Client;

    #[test]
    fn actions_have_the_client_that_serves_them() {
        for (resource, expected) in [
            ("arn:aws:states:::sqs:sendMessage", Some((Client::Aws, "sqs"))),
            ("arn:aws:states:::eks:runJob.sync", Some((Client::Eks, "eks"))),
            ("arn:aws:states:::eks:createCluster", Some((Client::Aws, "aws"))),
            ("arn:aws:states:::aws-sdk:lambda:listFunctions", Some((Client::Aws, "aws"))),
            ("arn:aws:states:::elasticmapreduce:addStep.sync", Some((Client::Aws, "aws"))),
            ("arn:aws:states:us-east-1:123456789012:activity:work", None),
        ] {
            assert_eq!(Client::of(resource), expected, "{resource}");
        }
    }
}
