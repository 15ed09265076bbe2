//! Definitions to machines in workers.

use crate::machines::{self, Machines};
use crate::program::RuntimeArgument;
use asl_compiler::source::SourceFile;
use asl_compiler::{Module, Options};
use asl_runtime::{BoxFuture, Machine};
use asl_server::Compile;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// The compiler of this command.
#[derive(Debug)]
pub(super) struct Compiler {
    runtime: RuntimeArgument,
    /// So many bytes may a worker have: what takes more ends it, and fails if it does so again and again.
    memory: u64,
    /// As many definitions are compiled at once as there are processors.
    turns: Arc<Semaphore>,
}

impl Compiler {
    pub(super) fn new(runtime: RuntimeArgument, memory: u64) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self { runtime, memory, turns: Arc::new(Semaphore::new(processors)) }
    }
}

impl Compile for Compiler {
    fn machine(&self, definition: &str) -> BoxFuture<'static, Result<Arc<dyn Machine>, String>> {
        let (runtime, turns, definition) =
            (self.runtime.clone(), Arc::clone(&self.turns), definition.to_owned());
        let memory = self.memory;
        Box::pin(async move {
            let turn = turns.acquire_owned().await.map_err(|error| error.to_string())?;
            let built = spawn_blocking(move || build(definition, &runtime, memory)).await;
            drop(turn);
            built.map_err(|error| format!("the compiler has a fault: {error}"))?
        })
    }
}

fn build(definition: String, runtime: &RuntimeArgument, memory: u64) -> Result<Arc<dyn Machine>, String> {
    let source = SourceFile::new("machine.asl.json", definition);
    let module = Module::of_file(source.name()).for_worker();
    // What must fail at run time is accepted, as on AWS.
    let options = Options { ignore_data: true, ..Options::default() };
    let compilation = asl_compiler::compile(&source, &options, &module);
    let Some(tokens) = compilation.tokens else {
        let first = compilation.diagnostics.into_iter().next();
        return Err(first.map_or_else(|| "it has errors".to_owned(), |problem| problem.message));
    };
    let mut machines = Machines::default();
    let number = machines.add(&module, &tokens);
    let worker = machines::start_within(&machines.build("served", runtime)?, Some(memory))?;
    worker.machine(number).ok_or_else(|| "the worker has no machine".to_owned())
}
