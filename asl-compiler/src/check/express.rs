//! What AWS has only in Standard executions, in machines and in iterations of a distributed Map that are Express
//! executions.

use super::{Checker, resource};
use crate::code::Code;
use crate::definition::{At, Work};
use crate::diagnostic::Diagnostic;
use crate::resolve::{Machine, ScopeId, State};
use crate::source::Span;
use crate::vocabulary::{ExecutionType, MapMode};

/// `express` where the whole machine is one of Express executions.
pub(super) fn check(machine: &Machine<'_>, state: &State<'_>, express: bool, checker: &mut Checker<'_>) {
    let Some((span, what)) = standard_only(state) else { return };
    let around = around(machine, state.scope);
    let is_express = around.map_or(express, |at| at.value == ExecutionType::Express);
    if !is_express {
        return;
    }
    let message = format!("state `{}` is part of an Express execution", state.definition.name.value);
    let diagnostic = Diagnostic::new(Code::AwsNeedsStandard, span, message)
        .label(format!("AWS has {what} only in Standard executions"));
    checker.report_aws(match around {
        Some(at) => diagnostic
            .related(at.span, "the iterations are Express executions because of this")
            .help("for AWS, write `\"ExecutionType\": \"STANDARD\"`"),
        None => diagnostic.help("for AWS, make it a Standard state machine"),
    });
}

/// What of a state AWS refuses in an Express execution.
fn standard_only(state: &State<'_>) -> Option<(Span, &'static str)> {
    match &state.definition.work {
        Work::Task(task) => {
            let text = task.resource.as_ref()?;
            resource::standard_only(&text.value).map(|what| (text.span, what))
        }
        Work::Map(map) if map.mode == MapMode::Distributed => {
            Some((state.definition.name.span, "distributed Map states"))
        }
        Work::Map(_)
        | Work::Pass(_)
        | Work::Choice(_)
        | Work::Wait(_)
        | Work::Succeed(_)
        | Work::Fail(_)
        | Work::Parallel(_)
        | Work::Unknown(_) => None,
    }
}

/// The type of the executions that the nearest distributed Map around a scope starts.
fn around(machine: &Machine<'_>, scope: ScopeId) -> Option<At<ExecutionType>> {
    let mut scopes = std::iter::successors(Some(scope), |scope| machine.around(*scope));
    let distributed = scopes.find(|scope| machine.is_distributed(*scope))?;
    let Work::Map(map) = &machine.holder(distributed)?.definition.work else { return None };
    map.execution_type
}
