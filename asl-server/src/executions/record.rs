//! Executions as the API knows them, and as they are kept: each fact of one in one place.

use crate::control::Revision;
use crate::protocol::date::Date;
use asl_durable::{Facts, Record};
use asl_engine::EffectId;
use asl_runtime::{ExecutionContext, ExecutionError, Status, Text, Value};
use serde::{Deserialize, Serialize};

/// An execution that is to be started.
#[derive(Clone, Debug)]
pub(crate) struct NewExecution {
    pub(crate) arn: Text,
    pub(crate) name: Text,
    /// The name of its machine.
    pub(crate) machine_name: Text,
    /// The ARN of its machine, without a version or an alias.
    pub(crate) machine_arn: Text,
    /// The ARN of the version, if it was started by one or by an alias.
    pub(crate) version_arn: Option<Text>,
    /// The ARN of the alias, if it was started by one.
    pub(crate) alias_arn: Option<Text>,
    /// Its input, as it was written.
    pub(crate) input_text: String,
    pub(crate) input: Value,
    /// `traceHeader`
    pub(crate) trace_header: Option<String>,
    /// The key of the task that starts it, if one does.
    pub(crate) started_by: Option<String>,
    /// The execution and the effect of it that wait for its end.
    pub(crate) waits: Option<(Text, EffectId)>,
    /// It is an Express one whose end is the answer.
    pub(crate) is_synchronous: bool,
    /// The test case whose mocks answer some of its tasks.
    pub(crate) test_case: Option<String>,
    pub(crate) start_date: Date,
    /// What its machine is now.
    pub(crate) revision: Revision,
}

/// What is known of an execution.
#[derive(Clone, Debug)]
pub(crate) struct Description {
    pub(crate) arn: Text,
    pub(crate) name: Text,
    /// The name of its machine; of a child of a Map Run, with the label of that.
    pub(crate) machine_name: Text,
    /// The ARN of its machine, without a version or an alias.
    pub(crate) machine_arn: Text,
    pub(crate) version_arn: Option<Text>,
    pub(crate) alias_arn: Option<Text>,
    /// The Map Run that it is a child of.
    pub(crate) map_run_arn: Option<Text>,
    /// Its input, as it was written.
    pub(crate) input_text: String,
    pub(crate) input: Value,
    pub(crate) trace_header: Option<String>,
    /// The key of the task that has started it, if one has.
    pub(crate) started_by: Option<String>,
    /// The test case whose mocks answer some of its tasks.
    pub(crate) test_case: Option<String>,
    pub(crate) start_date: Date,
    /// The newer ones of a machine, or of a Map Run, come before it in lists.
    pub(crate) number: i64,
    pub(crate) status: Status,
    pub(crate) stop_date: Option<Date>,
    pub(crate) output: Option<Value>,
    /// The name of the error that it ended with.
    pub(crate) error: Option<String>,
    pub(crate) cause: Option<String>,
    /// How often it was redriven, and when last.
    pub(crate) redrive_count: u64,
    pub(crate) redrive_date: Option<Date>,
}

/// What is kept of an execution beside what it is for its machine.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct About {
    /// The input as it was written, if that is not how it is written here.
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_header: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    started_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    test_case: Option<String>,
}

impl NewExecution {
    /// What its machine knows of it.
    pub(super) fn change(&self, context: &mut ExecutionContext) {
        context.id = self.arn.clone().into();
        context.role_arn = self.revision.settings.role_arn.as_str().into();
        context.start_time = self.start_date.timestamp();
        context.state_machine_name = self.machine_name.clone();
        context.is_synchronous = self.is_synchronous;
    }

    /// The effect of an execution that waits for its end.
    pub(super) fn waits(&self) -> Option<(&str, EffectId)> {
        self.waits.as_ref().map(|(arn, effect)| (&**arn, effect.clone()))
    }

    /// What is kept of it besides.
    pub(super) fn facts(&self) -> Facts {
        let about = About {
            input: Some(&self.input_text).filter(|text| **text != self.input.to_string()).cloned(),
            trace_header: self.trace_header.clone(),
            started_by: self.started_by.clone(),
            test_case: self.test_case.clone(),
        };
        let text = |text: Result<String, serde_json::Error>| text.ok().map(Text::from);
        Facts {
            version: self.version_arn.clone(),
            alias: self.alias_arn.clone(),
            about: text(serde_json::to_string(&about)),
            shared: text(serde_json::to_string(&self.revision)),
        }
    }

    /// It, when it has ended, or as long as it has not.
    pub(super) fn described(self, end: Option<(Date, Result<Value, ExecutionError>)>) -> Description {
        let about = About {
            input: Some(self.input_text),
            trace_header: self.trace_header,
            started_by: self.started_by,
            test_case: self.test_case,
        };
        let mut description = Description {
            arn: self.arn,
            name: self.name,
            machine_name: self.machine_name,
            machine_arn: self.machine_arn,
            version_arn: self.version_arn,
            alias_arn: self.alias_arn,
            start_date: self.start_date,
            ..Description::new(about, self.input)
        };
        description.end(end);
        description
    }
}

impl Description {
    fn new(about: About, input: Value) -> Self {
        Self {
            arn: Text::default(),
            name: Text::default(),
            machine_name: Text::default(),
            machine_arn: Text::default(),
            version_arn: None,
            alias_arn: None,
            map_run_arn: None,
            input_text: about.input.unwrap_or_else(|| input.to_string()),
            input,
            trace_header: about.trace_header,
            started_by: about.started_by,
            test_case: about.test_case,
            start_date: Date::default(),
            number: 0,
            status: Status::Running,
            stop_date: None,
            output: None,
            error: None,
            cause: None,
            redrive_count: 0,
            redrive_date: None,
        }
    }

    /// One that is not kept here, by its input as it was written; what else is known of it is still to be said.
    #[cfg(feature = "restate")]
    pub(super) fn elsewhere(input_text: String, trace_header: Option<String>) -> Self {
        let input = Value::from_json(&input_text).unwrap_or_default();
        Self::new(About { input: Some(input_text), trace_header, ..About::default() }, input)
    }

    /// What is known of an execution that is kept.
    pub(super) fn of(record: Record) -> Self {
        let Record { number, execution, end, map_run, facts, redrives, redriven, .. } = record;
        let about = facts.about.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        // The machine of a child is called `Machine/Label`, and is its parent's.
        let machine_arn = &execution.state_machine_id;
        let machine_arn = machine_arn.split_once('/').map_or(&**machine_arn, |(machine, _)| machine);
        let mut description = Self {
            arn: execution.id.clone(),
            name: execution.name.clone(),
            machine_name: execution.state_machine_name.clone(),
            machine_arn: machine_arn.into(),
            version_arn: facts.version,
            alias_arn: facts.alias,
            map_run_arn: map_run,
            start_date: execution.start_time.into(),
            number,
            redrive_count: redrives,
            redrive_date: redriven.map(Date::from),
            ..Self::new(about, execution.input.clone())
        };
        description.end(end.map(|(moment, result)| (moment.into(), result)));
        description
    }

    pub(super) fn end(&mut self, end: Option<(Date, Result<Value, ExecutionError>)>) {
        let Some((date, result)) = end else { return };
        self.stop_date = Some(date);
        match result {
            Ok(output) => (self.status, self.output) = (Status::Succeeded, Some(output)),
            Err(error) => {
                self.status = error.status();
                if self.status == Status::TimedOut {
                    // Nothing more is reported of that.
                    return;
                }
                self.error = error.error().map(str::to_owned);
                self.cause = error.cause().map(str::to_owned);
            }
        }
    }
}
