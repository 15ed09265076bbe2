//! How services are spoken to: the protocol, the requests of operations, and how members are sent. Only what does not follow from the
//! names is written.

use super::hosts::Hosts;
use super::java;
use super::model::{Model, Operation, is_set};
use super::pool::{pool, put_number};
use super::shapes::{Shape, Shapes};
use super::strings::Strings;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// So many entries share an offset.
const GROUP: usize = 16;

/// The number of the protocol that is CBOR.
const CBOR: u8 = 7;

/// Where a part is sent; the numbers are those in the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum WirePlace {
    #[default]
    Body = 0,
    Header = 1,
    /// A header for each key of a map.
    Headers = 2,
    Path = 3,
    Query = 4,
    Status = 5,
    /// It is the whole body.
    Payload = 6,
    Host = 7,
    /// An attribute of the XML element around it.
    Attribute = 8,
}

/// How a part of a shape is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wire {
    place: WirePlace,
    /// Nothing where it does not matter.
    name: Option<String>,
    /// Of timestamps: 1 as ISO 8601, 2 in seconds, 3 as in headers; 0 as usual in that place.
    format: u8,
    /// Elements are beside each other, without one around them.
    flattened: bool,
    /// Filled in where it is not given.
    is_token: bool,
    /// Text that holds JSON.
    is_json: bool,
}

impl Wire {
    /// A member of a structure.
    pub(super) fn of_member(name: &str, member: &Value, parent: &Value, shapes: &Map<String, Value>) -> Self {
        let place = match member.get("location").and_then(Value::as_str) {
            Some("header") => WirePlace::Header,
            Some("headers") => WirePlace::Headers,
            Some("uri") => WirePlace::Path,
            Some("querystring") => WirePlace::Query,
            Some("statusCode") => WirePlace::Status,
            _ if parent.get("payload").and_then(Value::as_str) == Some(name) => WirePlace::Payload,
            _ if is_set(member, "hostLabel") => WirePlace::Host,
            _ if is_set(member, "xmlAttribute") => WirePlace::Attribute,
            _ => WirePlace::Body,
        };
        // Requests of EC2 have other names in a few places, in shapes that no answer has.
        let own_name = ["queryName", "locationName"].iter().find_map(|key| member.get(*key)?.as_str());
        let own_name = own_name.unwrap_or(name).to_owned();
        Self {
            place,
            name: Some(own_name),
            flattened: is_set(member, "flattened"),
            ..Self::of(member, shapes)
        }
    }

    /// `member` of a list, `key` or `value` of a map.
    pub(super) fn of_part(shape: &Value, part: &str, shapes: &Map<String, Value>) -> Self {
        let part = shape.get(part).unwrap_or(&Value::Null);
        let name = part.get("locationName").and_then(Value::as_str).map(str::to_owned);
        Self { name, flattened: is_set(shape, "flattened"), ..Self::of(part, shapes) }
    }

    fn of(part: &Value, shapes: &Map<String, Value>) -> Self {
        let shape = part.get("shape").and_then(Value::as_str).and_then(|name| shapes.get(name));
        let format = |value: &Value| value.get("timestampFormat").and_then(Value::as_str).map(str::to_owned);
        let format = match format(part).or_else(|| shape.and_then(format)).as_deref() {
            Some("iso8601") => 1,
            Some("unixTimestamp") => 2,
            Some("rfc822") => 3,
            _ => 0,
        };
        // A text that holds JSON is a text to tasks, and in headers it is encoded.
        let is_header = part.get("location").and_then(Value::as_str) == Some("header");
        let (is_token, is_json) = (is_set(part, "idempotencyToken"), is_header && is_set(part, "jsonvalue"));
        Self { format, is_token, is_json, ..Self::default() }
    }

    /// The name, where it is another than what follows from that in tasks.
    fn unusual_name(&self, name: &str, small: bool) -> Option<Unusual<'_>> {
        // The path has these by their numbers, and an answer has one status.
        let is_named = !matches!(self.place, WirePlace::Path | WirePlace::Status);
        let own = self.name.as_deref().filter(|_| is_named)?;
        let uncapital = uncapitalized(name);
        let (usual, other) = if small { (uncapital.as_str(), name) } else { (name, uncapital.as_str()) };
        match own {
            _ if own == usual => None,
            _ if own == other => Some(Unusual::OtherCase),
            _ => Some(Unusual::Text(own)),
        }
    }

    /// Nothing if all is as usual.
    fn entry(&self, number: usize, name: &str, small: bool, strings: &Strings) -> Result<Vec<u8>, String> {
        let unusual = self.unusual_name(name, small);
        let more = self.format
            | u8::from(self.flattened) << 2
            | u8::from(self.is_token) << 3
            | u8::from(self.is_json) << 4;
        if self.place == WirePlace::Body && unusual.is_none() && more == 0 {
            return Ok(Vec::new());
        }
        let case = match unusual {
            None => 0,
            Some(Unusual::OtherCase) => 0x10,
            Some(Unusual::Text(_)) => 0x20,
        };
        let mut entry = Vec::new();
        put_number(&mut entry, number);
        entry.push(self.place as u8 | case | u8::from(more != 0) << 6);
        if let Some(Unusual::Text(text)) = unusual {
            put_number(&mut entry, strings.name(text)?);
        }
        entry.extend((more != 0).then_some(more));
        Ok(entry)
    }
}

enum Unusual<'w> {
    OtherCase,
    Text(&'w str),
}

/// The names of parts that have to be written.
pub(super) fn names(model: &Model, shapes: &Shapes) -> Vec<String> {
    let small = begins_small(shapes);
    let wires = shapes.shapes.iter().flat_map(Shape::wires);
    let texts = wires.filter_map(|(name, wire)| match wire.unusual_name(name, small)? {
        Unusual::Text(text) => Some(text.to_owned()),
        Unusual::OtherCase => None,
    });
    // A service that cannot be called needs none. Many are in the same places.
    if protocol(model) == 0 { Vec::new() } else { texts.chain(Hosts::of(model).texts()).collect() }
}

/// Everything that is written as words.
pub(super) fn texts(model: &Model, shapes: &Shapes) -> Vec<String> {
    let hosts = Hosts::default();
    let requests =
        model.operations.iter().filter_map(|(name, operation)| Request::of(name, operation, shapes, &hosts));
    requests.flat_map(|request| [request.path, request.host_prefix, request.root]).collect()
}

/// The facts about the service, the requests of its operations, and how the parts of its shapes are sent.
pub(super) fn sections(model: &Model, shapes: &Shapes, strings: &Strings) -> Result<[Vec<u8>; 3], String> {
    if protocol(model) == 0 {
        return Ok([vec![0], pool(&[], GROUP)?, pool(&[], GROUP)?]);
    }
    let hosts = Hosts::of(model);
    let requests = model.operations.iter().map(|(name, operation)| {
        Request::of(name, operation, shapes, &hosts).map_or(Ok(Vec::new()), |request| request.entry(strings))
    });
    let requests: Vec<Vec<u8>> = requests.collect::<Result<_, String>>()?;
    // Services where all requests are as usual need no list of them.
    let requests = if requests.iter().all(Vec::is_empty) { Vec::new() } else { requests };
    let small = begins_small(shapes);
    let mut sent = Vec::new();
    for (number, shape) in shapes.shapes.iter().enumerate() {
        let mut parts = Vec::new();
        for (position, (name, wire)) in shape.wires().into_iter().enumerate() {
            parts.extend(wire.entry(position, name, small, strings)?);
        }
        if !parts.is_empty() {
            let mut entry = Vec::new();
            put_number(&mut entry, number);
            entry.extend(parts);
            sent.push(entry);
        }
    }
    Ok([service(model, small, &hosts, strings)?, pool(&requests, GROUP)?, pool(&sent, GROUP)?])
}

/// 1 JSON 1.0, 2 JSON 1.1, 3 REST with JSON, 4 REST with XML, 5 query, 6 that of EC2, 7 CBOR; 0 for others.
fn protocol(model: &Model) -> u8 {
    let text = |name| model.metadata.get(name).and_then(Value::as_str);
    let list = model.metadata.get("protocols").and_then(Value::as_array);
    let all: Vec<&str> =
        list.into_iter().flatten().filter_map(Value::as_str).chain(text("protocol")).collect();
    let has = |name| all.contains(&name);
    match () {
        () if has("json") && text("jsonVersion") == Some("1.0") => 1,
        () if has("json") => 2,
        () if has("rest-json") => 3,
        () if has("rest-xml") => 4,
        () if has("query") => 5,
        () if has("ec2") => 6,
        () if has("smithy-rpc-v2-cbor") => CBOR,
        () => 0,
    }
}

fn service(model: &Model, small: bool, hosts: &Hosts, strings: &Strings) -> Result<Vec<u8>, String> {
    let text = |name: &str| model.metadata.get(name).and_then(Value::as_str).unwrap_or_default();
    let endpoint = text("endpointPrefix");
    let signing = Some(text("signingName")).filter(|name| *name != endpoint).unwrap_or_default();
    let protocol = protocol(model);
    let target = if protocol <= 2 || protocol == CBOR { text("targetPrefix") } else { "" };
    // Some have changed from that protocol to JSON, and answer with the codes of errors that they had, if asked to.
    let was_query = model.metadata.contains_key("awsQueryCompatible");
    let version = if matches!(protocol, 5 | 6) || was_query { text("apiVersion") } else { "" };
    let namespace = model.operations.values().find_map(|operation| namespace(model, operation));
    let namespace = namespace.filter(|_| protocol == 4).unwrap_or_default();
    let codes = codes(model);
    let mut facts = vec![protocol, u8::from(small)];
    for text in [endpoint, signing, target, version, namespace, &codes] {
        put_number(&mut facts, text.len());
        facts.extend_from_slice(text.as_bytes());
    }
    put_number(&mut facts, strings.name(&hosts.usual)?);
    Ok(facts)
}

/// The namespace of the bodies of requests: that of the input, or of the member that is the body.
fn namespace<'m>(model: &'m Model, operation: &'m Operation) -> Option<&'m str> {
    let shape = || {
        let shape = model.shapes.get(operation.input.as_ref()?)?;
        shape.get("members")?.get(shape.get("payload")?.as_str()?)?.pointer("/xmlNamespace/uri")
    };
    operation.model.pointer("/input/xmlNamespace/uri").or_else(shape)?.as_str()
}

/// The codes of errors that do not follow from the names of exceptions, each with that name.
fn codes(model: &Model) -> String {
    let errors = model.operations.values().flat_map(|operation| &operation.errors).collect::<BTreeSet<_>>();
    let pairs = errors.into_iter().filter_map(|shape| {
        let name = java::exception_name(shape);
        let code = model.shapes.get(shape)?.pointer("/error/code")?.as_str()?;
        (java::exception_name(code).to_lowercase() != name.to_lowercase()).then(|| format!("{code} {name}"))
    });
    pairs.collect::<Vec<_>>().join(" ")
}

/// Whether the names of most members begin with a small letter.
fn begins_small(shapes: &Shapes) -> bool {
    let wires = shapes.shapes.iter().flat_map(Shape::wires);
    let names = wires
        .filter(|(name, _)| !name.is_empty())
        .filter_map(|(name, wire)| Some((name, wire.name.as_ref()?)));
    let (mut small, mut capital) = (0, 0);
    for (name, own) in names {
        if own == name {
            capital += 1;
        } else if *own == uncapitalized(name) {
            small += 1;
        }
    }
    small > capital
}

fn uncapitalized(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

/// A request that is not `POST /`, nor `POST /Operation`.
struct Request {
    method: String,
    path: String,
    host_prefix: String,
    root: String,
    /// Where it is, if that is not where most operations are.
    hosts: Option<String>,
    /// 1 where a CRC32 of the body is demanded, 2 where it is an MD5; 3 where nothing is signed.
    seal: u8,
}

impl Request {
    fn of(name: &str, operation: &Operation, shapes: &Shapes, hosts: &Hosts) -> Option<Self> {
        let text =
            |pointer: &str| operation.model.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let (method, path) = (text("/http/method"), text("/http/requestUri"));
        let (host_prefix, root) = (text("/endpoint/hostPrefix"), text("/input/locationName"));
        let is_usual = path == "/" || path.strip_prefix('/') == Some(name);
        let (hosts, seal) = (hosts.other(name).cloned(), seal(operation));
        let has_more = hosts.is_some() || seal != 0;
        if method == "POST" && is_usual && host_prefix.is_empty() && root.is_empty() && !has_more {
            return None;
        }
        Some(Self {
            method: method.to_owned(),
            path: numbered(path, operation, shapes),
            host_prefix: host_prefix.to_owned(),
            root: root.to_owned(),
            hosts,
            seal,
        })
    }

    fn entry(&self, strings: &Strings) -> Result<Vec<u8>, String> {
        let methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"];
        let method =
            methods.iter().zip(0..).find_map(|(method, number)| (*method == self.method).then_some(number));
        let (prefix, root) = (!self.host_prefix.is_empty(), !self.root.is_empty());
        let others = u8::from(self.hosts.is_some()) << 3 | self.seal << 6;
        let mut entry = vec![method.unwrap_or(1) | others | u8::from(prefix) << 4 | u8::from(root) << 5];
        for text in [&self.host_prefix, &self.root] {
            if !text.is_empty() {
                let words = strings.text(text);
                put_number(&mut entry, words.len());
                entry.extend(words);
            }
        }
        if let Some(hosts) = &self.hosts {
            put_number(&mut entry, strings.name(hosts)?);
        }
        entry.extend(strings.text(&self.path));
        Ok(entry)
    }
}

/// What a service demands: an operation whose caller can choose the checksum has a CRC32 if it does not, others an MD5.
fn seal(operation: &Operation) -> u8 {
    let is_unsigned = operation.model.get("authtype").and_then(Value::as_str) == Some("none");
    let demands = |pointer: &str| operation.model.pointer(pointer).and_then(Value::as_bool) == Some(true);
    match () {
        () if demands("/httpChecksum/requestChecksumRequired") => 1,
        () if demands("/httpChecksumRequired") => 2,
        () if is_unsigned => 3,
        () => 0,
    }
}

/// A path with the members in it by their numbers among those that belong there, so that each is one letter: `/\u{1}` for `/{tableId}`.
fn numbered(path: &str, operation: &Operation, shapes: &Shapes) -> String {
    let mut path = path.to_owned();
    let Some(Shape::Structure { required, optional, .. }) = shapes.shape_of(operation.input.as_ref()) else {
        return path;
    };
    let in_path = required.iter().chain(optional).filter(|member| member.wire.place == WirePlace::Path);
    for (member, number) in in_path.zip(1_u8..8) {
        let label = member.wire.name.as_deref().unwrap_or(&member.name);
        path = path.replace(&format!("/{{{label}}}"), &char::from(number).to_string());
        path = path.replace(&format!("{{{label}}}"), &char::from(number + 0x10).to_string());
        path = path.replace(&format!("/{{{label}+}}"), &char::from(number + 8).to_string());
    }
    path
}
