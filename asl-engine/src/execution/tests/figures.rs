use super::toy::{Dice, Toy};
use super::world::start;
use crate::execution::Execution;
use crate::turn::Pace;
use std::time::{Duration, Instant};

const LANES: usize = 20_000;

/// The shortest of some times, because others use the machine too.
fn best<T>(act: impl Fn() -> T) -> Duration {
    let times = (0..5).map(|_| {
        let before = Instant::now();
        let result = act();
        let time = before.elapsed();
        drop(result);
        time
    });
    times.min().unwrap_or_default()
}

#[test]
#[expect(clippy::print_stdout, reason = "the figures are what it is run for")]
fn snapshot_figures() {
    let mut start = start(&mut Dice::new(1));
    start.tells = None;
    let (now, data) = (start.context.start_time, start.context.input.to_string().len());
    let mut execution = Execution::start(Toy::wide(LANES), start);
    while execution.run(now, &Pace::Endless).is_more() {}
    assert_eq!(execution.wants().len(), 2 * LANES);
    let snapshot = execution.snapshot();
    let taken = best(|| execution.snapshot());
    let back = best(|| Execution::restore(execution.program(), &snapshot).unwrap());
    let restored = Execution::restore(execution.program(), &snapshot).unwrap();
    assert_eq!(restored.snapshot(), snapshot);
    let bytes = snapshot.as_bytes().len();
    println!(
        "{LANES} lanes that wait for a task: snapshot {taken:?}, restore {back:?}, {bytes} bytes, {} a lane (data {data} bytes)",
        bytes / LANES
    );
    assert!(bytes < 200 * LANES, "{bytes}");
}
