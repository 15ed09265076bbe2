//! What compiling costs: the compiler alone, and rustc on what it makes, for machines of 10 to 5,000 states.
//!
//! The compiler runs in this process. For rustc, a program with nothing but the machine is checked and built by cargo as a user
//! does it, in a separate folder; its dependencies are built once, before the clock starts. What a program with a machine of
//! one state takes is taken off. Where the system says how much processor time cargo and all that it starts have had, that is what
//! counts, so that other work does not. The least of several times counts: what else a machine does only adds to it.

use asl_benches::{Bench, definitions, note, print, verdict};
use asl_compiler::source::SourceFile;
use asl_compiler::{Module, Options, compile};
use std::error::Error;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;
use std::{env, fs, io};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The seconds that the compiler may take for 1,000 states.
const TARGET: f64 = 0.5;

/// The seconds that 1,000 states may take with optimisation.
const RELEASE: f64 = 20.0;

/// How many times as much a state of the largest machine may take as one of a machine of half the size.
const GROWTH: f64 = 1.5;

/// A program that runs its machine as far as it comes without waiting: enough to have everything compiled and linked.
const MAIN: &str = r#"
asl_runtime::asl_machine!("mixed.json");

fn main() {
    let host = asl_runtime::InMemory::new();
    let execution = std::pin::pin!(mixed::run(&host, asl_runtime::Value::Null));
    let _ = execution.poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
}
"#;

fn main() -> Outcome<ExitCode> {
    let bench = Bench::from_args()?;
    let sizes: &[u32] = if bench.quick { &[10, 100] } else { &[10, 100, 500, 1000] };
    if bench.wants("compiler") {
        compiler(&bench, sizes)?;
    }
    let large: &[u32] = if bench.quick { sizes } else { &[10, 100, 1000, 5000] };
    let few: &[u32] = if bench.quick { &[10] } else { &[100, 1000] };
    for (command, sizes) in [("check", large), ("build", sizes), ("build --release", few)] {
        if bench.wants(command) {
            cargo(&bench, sizes, command)?;
        }
    }
    Ok(bench.finish())
}

fn compiler(bench: &Bench, sizes: &[u32]) -> Outcome<()> {
    let texts: Vec<_> = sizes.iter().map(|states| (*states, definition(*states))).collect();
    let costs = least(&texts, if bench.quick { 2 } else { 15 }, |text, _| {
        let source = SourceFile::new("mixed.asl.json", text.as_str());
        let compilation = compile(&source, &Options::default(), &Module::of_file("mixed"));
        black_box(compilation).tokens.ok_or("the definition does not compile")?;
        Ok(())
    })?;
    for (states, seconds) in &costs {
        let target = (*states == 1000).then_some(TARGET);
        let each = seconds * 1e6 / f64::from(*states);
        let verdict = verdict(*seconds, target, " s");
        print(&format!(
            "compiler, {states:>4} states {:>8.2} ms, {each:>7.1} us a state{verdict}",
            seconds * 1e3
        ));
        note(&["size", "compiler", &states.to_string(), &format!("{:.2}", seconds * 1e3)]);
        bench.judge(*seconds, target);
    }
    growth(bench, 0.0, &costs);
    Ok(())
}

fn cargo(bench: &Bench, sizes: &[u32], command: &str) -> Outcome<()> {
    let program = Program::new()?;
    let texts: Vec<_> = [1].iter().chain(sizes).map(|states| (*states, definition(*states))).collect();
    program.compile(command, &definition(1), usize::MAX)?;
    let is_release = command.contains("release");
    let rounds = if bench.quick || is_release { 1 } else { 5 };
    let costs = least(&texts, rounds, |text, round| program.compile(command, text, round))?;
    let [(_, empty), costs @ ..] = costs.as_slice() else { return Ok(()) };
    print(&format!("cargo {command},    1 state  {empty:>8.2} s"));
    note(&["size", &format!("cargo {command}"), "1", &format!("{:.0}", empty * 1e3)]);
    for (states, seconds) in costs {
        let target = (is_release && *states == 1000).then_some(RELEASE);
        let each = (seconds - empty) * 1e3 / f64::from(*states);
        let verdict = verdict(*seconds, target, " s");
        print(&format!(
            "cargo {command}, {states:>4} states {seconds:>8.2} s, {each:>7.2} ms a state{verdict}"
        ));
        bench.judge(*seconds, target);
        note(&["size", &format!("cargo {command}"), &states.to_string(), &format!("{:.0}", seconds * 1e3)]);
    }
    growth(bench, *empty, costs);
    Ok(())
}

/// The least seconds that something takes for each text, in rounds over all texts.
fn least(
    texts: &[(u32, String)],
    rounds: usize,
    work: impl Fn(&String, usize) -> Outcome<()>,
) -> Outcome<Vec<(u32, f64)>> {
    let mut costs: Vec<_> = texts.iter().map(|(states, _)| (*states, f64::INFINITY)).collect();
    for round in 0..rounds {
        for ((_, text), (_, seconds)) in texts.iter().zip(&mut costs) {
            let (start, had) = (Instant::now(), children());
            work(text, round)?;
            let took = children().zip(had).map(|(have, had)| have - had).filter(|took| *took > 0.0);
            *seconds = seconds.min(took.unwrap_or_else(|| start.elapsed().as_secs_f64()));
        }
    }
    Ok(costs)
}

/// The seconds of a processor that the processes have had which this one has started and waited for.
fn children() -> Option<f64> {
    /// The system counts in hundredths of a second.
    const TICKS: f64 = 100.0;
    let line = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program comes before this, and may hold anything.
    let mut fields = line.rsplit_once(')')?.1.split_whitespace().skip(13);
    let (user, system): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((user + system) / TICKS)
}

/// Says whether the cost grows linearly, by the two largest machines: in small ones everything else is most of it.
fn growth(bench: &Bench, empty: f64, costs: &[(u32, f64)]) {
    let [.., (smaller, less), (larger, more)] = costs else { return };
    let each = |states: u32, seconds: f64| (seconds - empty) / f64::from(states);
    let growth = each(*larger, *more) / each(*smaller, *less);
    let linear = if growth <= GROWTH { "linear" } else { "FASTER than linear" };
    print(&format!(
        "    growth is {linear}: with {larger} states one costs {growth:.2} times as much as with {smaller}"
    ));
    bench.judge(growth, Some(GROWTH));
}

fn definition(states: u32) -> String {
    format!("{:#}", definitions::mixed(usize::try_from(states).unwrap_or(usize::MAX)))
}

/// A program that is a machine and nothing else.
struct Program {
    folder: PathBuf,
}

impl Program {
    fn new() -> io::Result<Self> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile");
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
        fs::create_dir_all(folder.join("src"))?;
        fs::write(folder.join("Cargo.toml"), manifest(&workspace))?;
        fs::write(folder.join("src/main.rs"), MAIN)?;
        // The versions that the workspace uses, so that nothing has to be looked up.
        fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        Ok(Self { folder })
    }

    /// Has cargo compile the program with this definition. Texts of different rounds differ: cargo must not find what it made before.
    fn compile(&self, command: &str, text: &str, round: usize) -> Outcome<()> {
        fs::write(self.folder.join("src/mixed.json"), format!("{text}\n{:width$}", "", width = round % 64))?;
        self.cargo(command)
    }

    fn cargo(&self, command: &str) -> Outcome<()> {
        let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(command.split(' '))
            .args(["--quiet", "--offline"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env("CARGO_INCREMENTAL", "0")
            .output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(format!("cargo {command}: {}", String::from_utf8_lossy(&output.stderr)).into())
    }
}

fn manifest(workspace: &Path) -> String {
    format!(
        "[package]\nname = \"mixed\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nasl-runtime = {{ path = {:?} }}\n\n\
         [profile.dev.package.\"*\"]\ndebug = false\n\n[workspace]\n",
        workspace.join("asl-runtime")
    )
}
