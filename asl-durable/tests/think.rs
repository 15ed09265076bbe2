//! An evaluation that never ends, as the first thing that an execution does: it does not keep the execution from its time limit, nor from
//! being stopped or looked at.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[expect(dead_code, reason = "other tests use the rest")]
mod common;

use asl_durable::Durable;
use asl_runtime::{Compiled, Event, Status, Value, asl_machine};
use common::{folder, process};

asl_machine!(mod think = "machines/think.json");

async fn start(host: &Durable) -> String {
    let machine = Compiled::of::<think::Machine>();
    host.start_execution(&machine, None, None, Value::from(0)).await.unwrap().to_string()
}

async fn status(host: &Durable, arn: &str) -> Result<Value, Status> {
    host.end(arn).await.unwrap().map_err(|error| error.status())
}

async fn types(host: &Durable, arn: &str) -> Vec<String> {
    let events = host.history(arn).await.unwrap();
    let type_of =
        |event: &Event| event.to_json().get("type").and_then(|name| name.as_str().map(str::to_owned));
    events.iter().filter_map(type_of).collect()
}

#[test]
fn it_is_timed_out() {
    let folder = folder("think");
    process(async {
        let host = Durable::open(&folder).unwrap();
        let arn = start(&host).await;
        assert_eq!(status(&host, &arn).await, Err(Status::TimedOut));
        assert_eq!(types(&host, &arn).await, ["ExecutionStarted", "PassStateEntered", "ExecutionTimedOut"]);
    });
}

#[test]
fn it_is_timed_out_when_it_has_come_back() {
    let folder = folder("think-again");
    let arn = process(async { start(&Durable::open(&folder).unwrap()).await });
    process(async {
        let host = Durable::open(&folder).unwrap().machine::<think::Machine>();
        assert_eq!(host.resume().await.unwrap().running, 1);
        assert_eq!(status(&host, &arn).await, Err(Status::TimedOut));
    });
}

#[test]
fn it_is_looked_at_and_stopped() {
    let folder = folder("think-stop");
    process(async {
        let host = Durable::open(&folder).unwrap();
        let arn = start(&host).await;
        let seen = types(&host, &arn).await;
        assert_eq!(seen.first().map(String::as_str), Some("ExecutionStarted"));
        host.stop(&arn, None, Some("it was enough".into())).await.unwrap();
        assert!(matches!(status(&host, &arn).await, Err(Status::Aborted | Status::TimedOut)));
    });
}
