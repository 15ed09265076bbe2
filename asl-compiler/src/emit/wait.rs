//! Wait states.

use super::after::emit_leave;
use super::constant::emit_timestamp;
use super::expression::{Sees, emit_expression_result, emit_with_query};
use super::path::{emit_output, emit_path, emit_reduce, emit_root, emit_with_input};
use super::template::emit_assign;
use crate::ir::{Selection, Settings, State, Until, Wait};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

pub(super) fn emit_enter(wait: &Wait, settings: Settings) -> TokenStream {
    // Every field is named, so that a new one does not compile before it is emitted. The others count when it has waited.
    let Wait { input, until, assign: _, output: _, transition: _ } = wait;
    let effect = emit_effect(input, until);
    let tell = settings.tell("AfterInputPath", &quote!(input));
    if tell.is_empty() {
        return effect;
    }
    let tell = emit_with_input(input, tell);
    quote!({ #tell } #effect)
}

fn emit_effect(selection: &Selection, until: &Until) -> TokenStream {
    match until {
        Until::Seconds(seconds) => {
            let seconds = Literal::u64_unsuffixed(*seconds);
            quote!(rt::wait_seconds(#seconds))
        }
        Until::SecondsExpression(expression) => {
            emit_with_query(Sees::Input, emit_expression_result(expression, "wait_seconds"))
        }
        Until::SecondsPath(path) => {
            let (start, path) = (emit_root(&path.root, &quote!(input)), emit_path(path));
            emit_with_input(selection, quote!(rt::wait_seconds_path(#start, #path)))
        }
        Until::Timestamp(timestamp) => {
            let timestamp = emit_timestamp(*timestamp);
            quote!(rt::wait_until(#timestamp))
        }
        Until::TimestampExpression(expression) => {
            emit_with_query(Sees::Input, emit_expression_result(expression, "wait_until"))
        }
        Until::TimestampPath(path) => {
            let (start, path) = (emit_root(&path.root, &quote!(input)), emit_path(path));
            emit_with_input(selection, quote!(rt::wait_until_path(#start, #path)))
        }
    }
}

pub(super) fn emit_resume(states: &[State], wait: &Wait) -> TokenStream {
    let (input, output) = (emit_reduce(&wait.input), emit_output(&wait.output));
    let assign = emit_assign(&wait.assign, &quote!(&*data));
    let leave = emit_leave(states, wait.transition);
    emit_with_query(Sees::Input, quote!(#input #assign #output #leave))
}
