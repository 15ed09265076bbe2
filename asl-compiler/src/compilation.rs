//! The whole compiler as one step: text in, tokens and all diagnostics out.

use crate::analysis::{Options, analyse};
use crate::diagnostic::Diagnostic;
use crate::emit::{Module, emit};
use crate::source::SourceFile;
use proc_macro2::TokenStream;

/// What the compiler made of a definition.
#[derive(Clone, Debug)]
pub struct Compilation {
    /// The generated module; there if and only if there are no errors.
    pub tokens: Option<TokenStream>,
    /// Errors and warnings in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Compiles a definition to a Rust module.
#[must_use]
pub fn compile(source: &SourceFile, options: &Options, module: &Module) -> Compilation {
    let analysis = analyse(source, options);
    let definition = analysis.written.as_deref().unwrap_or_else(|| source.text());
    Compilation {
        tokens: analysis.machine.map(|machine| emit(&machine, definition, module)),
        diagnostics: analysis.diagnostics,
    }
}
