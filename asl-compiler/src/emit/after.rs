//! What comes after an effect: ResultSelector, ResultPath, OutputPath or Output, and the transition; and the catchers.

use super::expression::{Sees, emit_with_query};
use super::ident;
use super::path::{emit_output, emit_put, emit_set};
use super::template::{emit_assign, emit_template};
use crate::ir::{After, Catcher, Output, ResultPath, Selection, Settings, State, StateId, Transition, Work};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// Where a state leads when it is resumed, if it does nothing else then: it needs no function for that.
pub(super) fn leaves(state: &State, settings: Settings) -> Option<Transition> {
    let is_whole = |output: &Output| matches!(output, Output::Selection(Selection::Whole));
    let of_after = |after: &After| {
        let drops = after.result_selector.is_none() && matches!(after.result_path, ResultPath::Discard);
        let keeps = drops && after.assign.is_empty() && is_whole(&after.output);
        (keeps && !settings.tell_stages).then_some(after.transition)
    };
    match &state.work {
        Work::Task(task) => of_after(&task.after),
        Work::Parallel(parallel) => of_after(&parallel.after),
        Work::Map(map) => of_after(&map.after),
        Work::Wait(wait) => {
            let keeps =
                matches!(wait.input, Selection::Whole) && wait.assign.is_empty() && is_whole(&wait.output);
            keeps.then_some(wait.transition)
        }
        Work::Pass(_) | Work::Choice(_) | Work::Succeed(_) | Work::Fail(_) => None,
    }
}

pub(super) fn emit_after(states: &[State], after: &After, settings: Settings) -> TokenStream {
    let value = match &after.result_selector {
        // What is told of it is told before it is put anywhere.
        None if settings.tell_stages => quote!(rt::copy(&*result)),
        None => quote!(rt::take(result)),
        Some(template) => emit_template(template, &quote!(&*result)),
    };
    let (told, value) = if settings.tell_stages {
        let tell = settings.tell("AfterResultSelector", &quote!(&selected));
        (quote!(let selected = #value; #tell), quote!(selected))
    } else {
        (TokenStream::new(), value)
    };
    // A selector is evaluated even where its value is dropped, because it can fail.
    let put = match (&after.output, &after.result_path, &after.result_selector) {
        (Output::Template(_), _, _) => TokenStream::new(),
        (Output::Selection(_), ResultPath::Discard, Some(_)) => quote!(let _ = #value;),
        (Output::Selection(_), result_path, _) => emit_put(result_path, &value),
    };
    let assign = emit_assign(&after.assign, &quote!(&*result));
    let output = emit_output(&after.output);
    let leave = emit_leave(states, after.transition);
    let told_after = settings.tell("AfterResultPath", &quote!(data));
    emit_with_query(Sees::Result, quote!(#assign #told #put #told_after #output #leave))
}

pub(super) fn emit_catchers(states: &[State], catchers: &[Catcher]) -> TokenStream {
    let arms = catchers.iter().enumerate().map(|(number, catcher)| {
        let number = Literal::usize_unsuffixed(number);
        let assign = emit_assign(&catcher.assign, &quote!(&*error_output));
        let put = match &catcher.output {
            Some(template) => emit_set(&emit_template(template, &quote!(&*error_output))),
            None => emit_put(&catcher.result_path, &quote!(rt::take(error_output))),
        };
        let leave = emit_leave(states, Transition::Next(catcher.next));
        let code = emit_with_query(Sees::ErrorOutput, quote!(#assign #put #leave));
        quote!(#number => { #code })
    });
    quote! {
        match catcher {
            #(#arms)*
            _ => rt::never_asked(),
        }
    }
}

/// `rt::go(State::B)`, of a state that is entered.
pub(super) fn emit_go(states: &[State], transition: Transition) -> TokenStream {
    match transition {
        Transition::End => quote!(rt::end()),
        Transition::Next(next) => {
            let next = emit_state(states, next);
            quote!(rt::go(#next))
        }
    }
}

/// `rt::leave(State::B)`, of a state that is resumed.
pub(super) fn emit_leave(states: &[State], transition: Transition) -> TokenStream {
    match transition {
        Transition::End => quote!(rt::leave_last()),
        Transition::Next(next) => {
            let next = emit_state(states, next);
            quote!(rt::leave(#next))
        }
    }
}

/// `State::B`
pub(super) fn emit_state(states: &[State], state: StateId) -> TokenStream {
    let variant = states.get(state.0).map(|state| ident(&state.variant));
    quote!(State::#variant)
}
