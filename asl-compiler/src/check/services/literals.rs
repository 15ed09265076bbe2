//! Parameters that are written out and can never be right: malformed ARNs and URLs, messages without a target or a group.
//!
//! In: the parameters of a task. Out: only what the service refuses whatever the account holds. Where a placeholder or an expression
//! stands, nothing is said.

use super::values;
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
use std::collections::HashMap;

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

pub(super) fn check(call: &ActionCall, given: &Given<'_>, checker: &mut Checker<'_>) {
    let What::Object(Some(members)) = &given.what else { return };
    let (service, action) = call.called();
    let call = Parameters { service, members, span: given.span };
    call.check_arns(checker);
    values::check(service, &action, members, checker);
    for (of, its, names) in NEEDED.iter().filter(|(of, its, _)| *of == service && *its == action) {
        call.require(names, format!("`{of}:{its}` needs one of these parameters"), checker);
    }
    match (service, action.as_str()) {
        ("sns", "publish") => {
            call.check_publish(checker);
            call.check_structure(checker);
            call.check_attributes(checker);
        }
        ("sqs", "sendMessage" | "sendMessageBatch" | "receiveMessage" | "deleteMessage") => {
            call.check_queue(&action, checker);
            call.check_attributes(checker);
            call.entries().for_each(|entry| entry.check_attributes(checker));
            call.check_ids("Entries", checker);
        }
        ("sqs", "deleteMessageBatch" | "changeMessageVisibilityBatch") => call.check_ids("Entries", checker),
        ("sns", "publishBatch") => call.check_ids("PublishBatchRequestEntries", checker),
        ("events" | "eventbridge", "putEvents") => call.check_events(checker),
        ("dynamodb", "transactWriteItems") => call.check_items(checker),
        ("dynamodb", _) => call.check_former(checker),
        ("s3", "copyObject" | "uploadPartCopy") => call.check_copy(&action, checker),
        _ => {}
    }
}

/// Actions that need one of some parameters, where the model requires none of them.
const NEEDED: [(&str, &str, &[&str]); 4] = [
    ("cloudformation", "createStack", &["TemplateBody", "TemplateUrl", "TemplateURL"]),
    ("eventbridge", "putRule", &["ScheduleExpression", "EventPattern"]),
    ("kms", "generateDataKey", &["KeySpec", "NumberOfBytes"]),
    ("ssm", "sendCommand", &["InstanceIds", "Targets"]),
];

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

    /// Some services have two names.
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
                "sendMessage" => self.require_group("queue", checker),
                "sendMessageBatch" => self.entries().for_each(|entry| entry.require_group("queue", checker)),
                _ => {}
            }
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

    /// The attributes of a message.
    fn check_attributes(&self, checker: &mut Checker<'_>) {
        let attributes = self.get("MessageAttributes").map(|attributes| &attributes.value.what);
        let Some(What::Object(Some(attributes))) = attributes else { return };
        for attribute in attributes {
            if let What::Object(Some(members)) = &attribute.value.what {
                values::check(self.service, "attribute", members, checker);
            }
        }
    }

    /// The entries of a batch are told apart by what they are called.
    fn check_ids(&self, list: &str, checker: &mut Checker<'_>) {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        let entries: Vec<_> = self.elements(list).collect();
        for id in entries.iter().filter_map(|entry| entry.text("Id")) {
            let Some(first) = seen.insert(&id.value, id.span) else { continue };
            let message = format!("two entries of the batch have the `Id` `{}`", id.value);
            checker.report_accepted(
                Diagnostic::new(Code::InvalidParameter, id.span, message)
                    .label("each entry has one of its own")
                    .related(first, "the other is here"),
            );
        }
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
            text.value.starts_with(['$', '<']) || values::has_default(&text.value)
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
    }

    /// EventBridge takes an entry without these, or with wrong ones, and answers that it has failed.
    fn check_events(&self, checker: &mut Checker<'_>) {
        for entry in self.entries() {
            for name in ["Source", "DetailType", "Detail"] {
                entry.require(&[name], format!("an event needs `{name}`"), checker);
            }
            entry.check_arns(checker);
            values::check(entry.service, "entry", entry.members, checker);
        }
    }
}

fn is_url(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(char::is_whitespace)
}
