//! `asl test`: runs the cases of test files on compiled machines, with mocked tasks and a clock that waits for nobody.
//!
//! In: definitions and the test files beside them (`docs/testing.md`), or a mock configuration of Step Functions Local. Out: what passed and
//! what did not, and what the cases covered. All machines are compiled into one small program, which is built with cargo and kept.

mod coverage;
mod definition;
mod execute;
mod file;
mod junit;
mod lcov;
mod mock_config;
mod output;
mod program;
mod suite;

use crate::options::CompileArguments;
use crate::program::RuntimeArgument;
use crate::{Outcome, complain, print};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Run the tests of definitions, with mocked tasks.
///
/// A test file stands beside its definition: `order.test.json` or `order.test.yaml` beside `order.asl.json`. Waiting takes no time. Exit
/// code: 0 if all tests pass, 1 if one does not, a file has errors, or too little is covered, 2 if the command could not do its work.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Definitions, test files, or folders with such files
    #[arg(value_name = "FILE", default_value = ".")]
    files: Vec<String>,

    /// Only tests whose name contains this text
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,

    /// A mock configuration of Step Functions Local: its test cases are run, for the definition that is given
    #[arg(long, value_name = "FILE")]
    mock_config: Option<PathBuf>,

    /// Only this test case of the mock configuration
    #[arg(long, value_name = "NAME", requires = "mock_config")]
    test_case: Option<String>,

    /// A file with the input for the test cases of the mock configuration; without it, `{}`
    #[arg(long, value_name = "FILE", requires = "mock_config")]
    input: Option<PathBuf>,

    /// Write the results as JUnit XML, for build servers
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,

    /// Show which states, transitions, choice rules, retriers and catchers no test has used
    #[arg(long)]
    coverage: bool,

    /// Fail if less than so many percent are covered
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    min_coverage: Option<u8>,

    /// How results are shown
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,

    /// How long one test may take
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    time_limit: u64,

    #[command(flatten)]
    runtime: RuntimeArgument,

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
    const fn time_limit(&self) -> Duration {
        Duration::from_secs(self.time_limit)
    }

    const fn wants_coverage(&self) -> bool {
        self.coverage || self.min_coverage.is_some() || matches!(self.format, Format::Lcov)
    }
}

/// Runs all tests.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    test(arguments).unwrap_or_else(|reason| complain(&reason))
}

fn test(arguments: &Arguments) -> Result<Outcome, String> {
    let mut suites = suite::find(arguments)?;
    let has_problems = suite::report_problems(&suites);
    if let Some(filter) = &arguments.filter {
        suites.iter_mut().for_each(|suite| suite.cases.retain(|case| case.name.contains(filter)));
    }
    let program = program::build(&mut suites, arguments)?;
    let start = Instant::now();
    let results = execute::run(&suites, program, arguments.time_limit());
    let taken = start.elapsed();
    let coverage = arguments.wants_coverage().then(|| coverage::count(&suites, &results));
    if let Some(path) = &arguments.junit {
        std::fs::write(path, junit::to_xml(&suites, &results))
            .map_err(|error| format!("`{}` cannot be written: {error}", path.display()))?;
    }
    print(&match arguments.format {
        Format::Human => output::to_text(&suites, &results, taken, coverage.as_deref()),
        Format::Json => format!("{:#}\n", output::to_json(&suites, &results, coverage.as_deref())),
        Format::Lcov => lcov::to_text(coverage.as_deref().unwrap_or_default()),
    });
    let covered = is_covered(arguments, coverage.as_deref().unwrap_or_default());
    let passed = results.iter().flatten().all(execute::Tested::passed);
    Ok(if passed && covered && !has_problems { Outcome::Fine } else { Outcome::ProblemsFound })
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
