//! What tells the sources of the engine from others: a worker and its client exchange bytes that only the same sources read alike.
//!
//! In: the crates of the engine, as far as they are here. Out: a number in `ASL_ENGINE_SOURCES`. From a registry each crate comes alone; there the
//! version says which others come with it.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The crates, from this one on.
const CRATES: [&str; 4] = [".", "../asl-jsonata", "../asl-value", "../asl-language"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    hash.add(env::var("CARGO_PKG_VERSION")?.as_bytes());
    for name in CRATES {
        let sources = folder.join(name).join("src");
        if sources.is_dir() {
            println!("cargo::rerun-if-changed={}", sources.display());
            add(&sources, &mut hash)?;
        }
    }
    println!("cargo::rustc-env=ASL_ENGINE_SOURCES={:016x}", hash.0);
    Ok(())
}

/// The hash of Fowler, Noll and Vo: that of the standard library may be another one with another compiler.
struct Fnv(u64);

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        let all = (bytes.len() as u64).to_le_bytes().into_iter().chain(bytes.iter().copied());
        self.0 = all.fold(self.0, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    }
}

/// Adds all files of a folder, in the order of their names.
fn add(folder: &Path, hash: &mut Fnv) -> io::Result<()> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        hash.add(path.file_name().unwrap_or_default().as_encoded_bytes());
        if path.is_dir() {
            add(&path, hash)?;
        } else {
            hash.add(&fs::read(&path)?);
        }
    }
    Ok(())
}
