//! `arn:aws:states:::eks:call` and `eks:runJob`: the API of Kubernetes in a cluster of EKS (AWS, "Create and manage Amazon EKS clusters with Step
//! Functions").
//!
//! In: the parameters of the task, which say where the cluster is and who certifies it. Out: the answer, the job that has ended with its
//! logs, or the error `EKS.<status>`. The only certificate authority that is trusted is that of the parameters, and the only server that
//! gets a token for AWS is one of EKS.
//!
//! What is decided where AWS has published nothing: the result of a request has `Headers`, as with `apigateway:invoke`; a `RequestBody` that is
//! text is sent as it is; a `PATCH` is a merge patch, or a JSON patch where its body is a list; a job of a task that is stopped is deleted; a
//! cluster that cannot be reached fails with `EKS.SdkClientException`.

mod cluster;
mod job;
mod logs;
mod parse;
mod token;

use super::Client;
use super::environment::Endpoints;
use super::signed::Service;
use super::timeouts::{READ, Timeouts};
use crate::integration::{BoxFuture, Integration};
use crate::invocation::Invocation;
use asl_engine::error::TaskError;
use asl_engine::resource::{Pattern, Resource};
use asl_language::resource::split_suffix;
use asl_value::Value;
use cluster::{Answered, ClusterPlace, Clusters, Request};
use std::sync::Arc;
use std::time::Duration;

/// Serves `arn:aws:states:::eks:call` and `eks:runJob`, `.sync` and `.waitForTaskToken` too.
///
/// A cluster knows the program by a token that is signed for AWS, and made for each request. It is sent to addresses of EKS alone; where
/// `AWS_ENDPOINT_URL` or `AWS_ENDPOINT_URL_EKS` names a server other than AWS, to whatever `Endpoint` a task has.
///
/// ```no_run
/// # async fn host() {
/// use asl_runtime::InMemory;
/// use asl_runtime::integrations::eks::Eks;
///
/// let host = InMemory::new().integration(Eks::from_env().await);
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Eks {
    service: Arc<Service>,
    clusters: Arc<Clusters>,
    /// How long after a look at a job the next one is, at first and at most.
    pauses: [Duration; 2],
    timeouts: Timeouts,
}

impl Eks {
    /// Region and credentials as every AWS SDK finds them.
    pub async fn from_env() -> Self {
        Self::from_env_with(&Endpoints::default()).await
    }

    /// The same with servers that come before those which the environment names.
    pub async fn from_env_with(endpoints: &Endpoints) -> Self {
        Self::new(Service::from_env(endpoints).await)
    }

    /// For clusters that are not on AWS: tokens go to whatever `Endpoint` a task has.
    #[must_use]
    pub fn elsewhere(region: &str, access_key_id: &str, secret_access_key: &str) -> Self {
        Self::new(Service::with_endpoint("", region, access_key_id, secret_access_key))
    }

    fn new(service: Service) -> Self {
        Self {
            service: Arc::new(service),
            clusters: Arc::default(),
            pauses: [Duration::from_millis(250), Duration::from_secs(10)],
            timeouts: Timeouts::default(),
        }
    }

    /// How long after a look at a job of a `.sync` task the next one is, at first and at most; each pause is twice the one before.
    /// 250 milliseconds and 10 seconds if not set.
    #[must_use]
    pub const fn poll_jobs(mut self, first: Duration, longest: Duration) -> Self {
        self.pauses = [first, longest];
        self
    }

    /// How long it may take to connect; 10 seconds if not set, here or by `ASL_CONNECT_TIMEOUT`.
    #[must_use]
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.connect = Some(timeout);
        self
    }

    /// How long a cluster may be silent before and within its answer; 70 seconds if not set, here or by `ASL_READ_TIMEOUT`.
    #[must_use]
    pub const fn read_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.read = Some(timeout);
        self
    }

    /// The Regions of clusters are in their addresses, if these are of AWS; other addresses are allowed where there is another server.
    fn is_elsewhere(&self) -> bool {
        self.service.elsewhere(&["eks"]).is_some()
    }

    async fn task(&self, task: &Invocation) -> Result<Value, TaskError> {
        let Resource::Service { action, pattern, .. } = Resource::parse(task.resource()) else {
            return Err(TaskError::runtime(format!("The resource '{}' is not one of EKS.", task.resource())));
        };
        if split_suffix(action).0 == "call" {
            let (place, request) = parse::call(task.parameters(), self.is_elsewhere())?;
            return self.answer(&place, request, task.resource()).await;
        }
        let run = parse::run(task.parameters(), self.is_elsewhere())?;
        let started = match task.submitted_before() {
            Some(answer) => answer.clone(),
            None => self.answer(&run.place, run.start(), task.resource()).await?,
        };
        if pattern != Pattern::Sync {
            return Ok(started);
        }
        if task.submitted_before().is_none() {
            task.submitted(started.clone());
        }
        self.ended_job(&run, &started).await
    }

    /// The result of a request, or the error that its answer means.
    async fn answer(
        &self,
        place: &ClusterPlace,
        request: Request,
        resource: &str,
    ) -> Result<Value, TaskError> {
        self.ask(place, request).await?.result(place, resource).await
    }

    async fn ask(&self, place: &ClusterPlace, request: Request) -> Result<Answered, TaskError> {
        let timeouts = self.service.timeouts(self.timeouts, READ).map_err(|reason| place.failed(reason))?;
        self.clusters.ask(&self.service, place, request, timeouts).await
    }

    /// JSON that a cluster has, and that is not a result.
    async fn json(&self, place: &ClusterPlace, path: String) -> Result<Value, TaskError> {
        self.ask(place, Request::get(path)).await?.json(place).await
    }
}

impl Integration for Eks {
    fn serves(&self, resource: &str) -> bool {
        Client::of(resource).is_some_and(|(client, _)| client == Client::Eks)
    }

    fn invoke(&self, task: Invocation) -> BoxFuture<'_, Result<Value, TaskError>> {
        Box::pin(async move { self.task(&task).await })
    }
}
