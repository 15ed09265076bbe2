//! Folders in which executions are kept, so that they outlive this process.
//!
//! In: a folder. Out: a host on it that knows the machines of all executions which have not ended: the definitions that they began with
//! are in the folder, and are compiled again.

use crate::machines::{self, Machines};
use crate::options::CompileArguments;
use crate::program::RuntimeArgument;
use crate::settings::SettingsArguments;
use asl_compiler::source::SourceFile;
use asl_compiler::{Module, Options};
use asl_durable::{Durable, DurableError};
use asl_runtime::command::{self, Observed};
use asl_runtime::remote::Worker;
use asl_runtime::{InMemory, Launch, Machine, Value};
use std::path::Path;

/// Runs an execution in a folder, or goes on with the one that has this name and this input.
pub(crate) async fn run(
    machine: &dyn Machine,
    host: InMemory,
    folder: &Path,
    options: &command::Options,
    input: Value,
) -> Result<u8, String> {
    let mut observed = Observed::new(machine, host, options)?;
    let durable = Durable::over(observed.host, folder).map_err(say)?.machine_of(machine);
    durable.resume().await.map_err(say)?;
    observed.host = durable.in_memory().clone();
    if options.name.is_some() {
        let id =
            Launch::new(&durable, machine, None, input.clone(), options.name.clone()).context().id.clone();
        if durable.describe(&id).await.is_ok_and(|before| before.execution.input != input) {
            return Err(say(DurableError::ExecutionAlreadyExists(id)));
        }
    }
    let code = observed.run(machine, options, input).await;
    durable.synced().await.map_err(say)?;
    Ok(code?)
}

/// What an error of a folder is for people.
#[expect(clippy::needless_pass_by_value, reason = "errors are passed on")]
pub(crate) fn say(error: DurableError) -> String {
    error.to_string()
}

/// Machines of definitions that are kept in a folder. They live as long as this does.
pub(crate) struct Kept {
    worker: Option<Worker>,
    count: usize,
    /// Definitions that do not compile any more, and why.
    pub(crate) broken: Vec<String>,
}

impl Kept {
    /// Compiles definitions, by their names and texts.
    pub(crate) fn compile(
        definitions: &[(asl_value::Text, asl_value::Text)],
        options: &Options,
        runtime: &RuntimeArgument,
    ) -> Result<Self, String> {
        let (mut kept, mut broken) = (Machines::default(), Vec::new());
        let mut count = 0;
        for (name, text) in definitions.iter().filter(|(_, text)| !text.is_empty()) {
            let source = SourceFile::new(format!("{name}.asl.json"), text.as_bytes().to_vec());
            let source = if Value::from_json(text).is_ok() { source } else { source.of_either_language() };
            let module = Module { name: name.to_string(), ..Module::of_file(source.name()) }.for_worker();
            match asl_compiler::compile(&source, options, &module).tokens {
                Some(tokens) => count = kept.add(&module, &tokens) + 1,
                None => broken.push(format!("the definition of `{name}` has errors")),
            }
        }
        let worker = match count {
            0 => None,
            _ => Some(machines::start(&kept.build("data", runtime)?)?),
        };
        Ok(Self { worker, count, broken })
    }

    /// Makes the machines known.
    pub(crate) fn know(&self, mut durable: Durable) -> Durable {
        for number in 0..self.count {
            if let Some(machine) = self.worker.as_ref().and_then(|worker| worker.machine(number)) {
                durable = durable.machine_of(&*machine);
            }
        }
        durable
    }
}

/// A folder whose executions can go on here: those that have not ended, or `all`.
pub(crate) async fn open(
    folder: &Path,
    all: bool,
    compile: &CompileArguments,
    runtime: &RuntimeArgument,
    settings: &SettingsArguments,
) -> Result<(Durable, Kept), String> {
    if !folder.is_dir() {
        return Err(format!("there is no folder `{}`", folder.display()));
    }
    // Whatever they call, this command does.
    let host = settings.settings()?.host(|_| true).await.map_err(|error| error.to_string())?;
    let durable = Durable::over(host, folder).map_err(say)?;
    let definitions = durable.definitions(all).await.map_err(say)?;
    let kept = Kept::compile(&definitions, &compile.options()?, runtime)?;
    Ok((kept.know(durable), kept))
}
