//! Lambda functions on AWS: `arn:aws:lambda:...:function:...`, and `arn:aws:states:::lambda:invoke`.
//!
//! In: the parameters of a task. Out: the function's result, in the envelope of the API for `lambda:invoke`; or the error that the
//! function raised, or the service. Requests are signed with Signature Version 4 and sent once: what fails is for Retriers.

use super::http::transport::{Answer, BodyError};
use super::metadata::{http_metadata, request_id, response_metadata};
use super::signed::{Service, Signature};
use crate::integration::{BoxFuture, Integration};
use crate::invocation::Invocation;
use asl_engine::error::TaskError;
use asl_language::limits::AWS_PAYLOAD_BYTES;
use asl_value::{Object, Value};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;

/// Serves tasks by Lambda functions on AWS, or on a server that has Lambda's API. Functions that are registered on the host come first.
#[derive(Debug)]
pub struct Lambda(Service);

/// What Lambda is asked.
struct Request<'a> {
    function: &'a str,
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
        Self(Service::from_env().await)
    }

    /// A server other than AWS.
    #[must_use]
    pub fn with_endpoint(url: &str, region: &str, access_key_id: &str, secret_access_key: &str) -> Self {
        Self(Service::with_endpoint(url, region, access_key_id, secret_access_key))
    }

    async fn call(&self, task: &Invocation) -> Result<Value, TaskError> {
        let request = request(task)?;
        let mut answer = self.send(&request).await.map_err(client_error)?;
        let body = answer.read_body(AWS_PAYLOAD_BYTES).await.map_err(|error| match error {
            BodyError::TooLarge => client_error("the answer is too large"),
            BodyError::Broken(reason) => client_error(reason),
        })?;
        result(&request, &answer, &body)
    }

    async fn send(&self, request: &Request<'_>) -> Result<Answer, String> {
        let function = utf8_percent_encode(request.function, NON_ALPHANUMERIC);
        let qualifier = request.qualifier.map(|qualifier| utf8_percent_encode(qualifier, NON_ALPHANUMERIC));
        let query = qualifier.map(|qualifier| format!("?Qualifier={qualifier}")).unwrap_or_default();
        let path = format!("/2015-03-31/functions/{function}/invocations{query}");
        let headers =
            [("content-type", "application/json"), ("x-amz-invocation-type", request.invocation_type)];
        let address = format!("{}{path}", self.0.address("lambda"));
        let signature = Signature { service: "lambda", region: &self.0.region };
        let body = request.payload.clone().into_bytes();
        self.0.send_to(&address, Method::POST, &headers, body, signature).await
    }
}

impl Integration for Lambda {
    fn serves(&self, resource: &str) -> bool {
        is_function(resource) || is_invoke(resource)
    }

    fn invoke(&self, task: Invocation) -> BoxFuture<'_, Result<Value, TaskError>> {
        Box::pin(async move { self.call(&task).await })
    }
}

fn is_function(resource: &str) -> bool {
    resource.starts_with("arn:aws") && resource.split(':').nth(2) == Some("lambda")
}

fn is_invoke(resource: &str) -> bool {
    let action = resource.split_once(":states:::").map(|(_, action)| action);
    resource.starts_with("arn:aws")
        && matches!(action, Some("lambda:invoke" | "lambda:invoke.waitForTaskToken"))
}

fn request(task: &Invocation) -> Result<Request<'_>, TaskError> {
    if is_function(task.resource()) {
        let payload = task.parameters().to_string();
        let (function, invocation_type) = (task.resource(), "RequestResponse");
        return Ok(Request { function, qualifier: None, invocation_type, payload, envelope: false });
    }
    let text = |name: &str| task.parameters().get(name).and_then(Value::as_str);
    let Some(function) = text("FunctionName") else {
        return Err(TaskError::runtime(format!(
            "The Parameters '{}' could not be used to start the Task: [The field 'FunctionName' is required but was missing]",
            task.parameters()
        )));
    };
    Ok(Request {
        function,
        qualifier: text("Qualifier"),
        invocation_type: text("InvocationType").unwrap_or("RequestResponse"),
        payload: task.parameters().get("Payload").map_or_else(|| "{}".to_owned(), Value::to_string),
        envelope: true,
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
    let payload = Value::from_json(&text).unwrap_or_default();
    if !request.envelope {
        return Ok(payload);
    }
    let status = answer.status().as_u16();
    let mut envelope = Object::new();
    envelope.extend(header("x-amz-executed-version").map(|version| ("ExecutedVersion", version)));
    if !body.is_empty() {
        envelope.insert("Payload", payload);
    }
    envelope.insert("SdkHttpMetadata", http_metadata(&headers, status));
    envelope.insert("SdkResponseMetadata", response_metadata(&headers));
    envelope.insert("StatusCode", u32::from(status));
    Ok(envelope.into())
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

fn client_error(reason: impl Into<String>) -> TaskError {
    TaskError::new("Lambda.SdkClientException", format!("Unable to execute HTTP request: {}", reason.into()))
}
