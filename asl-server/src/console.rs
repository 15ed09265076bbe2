//! The console: pages that show machines and executions, and let one start, stop and mend them.
//!
//! In: requests of browsers, on the port of the API. Out: pages that are whole without script. What is shown comes from where the API has it; what is
//! changed goes through the actions of the API, so that nothing can be done here that is checked less there.
//!
//! | module | in | out |
//! | --- | --- | --- |
//! | `access` | requests | those that may pass |
//! | `live`, `story` | events, as they happen | what happened, state by state |
//! | `pages` | paths and queries | a page each |
//! | `parts` | stories, definitions | what pages are made of |
//! | [`report`] | a history and a definition | a page as a file |
//! | `forms` | what was sent | actions of the API |
//! | `children` | Map Runs | the status of each child |
//! | `feed` | stories that go on | server-sent events |

mod access;
mod address;
mod assets;
mod children;
mod failure;
mod feed;
mod fields;
mod forms;
mod frame;
mod json;
mod live;
mod pages;
mod parts;
mod report;
mod story;
mod words;

pub(crate) use live::Live;
pub use report::report;

use crate::executions::Description;
use crate::rehearsal::Rehearsals;
use crate::server::Server;
use axum::Router;
use axum::routing::{get, post};
use children::Children;
use failure::Failure;
use parts::picture::Plans;
use parts::source::Warnings;
use serde_json::Value;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use story::Story;

/// How the console is shown.
#[derive(Clone, Debug, Default)]
pub struct ConsoleOptions {
    read_only: bool,
    hosts: Vec<String>,
}

/// A console that shows everything, and has forms to change it.
#[must_use]
pub fn console() -> ConsoleOptions {
    ConsoleOptions::default()
}

impl ConsoleOptions {
    /// Leaves every form out: what is there can be seen, and nothing changed.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// A name by which the server may be called, beside addresses and `localhost`.
    #[must_use]
    pub fn host(mut self, name: impl Into<String>) -> Self {
        self.hosts.push(name.into());
        self
    }

    pub(crate) fn hosts(&self) -> &[String] {
        &self.hosts
    }
}

/// What the server keeps for its console.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) options: ConsoleOptions,
    pub(crate) live: Live,
    pub(crate) schemas: Schemas,
}

/// What the input of machines is made of, by their names, where that is known. What an input holds is not in here.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schemas(Arc<RwLock<HashMap<String, Arc<Value>>>>);

impl Schemas {
    pub(crate) fn of(&self, machine: &str) -> Option<Arc<Value>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(machine).cloned()
    }

    pub(crate) fn set(&self, machine: &str, schema: Option<Value>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        match schema {
            Some(schema) => known.insert(machine.to_owned(), Arc::new(schema)),
            None => known.remove(machine),
        };
    }
}

/// What pages are made with.
#[derive(Clone)]
pub(crate) struct Console {
    pub(crate) server: Server,
    pub(crate) live: Live,
    /// Forms have it, and only they.
    pub(crate) token: Arc<str>,
    pub(crate) read_only: bool,
    pub(crate) warnings: Arc<Warnings>,
    pub(crate) schemas: Schemas,
    pub(crate) rehearsals: Rehearsals,
    pub(crate) children: Arc<Children>,
    pub(crate) plans: Arc<Plans>,
}

/// The pages of a server, if it shows any.
pub(crate) fn router(server: &Server) -> Option<Router> {
    let Shown { options, live, schemas } = server.inner.console.as_ref()?;
    let console = Console {
        server: server.clone(),
        live: live.clone(),
        token: server.new_id().into(),
        read_only: options.read_only,
        warnings: Arc::default(),
        schemas: schemas.clone(),
        rehearsals: Rehearsals::default(),
        children: Arc::default(),
        plans: Arc::default(),
    };
    let pages = Router::new()
        .route("/", get(pages::machines::show))
        .route("/machines/{machine}", get(pages::machine::show))
        .route("/machines/{machine}/compare", get(pages::compare::show))
        .route("/executions", get(pages::executions::show))
        .route("/executions/{machine}/{execution}", get(pages::execution::show))
        .route("/executions/{machine}/{execution}/live", get(feed::listen))
        .route("/executions/{machine}/{execution}/history.json", get(pages::download::history))
        .route("/executions/{machine}/{execution}/picture.svg", get(pages::download::picture))
        .route("/executions/{machine}/{execution}/test.json", get(pages::download::test_case))
        .route("/fragment/executions/{machine}/{execution}/details", get(pages::execution::details))
        .route("/fragment/executions/{machine}/{execution}/event/{id}", get(pages::execution::event))
        .route("/map-runs", get(pages::map_run::show))
        .route("/activities", get(pages::activities::show))
        .route("/find", get(pages::find::find))
        .route("/open", get(pages::open::ask))
        .route("/static/{name}", get(assets::file));
    let pages = if console.read_only { pages } else { pages.merge(forms()) };
    let pages = pages.fallback(failure::nowhere);
    let guard = axum::middleware::from_fn_with_state(console.clone(), access::guard);
    Some(pages.layer(guard).with_state(console))
}

fn forms() -> Router<Console> {
    Router::new()
        .route("/new", get(pages::editor::new))
        .route("/machines/{machine}/edit", get(pages::editor::edit))
        .route("/machines/{machine}/start", post(forms::start))
        .route("/executions/{machine}/{execution}/stop", post(forms::stop))
        .route("/executions/{machine}/{execution}/redrive", post(forms::redrive))
        .route("/map-runs/limits", post(forms::limit))
        .route("/tokens", post(forms::token))
        .route("/open", post(pages::open::show))
        .route("/check", post(pages::editor::check))
        .route("/save", post(forms::save))
        .route("/try", post(pages::editor::trial::try_state))
        .route("/run", post(pages::editor::rehearsal::run))
}

impl Console {
    /// Whether machines can be made and changed here.
    fn writes(&self) -> bool {
        !self.read_only && self.server.inner.executions.refuses("UpdateStateMachine").is_none()
    }

    /// An execution by the name of its machine and its own.
    async fn execution(&self, machine: &str, name: &str) -> Result<Description, Failure> {
        let arn = self.server.identity().arn_of("execution", &[machine, name]);
        let found = self.server.inner.executions.find(&arn).await?;
        found.ok_or_else(|| Failure::missing(format!("There is no execution `{name}` of `{machine}`")))
    }

    /// Looks at the story of an execution. One that is not known is made from the journal once, and kept as it goes on.
    async fn story<T>(&self, execution: &Description, look: impl Fn(&Story) -> T) -> Result<T, Failure> {
        if !self.server.inner.executions.is_observed() {
            return Ok(look(&self.told(execution).await?));
        }
        if let Some(seen) = self.live.look(&execution.arn, &look) {
            return Ok(seen);
        }
        let mut left = self.live.keep(&execution.arn, self.told(execution).await?);
        if left.is_some() {
            // It has gone on faster than it was read.
            left = self.live.keep(&execution.arn, self.told(execution).await?);
        }
        if let Some(story) = left {
            return Ok(look(&story));
        }
        let nothing = || Failure::bad("The events of the execution cannot be read at the moment.");
        self.live.look(&execution.arn, look).ok_or_else(nothing)
    }

    /// The story that the journal tells of an execution.
    async fn told(&self, execution: &Description) -> Result<Story, Failure> {
        let events = self.server.inner.executions.all_events(execution).await?;
        let mut story = Story::default();
        events.iter().for_each(|event| story.hear(event));
        if story.visits.iter().any(|visit| visit.map_run.is_some()) {
            let runs = self.server.inner.executions.map_runs(&execution.arn).await?;
            runs.iter().for_each(|run| story.map_run(&run.arn, &run.items));
        }
        Ok(story)
    }
}

impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Who has the token can have forms taken.
        f.debug_struct("Console").field("read_only", &self.read_only).finish_non_exhaustive()
    }
}
