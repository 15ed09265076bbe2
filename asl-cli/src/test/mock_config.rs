//! Test cases of a `MockConfigFile.json` of Step Functions Local.
//!
//! In: the file. Out: a suite. A test case of it expects nothing: it passes if the execution does not end for want of a mock, or with another
//! fault of its own.

use super::definition::{Outline, State};
use super::suite::{Case, Suite};
use asl_compiler::Options;
use asl_compiler::source::SourceFile;
use asl_language::files;
use asl_runtime::test::MockConfig;
use serde_json::{Value, json};
use std::path::Path;

/// Reads a file.
pub(super) fn read(path: &Path) -> Result<MockConfig, String> {
    let text = files::text(path, files::FileKind::Data)?;
    MockConfig::from_json(path.display().to_string(), &text).map_err(|error| error.to_string())
}

/// Whether the task of a state is a Lambda function.
pub(super) fn is_function(states: &[State]) -> impl Fn(&str) -> bool {
    |name| states.iter().any(|state| state.name == *name && state.is_function)
}

/// The same for the text of a definition.
pub(crate) fn is_function_in(definition: &str) -> impl Fn(&str) -> bool + use<> {
    let source = SourceFile::new("machine.asl.json", definition.as_bytes().to_vec());
    let outline = asl_compiler::read(&source, &Options::default())
        .map(|value| Outline::new(&source, &value))
        .unwrap_or_default();
    move |name| is_function(&outline.states)(name)
}

/// Whether a file is a mock configuration, and no test file.
pub(super) fn is_one(content: &asl_compiler::json::Value) -> bool {
    content.get("StateMachines").is_some()
}

/// The test cases of a mock configuration for a definition, or the one that is wanted.
pub(super) fn suite(
    definition: SourceFile,
    config: &str,
    wanted: Option<&str>,
    input: &Value,
    options: &Options,
) -> Result<Suite, String> {
    let config = read(Path::new(config))?;
    let source = SourceFile::new(config.name(), Vec::new());
    let mut suite = Suite::new(definition, source, options);
    for (machine, name, states) in config.test_cases() {
        if wanted.is_some_and(|wanted| wanted != name) {
            continue;
        }
        let mocks =
            config.mocks_of(states, is_function(&suite.outline.states)).map_err(|error| error.to_string())?;
        let is_of_other =
            mocks.keys().any(|state| !suite.outline.states.iter().any(|known| known.name == *state));
        if is_of_other && wanted.is_none() {
            // A configuration may be for several machines.
            continue;
        }
        let content = json!({ "input": input, "mocks": mocks });
        suite.cases.push(Case { name: format!("{machine}: {name}"), line: 1, content, any_end: true });
    }
    if suite.cases.is_empty() {
        let (file, config) = (suite.definition.title(), config.name());
        return Err(match wanted {
            Some(name) => format!("there is no test case `{name}` in `{config}`"),
            None => format!("there is no test case for `{file}` in `{config}`"),
        });
    }
    Ok(suite)
}
