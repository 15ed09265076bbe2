//! Pass and Succeed states.

use super::after::emit_transition;
use super::constant::emit_constant;
use super::expression::{Sees, emit_with_query};
use super::path::{emit_output, emit_put, emit_reduce, emit_with_input};
use super::template::{emit_assign, emit_template};
use crate::ir::{Pass, ResultPath, Selection, State, Succeed};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn emit_enter(states: &[State], pass: &Pass) -> TokenStream {
    let work = if passes_all(pass) { emit_assign(&pass.assign, &quote!(&*data)) } else { emit_work(pass) };
    let output = emit_output(&pass.output);
    let transition = emit_transition(states, pass.transition);
    emit_with_query(Sees::Input, quote!(#work #output rt::go(#transition)))
}

/// Whether the state's output is its input, up to `OutputPath` or `Output`.
const fn passes_all(pass: &Pass) -> bool {
    let computes = pass.parameters.is_some() || pass.result.is_some();
    matches!(pass.input, Selection::Whole)
        && !computes
        && matches!(pass.result_path, ResultPath::Replace | ResultPath::Discard)
}

fn emit_work(pass: &Pass) -> TokenStream {
    let parameters = pass.parameters.as_ref().map(|template| emit_template(template, &quote!(input)));
    match (&pass.result, parameters) {
        (Some(result), parameters) => {
            // The parameters come to nothing, but their paths have to be there.
            let parameters = parameters.map(|parameters| quote!(#parameters;));
            let work = emit_put_result(pass, &emit_constant(result));
            emit_with_input(&pass.input, quote!(#parameters #work))
        }
        (None, parameters) => {
            let result = parameters.unwrap_or_else(|| quote!(rt::Clone::clone(input)));
            emit_with_input(&pass.input, emit_put_result(pass, &result))
        }
    }
}

/// Assigns variables from the result, and puts it where `ResultPath` says. It is evaluated even where it is dropped, because it
/// can fail.
fn emit_put_result(pass: &Pass, result: &TokenStream) -> TokenStream {
    let assign = emit_assign(&pass.assign, &quote!(&result));
    match (&pass.result_path, assign.is_empty()) {
        (ResultPath::Discard, true) => quote!(let _ = #result;),
        (ResultPath::Discard, false) => quote!(let result = #result; #assign),
        (result_path @ (ResultPath::Replace | ResultPath::At { .. }), _) => {
            let put = emit_put(result_path, &quote!(result));
            quote!(let result = #result; #assign #put)
        }
    }
}

pub(super) fn emit_succeed(succeed: &Succeed) -> TokenStream {
    let (input, output) = (emit_reduce(&succeed.input), emit_output(&succeed.output));
    emit_with_query(Sees::Input, quote!(#input #output rt::go(rt::Transition::End)))
}
