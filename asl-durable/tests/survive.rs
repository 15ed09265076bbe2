//! What comes back after a process has died.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;
#[path = "common/files.rs"]
mod files;

use asl_durable::{Durable, DurableError, Filter, INTERRUPTED};
use asl_runtime::{
    BoxFuture, Compiled, ExecutionError, History, InMemory, Invocation, ObjectBody, ObjectListing,
    ObjectLocation, ObjectStore, Status, StoreError, TaskDoesNotExist, TaskError, Value, asl_machine,
};
use common::{Calls, after, folder, now, open, process, until};
use files::written;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

asl_machine!(mod pause = "machines/pause.json");
asl_machine!(mod ask = "machines/ask.json");
asl_machine!(mod endless = "machines/endless.json");
asl_machine!(mod stamps = "machines/stamps.json");

type Pause = pause::Machine;

fn input(seconds: i64) -> Value {
    Value::from_json(&format!(r#"{{"seconds": {seconds}}}"#)).unwrap()
}

fn output(seconds: i64) -> Value {
    Value::from_json(&format!(r#"{{"seconds": {seconds}, "before": "Before", "after": "After"}}"#)).unwrap()
}

async fn start(host: &Durable, name: &str, seconds: i64) -> String {
    let machine = Compiled::of::<Pause>();
    host.start_execution(&machine, None, Some(name.into()), input(seconds)).await.unwrap().to_string()
}

#[test]
fn an_execution_that_is_not_interrupted_is_as_in_memory() {
    let folder = folder("not-interrupted");
    let calls = Calls::default();
    process(async {
        let host = open(&folder, calls.host(now(), ""));
        let run = asl_runtime::run::<Pause>(&host, input(0)).await;
        assert_eq!(run, Ok(output(0)));
        let listed = host.list(&Filter::default()).await.unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].status, "SUCCEEDED");
        assert_eq!(host.describe(&listed[0].arn).await.unwrap().end.unwrap().1, Ok(output(0)));
    });
    assert_eq!(calls.take().len(), 2);
}

#[test]
fn a_wait_that_is_over_when_the_process_comes_back_ends_at_once_and_nothing_is_done_twice() {
    let folder = folder("wait");
    let calls = Calls::default();
    let arn = process(async {
        let host = open(&folder, calls.host(now(), "").observe(History::default()));
        let arn = start(&host, "first", 4000).await;
        until(|| rows_of(&host, &arn) == 2).await;
        arn
    });
    let before = calls.take();
    process(async {
        let host = open(&folder, calls.host(now(), "")).machine::<Pause>();
        let resumed = host.resume().await.unwrap();
        assert_eq!((resumed.running, resumed.waiting, host.parked()), (1, 1, 1));
        assert_eq!(host.describe(&arn).await.unwrap().status(), Status::Running);
    });
    assert!(calls.take().is_empty());
    process(async {
        let history = History::default();
        let host = open(&folder, calls.host(after(2), "").observe(history.clone())).machine::<Pause>();
        assert_eq!(host.resume().await.unwrap().running, 1);
        assert_eq!(host.end(&arn).await.unwrap(), Ok(output(4000)));
        // What was told before is not told again.
        let told = history.events("first");
        assert!(told.iter().all(|event| event.id > 6), "{told:?}");
        let events = host.history(&arn).await.unwrap();
        let ids: Vec<_> = events.iter().map(|event| event.id).collect();
        assert_eq!(ids, (1..=u64::try_from(events.len()).unwrap()).collect::<Vec<_>>());
        assert_eq!(events.len(), 14);
    });
    let after = calls.take();
    assert_eq!((before.len(), after.len()), (1, 1));
    assert_ne!(before, after);
}

/// How many rows there are of an execution in the journal, its start included.
fn rows_of(host: &Durable, arn: &str) -> i64 {
    let path = host.folder().join("journal.sqlite");
    let journal = rusqlite::Connection::open(path).unwrap();
    let count =
        "SELECT count(*) + (SELECT count(*) FROM executions WHERE arn = ?1) FROM events WHERE execution = ?1";
    journal.query_row(count, [arn], |row| row.get(0)).unwrap()
}

#[test]
fn a_task_under_way_is_done_again_with_the_same_key() {
    let folder = folder("under-way");
    let calls = Calls::default();
    let arn = process(async {
        let host = open(&folder, calls.host(now(), "Before"));
        let arn = start(&host, "first", 0).await;
        until(|| calls.len() == 1).await;
        arn
    });
    let before = calls.take();
    process(async {
        let host = open(&folder, calls.host(now(), "")).machine::<Pause>();
        host.resume().await.unwrap();
        assert_eq!(host.end(&arn).await.unwrap(), Ok(output(0)));
    });
    assert_eq!(before[..], calls.take()[..1]);
}

#[test]
fn a_task_that_is_not_to_be_done_twice_has_failed() {
    let folder = folder("once");
    let calls = Calls::default();
    let arns = process(async {
        let host = open(&folder, calls.host(now(), "Before"));
        let first = start(&host, "first", 0).await;
        until(|| calls.len() == 1).await;
        first
    });
    process(async {
        let host = open(&folder, calls.host(now(), "")).machine::<Pause>().once(common::CALL);
        host.resume().await.unwrap();
        let error = host.end(&arns).await.unwrap().unwrap_err();
        assert_eq!(error.error(), Some(INTERRUPTED));
    });
    assert_eq!(calls.take().len(), 1);
}

#[test]
fn names_are_taken_as_on_aws() {
    let folder = folder("names");
    let calls = Calls::default();
    process(async {
        let host = open(&folder, calls.host(now(), "Before"));
        let machine = Compiled::of::<Pause>();
        let again = |seconds| host.start_execution(&machine, None, Some("first".into()), input(seconds));
        let arn = again(1).await.unwrap();
        assert_eq!(again(1).await, Ok(arn.clone()));
        assert_eq!(again(2).await, Err(DurableError::ExecutionAlreadyExists(arn.clone())));
        host.stop(&arn, Some("Enough".into()), None).await.unwrap();
        let stopped = host.end(&arn).await.unwrap().unwrap_err();
        assert_eq!((stopped.status(), stopped.error()), (Status::Aborted, Some("Enough")));
        assert_eq!(again(1).await, Err(DurableError::ExecutionAlreadyExists(arn.clone())));
        let unknown = host.stop("arn:aws:states:local:000000000000:execution:pause:none", None, None).await;
        assert!(matches!(unknown, Err(DurableError::ExecutionDoesNotExist(_))));
    });
}

#[test]
fn one_process_has_a_folder_at_a_time() {
    let folder = folder("lock");
    let first = Durable::open(&folder).unwrap();
    assert_eq!(Durable::open(&folder).unwrap_err(), DurableError::InUse(folder.clone()));
    drop(first);
    Durable::open(&folder).unwrap();
}

#[test]
fn what_no_machine_is_known_for_waits_for_its_version() {
    let folder = folder("versions");
    let calls = Calls::default();
    let arn = process(async {
        let host = open(&folder, calls.host(now(), ""));
        start(&host, "first", 4000).await
    });
    process(async {
        let host = open(&folder, calls.host(after(2), "")).machine::<endless::Machine>();
        let resumed = host.resume().await.unwrap();
        assert_eq!((resumed.running, resumed.unknown), (0, vec![arn.as_str().into()]));
        assert_eq!(host.describe(&arn).await.unwrap().status(), Status::Running);
        assert!(host.definition(&arn).await.unwrap().contains("SecondsPath"));
    });
    process(async {
        let host = open(&folder, calls.host(after(2), "")).machine::<Pause>();
        assert_eq!(host.resume().await.unwrap().running, 1);
        assert_eq!(host.end(&arn).await.unwrap(), Ok(output(4000)));
    });
}

#[test]
fn an_execution_that_does_not_wait_can_be_stopped_and_goes_on_from_a_snapshot() {
    let folder = folder("endless");
    let input = Value::from_json(r#"{"n": 0}"#).unwrap();
    let arn = process(async {
        let host = Durable::open(&folder).unwrap();
        let machine = Compiled::of::<endless::Machine>();
        let arn = host.start_execution(&machine, None, None, input).await.unwrap();
        until(|| rows_of(&host, &arn) >= 3).await;
        arn
    });
    process(async {
        let host = Durable::open(&folder).unwrap().machine::<endless::Machine>();
        assert_eq!(host.resume().await.unwrap().running, 1);
        host.stop(&arn, None, Some("it was endless".into())).await.unwrap();
        let end = host.describe(&arn).await.unwrap().end.unwrap().1;
        assert_eq!(end.as_ref().map_err(ExecutionError::status), Err(Status::Aborted));
        let events = host.history(&arn).await.unwrap();
        let ids: Vec<_> = events.iter().map(|event| event.id).collect();
        assert!(ids.windows(2).all(|pair| pair[1] == pair[0] + 1), "{} events", ids.len());
        // There are too many to be told from the first on.
        assert!(ids.first() > Some(&25_000));
    });
}

#[test]
fn tokens_and_the_work_of_activities_outlive_the_process() {
    const WORK: &str = "arn:aws:states:us-east-1:123456789012:activity:Work";
    let folder = folder("tokens");
    let tokens = Calls::default();
    let host = || {
        let tokens = tokens.clone();
        let ask = move |invocation: Invocation| {
            let token =
                invocation.parameters().get("Payload").and_then(|payload| payload.get("token")).cloned();
            tokens.add(token.and_then(|token| token.as_str().map(str::to_owned)).unwrap_or_default());
            async { Ok::<_, TaskError>(Value::Null) }
        };
        InMemory::new().function(common::CALL, ask).activity(WORK)
    };
    let arn = process(async {
        let host = open(&folder, host());
        let machine = Compiled::of::<ask::Machine>();
        let arn = host.start_execution(&machine, None, None, Value::empty_object()).await.unwrap();
        // The start, and the answer of what was asked.
        until(|| rows_of(&host, &arn) == 2).await;
        arn
    });
    let token = tokens.take().remove(0);
    process(async {
        let host = open(&folder, host()).machine::<ask::Machine>();
        assert_eq!(host.resume().await.unwrap().waiting, 1);
        assert_eq!(host.send_task_success("none", 1).await, Err(TaskDoesNotExist));
        host.send_task_success(&token, "yes").await.unwrap();
        // It is on the disk, whatever happens now.
    });
    let token = process(async {
        let host = open(&folder, host()).machine::<ask::Machine>();
        host.resume().await.unwrap();
        assert_eq!(host.send_task_success(&token, "again").await, Err(TaskDoesNotExist));
        let task = host.callbacks().activity_task(WORK, Some("worker")).await;
        assert_eq!(task.input, Value::from("yes"));
        until(|| rows_of(&host, &arn) >= 4).await;
        task.task_token
    });
    process(async {
        let host = open(&folder, host()).machine::<ask::Machine>();
        host.resume().await.unwrap();
        // The worker has its task still.
        host.send_task_success(&token, "done").await.unwrap();
        assert_eq!(host.end(&arn).await.unwrap(), Ok(Value::from("done")));
    });
    assert!(tokens.take().is_empty());
}

#[test]
fn a_map_run_that_is_interrupted_writes_all_its_results() {
    let folder = folder("results");
    let results = folder.with_extension("bucket");
    std::fs::create_dir_all(&results).unwrap();
    let calls = Calls::default();
    let host = |hangs: bool| {
        let calls = calls.clone();
        let stamp = move |invocation: Invocation| {
            calls.add(invocation.parameters().to_string());
            let hangs = hangs && *invocation.parameters() == Value::from(2);
            async move {
                if hangs {
                    std::future::pending::<()>().await;
                }
                Ok::<_, TaskError>("stamped")
            }
        };
        InMemory::new().function(common::CALL, stamp).bucket("results", &results)
    };
    let arn = process(async {
        let host = open(&folder, host(true));
        let days = Value::from_json(r#"{"days": [1, 2, 3]}"#).unwrap();
        let machine = Compiled::of::<stamps::Machine>();
        let arn = host.start_execution(&machine, None, None, days).await.unwrap();
        until(|| calls.len() == 2).await;
        arn
    });
    process(async {
        let host = open(&folder, host(false)).machine::<stamps::Machine>();
        assert_eq!(host.resume().await.unwrap().running, 1);
        let output = host.end(&arn).await.unwrap().unwrap();
        assert_eq!(written(&results, &output), [1, 2, 3].map(|day| (day, String::from("\"stamped\""))));
    });
}

/// A store that takes no object to its end.
#[derive(Debug, Default)]
struct Slow(Arc<AtomicUsize>);

impl ObjectStore for Slow {
    fn open<'a>(&'a self, _: &'a ObjectLocation) -> BoxFuture<'a, Result<Box<dyn ObjectBody>, StoreError>> {
        Box::pin(std::future::pending())
    }

    fn list<'a>(
        &'a self,
        _: &'a str,
        _: &'a str,
    ) -> BoxFuture<'a, Result<Box<dyn ObjectListing>, StoreError>> {
        Box::pin(std::future::pending())
    }

    fn put<'a>(&'a self, _: &'a ObjectLocation, _: Vec<u8>) -> BoxFuture<'a, Result<(), StoreError>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(std::future::pending())
    }
}

#[test]
fn a_map_run_that_is_interrupted_while_it_writes_its_results_writes_all_of_them() {
    let folder = folder("writing");
    let results = folder.with_extension("bucket");
    std::fs::create_dir_all(&results).unwrap();
    let calls = Calls::default();
    let puts = Arc::new(AtomicUsize::new(0));
    let host = || {
        let calls = calls.clone();
        let stamp = move |invocation: Invocation| {
            calls.add(invocation.parameters().to_string());
            async { Ok::<_, TaskError>("stamped") }
        };
        InMemory::new().function(common::CALL, stamp)
    };
    let arn = process(async {
        let host = open(&folder, host().object_store(Slow(Arc::clone(&puts))));
        let days = Value::from_json(r#"{"days": [1, 2, 3]}"#).unwrap();
        let machine = Compiled::of::<stamps::Machine>();
        let arn = host.start_execution(&machine, None, None, days).await.unwrap();
        // All children have ended, and their results are on their way.
        until(|| puts.load(Ordering::Relaxed) == 1).await;
        arn
    });
    process(async {
        let host = open(&folder, host().bucket("results", &results)).machine::<stamps::Machine>();
        host.resume().await.unwrap();
        let output = host.end(&arn).await.unwrap().unwrap();
        assert_eq!(written(&results, &output), [1, 2, 3].map(|day| (day, String::from("\"stamped\""))));
    });
    assert_eq!(calls.take(), ["1", "2", "3"]);
}

#[test]
fn a_damaged_row_harms_no_other_execution() {
    let folder = folder("damaged");
    let calls = Calls::default();
    let (first, second) = process(async {
        let host = open(&folder, calls.host(now(), ""));
        let arns = (start(&host, "first", 4000).await, start(&host, "second", 4000).await);
        until(|| rows_of(&host, &arns.0) == 2 && rows_of(&host, &arns.1) == 2).await;
        arns
    });
    let journal = rusqlite::Connection::open(folder.join("journal.sqlite")).unwrap();
    journal.execute("UPDATE answers SET body = x'0102030405' WHERE id = 1", []).unwrap();
    drop(journal);
    process(async {
        let host = open(&folder, calls.host(after(2), "")).machine::<Pause>();
        let resumed = host.resume().await.unwrap();
        assert_eq!((resumed.running, resumed.damaged.len()), (1, 1), "{resumed:?}");
        let is_first = resumed.damaged[0].starts_with(&first);
        let whole = if is_first { second } else { first };
        assert_eq!(host.end(&whole).await.unwrap(), Ok(output(4000)));
    });
}

#[test]
fn executions_that_ended_are_kept_for_a_while() {
    let folder = folder("retention");
    let calls = Calls::default();
    process(async {
        let host = open(&folder, calls.host(now(), ""));
        asl_runtime::run::<Pause>(&host, input(0)).await.unwrap();
    });
    for (days, expected) in [(89, 1), (91, 0)] {
        process(async {
            let host = open(&folder, calls.host(after(days * 24), ""));
            host.resume().await.unwrap();
            assert_eq!(host.list(&Filter::default()).await.unwrap().len(), expected, "after {days} days");
        });
    }
}
