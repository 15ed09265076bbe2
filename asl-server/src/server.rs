//! The server: what all actions share.

use crate::actions::{self, Request};
use crate::compile::{Compile, Machines};
use crate::console::{self, ConsoleOptions, Live};
use crate::control::Control;
#[cfg(feature = "restate")]
use crate::executions::cluster::OnCluster;
use crate::executions::folder::InFolder;
use crate::executions::{Executions, Home};
use crate::logs::Logs;
use crate::mocking::{Mocking, TestCases};
use crate::nested::Served;
use crate::protocol::connections::Bounded;
use crate::protocol::error::ApiError;
use crate::protocol::keys::Keys;
use crate::test_state::Bench;
use crate::{arn, model, protocol};
use asl_durable::{DurableError, Folder, Resumed};
use asl_runtime::{BoxFuture, Host, Identity, Observer};
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
    pub(crate) control: Arc<Control>,
    pub(crate) executions: Executions,
    pub(crate) machines: Machines,
    /// Does what tasks ask of other services.
    pub(crate) services: Arc<dyn Host>,
    /// Runs states alone, for `TestState`.
    pub(crate) bench: Option<Box<dyn Bench>>,
    /// Answers tasks of test cases.
    pub(crate) mocking: Option<Arc<Mocking>>,
    /// Who may ask over HTTP; everybody, if there are none.
    keys: Keys,
    /// What the page for Prometheus says.
    metrics: Option<Box<MetricsPage>>,
    /// What the pages for people are made with, if there are any.
    pub(crate) console: Option<console::Shown>,
}

type MetricsPage = dyn Fn() -> String + Send + Sync;

/// A server that is about to be.
pub struct Builder {
    compile: Arc<dyn Compile>,
    services: Arc<dyn Host>,
    bench: Option<Box<dyn Bench>>,
    data: Option<PathBuf>,
    test_cases: Option<Box<dyn TestCases>>,
    keys: Keys,
    metrics: Option<Box<MetricsPage>>,
    logs: Option<PathBuf>,
    console: Option<ConsoleOptions>,
    #[cfg(feature = "restate")]
    cluster: Option<asl_restate::cluster::Cluster>,
}

impl Builder {
    /// A cluster of Restate on which executions are, instead of a folder. Its machines are those that are registered there, and the identity of the
    /// services has to be theirs.
    #[cfg(feature = "restate")]
    #[must_use]
    pub fn cluster(mut self, cluster: asl_restate::cluster::Cluster) -> Self {
        self.cluster = Some(cluster);
        self
    }

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

    /// Test cases, whose executions have some of their tasks answered by mocks: those that are started by the ARN of a machine with
    /// `#TestCase` behind it.
    #[must_use]
    pub fn test_cases(mut self, cases: impl TestCases) -> Self {
        self.test_cases = Some(Box::new(cases));
        self
    }

    /// Answers only requests over HTTP that are signed with one of these keys.
    #[must_use]
    pub fn keys(mut self, keys: Keys) -> Self {
        self.keys = keys;
        self
    }

    /// What the page `/metrics` says; without it there is none. Requests are counted through the facade `metrics`.
    #[must_use]
    pub fn metrics(mut self, page: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.metrics = Some(Box::new(page));
        self
    }

    /// The folder in which the logs of machines are written that have a `loggingConfiguration`; without it nothing is logged.
    #[must_use]
    pub fn logs(mut self, folder: impl Into<PathBuf>) -> Self {
        self.logs = Some(folder.into());
        self
    }

    /// Shows pages for people beside the API: machines, and executions as they happen. Without it there are none.
    #[must_use]
    pub fn console(mut self, options: ConsoleOptions) -> Self {
        self.console = Some(options);
        self
    }

    /// The server. Nothing goes on before it is told to [resume](Server::resume).
    ///
    /// # Errors
    /// The folder cannot be used, or another process has it.
    pub fn build(self) -> Result<Server, DurableError> {
        #[cfg(feature = "restate")]
        let on_cluster =
            self.cluster.map(|cluster| OnCluster::new(cluster, self.services.identity().clone()));
        #[cfg(feature = "restate")]
        let mut on_cluster = on_cluster.map(|on_cluster| Box::new(on_cluster) as Box<dyn Home>);
        #[cfg(not(feature = "restate"))]
        let mut on_cluster: Option<Box<dyn Home>> = None;
        let Self { compile, services, bench, data, test_cases, keys, metrics, logs, console, .. } = self;
        let machines = Machines::new(compile);
        let folder = data.map_or_else(Folder::in_memory, Folder::open)?;
        let control = Arc::new(Control::open(folder.clone())?);
        // Executions may go on for a moment after the server, and these are to be the same for them.
        let (activities, named_by) = (Arc::clone(&control), Arc::clone(&services));
        let has_activity =
            move |arn: &str| actions::activities::exists(&activities.read(), named_by.identity(), arn);
        let inner = Arc::new_cyclic(|weak: &Weak<Inner>| {
            let mocking = test_cases.map(|cases| Arc::new(Mocking::new(cases)));
            let logs =
                logs.map(|folder| Arc::new(Logs::new(folder, Arc::clone(&control))) as Arc<dyn Observer>);
            let console = console.map(|options| console::Shown {
                options,
                live: Live::default(),
                schemas: console::Schemas::default(),
            });
            let live = console.as_ref().map(|console| Arc::new(console.live.clone()) as Arc<dyn Observer>);
            let hears =
                logs.into_iter().chain(mocking.clone().map(|mocking| mocking as _)).chain(live).collect();
            let host = Arc::new(Served::new(Arc::clone(&services), weak.clone(), hears));
            let executions = match on_cluster.take() {
                Some(cluster) => Executions::new(cluster, host, machines.clone()),
                None => {
                    let home = InFolder::new(folder, host, machines.clone(), Arc::new(has_activity));
                    let host = home.host();
                    Executions::new(Box::new(home), host, machines.clone())
                }
            };
            Inner {
                control,
                executions,
                machines: machines.clone(),
                services,
                bench,
                mocking,
                keys,
                metrics,
                console,
            }
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
        Builder {
            compile: Arc::new(compile),
            services: services.handle(),
            bench: None,
            data: None,
            test_cases: None,
            keys: Keys::default(),
            metrics: None,
            logs: None,
            console: None,
            #[cfg(feature = "restate")]
            cluster: None,
        }
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
        axum::serve(Bounded::new(listener), self.router()).with_graceful_shutdown(stop).await
    }

    /// What answers requests, to be put into another server.
    pub fn router(&self) -> Router {
        protocol::router(self.clone())
    }

    /// Says by a JSON Schema what the input of a machine is made of, or that this is not known any more: the console has a field for each of
    /// its properties. Nothing is refused because of it.
    pub fn describe_input(&self, machine: &str, schema: Option<Value>) {
        if let Some(console) = &self.inner.console {
            console.schemas.set(machine, schema);
        }
    }

    /// Whose machines and executions these are.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        self.inner.identity()
    }

    pub(crate) fn new_id(&self) -> String {
        self.inner.new_id()
    }

    /// The keys of which a request has to have one.
    pub(crate) fn keys(&self) -> Option<&Keys> {
        Some(&self.inner.keys).filter(|keys| !keys.is_empty())
    }

    /// The names by which browsers may call the server, beside addresses and `localhost`.
    pub(crate) fn names(&self) -> &[String] {
        self.inner.console.as_ref().map_or(&[], |console| console.options.hosts())
    }

    /// The text for Prometheus.
    pub(crate) fn metrics(&self) -> Option<String> {
        self.inner.metrics.as_ref().map(|page| page())
    }
}

impl Inner {
    pub(crate) async fn call(self: &Arc<Self>, action: &str, request: Value) -> Result<Value, ApiError> {
        let request = model::validate(action, request)?;
        self.catch_up().await?;
        actions::act(self, action, &Request::new(request)).await
    }

    /// Takes note of the machines that there are now, where they are kept elsewhere.
    pub(crate) async fn catch_up(&self) -> Result<(), ApiError> {
        if let Some(state) = self.executions.state().await? {
            self.control.replace(state);
        }
        Ok(())
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
