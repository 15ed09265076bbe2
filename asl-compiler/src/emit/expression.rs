//! JSONata expressions in states: each is a function beside that of its state.

use super::module::emit_doc;
use super::{ident, mentions};
use crate::ir::Expression;
use crate::jsonata::{self, Dialect};
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use std::collections::BTreeSet;

/// What the expressions of a piece of code see beside the input, the variables and the context object.
#[derive(Clone, Copy)]
pub(super) enum Sees {
    /// Nothing else.
    Input,
    /// `$states.context.Task`
    TaskToken,
    /// `$states.result`
    Result,
    /// `$states.errorOutput`
    ErrorOutput,
}

/// `query.value("Output/total", "$x + 1", order_output_total)?`. The method is that of the type that the field needs.
pub(super) fn emit_expression(expression: &Expression, method: &str) -> TokenStream {
    let value = emit_expression_result(expression, method);
    quote!(#value?)
}

/// The same without the question mark.
pub(super) fn emit_expression_result(expression: &Expression, method: &str) -> TokenStream {
    let Expression { field, text, .. } = expression;
    let (method, function) = (ident(method), ident(&expression.function));
    quote!(query.#method(#field, #text, #function))
}

/// The same with one more argument.
pub(super) fn emit_expression_with(
    expression: &Expression,
    method: &str,
    argument: &TokenStream,
) -> TokenStream {
    let Expression { field, text, .. } = expression;
    let (method, function) = (ident(method), ident(&expression.function));
    quote!(query.#method(#field, #text, #function, #argument)?)
}

/// The functions of the expressions that are in `code`.
pub(super) fn emit_functions(expressions: &[Expression], code: &TokenStream) -> TokenStream {
    let mut names = BTreeSet::new();
    collect_names(code, &mut names);
    let used = expressions.iter().filter(|expression| {
        let name = expression.function.as_str();
        names.contains(name.strip_prefix("r#").unwrap_or(name))
    });
    let functions = used.map(|expression| {
        let doc = emit_doc(&format!("`{}`", expression.field), Some(&expression.text));
        let function = jsonata::emit(&expression.tree, &expression.function, Dialect::States);
        quote!(#doc #function)
    });
    functions.collect()
}

/// All names in code, without the mark of raw ones.
fn collect_names(code: &TokenStream, names: &mut BTreeSet<String>) {
    for token in code.clone() {
        match token {
            TokenTree::Ident(ident) => {
                let name = ident.to_string();
                names.insert(name.strip_prefix("r#").map_or(name.clone(), str::to_owned));
            }
            TokenTree::Group(group) => collect_names(&group.stream(), names),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// `let query = ..;`, what expressions see, before code that has any.
pub(super) fn emit_with_query(sees: Sees, code: TokenStream) -> TokenStream {
    emit_with_query_on(&quote!(&*data), sees, code)
}

/// The same where the state's input is not in `data`.
pub(super) fn emit_with_query_on(input: &TokenStream, sees: Sees, code: TokenStream) -> TokenStream {
    if !mentions(&code, "query") {
        return code;
    }
    let also = match sees {
        Sees::Input => TokenStream::new(),
        Sees::TaskToken => quote!(.with_task_token()),
        Sees::Result => quote!(.with_result(&*result)),
        Sees::ErrorOutput => quote!(.with_error_output(&*error_output)),
    };
    quote! {
        let query = rt::Query::new(context, #input)#also;
        #code
    }
}
