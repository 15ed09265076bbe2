//! A single state, tried by itself: what its data is on the way through its fields, and what comes of it.
//!
//! In: a machine whose states tell their stages (`Options::tell_stages` of the compiler), and a [`Trial`]: a state, its input, the variables, the
//! context object, and what comes of the effect that it asks for. Out: what was [`Tried`]. There is no execution around it, and nothing is done.

use crate::codec::{record, variants};
use crate::context::{Context, ExecutionContext, ItemOrigin, MapItem, Sources};
use crate::error::{Error, TaskError};
use crate::machine::{Effect, Iterations, StateInfo, StateType, Transition};
use crate::map_run::batcher::Batcher;
use crate::map_run::item::{Given, Item};
use crate::map_run::{MapRun, MapRunSettings, Tolerance};
use crate::program::{Program, StateId};
use crate::random::{Random, token_of};
use crate::retry;
use crate::task::Task;
use asl_language::timestamp::Timestamp;
use asl_value::{Array, Object, Text, Value};
use std::cell::RefCell;
use std::fmt::{self, Display, Formatter};

/// A place between two fields of a state, where its data is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The effective input, after `InputPath`.
    AfterInputPath,
    /// After `Parameters` or `Arguments`.
    AfterParameters,
    /// The items of a Map, after `ItemsPath`.
    AfterItemsPath,
    /// The inputs of iterations, after `ItemSelector`.
    AfterItemSelector,
    /// The inputs of iterations, after `ItemBatcher`.
    AfterItemBatcher,
    /// The raw result.
    Result,
    /// After `ResultSelector`.
    AfterResultSelector,
    /// After `ResultPath`.
    AfterResultPath,
}

variants!(Stage {
    0 AfterInputPath,
    1 AfterParameters,
    2 AfterItemsPath,
    3 AfterItemSelector,
    4 AfterItemBatcher,
    5 Result,
    6 AfterResultSelector,
    7 AfterResultPath,
});

/// What is to be tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// The name of the state.
    pub state: Text,
    /// Its input.
    pub input: Value,
    /// The variables that it sees.
    pub variables: Object,
    /// The whole context object.
    pub context: Value,
    /// The time.
    pub now: Timestamp,
    /// Where chance begins.
    pub chance: u64,
    /// What comes of what the state asks for; `None` as long as that is not known.
    pub outcome: Option<Result<Value, TaskError>>,
    /// How often the retrier that the error is for has tried already.
    pub retries: u32,
    /// What the `ItemReader` of a Map has read.
    pub items: Option<Value>,
    /// How many iterations of a Map have failed.
    pub failed_iterations: u64,
}

record!(Trial { state, input, variables, context, now, chance, outcome, retries, items, failed_iterations });

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tried {
    /// What the data was, in the order in which the state came there.
    pub stages: Vec<(Stage, Value)>,
    /// The numbers of a Map, as far as it came to evaluate them.
    pub limits: MapLimits,
    /// The variables after it.
    pub variables: Object,
    /// How it ended.
    pub end: TrialEnd,
}

record!(Tried { stages, limits, variables, end });

/// The numbers in the fields of a Map.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MapLimits {
    /// `MaxConcurrency`, 0 where there is no limit.
    pub max_concurrency: Option<u64>,
    /// `ToleratedFailureCount`
    pub tolerated_failure_count: Option<u64>,
    /// `ToleratedFailurePercentage`
    pub tolerated_failure_percentage: Option<f64>,
}

record!(MapLimits { max_concurrency, tolerated_failure_count, tolerated_failure_percentage });

/// How a state ended.
#[derive(Clone, Debug, PartialEq)]
pub enum TrialEnd {
    /// It asks for a task, and no outcome was provided.
    Asks(Box<Task>),
    /// It is done.
    Succeeded {
        /// Its output.
        output: Value,
        /// The state that follows, if one does.
        next: Option<Text>,
    },
    /// An error, and what the state does about it.
    Failed {
        /// The error.
        error: Error,
        /// The number of the retrier that is for it.
        retrier: Option<usize>,
        /// What follows.
        then: AfterError,
    },
}

variants!(TrialEnd {
    0 Asks(task),
    1 Succeeded { output, next },
    2 Failed { error, retrier, then },
});

/// What a state does about an error.
#[derive(Clone, Debug, PartialEq)]
pub enum AfterError {
    /// Nothing.
    Fails,
    /// It tries again.
    Retries {
        /// After so many seconds.
        seconds: f64,
    },
    /// A catcher catches it.
    Catches {
        /// Its number.
        catcher: usize,
        /// The input of the state that follows.
        output: Value,
        /// That state.
        next: Option<Text>,
    },
}

variants!(AfterError {
    0 Fails,
    1 Retries { seconds },
    2 Catches { catcher, output, next },
});

/// A machine has no state of this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownState(pub Text);

impl Display for UnknownState {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "there is no state `{}`", self.0)
    }
}

impl std::error::Error for UnknownState {}

/// Tries a state.
///
/// # Errors
/// The machine has no such state.
pub fn run(program: &dyn Program, trial: &Trial) -> Result<Tried, UnknownState> {
    let states = program.states();
    let found = states.iter().zip(0..).find(|(info, _)| info.name == &*trial.state);
    let Some((info, id)) = found else { return Err(UnknownState(trial.state.clone())) };
    Ok(Attempt::new(program, trial, info, id).run())
}

/// The state on its way.
struct Attempt<'a> {
    program: &'a dyn Program,
    trial: &'a Trial,
    info: &'static StateInfo,
    id: StateId,
    execution: ExecutionContext,
    watch: Watch,
    limits: MapLimits,
    variables: Object,
}

/// What the state asks of the world: the time, chance, and a listener for its stages.
struct Watch {
    now: Timestamp,
    random: Random,
    chance: u64,
    stages: RefCell<Vec<(Stage, Value)>>,
}

impl Sources for Watch {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn random(&self) -> f64 {
        self.random.number()
    }

    fn passed(&self, stage: Stage, value: &Value) {
        self.stages.borrow_mut().push((stage, value.clone()));
    }

    fn task_token(&self) -> Text {
        token_of([self.chance, 0, 0])
    }
}

impl<'a> Attempt<'a> {
    fn new(program: &'a dyn Program, trial: &'a Trial, info: &'static StateInfo, id: StateId) -> Self {
        let execution = ExecutionContext {
            id: Text::new_static("").into(),
            name: Text::new_static("").into(),
            input: Value::Null,
            role_arn: Text::new_static(""),
            start_time: trial.now,
            state_machine_id: Text::new_static(""),
            state_machine_name: Text::new_static(""),
            redrive: None,
            is_synchronous: false,
        };
        let watch = Watch {
            now: trial.now,
            random: Random::new(trial.chance),
            chance: trial.chance,
            stages: RefCell::default(),
        };
        let variables = trial.variables.clone();
        Self { program, trial, info, id, execution, watch, limits: MapLimits::default(), variables }
    }

    fn run(mut self) -> Tried {
        let end = match self.through() {
            Ok(end) => end,
            Err(error) => self.met(error),
        };
        Tried { stages: self.watch.stages.take(), limits: self.limits, variables: self.variables, end }
    }

    fn context<'c>(&'c self, variables: &'c Object, item: Option<&'c MapItem>) -> Context<'c> {
        Context::new(&self.execution, self.info.name, variables, &self.watch)
            .given(&self.trial.context)
            .with_map_item(item)
    }

    fn tell(&self, stage: Stage, value: &Value) {
        self.watch.passed(stage, value);
    }

    /// The whole way, up to an error.
    fn through(&mut self) -> Result<TrialEnd, Error> {
        let mut data = self.trial.input.clone();
        let (entered, assigned) = {
            let context = self.context(&self.trial.variables, None);
            (self.program.enter(self.id, &mut data, &context), context.take_assigned())
        };
        let mut result = match entered? {
            Effect::Go(transition) => return Ok(self.gone(data, transition, assigned)),
            Effect::Task(task) => {
                self.tell(Stage::AfterParameters, &task.parameters);
                match &self.trial.outcome {
                    None => return Ok(TrialEnd::Asks(task)),
                    Some(outcome) => outcome.clone()?,
                }
            }
            // Nothing waits.
            Effect::Wait(_) => Value::Null,
            Effect::Parallel { input, .. } => {
                self.tell(Stage::AfterParameters, &input);
                self.outcome()?
            }
            Effect::Map(iterations) => self.iterations(*iterations)?,
            Effect::MapRun(run) => self.map_run(*run)?,
        };
        if self.info.state_type == StateType::Task {
            self.tell(Stage::Result, &result);
        }
        let (left, assigned) = {
            let context = self.context(&self.trial.variables, None);
            (self.program.resume(self.id, &mut data, &mut result, &context), context.take_assigned())
        };
        Ok(self.gone(data, left?, assigned))
    }

    fn outcome(&self) -> Result<Value, Error> {
        Ok(self.trial.outcome.clone().unwrap_or(Ok(Value::Null))?)
    }

    fn iterations(&mut self, iterations: Iterations<StateId>) -> Result<Value, Error> {
        let Iterations { items, input, max_concurrency, tolerance, .. } = iterations;
        self.limits.max_concurrency = Some(number(max_concurrency));
        self.tell(Stage::AfterItemsPath, &Value::Array(items.clone()));
        let inputs = items.iter().enumerate().map(|(index, value)| MapItem::new(index, value.clone()));
        self.select(inputs, &input)?;
        let tolerance = tolerance.transpose()?;
        let (count, percentage) = tolerance.map_or((None, None), |tolerance| tolerance.limits());
        self.results(count, percentage)
    }

    fn map_run(&mut self, run: MapRun<StateId>) -> Result<Value, Error> {
        let MapRun { items, input, max_concurrency, settings, .. } = run;
        self.limits.max_concurrency = Some(number(max_concurrency));
        if let Some(items) = &items {
            self.tell(Stage::AfterItemsPath, items);
        }
        let settings = settings?;
        let given = match items.or_else(|| self.trial.items.clone()) {
            Some(Value::Array(elements)) => Given::Elements(elements),
            Some(Value::Object(fields)) => Given::Fields(fields),
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => {
                Given::Elements(Array::default())
            }
        };
        let found: Vec<Item> = (0..).map_while(|index| given.get(index)).collect();
        let inputs = found.iter().enumerate().map(|(index, item)| MapItem {
            origin: Some(Box::new(ItemOrigin { key: item.key.clone(), source: item.source.clone() })),
            ..MapItem::new(index, item.value.clone())
        });
        let selected = self.select(inputs, &input)?;
        let MapRunSettings { tolerated_failure_count, tolerated_failure_percentage, item_batcher, .. } =
            settings;
        if item_batcher.is_some() {
            let mut batcher = Batcher::new(item_batcher);
            let mut batches: Vec<Value> =
                selected.into_iter().filter_map(|item| Some(batcher.push(item, 0)?.input)).collect();
            batches.extend(batcher.finish().map(|batch| batch.input));
            self.tell(Stage::AfterItemBatcher, &Value::Array(batches.into_iter().collect()));
        }
        self.results(tolerated_failure_count, tolerated_failure_percentage)
    }

    /// The inputs of the iterations.
    fn select(&self, items: impl Iterator<Item = MapItem>, input: &Value) -> Result<Vec<Value>, Error> {
        let mut selected = Vec::new();
        for item in items {
            let context = self.context(&self.trial.variables, Some(&item));
            selected.push(self.program.select_item(self.id, input, item.value.clone(), &context)?);
        }
        self.tell(Stage::AfterItemSelector, &Value::Array(selected.iter().cloned().collect()));
        Ok(selected)
    }

    /// The array of all results, unless too many iterations have failed. Without a limit any number may.
    fn results(&mut self, count: Option<u64>, percentage: Option<f64>) -> Result<Value, Error> {
        self.limits.tolerated_failure_count = count;
        self.limits.tolerated_failure_percentage = percentage;
        let results = self.outcome()?;
        let total = results.as_array().map(|results| u64::try_from(results.len()).unwrap_or(u64::MAX));
        let is_limited = count.is_some() || percentage.is_some();
        if is_limited && Tolerance::new(count, percentage).is_exceeded(self.trial.failed_iterations, total) {
            return Err(Tolerance::error());
        }
        Ok(results)
    }

    fn gone(&mut self, output: Value, transition: Transition<StateId>, assigned: Option<Object>) -> TrialEnd {
        self.assign(assigned);
        TrialEnd::Succeeded { output, next: self.name_of(transition) }
    }

    fn assign(&mut self, assigned: Option<Object>) {
        if let Some(assigned) = assigned {
            self.variables.merge(&assigned);
        }
    }

    fn name_of(&self, transition: Transition<StateId>) -> Option<Text> {
        match transition {
            Transition::End => None,
            Transition::Next(id) => self.program.info(id).ok().map(|info| Text::new_static(info.name)),
        }
    }

    /// What the state does about an error: the retrier that is for it counts even where it has tried often enough.
    fn met(&mut self, error: Error) -> TrialEnd {
        let is_met = self.info.state_type.has_retriers();
        let retrier = retry::retrier(self.info.retry, &error).filter(|_| is_met);
        if let Some(number) = retrier {
            let mut attempts = vec![0; self.info.retry.len()];
            if let Some(attempts) = attempts.get_mut(number) {
                *attempts = self.trial.retries;
            }
            let random = || self.watch.random();
            if let Some(retry) = retry::next(self.info.retry, &mut attempts, &error, random) {
                let then = AfterError::Retries { seconds: retry.delay.as_secs_f64() };
                return TrialEnd::Failed { error, retrier, then };
            }
        }
        let Some(catcher) = retry::catcher(self.info.catch, &error).filter(|_| is_met) else {
            return TrialEnd::Failed { error, retrier, then: AfterError::Fails };
        };
        let mut output = self.trial.input.clone();
        let (caught, assigned) = {
            let context = self.context(&self.trial.variables, None);
            let caught = self.program.catch(self.id, &mut output, catcher, error.output(), &context);
            (caught, context.take_assigned())
        };
        match caught {
            Ok(transition) => {
                self.assign(assigned);
                let next = self.name_of(transition);
                TrialEnd::Failed { error, retrier, then: AfterError::Catches { catcher, output, next } }
            }
            Err(error) => TrialEnd::Failed { error, retrier: None, then: AfterError::Fails },
        }
    }
}

/// `MaxConcurrency` as it is written.
fn number(max_concurrency: Option<usize>) -> u64 {
    max_concurrency.map_or(0, |number| u64::try_from(number).unwrap_or(u64::MAX))
}
