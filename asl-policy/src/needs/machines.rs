//! Other machines that a task starts.

use super::{DYNAMIC, Need, jobs};
use crate::arn::{Arn, Piece};
use crate::workflow::{Argument, ServiceCall};

/// Another machine is started. A task that waits for it also looks after it, by this rule of EventBridge and by asking.
pub(super) fn start_execution(call: &ServiceCall<'_>, action: &str, rule: Option<&str>) -> Vec<Need> {
    let (machine, executions, wide) = match call.parameters.get("StateMachineArn") {
        Some(Argument::Constant(text)) => machine(text),
        Some(Argument::Dynamic) | None => every(Some(DYNAMIC)),
    };
    let mut needs = vec![Need::new(call, &[&format!("states:{action}")], vec![machine]).wide(wide)];
    if let Some(rule) = rule {
        let actions = ["states:DescribeExecution", "states:StopExecution"];
        let reason = wide.or_else(|| {
            executions.1.then_some("the name of the other machine is in a placeholder for its ARN")
        });
        needs.push(Need::new(call, &actions, vec![executions.0]).wide(reason));
        needs.push(jobs::rule(call, rule));
    }
    needs
}

type Machine = (Arn, (Arn, bool), Option<&'static str>);

fn every(wide: Option<&'static str>) -> Machine {
    (Arn::here("states", "stateMachine:*"), (Arn::here("states", "execution:*"), false), wide)
}

/// The machine and its executions. IAM compares the ARN of the machine, also where a version or an alias of it is started.
fn machine(text: &str) -> Machine {
    match text.split_once(":stateMachine:") {
        Some((before, name)) => {
            let name = unqualified(name);
            let executions =
                Arn::written(before).and_text(":execution:").and_text(name).and_text(":").and(Piece::Many);
            (Arn::written(before).and_text(":stateMachine:").and_text(name), (executions, false), None)
        }
        None => (Arn::written(text), (Arn::here("states", "execution:*"), true), None),
    }
}

/// The name without a version or an alias; a placeholder may have colons in it.
fn unqualified(name: &str) -> &str {
    let end = if name.starts_with("${") { name.find('}').unwrap_or(0) } else { 0 };
    let colon = name.get(end..).and_then(|rest| rest.find(':')).map(|at| end + at);
    colon.and_then(|at| name.get(..at)).unwrap_or(name)
}
