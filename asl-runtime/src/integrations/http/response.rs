//! The result of an HTTP task, or the error that an answer means.
//!
//! In: the head and body of an answer. Out: exactly `Headers`, `ResponseBody`, `StatusCode`, `StatusText`. JSON becomes
//! JSON, any other text a string; there is no `ResponseBody` where HTTP allows no body.

use crate::exchange::HttpResponse;
use asl_engine::error::TaskError;
use asl_language::errors::HTTP_STATUS_PREFIX;
use asl_value::{Object, Text, Value};
use encoding_rs::{Encoding, UTF_8};
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode};

/// What the body of an answer is, by its `Content-Type`.
#[derive(Clone, Copy)]
pub(in crate::integrations) enum Content {
    None,
    Json,
    Text(&'static Encoding),
}

#[cfg(feature = "signed-requests")]
#[cfg_attr(not(feature = "clients"), allow(dead_code, reason = "each client uses a part of it"))]
impl Content {
    /// A text of which nothing more is known.
    pub(in crate::integrations) const TEXT: Self = Self::Text(UTF_8);

    /// JSON, or a text if it is none.
    pub(in crate::integrations) const JSON: Self = Self::Json;
}

/// The error of a status outside of 2xx. Body and headers are lost, as on AWS; a status without a standard phrase has no cause.
pub(super) fn check_status(status: StatusCode) -> Result<(), TaskError> {
    if status.is_success() {
        return Ok(());
    }
    let error = Text::from(format!("{HTTP_STATUS_PREFIX}{}", status.as_u16()));
    Err(match standard_phrase(status) {
        Some(phrase) => TaskError::new(error, phrase),
        None => TaskError::named(error),
    })
}

/// What the body is, or the error of a content type that AWS does not support.
pub(in crate::integrations) fn content(
    method: &Method,
    status: StatusCode,
    headers: &HeaderMap,
) -> Result<Content, TaskError> {
    if *method == Method::HEAD || status == StatusCode::NO_CONTENT {
        return Ok(Content::None);
    }
    check_encoding(headers)?;
    let Some(declared) = headers.get(CONTENT_TYPE) else { return Ok(Content::Text(UTF_8)) };
    let declared = String::from_utf8_lossy(declared.as_bytes());
    content_of_type(&declared).ok_or_else(|| {
        TaskError::runtime(format!(
            "Unsupported response content-type '{declared}'. Please see documentation for list of unsupported content-types."
        ))
    })
}

/// Nothing is unpacked, because nothing packed is asked for.
pub(in crate::integrations) fn check_encoding(headers: &HeaderMap) -> Result<(), TaskError> {
    let encoding = headers.get(CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    if let Some(encoding) = encoding.filter(|encoding| !encoding.eq_ignore_ascii_case("identity")) {
        return Err(TaskError::runtime(format!("Unsupported response content-encoding '{encoding}'.")));
    }
    Ok(())
}

fn content_of_type(declared: &str) -> Option<Content> {
    let mut parts = declared.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default().to_ascii_lowercase();
    if media_type == "application/json" || media_type.ends_with("+json") {
        return Some(Content::Json);
    }
    let unsupported = ["image/", "video/", "audio/"].iter().any(|kind| media_type.starts_with(kind));
    // A drawing in SVG is an image by name; AWS goes by the name.
    if unsupported || media_type == "application/octet-stream" {
        return None;
    }
    let charset =
        parts.filter_map(|part| part.split_once('=')).find(|(name, _)| name.eq_ignore_ascii_case("charset"));
    match charset {
        None => Some(Content::Text(UTF_8)),
        Some((_, label)) => Encoding::for_label(label.trim_matches('"').as_bytes()).map(Content::Text),
    }
}

/// The result of an answer in 2xx. Bytes that are not text in the declared charset become U+FFFD; what is declared as JSON but is
/// none is given as a string, because the call has already happened and its answer would be lost.
pub(in crate::integrations) fn result(
    status: StatusCode,
    headers: &HeaderMap,
    content: Content,
    body: &[u8],
) -> Value {
    let mut result = Object::new();
    result.insert("Headers", header_values(headers));
    match content {
        Content::None => None,
        Content::Json => result.insert("ResponseBody", json_or_text(body)),
        Content::Text(encoding) => result.insert("ResponseBody", &*encoding.decode(body).0),
    };
    result.insert("StatusCode", u32::from(status.as_u16()));
    result.insert("StatusText", standard_phrase(status).unwrap_or_default());
    result.into()
}

/// The same for those that ask to see it.
pub(super) fn shown(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> HttpResponse {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    HttpResponse {
        status: status.as_u16(),
        reason: standard_phrase(status).unwrap_or_default().to_owned(),
        headers: headers.iter().map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect(),
        body: text(body),
    }
}

fn json_or_text(body: &[u8]) -> Value {
    let text = UTF_8.decode(body).0;
    Value::from_json(&text).unwrap_or_else(|_| Value::from(&*text))
}

fn header_values(headers: &HeaderMap) -> Object {
    let text = |value: &HeaderValue| Value::from(&*String::from_utf8_lossy(value.as_bytes()));
    let mut fields = Vec::with_capacity(headers.keys_len());
    let mut all = headers.iter().peekable();
    // Values of one name are in a row.
    while let Some((name, first)) = all.next() {
        let mut values = vec![text(first)];
        while let Some((_, value)) = all.next_if(|(next, _)| *next == name) {
            values.push(text(value));
        }
        fields.push((title_case(name.as_str()), values));
    }
    fields.into_iter().collect()
}

/// Names of headers that nearly all answers have, so that none of them is made for each answer.
const NAMES: &[(&str, &str)] = &[
    ("cache-control", "Cache-Control"),
    ("connection", "Connection"),
    ("content-length", "Content-Length"),
    ("content-type", "Content-Type"),
    ("date", "Date"),
    ("etag", "ETag"),
    ("keep-alive", "Keep-Alive"),
    ("server", "Server"),
    ("strict-transport-security", "Strict-Transport-Security"),
    ("transfer-encoding", "Transfer-Encoding"),
    ("vary", "Vary"),
    ("www-authenticate", "WWW-Authenticate"),
];

/// A header name as nearly all servers write it. HTTP libraries return names in lower case.
fn title_case(name: &str) -> Text {
    if let Ok(place) = NAMES.binary_search_by_key(&name, |(known, _)| known)
        && let Some((_, written)) = NAMES.get(place)
    {
        return Text::new_static(written);
    }
    let mut start = true;
    let letter = |c: char| {
        let upper = std::mem::replace(&mut start, c == '-');
        if upper { c.to_ascii_uppercase() } else { c }
    };
    let written: String = name.chars().map(letter).collect();
    written.into()
}

/// 418 was never standardized: AWS sends no phrase for it.
fn standard_phrase(status: StatusCode) -> Option<&'static str> {
    if status == StatusCode::IM_A_TEAPOT { None } else { status.canonical_reason() }
}
