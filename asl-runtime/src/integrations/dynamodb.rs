//! `arn:aws:states:::dynamodb:getItem`, `putItem`, `updateItem` and `deleteItem`.
//!
//! In: the parameters of a task, as the DynamoDB API has them. Out: the API's answer with the metadata that AWS adds, or the
//! error that AWS returns. The AWS SDK signs, sends and repeats throttled requests; nothing else is repeated here.

mod answer;
mod attribute;
mod request;

use super::environment::{self, Endpoints, endpoint_variables, is_one_of};
use super::parameters::Reasons;
use super::request_error::RequestError;
use super::timeouts::{self, Timeouts};
use crate::integration::{BoxFuture, Integration};
use crate::invocation::Invocation;
use answer::{Capture, Keeper, client_error, failure};
use asl_engine::error::TaskError;
use asl_language::resource::integration;
use asl_value::Value;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, SharedHttpClient};
use aws_sdk_dynamodb::{Client, Config};
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use futures_util::FutureExt;
use std::fmt;
use std::time::Duration;

/// Serves the DynamoDB tasks.
///
/// ```
/// use asl_runtime::integrations::dynamodb::DynamoDb;
///
/// let dynamodb = DynamoDb::with_endpoint("http://127.0.0.1:8000", "us-east-1", "test", "test");
/// ```
#[derive(Clone)]
pub struct DynamoDb {
    /// Or why it cannot be used.
    client: Result<Client, RequestError>,
    /// Those that are set.
    timeouts: Timeouts,
}

#[derive(Clone, Copy)]
enum Operation {
    Get,
    Put,
    Update,
    Delete,
}

impl DynamoDb {
    /// Region, credentials and endpoint as every AWS SDK finds them: in the environment (`AWS_REGION`, `AWS_ENDPOINT_URL`,
    /// `AWS_ENDPOINT_URL_DYNAMODB` and so on), in the profile, or from the machine's role. Single sign-on is not looked at.
    pub async fn from_env() -> Self {
        Self::from_env_with(&Endpoints::default()).await
    }

    /// The same with servers that come before those which the environment names.
    pub async fn from_env_with(endpoints: &Endpoints) -> Self {
        match Timeouts::from_env() {
            Ok(timeouts) => {
                let own = endpoints.of(&["dynamodb"]);
                let is_named = endpoint_variables().any(|(name, _)| is_one_of(&name, &["dynamodb"]));
                let url = own.or_else(|| endpoints.of_all().filter(|_| !is_named));
                let mut config = Config::from(&environment::load(endpoints).await).to_builder();
                if let Some(url) = url {
                    config = config.endpoint_url(url);
                }
                Self::from_client(Client::from_conf(config.build())).timeouts(timeouts)
            }
            Err(reason) => Self { client: Err(reason), timeouts: Timeouts::default() },
        }
    }

    /// A server other than AWS, such as one on this machine. Failures are reported at once: no request is repeated.
    #[must_use]
    pub fn with_endpoint(url: &str, region: &str, access_key_id: &str, secret_access_key: &str) -> Self {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(http_client())
            .endpoint_url(url)
            .region(Region::new(region.to_owned()))
            .credentials_provider(Credentials::new(
                access_key_id,
                secret_access_key,
                None,
                None,
                "asl-runtime",
            ))
            .retry_config(RetryConfig::disabled());
        Self::from_client(Client::from_conf(config.build())).timeouts(Timeouts::default())
    }

    /// A client with the configuration of yours, its timeouts included.
    #[must_use]
    pub fn from_client(client: Client) -> Self {
        let config = client.config().to_builder().interceptor(Keeper).build();
        Self { client: Ok(Client::from_conf(config)), timeouts: Timeouts { connect: None, read: None } }
    }

    /// How long it may take to connect; 10 seconds if not set, here or by `ASL_CONNECT_TIMEOUT`.
    #[must_use]
    pub fn connect_timeout(self, timeout: Duration) -> Self {
        self.timeouts(Timeouts { connect: Some(timeout), read: None })
    }

    /// How long DynamoDB may be silent before its answer; 70 seconds if not set, here or by `ASL_READ_TIMEOUT`.
    #[must_use]
    pub fn read_timeout(self, timeout: Duration) -> Self {
        self.timeouts(Timeouts { connect: None, read: Some(timeout) })
    }

    /// The same with these timeouts; where none is set, those that were set before, or the usual ones.
    fn timeouts(self, set: Timeouts) -> Self {
        let set = set.or(self.timeouts);
        let usual = Timeouts { connect: Some(timeouts::CONNECT), read: Some(timeouts::READ) };
        let Timeouts { connect, read } = set.or(usual);
        let mut config = TimeoutConfig::builder();
        config.set_connect_timeout(connect).set_read_timeout(read);
        // The SDK counts until an answer begins. It is a small one, so its end is near then.
        config.set_operation_attempt_timeout(connect.zip(read).map(|(connect, read)| connect + read));
        let config = config.build();
        let client = self
            .client
            .map(|client| Client::from_conf(client.config().to_builder().timeout_config(config).build()));
        Self { client, timeouts: set }
    }

    async fn call(&self, task: &Invocation) -> Result<Value, TaskError> {
        let operation = operation(task.resource()).ok_or_else(|| {
            TaskError::runtime(format!("The resource '{}' is not a DynamoDB task.", task.resource()))
        })?;
        let parameters = task.parameters();
        let mut reasons = Reasons::default();
        let Some(fields) = reasons.parameters(parameters) else {
            return reasons.none(parameters).map(|()| Value::Null);
        };
        let client = self.client.as_ref().map_err(|reason| client_error(&reason.to_string()))?;
        let capture = Capture::default();
        // Each operation has its own error type, so each is sent in its own arm. What sends is large, so it is made where it stays.
        macro_rules! sending {
            ($request:path) => {{
                let request = $request(client, fields, &mut reasons);
                reasons.none(parameters)?;
                let sent = |sent: Result<_, _>| sent.map(drop).map_err(|error| failure(&error));
                let sending: BoxFuture<'_, Result<(), TaskError>> = Box::pin(request.send().map(sent));
                sending
            }};
        }
        let sending = match operation {
            Operation::Get => sending!(request::get_item),
            Operation::Put => sending!(request::put_item),
            Operation::Update => sending!(request::update_item),
            Operation::Delete => sending!(request::delete_item),
        };
        capture.of(sending).await?;
        capture.result()
    }
}

impl Integration for DynamoDb {
    fn serves(&self, resource: &str) -> bool {
        operation(resource).is_some()
    }

    fn invoke(&self, task: Invocation) -> BoxFuture<'_, Result<Value, TaskError>> {
        Box::pin(async move { self.call(&task).await })
    }
}

impl fmt::Debug for DynamoDb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamoDb").finish_non_exhaustive()
    }
}

fn operation(resource: &str) -> Option<Operation> {
    let (_, action) = integration(resource).filter(|(service, _)| *service == "dynamodb")?;
    match action {
        "getItem" => Some(Operation::Get),
        "putItem" => Some(Operation::Put),
        "updateItem" => Some(Operation::Update),
        "deleteItem" => Some(Operation::Delete),
        _ => None,
    }
}

/// TLS by ring, as everywhere in this crate.
fn http_client() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}
