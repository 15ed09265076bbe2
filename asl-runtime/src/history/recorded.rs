//! Keeping events: a collector that any host can be told to inform, and a host around another one that does so itself.

use crate::host::{Around, Host};
use asl_engine::context::ExecutionContext;
use asl_engine::history::{Event, Observer};
use asl_value::{Object, Text, Value};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The events of executions, by the names of the executions. A clone is the same collection.
///
/// ```
/// use asl_runtime::{History, InMemory};
///
/// let history = History::default();
/// let host = InMemory::new().observe(history.clone());
/// // After executions have run on the host:
/// for execution in history.executions() {
///     println!("{execution}: {}", history.to_json(&execution));
/// }
/// ```
#[derive(Clone, Default)]
pub struct History {
    executions: Arc<Mutex<BTreeMap<Text, Vec<Event>>>>,
}

impl History {
    /// The names of the executions that anything is known about.
    #[must_use]
    pub fn executions(&self) -> Vec<Text> {
        self.lock().keys().cloned().collect()
    }

    /// The events of an execution so far, in their order; none where there is no such execution.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::{EventDetails, InMemory, Recorded};
    ///
    /// let host = Recorded::new(InMemory::new());
    /// let execution = order::start(&host, ());
    /// let name = execution.name().to_owned();
    /// assert!(execution.await.is_err());
    /// let events = host.history().events(&name);
    /// assert!(matches!(events[0].details, EventDetails::ExecutionStarted { .. }));
    /// assert!(matches!(events[events.len() - 1].details, EventDetails::ExecutionFailed { .. }));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn events(&self, execution: &str) -> Vec<Event> {
        self.lock().get(execution).cloned().unwrap_or_default()
    }

    /// The same as `GetExecutionHistory` answers: `{"events": [..]}`.
    ///
    /// ```
    /// use asl_runtime::History;
    ///
    /// assert_eq!(History::default().to_json("no such execution").to_string(), r#"{"events":[]}"#);
    /// ```
    #[must_use]
    pub fn to_json(&self, execution: &str) -> Value {
        let events: Value =
            self.lock().get(execution).into_iter().flatten().map(Event::to_json).collect::<Vec<_>>().into();
        Object::from_distinct(vec![(Text::new_static("events"), events)]).into()
    }

    /// Forgets an execution, and returns its events. What is not forgotten stays in memory.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::{History, InMemory};
    ///
    /// let history = History::default();
    /// let execution = order::start(&InMemory::new().observe(history.clone()), ());
    /// let name = execution.name().to_owned();
    /// assert!(execution.await.is_err());
    /// assert!(!history.take(&name).is_empty());
    /// assert!(history.take(&name).is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn take(&self, execution: &str) -> Vec<Event> {
        self.lock().remove(execution).unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Text, Vec<Event>>> {
        self.executions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for History {
    fn event(&self, execution: &ExecutionContext, event: &Event) {
        let mut executions = self.lock();
        match executions.get_mut(&*execution.name) {
            Some(events) => events.push(event.clone()),
            None => {
                executions.insert(execution.name.clone(), vec![event.clone()]);
            }
        }
    }
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("History").field("executions", &self.executions()).finish_non_exhaustive()
    }
}

/// A host that does all that another one does, and keeps the events of its executions.
///
/// ```
/// use asl_runtime::{InMemory, Recorded};
///
/// let host = Recorded::new(InMemory::new());
/// assert!(host.history().executions().is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct Recorded<H> {
    host: H,
    history: History,
}

impl<H: Host> Recorded<H> {
    /// Keeps the events of the executions that run on this host instead of on the other.
    #[must_use]
    pub fn new(host: H) -> Self {
        Self { host, history: History::default() }
    }

    /// The events.
    #[must_use]
    pub const fn history(&self) -> &History {
        &self.history
    }
}

/// Informs the history, and the observer that the other host has.
impl<H: Host + Clone> Observer for Recorded<H> {
    fn event(&self, execution: &ExecutionContext, event: &Event) {
        self.history.event(execution, event);
        if let Some(next) = self.next() {
            next.event(execution, event);
        }
    }

    fn next(&self) -> Option<&dyn Observer> {
        self.host.observer()
    }
}

impl<H: Host + Clone> Around for Recorded<H> {
    type Host = H;

    fn host(&self) -> &H {
        &self.host
    }

    fn observer(&self) -> Option<&dyn Observer> {
        Some(self)
    }
}
