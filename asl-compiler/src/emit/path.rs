//! Paths: their texts and their steps, as data that functions of the runtime follow.

use super::search::emit_search;
use super::template::emit_template;
use super::{ident, mentions};
use crate::ir::{ContextField, Output, Path, ResultPath, Root, Selection, Step};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// `&Path("$.order[0]", &[Name("order"), Index(0)])`
pub(super) fn emit_path(path: &Path) -> TokenStream {
    emit_path_of(&path.text, &path.steps)
}

fn emit_path_of(text: &str, steps: &[Step]) -> TokenStream {
    let steps = emit_steps(steps);
    quote!(&Path(#text, &[#steps]))
}

/// `rt::ContextField::ExecutionName`
pub(super) fn emit_context_field(field: ContextField) -> TokenStream {
    // The runtime's enum has the same names.
    let field = ident(&format!("{field:?}"));
    quote!(rt::ContextField::#field)
}

/// What a path starts from: `input`, `&context.get(rt::ContextField::ExecutionStartTime)` or `context.variable("name")`.
pub(super) fn emit_root(root: &Root, data: &TokenStream) -> TokenStream {
    match root {
        Root::Data => data.clone(),
        Root::Variable(name) => quote!(context.variable(#name)),
        Root::Context(field) => {
            let field = emit_context_field(*field);
            quote!(&context.get(#field))
        }
    }
}

/// The value of `InputPath`, `OutputPath` and their like.
pub(super) fn emit_select(path: &Path, data: &TokenStream) -> TokenStream {
    if let Some(found) = emit_search(path, data) {
        let text = &path.text;
        return quote!(rt::selected(#found, #text)?);
    }
    let (start, path) = (emit_root(&path.root, data), emit_path(path));
    quote!(rt::select(#start, #path)?)
}

/// `Name("order"), Index(0)`
pub(super) fn emit_steps(steps: &[Step]) -> TokenStream {
    let steps = steps.iter().map(|step| match step {
        Step::Name(name) => quote!(Name(#name)),
        Step::Index(index) => {
            let index = Literal::i64_unsuffixed(*index);
            quote!(Index(#index))
        }
        Step::FromEnd(offset) => {
            let offset = Literal::i64_unsuffixed(*offset);
            quote!(FromEnd(#offset))
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
        Selection::Nothing => quote!(rt::set(data, rt::empty());),
        Selection::Path(path) => {
            let selected = emit_select(path, &quote!(&*data));
            // What is selected is a part of what it replaces.
            quote!(let selected = #selected; rt::set(data, selected);)
        }
    }
}

/// The data becomes what the state passes on.
pub(super) fn emit_output(output: &Output) -> TokenStream {
    match output {
        Output::Selection(selection) => emit_reduce(selection),
        Output::Template(template) => emit_set(&emit_template(template, &quote!(&*data))),
    }
}

/// The data becomes a value that is made of it.
pub(super) fn emit_set(value: &TokenStream) -> TokenStream {
    quote!(let output = #value; rt::set(data, output);)
}

/// Puts `value` where the `ResultPath` says.
pub(super) fn emit_put(result_path: &ResultPath, value: &TokenStream) -> TokenStream {
    match result_path {
        ResultPath::Replace => quote!(rt::set(data, #value);),
        ResultPath::Discard => TokenStream::new(),
        ResultPath::At { text, steps } => {
            let path = emit_path_of(text, steps);
            quote!(rt::put(data, #path, #value)?;)
        }
    }
}
