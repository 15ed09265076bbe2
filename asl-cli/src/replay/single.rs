//! `asl replay machine.asl.json --history history.json`: one execution, compared with what was recorded.

use super::Arguments;
use super::difference::{self, Difference};
use super::execute::execute;
use crate::answer::{Outcome, problems};
use crate::machines::Machines;
use asl_compiler::{Module, Options};
use asl_runtime::remote::Worker;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Replays an execution, and says where it differs first.
pub(crate) fn run(arguments: &Arguments, file: &Path, history: &Path) -> Result<Outcome, String> {
    let source = arguments.machine.read(file)?;
    let file = source.name().to_owned();
    let recorded = read_history(history)?;
    let module = Module::of_source(&source).for_worker();
    // AWS has run it, whatever became of that.
    let options = Options { ignore_data: true, ..arguments.compile.options()? };
    let compilation = asl_compiler::compile(&source, &options, &module);
    arguments.format.show(&source, &compilation.diagnostics);
    let problems = problems(&source, &compilation.diagnostics);
    let Some(tokens) = compilation.tokens else { return Ok(arguments.format.only_problems(problems)) };
    let mut machines = Machines::default();
    let machine = machines.add(&module, &tokens);
    let worker = arguments.start(machines)?;
    let objects = objects(arguments.objects.as_deref())?;
    let arn = &arguments.execution_arn;
    let request = json!({ "history": recorded, "objects": objects, "executionArn": arn });
    let (time_limit, journal) = (arguments.worker.time_limit(), arguments.journal.as_deref());
    let answer = execute(&worker, machine, &request, time_limit, journal)?;
    let now = answer.get("events").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let difference = difference::first(&recorded, now);
    let unanswered = answer.get("unanswered").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    arguments.format.print(
        || {
            let unanswered: String = unanswered.iter().map(|state| no_answer(&file, state)).collect();
            match &difference {
                None => format!("{unanswered}{file}: all {} events agree\n", recorded.len()),
                Some(difference) => format!("{unanswered}{file}: {difference}"),
            }
        },
        || {
            let agree = difference.as_ref().map_or(recorded.len(), |difference| difference.agree);
            let difference = difference.as_ref().map(Difference::to_json);
            json!({
                "file": file,
                "agree": agree,
                "difference": difference,
                "unanswered": unanswered,
                "problems": problems,
            })
        },
    );
    Ok(if difference.is_none() { Outcome::Fine } else { Outcome::ProblemsFound })
}

/// Runs the execution of a history again on a machine of a worker, and says how it ended.
pub(crate) fn again(
    worker: &Worker,
    machine: usize,
    history: &Path,
    time_limit: Duration,
) -> Result<serde_json::Map<String, Value>, String> {
    execute(worker, machine, &json!({ "history": read_history(history)? }), time_limit, None)
}

/// What is said of a state whose tasks ran in a child execution, which the recording does not tell.
fn no_answer(file: &str, state: &Value) -> String {
    let state = state.as_str().unwrap_or_default();
    format!("{file}: the recording has no answer for the tasks of `{state}`, so they gave `null`\n")
}

/// The files of a folder in the place of S3: a folder for each bucket, and in it the objects by their keys.
fn objects(folder: Option<&Path>) -> Result<Vec<Value>, String> {
    let buckets = folder.map_or(Ok(Vec::new()), entries)?;
    let mut open: Vec<(PathBuf, PathBuf)> = buckets.into_iter().map(|path| (path.clone(), path)).collect();
    let mut objects = Vec::new();
    while let Some((bucket, path)) = open.pop() {
        if path.is_dir() {
            open.extend(entries(&path)?.into_iter().map(|entry| (bucket.clone(), entry)));
        } else if let Ok(key) = path.strip_prefix(&bucket) {
            let name = bucket.file_name().unwrap_or_default().to_string_lossy();
            let file = path.canonicalize().map_err(|error| unread(&path, &error))?;
            objects.push(
                json!({ "bucket": name, "key": key.to_string_lossy().replace('\\', "/"), "file": file }),
            );
        }
    }
    Ok(objects)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| unread(folder, &error))?;
    entries.map(|entry| entry.map(|entry| entry.path()).map_err(|error| unread(folder, &error))).collect()
}

fn unread(path: &Path, error: &std::io::Error) -> String {
    format!("`{}` cannot be read: {error}", path.display())
}

/// The events of `{"events": [..]}`, or of the list alone.
fn read_history(path: &Path) -> Result<Vec<Value>, String> {
    let history = crate::read::json(path)?;
    let events = history.get("events").unwrap_or(&history).as_array().filter(|events| !events.is_empty());
    events.cloned().ok_or_else(|| {
        let path = path.display();
        format!("`{path}` has no events: it should be what `aws stepfunctions get-execution-history` prints")
    })
}
