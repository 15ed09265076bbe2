//! The whole compiler as one step: text in, tokens and all diagnostics out.

use crate::analysis::analyse;
use crate::diagnostic::Diagnostic;
use crate::emit::{Module, emit};
use crate::options::Options;
use crate::source::SourceFile;
use crate::typed::output_types;
use crate::{ir, lower};
use proc_macro2::TokenStream;

/// What the compiler made of a definition.
#[derive(Clone, Debug)]
pub struct Compilation {
    /// The generated module; there if and only if there are no errors.
    pub tokens: Option<TokenStream>,
    /// Errors and warnings in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The states as far as they could be read, where there are errors.
    stub: Option<ir::Machine>,
}

impl Compilation {
    /// The generated module. Where there are errors, it has all its items but does nothing, so that rustc reports nothing else in a program
    /// that uses it.
    #[must_use]
    pub fn into_module(self, module: &Module) -> TokenStream {
        let stub = || self.stub.as_ref().map_or_else(|| emit_stub(module), |stub| emit(stub, "", module));
        self.tokens.unwrap_or_else(stub)
    }
}

/// Compiles a definition to a Rust module.
#[must_use]
pub fn compile(source: &SourceFile, options: &Options, module: &Module) -> Compilation {
    let analysis = analyse(source, options);
    let definition = analysis.written.as_deref().unwrap_or_else(|| source.text());
    let output = module.input.as_ref().zip(analysis.output.as_ref());
    let output = output.and_then(|(input, output)| output_types(output, input));
    let module = &Module { output, ..module.clone() };
    Compilation {
        tokens: analysis.machine.map(|machine| emit(&machine, definition, module)),
        diagnostics: analysis.diagnostics,
        stub: analysis.stub,
    }
}

/// A module with all the items that [`compile`] makes but without a machine, for a definition that could not be read: it lets rustc report
/// nothing but the reason.
#[must_use]
pub fn emit_stub(module: &Module) -> TokenStream {
    emit(&lower::stub(None, &SourceFile::new("", "")), "", module)
}
