//! A disk that is full, and folders that cannot be written: a clear error, no panic, and nothing that was acknowledged is lost.
//!
//! The process whose disk is full is this program with an argument, under a limit for the size of files.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
#![expect(clippy::print_stdout, reason = "one process tells the other")]

use asl_durable::{Durable, DurableError};
use asl_runtime::{Compiled, InMemory, Status, TaskError, Value, asl_machine};
use std::path::{Path, PathBuf};
use std::process::Command;

asl_machine!(mod pause = "machines/pause.json");

const CALL: &str = "arn:aws:lambda:us-east-1:123456789012:function:Call";
/// So many blocks may a file have, of 512 or 1,024 bytes.
const BLOCKS: &str = "4096";

fn main() {
    let arguments: Vec<_> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some("process") => fill(Path::new(arguments.get(2).unwrap())),
        Some("--list") => {}
        _ => {
            full_disk();
            unusable_folders();
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn host(folder: &Path) -> Durable {
    let answer = |_: Value| async { Ok::<_, TaskError>("answered") };
    Durable::over(InMemory::new().resource(CALL, answer), folder).unwrap().machine::<pause::Machine>()
}

/// Starts executions until there is no room for another one, and says which there are.
fn fill(folder: &Path) {
    runtime().block_on(async {
        let host = host(folder);
        let machine = Compiled::of::<pause::Machine>();
        let text = format!(r#"{{"seconds": 0, "note": "{}"}}"#, "x".repeat(20_000));
        let input = Value::from_json(&text).unwrap();
        let mut number = 0;
        let error = loop {
            let name = format!("execution-{number}");
            match host.start_execution(&machine, None, Some(name.as_str().into()), input.clone()).await {
                Ok(arn) => println!("started {arn}"),
                // What is smaller may fit for a while, and the fault is over with that.
                Err(error) if host.fault().is_some() => break error,
                Err(error) => assert!(matches!(error, DurableError::Journal(_)), "{error}"),
            }
            number += 1;
        };
        assert!(matches!(error, DurableError::Journal(_)), "{error}");
        // What there is can still be read.
        let first = "arn:aws:states:local:000000000000:execution:pause:execution-0";
        assert_eq!(host.describe(first).await.unwrap().execution.input, input);
        println!("full: {error}");
    });
}

fn full_disk() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("durable").join("full");
    let _ = std::fs::remove_dir_all(&folder);
    let script = format!("trap '' XFSZ; ulimit -f {BLOCKS}; exec \"$0\" process \"$1\"");
    let program = std::env::current_exe().unwrap();
    let output = Command::new("sh").arg("-c").arg(script).arg(program).arg(&folder).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let started: Vec<_> = said.lines().filter_map(|line| line.strip_prefix("started ")).collect();
    assert!(started.len() > 10, "{said}");
    assert!(said.lines().any(|line| line.starts_with("full: the journal failed: ")), "{said}");
    // There is room again.
    runtime().block_on(async {
        let host = host(&folder);
        let resumed = host.resume().await.unwrap();
        assert!(resumed.damaged.is_empty() && resumed.unknown.is_empty(), "{resumed:?}");
        for arn in &started {
            host.end(arn).await.unwrap().unwrap();
            assert_eq!(host.describe(arn).await.unwrap().status(), Status::Succeeded);
        }
    });
    std::fs::remove_dir_all(&folder).unwrap();
    println!(
        "{} executions were acknowledged before the disk was full, and all of them have ended",
        started.len()
    );
}

fn unusable_folders() {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("no-folder");
    std::fs::write(&file, "").unwrap();
    let mut unusable = vec![file.join("data")];
    if cfg!(target_os = "linux") {
        // Nothing can be created there.
        unusable.push(PathBuf::from("/proc/data"));
    }
    for folder in unusable {
        let error = Durable::open(&folder).unwrap_err().to_string();
        assert!(error.contains("cannot be used"), "{error}");
    }
    let other = file.with_extension("folder");
    std::fs::create_dir_all(&other).unwrap();
    std::fs::write(
        other.join("journal.sqlite"),
        "this is not a file of SQLite, but long enough to look like one".repeat(50),
    )
    .unwrap();
    let error = Durable::open(&other).unwrap_err();
    assert!(matches!(error, DurableError::Journal(_)), "{error}");
    assert!(asl_durable::care::check(&other).is_err());
}
