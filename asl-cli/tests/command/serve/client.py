"""What a program does with boto3, against the endpoint that is its argument. It ends with 77 where there is no boto3."""

import json
import sys
import time

try:
    import boto3
    from botocore.config import Config
except ImportError:
    sys.exit(77)

client = boto3.client(
    "stepfunctions",
    endpoint_url=sys.argv[1],
    region_name="us-east-1",
    aws_access_key_id="any",
    aws_secret_access_key="any",
    config=Config(inject_host_prefix=False),
)


def ended(arn):
    while True:
        described = client.describe_execution(executionArn=arn)
        if described["status"] != "RUNNING":
            return described
        time.sleep(0.05)


# What is in the folder is there from the start.
machines = {machine["name"]: machine["stateMachineArn"] for machine in client.list_state_machines()["stateMachines"]}
assert set(machines) == {"greet"}, machines
started = client.start_execution(stateMachineArn=machines["greet"], input=json.dumps({"name": "Ana"}))
described = ended(started["executionArn"])
assert (described["status"], json.loads(described["output"])) == ("SUCCEEDED", {"text": "hello Ana"}), described

# A machine that a client brings.
role = "arn:aws:iam::000000000000:role/any"
definition = json.dumps(
    {
        "QueryLanguage": "JSONata",
        "StartAt": "Sum",
        "States": {"Sum": {"Type": "Pass", "Output": "{% $sum($states.input) %}", "End": True}},
    }
)
arn = client.create_state_machine(name="sum", definition=definition, roleArn=role)["stateMachineArn"]
started = client.start_execution(stateMachineArn=arn, name="one", input="[1, 2, 3]")
assert ended(started["executionArn"])["output"] == "6"
pages = client.get_paginator("get_execution_history").paginate(
    executionArn=started["executionArn"], PaginationConfig={"PageSize": 2}
)
events = [event["type"] for page in pages for event in page["events"]]
assert events == ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"], events

# One that is waited for.
quick = client.create_state_machine(name="quick", definition=definition, roleArn=role, type="EXPRESS")["stateMachineArn"]
assert client.start_sync_execution(stateMachineArn=quick, input="[4, 5]")["output"] == "9"

# A task that waits for a worker, which answers with its token.
activity = client.create_activity(name="Work")["activityArn"]
work = {"StartAt": "Work", "States": {"Work": {"Type": "Task", "Resource": activity, "End": True}}}
worker = client.create_state_machine(name="worker", definition=json.dumps(work), roleArn=role)["stateMachineArn"]
waiting = client.start_execution(stateMachineArn=worker, input='{"a": 1}')["executionArn"]
task = client.get_activity_task(activityArn=activity, workerName="ana")
assert json.loads(task["input"]) == {"a": 1}, task
client.send_task_heartbeat(taskToken=task["taskToken"])
client.send_task_success(taskToken=task["taskToken"], output='"done"')
assert ended(waiting)["output"] == '"done"'

# Errors are those that boto3 knows.
try:
    client.start_execution(stateMachineArn=arn, name="one", input="[7]")
    raise AssertionError("the name is taken")
except client.exceptions.ExecutionAlreadyExists as error:
    assert started["executionArn"] in str(error), error

# A state by itself.
tested = client.test_state(definition=json.dumps({"Type": "Pass", "Result": 1, "End": True}), roleArn=role, input="{}")
assert (tested["status"], tested["output"]) == ("SUCCEEDED", "1"), tested
