//! Compiles every fixture to a Rust module, as the build script of any program can, and lists them in a table.
//!
//! In: `fixtures/**/*.asl.json` and `.asl.yaml`, each with its cases beside it. Out: `$OUT_DIR/machines.rs`. A definition whose name ends in
//! `.body.asl.json` is compiled with the body as the result of `http:invoke`.

use asl_compiler::code::Code;
use asl_compiler::render::{DEFAULT_LIMIT, Style, render_all};
use asl_compiler::source::SourceFile;
use asl_compiler::{HttpResult, Module, Options, compile};
use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

type Outcome<T> = Result<T, Box<dyn Error>>;

const FIXTURES: &str = "fixtures";
const DEFINITIONS: [&str; 2] = [".asl.json", ".asl.yaml"];
const CASES: &str = ".cases.json";

fn main() -> Outcome<()> {
    println!("cargo::rerun-if-changed={FIXTURES}");
    let mut machines = Machines::default();
    machines.folder(Path::new(FIXTURES), "machines")?;
    let path = Path::new(&env::var("OUT_DIR")?).join("machines.rs");
    fs::write(path, machines.finish()?)?;
    Ok(())
}

/// The Rust of all machines so far.
#[derive(Default)]
struct Machines {
    modules: String,
    table: String,
}

impl Machines {
    /// Compiles what is in a folder; a folder in it becomes a module.
    fn folder(&mut self, folder: &Path, module: &str) -> Outcome<()> {
        for path in entries(folder)? {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() {
                writeln!(self.modules, "pub(crate) mod {name} {{")?;
                self.folder(&path, &format!("{module}::{name}"))?;
                self.modules.push('}');
            } else if let Some(behaviour) = DEFINITIONS.iter().find_map(|ending| name.strip_suffix(ending)) {
                let cases = path.with_file_name(format!("{behaviour}{CASES}"));
                if !cases.is_file() {
                    return Err(format!("{} has no {}", path.display(), cases.display()).into());
                }
                self.machine(&path, &cases, module)?;
            }
        }
        Ok(())
    }

    fn machine(&mut self, path: &Path, cases: &Path, parent: &str) -> Outcome<()> {
        let source = SourceFile::new(path.display().to_string(), fs::read(path)?);
        let module = Module::of_file(source.name());
        let compilation = compile(&source, &options(&source), &module);
        let Some(tokens) = compilation.tokens else {
            let problems = render_all(&source, &compilation.diagnostics, Style::Plain, DEFAULT_LIMIT);
            return Err(format!("a fixture does not compile\n{problems}").into());
        };
        self.modules.push_str(&prettyplease::unparse(&syn::parse2(tokens)?));
        let machine = format!("{parent}::{}::Machine", module.name);
        let machine = machine.trim_start_matches("machines::");
        writeln!(self.table, "    ({:?}, super::run::<{machine}>),", cases.display().to_string())?;
        Ok(())
    }

    fn finish(&self) -> Outcome<String> {
        let Self { modules, table } = self;
        let file = format!(
            "/// Every machine by its cases.\npub(crate) static MACHINES: &[(&str, super::Run)] = &[\n{table}];\n{modules}"
        );
        Ok(prettyplease::unparse(&syn::parse_file(&file)?))
    }
}

fn options(source: &SourceFile) -> Options {
    let body = source.name().ends_with(".body.asl.json");
    Options {
        http_result: if body { HttpResult::Body } else { HttpResult::Envelope },
        allow: vec![Code::AwsNeedsConnection, Code::AwsNeedsHttps],
        // What happens when a definition fails is tested as well.
        ignore_data: true,
        ..Options::default()
    }
}

fn entries(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Outcome<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}
