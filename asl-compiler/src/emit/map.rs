//! Map states.

use super::after::emit_state;
use super::expression::{Sees, emit_expression, emit_with_query, emit_with_query_on};
use super::map_run::{emit_settings, emit_tolerance};
use super::path::{emit_select, emit_with_input};
use super::template::emit_template;
use crate::ir::{Items, Map, Path, Seconds, Settings, State, Template};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

pub(super) fn emit_enter(states: &[State], map: &Map, settings: Settings) -> TokenStream {
    // Every field is named, so that a new one does not compile before it is emitted.
    let Map {
        input: selection,
        items,
        item_reader,
        max_concurrency,
        processor,
        // Each item is selected when its iteration starts.
        item_selector: _,
        // The settings of a Map Run, and whether it is one.
        item_batcher: _,
        result_writer: _,
        tolerates: _,
        tolerated_failure_count: _,
        tolerated_failure_percentage: _,
        label: _,
        execution_type: _,
        mode: _,
        // They count when the iterations have ended.
        after: _,
        retriers: _,
        catchers: _,
    } = map;
    let processor = emit_state(states, *processor);
    let processor = quote!(rt::id(#processor));
    let max_concurrency = emit_max_concurrency(max_concurrency.as_ref());
    // An iteration sees it only through the `ItemSelector`.
    let input = if map.is_distributed() || map.item_selector.is_some() {
        quote!(rt::copy(input))
    } else {
        quote!(rt::Value::Null)
    };
    let effect = if map.is_distributed() {
        let items = match item_reader {
            Some(_) => quote!(rt::None),
            None => emit_run_items(items),
        };
        let settings = emit_settings(map);
        quote!(rt::map_run(#processor, #items, #input, #max_concurrency, &|| rt::Ok(#settings)))
    } else {
        let iterations = emit_iterations(items, &processor, &input, &max_concurrency);
        if map.tolerates_failures() {
            let tolerance = emit_tolerance(map);
            quote!(rt::tolerating(#iterations, &|| rt::Ok(#tolerance)))
        } else {
            iterations
        }
    };
    let tell = settings.tell("AfterInputPath", &quote!(input));
    emit_with_query(Sees::Input, emit_with_input(selection, quote!(#tell #effect)))
}

fn emit_max_concurrency(number: Option<&Seconds>) -> TokenStream {
    match number {
        None => quote!(rt::None),
        Some(Seconds::Constant(number)) => {
            let number = Literal::u64_unsuffixed(*number);
            quote!(rt::max_concurrency(#number))
        }
        Some(Seconds::Expression(expression)) => emit_expression(expression, "max_concurrency"),
        Some(Seconds::Path(path)) => {
            let (value, text) = (emit_select(path, &quote!(input)), &path.text);
            quote!(rt::max_concurrency_path(&#value, #text)?)
        }
    }
}

/// What an inline Map asks for.
fn emit_iterations(
    items: &Items,
    processor: &TokenStream,
    input: &TokenStream,
    max_concurrency: &TokenStream,
) -> TokenStream {
    match items {
        Items::Whole => quote!(rt::map(#processor, input, "$", #input, #max_concurrency)),
        Items::Path(path) => {
            let (items, text) = (emit_select(path, &quote!(input)), items_text(path));
            quote!(rt::map(#processor, &#items, #text, #input, #max_concurrency))
        }
        Items::Input => quote!(rt::map_over(#processor, input, #input, #max_concurrency)),
        Items::Template(template) => {
            let items = emit_items(template, "array");
            quote!(rt::map_over(#processor, &#items, #input, #max_concurrency))
        }
    }
}

/// The items of a distributed Map that are in its input.
fn emit_run_items(items: &Items) -> TokenStream {
    match items {
        Items::Whole => quote!(rt::map_items(input, "$")?),
        Items::Path(path) => {
            let (items, text) = (emit_select(path, &quote!(input)), items_text(path));
            quote!(rt::map_items(&#items, #text)?)
        }
        Items::Input => quote!(rt::items_of(rt::copy(input))?),
        Items::Template(template) => {
            let items = emit_items(template, "array_or_object");
            quote!(rt::items_of(#items)?)
        }
    }
}

fn emit_items(template: &Template, method: &str) -> TokenStream {
    match template {
        Template::Expression(expression) => emit_expression(expression, method),
        template @ (Template::Constant(_)
        | Template::Path { .. }
        | Template::Intrinsic { .. }
        | Template::Object(_)
        | Template::Array(_)) => emit_template(template, &quote!(input)),
    }
}

/// AWS's text about the items writes a path into the context object with one `$`.
fn items_text(path: &Path) -> &str {
    path.text.strip_prefix('$').filter(|rest| rest.starts_with('$')).unwrap_or(&path.text)
}

pub(super) fn emit_select_item(template: &Template) -> TokenStream {
    let input = emit_template(template, &quote!(input));
    emit_with_query_on(&quote!(input), Sees::Input, quote!(rt::Ok(#input)))
}
