use super::fuzzed::{damage, drive_damaged};
use super::toy::{Dice, Toy};
use super::world::{World, names, start};
use crate::codec::{from_bytes, to_bytes};
use crate::execution::lane::Lanes;
use crate::execution::{
    Beginning, EffectId, Execution, First, Outcome, Progress, ROOT, Ready, Snapshot, SnapshotError, Start,
    Want,
};
use crate::history::Told;
use crate::limits::Limits;
use crate::program::Program;
use crate::turn::Pace;
use asl_language::timestamp::Timestamp;
use std::cell::Cell;

/// How an execution is driven; the same has to come of all.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    /// As far as it goes.
    Plain,
    /// As bytes and back after each call.
    Restored,
    /// With little patience, and as bytes and back where it had none.
    Hasty,
    /// On three threads.
    Wide,
    /// Folded up whenever it waits for a time.
    Folded,
}

fn restored(execution: &Execution) -> Execution {
    let snapshot = execution.snapshot();
    let restored = Execution::restore(execution.program(), &snapshot).unwrap();
    assert_eq!(restored.snapshot(), snapshot);
    restored
}

/// Runs until it waits; what it wants and tells.
fn run(execution: &mut Execution, way: Way, now: Timestamp, dice: &mut Dice) -> (Vec<Want>, Vec<Told>) {
    let mut told = Vec::new();
    for _ in 0..100_000 {
        let looks = Cell::new(u32::try_from(1 + dice.below(400)).unwrap());
        let progress = match way {
            Way::Plain | Way::Restored | Way::Folded => execution.run(now, &Pace::Endless),
            Way::Hasty => execution.run(now, &Pace::Short(looks)),
            Way::Wide => execution.run_wide(now, 3, 50),
        };
        if way == Way::Restored || way == Way::Hasty && progress == Progress::Interrupted {
            *execution = restored(execution);
        }
        if way == Way::Wide && progress == Progress::Interrupted {
            execution.run(now, &Pace::Endless);
        }
        if dice.percent(50) {
            told.extend(execution.told());
        }
        // What is wanted of an execution that comes to its end by itself is not wanted any more.
        if matches!(progress, Progress::Waits | Progress::Ended) {
            told.extend(execution.told());
            let wants = execution.wants();
            if way == Way::Folded
                && let Some(folded) = execution.fold()
            {
                *execution = folded.unfold().unwrap();
            }
            return (wants, told);
        }
    }
    panic!("it goes on forever");
}

/// An execution of a machine by chance, in several ways at once. Returns the number of answers, and snapshots on the way.
fn drive(seed: u64, steps: usize) -> (usize, Vec<Snapshot>, &'static dyn Program) {
    let mut dice = Dice::new(seed.wrapping_mul(977));
    let program = Toy::random(seed);
    let start = start(&mut dice);
    let mut world = World::new(dice.clone(), start.context.start_time);
    let mut all: Vec<(Way, Execution)> = [Way::Plain, Way::Restored, Way::Hasty, Way::Wide, Way::Folded]
        .map(|way| (way, Execution::start(program, start.clone())))
        .into();
    let mut snapshots = Vec::new();
    for step in 0..steps {
        let mut came =
            all.iter_mut().map(|(way, execution)| (*way, run(execution, *way, world.now, &mut dice)));
        let (_, (wants, told)) = came.next().unwrap();
        let said = (wants.clone(), told.clone());
        let bytes = to_bytes(&said);
        assert_eq!(from_bytes::<(Vec<Want>, Vec<Told>)>(&bytes).unwrap(), said);
        for (way, (other_wants, other_told)) in came {
            assert_eq!(other_told, told, "{way:?}, seed {seed}, step {step}");
            assert_eq!(other_wants, wants, "{way:?}, seed {seed}, step {step}");
            assert_eq!(to_bytes(&(other_wants, other_told)), bytes, "{way:?}, seed {seed}, step {step}");
        }
        world.take(wants);
        let snapshot = all[0].1.snapshot();
        for (way, other) in &all[1..] {
            assert_eq!(other.snapshot(), snapshot, "{way:?}, seed {seed}, step {step}");
            assert_eq!((other.state(), other.events()), (all[0].1.state(), all[0].1.events()));
        }
        assert_eq!(names(&all[0].1.outstanding()), world.names(), "seed {seed}, step {step}");
        if dice.percent(10) && all.len() < 9 {
            all.push((Way::Plain, restored(&all[0].1)));
        }
        snapshots.push(snapshot);
        if all[0].1.has_ended() {
            assert!(world.end.is_some() && all[0].1.outstanding().is_empty());
            if !start.is_redrivable || matches!(world.end, Some(Ok(_))) || dice.percent(25) {
                return (step, snapshots, program);
            }
        }
        world.wait();
        let (effect, outcome) = world.answer().unwrap_or_else(|| panic!("seed {seed} waits for nothing"));
        let answer = (effect.clone(), outcome.clone());
        assert_eq!(from_bytes::<(EffectId, Outcome)>(&to_bytes(&answer)).unwrap(), answer);
        let line = serde_json::to_string(&answer).unwrap();
        assert_eq!(serde_json::from_str::<(EffectId, Outcome)>(&line).unwrap(), answer);
        let mut taken =
            all.iter_mut().map(|(_, execution)| execution.answer(&effect, outcome.clone(), world.now));
        let is_taken = taken.next().unwrap();
        assert!(taken.all(|other| other == is_taken), "seed {seed}, step {step}: {effect} {outcome:?}");
        if is_taken {
            world.answered(&effect, &outcome);
        }
    }
    (steps, snapshots, program)
}

/// How many machines are tried: more of them where someone has the time, by the variable `MACHINES`.
fn machines(usually: u64) -> u64 {
    std::env::var("MACHINES").ok().and_then(|number| number.parse().ok()).unwrap_or(usually)
}

#[test]
fn executions_go_on_from_snapshots_as_if_nothing_had_been() {
    let (mut answers, mut ended) = (0, 0);
    let machines = machines(100);
    for seed in 0..machines {
        let (steps, ..) = drive(seed, 400);
        answers += steps;
        ended += u32::from(steps < 400);
    }
    assert!(answers > 500 && ended > 50, "{answers} answers, {ended} of {machines} ended");
}

#[test]
fn what_is_over_in_its_first_turn_comes_to_the_same() {
    let run_on = |execution: &mut Execution, now| {
        while execution.run(now, &Pace::Endless).is_more() {}
        execution.wants()
    };
    let (mut over, mut more) = (0, 0);
    for seed in 0..machines(300) {
        let (program, mut dice) = (Toy::random(seed), Dice::new(seed));
        let start = Start { tells: None, ..start(&mut dice) };
        let now = start.context.start_time;
        let mut plain = Execution::start(program, start.clone());
        let wants = run_on(&mut plain, now);
        let looks = Cell::new(u32::try_from(1 + dice.below(400)).unwrap());
        let draw = |_| start.clone();
        let mut beginning = Beginning::new(start.context.input.clone(), start.limits, &draw);
        match Execution::first_turn(program, &mut beginning, &Pace::Short(looks)) {
            First::Succeeded(output) => {
                assert_eq!(wants.last(), Some(&Want::Ended(Ok(output))), "seed {seed}");
                over += 1;
            }
            First::GoesOn(mut execution) => {
                assert_eq!(run_on(&mut execution, now), wants, "seed {seed}");
                assert_eq!(execution.snapshot(), plain.snapshot(), "seed {seed}");
                assert_eq!((execution.state(), execution.events()), (plain.state(), plain.events()));
                more += 1;
            }
        }
    }
    assert!(over > 3 && more > 100, "{over} were over, {more} were not");
}

#[test]
fn what_comes_of_damaged_bytes_can_be_driven() {
    let (mut refused, mut driven) = (0, 0);
    for seed in 0..machines(20) {
        let (_, snapshots, program) = drive(seed + 1_000_000, 60);
        let mut dice = Dice::new(seed);
        for _ in 0..60 {
            let snapshot = &snapshots[dice.below(snapshots.len())];
            let parts = snapshot.parts().unwrap();
            let mut state = parts.state.to_vec();
            for _ in 0..=dice.below(2) {
                damage(&mut state, &mut dice);
            }
            let damaged = Snapshot::new(parts.machine, parts.fingerprint, &state);
            match Execution::restore(program, &damaged) {
                Err(SnapshotError::Damaged(_)) => refused += 1,
                Err(other) => panic!("{other}"),
                Ok(execution) => {
                    driven += 1;
                    drive_damaged(execution, &mut dice);
                }
            }
        }
    }
    assert!(refused > 100 && driven > 100, "{refused} refused, {driven} driven");
}

#[test]
fn snapshots_say_why_they_are_refused() {
    let mut dice = Dice::new(1);
    let program = Toy::wide(2);
    let mut execution = Execution::start(program, start(&mut dice));
    execution.run(Timestamp::new(1_700_000_000, 0), &Pace::Endless);
    let snapshot = execution.snapshot();
    assert_eq!((snapshot.machine(), snapshot.version()), ("Wide", 5));
    let bytes = snapshot.as_bytes().to_vec();
    let refused = |bytes: &[u8]| Snapshot::from_bytes(bytes).unwrap_err().to_string();
    assert_eq!(refused(b"{}"), "this is not a snapshot of an execution");
    let mut other = bytes.clone();
    other[4] = 9;
    assert_eq!(refused(&other), "the snapshot is of version 9, and version 5 is read here");
    for at in [5, 20, 40, bytes.len() - 1] {
        let mut other = bytes.clone();
        other[at] ^= 1;
        assert_eq!(refused(&other), "the snapshot is damaged: the checksum is another one");
    }
    assert_eq!(refused(&bytes[..bytes.len() - 1]), "the snapshot is damaged: the checksum is another one");
    assert_eq!(refused(&bytes[..9]), "the snapshot is damaged: the bytes end too early");
    let message = |program| Execution::restore(program, &snapshot).unwrap_err().to_string();
    let named_otherwise = (0..).map(Toy::random).find(|toy| toy.name() == "Toy").unwrap();
    assert_eq!(message(named_otherwise), "the snapshot is of the machine `Wide`, not of `Toy`");
    let parts = snapshot.parts().unwrap();
    let of_others = Snapshot::new(parts.machine, parts.fingerprint ^ 1, parts.state);
    let error = Execution::restore(program, &of_others).unwrap_err();
    assert_eq!(error.to_string(), "the snapshot is of a machine `Wide` with other states");
}

/// Why an execution that was changed in a way that never happens is not restored.
fn refused(mut execution: Execution, change: impl FnOnce(&mut Execution)) -> Option<String> {
    change(&mut execution);
    let restored = Execution::restore(execution.program(), &execution.snapshot());
    restored.err().map(|error| error.to_string())
}

#[test]
fn executions_that_cannot_be_are_not_restored() {
    let running = || {
        let mut execution = Execution::start(Toy::wide(2), start(&mut Dice::new(1)));
        execution.run(Timestamp::new(1_700_000_000, 0), &Pace::Endless);
        execution
    };
    let ended = || {
        let mut execution = running();
        let now = execution.now;
        execution.answer(&EffectId::EXECUTION, Outcome::Stopped { error: None, cause: None }, now);
        execution.run(now, &Pace::Endless);
        assert!(execution.has_ended());
        execution.wants();
        execution
    };
    assert_eq!(refused(running(), |_| {}), None);
    assert_eq!(refused(ended(), |_| {}), None);
    assert_eq!(refused(running(), |execution| execution.events = (1 << 56) - 1), None);
    let message = "the snapshot is damaged: the number of events is too large";
    assert_eq!(refused(running(), |execution| execution.events = 1 << 56).as_deref(), Some(message));
    let message = "the snapshot is damaged: an execution that has ended has lanes";
    let of_ended = |change: fn(&mut Execution)| refused(ended(), change);
    assert_eq!(
        of_ended(|execution| execution.lanes = Lanes::new(Vec::new(), vec![1])).as_deref(),
        Some(message)
    );
    assert_eq!(of_ended(|execution| execution.ready.push_back(Ready::Lane(ROOT))).as_deref(), Some(message));
}

#[test]
fn what_has_failed_on_its_way_out_is_done_again_with_its_input() {
    let mut start = start(&mut Dice::new(1));
    (start.is_redrivable, start.limits) = (true, Limits { payload_bytes: Some(90), ..Limits::none() });
    let now = start.context.start_time;
    let mut execution = Execution::start(Toy::wide(1), start);
    let asked = |execution: &mut Execution| {
        while execution.run(now, &Pace::Endless).is_more() {}
        let performs = execution.wants().into_iter().filter_map(|want| match want {
            Want::Perform(perform) => Some(perform),
            _ => None,
        });
        performs.last()
    };
    let first = asked(&mut execution).unwrap();
    // The result is not too large, but what it becomes a part of is.
    assert!(execution.answer(&first.effect, Outcome::Ended(Ok("result".repeat(10).into())), now));
    assert!(asked(&mut execution).is_none() && execution.has_ended());
    assert!(execution.answer(&EffectId::EXECUTION, Outcome::Redriven, now));
    assert_eq!(asked(&mut execution).unwrap().task.parameters, first.task.parameters);
}

#[test]
fn snapshots_are_text_in_formats_for_people() {
    let mut execution = Execution::start(Toy::wide(2), start(&mut Dice::new(1)));
    execution.run(Timestamp::new(1_700_000_000, 0), &Pace::Endless);
    let snapshot = execution.snapshot();
    let text = serde_json::to_string(&snapshot).unwrap();
    assert!(text.starts_with(r#""QVNMW"#), "{text}");
    assert_eq!(serde_json::from_str::<Snapshot>(&text).unwrap(), snapshot);
    let error = serde_json::from_str::<Snapshot>(r#""QVNM""#).unwrap_err().to_string();
    assert!(error.starts_with("this is not a snapshot of an execution"), "{error}");
}
