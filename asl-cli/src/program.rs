//! Programs around compiled code: written, built, and kept in a cache.
//!
//! In: the texts of a program and of its modules, and what they need: `asl-runtime` with certain features, or the engine alone. Out: the path
//! of an executable. It is found again as long as neither the texts nor what they need have changed, without a call of a compiler.
//!
//! With `asl-runtime`, cargo builds the program. One that needs the engine alone is built in a fraction of the time: cargo builds the engine
//! once, and the compiler is called without cargo for each program. Such are workers, and programs that answer requests ([`Served`]) about
//! expressions.

mod cache;
mod cargo;
mod carried;
mod error;
mod libraries;
mod needs;
mod progress;
mod runtime;
mod rustc;
mod served;
mod sum;
mod toolchain;

pub(crate) use cache::{Emptied, empty, root};
pub(crate) use carried::write as write_carried;
pub(crate) use error::BuildError;
pub(crate) use needs::{Finding, Need, needs};
pub(crate) use runtime::{Runtime, RuntimeArgument, to_path, toml_string};
pub(crate) use served::{Served, WorkerArguments};

use cache::Cache;
use cargo::Package;
use error::SetupError;
use libraries::{Libraries, LibrariesPlace};
use proc_macro2::{Literal, TokenStream};
use rustc::Fault;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::{fs, process};
use toolchain::Toolchain;

/// The texts of a program, and how it is built.
#[derive(Clone, Debug, Hash)]
pub(crate) struct Program {
    name: &'static str,
    main: String,
    modules: Vec<String>,
    needs: Needs,
}

/// What a program needs.
#[derive(Clone, Debug, Hash)]
enum Needs {
    /// `asl-runtime` with these Cargo features, and a crate around it if there is one.
    Runtime(BTreeSet<&'static str>, Option<&'static str>, Optimisation),
    /// `asl-engine` and nothing else.
    Engine(Optimisation),
}

/// How much time the building of a program takes, and its running.
#[derive(Clone, Copy, Debug, Default, Hash, PartialEq, Eq)]
pub(crate) enum Optimisation {
    /// It is built to be run for a moment.
    #[default]
    None,
    /// It is built to be kept.
    Full,
}

/// The name of a module, which is that of its file too.
pub(crate) fn module_name(number: usize) -> String {
    format!("file_{number}")
}

/// What is shown while a program is built.
const BUILDING: &str = "building the program";

impl Program {
    /// A program for the command of this name: `main.rs`, and the code of its modules. Each of these is a file, and their numbers are
    /// those in [`module_name`].
    pub(crate) fn new(name: &'static str, main: String, modules: Vec<String>) -> Self {
        let needs = Needs::Runtime(BTreeSet::new(), None, Optimisation::default());
        Self { name, main, modules, needs }
    }

    /// The same for code that needs `asl-engine` and nothing else.
    pub(crate) fn on_engine(name: &'static str, main: String, modules: Vec<String>) -> Self {
        Self { name, main, modules, needs: Needs::Engine(Optimisation::default()) }
    }

    /// A process that holds machines, and answers requests about them: each by the name of its module and the code of it, which is that of a
    /// module [for a worker](asl_compiler::Module::for_worker). Their numbers are their places in this order.
    pub(crate) fn worker(name: &'static str, machines: impl IntoIterator<Item = (String, String)>) -> Self {
        let (mut files, mut table, mut codes) = (String::new(), String::new(), Vec::new());
        for (number, (machine, code)) in machines.into_iter().enumerate() {
            let file = module_name(number);
            let _ = writeln!(files, "mod {file};");
            let _ = writeln!(table, "        asl_engine::program::<{file}::{machine}::Machine>(),");
            codes.push(code);
        }
        let main = format!(
            "{files}\nfn main() -> std::process::ExitCode {{\n    asl_engine::worker::main(&[\n{table}    ])\n}}\n"
        );
        Self::on_engine(name, main, codes)
    }

    /// Switches on Cargo features of `asl-runtime`.
    pub(crate) fn features(mut self, more: impl IntoIterator<Item = &'static str>) -> Self {
        if let Needs::Runtime(features, ..) = &mut self.needs {
            features.extend(more);
        }
        self
    }

    /// The same as a program that a crate of this name, with its feature `program`, makes of a machine.
    pub(crate) fn around(mut self, name: &'static str) -> Self {
        if let Needs::Runtime(_, around, _) = &mut self.needs {
            *around = Some(name);
        }
        self
    }

    /// Sets how much the compiler tries.
    pub(crate) fn optimisation(mut self, wanted: Optimisation) -> Self {
        let (Needs::Runtime(.., optimisation) | Needs::Engine(optimisation)) = &mut self.needs;
        *optimisation = wanted;
        self
    }

    /// Builds the program, or finds it built.
    pub(crate) fn build(&self, runtime: &RuntimeArgument) -> Result<PathBuf, BuildError> {
        let runtime = runtime.locate()?;
        self.build_in(&Cache::open(&runtime)?, &runtime)
    }

    fn build_in(&self, cache: &Cache, runtime: &Runtime) -> Result<PathBuf, BuildError> {
        match &self.needs {
            Needs::Runtime(features, around, optimisation) => {
                let kept = cache.executable(self.name, &(self, runtime.state(*around)));
                let manifest = self.manifest(features, *around, runtime)?;
                let (target, profile) = match optimisation {
                    Optimisation::None => ("target", "dev"),
                    Optimisation::Full => ("target", "release"),
                };
                self.build_with_cargo(cache, runtime, &kept, &manifest, |folder| {
                    let target = cache.folder.join(target);
                    Package {
                        folder,
                        target: &target,
                        profile,
                        rustc: None,
                        is_shared: false,
                        doing: BUILDING,
                    }
                    .executable()
                })
            }
            Needs::Engine(Optimisation::None) => self.build_on_engine(cache, runtime),
            Needs::Engine(Optimisation::Full) => {
                let kept = cache.executable(self.name, &(self, runtime.engine_state()));
                self.build_on_engine_with_cargo(cache, runtime, &kept)
            }
        }
    }

    /// Calls the compiler without cargo, and cargo where that does not work.
    fn build_on_engine(&self, cache: &Cache, runtime: &Runtime) -> Result<PathBuf, BuildError> {
        let reason = match Toolchain::find(&cache.folder) {
            Ok(toolchain) => match self.build_with_rustc(cache, runtime, &toolchain)? {
                Ok(kept) => return Ok(kept),
                Err(reason) => reason,
            },
            Err(reason) => reason.to_string(),
        };
        let kept = cache.executable(self.name, &(self, runtime.engine_state()));
        self.build_on_engine_with_cargo(cache, runtime, &kept).map_err(|error| match error {
            // A user who has neither needs one piece of advice.
            error @ (BuildError::Setup(SetupError::NoCargo) | BuildError::Refused { .. }) => error,
            BuildError::Setup(with_cargo) => {
                SetupError::NeitherWay { with_cargo: Box::new(with_cargo), without: reason }.into()
            }
        })
    }

    fn build_on_engine_with_cargo(
        &self,
        cache: &Cache,
        runtime: &Runtime,
        kept: &Path,
    ) -> Result<PathBuf, BuildError> {
        let manifest = libraries::manifest(self.name, runtime)?;
        let target = libraries::target(cache);
        self.build_with_cargo(cache, runtime, kept, &manifest, |folder| {
            let package = libraries::package(folder, &target, BUILDING);
            match self.needs {
                Needs::Engine(Optimisation::Full) => Package { profile: "release", ..package }.executable(),
                Needs::Engine(Optimisation::None) | Needs::Runtime(..) => package.executable(),
            }
        })
    }

    /// Returns the reason why the compiler could not do its work, if that is not about the program. Other processes can build at the same time.
    fn build_with_rustc(
        &self,
        cache: &Cache,
        runtime: &Runtime,
        toolchain: &Toolchain,
    ) -> Result<Result<PathBuf, String>, BuildError> {
        let engine = LibrariesPlace::of(cache, runtime, toolchain)?;
        // What shares the engine is of no use without it.
        let kept = cache::executable(&engine.folder, self.name, self);
        if engine.open().is_some() && cache::is_kept(&kept) {
            return Ok(Ok(kept));
        }
        let place = cache.folder.join("building");
        cache::forget_abandoned(&place);
        // One process may build several at once.
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = place.join(format!("{}-{}-{number}", self.name, process::id()));
        self.write(&folder)?;
        let compile = || -> Result<_, BuildError> {
            let libraries = Libraries::find(cache, runtime, toolchain, &engine)?;
            Ok(match rustc::compile(toolchain, &libraries, &folder) {
                Err(Fault::Libraries(text)) => {
                    libraries.discard();
                    Err(Fault::Libraries(text))
                }
                other => other,
            })
        };
        let built = match compile()? {
            // They were damaged, or another process has thrown them away just now.
            Err(Fault::Libraries(_)) => compile()?,
            other => other,
        };
        let text = match built {
            Ok(built) => {
                cache.keep(&built, &kept)?;
                let _ = fs::remove_dir_all(&folder);
                return Ok(Ok(kept));
            }
            Err(Fault::Refused(text)) => return Err(BuildError::Refused { folder, text }),
            Err(Fault::Libraries(text) | Fault::Other(text)) => text,
        };
        let _ = fs::remove_dir_all(&folder);
        Ok(Err(text))
    }

    fn build_with_cargo(
        &self,
        cache: &Cache,
        runtime: &Runtime,
        kept: &Path,
        manifest: &str,
        build: impl FnOnce(&Path) -> Result<PathBuf, BuildError>,
    ) -> Result<PathBuf, BuildError> {
        if cache::is_kept(kept) {
            return Ok(kept.to_owned());
        }
        let lock = cache.lock()?;
        // Another process may have built it in the meantime.
        if !cache::is_kept(kept) {
            let folder = cache.folder.join(self.name);
            cache::write(&folder.join("Cargo.toml"), manifest)?;
            runtime.write_lock_file(&folder)?;
            self.write(&folder)?;
            let built = build(&folder)?;
            cache.keep(&built, kept)?;
        }
        drop(lock);
        Ok(kept.to_owned())
    }

    fn write(&self, folder: &Path) -> Result<(), SetupError> {
        cache::write(&folder.join("src/main.rs"), &self.main)?;
        for (number, module) in self.modules.iter().enumerate() {
            cache::write(&folder.join(format!("src/{}.rs", module_name(number))), module)?;
        }
        Ok(())
    }

    /// Debug information would only cost time. So would optimisation where a machine runs for a moment.
    fn manifest(
        &self,
        features: &BTreeSet<&str>,
        around: Option<&str>,
        runtime: &Runtime,
    ) -> Result<String, SetupError> {
        let (name, features) = (self.name, Vec::from_iter(features));
        let around = match around {
            Some(around) => {
                format!("{around} = {{ {}, features = [\"program\"] }}\n", runtime.beside_to_toml(around)?)
            }
            None => String::new(),
        };
        let runtime = runtime.to_toml();
        Ok(format!(
            r#"[package]
name = "{name}"
version = "0.0.0"
edition = "2024"
publish = false

[dependencies]
asl-runtime = {{ {runtime}, features = {features:?} }}
{around}tokio = {{ version = "1", default-features = false, features = ["rt"] }}

[workspace]

[profile.dev]
debug = false
opt-level = 0
incremental = false

[profile.release]
strip = true
"#
        ))
    }
}

/// A text as a literal of Rust: the one way into texts of programs that are not made of tokens.
pub(crate) fn literal(text: &str) -> String {
    Literal::string(text).to_string()
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

#[cfg(test)]
mod tests {
    use super::*;
    use asl_compiler::source::SourceFile;
    use asl_compiler::{Module, Options, compile};
    use proc_macro2::TokenTree;
    use serde_json::{Map, Value, json};
    use std::process::{Command, Stdio};
    use std::sync::{Mutex, MutexGuard, PoisonError};

    /// Every character that is a control, a mark of direction or nothing that one sees, and what ends comments and literals.
    fn pieces() -> Vec<String> {
        let ranges =
            [0..=0x1f, 0x7f..=0xa0, 0x2000..=0x200f, 0x2028..=0x202f, 0x205f..=0x206f, 0xfff9..=0xffff];
        let others = [0xad, 0x34f, 0x600, 0x61c, 0x180e, 0x301, 0xd7ff, 0xe000, 0xfeff, 0xe0001, 0x10_ffff];
        let characters = ranges.into_iter().flatten().chain(others).filter_map(char::from_u32);
        let texts = [
            "\r\n",
            "a\rb",
            "*/",
            "/*",
            "//",
            "///",
            "/**/",
            "\\",
            "\\\\",
            "\\u",
            "\\u{0}",
            "\"",
            "\"#",
            "'",
            "`",
            "```",
            "{",
            "}",
            "{}",
            "#",
            "#!",
            "r#",
            "$x",
            "!",
            "0",
            "_",
            "__",
            "crate",
            "self",
            "\u{5d0}\u{202e}*/",
        ];
        characters.map(String::from).chain(texts.map(str::to_owned)).collect()
    }

    /// A definition that has a text in names, comments, keys, constants, paths and expressions.
    fn definition(pieces: &[String]) -> Value {
        let mut states = Map::new();
        for (number, piece) in pieces.iter().enumerate() {
            let (next, name) = (format!("J{number}{piece}"), format!("P{number}{piece}"));
            let after = pieces.get(number + 1).map(|piece| format!("P{}{piece}", number + 1));
            let path = format!("$['{}']", piece.replace(['\\', '\''], ""));
            let expression = format!("{{% $states.input.`{}` %}}", piece.replace('`', ""));
            states.insert(
                name,
                json!({ "Type": "Pass", "Comment": piece, "Parameters": { piece: piece, "x.$": path }, "ResultPath": null, "Next": next }),
            );
            let output = json!({ piece: expression, "text": piece });
            let mut state =
                json!({ "Type": "Pass", "QueryLanguage": "JSONata", "Comment": piece, "Output": output });
            match after {
                Some(after) => state["Next"] = after.into(),
                None => state["End"] = true.into(),
            }
            states.insert(next, state);
        }
        let start = format!("P0{}", pieces.first().map_or("", String::as_str));
        json!({ "Comment": pieces.concat(), "StartAt": start, "States": states })
    }

    #[test]
    fn every_text_of_the_user_comes_through_generated_code() {
        let pieces = pieces();
        let sets = pieces.iter().map(std::slice::from_ref).chain([pieces.as_slice()]);
        for pieces in sets {
            let name = format!("{}.asl.json", pieces.concat());
            let source = SourceFile::new(name.as_str(), definition(pieces).to_string());
            let options = Options { ignore_data: true, ..Options::default() };
            let found = compile(&source, &options, &Module::of_file(source.name()));
            let Some(tokens) = found.tokens else { panic!("{pieces:?}: {:?}", found.diagnostics) };
            // As people read it, and as workers are compiled.
            for text in [to_text(tokens.clone()).expect("Rust"), tokens.to_string()] {
                let read: TokenStream = text.parse().unwrap_or_else(|error| panic!("{pieces:?}: {error}"));
                assert_eq!(literals(read), literals(tokens.clone()), "{pieces:?}");
                // A mark on the letter before it is seen.
                let hidden = |c: &char| !"\n\"'\\".contains(*c) && format!("a{c}").escape_debug().count() > 2;
                let hidden: Vec<_> = text.chars().filter(hidden).collect();
                assert_eq!(hidden, [] as [char; 0], "{pieces:?}");
            }
        }
    }

    /// The literals of code, but for those of comments, which lose blanks.
    fn literals(tokens: TokenStream) -> Vec<String> {
        let mut found = Vec::new();
        for token in tokens {
            match token {
                TokenTree::Group(group) if group.stream().to_string().starts_with("doc =") => {}
                TokenTree::Group(group) => found.extend(literals(group.stream())),
                TokenTree::Literal(literal) => found.push(literal.to_string()),
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
        found
    }

    const MACHINE: &str = r#"{
        "StartAt": "Double",
        "States": {
            "Double": { "Type": "Pass", "Parameters": { "all.$": "States.Array($.n, $.n)" }, "Next": "Last" },
            "Last": { "Type": "Succeed" }
        }
    }"#;

    fn machine(name: &str, text: &str) -> (String, String) {
        let module = Module::of_file(name).for_worker();
        let source = SourceFile::new(name, text.as_bytes().to_vec());
        let tokens =
            compile(&source, &Options::default(), &module).tokens.expect("a definition without errors");
        (module.name, tokens.to_string())
    }

    /// A cache for these tests, one after the other, that the next run finds again.
    fn cache() -> (MutexGuard<'static, ()>, Cache, Runtime) {
        static ONE_BY_ONE: Mutex<()> = Mutex::new(());
        let turn = ONE_BY_ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tmp/workers");
        fs::create_dir_all(folder.join("bin")).expect("a folder");
        let _ = fs::remove_dir_all(folder.join("worker"));
        let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../asl-runtime");
        (turn, Cache { folder }, Runtime::Folder(runtime.canonicalize().expect("the sources are here")))
    }

    #[test]
    fn a_worker_is_built_without_cargo_and_found_again() {
        let (_turn, cache, runtime) = cache();
        let machines = || [machine("one.asl.json", MACHINE), machine("two.asl.json", MACHINE)];
        let program = Program::worker("worker", machines());
        let executable = program.build_in(&cache, &runtime).map_err(String::from).expect("a worker");
        let again = Program::worker("worker", machines()).build_in(&cache, &runtime);
        assert_eq!(again.map_err(String::from).as_ref(), Ok(&executable));
        assert!(!cache.folder.join("worker").exists(), "cargo was needed");

        let nothing_asked = Command::new(&executable).stdin(Stdio::null()).status().expect("it starts");
        assert!(nothing_asked.success());
        let worker = asl_runtime::remote::Worker::start(executable, |_| (None, None)).expect("a worker");
        let states: Vec<_> = worker.machine(1).into_iter().flat_map(|machine| machine.states()).collect();
        assert_eq!(states, ["Double", "Last"]);
        assert!(worker.machine(2).is_none());
    }

    #[test]
    fn where_the_compiler_cannot_be_called_cargo_builds_the_same_worker() {
        let (_turn, cache, runtime) = cache();
        let kept = cache.folder.join("bin/by-cargo");
        let _ = fs::remove_file(&kept);
        let program = Program::worker("worker", [machine("one.asl.json", MACHINE)]);
        program.build_on_engine_with_cargo(&cache, &runtime, &kept).map_err(String::from).expect("a worker");
        assert!(cache.folder.join("worker").exists());
        assert!(Command::new(&kept).stdin(Stdio::null()).status().expect("it starts").success());
    }

    #[test]
    fn code_that_is_refused_is_named() {
        let (_turn, cache, runtime) = cache();
        let code = String::from("pub static WRONG: usize = asl_engine::nothing();\n");
        let main = String::from("mod file_0;\n\nfn main() {}\n");
        match Program::on_engine("refused", main, vec![code]).build_in(&cache, &runtime) {
            Err(BuildError::Refused { text, .. }) => assert!(text.contains("--> src/file_0.rs:1:"), "{text}"),
            other => panic!("it was not refused: {other:?}"),
        }
    }

    #[test]
    fn libraries_that_the_compiler_cannot_read_are_built_again() {
        let (_turn, cache, runtime) = cache();
        let program = |name| Program::worker("worker", [machine(name, MACHINE)]);
        program("one.asl.json").build_in(&cache, &runtime).map_err(String::from).expect("a worker");
        let toolchain = Toolchain::find(&cache.folder).expect("a compiler");
        let libraries =
            LibrariesPlace::of(&cache, &runtime, &toolchain).map_err(String::from).expect("a place");
        let libraries = libraries.open().expect("libraries");
        // Unlike writing to it, this leaves the file that cargo keeps.
        fs::remove_file(&libraries.engine).expect("a library");
        fs::write(&libraries.engine, "no library").expect("a file");
        let name = format!("m{}.asl.json", process::id());
        program(&name).build_in(&cache, &runtime).map_err(String::from).expect("a worker");
        assert!(!cache.folder.join("worker").exists(), "cargo was needed");
    }
}
