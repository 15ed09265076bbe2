//! Stage 7: the lowered machine as Rust.
//!
//! In: [`ir::Machine`]. Out: the tokens of one module. Each function in here mirrors the piece of code that it makes;
//! behaviour lives in the runtime, and the code calls it by one name, `rt`. Nothing is decided here and nothing fails.

mod action;
mod after;
mod choice;
mod composed;
mod constant;
mod expression;
mod fail;
mod filter;
mod intrinsic;
mod map;
mod map_run;
mod module;
mod parallel;
mod pass;
mod path;
mod search;
mod stage;
mod states;
mod task;
mod template;
mod typed;
mod wait;

use crate::identifiers::function_name;
use crate::ir;
use crate::source::SourceFile;
pub(crate) use crate::tokens::{ident, mentions};
use crate::typed::Types;
use proc_macro2::TokenStream;
use quote::quote;

/// Where the generated code is placed.
#[derive(Clone, Debug)]
pub struct Module {
    /// What is before `mod`: `pub`, `pub(crate)` or nothing.
    pub visibility: TokenStream,
    /// The name of the module, which is that of the machine too.
    pub name: String,
    /// The path of the crate that has all that the code calls, by default `::asl_runtime`.
    pub runtime: TokenStream,
    /// The name of the file, for the documentation of the module.
    pub file: String,
    /// What it is a part of.
    pub target: Target,
    /// The types of the input of executions, if a schema describes it: a program gets them as `Input`.
    pub input: Option<Types>,
    /// The types of their output, if the input is described and something is known of the output: a program gets them as `Output`.
    pub output: Option<Types>,
}

/// What a module is a part of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// A program that runs executions: it has functions that do, and knows how the actions of AWS are sent that its tasks call.
    #[default]
    Program,
    /// A worker, which holds machines and nothing else: its client runs the executions, and does the tasks. It needs the crate
    /// `asl-engine` alone.
    Worker,
}

impl Module {
    /// The module that is named after a file: `machine` for `flows/machine.asl.json`.
    #[must_use]
    pub fn of_file(path: &str) -> Self {
        let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let stem = file.split('.').find(|part| !part.is_empty()).unwrap_or("machine");
        Self {
            visibility: quote!(pub),
            name: function_name(stem),
            runtime: quote!(::asl_runtime),
            file: file.to_owned(),
            target: Target::Program,
            input: None,
            output: None,
        }
    }

    /// The module of a definition: named after its state machine, if that was chosen from a template, and else after its file.
    #[must_use]
    pub fn of_source(source: &SourceFile) -> Self {
        let module = Self::of_file(source.name());
        source.machine().map_or(module.clone(), |machine| module.of_machine(machine))
    }

    /// The same, named after a state machine: `order` for `Order`.
    #[must_use]
    pub fn of_machine(self, machine: &str) -> Self {
        Self { name: function_name(machine), ..self }
    }

    /// The same with a type for the input that a schema describes.
    #[must_use]
    pub fn with_input(self, schema: &SourceFile) -> Self {
        Self { input: crate::typed::types(schema), ..self }
    }

    /// The same for a worker.
    #[must_use]
    pub fn for_worker(self) -> Self {
        Self { runtime: quote!(::asl_engine), target: Target::Worker, ..self }
    }
}

/// The module of a machine: its states, its functions, and the entry points. `definition` is the text that it was made of.
#[must_use]
pub(crate) fn emit(machine: &ir::Machine, definition: &str, module: &Module) -> TokenStream {
    module::emit_module(machine, definition, module)
}
