//! Sending a request: sockets, TLS, limits of time and size.
//!
//! In: a complete request. Out: the head of the answer, and its body up to a limit. Sends the address as it is given, byte by byte; never
//! follows a redirect, never asks a proxy, never checks less than the whole certificate of a server.

mod pieces;

use crate::integrations::timeouts::Timeouts;
use futures_util::future::{Either, select};
use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{ACCEPT, HeaderMap, HeaderValue};
use hyper::{Request, Response, StatusCode};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{HttpConnector, capture_connection};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use pieces::{Pieces, Taken};
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
pub(in crate::integrations) type Outgoing = Request<Pieces>;

/// Opens connections and keeps them for the next request.
pub(in crate::integrations) struct Transport(Client<HttpsConnector<HttpConnector>, Pieces>);

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
        let taken = request.body().taken();
        let mut connection = capture_connection(&mut request);
        let answering = pin!(self.0.request(request));
        let connected = async { connection.wait_for_connection_metadata().await.is_some() };
        let connecting = pin!(within("Connect", timeouts.connect, connected));
        let answer = match select(answering, connecting).await {
            Either::Left((answer, _)) => answer,
            Either::Right((connected, answering)) => {
                connected?;
                taken.now();
                answered(timeouts.read, &taken, answering).await?
            }
        };
        let response = answer.map_err(|error| innermost(&error))?;
        Ok(Answer { response, read_timeout: timeouts.read })
    }
}

/// An answer, or that too much time went by in which the server neither took a piece of the request nor answered.
async fn answered<T>(
    limit: Option<Duration>,
    taken: &Taken,
    mut answer: impl Future<Output = T> + Unpin,
) -> Result<T, String> {
    loop {
        let since = taken.when();
        let left = limit.map(|limit| limit.saturating_sub(since.elapsed()));
        match within("Read", left, &mut answer).await {
            Err(_) if taken.when() > since => {}
            Err(_) => return Err(timed_out("Read", limit.unwrap_or_default())),
            Ok(answer) => return Ok(answer),
        }
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
    waited.map_err(|_| timed_out(what, limit))
}

fn timed_out(what: &str, limit: Duration) -> String {
    format!("{what} timed out after {} seconds", limit.as_secs_f64())
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

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    /// More than what is kept between a client and a server on the same machine.
    const MUCH: usize = 16 * 1024 * 1024;
    const LIMIT: Duration = Duration::from_secs(70);

    #[tokio::test]
    async fn a_server_that_takes_a_long_time_for_a_request_is_not_silent() {
        // Time stands still where something is always to be done.
        let busy = tokio::spawn(async {
            loop {
                tokio::task::yield_now().await;
            }
        });
        tokio::time::pause();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut request = Outgoing::new(vec![b'x'; 4 * MUCH].into());
        *request.method_mut() = hyper::Method::PUT;
        *request.uri_mut() = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let server = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut taken = vec![0; MUCH];
            // With its head, a request is longer than its body.
            for _ in 0..4 {
                tokio::time::advance(LIMIT - Duration::from_secs(1)).await;
                stream.read_exact(&mut taken).await.unwrap();
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
            stream
        };
        let transport = Transport::new(&[]).unwrap();
        let timeouts = Timeouts { connect: None, read: Some(LIMIT) };
        let (answer, _) = futures_util::join!(transport.send(request, timeouts), server);
        assert_eq!(answer.map(|answer| answer.status()).ok(), Some(StatusCode::OK));
        busy.abort();
    }
}
