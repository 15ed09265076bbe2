//! The definitions of a folder, as machines of a server.

use crate::answer::{Format, has_errors};
use crate::find;
use asl_compiler::ir::Number;
use asl_compiler::json::{Kind, Value};
use asl_compiler::source::SourceFile;
use asl_compiler::{Options, read};
use asl_server::{ApiError, Server};
use serde_json::json;
use std::path::Path;

/// Makes machines of definitions.
pub(super) struct Loader {
    pub(super) server: Server,
    pub(super) role_arn: String,
    pub(super) format: Format,
}

impl Loader {
    /// Makes a machine of each definition of a folder.
    pub(super) async fn folder(&self, folder: &Path) {
        let found = find::sources(folder);
        for reason in found.unread {
            self.format.note(&reason);
        }
        for source in found.all {
            self.load(&source).await;
        }
    }

    /// Makes a machine of a definition, or a new revision of the one that has its name: executions that run keep theirs. Where the definition
    /// has errors they are shown, and the machine stays as it is.
    pub(super) async fn load(&self, source: &SourceFile) {
        let diagnostics =
            asl_compiler::check(source, &Options { ignore_data: true, ..Options::default() }).diagnostics;
        if has_errors(&diagnostics) {
            self.format.show(source, &diagnostics);
            return;
        }
        let (name, definition) = (name(source.name()), text(source));
        let request = json!({ "name": name, "definition": definition, "roleArn": self.role_arn });
        let made = match self.server.call("CreateStateMachine", request).await {
            Err(error) if error.kind == "StateMachineAlreadyExists" => self.update(&name, &definition).await,
            made => made.map(drop),
        };
        if let Err(error) = made {
            self.format.note(&format!("`{}` is refused: {}", source.name(), error.message));
        }
    }

    async fn update(&self, name: &str, definition: &str) -> Result<(), ApiError> {
        let arn = self.server.identity().arn_of("stateMachine", &[name]);
        let request = json!({ "stateMachineArn": &*arn, "definition": definition });
        self.server.call("UpdateStateMachine", request).await?;
        self.format.note(&format!("`{name}` has a new revision"));
        Ok(())
    }
}

/// The name of a machine after that of its file: `order` for `flows/order.asl.json`.
pub(super) fn name(file: &str) -> String {
    let file = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let stem = stem.strip_suffix(".asl").unwrap_or(stem);
    stem.chars().map(|c| if c.is_alphanumeric() || "_-.".contains(c) { c } else { '-' }).take(80).collect()
}

/// The definition as JSON, which is all that the API knows.
fn text(source: &SourceFile) -> String {
    if !source.is_yaml() {
        return source.text().to_owned();
    }
    // What cannot be read as YAML is told as what it is.
    read(source, &Options::default())
        .map_or_else(|| source.text().to_owned(), |value| to_json(&value).to_string())
}

fn to_json(value: &Value) -> serde_json::Value {
    match &value.kind {
        Kind::Null => serde_json::Value::Null,
        Kind::Bool(is) => (*is).into(),
        Kind::Number(Number::Int(number)) => (*number).into(),
        Kind::Number(Number::Uint(number)) => (*number).into(),
        Kind::Number(Number::Float(number)) => (*number).into(),
        Kind::String(text) => text.value.as_str().into(),
        Kind::Array(items) => items.iter().map(to_json).collect(),
        Kind::Object(members) => {
            members.iter().map(|member| (member.name().to_owned(), to_json(&member.value))).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_are_named_after_their_files() {
        for (file, machine) in
            [("flows/order.asl.json", "order"), ("a b.json", "a-b"), ("x.asl.yaml", "x"), ("c", "c")]
        {
            assert_eq!(name(file), machine);
        }
    }

    #[test]
    fn yaml_becomes_json() {
        let source =
            SourceFile::new("a.asl.yaml", "StartAt: A\nStates:\n  A: {Type: Wait, Seconds: 1, End: true}\n");
        assert_eq!(text(&source), r#"{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":1,"End":true}}}"#);
    }
}
