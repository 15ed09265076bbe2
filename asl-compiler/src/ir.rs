//! The lowered machine: what the front of the compiler knows, said in the fewest words for the emitter.
//!
//! In: made by [`lower`](crate::lower) from a resolved definition without errors. Out: printed by [`emit`](crate::emit).
//! Names are resolved to ids, defaults are filled in, paths and templates are parsed, constants are folded. Nothing in
//! here has a span, and no combination of values in here is invalid: the emitter cannot fail and decides nothing.

mod distributed;
mod expression;

pub(crate) use crate::vocabulary::{
    Argument, Call, Constant, ContextField, ExecutionType, Filter, FilterCondition, FilterOperand,
    FilterPath, FilterPattern, FilterRelation, Function, InputType, ManifestType, Number, Path, Property,
    Relation, Root, Selector, StateId, Step, Timestamp, WriterTransformation,
};
pub(crate) use distributed::*;
pub(crate) use expression::Expression;

/// A whole machine, the states of its branches and item processors included.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Machine {
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

/// One state.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
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
pub(crate) enum Work {
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
pub(crate) enum Transition {
    /// `Next`
    Next(StateId),
    /// `"End": true`
    End,
}

/// A Pass state.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pass {
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
pub(crate) struct Task {
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
pub(crate) struct Choice {
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
pub(crate) struct Rule {
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
pub(crate) enum Condition {
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
pub(crate) enum Case {
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
pub(crate) enum Test {
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
pub(crate) enum Operand<T> {
    /// A value in the definition.
    Constant(T),
    /// The `...Path` form.
    Path(Path),
}

/// A Wait state.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wait {
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
pub(crate) enum Until {
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
pub(crate) struct Succeed {
    /// `InputPath`
    pub input: Selection,
    /// `OutputPath` or `Output`
    pub output: Output,
}

/// A Fail state.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fail {
    /// `Error` or `ErrorPath`
    pub error: Option<Text>,
    /// `Cause` or `CausePath`
    pub cause: Option<Text>,
}

/// A text of a Fail state.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Text {
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
pub(crate) struct Parallel {
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
pub(crate) struct Map {
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
    pub(crate) const fn tolerates_failures(&self) -> bool {
        self.tolerated_failure_count.is_some() || self.tolerated_failure_percentage.is_some()
    }
}

/// Where the items of a Map state are.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Items {
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
pub(crate) enum Percentage {
    /// Given in the definition, from 0 to 100.
    Constant(f64),
    /// Given by an expression.
    Expression(Expression),
    /// Found in the input.
    Path(Path),
}

/// What is done with the result of a Task, Parallel or Map state.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct After {
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
pub(crate) enum Selection {
    /// `$`, the default: all of it.
    Whole,
    /// `null`: the empty object.
    Nothing,
    /// A part of it.
    Path(Path),
}

/// What a state passes on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Output {
    /// `OutputPath`; all of it is the default in JSONata too.
    Selection(Selection),
    /// `Output`
    Template(Template),
}

/// `ResultPath`: where the result goes in the raw input.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ResultPath {
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
pub(crate) enum Seconds {
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
pub(crate) enum Template {
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

/// An element of `Retry`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Retrier {
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
pub(crate) struct Catcher {
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
