//! The program around one compiled machine, as `asl build` makes it.
//!
//! In: the arguments of the process and its standard input. Out: the output of an execution on the standard output, what happens in it
//! on the standard error, and an exit code. Tasks go to the services whose Cargo features are on, at the endpoints that the environment
//! names.
//!
//! ```no_run,standalone_crate
//! asl_runtime::asl_machine!("../doc/order.asl.json");
//!
//! fn main() -> std::process::ExitCode {
//!     asl_runtime::command::main::<order::Machine>("What it does.")
//! }
//! ```
//!
//! | exit code | |
//! | --- | --- |
//! | 0 | the execution succeeded |
//! | 1 | it failed |
//! | 2 | it could not be started: an argument or the input makes no sense, or a file or the output cannot be read or written |
//! | 3 | it took longer than the `TimeoutSeconds` of its machine |
//! | 130 | it was stopped, for example with Ctrl-C |

mod advice;
mod arguments;
mod error;
mod input;
mod log;
mod report;
mod stop;

#[doc(hidden)]
pub use stop::signalled;

use crate::execution::Launch;
use crate::history::HistoryWriter;
use crate::host::InMemory;
use crate::shell::{Compiled, Machine};
use crate::test::Case;
use advice::Given;
use arguments::Asked;
#[doc(hidden)]
pub use arguments::{Format, Input, Log, Options};
use asl_engine::error::{ExecutionError, Status};
use asl_engine::machine::StateMachine;
use asl_engine::program::{Program, program};
use asl_value::{Text, Value};
#[doc(hidden)]
pub use error::{ArgumentError, CommandError, InputError};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;

/// Values may be nested deeply, and code that is not optimised needs much of the stack.
const STACK: usize = 256 << 20;

/// Runs one execution as the arguments of the process say. `about` is for its help.
#[must_use]
pub fn main<M: StateMachine>(about: &str) -> ExitCode {
    main_of(program::<M>(), about)
}

/// The same for a machine without its type: a program that calls this is its states, and nothing else has to be compiled with it.
#[doc(hidden)]
#[must_use]
pub fn main_of(program: &'static dyn Program, about: &str) -> ExitCode {
    start(program, about, |program, options| {
        let input = options.read_input()?;
        tokio()?.block_on(async {
            // Only what its machine calls is in a program.
            let host = options.settings()?.host(|_| true).await?;
            run_on(&Compiled(program), host, options, input).await
        })
    })
}

/// Reads the arguments of the process, and executes something that ends with an exit code.
fn start(
    machine: &'static dyn Program,
    about: &str,
    execute: fn(&'static dyn Program, &Options) -> Result<u8, CommandError>,
) -> ExitCode {
    let mut arguments = std::env::args_os();
    let program = PathBuf::from(arguments.next().unwrap_or_default());
    let name = program.file_name().unwrap_or(machine.name().as_ref()).to_string_lossy();
    let options = match arguments::parse(arguments) {
        Ok(Asked::Execution(options)) => options,
        Ok(Asked::Help) => return print(&arguments::help(&name, about)),
        Ok(Asked::Version) => {
            return print(&format!("{name}, built with asl {}\n", env!("CARGO_PKG_VERSION")));
        }
        // Without the arguments it is not known for whom this is.
        Err(reason) => return report::refuse(Format::Human, &format!("{reason}\n\nFor more, try `--help`.")),
    };
    let format = options.format;
    let worker = thread::Builder::new().stack_size(STACK).spawn(move || execute(machine, &options));
    let ended = match worker.map(thread::JoinHandle::join) {
        Ok(Ok(ended)) => ended.map_err(String::from),
        Ok(Err(_)) => Err(String::from("the program has a fault")),
        Err(error) => Err(format!("no thread can be started: {error}")),
    };
    ended.map_or_else(|reason| report::refuse(format, &reason), ExitCode::from)
}

fn tokio() -> Result<tokio::runtime::Runtime, CommandError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| CommandError::Start { what: "tokio", error })
}

/// Runs an execution on a host as the options say, and tells what happens in it and how it ends: the exit code. A signal stops it.
///
/// # Errors
/// It could not be started, or something could not be written.
#[doc(hidden)]
pub async fn run_on(
    machine: &dyn Machine,
    host: InMemory,
    options: &Options,
    input: Value,
) -> Result<u8, CommandError> {
    Observed::new(machine, host, options)?.run(machine, options, input).await
}

/// A host whose executions are reported as the options say.
#[doc(hidden)]
#[derive(Debug)]
pub struct Observed {
    /// The host. What is changed of it counts for the execution.
    pub host: InMemory,
    history: Option<HistoryFile>,
}

/// The file that the history of the execution is written to.
#[derive(Debug)]
struct HistoryFile {
    path: PathBuf,
    writer: HistoryWriter<File>,
}

impl HistoryFile {
    /// The one that the options name.
    fn of(options: &Options) -> Result<Option<Self>, CommandError> {
        let Some(path) = options.history.clone() else { return Ok(None) };
        let file = File::create(&path).map_err(|error| unwritten(&path, error))?;
        let writer = HistoryWriter::new(file);
        if let Some(name) = &options.name {
            writer.write_only(name.clone());
        }
        Ok(Some(Self { path, writer }))
    }

    fn finish(&self) -> Result<(), CommandError> {
        self.writer.finish().map_err(|error| unwritten(&self.path, error))
    }
}

fn unwritten(file: &Path, error: io::Error) -> CommandError {
    CommandError::History { file: file.to_owned(), error }
}

impl Observed {
    /// Adds to a host the observers that the options ask for.
    ///
    /// # Errors
    /// The file for the history cannot be written.
    pub fn new(machine: &dyn Machine, mut host: InMemory, options: &Options) -> Result<Self, CommandError> {
        let history = HistoryFile::of(options)?;
        for observer in log::observers(machine, options, history.as_ref()) {
            host = host.observe(observer);
        }
        Ok(Self { host, history })
    }

    /// As [`run_on`].
    ///
    /// # Errors
    /// As those of [`run_on`].
    pub async fn run(
        self,
        machine: &dyn Machine,
        options: &Options,
        input: Value,
    ) -> Result<u8, CommandError> {
        let Self { host, history } = self;
        let no_input = options.input.is_none() && input == Value::empty_object();
        let launch = Launch::new(&host, machine, None, input, options.name.clone());
        let name = launch.context().name.clone();
        if let Some(history) = &history {
            history.writer.write_only(name.as_str());
        }
        let stop = stop::signalled()
            .map_err(|error| CommandError::Start { what: "the handler of signals", error })?;
        let result = launch.run(&host, Some(Box::pin(stop))).await;
        end(options, &name, history.as_ref(), result.as_ref(), Given { no_input, mocks: false })
    }
}

/// The same, but mocks answer all tasks, and waiting takes no time: a case of a test file is run, whatever it expects.
///
/// # Errors
/// As those of [`run_on`], and the case makes no sense.
#[doc(hidden)]
pub async fn run_case_on(
    machine: Arc<dyn Machine>,
    case: &Case,
    options: &Options,
) -> Result<u8, CommandError> {
    let history = HistoryFile::of(options)?;
    let name = options.name.clone().unwrap_or_else(|| Text::from("mocked"));
    if let Some(history) = &history {
        history.writer.write_only(name.as_str());
    }
    let test = case.test(Arc::clone(&machine))?;
    let stop =
        stop::signalled().map_err(|error| CommandError::Start { what: "the handler of signals", error })?;
    let mut test = test.name(name.clone()).until(Box::pin(stop));
    for observer in log::observers(&*machine, options, history.as_ref()) {
        test = test.observe(observer);
    }
    let given = Given { no_input: case.input().is_none(), mocks: true };
    end(options, &name, history.as_ref(), test.run().await.result(), given)
}

/// Tells how an execution ended; the exit code.
fn end(
    options: &Options,
    name: &Text,
    history: Option<&HistoryFile>,
    result: Result<&Value, &ExecutionError>,
    given: Given,
) -> Result<u8, CommandError> {
    let printed = report::print(options, name, result, given);
    history.map_or(Ok(()), HistoryFile::finish)?;
    printed.map(|()| exit_code(result))
}

fn exit_code(result: Result<&Value, &ExecutionError>) -> u8 {
    match result.map_or_else(ExecutionError::status, |_| Status::Succeeded) {
        Status::Succeeded => 0,
        Status::Running | Status::Failed => 1,
        Status::TimedOut => 3,
        Status::Aborted => 130,
    }
}

fn print(text: &str) -> ExitCode {
    let mut output = std::io::stdout();
    let printed = report::written(output.write_all(text.as_bytes()).and_then(|()| output.flush()));
    printed.map_or_else(|reason| report::refuse(Format::Human, &reason.to_string()), |()| ExitCode::SUCCESS)
}
