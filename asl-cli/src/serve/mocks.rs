//! Test cases of a server: those of `MockConfigFile.json`, and of test files.
//!
//! In: files. Out: the mocks of a case of a machine. A test file is for the machine that is named after its definition; what it mocks without
//! cases counts for all executions of that machine.

use crate::answer::{Format, has_errors};
use crate::serve::load;
use crate::test::{MockFile, is_function_in};
use asl_compiler::Options;
use asl_runtime::test::{Case, MockConfig, SomeMocks};
use asl_server::mocking::TestCases;
use serde_json::{Value, json};
use std::path::PathBuf;

/// All test cases.
#[derive(Debug, Default)]
pub(super) struct Cases {
    configs: Vec<MockConfig>,
    of_files: Vec<OfFile>,
}

/// A case of a test file.
#[derive(Debug)]
struct OfFile {
    machine: String,
    /// Without one, for all executions.
    name: Option<String>,
    content: Value,
}

impl Cases {
    /// Reads files; nothing if there are none.
    pub(super) fn read(files: &[PathBuf], format: Format) -> Result<Option<Self>, String> {
        let mut cases = Self::default();
        for file in files {
            match MockFile::read(file, &Options::default())? {
                MockFile::Config(config) => cases.configs.push(config),
                MockFile::Tests(suite) => {
                    format.show(&suite.file, &suite.problems);
                    if has_errors(&suite.problems) {
                        return Err(format!("`{}` has errors", file.display()));
                    }
                    let machine = load::name(suite.definition.name());
                    let of_file = |case: crate::test::SuiteCase| OfFile {
                        machine: machine.clone(),
                        name: (!case.any_end).then_some(case.name),
                        content: case.content,
                    };
                    cases.of_files.extend(suite.cases.into_iter().map(of_file));
                }
            }
        }
        Ok((!files.is_empty()).then_some(cases))
    }

    /// A case of a mock configuration.
    fn of_config(&self, machine: &str, case: &str, definition: &str) -> Result<Option<Value>, String> {
        for config in &self.configs {
            let mut known = config.test_cases();
            if let Some((_, _, mocked)) = known.find(|(of, name, _)| *of == machine && *name == case) {
                let mocks =
                    config.mocks_of(mocked, is_function_in(definition)).map_err(|error| error.to_string())?;
                return Ok(Some(json!({ "mocks": mocks })));
            }
        }
        Ok(None)
    }
}

impl TestCases for Cases {
    fn mocks(
        &self,
        machine: &str,
        case: Option<&str>,
        definition: &str,
    ) -> Result<Option<SomeMocks>, String> {
        let is_wanted = |known: &&OfFile| known.machine == machine && known.name.as_deref() == case;
        let of_file = self.of_files.iter().find(is_wanted).map(|known| known.content.clone());
        let content = match (of_file, case) {
            (Some(content), _) => Some(content),
            (None, Some(case)) => self.of_config(machine, case, definition)?,
            (None, None) => None,
        };
        match (content, case) {
            (Some(content), _) => {
                // As texts of numbers are read where executions run.
                let content =
                    asl_value::Value::from_json(&content.to_string()).map_err(|error| error.to_string())?;
                let case = Case::from_json(&content).map_err(|error| error.to_string())?;
                SomeMocks::of_case(&case).map(Some).map_err(|error| error.to_string())
            }
            (None, Some(case)) => Err(format!("the machine `{machine}` has no test case `{case}`")),
            (None, None) => Ok(None),
        }
    }
}
