//! The machines of a process, as an endpoint that Restate calls.

use crate::begin::Beginning;
use crate::driver::{Driver, End, Events, drive};
use crate::futures::Futures;
use crate::message::{Answer, Coded};
use crate::names::Names;
use crate::services::{Access, Request, Service};
use crate::tasks::Tasks;
use crate::{activities, answer, history, stop, tokens};
use asl_engine::history::Needs;
use asl_engine::program::{Program, program};
use asl_runtime::engine::{ChildEnd, ChildStart, Outcome, Shared, Start};
use asl_runtime::{Compiled, Host, Launch, Machine, StateMachine, Text, Value};
use restate_sdk::endpoint::{Builder, Endpoint};
use restate_sdk::errors::TerminalError;
use restate_sdk::http_server::HttpServer;
use restate_sdk::serde::Json;
use std::fmt;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Why machines cannot be served.
#[derive(Debug)]
pub struct Error(String);

impl Error {
    pub(crate) const fn new(reason: String) -> Self {
        Self(reason)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// The machines that a process serves.
pub struct Machines {
    host: Arc<dyn Host>,
    programs: Vec<&'static dyn Program>,
}

/// One machine, for its handlers.
#[derive(Clone)]
pub(crate) struct Served {
    pub(crate) program: &'static dyn Program,
    pub(crate) host: Arc<dyn Host>,
    pub(crate) names: Arc<Names>,
}

impl Machines {
    /// No machine yet, and a host that does tasks. Executions tell its observer nothing: they are gone through again whenever they are woken.
    #[must_use]
    pub fn on(host: impl Host) -> Self {
        Self { host: Arc::new(host), programs: Vec::new() }
    }

    /// The same with a machine.
    #[must_use]
    pub fn machine<M: StateMachine>(self) -> Self {
        self.program(program::<M>())
    }

    /// The same for a machine without its type.
    #[must_use]
    pub fn program(mut self, program: &'static dyn Program) -> Self {
        self.programs.push(program);
        self
    }

    /// Adds the services of the machines to an endpoint, which may have others, too.
    ///
    /// # Errors
    /// A machine has a name that no service of Restate can have.
    pub fn bind(&self, mut endpoint: Builder) -> Result<Builder, Error> {
        let machines: Arc<[Text]> =
            self.programs.iter().map(|program| Text::new_static(program.name())).collect();
        for program in &self.programs {
            let names = Arc::new(Names::of(program.name(), program.definition()));
            let served = Served { program: *program, host: Arc::clone(&self.host), names };
            for service in services(&served, &machines) {
                endpoint = endpoint.bind(service.define()?);
            }
        }
        Ok(endpoint)
    }

    /// Serves the machines at an address, until the process is interrupted.
    ///
    /// # Errors
    /// Nothing can be served at this address, or a machine has a name that no service of Restate can have.
    pub async fn serve(&self, address: &str) -> Result<(), Error> {
        let endpoint = self.bind(Endpoint::builder())?.build();
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| Error(format!("nothing can be served at `{address}`: {error}")))?;
        HttpServer::new(endpoint).serve(listener).await;
        Ok(())
    }
}

impl fmt::Debug for Machines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.programs.iter().map(|program| program.name())).finish()
    }
}

fn services(served: &Served, machines: &Arc<[Text]>) -> Vec<Service> {
    let names = &served.names;
    let child = served.clone();
    let tasks = Tasks { served: served.clone(), machines: Arc::clone(machines) };
    vec![
        workflow(served, None),
        Service::new(&names.children).handler("run", Access::Private, move |request| {
            let served = child.clone();
            async move { served.children(request).await }
        }),
        tasks.service(),
        tokens::object(served),
        tokens::callbacks(served),
        activities::object(served),
        stop::service(served),
        history::service(served),
    ]
}

/// What executions are; the events of one, if they are asked for.
pub(crate) fn workflow(served: &Served, events: Option<Events>) -> Service {
    let run = served.clone();
    Service::workflow(&served.names.workflow).handler("run", Access::Public, move |request| {
        let (served, events) = (run.clone(), events.clone());
        async move { served.run(request, events).await }
    })
}

impl Served {
    /// An execution.
    async fn run(
        self,
        request: Request<Json<Value>>,
        events: Option<Events>,
    ) -> Result<Json<Value>, TerminalError> {
        let Request { context, key, input: Json(input), .. } = request;
        let host = &*self.host;
        let beginning = Beginning::of(&context, host, 1).await?;
        let machine = Compiled(self.program);
        let launch = Launch::new(host, &machine, None, input, Some(key.into()))
            .change(|facts| facts.start_time = beginning.time);
        let tells = events.as_ref().map(|_| Needs::ALL);
        let futures = Futures::new(&context);
        let starts = beginning.starts(host, [launch.context().clone()], tells);
        let driver = |start| {
            let core = machine.start(start);
            Driver::new(&context, &self.names, host, core, futures.of(0), events.clone()).stoppable()
        };
        let ends = drive(starts.map(driver).collect()).await;
        let nothing = || TerminalError::new("the execution did not begin");
        answer::of(ends.into_iter().next().ok_or_else(nothing)?.0).map(Json)
    }

    /// Child executions of a distributed Map.
    async fn children(
        self,
        request: Request<Coded<Vec<Shared<ChildStart>>>>,
    ) -> Result<Coded<Answer>, TerminalError> {
        let Request { context, input: Coded(children), .. } = request;
        let host = &*self.host;
        let beginning = Beginning::of(&context, host, children.len()).await?;
        let futures = Futures::new(&context);
        let starts = beginning.starts(host, children.iter().map(|child| child.context.clone()), None);
        let driver = |(number, (child, start)): (usize, (&Shared<ChildStart>, Start))| {
            let core = Compiled(self.program).start(Start { part: Some(child.part), ..start });
            Driver::new(&context, &self.names, host, core, futures.of(number), None)
        };
        let ends = drive(children.iter().zip(starts).enumerate().map(driver).collect()).await;
        let last = ends.iter().map(|(_, stop_date)| *stop_date).max().unwrap_or_default();
        let ended = |(child, (result, stop_date)): (&Shared<ChildStart>, End)| {
            Outcome::ChildEnded(Box::new(ChildEnd { index: child.index, result, stop_date, written: Ok(0) }))
        };
        Ok(Coded((children.iter().zip(ends).map(ended).collect(), last)))
    }
}
