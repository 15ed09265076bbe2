//! Compiles the machines that the benchmarks run: the ones in `machines`, the generated ones, and a folder of workloads if there is one.
//!
//! Out: `$OUT_DIR/machines.rs`, a module a machine, and `$OUT_DIR/workloads.rs`, a module a workload and a table of all of them. A
//! workload that does not compile is in the table with the codes of its errors.

#[expect(dead_code, unreachable_pub, reason = "the library shares the file, and has other uses for it")]
#[path = "src/definitions.rs"]
mod definitions;

use asl_compiler::diagnostic::Severity;
use asl_compiler::source::SourceFile;
use asl_compiler::{Compilation, Module, Options, compile};
use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// How many texts there are to choose from.
const CODES: usize = 1000;

const MACHINES: &str = "machines";
const DEFINITION: &str = ".asl.json";
/// The variable that names the folder of workloads.
const WORKLOADS: &str = "ASL_WORKLOADS";
/// Where the workloads are if nothing is said.
const WORKLOADS_BY_DEFAULT: &str = "../../shared/bench/workloads";

fn main() -> Outcome<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/definitions.rs");
    println!("cargo::rerun-if-changed={MACHINES}");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rustc-env=ASL_RUSTC={}", compiler()?);
    fs::write(out.join("machines.rs"), machines()?)?;
    fs::write(out.join("digit.rs"), digit()?)?;
    fs::write(out.join("workloads.rs"), workloads()?)?;
    Ok(())
}

/// The version of the compiler, which figures are noted with.
fn compiler() -> Outcome<String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = std::process::Command::new(rustc).arg("--version").output()?;
    let words = String::from_utf8(output.stdout)?;
    Ok(words.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
}

fn machines() -> Outcome<String> {
    let mut modules = String::new();
    for path in definitions_in(Path::new(MACHINES))? {
        modules += &must_compile(&path.display().to_string(), fs::read(&path)?)?;
    }
    for (name, definition) in [
        ("chain", definitions::chain(200)),
        ("document", definitions::document(100)),
        ("codes", definitions::codes(CODES)),
        ("fan", definitions::fan(50, 1)),
        ("long_fan", definitions::fan(50, 5)),
    ] {
        modules += &must_compile(name, definition.to_string().into_bytes())?;
    }
    Ok(modules)
}

/// What `codes` chooses, as one writes it by hand.
fn digit() -> Outcome<String> {
    let mut function = String::from("fn digit(code: &str) -> Option<u32> { match code {");
    for number in 0..CODES {
        write!(function, "{:?} => Some({}),", definitions::code(number), number % 10)?;
    }
    Ok(function + "_ => None } }")
}

fn workloads() -> Outcome<String> {
    println!("cargo::rerun-if-env-changed={WORKLOADS}");
    let folder = PathBuf::from(env::var(WORKLOADS).unwrap_or_else(|_| String::from(WORKLOADS_BY_DEFAULT)));
    if !folder.is_dir() {
        return Ok(String::from("const FOLDER: Option<&str> = None; const WORKLOADS: &[Workload] = &[];"));
    }
    println!("cargo::rerun-if-changed={}", folder.display());
    let folder = folder.canonicalize()?;
    let (mut modules, mut table) = (String::new(), String::new());
    for path in definitions_in(&folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().replace(DEFINITION, "");
        let (module, compilation) = compiled(&name, fs::read(&path)?);
        let runner = match compilation.tokens {
            Some(tokens) => {
                modules += &prettyplease::unparse(&syn::parse2(tokens)?);
                format!("Ok(measure::<{}::Machine>)", module.name)
            }
            None => format!("Err({:?})", codes(&compilation)),
        };
        write!(table, "Workload {{ name: {name:?}, measure: {runner} }},")?;
    }
    Ok(format!(
        "const FOLDER: Option<&str> = Some({folder:?}); const WORKLOADS: &[Workload] = &[{table}]; {modules}"
    ))
}

fn must_compile(name: &str, definition: Vec<u8>) -> Outcome<String> {
    let (_, compilation) = compiled(name, definition);
    let codes = codes(&compilation);
    let tokens = compilation.tokens.ok_or_else(|| format!("{name} does not compile: {codes}"))?;
    Ok(prettyplease::unparse(&syn::parse2(tokens)?))
}

fn compiled(name: &str, definition: Vec<u8>) -> (Module, Compilation) {
    let module = Module::of_file(name);
    let compilation = compile(&SourceFile::new(name, definition), &Options::default(), &module);
    (module, compilation)
}

/// The codes of the errors, each once.
fn codes(compilation: &Compilation) -> String {
    let errors = compilation.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let mut codes: Vec<_> = errors.map(|diagnostic| diagnostic.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes.join(", ")
}

fn definitions_in(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Outcome<Vec<_>>>()?;
    paths.retain(|path| path.to_string_lossy().ends_with(DEFINITION));
    paths.sort();
    Ok(paths)
}
