//! The libraries of the engine: what compiled machines and expressions call, built once for each compiler and each state of the sources.
//!
//! In: where the sources are, and the compiler. Out: a folder with the libraries, for calls of the compiler without cargo.

use super::cache::{self, Cache};
use super::cargo::{Artifact, BuildError, Package};
use super::runtime::Runtime;
use super::toolchain::Toolchain;
use std::fs::{self, File, FileTimes};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{env, process};

/// The profile that the engine is built in for programs that run for a moment. Optimisation would take three times as long, and machines
/// would not compile in less time with it.
const PROFILE: &str = "worker";

/// More states of the engine than a person works with at a time.
const KEPT: usize = 3;

/// The file that names the engine's library. It is written last.
const ENGINE: &str = "engine";

/// What a program without `asl-runtime` is linked with.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Libraries {
    /// Where all of them are.
    pub(super) folder: PathBuf,
    /// The one that programs name.
    pub(super) engine: PathBuf,
}

/// A package that needs the engine, as a manifest.
pub(super) fn manifest(name: &str, runtime: &Runtime) -> Result<String, String> {
    let engine = runtime.engine_to_toml()?;
    Ok(format!(
        r#"[package]
name = "{name}"
version = "0.0.0"
edition = "2024"
publish = false

[dependencies]
asl-engine = {{ {engine}, features = ["worker"] }}

[workspace]

[profile.{PROFILE}]
inherits = "dev"
debug = false
debug-assertions = false
overflow-checks = false
opt-level = 0
incremental = false
# A linker reads fewer and larger parts in less time.
codegen-units = 1
"#
    ))
}

/// Where cargo builds the engine.
pub(super) fn target(cache: &Cache) -> PathBuf {
    cache.folder.join("engine/target")
}

/// What cargo is told about a package with that manifest.
pub(super) fn package<'a>(folder: &'a Path, target: &'a Path, doing: &'static str) -> Package<'a> {
    Package { folder, target, profile: PROFILE, rustc: None, doing }
}

impl Libraries {
    /// Finds the libraries built, or builds them, while other processes that need them wait.
    pub(super) fn find(cache: &Cache, runtime: &Runtime, toolchain: &Toolchain) -> Result<Self, BuildError> {
        let manifest = manifest("engine", runtime).map_err(BuildError::Files)?;
        let number =
            cache::hash(1, &(&manifest, runtime.engine_state(), &toolchain.version, &toolchain.sysroot));
        let place = cache.folder.join(format!("engine-{number:016x}"));
        if let Some(libraries) = Self::open(&place) {
            return Ok(libraries);
        }
        let _lock = cache.lock().map_err(BuildError::Files)?;
        // Another process may have built them in the meantime.
        match Self::open(&place) {
            Some(libraries) => Ok(libraries),
            None => Self::build(cache, runtime, toolchain, &manifest, &place),
        }
    }

    /// Lets them be built again, because the compiler cannot read them.
    pub(super) fn discard(self) {
        // What is there still is replaced.
        let _ = fs::remove_file(self.folder.join(ENGINE));
    }

    fn open(place: &Path) -> Option<Self> {
        let mark = place.join(ENGINE);
        let engine = place.join(fs::read_to_string(&mark).ok()?);
        // It is noted that somebody uses them.
        let times = FileTimes::new().set_modified(SystemTime::now());
        let _ = File::options().append(true).open(&mark).and_then(|file| file.set_times(times));
        engine.is_file().then(|| Self { folder: place.to_owned(), engine })
    }

    fn build(
        cache: &Cache,
        runtime: &Runtime,
        toolchain: &Toolchain,
        manifest: &str,
        place: &Path,
    ) -> Result<Self, BuildError> {
        let folder = cache.folder.join("engine");
        cache::write(&folder.join("Cargo.toml"), manifest).map_err(BuildError::Files)?;
        cache::write(&folder.join("src/lib.rs"), "").map_err(BuildError::Files)?;
        runtime.write_lock_file(&folder).map_err(BuildError::Files)?;
        let target = target(cache);
        let package = package(&folder, &target, "building the engine, which is needed once");
        let artifacts = Package { rustc: Some(&toolchain.rustc), ..package }.build()?;
        let failed = |error| BuildError::Files(format!("`{}` cannot be written: {error}", place.display()));
        collect(&artifacts, place).map_err(failed)?;
        forget_the_oldest(&cache.folder);
        Self::open(place).ok_or_else(|| {
            BuildError::Files(format!("cargo built no library of `asl-engine` in `{}`", folder.display()))
        })
    }
}

/// Puts the libraries into a folder of their own, in which they stay when others are built.
fn collect(artifacts: &[Artifact], place: &Path) -> std::io::Result<()> {
    // Nobody compiles with half of them.
    let partly = place.with_extension(process::id().to_string());
    let _ = fs::remove_dir_all(&partly);
    fs::create_dir_all(&partly)?;
    let mut engine = None;
    for artifact in artifacts {
        for file in artifact.files.iter().filter(|file| is_library(file)) {
            let Some(name) = file.file_name() else { continue };
            let there = partly.join(name);
            if !there.exists() {
                fs::hard_link(file, &there).or_else(|_| fs::copy(file, &there).map(drop))?;
            }
            if artifact.name == "asl_engine" {
                engine = Some(name.to_owned());
            }
        }
    }
    if let Some(engine) = engine {
        fs::write(partly.join(ENGINE), engine.as_encoded_bytes())?;
    }
    let _ = fs::remove_dir_all(place);
    fs::rename(&partly, place)
}

/// Whether the compiler may need it: a library, or a macro.
fn is_library(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "rlib" || extension == env::consts::DLL_EXTENSION)
}

fn forget_the_oldest(cache: &Path) {
    let entries = fs::read_dir(cache).into_iter().flatten().flatten();
    let mut by_age: Vec<_> = entries
        .filter(|entry| entry.file_name().as_encoded_bytes().starts_with(b"engine-"))
        .map(|entry| {
            (entry.path().join(ENGINE).metadata().and_then(|mark| mark.modified()).ok(), entry.path())
        })
        .collect();
    by_age.sort();
    let too_many = by_age.len().saturating_sub(KEPT);
    for (_, path) in by_age.into_iter().take(too_many) {
        let _ = fs::remove_dir_all(path);
    }
}
