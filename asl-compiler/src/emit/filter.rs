//! The indefinite rest of paths: one call a selector, and filters as closures.

use super::constant::emit_constant;
use super::ident;
use super::path::emit_calls;
use crate::ir::{Filter, FilterOperand, FilterPath, FilterRelation, Selector};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// `.wildcard().name("sku")`; `data` is what `$` stands for in filters.
pub(super) fn emit_selectors(selectors: &[Selector], data: &TokenStream) -> TokenStream {
    selectors.iter().map(|selector| emit_selector(selector, data)).collect()
}

fn emit_selector(selector: &Selector, data: &TokenStream) -> TokenStream {
    match selector {
        Selector::Name(name) => quote!(.name(#name)),
        Selector::Names(names) => quote!(.names(&[#(#names),*])),
        Selector::Index(index) => {
            let index = Literal::i64_unsuffixed(*index);
            quote!(.index(#index))
        }
        Selector::Indexes(indexes) => {
            let indexes = indexes.iter().copied().map(Literal::i64_unsuffixed);
            quote!(.indexes(&[#(#indexes),*]))
        }
        Selector::Slice { start, end, step } => {
            let (start, end) = (emit_bound(*start), emit_bound(*end));
            let step = Literal::i64_unsuffixed(step.unwrap_or(1));
            quote!(.slice(#start, #end, #step))
        }
        Selector::Wildcard => quote!(.wildcard()),
        Selector::Descendants => quote!(.descendants()),
        Selector::Filter(filter) => {
            let filter = emit_filter(filter, data);
            quote!(.filter(|item| #filter))
        }
    }
}

fn emit_bound(bound: Option<i64>) -> TokenStream {
    match bound.map(Literal::i64_unsuffixed) {
        None => quote!(rt::None),
        Some(bound) => quote!(rt::Some(#bound)),
    }
}

fn emit_filter(filter: &Filter, data: &TokenStream) -> TokenStream {
    match filter {
        Filter::And(filters) => {
            let filters = filters.iter().map(|filter| emit_nested(filter, data));
            quote!(#(#filters)&&*)
        }
        Filter::Or(filters) => {
            let filters = filters.iter().map(|filter| emit_nested(filter, data));
            quote!(#(#filters)||*)
        }
        Filter::Not(filter) => {
            let filter = emit_nested(filter, data);
            quote!(!#filter)
        }
        Filter::Exists(path) => {
            let path = emit_filter_path(path, data);
            quote!(rt::is_present(#path))
        }
        Filter::Compare { left, relation, right } => {
            let (left, right) = (emit_operand(left, data), emit_operand(right, data));
            emit_comparison(*relation, &left, &right)
        }
    }
}

/// A condition within another: in parentheses where it has operators of its own.
fn emit_nested(filter: &Filter, data: &TokenStream) -> TokenStream {
    let tokens = emit_filter(filter, data);
    match filter {
        Filter::And(filters) | Filter::Or(filters) if filters.len() > 1 => quote!((#tokens)),
        Filter::And(_) | Filter::Or(_) | Filter::Not(_) | Filter::Exists(_) | Filter::Compare { .. } => {
            tokens
        }
    }
}

fn emit_comparison(relation: FilterRelation, left: &TokenStream, right: &TokenStream) -> TokenStream {
    let function = ident(match relation {
        FilterRelation::Equals => return quote!(rt::filter_equal(&#left, &#right)),
        FilterRelation::NotEquals => return quote!(!rt::filter_equal(&#left, &#right)),
        FilterRelation::LessThan => "is_less",
        FilterRelation::LessThanEquals => "is_less_or_equal",
        FilterRelation::GreaterThan => "is_greater",
        FilterRelation::GreaterThanEquals => "is_greater_or_equal",
    });
    quote!(rt::#function(rt::filter_compare(&#left, &#right)))
}

fn emit_operand(operand: &FilterOperand, data: &TokenStream) -> TokenStream {
    match operand {
        FilterOperand::Constant(constant) => emit_constant(constant),
        FilterOperand::Path(path) => emit_filter_path(path, data),
    }
}

fn emit_filter_path(path: &FilterPath, data: &TokenStream) -> TokenStream {
    let start = if path.from_data { data.clone() } else { quote!(item) };
    let steps = emit_calls(&path.steps);
    quote!(rt::at(#start)#steps)
}
