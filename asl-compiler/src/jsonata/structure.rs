//! Gives a parsed expression the form that it is compiled from.
//!
//! In: [syntax](super::syntax). Out: the [tree](super::tree): operators `.` become paths, filters and groupings go to the steps that
//! they are about, each `%` finds the step whose context it means, and calls in tail position are marked. Never looks up names.

mod ancestry;
mod part;
mod path;

use super::Fault;
use super::syntax::{Grouping, Infix, InfixKind, Leaf, Name, Node, NodeKind};
use super::tree::{
    Array, Binary, Bind, Block, Call, Condition, Expression, Group, Kind, Lambda, Operator, Pair, Parameter,
    Partial, Transform,
};
use crate::source::Span;
use ancestry::Ancestry;
use part::Part;

/// Makes a tree of the syntax.
pub(super) fn build(node: Node) -> Result<Expression, Fault> {
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
    fn build(&mut self, node: Node) -> Result<Box<Part>, Fault> {
        let (span, keep_array) = (node.span, node.keep_array);
        let mut part = self.build_kind(node)?;
        part.expression.span = span;
        part.expression.keep_array |= keep_array;
        Ok(part)
    }

    /// A table with nothing else in it, because every level of nesting takes its stack.
    fn build_kind(&mut self, node: Node) -> Result<Box<Part>, Fault> {
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

    fn leaf(&mut self, span: Span, leaf: Leaf, keep_array: bool) -> Result<Box<Part>, Fault> {
        let kind = match leaf {
            Leaf::String(text) => Kind::String(text),
            Leaf::Number(number) => Kind::Number(number),
            Leaf::Boolean(value) => Kind::Boolean(value),
            Leaf::Null => Kind::Null,
            Leaf::Regex(regex) => Kind::Regex(regex),
            Leaf::Variable(name) => Kind::Variable(name),
            Leaf::Wildcard => Kind::Wildcard,
            Leaf::Descendants => Kind::Descendants,
            Leaf::Parent => Kind::Parent(self.ancestry.add(span)),
            Leaf::Name(name) => return Ok(path::of_name(span, name, keep_array)),
            Leaf::End => return Err(Fault::new("S0207", span, "Unexpected end of expression")),
        };
        Ok(Part::new(Expression::new(span, kind)))
    }

    /// Builds an operand of `whole`, which seeks the parents that the operand seeks.
    fn operand(&mut self, node: Node, whole: &mut Part) -> Result<Expression, Fault> {
        let part = self.build(node)?;
        whole.seek(&part);
        Ok(part.into_expression())
    }

    fn operands(&mut self, nodes: Vec<Node>, whole: &mut Part) -> Result<Vec<Expression>, Fault> {
        nodes.into_iter().map(|node| self.operand(node, whole)).collect()
    }

    /// Builds an operand that a `%` does not look out of.
    fn alone(&mut self, node: Node) -> Result<Expression, Fault> {
        Ok(self.build(node)?.into_expression())
    }

    fn boxed(&mut self, node: Node, whole: &mut Part) -> Result<Box<Expression>, Fault> {
        self.operand(node, whole).map(Box::new)
    }

    fn negate(&mut self, operand: Node) -> Result<Box<Part>, Fault> {
        let mut part = self.build(operand)?;
        if let Kind::Number(number) = &mut part.expression.kind {
            *number = -*number;
            return Ok(part);
        }
        let mut whole = Part::unfinished();
        whole.seek(&part);
        whole.expression.kind = Kind::Negate(Box::new(part.into_expression()));
        Ok(whole)
    }

    fn array(&mut self, items: Vec<Node>) -> Result<Box<Part>, Fault> {
        let mut whole = Part::unfinished();
        let items = self.operands(items, &mut whole)?;
        Ok(whole.with(Kind::Array(Array { items, constructed: false })))
    }

    fn object(&mut self, pairs: Vec<[Node; 2]>) -> Result<Box<Part>, Fault> {
        let mut whole = Part::unfinished();
        let pairs = self.pairs(pairs, &mut whole)?;
        Ok(whole.with(Kind::Object(pairs)))
    }

    fn pairs(&mut self, pairs: Vec<[Node; 2]>, whole: &mut Part) -> Result<Vec<Pair>, Fault> {
        let pair = |[key, value]: [Node; 2]| {
            Ok(Pair { key: self.operand(key, whole)?, value: self.operand(value, whole)? })
        };
        pairs.into_iter().map(pair).collect()
    }

    fn block(&mut self, expressions: Vec<Node>) -> Result<Box<Part>, Fault> {
        let mut whole = Part::unfinished();
        let expressions = self.operands(expressions, &mut whole)?;
        let constructed = expressions.iter().any(path::starts_constructed);
        Ok(whole.with(Kind::Block(Block { expressions, constructed })))
    }

    fn transform(
        &mut self,
        [pattern, update]: [Node; 2],
        delete: Option<Box<Node>>,
    ) -> Result<Box<Part>, Fault> {
        let transform = Transform {
            pattern: Box::new(self.alone(pattern)?),
            update: Box::new(self.alone(update)?),
            delete: delete.map(|delete| self.alone(*delete).map(Box::new)).transpose()?,
        };
        Ok(Part::unfinished().with(Kind::Transform(transform)))
    }

    fn lambda(
        &mut self,
        parameters: Vec<Parameter>,
        signature: Option<String>,
        body: Node,
    ) -> Result<Box<Part>, Fault> {
        let mut body = Box::new(self.alone(body)?);
        mark_tail_calls(&mut body);
        Ok(Part::unfinished().with(Kind::Lambda(Lambda { parameters, signature, body })))
    }

    fn call(&mut self, procedure: Node, arguments: Vec<Node>) -> Result<Box<Part>, Fault> {
        let mut whole = Part::unfinished();
        let arguments = self.operands(arguments, &mut whole)?;
        let procedure = Box::new(self.alone(procedure)?);
        Ok(whole.with(Kind::Call(Call { procedure, arguments, tail: false })))
    }

    fn partial(&mut self, procedure: Node, arguments: Vec<Option<Node>>) -> Result<Box<Part>, Fault> {
        let mut whole = Part::unfinished();
        let argument =
            |argument: Option<Node>| argument.map(|node| self.operand(node, &mut whole)).transpose();
        let arguments = arguments.into_iter().map(argument).collect::<Result<_, _>>()?;
        let procedure = Box::new(self.alone(procedure)?);
        Ok(whole.with(Kind::Partial(Partial { procedure, arguments })))
    }

    fn condition(
        &mut self,
        [condition, then]: [Node; 2],
        otherwise: Option<Box<Node>>,
    ) -> Result<Box<Part>, Fault> {
        let mut whole = Part::unfinished();
        let condition = Condition {
            condition: self.boxed(condition, &mut whole)?,
            then: self.boxed(then, &mut whole)?,
            otherwise: otherwise.map(|otherwise| self.boxed(*otherwise, &mut whole)).transpose()?,
        };
        Ok(whole.with(Kind::Condition(condition)))
    }

    fn bind(&mut self, name: Name, value: Node) -> Result<Box<Part>, Fault> {
        let mut whole = Part::unfinished();
        let value = self.boxed(value, &mut whole)?;
        Ok(whole.with(Kind::Bind(Bind { name: name.name, name_span: name.span, value })))
    }

    fn infix(&mut self, infix: Infix, sides: [Node; 2]) -> Result<Box<Part>, Fault> {
        match infix.kind {
            InfixKind::Map => self.map(sides),
            InfixKind::Filter => self.filter(infix.span, sides),
            InfixKind::Apply => self.apply(sides),
            InfixKind::Range => {
                let mut whole = Part::unfinished();
                let sides = self.sides(sides, &mut whole)?;
                Ok(whole.with(Kind::Range(sides)))
            }
            InfixKind::Operator(operator) => self.binary(operator, infix, sides),
        }
    }

    fn binary(&mut self, operator: Operator, infix: Infix, sides: [Node; 2]) -> Result<Box<Part>, Fault> {
        let mut whole = Part::unfinished();
        let sides = self.sides(sides, &mut whole)?;
        Ok(whole.with(Kind::Binary(Binary { operator, operator_span: infix.span, sides })))
    }

    fn sides(&mut self, [left, right]: [Node; 2], whole: &mut Part) -> Result<Box<[Expression; 2]>, Fault> {
        Ok(Box::new([self.operand(left, whole)?, self.operand(right, whole)?]))
    }

    fn apply(&mut self, [left, right]: [Node; 2]) -> Result<Box<Part>, Fault> {
        let sides = Box::new([self.alone(left)?, self.alone(right)?]);
        let keep_array = sides.iter().any(|side| side.keep_array);
        let mut whole = Part::unfinished().with(Kind::Apply(sides));
        whole.expression.keep_array = keep_array;
        Ok(whole)
    }

    fn group(&mut self, of: Node, grouping: Grouping) -> Result<Box<Part>, Fault> {
        let mut part = self.build(of)?;
        if part.expression.group.is_some() {
            let message = "Each step can only have one grouping expression";
            return Err(Fault::new("S0210", grouping.span, message));
        }
        let pairs = self.pairs(grouping.pairs, &mut Part::unfinished())?;
        part.expression.group = Some(Group { span: grouping.span, pairs });
        Ok(part)
    }
}

/// The last call in the body of a function needs nothing of the function any more.
fn mark_tail_calls(expression: &mut Expression) {
    if !expression.predicates.is_empty() || expression.group.is_some() {
        return;
    }
    if let Kind::Call(call) = &mut expression.kind {
        call.tail = true;
    } else if let Kind::Condition(condition) = &mut expression.kind {
        mark_tail_calls(&mut condition.then);
        condition.otherwise.iter_mut().for_each(|otherwise| mark_tail_calls(otherwise));
    } else if let Kind::Block(block) = &mut expression.kind {
        block.expressions.last_mut().into_iter().for_each(mark_tail_calls);
    }
}
