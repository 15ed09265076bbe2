//! The resource that a parameter names, for the services whose workflows name them.
//!
//! In: the parameters of a call. Out: an ARN as narrow as the definition allows, and why it is a pattern where it is one.

use super::{DYNAMIC, last_part};
use crate::arn::{Arn, Piece};
use crate::workflow::{Argument, Parameters};

/// A resource, and why it is wider than one name.
pub(super) type Named = (Arn, Option<&'static str>);

/// How the resources of a service are named.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    /// The parameter with the name, the ARN or the URL.
    pub(super) parameter: &'static str,
    /// The service in ARNs.
    pub(super) service: &'static str,
    /// What stands before the name.
    pub(super) before: &'static str,
    /// What stands behind it.
    pub(super) behind: &'static str,
}

const fn kind(
    parameter: &'static str,
    service: &'static str,
    before: &'static str,
    behind: &'static str,
) -> Kind {
    Kind { parameter, service, before, behind }
}

/// The parameters that name resources, by the prefix of the service's actions.
const KINDS: &[(&str, &[Kind])] = &[
    ("athena", &[kind("WorkGroup", "athena", "workgroup/", "")]),
    (
        "batch",
        &[
            kind("JobQueue", "batch", "job-queue/", ""),
            kind("JobDefinition", "batch", "job-definition/", ""),
            kind("JobId", "batch", "job/", ""),
        ],
    ),
    ("cloudformation", &[kind("StackName", "cloudformation", "stack/", "/*")]),
    ("codebuild", &[kind("ProjectName", "codebuild", "project/", "")]),
    ("cognito-idp", &[kind("UserPoolId", "cognito-idp", "userpool/", "")]),
    ("databrew", &[kind("Name", "databrew", "job/", "")]),
    ("dynamodb", &[kind("TableName", "dynamodb", "table/", "")]),
    ("ecs", &[kind("TaskDefinition", "ecs", "task-definition/", ":*")]),
    ("eks", &[kind("Name", "eks", "cluster/", ""), kind("ClusterName", "eks", "cluster/", "")]),
    ("elasticmapreduce", &[kind("ClusterId", "elasticmapreduce", "cluster/", "")]),
    ("emr-containers", &[kind("VirtualClusterId", "emr-containers", "/virtualclusters/", "")]),
    ("emr-serverless", &[kind("ApplicationId", "emr-serverless", "/applications/", "")]),
    ("events", &[kind("EventBusName", "events", "event-bus/", "")]),
    ("firehose", &[kind("DeliveryStreamName", "firehose", "deliverystream/", "")]),
    (
        "glue",
        &[
            kind("JobName", "glue", "job/", ""),
            kind("CrawlerName", "glue", "crawler/", ""),
            kind("Name", "glue", "crawler/", ""),
        ],
    ),
    ("kinesis", &[kind("StreamArn", "kinesis", "", ""), kind("StreamName", "kinesis", "stream/", "")]),
    ("kms", &[kind("KeyId", "kms", "key/", "")]),
    ("lambda", &[kind("FunctionName", "lambda", "function:", "")]),
    ("logs", &[kind("LogGroupName", "logs", "log-group:", ":*")]),
    ("redshift-data", &[kind("ClusterIdentifier", "redshift", "cluster:", "")]),
    ("secretsmanager", &[kind("SecretId", "secretsmanager", "secret:", "-??????")]),
    ("sns", &[kind("TopicArn", "sns", "", ""), kind("TargetArn", "sns", "", "")]),
    ("sqs", &[kind("QueueUrl", "sqs", "", "")]),
    ("ssm", &[kind("Name", "ssm", "parameter/", ""), kind("DocumentName", "ssm", "document/", "")]),
    (
        "states",
        &[
            kind("StateMachineArn", "states", "stateMachine:", ""),
            kind("ExecutionArn", "states", "execution:", ""),
        ],
    ),
];

/// The resource that the parameters of an action of this service name, if the service is known and a parameter is there.
pub(super) fn named(prefix: &str, parameters: &Parameters<'_>) -> Option<Named> {
    let (_, kinds) = KINDS.iter().find(|(service, _)| *service == prefix)?;
    let (kind, value) = kinds.iter().find_map(|kind| Some((kind, parameters.get(kind.parameter)?)))?;
    Some(one(*kind, value))
}

/// One of the two resources of a batch job.
pub(super) fn batch(parameters: &Parameters<'_>, parameter: &'static str, before: &'static str) -> Named {
    let kind = Kind { parameter, service: "batch", before, behind: "" };
    one(kind, parameters.get(parameter).unwrap_or(Argument::Dynamic))
}

fn one(kind: Kind, value: Argument<'_>) -> Named {
    let Kind { parameter, service, before, behind } = kind;
    match value {
        Argument::Dynamic => (Arn::here(service, &format!("{before}*")), Some(DYNAMIC)),
        Argument::Constant(text) if text.starts_with("arn:") => (Arn::written(text), None),
        Argument::Constant(url) if parameter == "QueueUrl" => queue(url),
        Argument::Constant(text) => match whole_placeholder(text) {
            // Nobody knows whether a name or an ARN will be put in, but the parameter's own name tells.
            Some(_) if parameter.ends_with("Arn") => (Arn::written(text), None),
            // `Fn::Sub` of a parameter of Parameter Store begins with a slash as a rule.
            _ => (Arn::here(service, &format!("{before}{}{behind}", text.trim_start_matches('/'))), None),
        },
    }
}

/// `Name` of `${Name}`.
pub(super) fn whole_placeholder(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    (!name.contains(['$', '{', '}'])).then_some(name)
}

/// The queue at a URL: `https://sqs.region.amazonaws.com/account/name`.
fn queue(url: &str) -> Named {
    if whole_placeholder(url).is_some() {
        return (
            Arn::here("sqs", "*"),
            Some(
                "the ARN of a queue cannot be made of a placeholder for its URL; put its name in the place of `*`",
            ),
        );
    }
    let mut parts = url.rsplit('/');
    let (name, account) = (parts.next().unwrap_or(url), parts.next());
    let host = url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map(|(host, _)| host);
    let region = host.and_then(|host| host.strip_prefix("sqs.")).and_then(|rest| rest.split('.').next());
    let arn = Arn::written("arn:").and(Piece::Partition).and_text(":sqs:");
    let arn = match region {
        Some(region) => arn.and_text(region),
        None => arn.and(Piece::Region),
    };
    let arn = match account.filter(|account| is_account(account)) {
        Some(account) => arn.and_text(":").and_text(account),
        None => arn.and_text(":").and(Piece::Account),
    };
    (arn.and_text(&format!(":{name}")), None)
}

fn is_account(text: &str) -> bool {
    whole_placeholder(text).is_some() || (text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A bucket.
pub(super) fn bucket(bucket: Option<Argument<'_>>) -> Named {
    match bucket {
        Some(Argument::Constant(name)) => (Arn::global("s3", last_part(name)), None),
        Some(Argument::Dynamic) | None => (Arn::global("s3", "*"), Some(DYNAMIC)),
    }
}

/// Objects in a bucket: one by its key, or all below a prefix.
pub(super) fn object(bucket: Option<Argument<'_>>, key: Option<Argument<'_>>, behind: &str) -> Named {
    let (bucket, wide) = self::bucket(bucket);
    match key {
        Some(Argument::Constant(key)) => {
            let key = key.trim_end_matches('/');
            (bucket.and_text(&format!("/{key}{behind}")), wide)
        }
        Some(Argument::Dynamic) => (bucket.and_text("/*"), Some(DYNAMIC)),
        None => (bucket.and_text("/*"), wide),
    }
}
