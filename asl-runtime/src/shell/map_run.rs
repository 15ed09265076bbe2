//! Map Runs outside of their executions: their items are read, their children run, their results written.
//!
//! What is read, how many children run and when there is an end, the execution decides.

use super::core::{Core, EndedChildren};
use super::mailbox::{Mailbox, Reports};
use super::{Shell, Stop};
use crate::host::Host;
use crate::map_run::error::MapRunError;
use crate::map_run::reader::Reader;
use crate::map_run::writer::Exported;
use asl_engine::context::ExecutionContext;
use asl_engine::error::{Error, ExecutionError, TaskError};
use asl_engine::map_run::item::Item;
use asl_engine::map_run::{ResultWriter, item_reader_failed, result_writer_failed};
use asl_engine::{ChildEnd, ChildStart, EffectId, Items, MapRunStart, Outcome, Shared};
use asl_value::{Text, Value};
use futures_util::FutureExt;
use futures_util::stream::{BoxStream, StreamExt, empty, unfold};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;
use tokio::sync::{mpsc, watch};

/// How many items are read at once.
const ITEMS_AT_ONCE: usize = 100;
/// How much there may be in them before no more are read.
const WEIGHT_AT_ONCE: u32 = 100_000;

/// The Map Runs of an execution.
#[derive(Default)]
pub(super) struct MapRuns(BTreeMap<EffectId, MapRun>);

/// A Map Run. Its children stop when it is dropped.
struct MapRun {
    reads: mpsc::UnboundedSender<()>,
    results: mpsc::UnboundedSender<Result_>,
    /// Children stop when something is sent here, and when this is dropped.
    stop: watch::Sender<()>,
    running: u64,
    finishes: bool,
}

/// What the writer of results gets.
enum Result_ {
    Ended(Shared<ChildStart>, Box<ChildEnd>),
    Finish,
}

impl MapRuns {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Begins a Map Run, of which these children ended before.
    pub(super) fn begin(
        &mut self,
        host: &dyn Host,
        start: MapRunStart,
        before: EndedChildren,
        mailbox: Arc<Mailbox>,
    ) {
        let ((reads, read), (results, ended)) = (mpsc::unbounded_channel(), mpsc::unbounded_channel());
        let stop = watch::Sender::new(());
        self.0.insert(start.effect.clone(), MapRun { reads, results, stop, running: 0, finishes: false });
        let start = Arc::new(start);
        if start.item_reader.is_some() {
            let reading = read_items(host.handle(), Arc::clone(&start), read, Arc::clone(&mailbox));
            host.clock().spawn(reading);
        }
        host.clock().spawn(write_results(host.handle(), start, before, ended, mailbox));
    }

    pub(super) fn read(&self, effect: &EffectId) {
        if let Some(run) = self.0.get(effect) {
            // The reader is there as long as the run is.
            let _ = run.reads.send(());
        }
    }

    pub(super) fn start_child(
        &mut self,
        host: &dyn Host,
        core: Box<dyn Core>,
        child: Shared<ChildStart>,
        mailbox: Arc<Mailbox>,
    ) {
        let Some(run) = self.0.get_mut(&child.effect) else { return };
        run.running += 1;
        let report =
            Report { host: host.handle(), child: Some(child), results: run.results.clone(), mailbox };
        host.clock().spawn(run_child(core, run.stop.subscribe(), report));
    }

    /// A child has ended, and the execution is notified.
    pub(super) fn child_ended(&mut self, effect: &EffectId) {
        if let Some(run) = self.0.get_mut(effect) {
            run.running = run.running.saturating_sub(1);
            run.finish_if_over();
        }
    }

    pub(super) fn finish(&mut self, effect: &EffectId, failed: bool) {
        if let Some(run) = self.0.get_mut(effect) {
            run.finishes = true;
            if failed {
                run.stop.send_replace(());
            }
            run.finish_if_over();
        }
    }

    pub(super) fn forget(&mut self, effect: &EffectId) {
        self.0.remove(effect);
    }
}

impl MapRun {
    fn finish_if_over(&self) {
        if self.finishes && self.running == 0 {
            let _ = self.results.send(Result_::Finish);
        }
    }
}

type ItemStream<'a> = BoxStream<'a, Result<Item, Error>>;

/// Reads items whenever they are asked for.
async fn read_items(
    host: Arc<dyn Host>,
    start: Arc<MapRunStart>,
    mut asked: mpsc::UnboundedReceiver<()>,
    mailbox: Arc<Mailbox>,
) {
    let answer = |items| mailbox.report(&start.effect, Outcome::Items(items));
    let mut items = match items_of(&*host, &start) {
        Ok(items) => items,
        Err(error) => return answer(Err(failed(&error))),
    };
    while asked.recv().await.is_some() {
        answer(some_items(&mut items).await.map_err(|error| failed(&error)));
    }
}

/// The items of a Map Run that have not been read before.
fn items_of<'h>(host: &'h dyn Host, start: &MapRunStart) -> Result<ItemStream<'h>, Error> {
    let Some(reader) = start.item_reader.clone() else { return Ok(empty().boxed()) };
    let store = host.object_store().ok_or_else(|| item_reader_failed(MapRunError::NoStore))?;
    let clock = host.clock();
    let items = unfold(Reader::new(store, reader), async |mut reader| {
        let next = clock.task(reader.next()).await.map_err(item_reader_failed).transpose()?;
        Some((next, reader))
    });
    Ok(items.skip(usize::try_from(start.read).unwrap_or(usize::MAX)).boxed())
}

/// Reads the next items of a Map Run, for a shell that keeps nothing between two times: those that were read before are passed over.
///
/// # Errors
/// They cannot be read.
pub async fn read_some_items(host: &dyn Host, start: &MapRunStart) -> Result<Items, TaskError> {
    let read = async { some_items(&mut items_of(host, start)?).await };
    read.await.map_err(|error| failed(&error))
}

/// Writes the results of all children of a Map Run that is over, for a shell that keeps nothing between two times: where they are, if they
/// were to be written.
///
/// # Errors
/// They cannot be written.
pub async fn write_all_results(
    host: &dyn Host,
    start: &MapRunStart,
    ended: impl IntoIterator<Item = (Shared<ExecutionContext>, ChildEnd), IntoIter: Send + 'static>,
) -> Result<Option<Value>, TaskError> {
    let Some(writer) = start.result_writer.clone() else { return Ok(None) };
    let ended = Box::new(ended.into_iter().map(Ok));
    let written =
        async { exported(host, writer, &start.name, ended).await?.finish(&start.map_run_arn).await };
    written.await.map(Some).map_err(|reason| failed(&result_writer_failed(reason)))
}

/// The next items: one, and those that are there with it.
async fn some_items(stream: &mut ItemStream<'_>) -> Result<Items, Error> {
    let (mut items, mut weight) = (Items::default(), 0_u32);
    let mut next = stream.next().await;
    loop {
        match next {
            None => {
                items.is_end = true;
                return Ok(items);
            }
            Some(item) => {
                let item = item?;
                weight = weight.saturating_add(item.value.size().weight);
                items.items.push(item);
            }
        }
        if items.items.len() >= ITEMS_AT_ONCE || weight >= WEIGHT_AT_ONCE {
            return Ok(items);
        }
        // The stream keeps what it has begun.
        match stream.next().now_or_never() {
            Some(read) => next = read,
            None => return Ok(items),
        }
    }
}

/// Writes results as they come, if they are to be written, and passes on that children have ended.
async fn write_results(
    host: Arc<dyn Host>,
    start: Arc<MapRunStart>,
    before: EndedChildren,
    mut results: mpsc::UnboundedReceiver<Result_>,
    mailbox: Arc<Mailbox>,
) {
    let mut exported = match start.result_writer.clone() {
        None => None,
        Some(writer) => match exported(&*host, writer, &start.name, before).await {
            Ok(exported) => Some(exported),
            Err(reason) => {
                mailbox.report(&start.effect, Outcome::Items(Err(failed(&result_writer_failed(reason)))));
                None
            }
        },
    };
    while let Some(result) = results.recv().await {
        match result {
            Result_::Ended(child, mut ended) => {
                if let Some(exported) = &mut exported {
                    let written = host.clock().task(exported.put(&child.context, &ended)).await;
                    ended.written = written.map_err(|reason| failed(&result_writer_failed(reason)));
                }
                mailbox.report(&start.effect, Outcome::ChildEnded(ended));
            }
            Result_::Finish => {
                let finished = match exported.take() {
                    None => Ok(None),
                    Some(exported) => host
                        .clock()
                        .task(exported.finish(&start.map_run_arn))
                        .await
                        .map(Some)
                        .map_err(|reason| failed(&result_writer_failed(reason))),
                };
                mailbox.report(&start.effect, Outcome::Finished(finished));
                return;
            }
        }
    }
}

/// A writer of results that has taken those of the children that ended before.
async fn exported<'h>(
    host: &'h dyn Host,
    writer: ResultWriter,
    map_run: &str,
    before: EndedChildren,
) -> Result<Exported<'h>, MapRunError> {
    let mut exported = Exported::new(writer, host.object_store(), map_run)?;
    for ended in before {
        let (child, ended) = ended.map_err(MapRunError::Children)?;
        host.clock().task(exported.put(&child, &ended)).await?;
    }
    Ok(exported)
}

fn failed(error: &Error) -> TaskError {
    match error.cause() {
        Some(cause) => TaskError::new(Text::from(error.error()), cause),
        None => TaskError::named(Text::from(error.error())),
    }
}

/// Runs a child execution.
async fn run_child(core: Box<dyn Core>, stop: watch::Receiver<()>, report: Report) {
    let host = Arc::clone(&report.host);
    let shell = Shell::new(&*host, core).until(Some(Box::pin(stopped(stop))));
    let result = shell.await;
    report.end(result);
}

async fn stopped(mut stop: watch::Receiver<()>) -> Stop {
    // An error means that the Map Run is gone.
    let _ = stop.changed().await;
    (None, None)
}

/// Tells the Map Run how a child execution ended, even if that was by a panic.
struct Report {
    host: Arc<dyn Host>,
    /// `None` once it has been told.
    child: Option<Shared<ChildStart>>,
    results: mpsc::UnboundedSender<Result_>,
    mailbox: Arc<Mailbox>,
}

impl Report {
    fn end(mut self, result: Result<Value, ExecutionError>) {
        self.tell(result);
    }

    fn tell(&mut self, result: Result<Value, ExecutionError>) {
        let Some(child) = self.child.take() else { return };
        let stop_date = self.host.clock().now();
        let ended = Box::new(ChildEnd { index: child.index, result, stop_date, written: Ok(0) });
        let effect = child.effect.clone();
        if let Err(mpsc::error::SendError(Result_::Ended(_, ended))) =
            self.results.send(Result_::Ended(child, ended))
        {
            // No results are written any more.
            self.mailbox.report(&effect, Outcome::ChildEnded(ended));
        }
    }
}

impl Drop for Report {
    fn drop(&mut self) {
        // One that is dropped otherwise has not ended: its process does.
        if thread::panicking() {
            self.tell(Err(Error::runtime("The child execution panicked.").into()));
        }
    }
}
