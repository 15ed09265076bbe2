//! The forms that the models want texts to have, as far as services hold to them: names, ARNs and ids that are given.
//!
//! A pattern is kept as written, without its anchors: it always speaks of the whole text. One that says nothing, or that regular expressions of
//! ECMAScript do not have, is left out.

use serde_json::Value;

/// The services whose patterns are kept: those that state machines call most. Each of them refuses what does not have the form.
const SERVICES: [&str; 42] = [
    "acm",
    "athena",
    "bedrock",
    "bedrockruntime",
    "cloudwatch",
    "cloudwatchlogs",
    "codebuild",
    "codepipeline",
    "cognitoidentityprovider",
    "comprehend",
    "databrew",
    "dynamodb",
    "ecr",
    "ecs",
    "efs",
    "eks",
    "emrcontainers",
    "emrserverless",
    "eventbridge",
    "firehose",
    "glue",
    "guardduty",
    "iam",
    "kinesis",
    "kms",
    "lambda",
    "organizations",
    "pipes",
    "polly",
    "redshiftdata",
    "rekognition",
    "sagemaker",
    "scheduler",
    "secretsmanager",
    "sfn",
    "ssm",
    "sts",
    "textract",
    "transcribe",
    "transfer",
    "translate",
    "wafv2",
];

/// Longer ones are of policies and documents.
const LONGEST: usize = 160;

/// Whether the patterns of a service are kept.
pub(super) fn are_kept(service: &str) -> bool {
    SERVICES.binary_search(&service).is_ok()
}

/// The pattern of a text, if it says something.
pub(super) fn of(shape: &Value) -> Option<String> {
    if shape.get("type").and_then(Value::as_str) != Some("string") || shape.get("enum").is_some() {
        return None;
    }
    let pattern = shape.get("pattern").and_then(Value::as_str)?;
    let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
    let pattern = pattern.strip_suffix('$').unwrap_or(pattern);
    (is_shared(pattern) && says_something(pattern) && pattern.len() <= LONGEST).then(|| pattern.to_owned())
}

/// Whether a pattern means the same in ECMAScript.
fn is_shared(pattern: &str) -> bool {
    const OTHER: [&str; 11] = ["(?=", "(?!", "(?<", "(?s", "(?i", "\\p", "\\u", "\\x", "\\b", "&&", "[["];
    !OTHER.iter().any(|other| pattern.contains(other))
}

/// Whether a pattern refuses more than an empty text.
fn says_something(pattern: &str) -> bool {
    !["", ".", "[\\s\\S]", "[\\S\\s]", "[\\w\\W]", ".*\\S."].contains(&pattern.trim_end_matches(['*', '+']))
        && !pattern.starts_with(".{")
}
