//! Stopping an execution from outside: Ctrl-C, and on Unix the signal to end.

use asl_value::Text;
use std::future::Future;
use std::io;

/// Waits for a signal; the error and the cause that the execution then ends with. The first one stops the execution, so that it can say
/// how it ended.
#[cfg(unix)]
pub(super) fn signalled() -> io::Result<impl Future<Output = (Option<Text>, Option<String>)> + Send> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        let (interrupt, terminate) = (std::pin::pin!(interrupt.recv()), std::pin::pin!(terminate.recv()));
        futures_util::future::select(interrupt, terminate).await;
        stopped()
    })
}

/// See above.
#[cfg(not(unix))]
pub(super) fn signalled() -> io::Result<impl Future<Output = (Option<Text>, Option<String>)> + Send> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            // There is nothing to wait for.
            std::future::pending::<()>().await;
        }
        stopped()
    })
}

fn stopped() -> (Option<Text>, Option<String>) {
    (None, Some(String::from("a signal stopped it")))
}
