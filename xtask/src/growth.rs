//! How work grows with what is worked on: four times as much may take six times the work, and no more.
//!
//! In: texts that grow in one way each, for the compiler and its tools; for what runs, the cases of `tests/growth`, which one process does one after
//! the other. Out: for each the ratio of work. Work is instructions, which `valgrind` counts, so that it is the same on
//! every machine and however busy that is; only the seeds of hash tables change it a little. Memory that is allocated would not show
//! characters that are counted again and again, and time would show everything else as well. Without `valgrind` nothing is measured.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Above linear growth, which is 4, there is room for sorting and trees.
const MOST: f64 = 6.0;

/// The size of the data of what runs.
const RUNNING: usize = 256;
/// The function whose calls are counted.
const MEASURED: &str = "asl_growth::measured";

const FINE: &str = r#"{ "StartAt": "A", "States": { "A": { "Type": "Succeed" } } }"#;

/// Something that grows: a name, the command that works on it, a size that shows more than the start of the process, and the text of a size.
struct Growing(&'static str, &'static str, usize, fn(usize) -> String);

const CASES: &[Growing] = &[
    Growing("states", "check", 200, states),
    Growing("states", "expand", 100, states),
    Growing("states", "graph", 200, states),
    Growing("states", "policy", 200, states),
    // So many that no more suggestions are looked for: their number is limited, and up to there they cost what they may.
    Growing("states that lead nowhere", "check", 400, |n| {
        machine(n, |number| format!(r#""Type": "Pass", "Next": "T{number}""#))
    }),
    Growing("branches", "check", 200, |n| {
        let branch = |number| {
            format!(r#"{{ "StartAt": "B{number}", "States": {{ "B{number}": {{ "Type": "Succeed" }} }} }}"#)
        };
        state(&format!(r#""Type": "Parallel", "Branches": [{}], "End": true"#, list(n, branch)))
    }),
    Growing("variables", "check", 150, |n| {
        machine(n, |number| {
            format!(r#""Type": "Pass", "Assign": {{ "v{number}": {number} }}, {}"#, next(number, n))
        })
    }),
    Growing("rules", "check", 150, |n| {
        rules(n, |number| format!(r#""Variable": "$.a{number}", "IsPresent": true"#))
    }),
    Growing("rules with constants", "check", 150, |n| {
        rules(n, |number| format!(r#""Variable": "$.a", "StringEquals": "x{number}""#))
    }),
    Growing("rules with expressions", "expand", 50, |n| {
        let rule =
            |number| format!(r#"{{ "Condition": "{{% $states.input.a = {number} %}}", "Next": "Z" }}"#);
        let choice =
            format!(r#""Type": "Choice", "QueryLanguage": "JSONata", "Choices": [{}]"#, list(n, rule));
        state(&format!(r#"{choice}, "Default": "Z""#))
    }),
    Growing("wide objects", "check", 1000, |n| {
        pass(&format!(r#""Result": {{ {} }}"#, list(n, |number| format!(r#""a{number}": {number}"#))))
    }),
    Growing("wide templates", "check", 300, |n| {
        pass(&format!(
            r#""Parameters": {{ {} }}"#,
            list(n, |number| format!(r#""a{number}.$": "$.a{number}""#))
        ))
    }),
    Growing("a long text", "check", 20_000, |n| pass(&format!(r#""Comment": "{}""#, "a".repeat(n)))),
    Growing("escapes", "check", 5000, |n| pass(&format!(r#""Comment": "{}""#, "\\u00e9".repeat(n)))),
    Growing("placeholders that do not end", "check", 2000, |n| {
        pass(&format!(r#""Result": "{}""#, "${a".repeat(n)))
    }),
    Growing("an array in an expression", "check", 300, |n| {
        expression(&format!("[{}]", list(n, |number| number.to_string())))
    }),
    Growing("arguments of a call", "check", 1000, |n| {
        expression(&format!("$append({})", list(n, |number| number.to_string())))
    }),
    Growing("keys of an object in an expression", "check", 800, |n| {
        expression(&format!("{{{}}}", list(n, |number| format!("'a{number}': {number}"))))
    }),
    Growing("operations in an expression", "expand", 200, |n| {
        expression(&format!("[{}]", list(n, |number| format!("$states.input.a + {number}"))))
    }),
    Growing("arguments of an intrinsic function", "expand", 200, |n| {
        pass(&format!(
            r#""Parameters": {{ "a.$": "States.Array({})" }}"#,
            list(n, |number| format!("$.a{number}"))
        ))
    }),
    Growing("statements of an expression", "check", 100, |n| {
        let statements: Vec<_> = (0..n).map(|number| format!("$x{number} := {number}")).collect();
        expression(&format!("({})", statements.join("; ")))
    }),
    Growing("unknown functions", "check", 50, |n| {
        pass(&format!(
            r#""QueryLanguage": "JSONata", "Output": [{}]"#,
            list(n, |_| r#""{% $lenght(1) %}""#.to_owned())
        ))
    }),
    Growing("texts of a set", "check", 1000, |n| {
        put(&format!(r#""a": {{ "SS": [{}] }}"#, list(n, |number| format!(r#""text {number}""#))), "")
    }),
    Growing("names of attributes", "check", 500, |n| {
        let names = list(n, |number| format!(r##""#a{number}": "a{number}""##));
        let used: String = (0..100).map(|number| format!("#a{number} = #b{number} AND ")).collect();
        put(
            "",
            &format!(r#""ConditionExpression": "{used} a = b", "ExpressionAttributeNames": {{ {names} }}"#),
        )
    }),
    // Each of these has a limit; there may be many of them.
    Growing("expressions", "check", 20, |n| {
        let paths = list(400, |number| format!("p{number}.a"));
        let get = |_| format!(r#"{{ "Get": {{ "TableName": "t", "ProjectionExpression": "{paths}" }} }}"#);
        call("transactGetItems", &format!(r#""TransactItems": [{}]"#, list(n, get)))
    }),
    Growing("items of a transaction", "check", 300, |n| {
        let delete = |number| format!(r#"{{ "Delete": {{ "TableName": "t", "Key": {} }} }}"#, key(number));
        call("transactWriteItems", &format!(r#""TransactItems": [{}]"#, list(n, delete)))
    }),
    Growing("keys of a batch", "check", 500, |n| {
        call("batchGetItem", &format!(r#""RequestItems": {{ "t": {{ "Keys": [{}] }} }}"#, list(n, key)))
    }),
    Growing("problems in one line", "lsp", 100, |n| {
        machine(n, |_| r#""Type": "Succeed", "Foo": 1"#.to_owned())
    }),
];

fn list(n: usize, part: impl Fn(usize) -> String) -> String {
    (0..n).map(part).collect::<Vec<_>>().join(", ")
}

fn next(number: usize, n: usize) -> String {
    if number + 1 == n { r#""End": true"#.to_owned() } else { format!(r#""Next": "S{}""#, number + 1) }
}

fn machine(n: usize, state: impl Fn(usize) -> String) -> String {
    let states = list(n, |number| format!(r#""S{number}": {{ {} }}"#, state(number)));
    format!(r#"{{ "StartAt": "S0", "States": {{ {states} }} }}"#)
}

fn states(n: usize) -> String {
    machine(n, |number| format!(r#""Type": "Pass", {}"#, next(number, n)))
}

fn state(fields: &str) -> String {
    format!(r#"{{ "StartAt": "A", "States": {{ "A": {{ {fields} }}, "Z": {{ "Type": "Succeed" }} }} }}"#)
}

fn pass(fields: &str) -> String {
    state(&format!(r#""Type": "Pass", {fields}, "Next": "Z""#))
}

/// A task that asks DynamoDB for something.
fn call(action: &str, parameters: &str) -> String {
    let resource = format!("arn:aws:states:::aws-sdk:dynamodb:{action}");
    state(&format!(
        r#""Type": "Task", "Resource": "{resource}", "Parameters": {{ {parameters} }}, "Next": "Z""#
    ))
}

/// A task that puts an item into a table.
fn put(attributes: &str, fields: &str) -> String {
    let comma = if fields.is_empty() { "" } else { ", " };
    let parameters = format!(r#""TableName": "t", "Item": {{ {attributes} }}{comma}{fields}"#);
    let resource = "arn:aws:states:::dynamodb:putItem";
    state(&format!(
        r#""Type": "Task", "Resource": "{resource}", "Parameters": {{ {parameters} }}, "Next": "Z""#
    ))
}

fn key(number: usize) -> String {
    format!(r#"{{ "id": {{ "S": "text {number}" }} }}"#)
}

fn expression(text: &str) -> String {
    pass(&format!(r#""QueryLanguage": "JSONata", "Output": "{{% {text} %}}""#))
}

fn rules(n: usize, test: impl Fn(usize) -> String) -> String {
    let rules = list(n, |number| format!(r#"{{ {}, "Next": "Z" }}"#, test(number)));
    state(&format!(r#""Type": "Choice", "Choices": [{rules}], "Default": "Z""#))
}

/// Measures all cases whose name or command has the text in it; a line for each, and whether all grow as they may.
pub(crate) fn measure(filter: &str) -> Result<bool, String> {
    if Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_err() {
        println!("skipped: there is no `valgrind`");
        return Ok(true);
    }
    let folder = std::env::temp_dir().join(format!("asl-growth-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(|error| format!("`{}` cannot be made: {error}", folder.display()))?;
    let compiler = measure_commands(filter, &folder);
    let fine = compiler.and_then(|fine| Ok(measure_running(filter, &folder)? && fine));
    let _ = fs::remove_dir_all(&folder);
    fine
}

fn measure_commands(filter: &str, folder: &Path) -> Result<bool, String> {
    let mut fine = true;
    let shown = |Growing(name, command, ..): &Growing| format!("{command}: {name}");
    let cases: Vec<_> = CASES.iter().filter(|case| shown(case).contains(filter)).collect();
    if cases.is_empty() {
        return Ok(true);
    }
    let asl = &build("asl-cli", "asl", folder)?;
    for case in cases {
        let Growing(_, command, n, text) = case;
        let counted = side_by_side(
            [("start", FINE.to_owned()), ("one", text(*n)), ("four", text(4 * n))]
                .map(|(name, text)| move || instructions(asl, command, folder, name, &text)),
        );
        let [start, one, four] = counted;
        let start = start?;
        fine &= report(&shown(case), *n, one? - start, four? - start);
    }
    Ok(fine)
}

/// Does all of them at once: what is counted is the same, and each process of `valgrind` takes one processor only.
fn side_by_side<T: Send, const N: usize>(
    acts: [impl FnOnce() -> Result<T, String> + Send; N],
) -> [Result<T, String>; N] {
    std::thread::scope(|scope| {
        let threads = acts.map(|act| scope.spawn(act));
        threads.map(|thread| thread.join().unwrap_or_else(|_| Err("a thread has panicked".to_owned())))
    })
}

/// Shows how something grows; whether that is as it may.
fn report(name: &str, n: usize, one: f64, four: f64) -> bool {
    let ratio = four / one;
    let verdict = if ratio <= MOST { "" } else { "  too much" };
    println!("{ratio:5.1}  {name}, {n} and {}{verdict}", 4 * n);
    ratio <= MOST
}

/// The cases of `tests/growth`, each of which is a call of one function.
fn measure_running(filter: &str, folder: &Path) -> Result<bool, String> {
    let program = &build("asl-growth", "asl-growth", folder)?;
    let [one, four] =
        side_by_side([RUNNING, 4 * RUNNING].map(|size| move || calls(program, size, filter, folder)));
    let (one, four) = (one?, four?);
    if one.len() != four.len() {
        return Err("`asl-growth` does not do the same for both sizes".to_owned());
    }
    let mut fine = true;
    for ((name, one), (_, four)) in one.into_iter().zip(four) {
        fine &= report(&name, RUNNING, one, four);
    }
    Ok(fine)
}

/// The cases of one size, with the number of instructions that each takes.
fn calls(program: &Path, size: usize, filter: &str, folder: &Path) -> Result<Vec<(String, f64)>, String> {
    let failed = |error: std::io::Error| format!("`valgrind` cannot be run: {error}");
    let out = folder.join(format!("calls-{size}"));
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--dump-line=no"])
        .args([format!("--dump-before={MEASURED}"), format!("--dump-after={MEASURED}")])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .args([program.as_os_str(), size.to_string().as_ref(), filter.as_ref()])
        .output()
        .map_err(failed)?;
    let names = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        let last: Vec<_> = names.lines().rev().take(2).collect();
        return Err(format!("`asl-growth` has failed: {last:?}"));
    }
    // What comes before a call is in a separate file, and what is done in it in the next one.
    let count = |call: usize| {
        let file = folder.join(format!("calls-{size}.{}", 2 * call + 2));
        let text = fs::read_to_string(&file).map_err(failed)?;
        let _ = fs::remove_file(&file);
        let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
        total
            .and_then(|total| total.trim().parse::<f64>().ok())
            .ok_or("`callgrind` counts nothing".to_owned())
    };
    names.lines().enumerate().map(|(call, name)| Ok((name.to_owned(), count(call)?))).collect()
}

/// A program, built without optimisation: what it does is the same. It is copied into the folder, so that no later build changes what is measured.
fn build(package: &str, program: &str, folder: &Path) -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let status = cargo.args(["build", "-p", package]).current_dir(&root).status();
    match status {
        Ok(status) if status.success() => {}
        _ => return Err(format!("`{program}` cannot be built")),
    }
    let copy = folder.join(program);
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    fs::copy(target.join("debug").join(program), &copy)
        .map_err(|error| format!("`{program}` cannot be copied: {error}"))?;
    Ok(copy)
}

/// How many instructions the command takes for a definition, which lies in a file of this name.
#[expect(clippy::cast_precision_loss, reason = "a ratio needs no more digits")]
fn instructions(asl: &Path, command: &str, folder: &Path, name: &str, text: &str) -> Result<f64, String> {
    let file = folder.join(format!("{name}.asl.json"));
    let failed = |error: std::io::Error| format!("`valgrind` cannot be run: {error}");
    fs::write(&file, text).map_err(failed)?;
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .arg(asl)
        .arg(command);
    let input = if command == "lsp" { messages(text) } else { String::new() };
    if command != "lsp" {
        valgrind.arg(&file);
    }
    valgrind.env("XDG_CACHE_HOME", folder).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = valgrind.spawn().map_err(failed)?;
    // It may end before it has read everything.
    let _ = child.stdin.take().map(|mut pipe| pipe.write_all(input.as_bytes()));
    let output = child.wait_with_output().map_err(failed)?;
    let log = String::from_utf8_lossy(&output.stderr);
    let line = log.lines().rev().find_map(|line| line.split_once(" refs:"));
    let count = line.and_then(|(_, count)| count.trim().replace(',', "").parse::<u64>().ok());
    count.map(|count| count as f64).ok_or_else(|| format!("`valgrind` counts nothing: {log}"))
}

/// An editor that opens the definition, waits for its problems, and ends.
fn messages(text: &str) -> String {
    let document = serde_json::json!({ "uri": "file:///machine.asl.json", "languageId": "json", "version": 1, "text": text });
    let all = [
        serde_json::json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {} }),
        serde_json::json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": document } }),
        serde_json::json!({ "jsonrpc": "2.0", "id": 2, "method": "textDocument/codeAction", "params": {
            "textDocument": { "uri": "file:///machine.asl.json" }, "context": { "diagnostics": [] },
            "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 1, "character": 0 } } } }),
    ];
    let mut messages = String::new();
    for message in all.map(|message| message.to_string()) {
        let _ = write!(messages, "Content-Length: {}\r\n\r\n{message}", message.len());
    }
    messages
}
