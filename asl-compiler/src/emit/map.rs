//! Map states.

use super::after::emit_state;
use super::map_run::{emit_settings, emit_tolerance};
use super::path::{emit_select, emit_with_input};
use super::template::emit_template;
use crate::ir::{Map, Path, Seconds, State, Template};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

pub(super) fn emit_enter(states: &[State], map: &Map) -> TokenStream {
    let processor = emit_state(states, map.processor);
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
    let input = quote!(rt::Clone::clone(input));
    let effect = match &map.distributed {
        None => {
            let (items, path) = emit_items(map.items.as_ref());
            let arguments = quote!(#processor, #items, #path, #input, #max_concurrency);
            if map.tolerates_failures() {
                let tolerance = emit_tolerance(map);
                quote!(rt::map_tolerating(#arguments, || rt::Ok(#tolerance)))
            } else {
                quote!(rt::map(#arguments))
            }
        }
        Some(distributed) => {
            let items = match distributed.item_reader {
                // An `ItemsPath` beside an `ItemReader` is not even looked at.
                Some(_) => quote!(rt::None),
                None => {
                    let (items, path) = emit_items(map.items.as_ref());
                    quote!(rt::map_items(#items, #path)?)
                }
            };
            let settings = emit_settings(map, distributed);
            quote!(rt::map_run(#processor, #items, #input, #max_concurrency, || rt::Ok(#settings)))
        }
    };
    emit_with_input(&map.input, effect)
}

/// A reference to the items, and their path in error texts.
fn emit_items(items: Option<&Path>) -> (TokenStream, &str) {
    let Some(path) = items else { return (quote!(input), "$") };
    let items = emit_select(path, &quote!(input));
    // AWS's text about the items writes a path into the context object with one `$`.
    let text = path.text.strip_prefix('$').filter(|rest| rest.starts_with('$')).unwrap_or(&path.text);
    (quote!(&#items), text)
}

pub(super) fn emit_select_item(template: &Template) -> TokenStream {
    let input = emit_template(template, &quote!(input));
    quote!(rt::Ok(#input))
}
