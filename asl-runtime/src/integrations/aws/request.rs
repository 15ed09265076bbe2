//! From parameters to a request, by the protocol of the service.
//!
//! In: an action and the parameters of a task. Out: path, headers and body. Parameters that the action does not have are refused in
//! AWS's words, and so are values that would make the request one for something else.

use super::{ActionCall, cbor, customs, nested, query, scalar, xml};
use crate::integrations::address::{encoded, is_host_label, name, object_key, segment, segments};
use crate::integrations::parameters::{Reasons, present};
use asl_engine::error::TaskError;
use asl_engine::generated::action::{Protocol, Shape, Type, WirePart, WirePlace};
use asl_value::{Object, Text, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::header::{HeaderName, HeaderValue};

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
    /// Encoded, each as the path wants it.
    labels: Vec<String>,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    payload: Option<(&'static WirePart, &'p Value)>,
    body: Vec<(&'static WirePart, Value)>,
}

/// `token` is what tells the service that a request is the same as another one, where it takes such a thing and none is given.
pub(super) fn build(call: ActionCall, parameters: &Value, token: &Text) -> Result<Request, TaskError> {
    let mut reasons = Reasons::default();
    let Some(fields) = reasons.parameters(parameters) else {
        return reasons.none(parameters).map(|()| Request::default());
    };
    let members = call.members(call.action.input);
    let known: Vec<&str> = members.iter().map(|member| member.name).collect();
    reasons.unknown(fields, &known);
    nested::refuse_unknown(call, fields, &mut reasons);
    let mut sorted = Sorted::default();
    for member in members {
        let given = fields.get(member.name).filter(|value| !value.is_null());
        match given {
            Some(value) => sorted.put(call, member, value, &mut reasons),
            None if member.is_token => sorted.put_token(member, token),
            None if member.place == WirePlace::Path => reasons.missing(member.name),
            None => {}
        }
    }
    let host_prefix = host_prefix(call, fields, &mut reasons);
    reasons.none(parameters)?;
    Ok(sorted.request(call, host_prefix))
}

/// What is before the address of the service, with the values of the parameters that it names: `{AccountId}.`
fn host_prefix(call: ActionCall, fields: &Object, reasons: &mut Reasons) -> String {
    let mut prefix = call.action.host_prefix.to_owned();
    for member in call.members(call.action.input) {
        let label = format!("{{{}}}", member.name);
        // The model may write its first letter small.
        let at = prefix.to_ascii_lowercase().find(&label.to_ascii_lowercase());
        let Some(range) = at.and_then(|at| Some(at..at.checked_add(label.len())?)) else { continue };
        match present(fields, member.name).map(scalar::plain) {
            None => reasons.missing(member.name),
            Some(value) if is_host_label(&value) => prefix.replace_range(range, &value),
            Some(_) => reasons.unsendable(member.name, "cannot be a part of the name of a host"),
        }
    }
    prefix
}

/// The names of the query parameters that say what the action is: `uploads`.
fn names_in_path(call: ActionCall) -> impl Iterator<Item = &'static str> {
    let query = call.action.path.split_once('?').map_or("", |(_, query)| query);
    query.split('&').map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name))
}

impl<'p> Sorted<'p> {
    fn put(&mut self, call: ActionCall, member: &'static WirePart, value: &'p Value, reasons: &mut Reasons) {
        match member.place {
            WirePlace::Header => {
                self.put_header(member, member.wire.to_owned(), header(call, member, value), reasons);
            }
            WirePlace::Headers => {
                if value.as_object().is_none() {
                    reasons.must_be(member.name, "a MAP");
                }
                for (key, value) in value.as_object().into_iter().flat_map(Object::iter) {
                    self.put_header(member, format!("{}{key}", member.wire), scalar::plain(value), reasons);
                }
            }
            WirePlace::Path => self.put_label(call, member, value, reasons),
            WirePlace::Query => self.put_query(call, member, value, reasons),
            WirePlace::Payload => self.payload = Some((member, value)),
            WirePlace::Body | WirePlace::Host | WirePlace::Attribute | WirePlace::Status => {
                self.body.push((member, value.clone()));
            }
        }
    }

    /// A header, which is no other's, and whose value is one.
    fn put_header(&mut self, member: &WirePart, name: String, value: String, reasons: &mut Reasons) {
        if HeaderName::from_bytes(name.as_bytes()).is_err() || HeaderValue::from_str(&value).is_err() {
            reasons.unsendable(member.name, "cannot be sent in a header");
        } else if self.headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(&name)) {
            reasons.unsendable(member.name, "names a header twice");
        }
        self.headers.push((name, value));
    }

    fn put_label(&mut self, call: ActionCall, member: &WirePart, value: &Value, reasons: &mut Reasons) {
        let text = scalar::text(member, value, call.action.protocol);
        let text = customs::label(call, &text);
        let is_greedy = call.action.path.contains(&format!("{{{}+}}", self.labels.len()));
        let label = match (is_greedy, call.action.endpoint == "s3") {
            (true, true) => object_key(text),
            (true, false) => segments(text),
            // A bucket.
            (false, true) => name(text),
            (false, false) => segment(text),
        };
        self.labels.push(label.unwrap_or_else(|fault| {
            reasons.unsendable(member.name, fault);
            String::new()
        }));
    }

    /// A token against doing things twice.
    fn put_token(&mut self, member: &'static WirePart, token: &Text) {
        match member.place {
            WirePlace::Header => self.headers.push((member.wire.to_owned(), token.to_string())),
            WirePlace::Query => self.query.push((member.wire.to_owned(), token.to_string())),
            WirePlace::Body
            | WirePlace::Headers
            | WirePlace::Path
            | WirePlace::Status
            | WirePlace::Payload
            | WirePlace::Host
            | WirePlace::Attribute => self.body.push((member, token.clone().into())),
        }
    }

    fn put_query(
        &mut self,
        call: ActionCall,
        member: &'static WirePart,
        value: &Value,
        reasons: &mut Reasons,
    ) {
        let protocol = call.action.protocol;
        match (call.shape(member.type_), value) {
            (Some(Shape::List(element)), Value::Array(items)) => {
                let text = |item| scalar::text(element, item, protocol);
                self.query.extend(items.iter().map(|item| (member.wire.to_owned(), text(item))));
            }
            (Some(Shape::Map(..)), Value::Object(fields)) => {
                let members = call.members(call.action.input).iter();
                let others =
                    members.filter(|other| other.place == WirePlace::Query && other.name != member.name);
                let names = others.map(|other| other.wire);
                let taken: Vec<_> = names.chain(names_in_path(call)).collect();
                for (key, value) in fields.iter() {
                    if taken.contains(&key) {
                        reasons.unsendable(member.name, &format!("cannot have the key '{key}'"));
                    }
                    let several = value.as_array().map(|values| values.iter().collect::<Vec<_>>());
                    let values = several.unwrap_or_else(|| vec![value]);
                    self.query.extend(values.into_iter().map(|value| (key.to_owned(), scalar::plain(value))));
                }
            }
            _ => self.query.push((member.wire.to_owned(), scalar::text(member, value, protocol))),
        }
    }

    fn request(self, call: ActionCall, host_prefix: String) -> Request {
        let (action, protocol) = (call.action, call.action.protocol);
        let mut path = self.path(action.path);
        for (name, value) in &self.query {
            path.push(if path.contains('?') { '&' } else { '?' });
            path += &format!("{}={}", encoded(name), encoded(value));
        }
        let mut headers = self.headers;
        let (content_type, body) = match protocol {
            Protocol::Json10 | Protocol::Json11 => {
                headers.push(("x-amz-target".into(), format!("{}.{}", action.target, action.operation)));
                // The API has another protocol as well, whose codes of errors the service then says.
                if !action.version.is_empty() {
                    headers.push(("x-amzn-query-mode".into(), "true".into()));
                }
                let version = if protocol == Protocol::Json10 { "1.0" } else { "1.1" };
                let body = json_object(call, &self.body).to_string().into_bytes();
                (format!("application/x-amz-json-{version}"), body)
            }
            Protocol::RestJson | Protocol::RestXml => rest_body(call, self.payload, &self.body),
            Protocol::Cbor => {
                path = format!("/service/{}/operation/{}", action.target, action.operation);
                headers.push(("smithy-protocol".into(), "rpc-v2-cbor".into()));
                headers.push(("accept".into(), cbor::TYPE.into()));
                match call.shape(action.input) {
                    None => (String::new(), Vec::new()),
                    Some(_) => (cbor::TYPE.to_owned(), cbor::write(call, &self.body)),
                }
            }
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
            path = path.replace(&format!("{{{number}}}"), label).replace(&format!("{{{number}+}}"), label);
        }
        path
    }
}

fn header(call: ActionCall, member: &WirePart, value: &Value) -> String {
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
fn rest_body(
    call: ActionCall,
    payload: Option<(&WirePart, &Value)>,
    body: &[(&WirePart, Value)],
) -> (String, Vec<u8>) {
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
        // A structure that would be the body is an empty one.
        None if is_json && has_payload_structure(call) => (kind, b"{}".to_vec()),
        None if !has_body(call) => (String::new(), Vec::new()),
        None if is_json => (kind, json_object(call, body).to_string().into_bytes()),
        None if body.is_empty() => (String::new(), Vec::new()),
        None => {
            let root = if call.action.root.is_empty() { "Request" } else { call.action.root };
            (kind, xml::write_members(call, root, body).into_bytes())
        }
    }
}

fn has_payload_structure(call: ActionCall) -> bool {
    let members = call.members(call.action.input).iter();
    members
        .filter(|member| member.place == WirePlace::Payload)
        .any(|member| call.shape(member.type_).is_some())
}

/// Whether members of the action are sent in the body.
fn has_body(call: ActionCall) -> bool {
    call.members(call.action.input)
        .iter()
        .any(|member| matches!(member.place, WirePlace::Body | WirePlace::Host))
}

fn json_object(call: ActionCall, members: &[(&WirePart, Value)]) -> Value {
    let mut object = Object::new();
    for (member, value) in members {
        object.insert(member.wire, json(call, member, value));
    }
    object.into()
}

/// A value with the names of the API. What is of another type than the service wants is left to the service to refuse.
fn json(call: ActionCall, part: &WirePart, value: &Value) -> Value {
    match (part.type_, value) {
        (_, Value::Null) => Value::Null,
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

fn json_members(call: ActionCall, members: &'static [WirePart], fields: &Object) -> Object {
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
