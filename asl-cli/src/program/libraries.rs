//! The libraries of the engine: what compiled machines and expressions call, built once for each compiler and each state of the sources.
//!
//! In: where the sources are, and the compiler. Out: a folder with the libraries, for calls of the compiler without cargo. Where the system
//! is one of those that this was tried on, programs share the engine instead of having it in them, which takes a third off the time to build
//! one; such programs are kept in the folder of the libraries, and go with it.

use super::cache::{self, Cache};
use super::cargo::{Artifact, Package};
use super::error::{BuildError, SetupError};
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

/// The file that names the engine's library, and tells it from another one. It is written last.
const ENGINE: &str = "engine";

/// The crate that programs share.
const SHARED: &str = "shared";

/// What a program without `asl-runtime` is linked with.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Libraries {
    /// Where all of them are.
    pub(super) folder: PathBuf,
    /// The one that programs name.
    pub(super) engine: PathBuf,
    /// Programs need it when they run.
    pub(super) is_shared: bool,
}

/// Where libraries are, or would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LibrariesPlace {
    pub(super) folder: PathBuf,
    is_shared: bool,
    manifest: String,
}

/// A package that needs the engine, as a manifest.
pub(super) fn manifest(name: &str, runtime: &Runtime) -> Result<String, SetupError> {
    let engine = runtime.beside_to_toml("asl-engine")?;
    Ok(format!(
        r#"[package]
name = "{name}"
version = "0.0.0"
edition = "2024"
publish = false

[dependencies]
asl-engine = {{ {engine} }}

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

/// The same as a library that programs share.
fn shared(manifest: &str) -> String {
    format!("{manifest}\n[lib]\nname = \"{SHARED}\"\ncrate-type = [\"dylib\"]\n")
}

/// Where cargo builds the engine.
pub(super) fn target(cache: &Cache) -> PathBuf {
    cache.folder.join("engine/target")
}

/// What cargo is told about a package with that manifest.
pub(super) fn package<'a>(folder: &'a Path, target: &'a Path, doing: &'static str) -> Package<'a> {
    Package { folder, target, profile: PROFILE, rustc: None, is_shared: false, doing }
}

impl LibrariesPlace {
    pub(super) fn of(cache: &Cache, runtime: &Runtime, toolchain: &Toolchain) -> Result<Self, BuildError> {
        let is_shared = toolchain.host().is_some_and(|host| host.ends_with("-linux-gnu"));
        let manifest = manifest("engine", runtime)?;
        let manifest = if is_shared { shared(&manifest) } else { manifest };
        let number =
            cache::hash(1, &(&manifest, runtime.engine_state(), &toolchain.version, &toolchain.sysroot));
        Ok(Self { folder: cache.folder.join(format!("engine-{number:016x}")), is_shared, manifest })
    }

    /// The libraries, if they are there.
    pub(super) fn open(&self) -> Option<Libraries> {
        let mark = self.folder.join(ENGINE);
        let noted = fs::read_to_string(&mark).ok()?;
        let engine = self.folder.join(noted.lines().next()?);
        // It is noted that they are in use.
        let times = FileTimes::new().set_modified(SystemTime::now());
        let _ = File::options().append(true).open(&mark).and_then(|file| file.set_times(times));
        let is_what_was_built = note_of(&engine).is_ok_and(|note| note == noted);
        is_what_was_built.then(|| Libraries {
            folder: self.folder.clone(),
            engine,
            is_shared: self.is_shared,
        })
    }
}

impl Libraries {
    /// Finds the libraries built, or builds them, while other processes that need them wait.
    pub(super) fn find(
        cache: &Cache,
        runtime: &Runtime,
        toolchain: &Toolchain,
        place: &LibrariesPlace,
    ) -> Result<Self, BuildError> {
        if let Some(libraries) = place.open() {
            return Ok(libraries);
        }
        let _lock = cache.lock()?;
        // Another process may have built them in the meantime.
        match place.open() {
            Some(libraries) => Ok(libraries),
            None => Self::build(cache, runtime, toolchain, place),
        }
    }

    /// Lets them be built again, because the compiler cannot read them.
    pub(super) fn discard(self) {
        // What is there still is replaced.
        let _ = fs::remove_file(self.folder.join(ENGINE));
    }

    fn build(
        cache: &Cache,
        runtime: &Runtime,
        toolchain: &Toolchain,
        place: &LibrariesPlace,
    ) -> Result<Self, BuildError> {
        let folder = cache.folder.join("engine");
        let code = if place.is_shared { "pub use asl_engine::*;\n" } else { "" };
        cache::write(&folder.join("Cargo.toml"), &place.manifest)?;
        cache::write(&folder.join("src/lib.rs"), code)?;
        runtime.write_lock_file(&folder)?;
        let target = target(cache);
        let package = package(&folder, &target, "building the engine, which is needed once");
        let is_shared = place.is_shared;
        let artifacts = Package { rustc: Some(&toolchain.rustc), is_shared, ..package }.build()?;
        let failed = |error| SetupError::cannot(&place.folder, "written", error);
        let engine = if place.is_shared { SHARED } else { "asl_engine" };
        collect(&artifacts, engine, &place.folder).map_err(failed)?;
        forget_the_oldest(&cache.folder, SystemTime::now());
        place.open().ok_or_else(|| SetupError::NoLibrary(folder).into())
    }
}

/// What tells a library from another one, without reading all of it: its name, its length, and when it was written.
fn note_of(library: &Path) -> std::io::Result<String> {
    let about = library.metadata()?;
    let written = about.modified()?.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let name = library.file_name().unwrap_or_default().to_string_lossy();
    Ok(format!("{name}\n{} {}\n", about.len(), written.as_nanos()))
}

/// Puts the libraries into a separate folder, in which they stay when others are built.
fn collect(artifacts: &[Artifact], named: &str, place: &Path) -> std::io::Result<()> {
    // Half of them must not be compiled with.
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
            if artifact.name == named {
                engine = Some(there);
            }
        }
    }
    if let Some(engine) = engine {
        fs::write(partly.join(ENGINE), note_of(&engine)?)?;
    }
    let _ = fs::remove_dir_all(place);
    fs::rename(&partly, place)
}

/// Whether the compiler may need it: a library, or a macro.
fn is_library(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "rlib" || extension == env::consts::DLL_EXTENSION)
}

/// Removes those that are too many and that have not been used for a while, and their programs with them.
fn forget_the_oldest(cache: &Path, now: SystemTime) {
    let mut by_age: Vec<_> = folders(cache)
        .map(|path| (path.join(ENGINE).metadata().and_then(|mark| mark.modified()).ok(), path))
        .collect();
    by_age.sort();
    let too_many = by_age.len().saturating_sub(KEPT);
    for (used, path) in by_age.into_iter().take(too_many) {
        let is_used = used.is_some_and(|used| now.duration_since(used).unwrap_or_default() < cache::IN_USE);
        if !is_used {
            let _ = fs::remove_dir_all(path);
        }
    }
}

/// The folders of libraries in a cache.
pub(super) fn folders(cache: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(cache).into_iter().flatten().flatten();
    let of_libraries = |entry: &fs::DirEntry| entry.file_name().as_encoded_bytes().starts_with(b"engine-");
    entries.filter(of_libraries).map(|entry| entry.path())
}
