//! Gives a parsed expression the form that it is compiled from.
//!
//! In: [syntax](super::syntax). Out: the [tree](super::tree): operators `.` become paths, filters and groupings go to the steps that
//! they are about, each `%` finds the step whose context it means, and calls in tail position are marked. Never looks up names.

mod ancestry;
mod part;
mod path;

use super::Fault;
use super::syntax::{Grouping, Infix, InfixKind, Leaf, Name, NodeKind, SyntaxNode};
use super::tree::{
    Array, Binary, Bind, Block, Condition, Expression, ExpressionKind, FunctionCall, Group, Lambda, Operator,
    Pair, Parameter, Partial, Transform,
};
use crate::source::Span;
use ancestry::Ancestry;
use part::PathPart;

/// Makes a tree of the syntax.
pub(super) fn build(node: SyntaxNode) -> Result<Expression, Fault> {
    let mut builder = Builder::default();
    let part = builder.build(node)?;
    builder.ancestry.check_resolved(&part)?;
    let mut expression = part.into_expression();
    builder.ancestry.label(&mut expression);
    Ok(expression)
}

#[derive(Default)]
struct Builder {
    ancestry: Ancestry,
}

impl Builder {
    fn build(&mut self, node: SyntaxNode) -> Result<Box<PathPart>, Fault> {
        let (span, keep_array) = (node.span, node.keep_array);
        let mut part = self.build_kind(node)?;
        part.expression.span = span;
        part.expression.keep_array |= keep_array;
        Ok(part)
    }

    /// A table with nothing else in it, because every level of nesting takes its stack.
    fn build_kind(&mut self, node: SyntaxNode) -> Result<Box<PathPart>, Fault> {
        match node.kind {
            NodeKind::Leaf(leaf) => self.leaf(node.span, leaf, node.keep_array),
            NodeKind::Negate(operand) => self.negate(*operand),
            NodeKind::Array(items) => self.array(items),
            NodeKind::Object(pairs) => self.object(pairs),
            NodeKind::Block(expressions) => self.block(expressions),
            NodeKind::Transform(parts, delete) => self.transform(*parts, delete),
            NodeKind::Lambda(parameters, signature, body) => self.lambda(parameters, signature, *body),
            NodeKind::Call(procedure, arguments) => self.call(*procedure, arguments),
            NodeKind::Partial(procedure, arguments) => self.partial(*procedure, arguments),
            NodeKind::Condition(parts, otherwise) => self.condition(*parts, otherwise),
            NodeKind::Infix(infix, sides) => self.infix(infix, *sides),
            NodeKind::Group(of, grouping) => self.group(*of, grouping),
            NodeKind::OrderBy(of, terms) => self.order_by(*of, terms),
            NodeKind::Bind(name, value) => self.bind(name, *value),
            NodeKind::Focus(of, name) => self.focus(*of, name, node.keep_array),
            NodeKind::Index(of, name) => self.index(*of, name),
        }
    }

    fn leaf(&mut self, span: Span, leaf: Leaf, keep_array: bool) -> Result<Box<PathPart>, Fault> {
        let kind = match leaf {
            Leaf::String(text) => ExpressionKind::String(text),
            Leaf::Number(number) => ExpressionKind::Number(number),
            Leaf::Boolean(value) => ExpressionKind::Boolean(value),
            Leaf::Null => ExpressionKind::Null,
            Leaf::Regex(regex) => ExpressionKind::Regex(regex),
            Leaf::Variable(name) => ExpressionKind::Variable(name),
            Leaf::Wildcard => ExpressionKind::Wildcard,
            Leaf::Descendants => ExpressionKind::Descendants,
            Leaf::Parent => ExpressionKind::Parent(self.ancestry.add(span)),
            Leaf::Name(name) => return Ok(path::of_name(span, name, keep_array)),
            Leaf::End => return Err(Fault::new("S0207", span, "Unexpected end of expression")),
        };
        Ok(PathPart::new(Expression::new(span, kind)))
    }

    /// Builds an operand of `whole`, which seeks the parents that the operand seeks.
    fn operand(&mut self, node: SyntaxNode, whole: &mut PathPart) -> Result<Expression, Fault> {
        let part = self.build(node)?;
        whole.seek(&part);
        Ok(part.into_expression())
    }

    fn operands(&mut self, nodes: Vec<SyntaxNode>, whole: &mut PathPart) -> Result<Vec<Expression>, Fault> {
        nodes.into_iter().map(|node| self.operand(node, whole)).collect()
    }

    /// Builds an operand that a `%` does not look out of.
    fn alone(&mut self, node: SyntaxNode) -> Result<Expression, Fault> {
        Ok(self.build(node)?.into_expression())
    }

    fn boxed(&mut self, node: SyntaxNode, whole: &mut PathPart) -> Result<Box<Expression>, Fault> {
        self.operand(node, whole).map(Box::new)
    }

    fn negate(&mut self, operand: SyntaxNode) -> Result<Box<PathPart>, Fault> {
        let mut part = self.build(operand)?;
        if let ExpressionKind::Number(number) = &mut part.expression.kind {
            *number = -*number;
            return Ok(part);
        }
        let mut whole = PathPart::unfinished();
        whole.seek(&part);
        whole.expression.kind = ExpressionKind::Negate(Box::new(part.into_expression()));
        Ok(whole)
    }

    fn array(&mut self, items: Vec<SyntaxNode>) -> Result<Box<PathPart>, Fault> {
        let mut whole = PathPart::unfinished();
        let items = self.operands(items, &mut whole)?;
        Ok(whole.with(ExpressionKind::Array(Array { items, constructed: false })))
    }

    fn object(&mut self, pairs: Vec<[SyntaxNode; 2]>) -> Result<Box<PathPart>, Fault> {
        let mut whole = PathPart::unfinished();
        let pairs = self.pairs(pairs, &mut whole)?;
        Ok(whole.with(ExpressionKind::Object(pairs)))
    }

    fn pairs(&mut self, pairs: Vec<[SyntaxNode; 2]>, whole: &mut PathPart) -> Result<Vec<Pair>, Fault> {
        let pair = |[key, value]: [SyntaxNode; 2]| {
            Ok(Pair { key: self.operand(key, whole)?, value: self.operand(value, whole)? })
        };
        pairs.into_iter().map(pair).collect()
    }

    fn block(&mut self, expressions: Vec<SyntaxNode>) -> Result<Box<PathPart>, Fault> {
        let mut whole = PathPart::unfinished();
        let expressions = self.operands(expressions, &mut whole)?;
        let constructed = expressions.iter().any(path::starts_constructed);
        Ok(whole.with(ExpressionKind::Block(Block { expressions, constructed })))
    }

    fn transform(
        &mut self,
        [pattern, update]: [SyntaxNode; 2],
        delete: Option<Box<SyntaxNode>>,
    ) -> Result<Box<PathPart>, Fault> {
        let transform = Transform {
            pattern: Box::new(self.alone(pattern)?),
            update: Box::new(self.alone(update)?),
            delete: delete.map(|delete| self.alone(*delete).map(Box::new)).transpose()?,
        };
        Ok(PathPart::unfinished().with(ExpressionKind::Transform(transform)))
    }

    fn lambda(
        &mut self,
        parameters: Vec<Parameter>,
        signature: Option<String>,
        body: SyntaxNode,
    ) -> Result<Box<PathPart>, Fault> {
        let mut body = Box::new(self.alone(body)?);
        mark_tail_calls(&mut body);
        Ok(PathPart::unfinished().with(ExpressionKind::Lambda(Lambda { parameters, signature, body })))
    }

    fn call(&mut self, procedure: SyntaxNode, arguments: Vec<SyntaxNode>) -> Result<Box<PathPart>, Fault> {
        let mut whole = PathPart::unfinished();
        let arguments = self.operands(arguments, &mut whole)?;
        let procedure = Box::new(self.alone(procedure)?);
        Ok(whole.with(ExpressionKind::Call(FunctionCall { procedure, arguments, tail: false })))
    }

    fn partial(
        &mut self,
        procedure: SyntaxNode,
        arguments: Vec<Option<SyntaxNode>>,
    ) -> Result<Box<PathPart>, Fault> {
        let mut whole = PathPart::unfinished();
        let argument =
            |argument: Option<SyntaxNode>| argument.map(|node| self.operand(node, &mut whole)).transpose();
        let arguments = arguments.into_iter().map(argument).collect::<Result<_, _>>()?;
        let procedure = Box::new(self.alone(procedure)?);
        Ok(whole.with(ExpressionKind::Partial(Partial { procedure, arguments })))
    }

    fn condition(
        &mut self,
        [condition, then]: [SyntaxNode; 2],
        otherwise: Option<Box<SyntaxNode>>,
    ) -> Result<Box<PathPart>, Fault> {
        let mut whole = PathPart::unfinished();
        let condition = Condition {
            condition: self.boxed(condition, &mut whole)?,
            then: self.boxed(then, &mut whole)?,
            otherwise: otherwise.map(|otherwise| self.boxed(*otherwise, &mut whole)).transpose()?,
        };
        Ok(whole.with(ExpressionKind::Condition(condition)))
    }

    fn bind(&mut self, name: Name, value: SyntaxNode) -> Result<Box<PathPart>, Fault> {
        let mut whole = PathPart::unfinished();
        let value = self.boxed(value, &mut whole)?;
        Ok(whole.with(ExpressionKind::Bind(Bind { name: name.name, name_span: name.span, value })))
    }

    fn infix(&mut self, infix: Infix, sides: [SyntaxNode; 2]) -> Result<Box<PathPart>, Fault> {
        match infix.kind {
            InfixKind::Map => self.map(sides),
            InfixKind::Filter => self.filter(infix.span, sides),
            InfixKind::Apply => self.apply(sides),
            InfixKind::Range => {
                let mut whole = PathPart::unfinished();
                let sides = self.sides(sides, &mut whole)?;
                Ok(whole.with(ExpressionKind::Range(sides)))
            }
            InfixKind::Operator(operator) => self.binary(operator, infix, sides),
        }
    }

    fn binary(
        &mut self,
        operator: Operator,
        infix: Infix,
        sides: [SyntaxNode; 2],
    ) -> Result<Box<PathPart>, Fault> {
        let mut whole = PathPart::unfinished();
        let sides = self.sides(sides, &mut whole)?;
        Ok(whole.with(ExpressionKind::Binary(Binary { operator, operator_span: infix.span, sides })))
    }

    fn sides(
        &mut self,
        [left, right]: [SyntaxNode; 2],
        whole: &mut PathPart,
    ) -> Result<Box<[Expression; 2]>, Fault> {
        Ok(Box::new([self.operand(left, whole)?, self.operand(right, whole)?]))
    }

    fn apply(&mut self, [left, right]: [SyntaxNode; 2]) -> Result<Box<PathPart>, Fault> {
        let sides = Box::new([self.alone(left)?, self.alone(right)?]);
        let keep_array = sides.iter().any(|side| side.keep_array);
        let mut whole = PathPart::unfinished().with(ExpressionKind::Apply(sides));
        whole.expression.keep_array = keep_array;
        Ok(whole)
    }

    fn group(&mut self, of: SyntaxNode, grouping: Grouping) -> Result<Box<PathPart>, Fault> {
        let mut part = self.build(of)?;
        if part.expression.group.is_some() {
            let message = "Each step can only have one grouping expression";
            return Err(Fault::new("S0210", grouping.span, message));
        }
        let pairs = self.pairs(grouping.pairs, &mut PathPart::unfinished())?;
        part.expression.group = Some(Group { span: grouping.span, pairs });
        Ok(part)
    }
}

/// The last call in the body of a function needs nothing of the function any more.
fn mark_tail_calls(expression: &mut Expression) {
    if !expression.predicates.is_empty() || expression.group.is_some() {
        return;
    }
    if let ExpressionKind::Call(call) = &mut expression.kind {
        call.tail = true;
    } else if let ExpressionKind::Condition(condition) = &mut expression.kind {
        mark_tail_calls(&mut condition.then);
        condition.otherwise.iter_mut().for_each(|otherwise| mark_tail_calls(otherwise));
    } else if let ExpressionKind::Block(block) = &mut expression.kind {
        block.expressions.last_mut().into_iter().for_each(mark_tail_calls);
    }
}
