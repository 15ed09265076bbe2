//! Distributed Maps: their executions, and the stores that they read and write.

use super::resources::{bucket, object};
use super::{Need, integration};
use crate::arn::Arn;
use crate::workflow::{Call, Caller};

/// A distributed Map starts executions of its own machine, stops them, and starts the failed ones again.
pub(super) fn map_needs(call: &Call<'_>) -> Vec<Need> {
    let machine = Arn::machine("stateMachine", "");
    vec![
        Need::new(call, &["states:StartExecution"], vec![machine]),
        Need::new(
            call,
            &["states:DescribeExecution", "states:StopExecution"],
            vec![Arn::machine("execution", ":*")],
        ),
        // The executions of a Map run are named after its label.
        Need::new(call, &["states:RedriveExecution"], vec![Arn::machine("execution", "/*:*")]),
    ]
}

/// What `ItemReader` and `ResultWriter` need of S3.
pub(super) fn needs(call: &Call<'_>) -> Vec<Need> {
    let Some((_, action, _)) = integration(call.resource) else { return Vec::new() };
    let parameters = &call.parameters;
    if call.caller == Caller::ResultWriter {
        // Results are named by the run, below the prefix; large ones are written in parts.
        let (objects, wide) = object(parameters.get("Bucket"), parameters.get("Prefix"), "/*");
        let actions =
            ["s3:PutObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"];
        return vec![Need::new(call, &actions, vec![objects]).wide(wide)];
    }
    if action == "listObjectsV2" {
        let (bucket, wide) = bucket(parameters.get("Bucket"));
        return vec![Need::new(call, &["s3:ListBucket"], vec![bucket]).wide(wide)];
    }
    let (object, wide) = object(parameters.get("Bucket"), parameters.get("Key"), "");
    vec![Need::new(call, &["s3:GetObject"], vec![object]).wide(wide)]
}
