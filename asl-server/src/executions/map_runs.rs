//! Map Runs, by what their executions tell of them.

use super::Description;
use crate::protocol::date::Date;
use asl_engine::history::Told;
use asl_engine::map_run::MapRunLimits;
use asl_runtime::{Counts, Event, EventDetails, MapRunProgress, Status, Text, Value};

/// More children than there will ever be: what AWS says where a definition sets no limit.
const UNLIMITED: u64 = 2_147_483_647;

/// What is known of a Map Run.
#[derive(Clone, Debug)]
pub(crate) struct MapRunDescription {
    pub(crate) arn: Text,
    /// The execution that it is in.
    pub(crate) execution_arn: Text,
    /// The machine of that.
    pub(crate) machine_arn: Text,
    pub(crate) status: Status,
    pub(crate) start_date: Date,
    pub(crate) stop_date: Option<Date>,
    /// How many children run at once, and how many items may fail.
    pub(crate) limits: MapRunLimits,
    /// What has become of the items.
    pub(crate) items: Counts,
    /// What has become of the children.
    pub(crate) executions: Counts,
    /// How often it was redriven, and when last.
    pub(crate) redrive_count: u64,
    pub(crate) redrive_date: Option<Date>,
    /// The event of its start, or of its last redrive.
    began: u64,
}

impl MapRunDescription {
    /// How many children run at once.
    pub(crate) fn max_concurrency(&self) -> u64 {
        self.limits.max_concurrency.filter(|most| *most > 0).unwrap_or(UNLIMITED)
    }

    /// How many items a child with this input has: one, unless items come in batches.
    pub(crate) fn items_of(&self, input: &Value) -> usize {
        let batch = input
            .get("Items")
            .and_then(Value::as_array)
            .filter(|_| self.items.total() != self.executions.total());
        batch.map_or(1, |items| items.len())
    }

    fn end(&mut self, status: Status, event: &Event) {
        self.status = status;
        self.stop_date = Some(event.timestamp.into());
    }
}

/// The Map Runs that an execution tells of, from the first on.
pub(super) fn of(execution: &Description, told: &[Told]) -> Vec<MapRunDescription> {
    let mut runs: Vec<MapRunDescription> = Vec::new();
    for told in told {
        #[expect(clippy::wildcard_enum_match_arm, reason = "nothing else is about Map Runs")]
        match told {
            Told::Event(event) => note(&mut runs, execution, event),
            Told::MapRun(progress) => {
                if let Some(run) = runs.iter_mut().find(|run| run.arn == progress.map_run_arn) {
                    let MapRunProgress { items, executions, limits, .. } = progress;
                    (run.items, run.executions, run.limits) = (*items, *executions, *limits);
                }
            }
            _ => {}
        }
    }
    runs
}

fn note(runs: &mut Vec<MapRunDescription>, execution: &Description, event: &Event) {
    if let EventDetails::MapRunStarted { map_run_arn } = &event.details {
        runs.push(MapRunDescription {
            arn: map_run_arn.clone(),
            execution_arn: execution.arn.clone(),
            machine_arn: execution.machine_arn.clone(),
            status: Status::Running,
            start_date: event.timestamp.into(),
            stop_date: None,
            limits: MapRunLimits::default(),
            items: Counts::default(),
            executions: Counts::default(),
            redrive_count: 0,
            redrive_date: None,
            began: event.id,
        });
        return;
    }
    if let EventDetails::MapRunRedriven { map_run_arn, redrive_count } = &event.details {
        if let Some(run) = runs.iter_mut().find(|run| run.arn == *map_run_arn) {
            (run.status, run.stop_date, run.began) = (Status::Running, None, event.id);
            (run.redrive_count, run.redrive_date) = (u64::from(*redrive_count), Some(event.timestamp.into()));
        }
        return;
    }
    let Some(status) = status_after(&event.details) else { return };
    // The end of the execution is that of all that still run in it.
    let of_all = status == Status::Aborted;
    let ended = runs.iter_mut().filter(|run| run.status == Status::Running);
    ended.filter(|run| of_all || run.began == event.previous_event_id).for_each(|run| run.end(status, event));
}

/// The status of a Map Run after such an event.
fn status_after(event: &EventDetails) -> Option<Status> {
    let has_failed = matches!(event, EventDetails::MapRunFailed { .. });
    let is_aborted = matches!(
        event,
        EventDetails::ExecutionAborted { .. }
            | EventDetails::ExecutionFailed { .. }
            | EventDetails::ExecutionTimedOut
    );
    let has_succeeded = matches!(event, EventDetails::MapRunSucceeded);
    let ends =
        [(has_succeeded, Status::Succeeded), (has_failed, Status::Failed), (is_aborted, Status::Aborted)];
    ends.into_iter().find_map(|(is, status)| is.then_some(status))
}
