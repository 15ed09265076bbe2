//! `aws-sdk:service:action`: the action itself, with the names that IAM has for it.

use super::optimised::invoke_function;
use super::resources::{bucket, named, object};
use super::{DYNAMIC, NO_NAME, Need};
use crate::arn::Arn;
use crate::workflow::{Argument, Call};

/// The services whose actions have another prefix in IAM than the SDK's name of the service.
const PREFIXES: &[(&str, &str)] = &[
    ("accessanalyzer", "access-analyzer"),
    ("acmpca", "acm-pca"),
    ("alexaforbusiness", "a4b"),
    ("apigatewaymanagementapi", "execute-api"),
    ("apigatewayv2", "apigateway"),
    ("appconfigdata", "appconfig"),
    ("applicationautoscaling", "application-autoscaling"),
    ("applicationdiscovery", "discovery"),
    ("applicationinsights", "applicationinsights"),
    ("autoscalingplans", "autoscaling-plans"),
    ("bedrockagent", "bedrock"),
    ("bedrockagentruntime", "bedrock"),
    ("bedrockruntime", "bedrock"),
    ("cloudhsmv2", "cloudhsm"),
    ("cloudsearchdomain", "cloudsearch"),
    ("cloudwatchevents", "events"),
    ("cloudwatchlogs", "logs"),
    ("codegurureviewer", "codeguru-reviewer"),
    ("codestarconnections", "codestar-connections"),
    ("codestarnotifications", "codestar-notifications"),
    ("cognitoidentity", "cognito-identity"),
    ("cognitoidentityprovider", "cognito-idp"),
    ("cognitosync", "cognito-sync"),
    ("costandusagereport", "cur"),
    ("costexplorer", "ce"),
    ("customerprofiles", "profile"),
    ("databasemigration", "dms"),
    ("devopsguru", "devops-guru"),
    ("directory", "ds"),
    ("dynamodbstreams", "dynamodb"),
    ("ec2instanceconnect", "ec2-instance-connect"),
    ("ecrpublic", "ecr-public"),
    ("efs", "elasticfilesystem"),
    ("elasticloadbalancingv2", "elasticloadbalancing"),
    ("elasticsearch", "es"),
    ("emr", "elasticmapreduce"),
    ("emrcontainers", "emr-containers"),
    ("emrserverless", "emr-serverless"),
    ("eventbridge", "events"),
    ("forecastquery", "forecast"),
    ("greengrassv2", "greengrass"),
    ("health", "health"),
    ("iotanalytics", "iotanalytics"),
    ("iotdataplane", "iot"),
    ("iotjobsdataplane", "iot"),
    ("ivsrealtime", "ivs"),
    ("kinesisanalytics", "kinesisanalytics"),
    ("kinesisanalyticsv2", "kinesisanalytics"),
    ("kinesisvideoarchivedmedia", "kinesisvideo"),
    ("kinesisvideomedia", "kinesisvideo"),
    ("lexmodelbuilding", "lex"),
    ("lexmodelsv2", "lex"),
    ("lexruntime", "lex"),
    ("lexruntimev2", "lex"),
    ("licensemanager", "license-manager"),
    ("location", "geo"),
    ("machinelearning", "machinelearning"),
    ("marketplacecatalog", "aws-marketplace"),
    ("marketplaceentitlement", "aws-marketplace"),
    ("marketplacemetering", "aws-marketplace"),
    ("mediapackagevod", "mediapackage-vod"),
    ("mediastoredata", "mediastore"),
    ("mgn", "mgn"),
    ("migrationhub", "mgh"),
    ("mturk", "mechanicalturk"),
    ("neptunedata", "neptune-db"),
    ("networkfirewall", "network-firewall"),
    ("opensearch", "es"),
    ("opensearchserverless", "aoss"),
    ("paymentcryptography", "payment-cryptography"),
    ("personalizeevents", "personalize"),
    ("personalizeruntime", "personalize"),
    ("pinpoint", "mobiletargeting"),
    ("pinpointemail", "ses"),
    ("pinpointsmsvoicev2", "sms-voice"),
    ("qldbsession", "qldb"),
    ("rdsdata", "rds-data"),
    ("redshiftdata", "redshift-data"),
    ("redshiftserverless", "redshift-serverless"),
    ("resourcegroups", "resource-groups"),
    ("resourcegroupstaggingapi", "tag"),
    ("sagemakera2iruntime", "sagemaker"),
    ("sagemakerfeaturestoreruntime", "sagemaker"),
    ("sagemakerruntime", "sagemaker"),
    ("serverlessapplicationrepository", "serverlessrepo"),
    ("servicediscovery", "servicediscovery"),
    ("servicequotas", "servicequotas"),
    ("sesv2", "ses"),
    ("sfn", "states"),
    ("ssmcontacts", "ssm-contacts"),
    ("ssmincidents", "ssm-incidents"),
    ("ssoadmin", "sso"),
    ("timestreamquery", "timestream"),
    ("timestreamwrite", "timestream"),
    ("transcribestreaming", "transcribe"),
    ("voiceid", "voiceid"),
    ("wafregional", "waf-regional"),
];

/// The prefix that a service has in IAM.
pub(super) fn prefix(service: &str) -> &str {
    PREFIXES.iter().find(|(name, _)| *name == service).map_or(service, |(_, prefix)| prefix)
}

/// The actions of IAM that are not named after the action of the API: (prefix, action of the API, actions of IAM).
const NAMES: &[(&str, &str, &[&str])] = &[
    ("bedrock", "Converse", &["InvokeModel"]),
    ("bedrock", "ConverseStream", &["InvokeModelWithResponseStream"]),
    ("dynamodb", "ExecuteStatement", &["PartiQLSelect", "PartiQLInsert", "PartiQLUpdate", "PartiQLDelete"]),
    ("dynamodb", "TransactGetItems", &["GetItem"]),
    ("dynamodb", "TransactWriteItems", &["ConditionCheckItem", "PutItem", "UpdateItem", "DeleteItem"]),
    ("lambda", "Invoke", &["InvokeFunction"]),
    ("lambda", "InvokeAsync", &["InvokeFunction"]),
    ("ses", "SendBulkEmail", &["SendBulkTemplatedEmail"]),
    ("execute-api", "PostToConnection", &["ManageConnections"]),
    ("execute-api", "DeleteConnection", &["ManageConnections"]),
    ("execute-api", "GetConnection", &["ManageConnections"]),
];

/// What IAM asks for an action of S3, and whether on the objects (or the bucket).
const S3: &[(&str, &str, bool)] = &[
    ("AbortMultipartUpload", "AbortMultipartUpload", true),
    ("CompleteMultipartUpload", "PutObject", true),
    ("CopyObject", "PutObject", true),
    ("CreateMultipartUpload", "PutObject", true),
    ("DeleteObject", "DeleteObject", true),
    ("DeleteObjectTagging", "DeleteObjectTagging", true),
    ("DeleteObjects", "DeleteObject", true),
    ("GetObject", "GetObject", true),
    ("GetObjectAttributes", "GetObjectAttributes", true),
    ("GetObjectTagging", "GetObjectTagging", true),
    ("HeadBucket", "ListBucket", false),
    ("HeadObject", "GetObject", true),
    ("ListMultipartUploads", "ListBucketMultipartUploads", false),
    ("ListObjectVersions", "ListBucketVersions", false),
    ("ListObjects", "ListBucket", false),
    ("ListObjectsV2", "ListBucket", false),
    ("ListParts", "ListMultipartUploadParts", true),
    ("PutObject", "PutObject", true),
    ("PutObjectAcl", "PutObjectAcl", true),
    ("PutObjectTagging", "PutObjectTagging", true),
    ("RestoreObject", "RestoreObject", true),
    ("SelectObjectContent", "GetObject", true),
    ("UploadPart", "PutObject", true),
    ("UploadPartCopy", "PutObject", true),
];

/// What an action of the SDK needs; its name begins with a small letter.
pub(super) fn needs(call: &Call<'_>, service: &str, action: &str) -> Vec<Need> {
    let prefix = prefix(service);
    let mut characters = action.chars();
    let Some(first) = characters.next() else { return Vec::new() };
    let action: String = first.to_uppercase().chain(characters).collect();
    let mut needs = of_action(call, prefix, &action);
    if prefix != "sts" {
        needs.extend(
            call.parameters
                .anywhere(&|name| name.ends_with("RoleArn"))
                .into_iter()
                .map(|role| passed(call, role)),
        );
    }
    let images = call.parameters.within_anywhere("S3Object");
    needs.extend(images.iter().map(|image| {
        let (object, wide) = object(image.get("Bucket"), image.get("Name"), "");
        Need::new(call, &["s3:GetObject"], vec![object]).wide(wide)
    }));
    needs
}

/// A role that the service is handed, to do its work with.
fn passed(call: &Call<'_>, role: Argument<'_>) -> Need {
    let (role, wide) = match role {
        Argument::Constant(arn) => (Arn::written(arn), None),
        Argument::Dynamic => (Arn::of_account("iam", "role/*"), Some(DYNAMIC)),
    };
    Need::new(call, &["iam:PassRole"], vec![role]).wide(wide)
}

fn of_action(call: &Call<'_>, prefix: &str, action: &str) -> Vec<Need> {
    match (prefix, action) {
        ("s3", action) => of_s3(call, action),
        ("lambda", "Invoke" | "InvokeAsync") => {
            let function = call.parameters.get("FunctionName").unwrap_or(Argument::Dynamic);
            vec![invoke_function(call, function)]
        }
        ("dynamodb", "Query" | "Scan") => vec![on_index(call, action)],
        ("events", "PutEvents") => super::optimised::needs(call, "events", "putEvents", ""),
        _ => vec![general(call, prefix, action)],
    }
}

fn general(call: &Call<'_>, prefix: &str, action: &str) -> Need {
    let names = NAMES.iter().find(|(service, name, _)| *service == prefix && *name == action);
    let actions: Vec<_> = match names {
        Some((_, _, names)) => names.iter().map(|name| format!("{prefix}:{name}")).collect(),
        None => vec![format!("{prefix}:{action}")],
    };
    let actions: Vec<_> = actions.iter().map(String::as_str).collect();
    let (resource, wide) = resource(call, prefix);
    Need::new(call, &actions, vec![resource]).wide(wide)
}

/// A resource that a parameter names, by the table or because an ARN of the service stands there.
fn resource(call: &Call<'_>, prefix: &str) -> super::resources::Named {
    if let Some(named) = named(prefix, &call.parameters) {
        return named;
    }
    let mark = format!(":{prefix}:");
    let arn = call.parameters.constants().find(|(_, text)| text.starts_with("arn:") && text.contains(&mark));
    match arn {
        Some((_, arn)) => (Arn::written(arn), None),
        None if call.parameters.are_written() => {
            (Arn::any(), Some("which resource it is about is not known from its parameters"))
        }
        None => (Arn::any(), Some(NO_NAME)),
    }
}

fn of_s3(call: &Call<'_>, action: &str) -> Vec<Need> {
    let parameters = &call.parameters;
    if action == "ListBuckets" {
        return vec![Need::new(call, &["s3:ListAllMyBuckets"], vec![Arn::any()]).wide(Some(NO_NAME))];
    }
    let known = S3.iter().find(|(name, ..)| *name == action);
    let (name, of_objects) = known.map_or((action, false), |(_, name, of_objects)| (*name, *of_objects));
    let (resource, wide) = if of_objects {
        object(parameters.get("Bucket"), parameters.get("Key"), "")
    } else {
        bucket(parameters.get("Bucket"))
    };
    let need = Need::new(call, &[&format!("s3:{name}")], vec![resource]).wide(wide);
    std::iter::once(need).chain(parameters.get("CopySource").map(|source| copied(call, source))).collect()
}

/// What is copied is named `bucket/key`, and read.
fn copied(call: &Call<'_>, source: Argument<'_>) -> Need {
    let (source, wide) = match source {
        Argument::Constant(source) => (Arn::global("s3", source.trim_start_matches('/')), None),
        Argument::Dynamic => (Arn::global("s3", "*"), Some(DYNAMIC)),
    };
    Need::new(call, &["s3:GetObject"], vec![source]).wide(wide)
}

/// A query of a table, or of one of its indexes.
fn on_index(call: &Call<'_>, action: &str) -> Need {
    let action = format!("dynamodb:{action}");
    let table = call.parameters.get("TableName").and_then(|_| named("dynamodb", &call.parameters));
    let (table, wide) = table.unwrap_or_else(|| (Arn::here("dynamodb", "table/*"), Some(DYNAMIC)));
    let (resource, wide) = match call.parameters.get("IndexName") {
        Some(Argument::Constant(index)) => (table.and_text(&format!("/index/{index}")), wide),
        Some(Argument::Dynamic) => (table.and_text("/index/*"), Some(DYNAMIC)),
        None => (table, wide),
    };
    Need::new(call, &[&action], vec![resource]).wide(wide)
}
