//! Intrinsic functions: a call of the runtime each.

use super::constant::emit_constant_argument;
use super::ident;
use super::path::{emit_path as emit_path_literal, emit_root};
use super::search::emit_search;
use crate::ir::{Argument, Call, Function, Path};
use proc_macro2::TokenStream;
use quote::quote;

/// So often the text of a call is written for its error texts; where more of it can fail, it is written once, or code would grow with the
/// square of its length.
const WRITTEN_OUT: usize = 8;

/// The value of a call; `text` is the whole call as written, for error texts.
pub(super) fn emit_call(call: &Call, text: &str, data: &TokenStream) -> TokenStream {
    if failures(call) <= WRITTEN_OUT {
        return emit_part(call, &quote!(#text), data);
    }
    let call = emit_part(call, &quote!(CALL), data);
    quote!({
        const CALL: &str = #text;
        #call
    })
}

/// How many of its parts have an error text.
fn failures(call: &Call) -> usize {
    let of_argument = |argument: &Argument| match argument {
        Argument::Constant(_) => 0,
        Argument::Path(_) => 1,
        Argument::Call(call) => failures(call),
    };
    1 + call.arguments.iter().map(of_argument).sum::<usize>()
}

/// A call, or one in its arguments; `text` is the whole call.
fn emit_part(call: &Call, text: &TokenStream, data: &TokenStream) -> TokenStream {
    let arguments: Vec<_> =
        call.arguments.iter().map(|argument| emit_argument(argument, text, data)).collect();
    let function = ident(function_name(call.function));
    let arguments = match (call.function, arguments.as_slice()) {
        (Function::Array, elements) => quote!(&[#(#elements),*]),
        (Function::Format, [template, arguments @ ..]) => quote!(#template, &[#(#arguments),*]),
        (Function::MathRandom, [start, end]) => quote!(#start, #end, rt::None, || context.random()),
        (Function::MathRandom, [start, end, seed, ..]) => {
            quote!(#start, #end, rt::Some(#seed), || context.random())
        }
        (Function::Uuid, _) => quote!(|| context.random()),
        (_, arguments) => quote!(#(#arguments),*),
    };
    // In error texts the function has its name of the specification.
    let name =
        if call.function == Function::Uuid { String::from("UUID") } else { format!("{:?}", call.function) };
    quote!(rt::called(rt::intrinsic::#function(#arguments), #name, #text)?)
}

fn emit_argument(argument: &Argument, text: &TokenStream, data: &TokenStream) -> TokenStream {
    match argument {
        Argument::Constant(constant) => emit_constant_argument(constant),
        Argument::Call(call) => {
            let value = emit_part(call, text, data);
            quote!(&#value)
        }
        Argument::Path(path) => emit_path(path, text, data),
    }
}

fn emit_path(path: &Path, text: &TokenStream, data: &TokenStream) -> TokenStream {
    let written = &path.text;
    if let Some(found) = emit_search(path, data) {
        return quote!(&rt::argument_found(#found, #written, #text, #data)?);
    }
    let (start, path) = (emit_root(&path.root, data), emit_path_literal(path));
    quote!(rt::argument(#start, #path, #text, #data)?)
}

const fn function_name(function: Function) -> &'static str {
    match function {
        Function::Format => "format",
        Function::StringToJson => "string_to_json",
        Function::JsonToString => "json_to_string",
        Function::Array => "array",
        Function::ArrayPartition => "array_partition",
        Function::ArrayContains => "array_contains",
        Function::ArrayRange => "array_range",
        Function::ArrayGetItem => "array_get_item",
        Function::ArrayLength => "array_length",
        Function::ArrayUnique => "array_unique",
        Function::Base64Encode => "base64_encode",
        Function::Base64Decode => "base64_decode",
        Function::Hash => "hash",
        Function::JsonMerge => "json_merge",
        Function::MathRandom => "math_random",
        Function::MathAdd => "math_add",
        Function::StringSplit => "string_split",
        Function::Uuid => "uuid",
    }
}
