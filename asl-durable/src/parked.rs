//! Executions that only wait, for a time or for a token: of these there is nothing in memory but when they go on, and for what.

use crate::error::DurableError;
use crate::keeper::Keeper;
use crate::kept::Kept;
use asl_engine::{EffectId, Outcome, Timestamp, Want};
use asl_runtime::{Core, Host, Reports, Signals};
use asl_value::Text;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::Notify;

/// So long is nothing read again after the disk has given nothing.
const AGAIN: Duration = Duration::from_secs(1);

/// The executions of a host that only wait.
pub(crate) struct Parked {
    keeper: Arc<Keeper>,
    waiting: Mutex<Waiting>,
    changed: Notify,
}

#[derive(Default)]
struct Waiting {
    times: BinaryHeap<Reverse<(Timestamp, i64)>>,
    executions: HashSet<i64>,
}

/// What an execution waits for, if that is all it does.
pub(crate) struct Rest {
    due: Option<Timestamp>,
    tokens: Vec<(EffectId, Text)>,
}

impl Rest {
    /// What an execution waits for; nothing if it wants more than that.
    pub(crate) fn of<'w>(wants: impl IntoIterator<Item = &'w Want>) -> Option<Self> {
        let mut rest = Self { due: None, tokens: Vec::new() };
        for want in wants {
            match want {
                Want::Timer { due, .. } => {
                    rest.due = Some(rest.due.map_or(*due, |before| before.min(*due)));
                }
                Want::Await { effect, task_token } => rest.tokens.push((effect.clone(), task_token.clone())),
                _ => return None,
            }
        }
        Some(rest)
    }
}

impl Parked {
    pub(crate) fn new(keeper: Arc<Keeper>) -> Self {
        Self { keeper, waiting: Mutex::default(), changed: Notify::new() }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps an execution that waits.
    pub(crate) fn park(self: &Arc<Self>, host: &Arc<dyn Host>, execution: i64, arn: &Text, rest: Rest) {
        let (parked, host_of_it) = (Arc::downgrade(self), Arc::downgrade(host));
        let doorbell = Arc::new(Doorbell { parked, host: host_of_it, execution, arn: arn.clone() });
        let reports: Arc<dyn Reports> = Arc::clone(&doorbell) as _;
        self.keeper.rests(arn, doorbell);
        let mut waiting = self.waiting();
        waiting.executions.insert(execution);
        for (effect, token) in rest.tokens {
            self.keeper.awaits(&token, arn, &effect);
            host.callback_store().register(&token, Signals::new(Arc::clone(&reports), effect));
        }
        if let Some(due) = rest.due {
            waiting.times.push(Reverse((due, execution)));
            self.changed.notify_one();
        }
        drop(waiting);
        if self.keeper.has_letters(arn) {
            // They came while it was on its way here, and found nothing to wake.
            self.wake(host, execution);
        }
    }

    /// Wakes those whose time has come, as long as anyone waits for that.
    pub(crate) async fn watch(self: Arc<Self>, host: Arc<dyn Host>) {
        loop {
            let changed = self.changed.notified();
            let next = self.waiting().times.peek().map(|Reverse((due, _))| *due);
            let Some(due) = next else {
                changed.await;
                continue;
            };
            let now = host.clock().now();
            if due > now {
                let time = host.clock().sleep(due.since(now));
                futures_util::future::select(time, std::pin::pin!(changed)).await;
                continue;
            }
            let execution = self.waiting().times.pop().map(|Reverse((_, execution))| execution);
            if let Some(execution) = execution {
                self.wake(&host, execution);
            }
        }
    }

    /// An execution goes on, if it waits here. What it is told is in its inbox.
    pub(crate) fn wake(&self, host: &Arc<dyn Host>, execution: i64) {
        if !self.waiting().executions.remove(&execution) {
            return;
        }
        match self.keeper.journal().known(execution) {
            Ok(known) => {
                let kept = Kept::again(Arc::clone(&self.keeper), known).on(Arc::clone(host));
                drive(Arc::clone(host), Box::new(kept));
            }
            // It cannot go on here, and whoever has told it something hears that.
            Err(error @ DurableError::Damaged(_)) => self.keeper.lost_at(execution, &error),
            // The disk gives nothing at the moment: it and whoever has told it something wait until it does.
            Err(_) => {
                let mut waiting = self.waiting();
                waiting.executions.insert(execution);
                waiting.times.push(Reverse((host.clock().now().plus(AGAIN), execution)));
                drop(waiting);
                self.changed.notify_one();
            }
        }
    }
}

impl Parked {
    /// Tells an execution something: whether it waited for that, if it runs.
    pub(crate) async fn tell(
        &self,
        host: &Arc<dyn Host>,
        arn: &str,
        effect: EffectId,
        outcome: Outcome,
    ) -> Option<bool> {
        let (execution, hears) = self.keeper.tell(arn, effect, outcome)?;
        self.wake(host, execution);
        // One that ends for another reason hears nothing.
        Some(hears.await.unwrap_or(false))
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.waiting().executions.len()
    }
}

/// Drives an execution in the background.
pub(crate) fn drive(host: Arc<dyn Host>, execution: Box<dyn Core>) {
    tokio::spawn(async move { drop(asl_runtime::drive(&*host, execution, None).await) });
}

/// Wakes an execution when something comes for it, or for one of its tokens.
pub(crate) struct Doorbell {
    parked: Weak<Parked>,
    /// The host has the doorbells of its tokens.
    host: Weak<dyn Host>,
    execution: i64,
    arn: Text,
}

impl Doorbell {
    /// The execution looks at what has come for it.
    pub(crate) fn ring(&self) {
        if let (Some(parked), Some(host)) = (self.parked.upgrade(), self.host.upgrade()) {
            parked.wake(&host, self.execution);
        }
    }
}

impl Reports for Doorbell {
    fn report(&self, effect: &EffectId, outcome: Outcome) {
        if let Some(parked) = self.parked.upgrade() {
            // Nobody waits until that is on the disk.
            drop(parked.keeper.tell(&self.arn, effect.clone(), outcome));
            self.ring();
        }
    }
}
