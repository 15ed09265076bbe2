//! Calls that need signatures of another kind than Version 4, which is the only one that is made here, or other hosts.
//!
//! In: an action and its parameters. Out: why it cannot be sent. Servers other than AWS do not mind.

use super::ActionCall;
use asl_value::Value;

const SESSION: &str = "is a directory bucket, whose requests are signed for a session of S3 Express, which this client cannot do";
const ALL_REGIONS: &str = "is signed for all Regions at once (SigV4A), which this client cannot do";

/// Why a call cannot be sent.
pub(super) fn reason(call: ActionCall, parameters: &Value) -> Option<String> {
    let text = |name: &str| parameters.get(name).and_then(Value::as_str);
    match call.action.endpoint {
        "s3" => {
            let bucket = text("Bucket")?;
            if bucket.ends_with("--x-s3") {
                return Some(format!("`{bucket}` {SESSION}"));
            }
            let is_everywhere = bucket.starts_with("arn:") && bucket.contains(":s3::");
            is_everywhere
                .then(|| format!("a request to the multi-region access point `{bucket}` {ALL_REGIONS}"))
        }
        "s3-control" => {
            let outpost = text("OutpostId")?;
            Some(format!(
                "`{outpost}` is an Outpost, whose buckets have hosts of their own, which this client cannot ask"
            ))
        }
        "cloudfront-keyvaluestore" => Some(format!("a request to this service {ALL_REGIONS}")),
        "events" | "email" => {
            let endpoint = text("EndpointId")?;
            Some(format!("a request to the global endpoint `{endpoint}` {ALL_REGIONS}"))
        }
        _ => None,
    }
}
