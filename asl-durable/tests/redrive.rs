//! Executions that have ended without success, and go on with what failed in them.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[expect(dead_code, reason = "other tests need more of it")]
mod common;
#[path = "common/files.rs"]
mod files;

use asl_durable::{Durable, DurableError};
use asl_runtime::{
    Clock, Compiled, Event, EventDetails, ExecutionContext, InMemory, Invocation, Observer, Status,
    TaskError, Timestamp, Value, VirtualClock, asl_machine,
};
use common::{CALL, folder, process, until};
use files::written;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

asl_machine!(mod shop = "machines/shop.json");
asl_machine!(mod rows = "machines/rows.json");
asl_machine!(mod ask = "machines/ask.json");
asl_machine!(mod stamps = "machines/stamps.json");
asl_machine!(mod tolerant = "machines/tolerant.json");

/// A service that fails for some, and is asked by states for their inputs.
#[derive(Clone, Default)]
struct Service {
    fails: Arc<Mutex<BTreeSet<String>>>,
    calls: Arc<Mutex<Vec<(String, String)>>>,
    hangs: Arc<Mutex<bool>>,
}

impl Service {
    fn failing(self, fails: &[&str]) -> Self {
        *self.fails.lock().unwrap() = fails.iter().map(|name| (*name).to_owned()).collect();
        self
    }

    /// What was called since this was asked last; and all keys were different.
    fn calls(&self) -> Vec<String> {
        let calls = std::mem::take(&mut *self.calls.lock().unwrap());
        let keys: BTreeSet<_> = calls.iter().map(|(_, key)| key.clone()).collect();
        assert_eq!(keys.len(), calls.len(), "{calls:?}");
        calls.into_iter().map(|(call, _)| call).collect()
    }

    /// The keys of what was called since this was asked last.
    fn keys(&self) -> Vec<String> {
        std::mem::take(&mut *self.calls.lock().unwrap()).into_iter().map(|(_, key)| key).collect()
    }

    /// Each process has its own clock, which starts at this hour and does not wait.
    fn host(&self, hour: i64) -> InMemory {
        self.host_by(VirtualClock::new(Timestamp::new(1_800_000_000 + hour * 3600, 0)).into())
    }

    fn host_by(&self, clock: Clock) -> InMemory {
        let service = self.clone();
        InMemory::with_clock(clock).function(CALL, move |invocation: Invocation| {
            let service = service.clone();
            async move {
                let (state, item) = (invocation.state(), invocation.parameters());
                let call =
                    if item.as_object().is_some() { state.to_string() } else { format!("{state} {item}") };
                service.calls.lock().unwrap().push((call.clone(), invocation.idempotency_key().to_string()));
                let hangs = *service.hangs.lock().unwrap();
                if hangs {
                    std::future::pending::<()>().await;
                }
                if service.fails.lock().unwrap().contains(&call) {
                    return Err(TaskError::new("Busy", format!("{call} is busy")));
                }
                Ok::<_, TaskError>(Value::from(call))
            }
        })
    }
}

/// The numbers of the events that were told, and of the redrives by then.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<(u64, u32)>>>);

impl Observer for Heard {
    fn event(&self, execution: &ExecutionContext, event: &Event) {
        self.0.lock().unwrap().push((event.id, execution.redrive_count()));
    }
}

async fn run(host: &Durable, machine: Compiled, input: &str) -> String {
    let input = Value::from_json(input).unwrap();
    let arn = host.start_execution(&machine, None, Some("one".into()), input).await.unwrap().to_string();
    let _ = host.end(&arn).await.unwrap();
    arn
}

async fn types(host: &Durable, arn: &str) -> Vec<String> {
    let events = host.history(arn).await.unwrap();
    let ids: Vec<_> = events.iter().map(|event| event.id).collect();
    assert_eq!(ids, (1..=u64::try_from(events.len()).unwrap()).collect::<Vec<_>>());
    events.iter().map(|event| event.type_name().to_owned()).collect()
}

#[test]
fn only_what_failed_or_was_stopped_is_done_again() {
    let folder = folder("redrive");
    let service = Service::default().failing(&["Item 2"]);
    let arn = process(async {
        let host = Durable::over(service.host(0), &folder).unwrap();
        let arn = run(&host, Compiled::of::<shop::Machine>(), r#"{"items": [1, 2, 3]}"#).await;
        let ended = host.describe(&arn).await.unwrap();
        assert_eq!((ended.status(), ended.redrive_count), (Status::Failed, 0));
        let mut calls = service.calls();
        calls.sort();
        // The one that is busy has been tried again.
        assert_eq!(calls, ["First", "Item 1", "Item 2", "Item 2", "Left"]);
        arn
    });
    // In another process it fails once more, with all its retriers.
    let before = process(async {
        let host = Durable::over(service.host(1), &folder).unwrap().machine::<shop::Machine>();
        host.resume().await.unwrap();
        assert_eq!(host.redrive(&arn).await, Ok(Timestamp::new(1_800_003_600, 0)));
        host.end(&arn).await.unwrap().unwrap_err();
        assert_eq!(service.calls(), ["Item 2", "Item 2"]);
        types(&host, &arn).await
    });
    let service = service.failing(&[]);
    let heard = Heard::default();
    process(async {
        let host = service.host(2).observe(heard.clone());
        let host = Durable::over(host, &folder).unwrap().machine::<shop::Machine>();
        host.resume().await.unwrap();
        assert_eq!(types(&host, &arn).await, before);
        host.redrive(&arn).await.unwrap();
        let output = host.end(&arn).await.unwrap().unwrap();
        let beside = r#"["Left",["Item 1","Item 2","Item 3"],"Right"]"#;
        assert_eq!(output.to_string(), format!(r#"{{"first":"First","beside":{beside},"redrives":2}}"#));
        assert_eq!(service.calls(), ["Item 2", "Item 3"]);
        let described = host.describe(&arn).await.unwrap();
        assert_eq!((described.status(), described.redrive_count), (Status::Succeeded, 2));
        assert_eq!(described.redrive_date, Some(Timestamp::new(1_800_007_200, 0)));
        // The history goes on where it ended, and says how often.
        let types = types(&host, &arn).await;
        assert_eq!(types[..before.len()], before);
        let after: Vec<_> = types[before.len()..].iter().map(String::as_str).collect();
        assert_eq!(after[..2], ["ExecutionRedriven", "LambdaFunctionScheduled"]);
        assert_eq!(after[after.len() - 3..], ["PassStateEntered", "PassStateExited", "ExecutionSucceeded"]);
        let entered =
            types.iter().filter(|name| *name == "ParallelStateEntered" || *name == "MapStateEntered");
        assert_eq!(entered.count(), 2);
        let redriven = host.redrive(&arn).await.unwrap_err();
        assert_eq!(redriven.to_string(), "Execution is SUCCEEDED and cannot be redriven");
    });
    // Observers hear what is new, and how often the execution was redriven.
    let heard = heard.0.lock().unwrap();
    assert_eq!(heard.first(), Some(&(u64::try_from(before.len()).unwrap() + 1, 2)));
    assert!(heard.iter().all(|(_, redrives)| *redrives == 2), "{heard:?}");
}

#[test]
fn a_redrive_that_was_under_way_when_the_process_ended_goes_on() {
    let folder = folder("redrive-twice");
    let service = Service::default().failing(&["First"]);
    let arn = process(async {
        let host = Durable::over(service.host(0), &folder).unwrap();
        run(&host, Compiled::of::<shop::Machine>(), r#"{"items": []}"#).await
    });
    let first = service.keys();
    let service = service.failing(&[]);
    process(async {
        let host = Durable::over(service.host(15 * 24), &folder).unwrap().machine::<shop::Machine>();
        let late = host.redrive(&arn).await.unwrap_err();
        assert_eq!(late.to_string(), "Execution has exceeded the redrivable period of 14 days");
    });
    *service.hangs.lock().unwrap() = true;
    process(async {
        let host = Durable::over(service.host_by(Clock::System), &folder).unwrap().machine::<shop::Machine>();
        host.resume().await.unwrap();
        host.redrive(&arn).await.unwrap();
        let running = "Execution is RUNNING and cannot be redriven".to_owned();
        assert_eq!(host.redrive(&arn).await, Err(DurableError::NotRedrivable(running)));
        until(|| !service.calls.lock().unwrap().is_empty()).await;
    });
    let again = service.keys();
    assert_ne!(again, first);
    *service.hangs.lock().unwrap() = false;
    process(async {
        let host = Durable::over(service.host(0), &folder).unwrap().machine::<shop::Machine>();
        assert_eq!(host.resume().await.unwrap().running, 1);
        let output = host.end(&arn).await.unwrap().unwrap();
        assert!(output.to_string().ends_with(r#""redrives":1}"#), "{output}");
    });
    assert_eq!(service.keys()[..1], again);
}

#[test]
fn an_execution_that_was_stopped_or_timed_out_goes_on_where_it_was() {
    let folder = folder("redrive-stopped");
    let service = Service::default();
    process(async {
        let host = Durable::over(service.host(0), &folder).unwrap();
        let machine = Compiled::of::<ask::Machine>();
        let arn = host.start_execution(&machine, None, Some("one".into()), Value::Null).await.unwrap();
        // Nothing answers for the token.
        let error = host.end(&arn).await.unwrap().unwrap_err();
        assert_eq!(error.error(), Some("States.Timeout"));
        assert_eq!(service.calls(), ["Ask"]);
        host.redrive(&arn).await.unwrap();
        host.end(&arn).await.unwrap().unwrap_err();
        assert_eq!(service.calls(), ["Ask"]);
        let history = host.history(&arn).await.unwrap();
        let tokens: BTreeSet<_> = history
            .iter()
            .filter_map(|event| {
                let EventDetails::TaskScheduled { parameters, .. } = &event.details else { return None };
                Some(parameters.to_string())
            })
            .collect();
        assert_eq!(tokens.len(), 2, "each has a token of its own: {tokens:?}");
    });
}

#[test]
fn failures_that_were_tolerated_before_an_execution_timed_out_still_count() {
    let folder = folder("redrive-tolerant");
    let service = Service::default().failing(&["Item 1", "Item 4"]);
    process(async {
        let host = Durable::over(service.host(0), &folder).unwrap();
        let arn = run(&host, Compiled::of::<tolerant::Machine>(), "[1, 2, 3, 4]").await;
        let error = host.end(&arn).await.unwrap().unwrap_err();
        // The first one was tolerated; the third was in its Wait when the time was over.
        assert_eq!(error.error(), Some("States.Timeout"));
        assert_eq!(service.calls(), ["Item 1", "Item 2", "Item 3"]);
        host.redrive(&arn).await.unwrap();
        let error = host.end(&arn).await.unwrap().unwrap_err();
        assert_eq!(error.error(), Some("States.ExceedToleratedFailureThreshold"));
        assert_eq!(service.calls(), ["Item 4"]);
        // What exceeded the tolerance runs again, and does not count twice.
        let service = service.clone().failing(&[]);
        host.redrive(&arn).await.unwrap();
        let output = host.end(&arn).await.unwrap().unwrap();
        assert!(output.to_string().ends_with(r#""Item 2","Item 3","Item 4"]"#), "{output}");
        assert_eq!(service.calls(), ["Item 4"]);
    });
}

#[test]
fn children_of_a_map_run_that_failed_go_on_with_what_failed_in_them() {
    let folder = folder("redrive-rows");
    let service = Service::default().failing(&["Row 2", "Row 4"]);
    let machine = Compiled::of::<rows::Machine>();
    let arn = process(async {
        let host = Durable::over(service.host(0), &folder).unwrap();
        let arn = run(&host, machine, "[1, 2, 3, 4, 5]").await;
        assert_eq!(host.describe(&arn).await.unwrap().status(), Status::Failed);
        assert_eq!(service.calls().len(), 8);
        arn
    });
    let service = service.failing(&[]);
    process(async {
        let host = Durable::over(service.host(1), &folder).unwrap().machine_of(&machine);
        host.resume().await.unwrap();
        host.redrive(&arn).await.unwrap();
        let output = host.end(&arn).await.unwrap().unwrap();
        assert_eq!(output.to_string(), r#"["Row 1","Row 2","Row 3","Row 4","Row 5"]"#);
        // What they had done before stays done.
        assert_eq!(service.calls(), ["Row 2", "Row 4", "Before 5", "Row 5"]);
        let types = types(&host, &arn).await;
        assert!(types.windows(2).any(|pair| pair == ["ExecutionRedriven", "MapRunRedriven"]), "{types:?}");
    });
}

#[test]
fn a_map_run_that_is_redriven_writes_the_results_that_it_had_as_well() {
    let folder = folder("redrive-results");
    let results = folder.with_extension("bucket");
    std::fs::create_dir_all(&results).unwrap();
    let service = Service::default().failing(&["Stamp 2"]);
    let host = |hour| service.host(hour).bucket("results", &results);
    let arn = process(async {
        let host = Durable::over(host(0), &folder).unwrap();
        run(&host, Compiled::of::<stamps::Machine>(), r#"{"days": [1, 2, 3]}"#).await
    });
    let all = [1, 2, 3].map(|day| (day, format!(r#""Stamp {day}""#)));
    *service.fails.lock().unwrap() = BTreeSet::from([String::from("Stamp 3")]);
    process(async {
        let host = Durable::over(host(1), &folder).unwrap().machine::<stamps::Machine>();
        host.resume().await.unwrap();
        host.redrive(&arn).await.unwrap();
        host.end(&arn).await.unwrap().unwrap_err();
    });
    // Those that an earlier redrive has brought to their ends are among them.
    service.fails.lock().unwrap().clear();
    process(async {
        let host = Durable::over(host(2), &folder).unwrap().machine::<stamps::Machine>();
        host.resume().await.unwrap();
        host.redrive(&arn).await.unwrap();
        let output = host.end(&arn).await.unwrap().unwrap();
        assert_eq!(written(&results, &output), all);
    });
    assert_eq!(service.calls(), ["Stamp 1", "Stamp 2", "Stamp 2", "Stamp 3", "Stamp 3"]);
}
