//! Pass and Succeed states.

use super::after::emit_transition;
use super::constant::emit_constant;
use super::path::{emit_put, emit_reduce, emit_with_input};
use super::template::emit_template;
use crate::ir::{Pass, ResultPath, Selection, State, Succeed};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn emit_enter(states: &[State], pass: &Pass) -> TokenStream {
    let work = if passes_all(pass) { TokenStream::new() } else { emit_work(pass) };
    let reduce = emit_reduce(&pass.output);
    let transition = emit_transition(states, pass.transition);
    quote!(#work #reduce rt::go(#transition))
}

/// Whether the state's output is its input, up to `OutputPath`.
fn passes_all(pass: &Pass) -> bool {
    let computes = pass.parameters.is_some() || pass.result.is_some();
    matches!(pass.input, Selection::Whole) && !computes && matches!(pass.result_path, ResultPath::Replace | ResultPath::Discard)
}

fn emit_work(pass: &Pass) -> TokenStream {
    let parameters = pass.parameters.as_ref().map(|template| emit_template(template, &quote!(input)));
    match (&pass.result, parameters) {
        (Some(result), parameters) => {
            // The parameters come to nothing, but their paths have to be there.
            let parameters = parameters.map(|parameters| quote!(#parameters;));
            let put = emit_put(&pass.result_path, &emit_constant(result));
            emit_with_input(&pass.input, quote!(#parameters #put))
        }
        (None, parameters) => {
            let result = parameters.unwrap_or_else(|| quote!(input.clone()));
            match &pass.result_path {
                ResultPath::Discard => emit_with_input(&pass.input, quote!(#result;)),
                result_path @ (ResultPath::Replace | ResultPath::At { .. }) => {
                    let put = emit_put(result_path, &quote!(result));
                    emit_with_input(&pass.input, quote!(let result = #result; #put))
                }
            }
        }
    }
}

pub(super) fn emit_succeed(succeed: &Succeed) -> TokenStream {
    let (input, output) = (emit_reduce(&succeed.input), emit_reduce(&succeed.output));
    quote!(#input #output rt::go(rt::Transition::End))
}
