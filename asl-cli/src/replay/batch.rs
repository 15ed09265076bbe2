//! `asl replay --cases`: many machines in one worker, a line of results for each case.
//!
//! In: a folder of cases. Out: the report. A case that does not compile, hangs or crashes is a line like any other.

use super::Arguments;
use super::case::Case;
use super::execute::execute;
use crate::answer::{Outcome, problems};
use crate::cases::Cases;
use crate::machines::Machines;
use asl_compiler::source::SourceFile;
use asl_compiler::{MachineType, Module, Options, Profile};
use asl_runtime::remote::Worker;
use serde_json::{Map, Value, json};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// What the compiler made of a definition.
struct Compiled {
    accepted: bool,
    /// The number of the machine in the worker, where a case wants it run.
    machine: Option<usize>,
    diagnostics: Value,
}

/// Replays all cases of a folder.
pub(crate) fn run(arguments: &Arguments, cases: Cases<'_>) -> Result<Outcome, String> {
    let read = cases.files()?.iter().map(|path| Case::read(path)).collect::<Result<Vec<_>, _>>()?;
    let limit = arguments.limit.unwrap_or(usize::MAX);
    let wanted: Vec<_> = read.into_iter().filter(|case| cases.takes(&case.id)).take(limit).collect();
    let options = Options { profile: Profile::Aws, ignore_data: true, ..arguments.compile.options()? };
    let (machines, compiled) = compile_all(&wanted, &options);
    let worker = arguments.start(machines)?;
    let (mut counts, mut lines) = (Counts::default(), Vec::new());
    for case in &wanted {
        let Some(compiled) = compiled.get(&key(case)) else { continue };
        let line = result(case, compiled, &worker, arguments);
        counts.count(case, &line);
        lines.push(line);
    }
    cases.report(&lines)?;
    arguments.format.print(|| counts.summary(), || counts.to_json());
    Ok(if counts.as_recorded == counts.cases { Outcome::Fine } else { Outcome::ProblemsFound })
}

/// A definition, and how AWS executes it.
type Key<'a> = (&'a str, bool);

fn key(case: &Case) -> Key<'_> {
    (&case.definition, case.is_express())
}

/// Compiles each definition once, however many cases have it.
fn compile_all<'a>(cases: &'a [Case], options: &Options) -> (Machines, HashMap<Key<'a>, Compiled>) {
    let run: HashSet<Key<'_>> = cases.iter().filter(|case| case.is_run()).map(key).collect();
    let (mut machines, mut compiled) = (Machines::default(), HashMap::new());
    for key in cases.iter().map(key) {
        if let Entry::Vacant(place) = compiled.entry(key) {
            let machine_type = if key.1 { MachineType::Express } else { MachineType::Standard };
            let options = Options { machine_type, ..options.clone() };
            let machines = run.contains(&key).then_some(&mut machines);
            place.insert(compile(key.0, &options, machines));
        }
    }
    (machines, compiled)
}

fn compile(definition: &str, options: &Options, machines: Option<&mut Machines>) -> Compiled {
    let source = SourceFile::new("machine.asl.json", definition);
    let module = Module::of_file(source.name()).for_worker();
    let compilation = asl_compiler::compile(&source, options, &module);
    let accepted = compilation.tokens.is_some();
    let diagnostics = problems(&source, &compilation.diagnostics);
    let machine = match (compilation.tokens, machines) {
        (Some(tokens), Some(machines)) => Some(machines.add(&module, &tokens)),
        _ => None,
    };
    Compiled { accepted, machine, diagnostics }
}

/// The line of a case.
fn result(case: &Case, compiled: &Compiled, worker: &Worker, arguments: &Arguments) -> Map<String, Value> {
    let mut line = Map::new();
    line.insert("id".to_owned(), case.id.as_str().into());
    line.insert("compiled".to_owned(), compiled.accepted.into());
    line.insert("diagnostics".to_owned(), compiled.diagnostics.clone());
    let Some(machine) = compiled.machine.filter(|_| case.is_run()) else { return line };
    let (time_limit, journal) = (arguments.worker.time_limit(), arguments.journal.as_deref());
    match execute(worker, machine, &case.request(), time_limit, journal) {
        Ok(answer) => line.extend(answer),
        Err(reason) => {
            line.insert("fault".to_owned(), reason.into());
        }
    }
    line
}

/// How the cases went.
#[derive(Default)]
struct Counts {
    cases: usize,
    compiled: usize,
    as_recorded: usize,
    faults: usize,
}

impl Counts {
    fn count(&mut self, case: &Case, line: &Map<String, Value>) {
        let compiled = line.get("compiled") == Some(&Value::Bool(true));
        let status = line.get("status").and_then(Value::as_str);
        self.cases += 1;
        self.compiled += usize::from(compiled);
        self.faults += usize::from(line.contains_key("fault"));
        self.as_recorded += usize::from(match case.status() {
            Some("REJECTED") => !compiled,
            Some("ACCEPTED") | None => compiled,
            recorded => status == recorded,
        });
    }

    fn to_json(&self) -> Value {
        let Self { cases, compiled, as_recorded, faults } = self;
        json!({ "cases": cases, "compiled": compiled, "as_recorded": as_recorded, "did_not_end": faults })
    }

    fn summary(&self) -> String {
        let Self { cases, compiled, as_recorded, faults } = self;
        format!("{cases} cases: {compiled} compiled, {as_recorded} ended as recorded, {faults} did not end\n")
    }
}
