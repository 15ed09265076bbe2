"""What others have measured on AWS, against the endpoint that is the argument: texts, fields that are there and fields that are not.

It ends with 77 where there is no boto3.
"""

import json
import re
import sys
import time

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError
except ImportError:
    sys.exit(77)

client = boto3.client(
    "stepfunctions",
    endpoint_url=sys.argv[1],
    region_name="us-east-1",
    aws_access_key_id="any",
    aws_secret_access_key="any",
    config=Config(inject_host_prefix=False, retries={"max_attempts": 0}, parameter_validation=False),
)
ROLE = "arn:aws:iam::000000000000:role/any"
MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:"


def task(resource, arguments, **fields):
    return {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Arguments": arguments, "End": True, **fields}


def machine(name, state, **fields):
    definition = {"QueryLanguage": "JSONata", "StartAt": "Do", "States": {"Do": state}}
    definition.update(fields.pop("definition", {}))
    return client.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE, **fields)["stateMachineArn"]


def start(arn, data=None, **fields):
    return client.start_execution(stateMachineArn=arn, input=json.dumps(data or {}), **fields)["executionArn"]


def ended(arn):
    while True:
        described = client.describe_execution(executionArn=arn)
        if described["status"] != "RUNNING":
            return described
        time.sleep(0.02)


def run(arn, data=None):
    return ended(start(arn, data))


def events(arn):
    return client.get_execution_history(executionArn=arn)["events"]


def refused(action, **request):
    try:
        getattr(client, action)(**request)
    except ClientError as error:
        found = error.response
        return found["ResponseMetadata"]["HTTPStatusCode"], found["Error"]["Code"], found["Error"]["Message"]
    raise AssertionError(f"{action} was accepted")


def is_like(found, wanted):
    assert found == wanted, f"{found!r} is not {wanted!r}"


# Machines: what is not said has a default, and what was not asked for is not answered.
created = client.create_state_machine(
    name="plain", roleArn=ROLE, definition=json.dumps({"StartAt": "Do", "States": {"Do": {"Type": "Succeed"}}})
)
assert "stateMachineVersionArn" not in created
plain = created["stateMachineArn"]
is_like(client.describe_state_machine(stateMachineArn=plain)["loggingConfiguration"], {"level": "OFF", "includeExecutionData": False})
updated = client.update_state_machine(stateMachineArn=plain, tracingConfiguration={"enabled": True})
assert "stateMachineVersionArn" not in updated
for action, request in [("list_executions", "stateMachineArn"), ("describe_execution", "executionArn")]:
    is_like(refused(action, **{request: "abc"}), (400, "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: abc'"))

# Executions.
described = run(plain)
is_like((described["redriveCount"], described["redriveStatus"]), (0, "NOT_REDRIVABLE"))
is_like(described["redriveStatusReason"], "Execution is SUCCEEDED and cannot be redriven")
is_like((described["inputDetails"], described["outputDetails"]), ({"included": True}, {"included": True}))
waits = machine("waits", {"Type": "Wait", "Seconds": 3600, "End": True})
first = start(waits, {"a": 1}, name="one")
is_like(start(waits, {"a": 1}, name="one"), first)
client.stop_execution(executionArn=first)
described = ended(first)
assert described["status"] == "ABORTED" and "error" not in described and "cause" not in described
is_like((events(first)[-1]["type"], events(first)[-1]["executionAbortedEventDetails"]), ("ExecutionAborted", {}))
express = machine("express", {"Type": "Pass", "End": True}, type="EXPRESS")
assert start(express, name="same") != start(express, name="same")

# Names of fields in histories.
shown = run(
    machine(
        "shown",
        {
            "Type": "Parallel",
            "End": True,
            "Branches": [
                {
                    "StartAt": "Each",
                    "States": {
                        "Each": {
                            "Type": "Map",
                            "Items": [1, 2],
                            "ItemProcessor": {"StartAt": "It", "States": {"It": {"Type": "Pass", "End": True}}},
                            "End": True,
                        }
                    },
                }
            ],
        },
    )
)
by_type = {event["type"]: event for event in events(shown["executionArn"])}
own = {"timestamp", "type", "id", "previousEventId"}
is_like(by_type["PassStateEntered"]["stateEnteredEventDetails"]["name"], "It")
is_like(by_type["MapStateStarted"]["mapStateStartedEventDetails"], {"length": 2})
is_like(set(by_type["MapIterationStarted"]["mapIterationStartedEventDetails"]), {"name", "index"})
is_like(set(by_type["ParallelStateStarted"]), own)
is_like(set(by_type["MapStateSucceeded"]), own)
assert "input" in by_type["ExecutionStarted"]["executionStartedEventDetails"]

function = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:Echo", "End": True}
by_type = {event["type"]: event for event in events(run(machine("function", function))["executionArn"])}
is_like(set(by_type["LambdaFunctionScheduled"]["lambdaFunctionScheduledEventDetails"]), {"resource", "input", "inputDetails"})
is_like(set(by_type["LambdaFunctionStarted"]), own)

# Activities and tokens.
activity = client.create_activity(name="Work")["activityArn"]
work = {"Type": "Task", "Resource": activity, "End": True}
late = start(machine("late", {**work, "TimeoutSeconds": 1}))
token = client.get_activity_task(activityArn=activity)["taskToken"]
described = ended(late)
is_like((described["error"], "cause" in described), ("States.Timeout", False))
types = [event["type"] for event in events(late)]
is_like(types[2:], ["ActivityScheduled", "ActivityStarted", "ActivityTimedOut", "ExecutionFailed"])
over = (400, "TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
is_like(refused("send_task_success", taskToken=token, output="{}"), over)
is_like(refused("send_task_heartbeat", taskToken=token), over)
unknown = (400, "InvalidToken", "Invalid Token: 'Invalid token'")
is_like(refused("send_task_failure", taskToken="bad_token"), unknown)
is_like(refused("send_task_success", taskToken="bad_token", output="output"), unknown)

# Map Runs.
runs = run(
    machine(
        "runs",
        {
            "Type": "Map",
            "Items": [1, 2, 3],
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "It",
                "States": {"It": {"Type": "Pass", "End": True}},
            },
            "End": True,
        },
    )
)
[arn] = [
    event["mapRunStartedEventDetails"]["mapRunArn"] for event in events(runs["executionArn"]) if event["type"] == "MapRunStarted"
]
map_run = client.describe_map_run(mapRunArn=arn)
counts = {"pending": 0, "running": 0, "succeeded": 3, "failed": 0, "timedOut": 0, "aborted": 0, "total": 3, "resultsWritten": 3}
counts.update(failuresNotRedrivable=0, pendingRedrive=0)
is_like((map_run["itemCounts"], map_run["executionCounts"]), (counts, counts))
is_like((map_run["status"], map_run["redriveCount"], "redriveDate" in map_run), ("SUCCEEDED", 0, False))
is_like((map_run["toleratedFailurePercentage"], map_run["toleratedFailureCount"]), (0.0, 0))

# Executions that tasks start.
start_execution = {"StateMachineArn": "{% $states.input.child %}", "Input": {"k": 1}}
sync = machine("sync", task("states:startExecution.sync", start_execution))
sync2 = machine("sync2", task("states:startExecution.sync:2", start_execution))
missing = run(machine("missing", task("states:startExecution", start_execution)), {"child": f"{MACHINE}nothing"})
is_like(missing["error"], "StepFunctions.StateMachineDoesNotExistException")
boom = machine("boom", {"Type": "Fail", "Error": "Boom"})
slow = machine("slow", {"Type": "Wait", "Seconds": 3600, "End": True}, definition={"TimeoutSeconds": 1})
for child, extra, status in [(boom, '"Error":"Boom",', "FAILED"), (slow, "", "TIMED_OUT")]:
    for parent in (sync, sync2):
        failed = run(parent, {"child": child})
        is_like(failed["error"], "States.TaskFailed")
        pattern = (
            r"\{" + extra + r'"ExecutionArn":"arn:[^"]+","Input":"\{\\"k\\":1\}","InputDetails":\{"Included":true\},"Name":"[^"]+",'
            r'"RedriveCount":0,"RedriveStatus":"REDRIVABLE","StartDate":\d{13},"StateMachineArn":"' + child + '",'
            f'"Status":"{status}"' + r',"StopDate":\d{13}\}'
        )
        assert re.fullmatch(pattern, failed["cause"]), failed["cause"]
for name, error, catchers in [
    ("by-name", "Boom", [["Boom"], ["States.TaskFailed"]]),
    ("by-timeout", "States.Timeout", [["States.Timeout"], ["States.ALL"]]),
]:
    child = machine(f"child-{name}", {"Type": "Fail", "Error": error})
    catch = [{"ErrorEquals": errors, "Next": "Caught", "Output": errors[0]} for errors in catchers]
    definition = {
        "States": {
            "Do": task("states:startExecution.sync:2", {"StateMachineArn": child}, Catch=catch),
            "Caught": {"Type": "Succeed"},
        }
    }
    is_like(json.loads(run(machine(name, {}, definition=definition))["output"]), catchers[1][0])
okay = machine("okay", {"Type": "Pass", "Output": {"ok": True}, "End": True})
envelope = json.loads(run(sync2, {"child": okay})["output"])
is_like((envelope["Input"], envelope["Output"]), ({"k": 1}, {"ok": True}))
version = client.publish_state_machine_version(stateMachineArn=okay)["stateMachineVersionArn"]
alias = client.create_state_machine_alias(name="live", routingConfiguration=[{"stateMachineVersionArn": version, "weight": 100}])
envelope = json.loads(run(sync2, {"child": alias["stateMachineAliasArn"]})["output"])
is_like((envelope["StateMachineAliasArn"], envelope["StateMachineVersionArn"]), (alias["stateMachineAliasArn"], version))


def child_of(parent):
    """The execution that a parent waits for."""
    while True:
        for event in events(parent):
            if event["type"] == "TaskSubmitted":
                return json.loads(event["taskSubmittedEventDetails"]["output"])["ExecutionArn"]
        time.sleep(0.02)


parent = start(sync, {"child": waits})
child = child_of(parent)
client.stop_execution(executionArn=parent)
aborted = "The Task state in AWS Step Functions execution [{}] which was managing this resource was aborted"
is_like(ended(child)["cause"], aborted.format(parent))
branches = [
    {"StartAt": "Wait", "States": {"Wait": task("states:startExecution.sync", {"StateMachineArn": waits})}},
    {"StartAt": "Work", "States": {"Work": work}},
]
parent = start(machine("branches", {"Type": "Parallel", "Branches": branches, "End": True}))
child = child_of(parent)
client.send_task_failure(taskToken=client.get_activity_task(activityArn=activity)["taskToken"], error="Boom")
is_like(ended(parent)["error"], "Boom")
is_like(ended(child)["cause"], aborted.format(parent))
history = {event["type"]: event for event in events(parent)}
is_like(history["TaskStateAborted"]["previousEventId"], history["ParallelStateFailed"]["previousEventId"])
assert history["TaskStateAborted"]["id"] < history["ParallelStateFailed"]["id"]

# The same through `aws-sdk:sfn`.
run_arn = "arn:aws:states:us-east-1:000000000000:mapRun:a/b:c"
described = run(machine("sdk-map-run", task("aws-sdk:sfn:describeMapRun", {"MapRunArn": run_arn})))
is_like(described["error"], "Sfn.ResourceNotFoundException")
assert described["cause"].startswith(f"Resource not found: '{run_arn}'"), described["cause"]
sdk = machine(
    "sdk-start", task("aws-sdk:sfn:startExecution", {"StateMachineArn": "{% $states.input.child %}", "Name": "{% $states.input.name %}"})
)
is_like(run(sdk, {"child": f"{MACHINE}nothing", "name": "a"})["error"], "Sfn.StateMachineDoesNotExistException")
output = json.loads(run(sdk, {"child": okay, "name": "a"})["output"])
is_like(set(output), {"ExecutionArn", "StartDate"})
assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", output["StartDate"]), output
ended(output["ExecutionArn"])
is_like(run(sdk, {"child": okay, "name": "a"})["error"], "Sfn.ExecutionAlreadyExistsException")
waiting = start(machine("works", work))
token = client.get_activity_task(activityArn=activity)["taskToken"]
sends = machine("sends", task("aws-sdk:sfn:sendTaskSuccess", {"TaskToken": "{% $states.input.token %}", "Output": "{}"}))
is_like(run(sends, {"token": token})["output"], "{}")
ended(waiting)
quick = machine("quick", {"Type": "Fail", "Error": "Boom", "Cause": "why"}, type="EXPRESS")
described = run(machine("sdk-sync", task("aws-sdk:sfn:startSyncExecution", {"StateMachineArn": quick})))
output = json.loads(described["output"])
is_like((output["Status"], output["Error"], output["Cause"]), ("FAILED", "Boom", "why"))

# Another service that refuses a part of what it is asked.
entries = {"Entries": [{"Source": "here", "DetailType": "any", "Detail": {"a": 1}}]}
failed = run(machine("events", task("events:putEvents", entries)))
is_like((failed["status"], failed["error"]), ("FAILED", "EventBridge.FailedEntry"))
refusal = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "AccessDeniedException", "ErrorMessage": "no"}]}
is_like(json.loads(failed["cause"]), refusal)

# A state by itself.
state = {
    "Type": "Pass",
    "InputPath": "$.payload",
    "Parameters": {"data": 1},
    "ResultPath": "$.result",
    "OutputPath": "$.result.data",
    "Next": "Another State",
}
text = '{"payload": {"foo": "bar"}}'
tested = client.test_state(definition=json.dumps(state), roleArn=ROLE, input=text, inspectionLevel="DEBUG")
is_like((tested["output"], tested["nextState"], tested["status"]), ("1", "Another State", "SUCCEEDED"))
wanted = {
    "input": text,
    "afterInputPath": '{"foo":"bar"}',
    "afterParameters": '{"data":1}',
    "afterResultSelector": '{"data":1}',
    "afterResultPath": '{"payload":{"foo":"bar"},"result":{"data":1}}',
}
data = tested["inspectionData"]
is_like({name: data.get(name) for name in wanted}, wanted)
assert "result" not in data, data
http = {
    "Type": "Task",
    "Resource": "arn:aws:states:::http:invoke",
    "Parameters": {"ApiEndpoint": "https://api.example.com/", "Method": "GET", "Authentication": {"ConnectionArn": "arn:aws:events:us-east-1:000000000000:connection/api/1"}},
    "End": True,
}
mock = {"result": json.dumps({"StatusCode": 200, "StatusText": "OK", "Headers": {"date": ["x"]}, "ResponseBody": {}})}
tested = client.test_state(definition=json.dumps(http), roleArn=ROLE, inspectionLevel="DEBUG", mock=mock)
is_like((tested["inspectionData"]["input"], tested["inspectionData"]["afterInputPath"]), ("{}", "{}"))
assert "nextState" not in tested
