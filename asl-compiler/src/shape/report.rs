//! What cannot work, as diagnostics.

mod choice;
mod entrances;
mod path;
mod variable;

use super::kind::Wanted;
use super::read::{Effect, Finding, VariableRead};
use super::show::listed;
use super::{Origin, Shape, Solution, Source, rules};
use crate::code::Code;
use crate::definition::Work;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::intrinsic;
use crate::path::StepAt;
use crate::resolve::Machine;
use crate::source::Span;
use crate::vocabulary::{StateId, Step};
use entrances::{Entrances, OneWay};
use std::collections::HashSet;
use variable::Ways;

/// Reports what cannot work wherever an execution may come.
pub(crate) fn report(
    machine: &Machine<'_>,
    solution: &Solution,
    file_name: Option<&str>,
    diagnostics: &mut Diagnostics,
) {
    let mut reporter = Reporter {
        machine,
        solution,
        file_name,
        ways: None,
        seen: HashSet::new(),
        undefined: HashSet::new(),
        diagnostics,
    };
    let mut entrances = Entrances::new(machine);
    for (state, number) in machine.states.iter().zip(0..) {
        let id = StateId(number);
        let Some(step) = solution.step(machine, id) else { continue };
        entrances.add(step.edges, state.definition.catchers(), !solution.is_faulty(id));
        for finding in step.findings {
            reporter.finding(id, &finding);
        }
        if let Work::Choice(choice) = &state.definition.work {
            for (rule, behind) in rules::shadowed(choice) {
                reporter.push(choice::never_reached(choice, rule, behind, false), false);
            }
        }
    }
    for (id, place, fault) in entrances.findings(machine, solution) {
        reporter.on_one_way(id, place, &fault);
    }
}

struct Reporter<'a, 'd> {
    machine: &'a Machine<'d>,
    solution: &'a Solution,
    /// The file as `asl_machine!` names it, if that compiles it.
    file_name: Option<&'a str>,
    /// How states lead to each other, once that was asked for.
    ways: Option<Ways>,
    /// What was reported. A field that is looked at on several ways is reported for the first.
    seen: HashSet<(Span, Code)>,
    /// The variables that may have no value, each with a way on which it has none.
    undefined: HashSet<(String, Option<Span>)>,
    diagnostics: &'a mut Diagnostics,
}

impl Reporter<'_, '_> {
    /// `is_accepted` is whether AWS runs it, and only never does what was meant.
    fn push(&mut self, diagnostic: Option<Diagnostic>, is_accepted: bool) {
        if let Some(diagnostic) = diagnostic
            && self.seen.insert((diagnostic.span, diagnostic.code))
        {
            if is_accepted {
                self.diagnostics.push_accepted(diagnostic);
            } else {
                self.diagnostics.push(diagnostic);
            }
        }
    }

    fn finding(&mut self, id: StateId, finding: &Finding<'_>) {
        let diagnostic = match finding {
            Finding::Missing { reference, miss, effect } => path::missing(self, reference, miss, *effect),
            Finding::NeverAssigned { read } => variable::never_assigned(self.machine, id, read),
            Finding::PossiblyUndefined { read } => self.possibly_undefined(id, read),
            Finding::WrongKind { span, what, given, wanted } => Some(wrong_kind(*span, what, given, *wanted)),
            Finding::WrongOperand(diagnostic) => Some(diagnostic.clone()),
            Finding::ErrorElsewhere { reference, place } => Some(path::error_elsewhere(reference, place)),
            Finding::ContextAsData { reference } => Some(path::context_as_data(reference)),
            Finding::NoItems { path, items, distributed } => self.no_items(id, *path, items, *distributed),
            Finding::NoObject { path, data } => Some(path::no_object(path, data)),
            Finding::NeverHolds { variable, operator, comparison, value, operand, is_alternative } => {
                let found = choice::never_holds((variable, *operator), comparison, value, operand.as_ref());
                Some(if *is_alternative { choice::as_alternative(found) } else { found })
            }
            Finding::NeverReached { choice, rule, behind } => {
                choice::never_reached(choice, *rule, *behind, true)
            }
            Finding::NotExhaustive => {
                self.machine.state(id).map(|state| choice::not_exhaustive(state.definition))
            }
            Finding::NothingSelected { path, name, values } => {
                Some(path::nothing_selected(path, name, values))
            }
            Finding::NoSuchItem { span, length } => Some(no_such_item(*span, *length)),
            Finding::WrongArgument { function, span, value, wanted } => {
                let name = intrinsic::name(*function);
                let message = format!("`{name}` must fail: it receives {}", value.in_words());
                Some(
                    Diagnostic::new(Code::InvalidIntrinsic, *span, message)
                        .label(format!("expected {wanted}")),
                )
            }
        };
        // AWS only never takes that way, and looks into the data for whatever it is told.
        let is_run = |found: &Diagnostic| {
            let of_data = [Code::ComparisonNeverHolds, Code::ContextAsData, Code::VariablePossiblyUndefined];
            of_data.contains(&found.code)
        };
        let is_nothing = matches!(finding, Finding::NeverAssigned { read } if !read.fails)
            || matches!(
                finding,
                Finding::Missing { effect: Effect::Nothing, .. } | Finding::NothingSelected { .. }
            );
        let is_accepted = is_nothing || diagnostic.as_ref().is_some_and(is_run);
        self.push(diagnostic, is_accepted);
    }

    /// Something is not there on one of the ways to a state, of which the last transition is `place`.
    fn on_one_way(&mut self, id: StateId, place: Span, fault: &OneWay<'_>) {
        let diagnostic = match fault {
            OneWay::Finding(Finding::Missing { reference, miss, effect }) => {
                path::missing(self, reference, miss, *effect)
            }
            OneWay::Finding(Finding::ErrorElsewhere { reference, place }) => {
                Some(path::error_elsewhere(reference, place))
            }
            OneWay::Finding(_) => None,
            OneWay::NotKept(reference) => Some(path::error_not_kept(reference)),
        };
        if let (Some(diagnostic), Some(state)) = (diagnostic, self.machine.state(id)) {
            let name = &state.definition.name.value;
            self.push(Some(diagnostic.related(place, format!("on this way to state `{name}`"))), true);
        }
    }

    /// Once for a variable and a way.
    fn possibly_undefined(&mut self, id: StateId, read: &VariableRead) -> Option<Diagnostic> {
        let ways = self.ways.get_or_insert_with(|| Ways::new(self.machine, self.solution));
        let way = ways.without(id, &read.name);
        let lacks = read.fails.then(|| ways.directly_without(id, &read.name)).flatten();
        let is_new = self.undefined.insert((read.name.clone(), way));
        if lacks.is_none() && !is_new {
            return None;
        }
        Some(variable::possibly_undefined(read, lacks.or(way), lacks.is_some()))
    }

    /// The action that a task asks for, if the data is its result.
    fn action(&self, source: Option<Source>) -> Option<String> {
        let Origin::Result(id) = source?.origin else { return None };
        let Work::Task(task) = &self.machine.state(id)?.definition.work else { return None };
        let resource = &task.resource.as_ref()?.value;
        let (service, action) = asl_language::resource::integration(resource)?;
        Some(format!("{service}:{action}"))
    }

    fn no_items(
        &self,
        id: StateId,
        path: Option<(Span, &str)>,
        items: &Shape,
        distributed: bool,
    ) -> Option<Diagnostic> {
        let state = &self.machine.state(id)?.definition.name;
        let found = items.in_words();
        let (span, what) = match path {
            Some((span, text)) => (span, format!("`{text}`")),
            None => (state.span, "its input".to_owned()),
        };
        let wanted = if distributed { "an array or an object" } else { "an array" };
        let message = format!("the items of state `{}` are not an array: {what} is {found}", state.value);
        Some(Diagnostic::new(Code::ItemsNotAnArray, span, message).label(format!("expected {wanted}")))
    }
}

/// A value that its field can never be.
fn wrong_kind(span: Span, what: &str, given: &Shape, wanted: Wanted) -> Diagnostic {
    let message = format!("{what} must fail: its value is {}", value_in_words(given));
    Diagnostic::new(Code::WrongType, span, message).label(format!("expected {}", wanted.in_words()))
}

/// An index behind the end of an array.
fn no_such_item(span: Span, length: usize) -> Diagnostic {
    let items = if length == 1 { "1 item".to_owned() } else { format!("{length} items") };
    let message = format!("`States.ArrayGetItem` must fail: the array has {items}");
    Diagnostic::new(Code::InvalidIntrinsic, span, message).label(if length == 0 {
        "there is no item".to_owned()
    } else {
        format!("expected an index from 0 to {}", length - 1)
    })
}

/// What is said at the place that data comes from.
const fn origin_label(origin: Origin) -> &'static str {
    match origin {
        Origin::Result(_) => "the result comes from here",
        Origin::Definition => "the data is made here",
        Origin::ErrorOutput => "the Error Output of this catcher",
        Origin::Input => "the input is described here",
        Origin::Item => "the items come from here",
    }
}

/// These steps of a path, as users write them.
pub(super) fn steps_text(steps: &[StepAt]) -> String {
    steps.iter().map(|step| step_text(&step.step)).collect()
}

fn step_text(step: &Step) -> String {
    match step {
        Step::Index(index) => format!("[{index}]"),
        Step::FromEnd(offset) => format!("[(@.length{offset})]"),
        Step::Name(name) if is_plain(name) => format!(".{name}"),
        Step::Name(name) => format!("['{name}']"),
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-".contains(c))
}

/// A value in words: its constants if there are few, else its kind.
fn value_in_words(value: &Shape) -> String {
    match value.constants() {
        Some(constants) if !constants.is_empty() && constants.len() <= 6 => {
            let constants: Vec<_> = constants.iter().map(|constant| format!("`{constant}`")).collect();
            format!("always {}", listed(&constants, "or"))
        }
        _ => value.in_words(),
    }
}
