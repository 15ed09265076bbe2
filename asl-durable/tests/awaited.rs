//! Executions whose ends tasks wait for, and a process that dies before it is written down that the tasks have started them.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[expect(dead_code, reason = "other tests need it")]
mod common;

use asl_durable::{Facts, Folder};
use asl_engine::{EffectId, Outcome};
use asl_runtime::{
    Compiled, Host, InMemory, Invocation, Launch, Machine, Status, TaskError, Timestamp, Value, asl_machine,
};
use common::{Calls, folder, process, until};
use std::path::Path;
use std::sync::Arc;

asl_machine!(mod pause = "machines/pause.json");
asl_machine!(mod idle = "machines/idle.json");

/// A process with the folder, whose tasks never end; it keeps the names of their effects.
struct Process {
    folder: Folder,
    host: Arc<dyn Host>,
}

impl Process {
    fn new(folder: &Path, effects: &Calls) -> Self {
        let effects = effects.clone();
        let host = InMemory::new().function(common::CALL, move |invocation: Invocation| {
            effects.add(invocation.effect().to_string());
            std::future::pending::<Result<Value, TaskError>>()
        });
        let machine = |name: &str| -> Arc<dyn Machine> {
            if name == "Pause" || name == "pause" {
                Arc::new(Compiled::of::<pause::Machine>())
            } else {
                Arc::new(Compiled::of::<idle::Machine>())
            }
        };
        let folder = Folder::open(folder).unwrap().machines(move |name, _| Some(machine(name)));
        Self { folder, host: host.handle() }
    }

    async fn start(&self, machine: &dyn Machine, name: &str, waits: Option<(&str, &str)>) -> String {
        let input = Value::from_json(r#"{"seconds": 1}"#).unwrap();
        let start = Launch::new(&*self.host, machine, None, input, Some(name.into())).start(&*self.host);
        let arn = start.context.id.to_string();
        let waits = waits.map(|(arn, effect)| (arn, effect.parse().unwrap()));
        assert!(self.folder.start(&self.host, machine, start, Facts::default(), waits).await.unwrap());
        arn
    }

    async fn status(&self, arn: &str) -> Status {
        self.folder.find(arn).await.unwrap().unwrap().status()
    }
}

#[test]
fn they_are_stopped_unless_their_tasks_are_done_again() {
    let (folder, effects) = (folder("awaited"), Calls::default());
    let (pause, idle) = (Compiled::of::<pause::Machine>(), Compiled::of::<idle::Machine>());
    let [boss, over, waited_for, given_up, left] = process(async {
        let process = Process::new(&folder, &effects);
        let boss = process.start(&pause, "boss", None).await;
        until(|| effects.len() == 1).await;
        let effect = &effects.take()[0];
        let over = process.start(&idle, "over", None).await;
        let stop = Outcome::Stopped { error: None, cause: None };
        process.folder.tell(&process.host, &over, EffectId::EXECUTION, stop).await;
        if let Some(end) = process.folder.end_of(&over) {
            drop(end.await);
        }
        let waited_for = process.start(&idle, "waited-for", Some((&boss, effect))).await;
        let given_up = process.start(&idle, "given-up", Some((&boss, "9#1"))).await;
        let left = process.start(&idle, "left", Some((&over, effect))).await;
        assert_eq!(process.status(&left).await, Status::Running);
        [boss, over, waited_for, given_up, left]
    });
    process(async {
        let process = Process::new(&folder, &effects);
        let (count, all) = process.folder.resume(&process.host, Timestamp::new(0, 0)).await.unwrap();
        assert_eq!((count, all.await.damaged), (4, Vec::new()));
        for (arn, by) in [(&given_up, &boss), (&left, &over)] {
            if let Some(end) = process.folder.end_of(arn) {
                drop(end.await);
            }
            process.folder.synced().await.unwrap();
            let error = process.folder.find(arn).await.unwrap().unwrap().end.unwrap().1.unwrap_err();
            assert_eq!(error.status(), Status::Aborted);
            assert!(error.cause().unwrap().contains(&format!("execution [{by}]")), "{error:?}");
        }
        assert_eq!(process.status(&waited_for).await, Status::Running);
        // It is still stopped with its task.
        let stop = Outcome::Stopped { error: None, cause: None };
        process.folder.tell(&process.host, &boss, EffectId::EXECUTION, stop).await;
        if let Some(end) = process.folder.end_of(&waited_for) {
            drop(end.await);
        }
        assert_eq!(process.status(&waited_for).await, Status::Aborted);
    });
}
