//! Executions in a folder, or in memory as if it were one: they go on in this process.

use super::host::Hosted;
use super::late::Late;
use super::tokens::Tokens;
use super::{
    Asked, Description, HasActivity, Home, MapRunDescription, NewExecution, NotStarted, TokenFault,
    not_redrivable,
};
use crate::compile::Machines;
use crate::control::Revision;
use crate::protocol::date::Date;
use crate::protocol::error::ApiError;
use asl_durable::{DurableError, Folder, Resumed, Started, Wanted, Whose};
use asl_engine::history::Told;
use asl_engine::map_run::MapRunLimits;
use asl_engine::{EffectId, Outcome};
use asl_runtime::{ActivityTask, BoxFuture, Host, Launch, Status, Text, Timestamp};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

/// The executions of a folder.
pub(crate) struct InFolder {
    folder: Folder,
    host: Arc<dyn Host>,
    machines: Machines,
    tokens: Tokens,
}

fn failed(error: &DurableError) -> ApiError {
    ApiError::internal(error.to_string())
}

impl InFolder {
    /// Executions whose tasks a host does.
    pub(crate) fn new(
        folder: Folder,
        host: Arc<dyn Host>,
        machines: Machines,
        has_activity: HasActivity,
    ) -> Self {
        let tokens = Tokens::new(folder.clone(), has_activity);
        let host: Arc<dyn Host> = Arc::new(Hosted::new(host, tokens.clone()));
        let made = machines.clone();
        let folder = folder
            .machines(move |name, text| Some(Arc::new(Late::new(made.clone(), name.clone(), text.clone()))));
        Self { folder, host, machines, tokens }
    }

    /// The host that executions run on.
    pub(crate) fn host(&self) -> Arc<dyn Host> {
        Arc::clone(&self.host)
    }
}

impl Home for InFolder {
    fn resume(&self) -> Asked<'_, (usize, BoxFuture<'static, Resumed>), DurableError> {
        Box::pin(async {
            let kept = i64::try_from(Folder::RETENTION.as_secs()).unwrap_or(i64::MAX);
            let since = self.host.clock().now().seconds().saturating_sub(kept);
            self.folder.resume(&self.host, Timestamp::new(since, 0)).await
        })
    }

    fn start<'a>(&'a self, new: &'a NewExecution) -> Asked<'a, Date, NotStarted> {
        Box::pin(async {
            let definition = new.revision.settings.definition.as_str().into();
            let machine = Late::new(self.machines.clone(), new.machine_name.clone(), definition);
            let (arn, name) = (Some(&*new.machine_arn), Some(new.name.clone()));
            let launch = Launch::new(&*self.host, &machine, arn, new.input.clone(), name);
            let start = launch.change(|context| new.change(context)).start(&*self.host);
            let before = async || {
                let found = self.find(&new.arn).await.map_err(NotStarted::Failed)?;
                found.ok_or(NotStarted::AlreadyExists)
            };
            match self.folder.start(&self.host, &machine, start, new.facts(), new.waits()).await {
                Ok(true) => Ok(new.start_date),
                Ok(false) => before().await.map(|before| before.start_date),
                // One that the same task has started before is that one, whether it has ended or not.
                Err(DurableError::ExecutionAlreadyExists(_)) if new.started_by.is_some() => {
                    let before = before().await?;
                    let is_own = before.started_by == new.started_by;
                    if is_own { Ok(before.start_date) } else { Err(NotStarted::AlreadyExists) }
                }
                Err(DurableError::ExecutionAlreadyExists(_)) => Err(NotStarted::AlreadyExists),
                Err(error) => Err(NotStarted::Failed(failed(&error))),
            }
        })
    }

    fn find<'a>(&'a self, arn: &'a str) -> Asked<'a, Option<Description>> {
        Box::pin(async {
            let found = self.folder.find(arn).await.map_err(|error| failed(&error))?;
            Ok(found.map(Description::of))
        })
    }

    fn list<'a>(&'a self, wanted: &'a Wanted) -> Asked<'a, Vec<Description>> {
        Box::pin(async {
            let found = self.folder.list(wanted).await.map_err(|error| failed(&error))?;
            Ok(found.into_iter().map(Description::of).collect())
        })
    }

    fn started<'a>(
        &'a self,
        machine_arn: &'a str,
        from: Timestamp,
        span: Duration,
        spans: usize,
    ) -> Asked<'a, Vec<Started>> {
        Box::pin(async move {
            self.folder.started(machine_arn, from, span, spans).await.map_err(|error| failed(&error))
        })
    }

    fn revision<'a>(&'a self, arn: &'a str) -> Asked<'a, Revision> {
        Box::pin(async {
            let text = self.folder.shared(arn).await.map_err(|error| failed(&error))?;
            let text = text.ok_or_else(|| ApiError::internal("the machine of the execution is not known"))?;
            serde_json::from_str(&text).map_err(|error| ApiError::internal(error.to_string()))
        })
    }

    fn told<'a>(&'a self, execution: &'a Description) -> Asked<'a, Vec<Told>> {
        Box::pin(async { self.folder.told(&execution.arn).await.map_err(|error| failed(&error)) })
    }

    fn until_end<'a>(&'a self, arn: &'a str) -> Asked<'a, ()> {
        Box::pin(async {
            if let Some(end) = self.folder.end_of(arn) {
                // What came of it is read from where it is kept.
                drop(end.await);
            }
            Ok(())
        })
    }

    fn stop<'a>(&'a self, arn: &'a str, error: Option<Text>, cause: Option<String>) -> Asked<'a, ()> {
        Box::pin(async {
            let outcome = Outcome::Stopped { error, cause };
            // One that has ended meanwhile need not be told.
            let _ = self.folder.tell(&self.host, arn, EffectId::EXECUTION, outcome).await;
            Ok(())
        })
    }

    fn redrive<'a>(&'a self, arn: &'a str, client_token: Option<&'a str>) -> Asked<'a, Date> {
        let (folder, host, arn) = (self.folder.clone(), Arc::clone(&self.host), arn.to_owned());
        let client_token = client_token.map(str::to_owned);
        Box::pin(async {
            // The caller may go meanwhile, and the execution goes on nevertheless.
            let redriven =
                tokio::spawn(async move { folder.redrive(&host, &arn, client_token.as_deref()).await });
            match redriven.await.map_err(|error| ApiError::internal(error.to_string()))? {
                Ok(moment) => Ok(moment.into()),
                Err(DurableError::NotRedrivable(reason)) => Err(not_redrivable(&reason)),
                Err(error) => Err(failed(&error)),
            }
        })
    }

    fn any_runs<'a>(&'a self, machine_arn: &'a str) -> Asked<'a, bool> {
        Box::pin(async { self.folder.any_runs(machine_arn).await.map_err(|error| failed(&error)) })
    }

    fn idle(&self, machine_arn: Text) -> Asked<'static, ()> {
        let folder = self.folder.clone();
        let of = Whose::Machine(machine_arn);
        let running =
            Wanted { of, status: Some(Status::Running), redriven: None, until: None, after: None, most: 100 };
        Box::pin(async move {
            let mut endless = HashSet::new();
            loop {
                let found = folder.list(&running).await.map_err(|error| failed(&error))?;
                if found.is_empty() {
                    return Ok(());
                }
                let before = std::mem::take(&mut endless);
                let mut ends = Vec::new();
                for one in found {
                    match folder.end_of(&one.execution.id) {
                        Some(end) => ends.push(end),
                        // It has ended since it was listed, and is not listed again; or does not go on here.
                        None => _ = endless.insert(Text::clone(&one.execution.id)),
                    }
                }
                if ends.is_empty() && endless.is_subset(&before) {
                    return Err(ApiError::internal("nothing here can go on with its executions"));
                }
                for end in ends {
                    drop(end.await);
                }
            }
        })
    }

    fn check_token<'a>(&'a self, token: &'a str) -> Asked<'a, (), TokenFault> {
        Box::pin(self.tokens.check(token))
    }

    fn signal<'a>(&'a self, token: &'a str, outcome: Outcome) -> Asked<'a, (), TokenFault> {
        Box::pin(self.tokens.signal(&self.host, token, outcome))
    }

    fn work<'a>(&'a self, activity: &'a str, worker_name: Option<&'a str>) -> Asked<'a, ActivityTask> {
        Box::pin(async move { Ok(self.tokens.work(&self.host, activity, worker_name).await) })
    }

    fn waiting_for<'a>(&'a self, activity: &'a str) -> Asked<'a, usize> {
        Box::pin(async { Ok(self.tokens.waiting_for(activity)) })
    }

    fn of_map_run<'a>(&'a self, arn: &'a str) -> Asked<'a, Option<Text>> {
        Box::pin(async { self.folder.of_map_run(arn).await.map_err(|error| failed(&error)) })
    }

    fn limit_map_run<'a>(&'a self, run: &'a MapRunDescription, limits: MapRunLimits) -> Asked<'a, bool> {
        Box::pin(async move {
            let effect = self.folder.effect_of_map_run(&run.arn).await.map_err(|error| failed(&error))?;
            let Some(effect) = effect else { return Ok(false) };
            let outcome = Outcome::Limited(limits);
            Ok(self.folder.tell(&self.host, &run.execution_arn, effect, outcome).await.unwrap_or_default())
        })
    }

    fn children<'a>(&'a self, map_run: &'a str, most: usize) -> Asked<'a, Vec<Status>> {
        Box::pin(async move { self.folder.children(map_run, most).await.map_err(|error| failed(&error)) })
    }

    fn child<'a>(&'a self, map_run: &'a str, place: usize) -> Asked<'a, Option<Text>> {
        Box::pin(async move { self.folder.child(map_run, place).await.map_err(|error| failed(&error)) })
    }
}
