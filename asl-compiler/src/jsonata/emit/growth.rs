//! `$reduce` whose total only grows: `$append($total, x)` and `$merge([$total, {..}])` at its end put what is new into the total in place,
//! where a copy in each turn would make a loop over n elements take n squared.

use super::Emitter;
use super::block::binds_variables;
use super::operator::is_bare;
use crate::jsonata::Expression;
use crate::jsonata::tree::{Condition, ExpressionKind, FunctionCall};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// The total of a `$reduce`: its name, and the variable that lends it.
#[derive(Clone, Copy)]
pub(super) struct Total<'e> {
    pub(super) name: &'e str,
    pub(super) ident: &'e Ident,
}

/// What a turn does to the total.
enum Turn<'e> {
    /// `$total`
    Stays,
    /// `$append($total, x)`
    Append(&'e Expression),
    /// `$merge([$total, {..}])`
    Merge(&'e Expression),
    /// One or the other.
    Either(&'e Condition),
}

impl Emitter {
    /// The body of a `$reduce` that lets its total grow, as statements; `None` if it does anything else with it.
    pub(super) fn growth(&mut self, body: &Expression, total: Total<'_>) -> Option<TokenStream> {
        let grows = !binds_variables(body) && self.grows(body, total);
        grows.then(|| self.one_level_down(|emitter| emitter.grown(body, total)))
    }

    /// Whether each end of a body lets the total grow or leaves it, and any lets it grow.
    fn grows(&self, body: &Expression, total: Total<'_>) -> bool {
        match self.turn(body, total) {
            Some(Turn::Either(condition)) => {
                let ends = [Some(&*condition.then), condition.otherwise.as_deref()];
                ends.iter().all(|end| end.is_some_and(|end| self.turn(end, total).is_some()))
                    && ends.into_iter().flatten().any(|end| self.grows(end, total))
            }
            turn => matches!(turn, Some(Turn::Append(_) | Turn::Merge(_))),
        }
    }

    fn turn<'e>(&self, body: &'e Expression, total: Total<'_>) -> Option<Turn<'e>> {
        match &body.kind {
            _ if !is_bare(body) => None,
            _ if is_total(body, total) => Some(Turn::Stays),
            ExpressionKind::Condition(condition) => Some(Turn::Either(condition)),
            ExpressionKind::Call(call) => self.growing_call(call, total),
            _ => None,
        }
    }

    fn growing_call<'e>(&self, call: &'e FunctionCall, total: Total<'_>) -> Option<Turn<'e>> {
        let (name, _) = self.builtin_of(&call.procedure)?;
        match (name.as_str(), call.arguments.as_slice()) {
            ("append", [first, added]) if is_total(first, total) => Some(Turn::Append(added)),
            ("merge", [objects]) => {
                let ExpressionKind::Array(array) = &objects.kind else { return None };
                match array.items.as_slice() {
                    [first, added] if is_bare(objects) && is_total(first, total) && is_object(added) => {
                        Some(Turn::Merge(added))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn grown(&mut self, body: &Expression, total: Total<'_>) -> TokenStream {
        let ident = total.ident;
        match self.turn(body, total) {
            Some(Turn::Append(added)) => {
                let added = self.expression(added).data_tokens();
                quote! {
                    let added = { let #ident = reduction.total(); #added };
                    reduction.append(evaluation, added)?;
                }
            }
            Some(Turn::Merge(added)) => {
                // Within the array that is merged.
                let added = self.one_level_down(|emitter| emitter.expression(added).data_tokens());
                quote! {
                    let added = { let #ident = reduction.total(); #added };
                    reduction.merge(evaluation, added)?;
                }
            }
            Some(Turn::Either(condition)) => {
                let holds = self.expression(&condition.condition).condition();
                let ends = [Some(&*condition.then), condition.otherwise.as_deref()].map(|end| {
                    end.map(|end| {
                        let reach = self.reach(end);
                        let grown = self.one_level_down(|emitter| emitter.grown(end, total));
                        quote!(#reach #grown)
                    })
                });
                let holds = quote!(let holds = { let #ident = reduction.total(); #holds };);
                let [then, otherwise] = ends.map(Option::unwrap_or_default);
                match (then.is_empty(), otherwise.is_empty()) {
                    (_, true) => quote!(#holds if holds { #then }),
                    (true, false) => quote!(#holds if !holds { #otherwise }),
                    (false, false) => quote!(#holds if holds { #then } else { #otherwise }),
                }
            }
            Some(Turn::Stays) | None => TokenStream::new(),
        }
    }
}

fn is_total(expression: &Expression, total: Total<'_>) -> bool {
    is_bare(expression) && matches!(&expression.kind, ExpressionKind::Variable(name) if name == total.name)
}

fn is_object(expression: &Expression) -> bool {
    is_bare(expression) && matches!(expression.kind, ExpressionKind::Object(_))
}
