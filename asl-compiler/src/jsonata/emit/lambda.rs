//! Functions as values.

use super::Emitter;
use super::code::Code;
use super::operator::is_bare;
use super::scope::Storage;
use crate::jsonata::Expression;
use crate::jsonata::tree::{ExpressionKind, FunctionCall, Lambda};
use asl_language::jsonata::signature;
use proc_macro2::TokenStream;
use quote::quote;

impl Emitter {
    /// `function($a) { .. }`
    pub(super) fn lambda(&mut self, lambda: &Lambda) -> Code {
        self.scope.enter_closure();
        let mark = self.scope.mark();
        let parameters = lambda.parameters.iter().enumerate().map(|(number, parameter)| {
            let ident = self.scope.declare(&parameter.name, Storage::View);
            quote!(let #ident = jsonata::argument(arguments, #number);)
        });
        let parameters: TokenStream = parameters.collect();
        let (reach, body) = self.within_function(|emitter| {
            (emitter.reach(&lambda.body), emitter.body_of(lambda, Tail::Return).raw_data())
        });
        self.scope.reset(mark);
        let captured = self.scope.leave_closure();
        let (before, inside, arity) = (captured.before, captured.inside, lambda.parameters.len());
        let signed = lambda.signature.as_ref().map(|signature| {
            let count = signature::count(signature);
            quote!(.signed({
                const PARAMETERS: &[jsonata::Parameter<'static>; #count] = &jsonata::parameters(#signature);
                PARAMETERS
            }))
        });
        Code::data(quote!({
            #before
            jsonata::Data::Function(jsonata::Function::lambda(#arity, move |evaluation, arguments| {
                #reach
                #inside
                #parameters
                rt::Ok(jsonata::Outcome::Data(#body))
            })#signed)
        }))
    }

    /// The body of a function whose parameters are declared.
    pub(super) fn body_of(&mut self, lambda: &Lambda, tail: Tail) -> Code {
        self.statements(std::slice::from_ref(&*lambda.body), &lambda.parameters, tail)
    }

    /// What a function comes to. A call there is left to the caller, or at least its result is left as it is.
    pub(super) fn tail(&mut self, expression: &Expression, tail: Tail) -> Code {
        if !is_bare(expression) {
            return self.expression(expression);
        }
        self.one_level_down(|emitter| emitter.tail_here(expression, tail))
    }

    fn tail_here(&mut self, expression: &Expression, tail: Tail) -> Code {
        match &expression.kind {
            ExpressionKind::Call(call) => match (tail, self.tail_call(call)) {
                (Tail::Return, Some(outcome)) => Code::raw(quote!({
                    return rt::Ok(#outcome);
                })),
                _ => self.call(call),
            },
            ExpressionKind::Condition(condition) => self.condition(condition, tail),
            ExpressionKind::Block(block) => self.statements(&block.expressions, &[], tail),
            _ => self.expression_here(expression),
        }
    }

    /// A call that the caller goes on with; a built-in function needs none.
    fn tail_call(&mut self, call: &FunctionCall) -> Option<TokenStream> {
        if self.builtin_of(&call.procedure).is_some()
            || matches!(call.procedure.kind, ExpressionKind::Path(_))
        {
            return None;
        }
        let function = self.expression(&call.procedure).data_tokens();
        let arguments = call.arguments.iter().map(|argument| self.expression(argument).data_tokens());
        let arguments: Vec<_> = arguments.collect();
        Some(quote!(jsonata::Outcome::tail_call(#function, [#(#arguments),*])))
    }
}

/// What is done with a call at the end of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tail {
    /// It is none.
    None,
    /// It is called, and its result is left as it is.
    Value,
    /// It is given back to the caller, so that it takes no stack.
    Return,
}
