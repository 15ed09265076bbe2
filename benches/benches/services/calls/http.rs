//! An HTTP API.

use super::{Call, Whose, with};
use crate::{Outcome, machines};
use asl_runtime::integrations::http::{Connection, HttpInvoke, Secret};
use asl_runtime::{InMemory, Value};
use reqwest::header::HeaderMap;
use serde_json::{Map, Value as Json, json};
use std::time::Duration;

pub(super) fn call(whose: Whose, url: &str) -> Outcome<Call> {
    let document = json!({ "url": url, "order": "A-1001", "lines": 2 });
    Ok(match whose {
        Whose::Ours => with((host(), Value::from(document)), |(host, input)| ours(host, input)),
        Whose::ByHand => with((client()?, document), |(client, document)| by_hand(client, document)),
        Whose::InFull => with((client()?, document), |(client, document)| in_full(client, document)),
    })
}

fn host() -> InMemory {
    let connection = Connection::api_key("X-Api-Key", Secret::from("a key"));
    InMemory::new().integration(HttpInvoke::new().connection("shop", connection))
}

async fn ours(host: &InMemory, input: &Value) -> Outcome<Option<i64>> {
    let output = machines::call::run(host, input.clone()).await?;
    Ok(output.get("total").and_then(Value::as_i64))
}

fn client() -> Outcome<reqwest::Client> {
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(no_certificates()?)
        .no_proxy()
        .http1_only()
        .tcp_nodelay(true)
        .build()?;
    Ok(client)
}

async fn by_hand(client: &reqwest::Client, document: &Json) -> Outcome<Option<i64>> {
    let body = json!({ "order": document["order"], "lines": document["lines"] });
    let address = document["url"].as_str().ok_or("no address")?;
    let request = client.post(address).header("X-Api-Key", "a key");
    let request = request.header("Content-Type", "application/json").body(body.to_string());
    let answer = request.send().await?.error_for_status()?.bytes().await?;
    let answer: Json = serde_json::from_slice(&answer)?;
    Ok(answer["total"].as_i64())
}

async fn in_full(client: &reqwest::Client, document: &Json) -> Outcome<Option<i64>> {
    let body = json!({ "order": document["order"], "lines": document["lines"] });
    let address = document["url"].as_str().ok_or("no address")?;
    let request = client
        .post(address)
        .timeout(Duration::from_secs(60))
        .header("X-Api-Key", "a key")
        .header("User-Agent", "Amazon|StepFunctions|HttpInvoke|us-east-1")
        .header("Range", "bytes=0-262144")
        .header("Content-Type", "application/json; charset=UTF-8")
        .body(body.to_string());
    let answer = request.send().await?.error_for_status()?;
    let status = answer.status();
    let headers = header_values(answer.headers());
    let body: Json = serde_json::from_slice(&answer.bytes().await?)?;
    let mut result = Map::new();
    result.insert("Headers".to_owned(), headers.into());
    result.insert("ResponseBody".to_owned(), body);
    result.insert("StatusCode".to_owned(), status.as_u16().into());
    result.insert("StatusText".to_owned(), status.canonical_reason().unwrap_or_default().into());
    Ok(result["ResponseBody"]["total"].as_i64())
}

/// All values of each header, by its name as servers write it.
fn header_values(headers: &HeaderMap) -> Map<String, Json> {
    let mut fields = Map::new();
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        let values = fields.entry(title_case(name.as_str())).or_insert_with(|| Json::Array(Vec::new()));
        if let Json::Array(values) = values {
            values.push(value.into());
        }
    }
    fields
}

fn title_case(name: &str) -> String {
    let mut starts = true;
    let written = |letter: char| {
        let is_first = std::mem::replace(&mut starts, letter == '-');
        if is_first { letter.to_ascii_uppercase() } else { letter }
    };
    name.chars().map(written).collect()
}

/// TLS that is not used: reqwest has to be told of some.
fn no_certificates() -> Result<rustls::ClientConfig, rustls::Error> {
    let provider = rustls::crypto::ring::default_provider().into();
    let builder =
        rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth())
}
