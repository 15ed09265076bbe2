//! Blocks, bindings of variables, conditions.

use super::Emitter;
use super::code::{Code, Shape};
use super::lambda::Tail;
use super::scope::Storage;
use crate::jsonata::Expression;
use crate::jsonata::tree::{Bind, Block, Condition, ExpressionKind, Parameter};
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::BTreeMap;

/// How a variable that a scope binds is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// Bound by statements of the scope, one after the other: `let`.
    Straight,
    /// Bound somewhere within a statement: `let mut`.
    Mutable,
    /// Functions see it before its last binding.
    Shared,
}

impl Emitter {
    /// `(a; b)`
    pub(super) fn block(&mut self, block: &Block) -> Code {
        self.statements(&block.expressions, &[], Tail::None)
    }

    /// The statements of a scope and its value. `parameters` are declared already; `tail` is for the last one.
    pub(super) fn statements(
        &mut self,
        statements: &[Expression],
        parameters: &[Parameter],
        tail: Tail,
    ) -> Code {
        let Some((last, before)) = statements.split_last() else { return Code::nothing() };
        let mark = self.scope.mark();
        let classes = classes(statements);
        if classes.is_empty() && before.is_empty() {
            return self.last(last, tail);
        }
        let mut code = self.declarations(&classes, parameters);
        let value = self.body(before, last, &classes, &mut code, tail).independent();
        self.scope.reset(mark);
        let (tokens, shape) = (value.tokens, value.shape);
        Code::new(shape, quote!({ #code #tokens }))
    }

    /// What has to be declared at the start of a scope.
    fn declarations(&mut self, classes: &BTreeMap<&str, Class>, parameters: &[Parameter]) -> TokenStream {
        let mut code = TokenStream::new();
        for (name, class) in classes {
            let parameter = parameters.iter().any(|parameter| parameter.name == *name);
            if *class == Class::Straight && !parameter {
                continue;
            }
            let outer = self.variable(name).data_tokens();
            code.extend(if *class == Class::Shared {
                let ident = self.scope.declare(name, Storage::Shared);
                quote!(let #ident = evaluation.shared(#outer);)
            } else {
                let ident = self.scope.declare(name, Storage::Data);
                quote!(let mut #ident = #outer;)
            });
        }
        code
    }

    fn body(
        &mut self,
        before: &[Expression],
        last: &Expression,
        classes: &BTreeMap<&str, Class>,
        code: &mut TokenStream,
        tail: Tail,
    ) -> Code {
        for statement in before {
            if let Some(bind) = straight(statement, classes) {
                code.extend(self.straight_bind(bind));
            } else {
                let value = self.expression(statement).independent().tokens;
                code.extend(quote!(let _ = #value;));
            }
        }
        match straight(last, classes) {
            Some(bind) => {
                code.extend(self.straight_bind(bind));
                self.variable(&bind.name)
            }
            None => self.last(last, tail),
        }
    }

    fn last(&mut self, last: &Expression, tail: Tail) -> Code {
        match tail {
            Tail::None => self.expression(last),
            Tail::Value | Tail::Return => self.tail(last, tail),
        }
    }

    /// `let name = value;`
    fn straight_bind(&mut self, bind: &Bind) -> TokenStream {
        let value = self.expression(&bind.value);
        let (storage, value) = match value.shape {
            Shape::Number => (Storage::Number, value.tokens),
            Shape::Boolean => (Storage::Boolean, value.tokens),
            _ => (Storage::Data, value.data_tokens()),
        };
        let ident = self.scope.declare(&bind.name, storage);
        quote!(let #ident = #value;)
    }

    /// `$name := value` within an expression; the scope has declared the variable.
    pub(super) fn bind(&mut self, bind: &Bind) -> Code {
        let value = self.expression(&bind.value).data_tokens();
        match self.scope.find(&bind.name) {
            Some(variable) if variable.storage == Storage::Shared => {
                let ident = variable.ident;
                Code::data(quote!({
                    let value = evaluation.bounded(#value)?;
                    #ident.set(rt::Clone::clone(&value));
                    value
                }))
            }
            Some(variable) if variable.storage == Storage::Data => {
                let ident = variable.ident;
                Code::data(quote!({
                    #ident = evaluation.bounded(#value)?;
                    rt::Clone::clone(&#ident)
                }))
            }
            Some(_) | None => Code::data(value),
        }
    }

    /// `a ? b : c`
    pub(super) fn condition(&mut self, condition: &Condition, tail: Tail) -> Code {
        let holds = self.expression(&condition.condition).condition();
        let then_reach = self.reach(&condition.then);
        let reach = condition.otherwise.as_ref().map(|otherwise| self.reach(otherwise));
        let then = self.last(&condition.then, tail);
        let otherwise = match &condition.otherwise {
            Some(otherwise) => self.last(otherwise, tail),
            None if then.shape == Shape::Number => Code::number(quote!(rt::None)),
            None => Code::nothing(),
        };
        if then.shape == otherwise.shape && then.is_independent() {
            let (then, otherwise, shape) = (then.tokens, otherwise.tokens, then.shape);
            let tokens = quote!(if #holds { #then_reach #then } else { #reach #otherwise });
            return Code::new(shape, tokens);
        }
        if tail == Tail::None {
            let (then, otherwise) = (then.data_tokens(), otherwise.data_tokens());
            return Code::data(quote!(if #holds { #then_reach #then } else { #reach #otherwise }));
        }
        let (then, otherwise) = (then.raw_data(), otherwise.raw_data());
        Code::raw(quote!(if #holds { #then_reach #then } else { #reach #otherwise }))
    }
}

/// The binding that a statement is, if it becomes a `let`.
fn straight<'e>(statement: &'e Expression, classes: &BTreeMap<&str, Class>) -> Option<&'e Bind> {
    let ExpressionKind::Bind(bind) = &statement.kind else { return None };
    (classes.get(bind.name.as_str()) == Some(&Class::Straight)).then_some(bind)
}

/// The variables that a scope binds.
fn classes(statements: &[Expression]) -> BTreeMap<&str, Class> {
    let mut binds = Vec::new();
    for (place, statement) in statements.iter().enumerate() {
        find_binds(statement, place, true, &mut binds);
    }
    let mut classes = BTreeMap::new();
    for (name, _, _) in &binds {
        let of_name = || binds.iter().filter(|(other, _, _)| other == name);
        let straight = of_name().all(|(_, _, direct)| *direct);
        let last = if straight { of_name().map(|(_, place, _)| *place).max() } else { None };
        let seen = last.map_or(statements, |last| statements.get(..=last).unwrap_or_default());
        let class = match seen.iter().any(|statement| closure_mentions(statement, name)) {
            true => Class::Shared,
            false if straight => Class::Straight,
            false => Class::Mutable,
        };
        classes.insert(*name, class);
    }
    classes
}

fn find_binds<'e>(
    expression: &'e Expression,
    place: usize,
    statement: bool,
    binds: &mut Vec<(&'e str, usize, bool)>,
) {
    match &expression.kind {
        // Nothing can follow a binding: it has what follows in its value.
        ExpressionKind::Bind(bind) => binds.push((&bind.name, place, statement)),
        ExpressionKind::Block(_) | ExpressionKind::Lambda(_) => {
            // A scope of its own; but what follows it belongs here.
            for after in expression.predicates.iter() {
                find_binds(after, place, false, binds);
            }
            return;
        }
        _ => {}
    }
    for child in expression.children() {
        find_binds(child, place, false, binds);
    }
}

/// Whether an expression binds a variable of the scope that it is in.
pub(super) fn binds_variables(expression: &Expression) -> bool {
    let mut binds = Vec::new();
    find_binds(expression, 0, false, &mut binds);
    !binds.is_empty()
}

/// Whether a function within an expression names a variable.
fn closure_mentions(expression: &Expression, name: &str) -> bool {
    match &expression.kind {
        ExpressionKind::Lambda(_) | ExpressionKind::Transform(_) => mentions(expression, name),
        _ => expression.children().into_iter().any(|child| closure_mentions(child, name)),
    }
}

fn mentions(expression: &Expression, name: &str) -> bool {
    matches!(&expression.kind, ExpressionKind::Variable(variable) if variable == name)
        || matches!(&expression.kind, ExpressionKind::Bind(bind) if bind.name == name)
        || expression.children().into_iter().any(|child| mentions(child, name))
}
