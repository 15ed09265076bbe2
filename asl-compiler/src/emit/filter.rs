//! Conditions of filters: what tells whether a condition holds for an `item`, or why that cannot be told.

use super::ident;
use super::path::emit_steps;
use super::search::emit_search_in_filter;
use crate::ir::{Filter, FilterCondition, FilterOperand, FilterPath, FilterPattern, FilterRelation};
use proc_macro2::TokenStream;
use quote::quote;

/// `whole` is what `$` means.
pub(super) fn emit_filter(filter: &Filter, whole: &TokenStream) -> TokenStream {
    if let [all] = &*filter.any
        && let [condition] = &**all
    {
        return emit_condition(condition, whole);
    }
    let groups: Vec<_> = filter
        .any
        .iter()
        .map(|all| {
            let conditions = all.iter().map(|condition| emit_condition(condition, whole));
            let tokens = quote!(#(#conditions?)&&*);
            if filter.any.len() > 1 && all.len() > 1 { quote!((#tokens)) } else { tokens }
        })
        .collect();
    quote!(rt::Ok(#(#groups)||*))
}

fn emit_condition(condition: &FilterCondition, whole: &TokenStream) -> TokenStream {
    match condition {
        FilterCondition::Exists { path, wanted } => emit_exists(path, *wanted, whole),
        FilterCondition::Compare { left, relation, right } => {
            let (left, right) = (emit_operand(left, whole), emit_operand(right, whole));
            match emit_relation(*relation) {
                Some(relation) => quote!(rt::compare(rt::Relation::#relation, #left, #right)),
                None => quote!(rt::matches(#left, #right)),
            }
        }
    }
}

fn emit_exists(path: &FilterPath, wanted: bool, whole: &TokenStream) -> TokenStream {
    if !path.selectors.is_empty() {
        let found = emit_search_in_filter(path, &quote!(item), whole, true);
        return quote!(rt::Operand::searched_exists(#found, #wanted));
    }
    let steps = emit_steps(&path.steps);
    quote!(rt::exists(item, &[#steps], #wanted))
}

fn emit_relation(relation: FilterRelation) -> Option<TokenStream> {
    // The runtime's enum has the same names.
    (relation != FilterRelation::Matches).then(|| {
        let name = ident(&format!("{relation:?}"));
        quote!(#name)
    })
}

fn emit_operand(operand: &FilterOperand, whole: &TokenStream) -> TokenStream {
    match operand {
        FilterOperand::Text(text) => quote!(rt::Ok(rt::Some(rt::Operand::Literal(#text)))),
        FilterOperand::Pattern(pattern) => emit_pattern(pattern),
        FilterOperand::Path(path) => {
            let start = if path.from_data { quote!(#whole) } else { quote!(item) };
            if !path.selectors.is_empty() {
                let found = emit_search_in_filter(path, &start, whole, false);
                return quote!(rt::Operand::searched(#found));
            }
            let steps = emit_steps(&path.steps);
            quote!(rt::operand(#start, &[#steps]))
        }
    }
}

/// A pattern matches a text as a whole.
fn emit_pattern(pattern: &FilterPattern) -> TokenStream {
    let (source, ignore_case) = (format!("^(?:{})$", pattern.source), pattern.ignore_case);
    quote! {{
        static PATTERN: rt::jsonata::Pattern = rt::jsonata::Pattern::new(#source, #ignore_case, false);
        rt::Ok(rt::Some(rt::Operand::Pattern(&PATTERN)))
    }}
}
