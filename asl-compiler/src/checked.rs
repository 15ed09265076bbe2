//! What is in the fields of a checked state: nothing is left open in them.
//!
//! In: made from the parts of a definition ([`Part`](crate::definition::Part)) that has no errors. Out: read by [`emit`](crate::emit), as
//! [`ir`](crate::ir) passes it on. Names are resolved to ids, defaults are filled in, paths and templates are parsed, constants are folded.
//! Nothing in here has a span, and no combination of values in here is invalid.

mod distributed;
mod expressions;

pub(crate) use distributed::{ItemBatcher, ItemReader, ResultWriter};
pub(crate) use expressions::{Expression, Expressions};

use crate::vocabulary::{Call, Constant, Number, Path, Property, Relation, StateId, Step, Timestamp};

/// Where a state leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// `Next`
    Next(StateId),
    /// `"End": true`
    End,
}

/// A top-level choice rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What has to hold.
    pub condition: Condition,
    /// `Assign` of the rule; its `$` is the effective input.
    pub assign: Assign,
    /// `Output` of the rule, of JSONata.
    pub output: Option<Template>,
    /// `Next`
    pub next: StateId,
}

/// A Boolean expression over the state's input.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// `Condition`, an expression.
    Expression(Expression),
    /// `Condition`, an expression that is compared with a constant. Rules in a row that compare the same one have the same tree and text.
    Equals {
        /// What is compared.
        value: Expression,
        /// What with.
        case: Case,
    },
    /// `Condition`, `true` or `false`.
    Constant(bool),
    /// `And`: all hold; evaluated in order up to the first that does not.
    And(Vec<Condition>),
    /// `Or`: one holds; evaluated in order up to the first that does.
    Or(Vec<Condition>),
    /// `Not`
    Not(Box<Condition>),
    /// A comparison of the value at `Variable`.
    Test {
        /// `Variable`
        variable: Path,
        /// The operator with its operand.
        test: Test,
    },
}

/// A constant that a value is compared with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Case {
    /// A text.
    Text(String),
    /// A whole number, with which numbers are compared by value.
    Integer(i64),
}

impl Case {
    /// So many rules in a row that compare one value with constants are decided by one look-up.
    pub(crate) const MANY: usize = 4;

    /// Whether both are looked up in the same table.
    #[must_use]
    pub(crate) const fn is_like(&self, other: &Self) -> bool {
        matches!((self, other), (Self::Text(_), Self::Text(_)) | (Self::Integer(_), Self::Integer(_)))
    }
}

/// A comparison operator with its operand.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// `StringEquals`, `StringLessThanPath`, ...
    String(Relation, Operand<String>),
    /// `NumericEquals`, `NumericLessThanPath`, ...
    Numeric(Relation, Operand<Number>),
    /// `BooleanEquals` and `BooleanEqualsPath`; the relation is always [`Relation::Equals`].
    Boolean(Operand<bool>),
    /// `TimestampEquals`, `TimestampLessThanPath`, ...
    Timestamp(Relation, Operand<Timestamp>),
    /// `StringMatches`: the literal texts between the wildcards. `"a*b"` is `["a", "b"]`, `"*"` is `["", ""]`, `"a"` is `["a"]`.
    StringMatches(Vec<String>),
    /// `IsNull`, `IsPresent`, ...: the value has the property, or (`false`) has it not.
    Is(Property, bool),
}

/// The right-hand side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand<T> {
    /// A value in the definition.
    Constant(T),
    /// The `...Path` form.
    Path(Path),
}

/// Until when a Wait state waits.
#[derive(Clone, Debug, PartialEq)]
pub enum Until {
    /// `Seconds`
    Seconds(u64),
    /// `Seconds`, an expression.
    SecondsExpression(Expression),
    /// `SecondsPath`
    SecondsPath(Path),
    /// `Timestamp`
    Timestamp(Timestamp),
    /// `Timestamp`, an expression.
    TimestampExpression(Expression),
    /// `TimestampPath`
    TimestampPath(Path),
}

/// A text of a Fail state.
#[derive(Clone, Debug, PartialEq)]
pub enum Text {
    /// Given in the definition.
    Constant(String),
    /// Given by an expression.
    Expression(Expression),
    /// Found in the input.
    Path(Path),
    /// Made by an intrinsic function.
    Intrinsic {
        /// The call as written, for error texts.
        text: String,
        /// The call.
        call: Call,
    },
}

/// Where the items of a Map state are.
#[derive(Clone, Debug, PartialEq)]
pub enum Items {
    /// They are the whole effective input: the default of `ItemsPath`.
    Whole,
    /// `ItemsPath`
    Path(Path),
    /// They are the state's input: the default of `Items`.
    Input,
    /// `Items`
    Template(Template),
}

/// A percentage in a field that also has a `...Path` form, or takes an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Percentage {
    /// Given in the definition, from 0 to 100.
    Constant(f64),
    /// Given by an expression.
    Expression(Expression),
    /// Found in the input.
    Path(Path),
}

/// `InputPath` or `OutputPath`.
#[derive(Clone, Debug, PartialEq)]
pub enum Selection {
    /// `$`, the default: all of it.
    Whole,
    /// `null`: the empty object.
    Nothing,
    /// A part of it.
    Path(Path),
}

/// What a state passes on.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// `OutputPath`; all of it is the default in JSONata too.
    Selection(Selection),
    /// `Output`
    Template(Template),
}

/// `ResultPath`: where the result goes in the raw input.
#[derive(Clone, Debug, PartialEq)]
pub enum ResultPath {
    /// `$`, the default: the result takes the place of the input.
    Replace,
    /// `null`: the result is dropped.
    Discard,
    /// A reference path into the input.
    At {
        /// The path as written.
        text: String,
        /// At least one step.
        steps: Vec<Step>,
    },
}

/// A whole number in a field that also has a `...Path` form, or takes an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Seconds {
    /// Given in the definition.
    Constant(u64),
    /// Given by an expression.
    Expression(Expression),
    /// Found in the input.
    Path(Path),
}

/// `Assign`: variables and their values, all evaluated before any is set.
pub(crate) type Assign = Vec<(String, Template)>;

/// A payload template.
#[derive(Clone, Debug, PartialEq)]
pub enum Template {
    /// A part in which nothing is looked up: shared by all executions, never rebuilt.
    Constant(Constant),
    /// `"field.$": "path"`
    Path {
        /// The name of the field as written, with its `.$`.
        field: String,
        /// What it looks up.
        path: Path,
    },
    /// `"field.$": "States.Function(...)"`
    Intrinsic {
        /// The name of the field as written, with its `.$`.
        field: String,
        /// The call as written, for error texts.
        text: String,
        /// The call.
        call: Call,
    },
    /// A string that is an expression.
    Expression(Expression),
    /// An object in which something is looked up, its keys without their `.$`.
    Object(Vec<(String, Template)>),
    /// An array in which something is looked up.
    Array(Vec<Template>),
}

impl Template {
    /// An object; one in which nothing is looked up is a constant.
    pub(crate) fn object(members: Vec<(String, Self)>) -> Self {
        let constants =
            members.iter().map(|(name, value)| Some((name.clone(), value.as_constant()?.clone())));
        match constants.collect() {
            Some(constants) => Self::Constant(Constant::Object(constants)),
            None => Self::Object(members),
        }
    }

    /// An array; one in which nothing is looked up is a constant.
    pub(crate) fn array(elements: Vec<Self>) -> Self {
        let constants = elements.iter().map(|value| value.as_constant().cloned());
        match constants.collect() {
            Some(constants) => Self::Constant(Constant::Array(constants)),
            None => Self::Array(elements),
        }
    }

    const fn as_constant(&self) -> Option<&Constant> {
        match self {
            Self::Constant(constant) => Some(constant),
            Self::Path { .. }
            | Self::Intrinsic { .. }
            | Self::Expression(_)
            | Self::Object(_)
            | Self::Array(_) => None,
        }
    }
}

/// An element of `Retry`.
#[derive(Clone, Debug, PartialEq)]
pub struct Retrier {
    /// `ErrorEquals`
    pub error_equals: Vec<String>,
    /// `IntervalSeconds`, by default 1.
    pub interval_seconds: u32,
    /// `MaxAttempts`, by default 3.
    pub max_attempts: u32,
    /// `BackoffRate`, by default 2.0.
    pub backoff_rate: f64,
    /// `MaxDelaySeconds`
    pub max_delay_seconds: Option<u32>,
    /// `"JitterStrategy": "FULL"`
    pub full_jitter: bool,
}

/// An element of `Catch`.
#[derive(Clone, Debug, PartialEq)]
pub struct Catcher {
    /// `ErrorEquals`
    pub error_equals: Vec<String>,
    /// `Assign`; its `$` is the Error Output.
    pub assign: Assign,
    /// `ResultPath`
    pub result_path: ResultPath,
    /// `Output`, of JSONata.
    pub output: Option<Template>,
    /// `Next`
    pub next: StateId,
}
