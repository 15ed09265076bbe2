//! `asl test-state`: one state of a machine by itself, as AWS's `TestState` has it.
//!
//! In: a definition of a machine or of one state, an input, and a mock of what the state calls. Out: the answer of the API as JSON, with what the
//! data is on its way through the state's fields. The state is compiled into a worker; this command does its task, if that is not mocked.

mod batch;
mod bench;
mod case;
mod request;
mod single;

use crate::answer::{Answers, Format, Outcome};
use crate::cases::CasesArguments;
use crate::options::CompileArguments;
use crate::program::WorkerArguments;
use crate::settings::SettingsArguments;
use asl_server::test_state::Setting;
use clap::Args;
use request::RequestArguments;
use std::path::PathBuf;
use std::time::SystemTime;

/// Run one state by itself, with mocks, and show its data after each field
///
/// It answers as AWS's `TestState` does. A task without a mock is really done. Exit code: 0 if the state succeeded or its error was caught, 1 if it
/// failed or would be tried again, or the definition has errors, 2 if the test makes no sense.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n\
\x20 asl test-state order.asl.json --state Charge --input '{\"amount\": 7}' --mock-result '{\"StatusCode\": 200}'\n\
\x20 asl test-state order.asl.json --state Charge --mock-error CardDeclined --retries 2 --inspection-level debug\n\
\x20 asl test-state --request request.json")]
pub(crate) struct Arguments {
    /// The definition of a machine or of one state, in JSON or YAML; `-` is the standard input
    #[arg(required_unless_present_any = ["cases", "request"], conflicts_with_all = ["cases", "request"])]
    file: Option<PathBuf>,

    /// The request as `aws stepfunctions test-state --cli-input-json` has it, in a file; `-` is the standard input
    #[arg(long, value_name = "FILE", conflicts_with = "cases")]
    request: Option<PathBuf>,

    /// For whom complaints are; the answer is JSON either way
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,

    #[command(flatten)]
    test: RequestArguments,

    #[command(flatten)]
    worker: WorkerArguments,

    #[command(flatten)]
    cases: CasesArguments,

    #[command(flatten)]
    compile: CompileArguments,

    #[command(flatten)]
    settings: SettingsArguments,
}

impl Answers for Arguments {
    /// Tests one state or many.
    fn answer(&self) -> Result<Outcome, String> {
        match (&self.file, &self.request, self.cases.get()) {
            (Some(file), _, _) => single::of_file(self, file),
            (None, Some(request), _) => single::of_request(self, request),
            (None, None, Some(cases)) => batch::run(self, cases),
            (None, None, None) => {
                Err(String::from("a definition, `--request`, or `--cases` with `--report`, is needed"))
            }
        }
    }

    fn format(&self) -> Format {
        self.format
    }
}

/// Here and now.
fn setting() -> Setting {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(now.as_secs()).unwrap_or_default();
    Setting {
        now: asl_runtime::Timestamp::new(seconds, now.subsec_nanos()),
        chance: seconds.unsigned_abs() << 30 ^ u64::from(now.subsec_nanos()),
        region: std::env::var("AWS_REGION").unwrap_or_else(|_| String::from("us-east-1")),
        account: String::from("000000000000"),
    }
}
