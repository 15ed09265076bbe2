//! Connections: not more than there may be, and none that is silent forever.

use axum::serve::Listener;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

/// So many connections there are at most; more wait until one is closed.
const MOST: usize = 4096;

/// Longer than any action takes: `StartSyncExecution` waits for five minutes.
const SILENCE: Duration = Duration::from_secs(6 * 60);

/// Accepts connections as long as there may be more.
pub(crate) struct Bounded {
    listener: TcpListener,
    free: Arc<Semaphore>,
}

impl Bounded {
    pub(crate) fn new(listener: TcpListener) -> Self {
        Self { listener, free: Arc::new(Semaphore::new(MOST)) }
    }
}

impl Listener for Bounded {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        // The semaphore is never closed.
        let place = Arc::clone(&self.free).acquire_owned().await.ok();
        let (stream, address) = Listener::accept(&mut self.listener).await;
        // What is answered is sent at once.
        let _ = stream.set_nodelay(true);
        (Connection { stream, silence: Box::pin(sleep(SILENCE)), _place: place }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection, with its place among all.
pub(crate) struct Connection {
    stream: TcpStream,
    silence: Pin<Box<Sleep>>,
    _place: Option<OwnedSemaphorePermit>,
}

impl Connection {
    fn is_heard(&mut self) {
        if let Some(end) = Instant::now().checked_add(SILENCE) {
            self.silence.as_mut().reset(end);
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_ready() {
            self.is_heard();
            return read;
        }
        // The task is woken when the time is over.
        self.silence.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if written.is_ready() {
            self.is_heard();
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        if written.is_ready() {
            self.is_heard();
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use std::future::poll_fn;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::time::advance;

    async fn bounded(most: usize) -> Bounded {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Bounded { listener, free: Arc::new(Semaphore::new(most)) }
    }

    #[tokio::test]
    async fn more_connections_than_there_may_be_wait_until_one_is_closed() {
        let mut bounded = bounded(1).await;
        let address = Listener::local_addr(&bounded).unwrap();
        let clients =
            [TcpStream::connect(address).await.unwrap(), TcpStream::connect(address).await.unwrap()];
        let (first, from) = bounded.accept().await;
        assert_eq!(from, clients[0].local_addr().unwrap());
        // The second connection is there, but is not accepted.
        assert!(bounded.accept().now_or_never().is_none());
        assert!(poll_fn(|context| bounded.listener.poll_accept(context)).now_or_never().is_some());
        drop(first);
        let _third = TcpStream::connect(address).await.unwrap();
        bounded.accept().await;
    }

    /// On a clock that jumps, because nothing else can happen.
    #[tokio::test(start_paused = true)]
    async fn a_connection_that_says_nothing_is_closed_after_a_while() {
        let mut bounded = bounded(1).await;
        let mut client = TcpStream::connect(Listener::local_addr(&bounded).unwrap()).await.unwrap();
        let (mut connection, _) = bounded.accept().await;
        for byte in [b'a', b'b'] {
            advance(SILENCE - Duration::from_secs(1)).await;
            client.write_all(&[byte]).await.unwrap();
            assert_eq!(connection.read_u8().await.unwrap(), byte);
        }
        advance(SILENCE - Duration::from_secs(1)).await;
        connection.write_all(b"c").await.unwrap();
        let heard = Instant::now();
        let error = connection.read_u8().await.unwrap_err();
        assert_eq!((error.kind(), heard.elapsed() >= SILENCE), (io::ErrorKind::TimedOut, true));
    }
}
