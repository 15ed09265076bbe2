//! The Cargo features of `asl-runtime` that serve what a definition calls and reads.
//!
//! In: the JSON of a definition. Out: features, the resources that no feature serves, and the placeholders that have no value yet.

use asl_compiler::json::{Kind, Value};
use asl_compiler::placeholder;
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
    called.look_at(definition);
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
    fn look_at(&mut self, value: &Value) {
        match &value.kind {
            Kind::Object(members) => {
                for member in members {
                    let text = member.value.as_str();
                    if let Some(resource) = text.filter(|_| member.name() == "Resource") {
                        self.add(resource);
                    }
                    self.features.extend(reader(member.name(), text));
                    self.look_at(&member.value);
                }
            }
            Kind::Array(elements) => elements.iter().for_each(|element| self.look_at(element)),
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
        let parts: Vec<_> = resource.split(':').collect();
        let feature = match parts.as_slice() {
            ["arn", _, "lambda", ..] | ["arn", _, "states", _, _, "lambda", ..] => "lambda",
            ["arn", _, "states", _, _, "http", ..] => "http",
            ["arn", _, "states", _, _, "dynamodb", ..] => "dynamodb",
            ["arn", _, "states", _, _, "apigateway", ..] => "api-gateway",
            ["arn", _, "states", _, _, "s3", ..] => "s3",
            ["arn", _, "states", "", "", _, ..] if is_action(resource) => "aws",
            ["arn", ..] => {
                if !self.unserved.iter().any(|known| known == resource) {
                    self.unserved.push(resource.to_owned());
                }
                return;
            }
            // It is a part of the data that has the name of a field.
            _ => return,
        };
        self.features.insert(feature);
    }
}

/// The feature by which items are read, where a field tells it.
fn reader(field: &str, text: Option<&str>) -> Option<&'static str> {
    match (field, text) {
        ("InputType", Some("PARQUET")) => Some("parquet"),
        // Only the file itself says how it is packed.
        ("ItemReader", None) => Some("zstandard"),
        _ => None,
    }
}

/// Whether an integration is an action of an API: requests to a cluster of Kubernetes are none.
fn is_action(resource: &str) -> bool {
    ![":eks:call", ":eks:runJob"].iter().any(|name| resource.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use asl_compiler::Options;
    use asl_compiler::source::SourceFile;

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
        assert_eq!(Vec::from_iter(called.features), ["aws", "http", "lambda", "s3", "zstandard"]);
        assert_eq!(
            called.unserved,
            ["arn:aws:states:::eks:runJob.sync", "arn:aws:states:us-east-1:123456789012:activity:Work"]
        );
        assert_eq!(called_by("{}"), Called::default());
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
