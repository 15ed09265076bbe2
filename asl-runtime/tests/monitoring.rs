//! Logs, metrics and traces of executions.

#![cfg(all(feature = "metrics", feature = "tracing"))]
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene fails")]

use asl_runtime::monitoring::logs::{CloudWatchLogs, LogLevel};
use asl_runtime::monitoring::metrics::{EmbeddedMetrics, Metrics, Prometheus};
use asl_runtime::monitoring::traces::{CloudWatchLayer, Traced};
use asl_runtime::{
    Decision, Event, ExecutionContext, Host, InMemory, Observer, Recorded, TaskError, Timestamp, Value,
    VirtualClock, asl_machine,
};
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tracing_subscriber::prelude::*;

asl_machine!("machines/monitored.asl.json");

const CHARGE: &str = "arn:aws:lambda:us-east-1:123456789012:function:Charge";

/// Bytes that can be looked at while they are written.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Shared {
    fn lines(&self) -> Vec<Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines().map(|line| Value::from_json(line).unwrap()).collect()
    }

    fn types(&self) -> Vec<String> {
        self.lines().iter().map(|line| line.get("type").unwrap().as_str().unwrap().to_owned()).collect()
    }
}

/// A host on which the function is busy once, and takes a second each time.
fn host() -> InMemory {
    let clock = VirtualClock::new(Timestamp::from_milliseconds(1_700_000_000_000));
    let calls = Arc::new(Mutex::new(0));
    let time = clock.clone();
    InMemory::with_clock(clock).resource(CHARGE, move |_| {
        let (calls, time) = (Arc::clone(&calls), time.clone());
        async move {
            time.sleep(Duration::from_secs(1)).await;
            let mut calls = calls.lock().unwrap();
            *calls += 1;
            if *calls == 1 { Err(TaskError::named("Busy")) } else { Ok(Value::from("secret result")) }
        }
    })
}

async fn run(host: &impl Host) {
    monitored::run_json(host, r#"{"card":"secret input"}"#).await.unwrap_err();
}

#[tokio::test]
async fn a_log_of_all_events_has_the_fields_of_cloudwatch() {
    let shared = Shared::default();
    let logs = CloudWatchLogs::new(shared.clone(), LogLevel::All).include_execution_data();
    run(&host().observe(logs)).await;
    let lines = shared.lines();
    let first = &lines[0];
    assert_eq!(
        first.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["id", "type", "details", "previous_event_id", "event_timestamp", "execution_arn", "redrive_count"]
    );
    assert_eq!(first.get("id").unwrap().as_str(), Some("1"));
    assert_eq!(first.get("event_timestamp").unwrap().as_str(), Some("1700000000000"));
    assert_eq!(
        first.get("details").unwrap().get("input").unwrap().as_str(),
        Some(r#"{"card":"secret input"}"#)
    );
    assert!(first.get("execution_arn").unwrap().as_str().unwrap().contains(":execution:monitored:"));
    assert_eq!(
        shared.types(),
        [
            "ExecutionStarted",
            "TaskStateEntered",
            "LambdaFunctionScheduled",
            "LambdaFunctionStarted",
            "LambdaFunctionFailed",
            "LambdaFunctionScheduled",
            "LambdaFunctionStarted",
            "LambdaFunctionSucceeded",
            "TaskStateExited",
            "FailStateEntered",
            "ExecutionFailed",
        ]
    );
}

#[tokio::test]
async fn without_execution_data_nothing_says_what_an_execution_is_about() {
    let shared = Shared::default();
    run(&host().observe(CloudWatchLogs::new(shared.clone(), LogLevel::All))).await;
    let text = String::from_utf8(shared.0.lock().unwrap().clone()).unwrap();
    assert!(!text.contains("secret"), "{text}");
    assert!(text.contains(r#""details":{"resource":"#), "{text}");
}

#[tokio::test]
async fn levels_leave_out_what_went_well() {
    for (level, expected) in [
        (LogLevel::Error, vec!["LambdaFunctionFailed", "FailStateEntered", "ExecutionFailed"]),
        (LogLevel::Fatal, vec!["ExecutionFailed"]),
        (LogLevel::Off, vec![]),
    ] {
        let shared = Shared::default();
        run(&host().observe(CloudWatchLogs::new(shared.clone(), level))).await;
        assert_eq!(shared.types(), expected, "{level:?}");
    }
}

#[test]
fn metrics_are_counted_and_timed_for_both_exporters() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let prometheus = Prometheus::default();
    let embedded = EmbeddedMetrics::new("Shop");
    for recorder in [&prometheus as &dyn metrics::Recorder, &embedded] {
        metrics::with_local_recorder(recorder, || {
            runtime.block_on(run(&host().observe(Metrics::default())));
        });
    }
    let page = prometheus.render();
    let machine = r#"{state_machine_arn="arn:aws:states:local:000000000000:stateMachine:monitored"}"#;
    let function = format!(r#"{{lambda_function_arn="{CHARGE}"}}"#);
    for line in [
        format!("aws_states_executions_started_total{machine} 1"),
        format!("aws_states_executions_failed_total{machine} 1"),
        format!("aws_states_lambda_functions_scheduled_total{function} 2"),
        format!("aws_states_lambda_functions_failed_total{function} 1"),
        format!("aws_states_lambda_function_run_time_milliseconds_sum{function} 2000"),
        format!("aws_states_lambda_function_run_time_milliseconds_count{function} 2"),
        // Two calls of a second each, and a second before the second one.
        format!("aws_states_execution_time_milliseconds_sum{machine} 3000"),
    ] {
        assert!(page.lines().any(|found| found == line), "{line}\n{page}");
    }
    let now = Timestamp::from_milliseconds(5);
    let lines = embedded.lines(now);
    let line = lines.lines().find(|line| line.contains("\"ExecutionTime\":")).unwrap();
    assert_eq!(
        line,
        r#"{"_aws":{"Timestamp":5,"CloudWatchMetrics":[{"Namespace":"Shop","Dimensions":[["StateMachineArn"]],"Metrics":[{"Name":"ExecutionTime","Unit":"Milliseconds"}]}]},"StateMachineArn":"arn:aws:states:local:000000000000:stateMachine:monitored","ExecutionTime":[3000.0]}"#
    );
    assert_eq!(embedded.lines(now), "", "what was read is not told again");
}

/// The spans that were opened, each with the names of those around it.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<String>>>);

impl<S> tracing_subscriber::Layer<S> for Spans
where
    S: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
{
    fn on_new_span(
        &self,
        _: &tracing::span::Attributes<'_>,
        id: &tracing::Id,
        context: tracing_subscriber::layer::Context<'_, S>,
    ) {
        let names: Vec<_> = context.span_scope(id).unwrap().from_root().map(|span| span.name()).collect();
        self.0.lock().unwrap().push(names.join(" > "));
    }
}

#[test]
fn spans_are_within_each_other_and_a_layer_writes_the_log() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (shared, spans) = (Shared::default(), Spans::default());
    let subscriber = tracing_subscriber::registry()
        .with(spans.clone())
        .with(CloudWatchLayer::new(shared.clone(), LogLevel::Error));
    tracing::subscriber::with_default(subscriber, || {
        runtime.block_on(run(&Traced::new(host())));
    });
    assert_eq!(
        *spans.0.lock().unwrap(),
        [
            "execution",
            "execution > state",
            "execution > state > task",
            "execution > state > task",
            "execution > state",
        ]
    );
    assert_eq!(shared.types(), ["LambdaFunctionFailed", "FailStateEntered", "ExecutionFailed"]);
}

/// Counts the decisions.
#[derive(Clone, Default)]
struct Decisions(Arc<Mutex<Vec<Decision>>>);

impl Observer for Decisions {
    fn event(&self, _: &ExecutionContext, _: &Event) {}

    fn decision(&self, _: &ExecutionContext, decision: &Decision) {
        self.0.lock().unwrap().push(decision.clone());
    }
}

#[test]
fn hosts_around_a_host_hand_on_all_that_is_told() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let decisions = Decisions::default();
    let host = Recorded::new(Traced::new(host().observe(decisions.clone())));
    runtime.block_on(run(&host));
    assert!(!host.history().executions().is_empty());
    assert_eq!(*decisions.0.lock().unwrap(), [Decision::Retried { state: "Charge Card".into(), retrier: 0 }]);
}
