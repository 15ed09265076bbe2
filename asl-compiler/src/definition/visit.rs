//! What a state reads and assigns, whatever its type: each [`Part`] finds what is in it.

use super::{Expression, Member, Part, State, StateName, Template, Transition, Work};
use crate::intrinsic::WrittenCall;
use crate::json::{Kind, Text, Value};
use crate::path::Path;
use crate::source::Span;
use asl_language::limits::VALUE_DEPTH;

/// A variable that a state assigns.
#[derive(Clone, Copy, Debug)]
pub struct Assigned<'d> {
    /// The variable and its value.
    pub variable: &'d Member,
    /// The state that follows where it is assigned.
    pub next: Option<&'d StateName>,
}

/// A text in a template that is taken as it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlainText<'d> {
    /// The key of the member that it is, or in which it is.
    pub(crate) key: &'d str,
    /// A member around it says that what is in it are paths for others.
    pub(crate) for_others: bool,
    /// The text.
    pub(crate) text: &'d Text,
    /// It is an element of an array.
    pub(crate) in_array: bool,
}

impl<'d> PlainText<'d> {
    /// The text of a field of a state.
    pub(crate) const fn of_field(key: &'d str, text: &'d Text) -> Self {
        Self { key, for_others: false, text, in_array: false }
    }
}

impl State {
    /// The variables that the state, its choice rules and its catchers assign.
    #[must_use]
    pub fn assigned(&self) -> Vec<Assigned<'_>> {
        let next = match self.transition() {
            Some(Transition::Next(next)) => Some(next),
            Some(Transition::End | Transition::Missing) | None => None,
        };
        let mut found = Vec::new();
        let mut add = |variables, next| {
            let variables: &[Member] = variables;
            found.extend(variables.iter().map(|variable| Assigned { variable, next }));
        };
        match &self.work {
            Work::Pass(pass) => add(&pass.assign, next),
            Work::Wait(wait) => add(&wait.assign, next),
            Work::Task(task) => add(&task.after.assign, next),
            Work::Parallel(parallel) => add(&parallel.after.assign, next),
            Work::Map(map) => add(&map.after.assign, next),
            Work::Choice(choice) => {
                choice.rules.iter().for_each(|rule| add(&rule.assign, rule.next.as_ref()));
                add(&choice.assign, choice.default.as_ref());
            }
            Work::Succeed(_) | Work::Fail(_) | Work::Unknown(_) => {}
        }
        self.catchers().iter().for_each(|catcher| add(&catcher.assign, catcher.next.as_ref()));
        found
    }

    /// The paths that must lead somewhere when the state runs. The `Variable` of `IsPresent` need not.
    #[must_use]
    pub fn paths(&self) -> Vec<&Path> {
        self.found().paths
    }

    /// The JSONata expressions of the state.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expression> {
        self.found().expressions
    }

    /// All that it reads, and what is where something could be read.
    pub(crate) fn found(&self) -> Found<'_> {
        let mut found = Found::default();
        match &self.work {
            Work::Pass(pass) => pass.find(&mut found),
            Work::Task(task) => task.find(&mut found),
            Work::Choice(choice) => choice.find(&mut found),
            Work::Wait(wait) => wait.find(&mut found),
            Work::Succeed(succeed) => succeed.find(&mut found),
            Work::Fail(fail) => fail.find(&mut found),
            Work::Parallel(parallel) => parallel.find(&mut found),
            Work::Map(map) => map.find(&mut found),
            Work::Unknown(_) => {}
        }
        found
    }
}

impl Template {
    /// The paths in it.
    #[must_use]
    pub fn paths(&self) -> Vec<&Path> {
        self.found().paths
    }

    /// The JSONata expressions in it.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expression> {
        self.found().expressions
    }

    /// The plain texts in it.
    pub(crate) fn texts(&self) -> Vec<PlainText<'_>> {
        self.found().texts
    }

    fn found(&self) -> Found<'_> {
        let mut found = Found::default();
        self.find(&mut found);
        found
    }
}

/// Whether the name of a member says that paths in it are for others: parameters of services that follow paths of their own, such as
/// `metricValue` of a filter of logs, `Mapping` of a column or `TargetParameters` of a pipe.
pub(crate) fn takes_paths(key: &str) -> bool {
    const PARTS: [&str; 8] = [
        "path",
        "expression",
        "selector",
        "pattern",
        "mapping",
        "metricvalue",
        "dimensions",
        "targetparameters",
    ];
    let key = key.to_ascii_lowercase();
    key.ends_with("query") || PARTS.iter().any(|part| key.contains(part))
}

/// What is in the fields of a state, or in a template.
#[derive(Debug, Default)]
pub struct Found<'d> {
    pub(super) paths: Vec<&'d Path>,
    /// The JSONata expressions.
    pub(crate) expressions: Vec<&'d Expression>,
    /// The plain texts among the members of templates.
    pub(crate) texts: Vec<PlainText<'d>>,
    /// The members of templates whose keys end in `.$` and say nothing by it, as in JSONata.
    pub(crate) dollar_members: Vec<&'d Member>,
    /// The calls of intrinsic functions, without those in their arguments.
    pub(crate) calls: Vec<&'d WrittenCall>,
    /// What is nested deeper than data may be: of each value the first array or object that is too many.
    pub(crate) too_deep: Vec<Span>,
    /// The key of the member at hand.
    pub(super) key: &'d str,
    /// The keys of the members around that one, the innermost last.
    pub(super) around: Vec<&'d str>,
    pub(super) in_array: bool,
    /// In how many arrays and objects of a value it is.
    depth: u32,
    /// The value at hand is nested too deeply, which is said once.
    is_too_deep: bool,
}

impl<'d> Found<'d> {
    /// Whether paths in a text of the member at hand are for others, as far as the members around say so.
    pub(super) fn is_for_others(&self, text: &Text) -> bool {
        (text.value.contains('$') || text.value.contains("States."))
            && self.around.iter().any(|key| takes_paths(key))
    }

    pub(super) fn call(&mut self, call: &'d WrittenCall) {
        call.paths(&mut self.paths);
        self.calls.push(call);
    }

    /// A value that is taken as it is.
    pub(super) fn constant(&mut self, value: &Value) {
        match &value.kind {
            Kind::Array(elements) => {
                self.within(value.span, |found| elements.iter().for_each(|element| found.constant(element)));
            }
            Kind::Object(members) => self.within(value.span, |found| {
                members.iter().for_each(|member| found.constant(&member.value));
            }),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
        }
    }

    /// The parts of an array or object.
    pub(super) fn within(&mut self, span: Span, parts: impl FnOnce(&mut Self)) {
        if self.depth == 0 {
            self.is_too_deep = false;
        }
        if self.depth == VALUE_DEPTH && !self.is_too_deep {
            self.is_too_deep = true;
            self.too_deep.push(Span::new(span.start, span.start + 1));
        }
        self.depth += 1;
        parts(self);
        self.depth -= 1;
    }
}
