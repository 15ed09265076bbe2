//! The end of a server: a signal, and a little time for what is being answered.
//!
//! In: a server, and where it listens. Out: nothing; it serves until Ctrl-C, or on Unix the signal to end.

use asl_runtime::command::signalled;
use asl_server::Server;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How long answers may take after the signal. Polls of activities take longer, and are given up.
const GRACE: Duration = Duration::from_secs(5);

/// Serves, and says by `ready` that it does: from then on a signal ends it well.
pub(super) async fn serve(
    server: &Server,
    listener: TcpListener,
    ready: impl FnOnce(),
) -> Result<(), String> {
    let signal = signalled().map_err(|error| format!("signals cannot be waited for: {error}"))?;
    ready();
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        signal.await;
        stop.send_replace(true);
    });
    let wait = |mut stopped: watch::Receiver<bool>| async move { drop(stopped.wait_for(|is| *is).await) };
    let served = server.serve(listener, wait(stopped.clone()));
    let late = async {
        wait(stopped).await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        served = served => served.map_err(|error| format!("the server has failed: {error}")),
        () = late => Ok(()),
    }
}
