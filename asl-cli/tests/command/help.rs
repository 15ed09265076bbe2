//! What people read first: the help of each command, as it is.

use crate::support::{asl, code, folder, stdout};

const COMMANDS: [&str; 24] = [
    "new",
    "check",
    "fmt",
    "explain",
    "run",
    "watch",
    "build",
    "serve",
    "executions",
    "data",
    "test",
    "test-state",
    "replay",
    "convert",
    "expand",
    "graph",
    "policy",
    "jsonata",
    "lsp",
    "mcp",
    "doctor",
    "clean",
    "completions",
    "man",
];

#[test]
fn the_help_of_every_command() {
    let folder = folder(module_path!(), "the_help_of_every_command");
    let all = asl(&folder, &["--help"]);
    insta::assert_snapshot!("asl", stdout(&all));
    for command in COMMANDS {
        assert!(stdout(&all).contains(&format!("\n  {command} ")), "{command}");
        let help = asl(&folder, &[command, "--help"]);
        assert_eq!(code(&help), Some(0));
        // Where this command was built does not concern its users.
        insta::assert_snapshot!(command, stdout(&help));
    }
}

#[test]
fn shells_and_manuals_know_every_command() {
    let folder = folder(module_path!(), "shells_and_manuals_know_every_command");
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let output = asl(&folder, &["completions", shell]);
        assert_eq!(code(&output), Some(0));
        for command in COMMANDS {
            assert!(stdout(&output).contains(command), "{shell} {command}");
        }
        assert!(stdout(&output).contains("deny-warnings"), "{shell}");
    }
    assert_eq!(code(&asl(&folder, &["man", "pages"])), Some(0));
    for command in COMMANDS {
        let page = std::fs::read_to_string(folder.join(format!("pages/asl-{command}.1"))).expect("a page");
        assert!(page.contains(".SH SYNOPSIS") && page.contains(".SH OPTIONS"), "{page}");
    }
}
