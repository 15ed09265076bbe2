//! The data of a stay in a state: what it was given, asked and answered, and the variables that it saw.
//!
//! In: the events of the stay, and those that tell what was set before it. Out: values.

use super::details::{Setter, Stay};
use asl_runtime::{Event, EventDetails, Object, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The data of a stay.
#[derive(Debug, Default)]
pub(crate) struct Data {
    pub(super) input: Option<Value>,
    pub(super) parameters: Option<Value>,
    pub(super) submitted: Option<Value>,
    pub(super) result: Option<Value>,
    pub(super) output: Option<Value>,
    pub(super) assigned: Option<Value>,
    /// The variables that it saw when it was entered, by their names.
    pub(super) seen: Vec<Seen>,
}

/// A variable, and what has set it.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) name: String,
    pub(super) value: Value,
    pub(super) by: Setter,
}

impl Data {
    /// The data in [the events](Stay::events) of a stay.
    pub(crate) fn of(stay: &Stay, events: &[Event]) -> Self {
        let mut data = Self::default();
        let own = stay.own_events();
        let mut told: BTreeMap<u64, Object> = BTreeMap::new();
        for event in events {
            if !own.contains(&event.id) {
                if let EventDetails::StateExited { assigned: Some(assigned), .. } = &event.details {
                    told.insert(event.id, assigned.clone());
                }
                continue;
            }
            #[expect(clippy::wildcard_enum_match_arm, reason = "all others have no data")]
            match &event.details {
                EventDetails::StateEntered { input, .. } => data.input = Some(input.clone()),
                EventDetails::TaskScheduled { parameters, .. } => data.parameters = Some(parameters.clone()),
                EventDetails::TaskSubmitted { output, .. } => data.submitted = Some(output.clone()),
                EventDetails::TaskSucceeded { output, .. } => data.result = Some(output.clone()),
                EventDetails::StateExited { output, assigned, .. } => {
                    data.output = Some(output.clone());
                    data.assigned = assigned.clone().map(Value::from);
                }
                _ => {}
            }
        }
        data.see(stay, &told);
        data
    }

    /// The same of events in AWS's JSON.
    pub(crate) fn read<'e>(stay: &Stay, events: impl Iterator<Item = &'e serde_json::Value>) -> Self {
        let mut data = Self::default();
        let own = stay.own_events();
        let mut told: BTreeMap<u64, Object> = BTreeMap::new();
        for event in events {
            let id = event.get("id").and_then(serde_json::Value::as_u64).unwrap_or_default();
            let kind = event.get("type").and_then(serde_json::Value::as_str).unwrap_or_default();
            let details =
                event.as_object().and_then(|it| it.iter().find(|(name, _)| name.ends_with("EventDetails")));
            let details = details.map_or(&serde_json::Value::Null, |(_, details)| details);
            // What is not JSON is a text.
            let value = |text: &serde_json::Value| {
                let text = text.as_str()?;
                Some(text.parse().unwrap_or_else(|_| Value::from(text)))
            };
            let field = |name: &str| details.get(name).and_then(value);
            let assigned = || -> Option<Object> {
                let all = details.get("assignedVariables")?.as_object()?;
                Some(all.iter().filter_map(|(name, text)| Some((name.as_str(), value(text)?))).collect())
            };
            if !own.contains(&id) {
                told.extend(assigned().map(|assigned| (id, assigned)));
                continue;
            }
            if kind.ends_with("StateEntered") {
                data.input = field("input");
            } else if kind.ends_with("StateExited") {
                data.output = field("output");
                data.assigned = assigned().map(Value::from);
            } else if kind.ends_with("Scheduled") {
                data.parameters = field("parameters").or_else(|| field("input"));
            } else if kind.ends_with("Submitted") {
                data.submitted = field("output");
            } else if kind.ends_with("Succeeded") {
                data.result = field("output");
            }
        }
        data.see(stay, &told);
        data
    }

    /// Takes from what others have set, by the events that tell it, what the stay saw: the last one counts.
    fn see(&mut self, stay: &Stay, told: &BTreeMap<u64, Object>) {
        let mut known = BTreeSet::new();
        for by in stay.setters() {
            for (name, value) in told.get(&by.exit).into_iter().flat_map(|assigned| assigned.iter()) {
                if known.insert(name.to_owned()) {
                    self.seen.push(Seen { name: name.to_owned(), value: value.clone(), by: by.clone() });
                }
            }
        }
        self.seen.sort_by(|one, other| one.name.cmp(&other.name));
    }

    /// The ARN of the execution that the task has started.
    pub(super) fn child(&self) -> Option<&str> {
        let told = [&self.submitted, &self.result].into_iter().flatten();
        told.filter_map(|answer| answer.get("ExecutionArn").or_else(|| answer.get("executionArn"))?.as_str())
            .next()
    }

    /// Texts among what was sent that may be the token of the task.
    pub(crate) fn tokens(&self) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(parameters) = &self.parameters {
            texts(&serde_json::to_value(parameters).unwrap_or_default(), &mut found);
        }
        found.retain(|text| text.len() >= 16 && text.len() <= 2048);
        found.truncate(20);
        found
    }
}

fn texts(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => found.push(text.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        serde_json::Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
    }
}
