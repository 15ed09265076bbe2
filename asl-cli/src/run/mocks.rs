//! `asl run --mock`: an execution in which no service is asked.
//!
//! In: a test file, or a mock configuration of Step Functions Local, and the name of a case. Out: the case.

use super::ExecutionArguments;
use crate::answer::{has_errors, problems};
use crate::read::read;
use crate::test::{Wanted, case_of};
use asl_compiler::Options;
use asl_compiler::source::SourceFile;
use asl_runtime::test::Case;
use clap::Args;
use serde_json::Value;

/// Where the answers of tasks come from.
#[derive(Debug, Args)]
pub(crate) struct MockArguments {
    /// Answer tasks with mocks, and let waiting take no time, unless `--real` is given: a test file, or a mock configuration of Step Functions Local
    #[arg(long, value_name = "FILE")]
    mock: Option<String>,

    /// The case of the file whose input and mocks count, if it has more than one
    #[arg(long, value_name = "NAME", requires = "mock")]
    case: Option<String>,

    /// Do the tasks that have no mock for real; time passes as it does
    #[arg(long, requires = "mock")]
    real: bool,
}

/// What the mocks come to.
pub(crate) enum Mocked {
    /// The execution goes this way.
    Case(Box<Case>),
    /// The file has errors, which have been told.
    Refused,
}

impl MockArguments {
    /// Whether tasks without a mock are done.
    pub(super) const fn is_for_some(&self) -> bool {
        self.real
    }

    /// The file, if there is one.
    pub(crate) fn file(&self) -> Option<&str> {
        self.mock.as_deref()
    }

    /// The case that is asked for, if the file has no errors. An input that is given as an argument takes the place of the case's own.
    pub(super) fn read(
        &self,
        file: &str,
        definition: SourceFile,
        options: &Options,
        execution: &ExecutionArguments,
    ) -> Result<Mocked, String> {
        let wanted = Wanted { file, case: self.case.as_deref() };
        let found = case_of(wanted, definition, options)?;
        execution.format.show(&found.file, &found.problems);
        if has_errors(&found.problems) {
            let problems = problems(&found.file, &found.problems);
            execution.format.only_problems(problems);
            return Ok(Mocked::Refused);
        }
        let mut case = found.content;
        if let Some(input) = execution.input.as_deref()
            && let Some(fields) = case.as_object_mut()
        {
            fields.insert("input".to_owned(), parse(input)?);
        }
        // As texts of numbers are read where executions run.
        let case = asl_value::Value::from_json(&case.to_string()).map_err(|error| error.to_string())?;
        Ok(Mocked::Case(Box::new(Case::from_json(&case).map_err(|error| error.to_string())?)))
    }
}

/// JSON, `@` and the name of a file, or `-` for the standard input.
fn parse(input: &str) -> Result<Value, String> {
    let name = input.strip_prefix('@').or((input == "-").then_some(input));
    let (what, text) = match name {
        Some(name) => (format!("`{name}`"), read(name)?.text().to_owned()),
        None => (String::from("the input"), input.to_owned()),
    };
    serde_json::from_str(&text).map_err(|error| format!("{what} is not JSON: {error}"))
}
