//! Every action of every service against the Service Authorization Reference: the names that calls need exist, and their resources have a
//! form that the reference has for the action.

use crate::arn::{Arn, Piece};
use crate::authorization;
use crate::glob::{Reach, Token, Trust, covers, of_arn};
use crate::{Policy, Settings, policy};
use asl_compiler::diagnostic::Diagnostics;
use asl_compiler::json;
use asl_compiler::services::{self, Action, Service, ShapeKind};
use asl_compiler::source::SourceFile;
use asl_language::resource::Suffix;
use serde_json::{Value, json};

fn task(resource: &str, parameters: &Value) -> Policy {
    let machine = json!({ "StartAt": "T", "States": {
        "T": { "Type": "Task", "Resource": resource, "Parameters": parameters, "End": true } } });
    let source = SourceFile::new("m", machine.to_string());
    policy(&json::parse(&source, &mut Diagnostics::default()).expect("JSON"), Settings::default())
}

/// Whether a resource has a form that the reference has for an action.
fn has_form(action: &str, resource: &Arn) -> bool {
    let types = authorization::action(action).types;
    let is_open = resource.pieces().iter().any(|piece| matches!(piece, Piece::Placeholder(_)));
    let needed = of_arn(resource);
    resource.is_any() || !is_open && types.iter().any(|kind| covers(&form(kind.arn), &needed, Trust::Both))
}

/// A form with a wildcard in the place of each part.
fn form(arn: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut parts = arn.split("${");
    tokens.extend(parts.next().unwrap_or_default().chars().map(Token::Letter));
    for part in parts {
        let (name, behind) = part.split_once('}').unwrap_or((part, ""));
        let is_place = matches!(name, "Partition" | "Region" | "Account");
        tokens.push(Token::Many(if is_place { Reach::Field } else { Reach::All }));
        tokens.extend(behind.chars().map(Token::Letter));
    }
    tokens
}

/// Calls whose actions the reference does not have for the service, each with a reason.
const OTHER_FORMS: &[(&str, &str)] = &[];

/// What is found out about the names that calls need.
#[derive(Default)]
struct Found {
    known: usize,
    unknown: usize,
    wrong: Vec<String>,
}

impl Found {
    fn add(&mut self, action: &Action) {
        let members = action.input().members().into_iter();
        let strings = members.filter(|member| member.shape.kind() == ShapeKind::String);
        let given: serde_json::Map<String, Value> = strings
            .filter(|member| !member.name.to_lowercase().ends_with("arn"))
            .map(|member| (member.name, json!("x")))
            .collect();
        let resource = format!("arn:aws:states:::aws-sdk:{}:{}", action.service().name(), action.name());
        for need in task(&resource, &Value::Object(given)).needs {
            for name in &need.actions {
                let is_known = authorization::action(name).is_known;
                if is_known {
                    self.known += 1
                } else {
                    self.unknown += 1
                }
                let others = need.resources.iter().filter(|arn| is_known && !has_form(name, arn));
                self.wrong.extend(others.map(|arn| format!("{resource}: {name} on {arn}")));
                let is_wide = need.resources.iter().any(Arn::is_any) && need.wide.is_none();
                assert!(!is_wide, "{resource}: {name} is on everything without a reason");
            }
        }
    }

    fn and(mut self, other: Self) -> Self {
        self.known += other.known;
        self.unknown += other.unknown;
        self.wrong.extend(other.wrong);
        self
    }
}

#[test]
fn every_action_has_names_and_forms_of_the_reference() {
    let actions: Vec<_> =
        services::sdk_names().filter_map(services::sdk).flat_map(Service::actions).collect();
    let count = actions.len().div_ceil(std::thread::available_parallelism().map_or(1, usize::from));
    let Found { known, unknown, mut wrong } = std::thread::scope(|scope| {
        let part = |actions| scope.spawn(move || found(actions));
        let threads: Vec<_> = actions.chunks(count).map(part).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).fold(Found::default(), Found::and)
    });
    wrong.retain(|text| !OTHER_FORMS.iter().any(|(call, _)| text.starts_with(call)));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // The models of the APIs are newer than the reference, and it has no retired services.
    assert!(known > 19_000 && unknown < 1_000, "{known} known, {unknown} not");
}

fn found(actions: &[Action]) -> Found {
    let mut found = Found::default();
    actions.iter().for_each(|action| found.add(action));
    found
}

#[test]
fn integrations_need_what_the_reference_has() {
    let mut names = std::collections::BTreeSet::new();
    for integration in services::integrations() {
        for action in integration.actions() {
            for suffix in [&[Suffix::None], action.suffixes()].concat() {
                let (service, action, suffix) = (integration.name(), action.name(), suffix.as_str());
                let needs = task(&format!("arn:aws:states:::{service}:{action}{suffix}"), &json!({})).needs;
                names.extend(needs.into_iter().flat_map(|need| need.actions));
            }
        }
    }
    let unknown: Vec<_> = names.iter().filter(|name| !authorization::action(name).is_known).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    for name in ["codebuild:StopBuildBatch", "elasticmapreduce:ListInstanceFleets", "sagemaker:AddTags"] {
        assert!(names.contains(name), "{name}");
    }
    // Who may do what in a cluster of Kubernetes is said there.
    assert!(task("arn:aws:states:::eks:runJob.sync", &json!({})).needs.is_empty());
}
