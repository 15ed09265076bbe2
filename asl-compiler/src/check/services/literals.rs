//! Parameters that are written out and can never be right: malformed ARNs and URLs, messages without a target or a group.
//!
//! In: the parameters of a task. Out: only what the service refuses whatever the account holds. Where a placeholder or an expression
//! stands, nothing is said.

use super::{events, forms, messages, models, parts, tables, together, values};
use crate::check::Checker;
use crate::check::arn::Wanted;
use crate::check::given::{Given, GivenMember, What};
use crate::check::parameters::may_be_replaced;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::json::Text;
use crate::services::ActionCall;
use crate::source::Span;
use crate::suggest::closest;
use asl_language::api_gateway::is_forbidden_header;

/// Parameters that hold an ARN and nothing else.
const ARNS: [Wanted; 5] = [
    Wanted::new("TopicArn", "sns", &[""]),
    Wanted::new("TargetArn", "sns", &[""]),
    Wanted::new("StateMachineArn", "states", &["stateMachine:"]),
    Wanted::new("ExecutionArn", "states", &["execution:", "express:", "mapRun:"]),
    Wanted::new("ActivityArn", "states", &["activity:"]),
];

/// Parameters that hold a name or an ARN.
const NAMES_OR_ARNS: [Wanted; 7] = [
    Wanted::new("Cluster", "ecs", &["cluster/"]),
    Wanted::new("EventBusName", "events", &["event-bus/"]),
    Wanted::new("FunctionName", "lambda", &["function:"]),
    Wanted::new("JobDefinition", "batch", &["job-definition/"]),
    Wanted::new("JobQueue", "batch", &["job-queue/"]),
    Wanted::new("SecretId", "secretsmanager", &["secret:"]),
    Wanted::new("TaskDefinition", "ecs", &["task-definition/"]),
];

/// Whether what is wrong with the ARN in a parameter is said here.
pub(super) fn has_arn(name: &str) -> bool {
    ARNS.iter().chain(&NAMES_OR_ARNS).any(|wanted| wanted.name == name)
}

pub(super) fn check(call: &ActionCall, given: &Given<'_>, checker: &mut Checker<'_>) {
    let service = parts::service_of(call);
    let (_, action) = call.called();
    parts::each(service, &action, given, &mut |part| {
        values::check(&part, checker);
        together::check(&part, checker);
        events::check(&part, checker);
        messages::check(&part, checker);
        models::check(&part, checker);
        tables::check(&part, checker);
    });
    let What::Object(Some(members)) = &given.what else { return };
    let call = Parameters { service, members, span: given.span };
    call.check_arns(checker);
    match (service, action.as_str()) {
        ("sns", "publish") => {
            call.check_publish(checker);
            call.check_structure(checker);
        }
        ("sqs", "sendMessage" | "sendMessageBatch" | "receiveMessage" | "deleteMessage") => {
            call.check_queue(&action, checker);
        }
        ("sns", "publishBatch") => call.check_batch(checker),
        ("apigateway", "invoke") => call.check_headers(checker),
        ("ecs", "runTask") => call.check_launch(checker),
        ("eventbridge", "putEvents") => call.check_events(checker),
        ("lambda", "createFunction" | "updateFunctionConfiguration") => call.check_environment(checker),
        ("lambda", "invoke") => call.check_qualifier(checker),
        ("dynamodb", "transactWriteItems") => call.check_items(checker),
        ("dynamodb", _) => call.check_former(checker),
        ("s3", "copyObject" | "uploadPartCopy") => call.check_copy(&action, checker),
        _ => {}
    }
}

struct Parameters<'g, 'a> {
    service: &'g str,
    members: &'g [GivenMember<'a>],
    span: Span,
}

impl<'a> Parameters<'_, 'a> {
    fn get(&self, name: &str) -> Option<&GivenMember<'a>> {
        self.members.iter().find(|member| member.name == name)
    }

    /// Those that are certain to be there, of which some may exclude each other.
    fn always(&self) -> impl Iterator<Item = &GivenMember<'a>> + Clone {
        self.members.iter().filter(|member| member.is_always)
    }

    /// The text of a parameter that is written out.
    fn text(&self, name: &str) -> Option<&Text> {
        if let What::Text(text) = &self.get(name)?.value.what { text.as_deref() } else { None }
    }

    /// A key with a placeholder may become any other, and one with a typo was reported as such.
    fn has_any(&self, names: &[&str]) -> bool {
        self.members.iter().any(|member| {
            member.name.contains("${") || closest(&member.name, names.iter().copied()).is_some()
        })
    }

    /// Reports something that is missing.
    fn require(&self, names: &[&str], message: String, checker: &mut Checker<'_>) {
        if self.has_any(names) {
            return;
        }
        let start = Span::new(self.span.start, self.span.start.saturating_add(1));
        let list: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
        checker.report_accepted(
            Diagnostic::new(Code::InvalidParameter, start, message)
                .label(format!("expected {} in here", list.join(" or "))),
        );
    }

    fn check_arns(&self, checker: &mut Checker<'_>) {
        let service = self.service_of_arns();
        let is_arn =
            |wanted: &&Wanted| self.text(wanted.name).is_some_and(|text| text.value.starts_with("arn:"));
        let wanted = ARNS.iter().chain(NAMES_OR_ARNS.iter().filter(is_arn));
        for wanted in wanted.filter(|wanted| wanted.service == service) {
            let fault = self.text(wanted.name).and_then(|text| wanted.fault(text));
            fault.into_iter().for_each(|fault| checker.report_accepted(fault));
        }
    }

    /// In ARNs, some services have other names.
    fn service_of_arns(&self) -> &str {
        match self.service {
            "sfn" => "states",
            "eventbridge" => "events",
            service => service,
        }
    }

    fn check_publish(&self, checker: &mut Checker<'_>) {
        let message = "`sns:publish` does not say where the message goes".to_owned();
        self.require(&["TopicArn", "TargetArn", "PhoneNumber"], message, checker);
        if self.text("TopicArn").is_some_and(|arn| arn.value.ends_with(".fifo")) {
            self.require_group("topic", checker);
        }
    }

    fn check_batch(&self, checker: &mut Checker<'_>) {
        if self.text("TopicArn").is_some_and(|arn| arn.value.ends_with(".fifo")) {
            self.elements("PublishBatchRequestEntries")
                .for_each(|entry| entry.require_group("topic", checker));
        }
    }

    fn require_group(&self, what: &str, checker: &mut Checker<'_>) {
        let message = format!("a message to a FIFO {what} needs a group");
        self.require(&["MessageGroupId"], message, checker);
    }

    fn check_queue(&self, action: &str, checker: &mut Checker<'_>) {
        let Some(url) = self.text("QueueUrl") else { return };
        if !is_url(&url.value) {
            let message = format!("`QueueUrl` is not the URL of a queue: `{}`", url.value);
            let mut diagnostic = Diagnostic::new(Code::InvalidParameter, url.span, message)
                .label("expected `https://sqs.region.amazonaws.com/account/name`, without blanks");
            if may_be_replaced(&url.value) {
                diagnostic.severity = Severity::Warning;
            } else if is_url(url.value.trim()) {
                diagnostic = diagnostic.help(format!("did you mean `{}`?", url.value.trim()));
            }
            checker.report_accepted(diagnostic);
        } else if url.value.ends_with(".fifo") {
            match action {
                "sendMessage" => self.check_fifo(checker),
                "sendMessageBatch" => self.entries().for_each(|entry| entry.check_fifo(checker)),
                _ => {}
            }
        } else if !may_be_replaced(&url.value) {
            self.refuse("MessageDeduplicationId", "only a FIFO queue tells messages apart by it", checker);
            self.entries().for_each(|entry| {
                entry.refuse(
                    "MessageDeduplicationId",
                    "only a FIFO queue tells messages apart by it",
                    checker,
                );
            });
        }
    }

    /// A message to a FIFO queue has a group, and its delay is that of the queue.
    fn check_fifo(&self, checker: &mut Checker<'_>) {
        self.require_group("queue", checker);
        self.refuse("DelaySeconds", "a FIFO queue delays all messages alike, or none", checker);
    }

    /// Reports a parameter that there cannot be.
    fn refuse(&self, name: &str, label: &str, checker: &mut Checker<'_>) {
        if let Some(member) = self.always().find(|member| member.name == name) {
            let message = format!("`{name}` is not taken by this kind of queue");
            checker.report_accepted(
                Diagnostic::new(Code::InvalidParameter, member.key.span, message).label(label),
            );
        }
    }

    /// Headers that API Gateway integrations of Step Functions do not send.
    fn check_headers(&self, checker: &mut Checker<'_>) {
        let Some(What::Object(Some(headers))) = self.get("Headers").map(|headers| &headers.value.what) else {
            return;
        };
        for header in headers {
            if is_forbidden_header(&header.name) {
                let message = format!("`apigateway:invoke` cannot set the header `{}`", header.name);
                checker.report_accepted(
                    Diagnostic::new(Code::InvalidParameter, header.key.span, message)
                        .label("Step Functions sets this header itself, or does not allow it"),
                );
            }
        }
    }

    /// Only Fargate gives tasks addresses that are public, and what is changed in a container says in which.
    fn check_launch(&self, checker: &mut Checker<'_>) {
        let network = self.get("NetworkConfiguration").map(|network| &network.value.what);
        let Some(What::Object(Some(network))) = network else { return };
        let Some(What::Object(Some(vpc))) = network.first().map(|vpc| &vpc.value.what) else { return };
        let Some(launch) = self.text("LaunchType").filter(|launch| launch.value == "EC2") else { return };
        let public = vpc
            .iter()
            .find(|member| member.name == "AssignPublicIp" && member.value.text() == Some("ENABLED"));
        if let Some(public) = public {
            let message = "a task on EC2 cannot be given a public address";
            checker.report_accepted(
                Diagnostic::new(Code::InvalidParameter, public.value.span, message)
                    .label("expected `DISABLED`, or `FARGATE` as the launch type")
                    .related(launch.span, "the launch type is here"),
            );
        }
    }

    /// Lambda sets some variables of the environment itself, and none has signs in its name.
    fn check_environment(&self, checker: &mut Checker<'_>) {
        const RESERVED: [&str; 14] = [
            "AWS_ACCESS_KEY_ID",
            "AWS_DEFAULT_REGION",
            "AWS_EXECUTION_ENV",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            "AWS_LAMBDA_FUNCTION_NAME",
            "AWS_LAMBDA_FUNCTION_VERSION",
            "AWS_LAMBDA_LOG_GROUP_NAME",
            "AWS_LAMBDA_LOG_STREAM_NAME",
            "AWS_LAMBDA_RUNTIME_API",
            "AWS_REGION",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "LAMBDA_TASK_ROOT",
            "_HANDLER",
        ];
        let Some(What::Object(Some(environment))) = self.get("Environment").map(|member| &member.value.what)
        else {
            return;
        };
        let variables =
            environment.iter().find(|member| member.name == "Variables").map(|member| &member.value.what);
        let Some(What::Object(Some(variables))) = variables else { return };
        for variable in variables.iter().filter(|variable| !variable.name.contains("${")) {
            let name = &variable.name;
            let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let label = match (RESERVED.contains(&&**name), is_name) {
                (true, _) => "Lambda sets this variable itself",
                (false, false) => "expected letters, digits and `_`, the first a letter",
                (false, true) => continue,
            };
            let message = format!("a variable of a function cannot be called `{name}`");
            checker.report_accepted(
                Diagnostic::new(Code::InvalidParameter, variable.key.span, message).label(label),
            );
        }
    }

    /// The version of a function is said once.
    fn check_qualifier(&self, checker: &mut Checker<'_>) {
        let (Some(function), Some(qualifier)) = (self.text("FunctionName"), self.text("Qualifier")) else {
            return;
        };
        let name = function.value.rsplit_once("function:").map_or(&*function.value, |(_, name)| name);
        let Some((_, alias)) = name.split_once(':') else { return };
        if alias != qualifier.value
            && !alias.contains([':', '<', '{'])
            && !qualifier.value.contains(['<', '{', '$'])
        {
            let message = format!("`Qualifier` is `{}`, and `FunctionName` says `{alias}`", qualifier.value);
            checker.report_accepted(
                Diagnostic::new(Code::InvalidParameter, qualifier.span, message)
                    .label("expected the same in both places, or one of them")
                    .related(function.span, "the function is here"),
            );
        }
    }

    /// The elements of `Entries` that are written out.
    fn entries(&self) -> impl Iterator<Item = Parameters<'_, 'a>> {
        self.elements("Entries")
    }

    /// The objects of a list that is written out.
    fn elements(&self, list: &str) -> impl Iterator<Item = Parameters<'_, 'a>> {
        let list = self.get(list).map(|list| &list.value.what);
        let elements = if let Some(What::List(Some(elements))) = list { elements.as_slice() } else { &[] };
        elements.iter().filter_map(|entry| {
            let What::Object(Some(members)) = &entry.what else { return None };
            Some(Parameters { service: self.service, members, span: entry.span })
        })
    }

    /// A message with a structure says what is sent where nothing else is said.
    fn check_structure(&self, checker: &mut Checker<'_>) {
        if self.text("MessageStructure").is_none_or(|structure| structure.value != "json") {
            return;
        }
        let Some(message) = self.get("Message") else { return };
        let has_default = if let What::Object(Some(members)) = &message.value.what {
            members.iter().any(|member| member.name == "default")
        } else if let What::Text(Some(text)) = &message.value.what {
            text.value.starts_with(['$', '<']) || forms::has_default(&text.value)
        } else {
            true
        };
        if !has_default {
            let text = "`Message` has no `default`, which a message of the structure `json` needs".to_owned();
            checker.report_accepted(
                Diagnostic::new(Code::InvalidParameter, message.value.span, text)
                    .label("expected a JSON object with `default`"),
            );
        }
    }

    /// What expressions have replaced does not go together with them.
    fn check_former(&self, checker: &mut Checker<'_>) {
        const FORMER: [&str; 7] = [
            "AttributeUpdates",
            "AttributesToGet",
            "ConditionalOperator",
            "Expected",
            "KeyConditions",
            "QueryFilter",
            "ScanFilter",
        ];
        let mut always = self.always();
        let expression = always.clone().find(|member| member.name.ends_with("Expression"));
        let former = always.find(|member| FORMER.contains(&&*member.name));
        let (Some(expression), Some(former)) = (expression, former) else { return };
        let message = format!("`{}` does not go together with `{}`", former.name, expression.name);
        checker.report_accepted(
            Diagnostic::new(Code::InvalidParameter, former.key.span, message)
                .label("what it says has to be in an expression")
                .related(expression.key.span, "the expression is here"),
        );
    }

    /// Each item of a transaction does one thing.
    fn check_items(&self, checker: &mut Checker<'_>) {
        const ACTIONS: [&str; 4] = ["ConditionCheck", "Delete", "Put", "Update"];
        for item in self.elements("TransactItems") {
            let mut done = item.always().filter(|member| ACTIONS.contains(&&*member.name));
            let (Some(first), Some(second)) = (done.next(), done.next()) else { continue };
            let message = format!("an item of a transaction has both `{}` and `{}`", first.name, second.name);
            checker.report_accepted(
                Diagnostic::new(Code::InvalidParameter, second.key.span, message)
                    .label("each item does one thing")
                    .related(first.key.span, "the other is here")
                    .help("write another item for it"),
            );
        }
    }

    /// Source and destination of a copy are written in one of two ways.
    fn check_copy(&self, action: &str, checker: &mut Checker<'_>) {
        let needed =
            [["CopySource", "SourceBucket"], ["Bucket", "DestinationBucket"], ["Key", "DestinationKey"]];
        for [first, other] in needed {
            let message = format!("`aws-sdk:s3:{action}` needs the parameter `{first}`");
            self.require(&[first, other], message, checker);
        }
        self.check_other_place(action, checker);
    }

    /// A copy in the same place has to change something.
    fn check_other_place(&self, action: &str, checker: &mut Checker<'_>) {
        let (Some(source), Some(bucket), Some(key)) =
            (self.text("CopySource"), self.text("Bucket"), self.text("Key"))
        else {
            return;
        };
        let place = format!("{}/{}", bucket.value, key.value);
        let is_same = source.value.trim_start_matches('/') == place;
        let changes = |member: &GivenMember<'_>| !["Bucket", "CopySource", "Key"].contains(&&*member.name);
        if action == "copyObject"
            && is_same
            && !place.contains(['<', '{'])
            && !self.members.iter().any(changes)
        {
            let message = format!("the object is copied to where it is: `{place}`");
            checker.report_accepted(
                Diagnostic::new(Code::InvalidParameter, key.span, message)
                    .label("S3 refuses a copy that changes nothing")
                    .related(source.span, "the source is here"),
            );
        }
    }

    /// EventBridge takes an entry without these, or with wrong ones, and answers that it has failed.
    fn check_events(&self, checker: &mut Checker<'_>) {
        for entry in self.entries() {
            for name in ["Source", "DetailType", "Detail"] {
                entry.require(&[name], format!("an event needs `{name}`"), checker);
            }
            entry.check_arns(checker);
        }
    }
}

fn is_url(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(char::is_whitespace)
}
