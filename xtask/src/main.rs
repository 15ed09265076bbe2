//! Chores of this repository.
//!
//! `cargo xtask services --botocore DIR` writes the table of AWS services from the models of the Python package botocore; `cargo xtask growth`
//! finds work that grows faster than what is worked on.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks to its user")]

mod growth;
mod services;

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask services --botocore DIR [--out FILE]

       cargo xtask growth [TEXT]

  DIR   the folder `botocore` of the unpacked Python package
  FILE  where the table goes; by default `asl-compiler/src/services/table.bin`
  TEXT  only what has it in its name";

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../asl-compiler/src/services/table.bin");

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (folder, out) = match words.as_slice() {
        ["growth"] => return growth(""),
        ["growth", filter] => return growth(filter),
        ["services", "--botocore", folder] => (folder, TABLE),
        ["services", "--botocore", folder, "--out", out] => (folder, *out),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match services::generate(&PathBuf::from(folder), &PathBuf::from(out)) {
        Ok(summary) => {
            println!("{out}: {summary}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn growth(filter: &str) -> ExitCode {
    match growth::measure(filter) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
