//! `eks:runJob.sync`: waits for the end of a job of Kubernetes by asking how it is.
//!
//! In: the job that was started. Out: the job as it is at its end, with `logs` if they are wanted, or `States.TaskFailed` with that as the cause.
//! Where nothing waits any longer, because the task has timed out or the execution was stopped, the job is deleted, as long as the program
//! runs.

use super::Eks;
use super::cluster::{ClusterPlace, Request};
use super::logs::LogOptions;
use crate::integrations::address::segment;
use asl_engine::error::TaskError;
use asl_language::errors;
use asl_value::{Text, Value};
use hyper::Method;
use tokio::runtime::Handle;

/// How often in a row a question may fail in a way that passes.
const PATIENCE: u32 = 8;

/// Errors that pass: the cluster has too much to do, or cannot be reached.
const PASSING: &[&str] = &["EKS.SdkClientException", "EKS.429", "EKS.500", "EKS.502", "EKS.503", "EKS.504"];

/// What a task of `eks:runJob` asks for.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) place: ClusterPlace,
    /// As part of a path.
    pub(super) namespace: String,
    pub(super) job: String,
    pub(super) logs: LogOptions,
}

impl Run {
    /// What starts the job.
    pub(super) fn start(&self) -> Request {
        let body = Some(("application/json", self.job.clone()));
        Request { method: Method::POST, path: self.jobs(), body }
    }

    fn jobs(&self) -> String {
        format!("/apis/batch/v1/namespaces/{}/jobs", self.namespace)
    }
}

/// A job whose end was not seen yet. Where this is dropped, nothing waits for it.
struct Running {
    eks: Eks,
    /// What deletes it.
    stop: Option<(ClusterPlace, Request)>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let (Some((place, request)), Ok(runtime)) = (self.stop.take(), Handle::try_current()) else {
            return;
        };
        let eks = self.eks.clone();
        runtime.spawn(async move {
            // Whether it has stopped is not asked.
            let _ = eks.ask(&place, request).await;
        });
    }
}

impl Eks {
    /// What a job came to whose start was answered so.
    pub(super) async fn ended_job(&self, run: &Run, started: &Value) -> Result<Value, TaskError> {
        let nameless = || run.place.failed("the answer to the start of the job does not name it");
        let job = started.get("ResponseBody").and_then(|body| body.get("metadata")?.get("name")?.as_str());
        let job = job.ok_or_else(nameless)?;
        let path = format!("{}/{}", run.jobs(), segment(job).map_err(|_| nameless())?);
        let delete = Request {
            method: Method::DELETE,
            path: format!("{path}?propagationPolicy=Background"),
            body: None,
        };
        let mut running = Running { eks: self.clone(), stop: Some((run.place.clone(), delete)) };
        let ended = self.wait(run, &path).await;
        running.stop = None;
        let (mut ended, succeeded) = ended?;
        if run.logs.retrieved
            && let Value::Object(fields) = &mut ended
        {
            fields.insert("logs", self.logs(run, job).await);
        }
        if succeeded {
            return Ok(ended);
        }
        Err(TaskError::new(Text::new_static(errors::TASK_FAILED), ended.to_string()))
    }

    /// The job at its end, and whether that is a good one.
    async fn wait(&self, run: &Run, path: &str) -> Result<(Value, bool), TaskError> {
        let [mut pause, longest] = self.pauses;
        let mut failures = 0;
        loop {
            match self.json(&run.place, path.to_owned()).await {
                Ok(job) => {
                    if let Some(succeeded) = ended(&job) {
                        return Ok((job, succeeded));
                    }
                    failures = 0;
                }
                Err(error) if PASSING.contains(&error.error()) && failures < PATIENCE => failures += 1,
                Err(error) => return Err(error),
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(longest);
        }
    }
}

/// Whether a job has ended well, if it has ended (Kubernetes, "Job v1 batch", `status.conditions`).
fn ended(job: &Value) -> Option<bool> {
    let conditions = job.get("status")?.get("conditions")?.as_array()?;
    let holds = |kind: &str| {
        conditions.iter().any(|condition| {
            let says = |field: &str, text: &str| condition.get(field).and_then(Value::as_str) == Some(text);
            says("type", kind) && says("status", "True")
        })
    };
    if holds("Failed") { Some(false) } else { holds("Complete").then_some(true) }
}
