//! Tasks that are done at once have the same outcome as those that are wanted and answered.

use super::toy::{Dice, Toy};
use super::world::{World, start};
use crate::error::TaskError;
use crate::execution::{AtOnce, Execution, Outcome, Start, Want};
use crate::program::StateId;
use crate::task::Task;
use crate::turn::Pace;
use asl_language::timestamp::Timestamp;
use asl_value::Value;
use std::time::Duration;

type Done = (Result<Value, TaskError>, Timestamp);

/// Does some tasks at once.
struct Sometimes<'w> {
    world: &'w mut World,
    dice: &'w mut Dice,
    done: Vec<Done>,
}

impl AtOnce for Sometimes<'_> {
    fn perform(&mut self, _: StateId, _: &Task) -> Option<Result<Value, TaskError>> {
        if self.dice.percent(20) {
            return None;
        }
        self.world.now = self.world.now.plus(Duration::from_millis(7));
        let done = (self.world.result(), self.world.now);
        self.done.push(done.clone());
        Some(done.0)
    }

    fn now(&self) -> Timestamp {
        self.world.now
    }
}

/// The same in a plain way: what was done at once there is wanted here, and answered. Returns what else is wanted.
fn run_plainly(execution: &mut Execution, now: Timestamp, done: &[Done]) -> Vec<Want> {
    let mut done = done.iter().cloned();
    let (mut now, mut wants) = (now, Vec::new());
    loop {
        while execution.run(now, &Pace::Endless).is_more() {}
        wants.append(&mut execution.wants());
        let Some((result, moment)) = done.next() else {
            // What was wanted before the end is not wanted any more.
            return if execution.has_ended() { wants.split_off(wants.len() - 1) } else { wants };
        };
        let Some(Want::Perform(perform)) = wants.pop() else { panic!("no task was wanted last") };
        assert!(execution.answer(&perform.effect, Outcome::Ended(result), moment));
        now = moment;
    }
}

#[test]
fn what_is_done_at_once_comes_to_the_same() {
    let (mut at_once, mut ended) = (0, 0);
    for seed in 0..1000 {
        let (program, mut dice) = (Toy::random(seed), Dice::new(seed));
        let start = Start { tells: None, ..start(&mut dice) };
        let mut world = World::new(dice.clone(), start.context.start_time);
        let mut quick = Execution::start(program, start.clone());
        let mut plain = Execution::start(program, start);
        for step in 0..100 {
            let now = world.now;
            let mut sometimes = Sometimes { world: &mut world, dice: &mut dice, done: Vec::new() };
            while quick.run_with(now, &Pace::Endless, &mut sometimes).is_more() {}
            let done = sometimes.done;
            at_once += done.len();
            let wants = run_plainly(&mut plain, now, &done);
            assert_eq!(quick.wants(), wants, "seed {seed}, step {step}");
            assert_eq!(quick.snapshot(), plain.snapshot(), "seed {seed}, step {step}");
            assert_eq!((quick.state(), quick.events()), (plain.state(), plain.events()));
            world.take(wants);
            if quick.has_ended() {
                ended += 1;
                break;
            }
            world.wait();
            let Some((effect, outcome)) = world.answer() else { break };
            let is_taken = quick.answer(&effect, outcome.clone(), world.now);
            assert_eq!(is_taken, plain.answer(&effect, outcome.clone(), world.now));
            if is_taken {
                world.answered(&effect, &outcome);
            }
        }
    }
    assert!(at_once > 60 && ended > 500, "{at_once} tasks were done at once, {ended} executions ended");
}
