//! Constants: JSON values of the definition.

use super::composed;
use crate::ir::{Constant, Number, Timestamp};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// A value; objects and arrays are made once and shared.
pub(super) fn emit_constant(constant: &Constant) -> TokenStream {
    let value = emit_value(constant);
    match constant {
        Constant::Null | Constant::Bool(_) | Constant::Number(_) | Constant::String(_) => value,
        Constant::Array(_) | Constant::Object(_) => quote! {{
            static CONSTANT: rt::Constant = rt::Constant::new(|| #value);
            CONSTANT.get()
        }},
    }
}

fn emit_value(constant: &Constant) -> TokenStream {
    match constant {
        Constant::Null => quote!(rt::Value::Null),
        Constant::Bool(value) => quote!(rt::Value::Bool(#value)),
        Constant::Number(number) => {
            let number = emit_number(*number);
            quote!(rt::number(#number))
        }
        Constant::String(text) => quote!(rt::string(#text)),
        Constant::Array(elements) => composed::emit_array(elements.iter().map(emit_value)),
        Constant::Object(fields) => {
            composed::emit_object(fields.iter().map(|(key, value)| (key.as_str(), emit_value(value))))
        }
    }
}

/// A number with its type: `1i64`.
pub(super) fn emit_number(number: Number) -> TokenStream {
    let literal = match number {
        Number::Int(value) => Literal::i64_suffixed(value),
        Number::Uint(value) => Literal::u64_suffixed(value),
        Number::Float(value) => Literal::f64_suffixed(value),
    };
    quote!(#literal)
}

/// `rt::timestamp(1700000000, 0)`
pub(super) fn emit_timestamp(timestamp: Timestamp) -> TokenStream {
    let seconds = Literal::i64_unsuffixed(timestamp.seconds());
    let nanoseconds = Literal::u32_unsuffixed(timestamp.nanoseconds());
    quote!(rt::timestamp(#seconds, #nanoseconds))
}
