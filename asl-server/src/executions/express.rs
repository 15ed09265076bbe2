//! Executions of Express machines: nothing is kept of them, and nothing told but how they end. They take five minutes at most.

use super::late::Late;
use super::{Description, NewExecution};
use crate::compile::Machines;
use crate::definition::value::value;
use crate::protocol::date::Date;
use asl_engine::StartPart;
use asl_runtime::{Error, ExecutionError, Host, Launch, Machine, Value, drive};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// How long an Express execution may take (AWS, "Step Functions service quotas").
const LONGEST: Duration = Duration::from_secs(300);

/// An Express execution that was started. It runs on if nothing waits for it.
#[derive(Debug)]
pub(crate) struct Running {
    new: NewExecution,
    task: JoinHandle<(Date, Result<Value, ExecutionError>)>,
}

impl Running {
    /// Waits until it has ended.
    pub(crate) async fn ended(self) -> Description {
        let end = self
            .task
            .await
            .unwrap_or_else(|_| (Date::now(), Err(Error::runtime("The execution panicked.").into())));
        self.new.described(Some(end))
    }
}

/// Starts an execution.
pub(super) fn start(host: &Arc<dyn Host>, machines: &Machines, new: NewExecution) -> Running {
    let definition = new.revision.settings.definition.as_str().into();
    let building = machines.machine(&new.revision.settings.definition);
    let machine = Late::new(machines.clone(), new.machine_name.clone(), definition);
    let (host, execution) = (Arc::clone(host), new.clone());
    let task = tokio::spawn(async move {
        // Where it begins is known when the machine is there.
        let part = building.await.ok().and_then(|machine| part(&*machine, &execution));
        let (arn, name) = (Some(&*execution.machine_arn), Some(execution.name.clone()));
        let launch = Launch::new(&*host, &machine, arn, execution.input.clone(), name);
        let mut start = launch.change(|context| execution.change(context)).start(&*host);
        start.part = part;
        let result = drive(&*host, machine.start(start), None).await;
        (host.clock().now().into(), result)
    });
    Running { new, task }
}

/// All of a machine, for no longer than an Express execution may take.
fn part(machine: &dyn Machine, execution: &NewExecution) -> Option<StartPart> {
    let definition = value(&execution.revision.settings.definition)?;
    let first = definition.get("StartAt")?.as_str()?;
    let start_at = machine.states().iter().position(|state| state == first)?;
    let own = definition.get("TimeoutSeconds").and_then(serde_json::Value::as_u64).map(Duration::from_secs);
    let timeout = Some(own.map_or(LONGEST, |own| own.min(LONGEST)));
    Some(StartPart { start_at: u16::try_from(start_at).ok()?, timeout })
}
