//! Prints the events of executions as they happen.
//!
//! In: events. Out: a line for each state that is entered (`→`) and left (`←`), each call of a resource (`·`), and each error
//! (`✗`), with the time since the execution began and the time that the state took. Text that cannot be written, as to a pipe that was
//! closed, is dropped.

mod layout;
mod place;

use asl_engine::context::ExecutionContext;
use asl_engine::error::ExecutionError;
use asl_engine::history::{Event, EventDetails, Observer};
use asl_engine::machine::State;
use asl_language::timestamp::Timestamp;
use asl_language::visible;
use asl_value::{Text, Value};
pub(crate) use layout::layout;
use place::{Places, StatePlace};
use std::collections::HashMap;
use std::fmt;
use std::io::{IsTerminal, Write, stderr, stdout};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// No line is longer, unless a name makes it so.
const WIDTH: usize = 112;
/// The time, the sign and the type of a state come before its name: `   0.000 s  → Parallel  `.
const BEFORE_NAME: usize = 24;

/// Prints executions. A clone prints to the same place.
///
/// ```standalone_crate
/// # asl_runtime::asl_machine!("../doc/order.asl.json");
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use asl_runtime::{InMemory, Printer, Value, VirtualClock};
///
/// let host = InMemory::with_clock(VirtualClock::default())
///     .resource("arn:aws:lambda:us-east-1:123456789012:function:Charge", |_: Value| async { Ok("paid") })
///     .observe(Printer::on_standard_error::<order::State>().levels(2));
/// order::run(&host, Value::empty_object()).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Printer {
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    out: Box<dyn Write + Send>,
    colour: bool,
    /// Only errors are printed.
    only_errors: bool,
    /// How many levels of a value may be broken into lines.
    levels: Option<usize>,
    /// The room for names.
    names: usize,
    /// When the first of the executions began that run now.
    started: Timestamp,
    /// The executions that run now.
    executions: HashMap<Text, Running>,
}

#[derive(Default)]
struct Running {
    places: Places,
    /// Another one was running when it began.
    is_inner: bool,
}

/// How an event looks: the colour of its sign, the sign, and a word.
type EventLook<'a> = (Colour, &'a str, &'a str);

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
        let is_terminal = stdout().is_terminal();
        Self::to(S::ALL.iter().map(|state| state.name()), Box::new(stdout()), is_terminal)
    }

    /// Prints to the standard error instead.
    #[must_use]
    pub fn on_standard_error<S: State>() -> Self {
        Self::of_states_on_standard_error(S::ALL.iter().map(|state| state.name()))
    }

    /// The same for states by their names.
    #[doc(hidden)]
    #[must_use]
    pub fn of_states_on_standard_error<'a>(states: impl IntoIterator<Item = &'a str>) -> Self {
        let is_terminal = stderr().is_terminal();
        Self::to(states, Box::new(stderr()), is_terminal)
    }

    fn to<'a>(
        states: impl IntoIterator<Item = &'a str>,
        out: Box<dyn Write + Send>,
        is_terminal: bool,
    ) -> Self {
        let longest = states.into_iter().map(|state| visible::line(state).chars().count()).max().unwrap_or(0);
        let inner = Inner {
            colour: is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
            out,
            only_errors: false,
            levels: Some(0),
            // States in branches are indented, and those in iterations numbered.
            names: longest + 3,
            started: Timestamp::new(0, 0),
            executions: HashMap::new(),
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

    /// Prints what fails, and nothing else about executions.
    #[must_use]
    pub fn only_errors(self) -> Self {
        self.lock().only_errors = true;
        self
    }

    /// Prints a title and a value in full.
    #[doc(hidden)]
    pub fn section(&self, title: &str, value: &Value) {
        let mut inner = self.lock();
        inner.title(title);
        for line in layout(value, WIDTH - 2, None) {
            inner.write(format_args!("  {line}\n"));
        }
    }

    /// Prints a title and an empty line before it.
    #[doc(hidden)]
    pub fn title(&self, title: &str) {
        self.lock().title(title);
    }

    /// Prints a fact and its name.
    #[doc(hidden)]
    pub fn note(&self, name: &str, fact: &str) {
        let mut inner = self.lock();
        let name = inner.paint(Colour::Dim, &format!("{name:10}"));
        inner.write(format_args!("{name}{}\n", visible::lines(fact)));
    }

    /// Prints how an execution failed.
    #[doc(hidden)]
    pub fn failure(&self, error: &ExecutionError) {
        let mut inner = self.lock();
        let status = error.status();
        let name = visible::line(error.error().unwrap_or("without an error name"));
        let heading = inner.paint(Colour::Red, &format!("execution {status}"));
        inner.write(format_args!("\n{heading}: {name}\n"));
        if let Some(cause) = error.cause() {
            inner.write(format_args!("  {}\n", visible::lines(cause)));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Printer {
    fn event(&self, execution: &ExecutionContext, event: &Event) {
        self.lock().event(execution, event);
    }
}

impl Inner {
    fn event(&mut self, execution: &ExecutionContext, event: &Event) {
        if let EventDetails::ExecutionStarted { .. } = event.details {
            let is_inner = !self.executions.is_empty();
            if !is_inner {
                self.started = event.timestamp;
            }
            self.executions.insert(execution.name.clone(), Running { places: Places::default(), is_inner });
        }
        if is_end(&event.details) {
            self.executions.remove(&*execution.name);
            return;
        }
        let Some(running) = self.executions.get_mut(&*execution.name) else { return };
        let mut place = running.places.follow(event);
        place.is_inner = running.is_inner;
        self.error_of(event, &place);
        if !self.only_errors {
            self.step(event, &place);
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "what else happens is not printed")]
    fn step(&mut self, event: &Event, place: &StatePlace) {
        match &event.details {
            EventDetails::StateEntered { state_type, input, .. } => {
                self.value(event, (Colour::Cyan, "→", &state_type.to_string()), place, &place.state, input);
            }
            EventDetails::StateExited { output, .. } if place.failed => {
                self.value(event, (Colour::Cyan, "↷", "catches"), place, &place.state, output);
            }
            EventDetails::StateExited { output, .. } => {
                let took = place.entered.map(|entered| duration(event.timestamp.since(entered)));
                let kind = (Colour::Green, "←", took.as_deref().unwrap_or_default());
                self.value(event, kind, place, &place.state, output);
            }
            EventDetails::TaskScheduled { resource, parameters, .. } => {
                let kind = if place.failed {
                    (Colour::Cyan, "↻", "retries")
                } else {
                    (Colour::Dim, "·", "calls")
                };
                self.value(event, kind, place, short_name(resource), parameters);
            }
            _ => {}
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "nothing else is an error")]
    fn error_of(&mut self, event: &Event, place: &StatePlace) {
        match &event.details {
            EventDetails::TaskFailed { error, cause, .. }
            | EventDetails::EvaluationFailed { error, cause, .. } => {
                self.error(event, place, error, cause.as_deref());
            }
            EventDetails::TaskTimedOut { .. } => self.error(event, place, "States.Timeout", None),
            EventDetails::MapRunFailed { error: Some(error), cause } => {
                self.error(event, place, error, cause.as_deref());
            }
            _ => {}
        }
    }

    /// A value beside the name if one line is enough, and below it if not.
    fn value(&mut self, event: &Event, kind: EventLook<'_>, place: &StatePlace, name: &str, value: &Value) {
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

    fn error(&mut self, event: &Event, place: &StatePlace, error: &str, cause: Option<&str>) {
        let (_, padding) = self.begin(event, (Colour::Red, "✗", "fails"), place, &place.state);
        let error = self.paint(Colour::Red, &visible::line(error));
        let cause = cause.map(|cause| format!(": {}", visible::lines(cause))).unwrap_or_default();
        self.write(format_args!("{:padding$}{error}{cause}\n", ""));
    }

    /// The time since the execution began, what happens, and a name. Returns the column for what follows, and how far it is.
    fn begin(
        &mut self,
        event: &Event,
        (colour, sign, kind): EventLook<'_>,
        place: &StatePlace,
        name: &str,
    ) -> (usize, usize) {
        let elapsed = event.timestamp.since(self.started).as_secs_f64();
        let time = self.paint(Colour::Dim, &format!("{elapsed:8.3} s"));
        let sign = self.paint(colour, sign);
        let kind = self.paint(Colour::Dim, &format!("{kind:8}"));
        let number = place.iteration().map(|number| format!(" #{number}")).unwrap_or_default();
        let name = format!("{:indent$}{}{number}", "", visible::line(name), indent = 2 * place.depth());
        let length = name.chars().count();
        let names = self.names.max(length) + 2;
        let name = self.paint(Colour::Bold, &name);
        self.write(format_args!("{time}  {sign} {kind}  {name}"));
        (BEFORE_NAME + names, names - length)
    }

    fn title(&mut self, title: &str) {
        let title = self.paint(Colour::Bold, &visible::line(title));
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
        // The reader may be gone, but that must not stop the execution.
        let _ = self.out.write_fmt(text);
    }
}

/// Whether nothing follows in the execution.
fn is_end(details: &EventDetails) -> bool {
    matches!(
        details,
        EventDetails::ExecutionSucceeded { .. }
            | EventDetails::ExecutionFailed { .. }
            | EventDetails::ExecutionTimedOut
            | EventDetails::ExecutionAborted { .. }
    )
}

/// How long a state took, in the width of a type of a state. What takes no time that a person notices is left out.
fn duration(duration: Duration) -> String {
    match duration.as_millis() {
        0 => String::new(),
        1..1_000 => format!("{} ms", duration.as_millis()),
        1_000..100_000 => format!("{:.2} s", duration.as_secs_f64()),
        _ => format!("{} s", duration.as_secs()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use asl_engine::error::Error;

    /// Keeps what is written.
    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_a_task_says_does_nothing_to_a_terminal() {
        let written = Written::default();
        let printer = Printer::to(["A\u{1b}[2J"], Box::new(written.clone()), false);
        printer.title("of `A\u{1b}[2J`\r");
        printer.note("execution", "a\u{202e}b");
        printer.failure(
            &Error::catchable("E\u{1b}[31m\r\n", Some("all is well\r\u{9b}2K\n\tor not".into())).into(),
        );
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        assert_eq!(
            text,
            "\nof `A\\u{1b}[2J`\\r\nexecution a\\u{202e}b\n\n\
             execution FAILED: E\\u{1b}[31m\\r\\n\n  all is well\\r\\u{9b}2K\n\tor not\n"
        );
    }
}
