//! Variables that are read before anything can have assigned them, or on ways on which nothing has.

use crate::code::Code;
use crate::definition::QueryLanguage;
use crate::diagnostic::{Diagnostic, Severity};
use crate::ir::StateId;
use crate::resolve::{Machine, ScopeId};
use crate::shape::flow::Edge;
use crate::shape::path::Presence;
use crate::shape::read::VariableRead;
use crate::shape::{Shape, Solution};
use crate::source::Span;

/// Nothing if no scope in reach assigns it anywhere, which was reported with the names.
pub(super) fn never_assigned(machine: &Machine<'_>, id: StateId, read: &VariableRead) -> Option<Diagnostic> {
    let name = &read.name;
    let scope = machine.state(id)?.scope;
    let states = machine.visible(scope).filter_map(|scope| machine.scopes.get(scope.0));
    let mut states = states.flat_map(|scope| scope.states.iter().filter_map(|id| machine.state(*id)));
    let place = states.find_map(|state| {
        let assigned = state.definition.assigned();
        assigned.iter().find(|found| found.variable.name() == name).map(|found| found.variable.key.span)
    })?;
    let message = format!("the variable `${name}` is read before it is assigned");
    let mut diagnostic = Diagnostic::new(Code::VariableNeverAssigned, read.span, message)
        .label("nothing on any way to this state assigns it")
        .related(place, "it is assigned here");
    if read.language == QueryLanguage::Jsonata {
        // What is not there is nothing, and no fault of its own.
        diagnostic.severity = Severity::Warning;
    }
    Some(diagnostic)
}

/// `way` is the place of a transition before which nothing has assigned it.
pub(super) fn possibly_undefined(read: &VariableRead, way: Option<Span>) -> Diagnostic {
    let name = &read.name;
    let message = format!("the variable `${name}` is not assigned on every way to this state");
    let (label, test) = match read.language {
        QueryLanguage::JsonPath => ("reading it fails where it has no value", "with `IsPresent`".to_owned()),
        QueryLanguage::Jsonata => ("undefined where it has no value", format!("with `$exists(${name})`")),
    };
    let diagnostic = Diagnostic::new(Code::VariablePossiblyUndefined, read.span, message)
        .label(label)
        .help(format!("assign it on the other ways as well, or test it before {test}"));
    match way {
        Some(way) => diagnostic.related(way, "on this way nothing has assigned it"),
        None => diagnostic,
    }
}

/// How states lead to each other, with the variables that there are on the way.
pub(super) struct Ways {
    /// For each state what leads to it.
    into: Vec<Vec<Way>>,
}

struct Way {
    /// The state that leads; nothing for the start of the machine.
    from: Option<StateId>,
    /// The name of the state that is led to.
    place: Span,
    variables: Shape,
}

impl Ways {
    pub(super) fn new(machine: &Machine<'_>, solution: &Solution) -> Self {
        let mut into: Vec<Vec<Way>> = machine.states.iter().map(|_| Vec::new()).collect();
        let mut add = |to: StateId, way| into.get_mut(to.0).map_or((), |ways| ways.push(way));
        if let (Some(start), Some(name)) = (machine.start(ScopeId(0)), machine.start_at(ScopeId(0))) {
            let variables = Shape::object(crate::shape::Object::default());
            add(start, Way { from: None, place: name.span, variables });
        }
        for id in (0..machine.states.len()).map(StateId) {
            let edges = solution.step(machine, id).map(|step| step.edges);
            for (edge, facts) in edges.into_iter().flatten() {
                if let Edge::State(to, place) = edge {
                    add(to, Way { from: Some(id), place, variables: facts.variables });
                }
            }
        }
        Self { into }
    }

    /// The last transition on some way to a state before which nothing has assigned the variable.
    pub(super) fn without(&self, id: StateId, name: &str) -> Option<Span> {
        let mut seen = vec![false; self.into.len()];
        let mut waiting = vec![id];
        while let Some(id) = waiting.pop() {
            if seen.get_mut(id.0).is_none_or(|seen| std::mem::replace(seen, true)) {
                continue;
            }
            for way in self.into.get(id.0)? {
                match (way.variables.presence(name), way.from) {
                    (Presence::Never, _) => return Some(way.place),
                    (Presence::Perhaps, Some(from)) => waiting.push(from),
                    (Presence::Perhaps, None) | (Presence::Always, _) => {}
                }
            }
        }
        None
    }
}
