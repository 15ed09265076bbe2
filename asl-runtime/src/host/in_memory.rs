//! The host for programs and tests: executions live in memory, tasks are served by functions and integrations.

mod chance;
mod functions;
mod mocked;
mod nested;

use super::{Clock, Host, Identity};
use crate::callback::{CallbackStore, Callbacks};
use crate::integration::{BoxFuture, Integration};
use crate::integrations::Client;
use crate::invocation::Invocation;
use crate::map_run::store::{Folders, ObjectStore};
use crate::shell::{Compiled, Core, Machine};
use crate::test::SomeMocks;
use asl_engine::Start;
use asl_engine::context::ExecutionContext;
use asl_engine::error::TaskError;
use asl_engine::history::{Decision, Event, Needs, Observer};
use asl_engine::limits::Limits;
use asl_engine::machine::StateMachine;
use asl_engine::map_run::MapRunProgress;
use asl_engine::resource::Resource;
use asl_engine::task::Task;
use asl_value::{IntoValue, Text, Value};
use chance::Chance;
use functions::Function;
pub use nested::Nested;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// Runs executions in memory.
///
/// ```
/// use asl_runtime::{InMemory, Value};
///
/// let host = InMemory::new().resource("arn:aws:lambda:us-east-1:123456789012:function:Greet", |input: Value| async move {
///     Ok(format!("hello {}", input.get("name").and_then(Value::as_str).unwrap_or("you")))
/// });
/// ```
#[derive(Clone)]
pub struct InMemory {
    held: Arc<dyn Holds>,
}

/// What a host is made of, without its type: it is dropped by code of this crate, which programs do not compile again.
trait Holds: Send + Sync {
    fn inner(&self) -> &Inner;
    fn change(&mut self) -> &mut Inner;
}

impl Holds for Inner {
    fn inner(&self) -> &Self {
        self
    }

    fn change(&mut self) -> &mut Self {
        self
    }
}

/// How executions begin.
type Begin = dyn Fn(&dyn Host, &dyn Machine, Start, Option<&Invocation>) -> Box<dyn Core> + Send + Sync;

#[derive(Clone)]
struct Inner {
    clock: Clock,
    /// By their ARNs, which are found faster in order than by a hash of their many letters.
    functions: BTreeMap<String, Function>,
    integrations: Vec<Arc<dyn Integration>>,
    observers: Observers,
    machines: HashMap<String, Arc<dyn Machine>>,
    callbacks: Callbacks,
    limits: Limits,
    folders: Folders,
    object_store: Option<Arc<dyn ObjectStore>>,
    identity: Identity,
    /// The machine that was run first: executions share its texts.
    first_machine: OnceLock<FirstMachine>,
    chance: Arc<Chance>,
    begin: Option<Arc<Begin>>,
    mocks: Option<SomeMocks>,
}

/// What executions know of their machine.
#[derive(Clone)]
struct FirstMachine {
    name: Text,
    arn: Text,
    /// What the ARNs of its executions have before their names.
    executions: Arc<str>,
}

/// All observers of events, in the order in which they were added.
#[derive(Clone, Default)]
pub(crate) struct Observers(Vec<Arc<dyn Observer>>);

impl Observers {
    /// Adds one.
    pub(crate) fn add(&mut self, observer: impl Observer + 'static) {
        self.0.push(Arc::new(observer));
    }
}

impl Observer for Observers {
    fn needs(&self) -> Needs {
        self.0.iter().fold(Needs::FAILURES, |needs, observer| needs.with(observer.needs()))
    }

    fn event(&self, execution: &ExecutionContext, event: &Event) {
        self.0.iter().for_each(|observer| observer.event(execution, event));
    }

    fn map_run(&self, execution: &ExecutionContext, progress: &MapRunProgress) {
        self.0.iter().for_each(|observer| observer.map_run(execution, progress));
    }

    fn decision(&self, execution: &ExecutionContext, decision: &Decision) {
        self.0.iter().for_each(|observer| observer.decision(execution, decision));
    }
}

impl InMemory {
    /// A host on the system's clock that serves no resource yet.
    ///
    /// ```
    /// use asl_runtime::{Host, InMemory};
    ///
    /// let host = InMemory::new();
    /// assert!(host.clock().is_system());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::with_clock(Clock::System)
    }
}

impl Default for InMemory {
    fn default() -> Self {
        Self::new()
    }
}

impl InMemory {
    /// A host on another clock, as a [`VirtualClock`](super::VirtualClock).
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::{InMemory, Value, VirtualClock};
    ///
    /// let clock = VirtualClock::default();
    /// let start = clock.now();
    /// let host = InMemory::with_clock(clock.clone())
    ///     .resource("arn:aws:lambda:us-east-1:123456789012:function:Charge", |_: Value| async { Ok("paid") });
    /// order::run(&host, Value::empty_object()).await?;
    /// // The hour of the Wait state took no time.
    /// assert_eq!(clock.now().since(start).as_secs(), 3600);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_clock(clock: impl Into<Clock>) -> Self {
        Self {
            held: Arc::new(Inner {
                clock: clock.into(),
                functions: BTreeMap::new(),
                integrations: Vec::new(),
                observers: Observers::default(),
                machines: HashMap::new(),
                callbacks: Callbacks::default(),
                limits: Limits::none(),
                folders: Folders::new(),
                object_store: None,
                identity: Identity::default(),
                first_machine: OnceLock::new(),
                chance: Arc::new(Chance::new()),
                begin: None,
                mocks: None,
            }),
        }
    }

    /// Serves the resource with this ARN, exactly as a definition writes it, by an async function of its parameters.
    ///
    /// ```
    /// use asl_runtime::{InMemory, TaskError, Value};
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Deserialize)]
    /// struct Order {
    ///     total: u32,
    /// }
    ///
    /// #[derive(Serialize)]
    /// struct Receipt {
    ///     charged: u32,
    /// }
    ///
    /// async fn charge(order: Value) -> Result<Receipt, TaskError> {
    ///     let order: Order = order.to()?;
    ///     Ok(Receipt { charged: order.total })
    /// }
    ///
    /// let host = InMemory::new().resource("arn:aws:lambda:us-east-1:123456789012:function:Charge", charge);
    /// ```
    #[must_use]
    pub fn resource<F, A, R>(self, arn: impl Into<String>, function: F) -> Self
    where
        F: Fn(Value) -> A + Send + Sync + 'static,
        A: Future<Output = Result<R, TaskError>> + Send + 'static,
        R: IntoValue,
    {
        let function = move |parameters| -> BoxFuture<'static, Result<Value, TaskError>> {
            let answer = function(parameters);
            Box::pin(async move { Ok(answer.await?.into_value()?) })
        };
        self.serving(arn.into(), Function::OfParameters(Arc::new(function)))
    }

    /// Serves the resource with this ARN by an async function of the whole invocation: whose task it is, which attempt, its time limits.
    ///
    /// ```
    /// use asl_runtime::{InMemory, Invocation};
    ///
    /// let host = InMemory::new().function("arn:aws:lambda:us-east-1:123456789012:function:Charge", |invocation: Invocation| async move {
    ///     invocation.heartbeat();
    ///     Ok(format!("{} for {}", invocation.idempotency_key(), invocation.parameters()))
    /// });
    /// ```
    #[must_use]
    pub fn function<F, A, R>(self, arn: impl Into<String>, function: F) -> Self
    where
        F: Fn(Invocation) -> A + Send + Sync + 'static,
        A: Future<Output = Result<R, TaskError>> + Send + 'static,
        R: IntoValue,
    {
        let function = move |invocation| -> BoxFuture<'static, Result<Value, TaskError>> {
            let answer = function(invocation);
            Box::pin(async move { Ok(answer.await?.into_value()?) })
        };
        self.serving(arn.into(), Function::OfInvocation(Arc::new(function)))
    }

    /// Answers the tasks of some states by mocks, whatever they call. Each call counts, in whichever execution of this host it is.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::test::{Case, SomeMocks};
    /// use asl_runtime::{InMemory, Value, VirtualClock};
    ///
    /// let case = Value::from_json(r#"{"mocks": {"Charge": {"result": "paid"}}}"#)?;
    /// let host = InMemory::with_clock(VirtualClock::default()).mocks(SomeMocks::of_case(&Case::from_json(&case)?)?);
    /// let output = order::run(&host, Value::empty_object()).await?;
    /// assert_eq!(output.to_string(), r#"{"receipt":"paid"}"#);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn mocks(mut self, mocks: SomeMocks) -> Self {
        self.change().mocks = Some(mocks);
        self
    }

    /// Serves the resources of a service. Functions come first, then integrations in the order in which they were added.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::{BoxFuture, InMemory, Integration, Invocation, TaskError, Value, VirtualClock};
    ///
    /// /// Answers every function with its name.
    /// #[derive(Debug)]
    /// struct Names;
    ///
    /// impl Integration for Names {
    ///     fn serves(&self, resource: &str) -> bool {
    ///         resource.starts_with("arn:aws:lambda:")
    ///     }
    ///
    ///     fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Result<Value, TaskError>> {
    ///         Box::pin(async move { Ok(invocation.resource().clone().into()) })
    ///     }
    /// }
    ///
    /// let host = InMemory::with_clock(VirtualClock::default()).integration(Names);
    /// let output = order::run(&host, Value::empty_object()).await?;
    /// assert!(output.get("receipt").and_then(Value::as_str).unwrap_or_default().ends_with(":Charge"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn integration(mut self, integration: impl Integration) -> Self {
        self.change().integrations.push(Arc::new(integration));
        self
    }

    /// Adds an observer, which receives every event.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::{Event, ExecutionContext, InMemory, VirtualClock};
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU64, Ordering};
    ///
    /// let count = Arc::new(AtomicU64::new(0));
    /// let counter = Arc::clone(&count);
    /// let host = InMemory::with_clock(VirtualClock::default()).observe(move |_: &ExecutionContext, event: &Event| {
    ///     counter.store(event.id, Ordering::Relaxed);
    /// });
    /// assert!(order::run(&host, ()).await.is_err());
    /// assert!(count.load(Ordering::Relaxed) > 1);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn observe(mut self, observer: impl Observer + 'static) -> Self {
        self.change().observers.add(observer);
        self
    }

    /// Sets limits on executions; without them there are none.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::{InMemory, Limits, VirtualClock};
    ///
    /// let host = InMemory::with_clock(VirtualClock::default()).limits(Limits::aws());
    /// let error = order::run(&host, "x".repeat(300_000)).await.unwrap_err();
    /// assert_eq!(error.status().as_str(), "FAILED");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.change().limits = limits;
        self
    }

    /// Makes a compiled machine known under an ARN, so that `arn:aws:states:::states:startExecution` and its forms with `.sync` start
    /// executions of it here.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # fn main() {
    /// use asl_runtime::{Host, InMemory};
    ///
    /// let arn = "arn:aws:states:us-east-1:123456789012:stateMachine:Order";
    /// let host = InMemory::new().state_machine::<order::Machine>(arn);
    /// // A task of another machine can start executions of it now.
    /// assert_eq!(host.machine(arn).map(|machine| machine.name().to_string()).as_deref(), Some("order"));
    /// # }
    /// ```
    #[must_use]
    pub fn state_machine<M: StateMachine>(mut self, arn: impl Into<String>) -> Self {
        self.change().machines.insert(arn.into(), Arc::new(Compiled::of::<M>()));
        self
    }

    /// Makes an activity known. Workers ask [`callbacks`](Self::callbacks) for its tasks.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/approve.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::{InMemory, Value};
    ///
    /// let arn = "arn:aws:states:us-east-1:123456789012:activity:Approve";
    /// let host = InMemory::new().activity(arn);
    /// let execution = approve::start(&host, "may I?");
    /// let work = host.callbacks().activity_task(arn, Some("a worker")).await;
    /// assert_eq!(work.input, Value::from("may I?"));
    /// host.callbacks().send_task_success(&work.task_token, true)?;
    /// assert_eq!(execution.await?, Value::from(true));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn activity(self, arn: impl Into<String>) -> Self {
        self.inner().callbacks.add_activity(arn.into().into());
        self
    }

    /// Where results of callbacks (`.waitForTaskToken`) are sent to, and workers ask for the tasks of activities.
    ///
    /// ```
    /// use asl_runtime::InMemory;
    ///
    /// // Tokens come from outside, so one that is not known is an error, and not a fault of the program.
    /// assert!(InMemory::new().callbacks().send_task_heartbeat("no such token").is_err());
    /// ```
    #[must_use]
    pub fn callbacks(&self) -> &Callbacks {
        &self.inner().callbacks
    }

    /// Puts a folder in the place of a bucket, for the `ItemReader` and the `ResultWriter` of distributed Maps.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/prices.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::{InMemory, Value};
    ///
    /// let folder = std::env::temp_dir().join(format!("asl-runtime-bucket-{}", std::process::id()));
    /// std::fs::create_dir_all(&folder)?;
    /// std::fs::write(folder.join("items.json"), r#"["apple", "pear"]"#)?;
    /// let host = InMemory::new()
    ///     .bucket("shop", &folder)
    ///     .resource("arn:aws:lambda:us-east-1:123456789012:function:Price", |item: Value| async move {
    ///         Ok(item.as_str().map_or(0, str::len) as u32)
    ///     });
    /// assert_eq!(prices::run(&host, ()).await?.to_string(), "[5,4]");
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn bucket(mut self, name: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        self.change().folders.insert(name, folder);
        self
    }

    /// Sets the store that the `ItemReader` and the `ResultWriter` of distributed Maps use, in place of folders.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/prices.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::{InMemory, Objects, Value};
    ///
    /// let objects = Objects::new();
    /// objects.insert("shop", "items.json", r#"["apple", "pear"]"#);
    /// let host = InMemory::new()
    ///     .object_store(objects)
    ///     .resource("arn:aws:lambda:us-east-1:123456789012:function:Price", |item: Value| async { Ok(item) });
    /// assert_eq!(prices::run(&host, ()).await?.to_string(), r#"["apple","pear"]"#);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn object_store(mut self, store: impl ObjectStore) -> Self {
        self.change().object_store = Some(Arc::new(store));
        self
    }

    /// Sets the names that executions see in their context object.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # fn main() {
    /// use asl_runtime::{Compiled, Identity, InMemory, Launch, Value};
    ///
    /// let identity = Identity { region: "eu-central-1".into(), ..Identity::default() };
    /// let host = InMemory::new().identity(identity);
    /// let machine = Compiled::of::<order::Machine>();
    /// let launch = Launch::new(&host, &machine, None, Value::Null, None);
    /// assert_eq!(launch.context().region(), "eu-central-1");
    /// # }
    /// ```
    #[must_use]
    pub fn identity(mut self, identity: Identity) -> Self {
        let inner = self.change();
        inner.identity = identity;
        inner.first_machine = OnceLock::new();
        self
    }

    /// Makes the host's randomness (jitter of retries, names of executions) the same in every run.
    ///
    /// ```
    /// use asl_runtime::{Host, InMemory};
    ///
    /// assert_eq!(InMemory::new().seed(7).chance(), InMemory::new().seed(7).chance());
    /// ```
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.change().chance = Arc::new(Chance::with_seed(seed));
        self
    }

    /// Sets how executions begin on this host, those included that others start: as [`Host::begin`] does for hosts of one's own.
    #[must_use]
    pub fn begins(
        mut self,
        begin: impl Fn(&dyn Host, &dyn Machine, Start, Option<&Invocation>) -> Box<dyn Core>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.change().begin = Some(Arc::new(begin));
        self
    }

    fn inner(&self) -> &Inner {
        self.held.inner()
    }

    #[expect(clippy::expect_used, reason = "what has just been made is not shared")]
    fn change(&mut self) -> &mut Inner {
        if Arc::get_mut(&mut self.held).is_none() {
            self.held = Arc::new(self.inner().clone());
        }
        Arc::get_mut(&mut self.held).expect("a host that is not shared").change()
    }

    fn serving(mut self, arn: String, function: Function) -> Self {
        self.change().functions.insert(arn, function);
        self
    }
}

impl Host for InMemory {
    fn handle(&self) -> Arc<dyn Host> {
        Arc::new(self.clone())
    }

    fn clock(&self) -> &Clock {
        &self.inner().clock
    }

    fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Result<Value, TaskError>> {
        if let Some(answer) = self.inner().mocks.as_ref().and_then(|mocks| mocks.answer(&invocation)) {
            return Box::pin(self.mocked(answer, invocation.task_token().cloned()));
        }
        if let Some(function) = self.function_named(invocation.resource().as_str()) {
            let parameters = invocation.parameters().clone();
            let answer = function.call(invocation, parameters);
            return match &self.inner().clock {
                Clock::System => answer,
                clock @ Clock::Virtual(_) => Box::pin(clock.task(answer)),
            };
        }
        Box::pin(self.serve(invocation))
    }

    fn at_once(&self, task: &Task) -> Option<BoxFuture<'_, Result<Value, TaskError>>> {
        if self.inner().mocks.is_some() || !self.inner().clock.is_system() {
            return None;
        }
        // By its ARN as it is registered: what has to be looked for is invoked.
        match self.inner().functions.get(task.resource.as_str())? {
            Function::OfParameters(function) => Some(function(task.parameters.clone())),
            Function::OfInvocation(_) => None,
        }
    }

    fn chance(&self) -> u64 {
        let [number] = self.inner().chance.next();
        number
    }

    fn chances(&self) -> [u64; 2] {
        self.inner().chance.next()
    }

    fn seed_of_execution(&self) -> [u64; 2] {
        self.inner().chance.seed()
    }

    fn draws_late(&self) -> bool {
        self.inner().chance.is_secret()
    }

    fn callback_store(&self) -> &dyn CallbackStore {
        &self.inner().callbacks
    }

    fn machine(&self, arn: &str) -> Option<Arc<dyn Machine>> {
        self.inner().machines.get(arn).cloned()
    }

    fn begin(&self, machine: &dyn Machine, start: Start, by: Option<&Invocation>) -> Box<dyn Core> {
        match &self.inner().begin {
            Some(begin) => begin(self, machine, start, by),
            None => machine.start(start),
        }
    }

    fn keeps_executions(&self) -> bool {
        self.inner().begin.is_some()
    }

    fn limits(&self) -> Limits {
        self.inner().limits
    }

    fn identity(&self) -> &Identity {
        &self.inner().identity
    }

    fn state_machine_arn(&self, name: &str) -> Text {
        match self.first_machine(name) {
            Some(first) => first.arn.clone(),
            None => self.inner().identity.arn_of("stateMachine", &[name]),
        }
    }

    fn execution_arns(&self, machine: &str) -> Arc<str> {
        match self.first_machine(machine) {
            Some(first) => Arc::clone(&first.executions),
            None => self.inner().identity.execution_arns(machine),
        }
    }

    fn observer(&self) -> Option<&dyn Observer> {
        Some(&self.inner().observers)
            .filter(|observers| !observers.0.is_empty())
            .map(|observers| observers as _)
    }

    fn object_store(&self) -> Option<&dyn ObjectStore> {
        Some(self.inner().object_store.as_deref().unwrap_or(&self.inner().folders))
    }
}

impl InMemory {
    /// The machine that was run first, if it is the one of this name.
    fn first_machine(&self, name: &str) -> Option<&FirstMachine> {
        let identity = &self.inner().identity;
        let first = self.inner().first_machine.get_or_init(|| FirstMachine {
            name: name.into(),
            arn: identity.arn_of("stateMachine", &[name]),
            executions: identity.execution_arns(name),
        });
        (first.name == name).then_some(first)
    }

    /// Does a task that no function is registered for.
    async fn serve(&self, invocation: Invocation) -> Result<Value, TaskError> {
        let resource = invocation.resource().clone();
        let kind = Resource::parse(&resource);
        if matches!(kind, Resource::Service { service: "states", .. })
            && let Some(nested) = Nested::of(self, &invocation)
        {
            return nested::start(self, &invocation, nested).await;
        }
        let serves = |integration: &&Arc<dyn Integration>| integration.serves(&resource);
        if let Some(integration) = self.inner().integrations.iter().find(serves) {
            return self.inner().clock.task(integration.invoke(invocation)).await;
        }
        match kind {
            Resource::Service { service: "lambda", .. } => self.invoke_function(invocation).await,
            Resource::Service { service: "states", .. } => Err(nested::does_not_exist(&invocation)),
            Resource::Service { .. } | Resource::Lambda | Resource::Activity | Resource::Other => {
                Err(not_served(&resource))
            }
        }
    }
}

#[cold]
fn not_served(resource: &str) -> TaskError {
    let function = "register a function for it with `.resource(arn, function)`";
    let advice = match (functions::placeholder_hint(resource), Client::of(resource)) {
        (Some(hint), _) => hint.to_owned(),
        (None, None) => function.to_owned(),
        (None, Some((client, feature))) => format!(
            "add `{}` to the host and `{feature}` to the features of `asl-runtime` in `Cargo.toml`, or {function}",
            client.setup()
        ),
    };
    TaskError::runtime(format!("The resource '{resource}' is not served by this host: {advice}."))
}

impl fmt::Debug for InMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let resources: Vec<_> = self.inner().functions.keys().collect();
        f.debug_struct("InMemory")
            .field("resources", &resources)
            .field("integrations", &self.inner().integrations)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_serves_a_resource_is_told_with_the_feature() {
        for (resource, client, feature) in [
            ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Aws", "`sqs`"),
            ("arn:aws:states:::aws-sdk:s3:getObject", "Aws", "`aws`"),
            ("arn:aws:states:::states:startExecution.sync", "Aws", "`states`"),
            ("arn:aws:lambda:us-east-1:123456789012:function:F", "Lambda", "`lambda`"),
            ("arn:aws:states:::apigateway:invoke", "ApiGateway", "`api-gateway`"),
        ] {
            let cause = not_served(resource).cause().unwrap_or_default().to_owned();
            assert!(cause.contains(&format!("({client}::from_env().await)")), "{cause}");
            assert!(cause.contains(&format!("{feature} to the features of `asl-runtime`")), "{cause}");
        }
        assert!(!not_served("arn:aws:other").to_string().contains("Cargo.toml"));
    }
}
