//! Fail states.

use super::expression::{Sees, emit_expression, emit_with_query};
use super::intrinsic::emit_call;
use super::template::emit_field;
use crate::ir::{Fail, Settings, Text};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn emit_enter(Fail { error, cause }: &Fail, settings: Settings) -> TokenStream {
    let error = emit_text(error.as_ref(), "ErrorPath");
    let cause = emit_text(cause.as_ref(), "CausePath");
    let tell = settings.tell("AfterInputPath", &quote!(data));
    emit_with_query(Sees::Input, quote!(#tell rt::fail(#error, #cause)))
}

fn emit_text(text: Option<&Text>, field: &str) -> TokenStream {
    match text {
        None => quote!(rt::None),
        Some(Text::Constant(text)) => quote!(rt::text(#text)),
        Some(Text::Expression(expression)) => emit_expression(expression, "text"),
        Some(Text::Intrinsic { text, call }) => {
            let value = emit_call(call, text, &quote!(&*data));
            quote!(rt::text_path(&#value, #field, #text)?)
        }
        Some(Text::Path(path)) => {
            let (value, text) = (emit_field(path, field, &quote!(&*data)), &path.text);
            quote!(rt::text_path(&#value, #field, #text)?)
        }
    }
}
