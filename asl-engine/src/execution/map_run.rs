//! The distributed Map: child executions, as many at once as allowed, their items read while they run.

use super::advance::Came;
use super::lane::{Doing, Lane, LaneKey, LaneStep};
use super::redrive::Remains;
use super::{EffectId, Execution, Items, Outcome, Ready, StartPart, Want};
use crate::Shared;
use crate::codec::record;
use crate::context::{ExecutionContext, ItemOrigin, MapItem};
use crate::error::{Error, ExecutionError, Status, TaskError};
use crate::history::{EventDetails, Told};
use crate::map_run::batcher::{Batch, Batcher};
use crate::map_run::item::{Given, Item};
use crate::map_run::names::Names;
use crate::map_run::results::Collected;
use crate::map_run::{
    ExecutionType, ItemReader, MapRun, MapRunLimits, MapRunProgress, MapRunSettings, ResultWriter, Tolerance,
};
use crate::program::StateId;
use crate::random::{STEP, mix, unit, uuid};
use crate::turn::{Moment, Pace, Turn, WorkPart};
use asl_language::limits::RUNNING_WEIGHT;
use asl_language::timestamp::Timestamp;
use asl_value::{Text, Value};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// How many child executions run at once where the definition sets no limit. AWS runs 10,000.
const MAX_CONCURRENCY: usize = 1000;
/// How long an execution of the type EXPRESS may take.
const EXPRESS: Duration = Duration::from_secs(300);

/// A Map Run that begins.
#[derive(Clone, Debug, PartialEq)]
pub struct MapRunStart {
    /// Its name as an effect.
    pub effect: EffectId,
    /// `arn:aws:states:..:mapRun:Machine/Label:uuid`
    pub map_run_arn: Text,
    /// The last part of the ARN.
    pub name: Text,
    /// What its items are read from; without it, they are in the execution already, and never asked for.
    pub item_reader: Option<ItemReader>,
    /// How many items have been read before, and are passed over.
    pub read: u64,
    /// Where the results are written; without it, the execution keeps them itself.
    pub result_writer: Option<ResultWriter>,
}

record!(MapRunStart { effect, map_run_arn, name, item_reader, read, result_writer });

/// A child execution of a Map Run that is to be run.
#[derive(Clone, Debug, PartialEq)]
pub struct ChildStart {
    /// Whose child it is.
    pub effect: EffectId,
    /// Counts from 0 in the order in which the executions are started.
    pub index: u64,
    /// The number of items in its input.
    pub items: u64,
    /// How much there is in these items, as they were read.
    pub weight: u64,
    /// Its ARN, name, input and start time, and its machine.
    pub context: ExecutionContext,
    /// What is run of the machine.
    pub part: StartPart,
}

record!(ChildStart { effect, index, items, weight, context, part });

/// A child execution of a Map Run that has ended.
#[derive(Clone, Debug, PartialEq)]
pub struct ChildEnd {
    /// Its number.
    pub index: u64,
    /// Its output, or how it failed.
    pub result: Result<Value, ExecutionError>,
    /// When it ended.
    pub stop_date: Timestamp,
    /// How many results have been written so far, or why that failed.
    pub written: Result<u64, TaskError>,
}

record!(ChildEnd { index, result, stop_date, written });

/// Children that did not succeed.
#[derive(Debug, Default)]
pub(super) struct Unsuccessful {
    pub(super) children: BTreeMap<u64, (Status, Shared<ChildStart>)>,
    weight: u64,
}

impl Unsuccessful {
    /// What a child takes beside its items.
    const CHILD: u64 = 16;

    /// Keeps a child; `false` if there is too much in all of them.
    pub(super) fn keep(&mut self, status: Status, child: &Shared<ChildStart>) -> bool {
        self.weight = self.weight.saturating_add(child.weight).saturating_add(Self::CHILD);
        self.children.insert(child.index, (status, Shared::clone(child)));
        self.weight <= RUNNING_WEIGHT
    }

    /// All of them.
    pub(super) fn take(&mut self) -> impl Iterator<Item = (Status, Shared<ChildStart>)> + use<> {
        self.weight = 0;
        std::mem::take(&mut self.children).into_values()
    }
}

/// A Map Run under way.
#[derive(Debug)]
pub(super) struct MapRunAtWork {
    pub(super) names: Names,
    pub(super) processor: StateId,
    /// The effective input of the Map state.
    pub(super) input: Value,
    pub(super) limit: usize,
    pub(super) timeout: Option<Duration>,
    pub(super) tolerance: Tolerance,
    pub(super) batcher: Batcher,
    /// The items that are in the execution already, and the number of the next one.
    pub(super) given: Option<(Given, u64)>,
    pub(super) item_reader: Option<ItemReader>,
    pub(super) result_writer: Option<ResultWriter>,
    /// Items that were read, and are in no batch yet.
    pub(super) items: VecDeque<Item>,
    /// Items were asked for, and have not come yet.
    pub(super) reads: bool,
    /// The last items have come.
    pub(super) has_read: bool,
    /// How many items have come.
    pub(super) read: u64,
    /// Children that are to run once more, before others start.
    pub(super) again: VecDeque<Shared<ChildStart>>,
    /// Children that did not succeed, where they can be asked for again and are not too many.
    pub(super) unsuccessful: Option<Unsuccessful>,
    /// Batches that wait for room.
    pub(super) ready: VecDeque<Batch>,
    pub(super) running: BTreeMap<u64, Shared<ChildStart>>,
    /// How much there is in the items of those that run.
    pub(super) running_weight: u64,
    pub(super) started: u64,
    pub(super) collected: Collected,
    pub(super) progress: MapRunProgress,
    pub(super) end: MapRunEnd,
}

/// Whether a Map Run is about to end.
#[derive(Debug)]
pub(super) enum MapRunEnd {
    No,
    Succeeding,
    Failing(Error),
}

/// How many children run at once.
fn limit(limits: MapRunLimits) -> usize {
    let most = limits.max_concurrency.filter(|most| *most > 0);
    most.map_or(MAX_CONCURRENCY, |most| usize::try_from(most).unwrap_or(usize::MAX))
}

const fn tolerance(limits: MapRunLimits) -> Tolerance {
    Tolerance::new(limits.tolerated_failure_count, limits.tolerated_failure_percentage)
}

impl MapRunAtWork {
    /// Has other limits from now on, as far as these say any.
    fn change(&mut self, by: MapRunLimits) {
        let limits = self.progress.limits.changed(by);
        (self.limit, self.tolerance, self.progress.limits) = (limit(limits), tolerance(limits), limits);
    }

    /// Whether one more child may run. One always may, however much there is in its items.
    fn has_room(&self) -> bool {
        self.running.is_empty() || (self.running.len() < self.limit && self.running_weight < RUNNING_WEIGHT)
    }

    /// Whether there is something to do that nothing else has to do first.
    pub(super) fn is_ready(&self) -> bool {
        matches!(self.end, MapRunEnd::No)
            && if self.again.is_empty() && self.ready.is_empty() {
                if self.progress.all_read { self.running.is_empty() } else { !self.reads }
            } else {
                self.has_room()
            }
    }

    /// The next child that is to run once more, if it may run now.
    fn next_again(&mut self) -> Option<Shared<ChildStart>> {
        if self.has_room() { self.again.pop_front() } else { None }
    }

    pub(super) fn start(&self, effect: EffectId) -> MapRunStart {
        MapRunStart {
            effect,
            map_run_arn: self.names.map_run_arn.clone(),
            name: self.names.map_run.clone(),
            item_reader: self.item_reader.clone(),
            read: self.read,
            result_writer: self.result_writer.clone(),
        }
    }

    /// Whether the run may go on.
    fn check(&self) -> Result<(), Error> {
        let counts = &self.progress.items;
        // A percentage means nothing before the number of items is known.
        let total = self.progress.all_read.then(|| counts.total());
        let failed = counts.failed + counts.timed_out + counts.aborted;
        if self.tolerance.is_exceeded(failed, total) { Err(Tolerance::error()) } else { Ok(()) }
    }

    fn take_batch(&mut self, batch: Option<Batch>) {
        if let Some(batch) = batch {
            self.progress.executions.pending += 1;
            self.ready.push_back(batch);
        }
    }

    /// Counts an execution that has ended, and keeps its result.
    fn note(&mut self, child: &Shared<ChildStart>, ended: &ChildEnd) {
        let status = ended.result.as_ref().map_or_else(ExecutionError::status, |_| Status::Succeeded);
        for (counts, number) in [(&mut self.progress.executions, 1), (&mut self.progress.items, child.items)]
        {
            counts.running -= number;
            *counts.of(status) += number;
        }
        if status != Status::Succeeded
            && let Some(unsuccessful) = &mut self.unsuccessful
            && !unsuccessful.keep(status, child)
        {
            // Too many to be kept in memory: a redrive begins another run then (`revive_map_run`).
            self.unsuccessful = None;
        }
        let before = self.progress.executions.results_written;
        let written = if self.result_writer.is_none() {
            self.collected.put(child, ended);
            // AWS counts those that go nowhere, too.
            before + 1
        } else {
            ended.written.as_ref().copied().unwrap_or(before)
        };
        if written > before {
            self.progress.executions.results_written = written;
            self.progress.items.results_written += child.items;
        }
    }
}

impl Execution {
    pub(super) fn begin_map_run(&mut self, key: LaneKey, lane: &mut Lane, run: MapRun<StateId>) {
        let length = run.length();
        self.event(&mut lane.at.last_event, || EventDetails::MapStateStarted { length });
        match self.new_map_run(lane, run) {
            Err(error) => self.again(key, lane, Doing::Turn(LaneStep::Settle(Err(error)))),
            Ok(at_work) => {
                let map_run_arn = at_work.names.map_run_arn.clone();
                self.event(&mut lane.at.last_event, || EventDetails::MapRunStarted { map_run_arn });
                self.tell_progress(&at_work);
                self.wants.push_back(Want::MapRun(Box::new(at_work.start(lane.effect()))));
                lane.doing = Doing::MapRun(at_work);
                self.ready.push_back(Ready::Map(key));
            }
        }
    }

    fn new_map_run(&self, lane: &Lane, run: MapRun<StateId>) -> Result<Box<MapRunAtWork>, Error> {
        let MapRun { processor, items, input, max_concurrency, settings } = run;
        let settings = settings?;
        let MapRunSettings { label, execution_type, item_reader, item_batcher, result_writer, .. } = settings;
        let state = self.info(lane).map_or("", |info| info.name);
        let names = Names::new(&self.context, state, label.as_deref(), chance(lane, u64::MAX));
        let given = match (items, &item_reader) {
            (Some(Value::Array(elements)), _) => Some((Given::Elements(elements), 0)),
            (Some(Value::Object(fields)), _) => Some((Given::Fields(fields), 0)),
            (Some(_), _) => {
                return Err(Error::runtime("the items of the Map are neither an array nor an object"));
            }
            (None, None) => return Err(Error::runtime("the Map has no items")),
            (None, Some(_)) => None,
        };
        let limits = MapRunLimits::of(
            max_concurrency.and_then(|most| u64::try_from(most).ok()),
            settings.tolerated_failure_count,
            settings.tolerated_failure_percentage,
        );
        let transformation = result_writer.as_ref().map(|writer| writer.transformation);
        Ok(Box::new(MapRunAtWork {
            progress: MapRunProgress::new(names.map_run_arn.clone(), limits),
            names,
            processor,
            input,
            limit: limit(limits),
            // One of the type STANDARD may take a year on AWS, so it has no limit here.
            timeout: (execution_type == ExecutionType::Express).then_some(EXPRESS),
            tolerance: tolerance(limits),
            batcher: Batcher::new(item_batcher),
            // Items that are there already come before what a reader would read.
            item_reader: item_reader.filter(|_| given.is_none()),
            given,
            // One without a place to write to says in which form the results are.
            result_writer: result_writer.filter(|writer| writer.parameters.is_some()),
            items: VecDeque::new(),
            reads: false,
            has_read: false,
            read: 0,
            again: VecDeque::new(),
            unsuccessful: self.facts.is_redrivable.then(Unsuccessful::default),
            ready: VecDeque::new(),
            running: BTreeMap::new(),
            running_weight: 0,
            started: 0,
            collected: Collected::new(transformation),
            end: MapRunEnd::No,
        }))
    }

    /// Does the next thing that a Map Run can do; `true` if an evaluation was given up.
    pub(super) fn go_on_with_map_run(&mut self, key: LaneKey, pace: &Pace<'_>) -> bool {
        let Some(mut lane) = self.lanes.take(key) else { return false };
        let Doing::MapRun(mut at_work) = std::mem::replace(&mut lane.doing, Doing::Nothing) else {
            return false;
        };
        let mut is_interrupted = false;
        if at_work.is_ready() {
            if let Some(child) = at_work.next_again() {
                self.run_child(&mut at_work, child);
            } else if at_work.has_room()
                && let Some(batch) = at_work.ready.pop_front()
            {
                self.start_child(&lane, &mut at_work, batch);
            } else if at_work.ready.is_empty() && !at_work.progress.all_read {
                is_interrupted = self.take_item(&mut lane, &mut at_work, pace);
            } else {
                at_work.end = MapRunEnd::Succeeding;
                self.wants.push_back(Want::Finish { effect: lane.effect(), failed: false });
            }
            // One thing at a time, and then the others have their turns: a Map Run with a million items must not keep children that have
            // answers waiting.
            if at_work.is_ready() && !is_interrupted {
                self.ready.push_back(Ready::Map(key));
            }
        }
        lane.doing = Doing::MapRun(at_work);
        self.lanes.put_back(key, lane);
        is_interrupted
    }

    /// Takes the next item, or asks for more.
    fn take_item(&mut self, lane: &mut Lane, at_work: &mut MapRunAtWork, pace: &Pace<'_>) -> bool {
        if let Some((given, next)) = &mut at_work.given
            && at_work.items.is_empty()
        {
            match usize::try_from(*next).ok().and_then(|next| given.get(next)) {
                Some(item) => {
                    *next += 1;
                    at_work.items.push_back(item);
                }
                None => at_work.has_read = true,
            }
        }
        let Some(item) = at_work.items.front() else {
            if at_work.has_read {
                self.all_read(lane, at_work);
            } else {
                at_work.reads = true;
                self.wants.push_back(Want::Read { effect: lane.effect() });
            }
            return false;
        };
        // Items of the state's own input are in memory anyway.
        let weight = if at_work.given.is_some() { 0 } else { u64::from(item.value.size().weight) };
        match self.select(lane, at_work, item.clone(), pace) {
            Ok(input) => {
                at_work.items.pop_front();
                at_work.progress.items.pending += 1;
                let batch = at_work.batcher.push(input, weight);
                at_work.take_batch(batch);
                false
            }
            Err(error) if error.is_interruption() => true,
            Err(error) => {
                self.fail_map_run(lane, at_work, error);
                false
            }
        }
    }

    /// The input of an item, by the `ItemSelector`.
    fn select(
        &mut self,
        lane: &Lane,
        at_work: &MapRunAtWork,
        item: Item,
        pace: &Pace<'_>,
    ) -> Result<Value, Error> {
        let info = self.program.info(lane.at.state)?;
        let selected = item.input();
        let Item { key, value, source } = item;
        let number = at_work.progress.items.total();
        let index = usize::try_from(number).unwrap_or(usize::MAX);
        let item = MapItem { index, value, origin: Some(Box::new(ItemOrigin { key, source })) };
        let turn = Turn::new(&self.context, &self.facts, pace, Moment::Known(self.now), self.events)
            .of_lane(mix(lane.seed ^ number));
        turn.draw_for(lane.visit, lane.attempt, WorkPart::Select);
        let context = turn.context(info, &lane.at.variables, 0, Some(&item)).entered_at(lane.at.entered_time);
        self.program.select_item(lane.at.state, &at_work.input, selected, &context)
    }

    fn all_read(&mut self, lane: &Lane, at_work: &mut MapRunAtWork) {
        at_work.progress.all_read = true;
        let batch = at_work.batcher.finish();
        at_work.take_batch(batch);
        self.tell_progress(at_work);
        if let Err(error) = at_work.check() {
            self.fail_map_run(lane, at_work, error);
        }
    }

    fn start_child(&mut self, lane: &Lane, at_work: &mut MapRunAtWork, batch: Batch) {
        let Batch { input, items, weight } = batch;
        let index = at_work.started;
        at_work.started += 1;
        let child = Shared::new(ChildStart {
            effect: lane.effect(),
            index,
            items,
            weight,
            context: child_context(&at_work.names, &self.context, lane, index, input, self.now),
            part: StartPart { start_at: at_work.processor, timeout: at_work.timeout },
        });
        self.run_child(at_work, child);
    }

    fn run_child(&mut self, at_work: &mut MapRunAtWork, child: Shared<ChildStart>) {
        let MapRunProgress { executions, items: counts, .. } = &mut at_work.progress;
        (executions.pending, executions.running) = (executions.pending - 1, executions.running + 1);
        (counts.pending, counts.running) = (counts.pending - child.items, counts.running + child.items);
        self.tell_progress(at_work);
        at_work.running.insert(child.index, Shared::clone(&child));
        at_work.running_weight = at_work.running_weight.saturating_add(child.weight);
        self.wants.push_back(Want::Child(child));
    }

    pub(super) fn map_run_answered(&mut self, key: LaneKey, lane: &mut Lane, outcome: Outcome) -> bool {
        let Doing::MapRun(mut at_work) = std::mem::replace(&mut lane.doing, Doing::Nothing) else {
            return false;
        };
        let was_ready = at_work.is_ready();
        let is_taken = match outcome {
            Outcome::Items(items) if at_work.reads || items.is_err() => {
                at_work.reads = false;
                self.take_items(lane, &mut at_work, items);
                true
            }
            Outcome::ChildEnded(ended) => match at_work.running.remove(&ended.index) {
                Some(child) => {
                    at_work.running_weight = at_work.running_weight.saturating_sub(child.weight);
                    self.child_ended(lane, &mut at_work, &child, *ended);
                    true
                }
                None => false,
            },
            Outcome::Limited(limits) if matches!(at_work.end, MapRunEnd::No) => {
                at_work.change(limits);
                self.tell_progress(&at_work);
                if let Err(error) = at_work.check() {
                    self.fail_map_run(lane, &mut at_work, error);
                }
                true
            }
            Outcome::Finished(result) if !matches!(at_work.end, MapRunEnd::No) => {
                self.map_run_ended(key, lane, at_work, result);
                return true;
            }
            _ => false,
        };
        match (was_ready, at_work.is_ready()) {
            (false, true) => self.ready.push_back(Ready::Map(key)),
            (true, false) => self.not_ready(Ready::Map(key)),
            (false, false) | (true, true) => {}
        }
        lane.doing = Doing::MapRun(at_work);
        is_taken
    }

    fn take_items(&mut self, lane: &Lane, at_work: &mut MapRunAtWork, items: Result<Items, TaskError>) {
        match items {
            Ok(Items { items, is_end }) => {
                at_work.read += u64::try_from(items.len()).unwrap_or(u64::MAX);
                at_work.items.extend(items);
                at_work.has_read = is_end;
            }
            Err(error) => self.fail_map_run(lane, at_work, error.into()),
        }
    }

    fn child_ended(
        &mut self,
        lane: &Lane,
        at_work: &mut MapRunAtWork,
        child: &Shared<ChildStart>,
        ended: ChildEnd,
    ) {
        at_work.note(child, &ended);
        self.tell_progress(at_work);
        if !matches!(at_work.end, MapRunEnd::No) {
            return;
        }
        let failed = match ended.written {
            Ok(_) => at_work.check(),
            Err(error) => Err(error.into()),
        };
        if let Err(error) = failed {
            self.fail_map_run(lane, at_work, error);
        }
    }

    /// The run is to fail, when its children have been stopped.
    fn fail_map_run(&mut self, lane: &Lane, at_work: &mut MapRunAtWork, error: Error) {
        if matches!(at_work.end, MapRunEnd::No) {
            at_work.end = MapRunEnd::Failing(error);
            self.wants.push_back(Want::Finish { effect: lane.effect(), failed: true });
        }
    }

    fn map_run_ended(
        &mut self,
        key: LaneKey,
        lane: &mut Lane,
        mut at_work: Box<MapRunAtWork>,
        result: Result<Option<Value>, TaskError>,
    ) {
        let result = match (std::mem::replace(&mut at_work.end, MapRunEnd::No), result) {
            (MapRunEnd::Failing(error), _) => Err(error),
            (_, Err(error)) => Err(error.into()),
            (_, Ok(Some(written))) => Ok(written),
            (_, Ok(None)) => Ok(at_work.collected.finish()),
        };
        if result.is_err() && self.facts.is_redrivable {
            lane.remains = Some(Box::new(Remains::MapRun(at_work)));
        }
        match &result {
            Ok(_) => {
                // Leaving the state follows the start of the run, since the end of 2024 (recorded from AWS).
                let mut end = lane.at.last_event;
                self.event(&mut end, || EventDetails::MapRunSucceeded);
                self.event_beside(end, || EventDetails::MapStateSucceeded);
            }
            Err(error) if error.is_fatal() => {}
            Err(error) => self.event(&mut lane.at.last_event, || EventDetails::MapRunFailed {
                error: error.name(),
                cause: error.cause().map(str::to_owned),
            }),
        }
        self.wants.push_back(Want::Cancel { effect: lane.effect() });
        self.again(key, lane, Doing::Turn(LaneStep::Settle(result)));
    }

    pub(super) fn tell_progress(&mut self, at_work: &MapRunAtWork) {
        if self.facts.tells.is_some() {
            self.told.push(Told::MapRun(at_work.progress.clone()));
        }
    }
}

/// The facts of a child execution.
pub(super) fn child_context(
    names: &Names,
    parent: &ExecutionContext,
    lane: &Lane,
    index: u64,
    input: Value,
    start_time: Timestamp,
) -> ExecutionContext {
    names.child(parent, chance(lane, index), input, start_time)
}

/// A unique name, the same in every replay. Each attempt of a Map is a separate visit.
fn chance(lane: &Lane, number: u64) -> Text {
    let visit = u64::from(lane.visit) << 32;
    let mut state = mix(lane.seed ^ mix(visit)).wrapping_add(mix(number));
    uuid(|| {
        state = state.wrapping_add(STEP);
        unit(mix(state))
    })
}

impl Came {
    /// The same, with the numbers of the events since `from` moved on.
    pub(super) fn renumbered(self, from: u64, by: u64) -> Self {
        match self {
            Self::Failed(error) => Self::Failed(error.renumbered(from, by)),
            Self::Asked(Err(error)) => Self::Asked(Err(error.renumbered(from, by))),
            Self::AskedAgain(Err(error)) => Self::AskedAgain(Err(error.renumbered(from, by))),
            other => other,
        }
    }
}
