//! The names of a Map Run and its child executions.

use crate::codec::record;
use crate::context::ExecutionContext;
use asl_language::timestamp::Timestamp;
use asl_value::{Text, Value};
use md5::Digest;

/// The ARNs and names that a Map Run assigns to its child executions.
#[derive(Debug)]
pub struct Names {
    /// `arn:aws:states:..:mapRun:Machine/Label:uuid`
    pub map_run_arn: Text,
    /// The last part of it.
    pub map_run: Text,
    /// `arn:aws:states:..:execution:Machine/Label`
    executions: String,
    state_machine_id: Text,
    state_machine_name: Text,
}

record!(Names { map_run_arn, map_run, executions, state_machine_id, state_machine_name });

impl Names {
    /// The names within an execution. A child execution of a distributed Map belongs to the machine that all of them are in.
    pub fn new(parent: &ExecutionContext, state: &str, label: Option<&str>, map_run: Text) -> Self {
        let id = &*parent.state_machine_id;
        let (head, name) = id.split_once(":stateMachine:").unwrap_or((id, &parent.state_machine_name));
        let machine = name.split(['/', ':']).next().unwrap_or(name);
        let label = label.map_or_else(|| generated_label(machine, state), str::to_owned);
        Self {
            map_run_arn: format!("{head}:mapRun:{machine}/{label}:{map_run}").into(),
            map_run,
            executions: format!("{head}:execution:{machine}/{label}"),
            state_machine_id: format!("{head}:stateMachine:{machine}/{label}").into(),
            state_machine_name: format!("{machine}/{label}").into(),
        }
    }

    /// The facts of a child execution that starts now.
    pub fn child(
        &self,
        parent: &ExecutionContext,
        name: Text,
        input: Value,
        start_time: Timestamp,
    ) -> ExecutionContext {
        ExecutionContext {
            id: format!("{}:{name}", self.executions).into(),
            name: name.into(),
            input,
            role_arn: parent.role_arn.clone(),
            start_time,
            state_machine_id: self.state_machine_id.clone(),
            state_machine_name: self.state_machine_name.clone(),
            redrive: None,
            is_synchronous: false,
        }
    }
}

/// In the form of a UUID, as AWS's, and the same for a state in every run.
fn generated_label(machine: &str, state: &str) -> String {
    let mut label = String::new();
    for (place, digit) in etag(format!("{machine}/{state}").as_bytes()).chars().enumerate() {
        if matches!(place, 8 | 12 | 16 | 20) {
            label.push('-');
        }
        label.push(digit);
    }
    label
}

/// The entity tag of an object, without quotes.
#[must_use]
pub fn etag(bytes: &[u8]) -> String {
    md5::Md5::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parent(id: &str) -> ExecutionContext {
        ExecutionContext {
            id: "arn:aws:states:local:0:execution:Orders:1".into(),
            name: "1".into(),
            input: Value::Null,
            role_arn: "role".into(),
            start_time: Timestamp::new(0, 0),
            state_machine_id: id.into(),
            state_machine_name: "Orders".into(),
            redrive: None,
            is_synchronous: false,
        }
    }

    #[test]
    fn children_are_named_after_machine_and_label() {
        let parent = parent("arn:aws:states:local:0:stateMachine:Orders");
        let names = Names::new(&parent, "Each", Some("Rows"), "u-1".into());
        assert_eq!(names.map_run_arn, "arn:aws:states:local:0:mapRun:Orders/Rows:u-1");
        let child = names.child(&parent, "c-1".into(), 7.into(), Timestamp::new(1, 0));
        assert_eq!(child.id, "arn:aws:states:local:0:execution:Orders/Rows:c-1");
        assert_eq!(child.state_machine_id, "arn:aws:states:local:0:stateMachine:Orders/Rows");
        assert_eq!((child.state_machine_name, child.input), ("Orders/Rows".into(), Value::from(7)));
    }

    #[test]
    fn a_map_in_a_child_belongs_to_the_same_machine() {
        let parent = parent("arn:aws:states:local:0:stateMachine:Orders/Rows");
        assert_eq!(
            Names::new(&parent, "Inner", Some("In"), "u".into()).map_run_arn,
            "arn:aws:states:local:0:mapRun:Orders/In:u"
        );
    }

    #[test]
    fn a_label_is_made_from_the_state_and_stays_the_same() {
        let label = generated_label("Orders", "Each");
        assert_eq!((label.len(), label.matches('-').count()), (36, 4));
        assert_eq!(label, generated_label("Orders", "Each"));
        assert_ne!(label, generated_label("Orders", "All"));
    }
}
