//! The program around one machine, as `asl build --host restate` makes it: an endpoint to register with Restate, whose tasks go to the
//! services whose Cargo features are on. What else is to be known is in the environment and in `asl.toml`.
//!
//! | variable | |
//! | --- | --- |
//! | `ASL_ADDRESS` | where it is served; without it, `127.0.0.1:9080` |

use crate::{Error, Machines};
use asl_engine::program::{Program, program};
use asl_runtime::StateMachine;
use asl_runtime::settings::Settings;
use std::env;
use std::io::{Write, stderr};
use std::process::ExitCode;

/// Values may be nested deeply, and code that is not optimised needs much of the stack.
const STACK: usize = 64 << 20;

/// Serves a machine until the process is interrupted. The exit code is not 0 if it cannot.
#[must_use]
pub fn main<M: StateMachine>() -> ExitCode {
    main_of(program::<M>())
}

/// The same for a machine without its type.
#[must_use]
pub fn main_of(program: &'static dyn Program) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().thread_stack_size(STACK).enable_all().build();
    let served = match runtime {
        Ok(runtime) => {
            runtime.block_on(async { runtime.spawn(serve(program)).await }).map_err(|error| error.to_string())
        }
        Err(error) => Err(format!("tokio cannot be started: {error}")),
    };
    let Err(reason) = served.and_then(|served| served) else { return ExitCode::SUCCESS };
    // If its output is closed, there is nothing else to do.
    let _ = writeln!(stderr(), "error: {reason}");
    ExitCode::FAILURE
}

async fn serve(program: &'static dyn Program) -> Result<(), String> {
    let settings = Settings::read(None).map_err(|error| error.to_string())?;
    let host = settings.host(|_| true).await.map_err(|error| error.to_string())?;
    let address = env::var("ASL_ADDRESS").unwrap_or_else(|_| String::from("127.0.0.1:9080"));
    Machines::on(host).program(program).serve(&address).await.map_err(|error: Error| error.to_string())
}
