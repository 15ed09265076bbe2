//! Executions that are made again of their rows at every answer, as if their process died then: nothing may differ.

use crate::definition;
use crate::error::DurableError;
use crate::journal::{Begun, Journal};
use crate::keeper::Keeper;
use crate::kept::Kept;
use asl_engine::context::ExecutionContext;
use asl_engine::history::Needs;
use asl_engine::{Snapshot, SnapshotError, Start};
use asl_runtime::engine::Shared;
use asl_runtime::{Core, Machine};
use asl_value::Text;
use std::path::Path;
use std::sync::Arc;

/// A machine whose executions are written into a folder, and are made again of what is written whenever they are told something. It is for
/// tests: on any host, all that such an execution does is what it would do if nothing happened to it.
#[derive(Clone)]
pub struct Restarted {
    machine: Arc<dyn Machine>,
    keeper: Arc<Keeper>,
}

impl Restarted {
    /// A machine in a folder, which is made if it is not there.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub fn new(folder: impl AsRef<Path>, machine: &dyn Machine) -> Result<Self, DurableError> {
        let keeper = Arc::new(Keeper::new(Journal::open(folder.as_ref())?));
        keeper.know(machine);
        Ok(Self { machine: machine.handle(), keeper })
    }
}

impl Machine for Restarted {
    fn name(&self) -> Text {
        self.machine.name()
    }

    fn states(&self) -> Vec<Text> {
        self.machine.states()
    }

    fn definition(&self) -> Text {
        self.machine.definition()
    }

    fn handle(&self) -> Arc<dyn Machine> {
        Arc::new(self.clone())
    }

    fn start(&self, start: Start) -> Box<dyn Core> {
        self.keeper.set_tells(start.tells);
        let core = self.machine.start(start.clone());
        let definition = definition::hash(&*self.machine);
        let begun = Begun::new(start, definition);
        Box::new(Kept::begin(Arc::clone(&self.keeper), core, begun).restarting())
    }

    fn restore(
        &self,
        context: Shared<ExecutionContext>,
        snapshot: &Snapshot,
        tells: Option<Needs>,
    ) -> Result<Box<dyn Core>, SnapshotError> {
        self.machine.restore(context, snapshot, tells)
    }
}

impl std::fmt::Debug for Restarted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Restarted").field("machine", &self.machine.name()).finish_non_exhaustive()
    }
}
