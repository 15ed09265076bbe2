//! Values that are written out and that a service never takes: names of the wrong form, JSON that is none, numbers out of range.
//!
//! In: the parameters of an action, or of a part of them. Out: only what the service refuses whatever the account holds.

use super::schedules::{self, Units};
use crate::check::Checker;
use crate::check::arn::is_function;
use crate::check::given::{GivenMember, What};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json::{self, Text};
use crate::source::SourceFile;
use crate::suggest::closest;
use crate::vocabulary::Number;
use std::ops::RangeInclusive;

/// What is wrong with a text: the message behind the name of the parameter, what is expected, and what to do.
struct Wrong {
    what: String,
    label: &'static str,
    help: Option<String>,
}

impl Wrong {
    fn new(what: impl Into<String>, label: &'static str) -> Option<Self> {
        Some(Self { what: what.into(), label, help: None })
    }
}

/// A parameter of an action, or of all actions of a service, and what is wrong with a text that it holds.
type Rule = (&'static str, &'static str, &'static str, fn(&str) -> Option<Wrong>);

/// Any action.
const ANY: &str = "";

const TEXTS: [Rule; 28] = [
    ("apigateway", "invoke", "ApiEndpoint", host),
    ("batch", "submitJob", "JobName", job_name),
    ("cloudformation", "createStack", "StackName", stack_name),
    ("dynamodb", "deleteItem", "ReturnValues", returned),
    ("dynamodb", "putItem", "ReturnValues", returned),
    ("eventbridge", "entry", "Detail", json_object),
    ("eventbridge", "entry", "Source", own_source),
    ("eventbridge", "putRule", "EventPattern", json_object),
    ("eventbridge", "putRule", "ScheduleExpression", rule_schedule),
    ("events", "entry", "Detail", json_object),
    ("events", "entry", "Source", own_source),
    ("lambda", ANY, "FunctionName", function),
    ("s3", ANY, "Bucket", bucket),
    ("s3", "copyObject", "CopySource", copy_source),
    ("scheduler", ANY, "ScheduleExpression", schedule),
    ("scheduler", "createSchedule", "Name", plain_name),
    ("sfn", "startExecution", "Input", json_value),
    ("sfn", "startExecution", "Name", execution_name),
    ("sns", "attribute", "DataType", attribute_type),
    ("sns", "createTopic", "Name", queue_name),
    ("sns", "publish", "MessageStructure", structure),
    ("sns", "publish", "PhoneNumber", phone_number),
    ("sns", "publish", "Subject", subject),
    ("sqs", "attribute", "DataType", attribute_type),
    ("sqs", "createQueue", "QueueName", queue_name),
    ("sqs", "sendMessage", "MessageBody", filled),
    ("states", "startExecution", "Input", json_value),
    ("states", "startExecution", "Name", execution_name),
];

/// Numbers that an action takes, where its model does not say so.
const NUMBERS: [(&str, &str, &str, RangeInclusive<u64>); 14] = [
    ("batch", "ArrayProperties", "Size", 2..=10_000),
    ("batch", "RetryStrategy", "Attempts", 1..=10),
    ("batch", "Timeout", "AttemptDurationSeconds", 60..=u64::MAX),
    ("kms", "scheduleKeyDeletion", "PendingWindowInDays", 7..=30),
    ("lambda", "createFunction", "Timeout", 1..=900),
    ("lambda", "updateFunctionConfiguration", "Timeout", 1..=900),
    ("secretsmanager", "deleteSecret", "RecoveryWindowInDays", 7..=30),
    ("sqs", "changeMessageVisibility", "VisibilityTimeout", 0..=43_200),
    ("sqs", "entry", "DelaySeconds", 0..=900),
    ("sqs", "entry", "VisibilityTimeout", 0..=43_200),
    ("sqs", "receiveMessage", "MaxNumberOfMessages", 1..=10),
    ("sqs", "receiveMessage", "VisibilityTimeout", 0..=43_200),
    ("sqs", "receiveMessage", "WaitTimeSeconds", 0..=20),
    ("sqs", "sendMessage", "DelaySeconds", 0..=900),
];

/// How many elements a list of an action has, where its model does not say so.
const LENGTHS: [(&str, &str, &str, RangeInclusive<u64>); 4] = [
    ("sns", "publishBatch", "PublishBatchRequestEntries", 1..=10),
    ("sqs", "changeMessageVisibilityBatch", "Entries", 1..=10),
    ("sqs", "deleteMessageBatch", "Entries", 1..=10),
    ("sqs", "sendMessageBatch", "Entries", 1..=10),
];

/// Numbers of which an action takes only these.
const CHOICES: [(&str, &str, &str, &[u64]); 1] = [(
    "cloudwatchlogs",
    "putRetentionPolicy",
    "RetentionInDays",
    &[
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
        3653,
    ],
)];

/// Parameters that hold an object with rules of its own, by the name of that parameter.
const HOLDERS: [(&str, &str); 3] =
    [("batch", "ArrayProperties"), ("batch", "RetryStrategy"), ("batch", "Timeout")];

pub(super) fn check(service: &str, action: &str, members: &[GivenMember<'_>], checker: &mut Checker<'_>) {
    let is_of = |of: &str, its: &str| of == service && (its == ANY || its == action);
    for member in members {
        for (.., find) in TEXTS.iter().filter(|(of, its, name, _)| is_of(of, its) && *name == member.name) {
            if let What::Text(Some(text)) = &member.value.what {
                fault(&member.name, text, *find).into_iter().for_each(|fault| checker.report_accepted(fault));
            }
        }
        let limits = if matches!(member.value.what, What::List(_)) { LENGTHS.as_slice() } else { &NUMBERS };
        for (.., range) in limits.iter().filter(|(of, its, name, _)| is_of(of, its) && *name == member.name) {
            out_of_range(member, range).into_iter().for_each(|fault| checker.report_accepted(fault));
        }
        for (.., choices) in
            CHOICES.iter().filter(|(of, its, name, _)| is_of(of, its) && *name == member.name)
        {
            none_of(member, choices).into_iter().for_each(|fault| checker.report_accepted(fault));
        }
        if HOLDERS.contains(&(service, &*member.name))
            && let What::Object(Some(inner)) = &member.value.what
        {
            check(service, &member.name, inner, checker);
        }
    }
}

/// What is wrong with the name of a bucket.
pub(in crate::check) fn bucket_fault(text: &Text) -> Option<Diagnostic> {
    fault("Bucket", text, bucket)
}

/// Something with a place for a value in it may be anything.
fn fault(name: &str, text: &Text, find: fn(&str) -> Option<Wrong>) -> Option<Diagnostic> {
    let is_open = text.value.contains(['<', '{']) && !text.value.starts_with('{');
    // What was to be computed or looked up is said elsewhere.
    if is_open || text.value.starts_with('$') || text.value.starts_with("{%") {
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

/// A name, or an ARN of an access point, which has a name of its own.
fn bucket(text: &str) -> Option<Wrong> {
    const LABEL: &str = "expected the name of a bucket and nothing else";
    let rest = ["s3://", "arn:aws:s3:::"].iter().find_map(|start| text.strip_prefix(start));
    if let Some(rest) = rest {
        let name = rest.split('/').next().unwrap_or_default();
        let mut wrong = Wrong::new(format!("is not the name of a bucket: `{text}`"), LABEL)?;
        wrong.help = (!name.is_empty()).then(|| format!("did you mean `{name}`?"));
        return Some(wrong);
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    let is_bucket = text.starts_with("arn:") || (!text.is_empty() && text.chars().all(is_name));
    if is_bucket { None } else { Wrong::new(format!("is not the name of a bucket: `{text}`"), LABEL) }
}

/// A name, a part of an ARN, or a whole ARN, which is looked at as such.
fn function(text: &str) -> Option<Wrong> {
    let name = text.rsplit_once("function:").map_or(text, |(_, name)| name);
    // `account:function:name`
    let is_account =
        |start: &str| start.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":-_".contains(&byte));
    let start = text.strip_suffix(name).unwrap_or_default();
    if text.starts_with("arn:") || (is_function(name) && is_account(start)) {
        return None;
    }
    Wrong::new(
        format!("is not the name of a function: `{text}`"),
        "expected a name of letters, digits, `-` and `_`, with `:alias` behind it if need be, or an ARN",
    )
}

fn host(text: &str) -> Option<Wrong> {
    let host = text.trim_start_matches("https://").trim_start_matches("http://");
    let host = host.split('/').next().unwrap_or_default();
    if host == text {
        return None;
    }
    let mut wrong = Wrong::new(
        format!("is more than a host: `{text}`"),
        "expected `api.execute-api.region.amazonaws.com`; the stage and the path are parameters of their own",
    )?;
    wrong.help = Some(format!("did you mean `{host}`?"));
    Some(wrong)
}

/// The value that a text is as JSON.
fn read(text: &str) -> Option<json::Value> {
    json::parse(&SourceFile::new("", text), &mut Diagnostics::default())
}

/// Whether a text is a JSON object with a member `default`.
pub(super) fn has_default(text: &str) -> bool {
    read(text).is_some_and(|value| value.get("default").is_some())
}

fn json_value(text: &str) -> Option<Wrong> {
    if read(text).is_some() {
        return None;
    }
    Wrong::new("is not JSON", "expected JSON; an object in the place of the text is sent as JSON")
}

fn json_object(text: &str) -> Option<Wrong> {
    if read(text).is_some_and(|value| value.as_object().is_some()) {
        return None;
    }
    Wrong::new(
        "is not a JSON object",
        "expected an object: EventBridge takes nothing else as the detail of an event",
    )
}

fn own_source(text: &str) -> Option<Wrong> {
    if !text.starts_with("aws.") {
        return None;
    }
    Wrong::new("cannot begin with `aws.`", "these sources are those of AWS itself")
}

/// Names of executions are parts of ARNs.
fn execution_name(text: &str) -> Option<Wrong> {
    const LONGEST: usize = 80;
    let is_sign = |c: char| c.is_whitespace() || c.is_control() || "<>{}[]?*\"#%\\^|~`$&,;:/".contains(c);
    if text.chars().any(is_sign) {
        return Wrong::new(
            format!("cannot be `{text}`"),
            "the name of an execution has no blanks and none of `<>{}[]?*\"#%\\^|~$&,;:/`",
        );
    }
    match text.chars().count() {
        1..=LONGEST => None,
        _ => Wrong::new("is too short or too long", "expected from 1 to 80 characters"),
    }
}

fn subject(text: &str) -> Option<Wrong> {
    if text.chars().any(char::is_control) {
        return Wrong::new("has a line break", "expected one line of text");
    }
    match text.chars().count() {
        1..=100 => None,
        _ => Wrong::new("is too short or too long", "expected from 1 to 100 characters"),
    }
}

/// When something happens, as EventBridge Scheduler reads it.
fn schedule(text: &str) -> Option<Wrong> {
    scheduled(text, Units::Any)
}

/// When a rule of EventBridge does something.
fn rule_schedule(text: &str) -> Option<Wrong> {
    scheduled(text, Units::Agreeing)
}

fn scheduled(text: &str, units: Units) -> Option<Wrong> {
    let (what, label) = schedules::fault(text, units)?;
    Wrong::new(format!("{what}: `{text}`"), label)
}

/// The place of an object in a bucket.
fn copy_source(text: &str) -> Option<Wrong> {
    if text.contains('/') || text.to_ascii_uppercase().contains("%2F") {
        return None;
    }
    Wrong::new(format!("names no object: `{text}`"), "expected the bucket, a `/` and the key")
}

fn stack_name(text: &str) -> Option<Wrong> {
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts_well && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return None;
    }
    Wrong::new(format!("cannot be `{text}`"), "expected letters, digits and `-`, the first a letter")
}

fn plain_name(text: &str) -> Option<Wrong> {
    if text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
        return None;
    }
    Wrong::new(format!("cannot be `{text}`"), "expected letters, digits, `-`, `_` and `.`")
}

/// The name of a queue or a topic.
fn queue_name(text: &str) -> Option<Wrong> {
    let name = text.strip_suffix(".fifo").unwrap_or(text);
    if !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) {
        return None;
    }
    Wrong::new(
        format!("cannot be `{text}`"),
        "expected letters, digits, `-` and `_`, with `.fifo` behind them if need be",
    )
}

fn filled(text: &str) -> Option<Wrong> {
    if text.is_empty() { Wrong::new("is empty", "expected at least one character") } else { None }
}

/// The name of a job of Batch.
fn job_name(text: &str) -> Option<Wrong> {
    const LONGEST: usize = 128;
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    if starts_well && text.chars().all(is_letter) && text.len() <= LONGEST {
        return None;
    }
    Wrong::new(
        format!("cannot be `{text}`"),
        "expected up to 128 letters, digits, `-` and `_`, the first a letter or a digit",
    )
}

/// What `putItem` and `deleteItem` return. `updateItem` has more.
fn returned(text: &str) -> Option<Wrong> {
    let is_other = ["ALL_NEW", "UPDATED_NEW", "UPDATED_OLD"].contains(&text);
    if !is_other {
        return None;
    }
    Wrong::new(
        format!("cannot be `{text}` here"),
        "expected `NONE` or `ALL_OLD`; only an update has a new item",
    )
}

/// `String`, `Number`, `Binary`, and `String.Array` or types of one's own with a point behind these.
fn attribute_type(text: &str) -> Option<Wrong> {
    const TYPES: [&str; 3] = ["String", "Number", "Binary"];
    let start = text.split('.').next().unwrap_or_default();
    if TYPES.contains(&start) {
        return None;
    }
    let mut wrong = Wrong::new(
        format!("of a message attribute cannot be `{text}`"),
        "expected `String`, `Number` or `Binary`",
    )?;
    wrong.help = closest(start, TYPES).map(|near| format!("did you mean `{near}`?"));
    Some(wrong)
}

fn structure(text: &str) -> Option<Wrong> {
    if text == "json" {
        None
    } else {
        Wrong::new(format!("cannot be `{text}`"), "expected `json` or nothing")
    }
}

fn phone_number(text: &str) -> Option<Wrong> {
    let is_sign = |c: char| c.is_ascii_digit() || "+-(). ".contains(c);
    if text.chars().all(is_sign) && text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Wrong::new(format!("is not a phone number: `{text}`"), "expected a number such as `+15550100`")
}
