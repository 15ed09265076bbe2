//! Compiles the expressions that are measured, and the machine that evaluates one in a loop.
//!
//! Out: `$OUT_DIR/expressions.rs`, a module an expression and a table of all of them, and `$OUT_DIR/machines.rs`, which measures our machine
//! and, if there is a folder of workloads, the one there.

use asl_compiler::{build, jsonata};
use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Our own expressions, and what they see.
const EXPRESSIONS: &str = "expressions.json";
/// Further ones, as seen from the folder of workloads.
const EXPRESSIONS_BESIDE: &str = "../jsonata.json";
/// The variable that names the folder of workloads.
const WORKLOADS: &str = "ASL_WORKLOADS";
/// Where the workloads are if nothing is said.
const WORKLOADS_BY_DEFAULT: &str = "../../../shared/bench/workloads";

fn main() -> Outcome<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("machines.rs"), machines(&out))?;
    fs::write(out.join("expressions.rs"), expressions()?)?;
    Ok(())
}

/// The machines, and how each is measured: with its name, and what the remainder in its expression is of.
fn machines(out: &Path) -> String {
    let (mut modules, mut calls) = (String::new(), String::new());
    for (path, name, remainder) in [
        (PathBuf::from("../machines/sums.asl.json"), "sums", 80),
        (folder().join("w6_jsonata.asl.json"), "w6_jsonata", 90),
    ] {
        if path.is_file() {
            build::compile(&path);
            modules += &format!("include!({:?});", out.join(format!("{name}.rs")));
            calls += &format!(
                "machine::measure::<{name}::Machine>(bench, \"machine {name}\", {remainder}.0, input)?;"
            );
        }
    }
    format!("{modules} fn machines(bench: &Bench, input: &Json) -> Outcome<()> {{ {calls} Ok(()) }}")
}

fn folder() -> PathBuf {
    PathBuf::from(env::var(WORKLOADS).unwrap_or_else(|_| String::from(WORKLOADS_BY_DEFAULT)))
}

/// The tables of expressions: our own, and the one beside the folder of workloads.
fn expressions() -> Outcome<String> {
    println!("cargo::rerun-if-changed={EXPRESSIONS}");
    println!("cargo::rerun-if-env-changed={WORKLOADS}");
    let folder = folder();
    let (mut sets, mut modules) = (String::new(), String::new());
    for path in [PathBuf::from(EXPRESSIONS), folder.join(EXPRESSIONS_BESIDE)] {
        if !path.is_file() {
            continue;
        }
        let path = path.canonicalize()?;
        println!("cargo::rerun-if-changed={}", path.display());
        let set: serde_json::Value = serde_json::from_slice(&fs::read(&path)?)?;
        let mut table = String::new();
        for (name, expression) in
            set.get("exprs").and_then(serde_json::Value::as_object).into_iter().flatten()
        {
            let text = expression
                .get("src")
                .and_then(serde_json::Value::as_str)
                .ok_or("an expression has no `src`")?;
            let module = format!("expression_{}", modules.matches("mod ").count());
            modules += &expression_module(&module, text)?;
            write!(table, "({name:?}, &{module}::EXPRESSION),")?;
        }
        write!(sets, "Set {{ file: {path:?}, expressions: &[{table}] }},")?;
    }
    Ok(format!("const SETS: &[Set] = &[{sets}]; {modules}"))
}

fn expression_module(module: &str, text: &str) -> Outcome<String> {
    let tree = jsonata::parse(text).map_err(|fault| format!("`{text}`: {}", fault.message))?;
    let function = jsonata::emit(&tree, "expression", jsonata::Dialect::Plain);
    let module = format!(
        "mod {module} {{ use ::asl_runtime::__private as rt; use rt::jsonata::Compiled;\n\
         pub(super) static EXPRESSION: Compiled = Compiled::new({text:?}, expression); {function} }}"
    );
    Ok(prettyplease::unparse(&syn::parse_file(&module)?))
}
