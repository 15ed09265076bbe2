//! Pass and Succeed states.

use super::after::emit_go;
use super::constant::emit_constant;
use super::expression::{Sees, emit_with_query};
use super::path::{emit_output, emit_put, emit_reduce, emit_with_input};
use super::template::{emit_assign, emit_template};
use crate::ir::{Output, Pass, ResultPath, Selection, Settings, State, Succeed};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn emit_enter(states: &[State], pass: &Pass, settings: Settings) -> TokenStream {
    // A state of JSONata has no fields between its input and its output.
    let is_told = settings.tell_stages && matches!(pass.output, Output::Selection(_));
    let work = if passes_all(pass) && !is_told {
        emit_assign(&pass.assign, &quote!(&*data))
    } else {
        emit_work(pass, settings)
    };
    let output = emit_output(&pass.output);
    let go = emit_go(states, pass.transition);
    emit_with_query(Sees::Input, quote!(#work #output #go))
}

/// Whether the state's output is its input, up to `OutputPath` or `Output`.
const fn passes_all(pass: &Pass) -> bool {
    // Every field is named, so that a new one has to be thought of here.
    let Pass { input, parameters, result, result_path, assign: _, output: _, transition: _ } = pass;
    let computes = parameters.is_some() || result.is_some();
    matches!(input, Selection::Whole)
        && !computes
        && matches!(result_path, ResultPath::Replace | ResultPath::Discard)
}

fn emit_work(pass: &Pass, settings: Settings) -> TokenStream {
    let parameters = pass.parameters.as_ref().map(|template| emit_template(template, &quote!(input)));
    match (&pass.result, parameters) {
        (Some(result), parameters) => {
            // The parameters come to nothing, but their paths have to be there.
            let parameters = parameters.map(|parameters| quote!(let _ = #parameters;));
            let work = emit_put_result(pass, &emit_constant(result), settings);
            emit_with_input(&pass.input, quote!(#parameters #work))
        }
        (None, parameters) => {
            let result = parameters.unwrap_or_else(|| quote!(rt::copy(input)));
            let tell = settings.tell("AfterInputPath", &quote!(input));
            let work = emit_put_result(pass, &result, settings);
            emit_with_input(&pass.input, quote!(#tell #work))
        }
    }
}

/// Assigns variables from the result, and puts it where `ResultPath` says. It is evaluated even where it is dropped, because it
/// can fail.
fn emit_put_result(pass: &Pass, result: &TokenStream, settings: Settings) -> TokenStream {
    let given = if pass.result.is_some() { "Result" } else { "AfterParameters" };
    let told = [given, "AfterResultSelector"].map(|stage| settings.tell(stage, &quote!(&result)));
    let told_after = settings.tell("AfterResultPath", &quote!(data));
    let assign = emit_assign(&pass.assign, &quote!(&result));
    match (&pass.result_path, assign.is_empty() && !settings.tell_stages) {
        (ResultPath::Discard, true) => quote!(let _ = #result;),
        (ResultPath::Discard, false) => quote!(let result = #result; #(#told)* #assign #told_after),
        (result_path @ (ResultPath::Replace | ResultPath::At { .. }), _) => {
            let put = emit_put(result_path, &quote!(result));
            quote!(let result = #result; #(#told)* #assign #put #told_after)
        }
    }
}

pub(super) fn emit_succeed(Succeed { input, output }: &Succeed, settings: Settings) -> TokenStream {
    let (input, output) = (emit_reduce(input), emit_output(output));
    let told = settings.tell("AfterInputPath", &quote!(data));
    emit_with_query(Sees::Input, quote!(#input #told #output rt::end()))
}
