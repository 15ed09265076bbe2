//! The order example as people run it: the program itself, its exit code and what it prints.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::process::{Command, Output};

const DECLINED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/order/declined.json");
const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/order/input.json");

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_order")).args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

#[test]
fn three_orders_are_shown() {
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = stdout(&output);
    for expected in [
        r#""tracking": "PT-A-1001", "notified": true}"#,
        "execution FAILED: CardDeclined\n  the stock is free again, and what was paid is paid back\n",
        "execution FAILED: AddressUnknown\n",
        "   6.000 s  → Parallel  Fulfil ",
        "   0.000 s  → Task        Reserve Item #1 ",
    ] {
        assert!(text.contains(expected), "`{expected}` is not in {text}");
    }
}

/// The clock is virtual, so the transcript in the README holds to the last digit.
#[test]
fn the_readme_shows_what_the_program_prints() {
    let (_, transcript) = include_str!("../order/README.md").split_once("```text\ninput.json\n").unwrap();
    let (transcript, _) = transcript.split_once("```").unwrap();
    let output = run(&[]);
    assert!(stdout(&output).contains(transcript), "{}", stdout(&output));
}

#[test]
fn orders_that_are_named_decide_the_exit_code() {
    assert_eq!(run(&[SHIPPED]).status.code(), Some(0));
    let output = run(&[SHIPPED, DECLINED]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("execution FAILED: CardDeclined"));
}

#[test]
fn bad_options_exit_with_2() {
    for arguments in [&["--real-tim"][..], &["no-such-order.json"]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{output:?}");
    }
}
