//! Prints the events of executions as they happen.
//!
//! In: events. Out: a line for each state that is entered (`→`) and left (`←`), each call of a resource (`·`), and each error
//! (`✗`), with the time since the execution began. Text that cannot be written, as to a pipe that was closed, is dropped.

use crate::json::layout;
use crate::place::{Place, Places};
use asl_runtime::{Event, EventDetails, ExecutionContext, ExecutionError, Observer, State, Timestamp, Value};
use std::fmt;
use std::io::{IsTerminal, Stdout, Write, stdout};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// No line is longer, unless a name makes it so.
const WIDTH: usize = 112;
/// The time, the sign and the type of a state come before its name: `   0.000 s  → Parallel  `.
const BEFORE_NAME: usize = 24;

/// Prints executions. A clone prints to the same place.
#[derive(Clone)]
pub struct Printer {
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    out: Stdout,
    colour: bool,
    /// How many levels of a value may be broken into lines.
    levels: Option<usize>,
    /// The room for names.
    names: usize,
    started: Timestamp,
    places: Places,
}

/// How an event looks: the colour of its sign, the sign, and a word.
type Kind<'a> = (Colour, &'a str, &'a str);

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
    /// Prints executions of a machine with these states, one after the other, to the standard output; in colour if that is a
    /// terminal and `NO_COLOR` is not set.
    #[must_use]
    pub fn new<S: State>() -> Self {
        let out = stdout();
        let longest = S::ALL.iter().map(|state| state.name().chars().count()).max().unwrap_or(0);
        let inner = Inner {
            colour: out.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
            out,
            levels: Some(0),
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
        self.lock().levels = Some(levels);
        self
    }

    /// Prints a title and a value in full.
    pub fn section(&self, title: &str, value: &Value) {
        let mut inner = self.lock();
        inner.title(title);
        for line in layout(value, WIDTH - 2, None) {
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
    fn event(&self, _execution: &ExecutionContext, event: &Event) {
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
                self.value(event, (Colour::Cyan, "→", &state_type.to_string()), &place, place.state, input);
            }
            EventDetails::StateExited { output, .. } => {
                self.value(event, (Colour::Green, "←", ""), &place, place.state, output);
            }
            EventDetails::TaskScheduled { resource, parameters, .. } => {
                self.value(event, (Colour::Dim, "·", "calls"), &place, short_name(resource), parameters);
            }
            EventDetails::TaskFailed { error, cause, .. } => {
                self.error(event, &place, error, cause.as_deref())
            }
            EventDetails::TaskTimedOut { .. } => self.error(event, &place, "States.Timeout", None),
            _ => {}
        }
    }

    /// A value beside the name if one line is enough, and below it if not.
    fn value(&mut self, event: &Event, kind: Kind<'_>, place: &Place, name: &str, value: &Value) {
        let (column, padding) = self.begin(event, kind, place, name);
        let room = WIDTH.saturating_sub(column).max(20);
        if let [line] = layout(value, room, self.levels).as_slice() {
            self.write(format_args!("{:padding$}{line}\n", ""));
            return;
        }
        self.write(format_args!("\n"));
        let column = BEFORE_NAME + 2 * place.depth() + 2;
        for line in layout(value, WIDTH.saturating_sub(column).max(20), self.levels) {
            self.write(format_args!("{:column$}{line}\n", ""));
        }
    }

    fn error(&mut self, event: &Event, place: &Place, error: &str, cause: Option<&str>) {
        let (_, padding) = self.begin(event, (Colour::Red, "✗", "fails"), place, place.state);
        let error = self.paint(Colour::Red, error);
        let cause = cause.map(|cause| format!(": {cause}")).unwrap_or_default();
        self.write(format_args!("{:padding$}{error}{cause}\n", ""));
    }

    /// The time since the execution began, what happens, and a name. Gives the column for what follows, and how far it is.
    fn begin(
        &mut self,
        event: &Event,
        (colour, sign, kind): Kind<'_>,
        place: &Place,
        name: &str,
    ) -> (usize, usize) {
        let elapsed = event.timestamp.since(self.started).as_secs_f64();
        let time = self.paint(Colour::Dim, &format!("{elapsed:8.3} s"));
        let sign = self.paint(colour, sign);
        let kind = self.paint(Colour::Dim, &format!("{kind:8}"));
        let number = place.iteration().map(|number| format!(" #{number}")).unwrap_or_default();
        let name = format!("{:indent$}{name}{number}", "", indent = 2 * place.depth());
        let length = name.chars().count();
        let names = self.names.max(length) + 2;
        let name = self.paint(Colour::Bold, &name);
        self.write(format_args!("{time}  {sign} {kind}  {name}"));
        (BEFORE_NAME + names, names - length)
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
