//! Programs around compiled code: written, built with cargo, and kept in a cache.
//!
//! In: the texts of a program and of its modules. Out: the path of an executable that answers requests, see [`worker`](crate::worker).

use proc_macro2::TokenStream;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The texts of a program.
#[derive(Debug)]
pub(crate) struct Program {
    /// The command that it is for.
    pub(crate) name: &'static str,
    /// `main.rs`
    pub(crate) main: String,
    /// The code of its modules. Each is a file, and the numbers are those in [`module_name`].
    pub(crate) modules: Vec<String>,
}

/// The name of a module, which is that of its file too.
pub(crate) fn module_name(number: usize) -> String {
    format!("file_{number}")
}

/// Why there is no executable.
#[derive(Debug)]
pub(crate) enum BuildError {
    /// A file or a folder is missing, or cannot be written.
    Files(String),
    /// The compiler refused it, with this text.
    Refused {
        /// Where the sources are.
        folder: PathBuf,
        /// What the compiler said.
        text: String,
    },
}

impl From<BuildError> for String {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Files(reason) => reason,
            BuildError::Refused { folder, text } => {
                format!("the program in `{}` cannot be built:\n{}", folder.display(), text.trim_end())
            }
        }
    }
}

impl Program {
    /// Builds the program, or finds it built.
    pub(crate) fn build(&self, runtime: Option<&Path>) -> Result<PathBuf, BuildError> {
        let runtime = runtime_folder(runtime).map_err(BuildError::Files)?;
        let cache = cache_folder().map_err(BuildError::Files)?.join(format!("{:016x}", hash(&runtime)));
        let name = format!("{}-{:016x}", self.name, hash(&(&self.main, &self.modules)));
        let folder = cache.join(&name);
        self.write(&name, &folder, &runtime).map_err(BuildError::Files)?;
        let target = cache.join("target");
        cargo(&folder, &target)?;
        Ok(target.join("debug").join(format!("{name}{}", env::consts::EXE_SUFFIX)))
    }

    fn write(&self, name: &str, folder: &Path, runtime: &Path) -> Result<(), String> {
        write(&folder.join("Cargo.toml"), &manifest(name, runtime))?;
        write(&folder.join("src/main.rs"), &self.main)?;
        for (number, module) in self.modules.iter().enumerate() {
            write(&folder.join(format!("src/{}.rs", module_name(number))), module)?;
        }
        let lock = folder.join("Cargo.lock");
        if let (false, Ok(text)) = (lock.exists(), fs::read_to_string(runtime.join("../Cargo.lock"))) {
            // The dependencies that the command itself was built with.
            write(&lock, &text)?;
        }
        Ok(())
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

fn cargo(folder: &Path, target: &Path) -> Result<(), BuildError> {
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
        .map_err(|error| BuildError::Files(format!("cargo cannot be run: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(BuildError::Refused { folder: folder.to_owned(), text })
}
