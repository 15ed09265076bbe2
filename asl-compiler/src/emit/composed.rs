//! Objects and arrays of parts that are computed.
//!
//! In: the code of the parts. Out: one expression. Few parts are one array of Rust; many are added one by one, because each part of an array that
//! can fail has to drop all before it, and what rustc does about that grows with the square of their number and more.

use proc_macro2::TokenStream;
use quote::quote;

/// Up to this number of parts they are one array.
const IN_ONE: usize = 16;

/// An object of fields in order.
pub(super) fn emit_object<'k>(fields: impl ExactSizeIterator<Item = (&'k str, TokenStream)>) -> TokenStream {
    let length = fields.len();
    if length <= IN_ONE {
        let fields = fields.map(|(key, value)| quote!((#key, #value)));
        return quote!(rt::object([#(#fields),*]));
    }
    let fields = fields.map(|(key, value)| quote!(fields.add(#key, #value);));
    quote!({
        let mut fields = rt::Fields::with_capacity(#length);
        #(#fields)*
        fields.into_object()
    })
}

/// An array of elements in order.
pub(super) fn emit_array(elements: impl ExactSizeIterator<Item = TokenStream>) -> TokenStream {
    let length = elements.len();
    if length <= IN_ONE {
        return quote!(rt::array([#(#elements),*]));
    }
    quote!({
        let mut elements = rt::Elements::with_capacity(#length);
        #(elements.add(#elements);)*
        elements.into_array()
    })
}
