// What a program does with the AWS SDK for JavaScript, against the endpoint that is its argument. It ends with 77 where there is no SDK.

const assert = require("node:assert/strict");

let sdk;
try {
  sdk = require("@aws-sdk/client-sfn");
} catch {
  process.exit(77);
}

const client = new sdk.SFNClient({
  endpoint: process.argv[2],
  region: "us-east-1",
  credentials: { accessKeyId: "any", secretAccessKey: "any" },
  disableHostPrefix: true,
});
const roleArn = "arn:aws:iam::000000000000:role/any";

async function ended(executionArn) {
  for (;;) {
    const described = await client.send(new sdk.DescribeExecutionCommand({ executionArn }));
    if (described.status !== "RUNNING") return described;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function main() {
  const { activityArn } = await client.send(new sdk.CreateActivityCommand({ name: "Work" }));
  const definition = JSON.stringify({
    StartAt: "Work",
    States: { Work: { Type: "Task", Resource: activityArn, End: true } },
  });
  const created = await client.send(new sdk.CreateStateMachineCommand({ name: "worker", definition, roleArn }));
  assert(created.creationDate instanceof Date);
  const { stateMachineArn } = created;
  const { executionArn } = await client.send(new sdk.StartExecutionCommand({ stateMachineArn, input: '{"a":1}' }));
  const task = await client.send(new sdk.GetActivityTaskCommand({ activityArn }));
  assert.deepEqual(JSON.parse(task.input), { a: 1 });
  await client.send(new sdk.SendTaskSuccessCommand({ taskToken: task.taskToken, output: '"done"' }));
  const described = await ended(executionArn);
  assert.equal(described.status, "SUCCEEDED");
  assert.equal(described.output, '"done"');
  const types = [];
  for await (const page of sdk.paginateGetExecutionHistory({ client, pageSize: 2 }, { executionArn })) {
    assert(page.events.length <= 2);
    types.push(...page.events.map((event) => event.type));
  }
  assert.deepEqual(types, [
    "ExecutionStarted",
    "TaskStateEntered",
    "ActivityScheduled",
    "ActivityStarted",
    "ActivitySucceeded",
    "TaskStateExited",
    "ExecutionSucceeded",
  ]);
  await assert.rejects(
    client.send(new sdk.DescribeExecutionCommand({ executionArn: `${executionArn}x` })),
    sdk.ExecutionDoesNotExist,
  );
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
