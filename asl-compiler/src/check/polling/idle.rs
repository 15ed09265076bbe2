//! A Choice that is come back to with the same data: it makes the same choice again, forever.

use crate::check::Checker;
use crate::code::Code;
use crate::definition::{
    Choice, ChoiceRule, Condition, Member, Output, ResultPath, Selection, StateName, Template, Transition,
    Work,
};
use crate::diagnostic::{Diagnostic, Severity};
use crate::path::Path;
use crate::resolve::{Machine, State};
use crate::vocabulary::Root;

/// A way back over more states is not followed.
const LONGEST: usize = 8;

/// What an expression calls or reads that is something else each time.
const FLEETING: [&str; 5] = ["$now", "$millis", "$random", "$uuid", "$states.context"];

pub(super) fn check<'d>(
    machine: &Machine<'d>,
    state: &State<'d>,
    choice: &'d Choice,
    checker: &mut Checker<'_>,
) {
    let keeps = keeps(&choice.input, &choice.output, &choice.assign);
    if !keeps {
        return;
    }
    let is_kept = |rule: &&ChoiceRule| rule.output.is_none() && rule.assign.is_empty();
    let targets = choice.rules.iter().filter(is_kept).filter_map(|rule| rule.next.as_ref());
    for target in targets.chain(&choice.default) {
        let Some(back) = way_back(machine, state, target) else { continue };
        let is_itself = std::ptr::eq(back, target);
        if !is_itself && choice.rules.iter().any(is_fleeting) {
            continue;
        }
        let name = &state.definition.name.value;
        let message = if is_itself {
            format!("state `{name}` leads to itself, and nothing changes on the way")
        } else {
            format!("`{}` leads back to state `{name}`, and nothing changes on the way", target.value)
        };
        let mut diagnostic = Diagnostic::new(Code::PollingWithoutWait, back.span, message)
            .label("the same choice is made again and again, until the history is full")
            .help("lead back to the state that asks for what is chosen by");
        diagnostic.severity = Severity::Error;
        checker.report_accepted(diagnostic);
    }
}

/// The transition that leads back to `state` on the way by `target`, if all states on it change nothing.
fn way_back<'d>(machine: &Machine<'d>, state: &State<'_>, target: &'d StateName) -> Option<&'d StateName> {
    let mut name = target;
    for _ in 0..LONGEST {
        if name.value == state.definition.name.value {
            return Some(name);
        }
        let next = machine.state(machine.target(state.scope, &name.value)?)?;
        let transition = match &next.definition.work {
            Work::Wait(wait) if keeps(&wait.input, &wait.output, &wait.assign) => &wait.transition,
            Work::Pass(pass)
                if keeps(&pass.input, &pass.output, &pass.assign)
                    && pass.parameters.is_none()
                    && pass.result.is_none()
                    && !matches!(pass.result_path, ResultPath::At(_)) =>
            {
                &pass.transition
            }
            Work::Pass(_)
            | Work::Wait(_)
            | Work::Task(_)
            | Work::Choice(_)
            | Work::Succeed(_)
            | Work::Fail(_)
            | Work::Parallel(_)
            | Work::Map(_)
            | Work::Unknown(_) => return None,
        };
        let Transition::Next(next) = transition else { return None };
        name = next;
    }
    None
}

/// Whether the data and the variables behind a state are those before it.
fn keeps(input: &Selection, output: &Output, assign: &[Member]) -> bool {
    matches!(input, Selection::Whole)
        && matches!(output, Output::Selection(Selection::Whole) | Output::Template(Template::Invalid(_)))
        && assign.is_empty()
}

/// Whether a rule may hold at one time and not at another, with the same data.
fn is_fleeting(rule: &ChoiceRule) -> bool {
    rule.condition.as_ref().is_none_or(changes)
}

fn changes(condition: &Condition) -> bool {
    match condition {
        Condition::Expression(expression) => FLEETING.iter().any(|part| expression.text.contains(part)),
        Condition::Constant(_) => false,
        Condition::And(conditions) | Condition::Or(conditions) => conditions.iter().any(changes),
        Condition::Not(condition) => changes(condition),
        Condition::Test { variable, comparison, .. } => {
            is_of_context(variable) || comparison.operand_path().is_some_and(is_of_context)
        }
    }
}

const fn is_of_context(path: &Path) -> bool {
    matches!(path.root, Root::Context(_))
}
