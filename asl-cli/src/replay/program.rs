//! The program that compiled machines run in.

use crate::program::{Served, to_text};
use asl_compiler::Module;
use proc_macro2::TokenStream;

/// How a request is answered: an execution is run again.
const ANSWER: &str = include_str!("answer.rs");

/// A program without machines.
pub(super) const fn program() -> Served {
    Served::new("replay", ANSWER)
}

/// Adds a machine, and gives its number.
pub(super) fn add(program: &mut Served, module: &Module, tokens: TokenStream) -> Result<usize, String> {
    let entry = |file: &str| format!("|replay| Box::pin(replay.run::<{file}::{}::Machine>())", module.name);
    Ok(program.add(to_text(tokens)?, entry))
}
