//! Both versions of a definition, run on the same inputs.
//!
//! In: a definition, what it became, the tests beside it and histories. Out: what came to something else, and how much was tried. Executions that succeed
//! have the same output, and their tasks got the same; those that fail in both may fail with another error: that is what the languages differ in.

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
    /// What is different: `status`, `output` or `sent`.
    what: &'static str,
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
        let is_other = |(_, before, after): &(&str, Value, Value)| before != after;
        if let Some((what, before, after)) = compared(before, after).into_iter().find(is_other) {
            self.differences.push(Difference { name: name.to_owned(), what, before, after });
        }
    }

    pub(super) fn to_text(&self) -> String {
        let mut text = String::new();
        for Difference { name, what, before, after } in &self.differences {
            let _ = writeln!(text, "differs: {name}: {what}\n  JSONPath: {before}\n  JSONata:  {after}");
        }
        let same = self.executions - self.differences.len();
        let _ = writeln!(text, "verified: {same} of {} executions agree", self.executions);
        text
    }

    pub(super) fn to_json(&self) -> Value {
        let differences = self.differences.iter().map(|difference| {
            json!({ "name": difference.name, "what": difference.what, "before": difference.before, "after": difference.after })
        });
        json!({ "executions": self.executions, "differences": Vec::from_iter(differences) })
    }
}

/// What has to be the same. Of executions that fail that is nothing more than that they do.
fn compared(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<(&'static str, Value, Value)> {
    let field = |answer: &Map<String, Value>, name: &str| {
        let value = answer.get(name).cloned().unwrap_or_default();
        // Histories have outputs as texts, in which the order of fields may be another.
        let text = value.as_str().filter(|_| answer.contains_key("events"));
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or(value)
    };
    let both = |name: &'static str| (name, field(before, name), field(after, name));
    let status = both("status");
    let is_success = status.1 == "SUCCEEDED";
    let rest = is_success.then(|| [both("output"), ("sent", sent(before), sent(after))]);
    std::iter::once(status).chain(rest.into_iter().flatten()).collect()
}

/// What tasks got: by state, or in the order of events.
fn sent(answer: &Map<String, Value>) -> Value {
    let Some(events) = answer.get("events").and_then(Value::as_array) else {
        return answer.get("sent").cloned().unwrap_or_default();
    };
    let got = events.iter().filter_map(|event| {
        let details = SCHEDULED.iter().find_map(|name| event.get(name))?;
        let text = details.get("parameters").or_else(|| details.get("input"))?.as_str()?;
        Some(serde_json::from_str::<Value>(text).unwrap_or_else(|_| text.into()))
    });
    got.collect()
}

/// What the events have in which a task begins.
const SCHEDULED: [&str; 3] =
    ["taskScheduledEventDetails", "lambdaFunctionScheduledEventDetails", "activityScheduledEventDetails"];
