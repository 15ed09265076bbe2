//! What the parser reads: an expression as it is nested by its operators.
//!
//! Made by the [parser](super::parser), turned into the [tree](super::tree) by the [structure](super::structure).

use super::tree::{Operator, Parameter, Regex};
use crate::source::Span;

/// An operand, or an operator with its operands.
#[derive(Clone, Debug)]
pub(super) struct SyntaxNode {
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
    Negate(Box<SyntaxNode>),
    Array(Vec<SyntaxNode>),
    Object(Vec<[SyntaxNode; 2]>),
    Block(Vec<SyntaxNode>),
    Transform(Box<[SyntaxNode; 2]>, Option<Box<SyntaxNode>>),
    Lambda(Vec<Parameter>, Option<String>, Box<SyntaxNode>),
    Call(Box<SyntaxNode>, Vec<SyntaxNode>),
    /// An argument that is left out is nothing.
    Partial(Box<SyntaxNode>, Vec<Option<SyntaxNode>>),
    Condition(Box<[SyntaxNode; 2]>, Option<Box<SyntaxNode>>),
    /// An operator with two operands.
    Infix(Infix, Box<[SyntaxNode; 2]>),
    /// `x{..}`
    Group(Box<SyntaxNode>, Grouping),
    /// `x^(..)`
    OrderBy(Box<SyntaxNode>, Vec<Term>),
    /// `$x := y`
    Bind(Name, Box<SyntaxNode>),
    /// `x@$y`
    Focus(Box<SyntaxNode>, Name),
    /// `x#$y`
    Index(Box<SyntaxNode>, Name),
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
    pub(super) pairs: Vec<[SyntaxNode; 2]>,
}

/// A term of an order-by clause.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub(super) descending: bool,
    pub(super) expression: SyntaxNode,
}
