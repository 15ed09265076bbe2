//! `^(..)`

use super::Emitter;
use super::code::Code;
use crate::jsonata::tree::SortTerm;
use proc_macro2::TokenStream;
use quote::quote;

impl Emitter {
    /// Sorts the items of a path; not settled.
    pub(super) fn sort(&mut self, terms: &[SortTerm], source: Code) -> Code {
        let (setup, source) = source.elements_source();
        let descending = descending(terms);
        let outer = self.scope.enter_context();
        let values = self.terms(terms);
        self.scope.leave_context(outer);
        Code::raw(quote!({
            #setup
            let source = #source;
            let mut rows = jsonata::Rows::new(source.count());
            for context in source.elements() {
                evaluation.step()?;
                let terms = if rows.several() { #values } else { jsonata::no_terms() };
                rows.push(context.to_data(), terms);
            }
            rows.sorted(&[#descending])?
        }))
    }

    /// What is sorted by. A single item is compared with nothing, so its terms are not evaluated.
    pub(super) fn terms(&mut self, terms: &[SortTerm]) -> TokenStream {
        let values = terms.iter().map(|term| self.expression(&term.expression).data_tokens());
        quote!(jsonata::terms([#(#values),*]))
    }
}

/// The directions of the terms.
pub(super) fn descending(terms: &[SortTerm]) -> TokenStream {
    let descending = terms.iter().map(|term| term.descending);
    quote!(#(#descending),*)
}
