//! `asl test`: runs the cases of test files on compiled machines, with mocked tasks and a clock that does not wait.
//!
//! In: definitions and the test files beside them (`docs/testing.md`), or a mock configuration of Step Functions Local. Out: what passed and
//! what did not, and what the cases covered. All machines are compiled into one worker, which is kept in a cache; this command runs their executions.

mod case;
mod coverage;
mod definition;
mod execute;
mod file;
mod junit;
mod lcov;
mod machines;
mod mock_config;
mod output;
mod passed;
mod suite;
mod update;

pub(crate) use case::run as run_case;
pub(crate) use mock_config::is_function_in;
pub(crate) use suite::{Case as SuiteCase, MockFile, Wanted, case_of, cases_beside};

use crate::answer::{self, Answers, Outcome, complain, print};
use crate::changes;
use crate::embedded::MachineArgument;
use crate::input;
use crate::options::CompileArguments;
use crate::program::WorkerArguments;
use clap::{Args, ValueEnum};
use passed::Passed;
use std::path::PathBuf;
use std::time::Instant;

/// Run the tests of definitions, with mocked tasks
///
/// A test file is beside its definition: `order.test.json` or `order.test.yaml` beside `order.asl.json`. Waiting takes no time. Exit
/// code: 0 if all tests pass, 1 if one does not, a file has errors, or too little is covered, 2 if the command failed to run.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n\
\x20 asl test\n\
\x20 asl test order.asl.json --coverage --watch\n\
\x20 asl test order.asl.json --mock-config MockConfigFile.json")]
pub(crate) struct Arguments {
    /// Definitions, test files, or folders with such files
    #[arg(value_name = "FILE", default_value = ".")]
    files: Vec<PathBuf>,

    #[command(flatten)]
    machine: MachineArgument,

    /// Only tests whose name contains this text
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,

    /// A mock configuration of Step Functions Local: its test cases are run, for the definition that is given
    #[arg(long, value_name = "FILE")]
    mock_config: Option<String>,

    /// Only this test case of the mock configuration
    #[arg(long, value_name = "NAME", requires = "mock_config")]
    test_case: Option<String>,

    /// The input for the test cases of the mock configuration: JSON, `@FILE`, or `-` for the standard input; without it, `{}`
    #[arg(long, short, value_name = "JSON", requires = "mock_config", allow_hyphen_values = true)]
    input: Option<String>,

    /// Write the results as JUnit XML, for build servers
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,

    /// Write the outputs that executions come to now into the test files, in the place of those that were expected
    #[arg(long, conflicts_with = "mock_config")]
    update: bool,

    /// Show long values of failing tests whole, one below the other
    #[arg(long)]
    whole: bool,

    /// Show which states, transitions, choice rules, retriers and catchers no test has used
    #[arg(long)]
    coverage: bool,

    /// Fail if less than so many percent are covered
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    min_coverage: Option<u8>,

    /// How results are shown
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,

    /// Whenever a file changes, run the tests again that it is about, until Ctrl-C; all of them where what is covered or reported is asked for
    #[arg(long)]
    watch: bool,

    #[command(flatten)]
    worker: WorkerArguments,

    #[command(flatten)]
    compile: CompileArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// As `cargo test` shows them
    #[value(alias = "text")]
    Human,
    /// One JSON object, with the coverage if that is asked for
    Json,
    /// The coverage alone, in the format of lcov
    Lcov,
}

impl Arguments {
    const fn values(&self) -> output::Values {
        if self.whole { output::Values::Whole } else { output::Values::Cut }
    }

    const fn wants_coverage(&self) -> bool {
        self.coverage || self.min_coverage.is_some() || matches!(self.format, Format::Lcov)
    }

    /// Whether all tests count, and not only those about what has changed.
    fn wants_all(&self) -> bool {
        self.wants_coverage() || self.junit.is_some() || self.format == Format::Json
    }

    /// All that the tests depend on.
    fn watched(&self) -> Vec<PathBuf> {
        let beside = self.files.iter().filter_map(|file| match file.parent() {
            // What is beside a file may belong to it: its test file, its definition, an input.
            Some(folder) if !file.is_dir() => {
                let is_here = folder.as_os_str().is_empty();
                Some(if is_here { PathBuf::from(".") } else { folder.to_owned() })
            }
            _ => None,
        });
        let input = self.input.as_deref().and_then(input::file);
        let named = [self.mock_config.as_deref(), input].into_iter().flatten().map(PathBuf::from);
        self.files.iter().cloned().chain(beside).chain(named).collect()
    }
}

impl Answers for Arguments {
    fn format(&self) -> answer::Format {
        match self.format {
            Format::Human | Format::Lcov => answer::Format::Human,
            Format::Json => answer::Format::Json,
        }
    }

    /// Runs all tests.
    fn answer(&self) -> Result<Outcome, String> {
        let mut passed = Passed::default();
        if !self.watch {
            return test(self, self.update, &mut passed);
        }
        changes::watch(&self.watched(), self.format(), || {
            if let Err(reason) = test(self, self.update, &mut passed) {
                self.format().refuse(&reason);
            }
            None
        });
        Ok(Outcome::Fine)
    }
}

/// Runs the tests but those that have passed before.
fn test(arguments: &Arguments, update: bool, passed: &mut Passed) -> Result<Outcome, String> {
    let mut suites = suite::find(arguments)?;
    if let Some(filter) = &arguments.filter {
        suites.iter_mut().for_each(|suite| suite.cases.retain(|case| case.name.contains(filter)));
    }
    if !arguments.wants_all() {
        match passed.take_out(&mut suites, &arguments.compile) {
            0 => {}
            1 => arguments.format().note("1 test file passes as before"),
            count => arguments.format().note(&format!("{count} test files pass as before")),
        }
    }
    let machines = machines::compile(&mut suites, arguments)?;
    for suite in &suites {
        arguments.format().show(&suite.file, &suite.problems);
        arguments.format().show(&suite.definition, &suite.refused);
    }
    let is_needed = suites.iter().any(|suite| suite.machine.is_some());
    let worker = if is_needed { Some(machines.build("test", arguments.worker.runtime())?) } else { None };
    let start = Instant::now();
    let results = execute::run(&suites, worker.as_deref(), arguments.worker.time_limit());
    let taken = start.elapsed();
    if update {
        let updated = update::write(&suites, &results)?;
        let outputs = if updated == 1 { "expected output was" } else { "expected outputs were" };
        arguments.format().note(&format!("{updated} {outputs} written"));
        if updated > 0 {
            // What is shown is what holds now.
            return test(arguments, false, passed);
        }
    }
    let coverage = arguments.wants_coverage().then(|| coverage::count(&suites, &results));
    if let Some(path) = &arguments.junit {
        std::fs::write(path, junit::to_xml(&suites, &results))
            .map_err(|error| format!("`{}` cannot be written: {error}", path.display()))?;
    }
    if arguments.format == Format::Lcov {
        print(&lcov::to_text(coverage.as_deref().unwrap_or_default()));
    } else {
        arguments.format().print(
            || output::to_text(&suites, &results, taken, coverage.as_deref(), arguments.values()),
            || output::to_json(&suites, &results, coverage.as_deref()),
        );
    }
    passed.add(&suites, &results, &arguments.compile);
    let covered = is_covered(arguments, coverage.as_deref().unwrap_or_default());
    let all_passed = results.iter().flatten().all(execute::Tested::passed);
    let has_problems = suites.iter().any(suite::Suite::has_errors);
    Ok(if all_passed && covered && !has_problems { Outcome::Fine } else { Outcome::ProblemsFound })
}

/// Whether as much is covered as is asked for.
fn is_covered(arguments: &Arguments, coverage: &[coverage::Covered<'_>]) -> bool {
    let Some(wanted) = arguments.min_coverage else { return true };
    let total = coverage::total(coverage);
    if total.is_at_least(wanted) {
        return true;
    }
    // What is printed may be for a program: this is for a person.
    complain(&format!("{total} are covered, and at least {wanted} % have to be"));
    false
}
