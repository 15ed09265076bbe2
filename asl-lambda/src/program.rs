//! The program around one machine, as `asl build --host lambda` makes it: its tasks go to the services whose Cargo features are on, and what
//! else is to be known is in the environment and in `asl.toml` beside the program.
//!
//! | variable | |
//! | --- | --- |
//! | `ASL_LOG` | which events are written to the function's log, in the form of Step Functions: `OFF`, `FATAL`, `ERROR` or `ALL`; without it, `ERROR` |
//! | `ASL_LOG_DATA` | `true`: with the data of executions, which may be secret |
//! | `ASL_METRICS_NAMESPACE` | the namespace in CloudWatch of the metrics of executions; without it, there are none |

use crate::{Error, Function};
use asl_engine::program::{Program, program};
use asl_runtime::monitoring::logs::{CloudWatchLogs, LogLevel};
use asl_runtime::monitoring::metrics::{EmbeddedMetrics, Metrics};
use asl_runtime::settings::Settings;
use asl_runtime::{Clock, InMemory, StateMachine};
use std::io::{Write, stderr, stdout};
use std::process::ExitCode;
use std::{env, thread};

/// Values may be nested deeply, and code that is not optimised needs much of the stack.
const STACK: usize = 256 << 20;

/// Serves the invocations of this Lambda function, until Lambda ends the process. The exit code is not 0 if it cannot.
#[must_use]
pub fn main<M: StateMachine>() -> ExitCode {
    main_of(program::<M>())
}

/// The same for a machine without its type.
#[must_use]
pub fn main_of(program: &'static dyn Program) -> ExitCode {
    let worker = thread::Builder::new().stack_size(STACK).spawn(move || serve(program));
    let ended = match worker.map(thread::JoinHandle::join) {
        Ok(Ok(ended)) => ended.map_err(|error| error.to_string()),
        Ok(Err(_)) => Err(String::from("the program has a fault")),
        Err(error) => Err(format!("no thread can be started: {error}")),
    };
    let Err(reason) = ended else { return ExitCode::SUCCESS };
    // If its output is closed, there is nothing else to do.
    let _ = writeln!(stderr(), "error: {reason}");
    ExitCode::FAILURE
}

fn serve(program: &'static dyn Program) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let host = logged(Settings::read(None)?.host(|_| true).await?)?;
        let function = match env::var("ASL_METRICS_NAMESPACE") {
            Ok(namespace) => counted(program, host, namespace)?,
            Err(_) => Function::of(program, host),
        };
        function.run().await
    })
}

/// The host with what is written to the log.
fn logged(host: InMemory) -> Result<InMemory, String> {
    let name = env::var("ASL_LOG").unwrap_or_else(|_| String::from("ERROR"));
    let level = LogLevel::parse(&name.to_ascii_uppercase())
        .ok_or_else(|| format!("`ASL_LOG` is `OFF`, `FATAL`, `ERROR` or `ALL`, and not `{name}`"))?;
    if level == LogLevel::Off {
        return Ok(host);
    }
    let logs = CloudWatchLogs::new(stdout(), level);
    let with_data = env::var("ASL_LOG_DATA").is_ok_and(|value| value == "true");
    Ok(host.observe(if with_data { logs.include_execution_data() } else { logs }))
}

/// A function that writes its metrics to its log, from which CloudWatch takes them.
fn counted(program: &'static dyn Program, host: InMemory, namespace: String) -> Result<Function, Error> {
    let metrics = EmbeddedMetrics::new(namespace);
    metrics::set_global_recorder(metrics.clone())?;
    let written = move || {
        // An execution has not failed because its metrics cannot be written.
        let _ = stdout().write_all(metrics.lines(Clock::System.now()).as_bytes());
    };
    Ok(Function::of(program, host.observe(Metrics::default())).afterwards(written))
}
