//! What is done once, whatever happens: Restate keeps what came of it, and an invocation that is gone through again is told that.

use crate::message::Coded;
use asl_engine::codec::{Decode, Encode};
use restate_sdk::context::RunFuture as _;
use restate_sdk::endpoint::ContextInternal;
use restate_sdk::errors::TerminalError;
use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::sync::OnceLock;
use std::task::Poll;

/// What comes of some work. Where it is done now, the invocation goes on with that at once: Restate keeps what an invocation sends in the order in which it
/// is sent, so that it has nothing that follows from this without this.
///
/// # Errors
/// The invocation was cancelled.
pub(crate) async fn once<T: Encode + Decode + Clone + Send + Sync + 'static>(
    context: &ContextInternal,
    name: &str,
    work: impl Future<Output = T> + Send,
) -> Result<T, TerminalError> {
    let done = OnceLock::new();
    let does = || async {
        let outcome = work.await;
        Ok(Coded(done.get_or_init(|| outcome).clone()))
    };
    let mut kept = pin!(context.run(does).name(name));
    let kept = poll_fn(|waker| match (kept.as_mut().poll(waker), done.get()) {
        (Poll::Pending, Some(done)) => Poll::Ready(Ok(Coded(done.clone()))),
        (kept, _) => kept,
    });
    kept.await.map(|Coded(outcome)| outcome)
}
