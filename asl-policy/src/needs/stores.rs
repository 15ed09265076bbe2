//! Distributed Maps: their executions, and the stores that they read and write.

use super::resources::object;
use super::{DYNAMIC, Need, integration, s3};
use crate::arn::Arn;
use crate::authorization::capital;
use crate::workflow::{Argument, Caller, ServiceCall};

/// A distributed Map starts executions of its own machine, stops them, and starts the failed ones again.
pub(super) fn map_needs(call: &ServiceCall<'_>) -> Vec<Need> {
    let machine = Arn::machine("stateMachine", "");
    // The executions of a Map run are named after its label, which the service makes up where there is none.
    let children = match call.parameters.get("Label") {
        Some(Argument::Constant(label)) => Arn::machine("execution", "/").and_text(label).and_pattern(":*"),
        Some(Argument::Dynamic) | None => Arn::machine("execution", "/*:*"),
    };
    vec![
        Need::new(call, &["states:StartExecution"], vec![machine]),
        Need::new(
            call,
            &["states:DescribeExecution", "states:StopExecution"],
            vec![Arn::machine("execution", ":*")],
        ),
        Need::new(call, &["states:RedriveExecution"], vec![children]),
    ]
}

/// What `ItemReader` and `ResultWriter` need of S3.
pub(super) fn needs(call: &ServiceCall<'_>) -> Vec<Need> {
    let Some((_, action)) = integration(call.resource) else { return Vec::new() };
    if call.caller == Caller::ResultWriter {
        return vec![written(call)];
    }
    let listed = matches!(call.config.get("InputType"), Some(Argument::Constant("MANIFEST")));
    let data = listed.then(|| {
        // What a manifest lists may be in any bucket, and the definition does not say in which.
        let reason = "put the bucket of the data that the manifest lists in the place of `*`";
        Need::new(call, &["s3:GetObject"], vec![Arn::global("s3", "*/*")]).wide(Some(reason))
    });
    s3::needs(call, &capital(action)).into_iter().chain(data).collect()
}

/// Results are named by the run, below the prefix; large ones are written in parts.
fn written(call: &ServiceCall<'_>) -> Need {
    let prefix = match call.parameters.get("Prefix") {
        Some(Argument::Constant(prefix)) => Some(Argument::Constant(prefix.trim_end_matches('/'))),
        other => other,
    };
    let (objects, wide) = object(call.parameters.get("Bucket"), prefix, "/*");
    let actions = ["s3:PutObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"];
    let is_dynamic = matches!(prefix, Some(Argument::Dynamic));
    Need::new(call, &actions, vec![objects]).wide(if is_dynamic { Some(DYNAMIC) } else { wide })
}
