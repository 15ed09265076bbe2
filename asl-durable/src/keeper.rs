//! What all executions of a folder share: the journal, the machines that are known, and who runs.

use crate::definition;
use crate::error::DurableError;
use crate::executions;
use crate::followed::Followed;
use crate::inbox::{Inbox, Letter};
use crate::journal::{
    Abandoned, Begun, Child, End, Entry, Facts, Hash, Journal, Known, Unfinished, Waiter, Written,
};
use crate::kept::{Kept, lost};
use crate::parked::Doorbell;
use asl_engine::context::ExecutionContext;
use asl_engine::error::ExecutionError;
use asl_engine::history::Needs;
use asl_engine::{ChildStart, EffectId, Outcome, Start, Timestamp};
use asl_runtime::{BoxFuture, Core, Host, Invocation, Machine};
use asl_value::{Text, Value};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, oneshot, watch};
use tokio::time::timeout;

/// So long is it waited for one of the executions that come back.
const PATIENCE: Duration = Duration::from_secs(5);

/// What comes of an execution.
pub(crate) type Ended = Result<Value, ExecutionError>;

/// What executions share.
pub(crate) struct Keeper {
    journal: Journal,
    shared: Mutex<SharedKeeper>,
    /// Makes machines that are not known yet.
    make: OnceLock<Make>,
    /// One of those that come back has.
    came: Notify,
}

/// Makes a machine of a definition, by the name of the machine and the text.
pub(crate) type Make = Box<dyn Fn(&Text, &Text) -> Option<Arc<dyn Machine>> + Send + Sync>;

/// Whether an ARN is free for an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ArnClaim {
    /// It was, and is the execution's now.
    Free,
    /// The same execution runs.
    Same,
    /// It is that of another one.
    Other,
}

#[derive(Default)]
struct SharedKeeper {
    machines: HashMap<Hash, Arc<dyn Machine>>,
    /// The hashes of the definitions of these, which take long to be computed, by the names of the machines.
    hashes: HashMap<Text, Vec<(Text, Hash)>>,
    /// Those whose definitions are in the journal.
    defined: HashSet<Hash>,
    /// By their ARNs.
    running: HashMap<Text, Running>,
    /// The ARNs and effects that wait for tokens.
    tokens: HashMap<Text, (Text, EffectId)>,
    /// Children of Map Runs that began before the process did, which their parents ask for again.
    children: HashMap<Text, i64>,
    /// Those of them that have not come back, and may wait for tokens.
    coming: HashSet<Text>,
    /// Executions whose ends tasks waited for when the process ended, by the numbers of the executions of these.
    awaited: HashMap<i64, Vec<(EffectId, Text)>>,
    /// What those that come back tell.
    tells: Option<Needs>,
    done_once: DoneOnce,
}

impl SharedKeeper {
    /// The hash of a definition that is known.
    fn hash(&self, name: &Text, definition: &Text) -> Option<Hash> {
        let known = self.hashes.get(name)?;
        known.iter().find(|(known, _)| known == definition).map(|(_, hash)| *hash)
    }
}

/// Which tasks are not done again if it is not known whether they were done.
#[derive(Clone, Debug, Default)]
struct DoneOnce {
    all: bool,
    resources: BTreeSet<String>,
}

/// An execution that has not ended.
struct Running {
    execution: i64,
    /// As far as it is in memory.
    input: Option<Value>,
    inbox: Arc<Inbox>,
    end: watch::Sender<Option<Ended>>,
    /// The task that started it does not wait for it any more.
    abandoned: Option<Abandoned>,
    /// Wakes it while nothing of it is in memory.
    doorbell: Option<Arc<Doorbell>>,
    /// Its driver was dropped, and nothing drives it.
    is_left: bool,
}

/// That a task waits for an execution which is about to begin.
pub(crate) struct Waits {
    waiter: Waiter,
    started: Text,
    /// That of the execution of the task, if it is one of these.
    inbox: Option<Arc<Inbox>>,
}

impl Running {
    fn new(execution: i64) -> Self {
        Self {
            execution,
            input: None,
            inbox: Arc::default(),
            end: watch::Sender::new(None),
            abandoned: None,
            doorbell: None,
            is_left: false,
        }
    }
}

impl Keeper {
    pub(crate) fn new(journal: Journal) -> Self {
        Self { journal, shared: Mutex::default(), make: OnceLock::new(), came: Notify::new() }
    }

    pub(crate) const fn journal(&self) -> &Journal {
        &self.journal
    }

    fn shared(&self) -> MutexGuard<'_, SharedKeeper> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a machine known, by its definition.
    pub(crate) fn know(&self, machine: &dyn Machine) -> Hash {
        let (name, definition) = (machine.name(), machine.definition());
        let known = self.shared().hash(&name, &definition);
        if let Some(hash) = known {
            return hash;
        }
        let hash = definition::hash(machine);
        let mut shared = self.shared();
        shared.machines.entry(hash).or_insert_with(|| machine.handle());
        // What has none is known by its states. Another thread may have been faster.
        if !definition.is_empty() && shared.hash(&name, &definition).is_none() {
            shared.hashes.entry(name).or_default().push((definition, hash));
        }
        hash
    }

    /// The same, for a machine of which an execution begins: its definition is kept.
    fn define(&self, machine: &dyn Machine) -> Hash {
        let hash = self.know(machine);
        if self.shared().defined.insert(hash) {
            self.journal.define(hash, machine.name(), machine.definition());
        }
        hash
    }

    /// Machines that are not known are made by this.
    pub(crate) fn make_machines(&self, make: Make) {
        // The first to say it is right.
        let _ = self.make.set(make);
    }

    /// The machine of a definition.
    fn machine_of(&self, definition: &Hash) -> Option<Arc<dyn Machine>> {
        let known = self.shared().machines.get(definition).cloned();
        known.or_else(|| {
            let make = self.make.get()?;
            let (name, text) = executions::definition_of(&self.journal, definition).ok()??;
            make(&name, &text)
        })
    }

    /// The machine that an execution began with.
    pub(crate) fn machine(&self, known: &Known) -> Result<Arc<dyn Machine>, DurableError> {
        let machine = self.machine_of(&known.begun.definition);
        machine.ok_or_else(|| DurableError::DefinitionUnknown(known.begun.start.context.id.clone()))
    }

    pub(crate) fn tells(&self) -> Option<Needs> {
        self.shared().tells
    }

    pub(crate) fn set_tells(&self, tells: Option<Needs>) {
        self.shared().tells = tells;
    }

    /// Whether a task is not to be done again if it is not known whether it was done.
    pub(crate) fn is_done_once(&self, resource: &str) -> bool {
        let done_once = &self.shared().done_once;
        done_once.all || done_once.resources.contains(resource)
    }

    pub(crate) fn do_all_once(&self) {
        self.shared().done_once.all = true;
    }

    pub(crate) fn do_once(&self, resource: String) {
        self.shared().done_once.resources.insert(resource);
    }

    /// Begins an execution; or goes with the one that has this ARN already, if it has the same input. It is stopped when the task that it is begun by
    /// does not wait for it any more.
    pub(crate) fn start(
        self: &Arc<Self>,
        host: &dyn Host,
        machine: &dyn Machine,
        mut start: Start,
        by: Option<&Invocation>,
    ) -> Box<dyn Core> {
        start.is_redrivable = true;
        let waiter = by.map(|by| Waiter { arn: (*by.execution().id).clone(), effect: by.effect().clone() });
        // It may be given up before it is notified that this has begun.
        let waits = waiter.as_ref().map(|waiter| self.waits(waiter, &start.context.id));
        match self.other(&start.context) {
            Some(Ok(end)) => Box::new(Followed::new(start.context, end)),
            Some(Err(())) => {
                let error = DurableError::ExecutionAlreadyExists(start.context.id.clone());
                Box::new(Kept::over(self, start, &error))
            }
            None => {
                let definition = self.define(machine);
                let core = machine.start(start.clone());
                let moment = start.context.start_time;
                let begun = Begun { waiter, ..Begun::new(start, definition) };
                let kept = Kept::begin(Arc::clone(self), core, begun).on(host.handle());
                waits.into_iter().for_each(|waits| self.has_begun(waits, moment));
                Box::new(kept)
            }
        }
    }

    /// Takes the ARN of an execution that is about to begin, if it is free.
    pub(crate) fn take_place(&self, context: &ExecutionContext) -> Result<ArnClaim, DurableError> {
        match self.other(context) {
            Some(Ok(_)) => return Ok(ArnClaim::Same),
            Some(Err(())) => return Ok(ArnClaim::Other),
            None => {}
        }
        let is_taken = {
            let mut shared = self.shared();
            let is_taken = shared.running.contains_key(&*context.id);
            let running = shared.running.entry(context.id.clone()).or_insert_with(|| Running::new(0));
            running.input.get_or_insert_with(|| context.input.clone());
            is_taken
        };
        if is_taken {
            // It has come in between.
            return Ok(if self.other(context).is_some_and(|end| end.is_ok()) {
                ArnClaim::Same
            } else {
                ArnClaim::Other
            });
        }
        let place = match self.journal.find(&context.id) {
            Ok(None) => return Ok(ArnClaim::Free),
            // It has not ended, and nothing here can go on with it.
            Ok(Some(known)) if known.end.is_none() && known.begun.start.context.input == context.input => {
                Ok(ArnClaim::Same)
            }
            Ok(Some(_)) => Ok(ArnClaim::Other),
            Err(error) => Err(error),
        };
        self.leaves(&context.id, Err(lost(&DurableError::ExecutionAlreadyExists(context.id.clone()))));
        place
    }

    /// Begins an execution whose place is taken.
    pub(crate) fn start_in_place(
        self: &Arc<Self>,
        host: &Arc<dyn Host>,
        machine: &dyn Machine,
        mut start: Start,
        facts: Facts,
        waiter: Option<Waiter>,
    ) -> Box<dyn Core> {
        start.is_redrivable = true;
        let definition = self.define(machine);
        let core = machine.start(start.clone());
        let begun = Begun { facts, waiter, ..Begun::new(start, definition) };
        Box::new(Kept::begin(Arc::clone(self), core, begun).on(Arc::clone(host)))
    }

    /// The end of an execution that runs and has this ARN; or that it has another input.
    fn other(&self, context: &ExecutionContext) -> Option<Result<BoxFuture<'static, Ended>, ()>> {
        let (input, end) = {
            let shared = self.shared();
            let running = shared.running.get(&*context.id)?;
            (running.input.clone(), ended(running.end.subscribe()))
        };
        let in_journal = || Some(self.journal.find(&context.id).ok()??.begun.start.context.input.clone());
        let is_same = input.or_else(in_journal).is_some_and(|input| input == context.input);
        Some(if is_same { Ok(end) } else { Err(()) })
    }

    /// A child of a Map Run: a new one, or one that began before.
    pub(crate) fn child(
        self: &Arc<Self>,
        parent: i64,
        map_run: Option<Text>,
        core: &dyn Core,
        child: &ChildStart,
        mut start: Start,
    ) -> Kept {
        start.is_redrivable = true;
        match self.child_before(child) {
            Ok(Some(known)) => {
                let redriven =
                    child.context.redrive.as_ref().filter(|redrive| known.runs_again(redrive.time));
                return match redriven {
                    Some(redrive) => Kept::redriven(Arc::clone(self), known, redrive.time, None),
                    None => Kept::again(Arc::clone(self), known),
                };
            }
            Ok(None) => {}
            Err(error) => return Kept::over(self, start, &error),
        }
        let definition = match self.journal.definition(parent) {
            Ok(definition) => definition,
            Err(error) => return Kept::over(self, start, &error),
        };
        let core = core.child(child, start.clone());
        start.part = Some(child.part);
        let begun = Begun { parent: Some(parent), map_run, ..Begun::new(start, definition) };
        Kept::begin(Arc::clone(self), core, begun)
    }

    /// What is known of a child of a Map Run that began before: before the process did, or before its parent was redriven.
    fn child_before(&self, child: &ChildStart) -> Result<Option<Known>, DurableError> {
        let arn = &*child.context.id;
        let before = self.shared().children.remove(arn);
        match before {
            Some(execution) => self.journal.known(execution).map(Some),
            None if child.context.redrive.is_some() => self.journal.find(arn),
            None => Ok(None),
        }
    }

    /// Children that their parents will ask for.
    pub(crate) fn expect_children(&self, children: Vec<Child>) {
        let mut shared = self.shared();
        for Child { arn, execution, has_ended } in children {
            if !has_ended {
                shared.coming.insert(arn.clone());
            }
            shared.children.insert(arn, execution);
        }
    }

    /// Executions whose ends were waited for: those that run wait again when they have come back. What waited in those that have ended does not, and
    /// what it waited for is stopped.
    pub(crate) fn expect_awaited(&self, unfinished: &[Unfinished], moment: Timestamp) {
        for Unfinished { arn, waiter, .. } in unfinished {
            match waiter {
                Some(waiter) if waiter.is_over => {
                    self.abandon(arn, Abandoned { moment, by: waiter.arn.clone() });
                }
                Some(waiter) => {
                    let awaited = (waiter.effect.clone(), arn.clone());
                    self.shared().awaited.entry(waiter.execution).or_default().push(awaited);
                }
                None => {}
            }
        }
    }

    /// What tasks of an execution waited for, when the process ended, once.
    pub(crate) fn awaited(&self, execution: i64) -> Vec<(EffectId, Text)> {
        self.shared().awaited.remove(&execution).unwrap_or_default()
    }

    /// An execution has come back, or cannot: what it waits for is known.
    pub(crate) fn has_come(&self, arn: &str) {
        if self.shared().coming.remove(arn) {
            self.came.notify_waiters();
        }
    }

    /// An execution is written down.
    pub(crate) fn begin(&self, begun: &Begun) -> (i64, Written) {
        self.journal.begin(begun)
    }

    /// An execution runs: where it is told what comes from outside.
    pub(crate) fn runs(&self, execution: i64, context: &ExecutionContext) -> Arc<Inbox> {
        let mut shared = self.shared();
        let running = shared.running.entry(context.id.clone()).or_insert_with(|| Running::new(execution));
        running.execution = execution;
        running.input = Some(context.input.clone());
        (running.doorbell, running.is_left) = (None, false);
        running.inbox.set_parks(false);
        Arc::clone(&running.inbox)
    }

    /// An execution will run: `false` if no machine is known that has its definition, or it runs already.
    pub(crate) fn will_run(&self, unfinished: &Unfinished) -> Result<bool, ()> {
        if self.shared().running.contains_key(&unfinished.arn) {
            return Ok(false);
        }
        // Whether a machine can be made of it shows when it is.
        if self.make.get().is_none() && !self.shared().machines.contains_key(&unfinished.definition) {
            return Err(());
        }
        let mut shared = self.shared();
        shared.running.insert(unfinished.arn.clone(), Running::new(unfinished.execution));
        Ok(true)
    }

    /// Nothing of an execution is in memory any more, though it has not ended.
    pub(crate) fn rests(&self, arn: &str, doorbell: Arc<Doorbell>) {
        if let Some(running) = self.shared().running.get_mut(arn) {
            running.input = None;
            running.doorbell = Some(doorbell);
            running.is_left = false;
            running.inbox.set_rests(true);
        }
    }

    /// An execution has ended.
    pub(crate) fn ended(&self, arn: &str, execution: i64, end: End) {
        self.journal.end(execution, &end);
        self.leaves(arn, end.1);
    }

    /// An execution cannot go on here. It has not ended.
    pub(crate) fn lost(&self, arn: &str, error: &DurableError) {
        self.leaves(arn, Err(lost(error)));
    }

    /// The same, by its number.
    pub(crate) fn lost_at(&self, execution: i64, error: &DurableError) {
        let arn = self
            .shared()
            .running
            .iter()
            .find(|(_, running)| running.execution == execution)
            .map(|(arn, _)| arn.clone());
        if let Some(arn) = arn {
            self.lost(&arn, error);
        }
    }

    /// An execution does not run any more.
    pub(crate) fn leaves(&self, arn: &str, result: Ended) {
        if let Some(running) = self.shared().running.remove(arn) {
            running.end.send_replace(Some(result));
        }
    }

    /// Tells an execution something: its number, if it runs, and when it has heard.
    pub(crate) fn tell(
        &self,
        arn: &str,
        effect: EffectId,
        outcome: Outcome,
    ) -> Option<(i64, oneshot::Receiver<bool>)> {
        let (heard, hears) = oneshot::channel();
        let shared = self.shared();
        let running = shared.running.get(arn)?;
        running.inbox.put(Letter { effect, outcome, heard });
        Some((running.execution, hears))
    }

    /// An execution is about to leave memory: its number.
    pub(crate) fn leaves_memory(&self, arn: &str) -> Option<i64> {
        let shared = self.shared();
        let running = shared.running.get(arn)?;
        running.inbox.set_parks(true);
        Some(running.execution)
    }

    /// Whether an execution has not looked at what it was told.
    pub(crate) fn has_letters(&self, arn: &str) -> bool {
        self.shared().running.get(arn).is_some_and(|running| running.inbox.has_letters())
    }

    /// A task of an execution starts another and waits for its end.
    pub(crate) fn waits(&self, waiter: &Waiter, started: &Text) -> Waits {
        let inbox = self.shared().running.get(&*waiter.arn).map(|running| Arc::clone(&running.inbox));
        if let Some(inbox) = &inbox {
            inbox.waits(waiter.effect.clone(), started.clone());
        }
        Waits { waiter: waiter.clone(), started: started.clone(), inbox }
    }

    /// What a task has started has begun: if the task was given up meanwhile, it is stopped.
    pub(crate) fn has_begun(&self, waits: Waits, moment: Timestamp) {
        let Waits { waiter: Waiter { arn, effect }, started, inbox } = waits;
        if inbox.is_some_and(|inbox| !inbox.waits_for(&effect, &started)) {
            self.abandon(&started, Abandoned { moment, by: arn });
        }
    }

    /// Nothing drives an execution any more: whether it is to be stopped, because the task that started it does not wait for it any more.
    pub(crate) fn loses_driver(&self, arn: &str, execution: i64) -> bool {
        let mut shared = self.shared();
        let running = shared.running.get_mut(arn).filter(|running| running.execution == execution);
        let Some(running) = running else { return false };
        running.is_left = running.abandoned.is_none();
        !running.is_left
    }

    /// The task that started an execution does not wait for it any more: it is stopped. That is written down before anything that follows
    /// in the execution of that task, so that it is stopped after a crash as well. If nothing drives it, its number is given.
    pub(crate) fn abandon(&self, arn: &str, abandoned: Abandoned) -> Option<i64> {
        let (left, doorbell) = {
            let mut shared = self.shared();
            let running = shared.running.get_mut(arn).filter(|running| running.abandoned.is_none())?;
            let (outcome, heard) = (abandoned.outcome(), oneshot::channel().0);
            running.abandoned = Some(abandoned.clone());
            // Nothing waits for that.
            drop(self.journal.append(running.execution, &Entry::Abandoned(abandoned)));
            running.inbox.put(Letter { effect: EffectId::EXECUTION, outcome, heard });
            let left = std::mem::take(&mut running.is_left).then_some(running.execution);
            (left, running.doorbell.clone())
        };
        if let Some(doorbell) = doorbell {
            doorbell.ring();
        }
        left
    }

    /// That an execution has not ended, and the task that started it does not wait for it any more.
    pub(crate) fn abandoned(&self, arn: &str) -> Option<Abandoned> {
        self.shared().running.get(arn)?.abandoned.clone()
    }

    /// An effect of an execution waits for a token.
    pub(crate) fn awaits(&self, token: &Text, arn: &Text, effect: &EffectId) {
        self.shared().tokens.insert(token.clone(), (arn.clone(), effect.clone()));
    }

    /// Nothing waits for a token any more.
    pub(crate) fn forgets(&self, token: &str) {
        self.shared().tokens.remove(token);
    }

    /// What is known to wait for a token now.
    pub(crate) fn of_token(&self, token: &str) -> Option<(Text, EffectId)> {
        self.shared().tokens.get(token).cloned()
    }

    /// What waits for a token; that is known when all children of Map Runs have come back, after their parents have.
    pub(crate) async fn find_token(&self, token: &str) -> Option<(Text, EffectId)> {
        loop {
            let came = self.came.notified();
            if let Some(known) = self.of_token(token) {
                return Some(known);
            }
            if self.shared().coming.is_empty() {
                return None;
            }
            // Those whose parents cannot go on here do not come.
            timeout(PATIENCE, came).await.ok()?;
        }
    }

    /// How many run, and how many of these do more than wait for a time or a token.
    pub(crate) fn running(&self) -> (usize, usize) {
        let shared = self.shared();
        let at_work = shared.running.values().filter(|running| !running.inbox.rests()).count();
        (shared.running.len(), at_work)
    }

    /// How an execution ends that runs.
    pub(crate) fn end_of(&self, arn: &str) -> Option<BoxFuture<'static, Ended>> {
        self.shared().running.get(arn).map(|running| ended(running.end.subscribe()))
    }
}

fn ended(mut end: watch::Receiver<Option<Ended>>) -> BoxFuture<'static, Ended> {
    Box::pin(async move {
        let end = end.wait_for(Option::is_some).await.ok().and_then(|end| end.clone());
        end.unwrap_or_else(|| Err(lost(&DurableError::Journal(String::from("it is closed")))))
    })
}
