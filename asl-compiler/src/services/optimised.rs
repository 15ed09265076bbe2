//! The integrations that Step Functions has of its own, with their actions, patterns, parameters and results.

mod clusters;
mod form;
mod job;
mod jobs;
mod messages;
mod permissions;

use form::Form;
pub(crate) use job::Job;
pub use job::Waiting;
pub use permissions::Permission;
use permissions::{NOTHING_ELSE, Permissions};

use super::shape::Shape;
use super::written::{Api, Written};
use asl_language::resource::Suffix;
use std::sync::LazyLock;

/// A service that Step Functions integrates with in its own way.
#[derive(Debug)]
pub struct Integration {
    /// The name in `arn:aws:states:::NAME:action`.
    name: &'static str,
    /// What it is drawn as.
    icon: Icon,
    /// A client of the runtime for it alone sends its actions, not the one that sends any action as its API says.
    own_client: bool,
    /// What the names of its errors begin with, where that is known.
    error_prefix: Option<&'static str>,
    /// Errors that every action can raise, without the prefix.
    errors: &'static [&'static str],
    actions: &'static [OptimisedAction],
}

/// An action of an integration.
#[derive(Debug)]
pub struct OptimisedAction {
    name: &'static str,
    /// What can be written behind it.
    suffixes: &'static [Suffix],
    /// The action of the API behind it, whose errors it raises.
    api: Option<Api>,
    parameters: Written,
    result: Written,
    /// What it yields in the end as `.sync`.
    job: Written,
    /// What it yields in the end as `.sync:2`.
    job_2: Written,
    /// How the end is waited for, as `.sync` and as `.sync:2`.
    waits: [Option<&'static Job>; 2],
    /// How the parameters become those of the API, and its answer the result.
    form: Option<&'static Form>,
    /// What the role of a machine is allowed beside the actions of APIs that the task calls.
    permissions: Permissions,
}

/// What a service is drawn as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Icon {
    Function,
    Table,
    Globe,
    Queue,
    Horn,
    Bucket,
    Bus,
    Machine,
    Container,
    Batch,
    Worker,
    Secret,
    Chart,
    Brain,
    Door,
    Gear,
}

/// All of them, by the alphabet.
pub(super) static INTEGRATIONS: LazyLock<Vec<&Integration>> = LazyLock::new(|| {
    let mut all: Vec<_> = [clusters::ALL, jobs::ALL, messages::ALL].into_iter().flatten().collect();
    all.sort_unstable_by_key(|integration| integration.name);
    all
});

impl Integration {
    /// The name in `arn:aws:states:::NAME:action`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What it is drawn as.
    #[must_use]
    pub const fn icon(&self) -> Icon {
        self.icon
    }

    /// Whether its actions are sent as the APIs behind them say, so that the compiler has to know how.
    pub(super) const fn is_sent_by_api(&self) -> bool {
        !self.own_client
    }

    /// What the names of its errors begin with, if that is known.
    #[must_use]
    pub(crate) const fn error_prefix(&self) -> Option<&'static str> {
        self.error_prefix
    }

    /// Its actions.
    #[must_use]
    pub const fn actions(&self) -> &'static [OptimisedAction] {
        self.actions
    }

    /// The action of that name.
    #[must_use]
    pub fn action(&self, name: &str) -> Option<&'static OptimisedAction> {
        self.actions.iter().find(|action| action.name == name)
    }
}

impl OptimisedAction {
    /// The action of the API behind it.
    pub(super) fn api(&self) -> Option<super::table::Action> {
        self.api.and_then(Api::action)
    }

    pub(super) const fn form(&self) -> Option<&'static Form> {
        self.form
    }

    /// The name in `arn:aws:states:::service:NAME`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What can be written behind it.
    #[must_use]
    pub const fn suffixes(&self) -> &'static [Suffix] {
        self.suffixes
    }

    pub(super) const fn parameters(&'static self) -> Shape {
        Shape::written(&self.parameters)
    }

    pub(super) const fn result(&'static self, suffix: Suffix) -> Shape {
        match suffix {
            Suffix::None => Shape::written(&self.result),
            Suffix::Sync => Shape::written(&self.job),
            Suffix::Sync2 => Shape::written(&self.job_2),
            Suffix::WaitForTaskToken => Shape::ANY,
        }
    }

    /// How the end of the job is waited for.
    pub(super) const fn job(&self, suffix: Suffix) -> Option<&'static Job> {
        let [sync, sync_2] = self.waits;
        match suffix {
            Suffix::Sync => sync,
            Suffix::Sync2 => sync_2,
            Suffix::None | Suffix::WaitForTaskToken => None,
        }
    }

    pub(super) fn errors(&self, integration: &Integration) -> Vec<String> {
        let own = integration.errors.iter().map(|error| (*error).to_owned());
        let declared = self.api.and_then(Api::action).map(|action| action.errors()).unwrap_or_default();
        own.chain(declared).collect()
    }
}

/// An action of the API as it is, with what Step Functions adds to every answer.
const fn plain(name: &'static str, suffixes: &'static [Suffix], api: Api) -> OptimisedAction {
    OptimisedAction {
        name,
        suffixes,
        api: Some(api),
        parameters: Written::Input(api, &[]),
        result: Written::Output(api, METADATA),
        job: Written::Any,
        job_2: Written::Any,
        waits: [None, None],
        form: None,
        permissions: NOTHING_ELSE,
    }
}

/// An action of the API with parameters and results of its own.
const fn formed(
    name: &'static str,
    suffixes: &'static [Suffix],
    api: Api,
    [parameters, result]: [Written; 2],
    form: &'static Form,
) -> OptimisedAction {
    OptimisedAction {
        name,
        suffixes,
        api: Some(api),
        parameters,
        result,
        job: Written::Any,
        job_2: Written::Any,
        waits: [None, None],
        form: Some(form),
        permissions: NOTHING_ELSE,
    }
}

impl OptimisedAction {
    /// With parameters of its own.
    const fn taking(self, parameters: Written) -> Self {
        Self { parameters, ..self }
    }

    /// With a result of its own.
    const fn giving(self, result: Written) -> Self {
        Self { result, ..self }
    }

    /// With what is known about the end of the job.
    const fn ending(self, job: Written) -> Self {
        Self { job, ..self }
    }

    /// With how that is waited for.
    const fn waiting(self, job: &'static Job) -> Self {
        Self { waits: [Some(job), None], ..self }
    }
}

/// An action without an API behind it.
const fn own(name: &'static str, suffixes: &'static [Suffix], parameters: Written) -> OptimisedAction {
    OptimisedAction {
        name,
        suffixes,
        api: None,
        parameters,
        result: Written::Any,
        job: Written::Any,
        job_2: Written::Any,
        waits: [None, None],
        form: None,
        permissions: NOTHING_ELSE,
    }
}

/// An integration whose errors are not known.
const fn integration(name: &'static str, icon: Icon, actions: &'static [OptimisedAction]) -> Integration {
    Integration { name, icon, own_client: false, error_prefix: None, errors: &[], actions }
}

/// Headers and query parameters have a list of values each.
const LISTS: Written = Written::Map(&Written::List(&Written::String));

/// What a server answers that a task asks directly.
const RESPONSE: Written = Written::Structure(&[
    super::written::optional("Headers", LISTS),
    super::written::optional("ResponseBody", Written::Any),
    super::written::optional("StatusCode", Written::Integer),
    super::written::optional("StatusText", Written::String),
]);

/// What is beside the members of every answer of an API.
const METADATA: &[super::written::Field] = &[HTTP_METADATA, RESPONSE_METADATA];

const HTTP_METADATA: super::written::Field = super::written::optional(
    "SdkHttpMetadata",
    Written::Structure(&[
        super::written::optional("AllHttpHeaders", Written::Map(&Written::Any)),
        super::written::optional("HttpHeaders", Written::Map(&Written::String)),
        super::written::optional("HttpStatusCode", Written::Integer),
    ]),
);

const RESPONSE_METADATA: super::written::Field = super::written::optional(
    "SdkResponseMetadata",
    Written::Structure(&[super::written::optional("RequestId", Written::String)]),
);
