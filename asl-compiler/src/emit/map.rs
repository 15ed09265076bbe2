//! Map states.

use super::after::emit_state;
use super::path::{emit_select, emit_with_input};
use super::template::emit_template;
use crate::ir::{Map, Seconds, State, Template};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

pub(super) fn emit_enter(states: &[State], map: &Map) -> TokenStream {
    let processor = emit_state(states, map.processor);
    let (items, path) = match &map.items {
        None => (quote!(input), "$"),
        Some(path) => {
            let items = emit_select(path, &quote!(input));
            // AWS's text about the items writes a path into the context object with one `$`.
            let text = path.text.strip_prefix('$').filter(|rest| rest.starts_with('$')).unwrap_or(&path.text);
            (quote!(&#items), text)
        }
    };
    let max_concurrency = match &map.max_concurrency {
        None => quote!(rt::None),
        Some(Seconds::Constant(number)) => {
            let number = Literal::u64_unsuffixed(*number);
            quote!(rt::max_concurrency(#number))
        }
        Some(Seconds::Path(path)) => {
            let (value, text) = (emit_select(path, &quote!(input)), &path.text);
            quote!(rt::max_concurrency_path(&#value, #text)?)
        }
    };
    emit_with_input(&map.input, quote!(rt::map(#processor, #items, #path, rt::Clone::clone(input), #max_concurrency)))
}

pub(super) fn emit_select_item(template: &Template) -> TokenStream {
    let input = emit_template(template, &quote!(input));
    quote!(rt::Ok(#input))
}
