//! The server: what all actions share.

use crate::actions::{self, Request};
use crate::compile::{Compile, Machines};
use crate::control::Control;
use crate::executions::Executions;
use crate::nested::Served;
use crate::protocol::error::ApiError;
use crate::test_state::Bench;
use crate::{arn, model, protocol};
use asl_durable::{DurableError, Folder, Resumed};
use asl_runtime::{BoxFuture, Host, Identity};
use axum::Router;
use serde_json::Value;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Weak};
use tokio::net::TcpListener;

/// Answers the API of AWS Step Functions. A clone is the same server.
#[derive(Clone)]
pub struct Server {
    pub(crate) inner: Arc<Inner>,
}

/// What actions work with.
pub(crate) struct Inner {
    pub(crate) control: Control,
    pub(crate) executions: Executions,
    pub(crate) machines: Machines,
    /// Does what tasks ask of other services.
    pub(crate) services: Arc<dyn Host>,
    /// Runs states alone, for `TestState`.
    pub(crate) bench: Option<Box<dyn Bench>>,
}

/// A server that is about to be.
pub struct Builder {
    compile: Arc<dyn Compile>,
    services: Arc<dyn Host>,
    bench: Option<Box<dyn Bench>>,
    data: Option<PathBuf>,
}

impl Builder {
    /// The folder in which machines, activities and executions are kept, so that they outlive the process; without it, they are in memory.
    #[must_use]
    pub fn data(mut self, folder: impl Into<PathBuf>) -> Self {
        self.data = Some(folder.into());
        self
    }

    /// What runs states alone; without it there is no `TestState`.
    #[must_use]
    pub fn bench(mut self, bench: impl Bench + 'static) -> Self {
        self.bench = Some(Box::new(bench));
        self
    }

    /// The server. Nothing goes on before it is told to [resume](Server::resume).
    ///
    /// # Errors
    /// The folder cannot be used, or another process has it.
    pub fn build(self) -> Result<Server, DurableError> {
        let Self { compile, services, bench, data } = self;
        let machines = Machines::new(compile);
        let folder = data.map_or_else(Folder::in_memory, Folder::open)?;
        let control = Control::open(folder.clone())?;
        let inner = Arc::new_cyclic(|weak: &Weak<Inner>| {
            let activities = weak.clone();
            let has_activity = Arc::new(move |arn: &str| {
                activities.upgrade().is_some_and(|server| actions::activities::exists(&server, arn))
            });
            let host = Arc::new(Served::new(Arc::clone(&services), weak.clone()));
            let executions = Executions::new(folder, host, machines.clone(), has_activity);
            Inner { control, executions, machines: machines.clone(), services, bench }
        });
        Ok(Server { inner })
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("data", &self.data).finish_non_exhaustive()
    }
}

impl Server {
    /// A server whose machines are made by `compile`, and whose tasks are done by `services`.
    pub fn builder(compile: impl Compile, services: &impl Host) -> Builder {
        Builder { compile: Arc::new(compile), services: services.handle(), bench: None, data: None }
    }

    /// Lets everything go on that had not ended when the folder was last in use, in the background: how many executions these are, and what
    /// has become of them. Requests can be answered meanwhile. Called once; without it no execution goes on that began before, and what is in
    /// memory alone need not be told.
    ///
    /// # Errors
    /// The folder cannot be read or written.
    pub async fn resume(&self) -> Result<(usize, BoxFuture<'static, Resumed>), DurableError> {
        self.inner.control.tidy().await?;
        let resumed = self.inner.executions.resume().await?;
        actions::machines::resume_deletions(&self.inner);
        Ok(resumed)
    }

    /// Does an action, as a client would ask for it.
    ///
    /// # Errors
    /// As the API describes them.
    pub async fn call(&self, action: &str, request: Value) -> Result<Value, ApiError> {
        self.inner.call(action, request).await
    }

    /// Answers requests until `stop` says that it is enough.
    ///
    /// # Errors
    /// The listener fails.
    pub async fn serve(
        &self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        axum::serve(listener, self.router()).with_graceful_shutdown(stop).await
    }

    /// What answers requests, to be put into another server.
    pub fn router(&self) -> Router {
        protocol::router(self.clone())
    }

    /// Whose machines and executions these are.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        self.inner.identity()
    }

    pub(crate) fn new_id(&self) -> String {
        self.inner.new_id()
    }
}

impl Inner {
    pub(crate) async fn call(self: &Arc<Self>, action: &str, request: Value) -> Result<Value, ApiError> {
        let request = model::validate(action, request)?;
        actions::act(self, action, &Request::new(request)).await
    }

    pub(crate) fn identity(&self) -> &Identity {
        self.services.identity()
    }

    /// The ARN of a machine, or of a version or an alias of it.
    pub(crate) fn machine_arn(&self, name: &str, qualifier: Option<&str>) -> String {
        arn::of_machine(self.identity(), name, qualifier).to_string()
    }

    /// A new UUID.
    pub(crate) fn new_id(&self) -> String {
        asl_engine::random::uuid_of([self.services.chance(), self.services.chance()]).to_string()
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("identity", self.inner.identity()).finish_non_exhaustive()
    }
}
