//! The context object: what a state sees as `$$` (AWS, "Accessing execution data from the Context object").

mod name;

pub use name::Name;

use crate::codec::record;
use crate::trial::Stage;
use asl_jsonata::EvaluationLimits;
pub use asl_language::context::ContextField;
use asl_language::timestamp::Timestamp;
use asl_value::{Object, Text, Value};
use std::cell::{Cell, OnceCell};
use std::fmt;

/// The facts of an execution that do not change while it runs.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// let execution = order::context(60);
/// assert_eq!(execution.region(), "eu-central-1");
/// assert_eq!((execution.is_express(), execution.redrive_count()), (false, 0));
/// # }
/// ```
#[derive(Debug, PartialEq)]
pub struct ExecutionContext {
    /// `$$.Execution.Id`: the ARN of the execution.
    pub id: Name,
    /// `$$.Execution.Name`
    pub name: Name,
    /// `$$.Execution.Input`
    pub input: Value,
    /// `$$.Execution.RoleArn`
    pub role_arn: Text,
    /// `$$.Execution.StartTime`
    pub start_time: Timestamp,
    /// `$$.StateMachine.Id`: the ARN of the machine.
    pub state_machine_id: Text,
    /// `$$.StateMachine.Name`
    pub state_machine_name: Text,
    /// `$$.Execution.RedriveCount` and `$$.Execution.RedriveTime`, once it was redriven.
    pub redrive: Option<Box<Redrive>>,
    /// Its caller waits for its end (`StartSyncExecution`): it cannot be redriven, and has no `RedriveCount` (recorded from AWS; other executions of Express
    /// machines have one).
    pub is_synchronous: bool,
}

record!(ExecutionContext {
    id,
    name,
    input,
    role_arn,
    start_time,
    state_machine_id,
    state_machine_name,
    redrive,
    is_synchronous,
});

/// The last time that an execution was redriven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redrive {
    /// How often it has been redriven, from 1.
    pub count: u32,
    /// When that was.
    pub time: Timestamp,
}

record!(Redrive { count, time });

impl ExecutionContext {
    /// The AWS Region in the ARN.
    #[must_use]
    pub fn region(&self) -> Text {
        self.id.split(':').nth(3).unwrap_or_default().into()
    }

    /// Whether the machine is an Express one, as the ARN says.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::engine::Text;
    ///
    /// let mut execution = order::context(60);
    /// execution.id = Text::new_static("arn:aws:states:us-east-1:123456789012:express:order:A-1:7").into();
    /// assert!(execution.is_express());
    /// # }
    /// ```
    #[must_use]
    pub fn is_express(&self) -> bool {
        self.id.split(':').nth(5) == Some("express")
    }

    /// How often the execution has been redriven.
    #[must_use]
    pub fn redrive_count(&self) -> u32 {
        self.redrive.as_ref().map_or(0, |redrive| redrive.count)
    }
}

impl Clone for ExecutionContext {
    fn clone(&self) -> Self {
        Self {
            id: self.id.copy(),
            name: self.name.copy(),
            input: self.input.clone(),
            role_arn: self.role_arn.clone(),
            start_time: self.start_time,
            state_machine_id: self.state_machine_id.clone(),
            state_machine_name: self.state_machine_name.clone(),
            redrive: self.redrive.clone(),
            is_synchronous: self.is_synchronous,
        }
    }
}

/// An execution whose facts are drawn when something first asks for them.
pub(crate) trait Late {
    /// Its facts.
    fn context(&self) -> &ExecutionContext;
    /// Where its chance begins, and what its task tokens come from.
    fn seed(&self) -> [u64; 2];
}

/// The execution that a state belongs to.
#[derive(Clone, Copy)]
pub(crate) enum OfExecution<'a> {
    /// One whose facts are known.
    Known(&'a ExecutionContext),
    /// One that most likely ends before anything asks for them.
    Late(&'a dyn Late),
}

impl<'a> OfExecution<'a> {
    fn read(self) -> &'a ExecutionContext {
        match self {
            Self::Known(context) => context,
            Self::Late(late) => late.context(),
        }
    }
}

/// `$$.Map.Item` of an iteration.
#[derive(Clone, Debug, PartialEq)]
pub struct MapItem {
    /// The number of the iteration, from 0.
    pub index: usize,
    /// The item.
    pub value: Value,
    /// What only an item of a distributed Map has.
    pub origin: Option<Box<ItemOrigin>>,
}

impl MapItem {
    /// An item of an inline Map.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::MapItem;
    ///
    /// let item = MapItem::new(0, "apple".into());
    /// assert_eq!((item.index, item.value.as_str()), (0, Some("apple")));
    /// # }
    /// ```
    #[must_use]
    pub const fn new(index: usize, value: Value) -> Self {
        Self { index, value, origin: None }
    }
}

/// Where an item of a distributed Map comes from.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::{ItemOrigin, MapItem};
///
/// let origin = ItemOrigin { key: Some("apple".into()), source: "S3://shop/items.json".into() };
/// let item = MapItem { origin: Some(Box::new(origin)), ..MapItem::new(0, 30.into()) };
/// assert_eq!(item.value.as_i64(), Some(30));
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemOrigin {
    /// `$$.Map.Item.Key`: the key, where the items are the fields of an object.
    pub key: Option<Text>,
    /// `$$.Map.Item.Source`: `STATE_DATA`, or the object: `S3://bucket/key`.
    pub source: Text,
}

/// What is known while a state is entered or left.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() -> Result<(), asl_runtime::Error> {
/// use asl_runtime::engine::{Object, Text};
/// use asl_runtime::{Context, Effect, Sources, StateMachine, Timestamp, Transition, Value};
///
/// struct Fixed;
///
/// impl Sources for Fixed {
///     fn now(&self) -> Timestamp {
///         Timestamp::new(0, 0)
///     }
///
///     fn random(&self) -> f64 {
///         0.5
///     }
///
///     fn task_token(&self) -> Text {
///         "token".into()
///     }
/// }
///
/// let (execution, variables) = (order::context(60), Object::new());
/// let context = Context::new(&execution, "Charge", &variables, &Fixed);
/// let mut data = Value::from(60);
/// // The state asks for a task, and goes on with its result.
/// let effect = order::Machine::enter(order::State::Charge, &mut data, &context)?;
/// assert!(matches!(effect, Effect::Task(task) if task.parameters == Value::from(60)));
/// let transition = order::Machine::resume(order::State::Charge, &mut data, "paid".into(), &context)?;
/// assert_eq!(transition, Transition::Next(order::State::Pack));
/// assert_eq!(data, Value::from("paid"));
/// # Ok(())
/// # }
/// ```
pub struct Context<'a> {
    execution: OfExecution<'a>,
    state_name: &'static str,
    retry_count: Option<u32>,
    map_item: Option<&'a MapItem>,
    /// Looked up when it is first asked for, because most states never ask.
    entered_time: Cell<Option<Timestamp>>,
    variables: &'a Object,
    /// What the state assigns; picked up by the driver when the state's function has returned.
    assigned: Cell<Option<Object>>,
    /// Made when it is first asked for; picked up by the driver when the state's function has returned.
    task_token: OnceCell<Text>,
    evaluation_limits: &'a EvaluationLimits,
    /// The whole of it, where it is given: for tests of single states.
    given: Option<&'a Value>,
    sources: &'a dyn Sources,
}

/// What a state may know of the world, which is the time and chance, and where it reports what it does.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::{Sources, Timestamp};
/// use asl_runtime::engine::Text;
///
/// /// A world for a test of single states, in which nothing happens by chance.
/// struct Fixed(Timestamp);
///
/// impl Sources for Fixed {
///     fn now(&self) -> Timestamp {
///         self.0
///     }
///
///     fn random(&self) -> f64 {
///         0.5
///     }
///
///     fn task_token(&self) -> Text {
///         "token".into()
///     }
/// }
///
/// assert_eq!(Fixed(Timestamp::new(0, 0)).now().to_string(), "1970-01-01T00:00:00.000Z");
/// # }
/// ```
pub trait Sources {
    /// The time.
    fn now(&self) -> Timestamp;

    /// A random number in 0..1.
    fn random(&self) -> f64;

    /// A Choice state took a rule, or the `Default` where there is no number.
    #[doc(hidden)]
    fn took_rule(&self, _state: &'static str, _rule: Option<usize>) {}

    /// What the data of the state is after one of its fields, in code that is generated to tell it.
    #[doc(hidden)]
    fn passed(&self, _stage: Stage, _value: &Value) {}

    /// The token of the task that the state asks for.
    fn task_token(&self) -> Text;

    /// Whether an evaluation may go on; asked after every thousand of its steps. One that may not is given up, and the state can be
    /// entered or resumed again as if nothing had been.
    fn goes_on(&self) -> bool {
        true
    }
}

impl<'a> Context<'a> {
    /// The context of a state that is being entered. `retry_count` is `None` for types that have no Retry.
    #[must_use]
    pub fn new(
        execution: &'a ExecutionContext,
        state_name: &'static str,
        variables: &'a Object,
        sources: &'a dyn Sources,
    ) -> Self {
        Self::of(OfExecution::Known(execution), state_name, variables, sources)
    }

    /// The same in an execution whose facts may not be known yet.
    pub(crate) fn of(
        execution: OfExecution<'a>,
        state_name: &'static str,
        variables: &'a Object,
        sources: &'a dyn Sources,
    ) -> Self {
        Self {
            execution,
            state_name,
            retry_count: None,
            map_item: None,
            entered_time: Cell::new(None),
            variables,
            assigned: Cell::new(None),
            task_token: OnceCell::new(),
            evaluation_limits: const { &EvaluationLimits::none() },
            given: None,
            sources,
        }
    }

    /// The same for a state that has been retried this many times.
    #[must_use]
    pub const fn with_retry_count(mut self, retry_count: u32) -> Self {
        self.retry_count = Some(retry_count);
        self
    }

    /// The same within an iteration of a Map.
    #[must_use]
    pub const fn with_map_item(mut self, item: Option<&'a MapItem>) -> Self {
        self.map_item = item;
        self
    }

    /// The same where evaluations of JSONata expressions have limits.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_evaluation_limits(mut self, limits: &'a EvaluationLimits) -> Self {
        self.evaluation_limits = limits;
        self
    }

    /// The same where the whole of it is given, but for the item of a Map.
    #[must_use]
    pub(crate) const fn given(mut self, whole: &'a Value) -> Self {
        self.given = Some(whole);
        self
    }

    /// How far the evaluation of a JSONata expression may go.
    #[doc(hidden)]
    pub const fn evaluation_limits(&self) -> &'a EvaluationLimits {
        self.evaluation_limits
    }

    /// Tells that the state took a rule, or the `Default` where there is no number: in code that is generated for reports of coverage.
    #[doc(hidden)]
    pub fn took_rule(&self, rule: Option<usize>) {
        self.sources.took_rule(self.state_name, rule);
    }

    /// Tells what the data of the state is after one of its fields: in code that is generated for tests of single states.
    #[doc(hidden)]
    pub fn passed(&self, stage: Stage, value: &Value) {
        self.sources.passed(stage, value);
    }

    /// The time.
    #[doc(hidden)]
    pub fn now(&self) -> Timestamp {
        self.sources.now()
    }

    /// The same for a state that was entered at this time.
    #[doc(hidden)]
    #[must_use]
    pub fn entered_at(self, time: Option<Timestamp>) -> Self {
        self.entered_time.set(time);
        self
    }

    /// When the state was entered, if that was asked for.
    #[doc(hidden)]
    pub const fn known_entered_time(&self) -> Option<Timestamp> {
        self.entered_time.get()
    }

    /// When the state was entered.
    pub fn entered_time(&self) -> Timestamp {
        self.entered_time.get().unwrap_or_else(|| {
            let now = self.sources.now();
            self.entered_time.set(Some(now));
            now
        })
    }

    /// The value of a variable.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::engine::{Object, Text};
    /// use asl_runtime::{Context, Sources, Timestamp, Value};
    /// # struct Fixed;
    /// # impl Sources for Fixed {
    /// #     fn now(&self) -> Timestamp { Timestamp::new(0, 0) }
    /// #     fn random(&self) -> f64 { 0.5 }
    /// #     fn task_token(&self) -> Text { "token".into() }
    /// # }
    ///
    /// let (execution, mut variables) = (order::context(60), Object::new());
    /// variables.insert("total", 60);
    /// let context = Context::new(&execution, "Charge", &variables, &Fixed);
    /// assert_eq!(context.variable("total"), Some(&Value::from(60)));
    /// assert_eq!(context.variable("receipt"), None);
    /// # }
    /// ```
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&'a Value> {
        self.variables.get(name)
    }

    /// All variables.
    #[doc(hidden)]
    pub const fn variables(&self) -> &'a Object {
        self.variables
    }

    /// Sets variables for the states that follow; the state itself keeps seeing the old values.
    #[doc(hidden)]
    pub fn assign(&self, variables: Value) {
        if let Value::Object(variables) = variables {
            self.assigned.set(Some(variables));
        }
    }

    /// What has been assigned.
    #[doc(hidden)]
    pub fn take_assigned(&self) -> Option<Object> {
        self.assigned.take()
    }

    /// Whether an evaluation may go on.
    pub(crate) fn goes_on(&self) -> bool {
        self.sources.goes_on()
    }

    /// A random number in 0..1.
    #[doc(hidden)]
    pub fn random(&self) -> f64 {
        self.sources.random()
    }

    fn task_token(&self) -> &Text {
        self.task_token.get_or_init(|| self.sources.task_token())
    }

    /// The task token, if the state has looked at it.
    #[doc(hidden)]
    pub fn take_task_token(&self) -> Option<Text> {
        self.task_token.get().cloned()
    }

    /// A field; `None` where it does not exist, as `$$.Map` outside of a Map.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::engine::{Object, Text};
    /// use asl_runtime::{Context, ContextField, Sources, Timestamp, Value};
    /// # struct Fixed;
    /// # impl Sources for Fixed {
    /// #     fn now(&self) -> Timestamp { Timestamp::new(0, 0) }
    /// #     fn random(&self) -> f64 { 0.5 }
    /// #     fn task_token(&self) -> Text { "token".into() }
    /// # }
    ///
    /// let (execution, variables) = (order::context(60), Object::new());
    /// let context = Context::new(&execution, "Charge", &variables, &Fixed);
    /// assert_eq!(context.get(ContextField::StateName), Some(Value::from("Charge")));
    /// # }
    /// ```
    #[must_use]
    pub fn get(&self, field: ContextField) -> Option<Value> {
        match self.given {
            Some(given) => self.get_given(given, field),
            None => self.get_known(field),
        }
    }

    fn get_given(&self, given: &Value, field: ContextField) -> Option<Value> {
        let is_of_map = field.names().first() == Some(&"Map");
        if is_of_map && self.map_item.is_some() {
            return self.get_known(field);
        }
        let mut found = field.names().iter().try_fold(given, |value, name| value.get(name))?.clone();
        if let (Value::Object(whole), ContextField::Whole) = (&mut found, field) {
            whole.extend(self.get_known(ContextField::Map).map(|map| ("Map", map)));
        }
        Some(found)
    }

    fn get_known(&self, field: ContextField) -> Option<Value> {
        let execution = || self.execution.read();
        Some(match field {
            ContextField::Whole => self.whole(),
            ContextField::Execution => self.execution(),
            ContextField::ExecutionId => execution().id.clone().into(),
            ContextField::ExecutionInput => execution().input.clone(),
            ContextField::ExecutionName => execution().name.clone().into(),
            ContextField::ExecutionRoleArn => execution().role_arn.clone().into(),
            ContextField::ExecutionStartTime => execution().start_time.to_string().into(),
            ContextField::ExecutionRedriveCount if execution().is_synchronous => return None,
            ContextField::ExecutionRedriveCount => execution().redrive_count().into(),
            ContextField::ExecutionRedriveTime => execution().redrive.as_ref()?.time.to_string().into(),
            ContextField::StateMachine => self.state_machine(),
            ContextField::StateMachineId => execution().state_machine_id.clone().into(),
            ContextField::StateMachineName => execution().state_machine_name.clone().into(),
            ContextField::State => self.state(),
            ContextField::StateName => Text::new_static(self.state_name).into(),
            ContextField::StateEnteredTime => self.entered_time().to_string().into(),
            ContextField::StateRetryCount => self.retry_count?.into(),
            ContextField::Task => object([("Token", self.field(ContextField::TaskToken))]),
            ContextField::TaskToken => self.task_token().clone().into(),
            ContextField::Map => object([("Item", self.map_item()?)]),
            ContextField::MapItem => self.map_item()?,
            ContextField::MapItemIndex => index(self.map_item?).into(),
            ContextField::MapItemKey => self.map_item?.origin.as_ref()?.key.clone()?.into(),
            ContextField::MapItemSource => self.map_item?.origin.as_ref()?.source.clone().into(),
            ContextField::MapItemValue => self.map_item?.value.clone(),
        })
    }

    fn field(&self, field: ContextField) -> Value {
        self.get(field).unwrap_or_default()
    }

    fn whole(&self) -> Value {
        let mut whole: Object = [
            ("Execution", self.execution()),
            ("StateMachine", self.state_machine()),
            ("State", self.state()),
        ]
        .into_iter()
        .collect();
        whole.extend(self.get(ContextField::Map).map(|map| ("Map", map)));
        whole.into()
    }

    fn execution(&self) -> Value {
        let mut execution: Object = [
            ("Id", self.field(ContextField::ExecutionId)),
            ("Input", self.field(ContextField::ExecutionInput)),
            ("StartTime", self.field(ContextField::ExecutionStartTime)),
            ("Name", self.field(ContextField::ExecutionName)),
            ("RoleArn", self.field(ContextField::ExecutionRoleArn)),
        ]
        .into_iter()
        .collect();
        execution.extend(self.get(ContextField::ExecutionRedriveCount).map(|count| ("RedriveCount", count)));
        execution.extend(self.get(ContextField::ExecutionRedriveTime).map(|time| ("RedriveTime", time)));
        execution.into()
    }

    fn state_machine(&self) -> Value {
        object([
            ("Id", self.field(ContextField::StateMachineId)),
            ("Name", self.field(ContextField::StateMachineName)),
        ])
    }

    fn state(&self) -> Value {
        let mut state: Object = [
            ("Name", self.field(ContextField::StateName)),
            ("EnteredTime", self.field(ContextField::StateEnteredTime)),
        ]
        .into_iter()
        .collect();
        state.extend(self.retry_count.map(|count| ("RetryCount", count)));
        state.into()
    }

    fn map_item(&self) -> Option<Value> {
        let item = self.map_item?;
        let mut fields: Object = [("Index", Value::from(index(item)))].into_iter().collect();
        let origin = item.origin.as_ref();
        fields.extend(origin.and_then(|origin| origin.key.clone()).map(|key| ("Key", key)));
        fields.insert("Value", item.value.clone());
        fields.extend(origin.map(|origin| ("Source", origin.source.clone())));
        Some(fields.into())
    }
}

fn index(item: &MapItem) -> u64 {
    u64::try_from(item.index).unwrap_or(u64::MAX)
}

fn object<const N: usize>(fields: [(&'static str, Value); N]) -> Value {
    crate::generated::template::object(fields)
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Context").field(&self.whole()).finish()
    }
}

#[cfg(test)]
pub(crate) mod tests;
