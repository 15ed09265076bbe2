//! What fuzzers run: each takes any bytes, and ends with a panic where something is wrong.

use super::toy::{Dice, Toy};
use super::world::{World, names, start};
use crate::execution::{Execution, Progress, Snapshot, Want};
use crate::program::Program;
use crate::turn::Pace;
use asl_language::timestamp::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// How many answers an execution gets. One that still waits then has done nothing wrong.
const ANSWERS: usize = 150;
/// How much may be asked for at once: to compare it takes a time that grows with the square.
const WANTS: usize = 1000;
/// How many machines there are. They are never given up, and a fuzzer runs for a night.
const MACHINES: u64 = 4096;

/// A machine by chance, made once.
fn machine(dice: &mut Dice) -> &'static dyn Program {
    static MADE: Mutex<BTreeMap<u64, &'static dyn Program>> = Mutex::new(BTreeMap::new());
    let seed = dice.next() % MACHINES;
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    *made.entry(seed).or_insert_with(|| Toy::random(seed))
}

/// A machine and answers that the bytes choose: the execution ends, or waits for something that it has asked for. It is the same after each
/// detour over a snapshot.
pub fn execution(bytes: &[u8]) {
    let mut dice = Dice::of(bytes);
    let program = machine(&mut dice);
    let start = start(&mut dice);
    let mut world = World::new(dice.clone(), start.context.start_time);
    let mut execution = Execution::start(program, start);
    for _ in 0..ANSWERS {
        let mut turns = 0;
        while execution.run(world.now, &Pace::Endless).is_more() {
            turns += 1;
            assert!(turns < 100_000, "it goes on forever");
        }
        let wants = execution.wants();
        if wants.len() + world.open.len() > WANTS {
            return;
        }
        world.take(wants);
        assert_eq!(names(&execution.outstanding()), world.names());
        if execution.has_ended() {
            assert!(world.end.is_some() && world.open.is_empty());
            if dice.percent(40) {
                return;
            }
        }
        if dice.percent(20) {
            let snapshot = execution.snapshot();
            execution = Execution::restore(program, &snapshot).unwrap();
            assert_eq!(execution.snapshot(), snapshot);
        }
        world.wait();
        let Some((effect, outcome)) = world.answer() else { panic!("it waits for nothing") };
        if execution.answer(&effect, outcome.clone(), world.now) {
            world.answered(&effect, &outcome);
        } else if execution.has_ended() {
            return;
        }
    }
}

/// A snapshot that the bytes damage: it is refused, or goes on without a panic.
pub fn snapshot(bytes: &[u8]) {
    // As they are, they are nearly never one.
    let _ = Snapshot::from_bytes(bytes).map(|snapshot| snapshot.parts().map(|_| ()));
    let mut dice = Dice::of(bytes);
    let program = machine(&mut dice);
    let start = start(&mut dice);
    let mut world = World::new(dice.clone(), start.context.start_time);
    let mut execution = Execution::start(program, start);
    for _ in 0..dice.below(40) {
        while execution.run(world.now, &Pace::Endless).is_more() {}
        world.take(execution.wants());
        let Some((effect, outcome)) = world.answer() else { break };
        if execution.answer(&effect, outcome.clone(), world.now) {
            world.answered(&effect, &outcome);
        } else if execution.has_ended() {
            break;
        }
    }
    let snapshot = execution.snapshot();
    let Ok(parts) = snapshot.parts() else { panic!("a snapshot has parts") };
    let mut state = parts.state.to_vec();
    for _ in 0..=dice.below(3) {
        damage(&mut state, &mut dice);
    }
    let damaged = Snapshot::new(parts.machine, parts.fingerprint, &state);
    if let Ok(execution) = Execution::restore(program, &damaged) {
        drive_damaged(execution, &mut dice);
    }
}

pub(super) fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(bytes.len());
    if bytes.is_empty() {
        return;
    }
    match dice.below(6) {
        0 => {
            bytes.remove(at);
        }
        1 => bytes.insert(at, bytes[dice.below(bytes.len())]),
        2 => bytes[at] = u8::try_from(dice.below(256)).unwrap(),
        3 => bytes[at] ^= 1 << dice.below(8),
        _ => bytes[at] = bytes[at].wrapping_add(if dice.percent(50) { 1 } else { 0xff }),
    }
}

pub(super) fn drive_damaged(mut execution: Execution, dice: &mut Dice) {
    let mut world = World::new(dice.clone(), Timestamp::new(1_800_000_000, 0));
    let _ = format!("{execution:?}");
    for want in execution.outstanding() {
        world.take([want]);
    }
    // What is still to be delivered may be anything.
    execution.wants();
    for _ in 0..60 {
        for _ in 0..20 {
            if !matches!(execution.run_wide(world.now, 2, 20), Progress::More | Progress::Interrupted) {
                break;
            }
            execution.run(world.now, &Pace::Endless);
        }
        let again = Execution::restore(execution.program(), &execution.snapshot());
        assert!(again.is_ok(), "{again:?}");
        let wants: Vec<Want> = execution.wants();
        for want in wants {
            world.open.retain(|open| names(std::slice::from_ref(open)) != names(std::slice::from_ref(&want)));
            world.take([want]);
        }
        execution.told();
        let Some((effect, outcome)) = world.answer() else { return };
        if execution.answer(&effect, outcome.clone(), world.now) {
            world.answered(&effect, &outcome);
        }
    }
}
