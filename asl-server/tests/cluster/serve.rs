//! The machines, as a process that Restate calls, and as the server in this program makes them.

use asl_restate::Machines;
use asl_runtime::{BoxFuture, Compiled, InMemory, Machine, TaskError, Value, asl_machine};
use asl_server::Compile;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

asl_machine!(pub(crate) mod errand = "errand.asl.json");
asl_machine!(pub(crate) mod pause = "../kill/pause.asl.json");

pub(crate) const ERRAND: &str = include_str!("errand.asl.json");
pub(crate) const PAUSE: &str = include_str!("../kill/pause.asl.json");

const FETCH: &str = "arn:aws:lambda:us-east-1:000000000000:function:Fetch";

/// Does the tasks: every other call of the function fails.
pub(crate) fn host() -> InMemory {
    let calls = Arc::new(AtomicUsize::new(0));
    InMemory::new().resource(FETCH, move |_: Value| {
        let is_busy = calls.fetch_add(1, Ordering::Relaxed).is_multiple_of(2);
        async move { if is_busy { Err(TaskError::new("Busy", "later")) } else { Ok(Value::from("fetched")) } }
    })
}

/// Serves the machines at a port.
pub(crate) async fn process(port: &str) {
    let machines = Machines::on(host()).machine::<errand::Machine>().machine::<pause::Machine>();
    machines.serve(&format!("127.0.0.1:{port}")).await.unwrap();
}

pub(crate) struct CompiledIn;

impl Compile for CompiledIn {
    fn machine(&self, definition: &str) -> BoxFuture<'static, Result<Arc<dyn Machine>, String>> {
        let machine: Arc<dyn Machine> = match definition {
            ERRAND => Arc::new(Compiled::of::<errand::Machine>()),
            _ => Arc::new(Compiled::of::<pause::Machine>()),
        };
        Box::pin(std::future::ready(Ok(machine)))
    }
}
