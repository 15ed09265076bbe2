//! The lowered machine: what the front of the compiler knows, said in the fewest words for the emitter.
//!
//! In: made by [`lower`](crate::lower) from a [checked](crate::proof) definition. Out: printed by [`emit`](crate::emit). Its states have the fields of
//! the definition, checked, and Rust names. Nothing in here has a span, and no combination of values in here is invalid: the emitter
//! cannot fail and decides nothing.

pub(crate) use crate::checked::{
    Assign, Case, Catcher, Condition, Expression, ItemBatcher, ItemReader, Items, Operand, Output,
    Percentage, ResultPath, ResultWriter, Retrier, Rule, Seconds, Selection, Template, Test, Text,
    Transition, Until,
};
pub(crate) use crate::vocabulary::{
    Argument, Call, Constant, ContextField, ExecutionType, Filter, FilterCondition, FilterOperand,
    FilterPath, FilterPattern, FilterRelation, Function, Number, Path, Property, Relation, Root, Selector,
    StateId, Step, Timestamp,
};

use crate::checked::Expressions;
use crate::definition::{self, Checked};

/// A Pass state.
pub(crate) type Pass = definition::Pass<Checked>;
/// A Task state.
pub(crate) type Task = definition::Task<Checked>;
/// A Choice state.
pub(crate) type Choice = definition::Choice<Checked>;
/// A Wait state.
pub(crate) type Wait = definition::Wait<Checked>;
/// A Succeed state.
pub(crate) type Succeed = definition::Succeed<Checked>;
/// A Fail state.
pub(crate) type Fail = definition::Fail<Checked>;
/// A Parallel state.
pub(crate) type Parallel = definition::Parallel<Checked>;
/// A Map state.
pub(crate) type Map = definition::Map<Checked>;
/// What is done with the result of a Task, Parallel or Map state.
pub(crate) type After = definition::After<Checked>;

/// A whole machine, the states of its branches and item processors included.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Machine {
    /// `Comment` of the definition.
    pub comment: Option<String>,
    /// The first state.
    pub start_at: StateId,
    /// `TimeoutSeconds` of the definition, in seconds.
    pub timeout_seconds: Option<u64>,
    /// What it is compiled with.
    pub settings: Settings,
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
    /// The JSONata expressions in it, in order.
    pub expressions: Vec<Expression>,
}

/// What a machine is compiled with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The result of `http:invoke` is replaced by its `ResponseBody`.
    pub unwrap_response_body: bool,
    /// Choice states tell which rule they take.
    pub tell_rules: bool,
    /// States tell what their data is after each of their fields.
    pub tell_stages: bool,
}

/// What a state does, by its `Type`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Work {
    /// `"Type": "Pass"`
    Pass(Pass),
    /// `"Type": "Task"`
    Task(Box<Task>),
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
    Map(Box<Map>),
}

impl Expressions for Work {
    fn each_expression(&mut self, see: &mut dyn FnMut(&mut Expression)) {
        match self {
            Self::Pass(pass) => pass.each_expression(see),
            Self::Task(task) => task.each_expression(see),
            Self::Choice(choice) => choice.each_expression(see),
            Self::Wait(wait) => wait.each_expression(see),
            Self::Succeed(succeed) => succeed.each_expression(see),
            Self::Fail(fail) => fail.each_expression(see),
            Self::Parallel(parallel) => parallel.each_expression(see),
            Self::Map(map) => map.each_expression(see),
        }
    }
}
