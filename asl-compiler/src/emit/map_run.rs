//! Distributed Map states: the settings of a Map Run, as a literal of the runtime's structs, which have the same names.

use super::expression::emit_expression;
use super::ident;
use super::path::emit_select;
use super::template::emit_template;
use crate::ir::{ExecutionType, ItemBatcher, ItemReader, Map, Percentage, ResultWriter, Seconds, Template};
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use std::fmt::Debug;

/// `rt::MapRunSettings { .. }`
pub(super) fn emit_settings(map: &Map) -> TokenStream {
    let label = map.label.as_ref().map_or_else(|| quote!(rt::None), |label| quote!(rt::text(#label)));
    let execution_type = emit_variant("ExecutionType", map.execution_type.unwrap_or(ExecutionType::Standard));
    let (count, percentage) = emit_tolerated(map);
    let item_reader = emit_option(map.item_reader.as_ref().map(emit_item_reader));
    let item_batcher = emit_option(map.item_batcher.as_ref().map(emit_item_batcher));
    let result_writer = emit_option(map.result_writer.as_ref().map(emit_result_writer));
    quote! {
        rt::MapRunSettings {
            label: #label,
            execution_type: #execution_type,
            tolerated_failure_count: #count,
            tolerated_failure_percentage: #percentage,
            item_reader: #item_reader,
            item_batcher: #item_batcher,
            result_writer: #result_writer,
        }
    }
}

/// `rt::Tolerance::new(..)`
pub(super) fn emit_tolerance(map: &Map) -> TokenStream {
    let (count, percentage) = emit_tolerated(map);
    quote!(rt::Tolerance::new(#count, #percentage))
}

/// The count and the percentage.
fn emit_tolerated(map: &Map) -> (TokenStream, TokenStream) {
    let count = emit_number(
        map.tolerated_failure_count.as_ref(),
        "count",
        |value, path| quote!(rt::tolerated_failure_count_path(&#value, #path)?),
    );
    (count, emit_percentage(map.tolerated_failure_percentage.as_ref()))
}

fn emit_item_reader(reader: &ItemReader) -> TokenStream {
    let resource = emit_variant("ItemSource", reader.resource);
    let parameters = emit_template(&reader.parameters, &quote!(input));
    let input_type = emit_option(reader.input_type.map(|input_type| emit_variant("InputType", input_type)));
    let load_and_flatten = reader.load_and_flatten;
    let manifest_type =
        emit_option(reader.manifest_type.map(|manifest_type| emit_variant("ManifestType", manifest_type)));
    let csv_delimiter = Literal::byte_character(reader.csv_delimiter);
    let csv_headers =
        emit_option(reader.csv_headers.as_ref().map(|headers| quote!(rt::texts(&[#(#headers),*]))));
    let items_pointer = &reader.items_pointer;
    let max_items = emit_number(
        reader.max_items.as_ref(),
        "max_items",
        |value, path| quote!(rt::max_items_path(&#value, #path)?),
    );
    quote! {
        rt::ItemReader {
            resource: #resource,
            parameters: #parameters,
            input_type: #input_type,
            load_and_flatten: #load_and_flatten,
            manifest_type: #manifest_type,
            csv_delimiter: #csv_delimiter,
            csv_headers: #csv_headers,
            items_pointer: rt::texts(&[#(#items_pointer),*]),
            max_items: #max_items,
        }
    }
}

fn emit_item_batcher(batcher: &ItemBatcher) -> TokenStream {
    let limit = |limit: Option<&Seconds>, field: &str| {
        emit_number(limit, "batch_limit", |value, path| quote!(rt::batch_limit_path(&#value, #field, #path)?))
    };
    let max_items = limit(batcher.max_items.as_ref(), "MaxItemsPerBatchPath");
    let max_input_bytes = limit(batcher.max_input_bytes.as_ref(), "MaxInputBytesPerBatchPath");
    let batch_input = emit_option_template(batcher.batch_input.as_ref());
    quote! {
        rt::ItemBatcher {
            max_items: #max_items,
            max_input_bytes: #max_input_bytes,
            batch_input: #batch_input,
        }
    }
}

fn emit_result_writer(writer: &ResultWriter) -> TokenStream {
    let parameters = emit_option_template(writer.parameters.as_ref());
    let transformation = emit_variant("WriterTransformation", writer.transformation);
    let json_lines = writer.json_lines;
    quote! {
        rt::ResultWriter {
            parameters: #parameters,
            transformation: #transformation,
            json_lines: #json_lines,
        }
    }
}

/// `rt::Some(5)`, or what `method` makes of an expression, or `from_path` of the value and the text of a path.
fn emit_number(
    number: Option<&Seconds>,
    method: &str,
    from_path: impl Fn(TokenStream, &str) -> TokenStream,
) -> TokenStream {
    match number {
        None => quote!(rt::None),
        Some(Seconds::Constant(number)) => {
            let number = Literal::u64_unsuffixed(*number);
            quote!(rt::Some(#number))
        }
        Some(Seconds::Expression(expression)) => emit_expression(expression, method),
        Some(Seconds::Path(path)) => from_path(emit_select(path, &quote!(input)), &path.text),
    }
}

fn emit_percentage(percentage: Option<&Percentage>) -> TokenStream {
    match percentage {
        None => quote!(rt::None),
        Some(Percentage::Constant(percentage)) => {
            let percentage = Literal::f64_unsuffixed(*percentage);
            quote!(rt::Some(#percentage))
        }
        Some(Percentage::Expression(expression)) => emit_expression(expression, "percentage"),
        Some(Percentage::Path(path)) => {
            let (value, text) = (emit_select(path, &quote!(input)), &path.text);
            quote!(rt::tolerated_failure_percentage_path(&#value, #text)?)
        }
    }
}

fn emit_option_template(template: Option<&Template>) -> TokenStream {
    emit_option(template.map(|template| emit_template(template, &quote!(input))))
}

fn emit_option(value: Option<TokenStream>) -> TokenStream {
    match value {
        None => quote!(rt::None),
        Some(value) => quote!(rt::Some(#value)),
    }
}

/// `rt::InputType::Csv`: the runtime's enum has the same name and the same variants.
fn emit_variant(r#enum: &str, variant: impl Debug) -> TokenStream {
    let (r#enum, variant) = (ident(r#enum), ident(&format!("{variant:?}")));
    quote!(rt::#r#enum::#variant)
}
