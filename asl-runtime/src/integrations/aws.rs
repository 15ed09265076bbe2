//! Any action of AWS: `arn:aws:states:::aws-sdk:*`, and the optimised integrations that have no dedicated client here.
//!
//! In: a task with the description of its action, which the compiler made, and its parameters. Out: the result with the names that
//! Step Functions returns it, or the error that AWS returns. Requests are signed with Signature Version 4 and sent once: what fails is
//! for Retriers.

mod answer;
mod cbor;
mod checksum;
mod customs;
mod discovery;
#[doc(hidden)]
pub mod dry;
mod events;
mod form;
mod host;
mod jobs;
mod nested;
mod query;
mod request;
mod scalar;
mod slow;
mod unsigned;
mod xml;

use super::Client;
use super::environment::Endpoints;
use super::http::answer::{Answer, BodyError};
use super::request_error::RequestError;
use super::signed::{Message, Service, Signature};
use super::timeouts::Timeouts;
use crate::integration::{BoxFuture, Integration};
use crate::invocation::Invocation;
use crate::parameters::typed;
use asl_engine::error::TaskError;
use asl_engine::generated::action::{Action, Shape, Type, WirePart};
use asl_engine::resource::{Pattern, Resource};
use asl_value::{Object, Text, Value};
use discovery::Discovered;
use dry::Prepared;
use hyper::{HeaderMap, Method};
use request::Request;
use std::sync::Arc;
use std::time::Duration;

/// How large an answer may be.
const ANSWER_LIMIT: usize = 16 * 1024 * 1024;

/// Serves tasks by services of AWS, or by a server that has their APIs.
///
/// It serves `aws-sdk:*` and the optimised integrations but `http`, `lambda`, `dynamodb` and `apigateway`; `.sync` and `.waitForTaskToken`
/// too. Functions and state machines that are registered on the host come first.
///
/// ```
/// use asl_runtime::integrations::aws::Aws;
///
/// let aws = Aws::with_endpoint("http://127.0.0.1:4566", "us-east-1", "test", "test");
/// ```
#[derive(Clone, Debug)]
pub struct Aws {
    service: Arc<Service>,
    /// How long after a look at a job the next one is, at first and at most.
    pauses: [Duration; 2],
    timeouts: Timeouts,
    discovered: Arc<Discovered>,
}

/// An action as a task calls it.
#[derive(Clone, Copy)]
struct ActionCall {
    action: &'static Action,
    /// It is one of `aws-sdk`.
    is_sdk: bool,
}

impl Aws {
    /// Region, credentials and endpoint as every AWS SDK finds them: in the environment (`AWS_REGION`, `AWS_ENDPOINT_URL`,
    /// `AWS_ENDPOINT_URL_SQS` and so on), in the profile, or from the machine's role.
    pub async fn from_env() -> Self {
        Self::from_env_with(&Endpoints::default()).await
    }

    /// The same with servers that come before those which the environment names.
    pub async fn from_env_with(endpoints: &Endpoints) -> Self {
        Self::new(Service::from_env(endpoints).await)
    }

    /// A server other than AWS, for all services.
    #[must_use]
    pub fn with_endpoint(url: &str, region: &str, access_key_id: &str, secret_access_key: &str) -> Self {
        Self::new(Service::with_endpoint(url, region, access_key_id, secret_access_key))
    }

    fn new(service: Service) -> Self {
        Self {
            service: Arc::new(service),
            pauses: [Duration::from_millis(250), Duration::from_secs(10)],
            timeouts: Timeouts::default(),
            discovered: Arc::default(),
        }
    }

    /// How long after a look at a job of a `.sync` task the next one is, at first and at most; each pause is twice the one before.
    /// 250 milliseconds and 10 seconds if not set.
    #[must_use]
    pub const fn poll_jobs(mut self, first: Duration, longest: Duration) -> Self {
        self.pauses = [first, longest];
        self
    }

    /// How long it may take to connect; 10 seconds if not set, here or by `ASL_CONNECT_TIMEOUT`.
    #[must_use]
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.connect = Some(timeout);
        self
    }

    /// How long a service may be silent before and within its answer. If not set, here or by `ASL_READ_TIMEOUT`: 70 seconds, and for
    /// actions that take longer (`lambda:invoke`, `states:startSyncExecution`, `bedrock:invokeModel`) what AWS lets them take.
    #[must_use]
    pub const fn read_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.read = Some(timeout);
        self
    }

    async fn task(&self, task: &Invocation) -> Result<Value, TaskError> {
        let is_job =
            matches!(Resource::parse(task.resource()), Resource::Service { pattern: Pattern::Sync, .. });
        let Some(action) = task.action().filter(|_| !is_job || task.job().is_some()) else {
            return Err(TaskError::runtime(format!(
                "The resource '{}' cannot be called: its action is not known, or sends or answers with a stream of events.",
                task.resource()
            )));
        };
        typed::check(task)?;
        let is_sdk = task.resource().contains(":aws-sdk:");
        let call = ActionCall { action, is_sdk };
        if let (Some(job), Some(answer)) = (task.job(), task.submitted_before()) {
            return self.ended_job(job, task, answer).await;
        }
        // The same whenever the task is done again, so that the service does it once.
        let token = task.idempotency_uuid();
        let answer = if events::are_put(call) {
            self.call(call, &events::naming(task.execution(), task.parameters()), &token).await?
        } else {
            self.perform(call, task.parameters(), &token).await?
        };
        let Some(job) = task.job() else { return Ok(answer) };
        task.submitted(answer.clone());
        self.ended_job(job, task, &answer).await
    }

    async fn call(&self, call: ActionCall, parameters: &Value, token: &Text) -> Result<Value, TaskError> {
        let host = self.discovered(call).await?;
        let request = self.prepare(call, parameters, token, host)?;
        let (status, headers, body) = self.send(call, request).await?;
        answer::read(call, status, &headers, &body)
    }

    /// Sends a request, and reads the whole answer.
    async fn send(
        &self,
        call: ActionCall,
        request: Prepared,
    ) -> Result<(u16, HeaderMap, Vec<u8>), TaskError> {
        let Prepared { address, headers, body, region } = request;
        let service = customs::signing(call);
        let signature = (!service.is_empty()).then_some(Signature { service, region: &region });
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let method = Method::from_bytes(call.action.method.as_bytes()).unwrap_or(Method::POST);
        let failed = |reason: RequestError| call.client_error(&reason.to_string());
        let timeouts = self.service.timeouts(self.timeouts, slow::silence(call.action)).map_err(failed)?;
        let message = Message { address, method, headers: &headers, body, signature, timeouts };
        let mut answer: Answer = self.service.send(message).await.map_err(failed)?;
        let body = answer.read_body(ANSWER_LIMIT).await.map_err(|error| match error {
            BodyError::TooLarge => call.client_error("the answer is too large"),
            BodyError::Broken(reason) => failed(reason),
        })?;
        Ok((answer.status().as_u16(), answer.headers().clone(), body))
    }

    /// The request, as it is signed and sent: to this host, if the service has named one.
    fn prepare(
        &self,
        call: ActionCall,
        parameters: &Value,
        token: &Text,
        named: Option<String>,
    ) -> Result<Prepared, TaskError> {
        let mut request = request::build(call, parameters, token)?;
        let mut host = host::of(call.action, self.region(call.action, parameters), self.service.variant);
        host.name = named.unwrap_or(host.name);
        let elsewhere = self.elsewhere(call.action);
        if let Some(reason) = unsigned::reason(call, parameters).filter(|_| elsewhere.is_none()) {
            return Err(call.client_error(&reason));
        }
        let base = elsewhere.unwrap_or_else(|| {
            host::with_bucket(call.action, &mut request, &mut host);
            format!("https://{}{}", request.host_prefix, host.name)
        });
        let Request { path, mut headers, body, .. } = request;
        let more = checksum::headers(call, &headers, &body).map_err(|reason| call.client_error(&reason))?;
        for (name, value) in customs::headers(call, &body).into_iter().chain(more) {
            if !headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(&name)) {
                headers.push((name, value));
            }
        }
        Ok(Prepared { address: format!("{base}{path}"), headers, body, region: host.region })
    }

    /// The server other than AWS that has the service of an action.
    fn elsewhere(&self, action: &Action) -> Option<String> {
        let names = [action.prefix, action.endpoint, if action.endpoint == "states" { "sfn" } else { "" }];
        self.service.elsewhere(&names)
    }

    /// The Region of what is called: a queue may be in another than the program.
    fn region<'a>(&'a self, action: &Action, parameters: &'a Value) -> &'a str {
        let queue = parameters.get("QueueUrl").and_then(Value::as_str).filter(|_| action.signing == "sqs");
        queue.and_then(region_of_queue).unwrap_or(&self.service.region)
    }
}

/// The Region in the address of a queue: `https://sqs.us-east-1.amazonaws.com/123456789012/orders`. It becomes a part of the address that the
/// request is sent to, so nothing else is taken for one.
fn region_of_queue(url: &str) -> Option<&str> {
    let (region, _) = url.strip_prefix("https://sqs.")?.split_once(".amazonaws.com")?;
    let is_region = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (!region.is_empty() && region.chars().all(is_region)).then_some(region)
}

impl ActionCall {
    /// The parts of a structure.
    fn members(self, type_: Type) -> &'static [WirePart] {
        match self.shape(type_) {
            Some(Shape::Structure(members)) => members,
            Some(Shape::List(_) | Shape::Map(..)) | None => &[],
        }
    }

    fn shape(self, type_: Type) -> Option<&'static Shape> {
        match type_ {
            Type::Shape(number) => self.action.shapes.get(usize::from(number)),
            Type::Any
            | Type::String
            | Type::Integer
            | Type::Number
            | Type::Boolean
            | Type::Timestamp
            | Type::Blob => None,
        }
    }

    /// A value of this type in other words: structures by `structure`, elements of lists and values of maps by `element`.
    fn map_parts(
        self,
        type_: Type,
        value: &Value,
        structure: impl Fn(&'static [WirePart], &Object) -> Object,
        element: impl Fn(&'static WirePart, &Value) -> Value,
    ) -> Value {
        match (self.shape(type_), value) {
            (Some(Shape::Structure(members)), Value::Object(fields)) => structure(members, fields).into(),
            (Some(Shape::List(part)), Value::Array(items)) => {
                items.iter().map(|item| element(part, item)).collect::<Vec<_>>().into()
            }
            (Some(Shape::Map(_, part)), Value::Object(fields)) => {
                let entries = fields.iter().map(|(key, value)| (Text::from(key), element(part, value)));
                entries.collect::<Object>().into()
            }
            _ => value.clone(),
        }
    }

    /// What the service would refuse if it knew names.
    fn refusal(self, reason: &str) -> TaskError {
        let prefix = self.action.prefix;
        TaskError::new(format!("{prefix}.{}Exception", answer::first_sdk_name(prefix)), reason)
    }

    fn client_error(self, reason: &str) -> TaskError {
        TaskError::new(
            format!("{}.SdkClientException", self.action.prefix),
            format!("Unable to execute HTTP request: {reason}"),
        )
    }
}

impl Integration for Aws {
    fn serves(&self, resource: &str) -> bool {
        // Of an action that it cannot send it says why.
        Client::of(resource).is_some_and(|(client, _)| client == Client::Aws)
    }

    fn invoke(&self, task: Invocation) -> BoxFuture<'_, Result<Value, TaskError>> {
        Box::pin(async move { self.task(&task).await })
    }
}

#[cfg(test)]
mod tests {
    use super::region_of_queue;

    #[test]
    fn only_a_region_is_taken_from_the_address_of_a_queue() {
        assert_eq!(
            region_of_queue("https://sqs.eu-west-1.amazonaws.com/123456789012/orders"),
            Some("eu-west-1")
        );
        assert_eq!(
            region_of_queue("https://sqs.cn-north-1.amazonaws.com.cn/123456789012/orders"),
            Some("cn-north-1")
        );
        for url in [
            "https://sqs.example.org/.amazonaws.com",
            "https://sqs.a.b.amazonaws.com/1/q",
            "https://sqs.@example.org#.amazonaws.com",
            "https://sqs..amazonaws.com/1/q",
            "http://127.0.0.1:4566/000000000000/orders",
        ] {
            assert_eq!(region_of_queue(url), None, "{url}");
        }
    }
}
