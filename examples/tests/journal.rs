//! The example `journal`: whenever it crashes, it goes on from where it was.

#![expect(clippy::unwrap_used, reason = "a program that cannot be started fails the test")]

use std::path::Path;
use std::process::{Command, Output};

fn run(journal: &Path, crash_after: Option<usize>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_journal"));
    command.arg(journal).args(crash_after.map(|number| number.to_string()));
    command.output().unwrap()
}

#[test]
fn an_execution_goes_on_after_each_of_its_answers() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("journal");
    // What an earlier run has left is not what is tested.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let whole = run(&folder.join("whole"), None);
    assert!(whole.status.success(), "{whole:?}");
    let output = r#"{"traveller":"Ana","booked":["AB 123","Room 7"],"paid":420}"#;
    assert_eq!(String::from_utf8(whole.stdout).unwrap().trim(), output);
    let in_parts = folder.join("parts");
    let (mut crashes, mut done) = (0, String::new());
    loop {
        let part = run(&in_parts, Some(1));
        done.push_str(&String::from_utf8(part.stderr).unwrap());
        if part.status.success() {
            assert_eq!(String::from_utf8(part.stdout).unwrap().trim(), output);
            break;
        }
        crashes += 1;
        assert!(crashes < 20, "it never ends: {done}");
    }
    // Flight, hotel, the delay, the second flight, the wait, the payment.
    assert_eq!(crashes, 6);
    for effect in ["1.0/1#0", "1.1/1#0", "1.0/1#1", "3#0"] {
        assert_eq!(done.matches(&format!("{effect}: ")).count(), 1, "{effect} in {done}");
    }
}
