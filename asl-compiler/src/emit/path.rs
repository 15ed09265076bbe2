//! Paths: one call a step.

use super::search::emit_search;
use super::template::emit_template;
use super::{ident, mentions};
use crate::ir::{Output, Path, ResultPath, Root, Selection, Step};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// `rt::at(input).name("order").index(0)`: the steps of a path; `data` is what `$` means.
pub(super) fn emit_at(path: &Path, data: &TokenStream) -> TokenStream {
    let (start, steps) = (emit_root(&path.root, data), emit_calls(&path.steps));
    quote!(rt::at(#start)#steps)
}

/// What a path starts from: `input`, `&context.get(rt::ContextField::ExecutionStartTime)` or `context.variable("name")`.
pub(super) fn emit_root(root: &Root, data: &TokenStream) -> TokenStream {
    match root {
        Root::Data => data.clone(),
        Root::Variable(name) => quote!(context.variable(#name)),
        Root::Context(field) => {
            // The runtime's enum has the same names.
            let field = ident(&format!("{field:?}"));
            quote!(&context.get(rt::ContextField::#field))
        }
    }
}

/// Where a path starts, to say why it leads nowhere.
pub(super) fn emit_start(path: &Path, data: &TokenStream) -> TokenStream {
    match path.root {
        Root::Data | Root::Variable(_) => {
            let start = emit_root(&path.root, data);
            quote!(rt::at(#start))
        }
        // A field of the context object is made when it is read; what an error text would look at is gone by then.
        Root::Context(_) => quote!(rt::nowhere()),
    }
}

/// `.name("order").index(0)`
pub(super) fn emit_calls(steps: &[Step]) -> TokenStream {
    let steps = steps.iter().map(|step| match step {
        Step::Name(name) => quote!(.name(#name)),
        Step::Index(index) => {
            let index = Literal::i64_unsuffixed(*index);
            quote!(.index(#index))
        }
        Step::FromEnd(offset) => {
            let offset = Literal::i64_unsuffixed(*offset);
            quote!(.from_end(#offset))
        }
    });
    quote!(#(#steps)*)
}

/// The value of `InputPath`, `OutputPath` and their like.
pub(super) fn emit_select(path: &Path, data: &TokenStream) -> TokenStream {
    if let Some(found) = emit_search(path, data) {
        let text = &path.text;
        return quote!(rt::selected(#found, #text)?);
    }
    let (found, start) = (emit_at(path, data), emit_start(path, data));
    let (text, steps) = (&path.text, emit_steps(&path.steps));
    quote!(rt::select(#found, #text, &[#steps], #start)?)
}

pub(super) fn emit_steps(steps: &[Step]) -> TokenStream {
    let steps = steps.iter().map(|step| match step {
        Step::Name(name) => quote!(rt::PathStep::Name(#name)),
        Step::Index(index) => {
            let index = Literal::i64_unsuffixed(*index);
            quote!(rt::PathStep::Index(#index))
        }
        Step::FromEnd(offset) => {
            let offset = Literal::i64_unsuffixed(*offset);
            quote!(rt::PathStep::FromEnd(#offset))
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

/// The data becomes what the state passes on.
pub(super) fn emit_output(output: &Output) -> TokenStream {
    match output {
        Output::Selection(selection) => emit_reduce(selection),
        Output::Template(template) => {
            let value = emit_template(template, &quote!(&*data));
            quote!(*data = #value;)
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
