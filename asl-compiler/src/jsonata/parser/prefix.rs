//! Operands, and what starts with an operator: negations, constructors, blocks, transformations.

use super::{Parser, depth};
use crate::jsonata::Fault;
use crate::jsonata::lexer::{Token, Word, quoted};
use crate::jsonata::syntax::{Infix, InfixKind, Leaf, NodeKind, SyntaxNode};
use crate::source::Span;

/// How tightly a minus binds what it negates.
const NEGATION: u8 = 70;

impl Parser<'_> {
    /// Reads what a word starts.
    pub(super) fn prefix(&mut self, token: Token) -> Result<SyntaxNode, Fault> {
        let span = token.span;
        let kind = match token.word {
            Word::Name(name) => Leaf::Name(name),
            Word::Variable(name) => Leaf::Variable(name),
            Word::String(text) => Leaf::String(text),
            Word::Number(number) => Leaf::Number(number),
            Word::Boolean(value) => Leaf::Boolean(value),
            Word::Null => Leaf::Null,
            Word::Regex(regex) => Leaf::Regex(regex),
            Word::End => Leaf::End,
            Word::Operator(operator) => return self.prefix_operator(operator, span),
        };
        Ok(self.leaf(span, kind))
    }

    const fn leaf(&self, span: Span, leaf: Leaf) -> SyntaxNode {
        SyntaxNode { span, kind: NodeKind::Leaf(leaf), keep_array: false, depth: 1 }
    }

    fn prefix_operator(&mut self, operator: &'static str, span: Span) -> Result<SyntaxNode, Fault> {
        match operator {
            "and" | "or" | "in" => Ok(self.leaf(span, Leaf::Name(operator.to_owned()))),
            "*" => Ok(self.leaf(span, Leaf::Wildcard)),
            "**" => Ok(self.leaf(span, Leaf::Descendants)),
            "%" => Ok(self.leaf(span, Leaf::Parent)),
            "-" => self.negation(span.start),
            "(" => self.block(span.start),
            "[" => self.array(span.start),
            "{" => self.object(span.start),
            "|" => self.transform(span.start),
            _ => {
                let message = format!("The symbol {} cannot be used as a unary operator", quoted(operator));
                Err(Fault::new("S0211", span, message))
            }
        }
    }

    fn negation(&mut self, start: usize) -> Result<SyntaxNode, Fault> {
        let operand = self.expression(NEGATION)?;
        Ok(self.node(start, operand.depth, NodeKind::Negate(Box::new(operand))))
    }

    fn block(&mut self, start: usize) -> Result<SyntaxNode, Fault> {
        let mut expressions = Vec::new();
        while !self.is_next(")") {
            expressions.push(self.expression(0)?);
            if !self.take(";")? {
                break;
            }
        }
        self.expect(")", true)?;
        Ok(self.node(start, depth(&expressions), NodeKind::Block(expressions)))
    }

    fn array(&mut self, start: usize) -> Result<SyntaxNode, Fault> {
        let mut items = Vec::new();
        if !self.is_next("]") {
            loop {
                let item = self.expression(0)?;
                items.push(self.range_from(item)?);
                if !self.take(",")? {
                    break;
                }
            }
        }
        self.expect("]", true)?;
        Ok(self.node(start, depth(&items), NodeKind::Array(items)))
    }

    fn range_from(&mut self, first: SyntaxNode) -> Result<SyntaxNode, Fault> {
        let span = self.token.span;
        if !self.take("..")? {
            return Ok(first);
        }
        let last = self.expression(0)?;
        let (start, depth) = (first.span.start, first.depth.max(last.depth));
        let operator = Infix { span, kind: InfixKind::Range };
        Ok(self.node(start, depth, NodeKind::Infix(operator, Box::new([first, last]))))
    }

    fn object(&mut self, start: usize) -> Result<SyntaxNode, Fault> {
        let pairs = self.pairs()?;
        Ok(self.node(start, depth(pairs.iter().flatten()), NodeKind::Object(pairs)))
    }

    /// Reads pairs up to the closing brace.
    pub(super) fn pairs(&mut self) -> Result<Vec<[SyntaxNode; 2]>, Fault> {
        let mut pairs = Vec::new();
        if !self.is_next("}") {
            loop {
                let key = self.expression(0)?;
                self.expect(":", false)?;
                pairs.push([key, self.expression(0)?]);
                if !self.take(",")? {
                    break;
                }
            }
        }
        self.expect("}", true)?;
        Ok(pairs)
    }

    fn transform(&mut self, start: usize) -> Result<SyntaxNode, Fault> {
        let pattern = self.expression(0)?;
        self.expect("|", false)?;
        let update = self.expression(0)?;
        let delete = if self.take(",")? { Some(Box::new(self.expression(0)?)) } else { None };
        self.expect("|", false)?;
        let parts = Box::new([pattern, update]);
        let depth = depth(parts.iter().chain(delete.as_deref()));
        Ok(self.node(start, depth, NodeKind::Transform(parts, delete)))
    }
}
