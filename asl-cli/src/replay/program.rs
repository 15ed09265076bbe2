//! The program that compiled machines run in: written, built with cargo, and kept in a cache.
//!
//! In: the code of machines. Out: the path of an executable that answers requests about them, see [`worker`](super::worker).

use proc_macro2::TokenStream;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

const MAIN: &str = include_str!("program/main.rs");

/// The machines of a program, in the order of their numbers.
#[derive(Debug, Default)]
pub(crate) struct Program {
    machines: Vec<Machine>,
}

#[derive(Debug)]
struct Machine {
    module: String,
    code: String,
}

impl Program {
    /// Adds a machine by the name of its module and its code, and gives its number.
    pub(crate) fn add(&mut self, module: String, code: String) -> usize {
        self.machines.push(Machine { module, code });
        self.machines.len() - 1
    }

    /// Builds the program, or finds it built.
    pub(crate) fn build(&self, runtime: Option<&Path>) -> Result<PathBuf, String> {
        let runtime = runtime_folder(runtime)?;
        let cache = cache_folder()?.join(format!("{:016x}", hash(&runtime)));
        let main = self.main();
        let name = format!(
            "replay-{:016x}",
            hash(&(&main, self.machines.iter().map(|machine| &machine.code).collect::<Vec<_>>()))
        );
        let folder = cache.join(&name);
        write(&folder.join("Cargo.toml"), &manifest(&name, &runtime))?;
        write(&folder.join("src/main.rs"), &main)?;
        for (number, machine) in self.machines.iter().enumerate() {
            write(&folder.join(format!("src/file_{number}.rs")), &machine.code)?;
        }
        let lock = folder.join("Cargo.lock");
        if let (false, Ok(text)) = (lock.exists(), fs::read_to_string(runtime.join("../Cargo.lock"))) {
            // The dependencies that the command itself was built with.
            write(&lock, &text)?;
        }
        let target = cache.join("target");
        cargo(&folder, &target)?;
        Ok(target.join("debug").join(format!("{name}{}", env::consts::EXE_SUFFIX)))
    }

    fn main(&self) -> String {
        let (mut modules, mut table) = (String::new(), String::new());
        for (number, machine) in self.machines.iter().enumerate() {
            let _ = writeln!(modules, "mod file_{number};");
            let _ = writeln!(
                table,
                "    |replay| Box::pin(replay.run::<file_{number}::{}::Machine>()),",
                machine.module
            );
        }
        format!("{MAIN}\n{modules}\nstatic MACHINES: &[Run] = &[\n{table}];\n")
    }
}

/// Generated code as text that a person can read.
pub(crate) fn to_text(tokens: TokenStream) -> Result<String, String> {
    match syn::parse2(tokens) {
        Ok(file) => Ok(prettyplease::unparse(&file)),
        Err(error) => {
            Err(format!("the generated code is not Rust, which is a fault of the compiler: {error}"))
        }
    }
}

/// The sources of `asl-runtime`, which generated code needs.
fn runtime_folder(asked: Option<&Path>) -> Result<PathBuf, String> {
    let folder = asked.unwrap_or_else(|| Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../asl-runtime")));
    let found = folder.canonicalize().ok().filter(|folder| folder.join("Cargo.toml").is_file());
    found.ok_or_else(|| {
        let folder = folder.display();
        format!("there is no crate `asl-runtime` in `{folder}`: name its folder with `--runtime` or in `ASL_RUNTIME`")
    })
}

fn cache_folder() -> Result<PathBuf, String> {
    let of_user = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let folder = of_user
        .or_else(|| Some(env::home_dir()?.join(".cache")))
        .unwrap_or_else(env::temp_dir)
        .join("asl-replay");
    fs::create_dir_all(&folder).map_err(|error| format!("`{}` cannot be made: {error}", folder.display()))?;
    Ok(folder)
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Writes a file unless it is there already, because cargo builds again what is newer.
fn write(path: &Path, text: &str) -> Result<(), String> {
    if fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    written.map_err(|error| format!("`{}` cannot be written: {error}", path.display()))
}

/// Debug information and optimisation would only cost time: each machine runs for a moment.
fn manifest(name: &str, runtime: &Path) -> String {
    let runtime = runtime.display().to_string();
    format!(
        r#"[package]
name = "{name}"
version = "0.0.0"
edition = "2024"
publish = false

[dependencies]
asl-runtime = {{ path = {runtime:?} }}
tokio = {{ version = "1", default-features = false, features = ["rt"] }}

[workspace]

[profile.dev]
debug = false
opt-level = 0
incremental = false
"#
    )
}

fn cargo(folder: &Path, target: &Path) -> Result<(), String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["build", "--quiet", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target)
        // Flags that are meant for the program around this one would build all dependencies once more.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .map_err(|error| format!("cargo cannot be run: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    Err(format!("the program in `{}` cannot be built:\n{}", folder.display(), text.trim_end()))
}
