//! Sending a request: sockets, TLS, limits of time and size.
//!
//! In: a complete request. Out: the head of the answer, and its body up to a limit. Sends the address as it is given, byte by byte; never
//! follows a redirect, never asks a proxy, never checks less than the whole certificate of a server.

use crate::integrations::timeouts::Timeouts;
use futures_util::future::{Either, select};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{ACCEPT, HeaderMap, HeaderValue};
use hyper::{Request, Response, StatusCode};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{HttpConnector, capture_connection};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::error::Error;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

/// Servers close connections that are idle for longer; one that is about to close is better not used again.
const IDLE: Duration = Duration::from_secs(15);

/// A request with its whole body.
pub(in crate::integrations) type Outgoing = Request<Full<Bytes>>;

/// Opens connections and keeps them for the next request.
pub(in crate::integrations) struct Transport(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

/// An answer whose body has not been read.
pub(in crate::integrations) struct Answer {
    response: Response<Incoming>,
    read_timeout: Option<Duration>,
}

/// Why there is no body.
pub(in crate::integrations) enum BodyError {
    TooLarge,
    Broken(String),
}

impl Transport {
    /// A transport that trusts the certificates of the system and those given.
    pub(in crate::integrations) fn new(root_certificates: &[String]) -> Result<Self, String> {
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        let connector = HttpsConnector::from((connector, tls_config(root_certificates)?));
        let client = Client::builder(TokioExecutor::new())
            .http1_title_case_headers(true)
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .build(connector);
        Ok(Self(client))
    }

    /// Sends a request. The error is the innermost reason, without the address.
    pub(in crate::integrations) async fn send(
        &self,
        mut request: Outgoing,
        timeouts: Timeouts,
    ) -> Result<Answer, String> {
        request.headers_mut().entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
        let mut connection = capture_connection(&mut request);
        let answering = pin!(self.0.request(request));
        let connected = async { connection.wait_for_connection_metadata().await.is_some() };
        let connecting = pin!(within("Connect", timeouts.connect, connected));
        let answered = match select(answering, connecting).await {
            Either::Left((answered, _)) => answered,
            Either::Right((connected, answering)) => {
                connected?;
                within("Read", timeouts.read, answering).await?
            }
        };
        let response = answered.map_err(|error| innermost(&error))?;
        Ok(Answer { response, read_timeout: timeouts.read })
    }
}

/// What is waited for, or that it took too long.
async fn within<T>(
    what: &str,
    limit: Option<Duration>,
    awaited: impl Future<Output = T>,
) -> Result<T, String> {
    let Some(limit) = limit else { return Ok(awaited.await) };
    let waited = tokio::time::timeout(limit, awaited).await;
    waited.map_err(|_| format!("{what} timed out after {} seconds", limit.as_secs_f64()))
}

impl Answer {
    pub(in crate::integrations) fn status(&self) -> StatusCode {
        self.response.status()
    }

    pub(in crate::integrations) fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The next piece of the body, not empty; nothing at its end.
    pub(in crate::integrations) async fn chunk(&mut self) -> Result<Option<Bytes>, String> {
        while let Some(frame) = within("Read", self.read_timeout, self.response.body_mut().frame()).await? {
            let frame = frame.map_err(|error| innermost(&error))?;
            // Trailers say nothing that is needed.
            if let Some(data) = frame.into_data().ok().filter(|data| !data.is_empty()) {
                return Ok(Some(data));
            }
        }
        Ok(None)
    }

    /// Reads the body, and stops where it gets larger than the limit.
    pub(in crate::integrations) async fn read_body(&mut self, limit: usize) -> Result<Vec<u8>, BodyError> {
        let mut read = Vec::new();
        if self.response.body().size_hint().lower() > limit as u64 {
            return Err(BodyError::TooLarge);
        }
        while let Some(chunk) = self.chunk().await.map_err(BodyError::Broken)? {
            if read.len() + chunk.len() > limit {
                return Err(BodyError::TooLarge);
            }
            read.extend_from_slice(&chunk);
        }
        Ok(read)
    }
}

fn tls_config(root_certificates: &[String]) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    // A system without certificates is no error: requests without TLS need none, and others are then refused.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for pem in root_certificates {
        let mut certificates = CertificateDer::pem_slice_iter(pem.as_bytes()).peekable();
        if certificates.peek().is_none() {
            return Err("A root certificate of the HTTP integration holds no certificate.".to_owned());
        }
        for certificate in certificates {
            let added = certificate
                .map_err(|error| error.to_string())
                .and_then(|certificate| roots.add(certificate).map_err(|error| error.to_string()));
            added.map_err(|error| {
                format!("A root certificate of the HTTP integration cannot be used: {error}")
            })?;
        }
    }
    // The provider is given here, so that no other part of the program is made to use it.
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map(|config| config.with_root_certificates(roots).with_no_client_auth())
        .map_err(|error| format!("TLS cannot be set up: {error}"))
}

fn innermost(error: &dyn Error) -> String {
    let mut reason = error;
    while let Some(source) = reason.source() {
        reason = source;
    }
    reason.to_string()
}
