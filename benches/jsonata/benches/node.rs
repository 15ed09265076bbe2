//! JSONata on Node, if it is there: the script `node.js` measures in a separate process.

use asl_benches::print;
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::env;
use std::error::Error;
use std::io::Write;
use std::process::{Command, Stdio};

const SCRIPT: &str = include_str!("node.js");

/// The variable that names the folder of the package.
const PACKAGE: &str = "ASL_JSONATA_JS";

/// What an expression costs there, and what it comes to for each `$i`.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) nanoseconds: f64,
    pub(crate) results: Vec<Json>,
}

/// Measures all expressions; nothing where there is no Node.
pub(crate) fn measure(
    expressions: &[(&str, &str)],
    bindings: &[Json],
    quick: bool,
) -> Result<Option<HashMap<String, Figures>>, Box<dyn Error>> {
    let texts: serde_json::Map<_, _> =
        expressions.iter().map(|(name, text)| ((*name).to_owned(), Json::from(*text))).collect();
    let Some(answer) = ask(json!({ "quick": quick, "bindings": bindings, "exprs": texts }))? else {
        return Ok(None);
    };
    let figures = answer.into_iter().map(|(name, figures)| {
        let nanoseconds = figures.get("ns").and_then(Json::as_f64).unwrap_or(f64::NAN);
        let results = figures.get("results").and_then(Json::as_array).cloned().unwrap_or_default();
        (name, Figures { nanoseconds, results })
    });
    Ok(Some(figures.collect()))
}

/// What a turn of a machine's loop costs there, in nanoseconds; nothing where there is no Node.
pub(crate) fn machine(
    expressions: &[String],
    input: &Json,
    quick: bool,
    sum: Option<f64>,
) -> Result<Option<f64>, Box<dyn Error>> {
    let Some(answer) =
        ask(json!({ "quick": quick, "bindings": [], "exprs": {}, "machine": expressions, "input": input }))?
    else {
        return Ok(None);
    };
    let figure =
        |name: &str| answer.get("machine").and_then(|figures| figures.get(name)).and_then(Json::as_f64);
    if figure("acc") != sum {
        return Err("the machine comes to something else on Node".into());
    }
    Ok(figure("ns"))
}

/// What the script answers.
fn ask(mut request: Json) -> Result<Option<HashMap<String, Json>>, Box<dyn Error>> {
    let Some(package) = env::var_os(PACKAGE) else {
        print("without Node: ASL_JSONATA_JS does not name the folder of the package `jsonata`");
        return Ok(None);
    };
    let started =
        Command::new("node").args(["-e", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut process) = started else {
        print("without Node: the program `node` cannot be started");
        return Ok(None);
    };
    if let Some(request) = request.as_object_mut() {
        request.insert("package".to_owned(), Json::from(package.to_string_lossy()));
    }
    if let Some(mut stdin) = process.stdin.take() {
        stdin.write_all(request.to_string().as_bytes())?;
    }
    let output = process.wait_with_output()?;
    Ok(Some(serde_json::from_slice(&output.stdout)?))
}
