//! What becomes of executions that a task has started when that is over before they are.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use asl_durable::{Durable, Filter};
use asl_runtime::{Clock, Compiled, Status, Value, asl_machine};
use common::{Calls, after, folder, now, open, process, until};
use std::path::Path;

asl_machine!(mod boss = "machines/boss.json");
asl_machine!(mod idle = "machines/idle.json");

const IDLE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:idle";

fn host(folder: &Path, calls: &Calls, clock: Clock) -> Durable {
    open(folder, calls.host(clock, "").state_machine::<idle::Machine>(IDLE))
        .machine::<boss::Machine>()
        .machine::<idle::Machine>()
}

async fn start(host: &Durable) -> String {
    let machine = Compiled::of::<boss::Machine>();
    host.start_execution(&machine, None, Some("boss".into()), Value::empty_object())
        .await
        .unwrap()
        .to_string()
}

/// The status of what the boss has started.
async fn status(host: &Durable) -> Option<String> {
    let filter = Filter { machine: Some(IDLE.into()), ..Filter::default() };
    host.list(&filter).await.unwrap().first().map(|one| one.status.to_string())
}

async fn until_aborted(host: &Durable) {
    while status(host).await.as_deref() != Some("ABORTED") {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
}

#[test]
fn what_a_task_has_started_is_stopped_when_the_task_times_out() {
    let (folder, calls) = (folder("abandon"), Calls::default());
    process(async {
        let host = host(&folder, &calls, after(0));
        let arn = start(&host).await;
        assert_eq!(host.end(&arn).await.unwrap(), Ok(Value::from("Do It")));
        until_aborted(&host).await;
        assert_eq!((host.running(), calls.len()), (0, 1));
    });
}

#[test]
fn what_a_task_has_started_is_stopped_when_the_task_times_out_in_another_process() {
    let (folder, calls) = (folder("abandon-later"), Calls::default());
    let arn = process(async {
        let host = host(&folder, &calls, now());
        let arn = start(&host).await;
        until(|| host.running() == 2 && host.at_work() == 1).await;
        while status(&host).await.is_none() {}
        host.synced().await.unwrap();
        arn
    });
    process(async {
        let host = host(&folder, &calls, after(1));
        assert_eq!(host.resume().await.unwrap().running, 2);
        assert_eq!(host.end(&arn).await.unwrap(), Ok(Value::from("Do It")));
        until_aborted(&host).await;
    });
}

#[test]
fn what_a_task_has_started_is_stopped_though_the_process_died_before_it_was_told_of_that() {
    let (folder, calls) = (folder("abandon-untold"), Calls::default());
    let arn = process(async {
        let host = host(&folder, &calls, now());
        let arn = start(&host).await;
        until(|| host.running() == 2 && host.at_work() == 1).await;
        while status(&host).await.is_none() {}
        host.synced().await.unwrap();
        arn
    });
    let journal = rusqlite::Connection::open(folder.join("journal.sqlite")).unwrap();
    let untold = journal.execute("DELETE FROM answers WHERE what LIKE '% submitted'", []).unwrap();
    assert_eq!(untold, 1);
    // That of what was started says who waits for it.
    let waits = "SELECT name FROM executions WHERE id = (SELECT waiter FROM executions WHERE machine = ?)";
    let waits: String = journal.query_row(waits, [IDLE], |row| row.get(0)).unwrap();
    assert_eq!(waits, "boss");
    drop(journal);
    process(async {
        // The time of the task is over, so it is not done again.
        let host = host(&folder, &calls, after(1));
        assert_eq!(host.resume().await.unwrap().running, 2);
        assert_eq!(host.end(&arn).await.unwrap(), Ok(Value::from("Do It")));
        until_aborted(&host).await;
    });
}

#[test]
fn what_a_task_has_started_is_stopped_with_its_execution() {
    let (folder, calls) = (folder("abandon-stopped"), Calls::default());
    process(async {
        let host = host(&folder, &calls, now());
        let arn = start(&host).await;
        while status(&host).await.is_none() {}
        host.stop(&arn, None, None).await.unwrap();
        assert_eq!(host.describe(&arn).await.unwrap().status(), Status::Aborted);
        until_aborted(&host).await;
    });
    assert!(calls.take().is_empty());
}
