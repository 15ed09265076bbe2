//! AWS's own client for Rust, pointed at a server.

use crate::support::{GREET, WORK, server};
use asl_server::Server;
use aws_sdk_sfn::Client;
use aws_sdk_sfn::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_sfn::error::ProvideErrorMetadata;
use aws_sdk_sfn::types::{ExecutionStatus, HistoryEventType};
use aws_smithy_http_client::Builder;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

const ROLE: &str = "arn:aws:iam::123456789012:role/any";

/// A client, and the server that it talks to.
async fn client(server: Server) -> (Client, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move { server.serve(listener, std::future::pending()).await.unwrap() });
    let config = aws_sdk_sfn::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(Builder::new().build_http())
        .credentials_provider(Credentials::new("any", "any", None, None, "test"))
        .region(Region::new("us-east-1"))
        .endpoint_url(endpoint)
        .build();
    (Client::from_conf(config), serving)
}

/// Makes a machine, and starts it: the ARN of the execution.
async fn started(client: &Client, name: &str, definition: &str, input: &str) -> String {
    let machine =
        client.create_state_machine().name(name).definition(definition).role_arn(ROLE).send().await.unwrap();
    let arn = machine.state_machine_arn();
    let started = client.start_execution().state_machine_arn(arn).input(input).send().await.unwrap();
    started.execution_arn().to_owned()
}

/// How an execution has ended, and with what.
async fn ended(client: &Client, execution: &str) -> (ExecutionStatus, Option<String>) {
    loop {
        let described = client.describe_execution().execution_arn(execution).send().await.unwrap();
        if *described.status() != ExecutionStatus::Running {
            return (described.status().clone(), described.output().map(str::to_owned));
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_execution_is_run_and_its_history_read_in_pages() {
    let (client, serving) = client(server()).await;
    let execution = started(&client, "Greet", GREET, r#"{"name":"Ana"}"#).await;
    let output = Some(r#"{"text":"hello Ana"}"#.to_owned());
    assert_eq!(ended(&client, &execution).await, (ExecutionStatus::Succeeded, output));
    let pages = client.get_execution_history().execution_arn(&execution).max_results(2).into_paginator();
    let mut pages = pages.send();
    let mut events = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        assert!(page.events().len() <= 2);
        events.extend(page.events().iter().map(|event| event.r#type().clone()));
    }
    let expected = [
        HistoryEventType::ExecutionStarted,
        HistoryEventType::PassStateEntered,
        HistoryEventType::PassStateExited,
        HistoryEventType::ExecutionSucceeded,
    ];
    assert_eq!(events, expected);
    let error = client.describe_execution().execution_arn(format!("{execution}0")).send().await.unwrap_err();
    assert!(error.into_service_error().is_execution_does_not_exist());
    serving.abort();
}

#[tokio::test]
async fn tokens_are_answered_and_what_failed_is_redriven() {
    let (client, serving) = client(server()).await;
    let activity = client.create_activity().name("Work").send().await.unwrap();
    let activity = activity.activity_arn();
    let execution = started(&client, "Work", WORK, "{}").await;
    let task = client.get_activity_task().activity_arn(activity).send().await.unwrap();
    let token = task.task_token().unwrap();
    client.send_task_heartbeat().task_token(token).send().await.unwrap();
    client.send_task_failure().task_token(token).error("No").cause("not now").send().await.unwrap();
    assert_eq!(ended(&client, &execution).await, (ExecutionStatus::Failed, None));
    let late = client.send_task_success().task_token(token).output("1").send().await.unwrap_err();
    assert_eq!(late.code(), Some("TaskTimedOut"));

    client.redrive_execution().execution_arn(&execution).send().await.unwrap();
    let task = client.get_activity_task().activity_arn(activity).send().await.unwrap();
    let token = task.task_token().unwrap();
    client.send_task_success().task_token(token).output("5").send().await.unwrap();
    assert_eq!(ended(&client, &execution).await, (ExecutionStatus::Succeeded, Some("5".to_owned())));
    let described = client.describe_execution().execution_arn(&execution).send().await.unwrap();
    assert_eq!(described.redrive_count(), Some(1));
    serving.abort();
}
