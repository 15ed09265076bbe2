//! An execution that was recorded: what it was given, what its tasks answered, and how it ended.
//!
//! In: the answer of `GetExecutionHistory`, or the bare list of its events. Out: facts for [`Replay`](super::Replay). Events that
//! cannot be understood are passed over: what they would have said is missing later, where it is asked for.

use crate::host::VirtualClock;
use asl_language::timestamp::Timestamp;
use asl_value::{JsonError, Object, Text, Value};
use std::collections::HashMap;
use std::time::Duration;

/// A recorded execution.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    pub(super) start: Option<Timestamp>,
    /// When it was recorded, if that is known.
    pub(super) recorded: Option<Timestamp>,
    pub(super) input: Value,
    pub(super) role_arn: Option<Text>,
    pub(super) region: Option<Text>,
    pub(super) account: Option<Text>,
    pub(super) refused: Option<Refused>,
    pub(super) aborted: Option<Aborted>,
    pub(super) tasks: Vec<RecordedTask>,
    /// Child executions ran, whose histories are their own.
    pub(super) has_map_run: bool,
}

/// The execution was stopped.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Aborted {
    pub(super) after: Duration,
    pub(super) error: Option<Text>,
    pub(super) cause: Option<String>,
}

/// The execution failed in a state for a reason that no event tells but its end.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Refused {
    pub(super) state: Text,
    pub(super) reason: String,
}

/// A task, from being scheduled to its end.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct RecordedTask {
    /// The name of its state, where it is known.
    pub(super) state: Option<Text>,
    /// The number of the iteration around it.
    pub(super) iteration: Option<usize>,
    /// The ARN in `Resource` of functions and activities, the action of a service integration.
    pub(super) resource: Text,
    pub(super) parameters: Option<Value>,
    /// The worker of an activity, where one took the task.
    pub(super) worker_name: Option<Text>,
    pub(super) submitted: Option<Value>,
    pub(super) answer: Option<Answer>,
    /// When it ended, from the start of the execution.
    pub(super) after: Duration,
}

/// How a task ended.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    Succeeded(Value),
    Failed { error: Text, cause: Option<String> },
    TimedOut,
}

impl Recording {
    /// Reads what `aws stepfunctions get-execution-history` prints.
    ///
    /// ```
    /// use asl_runtime::Recording;
    ///
    /// let recording = Recording::from_json(
    ///     r#"{"events": [{"id": 1, "type": "ExecutionStarted", "timestamp": 1700000000,
    ///         "executionStartedEventDetails": {"input": "{\"id\":\"A-1\"}"}}]}"#,
    /// )?;
    /// assert_eq!(recording.input().to_string(), r#"{"id":"A-1"}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The text is not JSON.
    pub fn from_json(text: &str) -> Result<Self, JsonError> {
        Value::from_json(text).map(|history| Self::new(&history))
    }

    /// Reads `{"events": [..]}`, or the list alone. Payloads may be JSON text, as AWS has them, or JSON.
    #[must_use]
    pub fn new(history: &Value) -> Self {
        let list = history.get("events").unwrap_or(history);
        let events: Vec<Recorded<'_>> =
            list.as_array().into_iter().flat_map(|events| events.iter()).filter_map(Recorded::new).collect();
        let moments = Moments::new(&events);
        let started = events.iter().find(|event| event.r#type == "ExecutionStarted");
        Self {
            start: moments.start,
            // The clock of tests begins then, whenever they run.
            recorded: moments.start.filter(|start| *start != VirtualClock::START),
            input: started.and_then(|event| event.payload("input")).unwrap_or_else(Value::empty_object),
            role_arn: started.and_then(|event| event.text("roleArn")),
            region: events.iter().find_map(|event| event.text("region")).or_else(|| find_in_arns(list, 3)),
            account: find_in_arns(list, 4),
            refused: events.iter().find_map(Recorded::refused),
            aborted: events.iter().find(|event| event.r#type == "ExecutionAborted").map(|event| Aborted {
                after: moments.after(event),
                error: event.text("error"),
                cause: event.cause(),
            }),
            tasks: tasks(&events, &moments),
            has_map_run: events.iter().any(|event| event.r#type == "MapRunStarted"),
        }
    }

    /// The same execution with another input.
    ///
    /// ```
    /// use asl_runtime::{Recording, Value};
    ///
    /// let recording = Recording::new(&Value::Null).with_input(Value::from(7));
    /// assert_eq!(recording.input(), &Value::from(7));
    /// ```
    #[must_use]
    pub fn with_input(mut self, input: Value) -> Self {
        self.input = input;
        self
    }

    /// The same execution, recorded at a moment that its events do not tell. AWS links events otherwise than it did in earlier years.
    #[must_use]
    pub const fn recorded_at(mut self, moment: Timestamp) -> Self {
        self.recorded = Some(moment);
        self
    }

    /// The input of the execution.
    #[must_use]
    pub const fn input(&self) -> &Value {
        &self.input
    }
}

/// An event as it was recorded.
struct Recorded<'a> {
    r#type: &'a str,
    /// 0 where it is not known.
    id: u64,
    previous: u64,
    timestamp: Option<Timestamp>,
    details: Option<&'a Object>,
}

impl<'a> Recorded<'a> {
    fn new(event: &'a Value) -> Option<Self> {
        let number =
            |name| event.get(name).and_then(Value::as_i64).and_then(|number| u64::try_from(number).ok());
        let mut fields = event.as_object()?.iter();
        Some(Self {
            r#type: event.get("type")?.as_str()?,
            id: number("id").unwrap_or(0),
            previous: number("previousEventId").unwrap_or(0),
            timestamp: event.get("timestamp").and_then(moment),
            details: fields
                .find_map(|(name, details)| details.as_object().filter(|_| name.ends_with("EventDetails"))),
        })
    }

    fn get(&self, name: &str) -> Option<&'a Value> {
        self.details?.get(name)
    }

    fn text(&self, name: &str) -> Option<Text> {
        self.get(name)?.as_str().map(Text::from)
    }

    /// A field that is JSON text in AWS's interface.
    fn payload(&self, name: &str) -> Option<Value> {
        let value = self.get(name)?;
        // Text that is not JSON is taken as it is: a recording may have been edited.
        Some(value.as_str().and_then(|text| Value::from_json(text).ok()).unwrap_or_else(|| value.clone()))
    }

    /// `An error occurred while executing the state 'A' (entered at the event id #2). ...`
    fn refused(&self) -> Option<Refused> {
        let cause = self.cause().filter(|_| self.r#type == "ExecutionFailed")?;
        let (state, rest) = cause
            .strip_prefix("An error occurred while executing the state '")?
            .split_once("' (entered at the event id #")?;
        let (_, reason) = rest.split_once("). ")?;
        Some(Refused { state: state.into(), reason: reason.to_owned() })
    }

    fn cause(&self) -> Option<String> {
        let cause = self.get("cause")?;
        Some(cause.as_str().map_or_else(|| cause.to_string(), str::to_owned))
    }
}

/// A part of the first ARN anywhere that has it and an account.
fn find_in_arns(value: &Value, part: usize) -> Option<Text> {
    match value {
        Value::String(text) => text.match_indices("arn:").find_map(|(place, _)| {
            let parts: Vec<&str> = text.get(place..)?.splitn(6, ':').collect();
            let is_account =
                |account: &&str| account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
            parts.get(4).filter(|account| is_account(account))?;
            parts.get(part).filter(|part| !part.is_empty()).map(|part| Text::from(*part))
        }),
        Value::Array(elements) => elements.iter().find_map(|element| find_in_arns(element, part)),
        Value::Object(fields) => fields.iter().find_map(|(_, field)| find_in_arns(field, part)),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Seconds since 1970, or a date and time.
fn moment(timestamp: &Value) -> Option<Timestamp> {
    if let Some(text) = timestamp.as_str() {
        return Timestamp::parse(text);
    }
    let seconds = Duration::try_from_secs_f64(timestamp.as_number()?.as_f64()).ok()?;
    Some(Timestamp::from_milliseconds(i64::try_from(seconds.as_millis()).ok()?))
}

/// When events happened. A history without times still has an order: its events are a millisecond apart.
struct Moments {
    start: Option<Timestamp>,
}

impl Moments {
    fn new(events: &[Recorded<'_>]) -> Self {
        Self { start: events.first().and_then(|event| event.timestamp) }
    }

    fn after(&self, event: &Recorded<'_>) -> Duration {
        match (self.start, event.timestamp) {
            (Some(start), Some(moment)) => moment.since(start),
            _ => Duration::from_millis(event.id),
        }
    }
}

/// The tasks in the order in which they were scheduled.
fn tasks(events: &[Recorded<'_>], moments: &Moments) -> Vec<RecordedTask> {
    let by_id: HashMap<u64, &Recorded<'_>> =
        events.iter().filter(|event| event.id != 0).map(|event| (event.id, event)).collect();
    let of_tasks = events.iter().filter_map(|event| Some((event, task_event(event.r#type)?.1)));
    // Events without numbers need not be in order.
    let (first, later): (Vec<_>, Vec<_>) = of_tasks.partition(|(_, what)| *what == "Scheduled");
    let mut tasks: Vec<(u64, RecordedTask)> =
        first.into_iter().map(|(event, _)| (event.id, scheduled(event, &by_id))).collect();
    for (event, what) in later {
        // Later events of a task lead back to its first; without numbers they are told apart by their order alone.
        let mut place = tasks.iter_mut().rev().find(|(last, _)| *last == event.previous && event.id != 0);
        if place.is_none() {
            place = tasks.iter_mut().find(|(last, task)| *last == 0 && !task.has(what));
        }
        if let Some((last, task)) = place {
            *last = event.id;
            task.note(what, event, moments.after(event));
        }
    }
    tasks.into_iter().map(|(_, task)| task).collect()
}

/// `TaskScheduled` is `Task` and `Scheduled`.
fn task_event(r#type: &str) -> Option<(&'static str, &str)> {
    const EVENTS: &[&str] = &[
        "Scheduled",
        "Started",
        "Submitted",
        "Succeeded",
        "Failed",
        "TimedOut",
        "ScheduleFailed",
        "StartFailed",
        "SubmitFailed",
    ];
    let family =
        ["LambdaFunction", "Activity", "Task"].into_iter().find(|family| r#type.starts_with(family))?;
    let what = r#type.strip_prefix(family)?;
    EVENTS.contains(&what).then_some((family, what))
}

fn scheduled(event: &Recorded<'_>, by_id: &HashMap<u64, &Recorded<'_>>) -> RecordedTask {
    let mut task = RecordedTask {
        resource: event.text("resource").unwrap_or_default(),
        parameters: event.payload("parameters").or_else(|| event.payload("input")),
        ..RecordedTask::default()
    };
    let mut previous = event.previous;
    // Each event names an earlier one, so this ends; the bound is for histories that are not as they should be.
    for _ in 0..by_id.len() {
        let Some(event) = by_id.get(&previous) else { break };
        match event.r#type {
            "MapIterationStarted" => {
                task.iteration =
                    event.get("index").and_then(Value::as_i64).and_then(|index| usize::try_from(index).ok());
                break;
            }
            r#type if task.state.is_none() && r#type.ends_with("StateEntered") => {
                task.state = event.text("name")
            }
            _ => {}
        }
        previous = event.previous;
    }
    task
}

impl RecordedTask {
    fn has(&self, what: &str) -> bool {
        match what {
            "Started" => self.worker_name.is_some(),
            "Submitted" => self.submitted.is_some() || self.answer.is_some(),
            _ => self.answer.is_some(),
        }
    }

    fn note(&mut self, what: &str, event: &Recorded<'_>, after: Duration) {
        let output = || event.payload("output").unwrap_or_default();
        match what {
            "Started" => self.worker_name = Some(event.text("workerName").unwrap_or_default()),
            "Submitted" => self.submitted = Some(output()),
            "Succeeded" => self.answer = Some(Answer::Succeeded(output())),
            "TimedOut" => self.answer = Some(Answer::TimedOut),
            _ => {
                self.answer = Some(Answer::Failed {
                    error: event.text("error").unwrap_or_default(),
                    cause: event.cause(),
                })
            }
        }
        self.after = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording(events: &str) -> Recording {
        Recording::from_json(&format!(r#"{{"events": [{events}]}}"#)).unwrap()
    }

    const SCHEDULED: &str = r#"{"type": "TaskScheduled", "id": 4, "previousEventId": 3, "taskScheduledEventDetails":
        {"resource": "publish", "resourceType": "sns", "region": "eu-west-1", "parameters": "{\"a\": 1}"}}"#;

    #[test]
    fn a_task_knows_its_state_and_its_iteration() {
        let recording = recording(&format!(
            r#"{{"type": "MapIterationStarted", "id": 2, "previousEventId": 1, "mapIterationStartedEventDetails": {{"name": "Each", "index": 5}}}},
            {{"type": "TaskStateEntered", "id": 3, "previousEventId": 2, "stateEnteredEventDetails": {{"name": "Tell", "input": "1"}}}},
            {SCHEDULED},
            {{"type": "TaskStarted", "id": 6, "previousEventId": 4}},
            {{"type": "TaskFailed", "id": 9, "previousEventId": 6, "taskFailedEventDetails": {{"error": "E", "cause": {{"why": 1}}}}}}"#
        ));
        let [task] = recording.tasks.as_slice() else { panic!("one task") };
        assert_eq!((task.state.as_deref(), task.iteration), (Some("Tell"), Some(5)));
        assert_eq!(task.parameters, Value::from_json(r#"{"a": 1}"#).ok());
        let cause = Some(String::from(r#"{"why":1}"#));
        assert_eq!(task.answer, Some(Answer::Failed { error: "E".into(), cause }));
        assert_eq!((task.after, recording.region.as_deref()), (Duration::from_millis(9), Some("eu-west-1")));
    }

    #[test]
    fn events_without_numbers_are_told_apart_by_their_order() {
        let bare = SCHEDULED.replace("\"id\": 4, \"previousEventId\": 3,", "");
        let done = |output: u8| {
            format!(r#"{{"type": "TaskSucceeded", "taskSucceededEventDetails": {{"output": "{output}"}}}}"#)
        };
        let recording = recording(&[bare.clone(), bare, done(1), done(2)].join(","));
        let answers: Vec<_> = recording.tasks.iter().map(|task| task.answer.clone()).collect();
        let succeeded = |output: i32| Some(Answer::Succeeded(output.into()));
        assert_eq!(answers, [succeeded(1), succeeded(2)]);
    }

    #[test]
    fn times_are_counted_from_the_start() {
        for (start, end) in [
            ("1700000000.5", "1700000002.75"),
            (r#""2024-01-01T00:00:00Z""#, r#""2024-01-01T01:00:02.250+01:00""#),
        ] {
            let recording = recording(&format!(
                r#"{{"type": "ExecutionStarted", "id": 1, "timestamp": {start}}}, {{"type": "ExecutionAborted", "id": 2, "timestamp": {end}}}"#
            ));
            assert_eq!(recording.aborted.map(|aborted| aborted.after), Some(Duration::from_millis(2250)));
        }
    }

    #[test]
    fn the_account_and_a_refusal_are_found_in_texts() {
        let recording = recording(
            r#"{"type": "ExecutionStarted", "id": 1, "executionStartedEventDetails": {"input": "{\"arn\": \"arn:aws:sns:eu-north-1:123456789012:t\"}"}},
            {"type": "ExecutionFailed", "id": 2, "executionFailedEventDetails": {"error": "States.Runtime",
                "cause": "An error occurred while executing the state 'A' (entered at the event id #2). No good."}}"#,
        );
        assert_eq!(
            (recording.region.as_deref(), recording.account.as_deref()),
            (Some("eu-north-1"), Some("123456789012"))
        );
        assert_eq!(recording.refused, Some(Refused { state: "A".into(), reason: String::from("No good.") }));
    }

    #[test]
    fn what_is_no_history_is_empty() {
        for text in ["null", "{}", "[1, {}]", r#"{"events": 7}"#] {
            let recording = Recording::from_json(text).unwrap();
            assert_eq!((recording.tasks.len(), recording.input()), (0, &Value::empty_object()), "{text}");
        }
        assert!(Recording::from_json("{").is_err());
    }
}
