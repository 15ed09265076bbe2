//! Every action of every service against the Service Authorization Reference: the names that calls need exist, and their resources have a
//! form that the reference has for the action.

use crate::arn::{Arn, Piece};
use crate::authorization;
use crate::glob::{Reach, Token, Trust, covers, of_arn};
use crate::{Policy, Settings, policy};
use asl_compiler::diagnostic::Diagnostics;
use asl_compiler::json;
use asl_compiler::services::{self, Kind};
use asl_compiler::source::SourceFile;
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
    resource.is_any()
        || !is_open && types.iter().any(|kind| covers(&form(kind.arn), &of_arn(resource), Trust::Both))
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

#[test]
fn every_action_has_names_and_forms_of_the_reference() {
    let (mut known, mut unknown) = (0, 0);
    let mut wrong = Vec::new();
    for service in services::sdk_names().filter_map(services::sdk) {
        for action in service.actions() {
            let members = action.input().members().into_iter();
            let strings = members.filter(|member| member.shape.kind() == Kind::String);
            let given: serde_json::Map<String, Value> = strings
                .filter(|member| !member.name.to_lowercase().ends_with("arn"))
                .map(|member| (member.name, json!("x")))
                .collect();
            let resource = format!("arn:aws:states:::aws-sdk:{}:{}", service.name(), action.name());
            for need in task(&resource, &Value::Object(given)).needs {
                for name in &need.actions {
                    let is_known = authorization::action(name).is_known;
                    if is_known {
                        known += 1
                    } else {
                        unknown += 1
                    }
                    let others = need.resources.iter().filter(|arn| is_known && !has_form(name, arn));
                    wrong.extend(others.map(|arn| format!("{resource}: {name} on {arn}")));
                    let is_wide = need.resources.iter().any(Arn::is_any) && need.wide.is_none();
                    assert!(!is_wide, "{resource}: {name} is on everything without a reason");
                }
            }
        }
    }
    wrong.retain(|text| !OTHER_FORMS.iter().any(|(call, _)| text.starts_with(call)));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // The models of the APIs are newer than the reference, and it has no retired services.
    assert!(known > 19_000 && unknown < 1_000, "{known} known, {unknown} not");
}
