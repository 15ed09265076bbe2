//! Parallel states.

use super::after::emit_state;
use super::expression::{Sees, emit_with_query};
use super::path::emit_with_input;
use super::template::emit_parameters;
use crate::ir::{Parallel, Settings, State};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn emit_enter(states: &[State], parallel: &Parallel, settings: Settings) -> TokenStream {
    // Every field is named, so that a new one does not compile before it is emitted. The others count when the branches have ended.
    let Parallel { input, parameters, branches, after: _, retriers: _, catchers: _ } = parallel;
    let parameters = emit_parameters(parameters.as_ref());
    let branches = branches.iter().map(|state| emit_state(states, *state));
    let tell = settings.tell("AfterInputPath", &quote!(input));
    let effect = quote!(rt::parallel(&[#(#branches),*], #parameters));
    emit_with_query(Sees::Input, emit_with_input(input, quote!(#tell #effect)))
}
