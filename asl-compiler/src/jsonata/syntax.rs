//! What the parser reads: an expression as it is nested by its operators.
//!
//! Made by the [parser](super::parser), turned into the [tree](super::tree) by the [structure](super::structure).

use super::tree::{Operator, Parameter, Regex};
use crate::source::Span;

/// An operand, or an operator with its operands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) kind: NodeKind,
    /// An empty `[]` follows.
    pub(super) keep_array: bool,
    /// How deep its operands are nested; 1 if it has none.
    pub(super) depth: usize,
}

#[derive(Clone, Debug)]
pub(super) enum NodeKind {
    Leaf(Leaf),
    Negate(Box<Node>),
    Array(Vec<Node>),
    Object(Vec<[Node; 2]>),
    Block(Vec<Node>),
    Transform(Box<[Node; 2]>, Option<Box<Node>>),
    Lambda(Vec<Parameter>, Option<String>, Box<Node>),
    Call(Box<Node>, Vec<Node>),
    /// An argument that is left out is nothing.
    Partial(Box<Node>, Vec<Option<Node>>),
    Condition(Box<[Node; 2]>, Option<Box<Node>>),
    /// An operator with two operands.
    Infix(Infix, Box<[Node; 2]>),
    /// `x{..}`
    Group(Box<Node>, Grouping),
    /// `x^(..)`
    OrderBy(Box<Node>, Vec<Term>),
    /// `$x := y`
    Bind(Name, Box<Node>),
    /// `x@$y`
    Focus(Box<Node>, Name),
    /// `x#$y`
    Index(Box<Node>, Name),
}

/// What has no operands.
#[derive(Clone, Debug)]
pub(super) enum Leaf {
    /// The end of the text where an operand should be.
    End,
    String(String),
    Number(f64),
    Boolean(bool),
    Null,
    Regex(Regex),
    Name(String),
    Variable(String),
    Wildcard,
    Descendants,
    Parent,
}

/// An operator with two operands, and its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Infix {
    pub(super) span: Span,
    pub(super) kind: InfixKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InfixKind {
    /// `.`
    Map,
    /// `[..]`
    Filter,
    /// `..`
    Range,
    /// `~>`
    Apply,
    Operator(Operator),
}

/// A name after a `$`, and the place of the operator that binds it; for `:=` that of the name.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) name: String,
    pub(super) span: Span,
}

/// The pairs in braces.
#[derive(Clone, Debug)]
pub(super) struct Grouping {
    pub(super) span: Span,
    pub(super) pairs: Vec<[Node; 2]>,
}

/// A term of an order-by clause.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub(super) descending: bool,
    pub(super) expression: Node,
}
