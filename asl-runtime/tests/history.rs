//! The events of an execution as AWS would write them, and the same execution again from nothing but them.

#![expect(clippy::unwrap_used, reason = "tests")]

use asl_runtime::{
    Compiled, HistoryWriter, InMemory, Launch, Recorded, Recording, Replay, StateMachine, TaskError, Value,
    VirtualClock, asl_machine, drive,
};
use std::io::{self, Write};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

asl_machine!("history/claim.asl.json", allow = ["unknown-error-name", "wait-without-timeout"]);

type Host = Recorded<InMemory>;

const LOOK_UP: &str = "arn:aws:lambda:eu-west-1:123456789012:function:LookUp";
const WEIGH: &str = "arn:aws:lambda:eu-west-1:123456789012:function:Weigh";
const FILE: &str = "arn:aws:states:eu-west-1:123456789012:activity:File";

/// A world in which the first look-up fails, a person approves, items take their time, and no notice can be sent.
fn host() -> Host {
    let clock = VirtualClock::default();
    let calls = AtomicU32::new(0);
    let (weighing, telling) = (clock.clone(), clock.clone());
    let host = InMemory::with_clock(clock).seed(7).activity(FILE);
    let approvals = host.callbacks().clone();
    Recorded::new(
        host.resource(LOOK_UP, move |_| {
            let busy = calls.fetch_add(1, Ordering::Relaxed) == 0;
            async move {
                if busy { Err(TaskError::new("Busy", "later")) } else { Ok(Value::from_json("[3, 1, 2]")?) }
            }
        })
        .resource("arn:aws:states:::sqs:sendMessage.waitForTaskToken", move |parameters: Value| {
            let token = parameters
                .get("MessageBody")
                .and_then(|body| body.get("token"))
                .and_then(Value::as_str)
                .unwrap();
            approvals.send_task_success(token, "approved").unwrap();
            async { Ok(Value::from_json(r#"{"MessageId": "m-1"}"#)?) }
        })
        .resource(WEIGH, move |item: Value| {
            let clock = weighing.clone();
            async move {
                clock.sleep(Duration::from_secs(item.as_i64().unwrap().unsigned_abs())).await;
                Ok(item)
            }
        })
        .resource("arn:aws:states:::sns:publish", move |_| {
            let clock = telling.clone();
            async move {
                clock.sleep(Duration::from_secs(1)).await;
                Err::<Value, _>(TaskError::named("SNS.NotFoundException"))
            }
        }),
    )
}

/// Runs an execution, with a worker for its activity, and returns its history.
async fn history() -> (String, Value) {
    let host = host();
    let callbacks = asl_runtime::Around::host(&host).callbacks().clone();
    let worker = async {
        let task = callbacks.activity_task(FILE, Some("clerk")).await;
        callbacks.send_task_success(&task.task_token, Value::Null).unwrap();
        std::future::pending::<()>().await;
    };
    let input = Value::from_json(r#"{"claim": 7}"#).unwrap();
    let output = tokio::select! {
        output = claim::run(&host, input) => output.unwrap(),
        () = worker => Value::Null,
    };
    let name = host.history().executions().pop().unwrap();
    (output.to_string(), host.history().to_json(&name))
}

fn events(history: &Value) -> Vec<Value> {
    history.get("events").and_then(Value::as_array).unwrap().to_vec()
}

fn text<'a>(event: &'a Value, field: &str) -> &'a str {
    event.get(field).and_then(Value::as_str).unwrap()
}

/// The details of the first event of a type.
fn details(history: &Value, r#type: &str, field: &str) -> String {
    let event = events(history).into_iter().find(|event| text(event, "type") == r#type).unwrap();
    event.get(field).unwrap().to_string()
}

#[tokio::test]
async fn events_have_the_types_and_the_order_of_aws() {
    let (_, history) = history().await;
    let types: Vec<String> = events(&history).iter().map(|event| text(event, "type").to_owned()).collect();
    let weigh = ["TaskStateEntered", "TaskScheduled", "TaskStarted"];
    let weighed = ["TaskSucceeded", "TaskStateExited", "MapIterationSucceeded"];
    let expected = [
        vec!["ExecutionStarted", "PassStateEntered", "PassStateExited", "TaskStateEntered"],
        vec!["LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionFailed"],
        vec![
            "LambdaFunctionScheduled",
            "LambdaFunctionStarted",
            "LambdaFunctionSucceeded",
            "TaskStateExited",
        ],
        vec![
            "TaskStateEntered",
            "TaskScheduled",
            "TaskStarted",
            "TaskSubmitted",
            "TaskSucceeded",
            "TaskStateExited",
        ],
        vec![
            "TaskStateEntered",
            "ActivityScheduled",
            "ActivityStarted",
            "ActivitySucceeded",
            "TaskStateExited",
        ],
        vec!["MapStateEntered", "MapStateStarted"],
    ];
    let mut expected: Vec<&str> = expected.concat();
    let start = expected.len();
    assert_eq!(types.get(..start).unwrap(), expected);
    let count = |name: &str| types.iter().filter(|found| *found == name).count();
    for name in weigh.iter().chain(&weighed) {
        assert!(count(name) >= 3, "{name}");
    }
    expected = vec!["MapStateSucceeded", "MapStateExited", "ParallelStateEntered", "ParallelStateStarted"];
    let end = types.iter().position(|found| found == "MapStateSucceeded").unwrap();
    assert_eq!(types.get(end..end + 4).unwrap(), expected);
    for name in ["TaskFailed", "TaskStateAborted", "WaitStateAborted", "ParallelStateFailed"] {
        assert_eq!(count(name), 1, "{name}");
    }
    assert_eq!(types.last().unwrap(), "ExecutionSucceeded");
}

#[tokio::test]
async fn details_have_the_fields_of_aws() {
    let (output, history) = history().await;
    assert!(output.ends_with(r#""untold":{"Error":"SNS.NotFoundException","Cause":null}}"#), "{output}");
    for (r#type, field, expected) in [
        (
            "ExecutionStarted",
            "executionStartedEventDetails",
            r#"{"input":"{\"claim\":7}","inputDetails":{"truncated":false},"roleArn":"arn:aws:iam::000000000000:role/local"}"#,
        ),
        (
            "PassStateExited",
            "stateExitedEventDetails",
            r#"{"output":"{\"claim\":7}","outputDetails":{"truncated":false},"name":"Note","assignedVariables":{"claim":"7"},"assignedVariablesDetails":{"truncated":false}}"#,
        ),
        (
            "LambdaFunctionScheduled",
            "lambdaFunctionScheduledEventDetails",
            r#"{"input":"{\"claim\":7}","inputDetails":{"truncated":false},"resource":"arn:aws:lambda:eu-west-1:123456789012:function:LookUp","timeoutInSeconds":30}"#,
        ),
        ("LambdaFunctionFailed", "lambdaFunctionFailedEventDetails", r#"{"error":"Busy","cause":"later"}"#),
        ("ActivityStarted", "activityStartedEventDetails", r#"{"workerName":"clerk"}"#),
        (
            "TaskStarted",
            "taskStartedEventDetails",
            r#"{"resourceType":"sqs","resource":"sendMessage.waitForTaskToken"}"#,
        ),
        (
            "TaskSubmitted",
            "taskSubmittedEventDetails",
            r#"{"output":"{\"MessageId\":\"m-1\"}","outputDetails":{"truncated":false},"resourceType":"sqs","resource":"sendMessage.waitForTaskToken"}"#,
        ),
        (
            "TaskFailed",
            "taskFailedEventDetails",
            r#"{"error":"SNS.NotFoundException","resourceType":"sns","resource":"publish"}"#,
        ),
        ("MapStateStarted", "mapStateStartedEventDetails", r#"{"length":3}"#),
        ("MapIterationStarted", "mapIterationStartedEventDetails", r#"{"name":"Each","index":0}"#),
    ] {
        assert_eq!(details(&history, r#type, field), expected, "{type}");
    }
    let started =
        events(&history).into_iter().find(|event| text(event, "type") == "LambdaFunctionStarted").unwrap();
    assert_eq!(
        started.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["timestamp", "type", "id", "previousEventId"]
    );
}

#[tokio::test]
async fn a_history_is_all_that_a_replay_needs() {
    let (output, history) = history().await;
    let replayed =
        Replay::new(Recording::from_json(&history.to_string()).unwrap()).run::<claim::Machine>().await;
    assert_eq!(replayed.result.unwrap().to_string(), output);
    let without_token = |text: &str| {
        let token = text
            .split_once(r#"\"token\":\""#)
            .and_then(|(_, rest)| rest.split_once(r#"\""#))
            .map(|(token, _)| token.to_owned());
        token.map_or_else(|| text.to_owned(), |token| text.replace(&token, "token"))
    };
    let recorded: Vec<String> =
        events(&history).iter().map(|event| without_token(&event.to_string())).collect();
    let now: Vec<String> =
        replayed.events.iter().map(|event| without_token(&event.to_json().to_string())).collect();
    assert_eq!(recorded.len(), now.len());
    for (recorded, now) in recorded.iter().zip(&now) {
        assert_eq!(recorded, &now.replace("\"region\":\"eu-west-1\"", "\"region\":\"local\""));
    }
    assert_eq!(claim::Machine::NAME, "claim");
}

asl_machine!("history/tolerant.asl.json");

/// The events of an execution of `tolerant`: type, number, and number of the event before, without those of the states inside.
async fn tolerated(input: &str) -> Vec<(String, i64, i64)> {
    let host = Recorded::new(InMemory::with_clock(VirtualClock::default()));
    let _ = tolerant::run(&host, Value::from_json(input).unwrap()).await;
    let name = host.history().executions().pop().unwrap();
    let number = |event: &Value, field: &str| event.get(field).and_then(Value::as_i64).unwrap();
    events(&host.history().to_json(&name))
        .iter()
        .map(|event| (text(event, "type").to_owned(), number(event, "id"), number(event, "previousEventId")))
        .filter(|(name, ..)| name.starts_with("Map") || name.starts_with("Execution"))
        .collect()
}

#[tokio::test]
async fn a_tolerated_iteration_has_failed_and_the_next_follows_its_end() {
    let expected = [
        ("ExecutionStarted", 1, 0),
        ("MapStateEntered", 2, 0),
        ("MapStateStarted", 3, 2),
        ("MapIterationStarted", 4, 3),
        ("MapIterationFailed", 8, 7),
        ("MapIterationStarted", 9, 7),
        ("MapIterationSucceeded", 14, 13),
        ("MapStateSucceeded", 15, 14),
        ("MapStateExited", 16, 14),
        ("ExecutionSucceeded", 17, 16),
    ];
    assert_eq!(
        tolerated(r#"["bad", "good"]"#).await,
        expected.map(|(name, id, before)| (name.to_owned(), id, before))
    );
}

#[tokio::test]
async fn a_map_fails_after_the_iteration_that_is_one_too_many() {
    let events = tolerated(r#"["bad", "bad", "good"]"#).await;
    let expected = [("MapIterationFailed", 13, 12), ("MapStateFailed", 14, 12), ("ExecutionFailed", 15, 14)];
    let last = events.get(events.len() - 3..).unwrap();
    assert_eq!(last, expected.map(|(name, id, before)| (name.to_owned(), id, before)));
}

asl_machine!("history/evaluations.asl.json");

#[tokio::test]
async fn a_failed_evaluation_is_told_where_it_happens() {
    let host = Recorded::new(InMemory::with_clock(VirtualClock::default()));
    let _ = evaluations::run(&host, Value::empty_object()).await;
    let name = host.history().executions().pop().unwrap();
    let events = events(&host.history().to_json(&name));
    let number = |event: &Value, field: &str| event.get(field).and_then(Value::as_i64).unwrap();
    let types: Vec<_> = events
        .iter()
        .map(|event| (text(event, "type"), number(event, "id"), number(event, "previousEventId")))
        .collect();
    let expected = [
        ("ExecutionStarted", 1, 0),
        ("MapStateEntered", 2, 0),
        ("EvaluationFailed", 3, 2),
        ("MapStateFailed", 4, 3),
        ("MapStateExited", 5, 4),
        ("WaitStateEntered", 6, 5),
        ("EvaluationFailed", 7, 6),
        ("ExecutionFailed", 8, 7),
    ];
    assert_eq!(types, expected);
    let details = events[2].get("evaluationFailedEventDetails").unwrap().clone();
    let part = |name: &str| text(&details, name).to_owned();
    assert_eq!(
        [part("error"), part("location"), part("state")],
        ["States.QueryEvaluationError", "Items", "Each"]
    );
    assert!(part("cause").ends_with("Expected 'array', but was 'object' for value: {}"));
}

asl_machine!("history/named.asl.json");

#[tokio::test]
async fn an_execution_that_is_run_again_has_the_names_that_it_had() {
    let host = Recorded::new(InMemory::with_clock(VirtualClock::default()));
    let output = named::run(&host, Value::empty_object()).await.unwrap();
    let name = host.history().executions().pop().unwrap();
    let recording = Recording::new(&host.history().to_json(&name));
    let again = Replay::new(recording.clone()).run::<named::Machine>().await;
    assert_ne!(again.result.unwrap(), output, "the history does not hold the name");
    let again =
        Replay::new(recording.clone()).execution_arn(text(&output, "id")).run::<named::Machine>().await;
    assert_eq!(again.result.unwrap(), output);
    let arn = "arn:aws:states:eu-west-1:123456789012:execution:Order:A-1";
    let again = Replay::new(recording).execution_arn(arn).run::<named::Machine>().await.result.unwrap();
    assert_eq!(
        ["id", "name", "machine"].map(|field| text(&again, field)),
        [arn, "A-1", "arn:aws:states:eu-west-1:123456789012:stateMachine:Order"]
    );
}

/// A file in memory, which is full after so many bytes.
#[derive(Clone)]
struct File {
    bytes: Arc<Mutex<Vec<u8>>>,
    room: usize,
}

impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut file = self.bytes.lock().unwrap();
        if file.len() + bytes.len() > self.room {
            return Err(io::ErrorKind::StorageFull.into());
        }
        file.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is written of an execution beside another one of the same host, and what is kept of it.
async fn written(room: usize) -> (io::Result<()>, String, Value) {
    let file = File { bytes: Arc::default(), room };
    let writer = HistoryWriter::new(file.clone());
    let host = Recorded::new(InMemory::with_clock(VirtualClock::default()).observe(writer.clone()));
    let machine = Compiled::of::<evaluations::Machine>();
    let launch = || Launch::new(&host, &machine, None, Value::empty_object(), None);
    let (before, told) = (launch(), launch());
    let name = told.context().name.clone();
    writer.write_only(name.as_str());
    for launch in [before, told] {
        assert!(drive(&host, launch.core(&host), None).await.is_err());
    }
    let finished = writer.finish();
    let text = String::from_utf8(file.bytes.lock().unwrap().clone()).unwrap();
    (finished, text, host.history().to_json(&name))
}

#[tokio::test]
async fn a_history_is_written_as_it_is_kept() {
    let (finished, text, kept) = written(usize::MAX).await;
    finished.unwrap();
    assert_eq!(text, format!("{kept}\n"));
}

#[tokio::test]
async fn what_cannot_be_written_is_told_at_the_end() {
    let (finished, text, _) = written(100).await;
    assert_eq!(finished.unwrap_err().kind(), io::ErrorKind::StorageFull);
    assert!(text.len() <= 100, "{text}");
}
