//! Filters: `of[condition]`, `of[index]`.

use super::Emitter;
use super::block::binds_variables;
use super::code::{Choice, Code, Shape};
use super::float;
use super::operator::is_bare;
use crate::jsonata::Expression;
use crate::jsonata::tree::{ExpressionKind, Operator, Path, PathStep, StepKind};
use proc_macro2::TokenStream;
use quote::quote;

impl Emitter {
    /// What a filter lets through; not settled.
    pub(super) fn filter(&mut self, of: Code, predicate: &Expression) -> Code {
        if let ExpressionKind::Number(index) = predicate.kind
            && is_bare(predicate)
        {
            let (of, index) = (raw_view(of), float(index));
            return Code::raw(quote!(jsonata::at_index(#of, #index)));
        }
        if self.scope.is_repeated()
            && let Some((name, key)) = keyed(predicate)
        {
            return self.filter_by_key(of, name, key);
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

    /// Keeps what has a field equal to something that is the same for all.
    fn filter_by_key(&mut self, of: Code, name: &str, key: &Expression) -> Code {
        let key = self.expression(key).view_tokens();
        let (setup, source) = self.borrowable(of);
        Code::chosen(setup, quote!(jsonata::contexts_with(evaluation, #source, #name, #key)?))
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

/// `name = key`, either way round, where the key does not depend on what is filtered.
fn keyed(predicate: &Expression) -> Option<(&str, &Expression)> {
    let ExpressionKind::Binary(binary) = &predicate.kind else { return None };
    if binary.operator != Operator::Equal || !is_bare(predicate) {
        return None;
    }
    let [left, right] = &*binary.sides;
    let sides = [(left, right), (right, left)];
    sides
        .into_iter()
        .find_map(|(name, key)| Some((only_name(name)?, key)).filter(|(_, key)| is_of_variable(key)))
}

/// A field of the context.
fn only_name(expression: &Expression) -> Option<&str> {
    let ExpressionKind::Path(path) = &expression.kind else { return None };
    let [step] = path.steps.as_slice() else { return None };
    match plain_step(step)? {
        ExpressionKind::Name(name) if is_plain_path(expression, path) => Some(name),
        _ => None,
    }
}

/// A variable that is not the context, or fields of one.
fn is_of_variable(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Variable(name) => !name.is_empty() && is_bare(expression),
        ExpressionKind::Path(path) if is_plain_path(expression, path) => {
            let mut steps = path.steps.iter().map(plain_step);
            matches!(steps.next(), Some(Some(ExpressionKind::Variable(name))) if !name.is_empty())
                && steps.all(|step| matches!(step, Some(ExpressionKind::Name(_))))
        }
        _ => false,
    }
}

fn is_plain_path(expression: &Expression, path: &Path) -> bool {
    is_bare(expression) && !path.tuple && !path.keep_singleton_array
}

/// A step that nothing follows.
fn plain_step(step: &PathStep) -> Option<&ExpressionKind> {
    let is_plain =
        step.stages.is_empty() && step.focus.is_none() && step.index.is_none() && step.ancestor.is_none();
    match &step.kind {
        StepKind::Expression(expression) if is_plain && is_bare(expression) => Some(&expression.kind),
        StepKind::Expression(_) | StepKind::Sort(_) => None,
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
