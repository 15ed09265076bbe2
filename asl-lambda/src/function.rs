//! A function around one machine.

use crate::{Error, answer, event, time};
use asl_engine::StartPart;
use asl_engine::program::{Program, program};
use asl_runtime::{Compiled, Host, Identity, Launch, StateMachine, Text, Value, drive};
use lambda_runtime::{Context, Diagnostic, LambdaEvent, service_fn};
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

/// Serves the invocations of this Lambda function with executions of a machine, until Lambda ends the process.
///
/// # Errors
/// The process was not started by Lambda, or Lambda cannot be asked for invocations.
pub async fn run<M: StateMachine>(host: impl Host) -> Result<(), Error> {
    Function::new::<M>(host).run().await
}

/// A Lambda function whose invocations are executions of a machine.
pub struct Function {
    program: &'static dyn Program,
    host: Arc<dyn Host>,
    afterwards: Option<Box<dyn Fn() + Send + Sync>>,
}

/// What Lambda tells a function in its environment, and this cannot do without.
const ENVIRONMENT: [&str; 4] = [
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
];

impl Function {
    /// A function around a machine, whose tasks a host does.
    #[must_use]
    pub fn new<M: StateMachine>(host: impl Host) -> Self {
        Self::of(program::<M>(), host)
    }

    /// The same for a machine without its type.
    #[must_use]
    pub fn of(program: &'static dyn Program, host: impl Host) -> Self {
        Self { program, host: Arc::new(host), afterwards: None }
    }

    /// The same, which does something after each execution, before its end is told: Lambda stops a process between two invocations, and
    /// what has to be written is to be written until then.
    #[must_use]
    pub fn afterwards(mut self, afterwards: impl Fn() + Send + Sync + 'static) -> Self {
        self.afterwards = Some(Box::new(afterwards));
        self
    }

    /// Serves invocations until Lambda ends the process.
    ///
    /// # Errors
    /// The process was not started by Lambda, or Lambda cannot be asked for invocations.
    pub async fn run(self) -> Result<(), Error> {
        for name in ENVIRONMENT {
            if std::env::var_os(name).is_none() {
                return Err(
                    format!("`{name}` is not set: Lambda sets it for the functions that it runs").into()
                );
            }
        }
        let this = &self;
        lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
            this.invoke(event.payload, &event.context).await
        }))
        .await
    }

    /// Runs an execution, and says how it ended.
    async fn invoke(&self, event: Value, context: &Context) -> Result<Value, Diagnostic> {
        let event::Request { input, name } = event::Request::of(event);
        // An event that Lambda tries again has the same id, and its tasks the same keys.
        let name = name.unwrap_or_else(|| Text::from(&*context.request_id));
        let host = &*self.host;
        let machine = Compiled(self.program);
        let launch = Launch::new(host, &machine, None, input, Some(name.clone())).change(|facts| {
            let identity = identity(host.identity(), &context.invoked_function_arn);
            let id = identity.arn_of("express", &[self.program.name(), &name, &context.request_id]);
            facts.id = id.into();
            facts.state_machine_id = identity.arn_of("stateMachine", &[self.program.name()]);
            facts.is_synchronous = true;
        });
        let mut start = launch.start(host);
        let timeout = time::limit(context.deadline(), SystemTime::now(), self.program.timeout());
        start.part = Some(StartPart { start_at: self.program.start_at(), timeout: Some(timeout) });
        let result = drive(host, host.begin(&machine, start, None), None).await;
        if let Some(afterwards) = &self.afterwards {
            afterwards();
        }
        answer::of(result)
    }
}

/// Where the function is says where its executions are: `arn:aws:lambda:eu-west-1:123456789012:function:order`.
fn identity(of_host: &Identity, function: &str) -> Identity {
    let mut parts = function.split(':').skip(3).map(Text::from);
    match (parts.next(), parts.next()) {
        (Some(region), Some(account)) => Identity { region, account, ..of_host.clone() },
        _ => of_host.clone(),
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Function").field("machine", &self.program.name()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executions_are_where_the_function_is() {
        let host = Identity::default();
        let here = identity(&host, "arn:aws:lambda:eu-west-1:123456789012:function:order");
        assert_eq!((here.region.as_str(), here.account.as_str()), ("eu-west-1", "123456789012"));
        assert_eq!(identity(&host, "order"), host);
    }
}
