//! What follows an operand: operators, filters, calls, groupings, bindings.

use super::{Parser, depth};
use crate::jsonata::Fault;
use crate::jsonata::lexer::{Token, Word, quoted};
use crate::jsonata::syntax::{Grouping, Infix, InfixKind, Leaf, Name, NodeKind, SyntaxNode, Term};
use crate::jsonata::tree::{Operator, Parameter};
use crate::source::Span;
use asl_language::jsonata::signature;

/// How tightly an operator binds its left side; 0 for words that end an expression.
fn power(operator: &str) -> u8 {
    match operator {
        "[" | "(" | "@" | "#" => 80,
        "." => 75,
        "{" => 70,
        "*" | "/" | "%" => 60,
        "+" | "-" | "&" => 50,
        "=" | "!=" | "<" | "<=" | ">" | ">=" | "^" | "~>" | "in" => 40,
        "and" => 30,
        "or" => 25,
        "?" => 20,
        ":=" => 10,
        _ => 0,
    }
}

impl Parser<'_> {
    pub(super) fn binding_power(&self) -> u8 {
        if let Word::Operator(operator) = self.token.word { power(operator) } else { 0 }
    }

    /// Reads what follows an operand and an operator.
    pub(super) fn infix(&mut self, left: SyntaxNode, token: &Token) -> Result<SyntaxNode, Fault> {
        let Word::Operator(operator) = token.word else { return Ok(left) };
        match operator {
            "[" => self.filter(left, token.span),
            "(" => self.call(left),
            "{" => self.group(left, token.span),
            "^" => self.order_by(left),
            ":=" => self.bind(left),
            "@" | "#" => self.position(left, operator, token.span),
            "?" => self.condition(left),
            "." => self.operation(left, InfixKind::Map, token.span, power(operator)),
            "~>" => self.operation(left, InfixKind::Apply, token.span, power(operator)),
            _ => match Operator::of(operator) {
                Some(known) => self.operation(left, InfixKind::Operator(known), token.span, power(operator)),
                None => Ok(left),
            },
        }
    }

    fn operation(
        &mut self,
        left: SyntaxNode,
        kind: InfixKind,
        span: Span,
        power: u8,
    ) -> Result<SyntaxNode, Fault> {
        let right = self.expression(power)?;
        Ok(self.infix_node(Infix { span, kind }, left, right))
    }

    fn infix_node(&self, operator: Infix, left: SyntaxNode, right: SyntaxNode) -> SyntaxNode {
        let (start, depth) = (left.span.start, left.depth.max(right.depth));
        self.node(start, depth, NodeKind::Infix(operator, Box::new([left, right])))
    }

    /// An empty one says that a single result stays an array.
    fn filter(&mut self, mut left: SyntaxNode, span: Span) -> Result<SyntaxNode, Fault> {
        if self.is_next("]") {
            self.advance(false)?;
            mark_keep_array(&mut left);
            return Ok(left);
        }
        let right = self.expression(0)?;
        self.expect("]", true)?;
        let span = Span::new(span.start, self.end);
        Ok(self.infix_node(Infix { span, kind: InfixKind::Filter }, left, right))
    }

    fn group(&mut self, left: SyntaxNode, opening: Span) -> Result<SyntaxNode, Fault> {
        let pairs = self.pairs()?;
        let depth = left.depth.max(depth(pairs.iter().flatten()));
        let grouping = Grouping { span: Span::new(opening.start, self.end), pairs };
        Ok(self.node(left.span.start, depth, NodeKind::Group(Box::new(left), grouping)))
    }

    fn order_by(&mut self, left: SyntaxNode) -> Result<SyntaxNode, Fault> {
        self.expect("(", false)?;
        let mut terms = Vec::new();
        loop {
            let descending = !self.take("<")? && self.take(">")?;
            terms.push(Term { descending, expression: self.expression(0)? });
            if !self.take(",")? {
                break;
            }
        }
        self.expect(")", false)?;
        let depth = left.depth.max(depth(terms.iter().map(|term| &term.expression)));
        Ok(self.node(left.span.start, depth, NodeKind::OrderBy(Box::new(left), terms)))
    }

    fn bind(&mut self, left: SyntaxNode) -> Result<SyntaxNode, Fault> {
        let NodeKind::Leaf(Leaf::Variable(name)) = left.kind else {
            let message = "The left side of := must be a variable name (start with $)";
            return Err(Fault::new("S0212", left.span, message));
        };
        // The binding is right associative.
        let value = self.expression(power(":=") - 1)?;
        let name = Name { name, span: left.span };
        Ok(self.node(left.span.start, value.depth, NodeKind::Bind(name, Box::new(value))))
    }

    /// `@$name` or `#$name`.
    fn position(&mut self, left: SyntaxNode, operator: &str, span: Span) -> Result<SyntaxNode, Fault> {
        let right = self.expression(power(operator))?;
        let NodeKind::Leaf(Leaf::Variable(name)) = right.kind else {
            let message =
                format!("The right side of {} must be a variable name (start with $)", quoted(operator));
            return Err(Fault::new("S0214", right.span, message));
        };
        let name = Name { name, span };
        let (start, depth) = (left.span.start, left.depth);
        let kind = if operator == "@" { NodeKind::Focus } else { NodeKind::Index };
        Ok(self.node(start, depth, kind(Box::new(left), name)))
    }

    fn condition(&mut self, condition: SyntaxNode) -> Result<SyntaxNode, Fault> {
        let then = self.expression(0)?;
        let otherwise = if self.take(":")? { Some(Box::new(self.expression(0)?)) } else { None };
        let start = condition.span.start;
        let parts = Box::new([condition, then]);
        let depth = depth(parts.iter().chain(otherwise.as_deref()));
        Ok(self.node(start, depth, NodeKind::Condition(parts, otherwise)))
    }

    /// A call, a partial application, or a function definition.
    fn call(&mut self, procedure: SyntaxNode) -> Result<SyntaxNode, Fault> {
        let arguments = self.arguments()?;
        if matches!(&procedure.kind, NodeKind::Leaf(Leaf::Name(name)) if name == "function" || name == "\u{3bb}")
        {
            return self.lambda(procedure.span.start, arguments);
        }
        let start = procedure.span.start;
        let depth = procedure.depth.max(depth(arguments.iter().flatten()));
        let procedure = Box::new(procedure);
        let kind = if arguments.iter().all(Option::is_some) {
            NodeKind::Call(procedure, arguments.into_iter().flatten().collect())
        } else {
            NodeKind::Partial(procedure, arguments)
        };
        Ok(self.node(start, depth, kind))
    }

    /// Reads arguments up to the closing parenthesis; nothing for a `?`.
    fn arguments(&mut self) -> Result<Vec<Option<SyntaxNode>>, Fault> {
        let mut arguments = Vec::new();
        if !self.is_next(")") {
            loop {
                let left_out = self.take("?")?;
                arguments.push(if left_out { None } else { Some(self.expression(0)?) });
                if !self.take(",")? {
                    break;
                }
            }
        }
        self.expect(")", true)?;
        Ok(arguments)
    }

    fn lambda(&mut self, start: usize, arguments: Vec<Option<SyntaxNode>>) -> Result<SyntaxNode, Fault> {
        let mut parameters = Vec::new();
        for (index, argument) in arguments.into_iter().enumerate() {
            parameters.push(parameter(argument, index, Span::new(start, self.end))?);
        }
        let signature = if self.is_next("<") { Some(self.signature()?) } else { None };
        self.expect("{", false)?;
        let body = self.expression(0)?;
        self.expect("}", false)?;
        let depth = body.depth;
        Ok(self.node(start, depth, NodeKind::Lambda(parameters, signature, Box::new(body))))
    }

    /// A signature is read word by word, as all of an expression, and then letter by letter.
    fn signature(&mut self) -> Result<String, Fault> {
        let start = self.token.span.start;
        let (mut depth, mut text) = (1, String::from("<"));
        while depth > 0 && !self.is_next("{") && self.token.word != Word::End {
            self.advance(false)?;
            depth += i32::from(self.is_next("<")) - i32::from(self.is_next(">"));
            text.push_str(&self.token.word.spelled());
        }
        self.expect(">", false)?;
        match signature::parse(&text) {
            Ok(_) => Ok(text),
            Err(fault) => Err(Fault::new(fault.code(), Span::new(start, self.end), fault.message())),
        }
    }
}

/// The mark belongs to what the filters before it are about.
fn mark_keep_array(node: &mut SyntaxNode) {
    if let NodeKind::Infix(Infix { kind: InfixKind::Filter, .. }, operands) = &mut node.kind {
        let [left, _] = operands.as_mut();
        mark_keep_array(left);
    } else {
        node.keep_array = true;
    }
}

fn parameter(argument: Option<SyntaxNode>, index: usize, place: Span) -> Result<Parameter, Fault> {
    match argument {
        Some(SyntaxNode { kind: NodeKind::Leaf(Leaf::Variable(name)), span, .. }) => {
            Ok(Parameter { name, span })
        }
        other => {
            let number = index + 1;
            let message =
                format!("Parameter {number} of function definition must be a variable name (start with $)");
            Err(Fault::new("S0208", other.map_or(place, |node| node.span), message))
        }
    }
}
