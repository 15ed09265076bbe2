//! A client of the API, which asks again when the server dies under its request.

use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread;
use std::time::Duration;

/// A clone asks the same server.
#[derive(Clone, Default)]
pub(crate) struct Client {
    port: Arc<AtomicU16>,
}

impl Client {
    /// From now on the server is here.
    pub(crate) fn leads_to(&self, port: u16) {
        self.port.store(port, Ordering::Relaxed);
    }

    /// Asks once: `None` if there was no answer.
    pub(crate) fn try_once(
        &self,
        action: &str,
        request: &Value,
        patience: Duration,
    ) -> Option<Result<Value, Value>> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port.load(Ordering::Relaxed))).ok()?;
        stream.set_read_timeout(Some(patience)).ok()?;
        let body = request.to_string();
        let head = format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: AWSStepFunctions.{action}\r\n\
             Content-Type: application/x-amz-json-1.0\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        // What was cut is not an answer.
        let body = serde_json::from_str(body).ok()?;
        Some(if head.starts_with("HTTP/1.1 200") { Ok(body) } else { Err(body) })
    }

    /// Asks until there is an answer.
    pub(crate) fn ask(&self, action: &str, request: &Value) -> Result<Value, Value> {
        loop {
            if let Some(answer) = self.try_once(action, request, Duration::from_secs(600)) {
                return answer;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Asks for what must not be refused.
    pub(crate) fn must(&self, action: &str, request: &Value) -> Value {
        self.ask(action, request).unwrap_or_else(|error| panic!("{action}: {error}"))
    }

    /// All pages of a list.
    pub(crate) fn all(&self, action: &str, request: &Value, name: &str) -> Vec<Value> {
        let (mut request, mut all) = (request.clone(), Vec::new());
        request["maxResults"] = json!(10);
        loop {
            let mut page = self.must(action, &request);
            all.append(page[name].as_array_mut().unwrap());
            if page["nextToken"].is_null() {
                return all;
            }
            request["nextToken"] = page["nextToken"].take();
        }
    }
}
