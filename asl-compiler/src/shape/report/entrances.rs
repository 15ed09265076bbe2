//! What is known on each of the ways that meet at a state, for itself.
//!
//! Where several ways meet, a field that one of them lacks may be there. On that way it is not, so that what needs it fails whenever an
//! execution comes along.

use crate::definition::{Catcher, Work};
use crate::resolve::Machine;
use crate::shape::Solution;
use crate::shape::flow::{Edge, Facts};
use crate::shape::read::{Effect, Finding, Reference};
use crate::shape::{Field, Name, Object, Shape};
use crate::source::Span;
use crate::vocabulary::StateId;

/// More ways to a state are not looked at one by one.
const MOST: usize = 12;

/// For each state the transitions that lead to it, with what is known there.
pub(super) struct Entrances(Vec<Vec<Entrance>>);

struct Entrance {
    /// The name of the state, where the transition has it.
    place: Span,
    facts: Facts,
    /// A catcher leads to it.
    is_caught: bool,
    /// It is known what the state before does.
    is_known: bool,
}

/// What fails on one of the ways to a state.
pub(super) enum OneWay<'d> {
    /// Something that is looked for.
    Finding(Finding<'d>),
    /// An Error Output that other catchers put where it is looked for.
    NotKept(Reference),
}

impl Entrances {
    pub(super) fn new(machine: &Machine<'_>) -> Self {
        Self(machine.states.iter().map(|_| Vec::new()).collect())
    }

    /// Takes the ways on from a state with these catchers; whether it is known what the state does.
    pub(super) fn add(&mut self, edges: Vec<(Edge, Facts)>, catchers: &[Catcher], is_known: bool) {
        let is_caught = |place| {
            catchers.iter().filter_map(|catcher| catcher.next.as_ref()).any(|next| next.span == place)
        };
        for (edge, facts) in edges {
            if let Edge::State(to, place) = edge
                && let Some(entrances) = self.0.get_mut(to.0)
            {
                entrances.push(Entrance { place, facts, is_caught: is_caught(place), is_known });
            }
        }
    }

    /// What is certain to fail on one of the ways, with the transition to the state. The tests of a Choice depend on each other, which nothing
    /// here knows of.
    pub(super) fn findings<'d>(
        self,
        machine: &Machine<'d>,
        solution: &Solution,
    ) -> Vec<(StateId, Span, OneWay<'d>)> {
        let mut found = Vec::new();
        for (entrances, id) in self.0.into_iter().zip((0..).map(StateId)) {
            let is_choice =
                machine.state(id).is_some_and(|state| matches!(state.definition.work, Work::Choice(_)));
            let Some(entry) = solution.entry(id).filter(|_| !is_choice) else { continue };
            if entrances.len() < 2 || entrances.len() > MOST {
                continue;
            }
            let fails = |facts: &Facts| {
                let step = solution.step_with(machine, id, facts);
                step.into_iter().flat_map(|step| step.findings).filter(|finding| {
                    matches!(
                        finding,
                        Finding::Missing { effect: Effect::Fails, .. } | Finding::ErrorElsewhere { .. }
                    )
                })
            };
            for Entrance { place, facts, .. } in
                entrances.iter().filter(|entrance| entrance.facts.data != entry.data)
            {
                found.extend(fails(facts).map(|finding| (id, *place, OneWay::Finding(finding))));
            }
            for name in kept(&entrances) {
                let lacking = entrances.iter().filter(|entrance| entrance.is_known && entrance.lacks(&name));
                for Entrance { place, facts, .. } in lacking {
                    let facts = Facts { data: without(&facts.data, &name), ..facts.clone() };
                    found.extend(fails(&facts).filter_map(|finding| {
                        if let Finding::Missing { reference, miss, .. } = finding
                            && miss.step == 0
                        {
                            return Some((id, *place, OneWay::NotKept(reference)));
                        }
                        None
                    }));
                }
            }
        }
        found
    }
}

impl Entrance {
    /// Whether nothing on the way has written a field of that name.
    fn lacks(&self, name: &Name) -> bool {
        let Some(kinds) = self.facts.data.kinds() else { return true };
        kinds.object.as_ref().is_some_and(|object| object.is_open() && !object.fields.contains_key(name))
    }
}

/// The fields that catchers put the Error Output into.
fn kept(entrances: &[Entrance]) -> Vec<Name> {
    let mut names = Vec::new();
    if !entrances.iter().all(|entrance| entrance.is_caught) {
        return names;
    }
    for object in entrances.iter().filter_map(|entrance| entrance.facts.data.kinds()?.object.as_ref()) {
        let kept = object.fields.iter().filter(|(_, field)| field.required && field.shape.is_error_output());
        names.extend(kept.map(|(name, _)| name.clone()));
    }
    names.sort();
    names.dedup();
    names
}

/// The data with the certainty that it has no such field.
fn without(data: &Shape, name: &Name) -> Shape {
    let object = data.kinds().and_then(|kinds| kinds.object.clone());
    let mut object = object.unwrap_or_else(Object::open);
    object.fields.insert(name.clone(), Field { shape: Shape::never(), required: false });
    Shape::object(object)
}
