//! Executions that had not ended when the folder was last in use: they go on, or wait without being in memory.

use crate::error::DurableError;
use crate::journal::{Known, Unfinished};
use crate::keeper::Keeper;
use crate::kept::Kept;
use crate::parked::Parked;
use asl_engine::history::Observer;
use asl_engine::{Progress, Timestamp};
use asl_runtime::{Core, Host};
use asl_value::Text;
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// So often may an execution come back with more to do before it is known whether it only waits.
const ROUNDS: u32 = 64;
/// So long may it take for that. What takes longer, as an evaluation or a machine that is built, keeps no others waiting.
const PATIENCE: Duration = Duration::from_millis(200);

/// What has come back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Resumed {
    /// So many executions go on.
    pub running: usize,
    /// So many of these only wait, and take no memory until their time has come.
    pub waiting: usize,
    /// The executions that began with a definition which no machine has that is known here. They are not lost: they go on when one is.
    pub unknown: Vec<Text>,
    /// What the journal holds of so many executions makes no sense, and why.
    pub damaged: Vec<String>,
    /// How long that took.
    pub took: Duration,
}

/// So many executions that come back are worth a separate thread.
const AT_LEAST: usize = 64;

/// Lets everything go on that had not ended, on a host: how many executions these are, and what has become of them once the future is awaited. Executions
/// that ended before `since` are forgotten.
///
/// # Errors
/// The journal cannot be read or written.
pub(crate) async fn resume(
    keeper: &Arc<Keeper>,
    parked: &Arc<Parked>,
    host: &Arc<dyn Host>,
    since: Timestamp,
) -> Result<(usize, impl Future<Output = Resumed> + use<>), DurableError> {
    let (began, journal) = (Instant::now(), keeper.journal());
    journal.retain(since);
    journal.sync().await?;
    keeper.set_tells(host.observer().map(Observer::needs));
    keeper.expect_children(journal.children()?);
    // All are known to run before any goes on: one may wait for another.
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for execution in journal.unfinished()? {
        match keeper.will_run(&execution) {
            Ok(true) => known.push(execution),
            Ok(false) => {}
            Err(()) => unknown.push(execution.arn),
        }
    }
    keeper.expect_awaited(&known, host.clock().now());
    let count = known.len();
    let coming = resume_all(keeper, parked, host, known);
    Ok((count, async move {
        let resumed = coming.await;
        Resumed { unknown, took: began.elapsed(), ..resumed }
    }))
}

/// Lets executions go on, on all processors. A machine that has to be built keeps no executions of others waiting.
fn resume_all(
    keeper: &Arc<Keeper>,
    parked: &Arc<Parked>,
    host: &Arc<dyn Host>,
    executions: Vec<Unfinished>,
) -> impl Future<Output = Resumed> + use<> {
    let mut by_definition: BTreeMap<_, Vec<Unfinished>> = BTreeMap::new();
    for execution in executions {
        by_definition.entry(execution.definition).or_default().push(execution);
    }
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut coming = JoinSet::new();
    for mut executions in by_definition.into_values() {
        let share = executions.len().div_ceil(threads).max(AT_LEAST);
        while !executions.is_empty() {
            let rest = executions.split_off(share.min(executions.len()));
            let (keeper, parked, host) = (Arc::clone(keeper), Arc::clone(parked), Arc::clone(host));
            let executions = std::mem::replace(&mut executions, rest);
            coming.spawn(async move {
                let mut resumed = Resumed::default();
                for executions in executions.chunks(AT_LEAST) {
                    let known = keeper.journal().known_all(executions.iter().map(|it| it.execution));
                    // What cannot be read at once is not read one by one either.
                    let known = known.unwrap_or_else(|error| vec![Err(error); executions.len()]);
                    for (execution, known) in executions.iter().zip(known) {
                        resume_one(&keeper, &parked, &host, execution, known, &mut resumed).await;
                    }
                }
                resumed
            });
        }
    }
    async move {
        let mut all = Resumed::default();
        while let Some(some) = coming.join_next().await {
            let Resumed { running, waiting, damaged, .. } = some.unwrap_or_default();
            all.running += running;
            all.waiting += waiting;
            all.damaged.extend(damaged);
        }
        all
    }
}

/// Lets an execution go on.
async fn resume_one(
    keeper: &Arc<Keeper>,
    parked: &Arc<Parked>,
    host: &Arc<dyn Host>,
    unfinished: &Unfinished,
    known: Result<Known, DurableError>,
    resumed: &mut Resumed,
) {
    let Unfinished { execution, arn, .. } = unfinished;
    let known = match known {
        Ok(known) => known,
        Err(error) => {
            keeper.lost(arn, &error);
            return resumed.damaged.push(format!("{arn}: {error}"));
        }
    };
    let mut kept = Kept::again(Arc::clone(keeper), known).on(Arc::clone(host));
    let clock = host.clock();
    let now = || clock.now();
    let rests = async {
        for _ in 0..ROUNDS {
            if poll_fn(|context| kept.poll_run(context, &now)).await != Progress::More {
                break;
            }
        }
    };
    // Its driver waits for the rest.
    let _ = timeout(PATIENCE, rests).await;
    if let Some(reason) = kept.damage() {
        return resumed.damaged.push(format!("{arn}: {reason}"));
    }
    resumed.running += 1;
    match kept.rest() {
        Some(rest) => {
            // It is driven again when something comes for it.
            keeper.leaves_memory(arn);
            drop(kept);
            drop(parked.park(host, *execution, arn, rest));
            resumed.waiting += 1;
        }
        None => parked.drive(Arc::clone(host), Box::new(kept)),
    }
}
