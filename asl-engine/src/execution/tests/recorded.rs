//! What executions of machines by chance come to is written down. The other tests compare ways to drive an execution with each other, and do not see what is
//! done otherwise in all of them.
//!
//! A line is a machine: its seed, how many answers it got, how often it was run, how many events it had, how many of its damaged snapshots were refused,
//! and a digest of all that it wanted and told, as bytes and in the words of AWS, and of its snapshots. So one that differs means another history, or
//! another format of snapshots, which takes another version.

use super::fuzzed::damage;
use super::toy::{Dice, Toy};
use super::world::{World, start};
use crate::codec::to_bytes;
use crate::execution::{Execution, Snapshot};
use crate::history::{Needs, Told};
use crate::turn::Pace;
use md5::{Digest, Md5};
use std::fmt::Write;

const MACHINES: u64 = 100;
const ANSWERS: usize = 100;
/// How often the last snapshot of a machine is damaged.
const DAMAGES: usize = 50;

fn line(seed: u64) -> String {
    let mut dice = Dice::new(seed.wrapping_mul(977));
    let mut start = start(&mut dice);
    start.tells = Some(Needs::ALL);
    let (mut world, mut digest) = (World::new(dice, start.context.start_time), Md5::new());
    let mut execution = Execution::start(Toy::random(seed), start);
    let (mut answers, mut runs) = (0, 0);
    while answers < ANSWERS {
        while execution.run(world.now, &Pace::Endless).is_more() {
            runs += 1;
        }
        let (wants, told) = (execution.wants(), execution.told());
        for event in told.iter().filter_map(Told::as_event) {
            digest.update(event.to_json().to_string());
        }
        digest.update(to_bytes(&(wants.clone(), told)));
        digest.update(execution.snapshot().as_bytes());
        world.take(wants);
        world.wait();
        let Some((effect, outcome)) = world.answer() else { panic!("seed {seed} waits for nothing") };
        if execution.answer(&effect, outcome.clone(), world.now) {
            world.answered(&effect, &outcome);
        } else if execution.has_ended() {
            break;
        }
        answers += 1;
    }
    let mut line = format!("{seed} {answers} {runs} {} {} ", execution.events(), refused(&execution, seed));
    for byte in digest.finalize() {
        let _ = write!(line, "{byte:02x}");
    }
    line
}

fn refused(execution: &Execution, seed: u64) -> usize {
    let (snapshot, mut dice) = (execution.snapshot(), Dice::new(seed));
    let parts = snapshot.parts().unwrap();
    let damaged = (0..DAMAGES).map(|_| {
        let mut state = parts.state.to_vec();
        damage(&mut state, &mut dice);
        Snapshot::new(parts.machine, parts.fingerprint, &state)
    });
    damaged.filter(|damaged| Execution::restore(execution.program(), damaged).is_err()).count()
}

#[test]
fn executions_come_to_what_they_came_to_before() {
    let lines: Vec<_> = (0..MACHINES).map(line).collect();
    insta::with_settings!({ snapshot_path => ".", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("recorded", lines.join("\n"));
    });
}
