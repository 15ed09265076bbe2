//! Puts the sources of the engine into the command, so that it builds programs wherever it is, without the clone that it came from.
//!
//! In: the workspace that this crate lies in. Out: `sources.rs`, a list of files and what tells it from other lists. From the registry this crate
//! comes alone, and the list is empty: there the engine is fetched from the registry too.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// What programs are made of: `asl-runtime`, what keeps executions elsewhere, and all that they need of this workspace.
const CRATES: [&str; 10] = [
    "asl-compiler",
    "asl-engine",
    "asl-jsonata",
    "asl-lambda",
    "asl-language",
    "asl-macros",
    "asl-project",
    "asl-restate",
    "asl-runtime",
    "asl-value",
];

/// What is carried beside their sources as it is.
const BESIDE: [&str; 4] = ["Cargo.lock", "LICENSE-APACHE", "LICENSE-MIT", "asl-engine/build.rs"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let workspace = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("..");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let is_here = CRATES.iter().all(|name| workspace.join(name).join("Cargo.toml").is_file());
    let files = if is_here { carried(&workspace, &out)? } else { BTreeMap::new() };
    let mut hash = DefaultHasher::new();
    let mut list = String::new();
    for (name, path) in &files {
        (name, fs::read(path)?).hash(&mut hash);
        writeln!(list, "    ({name:?}, include_bytes!({:?})),", path.canonicalize()?)?;
    }
    let text = format!(
        "/// What tells these sources from others.\npub(super) const STATE: &str = \"{:016x}\";\n\n\
         /// The path of each file, and what is in it.\npub(super) const FILES: &[(&str, &[u8])] = &[\n{list}];\n",
        hash.finish()
    );
    fs::write(out.join("sources.rs"), text)?;
    Ok(())
}

/// The files by their names.
fn carried(workspace: &Path, out: &Path) -> Result<BTreeMap<String, PathBuf>, Box<dyn Error>> {
    let mut files = BTreeMap::new();
    let mut manifest = |name: String, text: String| -> io::Result<()> {
        let path = out.join(name.replace('/', "-"));
        fs::write(&path, text)?;
        files.insert(name, path);
        Ok(())
    };
    manifest(String::from("Cargo.toml"), workspace_manifest(&read(&workspace.join("Cargo.toml"))?))?;
    for name in CRATES {
        let text = read(&workspace.join(name).join("Cargo.toml"))?;
        manifest(format!("{name}/Cargo.toml"), without_tests(&text))?;
    }
    for name in CRATES {
        collect(&workspace.join(name).join("src"), &format!("{name}/src"), &mut files)?;
    }
    for name in BESIDE {
        let path = workspace.join(name);
        if path.is_file() {
            println!("cargo::rerun-if-changed={}", path.display());
            files.insert(name.to_owned(), path);
        }
    }
    Ok(files)
}

fn read(path: &Path) -> io::Result<String> {
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read_to_string(path)
}

fn collect(folder: &Path, name: &str, files: &mut BTreeMap<String, PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = format!("{name}/{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            collect(&path, &name, files)?;
        } else {
            files.insert(name, path);
        }
    }
    Ok(())
}

/// The manifest of a workspace of these crates alone, with the versions and the lints that they take from it.
fn workspace_manifest(text: &str) -> String {
    let inherited = sections(text, |header| header.starts_with("[workspace."));
    format!("[workspace]\nresolver = \"3\"\nmembers = {CRATES:?}\n\n{inherited}")
}

/// A manifest without what is for tests, whose files are not carried.
fn without_tests(text: &str) -> String {
    let of_tests = ["[dev-dependencies", "[[test]]", "[[bench]]", "[[example]]"];
    sections(text, |header| !of_tests.iter().any(|start| header.starts_with(start)))
}

/// The sections of a manifest whose headers are wanted.
fn sections(text: &str, is_wanted: impl Fn(&str) -> bool) -> String {
    let mut wanted = false;
    text.lines()
        .filter(|line| {
            if line.starts_with('[') {
                wanted = is_wanted(line);
            }
            wanted
        })
        .fold(String::new(), |text, line| text + line + "\n")
}
