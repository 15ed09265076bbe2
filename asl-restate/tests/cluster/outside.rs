//! What comes in from outside: workers of activities, and people who stop executions.

use crate::restate::{Restate, wait_for};
use asl_runtime::{Status, asl_machine};
use serde_json::{Value as Json, json};

asl_machine!(pub(crate) mod work = "work.json", allow = ["wait-without-timeout"]);

/// A worker takes the work of an activity when there is some: its token, and its input.
fn take(restate: &Restate, activity: &str) -> (String, Json) {
    let key = format!("arn%3Aaws%3Astates%3Aus-east-1%3A123456789012%3Aactivity%3A{activity}");
    let task = wait_for("work", || {
        let (status, task) = restate.call(&format!("/work.activities/{key}/take"), r#"{"workerName":"one"}"#);
        assert_eq!(status, 200, "{task}");
        (task != "null").then(|| serde_json::from_str::<Json>(&task).unwrap())
    });
    (
        task["taskToken"].as_str().unwrap().to_owned(),
        serde_json::from_str(task["input"].as_str().unwrap()).unwrap(),
    )
}

/// Sends something for a token: the status.
fn send(restate: &Restate, what: &str, body: &Json) -> u16 {
    restate.call(&format!("/work.callbacks/{what}"), &body.to_string()).0
}

pub(crate) fn workers_do_the_tasks_of_activities(restate: &Restate) {
    restate.start_execution("work", "first", r#"{"amount":7}"#);
    let (token, input) = take(restate, "Approve");
    assert_eq!(input, json!({ "amount": 7 }));
    for _ in 0..3 {
        assert_eq!(send(restate, "heartbeat", &json!({ "taskToken": token })), 200);
    }
    assert_eq!(send(restate, "success", &json!({ "taskToken": token, "output": "no JSON" })), 400);
    assert_eq!(send(restate, "success", &json!({ "taskToken": token, "output": "\"yes\"" })), 200);
    for late in ["heartbeat", "failure"] {
        assert_eq!(send(restate, late, &json!({ "taskToken": token })), 404, "{late}");
    }
    let (token, _) = take(restate, "Pay");
    let failure = json!({ "taskToken": token, "error": "NoMoney", "cause": "not a cent" });
    assert_eq!(send(restate, "failure", &failure), 200);
    let (status, output) = wait_for("an end", || restate.output("work", "first"));
    let failed = json!({ "Error": "NoMoney", "Cause": "not a cent" });
    let expected = json!({ "amount": 7, "approved": "yes", "failed": failed });
    assert_eq!((status, serde_json::from_str::<Json>(&output).unwrap()), (200, expected));
}

pub(crate) fn an_execution_can_be_stopped(restate: &Restate) {
    let started = restate.start_execution("work", "second", "{}");
    let (token, _) = take(restate, "Approve");
    // A name is that of one execution.
    assert_eq!(restate.start_execution("work", "second", "{}"), started);
    restate.cancel(&started);
    let (status, answer) = wait_for("an end", || restate.output("work", "second"));
    let answer: Json = serde_json::from_str(&answer).unwrap();
    let failure = asl_restate::failure(answer["message"].as_str().unwrap()).unwrap();
    assert_eq!((status, failure.status()), (409, Status::Aborted));
    // Nothing waits for its token any more.
    wait_for("the end of a token", || {
        (send(restate, "heartbeat", &json!({ "taskToken": token })) == 404).then_some(())
    });
}
