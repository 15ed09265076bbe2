//! A folder of executions for any host: what [`Durable`](crate::Durable) does for programs, in the parts that a server needs.

use crate::error::DurableError;
use crate::journal::{Facts, Journal, Waiter};
use crate::keeper::{ArnClaim, Ended, Keeper};
use crate::outlines::{self, Started};
use crate::parked::Parked;
use crate::records::{self, Record, Wanted};
use crate::redrive;
use crate::replay;
use crate::resume::{Resumed, resume};
use asl_engine::error::Status;
use asl_engine::{EffectId, Outcome, Start, Timestamp, Told};
use asl_runtime::engine::Shared;
use asl_runtime::{BoxFuture, Host, Machine};
use asl_value::Text;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// A folder of executions, or a place in memory that is like one. A clone is the same one.
///
/// It starts executions on any host, lets those go on that had not ended, and tells of all of them. What is beside them, and is to be on the
/// same disk at the same time, it [keeps](Self::keep) as well.
#[derive(Clone)]
pub struct Folder {
    keeper: Arc<Keeper>,
    parked: Arc<Parked>,
    /// Whether all executions have come back that had not ended.
    are_back: Arc<watch::Sender<bool>>,
}

/// What has become of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenState {
    /// An execution waits for what comes for it.
    Waits,
    /// One did, and does not any more.
    Over,
    /// None ever did.
    Unknown,
}

impl Folder {
    /// Opens a folder, which is made if it is not there. No other process can have it at the same time.
    ///
    /// # Errors
    /// Another process has it, it is of a newer version, or it cannot be read or written.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, DurableError> {
        Ok(Self::of(Journal::open(&folder.into())?, false))
    }

    /// A place in memory, which ends with the process.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn in_memory() -> Result<Self, DurableError> {
        // There is nothing that could come back.
        Ok(Self::of(Journal::in_memory()?, true))
    }

    fn of(journal: Journal, are_back: bool) -> Self {
        let keeper = Arc::new(Keeper::new(journal));
        let parked = Arc::new(Parked::new(Arc::clone(&keeper)));
        Self { keeper, parked, are_back: Arc::new(watch::Sender::new(are_back)) }
    }

    /// Says how machines are made of the definitions that executions began with, by the names of the machines and the texts.
    #[must_use]
    pub fn machines(
        self,
        make: impl Fn(&Text, &Text) -> Option<Arc<dyn Machine>> + Send + Sync + 'static,
    ) -> Self {
        self.keeper.make_machines(Box::new(make));
        self
    }

    /// Starts an execution. When that is answered it is on the disk: `true` if it is a new one, `false` if the same runs already. It is stopped
    /// when the effect of an execution that `waits` for its end is given up.
    ///
    /// # Errors
    /// There is another execution of this ARN, or it cannot be written down.
    pub async fn start(
        &self,
        host: &Arc<dyn Host>,
        machine: &dyn Machine,
        start: Start,
        facts: Facts,
        waits: Option<(&str, EffectId)>,
    ) -> Result<bool, DurableError> {
        let context = Shared::clone(&start.context);
        let place = self.keeper.take_place(&context)?;
        if place == ArnClaim::Other {
            return Err(DurableError::ExecutionAlreadyExists(context.id.clone()));
        }
        let waiter = waits.map(|(arn, effect)| Waiter { arn: arn.into(), effect });
        // It may be given up before it is notified that this has begun.
        let waits = waiter.as_ref().map(|waiter| self.keeper.waits(waiter, &context.id));
        let is_new = place == ArnClaim::Free;
        if is_new {
            let begun = self.keeper.start_in_place(host, machine, start, facts, waiter);
            waits.into_iter().for_each(|waits| self.keeper.has_begun(waits, context.start_time));
            self.parked.drive(Arc::clone(host), begun);
        }
        self.keeper.journal().begun(&context.id).await?;
        Ok(is_new)
    }

    /// Lets everything go on that had not ended when the folder was last in use, in the background: how many executions these are, and what
    /// has become of them. Executions that ended before `since` are forgotten.
    ///
    /// # Errors
    /// The journal cannot be read or written.
    pub async fn resume(
        &self,
        host: &Arc<dyn Host>,
        since: Timestamp,
    ) -> Result<(usize, BoxFuture<'static, Resumed>), DurableError> {
        let (count, coming) = resume(&self.keeper, &self.parked, host, since).await?;
        tokio::spawn(Arc::clone(&self.parked).watch(Arc::clone(host)));
        let are_back = Arc::clone(&self.are_back);
        let all = tokio::spawn(async move {
            let all = coming.await;
            are_back.send_replace(true);
            all
        });
        Ok((count, Box::pin(async move { all.await.unwrap_or_default() })))
    }

    /// Lets an execution that has failed, timed out or been stopped go on with what failed in it: when that was. When it is answered, it is on
    /// the disk. A repeated request with the token of the last redrive returns that one.
    ///
    /// # Errors
    /// As those of [`Durable::redrive`](crate::Durable::redrive).
    pub async fn redrive(
        &self,
        host: &Arc<dyn Host>,
        arn: &str,
        client_token: Option<&str>,
    ) -> Result<Timestamp, DurableError> {
        redrive::redrive(&self.keeper, &self.parked, host, arn, client_token).await
    }

    /// Tells an execution what came of an effect: whether it waited for that, if it runs. When that is answered it is on the disk.
    pub async fn tell(
        &self,
        host: &Arc<dyn Host>,
        arn: &str,
        effect: EffectId,
        outcome: Outcome,
    ) -> Option<bool> {
        self.parked.tell(host, arn, effect, outcome).await
    }

    /// Tells an execution what came for a token: whether it waited for that, if any waits for the token.
    pub async fn signal(&self, host: &Arc<dyn Host>, task_token: &str, outcome: Outcome) -> Option<bool> {
        let (arn, effect) = self.of_token(task_token).await?;
        Some(self.tell(host, &arn, effect, outcome).await.unwrap_or_default())
    }

    /// Whether anything waits for a token, or ever has. Of tokens that something has waited for before, that is known when all executions have come
    /// back.
    ///
    /// # Errors
    /// The journal cannot be read or written.
    pub async fn token(&self, task_token: &str) -> Result<TokenState, DurableError> {
        if self.waits_for(task_token) {
            return Ok(TokenState::Waits);
        }
        self.synced().await?;
        if !self.keeper.journal().had_token(task_token)? {
            return Ok(TokenState::Unknown);
        }
        let waits = self.of_token(task_token).await.is_some();
        Ok(if waits { TokenState::Waits } else { TokenState::Over })
    }

    /// Whether anything is known to wait for a token at the moment.
    #[must_use]
    pub fn waits_for(&self, task_token: &str) -> bool {
        self.keeper.of_token(task_token).is_some()
    }

    async fn of_token(&self, task_token: &str) -> Option<(Text, EffectId)> {
        if let Some(known) = self.keeper.of_token(task_token) {
            return Some(known);
        }
        // An error means that nothing says so any more.
        let _ = self.are_back.subscribe().wait_for(|are_back| *are_back).await;
        self.keeper.find_token(task_token).await
    }

    /// How an execution ends, if it runs.
    #[must_use]
    pub fn end_of(&self, arn: &str) -> Option<BoxFuture<'static, Ended>> {
        self.keeper.end_of(arn)
    }

    /// What is kept of an execution.
    ///
    /// # Errors
    /// The journal cannot be read or written.
    pub async fn find(&self, arn: &str) -> Result<Option<Record>, DurableError> {
        self.synced().await?;
        records::find(self.keeper.journal(), arn)
    }

    /// The executions that are wanted.
    ///
    /// # Errors
    /// The journal cannot be read or written.
    pub async fn list(&self, wanted: &Wanted) -> Result<Vec<Record>, DurableError> {
        self.synced().await?;
        records::list(self.keeper.journal(), wanted)
    }

    /// How the children of a Map Run stand, so many at most, in the order in which they were started.
    ///
    /// # Errors
    /// The journal cannot be read or written.
    pub async fn children(&self, map_run: &str, most: usize) -> Result<Vec<Status>, DurableError> {
        self.synced().await?;
        outlines::children(self.keeper.journal(), map_run, most)
    }

    /// The ARN of the child of a Map Run at a place in that order, from 0.
    ///
    /// # Errors
    /// The journal cannot be read or written.
    pub async fn child(&self, map_run: &str, place: usize) -> Result<Option<Text>, DurableError> {
        self.synced().await?;
        outlines::child(self.keeper.journal(), map_run, place)
    }

    /// How many executions of a machine were started in each of so many spans of time, by their status now.
    ///
    /// # Errors
    /// The journal cannot be read or written.
    pub async fn started(
        &self,
        machine: &str,
        from: Timestamp,
        span: Duration,
        spans: usize,
    ) -> Result<Vec<Started>, DurableError> {
        self.synced().await?;
        outlines::started(self.keeper.journal(), machine, from, span, spans)
    }

    /// What an execution has in common with others.
    ///
    /// # Errors
    /// The journal cannot be read or written.
    pub async fn shared(&self, arn: &str) -> Result<Option<Text>, DurableError> {
        self.synced().await?;
        records::shared(self.keeper.journal(), arn)
    }

    /// Whether any execution of a machine has not ended.
    ///
    /// # Errors
    /// The journal cannot be read or written.
    pub async fn any_runs(&self, machine: &str) -> Result<bool, DurableError> {
        self.synced().await?;
        records::any_runs(self.keeper.journal(), machine)
    }

    /// The execution that a Map Run is in.
    ///
    /// # Errors
    /// The journal cannot be read or written.
    pub async fn of_map_run(&self, map_run: &str) -> Result<Option<Text>, DurableError> {
        self.synced().await?;
        records::of_map_run(self.keeper.journal(), map_run)
    }

    /// As which effect a Map Run is in its execution.
    ///
    /// # Errors
    /// The journal cannot be read or written.
    pub async fn effect_of_map_run(&self, map_run: &str) -> Result<Option<EffectId>, DurableError> {
        self.synced().await?;
        let effect = records::effect_of_map_run(self.keeper.journal(), map_run)?;
        Ok(effect.and_then(|effect| effect.parse().ok()))
    }

    /// All that an execution told, computed from what it was told, and at how many answers that was. Of one that is longer than AWS allows the
    /// oldest events are gone.
    ///
    /// # Errors
    /// There is no such execution, its machine cannot be made, or the journal cannot be read.
    pub async fn told(&self, arn: &str) -> Result<Vec<Told>, DurableError> {
        self.synced().await?;
        let known = self.keeper.journal().find(arn)?;
        let known = known.ok_or_else(|| DurableError::ExecutionDoesNotExist(arn.into()))?;
        replay::history(&self.keeper, known).await
    }

    /// Keeps changes of what is beside executions: all of them or none. When that is answered they are on the disk.
    ///
    /// # Errors
    /// They cannot be written.
    pub async fn keep(&self, changes: Vec<String>) -> Result<(), DurableError> {
        self.keeper.journal().control(changes, false).await
    }

    /// Keeps these in the place of all changes that were kept before.
    ///
    /// # Errors
    /// They cannot be written.
    pub async fn keep_instead(&self, changes: Vec<String>) -> Result<(), DurableError> {
        self.keeper.journal().control(changes, true).await
    }

    /// The changes that were kept, in their order.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn kept(&self) -> Result<Vec<String>, DurableError> {
        records::control(self.keeper.journal())
    }

    /// Why nothing can be written at the moment, if that is so: executions wait until it can.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        self.keeper.journal().fault()
    }

    /// Good when everything is on the disk that was said before.
    ///
    /// # Errors
    /// It cannot be written.
    pub async fn synced(&self) -> Result<(), DurableError> {
        self.keeper.journal().sync().await
    }

    /// 90 days: for so long AWS keeps executions that have ended.
    pub const RETENTION: Duration = Duration::from_secs(90 * 24 * 60 * 60);
}

impl std::fmt::Debug for Folder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Folder").field("path", &self.keeper.journal().folder()).finish_non_exhaustive()
    }
}
