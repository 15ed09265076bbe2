//! Which actions on which resources calls need: what is named in parameters, in whatever way, and what services do beside.

#![expect(clippy::expect_used, reason = "a test that cannot set its scene fails")]

use asl_compiler::diagnostic::Diagnostics;
use asl_compiler::json;
use asl_compiler::source::SourceFile;
use asl_policy::{MachinePlace, Need, Settings, policy};
use serde_json::{Value, json};

/// What a task needs in region `r` of account `1`: an action, a resource and its conditions in a line each.
fn needs(resource: &str, parameters: &Value) -> Vec<String> {
    let task = json!({ "Type": "Task", "Resource": format!("arn:aws:states:::{resource}"), "Parameters": parameters, "End": true });
    let source = SourceFile::new("m", json!({ "StartAt": "T", "States": { "T": task } }).to_string());
    let definition = json::parse(&source, &mut Diagnostics::default()).expect("JSON");
    policy(&definition, Settings::default()).needs.iter().flat_map(lines).collect()
}

fn lines(need: &Need) -> Vec<String> {
    let text = |text: &str| Some(text.to_owned());
    let place =
        MachinePlace { partition: text("aws"), region: text("r"), account: text("1"), name: text("m") };
    let conditions: String = need
        .conditions
        .iter()
        .map(|condition| {
            let values: Vec<_> = condition.values.iter().map(|value| value.at(&place).to_string()).collect();
            format!(" if {} is {}", condition.key, values.join(" or "))
        })
        .collect();
    let resources = need.resources.iter().map(|arn| arn.at(&place).to_string());
    resources
        .flat_map(|resource| need.actions.iter().map(move |action| format!("{action} {resource}")))
        .map(|line| format!("{line}{conditions}"))
        .collect()
}

fn check(cases: &[(&str, Value, &[&str])]) {
    for (resource, parameters, expected) in cases {
        assert_eq!(needs(resource, parameters), *expected, "{resource} {parameters}");
    }
}

#[test]
fn names_keep_their_slashes_and_versions() {
    check(&[
        (
            "aws-sdk:cloudwatchlogs:filterLogEvents",
            json!({ "LogGroupName": "/aws/lambda/f" }),
            &["logs:FilterLogEvents arn:aws:logs:r:1:log-group:/aws/lambda/f:*"],
        ),
        (
            "aws-sdk:cloudwatchlogs:putLogEvents",
            json!({ "LogGroupName": "g", "LogStreamName": "s", "LogEvents.$": "$.e" }),
            &["logs:PutLogEvents arn:aws:logs:r:1:log-group:g:log-stream:s"],
        ),
        (
            "aws-sdk:secretsmanager:getSecretValue",
            json!({ "SecretId": "/app/db" }),
            &["secretsmanager:GetSecretValue arn:aws:secretsmanager:r:1:secret:/app/db-??????"],
        ),
        (
            "aws-sdk:secretsmanager:getSecretValue",
            json!({ "SecretId": "arn:aws:secretsmanager:r:1:secret:db-AbCdEf" }),
            &["secretsmanager:GetSecretValue arn:aws:secretsmanager:r:1:secret:db-AbCdEf"],
        ),
        (
            "aws-sdk:ssm:getParameter",
            json!({ "Name": "/app/x" }),
            &["ssm:GetParameter arn:aws:ssm:r:1:parameter/app/x"],
        ),
        (
            "aws-sdk:ssm:getParameters",
            json!({ "Names": ["/app/x", "y"] }),
            &[
                "ssm:GetParameters arn:aws:ssm:r:1:parameter/app/x",
                "ssm:GetParameters arn:aws:ssm:r:1:parameter/y",
            ],
        ),
        ("aws-sdk:ssm:getDocument", json!({ "Name": "d" }), &["ssm:GetDocument arn:aws:ssm:r:1:document/d"]),
        (
            "aws-sdk:ssm:getDocument",
            json!({ "Name": "AWS-RunShellScript" }),
            &["ssm:GetDocument arn:aws:ssm:r:*:document/AWS-RunShellScript"],
        ),
        (
            "lambda:invoke",
            json!({ "FunctionName": "f" }),
            &["lambda:InvokeFunction arn:aws:lambda:r:1:function:f"],
        ),
        (
            "lambda:invoke",
            json!({ "FunctionName": "f:3" }),
            &["lambda:InvokeFunction arn:aws:lambda:r:1:function:f:3"],
        ),
        (
            "lambda:invoke",
            json!({ "FunctionName": "f", "Qualifier": "live" }),
            &["lambda:InvokeFunction arn:aws:lambda:r:1:function:f:live"],
        ),
        (
            "lambda:invoke",
            json!({ "FunctionName": "2:function:f" }),
            &["lambda:InvokeFunction arn:aws:lambda:r:2:function:f"],
        ),
        ("lambda:invoke", json!({ "FunctionName": "${Fn.Arn}" }), &["lambda:InvokeFunction ${Fn.Arn}"]),
    ]);
}

#[test]
fn management_of_apis_is_on_the_paths_of_requests() {
    check(&[
        (
            "aws-sdk:apigateway:getRestApi",
            json!({ "RestApiId": "a" }),
            &["apigateway:GET arn:aws:apigateway:r::/restapis/a"],
        ),
        (
            "aws-sdk:apigateway:deleteMethod",
            json!({ "RestApiId": "a", "ResourceId.$": "$.r", "HttpMethod": "GET" }),
            &["apigateway:DELETE arn:aws:apigateway:r::/restapis/a/resources/*/methods/GET"],
        ),
        (
            "aws-sdk:apigateway:createRestApi",
            json!({ "Name": "a" }),
            &["apigateway:POST arn:aws:apigateway:r::/restapis"],
        ),
        (
            "aws-sdk:apigatewayv2:getStage",
            json!({ "ApiId": "a", "StageName": "s" }),
            &["apigateway:GET arn:aws:apigateway:r::/apis/a/stages/s"],
        ),
        (
            "aws-sdk:apigateway:tagResource",
            json!({ "ResourceArn": "arn:aws:apigateway:r::/restapis/a", "Tags": {} }),
            &["apigateway:PUT arn:aws:apigateway:r::/tags/arn%3Aaws%3Aapigateway%3Ar%3A%3A%2Frestapis%2Fa"],
        ),
        // The reference has no form for the cache of a stage.
        (
            "aws-sdk:apigateway:flushStageCache",
            json!({ "RestApiId": "a", "StageName": "s" }),
            &["apigateway:DELETE *"],
        ),
    ]);
}

#[test]
fn too_many_names_are_a_pattern() {
    let ids: Vec<_> = (0..2_000).map(|number| format!("i-{number}")).collect();
    check(&[(
        "aws-sdk:ec2:stopInstances",
        json!({ "InstanceIds": ids }),
        &["ec2:StopInstances arn:aws:ec2:r:1:instance/*"],
    )]);
}

#[test]
fn jobs_are_of_queues_definitions_and_clusters() {
    check(&[
        (
            "ecs:runTask",
            json!({ "TaskDefinition": "web:3", "Cluster": "c" }),
            &[
                "ecs:RunTask arn:aws:ecs:r:1:task-definition/web:3",
                "iam:PassRole arn:aws:iam::1:role/* if iam:PassedToService is ecs-tasks.amazonaws.com",
            ],
        ),
        (
            "aws-sdk:ecs:stopTask",
            json!({ "Cluster": "arn:aws:ecs:r:1:cluster/c", "Task": "t" }),
            &["ecs:StopTask arn:aws:ecs:r:1:task/c/t"],
        ),
        (
            "aws-sdk:ecs:updateService",
            json!({ "Service": "s" }),
            &["ecs:UpdateService arn:aws:ecs:r:1:service/default/s"],
        ),
        (
            "batch:submitJob",
            json!({ "JobName": "j", "JobQueue": "${JobQueueArn}", "JobDefinition": "d:2" }),
            &[
                "batch:SubmitJob arn:aws:batch:r:1:job/*",
                "batch:SubmitJob arn:aws:batch:r:1:job-definition/d:2",
                "batch:SubmitJob ${JobQueueArn}",
            ],
        ),
        (
            "aws-sdk:eks:describeNodegroup",
            json!({ "ClusterName": "c", "NodegroupName": "n" }),
            &["eks:DescribeNodegroup arn:aws:eks:r:1:nodegroup/c/n/*"],
        ),
        (
            "aws-sdk:codepipeline:startPipelineExecution",
            json!({ "Name": "p" }),
            &["codepipeline:StartPipelineExecution arn:aws:codepipeline:r:1:p"],
        ),
        (
            "aws-sdk:redshiftdata:executeStatement",
            json!({ "WorkgroupName": "w", "Sql": "x" }),
            &[
                "redshift-data:ExecuteStatement arn:aws:redshift-serverless:r:1:workgroup/*",
                "redshift-serverless:GetCredentials arn:aws:redshift-serverless:r:1:workgroup/*",
            ],
        ),
        (
            "aws-sdk:emrserverless:getJobRun",
            json!({ "ApplicationId": "a", "JobRunId": "j" }),
            &["emr-serverless:GetJobRun arn:aws:emr-serverless:r:1:/applications/a/jobruns/j"],
        ),
        (
            "aws-sdk:glue:getTable",
            json!({ "DatabaseName": "d", "Name": "t" }),
            &[
                "glue:GetTable arn:aws:glue:r:1:database/d",
                "glue:GetTable arn:aws:glue:r:1:catalog",
                "glue:GetTable arn:aws:glue:r:1:table/d/t",
            ],
        ),
        (
            "states:startExecution.sync:2",
            json!({ "StateMachineArn": "arn:aws:states:r:1:stateMachine:Child:live" }),
            &[
                "states:StartExecution arn:aws:states:r:1:stateMachine:Child",
                "states:DescribeExecution arn:aws:states:r:1:execution:Child:*",
                "states:StopExecution arn:aws:states:r:1:execution:Child:*",
                "events:DescribeRule arn:aws:events:r:1:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule",
                "events:PutRule arn:aws:events:r:1:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule",
                "events:PutTargets arn:aws:events:r:1:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule",
            ],
        ),
    ]);
}

#[test]
fn objects_have_versions_access_points_and_tags() {
    let point = "arn:aws:s3:r:1:accesspoint/p";
    check(&[
        (
            "aws-sdk:s3:getObject",
            json!({ "Bucket": "b", "Key": "k", "VersionId": "1" }),
            &["s3:GetObjectVersion arn:aws:s3:::b/k"],
        ),
        (
            "aws-sdk:s3:getObject",
            json!({ "Bucket": point, "Key": "k" }),
            &["s3:GetObject arn:aws:s3:r:1:accesspoint/p/object/k"],
        ),
        (
            "aws-sdk:s3:getObjectAcl",
            json!({ "Bucket": "b", "Key": "k" }),
            &["s3:GetObjectAcl arn:aws:s3:::b/k"],
        ),
        (
            "aws-sdk:s3:getObject",
            json!({ "Bucket": "b--use1-az4--x-s3", "Key": "k" }),
            &[
                "s3:GetObject arn:aws:s3:::b--use1-az4--x-s3/k",
                "s3express:CreateSession arn:aws:s3express:r:1:bucket/b--use1-az4--x-s3",
            ],
        ),
        ("aws-sdk:s3:headBucket", json!({ "Bucket": "b" }), &["s3:ListBucket arn:aws:s3:::b"]),
        (
            "aws-sdk:s3:putObject",
            json!({ "Bucket": "b", "Key": "k", "Tagging": "a=b", "ACL": "private" }),
            &[
                "s3:PutObject arn:aws:s3:::b/k",
                "s3:PutObjectTagging arn:aws:s3:::b/k",
                "s3:PutObjectAcl arn:aws:s3:::b/k",
            ],
        ),
        (
            "aws-sdk:s3:copyObject",
            json!({ "Bucket": "b", "Key": "k", "CopySource": "from/a?versionId=1" }),
            &["s3:PutObject arn:aws:s3:::b/k", "s3:GetObjectVersion arn:aws:s3:::from/a"],
        ),
        (
            "aws-sdk:s3:deleteObjects",
            json!({ "Bucket": "b", "Delete": { "Objects": [{ "Key": "x" }, { "Key": "y" }] } }),
            &["s3:DeleteObject arn:aws:s3:::b/x", "s3:DeleteObject arn:aws:s3:::b/y"],
        ),
    ]);
}

#[test]
fn queues_keys_rules_and_models_are_found_by_what_names_them() {
    check(&[
        (
            "sqs:sendMessage",
            json!({ "QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/q" }),
            &["sqs:SendMessage arn:aws:sqs:eu-west-1:123456789012:q"],
        ),
        (
            "aws-sdk:sqs:sendMessageBatch",
            json!({ "QueueUrl": "https://eu-west-1.queue.amazonaws.com/123456789012/q" }),
            &["sqs:SendMessage arn:aws:sqs:eu-west-1:123456789012:q"],
        ),
        (
            "aws-sdk:kms:decrypt",
            json!({ "KeyId": "alias/a" }),
            &["kms:Decrypt arn:aws:kms:r:1:key/* if kms:RequestAlias is alias/a"],
        ),
        (
            "aws-sdk:kms:decrypt",
            json!({ "KeyId": "arn:aws:kms:x:2:alias/a" }),
            &["kms:Decrypt arn:aws:kms:x:2:key/* if kms:RequestAlias is alias/a"],
        ),
        ("aws-sdk:kms:decrypt", json!({ "KeyId": "1234" }), &["kms:Decrypt arn:aws:kms:r:1:key/1234"]),
        (
            "aws-sdk:eventbridge:enableRule",
            json!({ "Name": "n", "EventBusName": "b" }),
            &["events:EnableRule arn:aws:events:r:1:rule/b/n"],
        ),
        (
            "aws-sdk:eventbridge:enableRule",
            json!({ "Name": "n" }),
            &["events:EnableRule arn:aws:events:r:1:rule/n"],
        ),
        (
            "bedrock:invokeModel",
            json!({ "ModelId": "us.amazon.nova-lite-v1:0" }),
            &[
                "bedrock:InvokeModel arn:aws:bedrock:r:1:inference-profile/us.amazon.nova-lite-v1:0",
                "bedrock:InvokeModel arn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0",
            ],
        ),
        (
            "aws-sdk:bedrockruntime:converse",
            json!({ "ModelId": "amazon.nova-lite-v1:0" }),
            &["bedrock:InvokeModel arn:aws:bedrock:r::foundation-model/amazon.nova-lite-v1:0"],
        ),
        (
            "aws-sdk:rekognition:detectModerationLabels",
            json!({ "Image.$": "$" }),
            &["rekognition:DetectModerationLabels *"],
        ),
    ]);
}

#[test]
fn transactions_batches_and_statements_name_their_tables() {
    check(&[
        (
            "aws-sdk:dynamodb:transactWriteItems",
            json!({ "TransactItems": [{ "Put": { "TableName": "a", "Item": {} } }, { "Delete": { "TableName": "b", "Key": {} } }] }),
            &[
                "dynamodb:PutItem arn:aws:dynamodb:r:1:table/a",
                "dynamodb:DeleteItem arn:aws:dynamodb:r:1:table/b",
            ],
        ),
        (
            "aws-sdk:dynamodb:batchGetItem",
            json!({ "RequestItems": { "a": {}, "b": {} } }),
            &[
                "dynamodb:BatchGetItem arn:aws:dynamodb:r:1:table/a",
                "dynamodb:BatchGetItem arn:aws:dynamodb:r:1:table/b",
            ],
        ),
        (
            "aws-sdk:dynamodb:query",
            json!({ "TableName": "a", "IndexName": "i" }),
            &["dynamodb:Query arn:aws:dynamodb:r:1:table/a/index/i"],
        ),
        (
            "aws-sdk:dynamodb:executeStatement",
            json!({ "Statement": "SELECT * FROM \"a\".\"i\" WHERE id = ?" }),
            &["dynamodb:PartiQLSelect arn:aws:dynamodb:r:1:table/a/index/i"],
        ),
    ]);
}

#[test]
fn roles_secrets_and_results_are_needed_beside() {
    check(&[
        (
            "aws-sdk:glue:createCrawler",
            json!({ "Name": "c", "Role": "service-role/Crawler" }),
            &[
                "glue:CreateCrawler *",
                "iam:PassRole arn:aws:iam::1:role/service-role/Crawler if iam:PassedToService is glue.amazonaws.com",
            ],
        ),
        (
            "aws-sdk:autoscaling:createLaunchConfiguration",
            json!({ "LaunchConfigurationName": "l", "IamInstanceProfile": "p" }),
            &[
                "autoscaling:CreateLaunchConfiguration arn:aws:autoscaling:r:1:launchConfiguration:*:launchConfigurationName/l",
                "iam:PassRole arn:aws:iam::1:role/* if iam:PassedToService is ec2.amazonaws.com",
            ],
        ),
        (
            "sagemaker:createTrainingJob",
            json!({ "TrainingJobName": "t", "RoleArn": "${Role}" }),
            &[
                "sagemaker:CreateTrainingJob arn:aws:sagemaker:r:1:training-job/t",
                "sagemaker:AddTags arn:aws:sagemaker:r:1:training-job/t",
                "iam:PassRole ${Role} if iam:PassedToService is sagemaker.amazonaws.com",
            ],
        ),
        (
            "aws-sdk:chime:createRoomMembership",
            json!({ "AccountId": "a", "RoomId": "r", "MemberId": "m", "Role": "Member" }),
            &["chime:CreateRoomMembership *"],
        ),
        (
            "aws-sdk:rdsdata:executeStatement",
            json!({ "ResourceArn": "arn:aws:rds:r:1:cluster:c", "SecretArn": "arn:aws:secretsmanager:r:1:secret:s-123456", "Sql": "x" }),
            &[
                "rds-data:ExecuteStatement arn:aws:rds:r:1:cluster:c",
                "secretsmanager:GetSecretValue arn:aws:secretsmanager:r:1:secret:s-123456",
            ],
        ),
        (
            "aws-sdk:transcribe:startTranscriptionJob",
            json!({ "TranscriptionJobName": "t", "Media": { "MediaFileUri": "s3://in/a.mp3" }, "OutputBucketName": "out" }),
            &[
                "transcribe:StartTranscriptionJob *",
                "s3:GetObject arn:aws:s3:::in/a.mp3",
                "s3:PutObject arn:aws:s3:::out/*",
            ],
        ),
    ]);
}
