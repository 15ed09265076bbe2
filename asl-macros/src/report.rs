//! Diagnostics as rustc shows them: errors by `compile_error!`, warnings by the use of a deprecated constant.

use asl_compiler::diagnostic::{Diagnostic, Severity};
use asl_compiler::render::{DEFAULT_LIMIT, Style, render};
use asl_compiler::source::SourceFile;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

/// All problems, each with the snippet of the definition that it is about, at the place of the path in the user's source code.
pub(crate) fn report(source: &SourceFile, diagnostics: &[Diagnostic], at: Span) -> TokenStream {
    let (errors, warnings): (Vec<_>, Vec<_>) =
        diagnostics.iter().partition(|found| found.severity == Severity::Error);
    let mut tokens = TokenStream::new();
    tokens.extend(errors.iter().take(DEFAULT_LIMIT).map(|error| compile_error(at, &text(source, error))));
    if let Some(more @ 1..) = errors.len().checked_sub(DEFAULT_LIMIT) {
        tokens.extend(compile_error(at, &format!("and {more} more errors in `{}`", source.name())));
    }
    tokens
        .extend(warnings.iter().take(DEFAULT_LIMIT).map(|warning| warn(at, warning, &text(source, warning))));
    tokens
}

/// An error at a place of the user's source code.
pub(crate) fn compile_error(at: Span, text: &str) -> TokenStream {
    quote_spanned!(at=> ::core::compile_error! { #text })
}

/// rustc has no other warning that a macro can make: a deprecated constant named after the code, used at the place.
fn warn(at: Span, warning: &Diagnostic, text: &str) -> TokenStream {
    let name = Ident::new(&warning.code.as_str().replace('-', "_").to_uppercase(), at);
    quote_spanned! {at=>
        const _: () = {
            #[deprecated(note = #text)]
            const #name: () = ();
            #name
        };
    }
}

/// The rendered diagnostic without its `error: `, which rustc puts there itself.
fn text(source: &SourceFile, diagnostic: &Diagnostic) -> String {
    let rendered = render(source, diagnostic, Style::Plain);
    let title = match diagnostic.severity {
        Severity::Error => "error: ",
        Severity::Warning => "warning: ",
    };
    rendered.strip_prefix(title).map_or_else(|| rendered.clone(), str::to_owned)
}
