//! Paths: one call a step.

use super::{ident, mentions};
use crate::ir::{Path, ResultPath, Root, Selection, Step};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// `rt::at(input).name("order").index(0)`; `data` is what `$` stands for.
pub(super) fn emit_at(path: &Path, data: &TokenStream) -> TokenStream {
    let start = match path.root {
        Root::Data => data.clone(),
        Root::Context(_) => {
            let field = emit_context_field(path);
            quote!(&#field)
        }
    };
    let steps = path.steps.iter().map(|step| match step {
        Step::Name(name) => quote!(.name(#name)),
        Step::Index(index) => {
            let index = Literal::i64_unsuffixed(*index);
            quote!(.index(#index))
        }
    });
    quote!(rt::at(#start)#(#steps)*)
}

/// `context.get(rt::ContextField::ExecutionStartTime)`, for a path that starts there.
fn emit_context_field(path: &Path) -> TokenStream {
    match path.root {
        Root::Data => quote!(rt::None),
        Root::Context(field) => {
            // The runtime's enum has the same names.
            let field = ident(&format!("{field:?}"));
            quote!(context.get(rt::ContextField::#field))
        }
    }
}

/// The value of `InputPath`, `OutputPath` and their like.
pub(super) fn emit_select(path: &Path, data: &TokenStream) -> TokenStream {
    let (found, text, steps) = (emit_at(path, data), &path.text, emit_steps(&path.steps));
    let start = match path.root {
        Root::Data => data.clone(),
        Root::Context(_) => {
            let field = emit_context_field(path);
            quote!(&#field)
        }
    };
    quote!(rt::select(#found, #text, &[#steps], rt::at(#start))?)
}

fn emit_steps(steps: &[Step]) -> TokenStream {
    let steps = steps.iter().map(|step| match step {
        Step::Name(name) => quote!(rt::Step::Name(#name)),
        Step::Index(index) => {
            let index = Literal::i64_unsuffixed(*index);
            quote!(rt::Step::Index(#index))
        }
    });
    quote!(#(#steps),*)
}

/// `let input = ..;`, the effective input, before code that may use it. A path has to be there even where nothing does.
pub(super) fn emit_with_input(selection: &Selection, code: TokenStream) -> TokenStream {
    match (selection, mentions(&code, "input")) {
        (Selection::Whole | Selection::Nothing, false) => code,
        (Selection::Whole, true) => quote!(let input = &*data; #code),
        (Selection::Nothing, true) => quote!(let input = &rt::empty(); #code),
        (Selection::Path(path), used) => {
            let selected = emit_select(path, &quote!(&*data));
            let input = if used { quote!(let input = &#selected;) } else { quote!(#selected;) };
            quote!(#input #code)
        }
    }
}

/// The data becomes a part of itself: `InputPath` of a state that only passes on, and `OutputPath`.
pub(super) fn emit_reduce(selection: &Selection) -> TokenStream {
    match selection {
        Selection::Whole => TokenStream::new(),
        Selection::Nothing => quote!(*data = rt::empty();),
        Selection::Path(path) => {
            let selected = emit_select(path, &quote!(&*data));
            quote!(*data = #selected;)
        }
    }
}

/// Puts `value` where the `ResultPath` says.
pub(super) fn emit_put(result_path: &ResultPath, value: &TokenStream) -> TokenStream {
    match result_path {
        ResultPath::Replace => quote!(*data = #value;),
        ResultPath::Discard => TokenStream::new(),
        ResultPath::At { text, steps } => {
            let steps = emit_steps(steps);
            quote!(rt::put(data, #text, &[#steps], #value)?;)
        }
    }
}
