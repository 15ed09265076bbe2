//! The tree of a JSONata expression, in the form that it is compiled from.
//!
//! Names are in paths, paths are lists of steps, filters are attached to what they filter, references to parents are resolved to
//! labels, and calls in tail position are marked. Spans count bytes of the expression's text. Never evaluates.

mod children;

use crate::source::Span;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// Its place in the text.
    pub span: Span,
    /// What it is.
    pub kind: ExpressionKind,
    /// Filters `[..]` on its result, in order. Always empty for a [`ExpressionKind::Path`], whose steps have [`PathStep::stages`].
    pub predicates: Vec<Expression>,
    /// Groups its result, after the filters: `{key: value}`. For a [`ExpressionKind::Path`] it groups the stream of tuples, if there is one.
    pub group: Option<Group>,
    /// An empty `[]` follows: a sequence of one stays an array.
    pub keep_array: bool,
}

impl Expression {
    /// An expression that nothing follows.
    #[must_use]
    pub const fn new(span: Span, kind: ExpressionKind) -> Self {
        Self { span, kind, predicates: Vec::new(), group: None, keep_array: false }
    }
}

/// The kinds of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    /// A string.
    String(String),
    /// A number; a minus before it belongs to it.
    Number(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// `null`.
    Null,
    /// `/pattern/flags`
    Regex(Regex),
    /// A field of the context; only as a step of a path.
    Name(String),
    /// `*`
    Wildcard,
    /// `**`
    Descendants,
    /// `%`
    Parent(Label),
    /// `$name` by its name without the `$`: `$` is empty, `$$` is `$`.
    Variable(String),
    /// `a.b.c`
    Path(Path),
    /// `-x` of something that is not a literal.
    Negate(Box<Expression>),
    /// `[..]`
    Array(Array),
    /// `{..}`
    Object(Vec<Pair>),
    /// `a + b`
    Binary(Binary),
    /// `a..b`; only as an item of an array.
    Range(Box<[Expression; 2]>),
    /// `$name := value`
    Bind(Bind),
    /// `a ? b : c`
    Condition(Condition),
    /// `(a; b)`
    Block(Block),
    /// `function($a) { .. }`
    Lambda(Lambda),
    /// `f(a)`
    Call(FunctionCall),
    /// `f(a, ?)`
    Partial(Partial),
    /// `a ~> f`
    Apply(Box<[Expression; 2]>),
    /// `|a|b,c|`
    Transform(Transform),
}

/// A label that binds the parent which a `%` means. Labels are numbers that differ where the parents differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label(pub usize);

/// A regular expression as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regex {
    /// Between the slashes.
    pub pattern: String,
    /// The flag `i`.
    pub ignore_case: bool,
    /// The flag `m`.
    pub multi_line: bool,
}

/// A path: each step is evaluated for each item of the step before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// At least one.
    pub steps: Vec<PathStep>,
    /// A step has an empty `[]`: a result of one item stays an array.
    pub keep_singleton_array: bool,
    /// Its value is a stream of tuples for the path around it, in which a `%` or a focus is bound. A path is evaluated as a stream of
    /// tuples from its first step on that has [`PathStep::tuple`]; with this the tuples are its value, else their items are.
    pub tuple: bool,
}

/// A step of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct PathStep {
    /// What it does.
    pub kind: StepKind,
    /// Filters and positions after it, in order.
    pub stages: Vec<Stage>,
    /// `@$name`: binds each item and leaves the context as it is.
    pub focus: Option<String>,
    /// `#$name` directly after it: binds the position of each item.
    pub index: Option<String>,
    /// Binds the context of the step (the parent of its items) for every `%` of this label.
    pub ancestor: Option<Label>,
    /// From here on the path is a stream of tuples.
    pub tuple: bool,
}

impl PathStep {
    /// A step without anything after it.
    #[must_use]
    pub const fn new(kind: StepKind) -> Self {
        Self { kind, stages: Vec::new(), focus: None, index: None, ancestor: None, tuple: false }
    }
}

/// The kinds of steps.
#[derive(Clone, Debug, PartialEq)]
pub enum StepKind {
    /// Evaluated for each item; never a [`ExpressionKind::Path`], whose steps are steps of the path around it instead.
    Expression(Expression),
    /// `^(..)`: sorts all items.
    Sort(Vec<SortTerm>),
}

/// A term of an order-by clause.
#[derive(Clone, Debug, PartialEq)]
pub struct SortTerm {
    /// `>`
    pub descending: bool,
    /// What to sort by.
    pub expression: Expression,
}

/// What follows a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// `[..]`
    Filter(Expression),
    /// `#$name` after a filter.
    Index(String),
}

/// A grouping: pairs of keys and values.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// From the opening to the closing brace.
    pub span: Span,
    /// The pairs.
    pub pairs: Vec<Pair>,
}

/// A key and a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// Must be a string.
    pub key: Expression,
    /// The value.
    pub value: Expression,
}

/// An array constructor.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// Its items. The items of an array literal among them stay together, all other arrays and ranges are spread.
    pub items: Vec<Expression>,
    /// It is the first or the last step of a path, so that its result is not flattened into the result of the path.
    pub constructed: bool,
}

/// An operator with two sides.
#[derive(Clone, Debug, PartialEq)]
pub struct Binary {
    /// The operator.
    pub operator: Operator,
    /// The place of the operator.
    pub operator_span: Span,
    /// Left and right.
    pub sides: Box<[Expression; 2]>,
}

macro_rules! operators {
    ($($variant:ident, $text:literal;)*) => {
        /// The operators that calculate, compare and combine.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Operator {
            $(#[doc = concat!("`", $text, "`")] $variant,)*
        }

        impl Operator {
            /// As it is written.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// The operator that is written so.
            #[must_use]
            pub fn of(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

operators! {
    Add, "+";
    Subtract, "-";
    Multiply, "*";
    Divide, "/";
    Remainder, "%";
    Equal, "=";
    NotEqual, "!=";
    Less, "<";
    LessOrEqual, "<=";
    Greater, ">";
    GreaterOrEqual, ">=";
    Concatenate, "&";
    And, "and";
    Or, "or";
    In, "in";
}

/// What an operator yields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Yields {
    /// A number, of two numbers; nothing if either is nothing.
    Number,
    /// A string.
    String,
    /// `true` or `false`.
    Boolean,
}

impl Operator {
    /// What it yields, if anything.
    #[must_use]
    pub const fn yields(self) -> Yields {
        match self {
            Self::Add | Self::Subtract | Self::Multiply | Self::Divide | Self::Remainder => Yields::Number,
            Self::Concatenate => Yields::String,
            Self::Equal
            | Self::NotEqual
            | Self::Less
            | Self::LessOrEqual
            | Self::Greater
            | Self::GreaterOrEqual
            | Self::And
            | Self::Or
            | Self::In => Yields::Boolean,
        }
    }

    /// Whether it compares which side comes first. With a side that is nothing it yields nothing.
    #[must_use]
    pub const fn is_order(self) -> bool {
        matches!(self, Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual)
    }
}

/// A binding of a variable. Its value is the value of the whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Bind {
    /// The name without the `$`.
    pub name: String,
    /// The place of the name.
    pub name_span: Span,
    /// What is bound.
    pub value: Box<Expression>,
}

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Before the `?`.
    pub condition: Box<Expression>,
    /// If it holds.
    pub then: Box<Expression>,
    /// If it does not; nothing if there is none.
    pub otherwise: Option<Box<Expression>>,
}

/// A block: a scope of variables. Its value is that of its last expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// May be empty.
    pub expressions: Vec<Expression>,
    /// One of its expressions is, or starts with, an array constructor that is [`Array::constructed`].
    pub constructed: bool,
}

/// A function definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Lambda {
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// Its [signature](asl_language::jsonata::signature), if it has one.
    pub signature: Option<String>,
    /// Its body.
    pub body: Box<Expression>,
}

/// A parameter of a function definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name without the `$`.
    pub name: String,
    /// Its place with the `$`.
    pub span: Span,
}

/// A call.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionCall {
    /// What is called.
    pub procedure: Box<Expression>,
    /// With what.
    pub arguments: Vec<Expression>,
    /// It is the last thing that the body of a function does, so it must not take stack.
    pub tail: bool,
}

/// A partial application: a function of the arguments that are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Partial {
    /// What is applied.
    pub procedure: Box<Expression>,
    /// The arguments; nothing for a `?`.
    pub arguments: Vec<Option<Expression>>,
}

/// A transformation: a function that returns a changed copy of its argument.
#[derive(Clone, Debug, PartialEq)]
pub struct Transform {
    /// Which objects are changed.
    pub pattern: Box<Expression>,
    /// An object with the fields that are added to each.
    pub update: Box<Expression>,
    /// The names of the fields that are deleted from each.
    pub delete: Option<Box<Expression>>,
}
