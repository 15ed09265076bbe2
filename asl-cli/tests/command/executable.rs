//! `asl build`, `asl run` and `asl new` from outside: definitions in, executables and their exit codes out.

use crate::support::{asl, command, ended, stderr, stdout, write};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// One machine for all tests, so that one program is built.
const MACHINE: &str = r#"{ "Comment": "Takes its time.", "StartAt": "Rest", "TimeoutSeconds": 1, "States": {
  "Rest": { "Type": "Wait", "SecondsPath": "$.wait", "Next": "Enough" },
  "Enough": { "Type": "Choice", "Choices": [{ "Variable": "$.late", "IsPresent": true, "Next": "Late" }], "Default": "Done" },
  "Late": { "Type": "Fail", "Error": "Late", "Cause": "it took too long" },
  "Done": { "Type": "Succeed" } } }"#;

/// A machine whose evaluation never ends unless its input is negative.
const ENDLESS: &str = r#"{ "QueryLanguage": "JSONata", "StartAt": "Count", "States": { "Count": { "Type": "Pass", "End": true,
  "Output": "{% ($up := function($n) { $n < 0 ? $n : $up($n + 1) }; $up($states.input)) %}" } } }"#;

/// An empty folder of its own for each test, with the machine in it.
fn folder(test: &str) -> PathBuf {
    let folder = crate::support::folder(module_path!(), test);
    write(&folder, "machine.asl.json", MACHINE);
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    ended(&asl(folder, &[&["run", "machine.asl.json"], arguments].concat()))
}

#[test]
fn the_exit_code_says_how_the_execution_ended() {
    let folder = folder("the_exit_code_says_how_the_execution_ended");
    let (code, output, log) = run(&folder, &["--input", r#"{"wait":0}"#]);
    assert_eq!((code, output.as_str()), (Some(0), "{\"wait\":0}\n"), "{log}");
    assert!(log.contains("→ Wait      Rest") && log.contains("→ Succeed   Done"), "{log}");
    fs::write(folder.join("input.json"), r#"{"wait":0,"late":true}"#).expect("a file");
    let failed = run(&folder, &["--input", "@input.json", "--log", "error"]);
    assert_eq!(failed, (Some(1), String::new(), "execution FAILED: Late\n  it took too long\n".to_owned()));
    let (code, output, log) =
        run(&folder, &["--input", r#"{"wait":60}"#, "--name", "slow", "--log", "off", "--format", "json"]);
    let timed_out = r#"{"name":"slow","status":"TIMED_OUT","error":"States.Timeout"}"#;
    assert_eq!((code, output.trim_end(), log.as_str()), (Some(3), timed_out, ""));
    let (code, _, log) = run(&folder, &["--input", "{"]);
    assert!(code == Some(2) && log.starts_with("error: the input is not JSON: "), "{log}");
    fs::write(folder.join("machine.asl.json"), MACHINE.replace("\"Done\": {", "\"Dome\": {"))
        .expect("a file");
    let (code, output, log) = run(&folder, &[]);
    assert!(code == Some(1) && output.is_empty() && log.contains("did you mean `Dome`?"), "{log}");
}

#[test]
fn an_executable_needs_nothing_else() {
    let folder = folder("an_executable_needs_nothing_else");
    let (code, output, log) =
        ended(&asl(&folder, &["build", "machine.asl.json", "-o", "slow", "--format", "json"]));
    assert_eq!(code, Some(0), "{log}");
    let built: Value = serde_json::from_str(&output).expect("JSON");
    assert_eq!(built, json!({ "executable": "slow", "problems": [], "unserved": [], "placeholders": [] }));
    let slow = |arguments: &[&str]| {
        let command = Command::new(folder.join("slow")).args(arguments).stdin(Stdio::null()).output();
        ended(&command.expect("it runs"))
    };
    let (code, help, _) = slow(&["--help"]);
    assert!(code == Some(0) && help.starts_with("Takes its time.\n\nUsage: slow [OPTIONS]\n"), "{help}");
    let history = folder.join("history.json").display().to_string();
    let arguments = ["--input", r#"{"wait":0}"#, "--quiet", "--history", &history];
    assert_eq!(slow(&arguments), (Some(0), "{\"wait\":0}\n".to_owned(), String::new()));
    let events: Value = serde_json::from_str(&fs::read_to_string(history).expect("a history")).expect("JSON");
    assert_eq!(events["events"][0]["type"], "ExecutionStarted");
    let (code, _, log) = slow(&["--inptu", "x"]);
    assert!(code == Some(2) && log.starts_with("error: there is no option `--inptu`"), "{log}");
    assert_eq!(asl(&folder, &["build", "nowhere.json"]).status.code(), Some(2));
}

#[test]
fn what_was_built_is_found_again() {
    let folder = folder("what_was_built_is_found_again");
    let arguments = ["run", "machine.asl.json", "--input", r#"{"wait":0}"#, "--quiet"];
    assert_eq!(asl(&folder, &arguments).status.code(), Some(0));
    // Without a cargo nothing can be built.
    let again = command(&folder, &arguments).env("CARGO", "/nowhere/cargo").output().expect("asl runs");
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
    assert_eq!(stdout(&again), "{\"wait\":0}\n");
}

#[test]
#[cfg(unix)]
fn a_signal_stops_an_evaluation_that_never_ends() {
    use std::io::{BufRead, BufReader, Read};
    let folder = folder("a_signal_stops_an_evaluation_that_never_ends");
    write(&folder, "endless.asl.json", ENDLESS);
    let mut run = command(&folder, &["run", "endless.asl.json", "--input", "0"]);
    let mut run = run.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("asl runs");
    let (mut log, mut line) = (BufReader::new(run.stderr.take().expect("a log")), String::new());
    log.read_line(&mut line).expect("a line");
    assert!(line.contains("→ Pass      Count"), "{line}");
    let sent = Command::new("kill").args(["-INT", &run.id().to_string()]).status().expect("it runs");
    assert!(sent.success());
    assert_eq!(run.wait().expect("it ends").code(), Some(130));
    let mut rest = String::new();
    log.read_to_string(&mut rest).expect("text");
    assert_eq!(rest, "execution ABORTED: without an error name\n  a signal stopped it\n");
}

#[test]
fn what_never_ends_spoils_no_other_test() {
    let folder = folder("what_never_ends_spoils_no_other_test");
    write(&folder, "endless.asl.json", ENDLESS);
    let case = |name: &str, input: i64| json!({ "name": name, "input": input, "expect": { "output": -1 } });
    let cases = json!({ "cases": [case("it never ends", 1), case("it ends", -1), case("nor does this", 2)] });
    write(&folder, "endless.test.json", &cases.to_string());
    let (code, text, log) = ended(&asl(&folder, &["test", "endless.asl.json", "--time-limit", "10"]));
    assert_eq!(code, Some(1), "{log}");
    assert!(text.contains("it ends ... ok") && text.contains("1 passed; 2 failed"), "{text}");
    assert!(text.contains("  it was not over after 10 s\n"), "{text}");
}

/// The kept executables that contain a text.
fn kept_with(text: &str) -> Vec<PathBuf> {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache/asl").to_owned();
    let inner = |folder: PathBuf| {
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect::<Vec<_>>()
    };
    let runtimes = inner(cache);
    let engines = runtimes.iter().cloned().flat_map(inner);
    let bins = runtimes.iter().cloned().chain(engines).map(|folder| folder.join("bin"));
    let files = bins.flat_map(inner);
    let has = |path: &PathBuf| {
        let bytes = fs::read(path).unwrap_or_default();
        bytes.windows(text.len()).any(|part| part == text.as_bytes())
    };
    files.filter(has).collect()
}

#[test]
fn what_is_not_what_was_kept_is_built_again() {
    let folder = folder("what_is_not_what_was_kept_is_built_again");
    // What other runs of this test have kept is there still.
    let name = &format!("A State Of Run {}", std::process::id());
    fs::write(folder.join("machine.asl.json"), MACHINE.replace("Enough", name)).expect("a file");
    let arguments = ["--input", r#"{"wait":0}"#, "--quiet"];
    assert_eq!(run(&folder, &arguments).0, Some(0));
    let kept = kept_with(name);
    let [kept] = &kept[..] else { panic!("one executable: {kept:?}") };
    let whole = fs::read(kept).expect("an executable");
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 1;
    for other in [&[][..], &whole[..whole.len() / 2], &damaged] {
        fs::write(kept, other).expect("a file");
        let (code, output, log) = run(&folder, &arguments);
        assert_eq!((code, output.as_str()), (Some(0), "{\"wait\":0}\n"), "{log}");
        assert_ne!(fs::read(kept).expect("an executable"), other);
    }
}

#[test]
fn the_cache_can_be_emptied() {
    let folder = folder("the_cache_can_be_emptied");
    write(&folder, "cache/asl/0123456789abcdef/bin/machine-1", "1234567890");
    write(&folder, "cache/asl/0123456789abcdef/bin/machine-1.sum", "10 ..");
    write(&folder, "cache/asl/0123456789abcdef/target/debug/machine", "1234567890");
    write(&folder, "cache/asl/0.1.0/unknown-state.md", "# a page for editors");
    write(&folder, "cache/other/bin/machine-1", "of another program");
    let clean = |arguments: &[&str]| {
        let mut command = command(&folder, &[&["clean"], arguments].concat());
        ended(&command.env("XDG_CACHE_HOME", folder.join("cache")).output().expect("asl runs"))
    };
    let freed = "freed 25 bytes: 1 executable and what it was built from\n";
    assert_eq!(clean(&[]), (Some(0), freed.to_owned(), String::new()));
    let nothing = format!("nothing is kept in `{}`\n", folder.join("cache/asl").display());
    assert_eq!(clean(&[]), (Some(0), nothing, String::new()));
    let (code, output, _) = clean(&["--format", "json"]);
    let answer: Value = serde_json::from_str(&output).expect("JSON");
    assert_eq!((code, &answer["freed"], &answer["executables"]), (Some(0), &json!(0), &json!(0)));
    for left in ["asl/0.1.0/unknown-state.md", "other/bin/machine-1"] {
        assert!(folder.join("cache").join(left).exists(), "{left}");
    }
}

#[test]
fn texts_that_end_comments_elsewhere_are_texts() {
    let folder = folder("texts_that_end_comments_elsewhere_are_texts");
    let text = "a\r\u{0}\u{2028}\u{202e}\u{feff}*/ \\ \\u{0} \"# \u{7f}";
    let output = json!({ text: "{% $states.input.x & '\u{202e}\\r' %}" });
    let machine = json!({ "Comment": text, "StartAt": text, "States": {
        text: { "Type": "Pass", "Comment": text, "QueryLanguage": "JSONata", "Output": output, "End": true } } });
    write(&folder, "odd\r.asl.json", &machine.to_string());
    let input = json!({ "x": text }).to_string();
    let (code, output, log) = ended(&asl(&folder, &["run", "odd\r.asl.json", "--input", &input, "--quiet"]));
    assert_eq!(code, Some(0), "{log}");
    let expected = json!({ text: format!("{text}\u{202e}\r") });
    assert_eq!(serde_json::from_str::<Value>(&output).expect("JSON"), expected);
    assert_eq!(asl(&folder, &["expand", "odd\r.asl.json"]).status.code(), Some(0));
}

#[test]
#[cfg(target_os = "linux")]
fn a_lost_output_of_an_execution_is_no_success() {
    use crate::outputs::full;
    let folder = folder("a_lost_output_of_an_execution_is_no_success");
    let built = asl(&folder, &["build", "machine.asl.json", "-o", "slow"]);
    assert_eq!(built.status.code(), Some(0), "{}", stderr(&built));
    let input = ["--input", r#"{"wait":0}"#, "--quiet"];
    for arguments in [&input[..], &["--help"], &["--version"], &["--input", "{", "--format", "json"]] {
        let mut slow = Command::new(folder.join("slow"));
        let output = slow.args(arguments).stdin(Stdio::null()).stdout(full()).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).starts_with("error: the "), "{arguments:?}: {}", stderr(&output));
    }
    let history = ["--input", r#"{"wait":0}"#, "--history", "/dev/full"];
    let slow =
        Command::new(folder.join("slow")).args(history).stdin(Stdio::null()).output().expect("it runs");
    assert_eq!(slow.status.code(), Some(2));
    let mut run = command(&folder, &["run", "machine.asl.json", "--input", r#"{"wait":0}"#, "--quiet"]);
    let output = run.stdout(full()).stderr(Stdio::piped()).output().expect("asl runs");
    assert_eq!((output.status.code(), stderr(&output).lines().count()), (Some(2), 1), "{}", stderr(&output));
}

#[test]
#[cfg(target_os = "linux")]
fn no_half_of_an_executable_is_left() {
    let folder = folder("no_half_of_an_executable_is_left");
    assert_eq!(asl(&folder, &["build", "machine.asl.json", "-o", "slow"]).status.code(), Some(0));
    let whole = fs::read(folder.join("slow")).expect("an executable");
    for name in ["slow", "other"] {
        // No file may be longer than some blocks, which is as if the disk were full.
        let mut shell = Command::new("sh");
        shell
            .current_dir(&folder)
            .env("XDG_CACHE_HOME", Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache"));
        shell.env_remove("ASL_RUNTIME").args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "sh"]);
        shell.args([env!("CARGO_BIN_EXE_asl"), "build", "machine.asl.json", "-o", name]);
        let (code, output, log) = ended(&shell.output().expect("a shell"));
        assert_eq!((code, output.as_str()), (Some(2), ""), "{log}");
        assert!(log.contains(&format!("`{name}` cannot be written")), "{log}");
    }
    assert_eq!(fs::read(folder.join("slow")).expect("the one from before"), whole);
    assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 2);
}

#[test]
fn an_installed_command_needs_no_clone() {
    // A command that is not in its clone is one that was installed.
    let home = std::env::temp_dir().join(format!("asl-installed-{}", std::process::id()));
    fs::create_dir_all(&home).expect("a folder");
    let (built, installed) = (env!("CARGO_BIN_EXE_asl"), home.join("asl"));
    fs::hard_link(built, &installed).or_else(|_| fs::copy(built, &installed).map(drop)).expect("a command");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(&installed);
        command.current_dir(&home).env_remove("ASL_RUNTIME").env("XDG_CACHE_HOME", home.join("cache"));
        command.args(arguments).stdin(Stdio::null()).output().expect("asl runs")
    };
    let made = run(&["new", "hello", "--format", "json"]);
    let made: Value =
        serde_json::from_slice(&made.stdout).unwrap_or_else(|error| panic!("{error}: {made:?}"));
    assert_eq!(made["runtime"], "path = \"vendor/asl/asl-runtime\"");
    for carried in
        ["Cargo.toml", "asl-runtime/src/lib.rs", "asl-compiler/src/services/table.bin", "Cargo.lock"]
    {
        assert!(home.join("hello/vendor/asl").join(carried).is_file(), "{carried}");
    }
    let found: Value = serde_json::from_slice(&run(&["doctor", "--format", "json"]).stdout).expect("JSON");
    let sources =
        found["needs"].as_array().and_then(|needs| needs.iter().find(|need| need["name"] == "sources"));
    assert!(
        sources.is_some_and(|need| need["about"].as_str().is_some_and(|about| about.starts_with("carried"))),
        "{found}"
    );
    // Without a toolchain it says how to get one.
    let mut alone = Command::new(&installed);
    alone.env_clear().env("PATH", &home).env("XDG_CACHE_HOME", home.join("cache")).current_dir(&home);
    let alone =
        alone.args(["run", "hello/machine.asl.json"]).stdin(Stdio::null()).output().expect("asl runs");
    assert_eq!(alone.status.code(), Some(2));
    assert!(stderr(&alone).contains("is installed from https://rustup.rs"), "{}", stderr(&alone));
    fs::remove_dir_all(&home).expect("the folder");
}

#[test]
fn a_new_project_has_no_problems_and_overwrites_nothing() {
    let folder = folder("a_new_project_has_no_problems_and_overwrites_nothing");
    // Else they would join the workspace that these tests are in.
    write(&folder, "Cargo.toml", "[workspace]\nmembers = []\n");
    for template in ["minimal", "jsonata", "http-dynamodb"] {
        let made = asl(&folder, &["new", template, "--template", template]);
        assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
        let checked = asl(&folder, &["check", &format!("{template}/machine.asl.json"), "--deny-warnings"]);
        assert_eq!(checked.status.code(), Some(0), "{}", stdout(&checked));
        let tested = asl(&folder, &["test", template, "--min-coverage", "80"]);
        assert_eq!(tested.status.code(), Some(0), "{}{}", stdout(&tested), stderr(&tested));
    }
    let (code, _, log) = ended(&asl(&folder, &["new", "minimal"]));
    assert_eq!((code, log.as_str()), (Some(2), "error: `minimal` is there already\n"));
    assert_eq!(asl(&folder, &["new", "7 dwarfs"]).status.code(), Some(2));
    for keyword in ["match", "gen", "test"] {
        assert_eq!(asl(&folder, &["new", keyword]).status.code(), Some(2), "{keyword}");
    }
    let workspace = fs::read_to_string(folder.join("Cargo.toml")).expect("the workspace");
    assert_eq!(workspace, "[workspace]\nmembers = [\"http-dynamodb\", \"jsonata\", \"minimal\"]\n");
    let (_, output, _) = ended(&asl(&folder, &["new", "other", "--format", "json"]));
    let made: Value = serde_json::from_str(&output).expect("JSON");
    assert_eq!((&made["name"], made["files"].as_array().map(Vec::len)), (&json!("other"), Some(8)));
}

#[test]
fn a_function_of_lambda_is_built() {
    let folder = folder("a_function_of_lambda_is_built");
    let built = ended(&asl(&folder, &["build", "machine.asl.json", "--host", "lambda"]));
    assert_eq!(built, (Some(0), "built `bootstrap`\n".to_owned(), String::new()));
    let mut function = Command::new(folder.join("bootstrap"));
    let (code, output, log) =
        ended(&function.env_remove("AWS_LAMBDA_RUNTIME_API").output().expect("it starts"));
    assert_eq!((code, output.as_str()), (Some(1), ""));
    assert!(log.starts_with("error: `AWS_LAMBDA_RUNTIME_API` is not set"), "{log}");
}
