//! The Cargo features of `asl-runtime` that serve what a definition calls and reads.
//!
//! In: the JSON of a definition. Out: features, the resources that no feature serves, and the placeholders that have no value yet.

use asl_compiler::json::{Kind, Value};
use asl_compiler::outline::Machine;
use asl_compiler::placeholder;
use asl_compiler::services::integration;
use asl_language::resource::{Resource, SDK};
use asl_runtime::integrations::Client;
use std::collections::BTreeSet;

/// What a definition calls.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Called {
    pub(super) features: BTreeSet<&'static str>,
    pub(super) unserved: Vec<String>,
    /// The names of placeholders that still have no value.
    pub(super) placeholders: BTreeSet<String>,
}

/// Looks at every `Resource`, at what files of items are in, and at every text.
pub(super) fn called(definition: &Value) -> Called {
    let mut called = Called::default();
    for state in Machine::of(definition).all_states() {
        state.resources().for_each(|resource| called.add(resource));
        called.features.extend(state.get("ItemReader").into_iter().flat_map(readers));
    }
    called.find_placeholders(definition);
    called
}

/// The features that serve one resource.
pub(crate) fn features_of(resource: &str) -> BTreeSet<&'static str> {
    let mut called = Called::default();
    called.add(resource);
    called.features
}

impl Called {
    /// The nesting of a definition is limited.
    fn find_placeholders(&mut self, value: &Value) {
        match &value.kind {
            Kind::Object(members) => members.iter().for_each(|member| self.find_placeholders(&member.value)),
            Kind::Array(elements) => elements.iter().for_each(|element| self.find_placeholders(element)),
            Kind::String(text) => {
                let found = placeholder::all(&text.value);
                let names =
                    found.into_iter().filter_map(|place| text.value.get(place).map(placeholder::name));
                self.placeholders.extend(names.map(str::to_owned));
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) => {}
        }
    }

    fn add(&mut self, resource: &str) {
        match Client::of(resource) {
            Some((client, _)) if client != Client::Aws || is_known(resource) => {
                self.features.insert(client.feature());
            }
            // What is to be known only later can be a function, by this name.
            None if resource.starts_with("${") => {
                self.features.insert(Client::Lambda.feature());
            }
            // What else is not an ARN, the compiler refuses.
            _ if resource.starts_with("arn:") && !self.unserved.iter().any(|known| known == resource) => {
                self.unserved.push(resource.to_owned());
            }
            _ => {}
        }
    }
}

/// Whether Step Functions has the service.
fn is_known(resource: &str) -> bool {
    match Resource::parse(resource) {
        Resource::Service { service, .. } => service.starts_with(SDK) || integration(service).is_some(),
        Resource::Lambda | Resource::Activity | Resource::Other => false,
    }
}

/// The features by which an `ItemReader` reads items.
fn readers(item_reader: &Value) -> impl Iterator<Item = &'static str> {
    let input_type = item_reader.get("ReaderConfig").and_then(|config| config.get("InputType")?.as_str());
    // Only the file itself says how it is packed.
    std::iter::once("zstandard").chain((input_type == Some("PARQUET")).then_some("parquet"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use asl_compiler::Options;
    use asl_compiler::services::{integrations, sending};
    use asl_compiler::source::SourceFile;

    /// Known, and sent by no client yet.
    const UNSENT: &[&str] = &["bedrockagentcore:invokeHarness"];

    #[test]
    fn every_action_of_an_integration_has_a_client() {
        for integration in integrations() {
            for action in integration.actions() {
                let name = format!("{}:{}", integration.name(), action.name());
                let resource = format!("arn:aws:states:::{name}");
                let is_of_aws = matches!(Client::of(&resource), Some((Client::Aws, _)));
                assert_eq!(
                    is_of_aws && !UNSENT.contains(&name.as_str()),
                    sending(&resource).is_some(),
                    "`{name}` has either an API by which it is sent, or a client in `asl-runtime/src/integrations.rs`"
                );
            }
        }
        for served in Client::ALL.iter().flat_map(|client| client.serves()) {
            let (service, action) = served.split_once(':').unwrap_or((served, ""));
            // Only stores of distributed Maps name it.
            if service == "s3" {
                continue;
            }
            let known =
                integration(service).is_some_and(|known| action.is_empty() || known.action(action).is_some());
            assert!(known, "`{served}` has a client, and no row in `asl-compiler/src/services/optimised`");
        }
    }

    fn called_by(text: &str) -> Called {
        let source = SourceFile::new("machine.json", text.as_bytes().to_vec());
        called(&asl_compiler::read(&source, &Options::default()).expect("JSON"))
    }

    #[test]
    fn only_what_is_called_is_linked() {
        let called = called_by(
            r#"{"States": {
                "A": {"Resource": "arn:aws:states:::http:invoke", "Result": {"Resource": "tree"}},
                "B": {"Branches": [{"States": {"C": {"Resource": "arn:aws:lambda:us-east-1:123456789012:function:F"}}}]},
                "D": {"ItemReader": {"Resource": "arn:aws:states:::s3:getObject"}},
                "E": {"Resource": "arn:aws:states:::sqs:sendMessage"},
                "F": {"Resource": "arn:aws:states:::states:startExecution.sync:2"},
                "G": {"Resource": "arn:aws:states:::eks:runJob.sync"},
                "H": {"Resource": "arn:aws:states:us-east-1:123456789012:activity:Work"},
                "I": {"Resource": "arn:aws:states:us-east-1:123456789012:activity:Work"}
            }}"#,
        );
        assert_eq!(Vec::from_iter(called.features), ["aws", "eks", "http", "lambda", "s3", "zstandard"]);
        assert_eq!(called.unserved, ["arn:aws:states:us-east-1:123456789012:activity:Work"]);
        assert_eq!(called_by("{}"), Called::default());
        // Anything can become of a placeholder, and what is not an ARN then can only be a function that is somewhere else.
        let unknown = called_by(r#"{"States": {"A": {"Resource": "${Charge}"}}}"#);
        assert_eq!((Vec::from_iter(unknown.features), unknown.unserved), (vec!["lambda"], vec![]));
    }

    #[test]
    fn readers_of_items_are_linked_as_they_are_needed() {
        let reader = |configuration: &str| {
            let reader = format!(
                r#"{{"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {configuration}}}"#
            );
            Vec::from_iter(
                called_by(&format!(r#"{{"States": {{"A": {{"ItemReader": {reader}}}}}}}"#)).features,
            )
        };
        assert_eq!(reader(r#"{"InputType": "CSV"}"#), ["s3", "zstandard"]);
        assert_eq!(reader(r#"{"InputType": "PARQUET"}"#), ["parquet", "s3", "zstandard"]);
    }

    #[test]
    fn placeholders_without_a_value_are_named_once() {
        let called = called_by(r#"{"A": {"TableName": "${Table}", "B": ["x-${Stage}-${Table}", "$.a"]}}"#);
        assert_eq!(Vec::from_iter(called.placeholders), ["Stage", "Table"]);
    }
}
