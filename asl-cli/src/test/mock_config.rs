//! `MockConfigFile.json` of Step Functions Local.
//!
//! In: the file (AWS, "Configuration file for mocked service integrations"). Out: mocks in the form of our own test files. A test case of it
//! expects nothing: it passes if the execution does not end for want of a mock, or with another fault of its own.

use super::definition::State;
use super::suite::{Case, Suite};
use asl_compiler::Options;
use asl_compiler::source::SourceFile;
use serde_json::{Map, Value, json};
use std::path::Path;

/// A mock configuration.
#[derive(Debug)]
pub(crate) struct MockConfig {
    name: String,
    content: Value,
}

impl MockConfig {
    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let name = path.display().to_string();
        let text =
            std::fs::read_to_string(path).map_err(|error| format!("`{name}` cannot be read: {error}"))?;
        let content = serde_json::from_str(&text).map_err(|error| format!("`{name}` is no JSON: {error}"))?;
        Ok(Self { name, content })
    }

    /// The test cases of all machines, each with its mocked states.
    fn test_cases(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        let machines = self.content.get("StateMachines").and_then(Value::as_object).into_iter().flatten();
        machines.flat_map(|(machine, content)| {
            let cases = content.get("TestCases").and_then(Value::as_object).into_iter().flatten();
            cases.map(move |(name, states)| (machine.as_str(), name.as_str(), states))
        })
    }

    /// The mocks of a test case, by state.
    pub(crate) fn mocks(&self, test_case: &str, states: &[State]) -> Result<Map<String, Value>, String> {
        let found = self.test_cases().find(|(_, name, _)| *name == test_case);
        let Some((_, _, mocked)) = found else {
            return Err(format!("there is no test case `{test_case}` in `{}`", self.name));
        };
        self.mocks_of(mocked, states)
    }

    fn mocks_of(&self, mocked: &Value, states: &[State]) -> Result<Map<String, Value>, String> {
        let mocked = mocked.as_object().into_iter().flatten();
        mocked
            .map(|(name, response)| {
                let is_function = states.iter().any(|state| state.name == *name && state.is_function);
                Ok((name.clone(), self.response(response, is_function)?))
            })
            .collect()
    }

    /// A mocked response by its name: answers by the numbers of the calls.
    fn response(&self, name: &Value, is_function: bool) -> Result<Value, String> {
        let name = name.as_str().unwrap_or_default();
        let response = self.content.get("MockedResponses").and_then(|responses| responses.get(name));
        let Some(answers) = response.and_then(Value::as_object) else {
            return Err(format!("there is no mocked response `{name}` in `{}`", self.name));
        };
        let answers = answers.iter().map(|(calls, answer)| match answer_of(answer, is_function) {
            Some(answer) => Ok((calls.clone(), answer)),
            None => Err(format!(
                "answer `{calls}` of the mocked response `{name}` in `{}` has neither `Return` nor `Throw`",
                self.name
            )),
        });
        Ok(Value::Object(answers.collect::<Result<_, _>>()?))
    }
}

/// `{"Return": ..}` or `{"Throw": {"Error": .., "Cause": ..}}`
fn answer_of(answer: &Value, is_function: bool) -> Option<Value> {
    if let Some(result) = answer.get("Return") {
        // Configurations give for a function what its service answers; the task's result is what is in it.
        let payload = result.get("Payload").filter(|_| is_function && result.get("StatusCode").is_some());
        let result = payload.unwrap_or(result);
        return Some(json!({ "result": result }));
    }
    let thrown = answer.get("Throw")?;
    let mut fields = Map::new();
    fields.insert("error".to_owned(), thrown.get("Error")?.clone());
    fields.extend(thrown.get("Cause").map(|cause| ("cause".to_owned(), cause.clone())));
    Some(Value::Object(fields))
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
    let config = MockConfig::read(Path::new(config))?;
    let source = SourceFile::new(config.name.clone(), Vec::new());
    let mut suite = Suite::new(definition, source, options);
    for (machine, name, states) in config.test_cases() {
        if wanted.is_some_and(|wanted| wanted != name) {
            continue;
        }
        let mocks = config.mocks_of(states, &suite.outline.states)?;
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
        let (file, config) = (suite.definition.name(), &config.name);
        return Err(match wanted {
            Some(name) => format!("there is no test case `{name}` in `{config}`"),
            None => format!("there is no test case for `{file}` in `{config}`"),
        });
    }
    Ok(suite)
}
