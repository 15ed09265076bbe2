//! Lambda functions on AWS: `arn:aws:lambda:...:function:...`, and `arn:aws:states:::lambda:invoke`.
//!
//! In: the parameters of a task. Out: the function's result, in the envelope of the API for `lambda:invoke`; or the error that the
//! function raised, or the service. Requests are signed with Signature Version 4 and sent once: what fails is for Retriers.
//!
//! A [`Function`] takes the place of one on AWS: a command of this machine, or a URL.

mod function;
mod name;
mod process;

pub use function::{Function, FunctionError};

use super::address::{encoded, segment};
use super::environment::Endpoints;
use super::http::answer::{Answer, BodyError};
use super::metadata::{http_metadata, request_id, response_metadata};
use super::parameters::Reasons;
use super::request_error::RequestError;
use super::signed::{Message, Service, Signature};
use super::timeouts::Timeouts;
use crate::integration::{BoxFuture, Integration};
use crate::invocation::Invocation;
use crate::parameters::typed;
use asl_engine::error::TaskError;
use asl_language::limits::AWS_PAYLOAD_BYTES;
use asl_language::resource::{Resource, integration};
use asl_value::{Object, Value};
use function::FunctionPlace;
use hyper::Method;
use hyper::header::HeaderValue;
use name::Name;
use process::{FunctionCall, Started};
use std::fmt;
use std::time::Duration;
use tokio::sync::OnceCell;

/// How long a function may take, and a little for its answer.
const LONGEST: Duration = Duration::from_secs(15 * 60 + 10);

/// Serves tasks by Lambda functions on AWS, or on a server that has Lambda's API. Functions that are registered on the host come first.
///
/// ```no_run
/// # async fn host() {
/// use asl_runtime::InMemory;
/// use asl_runtime::integrations::lambda::Lambda;
///
/// let host = InMemory::new().integration(Lambda::from_env().await);
/// # }
/// ```
#[derive(Debug)]
pub struct Lambda {
    /// Once a function on AWS is called.
    service: OnceCell<Service>,
    endpoints: Endpoints,
    /// Functions elsewhere, by their names.
    functions: Vec<(String, Function)>,
    /// Calls the URLs of functions.
    caller: Service,
    timeouts: Timeouts,
}

/// What Lambda is asked.
struct Request<'a> {
    name: Name<'a>,
    /// The name as a part of a path.
    function: String,
    qualifier: Option<&'a str>,
    invocation_type: &'a str,
    payload: String,
    /// The task's result is the API's answer, not only the function's.
    envelope: bool,
}

impl Lambda {
    /// Region, credentials and endpoint as every AWS SDK finds them (`AWS_REGION`, `AWS_ENDPOINT_URL_LAMBDA`, `AWS_ENDPOINT_URL`, the
    /// profile, the machine's role).
    pub async fn from_env() -> Self {
        Self::new(
            OnceCell::new_with(Some(Service::from_env(&Endpoints::default()).await)),
            Endpoints::default(),
        )
    }

    /// The same with servers that come before those which the environment names. The environment is asked when a function is called that is
    /// not [elsewhere](Self::function).
    #[must_use]
    pub fn from_env_with(endpoints: &Endpoints) -> Self {
        Self::new(OnceCell::new(), endpoints.clone())
    }

    /// A server other than AWS.
    #[must_use]
    pub fn with_endpoint(url: &str, region: &str, access_key_id: &str, secret_access_key: &str) -> Self {
        let service = Service::with_endpoint(url, region, access_key_id, secret_access_key);
        Self::new(OnceCell::new_with(Some(service)), Endpoints::default())
    }

    fn new(service: OnceCell<Service>, endpoints: Endpoints) -> Self {
        let (functions, caller) = (Vec::new(), Service::unsigned());
        Self { service, endpoints, functions, caller, timeouts: Timeouts::default() }
    }

    /// Lets something else do the work of a function. Its name may be an ARN, a partial one, or a name alone, with or without a version or an
    /// alias; it applies to all functions that agree with what it says.
    ///
    /// ```no_run
    /// # async fn lambda() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::integrations::lambda::{Function, Lambda};
    /// use std::path::Path;
    ///
    /// let charge = Function::parse("http://127.0.0.1:8080/charge", Path::new("."))?;
    /// let lambda = Lambda::from_env().await.function("Charge", charge);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn function(mut self, name: impl Into<String>, function: Function) -> Self {
        self.functions.push((name.into(), function));
        self
    }

    /// How long it may take to connect; 10 seconds if not set, here or by `ASL_CONNECT_TIMEOUT`.
    #[must_use]
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.connect = Some(timeout);
        self
    }

    /// How long a function may take until its answer begins. If not set, here or by `ASL_READ_TIMEOUT`: a little more than the 15 minutes
    /// that AWS assigns to it.
    #[must_use]
    pub const fn read_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.read = Some(timeout);
        self
    }

    async fn call(&self, task: &Invocation) -> Result<Value, TaskError> {
        typed::check(task)?;
        let request = request(task)?;
        let sent = match self.place_of(&request.name) {
            Some(FunctionPlace::Command { program, arguments, folder }) => {
                return command(&request, Started { program, arguments, folder }, &task.idempotency_uuid())
                    .await;
            }
            Some(FunctionPlace::Url(url)) => {
                self.send_to(FunctionPlace::address(url, &request.name), &request).await
            }
            None => self.send(&request).await,
        };
        let mut answer = sent.map_err(client_error)?;
        let body = answer.read_body(AWS_PAYLOAD_BYTES).await.map_err(|error| match error {
            BodyError::TooLarge => client_error("the answer is too large"),
            BodyError::Broken(reason) => client_error(reason),
        })?;
        result(&request, &answer, &body)
    }

    /// Where a function is, if it is not on AWS. What is said about a version or an alias comes before what is said about all of them.
    fn place_of(&self, asked: &Name<'_>) -> Option<&FunctionPlace> {
        let named = self.functions.iter().map(|(name, function)| (Name::parse(name), function));
        let fitting = named.filter(|(name, _)| name.stands_for(asked));
        fitting
            .reduce(|best, next| if next.0.is_qualified() && !best.0.is_qualified() { next } else { best })
            .map(|(_, function)| &function.place)
    }

    /// Whether a resource that is nothing to AWS, such as a placeholder without a value, is the name of a function that is elsewhere.
    fn is_named_by(&self, resource: &str) -> bool {
        Resource::parse(resource) == Resource::Other && self.place_of(&Name::parse(resource)).is_some()
    }

    async fn send_to(&self, address: String, request: &Request<'_>) -> Result<Answer, RequestError> {
        let message = Message {
            address,
            method: Method::POST,
            headers: &request.headers(),
            body: request.payload.clone().into_bytes(),
            signature: None,
            timeouts: self.caller.timeouts(self.timeouts, LONGEST)?,
        };
        self.caller.send(message).await
    }

    async fn send(&self, request: &Request<'_>) -> Result<Answer, RequestError> {
        let service = self.service.get_or_init(|| Service::from_env(&self.endpoints)).await;
        let query = request.qualifier.map(|qualifier| format!("?Qualifier={}", encoded(qualifier)));
        let path =
            format!("/2015-03-31/functions/{}/invocations{}", request.function, query.unwrap_or_default());
        let message = Message {
            address: format!("{}{path}", service.address("lambda")),
            method: Method::POST,
            headers: &request.headers(),
            body: request.payload.clone().into_bytes(),
            signature: Some(Signature { service: "lambda", region: &service.region }),
            timeouts: service.timeouts(self.timeouts, LONGEST)?,
        };
        service.send(message).await
    }
}

impl Request<'_> {
    const fn headers(&self) -> [(&'static str, &str); 2] {
        [("content-type", "application/json"), ("x-amz-invocation-type", self.invocation_type)]
    }
}

/// Lets a command do the work, as Lambda would: at once for `RequestResponse`, without waiting for `Event`, and not at all for `DryRun`.
async fn command(request: &Request<'_>, started: Started<'_>, request_id: &str) -> Result<Value, TaskError> {
    let payload = match request.invocation_type {
        "DryRun" => None,
        "Event" => {
            let (name, payload, id) =
                (request.name.to_text(), request.payload.clone(), request_id.to_owned());
            let (program, arguments, folder) =
                (started.program.to_owned(), started.arguments.to_owned(), started.folder.to_owned());
            // The outcome goes unreported.
            drop(tokio::spawn(async move {
                let started = Started { program: &program, arguments: &arguments, folder: &folder };
                let call = FunctionCall { name: Name::parse(&name), payload: &payload, request_id: &id };
                process::call(started, &call).await
            }));
            None
        }
        _ => {
            let call = FunctionCall { name: request.name, payload: &request.payload, request_id };
            Some(process::call(started, &call).await?)
        }
    };
    if !request.envelope {
        return Ok(payload.unwrap_or_default());
    }
    let status = match request.invocation_type {
        "Event" => 202,
        "DryRun" => 204,
        _ => 200,
    };
    let headers = [("x-amzn-RequestId".to_owned(), request_id.to_owned())];
    Ok(envelope(payload.is_some().then_some("$LATEST"), payload, &headers, status))
}

/// What `lambda:invoke` results in.
fn envelope(
    version: Option<&str>,
    payload: Option<Value>,
    headers: &[(String, String)],
    status: u16,
) -> Value {
    let mut envelope = Object::new();
    envelope.extend(version.map(|version| ("ExecutedVersion", version)));
    envelope.extend(payload.map(|payload| ("Payload", payload)));
    envelope.insert("SdkHttpMetadata", http_metadata(headers, status));
    envelope.insert("SdkResponseMetadata", response_metadata(headers));
    envelope.insert("StatusCode", u32::from(status));
    envelope.into()
}

impl Integration for Lambda {
    fn serves(&self, resource: &str) -> bool {
        is_function(resource) || is_invoke(resource) || self.is_named_by(resource)
    }

    fn invoke(&self, task: Invocation) -> BoxFuture<'_, Result<Value, TaskError>> {
        Box::pin(async move { self.call(&task).await })
    }
}

fn is_function(resource: &str) -> bool {
    Resource::parse(resource) == Resource::Lambda
}

fn is_invoke(resource: &str) -> bool {
    matches!(integration(resource), Some(("lambda", "invoke" | "invoke.waitForTaskToken")))
}

fn request(task: &Invocation) -> Result<Request<'_>, TaskError> {
    let parameters = task.parameters();
    let mut reasons = Reasons::default();
    if !is_invoke(task.resource()) {
        let function = function(task.resource(), &mut reasons);
        reasons.none(parameters)?;
        let (payload, invocation_type) = (parameters.to_string(), "RequestResponse");
        let name = Name::parse(task.resource());
        return Ok(Request { name, function, qualifier: None, invocation_type, payload, envelope: false });
    }
    let text = |name: &str| parameters.get(name).and_then(Value::as_str);
    let function = match text("FunctionName") {
        Some(name) => function(name, &mut reasons),
        None => {
            reasons.missing("FunctionName");
            String::new()
        }
    };
    let invocation_type = text("InvocationType").unwrap_or("RequestResponse");
    if HeaderValue::from_str(invocation_type).is_err() {
        reasons.unsendable("InvocationType", "cannot be sent in a header");
    }
    reasons.none(parameters)?;
    let payload = parameters.get("Payload").map_or_else(|| "{}".to_owned(), Value::to_string);
    let qualifier = text("Qualifier");
    let name = Name::parse(text("FunctionName").unwrap_or_default()).qualified(qualifier);
    Ok(Request { name, function, qualifier, invocation_type, payload, envelope: true })
}

/// The name of a function as a part of a path.
fn function(name: &str, reasons: &mut Reasons) -> String {
    segment(name).unwrap_or_else(|fault| {
        reasons.unsendable("FunctionName", fault);
        String::new()
    })
}

fn result(request: &Request<'_>, answer: &Answer, body: &[u8]) -> Result<Value, TaskError> {
    let text = String::from_utf8_lossy(body);
    let headers: Vec<(String, String)> = answer
        .headers()
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    let header = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    if !answer.status().is_success() {
        return Err(service_error(
            answer.status().as_u16(),
            header("x-amzn-errortype"),
            request_id(&headers),
            &text,
        ));
    }
    if header("x-amz-function-error").is_some() {
        return Err(function_error(&text));
    }
    let payload = match &*text {
        "" => Value::Null,
        text => Value::from_json(text).map_err(|_| client_error("the answer is not JSON"))?,
    };
    if !request.envelope {
        return Ok(payload);
    }
    let status = answer.status().as_u16();
    let version = header("x-amz-executed-version");
    Ok(envelope(version, (!body.is_empty()).then_some(payload), &headers, status))
}

/// What the function raised: its type is the error name, and all that is known about it the cause.
fn function_error(text: &str) -> TaskError {
    let raised = Value::from_json(text).unwrap_or_default();
    let name = raised.get("errorType").and_then(Value::as_str).unwrap_or("Lambda.Unknown");
    TaskError::new(name, text)
}

fn service_error(status: u16, error_type: Option<&str>, request_id: Option<&str>, text: &str) -> TaskError {
    let code = error_type.and_then(|kind| kind.split(':').next()).filter(|code| !code.is_empty());
    let code = code.unwrap_or("AWSLambdaException");
    let answer = Value::from_json(text).unwrap_or_default();
    let message = ["Message", "message"].iter().find_map(|name| answer.get(name)?.as_str()).unwrap_or(code);
    let request_id = request_id.unwrap_or("null");
    TaskError::new(
        format!("Lambda.{code}"),
        format!(
            "{message} (Service: AWSLambda; Status Code: {status}; Error Code: {code}; Request ID: {request_id}; Proxy: null)"
        ),
    )
}

fn client_error(reason: impl fmt::Display) -> TaskError {
    TaskError::new("Lambda.SdkClientException", format!("Unable to execute HTTP request: {reason}"))
}
