//! The distributed Map: child executions of their own, as many at once as allowed, their items read while they run.

use super::{Driver, Part, execute_part};
use crate::host::{Clock, Host};
use crate::integration::BoxFuture;
use crate::map_run::reader::{Items, Reader};
use crate::map_run::writer::{Ended, Results};
use asl_engine::context::{ExecutionContext, ItemOrigin, MapItem};
use asl_engine::error::{Error, ExecutionError, Status};
use asl_engine::history::EventDetails;
use asl_engine::machine::StateInfo;
use asl_engine::map_run::batcher::{Batch, Batcher};
use asl_engine::map_run::item::{Given, Item};
use asl_engine::map_run::names::Names;
use asl_engine::map_run::{
    ExecutionType, ItemReader, MapRun, MapRunProgress, MapRunSettings, Tolerance, item_reader_failed,
    result_writer_failed,
};
use asl_engine::program::{Position, Program, StateId, context};
use asl_value::{Text, Value};
use futures_util::stream::{BoxStream, StreamExt, unfold};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// How many child executions run at once where the definition sets no limit. AWS runs 10,000.
const MAX_CONCURRENCY: usize = 1000;
/// How long an execution of the type EXPRESS may take.
const EXPRESS: Duration = Duration::from_secs(300);

impl<H: Host> Driver<'_, H> {
    /// Runs a Map Run to its end.
    pub(super) async fn map_run(
        &self,
        at: &mut Position,
        info: &'static StateInfo,
        run: MapRun<StateId>,
    ) -> Result<Value, Error> {
        let length = run.length();
        self.facts.event(&mut at.last_event, || EventDetails::MapStateStarted { length });
        let MapRun { processor, items, input, max_concurrency, settings } = run;
        let settings = settings?;
        let map_run = asl_engine::random::uuid(|| self.host.random());
        let names = Names::new(&self.facts.context, info.name, settings.label, map_run);
        let map_run_arn = names.map_run_arn.clone();
        self.facts.event(&mut at.last_event, || EventDetails::MapRunStarted { map_run_arn });
        let map = MapState { processor, info, input, at, names };
        let result = self.children(map, items, max_concurrency.unwrap_or(MAX_CONCURRENCY), settings).await;
        match &result {
            Ok(_) => {
                self.facts.event(&mut at.last_event, || EventDetails::MapRunSucceeded);
                self.facts.event_beside(at.last_event, || EventDetails::MapStateSucceeded);
            }
            Err(error) if error.is_fatal() => {}
            Err(error) => self.facts.event(&mut at.last_event, || EventDetails::MapRunFailed {
                error: error.name(),
                cause: error.cause().map(str::to_owned),
            }),
        }
        result
    }

    async fn children(
        &self,
        map: MapState<'_>,
        items: Option<Value>,
        limit: usize,
        mut settings: MapRunSettings,
    ) -> Result<Value, Error> {
        let tolerance =
            Tolerance::new(settings.tolerated_failure_count, settings.tolerated_failure_percentage);
        let mut items = self.items(items, settings.item_reader.take())?;
        let writer = settings.result_writer.take();
        let results = Results::new(writer, self.host.object_store(), &map.names.map_run)
            .map_err(result_writer_failed)?;
        let (ended, running) = mpsc::unbounded_channel();
        let progress = MapRunProgress::new(map.names.map_run_arn.clone());
        let mut children = Children {
            driver: self,
            map,
            timeout: (settings.execution_type == ExecutionType::Express).then_some(EXPRESS),
            tolerance,
            batcher: Batcher::new(settings.item_batcher.take()),
            ready: VecDeque::new(),
            results,
            limit,
            ended,
            running,
            stop: watch::Sender::new(()),
            progress,
        };
        let run = children.run(&mut items).await;
        if run.is_err() {
            children.stop().await;
        }
        let Children { driver, map, results, .. } = children;
        let finished = driver.host.clock().task(results.finish(&map.names.map_run_arn)).await;
        run.and_then(|()| finished.map_err(result_writer_failed))
    }

    /// The items, one by one.
    fn items(&self, given: Option<Value>, reader: Option<ItemReader>) -> Result<ItemStream<'_>, Error> {
        let items = match (given, reader) {
            (Some(Value::Array(elements)), _) => Items::Given { items: Given::Elements(elements), next: 0 },
            (Some(Value::Object(fields)), _) => Items::Given { items: Given::Fields(fields), next: 0 },
            (Some(_), _) => {
                return Err(Error::runtime("the items of the Map are neither an array nor an object"));
            }
            (None, None) => return Err(Error::runtime("the Map has no items")),
            (None, Some(reader)) => match self.host.object_store() {
                Some(store) => Items::Read(Box::new(Reader::new(store, reader))),
                None => {
                    return Err(item_reader_failed("The host has no store of objects: add a bucket to it."));
                }
            },
        };
        let read = unfold(items, async |mut items| {
            let next = self.host.clock().task(items.next()).await.transpose()?;
            Some((next, items))
        });
        Ok(read.boxed())
    }
}

type ItemStream<'a> = BoxStream<'a, Result<Item, Error>>;

/// A Map state at work.
struct MapState<'a> {
    processor: StateId,
    info: &'static StateInfo,
    /// The effective input.
    input: Value,
    at: &'a Position,
    names: Names,
}

/// The child executions of a Map Run.
struct Children<'a, 'd, H> {
    driver: &'a Driver<'d, H>,
    map: MapState<'a>,
    timeout: Option<Duration>,
    tolerance: Tolerance,
    batcher: Batcher,
    /// Batches that wait for room.
    ready: VecDeque<Batch>,
    results: Results<'a>,
    limit: usize,
    ended: mpsc::UnboundedSender<Ended>,
    running: mpsc::UnboundedReceiver<Ended>,
    /// Executions stop when something is sent here, and when this is dropped.
    stop: watch::Sender<()>,
    progress: MapRunProgress,
}

/// What happens next.
enum Next {
    Read(Option<Result<Item, Error>>),
    Ended(Ended),
}

impl<H: Host> Children<'_, '_, H> {
    async fn run(&mut self, items: &mut ItemStream<'_>) -> Result<(), Error> {
        self.tell();
        loop {
            while self.has_room()
                && let Some(batch) = self.ready.pop_front()
            {
                self.start(batch);
            }
            let reads = !self.progress.all_read && self.ready.is_empty();
            if !reads && self.progress.executions.running == 0 {
                return Ok(());
            }
            match poll_fn(|context| self.poll(items, reads, context)).await {
                Next::Ended(ended) => self.take_result(&ended).await?,
                Next::Read(Some(item)) => self.take_item(item?)?,
                Next::Read(None) => self.take_end()?,
            }
        }
    }

    fn has_room(&self) -> bool {
        usize::try_from(self.progress.executions.running).is_ok_and(|running| running < self.limit.max(1))
    }

    /// Reading goes on while executions run, one batch ahead of them. It is never left in the middle.
    fn poll(&mut self, items: &mut ItemStream<'_>, reads: bool, context: &mut Context<'_>) -> Poll<Next> {
        if let Poll::Ready(Some(ended)) = self.running.poll_recv(context) {
            return Poll::Ready(Next::Ended(ended));
        }
        if reads {
            return items.poll_next_unpin(context).map(Next::Read);
        }
        Poll::Pending
    }

    fn take_item(&mut self, item: Item) -> Result<(), Error> {
        let input = self.select(item)?;
        self.progress.items.pending += 1;
        let batch = self.batcher.push(input);
        self.take_batch(batch);
        Ok(())
    }

    /// The input of an item, by the `ItemSelector`.
    fn select(&self, item: Item) -> Result<Value, Error> {
        let MapState { info, input, at, .. } = &self.map;
        let selected = item.input();
        let Item { key, value, source } = item;
        let index = usize::try_from(self.progress.items.total()).unwrap_or(usize::MAX);
        let origin = Some(Box::new(ItemOrigin { key, source }));
        let item = MapItem { index, value, origin };
        let context =
            context(self.driver.facts, info, &at.variables, 0, Some(&item)).entered_at(at.entered_time);
        self.driver.program.select_item(at.state, input, selected, &context)
    }

    fn take_end(&mut self) -> Result<(), Error> {
        self.progress.all_read = true;
        let batch = self.batcher.finish();
        self.take_batch(batch);
        self.tell();
        self.check()
    }

    fn take_batch(&mut self, batch: Option<Batch>) {
        if let Some(batch) = batch {
            self.progress.executions.pending += 1;
            self.ready.push_back(batch);
        }
    }

    fn start(&mut self, batch: Batch) {
        let Batch { input, items } = batch;
        let index = usize::try_from(self.progress.executions.total() - self.progress.executions.pending)
            .unwrap_or(usize::MAX);
        self.progress.executions.pending -= 1;
        self.progress.executions.running += 1;
        self.progress.items.pending -= items;
        self.progress.items.running += items;
        self.tell();
        let Driver { host, program, facts } = self.driver;
        let name = asl_engine::random::uuid(|| host.random());
        let execution = self.map.names.child(&facts.context, name, input, host.clock().now());
        let part = Part { start_at: self.map.processor, timeout: self.timeout };
        let report = Report {
            host: (*host).clone(),
            index,
            items,
            execution: Some(execution),
            ended: self.ended.clone(),
        };
        host.clock().spawn(child((*host).clone(), *program, part, self.stop.subscribe(), report));
    }

    async fn take_result(&mut self, ended: &Ended) -> Result<(), Error> {
        self.note(ended).await.map_err(result_writer_failed)?;
        self.check()
    }

    /// Counts an execution that has ended, and keeps its result.
    async fn note(&mut self, ended: &Ended) -> Result<(), String> {
        let counts = [(&mut self.progress.executions, 1), (&mut self.progress.items, ended.items)];
        for (counts, number) in counts {
            counts.running -= number;
            match ended.status() {
                Status::Succeeded => counts.succeeded += number,
                Status::TimedOut => counts.timed_out += number,
                Status::Aborted => counts.aborted += number,
                Status::Failed | Status::Running => counts.failed += number,
            }
        }
        let written = self.driver.host.clock().task(self.results.put(ended)).await;
        if let Ok(written) = &written {
            self.progress.executions.results_written = *written;
        }
        self.tell();
        written.map(drop)
    }

    /// Whether the run may go on.
    fn check(&self) -> Result<(), Error> {
        let counts = &self.progress.items;
        let total = self.progress.all_read.then(|| counts.total());
        let failed = counts.failed + counts.timed_out + counts.aborted;
        if self.tolerance.is_exceeded(failed, total) { Err(Tolerance::error()) } else { Ok(()) }
    }

    /// Stops the executions that run, and waits for their ends.
    async fn stop(&mut self) {
        self.stop.send_replace(());
        while self.progress.executions.running > 0 {
            let Some(ended) = self.running.recv().await else { return };
            // The run has failed for another reason already.
            let _ = self.note(&ended).await;
        }
    }

    fn tell(&self) {
        if let Some(observer) = self.driver.facts.observer {
            observer.map_run(&self.driver.facts.context, &self.progress);
        }
    }
}

/// A child execution. In a box, because it may have a distributed Map in it.
fn child<H: Host>(
    host: H,
    program: &'static dyn Program,
    part: Part,
    stop: watch::Receiver<()>,
    report: Report<H>,
) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        let Some(execution) = report.execution.clone() else { return };
        let result =
            execute_part(&host, program, part, Box::new(execution), host.observer(), stopped(stop)).await;
        report.end(result);
    })
}

async fn stopped(mut stop: watch::Receiver<()>) -> (Option<Text>, Option<String>) {
    // An error means that the Map Run is gone.
    let _ = stop.changed().await;
    (None, None)
}

/// Tells the Map Run how a child execution ended, even if that was by a panic.
struct Report<H: Host> {
    host: H,
    index: usize,
    items: u64,
    /// `None` once it has been told.
    execution: Option<ExecutionContext>,
    ended: mpsc::UnboundedSender<Ended>,
}

impl<H: Host> Report<H> {
    fn end(mut self, result: Result<Value, ExecutionError>) {
        self.tell(result);
    }

    fn tell(&mut self, result: Result<Value, ExecutionError>) {
        if let Some(execution) = self.execution.take() {
            let ended = Ended {
                index: self.index,
                items: self.items,
                execution,
                result,
                stop_date: self.host.clock().now(),
            };
            // Nobody listens where the Map Run is gone.
            let _ = self.ended.send(ended);
        }
    }
}

impl<H: Host> Drop for Report<H> {
    fn drop(&mut self) {
        self.tell(Err(Error::runtime("The child execution panicked.").into()));
    }
}
