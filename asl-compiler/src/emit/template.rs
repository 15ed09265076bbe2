//! Payload templates: the expression of a value.

use super::composed;
use super::constant::emit_constant;
use super::expression::emit_expression;
use super::intrinsic::emit_call;
use super::path::{emit_context_field, emit_path, emit_root};
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
    composed::emit_object(fields.iter().map(|(key, value)| emit_object_field(key, value, data)))
}

/// `fields.add("step", rt::number(1i64))` or `fields.find("order", input, &Path(..))?`
fn emit_object_field(key: &str, value: &Template, data: &TokenStream) -> TokenStream {
    if let Template::Path { field, path } = value
        && is_found(path)
        && field.strip_suffix(".$") == Some(key)
    {
        let (start, steps) = (emit_root(&path.root, data), emit_path(path));
        return match path.root {
            Root::Data => quote!(fields.find(#key, #data, #steps)?),
            Root::Variable(_) | Root::Context(_) => quote!(fields.find_in(#key, #start, #steps, #data)?),
        };
    }
    let value = emit_template(value, data);
    quote!(fields.add(#key, #value))
}

/// Whether a path is steps in data or in a variable.
fn is_found(path: &Path) -> bool {
    path.selectors.is_empty() && matches!(path.root, Root::Data | Root::Variable(_))
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
    let emitted = emit_path(path);
    match path.root {
        Root::Data | Root::Variable(_) => {
            let start = emit_root(&path.root, data);
            quote!(rt::field(#start, #emitted, #field, #data)?)
        }
        Root::Context(start) => {
            let start = emit_context_field(start);
            quote!(rt::context_field(context, #start, #emitted, #field)?)
        }
    }
}

/// What `Parameters` or `Arguments` give, or the effective input where there are none.
pub(super) fn emit_parameters(parameters: Option<&Template>) -> TokenStream {
    match parameters {
        None => quote!(rt::copy(input)),
        Some(template) => emit_template(template, &quote!(input)),
    }
}
