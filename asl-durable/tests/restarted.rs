//! Executions that are made again of their rows at every answer do what they would do if nothing happened to them.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[expect(dead_code, reason = "other tests use more of it")]
mod common;

use asl_durable::Restarted;
use asl_runtime::{Compiled, Event, History, Launch, Machine, Value, asl_machine, drive};
use common::{CALL, Calls, after, folder, process, until};

asl_machine!(mod pause = "machines/pause.json");
asl_machine!(mod journey = "machines/journey.json", allow = ["wait-without-timeout"]);

/// What happens when an execution of a machine runs, and how it ends.
fn run(machine: &dyn Machine, input: &str) -> (Vec<String>, String) {
    let (calls, history) = (Calls::default(), History::default());
    process(async {
        // What is started elsewhere does not exist, so that the longer machine fails there.
        let host = calls.host(after(0), "").seed(7).observe(history.clone());
        let input = Value::from_json(input).unwrap();
        let launch = Launch::new(&host, machine, None, input, Some("first".into()));
        let execution = launch.core(&host);
        let end = drive(&host, execution, None).await;
        until(|| !history.events("first").is_empty()).await;
        assert!(calls.len() > 1, "{CALL} is called");
        calls.take();
        let told = history.events("first");
        let told = told.iter().map(|event: &Event| {
            let json = event.to_json();
            let field = |name: &str| json.get(name).cloned().unwrap_or_default();
            format!("{} {} after {}", field("id"), field("type"), field("previousEventId"))
        });
        (told.collect(), format!("{end:?}"))
    })
}

fn is_the_same(machine: &dyn Machine, name: &str, input: &str) {
    let whole = run(machine, input);
    let restarted = Restarted::new(folder(name), machine).unwrap();
    assert_eq!(whole, run(&restarted, input));
    assert!(whole.0.len() > 10, "{whole:?}");
}

#[test]
fn an_execution_with_tasks_and_a_wait_is_the_same() {
    is_the_same(&Compiled::of::<pause::Machine>(), "restarted-pause", r#"{"seconds": 7}"#);
}

#[test]
fn an_execution_with_branches_and_retries_is_the_same() {
    let input = r#"{"seconds": 7, "days": ["1", "2"]}"#;
    is_the_same(&Compiled::of::<journey::Machine>(), "restarted-journey", input);
}
