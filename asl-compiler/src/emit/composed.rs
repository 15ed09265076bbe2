//! Objects and arrays of parts that are computed.
//!
//! In: the code of the parts. Out: one expression. Parts are added one by one to what is dropped as a whole when one of them fails: each part of an array
//! of Rust has to drop all before it, and what rustc does about that grows with the square of their number and more.

use proc_macro2::TokenStream;
use quote::quote;

/// An object of fields in order, each of them added by its code to `fields`.
pub(super) fn emit_object(fields: impl ExactSizeIterator<Item = TokenStream>) -> TokenStream {
    let length = proc_macro2::Literal::usize_unsuffixed(fields.len());
    quote!({
        let mut fields = rt::fields(#length);
        #(#fields;)*
        fields.into_object()
    })
}

/// An array of elements in order.
pub(super) fn emit_array(elements: impl ExactSizeIterator<Item = TokenStream>) -> TokenStream {
    let length = proc_macro2::Literal::usize_unsuffixed(elements.len());
    quote!({
        let mut elements = rt::elements(#length);
        #(elements.add(#elements);)*
        elements.into_array()
    })
}
