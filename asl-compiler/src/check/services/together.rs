//! Parameters that exclude each other, and those that need others, where no model says so.
//!
//! In: an object among the parameters of an action. Out: what the service refuses whatever the account holds.

use super::parts::Part;
use crate::check::Checker;
use crate::check::given::{GivenMember, What};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;
use crate::vocabulary::Number;
use std::collections::HashMap;

/// When a rule says something: a member is there, with one of some values.
#[derive(Clone, Copy)]
struct When {
    member: &'static str,
    value: Value,
}

#[derive(Clone, Copy)]
enum Value {
    Any,
    /// It is `true`.
    True,
    /// It is one of these texts.
    Words(&'static [&'static str]),
    /// It has this text in it, or is a list with it.
    Has(&'static str),
}

/// What follows.
enum Then {
    /// None of these can be given, unless it is `false`.
    Excludes(&'static [&'static str]),
    /// One of these must be given.
    Needs(&'static [&'static str]),
    /// One of these is given by nearly everyone, and examples leave it out.
    Wants(&'static [&'static str]),
    /// This member, if it is given, has one of these texts.
    Only(&'static str, &'static [&'static str]),
}

/// A service, what holds the object, when, and what then.
struct Rule(&'static str, &'static str, When, Then);

const fn given(member: &'static str) -> When {
    When { member, value: Value::Any }
}

const fn set(member: &'static str) -> When {
    When { member, value: Value::True }
}

const fn is(member: &'static str, words: &'static [&'static str]) -> When {
    When { member, value: Value::Words(words) }
}

const fn has(member: &'static str, text: &'static str) -> When {
    When { member, value: Value::Has(text) }
}

use Then::{Excludes, Needs, Only, Wants};

/// By services.
const RULES: &[Rule] = &[
    Rule(
        "batch",
        "registerJobDefinition",
        is("Type", &["container"]),
        Needs(&["ContainerProperties", "EcsProperties", "EksProperties"]),
    ),
    Rule("batch", "registerJobDefinition", is("Type", &["multinode"]), Needs(&["NodeProperties"])),
    Rule("bedrock", "invokeModel", given("Body"), Excludes(&["Input"])),
    Rule("bedrock", "invokeModel", given("Input"), Excludes(&["Body"])),
    Rule("cloudformation", "", given("TemplateBody"), Excludes(&["TemplateUrl", "TemplateURL"])),
    Rule("cloudformation", "", given("StackPolicyBody"), Excludes(&["StackPolicyUrl", "StackPolicyURL"])),
    Rule("cloudformation", "createStack", set("DisableRollback"), Excludes(&["OnFailure"])),
    Rule(
        "cloudformation",
        "updateStack",
        set("UsePreviousTemplate"),
        Excludes(&["TemplateBody", "TemplateUrl", "TemplateURL"]),
    ),
    Rule("cloudwatch", "MetricData", given("Value"), Excludes(&["StatisticValues", "Values"])),
    Rule("cloudwatch", "MetricData", given("StatisticValues"), Excludes(&["Values"])),
    Rule("cloudwatch", "MetricDataQueries", given("MetricStat"), Excludes(&["Expression"])),
    Rule(
        "cloudwatch",
        "putMetricAlarm",
        given("Metrics"),
        Excludes(&["MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period"]),
    ),
    Rule("cloudwatch", "putMetricAlarm", given("Statistic"), Excludes(&["ExtendedStatistic"])),
    Rule(
        "cloudwatchlogs",
        "describeLogGroups",
        given("LogGroupNamePrefix"),
        Excludes(&["LogGroupNamePattern"]),
    ),
    Rule(
        "cloudwatchlogs",
        "describeLogStreams",
        is("OrderBy", &["LastEventTime"]),
        Excludes(&["LogStreamNamePrefix"]),
    ),
    Rule("cloudwatchlogs", "describeLogStreams", given("LogGroupName"), Excludes(&["LogGroupIdentifier"])),
    Rule("cloudwatchlogs", "filterLogEvents", given("LogGroupName"), Excludes(&["LogGroupIdentifier"])),
    Rule("cloudwatchlogs", "filterLogEvents", given("LogStreamNames"), Excludes(&["LogStreamNamePrefix"])),
    Rule("cloudwatchlogs", "getLogEvents", given("LogGroupName"), Excludes(&["LogGroupIdentifier"])),
    Rule(
        "cloudwatchlogs",
        "startQuery",
        given("LogGroupName"),
        Excludes(&["LogGroupNames", "LogGroupIdentifiers"]),
    ),
    Rule("cloudwatchlogs", "startQuery", given("LogGroupNames"), Excludes(&["LogGroupIdentifiers"])),
    Rule(
        "dynamodb",
        "",
        is("Select", &["ALL_ATTRIBUTES", "COUNT"]),
        Excludes(&["ProjectionExpression", "AttributesToGet"]),
    ),
    Rule(
        "dynamodb",
        "",
        is("Select", &["SPECIFIC_ATTRIBUTES"]),
        Needs(&["ProjectionExpression", "AttributesToGet"]),
    ),
    Rule("dynamodb", "RequestItems.*", given("PutRequest"), Excludes(&["DeleteRequest"])),
    Rule("dynamodb", "createTable", is("BillingMode", &["PROVISIONED"]), Needs(&["ProvisionedThroughput"])),
    Rule(
        "dynamodb",
        "createTable",
        is("BillingMode", &["PAY_PER_REQUEST"]),
        Excludes(&["ProvisionedThroughput"]),
    ),
    Rule("dynamodb", "scan", given("Segment"), Needs(&["TotalSegments"])),
    Rule("dynamodb", "scan", given("TotalSegments"), Needs(&["Segment"])),
    Rule("ec2", "describeInstanceStatus", given("InstanceIds"), Excludes(&["MaxResults"])),
    Rule("ec2", "describeInstances", given("InstanceIds"), Excludes(&["MaxResults"])),
    Rule("ec2", "describeVolumes", given("VolumeIds"), Excludes(&["MaxResults"])),
    Rule("ecs", "registerTaskDefinition", has("RequiresCompatibilities", "FARGATE"), Needs(&["Cpu"])),
    Rule("ecs", "registerTaskDefinition", has("RequiresCompatibilities", "FARGATE"), Needs(&["Memory"])),
    Rule(
        "ecs",
        "registerTaskDefinition",
        has("RequiresCompatibilities", "FARGATE"),
        Only("NetworkMode", &["awsvpc"]),
    ),
    Rule(
        "ecs",
        "registerTaskDefinition",
        has("RequiresCompatibilities", "FARGATE"),
        Only(
            "Cpu",
            &[
                "256", "512", "1024", "2048", "4096", "8192", "16384", ".25 vCPU", ".5 vCPU", "1 vCPU",
                "2 vCPU", "4 vCPU", "8 vCPU", "16 vCPU", ".25 vcpu", ".5 vcpu", "1 vcpu", "2 vcpu", "4 vcpu",
                "8 vcpu", "16 vcpu",
            ],
        ),
    ),
    Rule("ecs", "runTask", given("LaunchType"), Excludes(&["CapacityProviderStrategy"])),
    Rule(
        "ecs",
        "runTask",
        is("LaunchType", &["FARGATE"]),
        Excludes(&["PlacementConstraints", "PlacementStrategy"]),
    ),
    Rule("ecs", "runTask", is("LaunchType", &["FARGATE"]), Wants(&["NetworkConfiguration"])),
    Rule(
        "emr",
        "Instances",
        given("InstanceGroups"),
        Excludes(&["InstanceFleets", "MasterInstanceType", "SlaveInstanceType", "InstanceCount"]),
    ),
    Rule(
        "emr",
        "Instances",
        given("InstanceFleets"),
        Excludes(&["MasterInstanceType", "SlaveInstanceType", "InstanceCount"]),
    ),
    Rule("eventbridge", "Targets", given("Input"), Excludes(&["InputPath", "InputTransformer"])),
    Rule("eventbridge", "Targets", given("InputPath"), Excludes(&["InputTransformer"])),
    Rule("eventbridge", "Targets", has("Arn", ":stateMachine:"), Needs(&["RoleArn"])),
    Rule("eventbridge", "Targets", has("Arn", ":job-queue/"), Needs(&["RoleArn"])),
    Rule("eventbridge", "Targets", has("Arn", ":stream/"), Needs(&["RoleArn"])),
    Rule(
        "glue",
        "createJob",
        given("MaxCapacity"),
        Excludes(&["WorkerType", "NumberOfWorkers", "AllocatedCapacity"]),
    ),
    Rule("glue", "startJobRun", given("WorkerType"), Excludes(&["AllocatedCapacity"])),
    Rule(
        "glue",
        "startJobRun",
        given("MaxCapacity"),
        Excludes(&["WorkerType", "NumberOfWorkers", "AllocatedCapacity"]),
    ),
    Rule(
        "kinesis",
        "getShardIterator",
        is("ShardIteratorType", &["AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"]),
        Needs(&["StartingSequenceNumber"]),
    ),
    Rule("kinesis", "getShardIterator", is("ShardIteratorType", &["AT_TIMESTAMP"]), Needs(&["Timestamp"])),
    Rule("glue", "createTrigger", is("Type", &["SCHEDULED"]), Needs(&["Schedule"])),
    Rule("glue", "createTrigger", is("Type", &["CONDITIONAL"]), Needs(&["Predicate"])),
    Rule("kms", "generateDataKey", given("KeySpec"), Excludes(&["NumberOfBytes"])),
    Rule("lambda", "Code", given("ImageUri"), Excludes(&["S3Bucket", "S3Key", "ZipFile"])),
    Rule("lambda", "Code", given("S3Bucket"), Needs(&["S3Key"])),
    Rule("lambda", "Code", given("ZipFile"), Excludes(&["S3Bucket", "S3Key"])),
    Rule(
        "lambda",
        "createEventSourceMapping",
        is("StartingPosition", &["AT_TIMESTAMP"]),
        Needs(&["StartingPositionTimestamp"]),
    ),
    Rule("lambda", "createFunction", given("Runtime"), Needs(&["Handler"])),
    Rule(
        "lambda",
        "createFunction",
        is("PackageType", &["Image"]),
        Excludes(&["Handler", "Runtime", "Layers"]),
    ),
    Rule("lambda", "updateFunctionCode", given("ImageUri"), Excludes(&["S3Bucket", "S3Key", "ZipFile"])),
    Rule("lambda", "updateFunctionCode", given("S3Bucket"), Needs(&["S3Key"])),
    Rule("lambda", "updateFunctionCode", given("S3Key"), Needs(&["S3Bucket"])),
    Rule("lambda", "updateFunctionCode", given("ZipFile"), Excludes(&["S3Bucket", "S3Key"])),
    Rule("rds", "deleteDBCluster", set("SkipFinalSnapshot"), Excludes(&["FinalDbSnapshotIdentifier"])),
    Rule("rds", "deleteDBInstance", set("SkipFinalSnapshot"), Excludes(&["FinalDbSnapshotIdentifier"])),
    Rule("redshiftdata", "", given("ClusterIdentifier"), Excludes(&["WorkgroupName"])),
    Rule("redshiftdata", "", given("SecretArn"), Excludes(&["DbUser"])),
    Rule("rekognition", "Image", given("Bytes"), Excludes(&["S3Object"])),
    Rule("rekognition", "SourceImage", given("Bytes"), Excludes(&["S3Object"])),
    Rule("rekognition", "TargetImage", given("Bytes"), Excludes(&["S3Object"])),
    Rule("route53", "ResourceRecordSet", given("AliasTarget"), Excludes(&["TTL", "Ttl", "ResourceRecords"])),
    Rule("route53", "ResourceRecordSet", given("TTL"), Needs(&["ResourceRecords"])),
    Rule("route53", "ResourceRecordSet", given("ResourceRecords"), Needs(&["TTL", "Ttl"])),
    Rule("s3", "", given("Range"), Excludes(&["PartNumber"])),
    Rule("s3", "", is("ServerSideEncryption", &["AES256"]), Excludes(&["SsekmsKeyId", "SSEKMSKeyId"])),
    Rule("sagemaker", "AlgorithmSpecification", given("TrainingImage"), Excludes(&["AlgorithmName"])),
    Rule("scheduler", "FlexibleTimeWindow", is("Mode", &["FLEXIBLE"]), Needs(&["MaximumWindowInMinutes"])),
    Rule("secretsmanager", "", given("SecretString"), Excludes(&["SecretBinary"])),
    Rule(
        "secretsmanager",
        "RotationRules",
        given("AutomaticallyAfterDays"),
        Excludes(&["ScheduleExpression"]),
    ),
    Rule(
        "secretsmanager",
        "deleteSecret",
        set("ForceDeleteWithoutRecovery"),
        Excludes(&["RecoveryWindowInDays"]),
    ),
    Rule("sfn", "listExecutions", given("StateMachineArn"), Excludes(&["MapRunArn"])),
    Rule("ssm", "putParameter", set("Overwrite"), Excludes(&["Tags"])),
    Rule("textract", "", has("FeatureTypes", "QUERIES"), Needs(&["QueriesConfig"])),
    Rule("textract", "Document", given("Bytes"), Excludes(&["S3Object"])),
    Rule("transcribe", "Settings", set("ShowSpeakerLabels"), Needs(&["MaxSpeakerLabels"])),
    Rule("transcribe", "Settings", given("MaxSpeakerLabels"), Needs(&["ShowSpeakerLabels"])),
    Rule(
        "transcribe",
        "startTranscriptionJob",
        given("LanguageCode"),
        Excludes(&["IdentifyLanguage", "IdentifyMultipleLanguages"]),
    ),
    Rule(
        "transcribe",
        "startTranscriptionJob",
        set("IdentifyLanguage"),
        Excludes(&["IdentifyMultipleLanguages"]),
    ),
];

/// What needs one of some parameters, where the model requires none of them.
const NEEDED: &[(&str, &str, &[&str])] = &[
    ("cloudformation", "createStack", &["TemplateBody", "TemplateUrl", "TemplateURL"]),
    ("cloudwatch", "getMetricStatistics", &["Statistics", "ExtendedStatistics"]),
    ("ec2", "createVolume", &["Size", "SnapshotId"]),
    ("eventbridge", "putRule", &["ScheduleExpression", "EventPattern"]),
    ("kms", "generateDataKey", &["KeySpec", "NumberOfBytes"]),
    ("lambda", "updateFunctionCode", &["ImageUri", "S3Bucket", "S3Key", "ZipFile"]),
    ("redshiftdata", "batchExecuteStatement", &["ClusterIdentifier", "WorkgroupName", "SessionId"]),
    ("redshiftdata", "executeStatement", &["ClusterIdentifier", "WorkgroupName", "SessionId"]),
    ("rekognition", "Image", &["Bytes", "S3Object"]),
    ("sfn", "listExecutions", &["StateMachineArn", "MapRunArn"]),
    ("ssm", "sendCommand", &["InstanceIds", "Targets"]),
    ("textract", "Document", &["Bytes", "S3Object"]),
    (
        "transcribe",
        "startTranscriptionJob",
        &["LanguageCode", "IdentifyLanguage", "IdentifyMultipleLanguages"],
    ),
];

/// Lists whose elements are told apart by a member of theirs, and by others where these are given; `*` is each service without a rule of its own.
const DISTINCT: &[(&str, &str, &str, &[&str])] = &[
    ("*", "Tags", "Key", &[]),
    ("autoscaling", "Tags", "Key", &["ResourceId", "ResourceType"]),
    ("cloudwatch", "MetricDataQueries", "Id", &[]),
    ("eventbridge", "Targets", "Id", &[]),
    ("s3", "TagSet", "Key", &[]),
    ("sns", "PublishBatchRequestEntries", "Id", &[]),
    ("sqs", "Entries", "Id", &[]),
];

/// Numbers that are a multiple of one, or one of some smaller ones.
const MULTIPLES: &[(&str, &str, &str, u64, &[u64])] = &[
    ("cloudwatch", "MetricStat", "Period", 60, &[1, 5, 10, 20, 30]),
    ("cloudwatch", "getMetricStatistics", "Period", 60, &[1, 5, 10, 20, 30]),
    ("cloudwatch", "putMetricAlarm", "Period", 60, &[10, 20, 30]),
];

/// Numbers of which the first is not more than the second, or is less.
const ORDERED: &[(&str, &str, &str, &str, bool)] = &[
    ("autoscaling", "", "MinSize", "MaxSize", false),
    ("applicationautoscaling", "registerScalableTarget", "MinCapacity", "MaxCapacity", false),
    ("cloudwatch", "putMetricAlarm", "DatapointsToAlarm", "EvaluationPeriods", false),
    ("cloudwatchlogs", "", "StartTime", "EndTime", false),
    ("dynamodb", "scan", "Segment", "TotalSegments", true),
    ("ec2", "runInstances", "MinCount", "MaxCount", false),
    ("cloudwatch", "", "StartTime", "EndTime", true),
    ("cloudwatchlogs", "createExportTask", "From", "To", true),
    ("ec2", "IpPermissions", "FromPort", "ToPort", false),
    ("eks", "ScalingConfig", "DesiredSize", "MaxSize", false),
    ("eks", "ScalingConfig", "MinSize", "DesiredSize", false),
    ("emr", "ComputeLimits", "MinimumCapacityUnits", "MaximumCapacityUnits", false),
    ("sagemaker", "StoppingCondition", "MaxRuntimeInSeconds", "MaxWaitTimeInSeconds", false),
];

pub(super) fn check(part: &Part<'_, '_>, checker: &mut Checker<'_>) {
    for Rule(.., when, then) in RULES.iter().filter(|Rule(service, owner, ..)| part.is(service, owner)) {
        let Some(member) = part.always(when.member).filter(|member| when.value.is(member)) else { continue };
        let fault = match then {
            Excludes(names) => excluded(part, *when, member, names),
            Needs(names) => lacking(part, *when, member, names),
            Wants(names) => lacking(part, *when, member, names)
                .map(|fault| Diagnostic { severity: Severity::Warning, ..fault }),
            Only(name, words) => other_than(part, *when, member, (name, words)),
        };
        fault.into_iter().for_each(|fault| checker.report_accepted(fault));
    }
    for (.., names) in NEEDED.iter().filter(|(service, owner, _)| part.is(service, owner)) {
        if !part.may_have(names) {
            let noun = if names.len() > 1 { "one of these" } else { "this" };
            let message = format!("{} needs {noun}: {}", part.name(), list(names));
            checker.report_accepted(
                Diagnostic::new(Code::InvalidParameter, part.start(), message)
                    .label(format!("expected {} in here", list(names))),
            );
        }
    }
    for member in part.members {
        let rule =
            |name: &str| DISTINCT.iter().find(|(service, list, ..)| *service == name && *list == member.name);
        if let Some((.., key, others)) = rule(part.service).or_else(|| rule("*")) {
            let fault = twice(member, key, others);
            fault.into_iter().for_each(|fault| checker.report_accepted(fault));
        }
    }
    for (_, _, name, of, others) in MULTIPLES.iter().filter(|(service, owner, ..)| part.is(service, owner)) {
        let Some(member) = part.always(name) else { continue };
        let Some(Number::Int(number)) = written(member) else { continue };
        let Ok(number) = u64::try_from(number) else { continue };
        if number % of != 0 && !others.contains(&number) {
            let list: Vec<_> = others.iter().map(u64::to_string).collect();
            let message = format!("`{name}` cannot be {number}");
            checker.report_accepted(
                Diagnostic::new(Code::InvalidParameter, member.value.span, message)
                    .label(format!("expected {}, or a multiple of {of}", list.join(", "))),
            );
        }
    }
    for (.., lower, upper, is_less) in ORDERED.iter().filter(|(service, owner, ..)| part.is(service, owner)) {
        let fault = disordered(part, lower, upper, *is_less);
        fault.into_iter().for_each(|fault| checker.report_accepted(fault));
    }
}

impl Value {
    fn is(self, member: &GivenMember<'_>) -> bool {
        let text = member.value.text();
        match self {
            Self::Any => true,
            Self::True => matches!(member.value.what, What::Boolean(Some(true))),
            Self::Words(words) => text.is_some_and(|text| words.contains(&text)),
            Self::Has(wanted) => {
                let elements = if let What::List(Some(elements)) = &member.value.what {
                    elements.as_slice()
                } else {
                    &[]
                };
                text.is_some_and(|text| text.contains(wanted))
                    || elements.iter().any(|element| element.text() == Some(wanted))
            }
        }
    }
}

/// A parameter as a message names it: with its value where that counts.
fn named(when: When, member: &GivenMember<'_>) -> String {
    match (when.value, member.value.text()) {
        (Value::Words(_), Some(text)) => format!("`{}` `{text}`", when.member),
        (Value::Has(wanted), None) => format!("`{wanted}` in `{}`", when.member),
        (Value::True, _) => format!("`{}` `true`", when.member),
        _ => format!("`{}`", when.member),
    }
}

fn list(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(" or ")
}

/// The later of two that exclude each other is the one that is too much.
fn excluded(part: &Part<'_, '_>, when: When, member: &GivenMember<'_>, names: &[&str]) -> Option<Diagnostic> {
    let is_set = |other: &&GivenMember<'_>| !matches!(other.value.what, What::Boolean(Some(false)));
    let other = names.iter().find_map(|name| part.always(name).filter(is_set))?;
    let is_later = other.key.span.start > member.key.span.start;
    let (later, earlier) = if is_later { (other, member) } else { (member, other) };
    let message = format!("`{}` does not go together with {}", other.name, named(when, member));
    Some(
        Diagnostic::new(Code::InvalidParameter, later.key.span, message)
            .label("only one of the two can be given")
            .related(earlier.key.span, "the other is here"),
    )
}

fn lacking(part: &Part<'_, '_>, when: When, member: &GivenMember<'_>, names: &[&str]) -> Option<Diagnostic> {
    if part.may_have(names) {
        return None;
    }
    let message = format!("{} needs {}", named(when, member), list(names));
    Some(
        Diagnostic::new(Code::InvalidParameter, member.key.span, message)
            .label(format!("expected {} beside it", list(names))),
    )
}

/// Two elements of a list that are called alike.
fn twice(list: &GivenMember<'_>, key: &str, others: &[&str]) -> Option<Diagnostic> {
    let What::List(Some(elements)) = &list.value.what else { return None };
    let mut seen: HashMap<(&str, Vec<Option<&str>>), Span> = HashMap::new();
    elements.iter().find_map(|element| {
        let What::Object(Some(members)) = &element.what else { return None };
        let name = &members.iter().find(|member| member.name == key && member.is_always)?.value;
        let other = |other: &&str| match members.iter().find(|member| member.name == *other) {
            Some(member) if member.is_always => member.value.text().map(Some),
            Some(_) => None,
            None => Some(None),
        };
        let others = others.iter().map(other).collect::<Option<_>>()?;
        let first = seen.insert((name.text()?, others), name.span)?;
        let message = format!("two elements of `{}` have the `{key}` `{}`", list.name, name.text()?);
        Some(
            Diagnostic::new(Code::InvalidParameter, name.span, message)
                .label("each has one of its own")
                .related(first, "the other is here"),
        )
    })
}

fn other_than(
    part: &Part<'_, '_>,
    when: When,
    member: &GivenMember<'_>,
    (name, words): (&str, &[&str]),
) -> Option<Diagnostic> {
    let other = part.always(name)?;
    let text = other.value.text().filter(|text| !words.contains(text) && !text.contains(['<', '{', '$']))?;
    let message = format!("`{name}` cannot be `{text}` with {}", named(when, member));
    Some(
        Diagnostic::new(Code::InvalidParameter, other.value.span, message)
            .label(format!("expected {}", list(words.get(..7).unwrap_or(words))))
            .related(member.key.span, "the other is here"),
    )
}

const fn written(member: &GivenMember<'_>) -> Option<Number> {
    if let What::Number(number) = member.value.what { number } else { None }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of things are not so large")]
fn number(member: &GivenMember<'_>) -> Option<f64> {
    Some(match written(member)? {
        Number::Int(number) => number as f64,
        Number::Uint(number) => number as f64,
        Number::Float(number) => number,
    })
}

fn disordered(part: &Part<'_, '_>, lower: &str, upper: &str, is_less: bool) -> Option<Diagnostic> {
    let (low, high) = (part.always(lower)?, part.always(upper)?);
    let is_right = match (number(low), number(high), low.value.text(), high.value.text()) {
        (Some(least), Some(most), ..) => least < most || (!is_less && least <= most),
        // Times of one form are in the order of their letters.
        (_, _, Some(first), Some(last)) => {
            let is_time = |text: &str| text.len() == 20 && text.ends_with('Z') && text.contains('T');
            !is_time(first) || !is_time(last) || first < last
        }
        _ => true,
    };
    if is_right {
        return None;
    }
    let than = if is_less { "must be less than" } else { "cannot be more than" };
    let later = if low.key.span.start > high.key.span.start { low } else { high };
    let message = format!("`{lower}` {than} `{upper}`");
    Some(
        Diagnostic::new(Code::InvalidParameter, later.value.span, message)
            .label("the two are in the wrong order")
            .related(if later.key.span == low.key.span { high } else { low }.value.span, "the other is here"),
    )
}
