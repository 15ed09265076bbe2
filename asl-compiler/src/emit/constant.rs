//! Constants: JSON values of the definition.

use crate::ir::{Constant, Number, Timestamp};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// A value; objects and arrays are made once and shared.
pub(super) fn emit_constant(constant: &Constant) -> TokenStream {
    match constant {
        Constant::Null => quote!(rt::Value::Null),
        Constant::Bool(value) => quote!(rt::Value::Bool(#value)),
        Constant::Number(number) => {
            let number = emit_number(*number);
            quote!(rt::number(#number))
        }
        Constant::String(text) => quote!(rt::string(#text)),
        Constant::Array(_) | Constant::Object(_) => {
            let json = emit_json(constant);
            quote! {{
                static CONSTANT: rt::Constant = rt::Constant::new(#json);
                CONSTANT.get()
            }}
        }
    }
}

/// The same where it is only looked at: nothing is made, and nothing dropped.
pub(super) fn emit_constant_argument(constant: &Constant) -> TokenStream {
    match constant {
        Constant::Null | Constant::Bool(_) => {
            let value = emit_constant(constant);
            quote!(&#value)
        }
        Constant::Number(number) => {
            let number = emit_number(*number);
            quote!(&rt::number(#number))
        }
        Constant::String(text) => quote!(const { &rt::string(#text) }),
        Constant::Array(_) | Constant::Object(_) => {
            let value = emit_constant(constant);
            quote!(&#value)
        }
    }
}

/// JSON as data of the program.
fn emit_json(constant: &Constant) -> TokenStream {
    match constant {
        Constant::Null => quote!(rt::Json::Null),
        Constant::Bool(value) => quote!(rt::Json::Bool(#value)),
        Constant::Number(Number::Int(value)) => {
            let value = Literal::i64_unsuffixed(*value);
            quote!(rt::Json::Int(#value))
        }
        Constant::Number(Number::Uint(value)) => {
            let value = Literal::u64_unsuffixed(*value);
            quote!(rt::Json::Uint(#value))
        }
        Constant::Number(Number::Float(value)) => {
            let value = Literal::f64_unsuffixed(*value);
            quote!(rt::Json::Float(#value))
        }
        Constant::String(text) => quote!(rt::Json::Text(#text)),
        Constant::Array(elements) => {
            let elements = elements.iter().map(emit_json);
            quote!(rt::Json::Array(&[#(#elements),*]))
        }
        Constant::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| {
                let value = emit_json(value);
                quote!((#key, #value))
            });
            quote!(rt::Json::Object(&[#(#fields),*]))
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
