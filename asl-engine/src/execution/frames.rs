//! Parallel and inline Map states: lanes beside each other, the first failure ending them all, unless it is tolerated.

use super::advance::Came;
use super::crew::TurnOf;
use super::lane::{Branches, Doing, Lane, LaneKey, LaneStep, MapAtWork, Parent};
use super::redrive::Remains;
use super::{Execution, Ready, Want};
use crate::context::MapItem;
use crate::error::Error;
use crate::history::EventDetails;
use crate::machine::Iterations;
use crate::map_run::Tolerance;
use crate::program::{Program, StateId};
use crate::turn::{Moment, Pace, Position};
use asl_value::{Text, Value};

/// A lane that has not come to an end or an effect after this many transitions takes processor time.
pub(super) const FIRST_TRANSITIONS: u32 = 512;

impl Execution {
    pub(super) fn begin_branches(
        &mut self,
        key: LaneKey,
        mut lane: Box<Lane>,
        branches: &[StateId],
        input: &Value,
    ) {
        self.event(&mut lane.at.last_event, || EventDetails::ParallelStateStarted);
        // Outputs are in the order of the branches, whichever ends first.
        let mut frame = Branches { outputs: vec![Value::Null; branches.len()], ..Branches::default() };
        if branches.is_empty() {
            let outputs = Value::from(frame.outputs);
            self.again(key, &mut lane, Doing::Turn(LaneStep::Settle(Ok(outputs))));
            return self.lanes.put_back(key, lane);
        }
        self.lanes.make_room(branches.len());
        self.ready.make_room(branches.len());
        let lanes = (0..).zip(branches).map(|(index, first)| {
            let mut at = Position::new(*first, input.clone(), lane.at.variables.clone(), lane.at.last_event);
            // AWS reports a task that fails in a branch once more, as aborted; `lane_failed` asks for this.
            at.in_branch = true;
            let mut branch = Lane::inner(&lane, key, index, at);
            // A Parallel within an iteration sees the item of that iteration.
            branch.item = lane.item.clone();
            let branch = self.lanes.insert(branch);
            self.ready.push_back(Ready::Lane(branch));
            (index, branch)
        });
        frame.lanes = lanes.collect();
        lane.doing = Doing::Branches(Box::new(frame));
        self.lanes.put_back(key, lane);
    }

    pub(super) fn begin_iterations(
        &mut self,
        key: LaneKey,
        mut lane: Box<Lane>,
        mut iterations: Iterations<StateId>,
    ) {
        let length = iterations.items.len();
        self.event(&mut lane.at.last_event, || EventDetails::MapStateStarted { length });
        // A tolerance that cannot be read fails the state itself, after its start was told, and so its catchers see that.
        let doing = match iterations.tolerance.take().transpose() {
            Err(error) => Doing::Turn(LaneStep::Settle(Err(error))),
            Ok(tolerance) => Doing::Iterations(Box::new(MapAtWork {
                iterations,
                tolerance,
                next: 0,
                begun: None,
                failed: 0,
                follows: lane.at.last_event,
                outputs: vec![Value::Null; length],
                lanes: std::collections::BTreeMap::new(),
            })),
        };
        lane.doing = doing;
        match &lane.doing {
            Doing::Iterations(map) if !map.is_over() => self.ready.push_back(Ready::Map(key)),
            Doing::Iterations(_) => self.iterations_ended(key, &mut lane),
            _ => self.ready.push_back(Ready::Lane(key)),
        }
        self.lanes.put_back(key, lane);
    }

    /// Starts the next iteration; `true` if an evaluation was given up.
    pub(super) fn start_iteration(&mut self, key: LaneKey, pace: &Pace<'_>) -> bool {
        let Some(mut around) = self.lanes.take(key) else { return false };
        let Some((index, mut lane)) = self.next_iteration(key, &mut around) else {
            self.lanes.put_back(key, around);
            return false;
        };
        let Doing::Turn(mut step) = std::mem::replace(&mut lane.doing, Doing::Nothing) else { return false };
        // The first turn is taken before the iteration has a key: a Map of a million items that ask for nothing keeps one lane at a time.
        let now = Moment::Known(self.now);
        let came = self.turn(&mut lane, TurnOf::Iteration(key, index), &mut step, pace, now);
        let Doing::Iterations(map) = &mut around.doing else { return false };
        if let Came::Interrupted(step) = came {
            lane.doing = Doing::Turn(step);
            map.begun = Some(lane);
            self.lanes.put_back(key, around);
            return true;
        }
        map.next += 1;
        match came {
            // Most iterations come to their ends at once: these are never kept.
            Came::Ended => {
                let (last_event, output) = (lane.at.last_event, std::mem::take(&mut lane.at.data));
                self.lanes.reuse(lane);
                self.iteration_ended(key, &mut around, index, last_event, output);
            }
            Came::Failed(error) => {
                let error = self.placed(&mut lane, error);
                if error.is_fatal() {
                    let inner = self.lanes.reserve();
                    map.lanes.insert(index, inner);
                    self.lanes.put_back(inner, lane);
                    self.lanes.put_back(key, around);
                    // A redrive goes on with this iteration, so it has to be among the lanes when the execution takes them out.
                    self.end(error.event(), super::End::Failed(error));
                    return false;
                }
                self.iteration_failed(key, &mut around, (index, lane), error);
            }
            came => {
                let inner = self.lanes.reserve();
                map.lanes.insert(index, inner);
                self.lanes.put_back(key, around);
                self.came(inner, lane, came);
                let Some(back) = self.lanes.take(key) else { return false };
                around = back;
            }
        }
        if let Doing::Iterations(map) = &around.doing
            && map.has_room()
        {
            // Iterations start before those that have started go on.
            self.ready.push_front(Ready::Map(key));
        }
        self.lanes.put_back(key, around);
        false
    }

    /// The next iteration of a Map, which is reported as started if it was not before.
    fn next_iteration(&mut self, key: LaneKey, around: &mut Lane) -> Option<(u32, Box<Lane>)> {
        if let Doing::Iterations(map) = &mut around.doing
            && let Some(lane) = map.begun.take()
        {
            return Some((map.next, lane));
        }
        let (index, lane) = iteration(around, key, 0)?;
        let mut lane = self.lanes.keep(lane);
        let (program, state) = (self.program, around.at.state);
        self.event(&mut lane.at.last_event, || EventDetails::MapIterationStarted {
            name: name(program, state),
            index: index as usize,
        });
        Some((index, lane))
    }

    /// A branch or an iteration has ended.
    pub(super) fn inner_ended(&mut self, key: LaneKey, parent: Parent, last_event: u64, output: Value) {
        self.lanes.release(key);
        let Some(mut around) = self.lanes.take(parent.lane) else { return };
        match &mut around.doing {
            Doing::Branches(branches) => {
                branches.lanes.remove(&parent.index);
                if let Some(place) = branches.outputs.get_mut(parent.index as usize) {
                    *place = output;
                }
                around.at.last_event = last_event;
                if branches.lanes.is_empty() {
                    let outputs = Value::from(std::mem::take(&mut branches.outputs));
                    // Leaving the state follows the last event of the last branch.
                    self.event_beside(around.at.last_event, || EventDetails::ParallelStateSucceeded);
                    self.continue_with(parent.lane, &mut around, Ok(outputs));
                }
            }
            Doing::Iterations(map) => {
                // Only then does anything wait for the room that this end makes; else the next iteration has been started already.
                let was_full = map.lanes.len() >= map.limit();
                map.lanes.remove(&parent.index);
                self.iteration_ended(parent.lane, &mut around, parent.index, last_event, output);
                self.made_room(parent.lane, &mut around, was_full);
            }
            _ => {}
        }
        self.lanes.put_back(parent.lane, around);
    }

    /// An iteration follows the end of the one that made room for it.
    fn made_room(&mut self, key: LaneKey, around: &mut Lane, was_full: bool) {
        let last_event = around.at.last_event;
        if let Doing::Iterations(map) = &mut around.doing
            && was_full
        {
            map.follows = last_event;
            if map.has_room() {
                self.ready.push_front(Ready::Map(key));
            }
        }
    }

    /// Takes note of an iteration that has ended. That is reported beside the line of events: the next iteration follows the last event before
    /// it, and leaving the state follows the end of the last iteration.
    fn iteration_ended(
        &mut self,
        key: LaneKey,
        around: &mut Lane,
        index: u32,
        last_event: u64,
        output: Value,
    ) {
        around.at.last_event = last_event;
        let (program, state) = (self.program, around.at.state);
        self.event_beside(last_event, || EventDetails::MapIterationSucceeded {
            name: name(program, state),
            index: index as usize,
        });
        self.iteration_over(key, around, index, output, self.events);
    }

    fn iteration_over(&mut self, key: LaneKey, around: &mut Lane, index: u32, output: Value, end: u64) {
        let last_event = around.at.last_event;
        let Doing::Iterations(map) = &mut around.doing else { return };
        if let Some(place) = map.outputs.get_mut(index as usize) {
            *place = output;
        }
        // One after the other, each iteration follows the end of the one before; side by side, all follow the start of the
        // Map.
        if map.limit() == 1 {
            map.follows = last_event;
        }
        if map.is_over() {
            around.at.last_event = end;
            self.iterations_ended(key, around);
        }
    }

    fn iterations_ended(&mut self, key: LaneKey, around: &mut Lane) {
        let Doing::Iterations(map) = &mut around.doing else { return };
        let outputs = Value::from(std::mem::take(&mut map.outputs));
        self.event_beside(around.at.last_event, || EventDetails::MapStateSucceeded);
        self.continue_with(key, around, Ok(outputs));
    }

    /// The state around lanes goes on, before anything else does.
    fn continue_with(&mut self, key: LaneKey, around: &mut Lane, result: Result<Value, Error>) {
        // In front of the queue, so that no event of another lane comes between the end of the last branch and the exit of the state.
        around.doing = Doing::Turn(LaneStep::Settle(result));
        self.ready.push_front(Ready::Lane(key));
    }

    /// A branch or an iteration has failed, with an error that ends it alone.
    pub(super) fn inner_failed(&mut self, key: LaneKey, lane: Box<Lane>, parent: Parent, error: Error) {
        self.lanes.release(key);
        let Some(mut around) = self.lanes.take(parent.lane) else { return };
        let failed = (parent.index, lane);
        match &mut around.doing {
            Doing::Branches(branches) => {
                branches.lanes.remove(&parent.index);
                self.cancel_inner(&mut around, error.event(), Some(failed));
                self.continue_with(parent.lane, &mut around, Err(error));
            }
            Doing::Iterations(map) => {
                let (was_full, had_room) = (map.lanes.len() >= map.limit(), map.has_room());
                map.lanes.remove(&parent.index);
                self.iteration_failed(parent.lane, &mut around, failed, error);
                if had_room && !matches!(around.doing, Doing::Iterations(_)) {
                    self.not_ready(Ready::Map(parent.lane));
                }
                self.made_room(parent.lane, &mut around, was_full);
            }
            _ => {}
        }
        self.lanes.put_back(parent.lane, around);
    }

    /// A failed iteration fails the Map, unless it is tolerated: then its Error Output is where its output would be.
    #[cold]
    fn iteration_failed(
        &mut self,
        key: LaneKey,
        around: &mut Lane,
        iteration: (u32, Box<Lane>),
        error: Error,
    ) {
        let index = iteration.0;
        let (program, state, last_event) = (self.program, around.at.state, error.event());
        let failed =
            || EventDetails::MapIterationFailed { name: name(program, state), index: index as usize };
        let Doing::Iterations(map) = &mut around.doing else { return };
        let error = match map.tolerance {
            None => error,
            Some(tolerance) => {
                around.at.last_event = last_event;
                if !tolerance.is_exceeded(map.failed + 1, Some(u64::from(map.length()))) {
                    map.failed += 1;
                    self.event_beside(last_event, failed);
                    return self.iteration_over(key, around, index, error.output(), last_event);
                }
                Tolerance::error().after_event(last_event)
            }
        };
        // Those that are stopped come first (measured on AWS).
        self.cancel_inner(around, last_event, Some(iteration));
        self.event_beside(last_event, failed);
        self.forget_computed(key);
        self.continue_with(key, around, Err(error));
    }

    /// Takes what cannot go on any more from among what can.
    #[cold]
    pub(super) fn not_ready(&mut self, ready: Ready) {
        self.ready.remove(&ready);
    }

    /// Stops the lanes of the state that a lane is in, of which one may have failed. All that is reported of that follows the event that it comes
    /// of (measured on AWS).
    pub(super) fn cancel_inner(&mut self, around: &mut Lane, follows: u64, failed: Option<(u32, Box<Lane>)>) {
        let Some((mut remains, lanes)) = Remains::of_lanes(around) else { return };
        let map = around.at.state;
        for (index, key) in lanes.into_iter().rev() {
            if let Some(mut lane) = self.lanes.take(key) {
                // A lane that is ready is in the queue by its key, which must not become that of another lane before the queue comes to
                // it.
                let is_ready = lane.ready(key).is_some();
                self.cancel_lane(&mut lane, index, map, follows);
                if !is_ready {
                    self.lanes.release(key);
                }
                remains.keep(index, lane);
            }
        }
        if self.facts.is_redrivable {
            failed.into_iter().for_each(|(index, lane)| remains.keep(index, lane));
            around.remains = Some(Box::new(remains));
        }
    }

    /// Stops a lane beside one that failed. What has not begun is not told.
    fn cancel_lane(&mut self, lane: &mut Lane, index: u32, map: StateId, follows: u64) {
        self.cancel_inner(lane, follows, None);
        if matches!(lane.doing, Doing::Timer { .. } | Doing::Task(_) | Doing::MapRun(_)) {
            self.wants.push_back(Want::Cancel { effect: lane.effect() });
        }
        // An iteration whose first turn has not been taken was never reported as started, so its end is not either.
        if lane.is_iteration && lane.begun_after > 0 {
            self.event_beside(follows, || EventDetails::MapIterationAborted {
                name: name(self.program, map),
                index: index as usize,
            });
        }
        if lane.stays
            && let Some(info) = self.info(lane)
        {
            self.event_beside(follows, || EventDetails::StateAborted { state_type: info.state_type });
        }
    }
}

/// An iteration of the Map state that a lane is in, as it starts: the next one, or one so many after it that may start as well.
pub(super) fn iteration(around: &Lane, key: LaneKey, ahead: u32) -> Option<(u32, Lane)> {
    let Doing::Iterations(map) = &around.doing else { return None };
    let index = map.next.checked_add(ahead).filter(|_| map.has_room_for(ahead))?;
    let item = map.iterations.items.get(index as usize)?.clone();
    let mut at =
        Position::new(map.iterations.processor, Value::Null, around.at.variables.clone(), map.follows);
    // The `ItemSelector` is evaluated in the state of the Map.
    at.entered_time = around.at.entered_time;
    at.entered_event = around.at.entered_event;
    let mut lane = Lane::inner(around, key, index, at);
    lane.item = Some(MapItem::new(index as usize, item));
    lane.is_iteration = true;
    let input = map.iterations.input.clone();
    lane.doing = Doing::Turn(LaneStep::Select { input, map: around.at.state });
    Some((index, lane))
}

/// The name of a state, for what is reported of it.
fn name(program: &dyn Program, state: StateId) -> Text {
    program.info(state).map_or_else(|_| Text::default(), |info| Text::new_static(info.name))
}
