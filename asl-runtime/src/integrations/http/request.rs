//! What the parameters of an HTTP task ask for.
//!
//! In: the parameters. Out: endpoint, method, headers, query and body, each as the task wrote it, or all the reasons why they
//! cannot be used. Connections are added afterwards (`prepare`).

use super::addresses::{Address, Addresses};
use super::encoding::{ArrayFormat, scalar_text};
use crate::integrations::parameters::{Multi, Reasons, present};
use asl_engine::error::TaskError;
use asl_language::http;
use asl_value::{Object, Value};
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use std::sync::Arc;

pub(super) struct Request {
    pub(super) endpoint: Arc<Address>,
    pub(super) method: Method,
    pub(super) headers: Multi,
    pub(super) query: Multi,
    pub(super) body: Option<Value>,
    /// Set by `RequestBodyEncoding: URL_ENCODED`.
    pub(super) form: Option<ArrayFormat>,
    pub(super) connection: Option<String>,
}

/// Reads the parameters of a task.
pub(super) fn parse_request(parameters: &Value, addresses: &Addresses) -> Result<Request, TaskError> {
    let mut reasons = Reasons::default();
    let fields = reasons.parameters(parameters);
    let request = fields.and_then(|fields| parse_fields(fields, addresses, &mut reasons));
    reasons.none(parameters)?;
    request.ok_or_else(|| TaskError::runtime("The parameters of the HTTP task cannot be read."))
}

fn parse_fields(fields: &Object, addresses: &Addresses, reasons: &mut Reasons) -> Option<Request> {
    reasons.unknown(fields, http::PARAMETERS);
    let endpoint = parse_endpoint(fields, addresses, reasons);
    let method = method(fields, reasons);
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let headers = sendable_headers(fields, &|value| values(value, text), http::is_forbidden_header, reasons);
    let query = reasons.multi(fields, "QueryParameters", &|value| values(value, scalar));
    let form = parse_transform(fields, reasons);
    let body = present(fields, "RequestBody").cloned();
    if form.is_some() && body.as_ref().is_some_and(|body| body.as_object().is_none()) {
        reasons.invalid("RequestBody");
    }
    let connection = parse_connection(fields, reasons);
    Some(Request { endpoint: endpoint?, method: method?, headers, query, body, form, connection })
}

fn parse_endpoint(fields: &Object, addresses: &Addresses, reasons: &mut Reasons) -> Option<Arc<Address>> {
    let address = addresses.read(reasons.required_text(fields, "ApiEndpoint")?);
    if address.is_none() {
        reasons.invalid("ApiEndpoint");
    }
    address
}

/// `Method`
pub(in crate::integrations) fn method(fields: &Object, reasons: &mut Reasons) -> Option<Method> {
    let text = reasons.required_text(fields, "Method")?;
    if !http::METHODS.contains(&text) {
        reasons.add(one_of("Method", http::METHODS));
        return None;
    }
    Method::from_bytes(text.as_bytes()).ok()
}

/// `Headers`, of which some are not for a task to set.
pub(in crate::integrations) fn sendable_headers(
    fields: &Object,
    values: &dyn Fn(&Value) -> Option<Vec<String>>,
    is_forbidden: fn(&str) -> bool,
    reasons: &mut Reasons,
) -> Multi {
    let headers = reasons.multi(fields, "Headers", values);
    let forbidden: Vec<String> =
        headers.iter().map(|(name, _)| name.to_ascii_lowercase()).filter(|name| is_forbidden(name)).collect();
    if !forbidden.is_empty() {
        reasons.add(format!("The 'Headers' field contains unsupported values: [{}]", forbidden.join(", ")));
    }
    let sendable = |(name, values): &(String, Vec<String>)| {
        HeaderName::from_bytes(name.as_bytes()).is_ok()
            && values.iter().all(|value| HeaderValue::from_str(value).is_ok())
    };
    if !headers.iter().all(sendable) {
        reasons.invalid("Headers");
    }
    headers
}

/// One text, or several.
fn values(value: &Value, text: impl Fn(&Value) -> Option<String>) -> Option<Vec<String>> {
    match value.as_array() {
        Some(elements) => elements.iter().map(text).collect(),
        None => text(value).map(|value| vec![value]),
    }
}

/// A URL knows only text, so numbers and Booleans are written out.
fn scalar(value: &Value) -> Option<String> {
    let is_scalar = matches!(value, Value::Bool(_) | Value::Number(_) | Value::String(_));
    is_scalar.then(|| scalar_text(value))
}

fn parse_transform(fields: &Object, reasons: &mut Reasons) -> Option<ArrayFormat> {
    let transform = reasons.object(fields, "Transform")?;
    let options = reasons.object(transform, "RequestEncodingOptions");
    let format = options.and_then(|options| parse_array_format(options, reasons)).unwrap_or_default();
    match reasons.text(transform, "RequestBodyEncoding")? {
        "NONE" => None,
        "URL_ENCODED" => Some(format),
        _ => {
            reasons.add(one_of("RequestBodyEncoding", http::BODY_ENCODINGS));
            None
        }
    }
}

fn parse_array_format(options: &Object, reasons: &mut Reasons) -> Option<ArrayFormat> {
    match reasons.text(options, "ArrayFormat")? {
        "INDICES" => Some(ArrayFormat::Indices),
        "REPEAT" => Some(ArrayFormat::Repeat),
        "COMMAS" => Some(ArrayFormat::Commas),
        "BRACKETS" => Some(ArrayFormat::Brackets),
        _ => {
            reasons.add(one_of("ArrayFormat", http::ARRAY_FORMATS));
            None
        }
    }
}

/// `Authentication` and its newer form, `InvocationConfig`, name the same thing.
fn parse_connection(fields: &Object, reasons: &mut Reasons) -> Option<String> {
    let holder =
        reasons.object(fields, "Authentication").or_else(|| reasons.object(fields, "InvocationConfig"))?;
    reasons.required_text(holder, "ConnectionArn").map(str::to_owned)
}

fn one_of(field: &str, values: &[&str]) -> String {
    format!("The field '{field}' should have one of these values: [{}]", values.join(", "))
}
