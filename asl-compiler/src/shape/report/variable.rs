//! Variables that are read before anything can have assigned them, or on ways on which nothing has.

use crate::code::Code;
use crate::definition::QueryLanguage;
use crate::diagnostic::{Diagnostic, Severity};
use crate::resolve::{Machine, ScopeId};
use crate::shape::flow::Edge;
use crate::shape::path::Presence;
use crate::shape::read::VariableRead;
use crate::shape::{Shape, Solution};
use crate::source::Span;
use crate::vocabulary::StateId;
use std::collections::HashMap;

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
    let diagnostic = Diagnostic::new(Code::VariableNeverAssigned, read.span, message)
        .label("nothing on any way to this state assigns it")
        .related(place, "it is assigned here");
    Some(diagnostic)
}

/// `way` is the place of a transition before which nothing has assigned it.
///
/// `is_certain` is whether it is a transition to the very state, so that the execution fails whenever it comes this way.
pub(super) fn possibly_undefined(read: &VariableRead, way: Option<Span>, is_certain: bool) -> Diagnostic {
    let name = &read.name;
    let message = format!("the variable `${name}` is not assigned on every way to this state");
    let (label, test) = match read.language {
        QueryLanguage::JsonPath => ("reading it fails where it has no value", "with `IsPresent`".to_owned()),
        QueryLanguage::Jsonata => ("undefined where it has no value", format!("with `$exists(${name})`")),
    };
    let mut diagnostic = Diagnostic::new(Code::VariablePossiblyUndefined, read.span, message)
        .label(label)
        .help(format!("assign it on the other ways as well, or test it before {test}"));
    if is_certain {
        diagnostic.severity = Severity::Error;
    }
    match way {
        Some(way) => diagnostic.related(way, "on this way nothing has assigned it"),
        None => diagnostic,
    }
}

/// How states lead to each other, with the variables that there are on the way.
pub(super) struct Ways {
    ways: Vec<Way>,
    /// For each state the numbers of the ways that lead from it.
    from: Vec<Vec<usize>>,
    /// For each variable that was asked for, and for each state, a way without it.
    known: HashMap<String, Vec<Option<Span>>>,
}

struct Way {
    to: StateId,
    /// The name of the state that is led to.
    place: Span,
    variables: Shape,
}

impl Ways {
    pub(super) fn new(machine: &Machine<'_>, solution: &Solution) -> Self {
        let mut from = vec![Vec::new(); machine.states.len()];
        let mut ways = Vec::new();
        if let (Some(to), Some(name)) = (machine.start(ScopeId(0)), machine.start_at(ScopeId(0))) {
            let variables = Shape::object(crate::shape::Object::default());
            ways.push(Way { to, place: name.span, variables });
        }
        for (from, id) in from.iter_mut().zip((0..).map(StateId)) {
            let edges = solution.step(machine, id).map(|step| step.edges);
            for (edge, facts) in edges.into_iter().flatten() {
                if let Edge::State(to, place) = edge {
                    from.push(ways.len());
                    ways.push(Way { to, place, variables: facts.variables });
                }
            }
        }
        Self { ways, from, known: HashMap::new() }
    }

    /// The last transition on some way to a state before which nothing has assigned the variable.
    pub(super) fn without(&mut self, id: StateId, name: &str) -> Option<Span> {
        if !self.known.contains_key(name) {
            let places = self.places(name);
            self.known.insert(name.to_owned(), places);
        }
        *self.known.get(name)?.get(id.0)?
    }

    /// A transition to a state before which nothing has assigned the variable.
    pub(super) fn directly_without(&self, id: StateId, name: &str) -> Option<Span> {
        let way =
            self.ways.iter().find(|way| way.to == id && way.variables.presence(name) == Presence::Never)?;
        Some(way.place)
    }

    fn places(&self, name: &str) -> Vec<Option<Span>> {
        let mut places = vec![None; self.from.len()];
        let mut waiting = Vec::new();
        let mut reach = |way: &Way, place, waiting: &mut Vec<_>| {
            if let Some(known @ None) = places.get_mut(way.to.0) {
                *known = Some(place);
                waiting.push((way.to, place));
            }
        };
        for way in self.ways.iter().filter(|way| way.variables.presence(name) == Presence::Never) {
            reach(way, way.place, &mut waiting);
        }
        while let Some((id, place)) = waiting.pop() {
            let next = self.from.get(id.0).into_iter().flatten().filter_map(|number| self.ways.get(*number));
            for way in next.filter(|way| way.variables.presence(name) == Presence::Perhaps) {
                reach(way, place, &mut waiting);
            }
        }
        places
    }
}
