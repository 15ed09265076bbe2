//! The logs of machines that have a `loggingConfiguration`, as Step Functions writes them to CloudWatch Logs.
//!
//! In: events of executions. Out: files in a folder: a folder for each log group, a file for each machine in it, a JSON object a line.

use crate::control::{Control, Revision};
use asl_runtime::monitoring::logs::{LogLevel, log_line};
use asl_runtime::{Event, ExecutionContext, Observer, Text};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Writes logs.
pub(crate) struct Logs {
    folder: PathBuf,
    control: Arc<Control>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// By the ARN of the execution, as long as it runs; nothing where it is not logged.
    executions: HashMap<Text, Option<Log>>,
    files: HashMap<PathBuf, Arc<Mutex<File>>>,
}

/// Where the events of an execution go, and which.
#[derive(Clone)]
struct Log {
    file: Arc<Mutex<File>>,
    level: LogLevel,
    includes_data: bool,
}

impl Logs {
    pub(crate) fn new(folder: PathBuf, control: Arc<Control>) -> Self {
        Self { folder, control, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The log of an execution: as its machine is configured when the first event of it is heard.
    fn of(&self, execution: &ExecutionContext) -> Option<Log> {
        if let Some(known) = self.state().executions.get(&*execution.id) {
            return known.clone();
        }
        // Children of Map Runs are logged as the machine that they are a part of.
        let machine = execution.state_machine_name.split('/').next().unwrap_or_default();
        let revision = self.control.read().machines.get(machine).map(|machine| machine.revision.clone());
        let mut state = self.state();
        let log = revision.and_then(|revision| self.open(&mut state, machine, &revision));
        state.executions.insert(Text::clone(&execution.id), log.clone());
        log
    }

    fn open(&self, state: &mut State, machine: &str, revision: &Revision) -> Option<Log> {
        let Wanted { group, level, includes_data } = Wanted::by(revision)?;
        let path = group
            .split('/')
            .filter(|part| !part.is_empty())
            .fold(self.folder.clone(), |path, part| path.join(safe(part)));
        let path = path.join(format!("{}.jsonl", safe(machine)));
        let file = match state.files.get(&path) {
            Some(file) => Arc::clone(file),
            None => {
                let file = Arc::new(Mutex::new(append(&path).ok()?));
                state.files.insert(path, Arc::clone(&file));
                file
            }
        };
        Some(Log { file, level, includes_data })
    }
}

impl Observer for Logs {
    fn event(&self, execution: &ExecutionContext, event: &Event) {
        let log = self.of(execution);
        let line = log.as_ref().and_then(|log| log_line(execution, event, log.level, log.includes_data));
        if let (Some(log), Some(line)) = (log, line) {
            let mut file = log.file.lock().unwrap_or_else(PoisonError::into_inner);
            // In one piece, so that others may write to the same file. An execution does not end because its log cannot be written.
            let _ = file.write_all(format!("{line}\n").as_bytes());
        }
        if event.details.end().is_some() {
            self.state().executions.remove(&*execution.id);
        }
    }
}

/// What a `loggingConfiguration` asks for.
struct Wanted<'a> {
    group: &'a str,
    level: LogLevel,
    includes_data: bool,
}

impl<'a> Wanted<'a> {
    fn by(revision: &'a Revision) -> Option<Self> {
        let logging = &revision.settings.logging;
        let level = logging
            .get("level")?
            .as_str()
            .and_then(LogLevel::parse)
            .filter(|level| *level != LogLevel::Off)?;
        let arn = logging.pointer("/destinations/0/cloudWatchLogsLogGroup/logGroupArn")?.as_str()?;
        let group = arn.split_once(":log-group:").map_or(arn, |(_, group)| group);
        let group = group.strip_suffix(":*").unwrap_or(group);
        let includes_data =
            logging.get("includeExecutionData").and_then(serde_json::Value::as_bool).unwrap_or_default();
        Some(Self { group, level, includes_data })
    }
}

/// A name of a file that leads nowhere else.
fn safe(part: &str) -> String {
    let is_plain = |c: char| {
        c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '#' | '+' | '=' | '(' | ')' | '!' | '@' | '\'')
    };
    let name: String = part.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    if name.chars().all(|c| c == '.') { name.replace('.', "_") } else { name }
}

fn append(path: &Path) -> std::io::Result<File> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    OpenOptions::new().create(true).append(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn names_lead_nowhere_else() {
        for (part, name) in
            [("..", "__"), (".", "_"), ("a:b\\c", "a_b_c"), ("order-1.2", "order-1.2"), ("\0", "_")]
        {
            assert_eq!(safe(part), name);
        }
    }
}
