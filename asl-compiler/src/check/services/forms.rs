//! Forms of texts that services want, where no model says them: names, addresses, schedules, and JSON.
//!
//! In: a text that is written out. Out: what is wrong with it. What the documentation leaves open is right.

use super::schedules::{self, Units};
use crate::check::arn::is_function;
use crate::diagnostic::Diagnostics;
use crate::json;
use crate::source::SourceFile;
use crate::suggest::closest;

/// What is wrong with a text: the message behind the name of the parameter, what is expected, and what to do.
pub(super) struct Wrong {
    pub(super) what: String,
    pub(super) label: &'static str,
    pub(super) help: Option<String>,
}

impl Wrong {
    pub(super) fn new(what: impl Into<String>, label: &'static str) -> Option<Self> {
        Some(Self { what: what.into(), label, help: None })
    }
}

/// A name, or an ARN of an access point, which has a name of its own.
pub(super) fn bucket(text: &str) -> Option<Wrong> {
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
pub(super) fn function(text: &str) -> Option<Wrong> {
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

pub(super) fn host(text: &str) -> Option<Wrong> {
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

pub(super) fn json_value(text: &str) -> Option<Wrong> {
    if read(text).is_some() {
        return None;
    }
    Wrong::new("is not JSON", "expected JSON; an object in the place of the text is sent as JSON")
}

pub(super) fn json_object(text: &str) -> Option<Wrong> {
    if read(text).is_some_and(|value| value.as_object().is_some()) {
        return None;
    }
    Wrong::new(
        "is not a JSON object",
        "expected an object: EventBridge takes nothing else as the detail of an event",
    )
}

pub(super) fn own_source(text: &str) -> Option<Wrong> {
    if !text.starts_with("aws.") {
        return None;
    }
    Wrong::new("cannot begin with `aws.`", "these sources are those of AWS itself")
}

/// Names of executions are parts of ARNs.
pub(super) fn execution_name(text: &str) -> Option<Wrong> {
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

pub(super) fn subject(text: &str) -> Option<Wrong> {
    if text.chars().any(char::is_control) {
        return Wrong::new("has a line break", "expected one line of text");
    }
    match text.chars().count() {
        1..=100 => None,
        _ => Wrong::new("is too short or too long", "expected from 1 to 100 characters"),
    }
}

/// When something happens, as EventBridge Scheduler reads it.
pub(super) fn schedule(text: &str) -> Option<Wrong> {
    scheduled(text, Units::Any)
}

/// When a rule of EventBridge does something.
pub(super) fn rule_schedule(text: &str) -> Option<Wrong> {
    scheduled(text, Units::Agreeing)
}

fn scheduled(text: &str, units: Units) -> Option<Wrong> {
    let (what, label) = schedules::fault(text, units)?;
    Wrong::new(format!("{what}: `{text}`"), label)
}

/// The place of an object in a bucket.
pub(super) fn copy_source(text: &str) -> Option<Wrong> {
    if text.starts_with("s3://") {
        let mut wrong =
            Wrong::new(format!("names no object: `{text}`"), "expected the bucket, a `/` and the key")?;
        wrong.help = Some(format!("did you mean `{}`?", text.trim_start_matches("s3://")));
        return Some(wrong);
    }
    if text.contains('/') || text.to_ascii_uppercase().contains("%2F") {
        return None;
    }
    Wrong::new(format!("names no object: `{text}`"), "expected the bucket, a `/` and the key")
}

pub(super) fn stack_name(text: &str) -> Option<Wrong> {
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts_well && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return None;
    }
    Wrong::new(format!("cannot be `{text}`"), "expected letters, digits and `-`, the first a letter")
}

pub(super) fn plain_name(text: &str) -> Option<Wrong> {
    if text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
        return None;
    }
    Wrong::new(format!("cannot be `{text}`"), "expected letters, digits, `-`, `_` and `.`")
}

/// The name of a queue or a topic.
pub(super) fn queue_name(text: &str) -> Option<Wrong> {
    const LONGEST: usize = 256;
    let name = text.strip_suffix(".fifo").unwrap_or(text);
    if !name.is_empty()
        && text.len() <= LONGEST
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
    {
        return None;
    }
    Wrong::new(
        format!("cannot be `{text}`"),
        "expected letters, digits, `-` and `_`, with `.fifo` behind them if need be",
    )
}

pub(super) fn filled(text: &str) -> Option<Wrong> {
    if text.is_empty() { Wrong::new("is empty", "expected at least one character") } else { None }
}

/// The name of a job of Batch.
pub(super) fn job_name(text: &str) -> Option<Wrong> {
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
pub(super) fn returned(text: &str) -> Option<Wrong> {
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
pub(super) fn attribute_type(text: &str) -> Option<Wrong> {
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

pub(super) fn structure(text: &str) -> Option<Wrong> {
    if text == "json" {
        None
    } else {
        Wrong::new(format!("cannot be `{text}`"), "expected `json` or nothing")
    }
}

pub(super) fn phone_number(text: &str) -> Option<Wrong> {
    let is_sign = |c: char| c.is_ascii_digit() || "+-(). ".contains(c);
    if text.chars().all(is_sign) && text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Wrong::new(format!("is not a phone number: `{text}`"), "expected a number such as `+15550100`")
}

/// A name of a table, or its ARN.
pub(super) fn table_name(text: &str) -> Option<Wrong> {
    if text.starts_with("arn:") || text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
        return None;
    }
    Wrong::new(format!("cannot be `{text}`"), "expected letters, digits, `-`, `_` and `.`, or an ARN")
}

/// A name or an ARN, without blanks and signs: of queues of jobs, definitions of jobs and tasks.
pub(super) fn resource_name(text: &str) -> Option<Wrong> {
    if text.chars().all(|c| c.is_ascii_alphanumeric() || "-_:/.".contains(c)) {
        return None;
    }
    Wrong::new(format!("cannot be `{text}`"), "expected a name of letters, digits, `-` and `_`, or an ARN")
}

/// The name or ARN of a definition of tasks, behind which is the number of a revision, if anything is.
pub(super) fn task_definition(text: &str) -> Option<Wrong> {
    let name = match text.rsplit_once('/') {
        Some((_, name)) => name,
        None if text.starts_with("arn:") => return resource_name(text),
        None => text,
    };
    let is_number = |revision: &str| !revision.is_empty() && revision.chars().all(|c| c.is_ascii_digit());
    match name.split_once(':') {
        Some((family, revision)) if !is_number(revision) => {
            let mut wrong =
                Wrong::new(format!("has no number as its revision: `{text}`"), "expected `family:7`")?;
            wrong.help = Some(format!("the latest revision is taken without one: `{family}`"));
            Some(wrong)
        }
        _ => resource_name(text),
    }
}

/// The name of a bucket that is made.
pub(super) fn new_bucket(text: &str) -> Option<Wrong> {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_address = text.split('.').count() == 4 && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let is_right =
        text.chars().all(|c| is_letter(c) || c == '-' || c == '.') && !text.contains("..") && !is_address;
    if is_right && text.starts_with(is_letter) && text.ends_with(is_letter) && (3..=63).contains(&text.len())
    {
        return None;
    }
    Wrong::new(format!("cannot be `{text}`"), "expected 3 to 63 lower-case letters, digits, `-` and `.`")
}

/// What has to be an ARN, of whatever it is.
pub(super) fn any_arn(text: &str) -> Option<Wrong> {
    // Who shows a definition to others writes a word in the place of an ARN.
    let is_word = text.contains(|c: char| c.is_ascii_uppercase())
        && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    // One letter or two stand for an ARN in examples.
    if text.starts_with("arn:") || is_word || text.len() < 4 {
        return None;
    }
    Wrong::new(format!("is not an ARN: `{text}`"), "expected an ARN")
}

/// A place in a bucket.
pub(super) fn s3_uri(text: &str) -> Option<Wrong> {
    if text.starts_with("s3://") || text.starts_with("https://") {
        return None;
    }
    let mut wrong = Wrong::new(format!("is not a place in S3: `{text}`"), "expected `s3://bucket/prefix`")?;
    wrong.help =
        (!text.contains(':')).then(|| format!("did you mean `s3://{}`?", text.trim_start_matches('/')));
    Some(wrong)
}

/// A path of names of parameters.
pub(super) fn parameter_path(text: &str) -> Option<Wrong> {
    if text.starts_with('/') {
        return None;
    }
    let mut wrong = Wrong::new(format!("cannot be `{text}`"), "a path begins with `/`")?;
    wrong.help = Some(format!("did you mean `/{text}`?"));
    Some(wrong)
}

/// The name of a parameter that is put.
pub(super) fn parameter_name(text: &str) -> Option<Wrong> {
    let first = text.trim_start_matches('/').to_ascii_lowercase();
    if first.starts_with("aws") || first.starts_with("ssm") {
        return Wrong::new(
            format!("cannot be `{text}`"),
            "names that begin with `aws` or `ssm` are those of AWS itself",
        );
    }
    if text.chars().all(|c| c.is_ascii_alphanumeric() || "_.-/:".contains(c)) {
        return None;
    }
    Wrong::new(format!("cannot be `{text}`"), "expected letters, digits, `_`, `.`, `-` and `/`")
}

pub(super) fn secret_name(text: &str) -> Option<Wrong> {
    if text.chars().all(|c| c.is_ascii_alphanumeric() || "/_+=.@-!".contains(c)) {
        return None;
    }
    Wrong::new(format!("cannot be `{text}`"), "expected letters, digits, and none but the signs `/_+=.@-`")
}

pub(super) fn alias_name(text: &str) -> Option<Wrong> {
    if text.starts_with("alias/aws/") {
        return Wrong::new(
            format!("cannot be `{text}`"),
            "aliases that begin with `alias/aws/` are those of AWS itself",
        );
    }
    if text.starts_with("alias/") {
        return None;
    }
    let mut wrong = Wrong::new(format!("cannot be `{text}`"), "the name of an alias begins with `alias/`")?;
    wrong.help = Some(format!("did you mean `alias/{text}`?"));
    Some(wrong)
}

pub(super) fn own_namespace(text: &str) -> Option<Wrong> {
    if text.starts_with("AWS/") {
        Wrong::new("cannot begin with `AWS/`", "these namespaces are those of AWS itself")
    } else {
        None
    }
}

pub(super) fn missing_data(text: &str) -> Option<Wrong> {
    one_of(text, &["breaching", "notBreaching", "ignore", "missing"])
}

pub(super) fn protocol(text: &str) -> Option<Wrong> {
    one_of(text, &["http", "https", "email", "email-json", "sms", "sqs", "application", "lambda", "firehose"])
}

pub(super) fn truth(text: &str) -> Option<Wrong> {
    one_of(text, &["true", "false"])
}

fn one_of(text: &str, words: &[&str]) -> Option<Wrong> {
    if words.contains(&text) {
        return None;
    }
    let list: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    let mut wrong =
        Wrong::new(format!("cannot be `{text}`: it is one of {}", list.join(", ")), "no such value")?;
    wrong.help = closest(text, words.iter().copied()).map(|near| format!("did you mean `{near}`?"));
    Some(wrong)
}

/// An address of mail, with a name before it or without.
pub(super) fn mail(text: &str) -> Option<Wrong> {
    if text.contains('@') {
        None
    } else {
        Wrong::new(format!("is not an address of mail: `{text}`"), "expected `name@domain`")
    }
}

pub(super) fn release_label(text: &str) -> Option<Wrong> {
    if text.starts_with("emr-") || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut wrong = Wrong::new(format!("cannot be `{text}`"), "expected `emr-6.15.0` or the like")?;
    wrong.help = Some(format!("did you mean `emr-{text}`?"));
    Some(wrong)
}

/// The name of a time zone: a region and a city, or one of the names that are older.
pub(super) fn time_zone(text: &str) -> Option<Wrong> {
    const OLDER: [&str; 42] = [
        "CET",
        "CST6CDT",
        "Cuba",
        "EET",
        "EST",
        "EST5EDT",
        "Egypt",
        "Eire",
        "GB",
        "GB-Eire",
        "GMT",
        "GMT+0",
        "GMT-0",
        "GMT0",
        "Greenwich",
        "HST",
        "Hongkong",
        "Iceland",
        "Iran",
        "Israel",
        "Jamaica",
        "Japan",
        "Kwajalein",
        "Libya",
        "MET",
        "MST",
        "MST7MDT",
        "NZ",
        "NZ-CHAT",
        "Navajo",
        "PRC",
        "PST8PDT",
        "Poland",
        "Portugal",
        "ROC",
        "ROK",
        "Singapore",
        "Turkey",
        "UCT",
        "UTC",
        "Universal",
        "WET",
    ];
    const AREAS: [&str; 16] = [
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Brazil",
        "Canada",
        "Chile",
        "Etc",
        "Europe",
        "Indian",
        "Mexico",
        "Pacific",
        "US",
    ];
    let is_of_area =
        text.split_once('/').is_some_and(|(area, place)| AREAS.contains(&area) && !place.is_empty());
    // Offsets such as `UTC+2` may be taken.
    if is_of_area || OLDER.contains(&text) || text.contains(['+', '-', ':']) || text.len() < 4 {
        return None;
    }
    Wrong::new(format!("is not a time zone: `{text}`"), "expected one such as `Europe/Berlin` or `UTC`")
}

/// An amount of memory, or a number of processors.
pub(super) fn amount(text: &str) -> Option<Wrong> {
    if text.parse::<f64>().is_ok() {
        return None;
    }
    Wrong::new(format!("is not a number: `{text}`"), "expected a number in a string; memory is in MiB")
}

pub(super) fn snapshot_name(text: &str) -> Option<Wrong> {
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts_well
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && !text.contains("--")
        && !text.ends_with('-')
    {
        return None;
    }
    Wrong::new(format!("cannot be `{text}`"), "expected letters, digits and `-`, the first a letter")
}

/// What tells messages of a FIFO queue or topic apart, or says to which group they belong.
pub(super) fn message_id(text: &str) -> Option<Wrong> {
    if text.chars().all(|c| c.is_ascii_graphic()) && (1..=128).contains(&text.len()) {
        return None;
    }
    Wrong::new(format!("cannot be `{text}`"), "expected up to 128 letters, digits and signs, without blanks")
}

/// What tells the entries of a batch apart.
pub(super) fn entry_id(text: &str) -> Option<Wrong> {
    if text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        && (1..=80).contains(&text.len())
    {
        return None;
    }
    Wrong::new(format!("cannot be `{text}`"), "expected up to 80 letters, digits, `-` and `_`")
}

/// The name of a state machine, an activity, or a rule of either.
pub(super) fn machine_name(text: &str) -> Option<Wrong> {
    let mut wrong = execution_name(text)?;
    wrong.label = "expected up to 80 characters, without blanks and none of `<>{}[]?*\"#%\\^|~$&,;:/`";
    Some(wrong)
}

/// Which ids are of what.
const IDS: [(&str, &str); 7] = [
    ("ami", "an image"),
    ("i", "an instance"),
    ("sg", "a security group"),
    ("snap", "a snapshot"),
    ("subnet", "a subnet"),
    ("vol", "a volume"),
    ("vpc", "a network"),
];

/// An id of something else, or a word where nothing but an id can be.
fn id(text: &str, wanted: &str, label: &'static str) -> Option<Wrong> {
    let (start, rest) = text.split_once('-').unwrap_or((text, ""));
    let is_id = rest.len() >= 8 && rest.bytes().all(|byte| byte.is_ascii_hexdigit());
    if let Some((_, what)) = IDS.iter().find(|(known, _)| is_id && *known == start && start != wanted) {
        return Wrong::new(format!("is the id of {what}: `{text}`"), label);
    }
    None
}

pub(super) fn subnet(text: &str) -> Option<Wrong> {
    id(text, "subnet", "expected the id of a subnet: `subnet-..`")
}

pub(super) fn security_group(text: &str) -> Option<Wrong> {
    id(text, "sg", "expected the id of a security group: `sg-..`")
}

/// EC2 takes nothing but ids.
fn only_id(text: &str, wanted: &str, label: &'static str) -> Option<Wrong> {
    let is_right = text.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('-'))
        || text.starts_with("resolve:ssm:");
    // Short ones stand for ids in examples.
    if is_right || text.len() < 4 || text.contains(|c: char| c.is_ascii_uppercase() || c == '_') {
        return None;
    }
    Wrong::new(format!("is not an id: `{text}`"), label)
}

pub(super) fn instance(text: &str) -> Option<Wrong> {
    if text.starts_with("mi-") { None } else { only_id(text, "i", "expected the id of an instance: `i-..`") }
}

pub(super) fn image(text: &str) -> Option<Wrong> {
    only_id(text, "ami", "expected the id of an image: `ami-..`")
}

pub(super) fn volume(text: &str) -> Option<Wrong> {
    only_id(text, "vol", "expected the id of a volume: `vol-..`")
}

/// The types of instances of SageMaker have names of their own.
pub(super) fn learning_instance(text: &str) -> Option<Wrong> {
    let is_of_ec2 = text.split_once('.').is_some_and(|(family, size)| {
        family.starts_with(|c: char| c.is_ascii_lowercase())
            && family.contains(|c: char| c.is_ascii_digit())
            && size.ends_with("large")
    });
    if !is_of_ec2 || text.starts_with("ml.") {
        return None;
    }
    let mut wrong =
        Wrong::new(format!("is a type of EC2: `{text}`"), "the types of SageMaker begin with `ml.`")?;
    wrong.help = Some(format!("did you mean `ml.{text}`?"));
    Some(wrong)
}

/// Buckets are made in `us-east-1` where nothing else is said.
pub(super) fn location(text: &str) -> Option<Wrong> {
    if text != "us-east-1" {
        return None;
    }
    let mut wrong = Wrong::new("cannot be `us-east-1`", "this Region is said with no location at all")?;
    wrong.help = Some("leave `CreateBucketConfiguration` out".to_owned());
    Some(wrong)
}

pub(super) fn long_token(text: &str) -> Option<Wrong> {
    match text.chars().count() {
        32..=128 => None,
        _ => Wrong::new("is too short or too long", "expected from 32 to 128 characters"),
    }
}

/// The name of a queue, which is shorter than that of a topic.
pub(super) fn short_queue_name(text: &str) -> Option<Wrong> {
    const LONGEST: usize = 80;
    if text.len() > LONGEST {
        Wrong::new("is too long", "expected up to 80 characters")
    } else {
        queue_name(text)
    }
}

/// Tags of AWS itself.
pub(super) fn own_tag(text: &str) -> Option<Wrong> {
    if text.to_ascii_lowercase().starts_with("aws:") {
        return Wrong::new(
            format!("cannot be `{text}`"),
            "tags that begin with `aws:` are those of AWS itself",
        );
    }
    None
}

/// What a query of metrics is called by others.
pub(super) fn metric_id(text: &str) -> Option<Wrong> {
    if text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    {
        return None;
    }
    Wrong::new(format!("cannot be `{text}`"), "expected letters, digits and `_`, the first a small letter")
}

pub(super) fn user_filter(text: &str) -> Option<Wrong> {
    if !text.contains("==") {
        return None;
    }
    let mut wrong = Wrong::new(
        "has `==`, which filters of users do not have",
        "expected `=`, or `^=` for the beginning",
    )?;
    wrong.help = Some(format!("did you mean `{}`?", text.replace("==", "=")));
    Some(wrong)
}

/// A network: an address of IPv4 or IPv6, and how many bits of it count.
pub(super) fn network(text: &str) -> Option<Wrong> {
    let is_network = text.split_once('/').is_some_and(|(address, bits)| {
        let most = match address.parse::<std::net::IpAddr>() {
            Ok(std::net::IpAddr::V4(_)) => 32,
            Ok(std::net::IpAddr::V6(_)) => 128,
            Err(_) => return false,
        };
        bits.parse::<u8>().is_ok_and(|bits| bits <= most)
    });
    if is_network {
        None
    } else {
        Wrong::new(format!("is not a network: `{text}`"), "expected one such as `10.0.0.0/16`")
    }
}

/// Glue has no other schedules.
pub(super) fn cron(text: &str) -> Option<Wrong> {
    if text.starts_with("cron(") {
        return schedule(text);
    }
    Wrong::new(format!("is not a cron expression: `{text}`"), "expected `cron(0 12 * * ? *)`")
}

/// A key by its id or its ARN.
pub(super) fn key_id(text: &str) -> Option<Wrong> {
    if text.starts_with("alias/") || text.contains(":alias/") {
        return Wrong::new(
            format!("cannot be the alias `{text}` here"),
            "expected the id of the key, or its ARN",
        );
    }
    None
}

pub(super) fn function_alias(text: &str) -> Option<Wrong> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) {
        return None;
    }
    Wrong::new(format!("cannot be `{text}`"), "expected letters, digits, `-` and `_`, and not digits alone")
}

/// The key of an object of S3, which is counted in bytes.
pub(super) fn object_key(text: &str) -> Option<Wrong> {
    const LONGEST: usize = 1024;
    if text.len() > LONGEST { Wrong::new("is too long", "expected up to 1024 bytes") } else { None }
}

pub(super) fn policy_scope(text: &str) -> Option<Wrong> {
    one_of(text, &["MessageAttributes", "MessageBody"])
}

/// Where messages go that could not be processed.
pub(super) fn redrive_policy(text: &str) -> Option<Wrong> {
    const LABEL: &str = "expected `{\"deadLetterTargetArn\": \"arn:..\", \"maxReceiveCount\": 5}`";
    let Some(policy) = read(text).filter(|value| value.as_object().is_some()) else {
        return Wrong::new("is not a JSON object", LABEL);
    };
    let missing =
        ["deadLetterTargetArn", "maxReceiveCount"].into_iter().find(|name| policy.get(name).is_none())?;
    Wrong::new(format!("has no `{missing}`"), LABEL)
}

/// `en-US`
pub(super) fn language(text: &str) -> Option<Wrong> {
    let is_code = text.split_once('-').is_some_and(|(language, rest)| {
        (2..=3).contains(&language.len())
            && !rest.is_empty()
            && language.chars().all(|c| c.is_ascii_lowercase())
    });
    if is_code || text.len() < 4 {
        None
    } else {
        Wrong::new(format!("is not a language: `{text}`"), "expected one such as `en-US`")
    }
}

/// A policy of IAM: what its statements say is allowed or denied.
pub(super) fn policy(text: &str) -> Option<Wrong> {
    let Some(policy) = read(text).filter(|value| value.as_object().is_some()) else {
        return Wrong::new(
            "is not a JSON object",
            "expected a policy: `{\"Version\": \"2012-10-17\", \"Statement\": [..]}`",
        );
    };
    let Some(statement) = policy.get("Statement") else {
        return Wrong::new(
            "has no `Statement`",
            "expected a policy: `{\"Version\": \"2012-10-17\", \"Statement\": [..]}`",
        );
    };
    let statements = statement.as_array().unwrap_or(std::slice::from_ref(statement));
    let effects = statements
        .iter()
        .filter(|statement| statement.as_object().is_some())
        .map(|statement| statement.get("Effect").and_then(json::Value::as_str));
    for effect in effects {
        if effect.is_none_or(|effect| !["Allow", "Deny"].contains(&effect)) {
            return Wrong::new(
                "has a statement whose `Effect` is neither `Allow` nor `Deny`",
                "each statement allows or denies something",
            );
        }
    }
    None
}

/// The ARN of a role.
pub(super) fn role_arn(text: &str) -> Option<Wrong> {
    if text.starts_with("arn:") && !(text.contains(":iam:") && text.contains(":role/")) {
        return Wrong::new(
            format!("is not the ARN of a role: `{text}`"),
            "expected `arn:aws:iam::account:role/..`",
        );
    }
    any_arn(text)
}
