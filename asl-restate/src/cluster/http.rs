//! Requests to a cluster: to its ingress, and to its admin API.

use super::{ClusterError, Result};
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, RequestBuilder, Url, redirect};
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// A field that is a text.
pub(super) fn text<'j>(json: &'j Json, name: &str) -> Option<&'j str> {
    json.get(name)?.as_str()
}

/// The elements of a field that is a list.
pub(super) fn list<'j>(json: &'j Json, name: &str) -> &'j [Json] {
    json.get(name).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

/// What a part of a path may be made of.
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// What the ingress says which invocation it is.
const INVOCATION: &str = "x-restate-id";

/// A part of a path.
pub(super) fn escaped(part: &str) -> String {
    utf8_percent_encode(part, PART).to_string()
}

#[derive(Clone, Debug)]
pub(super) struct Http {
    client: Client,
    ingress: Url,
    admin: Url,
}

/// What was answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Bytes,
    invocation: Option<String>,
}

impl Answer {
    /// The invocation that it is about.
    pub(super) fn invocation(&self) -> Option<String> {
        self.invocation.clone()
    }

    /// The same, if it is not an error.
    pub(super) fn ok(self) -> Result<Self> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        let message = self.json().ok().and_then(|json| text(&json, "message").map(str::to_owned));
        let message = message.unwrap_or_else(|| String::from_utf8_lossy(&self.body).into_owned());
        Err(ClusterError::Refused(format!("{message} ({})", self.status)))
    }

    pub(super) fn json(&self) -> Result<Json> {
        serde_json::from_slice(&self.body)
            .map_err(|error| ClusterError::Refused(format!("an answer is not JSON: {error}")))
    }
}

impl Http {
    pub(super) fn new(ingress: &str, admin: &str) -> std::result::Result<Self, String> {
        let url = |text: &str| {
            let url = Url::parse(text).map_err(|error| format!("`{text}` is not a URL: {error}"))?;
            if matches!(url.scheme(), "http" | "https") && url.has_host() {
                Ok(url)
            } else {
                Err(format!("`{text}` is not the address of a server: write `http://HOST:PORT`"))
            }
        };
        let client = Client::builder().tls_backend_preconfigured(tls()?);
        let client = client.redirect(redirect::Policy::none()).no_proxy().tcp_nodelay(true).build();
        let client = client.map_err(|error| error.to_string())?;
        Ok(Self { client, ingress: url(ingress)?, admin: url(admin)? })
    }

    pub(super) async fn admin(&self, path: &str) -> Result<Answer> {
        answer(self.client.get(at(&self.admin, path)).header(ACCEPT, "application/json")).await
    }

    /// Asks the tables.
    pub(super) async fn query(&self, query: &str) -> Result<Answer> {
        let request = self.client.post(at(&self.admin, "/query")).header(ACCEPT, "application/json");
        answer(request.header(CONTENT_TYPE, "application/json").body(json!({ "query": query }).to_string()))
            .await
    }

    pub(super) async fn get_ingress(&self, path: &str) -> Result<Answer> {
        answer(self.client.get(at(&self.ingress, path))).await
    }

    /// Calls a handler with JSON.
    pub(super) async fn ingress(&self, path: &str, headers: &[(&str, &str)], body: String) -> Result<Answer> {
        let request = self.client.post(at(&self.ingress, path)).header(CONTENT_TYPE, "application/json");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        answer(request.body(body)).await
    }

    /// Calls a handler with bytes.
    pub(super) async fn send_bytes(&self, path: &str, body: Vec<u8>) -> Result<Answer> {
        let request = self.client.post(at(&self.ingress, path));
        answer(request.header(CONTENT_TYPE, "application/octet-stream").body(body)).await
    }
}

/// Trusts the certificates of the system.
fn tls() -> std::result::Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    // A system without certificates is no error: a cluster may do without TLS.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map(|config| config.with_root_certificates(roots).with_no_client_auth())
        .map_err(|error| format!("TLS cannot be set up: {error}"))
}

fn at(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    let before = base.path().trim_end_matches('/').to_owned();
    url.set_path(&format!("{before}{path}"));
    url
}

async fn answer(request: RequestBuilder) -> Result<Answer> {
    // Without the address, which may hold a password.
    let unreachable = |error: reqwest::Error| ClusterError::Unreachable(innermost(&error.without_url()));
    let response = request.send().await.map_err(unreachable)?;
    let status = response.status().as_u16();
    let invocation = response.headers().get(INVOCATION).and_then(|id| id.to_str().ok()).map(str::to_owned);
    let body = response.bytes().await.map_err(unreachable)?;
    Ok(Answer { status, body, invocation })
}

fn innermost(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), innermost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_part_of_a_path() {
        let path = ["", "order", "a/b c:d", "run"].map(escaped).join("/");
        let url = at(&Url::parse("http://127.0.0.1:8080/restate/").unwrap(), &path);
        assert_eq!(url.as_str(), "http://127.0.0.1:8080/restate/order/a%2Fb%20c%3Ad/run");
    }

    #[test]
    fn an_address_is_that_of_a_server() {
        for wrong in ["", "127.0.0.1:8080", "ftp://127.0.0.1", "file:///tmp"] {
            assert!(Http::new(wrong, "http://127.0.0.1:9070").is_err(), "{wrong}");
        }
        assert!(Http::new("http://127.0.0.1:8080", "http://127.0.0.1:9070").is_ok());
    }
}
