//! Whether an execution that was read can be driven: nothing in it may lead to a panic, or to work without end.

use crate::error::{Error, Status};
use crate::execution::lane::{Branches, Doing, Lane, LaneStep, MapAtWork, Phase, TaskAtWork};
use crate::execution::map_run::{MapRunAtWork, MapRunEnd};
use crate::execution::redrive::Remains;
use crate::execution::want::{Timer, Want};
use crate::execution::{Execution, ROOT, Ready};
use crate::machine::{Effect, StateInfo, StateType, Transition};
use crate::map_run::Counts;
use crate::program::StateId;
use crate::resource::Pattern;
use crate::turn::TRANSITIONS_AT_ONCE;

/// No execution has so many events, items or children, and sums of these are still numbers.
const MOST: u64 = 1 << 56;

type Check = Result<(), &'static str>;

const fn check(is_right: bool, otherwise: &'static str) -> Check {
    if is_right { Ok(()) } else { Err(otherwise) }
}

impl Execution {
    pub(super) fn check(&self, states: &[&'static StateInfo]) -> Check {
        let of = Of { execution: self, states };
        check(self.events < MOST, "the number of events is too large")?;
        self.state.map_or(Ok(()), |state| of.state(state))?;
        for want in &self.wants {
            match want {
                Want::Perform(perform) => of.state(perform.state_id)?,
                Want::Child(child) => of.state(child.part.start_at)?,
                _ => {}
            }
        }
        self.check_ready()?;
        check(self.has_ended || self.lanes.get(ROOT).is_some(), "there is no lane to begin with")
    }

    /// Whether a lane can go on. The lanes around it are those that it has.
    pub(super) fn check_lane(&self, lane: &Lane, states: &[&'static StateInfo]) -> Check {
        let around = lane.parent.and_then(|parent| self.lanes.get(parent.lane));
        Of { execution: self, states }.lane(lane, around)
    }

    /// Whether a lane that failed or was stopped can go on.
    pub(super) fn check_left(
        &self,
        lane: &Lane,
        around: Option<&Lane>,
        states: &[&'static StateInfo],
    ) -> Check {
        let goes_on = matches!(
            &lane.doing,
            Doing::Turn(
                LaneStep::Enter | LaneStep::Again | LaneStep::Select { .. } | LaneStep::Settle(Ok(_))
            )
        );
        check(goes_on, "a lane that was stopped does something")?;
        Of { execution: self, states }.lane(lane, around)
    }

    /// Every key is that of a lane, or free, or of a lane that was stopped while it was ready; and what can go on is ready once.
    fn check_ready(&self) -> Check {
        let mut is_ready = vec![false; self.lanes.len()];
        for ready in &self.ready {
            let (Ready::Lane(key) | Ready::Map(key)) = *ready;
            let mark = is_ready.get_mut(key as usize).ok_or("what is ready is not a lane")?;
            let is_right = self.lanes.get(key).is_none_or(|lane| lane.ready(key) == Some(*ready));
            check(is_right && !*mark, "a lane is ready that is not")?;
            *mark = true;
        }
        for key in self.lanes.free() {
            let mark = is_ready.get_mut(*key as usize).ok_or("a free key is that of no lane")?;
            check(self.lanes.get(*key).is_none() && !*mark, "a key is free that is not")?;
            *mark = true;
        }
        for ((key, lane), is_ready) in (0..).zip(self.lanes.iter()).zip(is_ready) {
            let should_be = lane.as_ref().is_none_or(|lane| lane.ready(key).is_some());
            check(is_ready == should_be, "a lane is not ready that could go on")?;
        }
        Ok(())
    }
}

/// What is checked belongs to this execution, and these are its states.
struct Of<'e> {
    execution: &'e Execution,
    states: &'e [&'static StateInfo],
}

impl Of<'_> {
    fn state(&self, state: StateId) -> Check {
        check(usize::from(state) < self.states.len(), "there is no such state in the machine")
    }

    fn event(&self, event: u64) -> Check {
        check(event <= self.execution.events, "an event is later than the last one")
    }

    fn error<T>(&self, result: &Result<T, Error>) -> Check {
        result.as_ref().err().map_or(Ok(()), |error| self.event(error.event()))
    }

    fn lane(&self, lane: &Lane, around: Option<&Lane>) -> Check {
        let info =
            self.states.get(usize::from(lane.at.state)).ok_or("a lane is in no state of the machine")?;
        for event in [lane.at.entered_event, lane.at.last_event, lane.begun_after] {
            self.event(event)?;
        }
        let has_asked = match &lane.doing {
            Doing::Turn(LaneStep::Enter | LaneStep::Select { .. }) => true,
            _ => lane.visit > 0,
        };
        check(has_asked, "a lane waits that has asked for nothing")?;
        let waits_to_retry = matches!(lane.doing, Doing::Timer { timer: Timer::Retry, .. });
        let retries: u64 = lane.retries.iter().copied().map(u64::from).sum();
        let attempts = u64::from(lane.attempt) + u64::from(waits_to_retry);
        check(retries == attempts, "a lane has tried again more or less often than its retriers")?;
        check(lane.left <= TRANSITIONS_AT_ONCE, "a turn is longer than turns are")?;
        lane.remains.as_ref().map_or(Ok(()), |remains| self.remains(remains, lane, info.state_type))?;
        self.doing(lane, around, info.state_type)
    }

    fn doing(&self, lane: &Lane, around: Option<&Lane>, state_type: StateType) -> Check {
        let of = |expected| check(state_type == expected, "a lane waits for what its state does not ask for");
        let of_retriers =
            || check(state_type.has_retriers(), "a lane tries a state again that has no retriers");
        match &lane.doing {
            Doing::Turn(LaneStep::Enter) => Ok(()),
            Doing::Turn(LaneStep::Select { map, .. }) => {
                let is_right = around.is_some_and(|around| lane.is_iteration && around.at.state == *map);
                check(is_right, "an item is selected outside of its Map")
            }
            Doing::Turn(LaneStep::Settle(result)) => {
                check(
                    state_type.has_retriers() || state_type == StateType::Wait,
                    "a state is left that asks for nothing",
                )?;
                self.error(result)
            }
            Doing::Turn(LaneStep::Again) if state_type == StateType::Wait => Ok(()),
            Doing::Turn(LaneStep::Again) | Doing::Timer { timer: Timer::Retry, .. } => of_retriers(),
            Doing::Begin(effect) => self.effect(effect, state_type),
            Doing::Timer { timer: Timer::Wait, .. } => of(StateType::Wait),
            Doing::Timer { timer: Timer::Timeout | Timer::Heartbeat, .. } | Doing::Nothing => {
                Err("a lane waits for nothing")
            }
            Doing::Task(_) => of(StateType::Task),
            Doing::Branches(branches) => of(StateType::Parallel).and_then(|()| self.branches(branches)),
            Doing::Iterations(map) => of(StateType::Map).and_then(|()| self.map(map, lane)),
            Doing::MapRun(at_work) => of(StateType::Map).and_then(|()| self.map_run(at_work)),
        }
    }

    /// What is left of a state. The lanes in it have been looked at.
    fn remains(&self, remains: &Remains, lane: &Lane, state_type: StateType) -> Check {
        let of = |expected| check(state_type == expected, "what is left of a state is not of its type");
        match remains {
            Remains::Branches { outputs, lanes } => {
                of(StateType::Parallel)?;
                let are_few = lanes.keys().all(|index| (*index as usize) < outputs.len());
                check(are_few, "a Parallel state has too many branches")
            }
            Remains::Iterations { map, lanes } => {
                of(StateType::Map)?;
                let have_started = map.lanes.is_empty() && lanes.keys().all(|index| *index < map.next);
                check(have_started, "the iterations of a Map are not those of its items")?;
                self.iterations(map, lane)
            }
            Remains::MapRun(at_work) => of(StateType::Map).and_then(|()| self.map_run(at_work)),
        }
    }

    fn effect(&self, effect: &Effect<StateId>, state_type: StateType) -> Check {
        let of = |expected| check(state_type == expected, "a state begins what it does not ask for");
        match effect {
            Effect::Go(Transition::Next(state)) => self.state(*state),
            Effect::Go(Transition::End) => Ok(()),
            Effect::Task(_) => of(StateType::Task),
            Effect::Wait(_) => of(StateType::Wait),
            Effect::Parallel { branches, .. } => {
                of(StateType::Parallel)?;
                branches.iter().try_for_each(|state| self.state(*state))
            }
            Effect::Map(iterations) => {
                of(StateType::Map)?;
                iterations.tolerance.as_ref().map_or(Ok(()), |tolerance| self.error(tolerance))?;
                self.state(iterations.processor)
            }
            Effect::MapRun(run) => {
                of(StateType::Map)?;
                self.error(&run.settings)?;
                self.state(run.processor)
            }
        }
    }

    fn branches(&self, branches: &Branches) -> Check {
        let are_few = branches.lanes.keys().all(|index| (*index as usize) < branches.outputs.len());
        check(are_few && !branches.lanes.is_empty(), "a Parallel state has no branches, or too many")
    }

    fn map(&self, map: &MapAtWork, around: &Lane) -> Check {
        let has_started = map.lanes.keys().all(|index| *index < map.next);
        check(has_started && !map.is_over(), "the iterations of a Map are not those of its items")?;
        self.iterations(map, around)
    }

    fn iterations(&self, map: &MapAtWork, around: &Lane) -> Check {
        self.state(map.iterations.processor)?;
        self.event(map.follows)?;
        let length = map.length();
        let is_right = map.outputs.len() == map.iterations.items.len()
            && map.outputs.len() == length as usize
            && map.next <= length
            && map.failed <= u64::from(map.next);
        check(is_right, "the iterations of a Map are not those of its items")?;
        map.begun.as_ref().map_or(Ok(()), |lane| {
            let is_in_turn = matches!(lane.doing, Doing::Turn(LaneStep::Enter | LaneStep::Select { .. }));
            let is_first = is_in_turn && lane.remains.is_none();
            check(is_first && map.has_room(), "an iteration has begun that could not begin")?;
            self.lane(lane, Some(around))
        })
    }

    fn map_run(&self, run: &MapRunAtWork) -> Check {
        self.state(run.processor)?;
        if let MapRunEnd::Failing(error) = &run.end {
            self.event(error.event())?;
        }
        let Counts { pending, running, succeeded, failed, timed_out, aborted, .. } = run.progress.executions;
        let items = &run.progress.items;
        let numbers = [pending, running, succeeded, failed, timed_out, aborted, run.started, run.read];
        let item_numbers =
            [items.pending, items.running, items.succeeded, items.failed, items.timed_out, items.aborted];
        let are_small = numbers.iter().chain(&item_numbers).all(|number| *number < MOST);
        check(are_small, "the numbers of a Map Run are too large")?;
        let again = run.again.len() as u64;
        let of_batches = run.ready.iter().map(|batch| batch.items);
        let of_children = run.again.iter().map(|child| child.items);
        let is_right = running == run.running.len() as u64
            && pending == (run.ready.len() + run.again.len()) as u64
            && run.started == running + again + succeeded + failed + timed_out + aborted
            && sum(run.running.values().map(|child| child.items)) == Some(items.running)
            && sum(of_batches.chain(of_children).chain([run.batcher.pending()])) == Some(items.pending)
            && are_counted(run);
        check(is_right, "the numbers of a Map Run are not those of its executions")?;
        let indexes = || run.running.keys().copied().chain(run.again.iter().map(|child| child.index));
        let is_numbered = indexes().all(|index| index < run.started);
        // A result has a place by its number, so all executions behind the last result are those that run, or will again.
        let results = run.collected.results.len() as u64;
        let behind = indexes().filter(|index| *index >= results).count() as u64;
        let is_dense = run.result_writer.is_some() || run.started == results + behind;
        check(
            is_numbered && is_dense && results <= run.started,
            "the executions of a Map Run are not counted",
        )
    }
}

/// Whether those that did not succeed are so many as were counted: each can be counted as one that runs again.
fn are_counted(run: &MapRunAtWork) -> bool {
    let Some(unsuccessful) = &run.unsuccessful else { return true };
    let (mut executions, mut items) = (run.progress.executions, run.progress.items);
    unsuccessful.children.values().all(|(status, child)| {
        let can_be = |counts: &mut Counts, number| {
            let count = counts.of(*status);
            count.checked_sub(number).map(|left| *count = left).is_some()
        };
        *status != Status::Running && can_be(&mut executions, 1) && can_be(&mut items, child.items)
    })
}

fn sum(numbers: impl Iterator<Item = u64>) -> Option<u64> {
    numbers.into_iter().try_fold(0, |sum: u64, number| sum.checked_add(number))
}

/// Whether a task is as far as one of its resource can be.
pub(super) fn task(at_work: &TaskAtWork, is_activity: bool) -> Check {
    let perform = &at_work.perform;
    let waits_for_token = perform.pattern == Pattern::WaitForTaskToken;
    let is_right = match at_work.phase {
        Phase::Asked => !is_activity,
        Phase::Submitted => perform.pattern == Pattern::Sync,
        Phase::Called => waits_for_token,
        Phase::Offered | Phase::Queued | Phase::Worked => is_activity,
    };
    let has_token = perform.task_token.is_some() == (is_activity || waits_for_token);
    let has_answer = at_work.submitted.is_some() == (at_work.phase == Phase::Submitted);
    let has_early = at_work.early.is_none() || (waits_for_token && at_work.phase == Phase::Asked);
    check(is_right && has_token && has_answer && has_early, "a task is not as far as its resource can be")
}
