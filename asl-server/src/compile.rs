//! Machines by their definitions: compiled when they are first needed, and kept as long as they are in use.

use asl_runtime::{BoxFuture, Machine};
use futures_util::FutureExt;
use futures_util::future::Shared;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::time::Instant;

/// Makes machines of definitions.
pub trait Compile: Send + Sync + 'static {
    /// Compiles a definition that was checked before, and builds a machine of it.
    ///
    /// The machine is dropped when it has not been used for a while, and asked for again when it is needed.
    fn machine(&self, definition: &str) -> BoxFuture<'static, Result<Arc<dyn Machine>, String>>;
}

/// A machine that may still be built.
pub type Building = Shared<BoxFuture<'static, Result<Arc<dyn Machine>, String>>>;

/// A machine with its definition, and when it was asked for last.
struct Recent {
    definition: Arc<str>,
    building: Building,
    used: Instant,
}

/// So many machines are kept that no execution uses.
const KEPT: usize = 32;
/// After so long they are not.
const IDLE: Duration = Duration::from_secs(300);

/// The machines that are in use, or were lately. A clone has the same ones.
#[derive(Clone)]
pub struct Machines {
    compile: Arc<dyn Compile>,
    /// The one that was asked for last comes first.
    recent: Arc<Mutex<VecDeque<Recent>>>,
}

impl Machines {
    /// Machines that are compiled by this.
    pub fn new(compile: Arc<dyn Compile>) -> Self {
        Self { compile, recent: Arc::default() }
    }

    /// A machine of a definition that has nothing to do with any other of the same definition.
    pub(crate) fn apart(&self, definition: &str) -> BoxFuture<'static, Result<Arc<dyn Machine>, String>> {
        self.compile.machine(definition)
    }

    /// The machine of a definition. It is built whether a request waits for it or not; what could not be built is tried again.
    ///
    /// # Panics
    /// As `tokio::spawn`: this is called outside of a tokio runtime.
    pub fn machine(&self, definition: &str) -> Building {
        let mut recent = locked(&self.recent);
        if recent.is_empty() {
            tokio::spawn(forget_idle(Arc::downgrade(&self.recent)));
        }
        let place = recent.iter().position(|known| *known.definition == *definition);
        let kept = place.and_then(|place| recent.remove(place));
        let has_failed = |building: &Building| building.peek().is_some_and(Result::is_err);
        let mut entry = kept.filter(|known| !has_failed(&known.building)).unwrap_or_else(|| {
            let building = self.compile.machine(definition).shared();
            tokio::spawn(building.clone());
            Recent { definition: definition.into(), building, used: Instant::now() }
        });
        entry.used = Instant::now();
        let building = entry.building.clone();
        recent.push_front(entry);
        recent.truncate(KEPT);
        building
    }
}

fn locked(recent: &Mutex<VecDeque<Recent>>) -> MutexGuard<'_, VecDeque<Recent>> {
    recent.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Forgets machines that were not asked for in a while, until there are none.
async fn forget_idle(recent: Weak<Mutex<VecDeque<Recent>>>) {
    loop {
        tokio::time::sleep(IDLE / 10).await;
        let Some(recent) = recent.upgrade() else { return };
        let mut recent = locked(&recent);
        recent.retain(|known| known.used.elapsed() < IDLE);
        if recent.is_empty() {
            return;
        }
    }
}

impl fmt::Debug for Machines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Machines").field("recent", &locked(&self.recent).len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts how many machines are asked for, and never has one.
    #[derive(Clone, Default)]
    struct Counting(Arc<Mutex<usize>>);

    impl Compile for Counting {
        fn machine(&self, _: &str) -> BoxFuture<'static, Result<Arc<dyn Machine>, String>> {
            *self.0.lock().unwrap() += 1;
            Box::pin(std::future::pending())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_machine_that_is_not_asked_for_is_forgotten_after_a_while() {
        let counting = Counting::default();
        let machines = Machines::new(Arc::new(counting.clone()));
        for (pause, made) in [(0, 1), (200, 1), (200, 1), (400, 2)] {
            tokio::time::sleep(Duration::from_secs(pause)).await;
            drop(machines.machine("{}"));
            assert_eq!(*counting.0.lock().unwrap(), made, "after {pause} s");
        }
    }
}
