//! Where in the machine an event happens: in which state, within which branches and iterations.
//!
//! In: events. Out: the place of each. An event names the one that led to it, and that is how events of branches and
//! iterations that run at once are distinguished.

use asl_engine::history::{Event, EventDetails};
use asl_engine::machine::StateType;
use asl_language::timestamp::Timestamp;
use asl_value::Text;
use std::collections::HashMap;

/// A state within the Parallel and Map states around it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct StatePlace {
    pub(crate) state: Text,
    /// When it was entered.
    pub(crate) entered: Option<Timestamp>,
    /// The event before this one said that the state, or a part of it, failed.
    pub(crate) failed: bool,
    /// The execution was begun by another one.
    pub(crate) is_inner: bool,
    around: Vec<Around>,
    /// The state has just been entered, and branches or iterations of it follow.
    holds_lanes: bool,
}

#[derive(Clone, Debug, PartialEq)]
struct Around {
    state: Text,
    entered: Option<Timestamp>,
    iteration: Option<usize>,
}

impl StatePlace {
    /// How many Parallel and Map states, and executions, are around the state.
    pub(crate) fn depth(&self) -> usize {
        self.around.len() + usize::from(self.is_inner)
    }

    /// The number of the iteration, if a Map state is the nearest around the state.
    pub(crate) fn iteration(&self) -> Option<usize> {
        self.around.last()?.iteration
    }
}

/// The places of the events of one execution so far.
#[derive(Debug, Default)]
pub(crate) struct Places {
    by_event: HashMap<u64, StatePlace>,
}

impl Places {
    /// The place of an event that has just happened.
    pub(crate) fn follow(&mut self, event: &Event) -> StatePlace {
        let mut place = self.by_event.get(&event.previous_event_id).cloned().unwrap_or_default();
        let holds_lanes = std::mem::take(&mut place.holds_lanes);
        if let EventDetails::StateEntered { name, state_type, .. } = &event.details {
            place.state = name.clone();
            place.entered = Some(event.timestamp);
            place.holds_lanes = matches!(*state_type, StateType::Parallel | StateType::Map);
        } else if let EventDetails::StateExited { name, .. } = &event.details {
            // A Parallel or Map state is left after the last event of its last branch or iteration.
            place.state = name.clone();
            if let Some(outside) = place.around.iter().position(|around| around.state == *name) {
                place.entered = place.around.get(outside).and_then(|around| around.entered);
                place.around.truncate(outside);
            }
        } else if let EventDetails::EvaluationFailed { state, .. } = &event.details {
            // What fails on entering a state follows the event before it.
            if place.state != *state {
                place.state = state.clone();
                place.entered = Some(event.timestamp);
            }
        } else if is_start_of_lanes(&event.details) {
            if holds_lanes {
                place.around.push(Around {
                    state: place.state.clone(),
                    entered: place.entered,
                    iteration: None,
                });
            } else if let Some(around) = place.around.last_mut() {
                // It tries again, after what failed in it.
                around.iteration = None;
            }
        } else if let EventDetails::MapIterationStarted { index, .. } = &event.details {
            if let Some(around) = place.around.last_mut() {
                around.iteration = Some(*index);
            }
        } else if is_end_of_lanes(&event.details)
            && let Some(around) = place.around.pop()
        {
            place.state = around.state;
            place.entered = around.entered;
        }
        let failed = is_failure(&event.details);
        self.by_event.insert(event.id, StatePlace { failed, ..place.clone() });
        place
    }
}

/// Whether branches or iterations begin after this.
fn is_start_of_lanes(details: &EventDetails) -> bool {
    matches!(details, EventDetails::ParallelStateStarted | EventDetails::MapStateStarted { .. })
}

/// Whether a Parallel or Map state goes on by itself after this.
fn is_end_of_lanes(details: &EventDetails) -> bool {
    matches!(
        details,
        EventDetails::ParallelStateSucceeded
            | EventDetails::ParallelStateFailed
            | EventDetails::MapStateSucceeded
            | EventDetails::MapStateFailed
    )
}

/// Whether a retrier or a catcher may follow.
fn is_failure(details: &EventDetails) -> bool {
    matches!(
        details,
        EventDetails::EvaluationFailed { .. }
            | EventDetails::TaskFailed { .. }
            | EventDetails::TaskTimedOut { .. }
            | EventDetails::ParallelStateFailed
            | EventDetails::MapStateFailed
            | EventDetails::MapRunFailed { .. }
    )
}
