//! From the answer of a service to the result of a task, or to its error.

use super::{ActionCall, cbor, events, scalar, xml};
use crate::integrations::metadata::{http_metadata, request_id, response_metadata};
use asl_engine::error::TaskError;
use asl_engine::generated::action::{Protocol, Type, WirePart, WirePlace};
use asl_value::{Object, Value};
use hyper::HeaderMap;
use roxmltree::Document;
use std::borrow::Cow;

type Headers = [(String, String)];

pub(super) fn read(
    call: ActionCall,
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Value, TaskError> {
    let headers: Vec<(String, String)> = headers
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    let text = text_of(call, body)
        .map_err(|reason| call.client_error(&format!("the answer cannot be read: {reason}")))?;
    if !(200..300).contains(&status) || is_late_error(call, &text) {
        return Err(Failure::read(call, status, &headers, &text).error(call, status));
    }
    let mut result = result(call, status, &headers, &text)
        .map_err(|reason| call.client_error(&format!("the answer cannot be read: {reason}")))?;
    if call.is_sdk {
        return Ok(result.into());
    }
    events::check(call, &result)?;
    let mut metadata = response_metadata(&headers);
    if metadata.is_empty()
        && let Some(id) = id_in_body(&text)
    {
        metadata.insert("RequestId", id);
    }
    result.insert("SdkHttpMetadata", http_metadata(&headers, status));
    result.insert("SdkResponseMetadata", metadata);
    Ok(result.into())
}

/// The body as text, which is JSON or XML: from CBOR it becomes JSON.
fn text_of(call: ActionCall, body: &[u8]) -> Result<Cow<'_, str>, String> {
    if call.action.protocol == Protocol::Cbor && !body.is_empty() {
        return cbor::read(body).map(|value| value.to_string().into());
    }
    Ok(String::from_utf8_lossy(body))
}

/// Whether S3 found out that it could not do something when it had begun to answer (Amazon S3 API Reference, `CopyObject`).
fn is_late_error(call: ActionCall, text: &str) -> bool {
    let has_payload = call.members(call.action.output).iter().any(|member| {
        member.place == WirePlace::Payload && matches!(member.type_, Type::Blob | Type::String)
    });
    call.action.endpoint == "s3"
        && !has_payload
        && Document::parse(text).is_ok_and(|document| document.root_element().has_tag_name_of("Error"))
}

/// `ResponseMetadata/RequestId` of query services.
fn id_in_body(text: &str) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let node = document.descendants().find(|node| node.has_tag_name_of("RequestId"))?;
    node.text().map(str::to_owned)
}

trait TagName {
    fn has_tag_name_of(&self, name: &str) -> bool;
}

impl TagName for roxmltree::Node<'_, '_> {
    fn has_tag_name_of(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}

/// Fields by the alphabet.
pub(super) fn object(mut fields: Vec<(&'static str, Value)>) -> Object {
    fields.sort_by_key(|(name, _)| *name);
    fields.into_iter().collect()
}

fn result(call: ActionCall, status: u16, headers: &Headers, text: &str) -> Result<Object, String> {
    let members = call.members(call.action.output);
    let mut fields = Vec::new();
    let header =
        |name: &str| headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    for member in members {
        let value = match member.place {
            WirePlace::Header => header(member.wire).map(|text| scalar::read(member, text, call.is_sdk)),
            WirePlace::Headers => Some(prefixed(member, headers)),
            WirePlace::Status => Some(u32::from(status).into()),
            WirePlace::Payload => payload(call, member, text)?,
            WirePlace::Body | WirePlace::Host | WirePlace::Path | WirePlace::Query | WirePlace::Attribute => {
                None
            }
        };
        fields.extend(value.map(|value| (member.name, value)));
    }
    let has_payload = members.iter().any(|member| member.place == WirePlace::Payload);
    if !has_payload && !text.trim().is_empty() {
        fields.extend(body(call, members, text)?);
    }
    Ok(object(fields))
}

fn prefixed(member: &WirePart, headers: &Headers) -> Value {
    let mut fields = Object::new();
    for (name, value) in headers {
        let (prefix, length) = (member.wire.to_ascii_lowercase(), member.wire.len());
        if name.to_ascii_lowercase().starts_with(&prefix) {
            fields.insert(name.get(length..).unwrap_or_default(), value.as_str());
        }
    }
    fields.into()
}

fn is_json(call: ActionCall) -> bool {
    matches!(call.action.protocol, Protocol::Json10 | Protocol::Json11 | Protocol::RestJson | Protocol::Cbor)
}

fn payload(call: ActionCall, member: &'static WirePart, text: &str) -> Result<Option<Value>, String> {
    if matches!(member.type_, Type::Blob | Type::String) {
        return Ok(Some(text.into()));
    }
    if text.trim().is_empty() {
        return Ok(call.shape(member.type_).map(|_| Object::new().into()));
    }
    if is_json(call) {
        return parse(text).map(|value| Some(json(call, member, &value)));
    }
    let document = Document::parse(text).map_err(|error| error.to_string())?;
    Ok(Some(xml::read(call, document.root_element(), member)))
}

fn parse(text: &str) -> Result<Value, String> {
    Value::from_json(text).map_err(|error| error.to_string())
}

fn body(
    call: ActionCall,
    members: &'static [WirePart],
    text: &str,
) -> Result<Vec<(&'static str, Value)>, String> {
    if is_json(call) {
        let value = parse(text)?;
        return Ok(value.as_object().map(|fields| json_members(call, members, fields)).unwrap_or_default());
    }
    let document = Document::parse(text).map_err(|error| error.to_string())?;
    let root = document.root_element();
    let wrapper = format!("{}Result", call.action.operation);
    let is_wrapped = call.action.protocol == Protocol::Query;
    let node = root.children().find(|child| is_wrapped && child.has_tag_name_of(&wrapper)).unwrap_or(root);
    // `GetBucketLocation` has nothing around its only value.
    if let [member] = members
        && root.has_tag_name_of(member.wire)
        && !root.children().any(|child| child.is_element())
    {
        return Ok(root.text().map(|text| (member.name, text.into())).into_iter().collect());
    }
    Ok(xml::read_members(call, node, members))
}

fn json_members(
    call: ActionCall,
    members: &'static [WirePart],
    fields: &Object,
) -> Vec<(&'static str, Value)> {
    let in_body = members.iter().filter(|member| matches!(member.place, WirePlace::Body | WirePlace::Host));
    let given = in_body
        .filter_map(|member| Some((member, fields.get(member.wire).filter(|value| !value.is_null())?)));
    given.map(|(member, value)| (member.name, json(call, member, value))).collect()
}

/// A value with the names of tasks.
fn json(call: ActionCall, part: &'static WirePart, value: &Value) -> Value {
    match (part.type_, value) {
        (Type::Timestamp, value) => scalar::moment(value, call.is_sdk),
        (Type::Blob, Value::String(text)) => scalar::decoded(text),
        (Type::Shape(_), value) => call.map_parts(
            part.type_,
            value,
            |members, fields| object(json_members(call, members, fields)),
            |element, value| json(call, element, value),
        ),
        _ => value.clone(),
    }
}

/// What a service says when it refuses.
#[derive(Default)]
struct Failure {
    code: String,
    /// The code that services had before they spoke JSON.
    old_code: Option<String>,
    message: Option<String>,
    request_id: Option<String>,
    extended_id: Option<String>,
}

impl Failure {
    fn read(call: ActionCall, status: u16, headers: &Headers, text: &str) -> Self {
        let header = |name: &str| {
            headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
        };
        let mut failure = if is_json(call) { Self::of_json(text) } else { Self::of_xml(text) };
        if let Some(code) = header("x-amzn-errortype") {
            failure.code = code_of(code);
        }
        // An answer to `HEAD` has no body that could say it.
        if failure.code.is_empty() && status == 404 && call.action.endpoint == "s3" {
            failure.code = match call.action.operation {
                "HeadObject" => "NoSuchKey".to_owned(),
                "HeadBucket" => "NoSuchBucket".to_owned(),
                _ => failure.code,
            };
        }
        failure.old_code =
            header("x-amzn-query-error").and_then(|text| text.split(';').next()).map(str::to_owned);
        let id = request_id(headers).or_else(|| header("x-amz-request-id")).map(str::to_owned);
        failure.request_id = id.or(failure.request_id);
        failure.extended_id = header("x-amz-id-2").filter(|_| call.action.prefix == "S3").map(str::to_owned);
        failure
    }

    fn of_json(text: &str) -> Self {
        let body = Value::from_json(text).unwrap_or_default();
        let field = |names: &[&str]| names.iter().find_map(|name| body.get(name)?.as_str());
        Self {
            code: field(&["__type", "code", "Code"]).map(code_of).unwrap_or_default(),
            message: field(&["message", "Message", "errorMessage"]).map(str::to_owned),
            ..Self::default()
        }
    }

    fn of_xml(text: &str) -> Self {
        let Ok(document) = Document::parse(text) else { return Self::default() };
        let first = |name| document.descendants().find(|node| node.has_tag_name_of(name));
        let Some(error) = first("Error") else { return Self::default() };
        let id = first("RequestId").or_else(|| first("RequestID"));
        Self {
            code: xml::child_text(error, "Code").map(code_of).unwrap_or_default(),
            message: xml::child_text(error, "Message").map(str::to_owned),
            request_id: id.and_then(|node| node.text()).map(str::to_owned),
            ..Self::default()
        }
    }

    fn error(&self, call: ActionCall, status: u16) -> TaskError {
        let prefix = call.action.prefix;
        let wanted = stem(&self.code);
        let codes = [Some(&self.code), self.old_code.as_ref()];
        let named = codes
            .into_iter()
            .flatten()
            .find_map(|code| call.action.codes.iter().find(|(known, _)| known == code).map(|(_, name)| name));
        let declared = call.action.errors.iter().find(|name| stem(name) == wanted).or(named);
        let message = self.message.as_deref().unwrap_or("null");
        let id = self.request_id.as_deref().unwrap_or("null");
        let extended = self.extended_id.as_deref();
        if call.is_sdk {
            let name = declared.map_or_else(|| format!("{prefix}Exception"), |name| (*name).to_owned());
            let extended = extended.map(|id| format!(", Extended Request ID: {id}")).unwrap_or_default();
            let cause = format!(
                "{message} (Service: {prefix}, Status Code: {status}, Request ID: {id}{extended}) (SDK Attempt Count: 1)"
            );
            return TaskError::new(format!("{prefix}.{name}"), cause);
        }
        let service = first_sdk_name(prefix);
        let name = declared.map_or_else(|| format!("{service}Exception"), |name| (*name).to_owned());
        let code = self.old_code.as_deref().unwrap_or(&self.code);
        TaskError::new(
            format!("{prefix}.{name}"),
            format!(
                "{message} (Service: {service}; Status Code: {status}; Error Code: {code}; Request ID: {id}; Proxy: null)"
            ),
        )
    }
}

/// `com.amazonaws.sqs#QueueDoesNotExist:http://...` without what is around the name.
fn code_of(text: &str) -> String {
    let code = text.rsplit('#').next().unwrap_or(text);
    code.split(':').next().unwrap_or(code).to_owned()
}

/// What a code and the name of its exception have in common.
fn stem(name: &str) -> String {
    let stem = name.strip_suffix("Exception").or_else(|| name.strip_suffix("Fault")).unwrap_or(name);
    stem.to_ascii_lowercase()
}

/// What the first AWS SDK for Java called a service, with which optimised integrations call it.
pub(super) fn first_sdk_name(prefix: &str) -> String {
    if prefix == "EMR" {
        return String::from("AmazonElasticMapReduce");
    }
    let is_aws = matches!(prefix, "StepFunctions" | "Batch" | "Glue" | "CodeBuild" | "MediaConvert");
    format!("{}{prefix}", if is_aws { "AWS" } else { "Amazon" })
}

#[cfg(test)]
mod tests;
