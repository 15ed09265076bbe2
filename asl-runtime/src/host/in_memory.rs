//! The host for programs and tests: executions live in memory, tasks are served by functions and integrations.

mod functions;
mod machines;

use super::clock::{Clock, SystemClock};
use super::{Host, Identity};
use crate::callback::Callbacks;
use crate::integration::{BoxFuture, Integration};
use crate::map_run::store::{Folders, ObjectStore};
use asl_engine::context::ExecutionContext;
use asl_engine::error::TaskError;
use asl_engine::history::{Decision, Event, Observer};
use asl_engine::limits::Limits;
use asl_engine::machine::StateMachine;
use asl_engine::map_run::MapRunProgress;
use asl_engine::program::{Program, program};
use asl_engine::random::Random;
use asl_engine::resource::Resource;
use asl_engine::task::Task;
use asl_value::Value;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

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
pub struct InMemory<C = SystemClock> {
    inner: Arc<Inner<C>>,
}

type Function = dyn Fn(Value) -> Call + Send + Sync;

/// A call of a function. It has a name because rustc forgets the `'static` of a bare `BoxFuture` when it looks whether the future
/// that holds it is `Send`.
struct Call(BoxFuture<'static, Result<Value, TaskError>>);

impl Future for Call {
    type Output = Result<Value, TaskError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

#[derive(Clone)]
struct Inner<C> {
    clock: C,
    functions: HashMap<String, Arc<Function>>,
    integrations: Vec<Arc<dyn Integration>>,
    observers: Observers,
    activities: HashSet<String>,
    machines: HashMap<String, &'static dyn Program>,
    callbacks: Callbacks,
    limits: Limits,
    folders: Folders,
    object_store: Option<Arc<dyn ObjectStore>>,
    identity: Identity,
    random: Arc<Random>,
}

/// Everyone who is told about events, in the order in which they were added.
#[derive(Clone, Default)]
pub(crate) struct Observers(Vec<Arc<dyn Observer>>);

impl Observers {
    /// Adds one.
    pub(crate) fn add(&mut self, observer: impl Observer + 'static) {
        self.0.push(Arc::new(observer));
    }
}

impl Observer for Observers {
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
    #[must_use]
    pub fn new() -> Self {
        Self::with_clock(SystemClock)
    }
}

impl Default for InMemory {
    fn default() -> Self {
        Self::new()
    }
}

impl<C: Clock> InMemory<C> {
    /// A host on another clock, as a [`VirtualClock`](super::VirtualClock).
    #[must_use]
    pub fn with_clock(clock: C) -> Self {
        let seed = RandomState::new().hash_one(0);
        Self {
            inner: Arc::new(Inner {
                clock,
                functions: HashMap::new(),
                integrations: Vec::new(),
                observers: Observers::default(),
                activities: HashSet::new(),
                machines: HashMap::new(),
                callbacks: Callbacks::default(),
                limits: Limits::none(),
                folders: Folders::new(),
                object_store: None,
                identity: Identity::default(),
                random: Arc::new(Random::new(seed)),
            }),
        }
    }

    /// Serves the resource with this ARN, exactly as a definition writes it, by an async function of its parameters.
    #[must_use]
    pub fn resource<F, A, R>(mut self, arn: impl Into<String>, function: F) -> Self
    where
        F: Fn(Value) -> A + Send + Sync + 'static,
        A: Future<Output = Result<R, TaskError>> + Send + 'static,
        R: Into<Value>,
    {
        let function = move |parameters| {
            let answer = function(parameters);
            Call(Box::pin(async move { answer.await.map(Into::into) }))
        };
        self.change().functions.insert(arn.into(), Arc::new(function));
        self
    }

    /// Serves the resources of a service. Functions come first, then integrations in the order in which they were added.
    #[must_use]
    pub fn integration(mut self, integration: impl Integration) -> Self {
        self.change().integrations.push(Arc::new(integration));
        self
    }

    /// Tells someone about every event, beside those who are told already.
    #[must_use]
    pub fn observe(mut self, observer: impl Observer + 'static) -> Self {
        self.change().observers.add(observer);
        self
    }

    /// Sets limits on executions; without them there are none.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.change().limits = limits;
        self
    }

    /// Makes a compiled machine known under an ARN, so that `arn:aws:states:::states:startExecution` and its forms with `.sync` start
    /// executions of it here.
    #[must_use]
    pub fn state_machine<M: StateMachine>(mut self, arn: impl Into<String>) -> Self {
        self.change().machines.insert(arn.into(), program::<M>());
        self
    }

    /// Makes an activity known. Workers ask [`callbacks`](Self::callbacks) for its tasks.
    #[must_use]
    pub fn activity(mut self, arn: impl Into<String>) -> Self {
        self.change().activities.insert(arn.into());
        self
    }

    /// Where results of callbacks (`.waitForTaskToken`) are sent to, and workers ask for the tasks of activities.
    #[must_use]
    pub fn callbacks(&self) -> &Callbacks {
        &self.inner.callbacks
    }

    /// Lets a folder stand for a bucket, for the `ItemReader` and the `ResultWriter` of distributed Maps.
    #[must_use]
    pub fn bucket(mut self, name: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        self.change().folders.insert(name, folder);
        self
    }

    /// Sets the store that the `ItemReader` and the `ResultWriter` of distributed Maps use, in place of folders.
    #[must_use]
    pub fn object_store(mut self, store: impl ObjectStore) -> Self {
        self.change().object_store = Some(Arc::new(store));
        self
    }

    /// Sets the names that executions see in their context object.
    #[must_use]
    pub fn identity(mut self, identity: Identity) -> Self {
        self.change().identity = identity;
        self
    }

    /// Makes the host's randomness (jitter of retries, names of executions) the same in every run.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.change().random = Arc::new(Random::new(seed));
        self
    }

    fn change(&mut self) -> &mut Inner<C> {
        Arc::make_mut(&mut self.inner)
    }
}

impl<C: Clock> Host for InMemory<C> {
    type Clock = C;

    fn clock(&self) -> &C {
        &self.inner.clock
    }

    async fn invoke(&self, task: &Task) -> Result<Value, TaskError> {
        let inner = &*self.inner;
        if let Some(function) = inner.functions.get(task.resource) {
            return inner.clock.function(function(task.parameters.clone())).await;
        }
        let resource = Resource::parse(task.resource);
        if let Resource::Service { service: "states", pattern, .. } = resource
            && self.has_machine(task)
        {
            return self.start_execution(task, pattern).await;
        }
        if let Some(integration) =
            inner.integrations.iter().find(|integration| integration.serves(task.resource))
        {
            return inner.clock.task(integration.invoke(task)).await;
        }
        match resource {
            Resource::Service { service: "lambda", .. } => self.invoke_function(task).await,
            Resource::Service { service: "states", pattern, .. } => self.start_execution(task, pattern).await,
            Resource::Service { .. } | Resource::Lambda | Resource::Activity | Resource::Other => {
                Err(not_served(task.resource))
            }
        }
    }

    fn random(&self) -> f64 {
        self.inner.random.number()
    }

    fn callbacks(&self) -> &Callbacks {
        &self.inner.callbacks
    }

    fn serves_activity(&self, arn: &str) -> bool {
        self.inner.activities.contains(arn)
    }

    fn limits(&self) -> Limits {
        self.inner.limits
    }

    fn identity(&self) -> &Identity {
        &self.inner.identity
    }

    fn observer(&self) -> Option<&dyn Observer> {
        Some(&self.inner.observers)
            .filter(|observers| !observers.0.is_empty())
            .map(|observers| observers as _)
    }

    fn object_store(&self) -> Option<&dyn ObjectStore> {
        Some(self.inner.object_store.as_deref().unwrap_or(&self.inner.folders))
    }
}

/// Who serves resources with this text in them, and by which feature.
const CLIENTS: &[(&str, &str, &str)] = &[
    (":::http:", "HttpInvoke::new()", "http"),
    (":lambda:", "Lambda::from_env().await", "lambda"),
    (":::dynamodb:", "DynamoDb::from_env().await", "dynamodb"),
    (":::apigateway:", "ApiGateway::from_env().await", "api-gateway"),
    (":::sqs:", "Aws::from_env().await", "sqs"),
    (":::sns:", "Aws::from_env().await", "sns"),
    (":::events:", "Aws::from_env().await", "events"),
    (":::states:", "Aws::from_env().await", "states"),
    (":states:::", "Aws::from_env().await", "aws"),
];

#[cold]
fn not_served(resource: &str) -> TaskError {
    let function = "register a function for it with `.resource(arn, function)`";
    let client = CLIENTS.iter().find(|(part, ..)| resource.contains(part));
    let advice = match (functions::placeholder_hint(resource), client) {
        (Some(hint), _) => hint.to_owned(),
        (None, None) => function.to_owned(),
        (None, Some((_, client, feature))) => format!(
            "add `.integration({client})` to the host and `{feature}` to the features of `asl-runtime` in `Cargo.toml`, or {function}"
        ),
    };
    TaskError::runtime(format!("The resource '{resource}' is not served by this host: {advice}."))
}

impl<C> fmt::Debug for InMemory<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut resources: Vec<_> = self.inner.functions.keys().collect();
        resources.sort();
        f.debug_struct("InMemory")
            .field("resources", &resources)
            .field("integrations", &self.inner.integrations)
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
