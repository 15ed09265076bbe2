//! Stopping an execution from outside: Ctrl-C, and on Unix the signal to end.

use asl_value::Text;
use std::future::Future;
use std::io;

/// Waits for a signal; the error and the cause that an execution then ends with. From now on the first one does nothing else, so that the program
/// can say how it ended.
///
/// # Errors
/// Signals cannot be waited for.
#[cfg(unix)]
pub fn signalled() -> io::Result<impl Future<Output = (Option<Text>, Option<String>)> + Send> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        let (interrupt, terminate) = (std::pin::pin!(interrupt.recv()), std::pin::pin!(terminate.recv()));
        futures_util::future::select(interrupt, terminate).await;
        stopped()
    })
}

/// See above.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn signalled() -> io::Result<impl Future<Output = (Option<Text>, Option<String>)> + Send> {
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
