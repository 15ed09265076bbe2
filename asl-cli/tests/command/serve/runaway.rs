//! Machines that run away: one that takes ever more time, and one that takes ever more memory. Each ends its own executions, and no others.

use super::{GREET, Server, text_of};
use crate::support::folder;
use serde_json::{Value, json};

/// An evaluation that never ends, as the first thing of an execution.
const THINK: &str = r#"{ "QueryLanguage": "JSONata", "TimeoutSeconds": 2, "StartAt": "Think", "States": { "Think": { "Type": "Pass", "End": true,
  "Output": "{% ($up := function($n) { $n < 0 ? $n : $up($n + 1) }; $up($states.input)) %}" } } }"#;

/// Four texts of a quarter of a gigabyte, none of which is too large, where the input says so.
#[cfg(target_os = "linux")]
const EAT: &str = r#"{ "QueryLanguage": "JSONata", "StartAt": "Eat", "States": { "Eat": { "Type": "Pass", "End": true,
  "Output": "{% ($text := $reduce([1..$states.input], function($all, $n) { $all & $all }, 'x'); $count([1..4].($text & $string($)))) %}" } } }"#;

const WAIT: &str =
    r#"{ "StartAt": "Wait", "States": { "Wait": { "Type": "Wait", "Seconds": 100000, "End": true } } }"#;

impl Server {
    fn create(&self, name: &str, definition: &str) -> String {
        let request = json!({ "name": name, "definition": definition, "roleArn": "arn:aws:iam::0:role/r" });
        text_of(&self.ask("CreateStateMachine", &request), "stateMachineArn")
    }

    fn begin(&self, machine: &str, input: &Value) -> String {
        let request = json!({ "stateMachineArn": machine, "input": input.to_string() });
        text_of(&self.ask("StartExecution", &request), "executionArn")
    }

    fn status(&self, execution: &str) -> String {
        text_of(&self.ask("DescribeExecution", &json!({ "executionArn": execution })), "status")
    }
}

#[test]
fn a_machine_that_takes_ever_more_time_is_stopped_and_timed_out() {
    let folder = folder(module_path!(), "a_machine_that_takes_ever_more_time_is_stopped_and_timed_out");
    let server = Server::start(&folder, &[]);
    let think = server.create("think", THINK);
    let (late, stopped) = (server.begin(&think, &json!(0)), server.begin(&think, &json!(1)));
    // It shares the process with those that never end.
    assert_eq!(server.ended(&server.begin(&think, &json!(-7)))["output"], "-7");
    let history = server.ask("GetExecutionHistory", &json!({ "executionArn": late }));
    assert_eq!(history["events"][0]["type"], "ExecutionStarted", "{history}");
    server.ask("StopExecution", &json!({ "executionArn": stopped }));
    let late = server.ended(&late);
    assert_eq!(late["status"], "TIMED_OUT", "{late}");
    // It may have been timed out before it was stopped.
    assert_ne!(server.ended(&stopped)["status"], "SUCCEEDED");
    let greet = server.create("greet", GREET);
    assert_eq!(server.ended(&server.begin(&greet, &json!({ "name": "Ana" })))["status"], "SUCCEEDED");
}

/// Where the system sees to it that a process has no more memory than it may have.
#[test]
#[cfg(target_os = "linux")]
fn a_machine_that_takes_ever_more_memory_fails() {
    let folder = folder(module_path!(), "a_machine_that_takes_ever_more_memory_fails");
    let server = Server::start(&folder, &["--machine-memory", "1536"]);
    let (eat, wait) = (server.create("eat", EAT), server.create("wait", WAIT));
    let waiting = server.begin(&wait, &json!({}));
    let eaten = server.ended(&server.begin(&eat, &json!(28)));
    assert_eq!((&eaten["status"], &eaten["error"]), (&json!("FAILED"), &json!("States.Runtime")), "{eaten}");
    let cause = text_of(&eaten, "cause");
    assert!(
        cause.contains("has ended 3 times in a row") && cause.contains("memory allocation of"),
        "{cause}"
    );
    assert_eq!(server.status(&waiting), "RUNNING");
    // What it needs less for, it still does.
    assert_eq!(server.ended(&server.begin(&eat, &json!(3)))["output"], "4");
}
