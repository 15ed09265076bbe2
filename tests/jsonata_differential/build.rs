//! Makes random expressions with data for them, and compiles them.
//!
//! Out: `$OUT_DIR/expressions.rs`, a table of all of them with a module for each that could be compiled. `ASL_DIFFERENTIAL_SEED` and
//! `ASL_DIFFERENTIAL_COUNT` ask for others, and for more.

mod generate;

use asl_compiler::diagnostic::Severity;
use asl_compiler::jsonata::{self, Dialect, alone, emit};
use asl_compiler::source::SourceFile;
use generate::{Chance, Subject};
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

const SEED: &str = "ASL_DIFFERENTIAL_SEED";
const COUNT: &str = "ASL_DIFFERENTIAL_COUNT";
const SUBJECT: &str = "ASL_DIFFERENTIAL_SUBJECT";
const FILE: &str = "ASL_DIFFERENTIAL_FILE";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=generate.rs");
    println!("cargo::rerun-if-changed=generate");
    let seed = number(SEED, 1)?;
    let mut chance = Chance::new(seed);
    let (mut table, mut modules) = (String::new(), String::new());
    for (number, expression) in expressions(&mut chance)?.into_iter().enumerate() {
        let documents = [chance.document(), chance.document()];
        let errors = errors(&expression);
        let code = compiled(&expression, &format!("random_{number}"), &mut modules);
        writeln!(
            table,
            "Case {{ expression: {expression:?}, documents: {documents:?}, code: {code}, errors: {errors:?} }},"
        )?;
    }
    let recorded = recorded(&mut modules)?;
    let file = format!(
        "pub(super) static CASES: &[Case] = &[\n{table}];\npub(super) static RECORDED: &[Recorded] = &[\n{recorded}];\n{modules}"
    );
    fs::write(Path::new(&env::var("OUT_DIR")?).join("expressions.rs"), file)?;
    Ok(())
}

/// Those of the file that `ASL_DIFFERENTIAL_FILE` names, one a line, or else random ones.
fn expressions(chance: &mut Chance) -> Result<Vec<String>, Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed={FILE}");
    println!("cargo::rerun-if-env-changed={SUBJECT}");
    if let Ok(path) = env::var(FILE) {
        println!("cargo::rerun-if-changed={path}");
        return Ok(fs::read_to_string(path)?.lines().map(str::to_owned).collect());
    }
    let subject = match env::var(SUBJECT).as_deref() {
        Ok("functions") => Subject::Functions,
        _ => Subject::Language,
    };
    Ok((0..number(COUNT, 300)?).map(|_| chance.expression(subject)).collect())
}

/// What the reference implementation came to, with the expressions compiled.
fn recorded(modules: &mut String) -> Result<String, Box<dyn Error>> {
    const RECORDED: &str = "recorded.jsonl";
    println!("cargo::rerun-if-changed={RECORDED}");
    let mut table = String::new();
    for (number, line) in fs::read_to_string(RECORDED)?.lines().enumerate() {
        let case: serde_json::Value = serde_json::from_str(line)?;
        let text =
            |name: &str| case.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let (expression, document) = (text("expression"), text("document"));
        let code = compiled(&expression, &format!("recorded_{number}"), modules);
        let reference = case.get("reference").map(ToString::to_string).unwrap_or_default();
        writeln!(
            table,
            "Recorded {{ expression: {expression:?}, document: {document:?}, code: {code}, reference: {reference:?} }},"
        )?;
    }
    Ok(table)
}

/// Writes the module of an expression, and says what represents it in the table.
fn compiled(expression: &str, name: &str, modules: &mut String) -> String {
    let tree = match jsonata::parse(expression) {
        Ok(tree) => tree,
        Err(fault) => return format!("Err({:?})", fault.code),
    };
    let function = emit(&tree, "expression", Dialect::Plain);
    modules.push_str(&format!(
        "mod {name} {{ use ::asl_runtime::__private as rt; use rt::jsonata::Compiled;\n\
         pub(super) static EXPRESSION: Compiled = Compiled::new({expression:?}, expression); {function} }}\n"
    ));
    format!("Ok(&{name}::EXPRESSION)")
}

/// What the compiler says about an expression that must fail where it is reached.
fn errors(expression: &str) -> String {
    let (_, diagnostics) = alone::read(&SourceFile::new("expression", expression), Dialect::Plain, &|_| true);
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let messages: Vec<_> = errors.map(|error| format!("{}: {}", error.code, error.message)).collect();
    messages.join("; ")
}

fn number(variable: &str, otherwise: u64) -> Result<u64, Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed={variable}");
    match env::var(variable) {
        Ok(text) => Ok(text.parse()?),
        Err(_) => Ok(otherwise),
    }
}
