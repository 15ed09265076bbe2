//! Values that are not simply the name of a resource: ARNs, URLs of queues, names with a slash in front, aliases of keys.

use super::super::{Condition, DYNAMIC};
use crate::arn::{Arn, Piece};
use crate::authorization::Type;
use crate::workflow::Argument;

const OTHER_ID: &str = "the resource is named by an identifier that its parameters do not say";

/// What a value says of the name of a resource.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) names: Vec<Name>,
    pub(super) wide: Option<&'static str>,
    pub(super) conditions: Vec<Condition>,
}

/// A name, or a part of one.
#[derive(Debug)]
pub(super) enum Name {
    /// An ARN as a whole.
    Whole(Arn),
    /// What comes in the place of a part.
    Part(Arn),
}

fn part(arn: Arn) -> Names {
    Names { names: vec![Name::Part(arn)], ..Names::default() }
}

/// The name in the value of a part; the last part that is given may be an ARN.
pub(super) fn name(kind: &Type, part_name: &str, value: Argument<'_>, is_last: bool) -> Names {
    let Argument::Constant(text) = value else {
        return Names { wide: Some(DYNAMIC), ..part(Arn::any()) };
    };
    if is_arn(text) && !is_last {
        // Of a cluster that is given by its ARN only the name is in the ARNs of its tasks.
        let name = text.rsplit(['/', ':']).next().unwrap_or(text);
        return part(if whole_placeholder(text).is_some() { Arn::any() } else { Arn::written(name) });
    }
    match (kind.name, part_name) {
        ("queue", "QueueName") if text.contains("://") || whole_placeholder(text).is_some() => {
            let (arn, wide) = queue(text);
            Names { names: vec![Name::Whole(arn)], wide, ..Names::default() }
        }
        ("key", "KeyId") if text.contains("alias/") => alias(text),
        ("log-group", _) => log_group(text),
        _ if is_arn(text) => Names { names: vec![Name::Whole(Arn::written(text))], ..Names::default() },
        ("secret", "SecretId") => part(Arn::written(text).and_pattern("-??????")),
        ("function", "FunctionName") => function(text),
        // Its identifier is another one than its name.
        ("workgroup", "WorkgroupId") => Names { wide: Some(OTHER_ID), ..part(Arn::any()) },
        (_, "ParameterNameWithoutLeadingSlash") => part(Arn::written(text.strip_prefix('/').unwrap_or(text))),
        // Documents of AWS are in no account.
        ("document", "DocumentName") if text.starts_with("AWS") => {
            let arn = Arn::written("arn:").and(Piece::Partition).and_text(":ssm:").and(Piece::Region);
            let arn = arn.and_text(":").and(Piece::Many).and_text(":document/").and_text(text);
            Names { names: vec![Name::Whole(arn)], ..Names::default() }
        }
        _ => part(Arn::written(text)),
    }
}

/// Whether a text is an ARN, or a placeholder that is replaced by one.
pub(in super::super) fn is_arn(text: &str) -> bool {
    text.starts_with("arn:")
        || text.starts_with("${AWS::Partition}")
        || whole_placeholder(text).is_some_and(|name| name.to_ascii_lowercase().ends_with("arn"))
}

/// `Name` of `${Name}`.
pub(in super::super) fn whole_placeholder(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    (!name.contains(['$', '{', '}'])).then_some(name)
}

/// A key by its alias: IAM compares the ARN of the key, which the alias does not tell, and the alias as a condition.
fn alias(text: &str) -> Names {
    let alias = text.find("alias/").and_then(|at| text.get(at..)).unwrap_or(text);
    let condition =
        Condition { operator: "StringEquals", key: "kms:RequestAlias", values: vec![Arn::written(alias)] };
    let reason = "the key behind an alias is not known; the condition allows only what comes by the alias";
    let key = match text.split_once(":alias/") {
        Some((before, _)) => Name::Whole(Arn::written(before).and_pattern(":key/*")),
        None => Name::Part(Arn::any()),
    };
    Names { names: vec![key], wide: Some(reason), conditions: vec![condition] }
}

/// IAM compares a log group with what is in it behind a colon (CloudWatch Logs User Guide, Log group ARN formats).
fn log_group(text: &str) -> Names {
    let group = Arn::written(text.strip_suffix(":*").unwrap_or(text)).and_pattern(":*");
    let name = if is_arn(text) { Name::Whole(group) } else { Name::Part(group) };
    Names { names: vec![name], ..Names::default() }
}

/// `name`, `name:version`, or `123456789012:function:name`.
fn function(text: &str) -> Names {
    match text.split_once(":function:") {
        Some((account, name)) => {
            let arn = Arn::written("arn:").and(Piece::Partition).and_text(":lambda:").and(Piece::Region);
            let arn = arn.and_text(":").and_text(account).and_text(":function:").and_text(name);
            Names { names: vec![Name::Whole(arn)], ..Names::default() }
        }
        None => part(Arn::written(text)),
    }
}

/// The queue at a URL: `https://sqs.region.amazonaws.com/account/name`.
fn queue(url: &str) -> (Arn, Option<&'static str>) {
    if is_arn(url) {
        return (Arn::written(url), None);
    }
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
    // `sqs.eu-west-1.amazonaws.com`, and of old `eu-west-1.queue.amazonaws.com`.
    let region = host.and_then(|host| {
        let rest = host.strip_prefix("sqs.").or_else(|| host.strip_prefix("sqs-fips."));
        rest.or_else(|| host.contains(".queue.").then_some(host))?.split('.').next()
    });
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
