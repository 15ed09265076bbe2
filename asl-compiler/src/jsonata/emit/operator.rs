//! Operators.

use super::Emitter;
use super::code::{Code, Shape};
use crate::jsonata::Expression;
use crate::jsonata::tree::{Binary, ExpressionKind, Operator};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

impl Emitter {
    /// `a + b`
    pub(super) fn binary(&mut self, binary: &Binary) -> Code {
        match binary.operator {
            Operator::Add => self.arithmetic("add", binary),
            Operator::Subtract => self.arithmetic("subtract", binary),
            Operator::Multiply => self.arithmetic("multiply", binary),
            Operator::Divide => self.arithmetic("divide", binary),
            Operator::Remainder => self.arithmetic("remainder", binary),
            Operator::Less => self.comparison("less", binary),
            Operator::LessOrEqual => self.comparison("less_or_equal", binary),
            Operator::Greater => self.comparison("greater", binary),
            Operator::GreaterOrEqual => self.comparison("greater_or_equal", binary),
            Operator::Equal => self.equality(binary),
            Operator::NotEqual => self.inequality(binary),
            Operator::Concatenate => self.concatenation(binary),
            Operator::And => self.junction(binary, &quote!(&&)),
            Operator::Or => self.junction(binary, &quote!(||)),
            Operator::In => self.inclusion(binary),
        }
    }

    fn sides(&mut self, binary: &Binary) -> [Code; 2] {
        let [left, right] = &*binary.sides;
        [self.expression(left), self.expression(right)]
    }

    fn arithmetic(&mut self, function: &str, binary: &Binary) -> Code {
        let sides = self.sides(binary);
        let steady = sides.iter().all(|side| side.steady);
        let [left, right] = sides.map(Code::side);
        let function = self.operator(function);
        let result = quote!(jsonata::#function(#left, #right));
        if steady && self.scope.in_loop() {
            let result = self.scope.before_loops(&result);
            return Code::number(quote!(jsonata::known(&#result)?)).steady();
        }
        let number = Code::number(quote!(#result?));
        if steady { number.steady() } else { number }
    }

    /// `add`, or `once::add` where it is evaluated once, and need not be compiled in the expression itself.
    fn operator(&self, name: &str) -> TokenStream {
        let name = format_ident!("{name}");
        if self.scope.is_repeated() { quote!(#name) } else { quote!(once::#name) }
    }

    fn comparison(&mut self, function: &str, binary: &Binary) -> Code {
        let [left, right] = self.sides(binary).map(Code::side);
        let function = self.operator(function);
        Code::maybe(quote!(jsonata::#function(#left, #right)?))
    }

    fn equality(&mut self, binary: &Binary) -> Code {
        let [left, right] = self.sides(binary);
        Code::boolean(match (left.shape, right.shape) {
            (_, Shape::Literal) => {
                let (left, right) = (left.side(), right.tokens);
                let function = self.operator("equal_text");
                quote!(jsonata::#function(#left, #right))
            }
            (_, Shape::Number) => {
                let (left, right) = (left.side(), right.tokens);
                let function = self.operator("equal_number");
                quote!(jsonata::#function(#left, #right))
            }
            _ => {
                let (left, right) = (left.view_tokens(), right.view_tokens());
                quote!(jsonata::equal(#left, #right))
            }
        })
    }

    fn inequality(&mut self, binary: &Binary) -> Code {
        let [left, right] = self.sides(binary).map(Code::view_tokens);
        Code::boolean(quote!(jsonata::not_equal(#left, #right)))
    }

    fn junction(&mut self, binary: &Binary, operator: &TokenStream) -> Code {
        let [left, right] = self.sides(binary).map(Code::condition);
        Code::boolean(quote!((#left #operator #right)))
    }

    fn inclusion(&mut self, binary: &Binary) -> Code {
        let [left, right] = self.sides(binary).map(Code::view_tokens);
        Code::boolean(quote!(jsonata::includes(#left, #right)))
    }

    /// `a & b & c` in one go.
    fn concatenation(&mut self, binary: &Binary) -> Code {
        let mut parts = Vec::new();
        self.concatenated(binary, &mut parts);
        Code::text(quote!(jsonata::concatenate(&[#(#parts),*])?))
    }

    fn concatenated(&mut self, binary: &Binary, parts: &mut Vec<TokenStream>) {
        let [left, right] = &*binary.sides;
        match &left.kind {
            ExpressionKind::Binary(inner) if inner.operator == Operator::Concatenate && is_bare(left) => {
                self.concatenated(inner, parts);
            }
            _ => parts.push(self.expression(left).view_tokens()),
        }
        parts.push(self.expression(right).view_tokens());
    }

    /// `-x`
    pub(super) fn negate(&mut self, operand: &Expression) -> Code {
        let operand = self.expression(operand).view_tokens();
        Code::number(quote!(jsonata::negate(#operand)?))
    }

    /// `a..b`
    pub(super) fn range(&mut self, sides: &[Expression; 2]) -> Code {
        let [left, right] = sides;
        let [left, right] = [self.expression(left), self.expression(right)].map(Code::view_tokens);
        Code::raw(quote!(jsonata::range(evaluation, #left, #right)?))
    }
}

/// Whether nothing follows an expression.
pub(super) fn is_bare(expression: &Expression) -> bool {
    expression.predicates.is_empty() && expression.group.is_none() && !expression.keep_array
}
