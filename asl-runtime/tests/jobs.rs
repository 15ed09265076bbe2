//! `.sync`: jobs of services, asked about until they have ended.

#![cfg(feature = "aws")]
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[expect(dead_code, reason = "the tests of other integrations use the rest")]
#[path = "support/http_server.rs"]
mod http_server;

use asl_runtime::integrations::aws::Aws;
use asl_runtime::{EventDetails, ExecutionError, InMemory, Recorded, Value, asl_machine};
use http_server::{Server, answer, ok};
use std::time::Duration;

asl_machine!("jobs/jobs.asl.json");

/// An answer of a service that speaks JSON.
fn said(body: &str) -> String {
    ok("application/x-amz-json-1.1", body)
}

fn refused(error: &str) -> String {
    answer(
        "400 Bad Request",
        "Content-Type: application/x-amz-json-1.1\r\n",
        &format!(r#"{{"__type":"{error}","message":"no"}}"#),
    )
}

fn host(server: &Server) -> Recorded<InMemory> {
    let aws = Aws::with_endpoint(&server.url("/"), "us-east-1", "AKIDEXAMPLE", "very secret");
    Recorded::new(InMemory::new().integration(aws.poll_jobs(Duration::ZERO, Duration::ZERO)))
}

async fn run(server: &Server, job: &str) -> Result<Value, ExecutionError> {
    jobs::run_json(&host(server), &format!(r#"{{"job": "{job}"}}"#)).await
}

/// What was asked, by the operations, and with which bodies.
fn asked(server: &Server) -> Vec<(String, String)> {
    let operation = |request: &http_server::Request| match request.header("X-Amz-Target").first() {
        Some(target) => target.rsplit('.').next().unwrap().to_owned(),
        None => request.target().to_owned(),
    };
    server.requests().iter().map(|request| (operation(request), request.body.clone())).collect()
}

fn pairs(asked: &[(String, String)]) -> Vec<(&str, &str)> {
    asked.iter().map(|(operation, body)| (operation.as_str(), body.as_str())).collect()
}

#[tokio::test]
async fn a_job_is_asked_about_until_it_has_ended() {
    let server = Server::answering([
        said(r#"{"JobRunId": "jr_1"}"#),
        // Not yet known everywhere.
        refused("EntityNotFoundException"),
        said(r#"{"JobRun": {"Id": "jr_1", "JobRunState": "RUNNING"}}"#),
        refused("ThrottlingException"),
        said(r#"{"JobRun": {"Id": "jr_1", "JobRunState": "SUCCEEDED", "ExecutionTime": 7, "StartedOn": 1700000000.5}}"#),
    ])
    .await;
    let host = host(&server);
    let output = jobs::run_json(&host, r#"{"job": "glue"}"#).await.unwrap();
    assert_eq!(
        output.to_string(),
        r#"{"ExecutionTime":7,"Id":"jr_1","JobRunState":"SUCCEEDED","StartedOn":1700000000500}"#
    );
    let asked = asked(&server);
    let question = ("GetJobRun", r#"{"JobName":"nightly","RunId":"jr_1"}"#);
    assert_eq!(
        pairs(&asked),
        [("StartJobRun", r#"{"JobName":"nightly"}"#), question, question, question, question]
    );
    let events = host.history().take(&host.history().executions()[0]);
    let submitted = events.iter().find_map(|event| {
        let EventDetails::TaskSubmitted { output, .. } = &event.details else { return None };
        output.get("JobRunId").cloned()
    });
    assert_eq!(submitted, Some("jr_1".into()));
}

#[tokio::test]
async fn a_job_that_fails_is_the_cause_of_the_error() {
    let failed = r#"{"jobs": [{"jobId": "j-1", "jobName": "render", "status": "FAILED", "statusReason": "out of memory"}]}"#;
    let server = Server::answering([
        ok("application/json", r#"{"jobId": "j-1", "jobName": "render"}"#),
        ok("application/json", r#"{"jobs": []}"#),
        ok("application/json", failed),
    ])
    .await;
    let error = run(&server, "batch").await.unwrap_err();
    assert_eq!(error.error(), Some("States.TaskFailed"));
    assert_eq!(
        error.cause().unwrap(),
        r#"{"JobId":"j-1","JobName":"render","Status":"FAILED","StatusReason":"out of memory"}"#
    );
    assert_eq!(asked(&server)[2], ("POST /v1/describejobs".to_owned(), r#"{"jobs":["j-1"]}"#.to_owned()));
}

#[tokio::test]
async fn the_result_of_a_build_is_named() {
    let server = Server::answering([
        said(r#"{"build": {"id": "site:1", "buildStatus": "IN_PROGRESS"}}"#),
        said(r#"{"builds": [{"id": "site:1", "buildStatus": "SUCCEEDED"}]}"#),
    ])
    .await;
    let output = run(&server, "codebuild").await.unwrap();
    assert_eq!(output.to_string(), r#"{"Build":{"BuildStatus":"SUCCEEDED","Id":"site:1"}}"#);
}

#[tokio::test]
async fn a_container_that_fails_fails_the_task() {
    let stopped = |code: u8| {
        said(&format!(
            r#"{{"tasks": [{{"taskArn": "arn:t", "lastStatus": "STOPPED", "containers": [{{"exitCode": 0}}, {{"exitCode": {code}}}]}}]}}"#
        ))
    };
    for code in [0, 3] {
        let started = said(r#"{"tasks": [{"taskArn": "arn:t", "lastStatus": "PENDING"}], "failures": []}"#);
        let server = Server::answering([started, stopped(code)]).await;
        let result = run(&server, "ecs").await;
        assert_eq!(asked(&server)[1].1, r#"{"tasks":["arn:t"],"cluster":"main"}"#);
        match code {
            0 => assert_eq!(result.unwrap().get("LastStatus"), Some(&"STOPPED".into())),
            _ => assert!(result.unwrap_err().cause().unwrap().contains(r#""ExitCode":3"#)),
        }
    }
}

#[tokio::test]
async fn what_is_gone_has_been_deleted() {
    let server = Server::answering([
        ok("application/json", r#"{"cluster": {"name": "old", "status": "DELETING"}}"#),
        ok("application/json", r#"{"cluster": {"name": "old", "status": "DELETING"}}"#),
        answer("404 Not Found", "x-amzn-ErrorType: ResourceNotFoundException\r\n", "{}"),
    ])
    .await;
    let output = run(&server, "eks").await.unwrap();
    assert_eq!(output.to_string(), r#"{"Cluster":{"Name":"old","Status":"DELETING"}}"#);
}

#[tokio::test]
async fn an_execution_gives_its_output_as_json() {
    let server = Server::answering([
        said(r#"{"executionArn": "arn:e", "startDate": 1700000000}"#),
        said(r#"{"executionArn": "arn:e", "status": "RUNNING"}"#),
        said(r#"{"executionArn": "arn:e", "status": "SUCCEEDED", "input": "{\"a\":1}", "output": "[2]"}"#),
    ])
    .await;
    let output = run(&server, "execution").await.unwrap();
    assert_eq!(
        output.to_string(),
        r#"{"ExecutionArn":"arn:e","Input":{"a":1},"Output":[2],"Status":"SUCCEEDED"}"#
    );
}

#[tokio::test]
async fn a_job_is_stopped_when_it_is_not_waited_for_any_longer() {
    let running = said(r#"{"JobRun": {"JobRunState": "RUNNING"}}"#);
    let answers = std::iter::once(said(r#"{"JobRunId": "jr_1"}"#)).chain(std::iter::repeat_n(running, 5_000));
    let server = Server::answering(answers).await;
    let host = host(&server);
    let waiting = async {
        while server.requests().len() < 3 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        ended = jobs::run_json(&host, r#"{"job": "glue"}"#) => panic!("{ended:?}"),
        () = waiting => {}
    }
    let stop = ("BatchStopJobRun".to_owned(), r#"{"JobName":"nightly","JobRunIds":["jr_1"]}"#.to_owned());
    while asked(&server).last() != Some(&stop) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_question_that_is_forbidden_is_an_error_at_once() {
    let server = Server::answering([said(r#"{"JobRunId": "jr_1"}"#), refused("AccessDeniedException")]).await;
    let error = run(&server, "glue").await.unwrap_err();
    assert_eq!(error.error(), Some("Glue.AccessDeniedException"));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_cluster_of_emr_is_waited_for_until_it_waits() {
    let describe = ("DescribeCluster", r#"{"ClusterId":"j-1"}"#);
    let state =
        |state: &str| said(&format!(r#"{{"Cluster": {{"Id": "j-1", "Status": {{"State": "{state}"}}}}}}"#));
    let started = || said(r#"{"JobFlowId": "j-1", "ClusterArn": "arn:c"}"#);
    let server =
        Server::answering([started(), state("STARTING"), state("BOOTSTRAPPING"), state("WAITING")]).await;
    let output = run(&server, "cluster").await.unwrap();
    assert_eq!(
        output.to_string(),
        r#"{"Cluster":{"Id":"j-1","Status":{"State":"WAITING"}},"ClusterId":"j-1"}"#
    );
    let asked = asked(&server);
    let start = ("RunJobFlow", r#"{"Instances":{"KeepJobFlowAliveWhenNoSteps":true},"Name":"nightly"}"#);
    assert_eq!(pairs(&asked), [start, describe, describe, describe]);

    let server = Server::answering([started(), state("TERMINATED_WITH_ERRORS")]).await;
    let error = run(&server, "cluster").await.unwrap_err();
    assert_eq!(error.error(), Some("States.TaskFailed"));
    assert!(error.cause().unwrap().contains("TERMINATED_WITH_ERRORS"), "{error}");
}

#[tokio::test]
async fn a_step_of_emr_is_waited_for_until_it_has_ended() {
    let state =
        |state: &str| said(&format!(r#"{{"Step": {{"Id": "s-1", "Status": {{"State": "{state}"}}}}}}"#));
    let started = || said(r#"{"StepIds": ["s-1"]}"#);
    let server = Server::answering([started(), state("PENDING"), state("COMPLETED")]).await;
    let output = run(&server, "step").await.unwrap();
    assert_eq!(output.to_string(), r#"{"Step":{"Id":"s-1","Status":{"State":"COMPLETED"}}}"#);
    let asked = asked(&server);
    let step = r#"{"Name":"count","HadoopJarStep":{"Jar":"command-runner.jar","Args":["count"]}}"#;
    let start = format!(r#"{{"JobFlowId":"j-1","Steps":[{step}]}}"#);
    let describe = ("DescribeStep", r#"{"ClusterId":"j-1","StepId":"s-1"}"#);
    assert_eq!(pairs(&asked), [("AddJobFlowSteps", start.as_str()), describe, describe]);

    let server = Server::answering([started(), state("FAILED")]).await;
    let error = run(&server, "step").await.unwrap_err();
    assert_eq!(error.error(), Some("States.TaskFailed"));
    let server = Server::answering([refused("ValidationException")]).await;
    let error = run(&server, "step").await.unwrap_err();
    assert_eq!(error.error(), Some("EMR.AmazonElasticMapReduceException"));
}

#[tokio::test]
async fn a_cluster_of_emr_is_gone_when_it_has_terminated() {
    let state = |state: &str| said(&format!(r#"{{"Cluster": {{"Status": {{"State": "{state}"}}}}}}"#));
    let server = Server::answering([said(""), state("TERMINATING"), state("TERMINATED")]).await;
    let output = run(&server, "end").await.unwrap();
    assert_eq!(output.to_string(), r#"{"Cluster":{"Status":{"State":"TERMINATED"}}}"#);
    let asked = asked(&server);
    let describe = ("DescribeCluster", r#"{"ClusterId":"j-1"}"#);
    assert_eq!(pairs(&asked), [("TerminateJobFlows", r#"{"JobFlowIds":["j-1"]}"#), describe, describe]);
}

#[tokio::test]
async fn fleets_and_groups_of_emr_are_found_by_their_names() {
    let cancelled = said(r#"{"CancelStepsInfoList": [{"StepId": "s-1", "Status": "SUBMITTED"}]}"#);
    let (first, second) = (
        said(r#"{"InstanceFleets": [{"Id": "if-1", "Name": "master"}], "Marker": "m"}"#),
        said(r#"{"InstanceFleets": [{"Id": "if-2", "Name": "workers"}]}"#),
    );
    let groups = |name: &str| said(&format!(r#"{{"InstanceGroups": [{{"Id": "ig-1", "Name": "{name}"}}]}}"#));
    let answers = [said(""), cancelled, first, second, said(""), groups("workers"), said("")];
    let server = Server::answering(answers.clone()).await;
    let output = run(&server, "small").await.unwrap();
    let expected = r#"{"job":"small","cancelled":{"info":{"Status":"SUBMITTED","StepId":"s-1"}}}"#;
    assert_eq!(output, Value::from_json(expected).unwrap());
    assert_eq!(
        pairs(&asked(&server)),
        [
            ("SetTerminationProtection", r#"{"JobFlowIds":["j-1"],"TerminationProtected":false}"#),
            ("CancelSteps", r#"{"ClusterId":"j-1","StepIds":["s-1"]}"#),
            ("ListInstanceFleets", r#"{"ClusterId":"j-1"}"#),
            ("ListInstanceFleets", r#"{"ClusterId":"j-1","Marker":"m"}"#),
            (
                "ModifyInstanceFleet",
                r#"{"ClusterId":"j-1","InstanceFleet":{"TargetOnDemandCapacity":8,"InstanceFleetId":"if-2"}}"#
            ),
            ("ListInstanceGroups", r#"{"ClusterId":"j-1"}"#),
            (
                "ModifyInstanceGroups",
                r#"{"ClusterId":"j-1","InstanceGroups":[{"InstanceCount":8,"InstanceGroupId":"ig-1"}]}"#
            ),
        ]
    );
    let others = answers.into_iter().take(5).chain([groups("others")]);
    let server = Server::answering(others).await;
    let error = run(&server, "small").await.unwrap_err();
    assert_eq!(error.error(), Some("EMR.AmazonElasticMapReduceException"));
    assert_eq!(error.cause(), Some(r#"The cluster has nothing whose InstanceGroupName is "workers""#));
}
