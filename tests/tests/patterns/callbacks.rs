//! Tasks that end when someone sends a result: with a task token, or as the worker of an activity.

use crate::{approval, json, review, virtual_host};
use asl_runtime::{InMemory, TaskDoesNotExist, TaskError, Value, VirtualClock};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const ASK: &str = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";
const REVIEW: &str = "arn:aws:states:us-east-1:123456789012:activity:Review";

/// A queue: what was sent to it, and a host that has it.
fn queue(clock: &VirtualClock) -> (Arc<Mutex<Vec<String>>>, InMemory) {
    let tokens = Arc::new(Mutex::new(Vec::new()));
    let sent = Arc::clone(&tokens);
    let host = InMemory::with_clock(clock.clone()).resource(ASK, move |message: Value| {
        let token =
            message.get("MessageBody").and_then(|body| body.get("token")?.as_str().map(str::to_owned));
        lock(&sent).push(token.unwrap_or_default());
        async { Ok(json(r#"{"MessageId": "1"}"#)) }
    });
    (tokens, host)
}

fn lock(tokens: &Mutex<Vec<String>>) -> MutexGuard<'_, Vec<String>> {
    tokens.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does something with the newest token after a while of the clock's time.
async fn after(clock: &VirtualClock, minutes: u32, tokens: &Mutex<Vec<String>>, act: impl FnOnce(&str)) {
    clock.sleep(Duration::from_secs(60) * minutes).await;
    let token = lock(tokens).last().cloned();
    act(&token.unwrap_or_default());
}

#[tokio::test]
async fn a_result_sent_with_the_token_is_the_result_of_the_task() {
    let clock = VirtualClock::default();
    let (tokens, host) = queue(&clock);
    let callbacks = host.callbacks().clone();
    let run = approval::run(&host, json(r#"{"question": "may I?"}"#));
    let answer =
        clock.drive(after(&clock, 5, &tokens, |token| callbacks.send_task_success(token, "yes").unwrap()));
    let (output, ()) = tokio::join!(run, answer);
    assert_eq!(output, Ok(Value::from("yes")));
    let token = tokens.lock().unwrap().pop().unwrap();
    assert_eq!(token.len(), 64);
    assert_eq!(host.callbacks().send_task_success(&token, "again"), Err(TaskDoesNotExist));
}

#[tokio::test]
async fn an_error_sent_with_the_token_is_retried_with_a_new_token() {
    let clock = VirtualClock::default();
    let (tokens, host) = queue(&clock);
    let callbacks = host.callbacks().clone();
    let run = approval::run(&host, json(r#"{"question": "may I?"}"#));
    let answers = clock.drive(async {
        let busy = |token: &str| callbacks.send_task_failure(token, TaskError::named("Busy")).unwrap();
        after(&clock, 1, &tokens, busy).await;
        after(&clock, 1, &tokens, |token| callbacks.send_task_success(token, 2).unwrap()).await;
    });
    let (output, ()) = tokio::join!(run, answers);
    assert_eq!(output, Ok(Value::from(2)));
    let tokens = tokens.lock().unwrap();
    assert_eq!(tokens.len(), 2);
    assert_ne!(tokens.first(), tokens.last());
}

#[tokio::test]
async fn a_task_that_is_silent_for_longer_than_its_heartbeat_times_out() {
    let clock = VirtualClock::default();
    let start = clock.now();
    let (tokens, host) = queue(&clock);
    let callbacks = host.callbacks().clone();
    let run = approval::run(&host, json(r#"{"question": "may I?"}"#));
    let heartbeat =
        clock.drive(after(&clock, 9, &tokens, |token| callbacks.send_task_heartbeat(token).unwrap()));
    let (output, ()) = tokio::join!(run, heartbeat);
    assert_eq!(output, Ok(Value::from("nobody answered")));
    assert_eq!(clock.now().since(start), Duration::from_secs(19 * 60));
}

#[tokio::test]
async fn an_activity_is_done_by_the_worker_that_asks_for_its_tasks() {
    let host = virtual_host().activity(REVIEW);
    let worker = async {
        let task = host.callbacks().activity_task(REVIEW, Some("worker")).await;
        assert_eq!(task.input, json(r#"{"text": "x"}"#));
        host.callbacks().send_task_success(&task.task_token, "fine").unwrap();
    };
    let (output, ()) = tokio::join!(review::run(&host, json(r#"{"text": "x"}"#)), worker);
    assert_eq!(output, Ok(Value::from("fine")));
}

#[tokio::test]
async fn an_activity_that_does_not_exist_ends_the_execution() {
    let error = review::run(&virtual_host(), ()).await.unwrap_err();
    assert_eq!(error.error(), Some("States.Runtime"));
    assert!(error.cause().unwrap().ends_with(&format!("The activity {REVIEW} does not exist.")));
}
