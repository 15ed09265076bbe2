//! A small HTTP/1.1 server on 127.0.0.1 whose answers are written out byte by byte, and which keeps the requests it got.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A request as it came over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Request {
    /// The first line, without the version.
    pub(crate) fn target(&self) -> &str {
        self.head.lines().next().unwrap().strip_suffix(" HTTP/1.1").unwrap()
    }

    /// The values of a header, whatever its case.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        let fields = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        fields.filter(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
    }
}

#[derive(Clone, Default)]
struct Script {
    answers: Arc<Mutex<VecDeque<Vec<u8>>>>,
    requests: Arc<Mutex<Vec<Request>>>,
}

/// A server; it runs until the test's runtime ends.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    scheme: &'static str,
    script: Script,
}

impl Server {
    /// Returns these answers in turn. An empty answer means silence; when there are no more, connections are closed.
    pub(crate) async fn answering<A: Into<Vec<u8>>>(answers: impl IntoIterator<Item = A>) -> Self {
        Self::start(answers.into_iter().map(Into::into).collect(), None).await
    }

    /// The same over TLS.
    pub(crate) async fn answering_over_tls(acceptor: TlsAcceptor, answers: &[&str]) -> Self {
        Self::start(answers.iter().map(|answer| answer.as_bytes().to_vec()).collect(), Some(acceptor)).await
    }

    async fn start(answers: VecDeque<Vec<u8>>, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let script = Script { answers: Arc::new(Mutex::new(answers)), requests: Arc::default() };
        let served = script.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (script, tls) = (served.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, script).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, script).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, scheme, script }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}://localhost:{}{path}", self.scheme, self.address.port())
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.script.requests.lock().unwrap().clone()
    }

    /// The only request that came.
    pub(crate) fn request(&self) -> Request {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:#?}");
        requests.into_iter().next().unwrap()
    }
}

async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, script: Script) {
    while let Some(request) = read_request(&mut stream).await {
        script.requests.lock().unwrap().push(request);
        let answer = script.answers.lock().unwrap().pop_front();
        match answer {
            None => return,
            Some(answer) if answer.is_empty() => std::future::pending().await,
            Some(answer) => {
                // A client that has read enough closes the connection.
                if stream.write_all(&answer).await.is_err() {
                    return;
                }
                stream.flush().await.ok();
            }
        }
    }
}

async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<Request> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let mut request =
        Request { head: String::from_utf8(head).unwrap().trim_end().to_owned(), body: String::new() };
    let length = request.header("content-length").first().map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    request.body = String::from_utf8(body).unwrap();
    Some(request)
}

/// An answer with status 200, a content type and a body.
pub(crate) fn ok(content_type: &str, body: &str) -> String {
    answer("200 OK", &format!("Content-Type: {content_type}\r\n"), body)
}

/// An answer with a status, header lines and a body.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}
