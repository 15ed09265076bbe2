//! Programs around compiled code: written, built with cargo, and kept in a cache.
//!
//! In: the texts of a program and of its modules, and the Cargo features of `asl-runtime` that they need. Out: the path of an executable.
//! It is found again as long as neither the texts nor the runtime have changed, without a call of cargo. Programs that answer requests
//! are [`Served`].

mod cache;
mod cargo;
mod runtime;
mod served;

pub(crate) use cargo::BuildError;
pub(crate) use runtime::RuntimeArgument;
pub(crate) use served::{Served, WorkerArguments};

use cache::Cache;
use proc_macro2::TokenStream;
use runtime::Runtime;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The texts of a program, and how it is built.
#[derive(Clone, Debug, Hash)]
pub(crate) struct Program {
    name: &'static str,
    main: String,
    modules: Vec<String>,
    features: BTreeSet<&'static str>,
    optimisation: Optimisation,
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

impl Program {
    /// A program for the command of this name: `main.rs`, and the code of its modules. Each of these is a file, and their numbers are
    /// those in [`module_name`].
    pub(crate) fn new(name: &'static str, main: String, modules: Vec<String>) -> Self {
        Self { name, main, modules, features: BTreeSet::new(), optimisation: Optimisation::default() }
    }

    /// Switches on Cargo features of `asl-runtime`.
    pub(crate) fn features(mut self, features: impl IntoIterator<Item = &'static str>) -> Self {
        self.features.extend(features);
        self
    }

    /// Sets how much the compiler tries.
    pub(crate) fn optimisation(mut self, optimisation: Optimisation) -> Self {
        self.optimisation = optimisation;
        self
    }

    /// Builds the program, or finds it built.
    pub(crate) fn build(&self, runtime: &RuntimeArgument) -> Result<PathBuf, BuildError> {
        let runtime = runtime.locate().map_err(BuildError::Files)?;
        let cache = Cache::open(&runtime).map_err(BuildError::Files)?;
        let kept = cache.executable(self.name, &(self, runtime.state()));
        if cache::is_kept(&kept) {
            return Ok(kept);
        }
        let lock = cache.lock().map_err(BuildError::Files)?;
        // Another process may have built it in the meantime.
        if !cache::is_kept(&kept) {
            let folder = cache.folder.join(self.name);
            self.write(&folder, &runtime).map_err(BuildError::Files)?;
            let built = cargo::build(&folder, &cache.folder.join("target"), self.name, self.optimisation)?;
            cache.keep(&built, &kept).map_err(BuildError::Files)?;
        }
        drop(lock);
        Ok(kept)
    }

    fn write(&self, folder: &std::path::Path, runtime: &Runtime) -> Result<(), String> {
        cache::write(&folder.join("Cargo.toml"), &self.manifest(runtime))?;
        cache::write(&folder.join("src/main.rs"), &self.main)?;
        for (number, module) in self.modules.iter().enumerate() {
            cache::write(&folder.join(format!("src/{}.rs", module_name(number))), module)?;
        }
        match runtime.lock_file() {
            // The dependencies that the command itself was built with.
            Some(text) if !folder.join("Cargo.lock").exists() => {
                cache::write(&folder.join("Cargo.lock"), &text)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Debug information would only cost time. So would optimisation where a machine runs for a moment.
    fn manifest(&self, runtime: &Runtime) -> String {
        let (name, features) = (self.name, Vec::from_iter(&self.features));
        let runtime = runtime.to_toml();
        format!(
            r#"[package]
name = "{name}"
version = "0.0.0"
edition = "2024"
publish = false

[dependencies]
asl-runtime = {{ {runtime}, features = {features:?} }}
tokio = {{ version = "1", default-features = false, features = ["rt"] }}

[workspace]

[profile.dev]
debug = false
opt-level = 0
incremental = false

[profile.release]
strip = true
"#
        )
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
