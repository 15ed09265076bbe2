//! Payload templates: the expression of a value.

use super::constant::emit_constant;
use super::path::emit_at;
use crate::ir::{Path, Root, Template};
use proc_macro2::TokenStream;
use quote::quote;

/// The value of a template; `data` is what `$` stands for.
pub(super) fn emit_template(template: &Template, data: &TokenStream) -> TokenStream {
    match template {
        Template::Constant(constant) => emit_constant(constant),
        Template::Path { field, path } => emit_field(path, field, data),
        Template::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| {
                let value = emit_template(value, data);
                quote!((#key, #value))
            });
            quote!(rt::object([#(#fields),*]))
        }
        Template::Array(elements) => {
            let elements = elements.iter().map(|element| emit_template(element, data));
            quote!(rt::array([#(#elements),*]))
        }
    }
}

/// The value of a field whose path has to be there.
pub(super) fn emit_field(path: &Path, field: &str, data: &TokenStream) -> TokenStream {
    let (found, text) = (emit_at(path, data), &path.text);
    match path.root {
        Root::Data => quote!(rt::field(#found, #text, #field, #data)?),
        Root::Context(_) => quote!(rt::context_field(#found, #text, #field, context)?),
    }
}

/// What `Parameters` gives, or the effective input where there are none.
pub(super) fn emit_parameters(parameters: Option<&Template>) -> TokenStream {
    match parameters {
        None => quote!(input.clone()),
        Some(template) => emit_template(template, &quote!(input)),
    }
}
