//! Both versions of a definition, run on the same inputs.
//!
//! In: a definition, what it became, the tests beside it and histories. Out: what came to something else, and how much was tried. Executions that fail
//! in both may fail with another error: that is what the languages differ in.

use super::Arguments;
use crate::machines::{Machines, start};
use crate::replay;
use crate::test;
use asl_compiler::convert::Conversion;
use asl_compiler::source::SourceFile;
use asl_compiler::{Module, Options};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// What was tried.
#[derive(Debug)]
pub(super) struct Verified {
    /// How many executions.
    executions: usize,
    pub(super) differences: Vec<Difference>,
}

/// An execution that comes to something else.
#[derive(Debug)]
pub(super) struct Difference {
    /// The name of the case, or of the file of the history.
    name: String,
    before: Value,
    after: Value,
}

/// Runs both.
pub(super) fn differences(
    arguments: &Arguments,
    source: &SourceFile,
    conversion: &Conversion,
) -> Result<Verified, String> {
    let beside = test::cases_beside(&arguments.file, &arguments.compile)?;
    if beside.has_errors {
        return Err(format!("the tests beside `{}` have errors: see `asl test`", source.name()));
    }
    if beside.files == 0 && arguments.history.is_empty() {
        return Err(format!(
            "there is nothing to verify with: no test file beside `{}`, and no `--history`",
            source.name()
        ));
    }
    let converted = SourceFile::new(source.name(), conversion.text.as_str());
    let options = arguments.compile.options_of(&arguments.file)?;
    let options = Options { tell_rules: true, ..options };
    let mut machines = Machines::default();
    let (before, after) = (add(&mut machines, source, &options)?, add(&mut machines, &converted, &options)?);
    let worker = start(&machines.build("convert", arguments.worker.runtime())?)?;
    let time_limit = arguments.worker.time_limit();
    let mut found = Verified { executions: 0, differences: Vec::new() };
    for case in &beside.cases {
        let run = |machine| test::run_case(&worker, machine, &case.content, time_limit);
        found.compare(&case.name, &run(before)?, &run(after)?);
    }
    for history in &arguments.history {
        let run = |machine| replay::again(&worker, machine, history, time_limit);
        found.compare(&history.display().to_string(), &run(before)?, &run(after)?);
    }
    Ok(found)
}

fn add(machines: &mut Machines, source: &SourceFile, options: &Options) -> Result<usize, String> {
    let module = Module::of_source(source).for_worker();
    let tokens = asl_compiler::compile(source, options, &module).tokens;
    let tokens = tokens.ok_or_else(|| format!("`{}` has no program: see `asl check`", source.name()))?;
    Ok(machines.add(&module, &tokens))
}

impl Verified {
    fn compare(&mut self, name: &str, before: &Map<String, Value>, after: &Map<String, Value>) {
        self.executions += 1;
        let (before, after) = (end(before), end(after));
        if before != after {
            self.differences.push(Difference { name: name.to_owned(), before, after });
        }
    }

    pub(super) fn to_text(&self) -> String {
        let mut text = String::new();
        for Difference { name, before, after } in &self.differences {
            let _ = writeln!(text, "differs: {name}\n  JSONPath: {before}\n  JSONata:  {after}");
        }
        let same = self.executions - self.differences.len();
        let _ = writeln!(text, "verified: {same} of {} executions agree", self.executions);
        text
    }

    pub(super) fn to_json(&self) -> Value {
        let differences = self.differences.iter().map(|difference| {
            json!({ "name": difference.name, "before": difference.before, "after": difference.after })
        });
        json!({ "executions": self.executions, "differences": Vec::from_iter(differences) })
    }
}

/// How an execution ended: its status, and its output if it has one.
fn end(answer: &Map<String, Value>) -> Value {
    let field = |name: &str| answer.get(name).cloned().unwrap_or_default();
    json!({ "status": field("status"), "output": field("output") })
}
