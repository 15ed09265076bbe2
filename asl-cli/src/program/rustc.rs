//! Calls of the compiler without cargo: a program of generated code, linked with the libraries of the engine.
//!
//! In: the folder of a program, whose crate is `src/main.rs`. Out: its executable, or why there is none.

use super::libraries::Libraries;
use super::toolchain::{Toolchain, on_path};
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Generated code of this size is compiled by one thread; more threads would do more work.
const OF_ONE_THREAD: u64 = 256 << 10;

/// Errors of the compiler that are about libraries: they are missing, damaged, or were made by another compiler.
const OF_LIBRARIES: &[&str] =
    &["E0460", "E0461", "E0462", "E0463", "E0464", "E0514", "E0519", "E0523", "E0786"];

/// Why there is no executable.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The compiler refused the program, with this text.
    Refused(String),
    /// It cannot use the libraries.
    Libraries(String),
    /// It could not do its work.
    Other(String),
}

/// Compiles a program, and returns its executable.
pub(super) fn compile(toolchain: &Toolchain, libraries: &Libraries, folder: &Path) -> Result<PathBuf, Fault> {
    let executable = folder.join(format!("program{}", env::consts::EXE_SUFFIX));
    let output = command(toolchain, libraries, folder, &executable).output();
    let failed = |reason: &str| {
        Fault::Other(format!("`{}` did not compile the program: {reason}", toolchain.rustc.display()))
    };
    let output = output.map_err(|error| failed(&error.to_string()))?;
    let text = String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(0) if executable.is_file() => Ok(executable),
        Some(1) if is_about_libraries(&text) => Err(Fault::Libraries(text.into_owned())),
        Some(1) if is_about_the_program(&text) => Err(Fault::Refused(text.into_owned())),
        _ => Err(failed(&format!("{}\n{}", output.status, text.trim_end()))),
    }
}

fn command(toolchain: &Toolchain, libraries: &Libraries, folder: &Path, executable: &Path) -> Command {
    let mut command = Command::new(&toolchain.rustc);
    command
        .args(["src/main.rs", "--crate-name", "program", "--crate-type", "bin", "--edition", "2024"])
        // Nothing reads warnings of generated code.
        .args(["--cap-lints", "allow", "--color", "never"])
        .args(["-Copt-level=0", "-Cdebuginfo=0", "-Cdebug-assertions=no", "-Cstrip=symbols"])
        .arg(format!("-Ccodegen-units={}", codegen_units(folder)))
        .args(link_arguments(toolchain))
        .args(shared_arguments(toolchain, libraries))
        .arg("-L")
        .arg(joined("dependency=", &libraries.folder))
        .arg("--extern")
        .arg(joined("asl_engine=", &libraries.engine))
        .arg("-o")
        .arg(executable)
        // As cargo does, so that errors name files as it does.
        .current_dir(folder)
        .stdin(Stdio::null());
    command
}

fn joined(name: &str, path: &Path) -> OsString {
    let mut argument = OsString::from(name);
    argument.push(path);
    argument
}

/// In how many parts the compiler turns a program into machine code, side by side.
fn codegen_units(folder: &Path) -> u64 {
    let files = fs::read_dir(folder.join("src")).into_iter().flatten().flatten();
    let size: u64 = files.filter_map(|file| Some(file.metadata().ok()?.len())).sum();
    (1 + size / OF_ONE_THREAD).min(16)
}

/// A linker that is faster than the usual one: that of the toolchain, which some compilers use unasked, or else one that is installed.
fn link_arguments(toolchain: &Toolchain) -> Vec<OsString> {
    let Some(host) = toolchain.host().filter(|host| host.contains("-linux-")) else { return Vec::new() };
    let own = toolchain.sysroot.join("lib/rustlib").join(host).join("bin/gcc-ld");
    if own.join("ld.lld").is_file() {
        return vec![
            joined("-Clink-arg=-B", &own),
            OsString::from("-Clink-arg=-fuse-ld=lld"),
            // As many as there are processors take longer together.
            OsString::from("-Clink-arg=-Wl,--threads=1"),
        ];
    }
    let installed = [("mold", "mold"), ("ld.lld", "lld")].into_iter();
    let mut installed = installed.filter(|(program, _)| on_path(OsStr::new(program)).is_some());
    installed.next().map(|(_, name)| format!("-Clink-arg=-fuse-ld={name}").into()).into_iter().collect()
}

/// The libraries are looked for where they are now.
fn shared_arguments(toolchain: &Toolchain, libraries: &Libraries) -> Vec<OsString> {
    let Some(host) = toolchain.host().filter(|_| libraries.is_shared) else { return Vec::new() };
    let standard = toolchain.sysroot.join("lib/rustlib").join(host).join("lib");
    let searched = [&libraries.folder, &standard].into_iter();
    let searched = searched.map(|folder| {
        // A comma would end the argument, so this one goes around the part of the linker that reads them.
        [
            OsString::from("-Clink-arg=-Xlinker"),
            OsString::from("-Clink-arg=-rpath"),
            OsString::from("-Clink-arg=-Xlinker"),
            joined("-Clink-arg=", folder),
        ]
    });
    [OsString::from("-Cprefer-dynamic")].into_iter().chain(searched.flatten()).collect()
}

fn is_about_libraries(text: &str) -> bool {
    let codes = text.lines().filter_map(|line| line.strip_prefix("error[")?.split_once(']'));
    codes.map(|(code, _)| code).any(|code| OF_LIBRARIES.contains(&code))
}

/// Whether an error has a place in the program.
fn is_about_the_program(text: &str) -> bool {
    let mut in_error = false;
    text.lines().any(|line| {
        in_error = line.starts_with("error") || in_error && !line.is_empty();
        in_error && line.trim_start().starts_with("--> src")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_program_are_told_from_others() {
        let of_program = "warning: unused\n --> src/main.rs:1:1\n\nerror[E0425]: cannot find value `a`\n  --> src/file_0.rs:3:4\n   |\n";
        let of_library = "error[E0514]: found crate `asl_engine` compiled by an incompatible version of rustc\n --> src/file_0.rs:1:7\n";
        let of_linker = "warning: unused\n --> src/main.rs:1:1\n\nerror: linker `cc` not found\n  |\n  = note: No such file or directory\n";
        assert!(is_about_the_program(of_program) && !is_about_libraries(of_program));
        assert!(is_about_libraries(of_library));
        assert!(!is_about_the_program(of_linker) && !is_about_libraries(of_linker));
    }
}
