//! Requests to a server on this machine, one connection for each.

use std::io::{Read, Write};
use std::net::TcpStream;

/// The status and the body of what a server answers; nothing if it does not.
pub(crate) fn request(port: u16, method: &str, path: &str, body: Option<&str>) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    let content = body.map_or_else(String::new, |body| {
        format!(
            "Content-Type: application/json\r\nAccept: application/json\r\nContent-Length: {}\r\n",
            body.len()
        )
    });
    let head =
        format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{content}\r\n");
    stream.write_all(format!("{head}{}", body.unwrap_or_default()).as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let is_chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    Some((status, if is_chunked { unchunked(body)? } else { body.to_owned() }))
}

fn unchunked(mut body: &str) -> Option<String> {
    let mut whole = String::new();
    loop {
        let (length, rest) = body.split_once("\r\n")?;
        let length = usize::from_str_radix(length, 16).ok()?;
        if length == 0 {
            return Some(whole);
        }
        whole.push_str(rest.get(..length)?);
        body = rest.get(length + 2..)?;
    }
}
