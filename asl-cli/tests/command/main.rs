//! The command from outside: arguments and files in, texts and exit codes out. One program, so that it is linked once.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot set its scene fails"
)]

mod basics;
mod book;
mod check;
mod convert;
mod data;
mod editors;
mod executable;
mod format;
mod help;
mod json;
mod jsonata;
mod lsp;
#[cfg(target_os = "linux")]
mod mcp;
mod outputs;
mod pages;
mod paths;
mod replay;
mod serve;
#[cfg(unix)]
mod settings;
mod support;
mod templates;
mod test;
mod test_state;
