//! The definitions of a folder, as machines of a server.

use crate::find;
use asl_compiler::source::SourceFile;
use asl_compiler::{MachineType, Options, read};
use asl_server::{ApiError, Server};
use serde_json::json;
use std::path::Path;

/// Makes a machine of each definition, and says which were refused and why.
pub(super) async fn folder(server: &Server, folder: &Path, role_arn: &str) -> Vec<String> {
    let found = find::sources(folder, None);
    let mut refused = found.unread;
    refused.extend(found.elsewhere);
    for source in found.all {
        let name = source.machine().map_or_else(|| name(source.name()), fitting);
        if let Err(error) = machine(server, &name, &source, role_arn).await {
            refused.push(format!("`{}` is refused: {}", source.title(), error.message));
        }
    }
    refused
}

/// Makes a machine of a definition, or a new revision of the one that was made of a former text of it.
async fn machine(server: &Server, name: &str, source: &SourceFile, role_arn: &str) -> Result<(), ApiError> {
    let definition = text(source);
    let r#type = if source.machine_type() == Some(MachineType::Express) { "EXPRESS" } else { "STANDARD" };
    let request = json!({ "name": name, "definition": definition, "roleArn": role_arn, "type": r#type });
    match server.call("CreateStateMachine", request).await {
        Err(error) if error.kind == "StateMachineAlreadyExists" => {
            let arn = server.identity().arn_of("stateMachine", &[name]);
            let request = json!({ "stateMachineArn": &*arn, "definition": definition });
            server.call("UpdateStateMachine", request).await.map(drop)
        }
        made => made.map(drop),
    }
}

/// The name of a machine after that of its file: `order` for `flows/order.asl.json`.
fn name(file: &str) -> String {
    let file = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let stem = stem.strip_suffix(".asl").unwrap_or(stem);
    fitting(stem)
}

/// A name with nothing in it that names of machines do not have.
fn fitting(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() || "_-.".contains(c) { c } else { '-' }).take(80).collect()
}

/// The definition as JSON, which is all that the API knows.
fn text(source: &SourceFile) -> String {
    if !source.is_yaml() && source.machine().is_none() {
        return source.text().to_owned();
    }
    // What cannot be read is told as what it is.
    read(source, &Options::default()).map_or_else(|| source.text().to_owned(), |value| value.to_string())
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

    #[test]
    fn a_template_has_its_machine_and_not_all_else() {
        let template = "Resources: { Order: { Type: AWS::Serverless::StateMachine, Properties: { Definition: { StartAt: !Ref A } } } }";
        let found = asl_compiler::embedded::definitions(&SourceFile::new("t.yaml", template), &mut |_| {
            Err(String::new())
        });
        let source = found[0].source.clone().expect("a definition");
        assert_eq!((text(&source).as_str(), source.machine()), (r#"{"StartAt":"${A}"}"#, Some("Order")));
        assert_eq!(fitting("module.flows.order[0]"), "module.flows.order-0-");
    }
}
