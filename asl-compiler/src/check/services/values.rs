//! Values that are written out and that a service never takes: names of the wrong form, JSON that is none, numbers out of range.
//!
//! In: the parameters of an action, or of a part of them. Out: only what the service refuses whatever the account holds.

use super::forms::{self, Wrong};
use super::parts::Part;
use crate::check::Checker;
use crate::check::given::{Given, GivenMember, What};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::Text;
use crate::vocabulary::Number;
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// A service, the action or parameter that holds the object, a member of it, and what is wrong with a text that it has.
type Rule = (&'static str, &'static str, &'static str, fn(&str) -> Option<Wrong>);

/// Any action.
const ANY: &str = "";

const TEXTS: &[Rule] = &[
    ("*", "*", "DataAccessRoleArn", forms::role_arn),
    ("*", "*", "ExecutionRoleArn", forms::role_arn),
    ("*", "*", "RoleArn", forms::role_arn),
    ("*", "Tags", "Key", forms::own_tag),
    ("apigateway", "invoke", "ApiEndpoint", forms::host),
    ("athena", ANY, "ClientRequestToken", forms::long_token),
    ("athena", "ResultConfiguration", "OutputLocation", forms::s3_uri),
    ("batch", "ResourceRequirements", "Value", forms::amount),
    ("batch", "registerJobDefinition", "JobDefinitionName", forms::job_name),
    ("batch", "submitJob", "JobDefinition", forms::resource_name),
    ("batch", "submitJob", "JobName", forms::job_name),
    ("batch", "submitJob", "JobQueue", forms::resource_name),
    ("cloudformation", "createStack", "StackName", forms::stack_name),
    ("cloudwatch", "MetricDataQueries", "Id", forms::metric_id),
    ("cloudwatch", "putDashboard", "DashboardBody", forms::json_object),
    ("cloudwatch", "putMetricAlarm", "TreatMissingData", forms::missing_data),
    ("cloudwatch", "putMetricData", "Namespace", forms::own_namespace),
    ("cognitoidentityprovider", "listUsers", "Filter", forms::user_filter),
    ("dynamodb", ANY, "TableName", forms::table_name),
    ("dynamodb", "ConditionCheck", "TableName", forms::table_name),
    ("dynamodb", "Delete", "TableName", forms::table_name),
    ("dynamodb", "Get", "TableName", forms::table_name),
    ("dynamodb", "Put", "TableName", forms::table_name),
    ("dynamodb", "Update", "TableName", forms::table_name),
    ("dynamodb", "deleteItem", "ReturnValues", forms::returned),
    ("dynamodb", "putItem", "ReturnValues", forms::returned),
    ("ec2", "*", "CidrIp", forms::network),
    ("ec2", "*", "ImageId", forms::image),
    ("ec2", "*", "InstanceId", forms::instance),
    ("ec2", "*", "InstanceIds", forms::instance),
    ("ec2", "*", "SecurityGroupIds", forms::security_group),
    ("ec2", "*", "SubnetId", forms::subnet),
    ("ec2", "*", "SubnetIds", forms::subnet),
    ("ec2", "*", "VolumeId", forms::volume),
    ("ec2", "*", "VolumeIds", forms::volume),
    ("ecs", "AwsvpcConfiguration", "SecurityGroups", forms::security_group),
    ("ecs", "AwsvpcConfiguration", "Subnets", forms::subnet),
    ("ecs", "registerTaskDefinition", "Family", forms::resource_name),
    ("ecs", "runTask", "TaskDefinition", forms::task_definition),
    ("emr", "createCluster", "ReleaseLabel", forms::release_label),
    ("eventbridge", "Entries", "Detail", forms::json_object),
    ("eventbridge", "Entries", "DetailType", forms::filled),
    ("eventbridge", "Entries", "Source", forms::filled),
    ("eventbridge", "Entries", "Source", forms::own_source),
    ("eventbridge", "Targets", "Arn", forms::any_arn),
    ("eventbridge", "Targets", "Input", forms::json_value),
    ("eventbridge", "putRule", "EventPattern", forms::json_object),
    ("eventbridge", "putRule", "ScheduleExpression", forms::rule_schedule),
    ("glue", "createCrawler", "Schedule", forms::cron),
    ("glue", "createTrigger", "Schedule", forms::cron),
    ("glue", "updateCrawler", "Schedule", forms::cron),
    ("iam", ANY, "PolicyArn", forms::any_arn),
    ("iam", "createPolicy", "PolicyDocument", forms::policy),
    ("iam", "createRole", "AssumeRolePolicyDocument", forms::policy),
    ("iam", "putRolePolicy", "PolicyDocument", forms::policy),
    ("iam", "updateAssumeRolePolicy", "PolicyDocument", forms::policy),
    ("kms", ANY, "AliasName", forms::alias_name),
    ("kms", "disableKey", "KeyId", forms::key_id),
    ("kms", "enableKeyRotation", "KeyId", forms::key_id),
    ("kms", "putKeyPolicy", "Policy", forms::policy),
    ("kms", "scheduleKeyDeletion", "KeyId", forms::key_id),
    ("lambda", ANY, "FunctionName", forms::function),
    ("lambda", "VpcConfig", "SecurityGroupIds", forms::security_group),
    ("lambda", "VpcConfig", "SubnetIds", forms::subnet),
    ("lambda", "createAlias", "Name", forms::function_alias),
    ("rds", "createDBSnapshot", "DbSnapshotIdentifier", forms::snapshot_name),
    ("rdsdata", ANY, "ResourceArn", forms::any_arn),
    ("rdsdata", ANY, "SecretArn", forms::any_arn),
    ("redshiftdata", ANY, "SecretArn", forms::any_arn),
    ("s3", ANY, "Bucket", forms::bucket),
    ("s3", ANY, "Key", forms::object_key),
    ("s3", "CreateBucketConfiguration", "LocationConstraint", forms::location),
    ("s3", "copyObject", "CopySource", forms::copy_source),
    ("s3", "createBucket", "Bucket", forms::new_bucket),
    ("s3", "putBucketPolicy", "Policy", forms::policy),
    ("sagemaker", "*", "InstanceType", forms::learning_instance),
    ("sagemaker", "TransformOutput", "S3OutputPath", forms::s3_uri),
    ("scheduler", ANY, "ScheduleExpression", forms::schedule),
    ("scheduler", ANY, "ScheduleExpressionTimezone", forms::time_zone),
    ("scheduler", "Target", "Arn", forms::any_arn),
    ("scheduler", "createSchedule", "Name", forms::plain_name),
    ("secretsmanager", "createSecret", "Name", forms::secret_name),
    ("secretsmanager", "putResourcePolicy", "ResourcePolicy", forms::policy),
    ("ses", ANY, "Source", forms::mail),
    ("ses", "Destination", "ToAddresses", forms::mail),
    ("ses", "sendTemplatedEmail", "TemplateData", forms::json_object),
    ("sesv2", ANY, "FromEmailAddress", forms::mail),
    ("sesv2", "Destination", "BccAddresses", forms::mail),
    ("sesv2", "Destination", "CcAddresses", forms::mail),
    ("sesv2", "Destination", "ToAddresses", forms::mail),
    ("sesv2", "Template", "TemplateData", forms::json_object),
    ("sfn", "createActivity", "Name", forms::machine_name),
    ("sfn", "createStateMachine", "Definition", forms::json_object),
    ("sfn", "createStateMachine", "Name", forms::machine_name),
    ("sfn", "sendTaskSuccess", "Output", forms::json_value),
    ("sfn", "startExecution", "Input", forms::json_value),
    ("sfn", "startExecution", "Name", forms::execution_name),
    ("sfn", "startSyncExecution", "Input", forms::json_value),
    ("sfn", "startSyncExecution", "Name", forms::execution_name),
    ("sfn", "updateStateMachine", "Definition", forms::json_object),
    ("sns", "Attributes", "FilterPolicy", forms::json_object),
    ("sns", "Attributes", "FilterPolicyScope", forms::policy_scope),
    ("sns", "Attributes", "RawMessageDelivery", forms::truth),
    ("sns", "MessageAttributes.*", "DataType", forms::attribute_type),
    ("sns", "PublishBatchRequestEntries", "Id", forms::entry_id),
    ("sns", "createTopic", "Name", forms::queue_name),
    ("sns", "publish", "Message", forms::filled),
    ("sns", "publish", "MessageDeduplicationId", forms::message_id),
    ("sns", "publish", "MessageGroupId", forms::message_id),
    ("sns", "publish", "MessageStructure", forms::structure),
    ("sns", "publish", "PhoneNumber", forms::phone_number),
    ("sns", "publish", "Subject", forms::subject),
    ("sns", "subscribe", "Protocol", forms::protocol),
    ("sqs", "Attributes", "ContentBasedDeduplication", forms::truth),
    ("sqs", "Attributes", "FifoQueue", forms::truth),
    ("sqs", "Attributes", "RedrivePolicy", forms::redrive_policy),
    ("sqs", "Entries", "Id", forms::entry_id),
    ("sqs", "Entries", "MessageBody", forms::filled),
    ("sqs", "Entries", "MessageDeduplicationId", forms::message_id),
    ("sqs", "Entries", "MessageGroupId", forms::message_id),
    ("sqs", "MessageAttributes.*", "DataType", forms::attribute_type),
    ("sqs", "createQueue", "QueueName", forms::short_queue_name),
    ("sqs", "sendMessage", "MessageBody", forms::filled),
    ("sqs", "sendMessage", "MessageDeduplicationId", forms::message_id),
    ("sqs", "sendMessage", "MessageGroupId", forms::message_id),
    ("ssm", "getParametersByPath", "Path", forms::parameter_path),
    ("ssm", "putParameter", "Name", forms::parameter_name),
    ("ssm", "putParameter", "Value", forms::filled),
    ("ssm", "sendCommand", "InstanceIds", forms::instance),
    ("transcribe", ANY, "LanguageCode", forms::language),
];

/// Numbers that are taken, where the model does not say so; some are written in texts.
const NUMBERS: &[(&str, &str, &str, RangeInclusive<u64>)] = &[
    ("batch", "ArrayProperties", "Size", 2..=10_000),
    ("batch", "RetryStrategy", "Attempts", 1..=10),
    ("batch", "Timeout", "AttemptDurationSeconds", 60..=u64::MAX),
    ("batch", "submitJob", "SchedulingPriorityOverride", 0..=9_999),
    ("ecs", "runTask", "Count", 1..=10),
    ("kms", "scheduleKeyDeletion", "PendingWindowInDays", 7..=30),
    ("lambda", "createFunction", "Timeout", 1..=900),
    ("lambda", "updateFunctionConfiguration", "Timeout", 1..=900),
    ("rds", "createDBInstance", "BackupRetentionPeriod", 0..=35),
    ("rds", "modifyDBInstance", "BackupRetentionPeriod", 0..=35),
    ("s3", "uploadPart", "PartNumber", 1..=10_000),
    ("s3", "uploadPartCopy", "PartNumber", 1..=10_000),
    ("secretsmanager", "deleteSecret", "RecoveryWindowInDays", 7..=30),
    ("sqs", "Attributes", "DelaySeconds", 0..=900),
    ("sqs", "Attributes", "MaximumMessageSize", 1_024..=1_048_576),
    ("sqs", "Attributes", "MessageRetentionPeriod", 60..=1_209_600),
    ("sqs", "Attributes", "ReceiveMessageWaitTimeSeconds", 0..=20),
    ("sqs", "Attributes", "VisibilityTimeout", 0..=43_200),
    ("sqs", "Entries", "DelaySeconds", 0..=900),
    ("sqs", "Entries", "VisibilityTimeout", 0..=43_200),
    ("sqs", "changeMessageVisibility", "VisibilityTimeout", 0..=43_200),
    ("sqs", "receiveMessage", "MaxNumberOfMessages", 1..=10),
    ("sqs", "receiveMessage", "VisibilityTimeout", 0..=43_200),
    ("sqs", "receiveMessage", "WaitTimeSeconds", 0..=20),
    ("sqs", "sendMessage", "DelaySeconds", 0..=900),
];

/// How many elements a list of an action has, where its model does not say so.
const LENGTHS: &[(&str, &str, &str, RangeInclusive<u64>)] = &[
    ("ecs", "AwsvpcConfiguration", "SecurityGroups", 0..=5),
    ("ecs", "AwsvpcConfiguration", "Subnets", 1..=16),
    ("lambda", ANY, "Layers", 0..=5),
    ("s3", "Delete", "Objects", 1..=1_000),
    ("sns", "publishBatch", "PublishBatchRequestEntries", 1..=10),
    ("sqs", "changeMessageVisibilityBatch", "Entries", 1..=10),
    ("sqs", "deleteMessageBatch", "Entries", 1..=10),
    ("sqs", "sendMessageBatch", "Entries", 1..=10),
    ("textract", ANY, "FeatureTypes", 1..=5),
];

/// Numbers of which an action takes only these.
const CHOICES: &[(&str, &str, &str, &[u64])] = &[
    ("cloudwatch", "MetricData", "StorageResolution", &[1, 60]),
    (
        "cloudwatchlogs",
        "putRetentionPolicy",
        "RetentionInDays",
        &[
            1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
            3288, 3653,
        ],
    ),
    ("sagemaker", "ServerlessConfig", "MemorySizeInMB", &[1024, 2048, 3072, 4096, 5120, 6144]),
];

/// Whether a text of that name is looked at whatever the service is.
pub(super) fn is_told(name: &str) -> bool {
    TEXTS.iter().any(|(service, _, told, _)| *service == "*" && *told == name)
}

pub(super) fn check(part: &Part<'_, '_>, checker: &mut Checker<'_>) {
    for member in part.members {
        let is_it = |service: &str, owner: &str, name: &str| name == member.name && part.is(service, owner);
        for (.., find) in TEXTS.iter().filter(|(service, owner, name, _)| is_it(service, owner, name)) {
            for text in texts(&member.value) {
                if is_meant_to_be_read(&text.value) && find(&text.value).is_some() {
                    checker.refused.insert(text.span);
                }
                fault(&member.name, text, *find).into_iter().for_each(|fault| checker.report_accepted(fault));
            }
        }
        let limits = if matches!(member.value.what, What::List(_)) { LENGTHS } else { NUMBERS };
        for (.., range) in limits.iter().filter(|(service, owner, name, _)| is_it(service, owner, name)) {
            out_of_range(member, range).into_iter().for_each(|fault| checker.report_accepted(fault));
        }
        for (.., choices) in CHOICES.iter().filter(|(service, owner, name, _)| is_it(service, owner, name)) {
            none_of(member, choices).into_iter().for_each(|fault| checker.report_accepted(fault));
        }
    }
}

/// A text, or those of a list.
fn texts<'g>(given: &'g Given<'_>) -> impl Iterator<Item = &'g Text> {
    let elements = if let What::List(Some(elements)) = &given.what { elements.as_slice() } else { &[] };
    std::iter::once(given).chain(elements).filter_map(|given| {
        if let What::Text(text) = &given.what { text.as_ref().map(Cow::as_ref) } else { None }
    })
}

/// What is wrong with the name of a bucket.
pub(in crate::check) fn bucket_fault(text: &Text) -> Option<Diagnostic> {
    fault("Bucket", text, forms::bucket)
}

/// Whether a text was to be computed or looked up, which is said elsewhere.
fn is_meant_to_be_read(text: &str) -> bool {
    text.starts_with('$') || text.starts_with("{%")
}

/// Something with a place for a value in it may be anything.
fn fault(name: &str, text: &Text, find: fn(&str) -> Option<Wrong>) -> Option<Diagnostic> {
    let is_open = text.value.contains(['<', '{']) && !text.value.starts_with('{');
    if is_open || is_meant_to_be_read(&text.value) {
        return None;
    }
    let Wrong { what, label, help } = find(&text.value)?;
    let mut diagnostic =
        Diagnostic::new(Code::InvalidParameter, text.span, format!("`{name}` {what}")).label(label);
    diagnostic.help.extend(help);
    Some(diagnostic)
}

fn out_of_range(member: &GivenMember<'_>, range: &RangeInclusive<u64>) -> Option<Diagnostic> {
    let (is_within, noun) = if let What::Number(Some(number)) = &member.value.what {
        (is_within(*number, range), "number")
    } else if let What::Text(Some(text)) = &member.value.what
        && let Ok(number) = text.value.trim().parse()
    {
        (is_within(Number::Int(number), range), "number")
    } else if let What::List(Some(elements)) = &member.value.what {
        (u64::try_from(elements.len()).is_ok_and(|length| range.contains(&length)), "number of elements")
    } else {
        return None;
    };
    if is_within {
        return None;
    }
    let limits = match (range.start(), range.end()) {
        (least, &u64::MAX) => format!("of at least {least}"),
        (least, most) => format!("from {least} to {most}"),
    };
    let message = format!("`{}` is out of range", member.name);
    let diagnostic = Diagnostic::new(Code::InvalidParameter, member.value.span, message);
    Some(diagnostic.label(format!("expected a {noun} {limits}")))
}

fn none_of(member: &GivenMember<'_>, choices: &[u64]) -> Option<Diagnostic> {
    let What::Number(Some(number)) = member.value.what else { return None };
    if choices.iter().any(|choice| is_within(number, &(*choice..=*choice))) {
        return None;
    }
    let message = format!("`{}` cannot be this number", member.name);
    let list: Vec<_> = choices.iter().map(u64::to_string).collect();
    let diagnostic = Diagnostic::new(Code::InvalidParameter, member.value.span, message);
    Some(diagnostic.label(format!("expected one of {}", list.join(", "))))
}

/// Parts of numbers are for whom the parameter is described.
#[expect(clippy::cast_precision_loss, reason = "no limit is beyond 2^53 but that which is none")]
fn is_within(number: Number, range: &RangeInclusive<u64>) -> bool {
    match number {
        Number::Int(number) => u64::try_from(number).is_ok_and(|number| range.contains(&number)),
        Number::Uint(number) => range.contains(&number),
        Number::Float(number) => number >= *range.start() as f64 && number <= *range.end() as f64,
    }
}
