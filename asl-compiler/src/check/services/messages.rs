//! Messages, queues, topics and subscriptions: attributes, and what FIFO wants of names.

use super::parts::Part;
use crate::check::Checker;
use crate::check::given::{GivenMember, What};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::suggest::closest;

/// SQS takes no more attributes of a message.
const MOST: usize = 10;

/// The attributes that a queue can have.
const QUEUE: [&str; 17] = [
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "DelaySeconds",
    "FifoQueue",
    "FifoThroughputLimit",
    "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "Policy",
    "QueueArn",
    "ReceiveMessageWaitTimeSeconds",
    "RedriveAllowPolicy",
    "RedrivePolicy",
    "SqsManagedSseEnabled",
    "VisibilityTimeout",
    "All",
];

/// What an endpoint of a subscription begins with, or has in it, by its protocol.
const ENDPOINTS: [(&str, &str, &str); 7] = [
    ("application", "arn:", "expected the ARN of an endpoint of an application"),
    ("email", "@", "expected an address of mail"),
    ("firehose", "arn:", "expected the ARN of a delivery stream"),
    ("http", "http://", "expected a URL that begins with `http://`"),
    ("https", "https://", "expected a URL that begins with `https://`"),
    ("lambda", "arn:", "expected the ARN of a function"),
    ("sqs", "arn:", "expected the ARN of a queue, not its URL"),
];

pub(super) fn check(part: &Part<'_, '_>, checker: &mut Checker<'_>) {
    if part.service != "sqs" && part.service != "sns" {
        return;
    }
    match part.owner {
        "MessageAttributes" => check_attributes(part, checker),
        "createQueue" => check_fifo(part, ("QueueName", "FifoQueue"), checker),
        "createTopic" => check_fifo(part, ("Name", "FifoTopic"), checker),
        "Attributes" if part.service == "sqs" => check_names(part, checker),
        "subscribe" => check_endpoint(part, checker),
        _ if part.is(part.service, "MessageAttributes.*") => check_value(part, checker),
        _ => {}
    }
}

fn report(span: Span, message: impl Into<String>, label: &str, checker: &mut Checker<'_>) {
    checker.report_accepted(Diagnostic::new(Code::InvalidParameter, span, message.into()).label(label));
}

fn check_attributes(part: &Part<'_, '_>, checker: &mut Checker<'_>) {
    if part.members.len() > MOST && part.service == "sqs" {
        let message = format!("a message has {} attributes", part.members.len());
        report(part.start(), message, "SQS takes up to 10", checker);
    }
    let is_sign = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    for attribute in part.members.iter().filter(|attribute| !attribute.name.contains("${")) {
        let name = &attribute.name;
        let lower = name.to_ascii_lowercase();
        if lower.starts_with("aws.") || lower.starts_with("amazon.") {
            let message = format!("the name of a message attribute cannot be `{name}`");
            report(attribute.key.span, message, "names that begin so are those of AWS itself", checker);
        } else if !name.chars().all(is_sign) || name.starts_with('.') || name.ends_with('.') {
            let message = format!("the name of a message attribute cannot be `{name}`");
            report(
                attribute.key.span,
                message,
                "expected letters, digits, `-`, `_`, and `.` between them",
                checker,
            );
        }
    }
}

/// An attribute of a message has a value of its type.
fn check_value(part: &Part<'_, '_>, checker: &mut Checker<'_>) {
    let Some(data) = part.text("DataType") else { return };
    let wanted = match data.value.split('.').next() {
        Some("String" | "Number") => "StringValue",
        Some("Binary") => "BinaryValue",
        _ => return,
    };
    if !part.may_have(&[wanted]) {
        let message = format!("a message attribute of the type `{}` needs `{wanted}`", data.value);
        report(part.start(), message, "it has no value", checker);
        return;
    }
    let Some(value) = part.text(wanted).filter(|value| !value.value.contains(['<', '{', '$'])) else {
        return;
    };
    if value.value.is_empty() {
        report(
            value.span,
            "the value of a message attribute is empty",
            "expected at least one character",
            checker,
        );
    } else if data.value.starts_with("Number") && value.value.parse::<f64>().is_err() {
        let message = format!("the value of a message attribute is not a number: `{}`", value.value);
        report(value.span, message, "expected a number in a string", checker);
    } else if data.value == "String.Array" && !value.value.starts_with('[') {
        let message = format!("the value of a message attribute is not an array: `{}`", value.value);
        report(value.span, message, "expected the text of a JSON array", checker);
    }
}

/// The name of what is FIFO ends so, and nothing else's does.
fn check_fifo(part: &Part<'_, '_>, (name, flag): (&str, &str), checker: &mut Checker<'_>) {
    let Some(name) = part.text(name).filter(|name| !name.value.contains(['<', '{', '$'])) else { return };
    let attributes = part.members.iter().find(|member| member.name == "Attributes");
    let flag = match attributes.map(|attributes| &attributes.value.what) {
        None => None,
        Some(What::Object(Some(members))) if members.iter().all(|member| !member.name.contains("${")) => {
            members.iter().find(|member| member.name == flag)
        }
        Some(_) => return,
    };
    let is_true = |flag: &GivenMember<'_>| {
        let known = if let What::Boolean(known) = flag.value.what { known } else { None };
        flag.value.text().map(|text| text == "true").or(known)
    };
    let is_fifo = match flag {
        Some(flag) => match is_true(flag) {
            Some(is_fifo) => is_fifo,
            None => return,
        },
        None => false,
    };
    if name.value.ends_with(".fifo") != is_fifo {
        let (message, label) = if is_fifo {
            (
                format!("the name of what is FIFO ends with `.fifo`, not as `{}` does", name.value),
                "expected `.fifo` at its end",
            )
        } else {
            (
                format!("`{}` is a name of what is FIFO", name.value),
                "this name needs `FifoQueue` or `FifoTopic` among the attributes",
            )
        };
        report(name.span, message, label, checker);
    }
}

fn check_names(part: &Part<'_, '_>, checker: &mut Checker<'_>) {
    let is_unknown =
        |member: &&GivenMember<'_>| !QUEUE.contains(&&*member.name) && !member.name.contains("${");
    for member in part.members.iter().filter(is_unknown) {
        let message = format!("a queue has no attribute `{}`", member.name);
        let diagnostic =
            Diagnostic::new(Code::InvalidParameter, member.key.span, message).label("no such attribute");
        checker.report_accepted(match closest(&member.name, QUEUE) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic,
        });
    }
}

fn check_endpoint(part: &Part<'_, '_>, checker: &mut Checker<'_>) {
    let (Some(protocol), Some(endpoint)) = (part.text("Protocol"), part.text("Endpoint")) else { return };
    // A word with capital letters may be replaced by an ARN later.
    let may_be_other = endpoint.value.contains(['<', '{', '$'])
        || !endpoint.value.contains([':', '/']) && endpoint.value.contains(|c: char| c.is_ascii_uppercase());
    let known = ENDPOINTS.iter().find(|(name, ..)| *name == protocol.value.trim_end_matches("-json"));
    if let Some((.., label)) = known.filter(|(_, sign, _)| !endpoint.value.contains(sign) && !may_be_other) {
        let message =
            format!("`Endpoint` of the protocol `{}` cannot be `{}`", protocol.value, endpoint.value);
        report(endpoint.span, message, label, checker);
    }
}
