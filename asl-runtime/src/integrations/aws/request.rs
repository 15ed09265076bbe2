//! From parameters to a request, by the protocol of the service.
//!
//! In: an action and the parameters of a task. Out: path, headers and body. Parameters that the action does not have are refused in
//! AWS's words.

use super::{Call, query, scalar, xml};
use crate::integrations::parameters::Reasons;
use asl_engine::error::TaskError;
use asl_engine::generated::action::{Part, Place, Protocol, Shape, Type};
use asl_value::{Object, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::hash::{BuildHasher, RandomState};

/// What an address may hold as it is.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// The same where slashes stay.
const ENCODED_PATH: &AsciiSet = &ENCODED.remove(b'/');

/// A request without the address of its service.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) host_prefix: String,
    /// With the query.
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// The parameters by where they are sent.
#[derive(Default)]
struct Sorted<'p> {
    labels: Vec<String>,
    host: Vec<(&'static str, String)>,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    payload: Option<(&'static Part, &'p Value)>,
    body: Vec<(&'static Part, Value)>,
}

pub(super) fn build(call: Call, parameters: &Value) -> Result<Request, TaskError> {
    let mut reasons = Reasons::default();
    let Some(fields) = reasons.parameters(parameters) else {
        return reasons.none(parameters).map(|()| Request::default());
    };
    let members = call.members(call.action.input);
    let known: Vec<&str> = members.iter().map(|member| member.name).collect();
    reasons.unknown(fields, &known);
    let mut sorted = Sorted::default();
    for member in members {
        let given = fields.get(member.name).filter(|value| !value.is_null());
        match given {
            Some(value) => sorted.put(call, member, value),
            None if member.is_token => sorted.put_token(member),
            None if member.place == Place::Path => reasons.missing(member.name),
            None => {}
        }
    }
    reasons.none(parameters)?;
    Ok(sorted.request(call))
}

impl<'p> Sorted<'p> {
    fn put(&mut self, call: Call, member: &'static Part, value: &'p Value) {
        let protocol = call.action.protocol;
        match member.place {
            Place::Header => self.headers.push((member.wire.to_owned(), header(call, member, value))),
            Place::Headers => {
                let fields = value.as_object().into_iter().flat_map(Object::iter);
                self.headers.extend(
                    fields.map(|(key, value)| (format!("{}{key}", member.wire), scalar::plain(value))),
                );
            }
            Place::Path => self.labels.push(scalar::text(member, value, protocol)),
            Place::Query => self.put_query(call, member, value),
            Place::Payload => self.payload = Some((member, value)),
            Place::Host => {
                self.host.push((member.wire, scalar::plain(value)));
                self.body.push((member, value.clone()));
            }
            Place::Body | Place::Attribute | Place::Status => self.body.push((member, value.clone())),
        }
    }

    /// A token against doing things twice, of which each request has its own.
    fn put_token(&mut self, member: &'static Part) {
        let seed = RandomState::new();
        let mut count = 0_u64;
        let token = asl_engine::random::uuid(|| {
            count += 1;
            asl_engine::random::unit(seed.hash_one(count))
        });
        match member.place {
            Place::Header => self.headers.push((member.wire.to_owned(), token.to_string())),
            Place::Query => self.query.push((member.wire.to_owned(), token.to_string())),
            Place::Body
            | Place::Headers
            | Place::Path
            | Place::Status
            | Place::Payload
            | Place::Host
            | Place::Attribute => self.body.push((member, token.into())),
        }
    }

    fn put_query(&mut self, call: Call, member: &'static Part, value: &Value) {
        let protocol = call.action.protocol;
        match (call.shape(member.type_), value) {
            (Some(Shape::List(element)), Value::Array(items)) => {
                let text = |item| scalar::text(element, item, protocol);
                self.query.extend(items.iter().map(|item| (member.wire.to_owned(), text(item))));
            }
            (Some(Shape::Map(..)), Value::Object(fields)) => {
                for (key, value) in fields.iter() {
                    let several = value.as_array().map(|values| values.iter().collect::<Vec<_>>());
                    let values = several.unwrap_or_else(|| vec![value]);
                    self.query.extend(values.into_iter().map(|value| (key.to_owned(), scalar::plain(value))));
                }
            }
            _ => self.query.push((member.wire.to_owned(), scalar::text(member, value, protocol))),
        }
    }

    fn request(self, call: Call) -> Request {
        let (action, protocol) = (call.action, call.action.protocol);
        let mut path = self.path(action.path);
        for (name, value) in &self.query {
            path.push(if path.contains('?') { '&' } else { '?' });
            path +=
                &format!("{}={}", utf8_percent_encode(name, ENCODED), utf8_percent_encode(value, ENCODED));
        }
        let mut host_prefix = action.host_prefix.to_owned();
        for (name, value) in &self.host {
            host_prefix = host_prefix.replace(&format!("{{{name}}}"), value);
        }
        let mut headers = self.headers;
        let (content_type, body) = match protocol {
            Protocol::Json10 | Protocol::Json11 => {
                headers.push(("x-amz-target".into(), format!("{}.{}", action.target, action.operation)));
                let version = if protocol == Protocol::Json10 { "1.0" } else { "1.1" };
                let body = json_object(call, &self.body).to_string().into_bytes();
                (format!("application/x-amz-json-{version}"), body)
            }
            Protocol::RestJson | Protocol::RestXml => rest_body(call, self.payload, &self.body),
            Protocol::Query | Protocol::Ec2 => {
                let form = query::form(call, &self.body).into_bytes();
                ("application/x-www-form-urlencoded; charset=utf-8".to_owned(), form)
            }
        };
        let has_type = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if !has_type && !content_type.is_empty() {
            headers.push(("content-type".to_owned(), content_type));
        }
        Request { host_prefix, path, headers, body }
    }

    fn path(&self, template: &str) -> String {
        let mut path = template.to_owned();
        for (number, label) in self.labels.iter().enumerate() {
            let one = utf8_percent_encode(label, ENCODED).to_string();
            let several = utf8_percent_encode(label, ENCODED_PATH).to_string();
            path = path.replace(&format!("{{{number}}}"), &one).replace(&format!("{{{number}+}}"), &several);
        }
        path
    }
}

fn header(call: Call, member: &Part, value: &Value) -> String {
    let protocol = call.action.protocol;
    match (call.shape(member.type_), value) {
        (Some(Shape::List(element)), Value::Array(items)) => {
            let texts: Vec<_> = items.iter().map(|item| scalar::text(element, item, protocol)).collect();
            texts.join(",")
        }
        _ => scalar::text(member, value, protocol),
    }
}

/// The body with its type; none of both where nothing is sent.
fn rest_body(call: Call, payload: Option<(&Part, &Value)>, body: &[(&Part, Value)]) -> (String, Vec<u8>) {
    let is_json = call.action.protocol == Protocol::RestJson;
    let kind = if is_json { "application/json" } else { "application/xml" }.to_owned();
    match payload {
        Some((part, value)) if part.type_ == Type::Blob => {
            ("application/octet-stream".to_owned(), scalar::bytes(value))
        }
        Some((part, value)) if part.type_ == Type::String => {
            ("text/plain".to_owned(), scalar::plain(value).into_bytes())
        }
        Some((part, value)) if is_json => (kind, json(call, part, value).to_string().into_bytes()),
        Some((part, value)) => (kind, xml::write(call, part.wire, part.type_, value).into_bytes()),
        None if !has_body(call) => (String::new(), Vec::new()),
        None if is_json => (kind, json_object(call, body).to_string().into_bytes()),
        None if body.is_empty() => (String::new(), Vec::new()),
        None => {
            let root = if call.action.root.is_empty() { "Request" } else { call.action.root };
            (kind, xml::write_members(call, root, body).into_bytes())
        }
    }
}

/// Whether members of the action are sent in the body.
fn has_body(call: Call) -> bool {
    call.members(call.action.input).iter().any(|member| matches!(member.place, Place::Body | Place::Host))
}

fn json_object(call: Call, members: &[(&Part, Value)]) -> Value {
    let mut object = Object::new();
    for (member, value) in members {
        object.insert(member.wire, json(call, member, value));
    }
    object.into()
}

/// A value with the names of the API. What is of another type than the service wants is left to the service to refuse.
fn json(call: Call, part: &Part, value: &Value) -> Value {
    match (part.type_, value) {
        (_, Value::Null) => Value::Null,
        _ if part.is_json => value.to_string().into(),
        (Type::String, value) => scalar::plain(value).into(),
        (Type::Boolean, Value::String(text)) => {
            text.parse::<bool>().map_or_else(|_| value.clone(), Value::Bool)
        }
        (Type::Blob, value) => STANDARD.encode(scalar::bytes(value)).into(),
        (Type::Timestamp, value) => match scalar::timestamp(value) {
            Some(moment)
                if scalar::format_of(part, call.action.protocol)
                    == asl_engine::generated::action::Format::Unix =>
            {
                scalar::seconds(moment)
            }
            Some(_) => scalar::text(part, value, call.action.protocol).into(),
            None => value.clone(),
        },
        (Type::Shape(_), value) => call.map_parts(
            part.type_,
            value,
            |members, fields| json_members(call, members, fields),
            |element, value| json(call, element, value),
        ),
        (Type::Any | Type::Integer | Type::Number | Type::Boolean, value) => value.clone(),
    }
}

fn json_members(call: Call, members: &'static [Part], fields: &Object) -> Object {
    let mut object = Object::new();
    for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        match members.iter().find(|member| member.name == key) {
            Some(member) => object.insert(member.wire, json(call, member, value)),
            None => object.insert(key, value.clone()),
        };
    }
    object
}

#[cfg(test)]
mod tests;
