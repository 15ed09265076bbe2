//! Machines by their definitions: compiled when they are first needed, and kept as long as they are in use.

use asl_runtime::{BoxFuture, Machine};
use futures_util::FutureExt;
use futures_util::future::Shared;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Makes machines of definitions.
pub trait Compile: Send + Sync + 'static {
    /// Compiles a definition that was checked before, and builds a machine of it.
    ///
    /// The machine is dropped when nobody has used it for a while, and asked for again when it is needed.
    fn machine(&self, definition: &str) -> BoxFuture<'static, Result<Arc<dyn Machine>, String>>;
}

/// A machine that may still be built.
pub type Building = Shared<BoxFuture<'static, Result<Arc<dyn Machine>, String>>>;

/// Machines with their definitions.
type Recent = VecDeque<(Arc<str>, Building)>;

/// So many machines are kept that no execution uses.
const KEPT: usize = 32;

/// The machines that are in use, or were lately. A clone has the same ones.
#[derive(Clone)]
pub struct Machines {
    compile: Arc<dyn Compile>,
    /// The one that was asked for last comes first.
    recent: Arc<Mutex<Recent>>,
}

impl Machines {
    /// Machines that are compiled by this.
    pub fn new(compile: Arc<dyn Compile>) -> Self {
        Self { compile, recent: Arc::default() }
    }

    /// The machine of a definition. It is built whether anybody waits for it or not; what could not be built is tried again.
    ///
    /// # Panics
    /// As `tokio::spawn`: this is called outside of a tokio runtime.
    pub fn machine(&self, definition: &str) -> Building {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let place = recent.iter().position(|(known, _)| **known == *definition);
        let kept = place.and_then(|place| recent.remove(place));
        let has_failed = |building: &Building| building.peek().is_some_and(Result::is_err);
        let entry = kept.filter(|(_, building)| !has_failed(building)).unwrap_or_else(|| {
            let building = self.compile.machine(definition).shared();
            tokio::spawn(building.clone());
            (definition.into(), building)
        });
        let building = entry.1.clone();
        recent.push_front(entry);
        recent.truncate(KEPT);
        building
    }
}

impl fmt::Debug for Machines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("Machines").field("recent", &recent.len()).finish_non_exhaustive()
    }
}
