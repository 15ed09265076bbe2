//! The lowered machine: what the front of the compiler knows, said in the fewest words for the emitter.
//!
//! In: made by [`lower`](crate::lower) from a resolved definition without errors. Out: printed by [`emit`](crate::emit).
//! Names are resolved to ids, defaults are filled in, paths and templates are parsed, constants are folded. Nothing in
//! here has a span, and no combination of values in here is invalid: the emitter cannot fail and decides nothing.

mod distributed;
mod expression;

pub use asl_language::context::ContextField;
pub use asl_language::timestamp::Timestamp;
pub use distributed::*;
pub use expression::Expression;

/// A whole machine, the states of its branches and item processors included.
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    /// `Comment` of the definition.
    pub comment: Option<String>,
    /// The first state.
    pub start_at: StateId,
    /// `TimeoutSeconds` of the definition, in seconds.
    pub timeout_seconds: Option<u64>,
    /// The states tell what their data is after each of their fields.
    pub tells_stages: bool,
    /// Every state in the order of the text, an inner state after the state that holds it. [`StateId`] counts here.
    pub states: Vec<State>,
}

/// The index of a state in [`Machine::states`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StateId(pub usize);

/// One state.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The name in the definition.
    pub name: String,
    /// The name as a variant of the generated enum (`ChamarApiExterna`): unique, and no keyword.
    pub variant: String,
    /// The name as a function (`chamar_api_externa`): unique, and no keyword.
    pub function: String,
    /// The 1-based line of the name in the definition.
    pub line: usize,
    /// `Comment` of the state.
    pub comment: Option<String>,
    /// What the state does.
    pub work: Work,
}

/// What a state does, by its `Type`.
#[derive(Clone, Debug, PartialEq)]
pub enum Work {
    /// `"Type": "Pass"`
    Pass(Pass),
    /// `"Type": "Task"`
    Task(Task),
    /// `"Type": "Choice"`
    Choice(Choice),
    /// `"Type": "Wait"`
    Wait(Wait),
    /// `"Type": "Succeed"`
    Succeed(Succeed),
    /// `"Type": "Fail"`
    Fail(Fail),
    /// `"Type": "Parallel"`
    Parallel(Parallel),
    /// `"Type": "Map"`
    Map(Map),
}

/// Where a state leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// `Next`
    Next(StateId),
    /// `"End": true`
    End,
}

/// A Pass state.
#[derive(Clone, Debug, PartialEq)]
pub struct Pass {
    /// `InputPath`
    pub input: Selection,
    /// `Parameters`
    pub parameters: Option<Template>,
    /// `Result`; a `Result` of null counts as absent, as on AWS.
    pub result: Option<Constant>,
    /// `ResultPath`
    pub result_path: ResultPath,
    /// `Assign`; its `$` is what `Result`, `Parameters` or `InputPath` gave.
    pub assign: Assign,
    /// `OutputPath` or `Output`
    pub output: Output,
    /// `Next` or `End`
    pub transition: Transition,
}

/// A Task state.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// `Resource`, as written.
    pub resource: String,
    /// Its parameters can hold a task token.
    pub gives_token: bool,
    /// `InputPath`
    pub input: Selection,
    /// `Parameters` or `Arguments`
    pub parameters: Option<Template>,
    /// `Credentials`
    pub credentials: Option<Template>,
    /// `TimeoutSeconds` or `TimeoutSecondsPath`
    pub timeout: Option<Seconds>,
    /// `HeartbeatSeconds` or `HeartbeatSecondsPath`
    pub heartbeat: Option<Seconds>,
    /// The result of `http:invoke` is replaced by its `ResponseBody` (the option `http_result = "body"`).
    pub unwrap_response_body: bool,
    /// What is done with the result.
    pub after: After,
    /// `Retry`
    pub retriers: Vec<Retrier>,
    /// `Catch`
    pub catchers: Vec<Catcher>,
}

/// A Choice state.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// `InputPath`
    pub input: Selection,
    /// `OutputPath`, or `Output`, which counts where `Default` is taken.
    pub output: Output,
    /// `Choices`, in order.
    pub rules: Vec<Rule>,
    /// `Assign` of the state, which counts where `Default` is taken; its `$` is the effective input.
    pub assign: Assign,
    /// `Default`
    pub default: Option<StateId>,
    /// The state tells which rule it takes.
    pub tells_rule: bool,
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
    pub const MANY: usize = 4;

    /// Whether both are looked up in the same table.
    #[must_use]
    pub const fn is_like(&self, other: &Self) -> bool {
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

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `...Equals`
    Equals,
    /// `...LessThan`
    LessThan,
    /// `...LessThanEquals`
    LessThanEquals,
    /// `...GreaterThan`
    GreaterThan,
    /// `...GreaterThanEquals`
    GreaterThanEquals,
}

/// The right-hand side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand<T> {
    /// A value in the definition.
    Constant(T),
    /// The `...Path` form.
    Path(Path),
}

/// What a type-test operator asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Property {
    /// `IsNull`
    Null,
    /// `IsPresent`
    Present,
    /// `IsNumeric`
    Numeric,
    /// `IsString`
    String,
    /// `IsBoolean`
    Boolean,
    /// `IsTimestamp`
    Timestamp,
}

/// A Wait state.
#[derive(Clone, Debug, PartialEq)]
pub struct Wait {
    /// `InputPath`
    pub input: Selection,
    /// Until when it waits.
    pub until: Until,
    /// `Assign`; its `$` is the effective input.
    pub assign: Assign,
    /// `OutputPath` or `Output`
    pub output: Output,
    /// `Next` or `End`
    pub transition: Transition,
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

/// A Succeed state.
#[derive(Clone, Debug, PartialEq)]
pub struct Succeed {
    /// `InputPath`
    pub input: Selection,
    /// `OutputPath` or `Output`
    pub output: Output,
}

/// A Fail state.
#[derive(Clone, Debug, PartialEq)]
pub struct Fail {
    /// `Error` or `ErrorPath`
    pub error: Option<Text>,
    /// `Cause` or `CausePath`
    pub cause: Option<Text>,
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

/// A Parallel state.
#[derive(Clone, Debug, PartialEq)]
pub struct Parallel {
    /// `InputPath`
    pub input: Selection,
    /// `Parameters` or `Arguments`
    pub parameters: Option<Template>,
    /// The first state of each of the `Branches`.
    pub branches: Vec<StateId>,
    /// What is done with the array of results.
    pub after: After,
    /// `Retry`
    pub retriers: Vec<Retrier>,
    /// `Catch`
    pub catchers: Vec<Catcher>,
}

/// A Map state.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// `InputPath`
    pub input: Selection,
    /// Where the items are. Without meaning where they come from an `ItemReader`.
    pub items: Items,
    /// `ItemSelector`, or `Parameters`, its old name.
    pub item_selector: Option<Template>,
    /// `MaxConcurrency` or `MaxConcurrencyPath`; absent and zero mean no limit, or for a distributed Map the limit of the runtime.
    pub max_concurrency: Option<Seconds>,
    /// `ToleratedFailureCount` or `ToleratedFailureCountPath`.
    pub tolerated_failure_count: Option<Seconds>,
    /// `ToleratedFailurePercentage` or `ToleratedFailurePercentagePath`.
    pub tolerated_failure_percentage: Option<Percentage>,
    /// What only a distributed Map has (`"Mode": "DISTRIBUTED"`); `None` is an inline Map.
    pub distributed: Option<Box<Distributed>>,
    /// The first state of the `ItemProcessor`.
    pub processor: StateId,
    /// What is done with the array of results.
    pub after: After,
    /// `Retry`
    pub retriers: Vec<Retrier>,
    /// `Catch`
    pub catchers: Vec<Catcher>,
}

impl Map {
    /// Whether the definition says how many items may fail.
    #[must_use]
    pub const fn tolerates_failures(&self) -> bool {
        self.tolerated_failure_count.is_some() || self.tolerated_failure_percentage.is_some()
    }
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

/// What is done with the result of a Task, Parallel or Map state.
#[derive(Clone, Debug, PartialEq)]
pub struct After {
    /// `Assign`; its `$` is the raw result.
    pub assign: Assign,
    /// `ResultSelector`
    pub result_selector: Option<Template>,
    /// `ResultPath`
    pub result_path: ResultPath,
    /// `OutputPath` or `Output`
    pub output: Output,
    /// `Next` or `End`
    pub transition: Transition,
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

/// A path.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The path as written, for error texts.
    pub text: String,
    /// Where it starts.
    pub root: Root,
    /// The steps from there, up to the first part that is not a step.
    pub steps: Vec<Step>,
    /// The rest. Where a part of it can lead to any number of values, the value of the path is the array of all that it leads to.
    pub selectors: Vec<Selector>,
}

impl Path {
    /// Whether it leads to one value, and not to any number of them.
    #[must_use]
    pub fn is_definite(&self) -> bool {
        self.selectors.iter().all(Selector::is_definite)
    }
}

/// Where a path starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
    /// `$`: the data the field sees.
    Data,
    /// `$$`: a field of the context object. [`Path::steps`] holds what comes after the deepest field known.
    Context(ContextField),
    /// `$name`: a variable, by its name without the `$`.
    Variable(String),
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `.name` or `['name']`
    Name(String),
    /// `[0]`. No array has a negative one.
    Index(i64),
    /// `[(@.length-1)]`: what is added to the length of the array.
    FromEnd(i64),
}

/// One part of a path. It is applied to each of the values that the parts before it led to.
#[derive(Clone, Debug, PartialEq)]
pub enum Selector {
    /// `.name` or `['name']`
    Name(String),
    /// `['a','b']`: an object of those fields that are there.
    Names(Vec<String>),
    /// `[0]`. No array has a negative one.
    Index(i64),
    /// `[(@.length-1)]`: what is added to the length of the array.
    FromEnd(i64),
    /// `[0,2]`
    Indexes(Vec<i64>),
    /// `[1:]`, `[:3]`, `[1:3]`; at least one of the two is there.
    Slice {
        /// The first index. Without an end, a negative one counts from the end.
        start: Option<i64>,
        /// The index after the last. Without a start, a negative one counts from the end.
        end: Option<i64>,
    },
    /// `.*` or `[*]`: all elements, or the values of all fields.
    Wildcard,
    /// The second dot of `..`: the value itself and everything in it, at every depth, as far as the part after it can be applied.
    Descendants,
    /// `[?(...)]`: the elements for which it holds; an object is tested itself.
    Filter(Filter),
}

impl Selector {
    /// Whether it leads to one value.
    #[must_use]
    pub const fn is_definite(&self) -> bool {
        match self {
            Self::Name(_) | Self::Names(_) | Self::Index(_) | Self::FromEnd(_) => true,
            Self::Indexes(_) | Self::Slice { .. } | Self::Wildcard | Self::Descendants | Self::Filter(_) => {
                false
            }
        }
    }
}

impl From<Step> for Selector {
    fn from(step: Step) -> Self {
        match step {
            Step::Name(name) => Self::Name(name),
            Step::Index(index) => Self::Index(index),
            Step::FromEnd(offset) => Self::FromEnd(offset),
        }
    }
}

/// The condition of a filter.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// It holds where all conditions of any of these hold. They are in the order in which they are tested.
    pub any: Vec<Vec<FilterCondition>>,
}

/// One condition of a filter.
#[derive(Clone, Debug, PartialEq)]
pub enum FilterCondition {
    /// A path alone.
    Exists {
        /// The path; it starts at the value that is tested, whatever is written.
        path: FilterPath,
        /// Whether it has to lead to something other than null, or must not.
        wanted: bool,
    },
    /// A comparison.
    Compare {
        /// The left-hand side.
        left: FilterOperand,
        /// How they are compared.
        relation: FilterRelation,
        /// The right-hand side.
        right: FilterOperand,
    },
}

/// How the sides of a filter's comparison are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterRelation {
    /// `==`
    Equals,
    /// `!=`
    NotEquals,
    /// `<`
    LessThan,
    /// `<=`
    LessThanEquals,
    /// `>`
    GreaterThan,
    /// `>=`
    GreaterThanEquals,
    /// `=~`
    Matches,
}

/// A side of a filter's comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum FilterOperand {
    /// A literal. It has no type.
    Text(String),
    /// A regular expression.
    Pattern(FilterPattern),
    /// A path.
    Path(FilterPath),
}

/// A regular expression that a whole text has to match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterPattern {
    /// What is between the slashes.
    pub source: String,
    /// There is an `i` after them.
    pub ignore_case: bool,
}

/// A path in a filter, to one value.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterPath {
    /// It starts at `$`, where the whole path starts, and not at `@`, the value that is tested.
    pub from_data: bool,
    /// The steps from there, up to the first part that is not a step.
    pub steps: Vec<Step>,
    /// The rest, which is none in almost every path.
    pub selectors: Vec<Selector>,
}

/// `Assign`: variables and their values, all evaluated before any is set.
pub type Assign = Vec<(String, Template)>;

/// A call of an intrinsic function.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The function.
    pub function: Function,
    /// Its arguments; their number fits the function.
    pub arguments: Vec<Argument>,
}

/// An argument of an intrinsic function.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// A literal: a string, a number, `true`, `false` or `null`.
    Constant(Constant),
    /// A path.
    Path(Path),
    /// A call.
    Call(Call),
}

/// The intrinsic functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// `States.Format`
    Format,
    /// `States.StringToJson`
    StringToJson,
    /// `States.JsonToString`
    JsonToString,
    /// `States.Array`
    Array,
    /// `States.ArrayPartition`
    ArrayPartition,
    /// `States.ArrayContains`
    ArrayContains,
    /// `States.ArrayRange`
    ArrayRange,
    /// `States.ArrayGetItem`
    ArrayGetItem,
    /// `States.ArrayLength`
    ArrayLength,
    /// `States.ArrayUnique`
    ArrayUnique,
    /// `States.Base64Encode`
    Base64Encode,
    /// `States.Base64Decode`
    Base64Decode,
    /// `States.Hash`
    Hash,
    /// `States.JsonMerge`
    JsonMerge,
    /// `States.MathRandom`
    MathRandom,
    /// `States.MathAdd`
    MathAdd,
    /// `States.StringSplit`
    StringSplit,
    /// `States.UUID`
    Uuid,
}

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

/// A JSON value given in the definition.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Constant>),
    /// An object in the order of the text.
    Object(Vec<(String, Constant)>),
}

/// A JSON number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number that fits.
    Int(i64),
    /// A whole number above the range of [`Number::Int`].
    Uint(u64),
    /// Any other number; finite.
    Float(f64),
}

impl Number {
    /// The same as a whole number, if it is one that fits.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "it is whole, and within the range")]
    pub fn as_integer(self) -> Option<i64> {
        const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
        match self {
            Self::Int(value) => Some(value),
            Self::Float(value) if value.fract() == 0.0 && (-TWO_TO_63..TWO_TO_63).contains(&value) => {
                Some(value as i64)
            }
            Self::Uint(_) | Self::Float(_) => None,
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
