//! What the building of programs needs of the system.
//!
//! In: the `PATH`, the environment and the cache. Out: what was found, and what helps where something is missing. Nothing is built or fetched.

use super::cache::{self, Cache};
use super::error::SetupError;
use super::libraries::LibrariesPlace;
use super::runtime::{Runtime, RuntimeArgument};
use super::toolchain::{Toolchain, on_path};
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::process::{self, Command, Stdio};

/// Something that is needed.
#[derive(Debug)]
pub(crate) struct Need {
    /// What people call it.
    pub(crate) name: &'static str,
    pub(crate) finding: Finding,
}

/// What there is of it.
#[derive(Debug)]
pub(crate) enum Finding {
    /// It is there, and this is what it is.
    There(String),
    /// It is not.
    Missing {
        /// What was looked for.
        reason: String,
        /// What to do.
        help: String,
    },
}

/// How a toolchain is had.
const INSTALL: &str = "install Rust from https://rustup.rs";

/// Looks at all that is needed.
pub(crate) fn needs() -> Vec<Need> {
    let runtime = RuntimeArgument::default().locate();
    let cache = runtime.as_ref().map_err(Clone::clone).and_then(Cache::open);
    let toolchain = cache.as_ref().map_err(Clone::clone).and_then(|cache| Toolchain::find(&cache.folder));
    let found = runtime.as_ref().ok().zip(cache.as_ref().ok()).zip(toolchain.as_ref().ok());
    let engine = found.map(|((runtime, cache), toolchain)| engine(cache, runtime, toolchain));
    let all = [
        ("rustc", rustc(&toolchain)),
        ("cargo", cargo()),
        ("linker", linker()),
        ("sources", sources(&runtime)),
        ("cache", kept(&cache)),
    ];
    all.into_iter()
        .chain(engine.map(|engine| ("engine", engine)))
        .map(|(name, finding)| Need { name, finding })
        .collect()
}

fn missing(reason: impl Into<String>, help: impl Into<String>) -> Finding {
    Finding::Missing { reason: reason.into(), help: help.into() }
}

fn rustc(toolchain: &Result<Toolchain, SetupError>) -> Finding {
    let toolchain = match toolchain {
        Ok(toolchain) => toolchain,
        Err(reason) => return missing(reason.to_string(), INSTALL),
    };
    let version = toolchain.version.lines().next().unwrap_or_default();
    let wanted = env!("CARGO_PKG_RUST_VERSION");
    if is_at_least(version, wanted) {
        Finding::There(format!("{version} in `{}`", toolchain.rustc.display()))
    } else {
        missing(
            format!("{version} is too old: {wanted} or newer is needed"),
            "update it with `rustup update stable`",
        )
    }
}

/// Whether `rustc 1.95.0 (..)` is of the wanted version or a newer one.
fn is_at_least(version: &str, wanted: &str) -> bool {
    let numbers =
        |text: &str| text.split(['.', '-']).map_while(|part| part.parse().ok()).collect::<Vec<u32>>();
    let there = version.split(' ').nth(1).unwrap_or_default();
    numbers(there) >= numbers(wanted)
}

fn cargo() -> Finding {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(&cargo).arg("--version").stdin(Stdio::null()).output();
    match output {
        Ok(output) if output.status.success() => {
            Finding::There(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        }
        Ok(output) => missing(String::from_utf8_lossy(&output.stderr).trim(), INSTALL),
        Err(error) => missing(format!("`{}` cannot be run: {error}", cargo.display()), INSTALL),
    }
}

/// Rust links by the compiler of C; it finds that of Windows by itself.
fn linker() -> Finding {
    if cfg!(windows) {
        return Finding::There(String::from("that of the system"));
    }
    match ["cc", "gcc", "clang"].into_iter().find(|name| on_path(OsStr::new(name)).is_some()) {
        Some("cc") => Finding::There(String::from("`cc`")),
        Some(other) => missing(
            format!("there is no `cc` on the `PATH`, only `{other}`"),
            "link it as `cc`, or name it in the settings of cargo (`linker = ..`)",
        ),
        None => missing(
            "there is no `cc` on the `PATH`",
            "install a compiler of C: `apt install gcc`, `dnf install gcc`, `xcode-select --install`",
        ),
    }
}

fn sources(runtime: &Result<Runtime, SetupError>) -> Finding {
    match runtime {
        Ok(Runtime::Folder(folder)) => Finding::There(format!("`{}`", folder.display())),
        Ok(Runtime::Carried(folder)) => {
            Finding::There(format!("carried by this command, in `{}`", folder.display()))
        }
        Ok(Runtime::Registry) => Finding::There(String::from("cargo fetches them from the registry")),
        Err(reason) => missing(reason.to_string(), "name a folder that is there, or leave `ASL_RUNTIME` out"),
    }
}

fn kept(cache: &Result<Cache, SetupError>) -> Finding {
    let help = "name a folder that can be written in `XDG_CACHE_HOME`";
    let cache = match cache {
        Ok(cache) => cache,
        Err(reason) => return missing(reason.to_string(), help),
    };
    let probe = cache.folder.join(format!("probe-{}", process::id()));
    let written = fs::write(&probe, "");
    let _ = fs::remove_file(&probe);
    match written {
        Ok(()) => Finding::There(format!("`{}`", cache::root().display())),
        Err(error) => missing(format!("`{}` cannot be written: {error}", cache.folder.display()), help),
    }
}

fn engine(cache: &Cache, runtime: &Runtime, toolchain: &Toolchain) -> Finding {
    match LibrariesPlace::of(cache, runtime, toolchain) {
        Ok(place) if place.open().is_some() => Finding::There(String::from("built")),
        Ok(_) => Finding::There(String::from("not built yet, which the first run does once")),
        Err(error) => missing(String::from(error), "name the folder of `asl-runtime` in `ASL_RUNTIME`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        let cases = [
            ("rustc 1.95.0 (59807616e 2026-04-14)", true),
            ("rustc 1.100.0-nightly (a 2026-01-01)", true),
            ("rustc 1.9.0 (a)", false),
            ("rustc 1.94.9", false),
            ("clang", false),
        ];
        for (version, expected) in cases {
            assert_eq!(is_at_least(version, "1.95"), expected, "{version}");
        }
    }
}
