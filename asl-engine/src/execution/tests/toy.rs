//! Machines that came of chance, of all that can be asked for.

use crate::context::{Context, ContextField, MapItem};
use crate::error::Error;
use crate::generated::action::{Action, Job};
use crate::machine::{Effect, Iterations, StateInfo, StateType, Transition, Until};
use crate::map_run::{
    ExecutionType, ItemBatcher, ItemReader, ItemSource, MapRun, MapRunSettings, ResultWriter, Tolerance,
    WriterTransformation,
};
use crate::program::{Advance, Program, StateId};
use crate::random::{STEP, mix};
use crate::retry::{Catcher, Retrier};
use crate::task::Task;
use crate::turn::{Position, Turn};
use asl_value::{Object, Text, Value};
use std::time::Duration;

/// Chance that is the same in every run.
#[derive(Clone, Debug)]
pub(crate) struct Dice {
    seed: u64,
    /// What is thrown first, the last one at the start: a fuzzer chooses it.
    chosen: Vec<u8>,
}

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { seed, chosen: Vec::new() }
    }

    /// What is thrown is two bytes each time, as long as there are some.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self { seed: 0, chosen: bytes.iter().rev().copied().collect() }
    }

    pub(crate) fn next(&mut self) -> u64 {
        if let (Some(low), Some(high)) = (self.chosen.pop(), self.chosen.pop()) {
            return u64::from(high) << 8 | u64::from(low);
        }
        self.seed = self.seed.wrapping_add(STEP);
        mix(self.seed)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }

    /// True in so many of a hundred cases.
    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

pub(crate) struct Toy {
    name: &'static str,
    timeout: Option<Duration>,
    states: Vec<ToyState>,
}

struct ToyState {
    info: &'static StateInfo,
    next: Option<StateId>,
    /// How many percent of its evaluations fail, and how many looks at the clock they take.
    fails: usize,
    looks: u32,
    kind: ToyKind,
}

#[derive(Clone, Debug)]
enum ToyKind {
    Pass {
        assigns: bool,
    },
    /// Goes back, until it has been here so often.
    Count {
        back: StateId,
        most: i64,
    },
    Wait {
        seconds: u64,
        moment: bool,
    },
    Succeed,
    Fail,
    Task {
        resource: &'static str,
        timeout: Option<u64>,
        heartbeat: Option<u64>,
    },
    Parallel {
        branches: Vec<StateId>,
    },
    Map {
        processor: StateId,
        items: usize,
        concurrency: Option<usize>,
        tolerated: Option<u64>,
        invalid: bool,
    },
    MapRun {
        processor: StateId,
        items: Option<(usize, bool)>,
        concurrency: Option<usize>,
        settings: Option<Box<MapRunSettings>>,
    },
}

pub(crate) const RESOURCES: &[&str] = &[
    "arn:aws:lambda:us-east-1:123456789012:function:Charge",
    "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    "arn:aws:states:::glue:startJobRun.sync",
    "arn:aws:states:us-east-1:123456789012:activity:Approve",
    "arn:aws:states:::dynamodb:getItem",
];

pub(crate) const ERRORS: &[&str] = &["A", "B", "C"];

static RETRY: &[Retrier] = &[
    Retrier {
        error_equals: &["A", "States.Timeout"],
        interval_seconds: 1,
        max_attempts: 2,
        backoff_rate: 2.0,
        max_delay_seconds: Some(20),
        full_jitter: false,
    },
    Retrier {
        error_equals: &["States.ALL"],
        interval_seconds: 3,
        max_attempts: 1,
        backoff_rate: 1.0,
        max_delay_seconds: None,
        full_jitter: true,
    },
];
static CATCH: &[Catcher] = &[Catcher { error_equals: &["B"] }, Catcher { error_equals: &["States.ALL"] }];

impl Toy {
    pub(crate) fn random(seed: u64) -> &'static dyn Program {
        let mut dice = Dice::new(seed);
        let mut toy = Self {
            name: if dice.percent(50) { "Toy" } else { "A toy with a name of more than twenty-three bytes" },
            timeout: dice.percent(20).then(|| Duration::from_secs(500)),
            states: Vec::new(),
        };
        toy.line(&mut dice, 3);
        Box::leak(Box::new(toy))
    }

    /// A Map over items that each wait for a task.
    #[cfg(test)]
    pub(crate) fn wide(items: usize) -> &'static dyn Program {
        let mut toy = Self { name: "Wide", timeout: None, states: Vec::new() };
        let map = ToyKind::Map { processor: 1, items, concurrency: None, tolerated: None, invalid: false };
        toy.push("Each", None, map);
        toy.push(
            "Charge",
            None,
            ToyKind::Task { resource: RESOURCES[0], timeout: Some(60), heartbeat: None },
        );
        toy.states.iter_mut().for_each(|state| state.fails = 0);
        Box::leak(Box::new(toy))
    }

    /// A distributed Map over items that are read.
    #[cfg(test)]
    pub(crate) fn reading() -> &'static dyn Program {
        let mut toy = Self { name: "Reading", timeout: None, states: Vec::new() };
        let settings =
            MapRunSettings { item_batcher: None, result_writer: None, ..settings(&mut Dice::new(1)) };
        let settings = Some(Box::new(settings));
        toy.push("Each", None, ToyKind::MapRun { processor: 1, items: None, concurrency: None, settings });
        toy.push("Keep", None, ToyKind::Succeed);
        Box::leak(Box::new(toy))
    }

    /// A state that takes longer than any test waits.
    #[cfg(test)]
    pub(crate) fn endless() -> &'static dyn Program {
        let mut toy = Self { name: "Endless", timeout: Some(Duration::from_secs(9)), states: Vec::new() };
        toy.push("Think", None, ToyKind::Task { resource: RESOURCES[0], timeout: None, heartbeat: None });
        toy.states[0].looks = u32::MAX;
        Box::leak(Box::new(toy))
    }

    fn push(&mut self, name: &str, next: Option<StateId>, kind: ToyKind) -> StateId {
        let id = StateId::try_from(self.states.len()).unwrap();
        self.states.push(ToyState { info: info(name, &kind, false, false), next, fails: 0, looks: 0, kind });
        id
    }

    /// States one after the other; returns the first one.
    fn line(&mut self, dice: &mut Dice, depth: usize) -> StateId {
        let length = 1 + dice.below(4);
        let first = StateId::try_from(self.states.len()).unwrap();
        let mut before: Option<StateId> = None;
        for _ in 0..length {
            let id = self.push("", None, ToyKind::Succeed);
            if let Some(before) = before {
                self.states[usize::from(before)].next = Some(id);
            }
            before = Some(id);
            let kind = self.kind(dice, depth, first);
            let name = match dice.below(3) {
                0 => format!("{id}"),
                1 => format!("State {id}"),
                _ => format!("A state with a long name, number {id}"),
            };
            let state = &mut self.states[usize::from(id)];
            state.info = info(&name, &kind, dice.percent(50), dice.percent(50));
            state.fails = if dice.percent(20) { 20 } else { 0 };
            state.looks = if dice.percent(20) { 150 } else { 0 };
            state.kind = kind;
        }
        first
    }

    fn kind(&mut self, dice: &mut Dice, depth: usize, first: StateId) -> ToyKind {
        let concurrency = dice.one_of(&[None, None, Some(0), Some(1), Some(2), Some(5)]);
        let time = |dice: &mut Dice| dice.percent(40).then(|| u64::try_from(1 + dice.below(60)).unwrap());
        match dice.below(if depth > 0 { 16 } else { 9 }) {
            0 | 1 => ToyKind::Pass { assigns: dice.percent(50) },
            2 => ToyKind::Count { back: first, most: i64::try_from(dice.below(9)).unwrap() },
            3 => ToyKind::Wait { seconds: u64::try_from(dice.below(50)).unwrap(), moment: dice.percent(30) },
            4 if dice.percent(30) => ToyKind::Succeed,
            4 if dice.percent(30) => ToyKind::Fail,
            4..9 => {
                ToyKind::Task { resource: dice.one_of(RESOURCES), timeout: time(dice), heartbeat: time(dice) }
            }
            9..12 => ToyKind::Parallel {
                branches: (0..dice.below(4)).map(|_| self.line(dice, depth - 1)).collect(),
            },
            12..14 => ToyKind::Map {
                processor: self.line(dice, depth - 1),
                items: dice.one_of(&[0, 1, 2, 3, 7, 40]),
                concurrency,
                tolerated: dice.percent(50).then(|| u64::try_from(dice.below(4)).unwrap()),
                invalid: dice.percent(5),
            },
            _ => ToyKind::MapRun {
                processor: self.line(dice, depth - 1),
                items: dice.percent(70).then(|| (dice.below(9), dice.percent(50))),
                concurrency,
                settings: dice.percent(95).then(|| Box::new(settings(dice))),
            },
        }
    }

    fn at(&self, id: StateId) -> Result<&ToyState, Error> {
        self.states.get(usize::from(id)).ok_or_else(|| Error::runtime("there is no such state"))
    }
}

fn info(name: &str, kind: &ToyKind, retries: bool, catches: bool) -> &'static StateInfo {
    let state_type = match kind {
        ToyKind::Pass { .. } => StateType::Pass,
        ToyKind::Count { .. } => StateType::Choice,
        ToyKind::Wait { .. } => StateType::Wait,
        ToyKind::Succeed => StateType::Succeed,
        ToyKind::Fail => StateType::Fail,
        ToyKind::Task { .. } => StateType::Task,
        ToyKind::Parallel { .. } => StateType::Parallel,
        ToyKind::Map { .. } | ToyKind::MapRun { .. } => StateType::Map,
    };
    let has = state_type.has_retriers();
    Box::leak(Box::new(StateInfo {
        name: String::leak(name.to_owned()),
        state_type,
        retry: if retries && has { RETRY } else { &[] },
        catch: if catches && has { CATCH } else { &[] },
        asks_for_context: true,
    }))
}

fn settings(dice: &mut Dice) -> MapRunSettings {
    MapRunSettings {
        label: dice.percent(50).then(|| Text::new_static("Rows")),
        execution_type: dice.one_of(&[ExecutionType::Standard, ExecutionType::Express]),
        tolerated_failure_count: dice.percent(50).then(|| u64::try_from(dice.below(4)).unwrap()),
        tolerated_failure_percentage: dice.percent(20).then_some(50.0),
        item_reader: Some(ItemReader {
            resource: ItemSource::GetObject,
            parameters: Value::empty_object(),
            input_type: None,
            load_and_flatten: false,
            manifest_type: None,
            csv_delimiter: b',',
            csv_headers: Some(vec![Text::new_static("a")]),
            items_pointer: Vec::new(),
            max_items: None,
        }),
        item_batcher: dice.percent(40).then(|| ItemBatcher {
            max_items: Some(u64::try_from(dice.below(4)).unwrap()),
            max_input_bytes: dice.percent(30).then_some(300),
            batch_input: dice.percent(50).then(|| Value::from("batch")),
        }),
        result_writer: dice.percent(40).then(|| ResultWriter {
            parameters: dice.percent(50).then(Value::empty_object),
            transformation: dice.one_of(&[WriterTransformation::None, WriterTransformation::Flatten]),
            json_lines: false,
        }),
    }
}

impl ToyState {
    /// An evaluation, which may fail or take long.
    fn evaluate(&self, context: &Context<'_>) -> Result<(), Error> {
        for _ in 0..self.looks {
            if !context.goes_on() {
                return Err(Error::interruption());
            }
        }
        let drawn = context.random();
        if drawn * 100.0 >= self.fails as f64 {
            return Ok(());
        }
        Err(match drawn * 1000.0 {
            ..20.0 => Error::runtime("a path leads nowhere"),
            ..100.0 => Error::query("an expression returns no number".into(), Some("Output/total")),
            _ => Error::catchable("A", Some("raised".into())),
        })
    }

    fn transition(&self) -> Transition<StateId> {
        self.next.map_or(Transition::End, Transition::Next)
    }

    fn ask(&self, data: &Value, context: &Context<'_>) -> Result<Effect<StateId>, Error> {
        let seconds = |seconds: Option<u64>| seconds.map(Duration::from_secs);
        Ok(match &self.kind {
            ToyKind::Task { resource, timeout, heartbeat } => {
                let mut parameters = object(data);
                if resource.ends_with("Token") {
                    parameters.insert("token", context.get(ContextField::TaskToken).unwrap_or_default());
                }
                let task = Task::new(Text::new_static(resource), parameters.into());
                Effect::Task(Box::new(task.within(seconds(*timeout), seconds(*heartbeat))))
            }
            ToyKind::Wait { seconds, moment } => Effect::Wait(if *moment {
                Until::Moment(context.entered_time().plus(Duration::from_secs(*seconds)))
            } else {
                Until::Elapsed(Duration::from_secs(*seconds))
            }),
            ToyKind::Parallel { branches } => {
                Effect::Parallel { branches: branches.clone(), input: data.clone() }
            }
            ToyKind::Map { processor, items, concurrency, tolerated, invalid } => {
                let error = || Error::query("no number".into(), Some("ToleratedFailureCount"));
                let tolerance = tolerated.map(|count| Ok(Tolerance::new(Some(count), None)));
                Effect::Map(Box::new(Iterations {
                    processor: *processor,
                    items: (0..*items).map(|number| item(number, data)).collect(),
                    input: data.clone(),
                    max_concurrency: *concurrency,
                    tolerance: if *invalid { Some(Err(error())) } else { tolerance },
                }))
            }
            ToyKind::MapRun { processor, items, concurrency, settings } => Effect::MapRun(Box::new(MapRun {
                processor: *processor,
                items: items.map(|(count, of_object)| given(count, of_object, data)),
                input: data.clone(),
                max_concurrency: *concurrency,
                settings: settings
                    .as_deref()
                    .cloned()
                    .ok_or_else(|| Error::query("no label".into(), Some("Label"))),
            })),
            ToyKind::Pass { .. } | ToyKind::Count { .. } | ToyKind::Succeed | ToyKind::Fail => {
                Effect::Go(self.transition())
            }
        })
    }
}

fn item(number: usize, data: &Value) -> Value {
    let text = "an item with a text of more than twenty-three bytes";
    match number % 4 {
        0 => number_of(data).into(),
        1 => data.clone(),
        2 => text.into(),
        _ => Value::from_json(&format!(r#"{{"number":{number}}}"#)).unwrap(),
    }
}

fn given(count: usize, of_object: bool, data: &Value) -> Value {
    let items = (0..count).map(|number| item(number, data));
    if of_object {
        Value::Object(
            (0..).zip(items).map(|(number, item): (usize, _)| (format!("key {number}"), item)).collect(),
        )
    } else {
        Value::Array(items.collect())
    }
}

fn object(data: &Value) -> Object {
    data.as_object().cloned().unwrap_or_default()
}

fn number_of(data: &Value) -> i64 {
    data.get("number").and_then(Value::as_i64).unwrap_or(0)
}

fn put(data: &mut Value, key: &'static str, value: impl Into<Value>) {
    let mut fields = object(data);
    let value = value.into();
    // Data that only grows says nothing more after a while.
    let is_small = value.size().weight < 60;
    fields.insert(key, if is_small { value } else { Value::Null });
    *data = fields.into();
}

impl Program for Toy {
    fn name(&self) -> &'static str {
        self.name
    }

    fn start_at(&self) -> StateId {
        0
    }

    fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    fn definition(&self) -> &'static str {
        ""
    }

    fn info(&self, state: StateId) -> Result<&'static StateInfo, Error> {
        self.at(state).map(|state| state.info)
    }

    fn action(&self, _state: StateId) -> (Option<&'static Action>, Option<&'static Job>) {
        (None, None)
    }

    fn advance(&self, at: &mut Position, turn: &Turn<'_>, item: Option<&MapItem>) -> Result<Advance, Error> {
        for _ in 0..turn.transitions() {
            let info = self.info(at.state)?;
            turn.enter(at, info);
            let context = turn.context(info, &at.variables, 0, item);
            let entered = self.enter(at.state, &mut at.data, &context);
            let (assigned, entered_time) = (context.take_assigned(), context.known_entered_time());
            match entered {
                Ok(Effect::Go(transition)) => {
                    at.assign(assigned.as_ref());
                    turn.exit(at, info, assigned)?;
                    match transition {
                        Transition::Next(next) => at.state = next,
                        Transition::End => return Ok(Advance::Ended),
                    }
                }
                Ok(effect) => {
                    at.task_token = context.take_task_token().map(Box::new);
                    at.assign(assigned.as_ref());
                    at.entered_time = Some(entered_time.unwrap_or_else(|| turn.now()));
                    return Ok(Advance::Asked(Ok(effect)));
                }
                Err(error) => {
                    at.entered_time = entered_time;
                    if error.is_interruption() {
                        at.is_entered = true;
                        return Ok(Advance::Interrupted);
                    }
                    let is_met = info.state_type.has_retriers() && !error.is_fatal();
                    return if is_met { Ok(Advance::Asked(Err(error))) } else { Err(error) };
                }
            }
        }
        Ok(Advance::Yielded)
    }

    fn enter(
        &self,
        state: StateId,
        data: &mut Value,
        context: &Context<'_>,
    ) -> Result<Effect<StateId>, Error> {
        let state = self.at(state)?;
        state.evaluate(context)?;
        match &state.kind {
            ToyKind::Pass { assigns } => {
                if *assigns {
                    let text = "a text of a variable of more than twenty-three bytes";
                    let variables: Object = [
                        ("drawn", Value::from(context.random())),
                        ("data", data.clone()),
                        ("text", text.into()),
                    ]
                    .into_iter()
                    .collect();
                    context.assign(variables.into());
                }
                put(data, "drawn", context.random());
                put(data, "entered", context.entered_time().to_string());
            }
            ToyKind::Count { back, most } => {
                let number = number_of(data);
                put(data, "number", number.wrapping_add(1));
                if (0..*most).contains(&number) {
                    return Ok(Effect::Go(Transition::Next(*back)));
                }
            }
            ToyKind::Succeed => return Ok(Effect::Go(Transition::End)),
            ToyKind::Fail => return Err(Error::catchable("B", None)),
            ToyKind::Wait { .. }
            | ToyKind::Task { .. }
            | ToyKind::Parallel { .. }
            | ToyKind::Map { .. }
            | ToyKind::MapRun { .. } => {}
        }
        state.ask(data, context)
    }

    fn resume(
        &self,
        state: StateId,
        data: &mut Value,
        result: &mut Value,
        context: &Context<'_>,
    ) -> Result<Transition<StateId>, Error> {
        let state = self.at(state)?;
        state.evaluate(context)?;
        put(data, "result", std::mem::take(result));
        put(data, "variable", context.variable("drawn").cloned().unwrap_or_default());
        Ok(state.transition())
    }

    fn catch(
        &self,
        state: StateId,
        data: &mut Value,
        catcher: usize,
        error_output: Value,
        context: &Context<'_>,
    ) -> Result<Transition<StateId>, Error> {
        let state = self.at(state)?;
        state.evaluate(context)?;
        put(data, "caught", error_output);
        put(data, "catcher", u64::try_from(catcher).unwrap());
        Ok(state.transition())
    }

    fn select_item(
        &self,
        state: StateId,
        input: &Value,
        item: Value,
        context: &Context<'_>,
    ) -> Result<Value, Error> {
        self.at(state)?.evaluate(context)?;
        let mut selected = Value::empty_object();
        put(&mut selected, "item", item);
        put(&mut selected, "number", number_of(input));
        put(&mut selected, "index", context.get(ContextField::MapItemIndex).unwrap_or_default());
        Ok(selected)
    }
}
