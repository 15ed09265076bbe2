//! Requests to a cluster: to its ingress, and to its admin API.

use super::{AddressError, ClusterError, Result};
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, RequestBuilder, Url, redirect};
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use std::time::Duration;

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

/// How long a connection may take to come about.
const CONNECTING: Duration = Duration::from_secs(5);
/// How long an answer may take that does not wait for anything.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// The largest answer. A message may have 32 MiB, tables write each byte of it as two digits, and an execution has an input and an output.
const LARGEST: usize = 128 << 20;
/// So many characters at most of what an error says.
const MESSAGE: usize = 1_000;

/// A path of these parts.
///
/// # Errors
/// One of them cannot be a part of a path, however it is written: it would lead elsewhere.
pub(super) fn path<'p>(parts: impl IntoIterator<Item = &'p str>) -> Result<String> {
    let mut path = String::new();
    for part in parts {
        if matches!(part, "" | "." | "..") {
            return Err(ClusterError::Impossible(format!("`{part}` cannot be a name on Restate")));
        }
        path.push('/');
        path.extend(utf8_percent_encode(part, PART));
    }
    Ok(path)
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
        let message: String = message.chars().take(MESSAGE).collect();
        Err(ClusterError::Refused(format!("{message} ({})", self.status)))
    }

    pub(super) fn json(&self) -> Result<Json> {
        serde_json::from_slice(&self.body)
            .map_err(|error| ClusterError::Refused(format!("an answer is not JSON: {error}")))
    }
}

impl Http {
    pub(super) fn new(ingress: &str, admin: &str) -> Result<Self, AddressError> {
        // What was written is not said, because it may hold a password.
        let url = |text: &str, of: &'static str| {
            let url =
                Url::parse(text).map_err(|error| AddressError::NotAUrl { of, why: error.to_string() })?;
            if matches!(url.scheme(), "http" | "https") && url.has_host() {
                Ok(url)
            } else {
                Err(AddressError::NotAServer { of })
            }
        };
        let client = Client::builder().tls_backend_preconfigured(tls()?).connect_timeout(CONNECTING);
        let client = client.redirect(redirect::Policy::none()).no_proxy().tcp_nodelay(true).build();
        let client = client.map_err(|error| AddressError::NoClient(error.to_string()))?;
        Ok(Self { client, ingress: url(ingress, "the ingress")?, admin: url(admin, "the admin API")? })
    }

    pub(super) async fn admin(&self, path: &str) -> Result<Answer> {
        let request = self.client.get(at(&self.admin, path)).header(ACCEPT, "application/json");
        answer(request.timeout(PATIENCE)).await
    }

    /// Asks the tables.
    pub(super) async fn query(&self, query: &str) -> Result<Answer> {
        let request = self.client.post(at(&self.admin, "/query")).header(ACCEPT, "application/json");
        let request = request.header(CONTENT_TYPE, "application/json").timeout(PATIENCE);
        answer(request.body(json!({ "query": query }).to_string())).await
    }

    pub(super) async fn get_ingress(&self, path: &str) -> Result<Answer> {
        answer(self.client.get(at(&self.ingress, path)).timeout(PATIENCE)).await
    }

    /// The same for what is answered only when something has happened.
    pub(super) async fn wait_at_ingress(&self, path: &str) -> Result<Answer> {
        answer(self.client.get(at(&self.ingress, path))).await
    }

    /// Calls a handler with JSON.
    pub(super) async fn ingress(&self, path: &str, headers: &[(&str, &str)], body: String) -> Result<Answer> {
        answer(self.with_json(path, headers, body).timeout(PATIENCE)).await
    }

    /// The same for a handler that hands something out, whose answer must not be missed.
    pub(super) async fn fetch(&self, path: &str, body: String) -> Result<Answer> {
        answer(self.with_json(path, &[], body)).await
    }

    fn with_json(&self, path: &str, headers: &[(&str, &str)], body: String) -> RequestBuilder {
        let request = self.client.post(at(&self.ingress, path)).header(CONTENT_TYPE, "application/json");
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).body(body)
    }

    /// Calls a handler with bytes, which has so long to answer.
    pub(super) async fn send_bytes(&self, path: &str, body: Vec<u8>, patience: Duration) -> Result<Answer> {
        let request = self.client.post(at(&self.ingress, path)).timeout(patience);
        answer(request.header(CONTENT_TYPE, "application/octet-stream").body(body)).await
    }
}

/// Trusts the certificates of the system.
fn tls() -> Result<ClientConfig, AddressError> {
    let mut roots = RootCertStore::empty();
    // A system without certificates is not an error: a cluster may do without TLS.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map(|config| config.with_root_certificates(roots).with_no_client_auth())
        .map_err(|error| AddressError::NoClient(format!("TLS cannot be set up: {error}")))
}

fn at(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    let before = base.path().trim_end_matches('/').to_owned();
    url.set_path(&format!("{before}{path}"));
    url
}

async fn answer(request: RequestBuilder) -> Result<Answer> {
    let mut response = request.send().await.map_err(failed)?;
    let status = response.status().as_u16();
    let invocation = response.headers().get(INVOCATION).and_then(|id| id.to_str().ok()).map(str::to_owned);
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(failed)? {
        if body.len() + part.len() > LARGEST {
            return Err(ClusterError::Refused(String::from("an answer is larger than 128 MiB")));
        }
        body.extend_from_slice(&part);
    }
    Ok(Answer { status, body: body.into(), invocation })
}

/// Why there is no answer.
fn failed(error: reqwest::Error) -> ClusterError {
    let (is_impossible, is_late) = (error.is_builder(), error.is_timeout() && !error.is_connect());
    // Without the address, which may hold a password.
    let reason = innermost(&error.without_url());
    if is_impossible {
        ClusterError::Impossible(reason)
    } else if is_late {
        ClusterError::Silent
    } else {
        ClusterError::Unreachable(reason)
    }
}

fn innermost(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), innermost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_part_of_a_path() {
        let path = path(["order", "a/b c:d", "run"]).unwrap();
        let url = at(&Url::parse("http://127.0.0.1:8080/restate/").unwrap(), &path);
        assert_eq!(url.as_str(), "http://127.0.0.1:8080/restate/order/a%2Fb%20c%3Ad/run");
    }

    #[test]
    fn a_name_that_would_lead_elsewhere_is_no_part_of_a_path() {
        for wrong in ["", ".", ".."] {
            assert!(matches!(path(["order", wrong, "run"]), Err(ClusterError::Impossible(_))), "{wrong}");
        }
        assert_eq!(path(["...", "%2e%2e"]).unwrap(), "/.../%252e%252e");
    }

    #[test]
    fn a_header_of_two_lines_is_no_fault_of_the_network() {
        let http = Http::new("http://127.0.0.1:1", "http://127.0.0.1:1").unwrap();
        let error =
            http.with_json("/order", &[("x-amzn-trace-id", "a\nb")], String::new()).build().unwrap_err();
        assert!(matches!(failed(error), ClusterError::Impossible(_)));
    }

    #[test]
    fn an_address_is_that_of_a_server() {
        for wrong in ["", "127.0.0.1:8080", "ftp://127.0.0.1", "file:///tmp", "user:secret@127.0.0.1:8080"] {
            let error = Http::new(wrong, "http://127.0.0.1:9070").unwrap_err();
            assert!(
                error.to_string().contains("the ingress") && !error.to_string().contains("secret"),
                "{error}"
            );
        }
        assert!(Http::new("http://127.0.0.1:8080", "http://127.0.0.1:9070").is_ok());
    }
}
