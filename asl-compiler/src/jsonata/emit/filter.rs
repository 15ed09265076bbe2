//! Filters: `of[condition]`, `of[index]`.

use super::Emitter;
use super::block::binds_variables;
use super::code::{Choice, Code, Shape};
use super::float;
use super::operator::is_bare;
use crate::jsonata::Expression;
use crate::jsonata::tree::Kind;
use proc_macro2::TokenStream;
use quote::quote;

impl Emitter {
    /// What a filter lets through; not settled.
    pub(super) fn filter(&mut self, of: Code, predicate: &Expression) -> Code {
        if let Kind::Number(index) = predicate.kind
            && is_bare(predicate)
        {
            let (of, index) = (raw_view(of), float(index));
            return Code::raw(quote!(jsonata::at_index(#of, #index)));
        }
        let outer = self.scope.enter_context();
        self.scope.enter_loop();
        let condition = self.expression(predicate);
        self.scope.leave_loop();
        self.scope.leave_context(outer);
        match condition.shape {
            Shape::Boolean | Shape::Maybe => {
                self.filter_by_condition(of, condition, !binds_variables(predicate))
            }
            _ => self.filter_by_value(of, condition),
        }
    }

    /// Keeps what the condition holds for; nothing is copied yet.
    fn filter_by_condition(&mut self, of: Code, condition: Code, plain: bool) -> Code {
        let condition = condition.condition();
        let (setup, source) = self.borrowable(of);
        let holds = quote!(|context| rt::Ok(#condition));
        Code::selection(setup, Choice { function: "contexts_where", source, holds, plain })
    }

    /// Keeps what the value holds for, or whose index it is.
    fn filter_by_value(&mut self, of: Code, value: Code) -> Code {
        let value = value.view_tokens();
        let (setup, source) = self.borrowable(of);
        Code::raw(quote!({
            #setup
            let mut kept = jsonata::Filter::of(#source);
            for (index, context) in jsonata::indexed(#source) {
                evaluation.step()?;
                kept.test(#value, index, context);
            }
            kept.result()
        }))
    }

    /// A view that can be named several times and borrowed from, with what must be before it.
    pub(super) fn borrowable(&mut self, code: Code) -> (TokenStream, TokenStream) {
        if code.shape == Shape::View && code.tokens.clone().into_iter().count() == 1 {
            return (code.setup, code.tokens);
        }
        let origin = self.scope.fresh("origin");
        match code.shape {
            Shape::View => {
                let Code { setup, tokens, .. } = code;
                (quote!(#setup let #origin = #tokens;), quote!(#origin))
            }
            Shape::Operand => {
                let Code { setup, tokens, .. } = code;
                (quote!(#setup let #origin = #tokens;), quote!(#origin.view()))
            }
            _ => {
                let data = code.raw_data();
                (quote!(let #origin = #data;), quote!(#origin.view()))
            }
        }
    }
}

/// A view of what may not be settled.
fn raw_view(code: Code) -> TokenStream {
    match code.shape {
        Shape::Raw | Shape::Selection => {
            let data = code.raw_data();
            quote!(#data.view())
        }
        _ => code.view_tokens(),
    }
}
