//! An execution made again of its rows: it is told what it was told, at the same moments, and is what it was.

use crate::error::DurableError;
use crate::journal::{Abandoned, Answers, End, Entry, Known};
use crate::keeper::Keeper;
use asl_engine::history::{Event, EventDetails, Needs};
use asl_engine::{EffectId, Outcome, Progress, Start, Timestamp, Told, Want};
use asl_runtime::engine::Shared;
use asl_runtime::{Core, Machine};
use asl_value::{Text, Value};
use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// An execution as it was after its last row. It has not gone on since.
pub(crate) struct Replayed {
    pub(crate) core: Box<dyn Core>,
    /// The moment of that row.
    pub(crate) moment: Timestamp,
    /// What it waits for.
    pub(crate) wants: Vec<Want>,
    /// So many rows are after its last snapshot.
    pub(crate) rows: u32,
    pub(crate) all_rows: u32,
    /// The executions that its tasks wait for, by their ARNs.
    pub(crate) started: Vec<(EffectId, Text)>,
    /// Since when it is not waited for any more by the task that started it.
    pub(crate) abandoned: Option<Abandoned>,
    /// That it goes on with what failed; that is to be written.
    pub(crate) redriven: Option<Redriven>,
}

/// What an execution was told to go on with what failed, and the token of the client that wanted it.
pub(crate) struct Redriven {
    pub(crate) answers: Answers,
    pub(crate) client_token: Option<Text>,
}

/// The execution that a task waits for which says that it has started this.
pub(crate) fn started(submitted: &Value) -> Option<Text> {
    submitted.get("ExecutionArn")?.as_str().map(Text::from)
}

/// Makes an execution again.
pub(crate) async fn replay(keeper: Arc<Keeper>, known: Known) -> Result<Replayed, DurableError> {
    let machine = keeper.machine(&known)?;
    let mut entries = keeper.journal().entries_to_come_back(&known)?;
    let start = Start { tells: keeper.tells(), ..known.begun.start };
    let rows = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    let mut again = Again::begin(&*machine, start);
    let abandoned = entries.iter().fold(None, |abandoned, entry| match entry {
        Entry::Abandoned(abandoned) => Some(abandoned.clone()),
        // It was stopped, and what comes after that is of another life.
        Entry::Answers(_, answers) | Entry::AtOnce(_, answers) => abandoned.filter(|_| !stops(answers)),
        Entry::Snapshot(..) => abandoned,
    });
    entries.retain(|entry| !matches!(entry, Entry::Abandoned(_)));
    let last = entries.pop();
    for entry in entries {
        again.tell(entry, &*machine).await?;
    }
    // What it was told last may have ended a task, and it is not known whether what that had started was stopped.
    if let Some(Entry::Answers(..)) = &last {
        again.run().await;
    }
    let mut started = again.started().await?;
    if let Some(last) = last {
        started.extend(submitted(&last));
        again.tell(last, &*machine).await?;
    }
    // What happened before was told before.
    drop(again.core.told());
    let wants = again.outstanding().await?;
    let all_rows = keeper.journal().rows(known.execution);
    let Again { core, moment, .. } = again;
    Ok(Replayed { core, moment, wants, rows, all_rows, started, abandoned, redriven: None })
}

fn stops(answers: &Answers) -> bool {
    answers
        .iter()
        .any(|(effect, outcome)| *effect == EffectId::EXECUTION && matches!(outcome, Outcome::Stopped { .. }))
}

/// The executions that tasks have started which an execution was told of.
fn submitted(entry: &Entry) -> Vec<(EffectId, Text)> {
    let (Entry::Answers(_, answers) | Entry::AtOnce(_, answers)) = entry else { return Vec::new() };
    let started = |(effect, outcome): &(EffectId, Outcome)| match outcome {
        Outcome::Submitted(answer) => Some((effect.clone(), started(answer)?)),
        _ => None,
    };
    answers.iter().filter_map(started).collect()
}

/// Makes an execution again that has ended without success, and tells it to go on with what failed.
pub(crate) async fn redrive(
    keeper: Arc<Keeper>,
    known: Known,
    moment: Timestamp,
    client_token: Option<Text>,
) -> Result<Replayed, DurableError> {
    let machine = keeper.machine(&known)?;
    let entries = keeper.journal().entries(known.execution, true)?;
    let start = Start { tells: keeper.tells(), ..known.begun.start };
    let events = start.limits.events;
    let mut again = Again::begin(&*machine, start);
    for entry in entries {
        again.tell(entry, &*machine).await?;
    }
    let mut answers = Answers::new();
    if again.run().await != Progress::Ended {
        // Its process has ended again and again, or could not be built: for its machine it has not ended.
        let (error, cause) = known
            .end
            .and_then(|(_, result)| result.err())
            .map_or((None, None), |error| (error.error().map(Text::from), error.cause().map(str::to_owned)));
        answers.push((EffectId::EXECUTION, Outcome::Stopped { error, cause }));
    }
    // What happened before was told before.
    drop(again.core.told());
    if events.is_some_and(|events| again.core.events().saturating_add(1) >= events) {
        let reason = "Execution has exceeded the maximum history event limit";
        return Err(DurableError::NotRedrivable(reason.into()));
    }
    answers.push((EffectId::EXECUTION, Outcome::Redriven));
    let moment = moment.max(again.moment);
    again.answer(&answers, moment)?;
    Ok(Replayed {
        core: again.core,
        moment,
        wants: Vec::new(),
        rows: 0,
        all_rows: 0,
        started: Vec::new(),
        abandoned: None,
        redriven: Some(Redriven { answers, client_token }),
    })
}

/// All that an execution told, from its beginning or, where there is too much of it, from its last snapshot on.
pub(crate) async fn history(keeper: &Keeper, known: Known) -> Result<Vec<Told>, DurableError> {
    let machine = keeper.machine(&known)?;
    let mut entries = keeper.journal().entries(known.execution, false)?;
    let is_long = |entry: &Entry| matches!(entry, Entry::Snapshot(_, events, _) if *events > EVENTS);
    let first = entries.iter().rposition(is_long);
    entries.drain(..first.unwrap_or_default());
    let start = Start { tells: Some(Needs::ALL), ..known.begun.start };
    let mut again = Again::begin(&*machine, start);
    let mut told = Vec::new();
    for (place, entry) in entries.into_iter().enumerate() {
        if let Entry::Snapshot(_, events, _) = &entry
            && (place > 0 || first.is_none())
        {
            // It may have run further than to the snapshot.
            again.run_patiently(|core, _| core.events() >= *events).await;
            told.extend(again.core.told().into_iter().filter(|told| is_before(told, *events)));
        }
        again.tell(entry, &*machine).await?;
        told.append(&mut again.core.told());
    }
    let mut rounds = 0;
    let is_over = known.end.is_some();
    again
        .run_patiently(|_, takes_long| {
            rounds += 1;
            !is_over && (takes_long || rounds > SOME_ROUNDS)
        })
        .await;
    told.append(&mut again.core.told());
    told.extend(known.end.and_then(|end| unseen_end(&told, end)).map(Told::Event));
    Ok(told)
}

/// The end of an execution that its machine did not come to: because its process has ended again and again, or it could not be built.
fn unseen_end(told: &[Told], (moment, result): End) -> Option<Event> {
    let last = told.iter().rev().find_map(Told::as_event);
    let is_end = |event: &Event| {
        matches!(
            event.details,
            EventDetails::ExecutionSucceeded { .. }
                | EventDetails::ExecutionFailed { .. }
                | EventDetails::ExecutionAborted { .. }
                | EventDetails::ExecutionTimedOut
        )
    };
    let error = result.err().filter(|_| !last.is_some_and(is_end))?;
    let details = EventDetails::ExecutionFailed {
        error: error.error().map(Text::from),
        cause: error.cause().map(str::to_owned),
    };
    let last = last.map_or(0, |event| event.id);
    Some(Event::new(last + 1, last, moment, details))
}

/// Of an execution with more events than AWS keeps only the last are told.
const EVENTS: u64 = 25_000;
/// An execution that does not wait is looked at after so many rounds.
const SOME_ROUNDS: u32 = 1_000;
/// An evaluation may take so long before it is looked at.
const PATIENCE: Duration = Duration::from_millis(100);

const fn is_more(progress: Progress) -> bool {
    matches!(progress, Progress::More | Progress::Interrupted)
}

fn is_before(told: &Told, events: u64) -> bool {
    told.as_event().is_none_or(|event| event.id <= events)
}

struct Again {
    tells: Option<Needs>,
    core: Box<dyn Core>,
    moment: Timestamp,
}

impl Again {
    fn begin(machine: &dyn Machine, start: Start) -> Self {
        let (moment, tells) = (start.context.start_time, start.tells);
        Self { tells, core: machine.start(start), moment }
    }

    /// Goes on to where it waits.
    async fn run(&mut self) -> Progress {
        loop {
            let progress = self.go_on().await;
            if !is_more(progress) {
                return progress;
            }
            tokio::task::yield_now().await;
        }
    }

    /// Goes on to where it waits, or till it is far enough, which is looked at while something takes long, too: that is given up, and tried again
    /// with more time.
    async fn run_patiently(&mut self, mut is_enough: impl FnMut(&dyn Core, bool) -> bool) {
        let mut patience = PATIENCE;
        loop {
            let (progress, takes_long) = match timeout(patience, self.go_on()).await {
                Ok(progress) => (progress, false),
                Err(_) => {
                    patience = patience.saturating_mul(4);
                    self.core.interrupt();
                    (self.go_on().await, true)
                }
            };
            if !is_more(progress) || is_enough(&*self.core, takes_long) {
                return;
            }
            tokio::task::yield_now().await;
        }
    }

    async fn go_on(&mut self) -> Progress {
        let moment = self.moment;
        let progress = poll_fn(|context| self.core.poll_run(context, &|| moment)).await;
        // What it wants has been done.
        while self.core.next_want().is_some() {}
        progress
    }

    async fn outstanding(&mut self) -> Result<Vec<Want>, DurableError> {
        let wants = poll_fn(|context| self.core.poll_outstanding(context)).await;
        self.is_well()?;
        wants.map_err(DurableError::Damaged)
    }

    /// The executions that its tasks wait for.
    async fn started(&mut self) -> Result<Vec<(EffectId, Text)>, DurableError> {
        let started = |want| match want {
            Want::Perform(perform) => Some((perform.effect.clone(), started(perform.submitted.as_ref()?)?)),
            _ => None,
        };
        Ok(self.outstanding().await?.into_iter().filter_map(started).collect())
    }

    /// The process of the machine may have ended.
    fn is_well(&self) -> Result<(), DurableError> {
        self.core.fault().map_or(Ok(()), |reason| Err(DurableError::Process(reason)))
    }

    async fn tell(&mut self, entry: Entry, machine: &dyn Machine) -> Result<(), DurableError> {
        let moment = entry.moment();
        match entry {
            Entry::Snapshot(_, _, snapshot) => {
                let context = Shared::clone(self.core.context());
                let restored = machine.restore(context, &snapshot, self.tells);
                self.core = restored.map_err(|error| DurableError::Damaged(error.to_string()))?;
            }
            Entry::AtOnce(_, answers) => self.answer(&answers, moment)?,
            Entry::Abandoned(_) => return Ok(()),
            Entry::Answers(_, answers) => {
                self.run().await;
                self.answer(&answers, moment)?;
            }
        }
        self.moment = moment;
        Ok(())
    }

    fn answer(&mut self, answers: &Answers, moment: Timestamp) -> Result<(), DurableError> {
        self.is_well()?;
        for (effect, outcome) in answers {
            if !self.core.answer(effect, outcome.clone(), moment) {
                let arn = &self.core.context().id;
                return Err(DurableError::Damaged(format!(
                    "`{arn}` was told of `{effect}`, for which its machine does not wait"
                )));
            }
        }
        Ok(())
    }
}
