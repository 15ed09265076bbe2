//! Payload templates: the expression of a value.

use super::composed;
use super::constant::emit_constant;
use super::expression::emit_expression;
use super::intrinsic::emit_call;
use super::path::{emit_at, emit_start, emit_steps};
use super::search::emit_search;
use crate::ir::{Assign, Path, Root, Template};
use proc_macro2::TokenStream;
use quote::quote;

/// The value of a template; `data` is what `$` means.
pub(super) fn emit_template(template: &Template, data: &TokenStream) -> TokenStream {
    match template {
        Template::Constant(constant) => emit_constant(constant),
        Template::Path { field, path } => emit_field(path, field, data),
        Template::Intrinsic { text, call, .. } => emit_call(call, text, data),
        Template::Expression(expression) => emit_expression(expression, "value"),
        Template::Object(fields) => emit_object(fields, data),
        Template::Array(elements) => {
            composed::emit_array(elements.iter().map(|element| emit_template(element, data)))
        }
    }
}

fn emit_object(fields: &[(String, Template)], data: &TokenStream) -> TokenStream {
    composed::emit_object(fields.iter().map(|(key, value)| (key.as_str(), emit_template(value, data))))
}

/// `context.assign(..);`, where anything is assigned.
pub(super) fn emit_assign(assign: &Assign, data: &TokenStream) -> TokenStream {
    if assign.is_empty() {
        return TokenStream::new();
    }
    let variables = emit_object(assign, data);
    quote!(context.assign(#variables);)
}

/// The value of a field.
pub(super) fn emit_field(path: &Path, field: &str, data: &TokenStream) -> TokenStream {
    let text = &path.text;
    if let Some(found) = emit_search(path, data) {
        return match path.root {
            Root::Data | Root::Variable(_) => quote!(rt::field_found(#found, #text, #field, #data)?),
            Root::Context(_) => quote!(rt::context_field_found(#found, #text, #field, context)?),
        };
    }
    let found = emit_at(path, data);
    match path.root {
        Root::Data | Root::Variable(_) => {
            let (steps, start) = (emit_steps(&path.steps), emit_start(path, data));
            quote!(rt::field(#found, #text, &[#steps], #start, #field, #data)?)
        }
        Root::Context(_) => quote!(rt::context_field(#found, #text, #field, context)?),
    }
}

/// What `Parameters` or `Arguments` give, or the effective input where there are none.
pub(super) fn emit_parameters(parameters: Option<&Template>) -> TokenStream {
    match parameters {
        None => quote!(rt::Clone::clone(input)),
        Some(template) => emit_template(template, &quote!(input)),
    }
}
