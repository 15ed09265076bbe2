//! Calls.

use super::Emitter;
use super::code::{Code, Shape};
use super::operator::is_bare;
use crate::jsonata::Expression;
use crate::jsonata::functions;
use crate::jsonata::tree::{ExpressionKind, FunctionCall, Partial, StepKind};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

impl Emitter {
    /// `f(a)`; not settled.
    pub(super) fn call(&mut self, call: &FunctionCall) -> Code {
        if let Some((name, builtin)) = self.builtin_of(&call.procedure) {
            return self
                .direct(&name, &call.arguments)
                .unwrap_or_else(|| self.builtin_call(&name, &builtin, &call.arguments));
        }
        let procedure = self.procedure(&call.procedure, false);
        let arguments = self.arguments(&call.arguments);
        let context = self.scope.context();
        let levels = self.depth;
        Code::raw(quote!(jsonata::call(evaluation, #levels, #procedure, #context, &[#arguments])?))
    }

    /// The name and the static of a built-in function, if an expression is surely one.
    pub(super) fn builtin_of(&self, procedure: &Expression) -> Option<(String, Ident)> {
        match &procedure.kind {
            ExpressionKind::Variable(name) if is_bare(procedure) && !self.scope.is_declared(name) => {
                Some((name.clone(), self.builtin(name)?))
            }
            _ => None,
        }
    }

    fn arguments(&mut self, arguments: &[Expression]) -> TokenStream {
        let arguments = arguments.iter().map(|argument| self.expression(argument).data_tokens());
        quote!(#(#arguments),*)
    }

    /// What is called. A name without a `$` that is a variable's is an error of its own.
    fn procedure(&mut self, procedure: &Expression, partially: bool) -> TokenStream {
        let code = self.expression(procedure).view_tokens();
        let Some(name) = path_name(procedure) else { return code };
        let known = if self.scope.is_declared(name) || self.builtin(name).is_some() {
            quote!(true)
        } else {
            let variable = self.variable(name).view_tokens();
            quote!(!#variable.is_nothing())
        };
        quote!(jsonata::procedure(#code, #known, #partially, #name)?)
    }

    fn builtin_call(&mut self, name: &str, builtin: &Ident, arguments: &[Expression]) -> Code {
        let takes =
            functions::find(name, self.dialect).and_then(|function| function.parameters_in(self.dialect));
        let context = match takes {
            Some(ref takes)
                if takes.iter().any(|parameter| parameter.context) && arguments.len() < takes.len() =>
            {
                self.scope.context()
            }
            Some(_) | None => quote!(jsonata::View::Nothing),
        };
        let arguments = self.arguments(arguments);
        let levels = self.depth;
        Code::raw(match takes.is_some_and(|takes| takes.iter().any(|parameter| parameter.types.has(b'f'))) {
            true => quote!(
                jsonata::call_higher_order(evaluation, #levels, &jsonata::functions::#builtin, #context, &[#arguments])?
            ),
            false => quote!(
                jsonata::call_builtin(evaluation, &jsonata::functions::#builtin, #context, &[#arguments])?
            ),
        })
    }

    /// The functions that have a direct form.
    fn direct(&mut self, name: &str, arguments: &[Expression]) -> Option<Code> {
        match (name, arguments) {
            ("sum", [numbers]) => Some(self.sum(numbers)),
            ("max" | "min" | "average", [numbers]) => {
                let (function, numbers) = (format_ident!("{name}"), self.expression(numbers).view_tokens());
                Some(Code::number(quote!(jsonata::#function(#numbers)?)))
            }
            ("count", [array]) => Some(self.count(array)),
            ("exists", [value]) => {
                let value = self.expression(value).view_tokens();
                Some(Code::boolean(quote!((!#value.is_nothing()))))
            }
            ("boolean", [value]) => {
                let value = self.expression(value);
                Some(match value.shape {
                    Shape::Boolean => value,
                    _ => {
                        let value = value.view_tokens();
                        Code::maybe(quote!(#value.truth()))
                    }
                })
            }
            ("not", [value]) => Some(self.not(value)),
            ("string", [value]) => {
                let value = self.expression(value).view_tokens();
                Some(Code::data(quote!(jsonata::string(#value)?)))
            }
            ("map", [array, function]) => self.map(array, function),
            ("filter", [array, function]) => self.select(array, function),
            ("sort", [array, function]) => self.sort_by(array, function),
            ("reduce", [array, function]) => self.reduce(array, function, None),
            ("reduce", [array, function, start]) => self.reduce(array, function, Some(start)),
            _ => None,
        }
    }

    fn not(&mut self, value: &Expression) -> Code {
        let value = self.expression(value);
        match value.shape {
            Shape::Boolean => {
                let tokens = value.tokens;
                Code::boolean(quote!((!#tokens)))
            }
            _ => {
                let value = value.view_tokens();
                Code::maybe(quote!(jsonata::not(#value)))
            }
        }
    }

    /// `f(a, ?)`
    pub(super) fn partial(&mut self, partial: &Partial) -> Code {
        let procedure = self.procedure(&partial.procedure, true);
        let arguments = partial.arguments.iter().map(|argument| match argument {
            Some(argument) => {
                let argument = self.expression(argument).data_tokens();
                quote!(rt::Some(#argument))
            }
            None => quote!(rt::None),
        });
        let arguments: Vec<_> = arguments.collect();
        Code::data(quote!(jsonata::partial(#procedure, [#(#arguments),*])?))
    }

    /// `a ~> f`
    pub(super) fn apply(&mut self, sides: &[Expression; 2]) -> Code {
        let [left, right] = sides;
        if let ExpressionKind::Call(call) = &right.kind {
            let arguments = std::iter::once(left).chain(&call.arguments).cloned().collect();
            return self.call(&FunctionCall { arguments, ..call.clone() });
        }
        let left = self.expression(left).data_tokens();
        let right = self.expression(right).view_tokens();
        let levels = self.depth;
        Code::raw(quote!(jsonata::apply(evaluation, #levels, #left, #right)?))
    }
}

/// The name that a path starts with.
fn path_name(procedure: &Expression) -> Option<&str> {
    let ExpressionKind::Path(path) = &procedure.kind else { return None };
    match &path.steps.first()?.kind {
        StepKind::Expression(Expression { kind: ExpressionKind::Name(name), .. }) => Some(name),
        StepKind::Expression(_) | StepKind::Sort(_) => None,
    }
}
