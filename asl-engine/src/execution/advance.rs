//! The pure part of a lane's way: a turn, from a step to the next thing that has to be done outside.

use super::lane::{Lane, LaneStep};
use crate::error::Error;
use crate::history::{Decision, EventDetails};
use crate::machine::{Effect, StateInfo, StateType, Transition};
use crate::program::{Advance, Program, StateId};
use crate::retry::{self, Retry};
use crate::turn::{Turn, WorkPart};
use asl_value::{Object, Text, Value};
use std::time::Duration;

/// How far a lane came in a turn.
#[derive(Debug)]
pub(super) enum Came {
    /// To its end.
    Ended,
    /// Far enough for now.
    Yielded,
    /// To an evaluation that takes long: the step is to be taken once more, with more patience.
    Interrupted(LaneStep),
    /// To a state that asks for something, or whose retriers and catchers are to see an error.
    Asked(Result<Effect<StateId>, Error>),
    /// To a state that asks once more.
    AskedAgain(Result<Effect<StateId>, Error>),
    /// To a delay before it tries again.
    Retries(Duration),
    /// To an error that nothing in it catches.
    Failed(Error),
}

impl Lane {
    /// Takes a step, and goes on from there. Nothing of use is left of the step.
    pub(super) fn advance(&mut self, program: &dyn Program, step: &mut LaneStep, turn: &Turn<'_>) -> Came {
        let before = self.gone_through();
        let came = self.take_step(program, step, turn);
        let gone = self.gone_through().wrapping_sub(before);
        // A turn that was interrupted is not longer than others in the end, so that it has the same result.
        let is_interrupted = matches!(came, Came::Interrupted(_));
        self.left = if is_interrupted { turn.transitions().saturating_sub(gone).max(1) } else { 0 };
        came
    }

    /// How many states it has gone through.
    fn gone_through(&self) -> u32 {
        self.at.entered.wrapping_sub(self.at.is_entered.into())
    }

    fn take_step(&mut self, program: &dyn Program, step: &mut LaneStep, turn: &Turn<'_>) -> Came {
        turn.input(&self.at.data);
        // What a state adds to its data is measured from here on, for `check_memory`.
        let came = match step {
            LaneStep::Enter => None,
            LaneStep::Select { input, map } => self.select(program, std::mem::take(input), *map, turn),
            LaneStep::Settle(result) => self.settle(program, result, turn),
            LaneStep::Again => Some(self.enter_again(program, turn)),
        };
        came.unwrap_or_else(|| self.go_on(program, turn))
    }

    fn go_on(&mut self, program: &dyn Program, turn: &Turn<'_>) -> Came {
        match program.advance(&mut self.at, turn, self.item.as_ref()) {
            Ok(Advance::Ended) => Came::Ended,
            Ok(Advance::Yielded) => Came::Yielded,
            Ok(Advance::Interrupted) => Came::Interrupted(LaneStep::Enter),
            Ok(Advance::Asked(effect)) => Came::Asked(effect),
            Err(error) => Came::Failed(error),
        }
    }

    /// The input of an iteration, by the `ItemSelector` of its Map. What it raises when that fails is an error of the Map.
    fn select(&mut self, program: &dyn Program, input: Value, map: StateId, turn: &Turn<'_>) -> Option<Came> {
        let info = match program.info(map) {
            Ok(info) => info,
            Err(error) => return Some(Came::Failed(error)),
        };
        // The iteration has its own seed, and has entered no state yet: nothing else in it draws as visit 0.
        turn.draw_for(0, 0, WorkPart::Select);
        let item = self.item.as_ref()?;
        let context = turn.context(info, &self.at.variables, 0, Some(item)).entered_at(self.at.entered_time);
        match program.select_item(map, &input, item.value.clone(), &context) {
            Ok(selected) => {
                self.at.data = selected;
                turn.input(&self.at.data);
                // The time of entering was that of the Map; the first state of the iteration has its own.
                self.at.entered_time = None;
                None
            }
            Err(error) if error.is_interruption() => Some(Came::Interrupted(LaneStep::Select { input, map })),
            Err(error) => Some(Came::Failed(turn.failed(error, &mut self.at, info))),
        }
    }

    fn enter_again(&mut self, program: &dyn Program, turn: &Turn<'_>) -> Came {
        let info = match program.info(self.at.state) {
            Ok(info) => info,
            Err(error) => return Came::Failed(error),
        };
        turn.draw_for(self.at.entered, self.attempt, WorkPart::Enter);
        // The context borrows them while `enter` may change the data beside them; the copy is shared, so it costs no more than a count.
        let variables = self.at.variables.clone();
        let context =
            turn.context(info, &variables, self.attempt, self.item.as_ref()).entered_at(self.at.entered_time);
        let entered = program.enter(self.at.state, &mut self.at.data, &context);
        self.at.task_token = context.take_task_token().map(Box::new);
        match entered {
            Ok(effect) => Came::AskedAgain(Ok(effect)),
            Err(error) if error.is_interruption() => Came::Interrupted(LaneStep::Again),
            Err(error) => Came::AskedAgain(Err(turn.failed(error, &mut self.at, info))),
        }
    }

    /// As [`leave`](Self::leave), but where the state has failed and may be done once more, its input is as it was.
    fn settle(
        &mut self,
        program: &dyn Program,
        result: &mut Result<Value, Error>,
        turn: &Turn<'_>,
    ) -> Option<Came> {
        // Only a redrive asks for the input again, so executions that cannot be redriven do not pay for a copy that the first write would
        // make a real one.
        let before = turn.keeps_input().then(|| (self.at.data.clone(), self.at.variables.clone()));
        let came = self.leave(program, result, turn);
        if let (Some(Came::Failed(_)), Some(before)) = (&came, before) {
            (self.at.data, self.at.variables) = before;
        }
        came
    }

    /// Decides what comes after an effect: the rest of the state, another attempt, a catcher, or the error.
    fn leave(
        &mut self,
        program: &dyn Program,
        result: &mut Result<Value, Error>,
        turn: &Turn<'_>,
    ) -> Option<Came> {
        let info = match program.info(self.at.state) {
            Ok(info) => info,
            Err(error) => return Some(Came::Failed(error)),
        };
        turn.draw_for(self.at.entered, self.attempt, WorkPart::Settle);
        // An evaluation that is interrupted begins again with the result.
        let kept = if info.asks_for_context { result.clone() } else { Ok(Value::Null) };
        let (transition, assigned) = match self.resume(program, info, result, turn) {
            Ok(left) => left,
            Err(error) if error.is_interruption() => {
                return Some(Came::Interrupted(LaneStep::Settle(kept)));
            }
            Err(error) => match self.recover(program, info, error, turn) {
                Ok(left) => left,
                Err(Came::Interrupted(_)) => return Some(Came::Interrupted(LaneStep::Settle(kept))),
                Err(came) => return Some(came),
            },
        };
        // Assigned before the exit is told, whose limits are about the variables as they are afterwards.
        self.at.assign(assigned.as_ref());
        if let Err(error) = turn.exit(&mut self.at, info, assigned) {
            return Some(Came::Failed(turn.failed(error, &mut self.at, info)));
        }
        self.stays = false;
        match transition {
            Transition::End => Some(Came::Ended),
            Transition::Next(next) => {
                if let Err(error) = turn.goes_to_another(&self.at) {
                    return Some(Came::Failed(error));
                }
                self.at.state = next;
                None
            }
        }
    }

    /// Where the state leads with the result of its work, and what it assigns.
    fn resume(
        &mut self,
        program: &dyn Program,
        info: &'static StateInfo,
        result: &mut Result<Value, Error>,
        turn: &Turn<'_>,
    ) -> Result<Left, Error> {
        let result = result.as_mut().map_err(|error| error.clone())?;
        let at = &mut self.at;
        let context =
            turn.context(info, &at.variables, self.attempt, self.item.as_ref()).entered_at(at.entered_time);
        let transition = program.resume(at.state, &mut at.data, result, &context)?;
        Ok((transition, context.take_assigned()))
    }

    /// Where the state leads with an error, or what comes before it leads anywhere.
    fn recover(
        &mut self,
        program: &dyn Program,
        info: &'static StateInfo,
        error: Error,
        turn: &Turn<'_>,
    ) -> Result<Left, Came> {
        // A catcher may be interrupted in its `Output` after the failure has been numbered and a retrier counted. It begins again from
        // here, so that the same numbers come of it however often that happens.
        let before = (turn.mark(), self.at.last_event, self.retries.clone());
        let recovered = self.retry_or_catch(program, info, error, turn);
        if matches!(recovered, Err(Came::Interrupted(_))) {
            let (mark, last_event, retries) = before;
            turn.back_to(&mark);
            self.at.last_event = last_event;
            self.retries = retries;
        }
        recovered
    }

    fn retry_or_catch(
        &mut self,
        program: &dyn Program,
        info: &'static StateInfo,
        error: Error,
        turn: &Turn<'_>,
    ) -> Result<Left, Came> {
        let at = &mut self.at;
        let error = turn.failed(error, at, info);
        let name = Text::new_static(info.name);
        if let Some(Retry { retrier, delay }) =
            retry::next(info.retry, &mut self.retries, &error, || crate::context::Sources::random(turn))
        {
            turn.decided(|| Decision::Retried { state: name, retrier });
            at.last_event = error.event();
            return Err(Came::Retries(delay));
        }
        // Branches that are not tried again have one more event. Only what the catcher fails with itself does not follow that one.
        let follows = error.event();
        let error = not_tried_again(at, info, error, turn);
        let Some(catcher) = retry::catcher(info.catch, &error) else { return Err(Came::Failed(error)) };
        turn.decided(|| Decision::Caught { state: name, catcher });
        let context =
            turn.context(info, &at.variables, self.attempt, self.item.as_ref()).entered_at(at.entered_time);
        let caught = program.catch(at.state, &mut at.data, catcher, error.output(), &context);
        let assigned = context.take_assigned();
        match caught {
            Ok(transition) => Ok((transition, assigned)),
            Err(error) if error.is_interruption() => Err(Came::Interrupted(LaneStep::Again)),
            Err(error) if error.is_fatal() => Err(Came::Failed(turn.failed(error, at, info))),
            // What a catcher fails with follows what it was to catch, and branches have failed once more (measured on AWS).
            Err(error) => {
                at.last_event = follows;
                let error = turn.failed(error, at, info);
                Err(Came::Failed(not_tried_again(at, info, error, turn)))
            }
        }
    }
}

/// Where a state leads, and what it assigns.
type Left = (Transition<StateId>, Option<Object>);

/// The end of branches or iterations that are not tried again.
fn not_tried_again(
    at: &mut crate::turn::Position,
    info: &'static StateInfo,
    error: Error,
    turn: &Turn<'_>,
) -> Error {
    let details = match info.state_type {
        StateType::Parallel => EventDetails::ParallelStateFailed,
        StateType::Map => EventDetails::MapStateFailed,
        StateType::Pass
        | StateType::Task
        | StateType::Choice
        | StateType::Wait
        | StateType::Succeed
        | StateType::Fail => return error,
    };
    if error.is_fatal() {
        return error;
    }
    at.last_event = error.event();
    turn.event(&mut at.last_event, || details);
    error.after_event(at.last_event)
}
