//! Executions that have ended without success: they go on with what failed in them.

use crate::error::DurableError;
use crate::executions::{cannot_be_redriven, redrivable};
use crate::journal::Unfinished;
use crate::keeper::Keeper;
use crate::kept::Kept;
use crate::parked::Parked;
use crate::records;
use asl_engine::Timestamp;
use asl_engine::error::Status;
use asl_runtime::Host;
use asl_value::Text;
use std::future::poll_fn;
use std::sync::Arc;

/// Lets an execution go on: when that was. When it is answered, it is on the disk. A client that asks once more, because it heard no answer, gets the
/// same one.
pub(crate) async fn redrive(
    keeper: &Arc<Keeper>,
    parked: &Arc<Parked>,
    host: &Arc<dyn Host>,
    arn: &str,
    client_token: Option<&str>,
) -> Result<Timestamp, DurableError> {
    let now = host.clock().now();
    let synced = || async { keeper.journal().sync().await };
    synced().await?;
    let known = keeper.journal().find(arn)?;
    let known = known.ok_or_else(|| DurableError::ExecutionDoesNotExist(arn.into()))?;
    if let Some(redriven) = known.redriven
        && client_token.is_some()
        && records::redrive_token(keeper.journal(), arn)?.as_deref() == client_token
    {
        return Ok(redriven);
    }
    redrivable(&known, now)?;
    let (execution, definition) = (known.execution, known.begun.definition);
    match keeper.will_run(&Unfinished { execution, arn: arn.into(), definition, waiter: None }) {
        Ok(true) => {}
        Ok(false) => return Err(cannot_be_redriven(Status::Running)),
        Err(()) => return Err(DurableError::DefinitionUnknown(arn.into())),
    }
    let mut kept =
        Kept::redriven(Arc::clone(keeper), known, now, client_token.map(Text::from)).on(Arc::clone(host));
    poll_fn(|context| kept.poll_come(context)).await?;
    synced().await?;
    parked.drive(Arc::clone(host), Box::new(kept));
    Ok(now)
}
