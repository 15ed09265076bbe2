//! The definitions of a folder, as machines of a server.

use crate::answer::{Format, has_errors};
use crate::find;
use crate::options::CompileArguments;
use asl_compiler::source::SourceFile;
use asl_compiler::{MachineType, Options, read};
use asl_language::files;
use asl_server::{ApiError, Server};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Makes machines of definitions.
pub(super) struct Loader {
    server: Server,
    role_arn: String,
    format: Format,
    /// The definitions of machines that were made, or were to be, by their names.
    loaded: BTreeMap<String, String>,
    /// What was said about files.
    said: BTreeSet<String>,
}

impl Loader {
    pub(super) const fn new(server: Server, role_arn: String, format: Format) -> Self {
        Self { server, role_arn, format, loaded: BTreeMap::new(), said: BTreeSet::new() }
    }

    /// Makes a machine of each definition of a folder, and a new revision of each that has changed since.
    pub(super) async fn folder(&mut self, folder: &Path) {
        let found = find::sources(folder, None);
        let mut files = BTreeMap::new();
        let mut said: BTreeSet<_> = found.unread.into_iter().chain(found.elsewhere).collect();
        for source in &found.all {
            let name = source.machine().map_or_else(|| name(source.name()), fitting);
            match files.insert(name.clone(), source.name()) {
                None => self.load(name, source).await,
                Some(other) => {
                    said.insert(format!(
                        "`{name}` is in `{other}` and in `{}`: only the first is served",
                        source.name()
                    ));
                    files.insert(name, other);
                }
            }
        }
        said.difference(&self.said).for_each(|reason| self.format.note(reason));
        self.said = said;
    }

    /// Makes a machine of a definition, or a new revision of the one that has its name: executions that run keep theirs. Where the definition
    /// has errors they are shown, and the machine stays as it is.
    async fn load(&mut self, name: String, source: &SourceFile) {
        // Only files say here how they are compiled.
        let options = match CompileArguments::default().options_of(source.path()) {
            Ok(options) => Options { ignore_data: true, ..options },
            Err(reason) => {
                self.format.note(&format!("`{}` is left out: {reason}", source.title()));
                return;
            }
        };
        let definition = text(source, &options);
        if self.loaded.get(&name) == Some(&definition) {
            return;
        }
        self.loaded.insert(name.clone(), definition.clone());
        let diagnostics = asl_compiler::check(source, &options).diagnostics;
        if has_errors(&diagnostics) {
            self.format.show(source, &diagnostics);
            return;
        }
        let machine_type = source.machine_type().unwrap_or(options.machine_type);
        let r#type = if machine_type == MachineType::Express { "EXPRESS" } else { "STANDARD" };
        let request =
            json!({ "name": name, "definition": definition, "roleArn": self.role_arn, "type": r#type });
        let schema = CompileArguments::default().schema_of(Path::new(source.name()));
        // One that cannot be read was told of when the options were.
        let schema = schema.and_then(|schema| {
            serde_json::from_slice(&files::bytes(&schema, files::FileKind::Written).ok()?).ok()
        });
        self.server.describe_input(&name, schema);
        let made = match self.server.call("CreateStateMachine", request).await {
            Err(error) if error.kind == "StateMachineAlreadyExists" => self.update(&name, &definition).await,
            made => made.map(drop),
        };
        if let Err(error) = made {
            self.format.note(&format!("`{}` is refused: {}", source.title(), error.message));
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
    fitting(stem)
}

/// A name with nothing in it that names of machines do not have.
fn fitting(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() || "_-.".contains(c) { c } else { '-' }).take(80).collect()
}

/// The definition as JSON with the values of its placeholders, which is all that the API knows.
fn text(source: &SourceFile, options: &Options) -> String {
    if !source.is_yaml() && source.machine().is_none() && options.substitutions.is_empty() {
        return source.text().to_owned();
    }
    // What cannot be read is told as what it is.
    read(source, options).map_or_else(|| source.text().to_owned(), |value| value.to_string())
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
        assert_eq!(
            text(&source, &Options::default()),
            r#"{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":1,"End":true}}}"#
        );
    }

    #[test]
    fn placeholders_have_their_values() {
        let source = SourceFile::new("a.json", r#"{"StartAt":"${Start}","States":{}}"#);
        let substitutions = vec![asl_compiler::Substitution::string("Start", "A")];
        let options = Options { substitutions, ..Options::default() };
        assert_eq!(text(&source, &options), r#"{"StartAt":"A","States":{}}"#);
    }

    #[test]
    fn a_template_has_its_machine_and_not_all_else() {
        let template = "Resources: { Order: { Type: AWS::Serverless::StateMachine, Properties: { Definition: { StartAt: !Ref A } } } }";
        let found = asl_compiler::embedded::definitions(&SourceFile::new("t.yaml", template), &mut |_| {
            Err(String::new())
        });
        let source = found[0].source.clone().expect("a definition");
        let text = text(&source, &Options::default());
        assert_eq!((text.as_str(), source.machine()), (r#"{"StartAt":"${A}"}"#, Some("Order")));
        assert_eq!(fitting("module.flows.order[0]"), "module.flows.order-0-");
    }
}
