//! Sending requests over HTTP/1.1: sockets and TLS, by hyper.
//!
//! In: a complete request. Out: the answer. Sends the address as it is given, byte by byte. Sends a request once; never follows a redirect, never
//! asks a proxy.

use super::answer::{Answer, innermost};
use super::tls::tls_config;
use crate::integrations::request_error::RequestError;
use http_body_util::Full;
use hyper::Request;
use hyper::body::{Body, Bytes};
use hyper::header::{ACCEPT, HeaderMap, HeaderValue};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;
use std::time::Duration;

/// Servers close connections that are idle for longer; one that is about to close is better not used again.
const IDLE: Duration = Duration::from_secs(15);

/// A request with its whole body.
pub(super) type Outgoing = Request<Full<Bytes>>;

/// Opens connections and keeps them for the next request, whose body is of a type.
pub(in crate::integrations) type Sockets<B> = Client<HttpsConnector<HttpConnector>, B>;

/// Connections to servers that are trusted as this says.
pub(in crate::integrations) fn sockets<B>(tls: ClientConfig) -> Sockets<B>
where
    B: Body<Data: Send> + Send,
{
    let mut connector = HttpConnector::new();
    connector.enforce_http(false);
    connector.set_nodelay(true);
    let connector = HttpsConnector::from((connector, tls));
    Client::builder(TokioExecutor::new())
        .http1_title_case_headers(true)
        .pool_idle_timeout(IDLE)
        .pool_timer(TokioTimer::new())
        .build(connector)
}

/// Anything will do for an answer, unless the request says what it wants.
pub(in crate::integrations) fn accept_anything(headers: &mut HeaderMap) {
    headers.entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
}

/// The connections of HTTP tasks.
pub(super) struct Transport(Sockets<Full<Bytes>>);

impl Transport {
    /// A transport that trusts the certificates of the system and those given.
    pub(super) fn new(root_certificates: &[String]) -> Result<Self, RequestError> {
        tls_config(root_certificates).map(sockets).map(Self)
    }

    /// Sends a request. The error is the innermost reason, without the address.
    pub(super) async fn send(&self, mut request: Outgoing) -> Result<Answer, RequestError> {
        accept_anything(request.headers_mut());
        let response = self.0.request(request).await.map_err(|error| innermost(&error))?;
        // All that a task does has one limit.
        Ok(Answer::new(response, None))
    }
}
