//! An execution with the journal around it: whatever it is told is on the disk before anything that follows from it leaves.
//!
//! It is told things only while it waits, all that has come at once, at one moment; that is a row of the journal, and the same rows make
//! the same execution again. One that does not wait for a while becomes a snapshot first, which is a row as well: so time goes on, `stop`
//! and timeouts work, and there is little to be done again after a crash.

mod core;

use crate::error::DurableError;
use crate::followed::Followed;
use crate::given::{Given, effect_of};
use crate::inbox::{Heard, Inbox};
use crate::journal::{Abandoned, Answers, Begun, Entry, Known, Written};
use crate::keeper::Keeper;
use crate::parked::Rest;
use crate::replay::{Redriven, Replayed, redrive, replay};
use asl_engine::context::{ExecutionContext, Redrive};
use asl_engine::error::{Error, ExecutionError, TaskError};
use asl_engine::{EffectId, Outcome, Progress, Snapshot, Start, Timestamp, Want};
use asl_runtime::engine::Shared;
use asl_runtime::{BoxFuture, Core, Host};
use asl_value::Text;
use std::collections::{HashMap, HashSet, VecDeque};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::runtime::Handle;

/// After so many rows there is a snapshot, so that little is to be done again after a crash.
const ROWS: u32 = 1_000;
/// So often does an execution come back with more to do before it becomes a snapshot.
const ROUNDS: u32 = 200;
/// So often does it if there is something to be told.
const FEW_ROUNDS: u32 = 8;
/// An execution with so many rows has more events than AWS keeps, and is not kept whole either.
const KEPT_ROWS: u32 = 25_000;
/// So often in a row may the process of an execution end while it goes on with it.
const DEATHS: u32 = 3;
/// After so long it is made again; after the next death, after four times as long.
const PAUSE: Duration = Duration::from_millis(50);

/// The name of the error of a task that was under way when the process died, where it must not be done twice.
pub const INTERRUPTED: &str = "Task.Interrupted";

/// An execution in the journal.
pub(crate) struct Kept {
    keeper: Arc<Keeper>,
    context: Shared<ExecutionContext>,
    /// Its number.
    execution: i64,
    place: CorePlace,
    /// The host that drives it, where it can go on without its present driver.
    host: Option<Arc<dyn Host>>,
    /// Where it is told what comes from outside.
    inbox: Arc<Inbox>,
    /// What it was told and has not heard, and when it was told the last of it.
    untold: Answers,
    told_at: Timestamp,
    /// Who is notified that it was told something, and who when that is on the disk.
    hearing: Vec<(EffectId, Heard)>,
    heard: Vec<Heard>,
    /// The time of its last row.
    moment: Timestamp,
    /// The last of its rows that need not be on the disk yet.
    unwritten: Option<Written>,
    /// It has not begun as long as that is not on the disk.
    begins: bool,
    /// The tokens that it waits for.
    tokens: Vec<(EffectId, Text)>,
    /// What it wants to be done, and is not done yet.
    at_work: HashSet<EffectId>,
    /// What it wanted, and was given to its driver, and is not over.
    given: Given,
    /// So often has the process ended that it was in, since it was last told anything.
    deaths: u32,
    /// What it wants.
    wants: VecDeque<Want>,
    /// What it will want when its rows are on the disk.
    held: Vec<Want>,
    /// It began before, and comes back.
    comes: bool,
    /// It has come again, and tells what it told before.
    is_again: bool,
    /// When it was redriven last.
    redriven: Option<Timestamp>,
    /// It is made again of its rows before it is told anything.
    restarts: Restarts,
    /// It is about to be stopped, and nothing is begun for it any more.
    is_abandoned: bool,
    /// The ARNs of its Map Runs.
    map_runs: HashMap<EffectId, Text>,
    /// Map Runs that have come again, with the ARNs of their children that it has not heard the ends of.
    map_runs_again: HashMap<EffectId, HashSet<Text>>,
    /// So many rows are after its last snapshot, and so many there are at all.
    rows: u32,
    all_rows: u32,
    /// So often has it come back with more to do, and so often may it.
    rounds: u32,
    most_rounds: u32,
    /// It goes on, and has not come back.
    is_under_way: bool,
    /// What it goes on with when it is here again is to be given up.
    is_interrupted: bool,
    /// What it computed was given up, so that it can be told something: it would begin the same again.
    is_given_up: bool,
}

/// Whether an execution is made again of its rows whenever it is told something, as if its process died then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Restarts {
    Never,
    /// It does, and was when it had so many rows.
    At(Option<u32>),
    /// It is on its way to where it was, when it had so many rows. What it wants and tells till there was wanted and told.
    Again(u32),
}

/// Where the execution is.
enum CorePlace {
    /// It is made again of its rows.
    Coming(BoxFuture<'static, Result<Replayed, DurableError>>),
    /// In here.
    Here { core: Box<dyn Core>, step: KeptStep },
    /// It is over, or cannot go on here.
    Nowhere,
}

/// What is done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KeptStep {
    /// Nothing, until it is told something.
    Rest,
    Run,
    /// It becomes a snapshot, after it came as far as this.
    Snapshot(Progress),
    /// What it wants is given when its rows are on the disk.
    Write(Progress),
}

/// What comes of a step.
enum Next {
    /// Another step.
    Step(KeptStep),
    /// The execution has come as far as this.
    Far(Progress),
}

impl Kept {
    /// An execution that begins.
    pub(crate) fn begin(keeper: Arc<Keeper>, mut core: Box<dyn Core>, begun: Begun) -> Self {
        let context = Shared::clone(&begun.start.context);
        let (execution, written) = keeper.begin(&begun);
        let inbox = keeper.runs(execution, &context);
        let wants = std::iter::from_fn(|| core.next_want()).collect();
        let mut kept = Self::new(keeper, context, execution, CorePlace::Here { core, step: KeptStep::Run });
        kept.inbox = inbox;
        kept.unwritten = Some(written);
        kept.begins = true;
        kept.held = wants;
        kept.give_unseen();
        kept
    }

    /// An execution that began before.
    pub(crate) fn again(keeper: Arc<Keeper>, known: Known) -> Self {
        let (context, execution) = (known.context(), known.execution);
        if let Some((_, result)) = known.end {
            let mut kept = Self::new(keeper, context, execution, CorePlace::Nowhere);
            kept.wants.push_back(Want::Ended(result));
            return kept;
        }
        let inbox = keeper.runs(execution, &context);
        let redriven = known.redriven;
        let coming = Box::pin(replay(Arc::clone(&keeper), known));
        let mut kept = Self::new(keeper, context, execution, CorePlace::Coming(coming));
        kept.inbox = inbox;
        kept.redriven = redriven;
        kept
    }

    /// An execution that cannot begin.
    pub(crate) fn over(keeper: &Arc<Keeper>, start: Start, error: &DurableError) -> Self {
        let mut kept = Self::new(Arc::clone(keeper), start.context, 0, CorePlace::Nowhere);
        kept.wants.push_back(Want::Ended(Err(lost(error))));
        kept
    }
    /// An execution that has ended without success, and goes on with what failed in it.
    pub(crate) fn redriven(
        keeper: Arc<Keeper>,
        known: Known,
        moment: Timestamp,
        client_token: Option<Text>,
    ) -> Self {
        let (mut context, execution) = (Shared::clone(&known.begun.start.context), known.execution);
        let count = known.redrives.saturating_add(1);
        Shared::make_mut(&mut context).redrive = Some(Box::new(Redrive { count, time: moment }));
        let inbox = keeper.runs(execution, &context);
        let coming = redrive(Arc::clone(&keeper), known, moment, client_token);
        let coming = Box::pin(async {
            // It has ended, and has not gone on: nothing is to be made again.
            coming.await.map_err(|error| match error {
                DurableError::Process(reason) => DurableError::NotRedrivable(reason),
                other => other,
            })
        });
        let mut kept = Self::new(keeper, context, execution, CorePlace::Coming(coming));
        kept.inbox = inbox;
        kept
    }

    fn new(keeper: Arc<Keeper>, context: Shared<ExecutionContext>, execution: i64, place: CorePlace) -> Self {
        let moment = context.start_time;
        Self {
            keeper,
            context,
            execution,
            place,
            host: None,
            inbox: Arc::default(),
            untold: Vec::new(),
            told_at: moment,
            hearing: Vec::new(),
            heard: Vec::new(),
            moment,
            unwritten: None,
            begins: false,
            tokens: Vec::new(),
            at_work: HashSet::new(),
            given: Given::default(),
            deaths: 0,
            wants: VecDeque::new(),
            held: Vec::new(),
            comes: true,
            is_again: false,
            redriven: None,
            restarts: Restarts::Never,
            is_abandoned: false,
            map_runs: HashMap::new(),
            map_runs_again: HashMap::new(),
            rows: 0,
            all_rows: 0,
            rounds: 0,
            most_rounds: ROUNDS,
            is_under_way: false,
            is_interrupted: false,
            is_given_up: false,
        }
    }

    /// The same, made again of its rows whenever it is told something.
    pub(crate) fn restarting(mut self) -> Self {
        self.restarts = Restarts::At(None);
        self
    }

    /// The same, driven by a host that can go on with it when its driver does not.
    pub(crate) fn on(mut self, host: Arc<dyn Host>) -> Self {
        self.host = Some(host);
        self
    }

    /// Until it is here again, or cannot go on here.
    pub(crate) fn poll_come(&mut self, context: &mut Context<'_>) -> Poll<Result<(), DurableError>> {
        let Poll::Ready(came) = self.poll_coming(context) else { return Poll::Pending };
        if let Err(error) = &came {
            self.lose(error);
        }
        Poll::Ready(came)
    }

    fn poll_coming(&mut self, context: &mut Context<'_>) -> Poll<Result<(), DurableError>> {
        let CorePlace::Coming(coming) = &mut self.place else { return Poll::Ready(Ok(())) };
        let Poll::Ready(came) = coming.as_mut().poll(context) else { return Poll::Pending };
        Poll::Ready(came.map(|replayed| self.came(replayed)))
    }

    /// What it waits for, if that is all that it does and it has heard all that it was told.
    pub(crate) fn rest(&self) -> Option<Rest> {
        let is_at_rest = matches!(self.place, CorePlace::Here { step: KeptStep::Rest, .. });
        if !is_at_rest || self.wants.is_empty() || !self.untold.is_empty() {
            return None;
        }
        Rest::of(&self.wants)
    }

    /// Why it cannot go on here, if that is so.
    pub(crate) fn damage(&self) -> Option<String> {
        match (&self.place, self.wants.front()) {
            (CorePlace::Nowhere, Some(Want::Ended(Err(error)))) => {
                Some(error.cause().map_or_else(|| error.to_string(), str::to_owned))
            }
            _ => None,
        }
    }

    /// The execution is here again.
    fn came(&mut self, replayed: Replayed) {
        if let Restarts::Again(_) = self.restarts {
            self.place = CorePlace::Here { core: replayed.core, step: KeptStep::Run };
            return;
        }
        let Replayed { core, moment, mut wants, rows, all_rows, started, abandoned, redriven } = replayed;
        (self.moment, self.rows, self.all_rows) = (moment, rows, all_rows);
        self.is_again = redriven.is_none();
        for (effect, arn) in started {
            self.inbox.waits(effect, arn);
        }
        if let Some(Redriven { answers, client_token }) = redriven {
            self.redriven = Some(moment);
            let entry = Entry::Answers(moment, answers);
            self.unwritten = Some(self.keeper.journal().redrive(self.execution, &entry, client_token));
        }
        if let Some(abandoned) = abandoned {
            self.told_at = self.told_at.max(abandoned.moment);
            self.untold.push((EffectId::EXECUTION, abandoned.outcome()));
            self.is_abandoned = true;
            wants.clear();
        }
        for want in wants {
            if self.given.has(&want) {
                continue;
            }
            self.note_again(&want);
            let want = self.possible(want);
            self.held.extend(want);
        }
        self.give_unseen();
        self.place = CorePlace::Here { core, step: KeptStep::Run };
    }

    /// Keeps in mind the Map Runs that have come again, and the children that run in them: of what has ended there before, the results are written again.
    fn note_again(&mut self, want: &Want) {
        match want {
            Want::MapRun(run) => drop(self.map_runs_again.insert(run.effect.clone(), HashSet::new())),
            Want::Child(child) => {
                let unheard = self.map_runs_again.entry(child.effect.clone()).or_default();
                unheard.insert(child.context.id.clone());
            }
            _ => {}
        }
    }

    /// It has come as far as it was when the process ended. The executions whose ends its tasks waited for then are waited for still; or they are
    /// stopped, if their tasks are over and had not come to that.
    fn awaits_again(&self) {
        for (effect, arn) in self.keeper.awaited(self.execution) {
            let performs = |want: &Want| matches!(want, Want::Perform(perform) if perform.effect == effect);
            if self.at_work.contains(&effect) || self.wants.iter().chain(&self.held).any(performs) {
                self.inbox.waits(effect, arn);
            } else {
                self.abandon(&arn);
            }
        }
    }

    /// The process has ended that it was in: it is made again of its rows, unless it has come to nothing else for a while.
    fn died(&mut self, reason: &str) -> Poll<Next> {
        let was_at_rest = matches!(self.place, CorePlace::Here { step: KeptStep::Rest, .. });
        // One at rest has no part in what ended the process, in which other executions are as well.
        self.deaths += u32::from(!was_at_rest);
        (self.is_under_way, self.is_given_up) = (false, false);
        self.held.clear();
        self.wants.clear();
        if self.deaths >= DEATHS {
            let cause = format!("the process of the machine has ended {DEATHS} times in a row: {reason}");
            self.held.push(Want::Ended(Err(Error::runtime(cause).into())));
            let core =
                Box::new(Followed::new(Shared::clone(&self.context), Box::pin(std::future::pending())));
            self.place = CorePlace::Here { core, step: KeptStep::Rest };
            return Poll::Ready(Next::Step(KeptStep::Write(Progress::Ended)));
        }
        let (keeper, execution) = (Arc::clone(&self.keeper), self.execution);
        let pause = PAUSE * 4_u32.pow(self.deaths);
        self.place = CorePlace::Coming(Box::pin(async move {
            if !was_at_rest {
                tokio::time::sleep(pause).await;
            }
            once_more(keeper, execution).await
        }));
        Poll::Ready(Next::Step(KeptStep::Run))
    }

    /// What is wanted, unless it cannot be done after a crash, and has failed: a task that may have been done and is not to be done twice.
    fn possible(&mut self, want: Want) -> Option<Want> {
        match want {
            Want::Perform(perform)
                if self.is_again
                    && perform.submitted.is_none()
                    && self.keeper.is_done_once(&perform.task.resource) =>
            {
                let error = TaskError::new(
                    INTERRUPTED,
                    "The process ended while the task was under way, and it is not to be done twice.",
                );
                self.untold.push((perform.effect.clone(), Outcome::Ended(Err(error))));
                None
            }
            want => Some(want),
        }
    }

    /// It cannot go on here. In the journal it has not ended.
    fn lose(&mut self, error: &DurableError) {
        self.place = CorePlace::Nowhere;
        self.held.clear();
        let result = Err(lost(error));
        self.keeper.lost(&self.context.id, error);
        self.wants = VecDeque::from([Want::Ended(result)]);
    }

    /// It was not written. If it began, and ended, before, with the same input, that is what comes of it.
    fn refused(&mut self, error: &DurableError) {
        if let DurableError::ExecutionAlreadyExists(arn) = error
            && let Ok(Some(before)) = self.keeper.journal().find(arn)
            && let Some((_, result)) = before.end
            && before.begun.start.context.input == self.context.input
        {
            self.keeper.leaves(&self.context.id, result.clone());
            self.place = CorePlace::Nowhere;
            self.held.clear();
            self.wants = VecDeque::from([Want::Ended(result)]);
            return;
        }
        self.lose(error);
    }

    /// Tells it what has come, and writes that down; `false` if it did not wait for any of it.
    fn tell(&mut self, entry: fn(Timestamp, Answers) -> Entry) -> bool {
        let CorePlace::Here { core, .. } = &mut self.place else { return false };
        // The clock may have been set back. In the rows, time never goes back, so that a replay sees what the execution saw.
        let moment = self.moment.max(self.told_at);
        let mut taken = Vec::with_capacity(self.untold.len());
        for (effect, outcome) in self.untold.drain(..) {
            if core.answer(&effect, outcome.clone(), moment) {
                taken.push((effect, outcome));
            }
        }
        for (effect, heard) in self.hearing.drain(..) {
            if taken.iter().any(|(taken, _)| *taken == effect) {
                self.heard.push(heard);
            } else {
                // There may be no one waiting for that any more.
                let _ = heard.send(false);
            }
        }
        if taken.is_empty() {
            return false;
        }
        self.moment = moment;
        self.deaths = 0;
        taken.iter().for_each(|(effect, outcome)| self.given.came(effect, outcome));
        self.write(&entry(moment, taken));
        true
    }

    /// Writes a row: its number.
    fn write(&mut self, entry: &Entry) -> i64 {
        self.rows += 1;
        self.all_rows = self.all_rows.saturating_add(1);
        let (row, written) = self.keeper.journal().append(self.execution, entry);
        self.unwritten = Some(written);
        row
    }

    fn step(&mut self, context: &mut Context<'_>, now: &dyn Fn() -> Timestamp) -> Poll<Next> {
        let step = match &mut self.place {
            CorePlace::Nowhere => return Poll::Ready(Next::Far(Progress::Waits)),
            CorePlace::Coming(_) => {
                let Poll::Ready(came) = self.poll_coming(context) else { return Poll::Pending };
                match came {
                    Ok(()) => {}
                    Err(DurableError::Process(reason)) => return self.died(&reason),
                    Err(error) => self.lose(&error),
                }
                return Poll::Ready(Next::Step(KeptStep::Run));
            }
            CorePlace::Here { step, core } => {
                let (step, moment) = (*step, self.moment);
                if step == KeptStep::Rest && core.is_elsewhere() {
                    // It does nothing, and is notified of the end of its process.
                    let _ = core.poll_run(context, &|| moment);
                }
                if let Some(reason) = core.fault() {
                    return self.died(&reason);
                }
                step
            }
        };
        match step {
            KeptStep::Rest if self.restarts() => Poll::Ready(Next::Step(KeptStep::Rest)),
            KeptStep::Rest if self.tell(Entry::Answers) => Poll::Ready(Next::Step(KeptStep::Run)),
            KeptStep::Rest => Poll::Ready(Next::Far(Progress::Waits)),
            KeptStep::Run => self.run(context),
            KeptStep::Snapshot(progress) => self.become_snapshot(progress, context, now),
            KeptStep::Write(progress) => self.wait_for_disk(progress, context),
        }
    }

    /// Whether it is made again of its rows now, before it is told what has come.
    fn restarts(&mut self) -> bool {
        let Restarts::At(before) = self.restarts else { return false };
        if self.untold.is_empty() || before == Some(self.all_rows) {
            return false;
        }
        self.restarts = Restarts::Again(self.all_rows);
        let (keeper, execution) = (Arc::clone(&self.keeper), self.execution);
        self.place = CorePlace::Coming(Box::pin(once_more(keeper, execution)));
        true
    }

    /// Goes on to where it was when it was made again.
    fn run_again(&mut self, progress: Progress, rows: u32) -> Poll<Next> {
        if !matches!(progress, Progress::Waits | Progress::Ended) {
            return Poll::Ready(Next::Far(progress));
        }
        if let CorePlace::Here { core, .. } = &mut self.place {
            drop(core.told());
        }
        self.restarts = Restarts::At(Some(rows));
        Poll::Ready(Next::Step(KeptStep::Rest))
    }

    /// Lets it go on as far as it can.
    fn run(&mut self, context: &mut Context<'_>) -> Poll<Next> {
        let moment = self.moment;
        if !self.is_under_way && std::mem::take(&mut self.is_given_up) && !self.untold.is_empty() {
            return Poll::Ready(Next::Step(KeptStep::Snapshot(Progress::More)));
        }
        let CorePlace::Here { core, .. } = &mut self.place else {
            return Poll::Ready(Next::Step(KeptStep::Rest));
        };
        let polled = core.poll_run(context, &|| moment);
        self.is_under_way = polled.is_pending();
        let is_interrupted = std::mem::take(&mut self.is_interrupted);
        let Poll::Ready(progress) = polled else {
            if is_interrupted {
                self.interrupt();
            }
            return Poll::Pending;
        };
        if let Some(reason) = core.fault() {
            return self.died(&reason);
        }
        let wants: Vec<_> = std::iter::from_fn(|| core.next_want()).collect();
        if let Restarts::Again(rows) = self.restarts {
            return self.run_again(progress, rows);
        }
        let waits = matches!(progress, Progress::Waits | Progress::Ended);
        if self.is_again && progress == Progress::Waits {
            // It came as far as this before, and told so.
            drop(core.told());
        }
        self.hold(wants);
        self.give_unseen();
        if waits && std::mem::take(&mut self.is_again) {
            self.awaits_again();
        }
        if waits {
            (self.rounds, self.most_rounds) = (0, ROUNDS);
            let is_long = self.rows >= ROWS && progress == Progress::Waits;
            return Poll::Ready(Next::Step(if is_long {
                KeptStep::Snapshot(progress)
            } else {
                KeptStep::Write(progress)
            }));
        }
        self.rounds += 1;
        let most = if self.untold.is_empty() { self.most_rounds } else { FEW_ROUNDS };
        if self.rounds < most {
            return Poll::Ready(Next::Far(progress));
        }
        self.rounds = 0;
        // What is large takes long to be written.
        self.most_rounds = self.most_rounds.saturating_mul(2);
        Poll::Ready(Next::Step(KeptStep::Snapshot(Progress::More)))
    }

    /// What it wants is given when its rows are on the disk.
    fn hold(&mut self, wants: Vec<Want>) {
        for want in wants {
            if let Want::Cancel { effect } = &want {
                self.held.retain(|held| effect_of(held) != Some(effect));
            } else if self.given.has(&want) {
                continue;
            }
            if self.is_again {
                // A child may have begun before that was not wanted by then.
                self.note_again(&want);
            }
            let want = self.possible(want);
            self.held.extend(want);
        }
    }

    fn become_snapshot(
        &mut self,
        progress: Progress,
        context: &mut Context<'_>,
        now: &dyn Fn() -> Timestamp,
    ) -> Poll<Next> {
        let CorePlace::Here { core, .. } = &mut self.place else {
            return Poll::Ready(Next::Step(KeptStep::Rest));
        };
        let Poll::Ready(snapshot) = core.poll_snapshot(context) else { return Poll::Pending };
        if let Some(reason) = core.fault() {
            return self.died(&reason);
        }
        let events = core.events();
        match snapshot {
            Ok(snapshot) => self.snapshot(snapshot, events, now()),
            Err(reason) => self.lose(&DurableError::Journal(reason)),
        }
        if progress == Progress::More {
            // It is told things as if it waited.
            self.tell(Entry::AtOnce);
        }
        Poll::Ready(Next::Step(KeptStep::Write(progress)))
    }

    fn snapshot(&mut self, snapshot: Snapshot, events: u64, now: Timestamp) {
        self.moment = self.moment.max(now);
        let row = self.write(&Entry::Snapshot(self.moment, events, snapshot));
        if let Some(abandoned) = self.keeper.abandoned(&self.context.id) {
            // What is before a snapshot is not read again.
            self.write(&Entry::Abandoned(Abandoned { moment: self.moment, ..abandoned }));
        }
        self.rows = 0;
        if self.all_rows > KEPT_ROWS {
            self.keeper.journal().cut(self.execution, row);
        }
    }

    fn wait_for_disk(&mut self, progress: Progress, context: &mut Context<'_>) -> Poll<Next> {
        if let Some(unwritten) = &mut self.unwritten
            && (self.begins || !self.heard.is_empty() || self.held.iter().any(is_seen))
        {
            let Poll::Ready(result) = Pin::new(unwritten).poll(context) else { return Poll::Pending };
            self.unwritten = None;
            if let Err(error) = result {
                self.refused(&error);
                return Poll::Ready(Next::Far(Progress::Waits));
            }
            self.begins = false;
            for heard in self.heard.drain(..) {
                let _ = heard.send(true);
            }
        }
        std::mem::take(&mut self.held).into_iter().for_each(|want| self.give(want));
        self.goes(if progress == Progress::More { KeptStep::Run } else { KeptStep::Rest });
        Poll::Ready(Next::Far(progress))
    }

    /// Gives its driver what cannot be seen outside, whether its rows are on the disk or not: a time limit counts during a long evaluation,
    /// too.
    fn give_unseen(&mut self) {
        let unseen = self.held.iter().take_while(|want| !is_seen(want)).count();
        self.held.drain(..unseen).collect::<Vec<_>>().into_iter().for_each(|want| self.give(want));
    }

    fn give(&mut self, want: Want) {
        if self.is_abandoned && begins(&want) {
            return;
        }
        self.abandon_for(&want);
        if let Want::Ended(result) = &want {
            self.keeper.ended(&self.context.id, self.execution, (self.moment, result.clone()));
        }
        if let Want::Await { effect, task_token } = &want {
            self.awaits(effect, task_token);
        }
        self.wants.push_back(want);
    }

    /// Stops what was started for tasks that do not wait for it any more.
    fn abandon_for(&self, want: &Want) {
        let started = match want {
            Want::Ended(_) => self.inbox.ends(),
            Want::Cancel { effect } => self.inbox.gives_up(effect),
            _ => return,
        };
        started.iter().for_each(|(_, arn)| self.abandon(arn));
    }

    /// Stops an execution that a task of this one has started.
    fn abandon(&self, arn: &Text) {
        let abandoned = Abandoned { moment: self.moment, by: (*self.context.id).clone() };
        if let Some(execution) = self.keeper.abandon(arn, abandoned) {
            self.stop(execution);
        }
    }

    /// Stops an execution that nothing drives, on the host that drives this one.
    fn stop(&self, execution: i64) {
        if let Some(host) = &self.host
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(stop(Arc::clone(host), Arc::clone(&self.keeper), execution));
        }
    }

    /// It began before, and has come as far as that.
    fn has_come(&mut self, progress: Progress) {
        let waits = matches!(progress, Progress::Waits | Progress::Ended);
        if waits && std::mem::take(&mut self.comes) {
            self.keeper.has_come(&self.context.id);
        }
    }

    /// From now on it can be told what comes for a token.
    fn awaits(&mut self, effect: &EffectId, task_token: &Text) {
        self.keeper.awaits(task_token, &self.context.id, effect);
        self.keeper.journal().token(task_token, self.execution);
        if self.tokens.iter().all(|(_, known)| known != task_token) {
            self.tokens.push((effect.clone(), task_token.clone()));
        }
    }

    fn goes(&mut self, next: KeptStep) {
        if let CorePlace::Here { step, .. } = &mut self.place {
            *step = next;
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.has_come(Progress::Ended);
        if self.inbox.parks() {
            // It is made again for what comes for it.
            return;
        }
        self.tokens.iter().for_each(|(_, token)| self.keeper.forgets(token));
        if std::thread::panicking() && !matches!(self.place, CorePlace::Nowhere) {
            let error = Error::runtime("The execution panicked.");
            self.keeper.ended(&self.context.id, self.execution, (self.moment, Err(error.into())));
        }
        if !matches!(self.place, CorePlace::Nowhere)
            && self.keeper.loses_driver(&self.context.id, self.execution)
        {
            self.stop(self.execution);
        }
    }
}

/// An execution as it is by its rows.
async fn once_more(keeper: Arc<Keeper>, execution: i64) -> Result<Replayed, DurableError> {
    keeper.journal().sync().await?;
    let known = keeper.journal().known(execution)?;
    replay(keeper, known).await
}

/// Goes on with an execution that has lost its driver, as far as to its end: it is to be stopped.
async fn stop(host: Arc<dyn Host>, keeper: Arc<Keeper>, execution: i64) {
    // Without a disk it is stopped when the folder is opened again.
    if keeper.journal().sync().await.is_ok()
        && let Ok(known) = keeper.journal().known(execution)
    {
        let kept = Box::new(Kept::again(keeper, known).on(Arc::clone(&host)));
        drop(asl_runtime::drive(&*host, kept, None).await);
    }
}

/// Whether something is begun that is wanted.
const fn begins(want: &Want) -> bool {
    !matches!(want, Want::Cancel { .. } | Want::Ended(_))
}

/// Whether it can be seen outside that something is wanted.
const fn is_seen(want: &Want) -> bool {
    !matches!(want, Want::Timer { .. } | Want::Cancel { .. })
}

/// How an execution ends for those who wait for it here, which cannot go on here.
pub(crate) fn lost(error: &DurableError) -> ExecutionError {
    Error::runtime(error.to_string()).into()
}

/// What there is to say of an execution that is not here.
pub(crate) fn nowhere() -> String {
    String::from("the execution is not here")
}
