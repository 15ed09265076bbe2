//! What services read and write on behalf of their caller: secrets, objects of S3, topics, keys of the catalog.
//!
//! In: a call. Out: what it needs beside its own action, by a list of actions and the parameters that name the data.

use super::resources::{bucket, named_needs, object, object_at};
use super::{DYNAMIC, Need};
use crate::arn::{Arn, Piece};
use crate::workflow::{Argument, ServiceCall};

/// How parameters name data.
#[derive(Clone, Copy)]
enum Data {
    /// The ARN of a secret.
    Secret(&'static str),
    /// The ARN of a topic, which the service writes to.
    Topic(&'static str),
    /// A URI of S3 that is read.
    Reads(&'static str),
    /// A URI of S3 below which is written.
    Writes(&'static str),
    /// A bucket and a key that are read.
    ReadsKey(&'static str, &'static str),
    /// A bucket and a prefix below which is written.
    WritesBelow(&'static str, &'static str),
}

use Data::{Reads, ReadsKey, Secret, Topic, Writes, WritesBelow};

/// Service, what the name of the action begins with, and where its data is; where it is from.
const DATA: &[(&str, &str, &[Data], &str)] = &[
    ("rdsdata", "", &[Secret("SecretArn")], "Aurora User Guide, Using the Data API"),
    (
        "redshiftdata",
        "",
        &[Secret("SecretArn")],
        "Redshift Management Guide, Authorizing access to the Data API",
    ),
    (
        "polly",
        "StartSpeechSynthesisTask",
        &[WritesBelow("OutputS3BucketName", "OutputS3KeyPrefix"), Topic("SnsTopicArn")],
        "Polly Developer Guide, Creating long audio files",
    ),
    (
        "transcribe",
        "Start",
        &[
            Reads("Media.MediaFileUri"),
            WritesBelow("OutputBucketName", "OutputKey"),
            Writes("OutputLocation"),
        ],
        "Transcribe Developer Guide, Data encryption and permissions",
    ),
    (
        "textract",
        "Start",
        &[WritesBelow("OutputConfig.S3Bucket", "OutputConfig.S3Prefix")],
        "Textract Developer Guide, Configuring asynchronous operations",
    ),
    (
        "bedrockruntime",
        "StartAsyncInvoke",
        &[Writes("OutputDataConfig.S3OutputDataConfig.S3Uri")],
        "Bedrock User Guide, Asynchronous invocation",
    ),
    ("bedrock", "InvokeModel", &[Reads("Input.S3Uri"), Writes("Output.S3Uri")], super::GUIDE),
    (
        "lambda",
        "CreateFunction",
        &[ReadsKey("Code.S3Bucket", "Code.S3Key")],
        "Lambda API Reference, CreateFunction",
    ),
    (
        "lambda",
        "UpdateFunctionCode",
        &[ReadsKey("S3Bucket", "S3Key")],
        "Lambda API Reference, UpdateFunctionCode",
    ),
    (
        "dynamodb",
        "ExportTableToPointInTime",
        &[WritesBelow("S3Bucket", "S3Prefix")],
        "DynamoDB Developer Guide, Requesting a table export",
    ),
    (
        "dynamodb",
        "ImportTable",
        &[ReadsKey("S3BucketSource.S3Bucket", "S3BucketSource.S3KeyPrefix")],
        "DynamoDB Developer Guide, Requesting a table import",
    ),
    ("athena", "StartQueryExecution", &[Writes("ResultConfiguration.OutputLocation")], super::GUIDE),
];

/// What a call needs beside its action.
pub(super) fn needs(call: &ServiceCall<'_>, service: &str, action: &str) -> Vec<Need> {
    let rows = DATA.iter().filter(|(of, begins, ..)| *of == service && action.starts_with(begins));
    let mut needs: Vec<_> = rows
        .flat_map(|(.., data, source)| data.iter().flat_map(|data| of_data(call, *data, source)))
        .collect();
    // Images and documents are given by the same structure in every service that looks at them.
    needs.extend(call.parameters.within_anywhere("S3Object").iter().map(|image| {
        let (object, wide) = object(image.get("Bucket"), image.get("Name"), "");
        Need::new(call, &["s3:GetObject"], vec![object]).wide(wide)
    }));
    needs.extend(beside(call, service, action));
    needs
}

fn of_data(call: &ServiceCall<'_>, data: Data, source: &'static str) -> Vec<Need> {
    let first = |name: &str| call.parameters.at(name).and_then(|values| values.into_iter().next());
    let need = |actions: &[&str], (arn, wide)| Need::new(call, actions, vec![arn]).wide(wide).source(source);
    let named = |value: Argument<'_>, service: &str, any: &str| match value {
        Argument::Constant(text) if super::resources::is_arn(text) => (Arn::written(text), None),
        Argument::Constant(text) => {
            (Arn::here(service, "secret:").and_text(text).and_pattern("-??????"), None)
        }
        Argument::Dynamic => (Arn::here(service, any), Some(DYNAMIC)),
    };
    match data {
        Secret(name) => first(name)
            .map(|value| need(&["secretsmanager:GetSecretValue"], named(value, "secretsmanager", "secret:*")))
            .into_iter()
            .collect(),
        Topic(name) => {
            first(name).map(|value| need(&["sns:Publish"], named(value, "sns", "*"))).into_iter().collect()
        }
        Reads(name) => {
            first(name).map(|uri| need(&["s3:GetObject"], object_at(uri, ""))).into_iter().collect()
        }
        Writes(name) => {
            first(name).map(|uri| need(&["s3:PutObject"], object_at(uri, "*"))).into_iter().collect()
        }
        ReadsKey(bucket, key) => first(bucket)
            .map(|bucket| need(&["s3:GetObject"], object(Some(bucket), first(key), "")))
            .into_iter()
            .collect(),
        WritesBelow(bucket, prefix) => first(bucket)
            .map(|bucket| need(&["s3:PutObject"], object(Some(bucket), first(prefix), "*")))
            .into_iter()
            .collect(),
    }
}

/// What no list of parameters says.
fn beside(call: &ServiceCall<'_>, service: &str, action: &str) -> Vec<Need> {
    match (service, action) {
        ("athena", "StartQueryExecution") => athena(call),
        // Results are read where the query has left them, which its parameters do not say.
        ("athena", "GetQueryResults") => {
            let reason = "put the bucket of the results in the place of `*`";
            vec![Need::new(call, &["s3:GetObject"], vec![Arn::global("s3", "*/*")]).wide(Some(reason))]
        }
        ("redshiftdata", "ExecuteStatement" | "BatchExecuteStatement")
            if call.parameters.get("SecretArn").is_none() =>
        {
            redshift(call)
        }
        _ => Vec::new(),
    }
}

/// Athena reads the catalog of Glue and writes its results as its caller; where the data of the tables is, the catalog says.
fn athena(call: &ServiceCall<'_>) -> Vec<Need> {
    let database = call.parameters.within("QueryExecutionContext").get("Database");
    let (database, wide) = match database {
        Some(Argument::Constant(name)) => (Arn::written(name), "which tables a query reads is not known"),
        Some(Argument::Dynamic) | None => (Arn::any(), "which database a query reads is not known"),
    };
    let catalog = vec![
        Arn::here("glue", "catalog"),
        Arn::here("glue", "database/").and_arn(database.clone()),
        Arn::here("glue", "table/").and_arn(database).and_text("/").and(Piece::Many),
    ];
    let actions = [
        "glue:GetDatabase",
        "glue:GetDatabases",
        "glue:GetPartition",
        "glue:GetPartitions",
        "glue:GetTable",
        "glue:GetTables",
    ];
    let mut needs = vec![Need::new(call, &actions, catalog).wide(Some(wide))];
    if let Some(Argument::Constant(uri)) = call.parameters.within("ResultConfiguration").get("OutputLocation")
    {
        let name = uri.trim_start_matches("s3://").split('/').next().unwrap_or_default();
        let (bucket, wide) = bucket(Some(Argument::Constant(name)));
        let actions = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"];
        needs.push(Need::new(call, &actions, vec![bucket]).wide(wide));
        let (results, wide) = object_at(Argument::Constant(uri), "*");
        let actions = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts"];
        needs.push(Need::new(call, &actions, vec![results]).wide(wide));
    }
    needs
}

/// Without a secret, Redshift makes credentials of the caller's own permissions.
fn redshift(call: &ServiceCall<'_>) -> Vec<Need> {
    if call.parameters.get("WorkgroupName").is_some() {
        return named_needs(call, &["redshift-serverless:GetCredentials"]);
    }
    let user = match call.parameters.get("DbUser") {
        Some(Argument::Constant(_)) | Some(Argument::Dynamic) => "redshift:GetClusterCredentials",
        None => "redshift:GetClusterCredentialsWithIAM",
    };
    named_needs(call, &[user])
}
