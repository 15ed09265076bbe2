//! Parameters against the shape of what an action takes.

use super::{attributes, bounds};
use crate::check::Checker;
use crate::check::given::{Given, GivenMember, What};
use crate::code::Code;
use crate::definition::State;
use crate::diagnostic::{Diagnostic, Severity};
use crate::json::Text;
use crate::services::{ActionCall, Member, Shape, ShapeKind, sdk_member};
use crate::source::Span;
use crate::suggest::{closest, did_you_mean, is_slip_of};
use crate::vocabulary::Number;

/// More values than this are not listed.
const LISTED: usize = 8;

/// An enumeration of more values than this is a family that grows, such as that of the types of instances: another value of it may be newer
/// than the table of services.
const FAMILY: usize = 30;

/// Parameters whose models list the words of something else: a message has other attributes than a queue.
const MISLISTED: [(&str, &str, &str); 1] = [("sqs", "receiveMessage", "AttributeNames")];

pub(super) fn check(state: &State, call: &ActionCall, given: &Given<'_>, checker: &mut Checker<'_>) {
    let shape = call.parameters();
    if shape.kind() == ShapeKind::Any {
        return;
    }
    let name = call.name();
    let (service, action) = call.called();
    let mislisted = MISLISTED.iter().find(|(of, its, _)| *of == service && *its == action);
    let mislisted = mislisted.map(|(.., name)| *name);
    let mut walk = Walk {
        checker,
        mislisted,
        is_sdk: call.is_sdk(),
        is_lambda: service == "lambda",
        has_attributes: service == "dynamodb",
    };
    match &given.what {
        What::Object(Some(members)) => {
            let known = shape.members();
            let meant = walk.check_members(&format!("`{name}`"), "parameter", members, (&shape, &known));
            for missing in walk.missing(members, &known, &meant) {
                let message = format!("`{name}` needs the parameter `{}`", missing.name);
                walk.checker.diagnostics.push(
                    Diagnostic::new(Code::InvalidParameter, opening(given.span), message).label(format!(
                        "the parameters of state `{}` have no `{}`",
                        state.name.value, missing.name
                    )),
                );
            }
        }
        What::Unknown | What::Object(None) => {}
        What::Null | What::Boolean(_) | What::Number(_) | What::Text(_) | What::List(_) => {
            walk.wrong_type(&format!("the parameters of `{name}`"), "an object", given);
        }
    }
}

/// Without `Parameters` the input of the state is what is sent. Nearly always it was forgotten that the action needs something.
pub(super) fn check_absent(state: &State, call: &ActionCall, resource: Span, checker: &mut Checker<'_>) {
    let shape = call.parameters();
    if shape.kind() == ShapeKind::Any {
        return;
    }
    let needed: Vec<_> = shape.members().into_iter().filter(|member| member.required).collect();
    let Some(first) = needed.first() else { return };
    absent(state, &call.name(), &first.name, resource, checker);
}

/// Says that a task has no parameters at all, of which its action needs the one named.
pub(in crate::check) fn absent(
    state: &State,
    action: &str,
    needed: &str,
    resource: Span,
    checker: &mut Checker<'_>,
) {
    let field = state.query_language.parameters();
    let message = format!("`{action}` needs the parameter `{needed}`");
    let mut diagnostic = Diagnostic::new(Code::InvalidParameter, resource, message)
        .label(format!("without `{field}` the input of state `{}` is what is sent", state.name.value))
        .help(format!("add `{field}` with `{needed}`"));
    diagnostic.severity = Severity::Warning;
    checker.diagnostics.push(diagnostic);
}

fn is_number(text: &str) -> bool {
    text.trim().parse::<f64>().is_ok()
}

/// Whether a text is taken for a boolean.
pub(super) fn is_boolean(text: &str) -> bool {
    ["true", "false"].contains(&text.to_ascii_lowercase().as_str())
}

const fn opening(span: Span) -> Span {
    Span::new(span.start, span.start.saturating_add(1))
}

struct Walk<'w, 'c> {
    checker: &'w mut Checker<'c>,
    is_sdk: bool,
    is_lambda: bool,
    /// A parameter that takes other words than those that the model lists.
    mislisted: Option<&'static str>,
    /// Attribute values of DynamoDB are written in more ways than the model says.
    has_attributes: bool,
}

impl Walk<'_, '_> {
    /// A value against its shape; `name` is the parameter for messages.
    fn check(&mut self, name: &str, given: &Given<'_>, shape: Shape) {
        if matches!(given.what, What::Unknown | What::Null) {
            return;
        }
        match shape.kind() {
            ShapeKind::Blob if name == "Payload" && self.is_lambda => self.check_payload(given),
            ShapeKind::Any | ShapeKind::Blob | ShapeKind::Timestamp => {}
            ShapeKind::String => self.check_text(name, given),
            ShapeKind::Enum => self.check_enum(name, given, shape),
            ShapeKind::Integer => self.check_whole(name, given),
            ShapeKind::Number => self.check_number(name, given),
            ShapeKind::Boolean => self.check_boolean(name, given),
            ShapeKind::List => self.check_list(name, given, shape),
            ShapeKind::Map => self.check_map(name, given, shape),
            ShapeKind::Structure | ShapeKind::Union => self.check_structure(name, given, shape),
        }
    }

    /// The event of a function is an object nearly always, though a function takes any JSON.
    fn check_payload(&mut self, given: &Given<'_>) {
        if !matches!(given.what, What::Number(_) | What::Boolean(_)) {
            return;
        }
        let found = given.type_name().unwrap_or_default();
        let message = format!("`Payload` should be an object, an array or a string, not {found}");
        let mut diagnostic = Diagnostic::new(Code::InvalidParameter, given.span, message)
            .label("few functions take such an event");
        diagnostic.severity = Severity::Warning;
        self.checker.report_accepted(diagnostic);
    }

    /// Where a service wants a text, Step Functions takes objects and arrays as well, and sends their JSON. No name is JSON.
    fn check_text(&mut self, name: &str, given: &Given<'_>) {
        match &given.what {
            What::Number(_) | What::Boolean(_) => self.wrong_type(&format!("`{name}`"), "a string", given),
            What::Object(_) | What::List(_) if is_name(name) || is_address(name) => {
                self.report_json(name, given, is_never_json(name));
            }
            What::Text(Some(text)) if is_address(name) && begins_as_path(text) => {
                self.checker.refused.insert(text.span);
            }
            What::Object(_) | What::List(_) | What::Text(_) | What::Unknown | What::Null => {}
        }
    }

    /// `is_certain` where no JSON is ever right.
    fn report_json(&mut self, name: &str, given: &Given<'_>, is_certain: bool) {
        let found = given.type_name().unwrap_or_default();
        let message = format!("`{name}` should be a string, not {found}");
        let mut diagnostic = Diagnostic::new(Code::InvalidParameter, given.span, message)
            .label("its JSON is what the service would get");
        if !is_certain {
            diagnostic.severity = Severity::Warning;
        }
        self.checker.report_accepted(diagnostic);
    }

    fn check_enum(&mut self, name: &str, given: &Given<'_>, shape: Shape) {
        let text = match &given.what {
            What::Text(text) => text.as_deref(),
            What::Object(_) | What::List(_) => return self.report_json(name, given, true),
            What::Unknown | What::Null | What::Boolean(_) | What::Number(_) => {
                return self.check_text(name, given);
            }
        };
        if let Some(text) = text.filter(|text| begins_as_path(text)) {
            self.checker.refused.insert(text.span);
            return;
        }
        let values = shape.values();
        if self.mislisted == Some(name) {
            return;
        }
        if given.may_be(|text| values.iter().any(|value| value == text)) {
            return;
        }
        self.checker.report_accepted(unknown_value(name, text, given.span, &values));
    }

    /// `"2"` and `2.5` are refused where the SDK wants a whole number.
    fn check_whole(&mut self, name: &str, given: &Given<'_>) {
        match given.what {
            What::Number(Some(Number::Float(_))) if self.is_sdk => {
                let message = format!("`{name}` must be a whole number");
                let diagnostic = Diagnostic::new(Code::InvalidParameter, given.span, message);
                self.checker.diagnostics.push(diagnostic.label("expected a number without a point"));
            }
            What::Number(_) | What::Unknown | What::Null => {}
            What::Text(_) if !self.is_sdk && given.may_be(is_number) => {}
            What::Text(_) | What::Boolean(_) | What::List(_) | What::Object(_) => {
                self.wrong_type(&format!("`{name}`"), "a whole number", given);
            }
        }
    }

    fn check_number(&mut self, name: &str, given: &Given<'_>) {
        let is_numeric = match &given.what {
            What::Number(_) | What::Unknown | What::Null => true,
            What::Text(_) => given.may_be(is_number),
            What::Boolean(_) | What::List(_) | What::Object(_) => false,
        };
        if !is_numeric {
            self.wrong_type(&format!("`{name}`"), "a number", given);
        }
    }

    /// The texts of booleans are taken for them.
    fn check_boolean(&mut self, name: &str, given: &Given<'_>) {
        let is_boolean = match &given.what {
            What::Boolean(_) | What::Unknown | What::Null => true,
            What::Text(_) => given.may_be(is_boolean),
            What::Number(_) | What::List(_) | What::Object(_) => false,
        };
        if !is_boolean {
            self.wrong_type(&format!("`{name}`"), "a boolean", given);
        }
    }

    fn check_list(&mut self, name: &str, given: &Given<'_>, shape: Shape) {
        let What::List(elements) = &given.what else {
            self.wrong_type(&format!("`{name}`"), "an array", given);
            return;
        };
        let Some(element) = shape.element() else { return };
        for given in elements.iter().flatten() {
            self.check(name, given, element);
            bounds::check(name, given, element.kind(), || shape.element_bounds(), self.checker);
        }
    }

    fn check_map(&mut self, name: &str, given: &Given<'_>, shape: Shape) {
        let What::Object(members) = &given.what else {
            self.wrong_type(&format!("`{name}`"), "an object", given);
            return;
        };
        let Some(element) = shape.element() else { return };
        for member in members.iter().flatten() {
            self.check(&member.name, &member.value, element);
            bounds::check(
                &member.name,
                &member.value,
                element.kind(),
                || shape.element_bounds(),
                self.checker,
            );
        }
    }

    fn check_structure(&mut self, name: &str, given: &Given<'_>, shape: Shape) {
        let known = shape.members();
        if self.has_attributes && attributes::is_attribute(&known) {
            attributes::check(name, given, self.checker);
            return;
        }
        match &given.what {
            What::Object(Some(members)) => {
                let meant = self.check_members(&format!("`{name}`"), "field", members, (&shape, &known));
                if shape.kind() == ShapeKind::Union {
                    self.check_union(name, members, &known);
                    if self.has_attributes {
                        attributes::check_values(name, members, self.checker);
                    }
                }
                for missing in self.missing(members, &known, &meant) {
                    let message = format!("`{name}` needs the field `{}`", missing.name);
                    let diagnostic = Diagnostic::new(Code::InvalidParameter, opening(given.span), message);
                    // Only the parameters themselves are checked by AWS before the service sees them.
                    self.checker.report_accepted(diagnostic.label(format!("no `{}` in here", missing.name)));
                }
            }
            What::Unknown | What::Null | What::Object(None) => {}
            What::Boolean(_) | What::Number(_) | What::Text(_) | What::List(_) => {
                self.wrong_type(&format!("`{name}`"), "an object", given);
            }
        }
    }

    /// Of the fields of a union exactly one is given.
    fn check_union(&mut self, name: &str, members: &[GivenMember<'_>], known: &[Member]) {
        let is_given = |member: &&GivenMember<'_>| {
            member.is_always
                && !matches!(member.value.what, What::Null)
                && known.iter().any(|known| self.is_called(known, &member.name))
        };
        let mut given = members.iter().filter(is_given);
        let (Some(first), Some(second)) = (given.next(), given.next()) else { return };
        let message = format!("`{name}` has both `{}` and `{}`", first.name, second.name);
        self.checker.report_accepted(
            Diagnostic::new(Code::InvalidParameter, second.key.span, message)
                .label("only one of the two can be given")
                .related(first.key.span, "the other is here"),
        );
    }

    /// Checks members, and returns the names that were probably meant by unknown ones.
    fn check_members(
        &mut self,
        owner: &str,
        noun: &str,
        members: &[GivenMember<'_>],
        (shape, known): (&Shape, &[Member]),
    ) -> Vec<String> {
        let (mut meant, mut unknown) = (Vec::new(), 0);
        let lacking = self.missing(members, known, &[]);
        for member in members {
            match known.iter().zip(0..).find(|(known, _)| self.is_called(known, &member.name)) {
                Some((known, number)) => {
                    self.check(&member.name, &member.value, known.shape);
                    let bounds = || shape.bounds_of_member(number, &known.name);
                    bounds::check(&member.name, &member.value, known.shape.kind(), bounds, self.checker);
                }
                None if member.name.contains("${") => {}
                None => {
                    unknown += 1;
                    meant.extend(self.report_unknown(owner, noun, member, known, &lacking));
                }
            }
        }
        // One name that does not exist, and one that is lacking: that is one mistake.
        match lacking.as_slice() {
            [only] if unknown == 1 && meant.is_empty() => vec![only.name.clone()],
            _ => meant,
        }
    }

    /// Whether a member is meant by that name. Which of the two ways of writing an optimised integration has is not always known.
    fn is_called(&self, member: &Member, name: &str) -> bool {
        member.name == name || (!self.is_sdk && sdk_member(member.name.clone()) == name)
    }

    /// The members that must be given and are not, without those that were meant by something else.
    fn missing<'k>(
        &self,
        members: &[GivenMember<'_>],
        known: &'k [Member],
        meant: &[String],
    ) -> Vec<&'k Member> {
        // A key with a placeholder may become any other.
        if members.iter().any(|member| member.name.contains("${")) {
            return Vec::new();
        }
        let is_missing = |known: &&Member| {
            known.required
                && !meant.contains(&known.name)
                && !members.iter().any(|member| self.is_called(known, &member.name))
        };
        known.iter().filter(is_missing).collect()
    }

    fn report_unknown(
        &mut self,
        owner: &str,
        noun: &str,
        member: &GivenMember<'_>,
        known: &[Member],
        lacking: &[&Member],
    ) -> Option<String> {
        let message = format!("{owner} has no {noun} `{}`", member.name);
        let diagnostic = Diagnostic::new(Code::UnknownParameter, member.key.span, message)
            .label(format!("no such {noun}"));
        let names = || known.iter().map(|member| member.name.as_str());
        let meant = closest(&member.name, names()).or_else(|| only_akin(&member.name, lacking));
        let help = match (meant, lacking) {
            (Some(meant), _) => Some(format!("did you mean `{meant}`?")),
            (None, [only]) => Some(format!("{owner} needs the {noun} `{}`, which is not given", only.name)),
            (None, _) => did_you_mean(&member.name, names()),
        };
        self.checker.diagnostics.push(match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
        meant.map(str::to_owned)
    }

    fn wrong_type(&mut self, what: &str, wanted: &str, given: &Given<'_>) {
        wrong_type(what, wanted, given, self.checker);
    }
}

/// The ends of parameters that name or address something, and are not JSON.
const NAMES: &[&str] = &[
    "Name",
    "Arn",
    "ARN",
    "Id",
    "ID",
    "Url",
    "Uri",
    "Bucket",
    "Key",
    "Prefix",
    "Expression",
    "Role",
    "Token",
    "Subject",
    "Type",
    "Method",
    "Endpoint",
    "Path",
    "Queue",
    "Cluster",
    "JobDefinition",
    "TaskDefinition",
    "Group",
    "Database",
    "Version",
    "Code",
    "Accept",
    "Qualifier",
    "Stage",
    "Format",
    "Index",
    "Source",
    "Status",
    "Statement",
    "QueryString",
    "Description",
    "Engine",
    "Class",
];

/// The ends of parameters whose values have no braces and no quotes in them.
const ADDRESSES: &[&str] = &[
    "Arn",
    "ARN",
    "Bucket",
    "Cluster",
    "Endpoint",
    "Expression",
    "JobDefinition",
    "Method",
    "ModelId",
    "Path",
    "Queue",
    "Role",
    "Stage",
    "TableName",
    "Tagging",
    "FunctionName",
    "JobName",
    "TaskDefinition",
    "Uri",
    "Url",
    "WorkGroup",
];

/// Whether what a parameter of that name holds addresses something.
pub(in crate::check) fn is_address(parameter: &str) -> bool {
    ADDRESSES.iter().any(|end| parameter.ends_with(end))
}

/// Whether a text was meant to be looked up or computed. No address and no word of a service begins so.
fn begins_as_path(text: &Text) -> bool {
    ["$.", "$[", "$$.", "$states.", "{%"].iter().any(|start| text.value.starts_with(start))
}

/// Whether no JSON is ever right. What groups messages, and tells them apart, may be any text.
fn is_never_json(parameter: &str) -> bool {
    is_address(parameter)
        || parameter.ends_with("Name")
        || (parameter.ends_with("Id") && !parameter.starts_with("Message"))
}

fn is_name(parameter: &str) -> bool {
    parameter != "StringValue" && NAMES.iter().any(|end| parameter.ends_with(end))
}

/// The only one of what is required and missing that is a longer or shorter form of a name: `MessageBody` for `Message`, `JobName` for
/// `Name`, `TaskDefinition` for `TaskDefinitionArn`.
fn only_akin<'k>(name: &str, lacking: &[&'k Member]) -> Option<&'k str> {
    let is_part = |whole: &str, part: &str| {
        let (whole, part) = (whole.to_ascii_lowercase(), part.to_ascii_lowercase());
        part.len() >= LEAST_PART && (whole.starts_with(&part) || whole.ends_with(&part))
    };
    let mut akin = lacking
        .iter()
        .map(|member| member.name.as_str())
        .filter(|known| is_part(known, name) || is_part(name, known));
    akin.next().filter(|_| akin.next().is_none())
}

/// Shorter parts of names say nothing.
const LEAST_PART: usize = 4;

/// Reports a value of the wrong type.
pub(in crate::check) fn wrong_type(what: &str, wanted: &str, given: &Given<'_>, checker: &mut Checker<'_>) {
    let Some(found) = given.type_name() else { return };
    let message = format!("{what} must be {wanted}, not {found}");
    checker.diagnostics.push(
        Diagnostic::new(Code::InvalidParameter, given.span, message).label(format!("expected {wanted}")),
    );
}

/// Whether a text has a place in it that a tool puts something else in.
fn stands_for_another(text: &str) -> bool {
    text.contains(['<', '{', '@']) || text.starts_with('_')
}

/// `text` is what is written in the place, if it is not computed.
fn unknown_value(name: &str, text: Option<&Text>, span: Span, values: &[String]) -> Diagnostic {
    let message = match text {
        Some(text) => format!("`{name}` has no value `{}` that is known", text.value),
        None => format!("`{name}` has no such value that is known"),
    };
    let diagnostic = Diagnostic::new(Code::UnknownValue, span, message);
    let diagnostic = if values.len() > LISTED {
        diagnostic.label(format!("none of the {} known values", values.len()))
    } else {
        let list: Vec<_> = values.iter().map(|value| format!("`{value}`")).collect();
        diagnostic.label(format!("expected {}", list.join(", ")))
    };
    let is_closed = values.len() <= FAMILY;
    let value = text.and_then(|text| closest(&text.value, values.iter().map(String::as_str)));
    let is_slip = text.zip(value).is_some_and(|(text, value)| is_slip_of(&text.value, value));
    let mut diagnostic = match value {
        Some(value) => diagnostic.help(format!("did you mean `{value}`?")),
        None => diagnostic,
    };
    // Any other value may be newer than the table of services, or be put there by a tool.
    if is_slip || (is_closed && text.is_none_or(|text| !stands_for_another(&text.value))) {
        diagnostic.severity = Severity::Error;
    }
    diagnostic
}
