//! What compiling costs: the compiler alone, and rustc on what it makes, for machines of 10, 100 and 1,000 states.
//!
//! The compiler runs in this process. For rustc, a program with nothing but the machine is checked and built by cargo as a user
//! does it, in a folder of its own; its dependencies are built once, before the clock starts. What a program with a machine of
//! one state takes is taken off.

use asl_benches::{Bench, definitions, median, print, verdict};
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

/// How many times as much a state of a large machine may take as one of a machine a tenth of its size.
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
    let sizes: &[u32] = if bench.quick { &[10, 100] } else { &[10, 100, 1000] };
    if bench.wants("compiler") {
        compiler(&bench, sizes)?;
    }
    for command in ["check", "build"] {
        if bench.wants(command) {
            cargo(&bench, sizes, command)?;
        }
    }
    Ok(bench.finish())
}

fn compiler(bench: &Bench, sizes: &[u32]) -> Outcome<()> {
    let mut growth = Growth::default();
    for states in sizes {
        let text = definition(*states);
        let mut seconds = Vec::new();
        for _ in 0..if bench.quick { 2 } else { 15 } {
            let start = Instant::now();
            let compilation = compile(
                &SourceFile::new("mixed.asl.json", text.as_str()),
                &Options::default(),
                &Module::of_file("mixed"),
            );
            if black_box(compilation).tokens.is_none() {
                return Err("the definition does not compile".into());
            }
            seconds.push(start.elapsed().as_secs_f64());
        }
        let seconds = median(&mut seconds);
        let target = (*states == 1000).then_some(TARGET);
        print(&format!(
            "compiler, {states:>4} states {:>9.2} ms, {:>8.1} us a state{}",
            seconds * 1e3,
            seconds * 1e6 / f64::from(*states),
            verdict(seconds, target, " s")
        ));
        bench.judge(seconds, target);
        growth.add(bench, seconds / f64::from(*states));
    }
    Ok(())
}

fn cargo(bench: &Bench, sizes: &[u32], command: &str) -> Outcome<()> {
    let program = Program::new()?;
    let rounds = if bench.quick { 1 } else { 3 };
    program.time(command, 1, 1)?;
    let empty = program.time(command, 1, rounds)?;
    print(&format!("cargo {command},    1 state  {empty:>9.2} s"));
    let mut growth = Growth::default();
    for states in sizes {
        let seconds = program.time(command, *states, rounds)?;
        let each = (seconds - empty) / f64::from(*states);
        print(&format!(
            "cargo {command}, {states:>4} states {seconds:>9.2} s, {:>8.2} ms a state",
            each * 1e3
        ));
        growth.add(bench, each);
    }
    Ok(())
}

fn definition(states: u32) -> String {
    format!("{:#}", definitions::mixed(usize::try_from(states).unwrap_or(usize::MAX)))
}

/// What a state costs in one machine after the other, each ten times as large as the one before.
#[derive(Default)]
struct Growth {
    /// For machines of 10 states everything else is most of the time, so they are no measure.
    seen: u32,
    last: f64,
}

impl Growth {
    fn add(&mut self, bench: &Bench, each: f64) {
        if self.seen >= 2 {
            let growth = each / self.last;
            let linear = if growth <= GROWTH { "grows linearly" } else { "grows FASTER than linearly" };
            print(&format!(
                "    {linear}: a state costs {growth:.2} times what it costs in a machine a tenth of the size"
            ));
            bench.judge(growth, Some(GROWTH));
        }
        self.seen += 1;
        self.last = each;
    }
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

    /// The median time that cargo takes for a machine of so many states.
    fn time(&self, command: &str, states: u32, rounds: u32) -> Outcome<f64> {
        let text = definition(states);
        let mut seconds = Vec::new();
        for round in 0..rounds {
            // Different each time: cargo must not find what it made before.
            let name = self.folder.join("src/mixed.json");
            fs::write(&name, format!("{text}\n{:width$}", "", width = usize::try_from(round)?))?;
            let start = Instant::now();
            self.cargo(command)?;
            seconds.push(start.elapsed().as_secs_f64());
        }
        Ok(median(&mut seconds))
    }

    fn cargo(&self, command: &str) -> Outcome<()> {
        let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args([command, "--quiet", "--offline"])
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
