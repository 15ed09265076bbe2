//! Writing events as they happen, so that a history of any length takes no memory.

use asl_engine::context::ExecutionContext;
use asl_engine::history::{Event, Observer};
use asl_value::Text;
use std::fmt;
use std::io::{self, BufWriter, Write};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Writes the history of one execution as `GetExecutionHistory` answers it, `{"events": [..]}`, each event when it happens. A clone writes to the same.
///
/// [`History`](super::History) keeps the events of all executions instead.
///
/// ```standalone_crate
/// # asl_runtime::asl_machine!("../../doc/order.asl.json");
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use asl_runtime::{Compiled, HistoryWriter, InMemory, Launch, Value, drive};
/// use std::io::sink;
///
/// // Usually a file.
/// let history = HistoryWriter::new(sink());
/// let host = InMemory::new().observe(history.clone());
/// let machine = Compiled::of::<order::Machine>();
/// let launch = Launch::new(&host, &machine, None, Value::Null, None);
/// history.write_only(launch.context().name.clone());
/// assert!(drive(&host, launch.core(&host), None).await.is_err());
/// history.finish()?;
/// # Ok(())
/// # }
/// ```
pub struct HistoryWriter<W: Write> {
    shared: Arc<Shared<W>>,
}

struct Shared<W: Write> {
    /// The name of the execution.
    execution: OnceLock<Text>,
    /// What is written to, until that is finished.
    to: Mutex<Option<To<W>>>,
}

struct To<W: Write> {
    writer: BufWriter<W>,
    events: u64,
    failed: Option<io::Error>,
}

impl<W: Write> HistoryWriter<W> {
    /// Writes to this, with a buffer of its own. Nothing is written before it is said of [which execution](Self::write_only).
    #[must_use]
    pub fn new(writer: W) -> Self {
        let to = To { writer: BufWriter::new(writer), events: 0, failed: None };
        Self { shared: Arc::new(Shared { execution: OnceLock::new(), to: Mutex::new(Some(to)) }) }
    }

    /// Writes the events of the execution with this name, and no others. It is said once.
    pub fn write_only(&self, execution: impl Into<Text>) {
        self.shared.execution.get_or_init(|| execution.into());
    }

    /// Writes the end, and everything that is in the buffer. Call it when the execution has ended: nothing is written after that.
    ///
    /// # Errors
    /// Something could not be written, then or before.
    pub fn finish(&self) -> io::Result<()> {
        let Some(mut to) = self.lock().take() else { return Ok(()) };
        if let Some(error) = to.failed {
            return Err(error);
        }
        let start = if to.events == 0 { START } else { "" };
        to.writer.write_all(start.as_bytes())?;
        to.writer.write_all(b"]}\n")?;
        to.writer.flush()
    }

    fn lock(&self) -> MutexGuard<'_, Option<To<W>>> {
        self.shared.to.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What comes before the events.
const START: &str = r#"{"events":["#;

impl<W: Write> To<W> {
    fn write(&mut self, event: &Event) -> io::Result<()> {
        let before = if self.events == 0 { START } else { "," };
        self.events += 1;
        write!(self.writer, "{before}{}", event.to_json())
    }
}

impl<W: Write + Send> Observer for HistoryWriter<W> {
    fn event(&self, execution: &ExecutionContext, event: &Event) {
        if self.shared.execution.get().is_none_or(|name| *name != *execution.name) {
            return;
        }
        if let Some(to) = &mut *self.lock()
            && to.failed.is_none()
            && let Err(error) = to.write(event)
        {
            // It is told at the end; the execution goes on.
            to.failed = Some(error);
        }
    }
}

impl<W: Write> Clone for HistoryWriter<W> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<W: Write> fmt::Debug for HistoryWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HistoryWriter")
            .field("execution", &self.shared.execution.get())
            .finish_non_exhaustive()
    }
}
