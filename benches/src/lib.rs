//! The harness of the benchmarks: what is measured runs in turns with what it is compared with, in one process.
//!
//! In: sides, which run something a number of times. Out: a line with the median cost of each side, and the median of the ratios of
//! the rounds. Rounds are many and short: on a machine that does other work too, most of them run undisturbed, and both sides of a
//! round meet the same machine. Inputs are made before the clock starts, outputs are dropped after it stops.

pub mod definitions;

use std::cell::Cell;
use std::error::Error;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::hint::black_box;
use std::io::{self, Write as _};
use std::num::NonZero;
use std::process::{Command, ExitCode};
use std::sync::Once;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};

/// Runs something a number of times and says how long that took.
pub type Side<'a> = Box<dyn FnMut(u32) -> Duration + 'a>;

/// With `--check`, a target that is missed by less than this is only told.
const TOLERANCE: f64 = 1.5;

/// How long a side runs at a time: less than a time slice of the system.
const ROUND: Duration = Duration::from_millis(2);

/// The number of inputs and outputs that are alive at once.
const BATCH: u32 = 16;

/// A run of a benchmark program, by the arguments that `cargo bench -- ..` passes on.
#[derive(Debug)]
pub struct Bench {
    /// `--quick`: only to see that everything runs.
    pub quick: bool,
    check: bool,
    names: Vec<String>,
    runtime: Runtime,
    missed: Cell<bool>,
}

/// Something that is measured.
#[expect(missing_debug_implementations, reason = "the sides are closures")]
pub struct Measurement<'a> {
    /// What it is.
    pub name: &'a str,
    /// What a run is made of, as `"transition"`.
    pub unit: &'a str,
    /// The number of units in a run.
    pub units: u32,
    /// The side that is measured and, if there is one, the side that it is compared with, each with its name.
    pub sides: Vec<(&'a str, Side<'a>)>,
    /// How many times as much as the other side it may cost.
    pub target: Option<f64>,
}

/// What came out of a measurement.
#[derive(Clone, Debug)]
pub struct Figures {
    /// The median cost of each side, in nanoseconds a unit.
    pub costs: Vec<f64>,
    /// The median of the ratios of the two sides, if there are two.
    pub ratio: Option<f64>,
}

impl Bench {
    /// Reads `--quick`, `--check` and names: only what has one of them in its name is run.
    ///
    /// # Errors
    /// There is no runtime to be had.
    pub fn from_args() -> io::Result<Self> {
        let (flags, names): (Vec<_>, Vec<_>) =
            std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
        let is_set = |flag: &str| flags.iter().any(|argument| argument == flag);
        let runtime = Builder::new_current_thread().enable_time().build()?;
        Ok(Self {
            quick: is_set("--quick"),
            check: is_set("--check"),
            names,
            runtime,
            missed: Cell::new(false),
        })
    }

    /// Whether something of this name is to be run.
    #[must_use]
    pub fn wants(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|part| name.contains(part))
    }

    /// Runs something once, on the runtime of all benchmarks: one thread.
    pub fn once<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// A side that runs `run` on what `prepare` makes.
    pub fn side<'a, I, O>(
        &'a self,
        prepare: impl Fn() -> I + 'a,
        run: impl AsyncFn(I) -> O + 'a,
    ) -> Side<'a> {
        Box::new(move |times| {
            let mut took = Duration::ZERO;
            for first in (0..times).step_by(BATCH as usize) {
                let inputs: Vec<_> = (first..times.min(first + BATCH)).map(|_| prepare()).collect();
                let mut outputs = Vec::with_capacity(inputs.len());
                took += self.runtime.block_on(async {
                    let start = Instant::now();
                    for input in inputs {
                        outputs.push(black_box(run(black_box(input)).await));
                    }
                    start.elapsed()
                });
            }
            took
        })
    }

    /// A side that runs `run` again and again, with the number of the run. Outputs are dropped at once.
    pub fn plain_side<'a, O>(mut run: impl FnMut(usize) -> O + 'a) -> Side<'a> {
        Box::new(move |times| {
            let start = Instant::now();
            for number in 0..times as usize {
                black_box(run(black_box(number)));
            }
            start.elapsed()
        })
    }

    /// Measures the sides in turns, and prints what came out: whether the target is met, where there is one.
    pub fn measure(&self, measurement: Measurement<'_>) -> Figures {
        let Measurement { name, unit, units, mut sides, target } = measurement;
        let rounds = if self.quick { 3 } else { 201 };
        let times: Vec<_> = sides.iter_mut().map(|(_, side)| warm_up(side)).collect();
        let mut costs: Vec<_> = sides.iter().map(|_| Vec::with_capacity(rounds)).collect();
        for _ in 0..rounds {
            for (((_, side), times), costs) in sides.iter_mut().zip(&times).zip(&mut costs) {
                costs.push(side(*times).as_secs_f64() * 1e9 / (f64::from(*times) * f64::from(units)));
            }
        }
        let ratio = if let [ours, baseline] = costs.as_slice() { Some(spread(ours, baseline)) } else { None };
        let mut line = format!("{name:<40}");
        for ((name, _), costs) in sides.iter().zip(&mut costs) {
            let _ = write!(line, " {name} {:>7.1} ns ", median(costs));
        }
        let _ = write!(line, " a {unit}");
        if let Some([least, middle, most]) = ratio {
            let _ =
                write!(line, ", ratio {middle:.2} ({least:.2}..{most:.2}){}", verdict(middle, target, ""));
            self.judge(middle, target);
        }
        print(&line);
        if let ([(_, _), (other, _)], Some([least, middle, most])) = (sides.as_slice(), ratio) {
            let costs: Vec<_> = costs.iter_mut().map(|costs| format!("{:.1}", median(costs))).collect();
            let [ours, cost] = [0, 1].map(|side| costs.get(side).map_or("", String::as_str));
            let [least, middle, most] = [least, middle, most].map(|ratio| format!("{ratio:.2}"));
            note(&["ratio", name, unit, ours, other, cost, &middle, &least, &most, &cell(target)]);
        }
        let costs = costs.iter_mut().map(|costs| median(costs)).collect();
        Figures { costs, ratio: ratio.map(|[_, middle, _]| middle) }
    }

    /// Notes how a figure compares with its target.
    pub fn judge(&self, figure: f64, target: Option<f64>) {
        self.missed.set(self.missed.get() || target.is_some_and(|target| figure > target * TOLERANCE));
    }

    /// How the program ends: it informs, unless `--check` wants it to judge.
    #[must_use]
    pub fn finish(&self) -> ExitCode {
        if self.check && self.missed.get() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

/// Does something whose instructions `valgrind` counts: it is told the name of this function.
#[inline(never)]
pub fn counted(work: &dyn Fn()) {
    work();
}

/// `valgrind` on one processor, where there is `taskset`: turns that take long are shared among threads, which has its own costs, and under `valgrind` all
/// of them take long.
fn valgrind() -> Command {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    let first = allowed.and_then(|list| list.trim().split([',', '-']).next());
    match first.filter(|_| Command::new("taskset").arg("--version").output().is_ok()) {
        Some(processor) => {
            let mut command = Command::new("taskset");
            command.args(["-c", processor, "valgrind"]);
            command
        }
        None => Command::new("valgrind"),
    }
}

/// The instructions that this program takes in what it passes to [`counted`] when it is started with these arguments, or nothing where there is no
/// `valgrind`.
///
/// # Errors
/// The program failed, or counted nothing.
pub fn instructions(arguments: &[&str]) -> Result<Option<f64>, Box<dyn Error>> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        return Ok(None);
    }
    let output = valgrind()
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg("--toggle-collect=asl_benches::counted")
        .arg(std::env::current_exe()?)
        .args(arguments)
        .output()?;
    let told = String::from_utf8_lossy(&output.stderr);
    let collected =
        told.lines().find_map(|line| line.split_once("Collected : ")).map(|(_, number)| number.trim());
    match collected.map(str::parse::<f64>) {
        Some(Ok(number)) if output.status.success() && number > 0.0 => Ok(Some(number)),
        _ => Err(format!("`valgrind` has counted nothing: {told}").into()),
    }
}

/// `, target <= 1.5: met`, where there is a target.
#[must_use]
pub fn verdict(figure: f64, target: Option<f64>, unit: &str) -> String {
    let Some(target) = target else { return String::new() };
    let met = if figure <= target { "met" } else { "MISSED" };
    format!(", target <= {target}{unit}: {met}")
}

/// The middle one, after putting them in order.
fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

/// Notes a figure as a row of the file that `ASL_FIGURES` names, which the page of the performance is made of: its kind, and what that kind says.
/// The machine comes before the first row of a program.
pub fn note(cells: &[&str]) {
    static MACHINE: Once = Once::new();
    let Some(file) = std::env::var_os("ASL_FIGURES") else { return };
    let write = |cells: &[&str]| {
        let file = OpenOptions::new().create(true).append(true).open(&file);
        file.and_then(|mut file| writeln!(file, "{}", cells.join("\t")))
    };
    let mut written = Ok(());
    MACHINE.call_once(|| written = write(&["machine", &machine()]));
    if let Err(error) = written.and_then(|()| write(cells)) {
        let _ = writeln!(io::stderr(), "the figures cannot be noted: {error}");
    }
}

/// The machine that is measured on: its processor, and the compiler.
fn machine() -> String {
    let known = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = known.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
    let model = model.map_or(std::env::consts::ARCH, |(_, model)| model);
    format!("{model}, {processors} processors, {}", env!("ASL_RUSTC"))
}

/// A target as a cell of a row.
#[must_use]
pub fn cell(number: Option<f64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

/// Prints a line. A reader that has gone away is not a fault.
pub fn print(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Runs until caches and branches are warm; returns how many runs fill a round, unless making their inputs takes much longer.
fn warm_up(side: &mut Side<'_>) -> u32 {
    let mut times = 1;
    loop {
        let start = Instant::now();
        let took = side(times);
        if took >= ROUND / 2 || start.elapsed() >= ROUND * 32 {
            return times;
        }
        times *= 2;
    }
}

/// The ratios of the rounds: the middle one, and the ones that nine of ten lie between.
fn spread(ours: &[f64], baseline: &[f64]) -> [f64; 3] {
    let mut ratios: Vec<_> = ours.iter().zip(baseline).map(|(one, other)| one / other).collect();
    ratios.sort_by(f64::total_cmp);
    let at = |part: usize| ratios.get(ratios.len() * part / 20).copied().unwrap_or_default();
    [at(1), at(10), at(19)]
}
