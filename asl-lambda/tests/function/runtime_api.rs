//! The Runtime API of Lambda on 127.0.0.1: hands out events, and takes answers. One connection at a time asks for events, as a function
//! does.

use serde_json::Value as Json;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, mpsc};

/// What a function said.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The last part of the path that it came to: `response` or `error`.
    pub(crate) kind: String,
    pub(crate) body: Json,
    pub(crate) at: Instant,
}

impl Answer {
    /// The output of an execution.
    pub(crate) fn output(self) -> Json {
        assert_eq!(self.kind, "response", "{}", self.body);
        self.body
    }

    /// The type and the message of an error.
    pub(crate) fn error(self) -> (String, String) {
        assert_eq!(self.kind, "error", "{}", self.body);
        let text = |name: &str| self.body[name].as_str().unwrap().to_owned();
        (text("errorType"), text("errorMessage"))
    }
}

/// An event for a function, and how long it has for it.
struct Event {
    id: String,
    body: String,
    time: Duration,
}

pub(crate) struct RuntimeApi {
    pub(crate) address: SocketAddr,
    events: mpsc::UnboundedSender<Event>,
    answers: mpsc::UnboundedReceiver<Answer>,
    /// When a function asked for its first event.
    ready: mpsc::UnboundedReceiver<Instant>,
    sent: usize,
}

struct Queues {
    events: Mutex<mpsc::UnboundedReceiver<Event>>,
    answers: mpsc::UnboundedSender<Answer>,
    ready: mpsc::UnboundedSender<Instant>,
}

impl RuntimeApi {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (events, to_hand_out) = mpsc::unbounded_channel();
        let (answered, answers) = mpsc::unbounded_channel();
        let (asked, ready) = mpsc::unbounded_channel();
        let queues = Arc::new(Queues { events: Mutex::new(to_hand_out), answers: answered, ready: asked });
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&queues)));
            }
        });
        Self { address, events, answers, ready, sent: 0 }
    }

    /// Invokes the function with an event, and returns what it says.
    pub(crate) async fn invoke(&mut self, event: &Json, time: Duration) -> Answer {
        self.sent += 1;
        let event = Event { id: format!("request-{}", self.sent), body: event.to_string(), time };
        self.events.send(event).ok().unwrap();
        self.answers.recv().await.unwrap()
    }

    /// When the function asked for its first event.
    pub(crate) async fn ready(&mut self) -> Instant {
        self.ready.recv().await.unwrap()
    }
}

async fn serve(stream: TcpStream, queues: Arc<Queues>) {
    stream.set_nodelay(true).unwrap();
    let mut stream = BufReader::new(stream);
    while let Some((target, body)) = read(&mut stream).await {
        let answer = if target.ends_with("/invocation/next") {
            let _ = queues.ready.send(Instant::now());
            let Some(event) = queues.events.lock().await.recv().await else { return };
            next(&event)
        } else {
            let kind = target.rsplit('/').next().unwrap().to_owned();
            let body = serde_json::from_slice(&body).unwrap();
            let _ = queues.answers.send(Answer { kind, body, at: Instant::now() });
            String::from("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
        };
        if stream.get_mut().write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

fn next(event: &Event) -> String {
    let deadline = (SystemTime::now() + event.time).duration_since(UNIX_EPOCH).unwrap().as_millis();
    format!(
        "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: {}\r\nLambda-Runtime-Deadline-Ms: {deadline}\r\n\
         Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-west-1:123456789012:function:order\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
        event.id,
        event.body.len(),
        event.body
    )
}

/// The path and the body of a request.
async fn read(stream: &mut BufReader<TcpStream>) -> Option<(String, Vec<u8>)> {
    let (mut target, mut length) = (None, 0);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if target.is_none() {
            target = Some(line.split(' ').nth(1).unwrap().to_owned());
        } else if line.is_empty() {
            break;
        } else if let Some((name, value)) = line.split_once(": ") {
            assert!(!name.eq_ignore_ascii_case("transfer-encoding"), "an answer is sent whole");
            if name.eq_ignore_ascii_case("content-length") {
                length = value.parse().unwrap();
            }
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some((target?, body))
}
