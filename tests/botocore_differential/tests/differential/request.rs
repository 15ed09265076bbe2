//! What is sent: the method, the address, the headers, the body, and the Region and service of the signature.

use crate::call::{Difference, RecordedCall};
use asl_engine::generated::action::Protocol;
use asl_runtime::integrations::aws::dry::{Client, Prepared, signing};
use ciborium::Value as Item;
use percent_encoding::percent_decode_str;
use roxmltree::{Document, Node};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Headers that say how or by whom something is sent.
const OTHERS: &[&str] = &[
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    "authorization",
    "content-length",
    "expect",
    "host",
    "user-agent",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-user-agent",
];

/// The request that is sent, or that the parameters are refused.
pub(crate) fn sent(client: &Client, call: &RecordedCall) -> Result<Prepared, Difference> {
    client.request(call.action, &call.parameters).map_err(|error| {
        let cause = error.cause().map(ToString::to_string).unwrap_or_default();
        Difference { kind: "refusals", ours: cause, theirs: String::new() }
    })
}

pub(crate) fn compare(sent: &Prepared, call: &RecordedCall) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut differ = |kind, ours: String, theirs: String| {
        if ours != theirs {
            found.push(Difference { kind, ours, theirs });
        }
    };
    differ("methods", call.action.method.to_owned(), call.text("method").to_owned());
    let (ours, theirs) = (parts(&sent.address), parts(call.text("url")));
    differ("hosts", ours.0, theirs.0);
    differ("paths", ours.1, theirs.1);
    differ("queries", ours.2, theirs.2);
    differ("headers", headers(ours_of(&sent.headers)), headers(theirs_of(call)));
    differ("scopes", scope(signing(call.action), &sent.region), scope_of(call));
    let protocol = call.action.protocol;
    differ("bodies", body(protocol, &sent.body), body(protocol, &call.body()));
    found
}

/// Host, path, and query, which has no order.
fn parts(url: &str) -> (String, String, String) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (host, rest) = rest.find(['/', '?']).map_or((rest, ""), |at| rest.split_at(at));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let mut pairs: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| {
            format!("{}={}", decode(&name.replace('+', " ")), decode(&value.replace('+', " ")))
        })
        .collect();
    pairs.sort();
    (host.to_owned(), decode(if path.is_empty() { "/" } else { path }), pairs.join("&"))
}

type Headers = BTreeMap<String, String>;

fn ours_of(headers: &[(String, String)]) -> Headers {
    headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect()
}

fn theirs_of(call: &RecordedCall) -> Headers {
    let headers = call.json.get("headers").and_then(Json::as_object).into_iter().flatten();
    headers.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect()
}

fn headers(mut headers: Headers) -> String {
    headers.retain(|name, _| !OTHERS.contains(&name.as_str()));
    let lines: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    lines.join(" | ")
}

fn scope(service: &str, region: &str) -> String {
    if service.is_empty() { String::from("unsigned") } else { format!("{region}/{service}") }
}

/// `Credential=id/20250101/us-east-1/sqs/aws4_request`
fn scope_of(call: &RecordedCall) -> String {
    let headers = theirs_of(call);
    let credential = headers.get("authorization").and_then(|text| text.split_once("Credential="));
    let mut parts = credential.map_or("", |(_, rest)| rest).split('/').skip(2);
    match (parts.next(), parts.next()) {
        (Some(region), Some(service)) => scope(service, region),
        _ => String::from("unsigned"),
    }
}

fn body(protocol: Protocol, body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    match protocol {
        Protocol::Query | Protocol::Ec2 => parts(&format!("h/?{text}")).2,
        Protocol::Json10 | Protocol::Json11 | Protocol::RestJson => json(&text),
        Protocol::Cbor => cbor(body),
        Protocol::RestXml => match Document::parse(&text) {
            Ok(document) => element(document.root_element()),
            Err(_) => json(&text),
        },
    }
}

/// Numbers and the order of members are what they are to a reader.
fn cbor(body: &[u8]) -> String {
    fn sorted(item: &Item) -> String {
        if let Item::Map(pairs) = item {
            let mut pairs: Vec<_> =
                pairs.iter().map(|(key, value)| format!("{key:?}: {}", sorted(value))).collect();
            pairs.sort();
            return format!("{{{}}}", pairs.join(", "));
        }
        if let Item::Array(items) = item {
            return format!("[{}]", items.iter().map(sorted).collect::<Vec<_>>().join(", "));
        }
        if let Item::Tag(tag, item) = item { format!("{tag}({})", sorted(item)) } else { format!("{item:?}") }
    }
    if body.is_empty() {
        return String::new();
    }
    ciborium::from_reader::<Item, _>(body).map_or_else(|error| error.to_string(), |item| sorted(&item))
}

/// Numbers and the order of members are what they are to a reader.
fn json(text: &str) -> String {
    let Ok(value) = serde_json::from_str::<Json>(text) else { return text.to_owned() };
    normal(&value).to_string()
}

pub(crate) fn normal(value: &Json) -> Json {
    match value {
        Json::Object(members) => {
            let sorted: BTreeMap<_, _> =
                members.iter().map(|(key, value)| (key.clone(), normal(value))).collect();
            sorted.into_iter().collect()
        }
        Json::Array(items) => items.iter().map(normal).collect(),
        Json::Number(number) => number.as_f64().map_or_else(|| value.clone(), Json::from),
        Json::Null | Json::Bool(_) | Json::String(_) => value.clone(),
    }
}

/// Elements in whatever order; those of one name keep theirs.
fn element(node: Node<'_, '_>) -> String {
    let mut children: Vec<_> = node
        .children()
        .filter(Node::is_element)
        .map(|child| (child.tag_name().name(), element(child)))
        .collect();
    children.sort_by_key(|(name, _)| *name);
    let mut attributes: Vec<_> =
        node.attributes().map(|found| format!(" {}={}", found.name(), found.value())).collect();
    attributes.sort();
    let inner: String = children.into_iter().map(|(_, text)| text).collect();
    let text = if inner.is_empty() { node.text().unwrap_or_default() } else { "" };
    let namespace = node.tag_name().namespace().unwrap_or_default();
    format!("<{}{} {namespace}>{text}{inner}</>", node.tag_name().name(), attributes.concat())
}
