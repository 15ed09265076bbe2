//! What is there after the process was killed: everything that was answered.

use crate::support::{CALL, EACH, GREET, PAUSE, WORK, ask, create, ended, folder, process, refused, start};
use serde_json::{Value, json};

const ACTIVITY: &str = "arn:aws:states:local:000000000000:activity:Work";

#[test]
fn machines_versions_aliases_tags_and_activities_are_there_again() {
    let folder = folder("control");
    let told = |server: asl_server::Server, machine: String| async move {
        let machines = ask(&server, "DescribeStateMachine", json!({ "stateMachineArn": machine })).await;
        let versions = ask(&server, "ListStateMachineVersions", json!({ "stateMachineArn": machine })).await;
        let aliases = ask(&server, "ListStateMachineAliases", json!({ "stateMachineArn": machine })).await;
        let tags = ask(&server, "ListTagsForResource", json!({ "resourceArn": machine })).await;
        let activities = ask(&server, "ListActivities", json!({})).await;
        [machines, versions, aliases, tags, activities]
    };
    let (machine, before) = process(&folder, async |server| {
        let machine = create(&server, "Greet", GREET).await;
        let update = json!({ "stateMachineArn": machine, "definition": PAUSE, "publish": true });
        let version = ask(&server, "UpdateStateMachine", update).await["stateMachineVersionArn"].clone();
        let routes = json!([{ "stateMachineVersionArn": version, "weight": 100 }]);
        let alias = json!({ "name": "live", "routingConfiguration": routes });
        ask(&server, "CreateStateMachineAlias", alias).await;
        let tags = json!({ "resourceArn": machine, "tags": [{ "key": "a", "value": "b" }] });
        ask(&server, "TagResource", tags).await;
        ask(&server, "CreateActivity", json!({ "name": "Work" })).await;
        let gone = create(&server, "Gone", GREET).await;
        ask(&server, "DeleteStateMachine", json!({ "stateMachineArn": gone })).await;
        (machine.clone(), told(server, machine).await)
    });
    let after = process(&folder, async |server| told(server, machine).await);
    assert_eq!(after, before);
    assert_eq!(after[0]["definition"], PAUSE);
}

/// All that is told of an execution.
async fn all_of(server: &asl_server::Server, execution: &str) -> [Value; 4] {
    let request = json!({ "executionArn": execution });
    [
        ask(server, "DescribeExecution", request.clone()).await,
        ask(server, "GetExecutionHistory", request.clone()).await,
        ask(server, "DescribeStateMachineForExecution", request.clone()).await,
        ask(server, "ListMapRuns", request).await,
    ]
}

#[test]
fn executions_that_have_ended_are_told_of_as_before() {
    let folder = folder("ended");
    let (machine, arns, before) = process(&folder, async |server| {
        let machine = create(&server, "Greet", GREET).await;
        let request =
            json!({ "stateMachineArn": machine, "input": "{ \"name\" :  \"Ana\" }", "traceHeader": "t" });
        let started = ask(&server, "StartExecution", request).await;
        let greet = started["executionArn"].as_str().unwrap().to_owned();
        let failed = start(&server, &machine, json!(7)).await;
        let each = create(&server, "Each", EACH).await;
        let each = start(&server, &each, json!([1, 2, 3])).await;
        let arns = [greet, failed, each];
        let mut before = Vec::new();
        for arn in &arns {
            ended(&server, arn).await;
            before.push(all_of(&server, arn).await);
        }
        (machine, arns, before)
    });
    assert_eq!(before[0][0]["input"], "{ \"name\" :  \"Ana\" }");
    assert_eq!((&before[1][0]["status"], &before[2][0]["status"]), (&json!("FAILED"), &json!("SUCCEEDED")));
    process(&folder, async |server| {
        for (arn, before) in arns.iter().zip(&before) {
            assert_eq!(all_of(&server, arn).await, *before, "{arn}");
        }
        let list = json!({ "stateMachineArn": machine, "maxResults": 1 });
        let first = ask(&server, "ListExecutions", list.clone()).await;
        assert_eq!(first["executions"][0]["executionArn"], arns[1]);
        let mut list = list;
        list["nextToken"] = first["nextToken"].clone();
        let next = ask(&server, "ListExecutions", list).await;
        assert_eq!(
            (&next["executions"][0]["executionArn"], &next["nextToken"]),
            (&json!(arns[0]), &Value::Null)
        );
        for (status, arn) in [("FAILED", &arns[1]), ("SUCCEEDED", &arns[0])] {
            let list = json!({ "stateMachineArn": machine, "statusFilter": status });
            let found = ask(&server, "ListExecutions", list).await;
            assert_eq!(found["executions"][0]["executionArn"], *arn);
            assert_eq!(found["executions"].as_array().map(Vec::len), Some(1));
        }
        // The children of the Map Run are there as well.
        let runs = ask(&server, "ListMapRuns", json!({ "executionArn": arns[2] })).await;
        let run = &runs["mapRuns"][0]["mapRunArn"];
        let described = ask(&server, "DescribeMapRun", json!({ "mapRunArn": run })).await;
        assert_eq!(
            (&described["status"], &described["itemCounts"]["succeeded"]),
            (&json!("SUCCEEDED"), &json!(3))
        );
        let children = ask(&server, "ListExecutions", json!({ "mapRunArn": run })).await;
        assert_eq!(children["executions"].as_array().map(Vec::len), Some(3));
        assert_eq!(
            children["executions"][0]["stateMachineArn"].as_str().unwrap().rsplit(':').next(),
            Some("Each")
        );
        let child = json!({ "executionArn": children["executions"][0]["executionArn"] });
        let child = ask(&server, "DescribeStateMachineForExecution", child).await;
        assert_eq!((&child["definition"], &child["label"]), (&json!(EACH), &json!("Rows")));
    });
}

#[test]
fn executions_that_wait_go_on_with_the_machine_that_they_began_with() {
    let folder = folder("waiting");
    let (machine, execution, token, waiting) = process(&folder, async |server| {
        ask(&server, "CreateActivity", json!({ "name": "Work" })).await;
        let machine = create(&server, "M", WORK).await;
        let execution = start(&server, &machine, json!({ "order": 7 })).await;
        let task =
            ask(&server, "GetActivityTask", json!({ "activityArn": ACTIVITY, "workerName": "w" })).await;
        let waiting = start(&server, &machine, json!({ "order": 8 })).await;
        let update = json!({ "stateMachineArn": machine, "definition": GREET });
        ask(&server, "UpdateStateMachine", update).await;
        (machine, execution, task["taskToken"].clone(), waiting)
    });
    process(&folder, async |server| {
        // The worker still has its task.
        ask(&server, "SendTaskHeartbeat", json!({ "taskToken": token })).await;
        ask(&server, "SendTaskSuccess", json!({ "taskToken": token, "output": "1" })).await;
        assert_eq!(ended(&server, &execution).await["output"], "1");
        assert_eq!(
            refused(&server, "SendTaskHeartbeat", json!({ "taskToken": token })).await.0,
            "TaskTimedOut"
        );
        // The other task is there for a worker still.
        let task = ask(&server, "GetActivityTask", json!({ "activityArn": ACTIVITY })).await;
        assert_eq!(task["input"], r#"{"order":8}"#);
        let stop = json!({ "executionArn": waiting, "error": "Enough" });
        ask(&server, "StopExecution", stop).await;
    });
    process(&folder, async |server| {
        // A token that is over is not one that never was.
        for (token, error) in [(token.clone(), "TaskTimedOut"), (json!("x"), "InvalidToken")] {
            let success = json!({ "taskToken": token, "output": "1" });
            assert_eq!(refused(&server, "SendTaskSuccess", success).await.0, error);
        }
        let stopped = ask(&server, "DescribeExecution", json!({ "executionArn": waiting })).await;
        assert_eq!((&stopped["status"], &stopped["error"]), (&json!("ABORTED"), &json!("Enough")));
        // Its name is taken, whatever it is started with.
        let name = waiting.rsplit(':').next().unwrap();
        let again = json!({ "stateMachineArn": machine, "name": name, "input": "{\"order\":8}" });
        assert_eq!(refused(&server, "StartExecution", again).await.0, "ExecutionAlreadyExists");
    });
}

#[test]
fn an_execution_that_a_task_waits_for_is_not_started_twice() {
    let folder = folder("nested");
    let (call, child) = process(&folder, async |server| {
        ask(&server, "CreateActivity", json!({ "name": "Work" })).await;
        let child = create(&server, "Child", WORK).await;
        let call = create(&server, "Call", CALL).await;
        let call = start(&server, &call, json!({})).await;
        let child = json!({ "stateMachineArn": child });
        while ask(&server, "ListExecutions", child.clone()).await["executions"] == json!([]) {
            tokio::task::yield_now().await;
        }
        (call, child)
    });
    for _ in 0..2 {
        process(&folder, async |server| {
            // It has come back when there is work.
            ask(&server, "ListExecutions", json!({ "stateMachineArn": child_of(&server).await })).await;
        });
    }
    process(&folder, async |server| {
        let task = ask(&server, "GetActivityTask", json!({ "activityArn": ACTIVITY })).await;
        let success = json!({ "taskToken": task["taskToken"], "output": "5" });
        ask(&server, "SendTaskSuccess", success).await;
        let described = ended(&server, &call).await;
        assert_eq!(described["status"], "SUCCEEDED", "{described}");
        let children = ask(&server, "ListExecutions", child).await;
        assert_eq!(children["executions"].as_array().map(Vec::len), Some(1));
        assert_eq!(children["executions"][0]["status"], "SUCCEEDED");
    });
}

async fn child_of(server: &asl_server::Server) -> Value {
    let machines = ask(server, "ListStateMachines", json!({})).await;
    let machines = machines["stateMachines"].as_array().unwrap().clone();
    machines.into_iter().find(|machine| machine["name"] == "Child").unwrap()["stateMachineArn"].take()
}

#[test]
fn a_machine_that_is_deleted_is_there_until_its_executions_have_ended() {
    let folder = folder("deleted");
    let describe = |machine: &str| json!({ "stateMachineArn": machine });
    let (machine, execution) = process(&folder, async |server| {
        let machine = create(&server, "Pause", PAUSE).await;
        let execution = start(&server, &machine, json!({})).await;
        ask(&server, "DeleteStateMachine", describe(&machine)).await;
        assert_eq!(ask(&server, "DescribeStateMachine", describe(&machine)).await["status"], "DELETING");
        let again = json!({ "name": "Pause", "definition": PAUSE, "roleArn": "arn:aws:iam::0:role/r" });
        assert_eq!(refused(&server, "CreateStateMachine", again).await.0, "StateMachineDeleting");
        assert_eq!(refused(&server, "StartExecution", describe(&machine)).await.0, "StateMachineDeleting");
        (machine, execution)
    });
    process(&folder, async |server| {
        assert_eq!(ask(&server, "DescribeStateMachine", describe(&machine)).await["status"], "DELETING");
        ask(&server, "StopExecution", json!({ "executionArn": execution })).await;
        while server.call("DescribeStateMachine", describe(&machine)).await.is_ok() {
            tokio::task::yield_now().await;
        }
        create(&server, "Pause", PAUSE).await;
    });
}

#[test]
fn one_process_has_a_folder() {
    let folder = folder("two");
    process(&folder, async |_server| {
        let second = asl_server::Server::builder(crate::support::CompiledIn, &asl_runtime::InMemory::new());
        let error = second.data(&folder).build().err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.ends_with("is in use by another process"), "{error}");
    });
}

#[test]
fn what_failed_is_redriven_after_a_restart() {
    let folder = folder("redriven");
    let execution = process(&folder, async |server| {
        ask(&server, "CreateActivity", json!({ "name": "Work" })).await;
        let machine = create(&server, "M", WORK).await;
        let execution = start(&server, &machine, json!({ "order": 7 })).await;
        let task = ask(&server, "GetActivityTask", json!({ "activityArn": ACTIVITY })).await;
        ask(&server, "SendTaskFailure", json!({ "taskToken": task["taskToken"], "error": "No" })).await;
        let failed = ended(&server, &execution).await;
        assert_eq!((&failed["status"], &failed["redriveStatus"]), (&json!("FAILED"), &json!("REDRIVABLE")));
        execution
    });
    let redrive = json!({ "executionArn": execution, "clientToken": "one" });
    let redriven = process(&folder, async |server| ask(&server, "RedriveExecution", redrive.clone()).await);
    process(&folder, async |server| {
        // A client that has not heard the answer asks again.
        assert_eq!(ask(&server, "RedriveExecution", redrive).await, redriven);
        let other = json!({ "executionArn": execution, "clientToken": "two" });
        assert_eq!(refused(&server, "RedriveExecution", other).await.0, "ExecutionNotRedrivable");
        let task = ask(&server, "GetActivityTask", json!({ "activityArn": ACTIVITY })).await;
        assert_eq!(task["input"], r#"{"order":7}"#);
        ask(&server, "SendTaskSuccess", json!({ "taskToken": task["taskToken"], "output": "1" })).await;
        let described = ended(&server, &execution).await;
        assert_eq!((&described["status"], &described["redriveCount"]), (&json!("SUCCEEDED"), &json!(1)));
        assert_eq!(described["redriveDate"], redriven["redriveDate"]);
        let machine = json!({ "stateMachineArn": described["stateMachineArn"], "redriveFilter": "REDRIVEN" });
        let listed = ask(&server, "ListExecutions", machine).await;
        assert_eq!(listed["executions"].as_array().map(Vec::len), Some(1));
    });
}
