//! Sending a signed request: sockets, and limits of time.
//!
//! In: a complete request. Out: the answer. Sends the address as it is given, byte by byte, because that is what was signed: a client that
//! reads it as a URL, as reqwest does, would resolve its dots. Never follows a redirect, never asks a proxy.

mod pieces;

use crate::integrations::http::answer::{Answer, innermost, within};
use crate::integrations::http::tls::tls_config;
use crate::integrations::request_error::RequestError;
use crate::integrations::timeouts::Timeouts;
use futures_util::future::{Either, select};
use hyper::Request;
use hyper::header::{ACCEPT, HeaderValue};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{HttpConnector, capture_connection};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use pieces::{Pieces, Taken};
use reqwest::Body;
use rustls::ClientConfig;
use std::pin::pin;
use std::time::Duration;

/// Servers close connections that are idle for longer; one that is about to close is better not used again.
const IDLE: Duration = Duration::from_secs(15);

/// A request with its whole body.
pub(super) type Outgoing = Request<Pieces>;

/// Opens connections and keeps them for the next request.
pub(super) struct Transport(Client<HttpsConnector<HttpConnector>, Pieces>);

impl Transport {
    /// A transport that trusts the certificates of the system.
    pub(super) fn new() -> Result<Self, RequestError> {
        tls_config(&[]).map(Self::over)
    }

    /// A transport that trusts whom this says.
    pub(super) fn over(tls: ClientConfig) -> Self {
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        let connector = HttpsConnector::from((connector, tls));
        let client = Client::builder(TokioExecutor::new())
            .http1_title_case_headers(true)
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .build(connector);
        Self(client)
    }

    /// Sends a request. The error is the innermost reason, without the address.
    pub(super) async fn send(
        &self,
        mut request: Outgoing,
        timeouts: Timeouts,
    ) -> Result<Answer, RequestError> {
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
        Ok(Answer::new(response.map(Body::wrap), timeouts.read))
    }
}

/// An answer, or that too much time went by in which the server neither took a piece of the request nor answered.
async fn answered<T>(
    limit: Option<Duration>,
    taken: &Taken,
    mut answer: impl Future<Output = T> + Unpin,
) -> Result<T, RequestError> {
    loop {
        let since = taken.when();
        let left = limit.map(|limit| limit.saturating_sub(since.elapsed()));
        match within("Read", left, &mut answer).await {
            Err(_) if taken.when() > since => {}
            Err(_) => return Err(RequestError::TimedOut("Read", limit.unwrap_or_default())),
            Ok(answer) => return Ok(answer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::{Method, StatusCode};
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
        *request.method_mut() = Method::PUT;
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
        let transport = Transport::new().unwrap();
        let timeouts = Timeouts { connect: None, read: Some(LIMIT) };
        let (answer, _) = futures_util::join!(transport.send(request, timeouts), server);
        assert_eq!(answer.map(|answer| answer.status()).ok(), Some(StatusCode::OK));
        busy.abort();
    }
}
