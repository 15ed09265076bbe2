//! The request that is sent: the task's part and the connection's part, merged as recorded from AWS.
//!
//! In: what the task asks for, and what its connection adds. Out: an HTTP request, complete but for `Host` and
//! `Content-Length`. Nothing is sent here.

use super::connection::Additions;
use super::encoding::{encode_form, encode_pairs};
use super::request::Request;
use crate::exchange::HttpRequest as Shown;
use crate::integrations::parameters::Multi;
use asl_engine::error::TaskError;
use asl_value::{Object, Value};
use reqwest::Request as HttpRequest;
#[cfg(feature = "opentelemetry")]
use reqwest::header::HeaderMap;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, RANGE, USER_AGENT};

const JSON: &str = "application/json; charset=UTF-8";
/// As many bytes as the result of a task may have on AWS.
const BYTES: &str = "bytes=0-262144";

/// Merges and encodes a request for `endpoint`, which is the task's endpoint after overrides.
pub(super) fn prepare(
    request: &Request,
    endpoint: &str,
    additions: Additions,
    region: &str,
) -> Result<HttpRequest, TaskError> {
    let body = encode_body(request, merge_body(request.body.as_ref(), additions.body)?);
    let query = merge_query(&request.query, additions.query);
    let address = if query.is_empty() && endpoint == request.endpoint.text {
        request.endpoint.url.clone()
    } else {
        add_query(endpoint, &query).parse().map_err(|_| {
            TaskError::runtime(
                "The address of the HTTP task and its query parameters do not make a valid URL.",
            )
        })?
    };
    let mut prepared = HttpRequest::new(request.method.clone(), address);
    *prepared.body_mut() = Some(body.into());
    let headers = prepared.headers_mut();
    for (name, value) in merge_headers(&request.headers, &additions.headers) {
        let (name, value) = header(name, value)?;
        headers.append(name, value);
    }
    if !headers.contains_key(USER_AGENT) {
        headers.insert(USER_AGENT, header("User-Agent", &user_agent(region))?.1);
    }
    for (name, value) in [(RANGE, BYTES), (CONTENT_TYPE, JSON)] {
        headers.entry(name).or_insert_with(|| HeaderValue::from_static(value));
    }
    // The length is counted, never told.
    #[cfg(feature = "opentelemetry")]
    add_trace_context(headers);
    headers.remove(CONTENT_LENGTH);
    Ok(prepared)
}

/// The headers of every request, unless the task has them.
fn own_headers(region: &str) -> [(&'static str, String); 2] {
    [("User-Agent", user_agent(region)), ("Range", BYTES.to_owned())]
}

fn user_agent(region: &str) -> String {
    format!("Amazon|StepFunctions|HttpInvoke|{region}")
}

/// The same request as AWS shows it: what the task says comes before what its connection adds, of which the authorization, added last, comes
/// first; names are as they were written.
pub(super) fn shown(
    request: &Request,
    endpoint: &str,
    mut additions: Additions,
    region: &str,
) -> Result<Shown, TaskError> {
    if let Some(authorization) = additions.headers.pop() {
        additions.headers.insert(0, authorization);
    }
    let body = encode_body(request, merge_body(request.body.as_ref(), additions.body)?);
    let query = merge_query(&request.query, additions.query);
    let is_of_task = |name: &str| request.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
    let is_added = |name: &String| additions.headers.iter().any(|(added, _)| added == name);
    let own = own_headers(region).into_iter().filter(|(name, _)| !is_of_task(name));
    let of_task = request.headers.iter().filter(|(name, _)| !is_added(name));
    let of_task = of_task.flat_map(|(name, values)| values.iter().map(|value| (name.clone(), value.clone())));
    let own = own.map(|(name, value)| (name.to_owned(), value));
    let headers = of_task.chain(additions.headers.iter().cloned()).chain(own).collect();
    let (method, url) = (request.method.to_string(), add_query(endpoint, &query));
    Ok(Shown { method, url, headers, body })
}

/// A header, or an error that does not show the value, which may be a secret.
fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), TaskError> {
    let invalid = || TaskError::runtime(format!("The header '{name}' of the HTTP task cannot be sent."));
    let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| invalid())?;
    let mut value = HeaderValue::from_str(value).map_err(|_| invalid())?;
    value.set_sensitive(true);
    Ok((header, value))
}

/// What the task says itself is never replaced.
#[cfg(feature = "opentelemetry")]
fn add_trace_context(headers: &mut HeaderMap) {
    for (name, value) in crate::monitoring::traces::trace_headers() {
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value))
        {
            headers.entry(name).or_insert(value);
        }
    }
}

/// Header names are compared with their case, so that `X-Shared` of a connection and `x-shared` of a task are both sent, the
/// connection's first.
fn merge_headers<'a>(task: &'a Multi, connection: &'a [(String, String)]) -> Vec<(&'a str, &'a str)> {
    let mut merged: Vec<(&str, &str)> = Vec::with_capacity(connection.len() + task.len());
    for (name, value) in connection {
        match merged.iter_mut().find(|(existing, _)| existing == name) {
            Some((_, known)) => *known = value,
            None => merged.push((name, value)),
        }
    }
    let added = merged.len();
    for (name, values) in task {
        if !merged.iter().take(added).any(|(existing, _)| existing == name) {
            merged.extend(values.iter().map(|value| (name.as_str(), value.as_str())));
        }
    }
    merged
}

fn merge_query(task: &Multi, connection: Vec<(String, String)>) -> Multi {
    let mut merged = task.clone();
    for (name, value) in connection {
        set(&mut merged, name, value);
    }
    merged
}

fn set(multi: &mut Multi, name: String, value: String) {
    match multi.iter_mut().find(|(existing, _)| *existing == name) {
        Some((_, values)) => *values = vec![value],
        None => multi.push((name, vec![value])),
    }
}

fn merge_body(body: Option<&Value>, connection: Vec<(String, String)>) -> Result<Option<Value>, TaskError> {
    if connection.is_empty() {
        return Ok(body.cloned());
    }
    let mut fields = match body {
        None => Object::new(),
        Some(Value::Object(fields)) => fields.clone(),
        Some(_) => {
            let cause = "Cannot merge connection body authorization parameters with request body.";
            return Err(TaskError::runtime(cause));
        }
    };
    fields.extend(connection);
    Ok(Some(fields.into()))
}

fn encode_body(request: &Request, body: Option<Value>) -> String {
    match (body, request.form) {
        (None, _) => String::new(),
        (Some(Value::Object(fields)), Some(format)) => encode_form(&fields, format),
        (Some(Value::String(text)), None) => text.into(),
        (Some(other), _) => other.to_string(),
    }
}

fn add_query(endpoint: &str, query: &Multi) -> String {
    let pairs = query
        .iter()
        .flat_map(|(name, values)| values.iter().map(move |value| (name.as_str(), value.as_str())));
    let encoded = encode_pairs(pairs);
    let joint = match endpoint.split_once('?') {
        _ if encoded.is_empty() => "",
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    format!("{endpoint}{joint}{encoded}")
}

#[cfg(test)]
mod tests {
    use super::super::addresses::Addresses;
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }

    fn multi(pairs: &[(&str, &str)]) -> Multi {
        pairs.iter().map(|(name, value)| ((*name).into(), vec![(*value).into()])).collect()
    }

    #[test]
    fn headers_of_a_connection_come_first_and_replace_only_the_same_spelling() {
        let task = multi(&[("X-A", "task"), ("X-Shared", "task"), ("x-shared", "task")]);
        let connection = pairs(&[("X-Shared", "connection")]);
        let merged = merge_headers(&task, &connection);
        assert_eq!(merged, [("X-Shared", "connection"), ("X-A", "task"), ("x-shared", "task")]);
    }

    #[test]
    fn as_many_bytes_are_asked_for_as_a_result_may_have() {
        assert_eq!(BYTES, format!("bytes=0-{}", asl_language::limits::AWS_PAYLOAD_BYTES));
    }

    #[test]
    fn a_request_is_shown_in_the_order_of_aws() {
        let parameters = r#"{"ApiEndpoint": "https://h/p", "Method": "GET", "Headers": {"definitionHeader": "h1"},
            "QueryParameters": {"q": "1"}, "RequestBody": {"a": 1}}"#;
        let parameters = Value::from_json(parameters).unwrap();
        let request = super::super::request::parse_request(&parameters, &Addresses::default()).unwrap();
        let additions = Additions {
            headers: pairs(&[("CustomHeader1", "c"), ("Authorization", "Basic x")]),
            query: pairs(&[("r", "2")]),
            body: pairs(&[("b", "3")]),
        };
        let shown = shown(&request, "https://h/p", additions, "us-east-1").unwrap();
        let names: Vec<_> = shown.headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["definitionHeader", "Authorization", "CustomHeader1", "User-Agent", "Range"]);
        assert_eq!((shown.url.as_str(), shown.body.as_str()), ("https://h/p?q=1&r=2", r#"{"a":1,"b":"3"}"#));
    }

    #[test]
    fn query_and_body_of_a_connection_replace_in_place_and_append() {
        let query = merge_query(&multi(&[("a", "1"), ("b", "2")]), pairs(&[("a", "9"), ("c", "3")]));
        assert_eq!(add_query("http://h/p?z=0", &query), "http://h/p?z=0&a=9&b=2&c=3");
        let body = Value::from_json(r#"{"a": 1, "b": 2}"#).unwrap();
        let merged = merge_body(Some(&body), pairs(&[("a", "9"), ("c", "3")])).unwrap().unwrap();
        assert_eq!(merged.to_string(), r#"{"a":"9","b":2,"c":"3"}"#);
        assert!(merge_body(Some(&"text".into()), pairs(&[("a", "9")])).is_err());
    }
}
