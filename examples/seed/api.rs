//! The external API of the workflow, small: a person at `/dados`.
//!
//! In: HTTP requests on the loopback interface. Out: `{"id": "42", "nome": "Ana"}` for `GET /dados`, an error for all else.

use std::io;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

const PERSON: &str = r#"{"id": "42", "nome": "Ana"}"#;

/// Serves until the program ends, on a port that is free, and returns the address.
pub(crate) async fn serve() -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            // A caller that hangs up in the middle has only itself to blame.
            tokio::spawn(async move { answer(connection).await.ok() });
        }
    });
    Ok(format!("http://{address}/dados"))
}

async fn answer(mut connection: TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(&mut connection).lines();
    let request = lines.next_line().await?.unwrap_or_default();
    // The headers end with an empty line.
    while lines.next_line().await?.is_some_and(|line| !line.is_empty()) {}
    let (status, body) = match request.split_whitespace().collect::<Vec<_>>().as_slice() {
        ["GET", "/dados", _] => ("200 OK", PERSON),
        _ => ("404 Not Found", r#"{"erro": "nada aqui"}"#),
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close"
    );
    connection.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).await?;
    connection.shutdown().await
}
