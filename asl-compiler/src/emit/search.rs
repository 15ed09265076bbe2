//! Paths with parts that can lead to any number of values: each part passes on what it leads to, to a closure with the rest of the path.

use super::filter::emit_filter;
use super::path::{emit_root, emit_steps};
use crate::ir::{ContextField, Filter, FilterPath, Path, Root, Selector, Step};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The value of a path that is more than steps, or why there is none: the value that a definite one leads to, or the array of all that an
/// indefinite one does. `data` is what `$` means.
pub(super) fn emit_search(path: &Path, data: &TokenStream) -> Option<TokenStream> {
    if path.selectors.is_empty() {
        return None;
    }
    let start = emit_root(&path.root, data);
    // In a filter `$` is the whole of what the path starts in.
    let whole = match path.root {
        Root::Context(_) => Root::Context(ContextField::Whole),
        Root::Data | Root::Variable(_) => path.root.clone(),
    };
    let whole = emit_root(&whole, data);
    let search = Search { whole: &whole, all_required: false };
    Some(search.emit(&start, &path.steps, &path.selectors))
}

/// As [`emit_search`], of a path in a filter. Where it is asked whether it leads somewhere, all of its names are required.
pub(super) fn emit_search_in_filter(
    path: &FilterPath,
    start: &TokenStream,
    whole: &TokenStream,
    all_required: bool,
) -> TokenStream {
    Search { whole, all_required }.emit(start, &path.steps, &path.selectors)
}

/// What is the same in all parts of a path.
struct Search<'e> {
    /// What `$` is in filters.
    whole: &'e TokenStream,
    all_required: bool,
}

impl Search<'_> {
    fn emit(&self, start: &TokenStream, steps: &[Step], selectors: &[Selector]) -> TokenStream {
        let definite = selectors.iter().all(Selector::is_definite);
        let (text, steps_tokens) = (fragments(selectors), emit_steps(steps));
        let before: Vec<_> = steps.iter().cloned().map(Selector::from).collect();
        let rest = self.rest(before.last(), selectors);
        let value = if definite { quote!(rt::Found::only) } else { quote!(rt::Found::array) };
        let search = quote!(rt::search(#start, &[#steps_tokens], #text, #definite, &|at, found| #rest));
        if definite { quote!(#search.and_then(#value)) } else { quote!(#search.map(#value)) }
    }

    /// What is done in a place that `before` has led to.
    fn rest(&self, before: Option<&Selector>, selectors: &[Selector]) -> TokenStream {
        let Some((selector, after)) = selectors.split_first() else { return quote!(at.found(found)) };
        let text = fragments(selectors);
        match selector {
            Selector::Name(name) => {
                let required = required(before, selectors);
                let next = self.next(selector, after);
                quote!(at.name(#name, rt::Required::#required, found, #next))
            }
            Selector::Names(names) if after.is_empty() => {
                let all = self.all_required;
                quote!(at.names(&[#(#names),*], #all, found))
            }
            Selector::Names(names) => quote!(at.names_inside(&[#(#names),*], found)),
            Selector::Wildcard => {
                let next = self.next(selector, after);
                quote!(at.wildcard(found, #next))
            }
            Selector::Filter(filter) => {
                let (holds, next) = (self.condition(filter), self.next(selector, after));
                quote!(at.filter(#text, found, #holds, #next))
            }
            Selector::Descendants => self.descendants(after),
            Selector::Index(_) | Selector::FromEnd(_) | Selector::Indexes(_) | Selector::Slice { .. } => {
                let (pick, next) = (emit_pick(selector), self.next(selector, after));
                quote!(at.pick(#pick, #text, found, #next))
            }
        }
    }

    /// What is done in the place that `selector` leads to.
    fn next(&self, selector: &Selector, after: &[Selector]) -> TokenStream {
        let rest = self.rest(Some(selector), after);
        quote!(&|at, found| #rest)
    }

    /// What is done at every depth: the part after `..` says where.
    fn descendants(&self, selectors: &[Selector]) -> TokenStream {
        // Two in a row lead nowhere, and none is the last part of a path.
        let Some((target, after)) = selectors.split_first() else { return quote!(at.nowhere(found)) };
        let next = self.next(target, after);
        let (text, last) = (fragments(selectors), after.is_empty());
        match target {
            Selector::Name(name) => quote!(at.all_with_name(#name, found, #next)),
            Selector::Names(names) => {
                let rest = self.rest(Some(&Selector::Descendants), selectors);
                quote!(at.all_with_names(&[#(#names),*], found, &|at, found| #rest))
            }
            Selector::Wildcard => quote!(at.all(found, #next)),
            Selector::Filter(filter) => {
                let holds = self.condition(filter);
                quote!(at.all_that(#last, found, #holds, #next))
            }
            Selector::Descendants => quote!(at.nowhere(found)),
            Selector::Index(_) | Selector::FromEnd(_) | Selector::Indexes(_) | Selector::Slice { .. } => {
                let pick = emit_pick(target);
                let picked = if last { quote!(rt::Some((#pick, #text))) } else { quote!(rt::None) };
                quote!(at.all_arrays(#picked, found, #next))
            }
        }
    }

    fn condition(&self, filter: &Filter) -> TokenStream {
        let holds = emit_filter(filter, self.whole);
        quote!(&|item| #holds)
    }
}

/// Whether an object has to have a field: at the end of the path, and where the path leads to one place from the part before on.
fn required(before: Option<&Selector>, selectors: &[Selector]) -> TokenStream {
    if selectors.len() == 1 {
        return quote!(Last);
    }
    let leads_to_one =
        before.is_none_or(Selector::is_definite) && selectors.iter().all(Selector::is_definite);
    if leads_to_one { quote!(Inside) } else { quote!(No) }
}

fn emit_pick(selector: &Selector) -> TokenStream {
    let number = Literal::i64_unsuffixed;
    let bound = |bound: Option<i64>| {
        bound.map(number).map_or_else(|| quote!(rt::None), |bound| quote!(rt::Some(#bound)))
    };
    match selector {
        Selector::Index(index) => {
            let index = number(*index);
            quote!(rt::Pick::Index(#index))
        }
        Selector::FromEnd(offset) => {
            let offset = number(*offset);
            quote!(rt::Pick::FromEnd(#offset))
        }
        Selector::Indexes(indexes) => {
            let indexes = indexes.iter().copied().map(number);
            quote!(rt::Pick::Indexes(&[#(#indexes),*]))
        }
        Selector::Slice { start, end } => {
            let (start, end) = (bound(*start), bound(*end));
            quote!(rt::Pick::Slice(#start, #end))
        }
        Selector::Name(_)
        | Selector::Names(_)
        | Selector::Wildcard
        | Selector::Descendants
        | Selector::Filter(_) => quote!(rt::Pick::Indexes(&[])),
    }
}

/// Parts of a path as error texts show them.
fn fragments(selectors: &[Selector]) -> String {
    selectors.iter().map(fragment).collect()
}

fn fragment(selector: &Selector) -> String {
    let shown = |number: &Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    match selector {
        Selector::Name(name) => format!("['{name}']"),
        Selector::Names(names) => {
            let names: Vec<_> = names.iter().map(|name| format!("'{name}'")).collect();
            format!("[{}]", names.join(", "))
        }
        Selector::Index(index) => format!("[{index}]"),
        Selector::FromEnd(offset) => format!("[@.size(){offset}]"),
        Selector::Indexes(indexes) => {
            let indexes: Vec<_> = indexes.iter().map(i64::to_string).collect();
            format!("[{}]", indexes.join(","))
        }
        Selector::Slice { start, end } => format!("[{}:{}]", shown(start), shown(end)),
        Selector::Wildcard => String::from("[*]"),
        Selector::Descendants => String::from(".."),
        Selector::Filter(_) => String::from("[?]"),
    }
}
