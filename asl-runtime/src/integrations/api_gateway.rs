//! `arn:aws:states:::apigateway:invoke`: calls an API of API Gateway (AWS, "Create API Gateway REST APIs with Step Functions").
//!
//! In: the parameters of the task. Out: `Headers`, `ResponseBody`, `StatusCode` and `StatusText`; or the error
//! `ApiGateway.<status>`, whose cause is the body, where the status is not in 2xx. The body of the request is always JSON: a string
//! is sent in its quotes, as recorded from AWS, and not as `http:invoke` sends it.
//!
//! What is decided where AWS has published nothing: `null` is left out of objects at all levels, and stays in arrays; an API that
//! cannot be reached fails with `ApiGateway.SdkClientException`; `Stage` and `Path` are text that is encoded, so that a `?`, `#` or `%` in
//! them is a letter of the path, and `.` and `..` are refused in them; the rest is as with `http:invoke`.

use super::address::{is_host_label, name, segments};
use super::environment::Endpoints;
use super::http::answer::{Answer, BodyError};
use super::http::encoding::encode_pairs;
use super::http::request::{method, sendable_headers};
use super::http::response::{self, Content};
use super::parameters::{Multi, Reasons, present};
use super::request_error::RequestError;
use super::signed::{Message, Service, Signature};
use super::timeouts::Timeouts;
use crate::integration::{BoxFuture, Integration};
use crate::invocation::Invocation;
use asl_engine::error::TaskError;
use asl_language::api_gateway::is_forbidden_header;
use asl_language::resource::integration;
use asl_language::{errors, limits};
use asl_value::{Object, Text, Value};
use hyper::Method;
use std::fmt;
use std::time::Duration;

const PARAMETERS: &[&str] = &[
    "AllowNullValues",
    "ApiEndpoint",
    "AuthType",
    "Headers",
    "Method",
    "Path",
    "QueryParameters",
    "RequestBody",
    "Stage",
];

/// Serves `arn:aws:states:::apigateway:invoke`.
///
/// Requests with an `AuthType` are signed. Where `AWS_ENDPOINT_URL` names a server other than AWS, requests are sent to that, with the
/// name of the API in `Host`.
///
/// ```no_run
/// # async fn host() {
/// use asl_runtime::InMemory;
/// use asl_runtime::integrations::api_gateway::ApiGateway;
///
/// let host = InMemory::new().integration(ApiGateway::from_env().await);
/// # }
/// ```
#[derive(Debug)]
pub struct ApiGateway {
    service: Service,
    timeout: Duration,
}

/// What a task asks for.
struct Request {
    /// The name of the API's host.
    api: String,
    /// With the stage and the query.
    path: String,
    method: Method,
    headers: Multi,
    body: Vec<u8>,
    signed: bool,
}

impl ApiGateway {
    /// Region, credentials and endpoint as every AWS SDK finds them.
    pub async fn from_env() -> Self {
        Self::from_env_with(&Endpoints::default()).await
    }

    /// The same with servers that come before those which the environment names.
    pub async fn from_env_with(endpoints: &Endpoints) -> Self {
        Self::new(Service::from_env(endpoints).await)
    }

    /// A server other than AWS in the place of all APIs.
    #[must_use]
    pub fn with_endpoint(url: &str, region: &str, access_key_id: &str, secret_access_key: &str) -> Self {
        Self::new(Service::with_endpoint(url, region, access_key_id, secret_access_key))
    }

    const fn new(service: Service) -> Self {
        Self { service, timeout: Duration::from_secs(limits::HTTP_SECONDS) }
    }

    /// How long a request may take, until the last byte of its answer; 60 seconds if not set.
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The address of the server in the place of all APIs, if it is not AWS.
    fn server(&self) -> Option<String> {
        self.service.elsewhere(&["api-gateway"])
    }

    async fn call(&self, task: &Invocation) -> Result<Value, TaskError> {
        let request = parse_request(task.parameters(), self.server().is_some())?;
        let exchange = self.exchange(task.resource(), &request);
        tokio::time::timeout(self.timeout, exchange).await.unwrap_or_else(|_| {
            Err(unreachable(&request, format!("no answer within {} seconds", self.timeout.as_secs_f64())))
        })
    }

    async fn exchange(&self, resource: &str, request: &Request) -> Result<Value, TaskError> {
        let mut answer = self.send(request).await.map_err(|reason| unreachable(request, reason))?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.read_body(limits::AWS_PAYLOAD_BYTES).await.map_err(|error| match error {
            BodyError::TooLarge => TaskError::new(
                Text::new_static(errors::DATA_LIMIT_EXCEEDED),
                format!("The state/task '{resource}' returned a result with a size exceeding the maximum number of bytes service limit."),
            ),
            BodyError::Broken(reason) => unreachable(request, reason),
        })?;
        if !status.is_success() {
            let error = Text::from(format!("ApiGateway.{}", status.as_u16()));
            return Err(TaskError::new(error, String::from_utf8_lossy(&body).into_owned()));
        }
        if !body.is_empty() {
            response::check_encoding(&headers)?;
        }
        let content = response::content(&request.method, status, &headers).unwrap_or(Content::TEXT);
        Ok(response::result(status, &headers, content, &body))
    }

    async fn send(&self, request: &Request) -> Result<Answer, RequestError> {
        let elsewhere = self.server();
        let stands_for_it = elsewhere.is_some();
        let address = elsewhere.unwrap_or_else(|| format!("https://{}", request.api)) + &request.path;
        let joined = joined(&request.headers);
        let mut headers: Vec<_> = joined.iter().map(|(name, value)| (*name, value.as_str())).collect();
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            headers.push(("content-type", "application/json"));
        }
        if stands_for_it {
            headers.push(("host", &request.api));
        }
        let region = region(&request.api).unwrap_or(&self.service.region);
        let message = Message {
            address,
            method: request.method.clone(),
            headers: &headers,
            body: request.body.clone(),
            signature: request.signed.then_some(Signature { service: "execute-api", region }),
            // All that a task does has one limit.
            timeouts: Timeouts::default(),
        };
        self.service.send(message).await
    }
}

impl Integration for ApiGateway {
    fn serves(&self, resource: &str) -> bool {
        matches!(integration(resource), Some(("apigateway", "invoke" | "invoke.waitForTaskToken")))
    }

    fn invoke(&self, task: Invocation) -> BoxFuture<'_, Result<Value, TaskError>> {
        Box::pin(async move { self.call(&task).await })
    }
}

fn parse_request(parameters: &Value, is_elsewhere: bool) -> Result<Request, TaskError> {
    let mut reasons = Reasons::default();
    let request =
        reasons.parameters(parameters).and_then(|fields| parse_fields(fields, is_elsewhere, &mut reasons));
    reasons.none(parameters)?;
    request.ok_or_else(|| TaskError::runtime("The parameters of the API Gateway task cannot be read."))
}

fn parse_fields(fields: &Object, is_elsewhere: bool, reasons: &mut Reasons) -> Option<Request> {
    reasons.unknown(fields, PARAMETERS);
    let api = reasons.required_text(fields, "ApiEndpoint").map(str::to_owned);
    if api.as_ref().is_some_and(|api| !is_host_name(api)) {
        reasons.invalid("ApiEndpoint");
    }
    let method = method(fields, reasons);
    let headers = sendable_headers(fields, &texts, is_forbidden_header, reasons);
    let query = reasons.multi(fields, "QueryParameters", &texts);
    let path = address_path(fields, reasons) + &address_query(&query);
    let keeps_null = reasons.boolean(fields, "AllowNullValues").unwrap_or_default();
    let signed = match reasons.text(fields, "AuthType") {
        None | Some("NO_AUTH") => false,
        Some("IAM_ROLE" | "RESOURCE_POLICY") => true,
        Some(_) => {
            reasons.invalid("AuthType");
            false
        }
    };
    let body = present(fields, "RequestBody").map_or_else(String::new, |body| {
        if keeps_null { body.to_string() } else { without_null(body).to_string() }
    });
    if signed && !is_elsewhere && api.as_ref().is_some_and(|api| region(api).is_none()) {
        // A signature is for AWS alone: any other server that got it could use its token.
        reasons.invalid("ApiEndpoint");
    }
    Some(Request { api: api?, path, method: method?, headers, body: body.into_bytes(), signed })
}

/// Each header and each query parameter has a list of values; a text alone is refused, as recorded from AWS.
fn texts(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|value| value.as_str().map(str::to_owned)).collect()
}

/// `/prod/bills/add`
fn address_path(fields: &Object, reasons: &mut Reasons) -> String {
    let stage = reasons.text(fields, "Stage").map(|stage| ("Stage", name(stage.trim_start_matches('/'))));
    let path = reasons.text(fields, "Path").map(|path| {
        // The API itself.
        ("Path", if path == "/" { Ok(String::new()) } else { segments(path) })
    });
    let mut address = String::new();
    for (field, part) in stage.into_iter().chain(path) {
        match part {
            Ok(part) => address += &format!("/{part}"),
            Err(fault) => reasons.unsendable(field, fault),
        }
    }
    if address.is_empty() { "/".to_owned() } else { address }
}

/// `?billId=1`
fn address_query(query: &Multi) -> String {
    let encoded = encode_pairs(
        query
            .iter()
            .flat_map(|(name, values)| values.iter().map(move |value| (name.as_str(), value.as_str()))),
    );
    if encoded.is_empty() { encoded } else { format!("?{encoded}") }
}

/// Each header once: names that differ in the case of their letters are the same.
fn joined(headers: &Multi) -> Vec<(&str, String)> {
    let mut joined: Vec<(&str, String)> = Vec::new();
    for (name, values) in headers {
        let values = values.join(",");
        match joined.iter_mut().find(|(other, _)| other.eq_ignore_ascii_case(name)) {
            Some((_, others)) => *others = format!("{others},{values}"),
            None => joined.push((name, values)),
        }
    }
    joined
}

/// `<api>.execute-api.<region>.amazonaws.com`, with a port where it is another server's.
fn is_host_name(text: &str) -> bool {
    let (host, port) = text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)));
    host.split('.').all(is_host_label) && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

/// The Region in the name of an API's host, `<api>.execute-api.<region>.amazonaws.com`, if it is one of AWS.
fn region(api: &str) -> Option<&str> {
    let (_, rest) = api.split_once(".execute-api.")?;
    let (region, domain) = rest.split_once('.')?;
    matches!(domain, "amazonaws.com" | "amazonaws.com.cn").then_some(region)
}

/// The nesting of a value is limited.
fn without_null(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (Text::from(name), without_null(value)))
            .collect::<Object>()
            .into(),
        Value::Array(elements) => elements.iter().map(without_null).collect::<Vec<_>>().into(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// The cause names the host only: path and query may hold what does not belong in a history.
fn unreachable(request: &Request, reason: impl fmt::Display) -> TaskError {
    TaskError::new("ApiGateway.SdkClientException", format!("{}: {reason}", request.api))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_apis_of_aws_get_a_signature() {
        let refused = |api: &str| {
            let parameters = Value::from_json(&format!(
                r#"{{"ApiEndpoint": "{api}", "Method": "GET", "AuthType": "IAM_ROLE"}}"#
            ));
            parse_request(&parameters.unwrap(), false).err()
        };
        assert!(refused("a1.execute-api.us-east-1.amazonaws.com").is_none());
        for api in
            ["example.org", "a1.execute-api.us-east-1.amazonaws.com.example.org", "execute-api.example.org"]
        {
            let error = refused(api).unwrap();
            assert!(error.cause().unwrap().contains("'ApiEndpoint' has an invalid format"), "{error:?}");
        }
    }
}
