//! Prints the events of executions as they happen.
//!
//! In: events. Out: a line for each state that is entered (`→`) and left (`←`), each call of a resource (`·`), and each error
//! (`✗`), with the time since the execution began. Text that cannot be written, as to a pipe that was closed, is dropped.

use crate::json::layout;
use crate::place::{Place, Places};
use asl_runtime::{Event, EventDetails, ExecutionError, Observer, State, Timestamp, Value};
use std::fmt;
use std::io::{IsTerminal, Write, stdout};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// No line is longer, unless a name makes it so.
const WIDTH: usize = 110;
/// The time, the sign and the type of a state come before its name: `   0.000 s  → Parallel  `.
const BEFORE_NAME: usize = 24;

/// Prints executions. A clone prints to the same place.
#[derive(Clone)]
pub struct Printer {
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    out: Box<dyn Write + Send>,
    colour: bool,
    /// How many levels of a value may be broken into lines.
    levels: usize,
    /// The room for names.
    names: usize,
    started: Timestamp,
    places: Places,
}

/// The colours of a terminal.
#[derive(Clone, Copy)]
enum Colour {
    Bold,
    Dim,
    Red,
    Green,
    Cyan,
}

impl Printer {
    /// Prints executions of a machine with these states to the standard output; in colour if that is a terminal and `NO_COLOR`
    /// is not set.
    #[must_use]
    pub fn new<S: State>() -> Self {
        let colour = stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self::to::<S>(stdout(), colour)
    }

    /// The same, to somewhere else.
    #[must_use]
    pub fn to<S: State>(out: impl Write + Send + 'static, colour: bool) -> Self {
        let longest = S::ALL.iter().map(|state| state.name().chars().count()).max().unwrap_or(0);
        let inner = Inner {
            out: Box::new(out),
            colour,
            levels: 0,
            // States in branches are indented, and those in iterations numbered.
            names: longest + 3,
            started: Timestamp::new(0, 0),
            places: Places::default(),
        };
        Self { inner: Arc::new(Mutex::new(inner)) }
    }

    /// Breaks inputs and outputs that are too long into lines, down to this many levels; otherwise each gets one line, and is
    /// shortened.
    #[must_use]
    pub fn levels(self, levels: usize) -> Self {
        self.lock().levels = levels;
        self
    }

    /// Prints a title and a value in full.
    pub fn section(&self, title: &str, value: &Value) {
        let mut inner = self.lock();
        inner.title(title);
        for line in layout(value, WIDTH - 2, usize::MAX) {
            inner.write(format_args!("  {line}\n"));
        }
    }

    /// Prints a title and an empty line before it.
    pub fn title(&self, title: &str) {
        self.lock().title(title);
    }

    /// Prints a fact and its name.
    pub fn note(&self, name: &str, fact: &str) {
        let mut inner = self.lock();
        let name = inner.paint(Colour::Dim, &format!("{name:10}"));
        inner.write(format_args!("{name}{fact}\n"));
    }

    /// Prints how an execution failed.
    pub fn failure(&self, error: &ExecutionError) {
        let mut inner = self.lock();
        let (status, name) = (error.status(), error.error().unwrap_or("without an error name"));
        let heading = inner.paint(Colour::Red, &format!("execution {status}"));
        inner.write(format_args!("\n{heading}: {name}\n"));
        if let Some(cause) = error.cause() {
            inner.write(format_args!("  {cause}\n"));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Printer {
    fn event(&self, _execution: &str, event: &Event) {
        self.lock().event(event);
    }
}

impl Inner {
    #[expect(clippy::wildcard_enum_match_arm, reason = "what else happens is not printed")]
    fn event(&mut self, event: &Event) {
        if let EventDetails::ExecutionStarted { .. } = event.details {
            // Each execution counts its events, and its time, from the start.
            self.started = event.timestamp;
            self.places = Places::default();
        }
        let place = self.places.follow(event);
        match &event.details {
            EventDetails::StateEntered { state_type, input, .. } => {
                let kind = format!("{state_type}");
                self.line(event, &place, (Colour::Cyan, "→"), &kind, &place.label(), input);
            }
            EventDetails::StateExited { output, .. } => {
                self.line(event, &place, (Colour::Green, "←"), "", &place.label(), output);
            }
            EventDetails::TaskScheduled { resource, parameters } => {
                self.line(event, &place, (Colour::Dim, "·"), "calls", short_name(resource), parameters);
            }
            EventDetails::TaskFailed { error, cause, .. } => self.error(event, &place, error, cause.as_deref()),
            EventDetails::TaskTimedOut { .. } => self.error(event, &place, "States.Timeout", None),
            _ => {}
        }
    }

    fn line(&mut self, event: &Event, place: &Place, sign: (Colour, &str), kind: &str, name: &str, value: &Value) {
        self.begin(event, sign, kind);
        let name = format!("{:indent$}{name}", "", indent = 2 * place.depth());
        let column = BEFORE_NAME + self.names.max(name.chars().count()) + 2;
        let room = WIDTH.saturating_sub(column).max(20);
        let painted = self.paint(Colour::Bold, &name);
        let padding = column - BEFORE_NAME - name.chars().count();
        self.write(format_args!("{painted}{:padding$}", ""));
        for (number, line) in layout(value, room, self.levels).iter().enumerate() {
            let indent = if number == 0 { 0 } else { column };
            self.write(format_args!("{:indent$}{line}\n", ""));
        }
    }

    fn error(&mut self, event: &Event, place: &Place, error: &str, cause: Option<&str>) {
        self.begin(event, (Colour::Red, "✗"), "fails");
        let error = self.paint(Colour::Red, error);
        let cause = cause.map(|cause| format!(": {cause}")).unwrap_or_default();
        self.write(format_args!("{:indent$}{error}{cause}\n", "", indent = 2 * place.depth()));
    }

    /// The time since the execution began, and what happens.
    fn begin(&mut self, event: &Event, (colour, sign): (Colour, &str), kind: &str) {
        let elapsed = event.timestamp.since(self.started).as_secs_f64();
        let time = self.paint(Colour::Dim, &format!("{elapsed:8.3} s"));
        let sign = self.paint(colour, sign);
        let kind = self.paint(Colour::Dim, &format!("{kind:8}"));
        self.write(format_args!("{time}  {sign} {kind}  "));
    }

    fn title(&mut self, title: &str) {
        let title = self.paint(Colour::Bold, title);
        self.write(format_args!("\n{title}\n"));
    }

    fn paint(&self, colour: Colour, text: &str) -> String {
        let code = match colour {
            Colour::Bold => 1,
            Colour::Dim => 2,
            Colour::Red => 31,
            Colour::Green => 32,
            Colour::Cyan => 36,
        };
        if self.colour && !text.is_empty() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn write(&mut self, text: fmt::Arguments<'_>) {
        // Nobody may be reading any more, which is no reason to stop the execution.
        let _ = self.out.write_fmt(text);
    }
}

/// `http:invoke` for `arn:aws:states:::http:invoke`, `ChargeCard` for `arn:aws:lambda:..:function:ChargeCard`.
fn short_name(resource: &str) -> &str {
    let after = |separator| resource.split_once(separator).map(|(_, name)| name);
    after(":states:::").or_else(|| after(":function:")).unwrap_or(resource)
}

impl fmt::Debug for Printer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Printer").finish_non_exhaustive()
    }
}
