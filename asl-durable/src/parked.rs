//! Executions that only wait, for a time or for a token: of these there is nothing in memory but when they go on, and for what.

use crate::error::DurableError;
use crate::keeper::Keeper;
use crate::kept::Kept;
use asl_engine::{EffectId, Outcome, Timestamp, Want};
use asl_runtime::{Core, Driven, Driving, Host, Reports, Signals};
use asl_value::Text;
use std::collections::{BTreeSet, HashMap};
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::Notify;

/// So long is nothing read again after the disk has given nothing.
const AGAIN: Duration = Duration::from_secs(1);
/// So long does an execution only wait before it leaves memory.
const PATIENCE: Duration = Duration::from_secs(5);

/// The executions of a host that only wait.
pub(crate) struct Parked {
    keeper: Arc<Keeper>,
    waiting: Mutex<Waiting>,
    changed: Notify,
    /// Where they go on, as long as their times are watched.
    host: Mutex<Option<Weak<dyn Host>>>,
    patience: Mutex<Duration>,
}

#[derive(Default)]
struct Waiting {
    /// By their numbers, with the times that they wait for.
    executions: HashMap<i64, Option<Timestamp>>,
    /// The same from the first on that goes on.
    times: BTreeSet<(Timestamp, i64)>,
}

impl Waiting {
    fn add(&mut self, execution: i64, due: Option<Timestamp>) {
        self.executions.insert(execution, due);
        self.times.extend(due.map(|due| (due, execution)));
    }

    fn remove(&mut self, execution: i64) -> bool {
        let Some(due) = self.executions.remove(&execution) else { return false };
        if let Some(due) = due {
            self.times.remove(&(due, execution));
        }
        true
    }
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
        Self {
            keeper,
            waiting: Mutex::default(),
            changed: Notify::new(),
            host: Mutex::default(),
            patience: Mutex::new(PATIENCE),
        }
    }

    pub(crate) fn set_patience(&self, patience: Duration) {
        *self.patience.lock().unwrap_or_else(PoisonError::into_inner) = patience;
    }

    fn patience(&self) -> Duration {
        *self.patience.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps an execution that waits: where anything for it is told.
    pub(crate) fn park(
        self: &Arc<Self>,
        host: &Arc<dyn Host>,
        execution: i64,
        arn: &Text,
        rest: Rest,
    ) -> Arc<dyn Reports> {
        let (parked, host_of_it) = (Arc::downgrade(self), Arc::downgrade(host));
        let doorbell = Arc::new(Doorbell { parked, host: host_of_it, execution, arn: arn.clone() });
        let reports: Arc<dyn Reports> = Arc::clone(&doorbell) as _;
        self.keeper.rests(arn, doorbell);
        let mut waiting = self.waiting();
        waiting.add(execution, rest.due);
        for (effect, token) in rest.tokens {
            self.keeper.awaits(&token, arn, &effect);
            host.callback_store().register(&token, Signals::new(Arc::clone(&reports), effect));
        }
        drop(waiting);
        if rest.due.is_some() {
            self.changed.notify_one();
        }
        if self.keeper.has_letters(arn) {
            // They came while it was on its way here, and found nothing to wake.
            self.wake(host, execution);
        }
        reports
    }

    /// Wakes those whose time has come, as long as that is waited for.
    pub(crate) async fn watch(self: Arc<Self>, host: Arc<dyn Host>) {
        *self.host.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::downgrade(&host));
        loop {
            let changed = self.changed.notified();
            let next = self.waiting().times.first().copied();
            let Some((due, execution)) = next else {
                changed.await;
                continue;
            };
            let now = host.clock().now();
            if due > now {
                let time = host.clock().sleep(due.since(now));
                futures_util::future::select(time, std::pin::pin!(changed)).await;
                continue;
            }
            self.wake(&host, execution);
        }
    }

    /// An execution goes on, if it waits here. What it is told is in its inbox.
    pub(crate) fn wake(self: &Arc<Self>, host: &Arc<dyn Host>, execution: i64) {
        if !self.waiting().remove(execution) {
            return;
        }
        match self.keeper.journal().known(execution) {
            Ok(known) => {
                let kept = Kept::again(Arc::clone(&self.keeper), known).on(Arc::clone(host));
                self.drive(Arc::clone(host), Box::new(kept));
            }
            // It cannot go on here, and the sender of an answer is told so.
            Err(error @ DurableError::Damaged(_)) => self.keeper.lost_at(execution, &error),
            // The disk yields nothing at the moment: it and the senders of answers wait until it does.
            Err(_) => {
                self.waiting().add(execution, Some(host.clock().now().plus(AGAIN)));
                self.changed.notify_one();
            }
        }
    }
}

impl Parked {
    /// Tells an execution something: whether it waited for that, if it runs.
    pub(crate) async fn tell(
        self: &Arc<Self>,
        host: &Arc<dyn Host>,
        arn: &str,
        effect: EffectId,
        outcome: Outcome,
    ) -> Option<bool> {
        let (execution, hears) = self.keeper.tell(arn, effect, outcome)?;
        self.wake(host, execution);
        // One that ends for another reason is not notified.
        Some(hears.await.unwrap_or(false))
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.waiting().executions.len()
    }
}

impl Parked {
    /// Drives an execution in the background. When it has only waited for a while, nothing of it is kept in memory until its time has come.
    pub(crate) fn drive(self: &Arc<Self>, host: Arc<dyn Host>, execution: Box<dyn Core>) {
        let parked = Arc::clone(self);
        tokio::spawn(async move {
            let mut driving = Driving::new(&*host, execution, parked.patience());
            while let Driven::Rests = driving.go_on().await {
                match parked.prepare(&mut driving).await {
                    Some((host, rest)) => return parked.leave(&host, driving, rest),
                    None => driving.be_more_patient(),
                }
            }
        });
    }

    /// What an execution waits for, and where it goes on, if it can be left.
    async fn prepare(&self, driving: &mut Driving<'_>) -> Option<(Arc<dyn Host>, Rest)> {
        let host = self.host.lock().unwrap_or_else(PoisonError::into_inner).as_ref()?.upgrade()?;
        // It is made again of what is on the disk.
        self.keeper.journal().sync().await.ok()?;
        let wants = poll_fn(|context| driving.core().poll_outstanding(context)).await.ok()?;
        Some((host, Rest::of(&wants)?))
    }

    /// Drops an execution that waits, and keeps it as one that does.
    fn leave(self: &Arc<Self>, host: &Arc<dyn Host>, mut driving: Driving<'_>, rest: Rest) {
        let arn = Text::clone(&driving.core().context().id);
        let Some(execution) = self.keeper.leaves_memory(&arn) else { return };
        let left = driving.leave();
        left.forward(self.park(host, execution, &arn, rest));
    }
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
            // Nothing waits until that is on the disk.
            drop(parked.keeper.tell(&self.arn, effect.clone(), outcome));
            self.ring();
        }
    }
}
