//! `^(..)`

use super::Emitter;
use super::code::Code;
use crate::jsonata::tree::SortTerm;
use proc_macro2::TokenStream;
use quote::quote;

impl Emitter {
    /// Sorts the items of a path: where they are, if another step follows; else not settled.
    pub(super) fn sort(&mut self, terms: &[SortTerm], source: Code, last: bool) -> Code {
        let (setup, source) = source.elements_source();
        let descending = descending(terms);
        let outer = self.scope.enter_context();
        let terms = self.terms(terms);
        self.scope.leave_context(outer);
        let origin = self.scope.fresh("origin");
        let setup = quote!(#setup let #origin = #source;);
        let sorted = quote!(
            jsonata::sorted(evaluation, #origin.elements(), [#descending], |&context| rt::Ok([#terms]))?
        );
        if last { Code::raw(quote!({ #setup #sorted.into_data() })) } else { Code::chosen(setup, sorted) }
    }

    /// What is sorted by.
    pub(super) fn terms(&mut self, terms: &[SortTerm]) -> TokenStream {
        let terms = terms.iter().map(|term| self.expression(&term.expression).data_tokens());
        quote!(#(#terms),*)
    }
}

/// The directions of the terms.
pub(super) fn descending(terms: &[SortTerm]) -> TokenStream {
    let descending = terms.iter().map(|term| term.descending);
    quote!(#(#descending),*)
}
